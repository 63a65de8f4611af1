"""Saved orders on a real engine: they last, compose the same, travel as files, and bad ones are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import EngineBusy, ImportRefused, NameTaken, PlanRefused, RequestRefused, SavedRefused
from core.models import OrderRequest, PlanWish
from tests.core.scenes import Lab, laptops

TEXT = "Order 2 laptops at $1,000 each for our team, email mara@keller.example"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def names(lab: Lab) -> list[str]:
    return [order.name for order in lab.engine.saved_orders()]


def file_of(**request: Any) -> str:
    """A file of two laptops, with fields of the request changed."""
    wanted = {"items": [{"name": "laptop", "quantity": 2, "unit_price": 1000}]} | request
    return json.dumps({"kind": "sagalab.order", "format": 1, "name": "Monday", "request": wanted})


def test_a_saved_order_outlasts_the_engine_and_runs_again_as_it_was(lab: Lab) -> None:
    request = lab.engine.read(TEXT).request
    wishes = (PlanWish(step="booking", attempts=5), PlanWish(step="shipping", policy="continue"))
    saved = lab.engine.save_order(" Monday ", TEXT, request, "sequence", wishes)
    lab.reopen()
    found = lab.engine.saved_order("MONDAY")
    assert found == saved
    assert (found.name, found.text, found.request, found.plan, found.wishes) == (
        "Monday",
        TEXT,
        request,
        "sequence",
        wishes,
    )
    [listed] = lab.engine.saved_orders()
    assert (listed.name, listed.title, listed.plan) == ("Monday", "2 × laptop", "sequence")
    plans = [lab.engine.plan_for(one.request, one.plan, wishes=one.wishes) for one in (saved, found)]
    first, second = (lab.run(one.request, plan) for one, plan in zip((saved, found), plans, strict=True))
    assert plans[0] == plans[1]
    assert lab.engine.wishes_of(plans[1]) == wishes
    assert first.row.status == second.row.status == "confirmed"
    assert first.money.kept == second.money.kept


def test_nothing_of_a_saved_order_runs(lab: Lab) -> None:
    lab.engine.save_order("Monday", TEXT, laptops())
    assert lab.engine.runs() == []
    assert lab.rows("select count(*) from journal") == lab.rows("select count(*) from outbox") == [(0,)]


def test_a_file_goes_from_one_store_to_another(lab: Lab, tmp_path: Path) -> None:
    lab.engine.save_order("Monday", TEXT, laptops(customer_email="mara@keller.example", wallet="team"))
    file = lab.engine.export_saved("monday")
    (tmp_path / "other").mkdir()
    with Lab(tmp_path / "other") as other:
        assert other.engine.import_saved(file.encode()) == lab.engine.saved_order("Monday")
        assert other.engine.export_saved("Monday") == file
        assert other.engine.import_saved(file, " Friday ").name == "Friday"
        assert names(other) == ["Friday", "Monday"]


def test_a_name_is_kept_until_it_is_replaced_or_deleted(lab: Lab) -> None:
    lab.engine.save_order("Monday", "", laptops())
    with pytest.raises(NameTaken) as refused:
        lab.engine.save_order("monday", "", laptops(channel="corporate"))
    assert refused.value.free == "monday 2"
    with pytest.raises(NameTaken):
        lab.engine.import_saved(file_of())
    assert not lab.engine.saved_order("Monday").request.corporate
    lab.engine.import_saved(file_of(channel="corporate"), replace=True)
    assert lab.engine.saved_order("Monday").request.corporate
    lab.engine.delete_saved("MONDAY")
    assert names(lab) == []
    for ask in (lab.engine.saved_order, lab.engine.export_saved, lab.engine.delete_saved):
        with pytest.raises(SavedRefused, match="There is no saved order 'Monday'"):
            ask("Monday")


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ({"items": []}, "request.items: Nothing is ordered"),
        ({"currency": "XXX"}, "request.currency: 'XXX' is not a currency"),
        ({"convert_to": "XXX"}, "request.convert_to: 'XXX' is not a currency"),
        ({"items": [{"name": "a", "unit_price": 0}]}, "request.items: The order costs nothing"),
        ({"items": [{"name": "a", "quantity": 0}]}, "request.items[0].quantity: must be greater than 0"),
    ],
)
def test_a_file_of_an_order_that_could_never_run_is_refused_by_its_path(lab: Lab, request_: Any, fault: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        lab.engine.import_saved(file_of(**request_))
    assert refused.value.faults[0].startswith(fault)
    assert not str(refused.value).endswith("..")
    assert names(lab) == []


def test_a_bad_name_for_a_file_is_refused(lab: Lab) -> None:
    with pytest.raises(SavedRefused, match="must have 1 to 60 characters"):
        lab.engine.import_saved(file_of(), "n" * 61)
    assert names(lab) == []


def test_an_order_may_name_a_wallet_that_is_not_here_yet(lab: Lab) -> None:
    order = lab.engine.import_saved(file_of(channel="corporate", wallet="paris", convert_to="EUR"))
    with pytest.raises(RequestRefused, match="There is no wallet 'paris'"):
        lab.engine.start(order.request)
    lab.engine.add_wallet("paris", "EUR", 1_000_000)
    assert lab.run(order.request).row.status == "confirmed"


@pytest.mark.parametrize("request_", [OrderRequest(), laptops(currency="XXX"), laptops(convert_to="ZZZ")])
def test_an_order_that_could_never_run_is_not_saved(lab: Lab, request_: OrderRequest) -> None:
    with pytest.raises(RequestRefused):
        lab.engine.save_order("Monday", "", request_)
    assert names(lab) == []


def test_a_body_that_this_version_can_not_read_is_named_and_can_be_deleted(lab: Lab) -> None:
    lab.engine.save_order("Monday", "", laptops())
    sql = "update saved set body = replace(body, 'B2C', 'B2B')"
    lab.engine._job(lambda connection: connection.exec_driver_sql(sql))
    assert names(lab) == ["Monday"]
    with pytest.raises(SavedRefused, match=r"saved by another version\. request\.channel: must be 'B2C'"):
        lab.engine.saved_order("Monday")
    lab.engine.delete_saved("Monday")
    assert names(lab) == []


def test_a_store_that_can_not_be_written_says_so(lab: Lab) -> None:
    lab.engine._world.halted = "The disk is full."
    with pytest.raises(EngineBusy, match="disk is full"):
        lab.engine.save_order("Monday", "", laptops())
    lab.engine._world.halted = ""
    assert names(lab) == []


def test_a_file_whose_wishes_the_plan_can_not_grant_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PlanRefused("shipping", "the plan 'saga' has no such step to change.")

    monkeypatch.setattr(lab.engine, "plan_for", refuse)
    with pytest.raises(ImportRefused) as refused:
        lab.engine.import_saved(file_of())
    assert refused.value.faults == ("wishes: Step 'shipping': the plan 'saga' has no such step to change",)
    assert names(lab) == []

"""After the end: a notification that failed is sent by a linked run, once, and the first run stays as it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import DecisionRefused
from core.models import Edit
from core.views import RunView, StepView
from tests.core.scenes import BOOK, EMAIL, LOST, ONCE, REFUSED, SHIP, SLOW, SMS, TIMEOUT_S, Lab, laptops


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def step(view: RunView, id: str) -> StepView:
    return next(one for one in view.steps if one.id == id)


def unsent(lab: Lab, *actions: str, **fields: Any) -> RunView:
    """A confirmed run whose messages of these kinds failed; the services are well again."""
    lab.faults(dict.fromkeys(actions, REFUSED))
    view = lab.run(laptops(**fields))
    lab.faults()
    assert view.row.status == "confirmed_with_issues"
    return view


def sent(lab: Lab, view: RunView) -> list[tuple[str, str]]:
    return [(message.channel, message.id) for message in lab.engine.outbox(run=view.row.id)]


def test_a_failed_email_is_sent_with_its_first_key(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    assert step(first, "email").can_repair and not step(first, "sms").can_repair
    repair = lab.settled(lab.engine.repair(first.row.id, "email"))
    assert (repair.row.status, repair.row.parent) == ("confirmed", first.row.id)
    assert ("email", f"{first.row.id}/email/1") in sent(lab, first)
    assert [one.id for one in repair.steps] == ["email"]
    told = lab.engine.outbox("email", run=first.row.id)[0]
    assert told.kind == "confirmation" and "Tracking number: TRK_" in told.body and "Paid: $2,000.00" in told.body


def test_the_first_run_shows_that_it_was_repaired_and_is_otherwise_unchanged(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    journal = lab.rows("select * from journal where run = ?", first.row.id)
    row = lab.rows("select * from runs where id = ?", first.row.id)
    repair = lab.settled(lab.engine.repair(first.row.id, "email"))
    view = lab.engine.run(first.row.id)
    assert view.row.status == "confirmed_with_issues"
    assert step(view, "email").repaired and not step(view, "email").can_repair
    assert step(view, "email").state == "failed"
    assert [one.id for one in view.repairs] == [repair.row.id]
    assert lab.rows("select * from journal where run = ?", first.row.id) == journal
    assert lab.rows("select * from runs where id = ?", first.row.id) == row


def test_a_key_that_was_closed_is_not_used_again(lab: Lab) -> None:
    lab.faults({EMAIL: SLOW})
    first = lab.run(retry=ONCE)
    assert "email/1 void" in lab.effects(first.row.id)
    lab.faults()
    lab.settled(lab.engine.repair(first.row.id, "email"))
    assert lab.effects(first.row.id)[-1] == "email/2"


def test_a_repair_whose_own_key_was_closed_is_followed_by_the_next_edition(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: SLOW})
    second = lab.settled(lab.engine.repair(first.row.id, "email"))
    assert second.row.status == "needs_attention"
    assert lab.decide(second, "skip").row.status == "confirmed_with_issues"
    lab.faults()
    lab.settled(lab.engine.repair(first.row.id, "email"))
    found = [key for key in lab.effects(first.row.id) if key.startswith("email")]
    assert found == ["email/1 void", "email/2"]


def test_a_repair_whose_answer_is_lost_sends_once(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: LOST})
    assert lab.settled(lab.engine.repair(first.row.id, "email")).row.status == "confirmed"
    assert [channel for channel, _ in sent(lab, first)].count("email") == 1


def test_a_repair_asks_a_person_and_tells_the_customer_of_its_retry(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: REFUSED})
    parked = lab.settled(lab.engine.repair(first.row.id, "email"))
    assert parked.choices == ("retry", "edit", "skip", "give_up")
    assert parked.cancel_refusal == "The order is confirmed: nothing is undone from here on."
    lab.faults()
    view = lab.decide(parked, "retry", notice="sms")
    assert view.row.status == "confirmed"
    assert ("sms", f"{first.row.id}/email/notice/2") in sent(lab, first)


def test_a_repair_goes_to_the_address_that_was_edited(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run(laptops(customer_email="old@keller.example"))
    lab.faults({EMAIL: REFUSED})
    view = lab.decide(view, "edit", edit=Edit(customer_email="new@keller.example"))
    lab.faults()
    assert lab.settled(lab.engine.repair(view.row.id, "email")).row.status == "confirmed"
    assert [message.recipient for message in lab.engine.outbox("email", run=view.row.id)] == ["new@keller.example"]


def test_an_address_is_edited_within_the_repair(lab: Lab) -> None:
    first = unsent(lab, EMAIL, customer_email="old@keller.example")
    lab.faults({EMAIL: REFUSED})
    parked = lab.settled(lab.engine.repair(first.row.id, "email"))
    lab.faults()
    assert lab.decide(parked, "edit", edit=Edit(customer_email="new@keller.example")).row.status == "confirmed"
    assert [message.recipient for message in lab.engine.outbox("email", run=first.row.id)] == ["new@keller.example"]
    assert "email/2" in lab.effects(first.row.id)


def test_each_failed_message_is_repaired_by_itself(lab: Lab) -> None:
    first = unsent(lab, EMAIL, SMS)
    for id in ("sms", "email"):
        lab.settled(lab.engine.repair(first.row.id, id))
    assert sorted(channel for channel, _ in sent(lab, first)) == ["email", "sms"]
    assert len(lab.engine.run(first.row.id).repairs) == 2


def test_a_repair_goes_on_after_a_restart(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: REFUSED})
    parked = lab.settled(lab.engine.repair(first.row.id, "email"))
    lab.reopen()
    lab.faults()
    assert lab.decide(lab.engine.run(parked.row.id), "retry").row.status == "confirmed"
    assert step(lab.engine.run(first.row.id), "email").repaired


def test_a_repair_does_not_touch_the_money_of_its_run(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    repair = lab.settled(lab.engine.repair(first.row.id, "email"))
    assert (repair.money.captured.minor, repair.money.balanced) == (0, True)
    assert lab.engine.run(first.row.id).money == first.money


# Refused


def refuses(lab: Lab, run: str, id: str, words: str = "Only a notification that failed") -> None:
    before = lab.engine.runs()
    with pytest.raises(DecisionRefused, match=words):
        lab.engine.repair(run, id)
    assert lab.engine.runs() == before


def test_what_was_repaired_is_not_repaired_again(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.settled(lab.engine.repair(first.row.id, "email"))
    refuses(lab, first.row.id, "email", "repaired already, or a repair is under way")


def test_a_repair_that_is_under_way_is_the_only_one(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: REFUSED})
    lab.settled(lab.engine.repair(first.row.id, "email"))
    refuses(lab, first.row.id, "email", "repaired already, or a repair is under way")


def test_of_two_repairs_at_once_one_starts(lab: Lab) -> None:
    first = unsent(lab, EMAIL)
    lab.faults({EMAIL: LOST}, call_timeout_s=TIMEOUT_S * 4)
    barrier, met = threading.Barrier(4), []

    def repair() -> None:
        barrier.wait()
        try:
            met.append(lab.engine.repair(first.row.id, "email"))
        except DecisionRefused:
            met.append("")

    threads = [threading.Thread(target=repair) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [started] = [id for id in met if id]
    assert lab.settled(started).row.status == "confirmed"
    assert [channel for channel, _ in sent(lab, first)].count("email") == 1


def test_only_a_failed_message_of_a_confirmed_run_is_repaired(lab: Lab) -> None:
    confirmed = lab.run()
    refuses(lab, confirmed.row.id, "email")
    first = unsent(lab, EMAIL)
    for id in ("sms", "ship", "charge", "nothing"):
        refuses(lab, first.row.id, id)
    repair = lab.settled(lab.engine.repair(first.row.id, "email"))
    refuses(lab, repair.row.id, "email")


def test_a_run_that_was_not_confirmed_is_not_repaired(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED, EMAIL: REFUSED})
    parked = lab.run()
    refuses(lab, parked.row.id, "book")
    refunded = lab.decide(parked, "give_up")
    refuses(lab, refunded.row.id, "email.failure")


def test_a_skipped_shipment_is_not_repaired(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(), "skip")
    assert view.row.status == "confirmed_with_issues"
    assert not any(one.can_repair for one in view.steps)
    refuses(lab, view.row.id, "ship")

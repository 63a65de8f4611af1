"""Saved orders on Compose: kept, used, taken away, brought in and deleted, each by one request to the engine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import EngineBusy
from core.models import Item, OrderRequest, PlanWish
from core.saved import LARGEST_BYTES, SavedOrder, read_order, write_order
from pages.shared import saved, state
from tests.pages.fakes import FakeEngine, make_request, plain

ROUTER = "../../pages/router.py"
ORDER = "Order 2 laptops for the team"
PATIENT = (PlanWish(step="shipping", attempts=9),)


def keep(engine: FakeEngine, *names: str, text: str = ORDER, **fields: Any) -> None:
    """Save orders behind the page's back, the newest last."""
    for name in names:
        engine._keep(SavedOrder(name=name, text=text, **{"request": engine.read(ORDER).request} | fields), True)


def compose(text: str = "") -> AppTest:
    """Compose with all that unfolds, and a sentence."""
    app = AppTest.from_file(ROUTER, default_timeout=30)
    app.session_state[saved.OPEN] = app.session_state["correct_open"] = True
    app.run()
    if text:
        app.text_area(key="sentence").set_value(text).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if plain(button.label) == label).click().run()
    assert not app.exception
    return app


def save(app: AppTest, name: str) -> AppTest:
    next(box for box in app.text_input if box.label == "Save this order as").set_value(name)
    return press(app, "Save")


def bring_in(app: AppTest, data: bytes | str, name: str = "") -> AppTest:
    """Import a file."""
    content = data.encode() if isinstance(data, str) else data
    app.file_uploader[0].set_value(("order.json", content, "application/json"))
    next(box for box in app.text_input if box.label == "Save it as").set_value(name)
    return press(app, "Import file")


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.warning, app.toast)
    return plain(" ".join(element.value for kind in kinds for element in kind))


def names(app: AppTest) -> list[str]:
    """The list, from above."""
    rows = (plain(element.value) for element in app.markdown)
    return [row.split("**")[1] for row in rows if row.startswith("**") and "ago]" in row]


def test_folded_it_asks_the_engine_for_nothing(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "saved_orders", None)
    app = AppTest.from_file(ROUTER, default_timeout=30).run()
    assert not app.exception
    assert "Saved orders" in [box.label for box in app.expander]


def test_without_an_order_it_says_what_to_do(engine: FakeEngine) -> None:
    assert "No orders are saved yet. Write an order above to save it here, or import a file." in said(compose())
    assert "No orders are saved yet. Save this one to run it again later" in said(compose(ORDER))


def test_the_order_on_the_page_is_saved_under_a_name_with_what_was_corrected(engine: FakeEngine) -> None:
    app = compose(ORDER)
    corrected = make_request(channel="B2C", address="Berlin")
    app.session_state["corrections"] = {ORDER: state.Correction(corrected, "sequence", PATIENT)}
    save(app, " Monday [laptops] ")
    assert engine.calls == [("save_order", " Monday [laptops] ", ORDER, corrected, "sequence", PATIENT, False)]
    assert "Saved as 'Monday [laptops]'" in said(app)
    assert names(app) == ["Monday [laptops]"]
    assert "2 × laptop, sequence, 1 min ago" in said(app)
    assert "holds the whole order: its e-mail, phone and address too" in said(app)
    assert next(box for box in app.text_input if box.label == "Save this order as").value == ""


def test_a_bad_name_is_refused_in_a_sentence(engine: FakeEngine) -> None:
    app = save(compose(ORDER), "   ")
    assert "name: must have 1 to 60 characters" in plain(app.error[0].value)
    assert engine.kept == {}
    assert not save(app, "good").error


def test_a_store_that_can_not_be_written_is_a_sentence(engine: FakeEngine) -> None:
    app = compose(ORDER)
    engine.refusal = EngineBusy("The disk is full. Nothing was changed.")
    assert "The disk is full" in plain(save(app, "Monday").error[0].value)


def test_the_other_half_of_a_double_click_lands_on_the_empty_form_and_says_nothing(engine: FakeEngine) -> None:
    app = press(save(compose(ORDER), "Monday"), "Save")
    assert not app.error
    assert [call[0] for call in engine.calls] == ["save_order"]
    app.session_state[saved.LAST].at = float("-inf")  # long ago
    assert "name: must have 1 to 60 characters" in plain(press(app, "Save").error[0].value)


def test_a_second_click_on_what_saved_saves_nothing_and_the_first_is_said(engine: FakeEngine) -> None:
    app = compose(ORDER)
    next(box for box in app.text_input if box.label == "Save this order as").set_value("Monday")
    click = next(button for button in app.button if button.label == "Save").click()
    app.session_state[saved.LAST].note("Monday")  # what the first of two clicks did before it was cut off
    click.run()
    assert engine.calls == []
    assert "Saved as 'Monday'" in said(app)
    app.session_state[saved.LAST].at = float("-inf")  # long ago
    assert "Saved as" not in said(app.run())


def test_a_name_that_is_taken_is_saved_under_another_or_replaced(engine: FakeEngine) -> None:
    keep(engine, "Monday", text="Order 9 chairs")
    app = save(compose(ORDER), "MONDAY")
    assert "There is a saved order 'MONDAY' already" in plain(app.warning[0].value)
    assert [order.text for order in engine.kept.values()] == ["Order 9 chairs"]
    press(app, "Save as 'MONDAY 2'")
    assert names(app) == ["MONDAY 2", "Monday"]
    assert not app.warning
    press(save(app, "monday"), "Replace it")
    assert names(app) == ["monday", "MONDAY 2"]
    assert [order.text for order in engine.kept.values()] == [ORDER, ORDER]
    press(save(app, "monday"), "Cancel")
    assert not app.warning
    assert len(engine.kept) == 2


def test_what_was_saved_is_no_news_beside_a_refusal_or_a_name_that_is_taken(engine: FakeEngine) -> None:
    app = save(compose(ORDER), "Monday")
    assert "Saved as 'Monday'" in said(app)
    engine.refusal = EngineBusy("The disk is full. Nothing was changed.")
    assert "Saved as" not in said(save(app, "Friday"))
    assert "Saved as" not in said(app.run())
    assert "Saved as 'Friday'" in said(save(app, "Friday"))
    save(app, "Monday")
    assert "already" in said(app)
    assert "Saved as 'Friday'" not in said(app)


def test_using_a_saved_order_puts_it_on_the_page_to_run_as_it_was(engine: FakeEngine) -> None:
    request = make_request(items=(Item(name="desk", quantity=7),), customer_email="mara@keller.example")
    keep(engine, "Desks", request=request, plan="sequence", wishes=PATIENT)
    app = press(compose("Order 1 lamp"), "Use")
    assert app.text_area(key="sentence").value == ORDER
    assert not app.session_state[saved.OPEN]
    press(app, "Run this order")
    [(name, started, plan, text)] = engine.calls
    assert (name, started, plan.name, text) == ("start", request, "sequence", ORDER)
    assert plan.stages[4][0].retry.attempts == 9


def test_wishes_outlast_a_correction_and_go_into_many_runs(engine: FakeEngine) -> None:
    keep(engine, "Monday", wishes=PATIENT)
    app = press(compose(), "Use")
    next(box for box in app.text_input if box.label == "Address").set_value("Berlin")
    press(app, "Apply")
    press(app, "Run × 100")
    [(_, request, _, plan, _)] = engine.calls
    assert (request.address, plan.stages[4][0].retry.attempts) == ("Berlin", 9)


def test_a_wish_that_no_plan_can_grant_is_a_sentence_and_nothing_runs(engine: FakeEngine) -> None:
    keep(engine, "Monday", wishes=(PlanWish(step="booking", attempts=9),))
    app = press(compose(), "Use")
    assert "Step 'booking': the small plan has no such step" in plain(app.error[0].value)
    press(app, "Run this order")
    assert engine.calls == []


def test_a_sentence_that_gives_the_same_order_is_not_called_corrected(engine: FakeEngine) -> None:
    keep(engine, "Monday")
    app = press(compose(), "Use")
    assert state.SENTENCE in app.session_state
    assert app.session_state["corrections"] == {}


@pytest.mark.parametrize("text", ["", "what is love"])
def test_an_order_whose_sentence_can_not_be_read_is_used_by_another(engine: FakeEngine, text: str) -> None:
    request = make_request(items=(Item(name="desk", quantity=7),))
    keep(engine, "40 things for Ada", text=text, request=request)
    app = press(compose(), "Use")
    assert app.text_area(key="sentence").value == "Order 40 things for Ada"
    press(app, "Run this order")
    assert engine.calls[0][1] == request


def test_an_order_of_which_no_sentence_can_be_made_says_so(engine: FakeEngine) -> None:
    keep(engine, "Nothing", text="", request=OrderRequest(workflow_type="service_appointment"))
    app = press(compose(), "Use")
    assert "No sentence can be made of 'Nothing'" in plain(app.error[0].value)


def test_one_that_was_deleted_meanwhile_says_so(engine: FakeEngine) -> None:
    keep(engine, "Monday")
    app = compose()
    engine.kept.clear()
    keep(engine, "Friday")
    assert "There is no saved order 'Monday'" in plain(press(app, "Use").error[0].value)


def test_deleting_asks_first(engine: FakeEngine) -> None:
    keep(engine, "Monday", "Friday")
    app = compose()
    assert "Delete Monday for good?" in said(app).replace("**", "")
    app.button(key="yes_Monday").click().run()
    assert engine.calls == [("delete_saved", "Monday")]
    assert names(app) == ["Friday"]
    assert "'Monday' is deleted" in said(app)


def test_a_long_list_is_shown_piece_by_piece(engine: FakeEngine) -> None:
    keep(engine, *(f"order {n}" for n in range(saved.PAGE + 3)))
    app = compose()
    assert names(app) == [f"order {n}" for n in range(saved.PAGE + 2, 2, -1)]
    assert len(names(press(app, "Show more (3)"))) == saved.PAGE + 3


def test_each_saved_order_can_be_taken_away_as_a_file_that_names_it(engine: FakeEngine) -> None:
    keep(engine, "Monday: laptops/2")
    [button] = compose().get("download_button")
    assert button.label == "JSON"
    assert saved.file_name("Monday: laptops/2") == "Monday-laptops-2.sagalab.json"
    assert saved.file_name("…") == "order.sagalab.json"


def test_a_file_is_imported_under_its_own_name_or_another(engine: FakeEngine) -> None:
    keep(engine, "Monday")
    file = engine.export_saved("Monday")
    engine.kept.clear()
    app = bring_in(compose(), file)
    assert names(app) == ["Monday"]
    assert "Saved as 'Monday'" in said(app)
    assert names(bring_in(app, file, "Friday")) == ["Friday", "Monday"]
    assert read_order(engine.export_saved("Friday")).request == engine.kept["monday"].request


def test_a_bad_file_is_refused_with_the_path_of_each_fault(engine: FakeEngine) -> None:
    bad = {"kind": "sagalab.order", "format": 1, "name": "", "request": {"items": [{"name": "[x](y)", "quantity": 0}]}}
    [error] = bring_in(compose(), json.dumps(bad)).error
    assert plain(error.value).splitlines() == [
        "Nothing was imported.",
        "",
        "- name: must have 1 to 60 characters",
        "- request.items[0].quantity: must be greater than 0",
    ]
    assert engine.kept == {}
    assert "is not text in UTF-8" in plain(bring_in(compose(), b"\xff\xfe").error[0].value)


def test_the_drop_zone_says_how_large_a_file_may_be(engine: FakeEngine) -> None:
    assert saved.LARGEST_KB * 1000 == LARGEST_BYTES
    assert "at most 100 KB" in compose().file_uploader[0].label


def test_importing_without_a_file_says_so(engine: FakeEngine) -> None:
    app = press(compose(), "Import file")
    assert "No file was chosen" in plain(app.error[0].value)
    assert engine.calls == []


def test_a_file_whose_name_is_taken_is_saved_under_another_or_replaces(engine: FakeEngine) -> None:
    keep(engine, "Monday")
    other = SavedOrder(name="Monday", text="Order 9 chairs", request=make_request())
    app = bring_in(compose(), write_order(other))
    assert [order.text for order in engine.kept.values()] == [ORDER]
    press(app, "Save as 'Monday 2'")
    assert names(app) == ["Monday 2", "Monday"]
    press(bring_in(app, write_order(other)), "Replace it")
    assert engine.kept["monday"] == other
    assert names(app) == ["Monday", "Monday 2"]

"""Changing an order by saying what: shown as a difference, applied on demand, undone step by step."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.composer.base import MAX_CHARS
from tests.pages.fakes import FakeEngine, plain

ROUTER = "../../pages/router.py"
ORDER = "Order 2 laptops for the team"


@pytest.fixture
def app(engine: FakeEngine) -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=30).run()
    return app.text_area(key="sentence").set_value(ORDER).run()


def say(app: AppTest, text: str) -> AppTest:
    app.chat_input[0].set_value(text).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if plain(button.label) == label).click().run()
    assert not app.exception
    return app


def items(app: AppTest) -> str:
    frame = app.table[0].value
    rows = zip(frame["Field"], frame["Value"], strict=True)
    return next(plain(value) for field, value in rows if "Items" in field)


def said(app: AppTest) -> str:
    return plain(" ".join(element.value for kind in (app.markdown, app.caption, app.error) for element in kind))


def test_nothing_is_changed_before_it_is_applied(app: AppTest, engine: FakeEngine) -> None:
    say(app, "make it 3")
    assert "3 × laptop instead of 2" in said(app)
    assert items(app) == "2 × laptop"
    press(app, "Apply change")
    assert items(app) == "3 × laptop"
    press(app, "Run this order")
    assert engine.calls[0][1].items[0].quantity == 3


def test_changes_are_undone_and_done_again_one_by_one(app: AppTest) -> None:
    press(say(app, "make it 3"), "Apply change")
    press(say(app, "make it 5"), "Apply change")
    assert "1. 3 × laptop instead of 2" in said(app)
    assert "2. 5 × laptop instead of 3" in said(app)
    assert items(press(app, "Undo")) == "3 × laptop"
    assert items(press(app, "Undo")) == "2 × laptop"
    assert next(button for button in app.button if button.label == "Undo").disabled
    assert items(press(app, "Redo")) == "3 × laptop"


def test_undo_can_be_said(app: AppTest) -> None:
    press(say(app, "make it 3"), "Apply change")
    assert items(say(app, "undo")) == "2 × laptop"


def test_what_can_be_taken_in_two_ways_offers_both(app: AppTest) -> None:
    press(say(app, "which?"), "4 laptops")
    assert "4 × laptop instead of 2" in said(app)
    assert items(press(app, "Apply change")) == "4 × laptop"


def test_what_is_not_understood_is_said_and_changes_nothing(app: AppTest) -> None:
    say(app, "paint it blue")
    assert "'paint it blue' is nothing that can be changed." in said(app)
    assert not any(button.label == "Apply change" for button in app.button)
    assert items(press(app, "Leave it")) == "2 × laptop"
    assert "paint it blue" not in said(app)


def test_a_text_too_long_to_read_is_refused_in_a_sentence_and_stays_in_the_box(app: AppTest) -> None:
    long = "make it 3 " * (MAX_CHARS // 10 + 1)
    say(say(app, "make it 3"), long)
    assert f"this has {len(long):,} characters, and at most 2,000 can be read" in said(app)
    assert app.chat_input[0].proto.value == long
    assert not app.chat_input[0].proto.max_chars  # a browser drops what is longer and says nothing
    assert not any(button.label == "Apply change" for button in app.button)
    say(app, "make it 3")
    assert "3 × laptop instead of 2" in said(app)
    assert "can be read" not in said(app)


def test_a_correction_by_the_form_is_a_step_that_can_be_undone_too(app: AppTest) -> None:
    press(say(app, "make it 3"), "Apply change")
    app.session_state["correct_open"] = True
    app.run()
    next(box for box in app.selectbox if box.label == "Priority").set_value("high")
    press(app, "Apply")
    assert "2. Priority: high instead of medium" in said(app)
    press(app, "Undo")
    assert "Priority: high" not in said(app)
    assert items(app) == "3 × laptop"


def test_each_sentence_has_changes_of_its_own(app: AppTest) -> None:
    press(say(app, "make it 3"), "Apply change")
    app.text_area(key="sentence").set_value("Order 7 desks").run()
    assert items(app) == "7 × desk"
    assert "instead of" not in said(app)
    app.text_area(key="sentence").set_value(ORDER).run()
    assert items(app) == "3 × laptop"

"""What is being written outlasts a reload, and its address says nothing of it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pages.shared import state
from pages.shared.drafts import LONGEST, Drafts, Written
from tests.pages.fakes import FakeEngine, make_request

ROUTER = "../../pages/router.py"
ORDER = "Order 2 laptops for the team, email ada@example.com"


def opened(draft: str = "") -> AppTest:
    """A new session, at the address of a draft."""
    app = AppTest.from_file(ROUTER, default_timeout=30)
    if draft:
        app.query_params["draft"] = draft
    app.run()
    assert not app.exception
    return app


def write(app: AppTest, text: str) -> str:
    """Write a text; returns the name that the address then holds."""
    app.text_area(key="sentence").set_value(text).run()
    named = app.query_params["draft"]
    return named if isinstance(named, str) else named[0]


def test_a_new_session_at_the_same_address_finds_the_text_and_what_was_corrected(engine: FakeEngine) -> None:
    app = opened()
    name = write(app, ORDER)
    app.session_state["corrections"] = {ORDER: state.Correction(make_request(address="Berlin"), "sequence")}
    app.run()
    again = opened(name)
    assert again.text_area(key="sentence").value == ORDER
    assert again.session_state["corrections"][ORDER].request.address == "Berlin"
    assert write(again, "Order 3 chairs") == name
    assert opened(name).text_area(key="sentence").value == "Order 3 chairs"
    assert engine.calls == []


def test_the_address_holds_nothing_of_the_text_and_is_not_guessed(engine: FakeEngine) -> None:
    names = {write(opened(), ORDER) for _ in range(2)}
    assert len(names) == 2
    assert all(len(name) >= 20 and "ada" not in name for name in names)
    assert "draft" not in opened().query_params


def test_an_address_of_nothing_that_is_kept_is_an_empty_page(engine: FakeEngine) -> None:
    app = opened("../../etc/passwd")
    assert not app.text_area(key="sentence").value
    assert write(app, ORDER) != "../../etc/passwd"


def test_a_text_that_was_wiped_is_not_kept(engine: FakeEngine) -> None:
    app = opened()
    name = write(app, ORDER)
    app.text_area(key="sentence").set_value("").run()
    assert not opened(name).text_area(key="sentence").value


def test_the_oldest_drafts_and_those_without_bound_are_dropped() -> None:
    kept = Drafts(most=2)
    for name in ("a", "b", "a", "c"):
        kept.keep(name, Written(ORDER, None))
    kept.keep("d", Written("x" * (LONGEST + 1), None))
    assert [name for name in "abcd" if kept.find(name)] == ["a", "c"]

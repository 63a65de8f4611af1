"""Runs: a list that can be searched, and one run that can be watched, decided about and repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import adopt
from core.errors import DecisionRefused
from core.models import Control, Edit, Item, PlanWish
from core.views import TryView
from pages.shared import steps
from pages.shared.decision import changed, words
from pages.shared.palette import ORDER, STATES, badge, chip, color
from pages.shared.standing import progress
from tests.pages.fakes import FakeEngine, make_request, make_run, plain

ROUTER = "../../pages/router.py"


@pytest.fixture(autouse=True)
def no_engine_stays() -> Iterator[None]:
    yield
    adopt(None)


def runs(engine: FakeEngine, run: str = "") -> AppTest:
    adopt(engine)  # type: ignore[arg-type]
    app = AppTest.from_file(ROUTER, default_timeout=30).run()
    if run:
        app.query_params["run"] = run
    app.switch_page("runs.py").run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(button for button in app.button if button.label == label)


def press(app: AppTest, label: str) -> AppTest:
    assert not button(app, label).disabled
    button(app, label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.error, app.toast)
    return plain(" ".join(element.value for kind in kinds for element in kind))


def links(app: AppTest) -> list[str]:
    return [plain(link.proto.label) for link in app.get("page_link")]


@pytest.mark.parametrize(
    ("run", "title", "words"),
    [("r_one", "2 × laptop", "Every step was served"), ("r_none", "Runs", "There is no run 'r_none' in this store")],
)
def test_a_run_in_the_address_of_the_root_leads_to_its_page(run: str, title: str, words: str) -> None:
    adopt(FakeEngine.one())  # type: ignore[arg-type]
    app = AppTest.from_file(ROUTER, default_timeout=30)
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    assert plain(app.title[0].value) == title
    assert words in said(app)
    assert app.query_params["run"] == run


def test_the_way_back_to_compose_is_open_though_the_address_still_names_a_run() -> None:
    app = runs(FakeEngine.one(), "r_one")
    app.switch_page("compose.py").run()
    app.query_params["run"] = "r_one"
    app.run()
    assert app.title[0].value.startswith("Write an order")


def test_without_runs_the_list_says_how_to_start_one() -> None:
    app = press(runs(FakeEngine()), "Compose an order")
    assert app.title[0].value.startswith("Write an order")


def test_the_list_shows_each_run_newest_first_with_its_status() -> None:
    app = runs(FakeEngine.many(9))
    assert [label for label in links(app) if "chair" in label] == [f"{n} × chair" for n in range(1, 10)]
    for word in ("Running", "Paused", "Needs you", "Money owed", "Confirmed", "With issues", "Refunded", "Rejected"):
        assert word in said(app)


def test_search_and_filter_narrow_the_list() -> None:
    app = runs(FakeEngine.many(30))
    app.selectbox(key="show").set_value("undone").run()
    assert [label for label in links(app) if "chair" in label][:3] == ["7 × chair", "8 × chair", "9 × chair"]
    app.text_input(key="search").set_value("16 chairs").run()
    assert [label for label in links(app) if "chair" in label] == ["16 × chair"]
    app.text_input(key="search").set_value("no such thing").run()
    assert "No run fits" in said(app)


def test_a_long_list_grows_on_demand() -> None:
    app = runs(FakeEngine.many(40))
    assert sum("chair" in label for label in links(app)) == 25
    press(app, "Show more")
    assert sum("chair" in label for label in links(app)) == 40


def test_a_run_that_does_not_exist_is_a_sentence_with_a_way_back() -> None:
    app = runs(FakeEngine.one(), "r_<b>nope</b>")
    assert "There is no run 'r_<b>nope</b>'" in said(app)
    assert "All runs" in links(app)


@pytest.mark.parametrize(
    ("status", "chip", "heading"),
    [
        ("paused", "Paused", "Nothing new is started until you press Resume"),
        ("needs_attention", "Needs you", "Confirm shipping failed after 3 attempts"),
        ("compensation_stuck", "Money owed", "$2,398.00 is owed to the customer"),
        ("confirmed", "Confirmed", "Everything was booked"),
        ("confirmed_with_issues", "With issues", "Send again"),
        ("refunded", "Refunded", "the money went back"),
        ("rejected", "Rejected", "before any money moved"),
        ("cancelled", "Cancelled", "The run was cancelled"),
    ],
)
def test_a_run_says_how_it_stands(status: str, chip: str, heading: str) -> None:
    app = runs(FakeEngine.one(status), "r_one")
    assert plain(app.title[0].value) == "2 × laptop"
    assert chip in said(app)
    assert heading in said(app)


def test_an_order_that_stands_says_what_was_skipped_and_offers_only_what_can_be_sent_again() -> None:
    run = make_run("r_one", "confirmed_with_issues")
    sendable = words(run).text
    assert "What can be sent again is offered here." in sendable and "Skipped" not in sendable
    skipped = tuple(
        replace(step, state="skipped" if step.id == "ship" else step.state, can_repair=False, repaired=step.can_repair)
        for step in run.steps
    )
    assert plain(words(replace(run, steps=skipped)).text) == (
        "The order stands, and what had failed behind it and could be sent again was sent again. "
        "Skipped: Confirm shipping."
    )
    alone = tuple(replace(step, state="done", repaired=False) if step.repaired else step for step in skipped)
    assert plain(words(replace(run, steps=alone)).text) == "The order stands. Skipped: Confirm shipping."
    failed = tuple(replace(step, can_repair=False) for step in run.steps)
    assert plain(words(replace(run, steps=failed)).text) == "The order stands. Failed: Email."


def test_steps_that_failed_and_that_ask_are_one_count() -> None:
    view = make_run("r_one", "needs_attention")
    steps = tuple(replace(step, state="failed" if step.id == "create" else step.state) for step in view.steps)
    assert progress(replace(view, steps=steps)) == ("**3 of 7 done**", "2 failed, 2 to go")


def test_a_running_run_offers_pause_and_cancel_and_no_decision() -> None:
    engine = FakeEngine.one("running", frozen=True)
    app = runs(engine, "r_one")
    enabled = {button.label for button in app.button if not button.disabled}
    assert enabled == {"Pause", "Cancel"}
    assert [(plain(box.label).split("**")[1], box.state) for box in app.status] == [("Create order", "running")]
    assert [plain(box.label).split("**")[1] for box in app.expander][:2] == ["Check order", "Charge card"]
    press(app, "Pause")
    assert engine.calls == [("control", "r_one", "pause")]
    press(app, "Resume")
    assert engine.calls[1:] == [("control", "r_one", "resume")]


def test_a_backoff_can_be_cut_short() -> None:
    view = make_run("r_one", "running")
    waits = tuple(replace(step, state="retrying") if step.state == "running" else step for step in view.steps)
    engine = FakeEngine([replace(view, steps=waits)], frozen=True)
    press(runs(engine, "r_one"), "Retry now")
    assert engine.calls == [("control", "r_one", "hurry")]


def test_a_run_is_followed_to_its_end() -> None:
    engine = FakeEngine.one("running")
    halfway = make_run("r_one", "running")
    begun = tuple(replace(step, state="done", note="ord_77") if step.id == "create" else step for step in halfway.steps)
    engine.next["r_one"] = [replace(halfway, steps=begun), make_run("r_one", "confirmed")]
    app = runs(engine, "r_one")
    assert "Everything was booked" in said(app)
    assert button(app, "Pause").disabled
    assert "Every step was served" in said(app)


def test_a_run_that_parks_while_it_is_watched_asks() -> None:
    engine = FakeEngine.one("running")
    engine.next["r_one"] = [make_run("r_one", "needs_attention")]
    app = runs(engine, "r_one")
    assert not button(app, "Retry step").disabled


def test_after_an_edit_the_card_names_the_check_that_failed_and_not_the_step_that_waits_for_it() -> None:
    view = make_run("r_one", "needs_attention")
    first, *others = view.steps
    over = replace(first, note="The quote exceeds the budget", tries=(TryView(9.0, 9.1, "do", 2, 1, "over_budget"),))
    asked = replace(view, steps=(over, *others), question=view.question._replace(code="over_budget"))
    heading, text = words(asked)
    assert f"{first.title} failed" in heading
    assert "The quote exceeds the budget. Confirm shipping waits for it." in plain(text)
    assert "Confirm shipping failed" in words(view).heading


def test_cancel_says_why_it_is_refused() -> None:
    cancel = button(runs(FakeEngine.one("confirmed"), "r_one"), "Cancel")
    assert cancel.disabled
    assert "nothing can be cancelled" in plain(cancel.help)


def test_retry_tells_the_engine_step_visit_and_notice() -> None:
    engine = FakeEngine.one("needs_attention")
    app = runs(engine, "r_one")
    next(box for box in app.selectbox if box.label == "Tell the customer by").set_value("sms").run()
    press(app, "Retry step")
    assert engine.calls == [("decide", "r_one", "ship", 1, "retry", "sms", None)]
    assert "Everything was booked" in said(app)


@pytest.mark.parametrize(("label", "choice"), [("Skip", "skip"), ("Give up and undo", "give_up")])
def test_skip_and_give_up_are_decisions(label: str, choice: str) -> None:
    engine = FakeEngine.one("needs_attention")
    press(runs(engine, "r_one"), label)
    assert engine.calls == [("decide", "r_one", "ship", 1, choice, None, None)]


def test_only_what_the_engine_offers_can_be_chosen() -> None:
    app = runs(FakeEngine.one("compensation_stuck"), "r_one")
    assert not button(app, "Retry step").disabled
    assert [button(app, label).disabled for label in ("Edit and retry", "Skip", "Give up and undo")] == [True] * 3


def test_a_decision_that_comes_too_late_is_a_sentence() -> None:
    engine = FakeEngine.one("needs_attention")
    app = runs(engine, "r_one")
    engine.refusal = DecisionRefused("r_one", "Another tab decided this already.")
    press(app, "Retry step")
    assert "Another tab decided this already" in said(app)


def test_a_refused_control_is_a_sentence() -> None:
    engine = FakeEngine.one("paused")
    app = runs(engine, "r_one")
    engine.refusal = DecisionRefused("r_one", "The run has ended.")
    press(app, "Resume")
    assert "The run has ended" in said(app)


def test_edit_and_retry_sends_only_what_was_changed() -> None:
    engine = FakeEngine.one("needs_attention")
    app = press(runs(engine, "r_one"), "Edit and retry")
    labels = [box.label for box in app.text_input]
    assert labels == ["E-mail", "Phone", "Address"]
    app.text_input[2].set_value("1 Main Street")
    press(app, "Retry with these changes")
    [(_, _, _, _, choice, notice, edit)] = engine.calls
    assert (choice, notice, edit) == ("edit", None, Edit(address="1 Main Street"))


@pytest.mark.parametrize(("typed", "sentence"), [("", "Nothing was changed"), ("nobody", "is not an e-mail address")])
def test_an_edit_that_changes_nothing_or_does_not_fit_is_a_sentence(typed: str, sentence: str) -> None:
    engine = FakeEngine.one("needs_attention")
    app = press(runs(engine, "r_one"), "Edit and retry")
    app.text_input[0].set_value(typed or "ada@example.com")
    press(app, "Retry with these changes")
    assert sentence in said(app)
    assert engine.calls == []


def test_a_failed_message_is_sent_again_by_a_repair() -> None:
    engine = FakeEngine.one("confirmed_with_issues")
    app = press(runs(engine, "r_one"), "Email")
    assert engine.calls == [("repair", "r_one", "email")]
    assert app.query_params["run"] == "r_repair"


def test_run_again_takes_the_order_back_to_compose() -> None:
    corrected = make_request(items=(Item(name="laptop", quantity=7),))
    app = press(runs(FakeEngine([make_run("r_one", request=corrected)]), "r_one"), "Run again")
    assert app.text_area(key="sentence").value == "Order 2 laptops"
    assert "7 × laptop" in app.table[0].value["Value"].to_list()


def test_run_again_takes_what_was_wished_of_the_plan_along() -> None:
    engine = FakeEngine([make_run("r_one")])
    patient = engine.plan_for(make_request(), wishes=[PlanWish(step="shipping", attempts=9)])
    engine.views["r_one"] = replace(make_run("r_one"), plan=patient)
    app = press(runs(engine, "r_one"), "Run again")
    press(app, "Run this order")
    assert next(call for call in engine.calls if call[0] == "start")[2] == patient


def test_money_owed_is_on_every_page_with_a_way_there() -> None:
    app = runs(FakeEngine([make_run("r_one", "compensation_stuck"), make_run("r_two")]), "r_two")
    assert "Money owed" in said(app)
    assert "Open the run" in links(app)
    app.switch_page("compose.py").run()
    assert "$2,398.00** for 2 × laptop" in said(app)


def test_a_run_that_can_not_go_on_says_so() -> None:
    view = replace(make_run("r_one", "needs_attention"), question=None, choices=(), notices=(), code="diverged")
    app = runs(FakeEngine([view]), "r_one")
    assert "This run can't go on" in said(app)
    assert button(app, "Retry step").disabled


def test_text_of_users_and_services_stays_text() -> None:
    evil = "[x](http://evil.example) <img src=x> $a$"
    view = make_run("r_one", "needs_attention", request=make_request(items=(Item(name=evil),)))
    noted = tuple(replace(step, note=evil, title=evil) for step in view.steps)
    app = runs(FakeEngine([replace(view, steps=noted)]), "r_one")
    shown = [element.value for kind in (app.title, app.markdown, app.caption) for element in kind]
    shown += [box.label for box in app.expander]
    assert not [text for text in shown if re.search(r"\]\(http:|<img|(?<!\\)\$a", text)]


def test_a_cancelled_run_that_still_runs_says_what_happens() -> None:
    view = replace(make_run("r_one", "running"), control=Control(cancelled=True))
    words = said(runs(FakeEngine([view], frozen=True), "r_one"))
    assert "Cancelling" in words
    assert badge("undone", "Undoing") in words
    assert chip("running") not in words


def test_the_timeline_cuts_long_pauses_and_still_tells_the_time() -> None:
    view = make_run("r_one", "confirmed")
    tries = (TryView(0.0, 1.0, "do", 1, 1, "unavailable"), TryView(7201.0, 7202.0, "do", 2, 1, None))
    bars, length, ticks = steps.bars(replace(view, steps=(replace(view.steps[0], tries=tries),)), 7202.0)
    assert bars == [("Check order", [(0.0, 1.0, "failed"), (2.0, 3.0, "done")])]
    assert length == 3.0
    assert (ticks[0][1], ticks[-1][1]) == ("0.00 s", "2 h 0 min")


def test_the_budget_of_an_edit_is_read_as_in_a_sentence() -> None:
    engine = FakeEngine([replace(make_run("r_one", "needs_attention"), editable=("budget",))])
    app = press(runs(engine, "r_one"), "Edit and retry")
    next(box for box in app.text_input if box.label == "Budget").set_value("5,000")
    press(app, "Retry with these changes")
    assert engine.calls == [("decide", "r_one", "ship", 1, "edit", None, Edit(budget=Decimal(5000)))]


def test_an_edit_holds_only_what_differs() -> None:
    view = make_run("r_one", "needs_attention")
    edit = changed(view, {"customer_email": "ada@example.com", "phone_number": "+49 151 5550100", "address": None})
    assert edit.changed() == {"phone_number": "+49 151 5550100"}


def test_every_state_has_colours_in_both_themes_and_charts_have_them_in_order() -> None:
    runs(FakeEngine())  # reads the project's config.toml
    for state in STATES.values():
        for part in ("Color", "TextColor", "BackgroundColor"):
            assert color("light", state.color + part) != color("dark", state.color + part)
    assert ORDER == ["done", "running", "retrying", "failed", "undone", "waiting", "attention"]

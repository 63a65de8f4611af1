"""Compose: what was read is shown, can be corrected, and runs once, only when Run is pressed."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal

import pytest
import streamlit as st
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from core.bootstrap import adopt
from core.composer.base import MAX_CHARS, Answer, Comparison, Difference, Reading, Span
from core.composer.offline import OfflineComposer
from core.errors import EngineBusy, ReadingRefused, StoreLocked
from core.models import Edit, Item, PlanWish
from pages.shared import reading, state, steps
from pages.shared.correct import merged
from pages.shared.forms import sentences
from pages.shared.palette import inert
from tests.pages.fakes import FakeEngine, make_plan, make_request, plain

ROUTER = "../../pages/router.py"
ORDER = "Order 2 laptops for the team"


def compose(text: str | None = None) -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=30)
    app.session_state["correct_open"] = True
    app.run()
    assert not app.exception
    if text is not None:
        app.text_area(key="sentence").set_value(text).run()
        assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.warning, app.subheader, app.text)
    return plain(" ".join(element.value for kind in kinds for element in kind))


def table(app: AppTest) -> dict[str, tuple[str, str]]:
    frame = next(found.value for found in app.table if "Value" in found.value)
    rows = zip(frame["Field"], frame["Value"], frame["From your words"], strict=True)
    return {field.strip("*"): (plain(value), words) for field, value, words in rows}


def test_it_starts_empty_and_says_what_to_do(engine: FakeEngine) -> None:
    app = compose()
    assert "No order yet" in said(app)
    assert not app.error
    assert engine.calls == []


def test_an_example_fills_the_box_and_starts_nothing(engine: FakeEngine) -> None:
    app = press(compose(), "10 licences")
    assert app.text_area(key="sentence").value == "Purchase enterprise software licenses for 10 users"
    assert engine.calls == []


def test_the_reading_the_price_and_the_plan_are_shown_before_anything_runs(engine: FakeEngine) -> None:
    app = compose(ORDER + ", sparkly")
    rows = table(app)
    assert rows["Items"] == ("2 × laptop", ":gray-background[2 laptop]")
    assert rows["Customer"][0] == "Company, from wallet team"
    assert rows["Deliver"] == ("Standard", ":gray[default, no speed is written]")
    assert "$2,398.00** from wallet team" in said(app)
    assert "7 steps, 4 with an undo" in said(app)
    assert "sparkly" in said(app)
    assert "Charge card (waiting)" in app.get("image")[0].proto.imgs[0].alt
    assert engine.calls == []


def test_run_starts_what_was_read_and_goes_to_the_run(engine: FakeEngine) -> None:
    app = press(compose(ORDER), "Run this order")
    [(name, request, plan, text)] = engine.calls
    assert (name, text) == ("start", ORDER)
    assert request.items == (Item(name="laptop", quantity=Decimal(2)),)
    assert plan.name == "saga"
    assert plain(app.title[0].value) == "2 × laptop"
    assert app.query_params["run"] == "r_new0"


def test_compose_can_be_opened_at_once_and_starts_another_run(engine: FakeEngine) -> None:
    app = compose(ORDER)
    press(app, "Run this order")
    app.switch_page("compose.py").run()
    assert [button.label for button in app.button].count("Run this order") == 1
    press(app, "Run this order")
    assert [call[0] for call in engine.calls] == ["start", "start"]


def test_a_form_starts_its_order_once_however_long_the_way_to_the_run_takes(engine: FakeEngine) -> None:
    app = compose(ORDER)
    run = next(button for button in app.button if button.label == "Run this order")
    started = app.session_state["last_start"]
    started.note(started.form, ORDER, "r_1")  # what the first of two clicks did
    started.leads = False  # and its page did not come
    run.click().run()
    assert engine.calls == []
    assert app.query_params["run"] == "r_1"


def test_what_was_refused_can_be_pressed_again(engine: FakeEngine) -> None:
    app = compose(ORDER)
    for _ in range(2):
        engine.refusal = EngineBusy("10,000 runs are open. Wait until some have ended.")
        press(app, "Run this order")
        assert "Wait until some have ended" in plain(app.error[0].value)
    press(app, "Run this order")
    assert plain(app.title[0].value) == "2 × laptop"


def test_run_a_hundred_asks_nobody_and_goes_to_the_list(engine: FakeEngine) -> None:
    app = press(compose(ORDER), "Run × 100")
    [(name, _, count, plan, _)] = engine.calls
    assert (name, count, plan.name) == ("start_many", 100, "saga")
    assert app.title[0].value == "Runs"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("what is love", "No order was found"),
        ("Order 0 laptops", "The quantity 0 is not possible"),
        ("Order -3 laptops", "The quantity -3 is not possible"),
    ],
)
def test_what_can_not_be_read_is_a_sentence(engine: FakeEngine, text: str, sentence: str) -> None:
    app = compose(text)
    assert [sentence in plain(error.value) for error in app.error] == [True]
    assert "Change the text as it is said above" in said(app)
    press(app, "Run this order")
    assert engine.calls == []


def test_where_a_quantity_can_be_read_in_two_ways_both_are_offered(engine: FakeEngine) -> None:
    app = compose("Order 2 or 3 laptops for the team")
    assert "does not say how many" in plain(app.error[0].value)
    assert not app.table
    press(app, "Read it as 3")
    assert app.text_area(key="sentence").value == "Order 3 laptops for the team"
    assert table(app)["Items"][0] == "3 × laptop"
    assert engine.calls == []


def test_the_sentence_shows_which_words_gave_something_and_which_were_left_out() -> None:
    reading_ = Reading(
        "Order 2 laptops, sparkly *ones*",
        make_request(),
        (Span("items.0.quantity", 6, 7), Span("items.0.name", 8, 15)),
        ("sparkly",),
        "offline",
    )
    shown = reading.marked(reading_)
    assert plain(shown) == "Order :gray-background[2] :gray-background[laptops], ~~sparkly~~ *ones*"


def kind_of(text: str) -> reading.Line:
    found = OfflineComposer().read(text)
    return next(line for line in reading.lines(found, found.request, found.request) if line.field == "Kind")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Book a flight from NYC to Paris", "flight"),
        ("Schedule a dentist appointment", "dentist appointment"),
        ("Order 2 laptops and 3 chairs", "laptops … chairs"),
    ],
)
def test_the_kind_shows_the_words_it_follows_from(text: str, words: str) -> None:
    assert kind_of(text)[2:] == (words, "words")


def test_a_trip_is_of_one_kind_said_once() -> None:
    assert kind_of("Book a flight from NYC to Paris").value == "Travel"
    assert kind_of("Order 2 laptops").value == "Purchase, technology"


def test_a_kind_that_follows_from_no_word_is_a_default() -> None:
    assert kind_of("Order 2 gizmotrons")[2:] == ("", "default")


def test_what_a_model_gave_without_its_words_is_no_default() -> None:
    found = other_reading(ORDER, channel="corporate", defaulted=("currency",))
    sources = {line.field: line.source for line in reading.lines(found, found.request, found.request)}
    assert (sources["Customer"], sources["Items"], sources["Currency"]) == ("model", "model", "default")


@pytest.mark.parametrize(
    ("price", "why"),
    [(None, "Prices are estimated: the order states none."), ("4", "What the order states no price of is estimated.")],
)
def test_of_prices_only_what_is_not_stated_is_called_estimated(engine: FakeEngine, price: str | None, why: str) -> None:
    items = (Item(name="egg", quantity=3, unit_price=price and Decimal(price)), Item(name="pan", quantity=1))
    found = engine.read(ORDER)
    engine.reading = replace(found, request=found.request.model_copy(update={"items": items}))
    assert why in said(compose(ORDER))


def test_a_long_list_of_words_left_out_says_how_many_more_and_shows_them(engine: FakeEngine) -> None:
    words = tuple(f"left{number}" for number in range(11))
    engine.reading = replace(engine.read(ORDER), ignored=words)
    app = compose(ORDER)
    assert "~~left7~~ and 3 more." in said(app)
    box = next(box for box in app.expander if box.label == "All 11 that were left out")
    assert all(word in box.caption[0].value for word in words)
    engine.reading = replace(engine.reading, ignored=words[:8])
    app.run()
    assert "more" not in said(app).partition("left out: ")[2].partition(".")[0]
    assert not any("left out" in box.label for box in app.expander)


def test_every_kind_of_value_can_be_corrected(engine: FakeEngine) -> None:
    app = compose(ORDER)
    next(box for box in app.selectbox if box.label == "Priority").set_value("high")
    next(box for box in app.text_input if box.label == "Discount percent").set_value("12.5")
    next(box for box in app.text_input if box.label == "Time").set_value("14:30")
    next(box for box in app.multiselect if box.label == "Conditions").set_value(["shipping_failed/call"])
    press(app, "Apply")
    rows = table(app)
    assert rows["Priority"] == ("High", ":gray[corrected by you]")
    assert "12.5%" in rows["Limits"][0]
    assert rows["When"][0] == "at 14:30"
    assert rows["Conditions"][0] == "If shipping fails, open a call ticket"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Budget", "NaN", "Budget must be a number."),
        ("Budget", "lots", "Budget must be a number."),
        ("Discount percent", "120", "Discount percent must be 100 or less."),
        ("Time", "99:99", "Time: '99:99' is no time of day. Write a time of day such as 14:30, '2 pm'"),
        ("Date", "31 February", "Date: '31 February' is on no calendar. Write a day such as 2026-06-12, '12 June'"),
        ("Date", "blah", "Date: 'blah' names no day. Write a day such as 2026-06-12, '12 June' or 'next tuesday'."),
    ],
)
def test_a_value_that_can_not_be_is_a_sentence_about_its_field(
    engine: FakeEngine, field: str, typed: str, sentence: str
) -> None:
    app = compose(ORDER)
    next(box for box in app.text_input if box.label == field).set_value(typed)
    press(app, "Apply")
    assert sentence in plain(app.error[0].value)


@pytest.mark.parametrize(
    ("field", "typed", "row", "shown"),
    [
        ("Budget", "5,000", "Limits", "at most $5,000.00"),
        ("Budget", "five thousand", "Limits", "at most $5,000.00"),
        ("Time", "half past nine", "When", "at 09:30"),
        ("Date", "2026-06-12", "When", "2026-06-12"),
        ("Date", "12 June", "When", "12 june"),
        ("Date", "next Tuesday", "When", "next tuesday"),
    ],
)
def test_what_a_sentence_can_say_the_form_takes_too(
    engine: FakeEngine, field: str, typed: str, row: str, shown: str
) -> None:
    app = compose(ORDER)
    next(box for box in app.text_input if box.label == field).set_value(typed)
    press(app, "Apply")
    assert not app.error
    assert shown in table(app)[row][0]


def test_all_that_is_wrong_in_the_form_is_said_at_once(engine: FakeEngine) -> None:
    app = compose(ORDER)
    for field, typed in (("Date", "31 February"), ("Time", "blah"), ("Budget", "-5")):
        next(box for box in app.text_input if box.label == field).set_value(typed)
    press(app, "Apply")
    for words in ("is on no calendar", "'blah' is no time of day", "Budget must be 0 or more"):
        assert words in plain(app.error[0].value)
    assert "When" not in table(app)


def test_a_day_that_another_reader_gave_is_kept_as_it_is(engine: FakeEngine) -> None:
    engine.reading = other_reading(ORDER, date="around Easter")
    app = compose(ORDER)
    next(box for box in app.selectbox if box.label == "Priority").set_value("high")
    press(app, "Apply")
    assert not app.error
    assert "around Easter" in table(app)["When"][0]


def other_reading(text: str, **changes: object) -> Reading:
    return Reading(text, make_request(**changes), (), (), "groq")


def test_where_two_readers_differ_both_are_shown_and_a_choice_is_taken(engine: FakeEngine) -> None:
    model, rules = other_reading(ORDER, priority="high"), engine.read(ORDER)
    engine.comparison = Comparison(rules, model, (Difference("items.0.quantity", Decimal(2), Decimal(3)),))
    app = compose(ORDER)
    frame = next(table.value for table in app.table if "Rules" in table.value)
    assert frame.values.tolist() == [["**Item 1, quantity**", "3", "2"]]
    assert "Each field can be corrected below too" in said(app)
    press(app, "The model")
    assert table(app)["Priority"][0] == "High"
    assert not any("Rules" in table.value for table in app.table)
    assert engine.calls == []


def test_values_in_the_question_are_in_words_and_sums_have_their_currency(engine: FakeEngine) -> None:
    model, rules = other_reading(ORDER, currency="EUR", workflow_type="software_license"), engine.read(ORDER)
    engine.comparison = Comparison(
        rules,
        model,
        (
            Difference("workflow_type", "purchase_order", "software_license"),
            Difference("items.0.unit_price", None, Decimal("1200.5")),
            Difference("notifications.sms", None, False),
        ),
    )
    app = compose(ORDER)
    frame = next(table.value for table in app.table if "Rules" in table.value)
    assert [[plain(value) for value in row] for row in frame.values.tolist()] == [
        ["**Kind of order**", "Software licence", "Purchase"],
        ["**Item 1, unit price**", "€1,200.50", ":gray[nothing]"],
        ["**Notifications, text**", "no", ":gray[nothing]"],
    ]
    [warning] = app.warning
    assert plain(warning.value) == (
        "The model and the rules disagree on: kind of order; item 1, unit price; notifications, text. "
        "Run starts the model's reading."
    )


def test_while_a_model_reads_it_is_said_who_reads_and_what_comes_then(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spun: list[str] = []
    monkeypatch.setattr(st, "spinner", lambda said, **_: spun.append(said) or nullcontext())
    compose(ORDER)
    assert spun == []
    engine.by_model = True
    assert table(compose(ORDER))["Items"][0] == "2 × laptop"
    assert set(spun) == {"The language model is reading it. After 10 s the rules take over."}


def test_what_the_rules_ask_is_asked_though_the_model_reads_a_number(engine: FakeEngine) -> None:
    text = "Order 2 or 3 laptops for the team"
    with pytest.raises(ReadingRefused) as caught:
        engine.read(text)
    model = other_reading(text)
    engine.comparison = Comparison(caught.value, model, (Difference("refusal", "ambiguous_quantity", None),))
    engine.reading = model
    app = compose(text)
    assert "disagree on: whether it can be read" in plain(app.warning[0].value)
    assert "does not say how many" in said(app)
    frame = next(found.value for found in app.table if "Rules" in found.value)
    assert frame.values.tolist() == [["**Whether it can be read**", "can be read", "refused: asks how many are meant"]]
    assert "did not say which words it used" in said(app)
    assert table(app)["Items"][0] == "2 × laptop"
    engine.reading = engine.comparison = None
    press(app, "Read it as 3")
    assert table(app)["Items"][0] == "3 × laptop"
    assert engine.calls == []


def test_what_the_rules_ask_is_asked_though_the_model_sees_no_order(engine: FakeEngine) -> None:
    text = "Order 2 or 3 laptops for the team"
    with pytest.raises(ReadingRefused) as caught:
        engine.read(text)
    refused = ReadingRefused("not_an_order", "The model saw no order in it.")
    engine.comparison = Comparison(
        caught.value, refused, (Difference("refusal", "ambiguous_quantity", "not_an_order"),)
    )
    engine.reading_refused = refused
    labels = [button.label for button in compose(text).button]
    assert {"Read it as 2", "Read it as 3"} <= set(labels)


def test_what_the_model_refuses_and_the_rules_read_can_be_taken_from_the_rules(engine: FakeEngine) -> None:
    rules = engine.read(ORDER)
    refused = ReadingRefused("not_an_order", "The model saw no order in it.")
    engine.comparison = Comparison(rules, refused, (Difference("refusal", None, "not_an_order"),))
    engine.reading_refused = refused
    app = compose(ORDER)
    assert "The model saw no order in it." in plain(app.error[0].value)
    assert "Until you choose, the model's refusal stands." in said(app)
    press(app, "The rules")
    assert table(app)["Items"][0] == "2 × laptop"
    press(app, "Run this order")
    assert [call[0] for call in engine.calls] == ["start"]


def test_why_the_model_did_not_read_it_is_said(engine: FakeEngine) -> None:
    note = "The language model could not be used (no answer in 8 s); read by rules."
    engine.comparison = Comparison(engine.read(ORDER), replace(engine.read(ORDER), note=note))
    assert note in said(compose(ORDER))


def test_what_no_plan_can_do_is_said_and_the_nearest_thing_can_be_written(engine: FakeEngine) -> None:
    answer = Answer("That can't be had.", "email me before you charge the card")
    engine.reading = replace(engine.read(ORDER), answers=(answer,))
    app = compose(ORDER)
    assert "That can't be had." in said(app)
    press(app, "Write 'email me before you charge the card'")
    assert app.text_area(key="sentence").value == ORDER + ". Email me before you charge the card."
    engine.reading = replace(engine.reading, text=app.text_area(key="sentence").value)
    assert not any("Write '" in button.label for button in app.run().button)


def test_wishes_are_shown_with_their_words_and_can_be_changed(engine: FakeEngine) -> None:
    wish = PlanWish(step="shipping", attempts=5)
    text = ORDER + ", try shipping five times"
    span = Span("wishes.0", len(ORDER) + 2, len(text))
    reading_ = engine.read(text)
    engine.reading = replace(reading_, wishes=(wish,), spans=(*reading_.spans, span))
    app = compose(text)
    assert table(app)["Wishes"] == ("Shipping: tried up to 5 times", ":gray-background[try shipping five times]")
    press(app, "Run this order")
    [(_, _, plan, _)] = engine.calls
    assert [step.retry.attempts for step in plan.steps() if "shipping" in step.action] == [5]


def test_run_starts_the_reading_that_was_shown_though_another_would_be_made_now(engine: FakeEngine) -> None:
    app = compose(ORDER)
    engine.reading = other_reading(ORDER, priority="high")
    press(app, "Run this order")
    [(_, request, _, _)] = engine.calls
    assert request.priority == "medium"


NEW = "This is how the new text is read. Press Run to start it."


def run_unseen(app: AppTest, text: str) -> AppTest:
    """Press Run with an edit still in the box: the browser sends both at once."""
    app.text_area(key="sentence").set_value(text)
    return press(app, "Run this order")


@pytest.mark.parametrize("before", [None, "Order 3 chairs", "what is love"])
def test_run_pressed_on_a_text_that_was_not_read_yet_shows_it_first(engine: FakeEngine, before: str | None) -> None:
    app = run_unseen(compose(before), ORDER)
    assert engine.calls == []
    assert table(app)["Items"][0] == "2 × laptop"
    assert NEW in said(app)
    app.session_state["asked_at"] = 0.0  # a while ago
    press(app, "Run this order")
    assert [call[0] for call in engine.calls] == ["start"]
    assert engine.calls[0][3] == ORDER


def test_the_other_half_of_a_double_click_is_no_second_look(engine: FakeEngine) -> None:
    app = press(run_unseen(compose(), ORDER), "Run this order")
    assert engine.calls == []
    assert NEW in said(app)


def test_run_a_hundred_too_shows_a_new_text_first(engine: FakeEngine) -> None:
    app = compose("Order 3 chairs")
    app.text_area(key="sentence").set_value(ORDER)
    press(app, "Run × 100")
    assert engine.calls == []
    assert table(app)["Items"][0] == "2 × laptop"


def test_a_new_text_that_can_not_be_read_is_refused_and_not_called_read(engine: FakeEngine) -> None:
    app = run_unseen(compose(ORDER), "what is love")
    assert "No order was found" in plain(app.error[0].value)
    assert NEW not in said(app)


def test_of_a_new_text_that_can_be_read_in_two_ways_both_are_offered(engine: FakeEngine) -> None:
    app = compose("Order 3 chairs")
    app = run_unseen(app, "Order 2 or 3 laptops for the team")
    assert [button.label for button in app.button if button.label.startswith("Read it as")] == [
        "Read it as 2",
        "Read it as 3",
    ]
    assert engine.calls == []


def test_an_order_that_was_corrected_is_not_called_new(engine: FakeEngine) -> None:
    app = run_unseen(compose(), ORDER)
    assert NEW in said(app)
    next(box for box in app.selectbox if box.label == "Priority").set_value("high")
    press(app, "Apply")
    assert NEW not in said(app)
    assert NEW not in said(press(app, "Back to what was read"))
    assert NEW in said(run_unseen(app, "Order 3 chairs"))


def test_an_order_that_was_changed_in_words_is_not_called_new(engine: FakeEngine) -> None:
    app = run_unseen(compose(), ORDER)
    app.chat_input[0].set_value("make it 3").run()
    assert NEW in said(app)
    assert NEW not in said(press(app, "Apply change"))


def test_an_example_is_not_called_new(engine: FakeEngine) -> None:
    app = press(compose(ORDER), "2 laptops, for the team")
    assert NEW not in said(app)
    press(app, "Run this order")
    assert [call[0] for call in engine.calls] == ["start"]


def test_a_text_with_characters_that_the_reader_leaves_out_can_be_run(engine: FakeEngine) -> None:
    text = ORDER + "\u202e"
    engine.reading = engine.read(ORDER)
    press(compose(text), "Run this order")
    assert [call[0] for call in engine.calls] == ["start"]


def test_a_click_on_the_button_of_another_text_starts_nothing(engine: FakeEngine) -> None:
    app = compose(ORDER)
    old = next(button for button in app.button if button.label == "Run this order")
    app.text_area(key="sentence").set_value("Order 3 chairs").run()
    assert old.key not in [button.key for button in app.button]


def test_run_without_a_sentence_says_what_to_write(engine: FakeEngine) -> None:
    app = press(compose(), "Run this order")
    assert "Nothing was written" in said(app)
    assert engine.calls == []


def test_a_text_too_long_to_read_is_refused_in_a_sentence_not_dropped_by_the_box(engine: FakeEngine) -> None:
    app = compose("x" * (MAX_CHARS + 1))
    assert "Make it shorter" in plain(app.error[0].value)
    assert not app.text_area(key="sentence").max_chars  # a browser drops the whole of a longer paste and says nothing


def test_a_refused_start_is_a_sentence_beside_the_button(engine: FakeEngine) -> None:
    app = compose(ORDER)
    engine.refusal = EngineBusy("10,000 runs are open. Wait until some have ended.")
    press(app, "Run this order")
    assert "Wait until some have ended" in plain(app.error[0].value)
    assert engine.views == {}


def test_a_correction_overrides_what_was_read_and_is_kept_for_its_sentence(engine: FakeEngine) -> None:
    app = compose(ORDER)
    next(box for box in app.selectbox if box.label == "Customer").set_value("B2C")
    next(box for box in app.text_input if box.label == "E-mail").set_value("ada@example.com")
    next(box for box in app.selectbox if box.label == "Plan").set_value("sequence")
    press(app, "Apply")
    assert table(app)["Customer"] == ("Private, by card", ":gray[corrected by you]")
    app.text_area(key="sentence").set_value("Order 3 chairs").run()
    assert table(app)["Items"][0] == "3 × chair"
    app.text_area(key="sentence").set_value(ORDER).run()
    press(app, "Run this order")
    [(_, request, plan, _)] = engine.calls
    assert (request.channel, request.customer_email, plan.name) == ("B2C", "ada@example.com", "sequence")


def test_going_back_to_what_was_read_forgets_the_correction(engine: FakeEngine) -> None:
    app = compose(ORDER)
    next(box for box in app.selectbox if box.label == "Customer").set_value("B2C")
    press(press(app, "Apply"), "Back to what was read")
    assert table(app)["Customer"][0] == "Company, from wallet team"


def test_a_bad_correction_is_a_sentence_beside_the_form_and_changes_nothing(engine: FakeEngine) -> None:
    app = compose(ORDER)
    next(box for box in app.text_input if box.label == "E-mail").set_value("nobody")
    next(box for box in app.text_input if box.label == "Budget").set_value("-5")
    press(app, "Apply")
    assert "'nobody' is not an e-mail address" in said(app)
    assert "Budget must be 0 or more" in said(app)
    assert "Email" not in table(app)


def test_an_order_that_can_not_be_quoted_says_why_and_does_not_run(engine: FakeEngine) -> None:
    app = compose(ORDER)
    app.session_state["corrections"] = {ORDER: state.Correction(make_request(currency="XXX"), "saga")}
    app.run()
    assert "The currency XXX is not known" in said(app)
    press(app, "Run this order")
    assert engine.calls == []


def test_user_text_is_shown_as_text(engine: FakeEngine) -> None:
    app = compose("Order 2 laptops")
    address = "<b>[x](http://evil.example)</b> $1$"
    next(box for box in app.text_input if box.label == "Address").set_value(address)
    press(app, "Apply")
    shown = [value.replace("\u200b", "") for value in app.table[0].value["Value"]]
    assert inert(f"Standard, to {address}") in shown
    assert not any("](http" in value for value in shown)


def test_an_engine_that_could_not_start_is_one_page_with_the_reason() -> None:
    adopt(None, StoreLocked("data/x.db", "data/x.db is in use by process 4711. Stop it, then try again."))
    try:
        for app in (compose(), AppTest.from_file(ROUTER, default_timeout=30).run().switch_page("runs.py").run()):
            assert not app.exception
            assert "Sagalab could not start" in said(app)
            assert "in use by process 4711" in app.text[0].value
            assert "start it again" in said(app)
            assert not app.button
    finally:
        adopt(None)


def test_words_that_touch_are_shown_as_one_phrase() -> None:
    text = "Order 2 laptops at $5, by card"
    request = make_request()
    spans = (Span("items.0.quantity", 6, 7), Span("items.0.name", 8, 15), Span("items.0.unit_price", 19, 21))
    [row] = [
        line
        for line in reading.lines(Reading(text, request, spans, (), "rules"), request, request)
        if line.field == "Items"
    ]
    assert (row.words, row.source) == ("2 laptops … $5", "words")


def test_what_a_person_touched_is_no_default_any_more() -> None:
    request = make_request(defaulted=("currency", "shipping_method", "items.0.quantity"))
    made = merged(
        request, {"currency": "EUR", "shipping_method": "standard", "items": [{"name": "desk", "quantity": 3}]}
    )
    assert made.currency == "EUR"
    assert made.defaulted == ("shipping_method",)


def test_a_models_refusals_name_line_and_field() -> None:
    with pytest.raises(ValidationError) as caught:
        Edit.model_validate({"items": [{"name": "a"}, {"name": "b", "quantity": 0}], "customer_email": "nobody"})
    assert sentences(caught.value) == [
        "'nobody' is not an e-mail address; write it like name@example.com.",
        "Line 2: Quantity must be more than 0.",
    ]


def test_the_diagram_leaves_out_what_the_request_does_not_ask_for() -> None:
    plan = make_plan()
    when = plan.stages[4][0].model_copy(update={"when": ("ships",)})
    plan = plan.model_copy(update={"stages": (*plan.stages[:4], (when,), *plan.stages[5:])})
    rows, undo = steps.plan_rows(plan, make_request(workflow_type="travel_booking"))
    assert [[label for _, label, _ in row] for row in rows][3:] == [["Book items"], ["Email", "Text"]]
    assert undo == {1: ("waiting", "Refund"), 2: ("waiting", "Cancel"), 3: ("waiting", "Release")}


@pytest.mark.parametrize("evil", ["www.evil.example", "http://x", "a@b.co", ":smile:", "a->b", "<-", "12:30"])
def test_what_markdown_would_turn_into_something_is_broken_by_a_joiner(evil: str) -> None:
    assert evil not in inert(evil).replace("\\", "")
    assert plain(inert(evil)) == evil


def test_ordinary_sentences_can_still_be_searched_and_copied() -> None:
    sentence = "Order 'two' (2) items, or leave it out. It can't be 0; 50% off #1!"
    assert inert(sentence).replace("\\", "") == sentence
    assert "\\[x\\]\\(y\\)" in inert("[x](y)")
    assert inert("a" * 200, 10) == "a" * 9 + "…"


def test_a_long_word_may_break_in_the_table(engine: FakeEngine) -> None:
    app = compose("Order 2 laptops")
    next(box for box in app.text_input if box.label == "Address").set_value("x" * 60)
    press(app, "Apply")
    [shown] = [value for value in app.table[0].value["Value"] if "xxx" in value]
    assert max(len(part) for part in re.split(r"\s|\u200b", shown)) <= 20

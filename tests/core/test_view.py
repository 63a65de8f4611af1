"""What is shown of a run: the state of every step, its tries, notes, money and events in words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import plans
from core.models import Condition, Control, Notifications, RetryPolicy, Step
from core.services.faults import Rates
from core.view import answer_note
from core.views import RunView, StepView
from tests.core.scenes import (
    BOOK,
    CHARGE,
    EMAIL,
    LOST,
    ONCE,
    OUT_OF_STOCK,
    REFUSED,
    SHIP,
    SLOW,
    Lab,
    company_order,
    laptops,
    saga,
    with_steps,
)

PATIENT = RetryPolicy(attempts=3, first_wait_s=600, longest_s=600)
CORPORATE = laptops(channel="corporate", wallet="small")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def step(view: RunView, id: str) -> StepView:
    return next(one for one in view.steps if one.id == id)


def states(view: RunView) -> dict[str, str]:
    return {one.id: one.state for one in view.steps}


def texts(view: RunView) -> list[str]:
    return [event.text for event in view.events]


# Steps


def test_a_confirmed_run_shows_its_steps_done_and_none_that_it_skips(lab: Lab) -> None:
    view = lab.run()
    assert states(view) == dict.fromkeys(("analyse", "charge", "create", "book", "ship", "email", "sms"), "done")
    assert {one.role for one in view.steps} == {"step"}
    stages = [one.stage for one in view.steps]
    assert stages == sorted(stages)
    assert step(view, "email").stage == step(view, "sms").stage != step(view, "ship").stage
    assert (view.question, view.choices, view.editable, view.live) == (None, (), (), False)


def test_a_parked_run_shows_what_was_done_what_asks_and_what_is_to_come(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    view = lab.run()
    assert states(view) == {
        "analyse": "done",
        "charge": "done",
        "create": "done",
        "book": "attention",
        "ship": "waiting",
        "email": "waiting",
        "sms": "waiting",
    }
    book = step(view, "book")
    assert (book.attempts, book.code, book.note) == (2, "unavailable", "System temporarily unavailable")
    assert view.notices == ("email", "sms", "call")


def test_a_refunded_run_shows_what_was_undone_and_what_never_happened(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.decide(lab.run(), "give_up")
    found = states(view)
    assert (found["charge"], found["create"], found["ship"]) == ("undone", "undone", "skipped")
    assert step(view, "charge").undo_state == step(view, "create").undo_state == "undone"
    assert (found["email.failure"], step(view, "email.failure").role) == ("done", "failure")
    assert step(view, "book").note == "The items are out of stock"
    assert step(view, "book").state == "failed"


def test_a_backoff_is_shown_as_retrying(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    id = lab.start(retry=PATIENT)
    view = lab.until(id, lambda view: step(view, "book").attempts == 1)
    assert (step(view, "book").state, step(view, "ship").state) == ("retrying", "waiting")
    assert any(
        "Book items: attempt 1 failed, system temporarily unavailable, next in 600.0 s" in text for text in texts(view)
    )


def test_an_attempt_in_flight_is_shown_until_it_is_answered(lab: Lab) -> None:
    lab.faults({CHARGE: LOST}, call_timeout_s=0.3)
    id = lab.start()
    first = lab.until(id, lambda view: step(view, "charge").state == "running")
    assert (step(first, "charge").tries[-1].attempt, step(first, "charge").tries[-1].end_s) == (1, None)
    second = lab.until(id, lambda view: step(view, "charge").state == "retrying")
    assert [(one.attempt, one.code) for one in step(second, "charge").tries] == [(1, "timeout"), (2, None)]


def test_tries_begin_and_end_within_the_run(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(), "give_up")
    for one in view.steps:
        assert len([attempt for attempt in one.tries if attempt.direction == "do"]) == one.attempts
        for attempt in one.tries:
            assert attempt.end_s is not None and 0 <= attempt.start_s <= attempt.end_s
    assert [attempt.direction for attempt in step(view, "charge").tries] == ["do", "undo"]


def test_a_skipped_step_is_shown_as_skipped(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    assert states(lab.decide(lab.run(), "skip"))["ship"] == "skipped"


def test_giving_up_before_the_pivot_leaves_the_step_failed(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    assert states(lab.decide(lab.run(), "give_up"))["ship"] == "failed"


def test_a_step_whose_key_was_closed_shows_what_failed(lab: Lab) -> None:
    lab.faults({EMAIL: SLOW})
    email = step(lab.run(retry=ONCE), "email")
    assert (email.state, email.code, email.note, email.attempts) == ("failed", "timeout", "No answer in time", 1)


def test_a_step_whose_lost_effect_was_found_is_done(lab: Lab) -> None:
    lab.faults({EMAIL: LOST})
    email = step(lab.run(retry=ONCE), "email")
    assert (email.state, email.code) == ("done", None)
    assert email.note.startswith("EML_")


def test_an_alternative_is_drawn_once_it_was_tried(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.run(company_order())
    found = {one.id: one for one in view.steps if one.role == "alternative"}
    assert {id: one.state for id, one in found.items()} == {
        "alternative": "done",
        "difference": "undone",
        "rebook": "failed",
    }
    assert {one.stage for one in found.values()} == {step(view, "book").stage}


def test_notices_alerts_and_tickets_are_drawn_after_the_steps(lab: Lab) -> None:
    wishes = tuple(Condition(event="shipping_failed", then=then) for then in ("call", "sms"))
    lab.faults({SHIP: REFUSED})
    view = lab.run(laptops(conditions=wishes))
    lab.faults()
    view = lab.decide(view, "retry", notice="email")
    extras = [one for one in view.steps if one.role == "extra"]
    assert [(one.id, one.title, one.state) for one in extras] == [
        ("ticket.ship", "Ticket about: Confirm shipping", "done"),
        ("alert.sms.ship", "Text about: Confirm shipping", "done"),
        ("ship/notice", "Email about: Confirm shipping", "done"),
    ]
    assert {one.stage for one in extras} == {max(one.stage for one in view.steps)}


def test_a_long_step_id_is_drawn_with_its_ticket(lab: Lab) -> None:
    long = "confirm_that_the_warehouse_ships_today"

    def rename(one: Step) -> Step:
        return one.model_copy(update={"id": long}) if one.id == "ship" else one

    request = lab.engine.complete(laptops(conditions=(Condition(event="shipping_failed", then="call"),)))
    plan = with_steps(saga(request), rename)
    wishes = tuple(wish.model_copy(update={"step": long}) for wish in plan.conditions)
    lab.faults({SHIP: REFUSED})
    view = lab.run(request, plan.model_copy(update={"conditions": wishes}))
    assert states(view)[f"ticket.{long}"] == "done"


def test_a_stuck_undo_is_shown_where_it_is_stuck(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, "payment_processing.refund": REFUSED})
    view = lab.decide(lab.run(), "give_up")
    assert (step(view, "charge").state, step(view, "charge").undo_state) == ("attention", "failed")
    assert (step(view, "book").state, step(view, "create").state) == ("undone", "undone")
    assert any(text.startswith("Undo of Charge card is stuck") for text in texts(view))


# Notes


def test_a_wallet_that_is_short_says_by_how_much(lab: Lab) -> None:
    assert step(lab.run(CORPORATE), "debit").note == "The wallet holds too little: $1,900.00 short"


def test_an_answer_is_told_in_words_and_in_its_currency() -> None:
    answer = {
        "payment_id": "PAY_1",
        "paid_minor": 1_250,
        "price_minor": 900,
        "payment_status": "completed",
        "delayed": True,
        "cancelled": False,
        "rule_since": 2,
        "booking": None,
        "supplier": "Alder Market",
    }
    assert answer_note(answer, "EUR", "JPY") == "PAY_1, paid €12.50, price ¥900, delayed, supplier Alder Market"


def test_contact_data_are_masked_in_notes(lab: Lab) -> None:
    view = lab.run(laptops(customer_email="mara@keller.example", phone_number="+49 151 5550177"))
    shown = " ".join(one.note for one in view.steps) + " ".join(texts(view))
    assert "mara" not in shown and "5550177" not in shown
    assert "@keller.example" in step(view, "email").note and step(view, "sms").note.endswith("77")


# Money


def test_money_is_shown_in_what_was_paid(lab: Lab) -> None:
    view = lab.run(laptops(convert_to="EUR"))
    money = view.money
    assert {one.currency for one in (money.captured, money.refunded, money.kept, money.held, money.owed)} == {"EUR"}
    assert (money.captured, money.refunded.minor, money.owed.minor) == (money.held, 0, 0)


def test_money_that_was_given_back_is_shown_as_refunded(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    money = lab.decide(lab.run(), "give_up").money
    assert (money.captured.minor, money.refunded.minor, money.kept.minor, money.held.minor) == (200_000, 200_000, 0, 0)
    assert money.balanced


def test_while_the_booking_is_to_come_money_and_booking_differ(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    money = lab.run().money
    assert (money.kept.minor, money.held.minor, money.balanced, money.owed.minor) == (200_000, 0, False, 0)


def test_the_ledger_has_a_line_per_posting_and_one_for_an_effect_without(lab: Lab) -> None:
    view = lab.run(laptops(notifications=Notifications(email=False, sms=False)))
    lines = [(line.action, line.state, line.account, line.amount and line.amount.minor) for line in view.ledger]
    assert lines == [
        ("charge", "done", "card", -200_000),
        ("charge", "done", "house", 200_000),
        ("create", "done", None, None),
        ("book", "done", None, None),
        ("confirm", "done", None, None),
    ]
    positions = [line.position for line in view.ledger]
    assert positions == sorted(positions)


def test_an_undo_is_done_in_the_ledger_at_its_own_place_under_its_own_name(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    request = laptops(notifications=Notifications(email=False, sms=False))
    view = lab.run(request, plans.saga(request, ask=False))
    lines = [(line.action, line.state, line.account, line.amount and line.amount.minor) for line in view.ledger]
    assert lines == [
        ("charge", "undone", "card", -200_000),
        ("charge", "undone", "house", 200_000),
        ("create", "undone", None, None),
        ("cancel", "done", None, None),
        ("refund", "done", "card", 200_000),
        ("refund", "done", "house", -200_000),
    ]


# Events and controls


def test_events_tell_the_run_in_words(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, EMAIL: LOST})
    view = lab.run(retry=ONCE)
    lab.faults({EMAIL: LOST})
    view = lab.decide(view, "retry", notice="sms")
    told = texts(view)
    assert told[0] == "Started, plan saga"
    assert told[-1] == "Ended: confirmed"
    for text in (
        "Confirm shipping: attempt 1 failed, warehouse system unavailable",
        "Confirm shipping failed for good: warehouse system unavailable",
        "Waiting for a person: Confirm shipping",
        "Decided about Confirm shipping: Retry, telling the customer by sms",
        "Email: attempt 1 failed, no answer in time",
        "Email: the effect had happened after all",
        "Confirmed: nothing is undone from here",
    ):
        assert text in told
    assert [event.seq for event in view.events] == list(range(1, view.seq + 1))


def test_the_way_back_is_told_in_words(lab: Lab) -> None:
    lab.faults({BOOK: Rates(slow=1)})
    told = texts(lab.decide(lab.run(retry=ONCE), "give_up"))
    assert (
        told.index("Turning back: undo in reverse order")
        == told.index("Decided about Book items: Give up and undo") + 1
    )
    assert "Book items: key closed, no effect" in told
    assert any(text.startswith("Charge card: undo 1 done in") for text in told)
    assert told[-1] == "Ended: refunded"


def test_what_people_asked_is_shown(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED, "payment_processing.refund": REFUSED})
    plan = with_steps(
        saga(lab.engine.complete(laptops())),
        lambda one: one.model_copy(update={"retry": PATIENT}) if one.id == "book" else one,
    )
    id = lab.start(plan=plan)
    lab.until(id, lambda view: step(view, "book").attempts == 1)
    lab.engine.control(id, "hurry")
    lab.until(id, lambda view: step(view, "book").attempts == 2)
    lab.engine.control(id, "pause")
    assert lab.engine.run(id).control == Control(paused=True, hurries=1)
    lab.engine.control(id, "cancel")
    view = lab.settled(id, ("compensation_stuck",))
    assert view.control == Control(cancelled=True, hurries=1)  # a cancel ends the pause
    assert [text for text in texts(view) if text.endswith("by a person")] == [
        "Retried now by a person",
        "Paused by a person",
        "Cancelled by a person",
    ]


def test_times_are_of_the_run_and_status_and_summary_come_with_it(lab: Lab) -> None:
    before = time.time()
    view = lab.run()
    assert before - 1 <= view.row.created_at <= (view.row.ended_at or 0) <= time.time() + 1
    assert view.summary and view.row.title == "2 × laptop"

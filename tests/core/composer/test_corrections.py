"""Corrections inside a field or a wish: what is said last counts, and the words that gave way are used up."""

from __future__ import annotations

from typing import Any

import pytest

from core.composer.base import Reading
from core.composer.changes import Composed
from core.composer.offline import OfflineComposer
from core.composer.offline.corrections import corrected
from core.composer.offline.text import Written
from core.composer.refine import refine
from core.models import Condition, Notifications, PlanWish

ORDER = "Order 2 gimbals"
FIXES = [", no, ", ", sorry, ", ", no wait, ", " - I mean ", ", actually ", ". No, make that ", ", oops, "]


def read(text: str) -> Reading:
    return OfflineComposer().read(text)


PAIRS: list[tuple[str, str, str]] = [  # words, what replaces them, how the same is said at once
    ("for $900", "$800", "for $800"),
    ("at $900 each", "$800 each", "at $800 each"),
    ("at $900 each", "$800", "at $800 each"),
    ("at 900 euros each", "950 euros", "at 950 euros each"),
    ("with a budget of $900", "$1,000", "with a budget of $1,000"),
    ("10% off", "15%", "15% off"),
    ("ship overnight", "standard", "standard shipping"),
    ("with express shipping", "pickup", "pickup"),
    ("overnight", "express", "express"),
    ("in euros", "pounds", "in pounds"),
    ("pay in euros", "in pounds", "pay in pounds"),
    ("confirm by email", "by SMS", "confirm by SMS"),
    ("email me when it ships", "text me", "text me when it ships"),
    ("on Monday", "Tuesday", "on Tuesday"),
    ("by 5 March", "the 6th", "by 6th March"),
    ("by March 5th", "March 6th", "by March 6th"),
    ("on Friday at 9am", "10am", "on Friday at 10am"),
    ("on Friday at 9am", "10", "on Friday at 10am"),
    ("high priority", "low", "low priority"),
    ("from the team wallet", "the small wallet", "from the small wallet"),
    ("from the team wallet", "the small one", "from the small wallet"),
    ("ship to Berlin", "Hamburg", "ship to Hamburg"),
    ("email ana@example.com", "bob@example.com", "email bob@example.com"),
    ("ship to 12 Main Street", "14 Main Street", "ship to 14 Main Street"),
    ("with code SAVE10", "SAVE20", "with code SAVE20"),
    ("call me at 555-123-4567", "555-765-4321", "call me at 555-765-4321"),
    ("try shipping twice", "three times", "try shipping three times"),
    ("try shipping five times", "four", "try shipping four times"),
    ("retry the payment once", "twice", "retry the payment twice"),
    ("email me before you charge", "text me", "text me before you charge"),
    ("if shipping fails call me", "email me", "if shipping fails email me"),
    ("text me if it's out of stock", "call me", "call me if it's out of stock"),
]


@pytest.mark.parametrize("fix", FIXES)
@pytest.mark.parametrize(("old", "new", "meant"), PAIRS, ids=[f"{old}: {new}" for old, new, _ in PAIRS])
def test_a_correction_is_read_as_if_it_had_been_said_at_once(old: str, new: str, meant: str, fix: str) -> None:
    reading, same = read(f"{ORDER}, {old}{fix}{new}"), read(f"{ORDER}, {meant}")
    assert reading.request == same.request
    assert (reading.wishes, reading.answers, reading.plan) == (same.wishes, same.answers, same.plan)
    assert reading.ignored == same.ignored


def test_words_that_only_stress_are_passed_over() -> None:
    reading = read(f"{ORDER}, whatever happens don't retry the payment")
    assert reading.wishes == (PlanWish(step="payment", attempts=1),)
    assert reading.request.items == read(ORDER).request.items and reading.ignored == ()


def test_a_correction_in_the_middle_leaves_the_rest_as_it_is() -> None:
    text = "Order 2 gimbals for $900, no, $800, try shipping twice, sorry, four times, and if shipping fails call me"
    reading = read(text)
    assert (reading.request.total_price, reading.request.items[0].quantity) == (800, 2)
    assert reading.wishes == (PlanWish(step="shipping", attempts=4),)
    assert reading.request.conditions == (Condition(event="shipping_failed", then="call"),)


def test_of_three_values_the_last_counts() -> None:
    assert read(f"{ORDER} by Monday, no, Tuesday, no, Wednesday").request.date == "wednesday"


def test_what_replaces_may_be_said_first() -> None:
    assert read(f"{ORDER}, overnight, standard I mean").request.shipping_method == "standard"


def test_the_words_of_a_correction_are_marked_as_written() -> None:
    reading = read(f"{ORDER}, for $900, no, $800")
    words = {span.field: reading.text[span.start : span.end] for span in reading.spans}
    assert words["total_price"] == "$900, no, $800"
    assert reading.text == f"{ORDER}, for $900, no, $800"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Book a flight from Berlin to Rome, sorry, Paris", "destination", "Paris"),
        ("Book a flight to Rome in business class, no, economy", "travel_class", "economy"),
        ("Book a flight to Rome on Monday, no wait, Tuesday", "date", "tuesday"),
        ("Book a flight to Rome for 2 people, no, 3 people", "passengers", 3),
        ("Book a hotel in Rome for 3 nights, no, 4 nights", "nights", 4),
        ("Book a hotel in Rome for 3 nights, sorry, 4", "nights", 4),
        ("Book a flight to Rome from Monday to Friday, no, Saturday", "return_date", "saturday"),
    ],
)
def test_corrections_of_a_trip(text: str, field: str, value: Any) -> None:
    assert getattr(read(text).request, field) == value


@pytest.mark.parametrize(
    "text",
    [
        "Order 2 gimbals, no, 3 flanges",
        "Order 2 gimbals at $900 each, no, 3 gimbals",
        "Order 2 gimbals at $900 each, no, 3",
        "Order 2 gimbals by email no sms",
        "Order 2 gimbals overnight, no express shipping",
        "Order 2 gimbals from Berlin to Rome, no, from Hamburg",
        "Order 3 express, no, standard boxes",
        "Order 2 gimbals, no rush",
        "Order 2 gimbals, no, 3",
    ],
)
def test_what_is_no_pair_is_left_as_it_is(text: str) -> None:
    assert corrected(Written(text)).text == text


def test_a_channel_that_is_declined_corrects_none() -> None:
    assert read(f"{ORDER}, by email, no sms").request.notifications == Notifications(email=True, sms=False)


def test_lines_are_corrected_as_before() -> None:
    assert [(item.name, item.quantity) for item in read("Order 2 gimbals, no, 3").request.items] == [("gimbal", 3)]


def test_a_change_in_words_may_be_corrected_too() -> None:
    reading = read(ORDER)
    found = refine(Composed(reading.request, reading.plan, reading.wishes), "try shipping twice, no, three times")
    assert found.after.wishes == (PlanWish(step="shipping", attempts=3),)
    assert found.after.request == reading.request

"""What stands beside a trip or an appointment and can't be part of it is said, with the sentence that orders it."""

from __future__ import annotations

import re

import pytest

from core.composer.base import Reading
from core.composer.offline import OfflineComposer


def read(text: str) -> Reading:
    return OfflineComposer().read(text)


GOODS = [
    ("Book a flight to Paris and order 2 suitcases", "2 suitcases"),
    ("Order 2 suitcases and book a flight to Paris", "2 suitcases"),
    ("Book a flight to Paris. Also buy 3 gimbals at $20 each.", "3 gimbals"),
    ("Book 2 train tickets to Rome and 3 sandwiches", "3 sandwiches"),
    ("Book a hotel in Rome for 3 nights, and order five umbrellas", "five umbrellas"),
    ("Book a flight to Paris and a massage", "a massage"),
]
TRIPS = [
    ("Book a flight to Paris and a hotel in Rome", "a hotel in Rome"),
    ("Book a flight to Paris and a flight to Rome", "a flight to Rome"),
    ("Book a flight from Berlin to Paris on Monday and a rental car in Paris", "a rental car in Paris"),
    ("Book a hotel in Rome for 3 nights and a taxi to the airport", "a taxi to the airport"),
    ("Book a flight to Paris, then a train to Lyon", "a train to Lyon"),
    ("I need a flight to Rome and please book a hotel", "a hotel"),
]
SERVED = [
    ("get my car washed and order 2 combs", "2 combs"),
    ("I need someone to fix my sink and 2 new taps", "2 new taps"),
]


@pytest.mark.parametrize(("text", "left"), GOODS + TRIPS, ids=[text for text, _ in GOODS + TRIPS])
def test_what_is_no_part_of_a_trip_is_said(text: str, left: str) -> None:
    reading = read(text)
    assert reading.request.workflow_type == "travel_booking" and reading.request.items == ()
    (answer,) = reading.answers
    assert f"'{left}' can't be part of it" in answer.text and answer.offer == ""
    span = next(span for span in reading.spans if span.field == "answers.0")
    assert reading.text[span.start : span.end] == left
    assert left not in reading.ignored


@pytest.mark.parametrize(("text", "left"), SERVED)
def test_what_is_no_part_of_an_appointment_is_said(text: str, left: str) -> None:
    reading = read(text)
    assert reading.request.workflow_type == "service_appointment" and len(reading.request.items) == 1
    assert f"'{left}' can't be part of it" in reading.answers[0].text


@pytest.mark.parametrize(("text", "left"), GOODS + TRIPS + SERVED)
def test_the_sentence_that_is_named_orders_it_alone(text: str, left: str) -> None:
    named = re.search(r"order: '(.+)'\.", read(text).answers[0].text)
    assert named
    alone = read(named[1])
    assert alone.answers == () and (alone.request.items or alone.request.travel_mode)


def test_the_trip_itself_is_read_as_without_it() -> None:
    for text, plain in [
        ("Book a flight to Paris and a hotel in Rome", "Book a flight to Paris"),
        (
            "Book a flight from Berlin to Paris on Monday and order 2 suitcases",
            "Book a flight from Berlin to Paris on Monday",
        ),
    ]:
        assert read(text).request == read(plain).request


def test_a_place_that_two_trips_share_is_kept() -> None:
    reading = read("I need a flight and hotel in Rome")
    assert (reading.request.travel_mode, reading.request.destination) == ("flight", "Rome")
    assert "'Book a hotel in Rome'" in reading.answers[0].text


@pytest.mark.parametrize(
    "text",
    [
        "Book a flight to Paris and a return flight on Friday",
        "Book a flight to Paris for 2 adults and 2 children",
        "Book a hotel in Rome with a pool and a balcony",
        "Book a hotel in Rome, 2 rooms, 3 nights",
        "Book a flight to Paris with a window seat",
        "Book a flight to Paris and get me a window seat",
        "Book a flight to Paris with 2 suitcases",
        "Book a table for two at 8pm",
        "Order 2 gimbals and 3 flanges",
    ],
)
def test_what_belongs_to_it_is_not_left_out(text: str) -> None:
    assert read(text).answers == ()


@pytest.mark.parametrize(
    ("text", "name", "other"),
    [
        ("Order a cola or a lemonade", "cola", "a lemonade"),
        ("I'd like a pizza or a calzone for lunch", "pizza", "a calzone"),
        ("get me a mug or a cup, and 2 spoons", "mug", "a cup"),
    ],
)
def test_of_one_or_the_other_the_first_is_read_and_both_are_named(text: str, name: str, other: str) -> None:
    reading = read(text)
    assert reading.request.items[0].name == name
    assert other not in [item.name for item in reading.request.items]
    assert f"'a {name}' or '{other}'" in reading.answers[0].text

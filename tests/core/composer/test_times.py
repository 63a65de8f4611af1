"""Days and times as they are spoken and written in haste, and what only looks like them."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.spelling import mend
from core.models import OrderRequest


def read(text: str) -> OrderRequest:
    return OfflineComposer().read(text).request


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("a facial on Friday, half ten", "10:30"),
        ("a dentist on Tuesday at twenty to four", "15:40"),
        ("a plumber on Monday at ten past eleven", "11:10"),
        ("a cab from Leith to the zoo on the 3rd at quarter to noon", "11:45"),
        ("a gas inspection next Tuesday, 9.15", "09:15"),
        ("a locksmith for 9ish tomorrow", "09:00"),
        ("a sitter on Friday from 7 to 11 in the evening", "19:00"),
        ("a table for 3 at the grill for 8", "20:00"),
        ("a table for 5 under the name Ruth at 7", "19:00"),
        ("a seat on the 10.40 to Perth", "10:40"),
    ],
)
def test_a_time_is_read_as_it_is_spoken(said: str, time: str) -> None:
    assert read(f"book {said}").time == time


def test_hours_run_together_are_times_where_one_leaves_or_arrives() -> None:
    assert read("I want to leave Fargo at 745 and arrive in Omaha by 1120").time == "07:45"


@pytest.mark.parametrize("text", ["5ish laptops for the office", "order half ten mugs", "pens, 8.30 each"])
def test_other_numbers_are_no_times(text: str) -> None:
    assert read(text).time is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Order 3 wreaths by Christmas", "christmas"),
        ("2 christmas trees before christmas eve please", "christmas eve"),
        ("a table for 4 on New Year's Eve at 8", "new year's eve"),
        ("a flight to Bergen on boxing day", "boxing day"),
        ("Order 3 easter eggs for easter", None),
        ("Order 3 christmas jumpers", None),
    ],
)
def test_a_feast_is_a_day_where_something_is_by_then(text: str, day: str | None) -> None:
    assert read(text).date == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("a room in Ghent 4/6 until 4/9", ("4/6", "4/9")),
        ("a car in Faro between 7/2 and 7/8", ("7/2", "7/8")),
        ("a train from Bath to Leeds on 5/14", ("5/14", None)),
        ("fly from Cork to Nantes on Monday and return the following day", ("monday", "the following day")),
        ("a hotel in Graz from Tuesday, leaving the next day", ("tuesday", "the next day")),
        ("pick up a rental in Reno on the 3rd, drop it off in Elko on the 9th", ("the 3rd", "the 9th")),
        ("hire a van in Bonn, 12 May, back on the 14th", ("12 may", "the 14th")),
    ],
)
def test_the_days_of_a_trip_are_read(text: str, days: tuple[str, str | None]) -> None:
    request = read(text)
    assert (request.date, request.return_date) == days


@pytest.mark.parametrize("text", ["order 1/2 inch bolts", "a 3/4 inch pipe, please", "buy a 24/7 sign"])
def test_a_fraction_is_no_day(text: str) -> None:
    assert read(text).date is None


def test_a_day_may_stand_in_a_sentence_of_its_own() -> None:
    assert read("I need a locksmith. Thursday the 9th, in the morning.").date == "thursday"
    assert read("Order 3 desks. Friday was lovely.").date is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("from marc 2nd", "from march 2nd"),
        ("the 3rd of agust", "the 3rd of august"),
        ("the match 2nd", "the match 2nd"),
    ],
)
def test_a_month_is_put_right_beside_its_day(text: str, meant: str) -> None:
    assert mend(text) == meant


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("a photographer on 12 june from 7 till 11pm", "19:00"),
        ("a cleaner from 9 to 5pm tomorrow", "09:00"),
        ("book a cleaner from 10 to 2pm on friday", "10:00"),
        ("a sitter on friday from 10 to 1 am", "22:00"),
        ("a venue from 11am to 1pm", "11:00"),
        ("a lift to the airport at 5", "17:00"),
        ("reserve a meeting room for ten people tomorrow 2 to 4", "14:00"),
        ("a cleaner on friday from 9 to 12", "09:00"),
    ],
)
def test_the_half_of_the_day_of_the_end_tells_that_of_the_beginning(text: str, time: str) -> None:
    assert read(text).time == time


def test_a_day_before_its_hours_is_kept() -> None:
    request = read("reserve a meeting room for ten people tomorrow 2 to 4")
    assert (request.date, request.time) == ("tomorrow", "14:00")


def test_of_two_days_the_first_is_taken_and_both_are_named() -> None:
    reading = OfflineComposer().read("a dentist on friday or saturday")
    assert reading.request.date == "friday"
    assert "'friday' or 'saturday'" in reading.answers[0].text

"""Days on no calendar and times of no day are answered, never taken."""

from __future__ import annotations

import pytest

from core.composer.changes import Composed
from core.composer.offline import OfflineComposer
from core.composer.offline.dates import is_possible
from core.composer.refine import refine

ORDER = "Order 2 gimbals"
IMPOSSIBLE = [
    "31 February",
    "February 30",
    "31st of April",
    "2026-02-31",
    "2026-13-01",
    "32nd of May",
    "31/02/2026",
    "45.13.2026",
    "the thirty-first of June",
    "29 February 2027",
    "the 35th",
    "May 0",
]
POSSIBLE = [
    ("29 February", "29 february"),
    ("29 February 2028", "29 february 2028"),
    ("12/31/2026", "12/31/2026"),
    ("31/12/2026", "31/12/2026"),
    ("the 31st", "the 31st"),
    ("in 45 days", "in 45 days"),
    ("April 30", "april 30"),
    ("2028-02-29", "2028-02-29"),
]


@pytest.mark.parametrize("day", IMPOSSIBLE)
@pytest.mark.parametrize(
    "form", ["{order} by {day}", "{order}, needed on {day}, standard shipping", "{order}. Deliver by {day}."]
)
def test_a_day_on_no_calendar_is_answered(day: str, form: str) -> None:
    reading = OfflineComposer().read(form.format(order=ORDER, day=day))
    assert reading.request.date is None and reading.request.return_date is None
    assert [(item.name, item.quantity) for item in reading.request.items] == [("gimbal", 2)]
    assert reading.ignored == ()
    (answer,) = reading.answers
    assert "is on no calendar" in answer.text and day.removeprefix("the ") in answer.text
    span = next(span for span in reading.spans if span.field == "answers.0")
    assert day.endswith(reading.text[span.start : span.end].removeprefix("the "))


@pytest.mark.parametrize(("day", "found"), POSSIBLE)
def test_a_day_that_can_be_is_taken(day: str, found: str) -> None:
    reading = OfflineComposer().read(f"{ORDER} by {day}" if not day.startswith("in") else f"{ORDER} {day}")
    assert (reading.request.date, reading.answers) == (found, ())


@pytest.mark.parametrize(
    ("text", "date", "back"),
    [
        ("Book a flight to Rome on 31 February", None, None),
        ("Book a flight to Rome from 30 February to 2 March", None, "2 march"),
        ("Book a hotel in Rome from 1 May until 31 June", "1 may", None),
    ],
)
def test_of_a_trip_only_the_day_that_can_be_counts(text: str, date: str | None, back: str | None) -> None:
    reading = OfflineComposer().read(text)
    assert (reading.request.date, reading.request.return_date) == (date, back)
    assert "is on no calendar" in reading.answers[0].text


@pytest.mark.parametrize("time", ["25:00", "9:75", "14pm", "13 o'clock"])
def test_a_time_of_no_day_is_answered(time: str) -> None:
    reading = OfflineComposer().read(f"Book a haircut on Friday at {time}")
    assert (reading.request.date, reading.request.time) == ("friday", None)
    assert f"'{time}' is no time of day" in reading.answers[0].text


def test_a_number_of_things_after_a_month_is_no_day() -> None:
    assert OfflineComposer().read("Order in May 45 chairs").request.items[0].quantity == 45


def test_a_change_to_a_day_on_no_calendar_changes_nothing() -> None:
    reading = OfflineComposer().read(f"{ORDER} by 4 May")
    found = refine(Composed(reading.request, reading.plan, reading.wishes), "by 31 February")
    assert found.changes == () and "is on no calendar" in found.answers[0].text


@pytest.mark.parametrize("words", ["tomorrow", "next friday", "in 45 days", "end of the month", "the 1st", "march 5"])
def test_what_names_no_day_of_a_month_is_possible(words: str) -> None:
    assert is_possible(words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a flight from Rome to Oslo, 5 may to 3 may", "The return on 3 may is before the departure on 5 may"),
        ("a flight from Rome to Oslo on 2026-05-05, returning 2026-05-03", "before the departure on 2026-05-05"),
        ("a flight to Ghent from Ghent", "begins and ends in Ghent"),
        ("a flight from Rome to Oslo, 28 december to 3 january", None),
        ("a flight from Rome to Oslo, 3 may to 5 may", None),
    ],
)
def test_a_trip_that_can_not_be_is_answered(text: str, said: str | None) -> None:
    told = " ".join(answer.text for answer in OfflineComposer().read(text).answers)
    assert said in told if said else not told

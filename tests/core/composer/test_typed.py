"""A field that is typed by itself is read as the same words are in a sentence."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.typed import A_DAY, A_TIME, read_day, read_figure, read_time
from core.errors import RequestRefused


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-06-12", "2026-06-12"),
        ("12 June", "12 june"),
        ("June 12th, 2027", "june 12th, 2027"),
        ("Saturday, 12 June", "12 june"),
        ("the 5th", "the 5th"),
        ("31/12/2026", "31/12/2026"),
        ("5/2", "5/2"),
        ("next tuesday", "next tuesday"),
        ("next tusday", "next tuesday"),
        ("Tue", "tue"),
        ("by Friday", "friday"),
        ("tomorrow", "tomorrow"),
        ("in two weeks", "in two weeks"),
        ("end of the month", "end of the month"),
        ("the end of June", "end of june"),
        ("29 February", "29 february"),
    ],
)
def test_a_day_is_read_as_in_a_sentence(typed: str, day: str) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize("typed", ["31 February", "2026-02-30", "32/13/2026", "30 February 2028"])
def test_a_day_on_no_calendar_is_refused(typed: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_day(typed)
    assert (refused.value.field, str(refused.value)) == ("date", f"'{typed}' is on no calendar. {A_DAY}")


@pytest.mark.parametrize(
    "typed", ["blah", "12 June blah", "12 June at 5 pm", "12 June to 14 June", "not friday", "9", "x" * 9000, "\0", ""]
)
def test_what_names_no_day_is_refused(typed: str) -> None:
    with pytest.raises(RequestRefused, match="names no day") as refused:
        read_day(typed)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("14:30", "14:30"),
        ("02:05", "02:05"),
        ("half past nine", "09:30"),
        ("half past nine in the evening", "21:30"),
        ("quarter to six", "17:45"),
        ("ten to five", "16:50"),
        ("nine thirty", "09:30"),
        ("9 PM", "21:00"),
        ("9", "09:00"),
        ("at 9", "09:00"),
        ("9.30", "09:30"),
        ("noon", "12:00"),
    ],
)
def test_a_time_is_read_as_in_a_sentence(typed: str, time: str) -> None:
    assert read_time(typed) == time


@pytest.mark.parametrize(
    "typed",
    ["25:00", "99:99", "14pm", "blah", "9 laptops", "tomorrow", "tomorrow at 9", "in the morning", "", "9" * 999],
)
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(RequestRefused, match="is no time of day") as refused:
        read_time(typed)
    assert refused.value.field == "time"
    assert str(refused.value).endswith(A_TIME)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("5,000", "5000"),
        ("5000.50", "5000.50"),
        ("5k", "5000"),
        ("five thousand", "5000"),
        ("-5", "-5"),
        ("NaN", "NaN"),
        ("lots", "lots"),
        ("1,5", "1,5"),
        ("", ""),
    ],
)
def test_a_number_is_given_in_digits_and_other_words_as_they_are(typed: str, figure: str) -> None:
    assert read_figure(typed) == figure


@pytest.mark.parametrize("day", ["12 June", "next tuesday", "tomorrow", "2026-06-12", "in two weeks"])
@pytest.mark.parametrize("time", ["half past nine", "9 pm", "14:30"])
def test_what_is_typed_in_a_form_is_what_a_sentence_gives(day: str, time: str) -> None:
    lead = "" if day.startswith("in ") else "on "
    found = OfflineComposer().read(f"Book a haircut {lead}{day} at {time}").request
    assert (read_day(day), read_time(time)) == (found.date, found.time)

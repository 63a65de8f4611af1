"""A single field as a person types it, read as the same words are in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from core.composer.offline.dates import read_dates
from core.composer.offline.numbers import read_number
from core.composer.offline.text import GONE, Draft, Written
from core.composer.offline.times import read_times
from core.errors import RequestRefused

LONGEST = 120  # characters of a day or a time
A_DAY = "Write a day such as 2026-06-12, '12 June' or 'next tuesday'."
A_TIME = "Write a time of day such as 14:30, '2 pm' or 'half past nine'."
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
# A reader looks at it for the half of the day, and leaves it.
_HALF_OF_DAY = re.compile(r"in the (?:morning|afternoon|evening)|at night", re.IGNORECASE)


def read_day(words: str) -> str:
    """A day as an order holds it: as ISO where it is written so, else the phrase.

    Raises RequestRefused for a day on no calendar and for what names none.
    """
    drafts = list(_drafts(words, ("", "on "), read_dates))
    for draft in drafts:
        if set(draft.values) == {"date"} and not _left(draft):
            return str(draft.values["date"])
    why = "is on no calendar" if any(draft.answers and not draft.declined for draft in drafts) else "names no day"
    raise RequestRefused("date", f"'{words[:60]}' {why}. {A_DAY}")


def read_time(words: str) -> str:
    """A time of day as HH:MM. Raises RequestRefused for what names none."""
    if _CLOCK.fullmatch(words):
        return words
    for draft in _drafts(words, ("", "at ", "tomorrow at ", "tomorrow "), read_times):
        if set(draft.values) == {"time"} and not _HALF_OF_DAY.sub("", _left(draft)).strip():
            return str(draft.values["time"])
    raise RequestRefused("time", f"'{words[:60]}' is no time of day. {A_TIME}")


def read_figure(words: str) -> str:
    """A number in digits, such as '5000' of '5,000', '5k' or 'five thousand'; other words as they are."""
    number = read_number(words)
    return words if number is None else f"{number:f}"


def _drafts(words: str, leads: Iterable[str], read: Callable[[Draft, int, int], None]) -> Iterator[Draft]:
    """What a reader makes of the words behind each lead, as words of a sentence lead to a day or a time."""
    for lead in leads if len(words) <= LONGEST else ():
        draft = Draft(Written(lead + words))
        read(draft, 0, len(draft.text))
        draft.claim(0, len(lead))
        yield draft


def _left(draft: Draft) -> str:
    """The words that gave nothing."""
    return re.sub(rf"[{GONE}\s.,]+", " ", draft.rest).strip()

"""Dates as ISO where they are written so, else as the phrase; times as HH:MM; nights."""

from __future__ import annotations

import re
from datetime import date

from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.text import Draft, rx

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAY = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_PART = r"(?:\s(?:morning|afternoon|evening|night)\b)?"
DATE = (
    r"(?:\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s20\d\d\b)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{MONTH}(?:,?\s20\d\d\b)?"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d\b"
    rf"|(?:(?:this|next|coming)\s)?{_DAY}\b{_PART}"
    r"|the day after tomorrow|tomorrow\b(?:\s(?:morning|afternoon|evening|night)\b)?|tonight"
    r"|today|(?:this|next)\s(?:week(?:end)?|month)\b"
    rf"|in\s(?:about\s)?(?:{NUMBER}|a)\s(?:days?|weeks?|months?)\b"
    r"|(?:the )?end of (?:the |this |next )?(?:week|month|year|quarter)"
    r"|the \d{1,2}(?:st|nd|rd|th)\b)"
)
_LEAD = (
    r"(?:\b(?:needed|required|due|deliver(?:ed|y)?|arriv(?:e|ing)|here|ready|depart(?:ing)?"
    r"|leav(?:e|ing)|starting|beginning|check(?:ing)?[ -]in)\s)?"
    r"(?:\b(?:by|on|before|for|from|until|no later than|starting)\s)?(?:the\s(?=\d))?"
)
_BACK = (
    r"(?:\b(?:and\s)?(?:return(?:ing)?|com(?:e|ing) back|back|go(?:ing)? back|home again"
    r"|check(?:ing)?[ -]out|until|till|through)"
    r"(?:\s(?:on|by|home))?)\s"
)
_RANGE = rx(rf"\b(?:from\s)?(?P<out>{DATE})\s?(?:to|-|until|till|through)\s?(?P<back>{DATE})")
_RETURN = rx(rf"{_BACK}(?P<back>{DATE}|{_SHORT_DAY})")
_OUT = rx(rf"{_LEAD}\b(?P<out>{DATE})|\b(?:on|by|this|next)\s(?P<short>{_SHORT_DAY})(?=\W|\Z)")
_TIME = rx(
    r"(?:\b(?:at|by|from|around"
    r"|before)\s)?(?<![\d:.])(?:(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d:])|\b(?P<word>noon|midnight|midday)\b)"
)
NIGHTS = rx(rf"(?:\bfor\s)?(?P<count>{NUMBER}|\ba\b|\bone\b)[ -](?P<unit>nights?|weeks?)\b(?:\sstay)?")


def read_dates(draft: Draft, start: int, end: int) -> None:
    """Dates and times within text[start:end]: the first is when, the one after 'returning' or 'to' is the return."""
    for match in _RANGE.finditer(draft.rest, start, end):
        _date(draft, "date", match, "out", claim=False)
        _date(draft, "return_date", match, "back")
    for match in _RETURN.finditer(draft.rest, start, end):
        _date(draft, "return_date", match, "back")
    for match in _TIME.finditer(draft.rest, start, end):
        if found := _clock(match):
            draft.give("time", found, match)
    for match in _OUT.finditer(draft.rest, start, end):
        _date(draft, "date", match, "out" if match["out"] else "short")


def read_nights(draft: Draft) -> None:
    """How many nights a stay lasts; weeks are seven."""
    for match in NIGHTS.finditer(draft.rest):
        count = 1 if match["count"].lower() in ("a", "one") else read_number(match["count"])
        if count is not None:
            draft.give("nights", int(count) * (7 if match["unit"].lower().startswith("week") else 1), match)


def _date(draft: Draft, field: str, match: re.Match[str], group: str, claim: bool = True) -> None:
    words = re.sub(r"\s+", " ", match[group].lower()).strip(" .,")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words) and not _exists(words):
        return
    if field not in draft.values:
        draft.values[field] = words
        draft.note(field, *match.span(group))
    if claim:
        draft.claim(*match.span())


def _exists(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def _clock(match: re.Match[str]) -> str | None:
    if word := match["word"]:
        return "00:00" if word.lower() == "midnight" else "12:00"
    if match["h24"]:
        return f"{int(match['h24']):02}:{match['m24']}"
    hour = int(match["hour"])
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour:02}:{match['minute'] or '00'}"

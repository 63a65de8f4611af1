"""Dates as ISO where they are written so, else as the phrase; nights."""

from __future__ import annotations

import re
from datetime import date

from core.composer.offline import answers
from core.composer.offline.days import (
    DATE,
    DATE_WORDS,
    DAY,
    DAYS,
    FEAST,
    FEAST_WORDS,
    MONTH,
    ORDINAL,
    SHORT_DAY,
    SLASHED,
    SPELLED,
    ordinal,
)
from core.composer.offline.fixes import FIX_WORDS
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import END, JOINING, Draft
from core.composer.offline.times import read_times

_LEAD = (
    r"(?:\b(?:needed|required|due|deliver(?:ed|y)?|arriv(?:e|ing)|here|ready|depart(?:ing)?"
    r"|leav(?:e|ing)|starting|beginning|check(?:ing)?[ -]in)\s)?"
    r"(?:\b(?:by|on|before|for|from|until|till|no later than|starting)\s)?(?:the\s(?=\d))?"
)
_BACK = (
    r"(?:\b(?:and\s)?(?:(?:return(?:ing)?|bring(?:ing)?|drop(?:ping)?|giv(?:e|ing)|tak(?:e|ing))\s(?:it|them|the\s\w+)"
    r"(?:\s(?:back|off))?(?:\s(?:in|at)(?:\s[a-z]+){1,3}?(?=\son\b))?"
    r"|return(?:ing)?|com(?:e|ing) (?:back|home)|back|home|fly(?:ing)? back|leav(?:e|ing) again"
    r"|(?:go|fly|head|drive|travel)(?:ing)? (?:back|home)"
    r"|home again"
    r"|check(?:ing)?[ -]out|(?<=and )out|until|till|through)"
    r"(?:\s(?:on|by|home))?)\s"
)
_RANGE = rx(
    rf"\b(?:from\s)?(?P<out>{DATE})\s?(?:to|-|until|till|through|thru)\s?(?P<back>{DATE})"
    rf"|(?<![\d/])(?:\b(?:from|for|on)\s)?(?P<out2>{SLASHED})\s?(?:to|-|until|till|through|thru)\s?(?P<back2>{SLASHED})",
    words=DATE_WORDS,
)
# "Don't deliver before Friday" names a day; "don't deliver on Friday" rules one out.
_BOUND = rx(r"\b(?:before|until|till|from|starting|later|after)\b")
_BETWEEN = rx(
    rf"\bbetween\s(?P<out>{DATE}|{SLASHED})\s?(?:and|through|to|-)\s?(?P<back>{DATE}|{SLASHED})", words="between"
)
# 'from the 2nd to the 9th of July': the first day lacks its month.
_SHARED_MONTH = rx(
    rf"\b(?:from\s|(?P<between>between\s))?(?:the\s)?(?P<out>\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})\s?"
    r"(?:to|-|until|till|through|(?(between)and|to))\s?(?:the\s)?"
    rf"(?P<back>(?:\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})(?:\sof)?\s(?P<month>{MONTH}))"
    rf"|\b(?:from\s)?(?P<month2>{MONTH})\s(?:the\s)?(?P<out2>\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})\s?"
    rf"(?:to|-|until|till|through)\s?(?:the\s)?(?P<back2>\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})(?!\s?(?:[ap]m|people"
    rf"|{MONTH}))\b",
    words=DATE_WORDS,
)
_NEXT_DAY = r"(?:the\s)?(?:next|following|same)\sday|the day after(?!\stomorrow)"
_RETURN = rx(
    rf"{_BACK}(?P<back>{DATE}|the\s{DAY}(?:\s(?:after|following))?|{SHORT_DAY}|{_NEXT_DAY}|{SLASHED})"
    rf"|\b(?:leav(?:e|ing)|depart(?:ing)?)\s(?P<back_then>{_NEXT_DAY})",
    words=DATE_WORDS,
)
# Of a stay, whoever arrives first leaves at its end.
_ARRIVED = rx(rf"\b(?:arriv(?:e|ing)|check(?:ing)?[ -]in)\s(?:on\s)?{DATE}", words="arrive check")
_LEFT = rx(rf"\b(?:leav(?:e|ing)|depart(?:ing)?)\s(?:on\s)?(?P<back>{DATE}|{_NEXT_DAY})", words="depart leave")
# Of two days, the one that it is needed by counts.
_NEEDED_BY = rx(r"(?:needed|required|due|deliver\w*|arriv\w*|depart\w*|leav\w*)\s")
_OUT = rx(
    rf"{_LEAD}\b(?P<out>{DATE})|\b(?:on|by|this|next)\s(?P<short>{SHORT_DAY})(?=\W|\Z)"
    rf"|\b(?:(?:on|by|before|from|until|till|for|leav(?:e|ing)|depart(?:ing)?|arriv(?:e|ing)|date|dates|starting|due)\s|{DAY},?\s)"
    rf"(?P<slashed>{SLASHED}){END}"
    rf"|\b(?:by|before|on|until|till)\s(?P<feast>{FEAST}){END}",
    words=f"{DATE_WORDS} {FEAST_WORDS}",
)
NIGHTS = rx(
    rf"(?:\bfor\s)?(?P<count>{NUMBER}|\ba\b|\bone\b)[ -](?P<unit>nights?|weeks?)\b(?:\sstay)?", words="night week"
)

# 'on friday or saturday': the first is taken, and both are named.
_OR_DAY = rx(rf"\s(?:or|and/or)\s(?:maybe\s)?(?:on\s)?(?P<other>{DATE})", words="or")
# 'Wednesday the 8th, in the forenoon.': a sentence that only says when.
_DAY_ALONE = rx(
    r"[\s\0]*(?:(?:the|my|our)\s(?:date|day|time)\s(?:is|would be|will be)\s)?"
    r"(?![^.!?\n]*\b(?:was|were|is|are|had|has|have|went|came|got|will|i|we|it)\b)"
    rf"[\s\0]*(?:(?:on|for|at|by|around|preferably|ideally|maybe)\s)*{DATE}(?:[\s,]+[\w:]+){{0,6}}[\s.!]*\Z"
)


def read_dates(draft: Draft, start: int, end: int) -> None:
    """Dates and times within text[start:end]: the first is when, the one after 'returning' or 'to' is the return."""
    for match in _SHARED_MONTH.finditer(draft.rest, start, end):
        _shared_month(draft, match)
    for match in _BETWEEN.finditer(draft.rest, start, end):
        _date(draft, "date", match, "out", claim=False)
        _date(draft, "return_date", match, "back")
    for match in _RANGE.finditer(draft.rest, start, end):
        out, back = ("out", "back") if match["out"] else ("out2", "back2")
        _date(draft, "date", match, out, claim=False)
        _date(draft, "return_date", match, back)
    for match in _RETURN.finditer(draft.rest, start, end):
        _date(draft, "return_date", match, "back" if match["back"] else "back_then")
    if _ARRIVED.search(draft.rest, start, end):
        for match in _LEFT.finditer(draft.rest, start, end):
            _date(draft, "return_date", match, "back")
    read_times(draft, start, end)
    days = list(_OUT.finditer(draft.rest, start, end))
    for match in sorted(days, key=lambda match: not _NEEDED_BY.match(match[0])):
        if _corrects(draft, match.start()):
            draft.values.pop("date")
            draft.spans[:] = [span for span in draft.spans if span.field != "date"]
        _date(draft, "date", match, match.lastgroup or "out")
        if other := _OR_DAY.match(draft.text, match.end()):
            draft.tell(
                answers.one_of_two(match[match.lastgroup or "out"].strip(), other["other"]), *other.span("other")
            )
            draft.skip(*other.span())


def _shared_month(draft: Draft, match: re.Match[str]) -> None:
    """Two days of one month, the month said once."""
    month = match["month"] or match["month2"]
    out, back = ("out", "back") if match["month"] else ("out2", "back2")
    for field, group in (("date", out), ("return_date", back)):
        if field not in draft.values:
            day = re.match(rf"\d{{1,2}}|{ORDINAL}", match[group], re.IGNORECASE)
            number = DAYS.get(day[0].lower(), day[0]) if day else ""
            draft.values[field] = f"{month.lower().strip(' .')} {number}"
            draft.note(field, *match.span(group))
    draft.claim(*match.span())


def _corrects(draft: Draft, start: int) -> bool:
    """Whether words of correction stand between the date that was read and this place."""
    said = next((span for span in draft.spans if span.field == "date"), None)
    if said is None or said.end >= start:
        return False
    return bool(re.search(rf"{FIX_WORDS}(?:on |for )?\Z", draft.text[said.end : start], re.IGNORECASE))


def says_only_when(words: str) -> bool:
    """Whether a sentence holds a day and no more than its hour."""
    return _DAY_ALONE.match(words) is not None


def read_nights(draft: Draft) -> None:
    """How many nights a stay lasts; weeks are seven."""
    for match in NIGHTS.finditer(draft.rest):
        count = 1 if match["count"].lower() in ("a", "one") else read_number(match["count"])
        rate = re.search(r"(?:\d|dollars|euros|pounds|bucks|\0)\s?\Z", draft.rest[: match.start()]) and match[
            0
        ].lower().startswith("a")
        if count is not None and not rate:
            draft.give("nights", int(count) * (7 if match["unit"].lower().startswith("week") else 1), match)


def _date(draft: Draft, field: str, match: re.Match[str], group: str, claim: bool = True) -> None:
    words = re.sub(r"\s+", " ", match[group].lower()).strip(" .,")
    words = words.removesuffix(" night")
    words = words.removeprefix("the ") if re.search(r"[a-z]{3} *[\d ]*\Z", words) and " of " in words else words
    if re.search(rf"{DAY},? .*{MONTH}", words):
        words = re.sub(rf"{DAY},? (?:the )?", "", words)
    words = SPELLED.sub(lambda found: str(DAYS[found[0]]), words)
    if re.fullmatch(r"the \d{1,2}", words):
        words = f"the {ordinal(int(words[4:]))}"
    if not is_possible(words):
        _no_day(draft, match, group)
        return
    if not _BOUND.search(match[0]) and draft.declines(field, words, *match.span()):
        draft.tell(answers.no_day_ruled_out(), *match.span())
        return
    if field not in draft.values:
        draft.values[field] = words
        draft.note(field, *match.span(group))
    if claim:
        draft.claim(*match.span())


def _no_day(draft: Draft, match: re.Match[str], group: str) -> None:
    """Say that there is no such day; 'in May 45 chairs' speaks of none."""
    if re.match(rf"\s(?!(?:{JOINING})\b)[a-z]", draft.text[match.end() :], re.I) and match[group][-1:].isdigit():
        return
    words = match[group].rstrip(".")
    draft.tell(answers.no_such_day(" ".join(words.split())), match.start(group), match.start(group) + len(words))
    draft.claim(*match.span())


_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})", re.ASCII)
_DAY_OF = rx(rf"(?P<month>{MONTH})|\b(?P<year>20\d\d)\b|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def is_possible(words: str) -> bool:
    """Whether a date as it is written can be one: 31 February is on no calendar; without a year 29 February is."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words, re.ASCII):
        return _exists(*map(int, words.split("-")))
    if numeric := _NUMERIC.fullmatch(words):
        one, other, year = map(int, numeric.groups())
        return _exists(year % 100 + 2000, one, other) or _exists(year % 100 + 2000, other, one)
    found = {match.lastgroup: match[0] for match in _DAY_OF.finditer(words)}
    if "day" not in found or re.match(r"in\s", words):
        return True
    day = int(re.sub(r"\D", "", found["day"]))
    month = _MONTHS.index(found["month"][:3].lower()) + 1 if "month" in found else 1
    return _exists(int(found.get("year", 2000)), month, day)


def goes_backwards(out: str, back: str) -> bool:
    """Whether a return as it was read is before the departure: ISO days, or two days of one month by its name."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", out, re.ASCII) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", back, re.ASCII):
        return back < out
    days = [{match.lastgroup: match[0] for match in _DAY_OF.finditer(words)} for words in (out, back)]
    if (
        any(found.keys() != {"month", "day"} for found in days)
        or len({found["month"][:3].lower() for found in days}) > 1
    ):
        return False
    departs, returns = (int(re.sub(r"\D", "", found["day"])) for found in days)
    return returns < departs


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

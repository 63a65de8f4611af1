"""Dates as ISO where they are written so, else as the phrase; times as HH:MM; nights."""

from __future__ import annotations

import re
from datetime import date

from core.composer.offline import answers
from core.composer.offline.cues import FIX_WORDS
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.text import JOINING, Draft, rx

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAY = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_DAYS = (
    {word: day for day, word in enumerate(_ORDINALS, 1)}
    | {
        f"{tens}{sign}{word}": base + day
        for tens, base, most in (("twenty", 20, 9), ("thirty", 30, 1))
        for day, word in enumerate(_ORDINALS[:most], 1)
        for sign in "- "
    }
    | {"thirtieth": 30}
)
_ORDINAL = rf"(?:(?:twenty|thirty)[ -](?:{'|'.join(_ORDINALS[:9])})|{'|'.join(reversed(_ORDINALS))}|thirtieth)"
_SPELLED = rx(rf"\b{_ORDINAL}\b")
_PART = r"(?:\s(?:morning|afternoon|evening|night)\b)?"
DATE = (
    r"(?:\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|(?:{_DAY},?\s)?{MONTH}\s(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})\b(?:,?\s20\d\d\b)?"
    rf"|(?:{_DAY},?\s)?(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})(?:\sof)?\s{MONTH}(?:,?\s20\d\d\b)?"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d\b"
    rf"|(?:(?:this|next|coming)\s)?{_DAY}\b{_PART}"
    r"|the day after tomorrow|tomorrow\b(?:\s(?:morning|afternoon|evening|night)\b)?|tonight"
    r"|today|(?:this|next)\s(?:week(?:end)?|month)\b"
    rf"|in\s(?:about\s)?(?:{NUMBER}|a)\s(?:days?|weeks?|months?)\b"
    r"|(?:the )?end of (?:the |this |next )?(?:week|month|year|quarter)"
    rf"|the (?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL})\b(?: of (?:this|next) month)?(?!\s(?!of\b|for\b|at\b|to\b"
    rf"|from\b|in\b|and\b|please\b|with\b|or\b)[a-z]))"
)
_LEAD = (
    r"(?:\b(?:needed|required|due|deliver(?:ed|y)?|arriv(?:e|ing)|here|ready|depart(?:ing)?"
    r"|leav(?:e|ing)|starting|beginning|check(?:ing)?[ -]in)\s)?"
    r"(?:\b(?:by|on|before|for|from|until|till|no later than|starting)\s)?(?:the\s(?=\d))?"
)
_BACK = (
    r"(?:\b(?:and\s)?(?:(?:return(?:ing)?|bring(?:ing)?|drop(?:ping)?|giv(?:e|ing)|tak(?:e|ing))\s(?:it|them|the\s\w+)"
    r"(?:\s(?:back|off))?|return(?:ing)?|com(?:e|ing) (?:back|home)|back|home|fly(?:ing)? back|leav(?:e|ing) again"
    r"|(?:go|fly|head|drive|travel)(?:ing)? (?:back|home)"
    r"|home again"
    r"|check(?:ing)?[ -]out|(?<=and )out|until|till|through)"
    r"(?:\s(?:on|by|home))?)\s"
)
_RANGE = rx(rf"\b(?:from\s)?(?P<out>{DATE})\s?(?:to|-|until|till|through)\s?(?P<back>{DATE})")
# "Don't deliver before Friday" names a day; "don't deliver on Friday" rules one out.
_BOUND = rx(r"\b(?:before|until|till|from|starting|later|after)\b")
_BETWEEN = rx(rf"\bbetween\s(?P<out>{DATE})\s?and\s(?P<back>{DATE})")
# 'from the 2nd to the 9th of July': the first day lacks its month.
_SHARED_MONTH = rx(
    rf"\b(?:from\s|(?P<between>between\s))?(?:the\s)?(?P<out>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})\s?"
    r"(?:to|-|until|till|through|(?(between)and|to))\s?(?:the\s)?"
    rf"(?P<back>(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})(?:\sof)?\s(?P<month>{MONTH}))"
    rf"|\b(?:from\s)?(?P<month2>{MONTH})\s(?:the\s)?(?P<out2>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})\s?"
    rf"(?:to|-|until|till|through)\s?(?:the\s)?(?P<back2>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})(?!\s?(?:[ap]m|people"
    rf"|{MONTH}))\b"
)
_RETURN = rx(rf"{_BACK}(?P<back>{DATE}|{_SHORT_DAY})")
# Of a stay, whoever arrives first leaves at its end.
_ARRIVED = rx(rf"\b(?:arriv(?:e|ing)|check(?:ing)?[ -]in)\s(?:on\s)?{DATE}")
_LEFT = rx(rf"\b(?:leav(?:e|ing)|depart(?:ing)?)\s(?:on\s)?(?P<back>{DATE})")
# Of two days, the one that it is needed by counts.
_NEEDED_BY = rx(r"(?:needed|required|due|deliver\w*|arriv\w*|depart\w*|leav\w*)\s")
_OUT = rx(rf"{_LEAD}\b(?P<out>{DATE})|\b(?:on|by|this|next)\s(?P<short>{_SHORT_DAY})(?=\W|\Z)")
_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(_HOURS)})"
_MINUTES = r"(?:thirty|fifteen|forty[ -]five|twenty|ten|forty|fifty)"
_TIME = rx(
    r"(?:\b(?:at|by|from|around|about"
    rf"|before)\s)?(?<![\d:.])(?:\b(?P<hour>{_HOUR})(?:[:.\s](?P<minute>[0-5]\d|thirty|fifteen|forty[ -]five))?"
    r"\s?(?:o'?clock\s?)?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<part>in the (?:morning|afternoon|evening)|at night))"
    rf"|\b(?P<to>half past|quarter past|quarter to)\s(?P<round>{_HOUR})(?:\s?(?P<round_half>[ap])\.?m\b\.?)?"
    rf"|\b(?P<clock>{_HOUR})\so'?clock\b"
    r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d:])|\b(?P<word>noon|midnight|midday)\b)"
)
_NO_TIME = rx(
    r"\b(?:at|by|around|about|before|from)\s(?P<time>\d{1,2}:\d\d(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|\d{1,2}\so'?clock)(?![\w:])"
)
# 'seven thirty tonight', 'at six fifteen': without a.m. or p.m.
_SPOKEN_TIME = rx(
    rf"\b(?:(?:at|around|about)\s(?P<hour>{_HOUR})[ .](?P<minute>[0-5]\d|{_MINUTES})\b(?!\s(?!on\b|to\b|for\b"
    rf"|and\b)[a-z]+s\b)"
    rf"|(?P<hour2>{_HOUR})[ .:](?P<minute2>[0-5]\d|{_MINUTES})(?=\s(?:tonight|tomorrow|today|sharp|this (?:morning"
    rf"|afternoon|evening)"
    rf"|in the|on {_DAY}|{_DAY})\b))"
)
_RETIMED = rx(
    rf"{FIX_WORDS}(?:at\s|for\s)?(?P<hour>{_HOUR})(?:[:. ](?P<minute>[0-5]\d|{_MINUTES}))?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"(?=\s*(?:\Z|[,.;!\n\0]|please|instead|on|for|with)\b|\s*\Z|[,.;!])"
)
# 'on friday at 9': an hour by itself, where a day is named too.
_AT_HOUR = rx(
    rf"\b(?:at|around|about)\s(?P<hour>{_HOUR})(?=\s*(?:\Z|[,.;!?\n\0]|(?:on|for|this|next|in|with|please|and|to|from"
    rf"|until|by"
    rf"|tomorrow|tonight|today|{_DAY}|sharp|if|so|the|can|could|i|we|there|my|is)\b))"
)
_DAY_SAID = rx(
    rf"\b(?:{_DAY}s?|tomorrow|tonight|today|morning|evening|afternoon|breakfast|lunch|dinner)\b"
    rf"|\b{MONTH}\s(?:the\s)?(?:\d|{_ORDINAL})|\d(?:st|nd|rd|th)\b|\bof {MONTH}"
)
# Trains and ferries leave early; nobody collects a pizza at six in the morning.
_EN_ROUTE = rx(
    r"\b(?:flights?|fly|trains?|bus|coach|ferry|taxi|cab|uber|shuttle|airport|station|boat|ride|breakfast)\b"
)
_HALF_OF_DAY = rx(
    r"\b(?P<early>mornings?|breakfast|brunch)\b|\b(?:tonight|evenings?|nights?|afternoons?|booth|dinner|supper|movie"
    r"|film"
    r"|concert|restaurant|table\s(?:\w+\s)?for)\b(?!\s(?:of|class))"
)
NIGHTS = rx(rf"(?:\bfor\s)?(?P<count>{NUMBER}|\ba\b|\bone\b)[ -](?P<unit>nights?|weeks?)\b(?:\sstay)?")


def read_dates(draft: Draft, start: int, end: int) -> None:
    """Dates and times within text[start:end]: the first is when, the one after 'returning' or 'to' is the return."""
    for match in _SHARED_MONTH.finditer(draft.rest, start, end):
        _shared_month(draft, match)
    for match in _BETWEEN.finditer(draft.rest, start, end):
        _date(draft, "date", match, "out", claim=False)
        _date(draft, "return_date", match, "back")
    for match in _RANGE.finditer(draft.rest, start, end):
        _date(draft, "date", match, "out", claim=False)
        _date(draft, "return_date", match, "back")
    for match in _RETURN.finditer(draft.rest, start, end):
        _date(draft, "return_date", match, "back")
    if _ARRIVED.search(draft.rest, start, end):
        for match in _LEFT.finditer(draft.rest, start, end):
            _date(draft, "return_date", match, "back")
    for match in _TIME.finditer(draft.rest, start, end):
        if (found := _clock(match, draft.text)) and not draft.give("time", found, match):
            draft.tell(answers.no_day_ruled_out(), *match.span())
    for match in _NO_TIME.finditer(draft.rest, start, end):
        draft.tell(answers.no_such_time(match["time"]), *match.span("time"))
        draft.claim(*match.span())
    for match in _SPOKEN_TIME.finditer(draft.rest, start, end):
        hour, minute = match["hour"] or match["hour2"], match["minute"] or match["minute2"]
        draft.give("time", _at(draft.text, match, _hour(hour), _spelled_minutes(minute)), match)
    _retime(draft)
    if "time" not in draft.values and _DAY_SAID.search(draft.text):
        for match in _AT_HOUR.finditer(draft.rest, start, end):
            if 1 <= _hour(match["hour"]) <= 12:
                draft.give("time", _at(draft.text, match, _hour(match["hour"]), 0), match)
    days = list(_OUT.finditer(draft.rest, start, end))
    for match in sorted(days, key=lambda match: not _NEEDED_BY.match(match[0])):
        if _corrects(draft, match.start()):
            draft.values.pop("date")
            draft.spans[:] = [span for span in draft.spans if span.field != "date"]
        _date(draft, "date", match, "out" if match["out"] else "short")


def _shared_month(draft: Draft, match: re.Match[str]) -> None:
    """Two days of one month, the month said once."""
    month = match["month"] or match["month2"]
    out, back = ("out", "back") if match["month"] else ("out2", "back2")
    for field, group in (("date", out), ("return_date", back)):
        if field not in draft.values:
            day = re.match(rf"\d{{1,2}}|{_ORDINAL}", match[group], re.IGNORECASE)
            number = _DAYS.get(day[0].lower(), day[0]) if day else ""
            draft.values[field] = f"{month.lower().strip(' .')} {number}"
            draft.note(field, *match.span(group))
    draft.claim(*match.span())


def _corrects(draft: Draft, start: int) -> bool:
    """Whether words of correction stand between the date that was read and this place."""
    said = next((span for span in draft.spans if span.field == "date"), None)
    if said is None or said.end >= start:
        return False
    return bool(re.search(rf"{FIX_WORDS}(?:on |for )?\Z", draft.text[said.end : start], re.IGNORECASE))


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
    if re.search(rf"{_DAY},? .*{MONTH}", words):
        words = re.sub(rf"{_DAY},? (?:the )?", "", words)
    words = _SPELLED.sub(lambda found: str(_DAYS[found[0]]), words)
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


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _late(text: str, match: re.Match[str]) -> bool | None:
    """Whether the nearest part of the day that is named comes after noon; None where none is named nearby."""
    parts = _HALF_OF_DAY.finditer(text, max(0, match.start() - 60), match.end() + 60)
    nearest = min(
        parts, key=lambda part: min(abs(part.start() - match.end()), abs(match.start() - part.end())), default=None
    )
    return None if nearest is None else nearest["early"] is None


def _clock(match: re.Match[str], text: str) -> str | None:
    if word := match["word"]:
        return "00:00" if word.lower() == "midnight" else "12:00"
    if match["h24"]:
        late = len(match["h24"]) == 1 and _late(text, match)
        if late is None and match["h24"] in ("1234" if _EN_ROUTE.search(text) else "123456"):
            late = True
        return f"{int(match['h24']) + (12 if late else 0):02}:{match['m24']}"
    hour = _hour(match["hour"] or match["round"] or match["clock"])
    if not 1 <= hour <= 12:
        return None
    half, part = match["half"] or match["round_half"], (match["part"] or "").lower()
    late = (
        half.lower() == "p" if half else part.endswith(("noon", "evening", "night")) if part else hour < 7 or hour == 12
    )
    if half is None and not part and (said := _late(text, match)) is not None:
        late = said
    minutes = (hour % 12 + (12 if late else 0)) * 60 + _minutes(match)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _at(text: str, match: re.Match[str], hour: int, minute: int) -> str:
    """HH:MM of an hour without a half of the day: by what part of the day is named, else by when people are awake."""
    late = _late(text, match)
    late = hour < 7 or hour == 12 if late is None else late
    return (
        f"{hour % 12 + (12 if late and hour <= 12 else 0):02}:{minute:02}"
        if hour <= 12
        else f"{hour % 24:02}:{minute:02}"
    )


def _retime(draft: Draft) -> None:
    """'at 6 pm, sorry, make it 6:30': the later time counts, in the half of the day of the first."""
    said = next((span for span in draft.spans if span.field == "time"), None)
    match = _RETIMED.match(draft.text, said.end) if said else None
    if said is None or match is None or not (match["minute"] or match["half"]):
        return
    hour, minute = _hour(match["hour"]), _spelled_minutes(match["minute"] or "0")
    late = match["half"].lower().startswith("p") if match["half"] else draft.values["time"] >= "12:00"
    if hour <= 12:
        draft.values["time"] = f"{hour % 12 + (12 if late else 0):02}:{minute:02}"
        draft.spans.remove(said)
        draft.note("time", *match.span("hour"))
        draft.claim(*match.span())


def _spelled_minutes(words: str) -> int:
    number = read_number(words.replace("-", " "))
    return int(number) if number is not None else 0


def _hour(words: str) -> int:
    return int(words) if words.isdigit() else _HOURS.index(words.lower()) + 1


def _minutes(match: re.Match[str]) -> int:
    if match["to"]:
        return {"half past": 30, "quarter past": 15, "quarter to": -15}[match["to"].lower()]
    words = (match["minute"] or "0").lower()
    return int(words) if words.isdigit() else {"thirty": 30, "fifteen": 15}.get(words, 45)

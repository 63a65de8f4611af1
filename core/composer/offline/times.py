"""Times of day as HH:MM: by the clock, as they are spoken, and an hour by itself."""

from __future__ import annotations

import re

from core.composer.offline import answers
from core.composer.offline.days import DAY, MONTH, ORDINAL
from core.composer.offline.fixes import FIX_WORDS
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(_HOURS)})"
_DAY_WORDS = "monday tuesday wednesday thursday friday saturday sunday today tonight tomorrow morning afternoon evening"
_MINUTES = (
    r"(?:oh?[ -](?:one|two|three|four|five|six|seven|eight|nine)"
    r"|(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
)
_TIME = rx(
    r"(?:\b(?:at|by|from|around|about"
    rf"|before)\s)?(?<![\d:.])(?:\b(?P<hour>{_HOUR})(?:[:.\s](?P<minute>[0-5]\d|thirty|fifteen|forty[ -]five))?"
    r"\s?(?:o'?clock\s?)?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<part>in the (?:morning|afternoon|evening)|at night))"
    rf"|\b(?P<clock>{_HOUR})\so'?clock\b"
    r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d:])|\b(?P<word>noon|midnight|midday)\b)",
    words="0 : eight eleven five four midday nine noon o oclock one seven six ten three twelve two",
)
# What may follow a time without a.m. or p.m.: no thing that it might count.
_CLOSED = (
    r"(?=\s*(?:\Z|[,;!?\n\0]|\.(?!\d)|(?:on|for|this|next|in|with|please|pls|and|to|from|until|by|tomorrow|tonight"
    rf"|today|sharp|if|so|the|can|could|i|we|there|my|is|at|under|it|there'?s|because|cause|but|or|outside|inside"
    rf"|just|when|after|before|ideally|preferably|somewhere|book|reserve|they|he|she|that's|{DAY})\b"
    rf"|(?:{NUMBER})\s(?:of us|people|guests|adults)\b))"
)
_CLOSED_OR_MODE = (
    rf"(?:{_CLOSED}|(?=\s(?:[\w-]+\s)?(?:from|out of|trains?|bus|ferry|flight|coach|boat|showing|show)\b))"
)
# 'quarter past six', 'ten to five', 'twenty after nine'; 'half nine' is half past nine.
_MINUTES_OFF = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_RELATIVE = rx(
    r"(?P<lead>\b(?:at|by|around|about|before|for)\s)?(?<![\w.:])"
    r"(?:a\s)?(?P<off>five|ten|quarter|twenty(?:[ -]five)?|half|\d{1,2})(?:\sminutes)?"
    rf"(?:\s(?P<way>past|after|to|before|till?|of))?\s(?P<hour>{_HOUR}|noon|midnight|midday)\b(?!:)"
    rf"\s?(?:(?P<half>[ap])\.?m\b\.?|{_CLOSED})",
    words="0 five half quarter ten twenty",
)
# 'a sitter from 6 to 10 tonight'
_FROM_TO = rx(
    rf"(?:\b(?=from\s)|\b(?:{DAY}|today|tonight|tomorrow|morning|afternoon|evening),?\s)(?P<said>(?:from\s)?"
    rf"(?P<hour>{_HOUR})(?:[:.](?P<minute>[0-5]\d))?\s?(?:to|until|till|-)\s?(?P<end>{_HOUR})(?:[:.][0-5]\d)?"
    rf"(?:\sin the (?:morning|afternoon|evening)\b|\sat night\b|\s?(?P<half>[ap])\.?m\b\.?|{_CLOSED}))",
    words=f"from {_DAY_WORDS}",
)
# 'friday, 8.30': a time by its point, where a day is named and no thing is counted.
_POINTED = rx(
    rf"(?:(?:[,;\0]|\b(?:{DAY}|tomorrow|tonight|today|morning|evening|afternoon|from|by|at|landing|leaving|departing"
    r"|arriving))\s?)(?<![\d.])"
    rf"(?P<hour>\d{{1,2}})\.(?P<minute>[0-5]\d){_CLOSED}",
    words="0",
)
# 'the 9.15 to Brighton'
_SCHEDULED = rx(
    r"\bthe\s(?P<hour>\d{1,2})[.:](?P<minute>[0-5]\d)"
    r"(?=\s(?:[\w-]+\s)?(?:to|from|out of|trains?|bus|ferry|flight|coach)\b)"
)
# 'the six fifteen one', 'the nine ten to Brighton': one of those that leave that day.
_DEPARTS = rx(
    rf"(?P<aboard>\b(?:on|catch|take|make)\s)?\bthe\s(?P<hour>{'|'.join(_HOURS)})\s(?P<minute>{_MINUTES})(?:\sone\b)?{_CLOSED_OR_MODE}",
    words="eight eleven five four nine one seven six ten three twelve two",
)
# 'after work five thirty', 'friday, seven oh five': the hour and its minutes in words, where no thing is counted.
_IN_WORDS = rx(rf"(?<![\w-])(?P<hour>{'|'.join(_HOURS)})\s(?P<minute>{_MINUTES}){_CLOSED}")
# 'on thursday say four', 'saturday nine thirty'
_SAID_HOUR = rx(
    rf"(?:\b(?:{DAY}|tomorrow|tonight|today|morning|evening|afternoon|night|work|school|lunch|class|{ORDINAL}"
    rf"|\d{{1,2}}(?:st|nd|rd|th))|[\0])[\s,]*"
    rf"\b(?P<said>(?:(?:say|like|maybe|perhaps|probably)\s(?P<hour>{_HOUR})(?:\s(?P<half>{_MINUTES}))?"
    rf"|(?P<hour2>{'|'.join(_HOURS)})\s(?P<minute>{_MINUTES}))){_CLOSED}",
    words="\0 0 afternoon class eighth eleventh evening fifth first fourth friday lunch monday morning night ninth "
    "saturday school second seventh sixth sunday tenth third thursday today tomorrow tonight tuesday twenty "
    "wednesday work",
)
# 'leave Tampa at 915', 'arriving by 1840'.
_RUN_TOGETHER = rx(
    rf"\b(?:leav|depart|arriv|land|board)\w*\b[^.;\n]{{0,50}}?\b(?:at|by|around|about|before|after)\s"
    rf"(?P<hour>\d{{1,2}})(?P<minute>[0-5]\d){_CLOSED}",
    words="arrive board depart land leave",
)
_NO_TIME = rx(
    r"\b(?:at|by|around|about|before|from)\s(?P<time>\d{1,2}:\d\d(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|\d{1,2}\so'?clock)(?![\w:])",
    words="about around at before by from",
)
# 'seven thirty tonight', 'at six fifteen': without a.m. or p.m.
_SPOKEN_TIME = rx(
    rf"\b(?:(?:at|around|about)\s(?P<hour>{_HOUR})[ .](?P<minute>[0-5]\d|{_MINUTES})\b(?!\s(?!on\b|to\b|for\b"
    rf"|and\b)[a-z]+s\b)"
    rf"|(?P<hour2>{_HOUR})[ .:](?P<minute2>[0-5]\d|{_MINUTES})(?=\s(?:tonight|tomorrow|today|sharp|this (?:morning"
    rf"|afternoon|evening)"
    rf"|in the|on {DAY}|{DAY})\b))",
    words="0 eight eleven five four friday in monday nine one saturday seven sharp six sunday ten this three "
    "thursday today tomorrow tonight tuesday twelve two wednesday",
)
_RETIMED = rx(
    rf"{FIX_WORDS}(?:at\s|for\s)?(?P<hour>{_HOUR})(?:[:. ](?P<minute>[0-5]\d|{_MINUTES}))?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"(?=\s*(?:\Z|[,.;!\n\0]|please|instead|on|for|with)\b|\s*\Z|[,.;!])"
)
# 'on friday at 9', 'a table at 7': an hour by itself, where a day is named or what one comes at an hour for.
_AT_HOUR = rx(rf"\b(?:at|around|about|by|before)\s(?P<hour>{_HOUR}){_CLOSED}", words="about around at before by")
# 'a table for 3 at the grill for 7': the second number is the hour.
_TWO_FORS = rx(r"\b(?:for|of)\s.*\sfor\s", words="for")
_FOR_HOUR = rx(
    rf"\b(?:table|booth|reservations?|booking|dinner|lunch|brunch|party)\b[^.;\n]*?\b(?:for|of)\s(?:{NUMBER})\b"
    rf"[^.;\n]*?\s(?P<said>for\s(?P<hour>{_HOUR})){_CLOSED}"
)
_DAY_SAID = rx(
    rf"\b(?:{DAY}s?|tomorrow|tonight|today|morning|evening|afternoon|breakfast|lunch|dinner)\b"
    rf"|\b{MONTH}\s(?:the\s)?(?:\d|{ORDINAL})|\d(?:st|nd|rd|th)\b|\bof {MONTH}"
)
_COME_AT_HOUR = rx(
    r"\b(?:tables?|booth|reservations?|appointment|class|lesson|session|haircut|massage|visit|cleaning|workshop|pick\s(?:me|us|him|her|them)\sup|pick-?up|taxi|cab|uber|lyft|ride|lift"
    r"|flights?|trains?|bus|ferry|shuttle|(?:drive|take|get|bring|drop)\s(?:me|us|him|her|them)(?:\soff)?\s(?:to|at|from))\b",
    words="appointment booth bring bus cab class cleaning drive drop ferry flight get haircut lesson lift lyft massage "
    "pick reservation ride session shuttle table take taxi train uber visit workshop",
)
# Trains and ferries leave early; nobody collects a pizza at six in the morning.
_EN_ROUTE = rx(
    r"\b(?:flights?|fly|trains?|bus|coach|ferry|taxi|cab|uber|shuttle|airport|station|boat|ride|breakfast)\b"
)
_RUNS = rx(
    r"\b(?:flights?|fly|planes?|trains?|bus|coach|ferry|boat|shuttle|one[ -]way|tickets?|seats?|shows?|showing)\b"
)
_HALF_OF_DAY = rx(
    r"\b(?P<early>mornings?|breakfast|brunch)\b|\b(?:tonight|evenings?|nights?|afternoons?|booth|dinner|supper|movie"
    r"|film"
    r"|concert|restaurant|dine|eat out|eat at|table\s(?:\w+\s)?for)\b(?!\s(?:of|class))"
    r"|\bshowing\b|\bget\s(?:us\s|me\s)?in\sat\b"
    r"|\b(?:book|reserve|get|hold|save|keep|grab|snag|like|love|need|want)\s(?:me\s|us\s)?(?:an?|one|the)\s(?:\w+\s)?(?:table|booth)\b"
    rf"|\b(?:reservations?|booking)\sfor\s(?:{NUMBER}|me|us)\s(?:people\s)?(?:under|at|on|tonight|tomorrow|\0)"
    r"|\breservations?\sat\b"
)


# "my flight's at noon": when something else is, where the time of what is asked for is said too.
_ELSEWHEN = rx(
    r"\b(?:my|our|the|his|her)\s(?:flight|plane|train|bus|ferry|boat|show|game|concert|movie|meeting|appointment|party|wedding)"
    r"(?:'s|\s(?:is|leaves|lands|gets in|arrives|starts|begins|departs|boards|takes off|ends))\s(?:at|around|by)?\s?"
    rf"(?:{_HOUR}(?:[: ](?:[0-5]\d|{_MINUTES}))?(?:\s?[ap]\.?m\b)?|noon|midnight|midday)\b",
    words="arrives begins boards departs ends gets is lands leaves s starts takes",
)


def read_times(draft: Draft, start: int, end: int) -> None:
    """The time within text[start:end]; of several the first, or the one that corrects it."""
    for match in _ELSEWHEN.finditer(draft.rest, start, end):
        without = Draft(draft.rest)
        without.claim(*match.span())
        _read_times(without, start, end)
        if "time" in without.values:
            draft.claim(*match.span())
    _read_times(draft, start, end)


def _read_times(draft: Draft, start: int, end: int) -> None:
    for match in _RELATIVE.finditer(draft.rest, start, end):
        if found := _relative(match, draft.text):
            draft.give("time", found, match)
    for match in _RUN_TOGETHER.finditer(draft.rest, start, end):
        if int(match["hour"]) < 24:
            _give(draft, match, _hour(match["hour"]), int(match["minute"]), match.start("hour"))
    for match in _FROM_TO.finditer(draft.rest, start, end):
        if 1 <= _hour(match["hour"]) <= 12 and (match["half"] or _DAY_SAID.search(draft.text)):
            begun = _begun(draft.text, match)
            if not draft.declines("time", begun, *match.span("said")):
                _put(draft, begun, *match.span("said"))
    for match in _SCHEDULED.finditer(draft.rest, start, end):
        if int(match["hour"]) < 24:
            _give(draft, match, _hour(match["hour"]), int(match["minute"]), match.start("hour"))
    for match in _TIME.finditer(draft.rest, start, end):
        if (found := _clock(match, draft.text)) and not draft.give("time", found, match):
            draft.tell(answers.no_day_ruled_out(), *match.span())
    for match in _NO_TIME.finditer(draft.rest, start, end):
        draft.tell(answers.no_such_time(match["time"]), *match.span("time"))
        draft.claim(*match.span())
    for match in _DEPARTS.finditer(draft.rest, start, end):
        if match["aboard"] or _RUNS.search(draft.text):
            _give(draft, match, _hour(match["hour"]), _spelled_minutes(match["minute"]), match.start("hour"))
    for match in _SPOKEN_TIME.finditer(draft.rest, start, end):
        hour, minute = match["hour"] or match["hour2"], match["minute"] or match["minute2"]
        draft.give("time", _at(draft.text, match, _hour(hour), _spelled_minutes(minute)), match)
    _retime(draft)
    if "time" not in draft.values:
        _read_bare(draft, start, end)


def _read_bare(draft: Draft, start: int, end: int) -> None:
    """'friday, 8.30', 'on friday at 9', 'a table for two for 8': an hour that only the words around it make one."""
    for match in _POINTED.finditer(draft.rest, start, end):
        if int(match["hour"]) < 24 and _DAY_SAID.search(draft.text):
            _give(draft, match, _hour(match["hour"]), int(match["minute"]), match.start("hour"))
    for match in _IN_WORDS.finditer(draft.rest, start, end) if _COME_AT_HOUR.search(draft.text) else ():
        _give(draft, match, _hour(match["hour"]), _spelled_minutes(match["minute"]), match.start("hour"))
    for match in _SAID_HOUR.finditer(draft.rest, start, end):
        hour = _hour(match["hour"] or match["hour2"])
        if 1 <= hour <= 12:
            _give(draft, match, hour, _spelled_minutes(match["minute"] or match["half"] or "0"), match.start("said"))
    for match in _AT_HOUR.finditer(draft.rest, start, end):
        if not (_DAY_SAID.search(draft.text) or _COME_AT_HOUR.search(draft.text)):
            break
        if 1 <= _hour(match["hour"]) <= 12:
            draft.give("time", _at(draft.text, match, _hour(match["hour"]), 0), match)
    for match in _FOR_HOUR.finditer(draft.text, start, end) if _TWO_FORS.search(draft.rest, start, end) else ():
        unread = draft.rest[slice(*match.span("said"))] == match["said"]
        if unread and 1 <= _hour(match["hour"]) <= 12:
            _give(draft, match, _hour(match["hour"]), 0, match.start("said"))


def _begun(text: str, match: re.Match[str]) -> str:
    """HH:MM of the first hour of 'from 7 till 11 pm': in the half of the day of its end, or in the one before."""
    hour, minute = _hour(match["hour"]), int(match["minute"] or 0)
    if not match["half"]:
        return _at(text, match, hour, minute)
    late = (match["half"].lower() == "p") == (hour % 12 < _hour(match["end"]) % 12)
    return f"{hour % 12 + (12 if late else 0):02}:{minute:02}"


def _give(draft: Draft, match: re.Match[str], hour: int, minute: int, at: int) -> None:
    """Give the time that is said at text[at:] of a match whose other words are still to be read."""
    _put(draft, _at(draft.text, match, hour, minute), at, match.end())


def _put(draft: Draft, time: str, start: int, end: int) -> None:
    """Set the time that text[start:end] says, unless an earlier word did."""
    if "time" not in draft.values:
        draft.values["time"] = time
        draft.note("time", start, end)
    draft.claim(start, end)


def _relative(match: re.Match[str], text: str) -> str | None:
    """HH:MM of 'ten to five'; None where nothing makes it a time, as in 'five to ten'."""
    words, way = match["off"].lower().replace(" ", "-"), (match["way"] or "").lower()
    minutes = int(words) if words.isdigit() else _MINUTES_OFF[words]
    before = way in ("to", "before", "till", "til", "of")
    if not way and (words != "half" or not (match["lead"] or _DAY_SAID.search(text))):
        return None
    if words.isdigit() and (way != "past" or minutes > 59):
        return None
    if before and words not in ("quarter",) and match["lead"] is None and match["half"] is None:
        return None
    if way == "of" and words != "quarter":
        return None
    named = match["hour"].lower() in ("noon", "midday", "midnight")
    hour = 12 if named else _hour(match["hour"])
    if not 1 <= hour <= 12:
        return None
    if named:
        whole = (0 if match["hour"].lower() == "midnight" else 720) + (-minutes if before else minutes)
        return f"{whole // 60 % 24:02}:{whole % 60:02}"
    half = match["half"]
    late = half.lower() == "p" if half else _late(text, match)
    late = hour < 7 or hour == 12 if late is None else late
    whole = (hour % 12 + (12 if late else 0)) * 60 + (-minutes if before else minutes)
    return f"{whole // 60 % 24:02}:{whole % 60:02}"


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
    hour = _hour(match["hour"] or match["clock"])
    if not 1 <= hour <= 12:
        return None
    half, part = match["half"], (match["part"] or "").lower()
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
    number = read_number(re.sub(r"^oh? ", "", words.lower().replace("-", " ")))
    return int(number) if number is not None else 0


def _hour(words: str) -> int:
    return int(words) if words.isdigit() else _HOURS.index(words.lower()) + 1


def _minutes(match: re.Match[str]) -> int:
    words = (match["minute"] or "0").lower()
    return int(words) if words.isdigit() else {"thirty": 30, "fifteen": 15}.get(words, 45)

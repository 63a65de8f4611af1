"""Transport, lodging and car hire: whether a sentence asks for it, and from where to where."""

from __future__ import annotations

import re

from core.composer.offline.dates import DATE, read_nights
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.text import END, Draft, rx

_MODES = (
    ("flight", r"flights?|fly(?:ing)?|plane|air ?fares?|air(?:line)? tickets?"),
    ("train", r"trains?|rail|eurostar"),
    ("bus", r"bus(?:es)?|coach(?:es)?"),
    ("ferry", r"ferr(?:y|ies)"),
    (
        "hotel",
        (
            r"hotels?|hostels?|(?:double|single|twin|family|hotel) rooms?|rooms?|suites?"
            r"|accommodations?|lodging|airbnb"
        ),
    ),
    ("taxi", r"taxis?|cabs?|airport transfers?"),
    ("car", r"(?:rental|hire) cars?|car (?:rental|hire)|cars?|vans?"),
)
_ANY_MODE = "|".join(pattern for _, pattern in _MODES)
_TRIP = r"(?:tickets?|seats?|rides?|trips?|journeys?|reservations?|bookings?|fares?|connections?|transfers?)"
_ADJECTIVE = (
    r"(?:(?:a|an|the|my|our|some|cheap|direct|return|round[ -]trip|one[ -]way|night|high-speed"
    r"|nice|quiet|\0+)\s?)*"
)
# 'book 2 return flights', 'a train to', 'hotel in': the mode is the head of its phrase and a verb or a place is near.
_HEAD = rf"(?P<mode>{_ANY_MODE})(?:\s{_TRIP})?"
_BOOKED = rx(
    rf"\b(?:book|reserve|arrange|schedule|hire|rent|catch|take|get|need|want"
    rf"|find)(?:ing)?\s(?:me\s|us\s)?(?:(?:{NUMBER})\s)?{_ADJECTIVE}\b{_HEAD}(?:{END}"
    rf"|(?=\s(?-i:[A-Z])))"
)
_PLACED = rx(rf"\b{_HEAD}\s(?:\0+\s?)?(?:from|to|between|in|near|at)\s+(?=\S)")
_WORDS = rx(rf"\b(?:{_ANY_MODE}|{_TRIP}|travel(?:l?ing)?)\b")
_BY = rx(rf"\bby\s(?P<mode>{_ANY_MODE})\b")
_FLY = rx(r"\b(?:fly(?:ing)?|flights?|airfares?)\b")
_GO = rx(r"\b(?:get|go|travel(?:l?ing)?|trip|journey|tickets?|ride|commute|head)\b")
_LODGING = ("hotel", "car")
_NOT_BOOKED = {"car", "hotel", "bus", "train", "ferry", "taxi"}

_CLASS = (
    ("premium_economy", rx(r"\b(?:in |fly )?premium[ -]economy(?:[ -]class)?\b")),
    (
        "business",
        rx(
            r"\b(?:in )?business[ -]class\b|(?<=fly )business\b|\bin business(?=\s*(?:\Z|[,.;\n]))"
            r"|(?<=, )business(?=\s*(?:\Z|[,.;\n]))"
        ),
    ),
    ("first", rx(r"\b(?:in )?(?:first|1st)[ -]class\b")),
    ("economy", rx(r"\b(?:in )?(?:economy|coach|standard|second)[ -]class\b|\b(?:in )?economy\b")),
)
_TRIP_TYPE = (
    ("one_way", rx(r"\b(?:one|single)[ -](?:way|trip)\b|\bsingle (?=tickets?\b)")),
    (
        "round_trip",
        rx(
            r"\b(?:round[ -]?trip|return (?=flights?\b|tickets?\b|trip\b|journey\b|train\b|fare\b)"
            r"|there and back|return(?=\s*(?:\Z|[,.;\n])))(?: trip)?"
        ),
    ),
)

_CAPITAL = r"(?-i:[A-Z])[^\W\d_][\w'’.-]*|(?-i:[A-Z]{2,4})\b"
_CAPITALS = rf"(?:{_CAPITAL})(?:\s(?:(?:de|la|of|del|am|an der|on|upon)\s)?(?:{_CAPITAL})){{0,3}}"
_STOP = (
    r"(?:for|on|in|at|by|with|from|to|and|or|next|this|tomorrow|today|tonight|return|returning"
    r"|leaving|departing|please|via|under|around|the|a|an|my|our|one|two|three|business"
    r"|economy|first|class|get|go|be|buy|book|order|see|attend|visit|meet|fix)"
)
_LOWER = rf"(?!{_STOP}\b)[^\W\d_][\w'-]+(?:\s(?!{_STOP}\b)[^\W\d_][\w'-]+){{0,2}}"
_PAIRS = (
    rx(rf"\bfrom\s(?P<origin>{_CAPITALS})\s(?:to|-)\s(?P<destination>{_CAPITALS})"),
    rx(rf"\bto\s(?P<destination>{_CAPITALS})\sfrom\s(?P<origin>{_CAPITALS})"),
    rx(rf"\bbetween\s(?P<origin>{_CAPITALS})\sand\s(?P<destination>{_CAPITALS})"),
    rx(rf"\bfrom\s(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})"),
    rx(rf"\bto\s(?P<destination>{_LOWER})\sfrom\s(?P<origin>{_LOWER})"),
    rx(rf"(?P<origin>{_CAPITALS})\s?(?:to|-+>|→)\s?(?P<destination>{_CAPITALS})"),
)
_SINGLES = (
    ("origin", rx(rf"\b(?:from|leaving|departing(?: from)?)\s(?P<origin>{_CAPITALS})")),
    ("destination", rx(rf"\b(?:to|in|near|at|into|for|visit)\s(?:the\s)?(?P<destination>{_CAPITALS})")),
    ("origin", rx(rf"\bfrom\s(?:the\s)?(?P<origin>{_LOWER})")),
    ("destination", rx(rf"\b(?:to|in|near)\s(?:the\s)?(?P<destination>{_LOWER})")),
)
_ROOMS = rx(rf"(?P<count>{NUMBER}|\ba\b|\ban\b)\s(?:[\w-]+\s){{0,2}}?rooms?\b")
_TICKETS = rx(rf"(?P<count>{NUMBER})\s(?:[\w-]+\s|\0+\s?){{0,4}}?tickets?\b")
_VERB_FIRST = re.compile(
    (
        r"[\s\0]*(?:please\s|we (?:want|need) to\s|i (?:want|need) to\s|i'd like to\s|we'd like "
        r"to\s)?fly\b"
    ),
    re.IGNORECASE,
)


def read_travel(draft: Draft) -> bool:
    """Read a trip or a stay; False, and nothing read, where the sentence asks for something else."""
    mode = _mode(draft.rest)
    route = next((match for pattern in _PAIRS if (match := pattern.search(draft.rest))), None)
    if mode is None and not (route and _GO.search(draft.rest)):
        return False
    draft.values["workflow_type"] = "travel_booking"
    if mode:
        draft.values["travel_mode"] = mode[0]
        draft.note("travel_mode", *mode[1])
    for field, choices in (("travel_class", _CLASS), ("trip_type", _TRIP_TYPE)):
        for value, pattern in choices:
            for match in pattern.finditer(draft.rest):
                draft.give(field, value, match)
    _places(draft, lodging=mode is not None and mode[0] in _LODGING)
    read_nights(draft)
    _counts(draft, mode[0] if mode else "")
    for match in _WORDS.finditer(draft.rest):
        draft.claim(*match.span())
    return True


def _mode(rest: str) -> tuple[str, tuple[int, int]] | None:
    """(mode, its place) when the mode is what is booked, not a word of a thing ('train set', 'car charger')."""
    if (match := _VERB_FIRST.match(rest)) and (fly := _FLY.search(rest)):
        return "flight", fly.span()
    for pattern in (_BOOKED, _PLACED):
        for match in pattern.finditer(rest):
            name = _name(match["mode"])
            words = match["mode"].lower()
            verb = match[0].split()[0].lower()
            car = words in ("car", "cars", "van", "vans") and not verb.startswith(("rent", "hire", "book", "reserve"))
            if not car and not (pattern is _PLACED and not _travels(name, rest, match)):
                return name, match.span("mode")
    if (by := _BY.search(rest)) and _GO.search(rest):
        return _name(by["mode"]), by.span("mode")
    if fly := re.search(r"\bfly(?:ing)?\s(?:[\w-]+\s){0,3}(?:from|to)\b", rest, re.IGNORECASE):
        return "flight", (fly.start(), fly.start() + 3)
    return None


def _travels(name: str, rest: str, match: re.Match[str]) -> bool:
    """Whether a mode before a preposition starts a trip: not 'chairs for the rooms in ...'."""
    before = rest[: match.start()].rstrip()
    joint = re.search(r"(?:\bfor|\bwith|\bof|\bin|\bat)(?:\s(?:the|our|my|a|an|new))?\Z", before, re.IGNORECASE)
    return not joint and (
        name != "hotel" or match["mode"].lower() not in ("room", "rooms", "suite", "suites") or "book" in rest.lower()
    )


def _name(words: str) -> str:
    return next(name for name, pattern in _MODES if re.fullmatch(pattern, words, re.IGNORECASE))


def _places(draft: Draft, lodging: bool) -> None:
    """Origin and destination; a stay and a car have only a destination. Capitals win over other words."""
    for pattern in _PAIRS:
        if (match := pattern.search(draft.rest)) and not lodging and not re.search(DATE, match[0], re.IGNORECASE):
            for field in ("origin", "destination"):
                draft.values[field] = match[field]
                draft.note(field, *match.span(field))
            draft.claim(*match.span())
            return
    for field, pattern in _SINGLES:
        if field not in draft.values and (match := pattern.search(draft.rest)) and not (lodging and field == "origin"):
            draft.give(field, match[field], match, field)


def _counts(draft: Draft, mode: str) -> None:
    """Rooms of a stay, or tickets as passengers."""
    field, pattern = ("rooms", _ROOMS) if mode == "hotel" else ("passengers", _TICKETS)
    if match := pattern.search(draft.rest):
        words = match["count"].lower()
        count = 1 if words in ("a", "an") else read_number(words)
        if count is not None:
            draft.values[field] = int(count)
            draft.note(field, *match.span("count"))

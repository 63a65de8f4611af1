"""Transport, lodging and car hire: whether a sentence asks for it, and from where to where."""

from __future__ import annotations

import re

from core.composer.offline.beside import say_trip_left_out
from core.composer.offline.cues import FIX_WORDS
from core.composer.offline.dates import DATE, read_nights
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.people import last_said
from core.composer.offline.text import END, Draft, rx

_MODES = (
    ("flight", r"flights?|fly(?:ing)?|(?:air)?planes?|air ?fares?|air(?:line|plane)? tickets?"),
    ("train", r"trains?|rail|eurostar|amtrak"),
    ("bus", r"bus(?:es)?|coach(?:es)?|greyhound"),
    ("ferry", r"ferr(?:y|ies)"),
    (
        "hotel",
        (
            r"hotels?|hostels?|motels?|resorts?|(?:double|single|twin|family|hotel) rooms?|rooms?|suites?"
            r"|accommodations?|lodgings?|airbnbs?|b&bs?|bed and breakfasts?|guest ?houses?|holiday homes?"
            r"|vacation rentals?"
            r"|(?:places?|somewhere|houses?|apartments?|flats?|villas?|cabins?|cottages?)(?: for (?:us"
            r"|me))? to stay(?: (?:in|at))?(?![\w-])"
        ),
    ),
    (
        "taxi",
        r"taxis?|cabs?|minicabs?|ubers?(?: ?(?:x|xl|pool|black))?|lyfts?|rideshares?|limo(?:usine)?s?"
        r"|(?:airport )?(?:transfers?|shuttles?)|rides?",
    ),
    (
        "car",
        r"(?:rental|hire) (?:cars?|vans?|suvs?)|(?:car|van|minivan|suv|truck|vehicle|motorbike"
        r"|scooter) (?:rentals?|hire)|cars?|vans?|suvs?|sedans?|minivans?|convertibles?"
        r"|hatchbacks?|pick-?up trucks?|camper ?vans?",
    ),
)
_ANY_MODE = "|".join(pattern for _, pattern in _MODES)
_TRIP = r"(?:tickets?|seats?|rides?|trips?|journeys?|reservations?|bookings?|fares?|connections?|transfers?)"
_BOUND = (
    r"(?:that|which|you|leaving|departing|going|arriving|heading|returning|coming|one|round|please|between|near|back"
    r"|there|home"
    r"|starting|out|close|somewhere|around|downtown|under|over|non-?stop|direct|will|has|can|i|we|me|my)"
)
# The mode is the head of its phrase: 'a train to', 'flight leaving', but not 'train set'.
_HEAD = rf"\b(?P<mode>{_ANY_MODE})(?:\s{_TRIP})?"
_HEADED = rx(rf"{_HEAD}(?:{END}|(?=\s{_BOUND}\b)|(?=\s[a-z]+(?:\s[a-z]+)?\sto\s[a-z])|(?=\s(?-i:[A-Z])))")
_BOOKING = rx(
    r"\b(?:book|reserv|arrang|schedul|hir|rent|catch|tak|get|need|want|find|look|search|order|call|purchas|buy"
    r"|like|love|see|add"
    r"|grab|help|pick up|send|request|set up|stay|check)(?:s|e|es|ed|ing|ting)?\b"
)
_ASKED = rx(
    r"\b(?:book|reserve|arrange|hire|rent|order|get|need|want|call|find|like)\s(?:me\s|us\s)?(?:an?\s|the\s)?(?:[\w-]+\s){0,3}\Z"
)
_RIDDEN = rx(r"\s(?:to|from|home|back|for|at|tomorrow|today|tonight)\b")
_LENT = rx(r"\b(?:rent(?:ing|al)?|hir(?:e|ing)|book(?:ing)?|reserv(?:e|ing)|lease|pick(?:ing)? up)\b")
_STAYED = rx(r"\b(?:book(?:ing)?|reserv(?:e|ing|ation)|stay(?:ing)?|nights?|hotel|check(?:ing)?[ -]in|suite)\b")
_LODGED = rx(r"\b(?:hotels?|nights?|stay(?:ing)?|check(?:ing)?[ -]in|rooms?|resort|honeymoon|penthouse|guests?)\b")
_WORDS = rx(rf"\b(?:{_ANY_MODE}|{_TRIP}|travel(?:l?ing)?)\b")
_BY = rx(rf"\bby\s(?P<mode>{_ANY_MODE})\b")
_FLY = rx(r"\b(?:fly(?:ing)?|flights?|airfares?)\b")
_FLOWN = rx(
    r"\b(?:want|need|like|wish)\s(?:to\s)?(?P<fly>fly)(?=\s(?:business|economy|first|premium|direct|non-?stop|on|with)\b)"
)
_GO = rx(
    r"\b(?:get|go|going|travel(?:l?ing)?|trips?|journey|tickets?|seats?|ride|commute|head|fly|airports?|terminal"
    r"|take me|one[ -]way"
    r"|\w+ class)\b"
)
_TICKET = rx(r"\b(?:tickets?|seats?|trip|journey|vacation|holiday)\b")
_STAY = rx(r"\bstay(?:ing)?\s(?:in|at|near)\b")
_TO_PLACE = rx(
    r"\b(?:to|for)\s(?:the\s)?(?-i:[A-Z])|\b(?:going|fly|travel|trip|get|tickets?)\sto\s(?!\b(?:see|the|a"
    r"|watch)\b)[a-z]"
)
# Tickets and seats of these are for watching, not for going somewhere.
SHOWN = rx(
    r"\b(?:movies?|films?|cinema|concerts?|theat(?:re|er)|shows?|games?|match(?:es)?|museum|zoo|festival|event"
    r"|screening|imax"
    r"|play|musical|opera|ballet|gig|exhibition|park|stadium|front row|lottery|raffle|vs|versus|see|watch)\b"
)
_LODGING = ("hotel", "car")

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

# A full stop ends a name, unless it shortens it: 'St. Moritz'.
_CAPITAL = r"(?-i:[A-Z])[^\W\d_]{1,2}\.(?=\s(?-i:[A-Z]))|(?-i:[A-Z])[^\W\d_](?:[\w'’-]|\.(?=\w))*|(?-i:[A-Z]{2,4})\b"
_CAPITALS = rf"(?:{_CAPITAL})(?:\s(?:(?:de|la|of|del|am|an der|on|upon)\s)?(?:{_CAPITAL})){{0,3}}"
_STOP = (
    r"(?:for|on|in|at|by|with|from|to|and|or|next|this|tomorrow|today|tonight|return|returning"
    r"|leaving|departing|please|via|under|around|the|a|an|my|our|one|two|three|business"
    r"|economy|first|class|get|go|be|buy|book|order|see|attend|visit|meet|fix|fly|travel|stay|rent|find|leave"
    r"|arrive|head"
    r"|spend|make|take|have|do|schedule|reserve|catch|drive|ride|pay|use|you|me|us|them|him|her|it|non-?stop"
    r"|direct|cheap"
    r"|early|late|morning|evening|afternoon|night|sometime|if|that|which|is|are|i|i'd|i'm|we|because|when|where"
    r"|after|before"
    r"|as|so|but|also|then|round|roundtrip|trip|flight|train|bus|tickets?|seats?|passengers?|people|adults?|would"
    r"|will|can"
    r"|has|need|want|like|no|not|thanks|asap|both|just|only|your|his|her|their|work|coming|going|pick|try|know"
    r"|check|say)"
)
_LOWER = rf"(?!{_STOP}\b)[^\W\d_][\w'-]+(?:\s(?!{_STOP}\b)[^\W\d_][\w'-]+){{0,2}}"
_PAIRS = (
    rx(rf"\b(?:from|out of)\s(?P<origin>{_CAPITALS})\s(?:to|-)\s(?P<destination>{_CAPITALS})"),
    rx(rf"\bto\s(?P<destination>{_CAPITALS})\sfrom\s(?P<origin>{_CAPITALS})"),
    rx(rf"\bbetween\s(?P<origin>{_CAPITALS})\sand\s(?P<destination>{_CAPITALS})"),
    rx(rf"\b(?:from|out of)\s(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})"),
    rx(rf"\bto\s(?P<destination>{_LOWER})\sfrom\s(?P<origin>{_LOWER})"),
    rx(rf"\b(?:{_ANY_MODE})\s(?:tickets?\s)?(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})"),
    rx(rf"(?P<origin>{_CAPITALS})(?:\sto\s|\s?(?:-+>|→)\s?|\s-\s)(?P<destination>{_CAPITALS})"),
)
_FIXED = rx(rf"{FIX_WORDS}(?:to\s|from\s|in\s)?(?P<place>{_CAPITALS}|{_LOWER})")
_SINGLES = (
    ("origin", rx(rf"\b(?:from|leaving(?: from)?|departing(?: from)?|out of)\s(?:the\s)?(?P<origin>{_CAPITALS})")),
    ("destination", rx(rf"\b(?:to|in|near|at|into|for|visit)\s(?:the\s)?(?P<destination>{_CAPITALS})")),
    ("origin", rx(rf"\bfrom\s(?:the\s)?(?P<origin>{_LOWER})")),
    ("destination", rx(rf"\b(?:to|in|near)\s(?:the\s)?(?P<destination>{_LOWER})")),
)
_ROOMS = rx(rf"(?P<count>{NUMBER}|\ba\b|\ban\b)\s(?:[\w-]+\s){{0,2}}?rooms?\b")
_TICKETS = rx(rf"(?P<count>{NUMBER})\s(?:[\w-]+\s|\0++\s?){{0,4}}?(?:tickets?|seats?)\b")
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
    if (
        mode is None
        and not (route and _GO.search(draft.rest) and not SHOWN.search(draft.rest))
        and not _is_journey(draft.rest)
    ):
        return False
    draft.values["workflow_type"] = "travel_booking"
    if mode:
        say_trip_left_out(draft, _booked(draft.rest), mode[1])
        draft.values["travel_mode"] = mode[0]
        draft.note("travel_mode", *mode[1])
    for field, choices in (("travel_class", _CLASS), ("trip_type", _TRIP_TYPE)):
        for value, pattern in choices:
            for match in pattern.finditer(draft.rest):
                draft.give(field, value, match)
    _places(draft, lodging=mode is not None and mode[0] in _LODGING)
    _correct(draft)
    read_nights(draft)
    _counts(draft, mode[0] if mode else "")
    for match in _WORDS.finditer(draft.rest):
        draft.claim(*match.span())
    return True


def _mode(rest: str) -> tuple[str, tuple[int, int]] | None:
    """(mode, its place) when the mode is what is booked, not a word of a thing ('train set', 'car charger')."""
    if _VERB_FIRST.match(rest) and (fly := _FLY.search(rest)):
        return "flight", fly.span()
    headed = sorted(
        _booked(rest), key=lambda match: not _ASKED.search(rest[max(0, match.start() - 50) : match.start()])
    )
    if headed:
        return _name(headed[0]["mode"]), headed[0].span("mode")
    if (by := _BY.search(rest)) and _GO.search(rest):
        return _name(by["mode"]), by.span("mode")
    if fly := re.search(r"\bfly(?:ing)?\s(?:[\w-]+\s){0,3}(?:from|to|out|into|home)\b", rest, re.IGNORECASE):
        return "flight", (fly.start(), fly.start() + 3)
    if fly := _FLOWN.search(rest):
        return "flight", fly.span("fly")
    if stay := _STAY.search(rest):
        return "hotel", stay.span()
    return None


def _booked(rest: str) -> list[re.Match[str]]:
    """The modes that are asked for, in the order of the text."""
    found = []
    for match in _HEADED.finditer(rest):
        before = rest[: match.start()]
        sought = _SOUGHT.search(before) or not _BESIDE.search(before)
        if sought and _is_booked(_name(match["mode"]), rest, match):
            found.append(match)
    return found


# 'snacks for the flight', 'chairs for the rooms in ...': not what is booked.
_DETERMINERS = r"(?:\s(?:the|our|my|a|an|new|this|that|your|all|each|every)|\s[\w-]+(?:ed|er|ing))*"
_BESIDE = rx(
    rf"(?:\b(?:for|with|of|in|at|near|by|on|during|after|before){_DETERMINERS}|\b(?:our|my|this|that|your))\s?\Z"
)
# ... but in 'looking for a flight' it is.
_SOUGHT = rx(
    r"\b(?:(?:looking|look|searching|search|shopping|market|reservation|booking|ask|interested)\s(?:for|in)"
    r"|(?:seats?|tickets?|spots?|places?)\s(?:on|for|in|at|of)"
    rf"|help\s(?:with|in|for)){_DETERMINERS}\s?\Z"
)


def _is_booked(name: str, rest: str, match: re.Match[str]) -> bool:
    """Whether the words around a mode ask for a trip or a stay, each mode in its own way."""
    words = match["mode"].lower()
    if name == "car":
        return bool(re.search(r"rental|hire", words) or _LENT.search(rest[: match.start()]))
    if words.startswith("ride"):
        return bool(_RIDDEN.match(rest, match.end("mode")))
    if words.startswith("suite") and not _LODGED.search(rest):
        return False
    if name == "hotel" and re.fullmatch(r"rooms?|suites?|\w+ rooms?", words):
        return bool(_STAYED.search(rest))
    leads = _BOOKING.search(rest) or re.match(r"[\s\0\w,']{0,24}\Z", rest[: match.start()])
    return bool(leads)


# 'I'd like to go to Rome', 'i want to go to rome on friday': with a capital, or with a date.
_GOES = rx(
    r"\b(?:want|wish|need|like|plan(?:ning)?|hoping|looking|have)\sto\s(?:go|get|travel|fly)\sto\s(?:(?-i:[A-Z])"
    r"|(?!the\b|a\b|an\b|my\b|bed\b|work\b|school\b|sleep\b|church\b|see\b|know\b)[a-z][^.;\n]*\0)"
)
_TRAVELS = rx(
    r"\b(?:want|wish|need|like|plan|going|looking|hop(?:e|ing)|book)(?:ing|s|ed)?"
    r"\s(?:to travel|(?:a|my|our) (?:trip|vacation|holiday|journey)\sto)\b"
)


def _is_journey(rest: str) -> bool:
    """Tickets or seats to a place, not to a show; or a ticket that is booked without a word of what for."""
    if SHOWN.search(rest):
        return False
    if _GOES.search(rest):
        return True
    if not (_TICKET.search(rest) or _TRAVELS.search(rest)):
        return False
    return bool(
        _TRAVELS.search(rest)
        or _TO_PLACE.search(rest)
        or re.search(r"\bbook(?:ing)?\s(?:[\w\0]+\s){0,3}tickets?\b", rest, re.IGNORECASE)
    )


def _name(words: str) -> str:
    return next(name for name, pattern in _MODES if re.fullmatch(pattern, words, re.IGNORECASE))


def _places(draft: Draft, lodging: bool) -> None:
    """Origin and destination; a stay and a car have only a destination. Capitals win over other words."""
    for pattern in _PAIRS:
        if (match := pattern.search(draft.rest)) and not lodging and not re.search(DATE, match[0], re.IGNORECASE):
            for field in ("origin", "destination"):
                draft.values[field] = match[field].rstrip(".-'")
                draft.note(field, *match.span(field))
            draft.claim(*match.span())
            return
    for field, pattern in _SINGLES:
        for match in pattern.finditer(draft.rest):
            if field not in draft.values and not (lodging and field == "origin"):
                draft.give(field, match[field].rstrip(".-'"), match, field)


def _correct(draft: Draft) -> None:
    """'to Geneva, sorry, Basel': the later place replaces the one before it."""
    for span in [span for span in draft.spans if span.field in ("origin", "destination")]:
        fix = _FIXED.match(draft.text, span.end)
        if fix and fix["place"].islower() and draft.text[: fix.start("place")].lower().endswith("no "):
            continue  # 'no hotel' is no place
        if fix and draft.text[span.start : span.end] == draft.values[span.field]:
            draft.values[span.field] = fix["place"]
            draft.spans.remove(span)
            draft.note(span.field, *fix.span("place"))
            draft.claim(*fix.span())


def _counts(draft: Draft, mode: str) -> None:
    """Rooms of a stay, or tickets as passengers."""
    field, pattern = ("rooms", _ROOMS) if mode == "hotel" else ("passengers", _TICKETS)
    if found := list(pattern.finditer(draft.rest)):
        match = last_said(draft, found)
        words = match["count"].lower()
        count = 1 if words in ("a", "an") else read_number(words)
        if count is not None:
            draft.values[field] = int(count)
            draft.note(field, *match.span("count"))

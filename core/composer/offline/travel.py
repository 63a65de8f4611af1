"""Transport, lodging and car hire: whether a sentence asks for it, and from where to where."""

from __future__ import annotations

import re

from core.composer.offline import answers
from core.composer.offline.asked import BESIDE, SOUGHT, is_told
from core.composer.offline.beside import say_trip_left_out
from core.composer.offline.carriers import CARRIERS
from core.composer.offline.dates import goes_backwards, read_nights
from core.composer.offline.goods import has_goods
from core.composer.offline.lexicon import names_software
from core.composer.offline.modes import ANY_MODE, MODE_WORDS, PATTERNS, mode_of
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.people import is_party, last_said
from core.composer.offline.places import left_for, read_places, route
from core.composer.offline.stays import LODGED, lent_or_lodged
from core.composer.offline.text import END, GONE, Draft

_TRIP = (
    r"(?:tickets?|seats?|rides?|trips?|journeys?|passages?|"
    r"reservations?|bookings?|fares?|connections?|transfers?|crossings?)"
)
_BOUND = (
    r"(?:that|which|you|leaving|departing|going|arriving|heading|returning|coming|one|round|please|between|near|back"
    r"|there|home|anywhere|before|after|over|around|during|until|till|leave|arriving|earliest|with|tickets?|booked"
    r"|starting|out|close|somewhere|around|downtown|under|over|waiting|ready|outside|non-?stop|direct|big|large|suitable|will|has|can|i|we|me|my)"
)
# The mode is the head of its phrase: 'a train to', 'flight leaving', but not 'train set'.
_HEAD = rf"\b(?P<mode>{ANY_MODE})\b(?:\s{_TRIP})?"
_HEADED = rx(
    rf"{_HEAD}(?:{END}|(?=\s{_BOUND}\b)|(?=\s[a-z]+(?:\s[a-z]+)?\sto\s[a-z])|(?=\s(?-i:[A-Z]))|(?=\s(?:{NUMBER})\s(?:adults?|people|guests?|nights?)\b))",
    words=MODE_WORDS,
)
_BOOKING = rx(
    r"\b(?:book|reserv|arrang|schedul|hir|rent|catch|tak|get|need|want|find|look|search|order|call"
    r"|purchas|buy|like|love|see|add|(?:can|could|will|would) you have"
    r"|grab|fetch|hail|summon|reach|help|pick up|send|request|set up|stay|check|mak|secur)(?:s|e|es|ed|ing|ting)?\b"
    r"|\b(?:i'm|we're|am|are)\safter\b"
)
_ASKED = rx(
    r"\b(?:book|reserve|arrange|hire|rent|order|get|need|want|call|find|like)\s(?:me\s|us\s)?(?:an?\s|the\s)?(?:[\w-]+\s){0,3}\Z"
)
_RIDDEN = rx(r"\s(?:to|from|home|back|for|at|tomorrow|today|tonight)\b")
_LENT = rx(r"\b(?:rent(?:ing|al)?|hir(?:e|ing)|book(?:ing)?|reserv(?:e|ing)|lease|pick(?:ing)? up)\b")
_STAYED = rx(r"\b(?:book(?:ing)?|reserv(?:e|ing|ation)|stay(?:ing)?|nights?|hotel|check(?:ing)?[ -]in|suite)\b")
_WORDS = rx(
    rf"\b(?:{ANY_MODE}|{_TRIP}|travel(?:l?ing)?)\b",
    words=f"{MODE_WORDS} ticket seat ride trip journey reservation booking fare connection transfer crossing travel",
)
_BY = rx(rf"\bby\s(?P<mode>{ANY_MODE})\b")
_FLY = rx(r"\b(?:fly(?:ing)?|flights?|airfares?)\b")
_FLOWN = rx(
    r"\b(?:want|need|like|wish)\s(?:to\s)?(?P<fly>fly)(?=\s(?:business|economy|first|premium|direct|non-?stop|on"
    r"|with)\b)"
)
_GO = rx(
    r"\b(?:get|go|going|travel(?:l?ing)?|trips?|journey|tickets?|seats?|ride|commute|head|fly|airports?|terminal"
    r"|take me|one[ -]way"
    r"|\w+ class)\b"
)
# 'tickets for a short trip', 'an economy ticket'.
_TO_TRAVEL = rx(
    r"\b(?:tickets?|seats?|fares?)\s(?:for|of)\s(?:an?|my|our|the|this)\s(?:[\w-]+\s){0,2}?(?:trip|journey|vacation|holiday|travels?)\b"
    r"|\b(?:premium[ -]economy|economy|(?:first|business)[ -]class)(?:[ -]class)?\s(?:tickets?|seats?|fares?)\b"
    r"|(?:\A[\s\0]*|\b(?:book|reserve|arrange|plan|organi[sz]e|need|want|get|find|like|buy)\s(?:me\s|us\s)?)"
    r"(?:an?|the|my|our)\s"
    r"(?:[\w-]+\s){0,2}?"
    r"(?:(?:cruise|getaway|vacation|holiday|city break|safari|honeymoon|package (?:holiday|deal|tour))"
    rf"{END}|(?<!boat )(?<!fishing )(?<!school )(?<!field )(?:trip|journey)\s(?:to|around)\b)"
    r"|\b(?:on|for|catch|take)\sthe\s\0+\s(?:to|from)\s"
    r"|\barrange\sfor\s(?:[\w-]+\s){1,3}to\s(?:travel|go|get|fly|come)\sto\b"
)
_SEATED = rx(r"\b(?P<name>[a-z][\w.-]*)\sseats?\b", words="seat")
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
    r"|play|musical|opera|ballet|gig|exhibition|park|stadium|symphony|orchestra|recital|tournament|rodeo|circus"
    r"|aquarium|planetarium|comedy|stalls|balcony|mezzanine|showing|matinee|performance|box seats|row"
    r"|stand-?up|(?<=the )derby|derby match"
    r"|finals?|playoffs?|premiere|broadway|arena|amphitheat(?:re|er)|front row|lottery|raffle|vs"
    r"|versus|see|watch)\b"
)

_CLASS = (
    ("premium_economy", rx(r"\b(?:in |fly )?premium[ -]economy(?:[ -]class)?\b")),
    (
        "business",
        rx(
            r"\b(?:in )?business[ -]class\b|(?<=fly )business\b|\bin business(?=\s*(?:\Z|[,.;\n]))"
            r"|(?<=[,\0] )business(?=\s*(?:\Z|[,.;\n]))"
        ),
    ),
    ("first", rx(r"\b(?:in )?(?:first|1st)[ -]class\b")),
    (
        "economy",
        rx(
            r"\b(?:in )?(?:economy|coach|standard|second)[ -]class\b|\b(?:in )?economy\b",
            words="coach economy second standard",
        ),
    ),
)
_FARE = r"(?=(?:to|from|flights?|tickets?|train|bus|coach|ferry|fares?|trip|journey)\b)"
_TRIP_TYPE = (
    ("one_way", rx(rf"\b(?:one|single)[ -](?:way|trip)\b|\bsingles\b|\bsingles?\s{_FARE}|\bno return\b")),
    (
        "round_trip",
        rx(
            r"\b(?:round[ -]?trip|(?:(?<=\Aa )|(?<= a )|(?<=open )|(?<=day )|(?<=off-peak )|(?<=one )|(?<=two )"
            r"|(?<=\d )"
            rf"|\A|(?<=class ))returns?\s{_FARE}|returns?\s(?=flights?\b|tickets?\b|trip\b|journey\b|train\b|fare\b)"
            r"|(?:open|day) returns?|returns(?=\s)|there and back|both ways|two[ -]way|out and back"
            r"|return(?=\s*(?:\Z|[,.;\n])))(?: trip)?",
            words="back both day open out return round two",
        ),
    ),
)

_ROOMS = rx(rf"(?P<count>{NUMBER}|\ba\b|\ban\b)\s(?:(?!(?:{NUMBER})\s)[\w-]+\s){{0,2}}?rooms?\b", words="room")
_TICKETS = rx(
    rf"(?P<count>{NUMBER})\s(?:[\w-]+\s|\0++\s?){{0,4}}?(?:tickets?|seats?|singles|returns|berths?|spaces|flights)\b"
)
_VERB_FIRST = re.compile(
    (
        r"[\s\0]*(?:please\s|we (?:want|need) to\s|i (?:want|need) to\s|i'd like to\s|we'd like "
        r"to\s)?fly\b"
    ),
    re.IGNORECASE,
)


def read_travel(draft: Draft) -> bool:
    """Read a trip or a stay; False, and nothing read, where the sentence asks for something else."""
    rest = draft.rest
    if is_told(rest):
        return False
    mode = _mode(rest) or lent_or_lodged(rest, "return_date" in draft.values) or _moved(rest)
    if mode is None and not _is_route(rest) and not (_is_journey(rest) and not has_goods(rest)):
        return False
    draft.values["workflow_type"] = "travel_booking"
    if mode:
        say_trip_left_out(draft, _booked(draft.rest), mode[1])
        draft.values["travel_mode"] = mode[0]
        draft.note("travel_mode", *mode[1])
    _counts(draft, mode[0] if mode else "")
    for field, choices in (("travel_class", _CLASS), ("trip_type", _TRIP_TYPE)):
        for value, pattern in choices:
            for match in pattern.finditer(draft.rest):
                draft.give(field, value, match)
    read_places(draft, mode[0] if mode else "", mode[1][0] if mode else 0)
    read_nights(draft)
    _say_what_can_not_be(draft)
    for match in _WORDS.finditer(draft.rest):
        draft.claim(*match.span())
    return True


def _say_what_can_not_be(draft: Draft) -> None:
    """A return before the departure, and a trip from a place to itself."""
    spans = {span.field: (span.start, span.end) for span in draft.spans}
    out, back = draft.values.get("date"), draft.values.get("return_date")
    if out and back and goes_backwards(out, back):
        draft.tell(answers.back_before(out, back), *spans["return_date"])
    place, goal = draft.values.get("origin"), draft.values.get("destination")
    if place and goal and place.lower() == goal.lower():
        draft.tell(answers.same_place(goal), *spans["destination"])


def _mode(rest: str) -> tuple[str, tuple[int, int]] | None:
    """(mode, its place) when the mode is what is booked, not a word of a thing ('train set', 'car charger')."""
    if _VERB_FIRST.match(rest) and (fly := _FLY.search(rest)):
        return "flight", fly.span()
    headed = sorted(
        _booked(rest), key=lambda match: not _ASKED.search(rest[max(0, match.start() - 50) : match.start()])
    )
    if headed:
        return mode_of(headed[0]["mode"]), headed[0].span("mode")
    if (by := _BY.search(rest)) and _GO.search(rest):
        return mode_of(by["mode"]), by.span("mode")
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
        if _TOY.search(before):
            continue
        sought = SOUGHT.search(before) or not BESIDE.search(before)
        if sought and _is_booked(mode_of(match["mode"]), rest, match):
            found.append(match)
    return found


_TOY = rx(r"\b(?:toy|model|paper|rc|inflatable|lego|wooden|remote[- ]control(?:led)?)\s\Z")


_AN = r"(?:\s(?:the|our|my|a|an|new|this|that|your|all|each|every))*"
_CARRIED = rx(
    "|".join(
        rf"(?P<{name}>\b(?:{PATTERNS[name]}|{CARRIERS[name]})\b)"
        for name in ("flight", "train", "bus", "ferry", "taxi")
    )
)
# 'snacks for the flight', 'during the flight': what is taken along.
_ALONG = rx(rf"\b(?:for|of|in|during|after|before|our|my|this|that){_AN}(?:\s[\w-]+)?\s?\Z")
_LIFT = rx(
    r"\b(?:pick|collect|drop|take|drive|bring|get)\s(?:(?:me|us|him|her|them)|(?:my|our|the)\s[\w-]+)\s(?:up|off|to"
    r"|from)\b"
)


# 'get me on a plane to Denver', 'put two of us on the early ferry'.
_ABOARD = rx(
    r"\b(?:get|put|squeeze|hop|jump|stick|book|fit)\s(?:[\w']+\s){0,4}?on\s(?:an?|the|that)\s(?:[\w-]+\s){0,2}\Z"
)
# 'drive us from the hotel to the airport', 'we need picking up from Gatwick', 'take me home'.
_WHOM = r"(?:me|us|him|her|them|(?:my|our)\s(?!order|car|package)[\w-]+)"
_DRIVEN = rx(
    rf"\b(?P<mode>drive|take|bring|get|run|pick up|collect|drop|pick)\s{_WHOM}\s"
    r"(?:(?:up|off|back|over|home)\s)?(?:(?:from|at)\s[^.;\n]{2,50}?\s)?(?:and\s\w+\s(?:me|us|him|her|them)\s)?(?:to"
    r"|at|from)\s(?:the\s"
    r"(?:\w+\s)?(?:airport|station|hospital|hotel|clinic|terminal|stadium|mall|office|port|pier|venue|church"
    r"|restaurant|ferry)\b|(?:work|school|church|college|town)\b|(?-i:[A-Z])|\d+\s(?-i:[A-Z]))"
    r"|\b(?:need|want)s?\s(?P<fetched>(?:picking|collecting|driving|dropping|fetching)(?:\s(?:up|off))?)\s(?:from|at|to)\s"
    rf"|\b(?P<home>(?:drive|take|run|get)\s{_WHOM})\shome\b"
)
# Where a ride begins or ends, no way to travel by.
_STATION = rx(r"\b(?:bus|coach|train|rail|ferry|greyhound|amtrak|eurostar)\s(?=(?:station|stop|terminal|depot|port)\b)")
# 'can you send a car': with its driver.
_SENT = rx(
    r"\b(?:send|call|have)\s(?:me\s|us\s|for\s)?a\s(?P<mode>car|driver)\b"
    r"(?=\s*(?:\Z|[,.;!?\0]|to|at|for|by|from|round|over|and|waiting|pick|collect|take|get|outside|please)\b|\s*(?:\Z|[,.;!?\0]))"
)
_BY_HOUR = rx(rf"\b(?:by|before|at|around)\s(?:{NUMBER})\b")


def _moved(rest: str) -> tuple[str, tuple[int, int]] | None:
    """The mode where it only stands somewhere beside a route: 'Nairobi to Mombasa, ..., friday morning flight'."""
    along = route(rest, moved=True)
    if is_told(rest) or has_goods(rest):
        return None
    moving = _STATION.sub(lambda found: GONE * len(found[0]), rest)
    if (led := _DRIVEN.search(rest)) and not _CARRIED.search(moving) and ("\0" in rest or _BY_HOUR.search(rest)):
        return "taxi", led.span(led.lastgroup or 0)
    if (sent := _SENT.search(rest)) and ("\0" in rest or along or _BY_HOUR.search(rest)):
        return "taxi", sent.span("mode")
    for match in _CARRIED.finditer(moving):
        name = str(match.lastgroup)
        lifted = name == "taxi" and _LIFT.search(rest)
        if (along or lifted or _ABOARD.search(rest[: match.start()])) and not _ALONG.search(rest[: match.start()]):
            return name, match.span()
    return None


def _is_route(rest: str) -> bool:
    """Whether two places, without a mode, are a trip: something else says so, and nothing else is asked for."""
    if _CLASSED.search(rest) and not SHOWN.search(rest) and not is_told(rest):
        return True
    if route(rest) is None or SHOWN.search(rest) or is_told(rest):
        return False
    if left_for(rest):
        return not has_goods(rest)
    return bool(_GO.search(rest) or _EVIDENCE.search(rest)) and not has_goods(rest)


# 'business class from JFK', 'to Vienna in first class'.
_CLASSED = rx(
    r"\b(?:business|first|economy|premium|second)[ -]class\b[^.;\n]{0,40}?\b(?:from|to|out of)\s(?-i:[A-Z])"
    r"|\b(?:from|to|out of)\s(?-i:[A-Z])[^.;\n]{0,60}?\b(?:business|first|economy|second)[ -]class\b",
    words="class",
)
_EVIDENCE = rx(
    r"\0|\b(?:passengers?|travell?ers?|adults?|one[ -]way|round[ -]?trip|(?:economy|business|first|second) class"
    r"|nonstop)\b"
)


# 'a car from Newark airport to the state capitol'
_DRIVES = rx(r"\s(?:for\s(?:an?|my|our|the|his|her)\s[\w-]+\s)?from\s[^.;\n\0]{2,40}?\sto\s(?:the\s)?[a-z]")
# 'the lifts' of a house are no way to travel.
_THE = rx(r"\b(?:the|our|both|all|my|your)\s\Z")
# 'book the car in for a service': what is done to a car, not with one.
_BROUGHT_IN = rx(
    r"\s(?:back\s)?(?:in\s)?for\s(?:an?|its|the|her|his)\s(?!(?:[\w-]+\s){0,2}?(?:hours?|days?|nights?|weeks?|weekends?"
    r"|fortnight|months?|afternoon|morning|evening|trip|journey|drive|holidays?|vacation)\b)|\sin\s(?:to|at|with)\s"
)
# Rooms that one meets or works in, not where one sleeps.
_INDOORS = rx(
    r"\b(?:meeting|conference|board|training|class|dressing|function|rehearsal|practice|study|exam|treatment|therapy"
    r"|party|karaoke|escape|interview|huddle|event|banquet|seminar|breakout|lecture|dining|private|music|games?)[ -]?\Z"
)


def _is_booked(name: str, rest: str, match: re.Match[str]) -> bool:
    """Whether the words around a mode ask for a trip or a stay, each mode in its own way."""
    words = match["mode"].lower()
    if _INDOORS.search(rest[: match.start()]) and words.startswith("room"):
        return False
    if name == "car":
        if re.search(r"rental|rent|hire", words):
            return True
        if _BROUGHT_IN.match(rest, match.end("mode")):
            return False
        if _DRIVES.match(rest, match.end("mode")):
            return True
        return bool(_LENT.search(rest[: match.start()]))
    if words == "lifts" and _THE.search(rest[: match.start()]):
        return False
    if words.startswith(("ride", "lift")):
        return bool(_RIDDEN.match(rest, match.end("mode")))
    if words.startswith("boat"):
        return bool(_RIDDEN.match(rest, match.end("mode"))) and route(rest) is not None
    if re.match(r"inn|lodge", words) and not _STAYED.search(rest):
        return False
    if words.startswith("suite") and not LODGED.search(rest):
        return False
    if name == "hotel" and re.fullmatch(r"rooms?|suites?|\w+ rooms?", words):
        return bool(_STAYED.search(rest))
    leads = (
        _BOOKING.search(rest)
        or is_party(rest[: match.start()])
        or re.search(r"(?:\A|[.,:;!\n])[\s\0\w,']{0,24}\Z", rest[: match.start()])
    )
    return bool(leads) or route(rest) is not None


# 'I'd like to go to Rome', 'i want to go to rome on friday': with a capital, or with a date.
_GOES = rx(
    r"\b(?:want|wish|need|like|plan(?:ning)?|hoping|looking|have)\sto\s(?:go|get|travel|fly)\sto\s(?:(?-i:[A-Z])"
    r"|(?!the\b|a\b|an\b|my\b|bed\b|work\b|school\b|sleep\b|church\b|see\b|know\b)[a-z][^.;\n]*\0)"
)
_TRAVELS = rx(
    r"\b(?:want|wish|need|like|plan|going|looking|hop(?:e|ing)|book)(?:ing|s|ed)?"
    r"\s(?:to travel|(?:a|my|our) (?:trip|vacation|holiday|journey)\sto"
    r"|to (?:go|take|leave|make) (?:on |for )?an? (?:\w+ )?"
    r"(?:trip|vacation|holiday|journey|getaway)(?!\s(?:planner|bag)))\b"
)


def _seats_of_software(rest: str) -> bool:
    """'4 more Figma seats': seats of a program."""
    return any(names_software(match["name"]) for match in _SEATED.finditer(rest))


def _is_journey(rest: str) -> bool:
    """Tickets or seats to a place, not to a show; or a ticket that is booked without a word of what for."""
    if SHOWN.search(rest) or _seats_of_software(rest):
        return False
    if _GOES.search(rest) or _TO_TRAVEL.search(rest):
        return True
    if not (_TICKET.search(rest) or _TRAVELS.search(rest)):
        return False
    return bool(
        _TRAVELS.search(rest)
        or _TO_PLACE.search(rest)
        or re.search(r"\bbook(?:ing)?\s(?:[\w\0]+\s){0,3}tickets?\b", rest, re.IGNORECASE)
    )


def _counts(draft: Draft, mode: str) -> None:
    """Rooms of a stay, or tickets as passengers."""
    field, pattern = ("rooms", _ROOMS) if mode == "hotel" else ("passengers", _TICKETS)
    if found := list(pattern.finditer(draft.rest)):
        counted = [match for match in found if match["count"].lower() not in ("a", "an")]
        match = last_said(draft, counted or found)
        words = match["count"].lower()
        count = 1 if words in ("a", "an") else read_number(words)
        if count is not None:
            draft.values[field] = int(count)
            draft.note(field, *match.span("count"))

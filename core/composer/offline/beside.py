"""What is ordered beside a trip or an appointment and can't be part of it: goods, another trip. It is said."""

from __future__ import annotations

import re

from core.composer.offline import answers
from core.composer.offline.lexicon import domain_of, is_service, knows
from core.composer.offline.lines import Line, Manner
from core.composer.offline.nouns import singular
from core.composer.offline.patterns import rx
from core.composer.offline.scan import Scan
from core.composer.offline.text import END, GONE, Draft
from core.composer.offline.tokens import tokens
from core.composer.offline.zones import order_zones

MOST_SAID = 3
_ORDERING = ("order", "buy", "purchas")
# Where one thing that is booked ends and the next begins.
_JOINED = rx(
    r"\band\s\Z|(?:\band|\bplus|\balso|\bthen|\bas\swell\sas|[,;.&+])\s(?:(?:and|also|then|please|i|we|to|need|want|get|book|reserve|rent|hire|order|add|include|arrange|me|us)\s){0,5}"
    r"(?:an?|the|one|two|three|\d{1,2}|another)\s(?:[\w-]+\s)?\Z"
)
_ENDS = re.compile(
    r"[,.;!?\n\0]|\s(?:and|plus|then|but)\s(?:an?|the|also|then|book|order|get|i|we|please)\b", re.IGNORECASE
)
_OF_TRIP = rx(r"\s(?:seats?|tickets?|rooms?|fares?|trips?|class)\b")
_PLACED = rx(r"\b(?:to|in|from|at|near)\s")
_RETURNING = rx(r"\b(?:return|back|home|round|connecting)\b")


_OTHER = rx(
    rf"(?P<first>\b(?:an?|one)\s(?:[a-z][\w-]*\s){{0,2}}?(?P<name>[a-z][\w-]*))\s(?:or|and/or)(?:\selse)?\s"
    rf"(?P<second>an?\s(?P<other>[a-z][\w-]*(?:\s[a-z][\w-]*){{0,2}}?)){END}",
    words="or",
)


def say_other_left_out(draft: Draft) -> None:
    """'a coke or a pepsi' is one of them: the first, until another is chosen."""
    while (match := _OTHER.search(draft.rest)) and knows(match["name"]) and knows(match["other"]):
        draft.tell(answers.one_of_two(match["first"], match["second"]), *match.span("second"))
        draft.skip(match.end("first"), match.end())


def say_goods_left_out(draft: Draft, kind: str, cued: bool) -> None:
    """Answer for goods and services that stand beside a trip or an appointment; their verbs are marked already."""
    lines: list[Line] = []
    for start, end in order_zones(draft, cued):
        scan = Scan(draft.text, tokens(draft.rest, start, end), Manner(cued), lines)
        lines = scan.run()
    for line in [line for line in lines if _is_goods(line) and not _goes_on(draft, line)][:MOST_SAID]:
        start = min(line.name_span[0], (line.quantity_span or line.unit_span or line.name_span)[0])
        end = line.name_span[1]
        what = _written(draft, start, end)
        verb = "Book" if is_service(line.name) else "Order"
        draft.tell(answers.left_out(what, kind, f"{verb} {what}"), start, end)
        draft.claim(start, end)


def _is_goods(line: Line) -> bool:
    """Whether a line is something to buy: by its verb and number, or because it is known; seats are the trip's."""
    domain = domain_of(line.name) if knows(line.name) else None
    if domain == "travel" or line.name in ("appointment", "booking", "visit", "slot"):
        return False
    if line.verb.startswith(_ORDERING):
        return line.quantity is not None or domain is not None
    return domain is not None and (line.quantity is not None or is_service(line.name))


def _goes_on(draft: Draft, line: Line) -> bool:
    """Whether a name is part of what was read of the trip already: the window of a window seat."""
    end = line.name_span[1]
    return _OF_TRIP.match(draft.text, end) is not None and re.match(rf"\s?{GONE}", draft.rest[end:]) is not None


def say_trip_left_out(draft: Draft, headed: list[re.Match[str]], taken: tuple[int, int]) -> None:
    """Answer for a second trip: '... and a hotel in Rome'. `headed`: what may be booked, `taken`: what is."""
    said = singular(draft.rest[slice(*taken)])
    for match in headed:
        lead = _JOINED.search(draft.rest, max(0, match.start() - 70), match.start())
        if match.start() < taken[1] or lead is None:
            continue
        ending = _ENDS.search(draft.rest, match.end())
        start = _article(draft.rest, lead, match.start())
        end = ending.start() if ending else len(draft.rest)
        alike = singular(match["mode"]) in said or singular(match["mode"]) == "room"
        if _RETURNING.search(draft.rest, start, end) or (alike and not _PLACED.search(draft.rest, match.end(), end)):
            continue
        what = _written(draft, start, end)
        article = "" if start < match.start() else "an " if what[0].lower() in "aeiou" else "a "
        draft.tell(answers.left_out(what, "trip", f"Book {article}{what}"), start, end)
        # Of 'a flight and hotel in Rome' both are there.
        draft.claim(start, end if start < match.start() else match.end("mode"))


def _article(rest: str, lead: re.Match[str], end: int) -> int:
    """Where the article or the number before a mode begins."""
    found = list(re.finditer(r"\b(?:an?|the|one|two|three|\d{1,2}|another)\s", rest[lead.start() : end], re.IGNORECASE))
    return lead.start() + found[-1].start() if found else end


def _written(draft: Draft, start: int, end: int) -> str:
    first, last = draft.place(start, end)
    return " ".join(draft.original[first:last].split())

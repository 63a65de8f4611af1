"""A room, a house or a car for some days, by its place, its term or the brand of who lends it."""

from __future__ import annotations

from core.composer.offline.asked import BESIDE, is_told
from core.composer.offline.carriers import CARRIERS
from core.composer.offline.goods import has_goods
from core.composer.offline.modes import PATTERNS
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import END

LODGED = rx(
    r"\b(?:hotels?|nights?|stay(?:ing)?|check(?:ing)?[ -]in|rooms?|resort|honeymoon|penthouse"
    r"|guests?|adults|accommodates?|king|queen)\b"
)
_DWELLING = (
    r"cabins?|villas?|cottages?|apartments?|condos?|chalets?|lodges?|bungalows?|beach ?houses?|farmhouses?"
    r"|houseboats?|yurts?|campsites?|studios?|flats?|houses?|treehouses?|guest ?houses?|country houses?|town ?houses?"
    r"|penthouses?|lake ?houses?|holiday homes?|log cabins?"
)
# A house that one books is for a stay: 'book a house', 'reservations for a villa'.
_HOUSED = rx(
    r"\b(?:book(?:ing)?|reserv(?:e|ing)|rent(?:ing)?|(?:reservations?|booking) (?:for|at|in|of))\s"
    rf"(?:(?:me|us)\s)?(?:an?|the|one)\s(?:[a-z]+\s){{0,2}}?(?P<mode>{_DWELLING})"
    r"(?!\s(?:for|to)\s(?:a |my |our |the )?(?:party|wedding|clean\w*|event|shoot|paint\w*))"
    rf"{END}"
)
_TOWN = r"(?:\s(?!(?:for|to|the|a|an|my|our|your|with|and|at|on|by|case|good|need|use)\b)[a-z]+)"
# What is taken for some days, and where: 'a minivan in Tampa from friday to sunday', 'a room at the Marriott tonight'.
_TAKEN = rx(
    rf"\b(?P<mode>{PATTERNS['car']}"
    rf"|(?<!meeting )(?<!conference )(?<!board )(?<!training )(?<!class )(?<!dressing )rooms?|suites?"
    r"|(?:(?<=\ba )|(?<=one-way )|(?<=one way )|(?<=the ))rentals?)"
    r"\s(?:(?:[\w\0-]+\s){0,3}(?:in|at|near|from|on)\s(?:the\s)?(?-i:[A-Z])"
    rf"|(?:[\w-]+\s){{0,4}}in{_TOWN}{{1,3}}[\s,]*\0)",
    words="camper car convertible hatchback hire minivan motorbike pick rental room scooter sedan suite suv truck "
    "van vehicle",
)
_HOUSE = rx(
    rf"\b(?P<mode>{_DWELLING}|(?:a|our|the) place|somewhere)"
    r"\s(?:[\w\0-]+\s){0,3}?(?:in|at|near|on|by|around|outside)\s(?:the\s|downtown\s)?"
    r"(?:(?-i:[A-Z])|[a-z]+(?:\s[a-z]+)?[\s,]*\0)"
)
# 'two nights in Bath'.
_NIGHTS_IN = rx(rf"\b(?P<mode>(?:{NUMBER}|a|one)\s(?:nights?))\s(?:in|at|near)\s(?!(?:the|my|our|a)\b)[a-z]")
_TERM_OF_STAY = rx(r"\b(?:nights?|weeks?|long weekend|to stay|sleeps?)\b")
_TERM = rx(r"\0|\b(?:nights?|days?|weeks?|weekend|tonight)\b")
_SUITE = rx(r"\bsuites?\b")
# 'I need a compact car from the 3rd to the 9th': what is taken from one day to another is lent.
_FOR_DAYS = rx(
    r"(?:\A[\s\0]*|\b(?:need|want|get|book|find|like|looking for|reserve|take)\s(?:me\s|us\s)?)"
    r"(?:an?|one)\s(?:[\w-]+\s){0,2}?"
    r"(?P<mode>cars?|vans?|suvs?|sedans?|minivans?|convertibles?|hatchbacks?|pick-?up trucks?|camper ?vans?|motorhomes?"
    rf"|rvs?|jeeps?){END}"
)
# 'I need a rental next Monday', 'book us a rental for three days'
_RENTAL = rx(
    r"\b(?:need|want|get|book|find|like|reserve|arrange|looking for)\s(?:me\s|us\s)?(?:an?|the|one)\s(?:[a-z]+\s)?"
    r"(?P<mode>rental)(?=\s*(?:\Z|[\0,.;!?]|(?:in|at|from|near|around)\b"
    rf"|for\s(?:\0|the\s(?:week|day|month)|an?\s(?:week|day|month|few)|(?:{NUMBER})\s(?:days?|weeks?))))",
    words="rental",
)
_BRANDED = rx(
    rf"\b(?P<car>{CARRIERS['car']})\s(?:rentals?|hire|cars?|in|at|from)\b"
    rf"|\b(?:at|in|into)\s(?:the\s|a\s|an\s)?(?P<hotel>{CARRIERS['hotel']})\b"
)


def lent_or_lodged(rest: str, ranged: bool) -> tuple[str, tuple[int, int]] | None:
    """A car or a room by its place and its days, or by the brand of who lends it."""
    if is_told(rest):
        return None
    if "night" in rest.lower() and (nights := _NIGHTS_IN.search(rest)):
        return "hotel", nights.span("mode")
    if has_goods(rest):
        return None
    if (taken := _TAKEN.search(rest)) and _TERM.search(rest) and not BESIDE.search(rest[: taken.start()]):
        name = "hotel" if taken["mode"].lower().startswith(("room", "suite")) else "car"
        return name, taken.span("mode")
    if (rental := _RENTAL.search(rest)) and _TERM.search(rest):
        return "car", rental.span("mode")
    if housed := _HOUSED.search(rest):
        return "hotel", housed.span("mode")
    if ranged and (car := _FOR_DAYS.search(rest)):
        return "car", car.span("mode")
    if (house := _HOUSE.search(rest)) and (ranged or _TERM_OF_STAY.search(rest)):
        return "hotel", house.span("mode")
    branded = _BRANDED.search(rest)
    if branded and (branded["car"] or LODGED.search(rest) or _SUITE.search(rest)) and _TERM.search(rest):
        name = "car" if branded["car"] else "hotel"
        return name, branded.span(name)
    return None

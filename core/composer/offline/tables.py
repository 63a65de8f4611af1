"""A table where one eats: 'reserve dinner for eight', 'get us in at the new place at seven'."""

from __future__ import annotations

import re

from core.composer.offline.carriers import CARRIERS
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_MEAL = r"(?:dinner|lunch|brunch|breakfast|supper|afternoon tea|high tea|drinks)"
_MEAL_WORDS = "dinner lunch brunch breakfast supper tea drinks"
_MANY = rf"(?:me and|(?:the\s)?(?:{NUMBER}) of us|(?:{NUMBER})|my|our|us)"
_DINER = (
    r"(?:place|restaurant|bistro|cafe|grill|steakhouse|pizzeria|diner|trattoria|bar|tavern|pub|brasserie|eatery|tearoom"
    r"|buffet|taqueria|cantina"
    r"|(?<!the )(?<!my )(?<!our )(?<!\bin )(?<!\bat )(?:kitchen|garden|house|inn|factory|room|table))"
)
_RESERVED = rx(
    rf"\b(?:reserv(?:e|ing)|book(?:ing)?|(?:get|squeeze|fit|pencil|put|book|sign) (?:me|us|{_MANY})\s(?:in|down"
    rf"|on the list)(?: for)?"
    rf"|(?:{NUMBER}) (?:of us|people|guests) for"
    rf"|(?:a\s)?(?:reservations?|booking|spot|place) for)\s(?:me\s|us\s)?(?:an?\s|our\s"
    rf"|my\s)?(?:[a-z-]+\s)?(?P<meal>{_MEAL})\b"
    r"(?!\s(?:platter|box|tray|set|menu|table|bag|catering|deliver|order|cruise|reservation|class))",
    words=_MEAL_WORDS,
)
# 'dinner for two at Nobu': at a place, not for delivery.
_EATEN = rx(
    rf"\b(?P<meal>{_MEAL})\s(?:reservation\s)?(?:for|with)\s{_MANY}\b[^.;\n]{{0,40}}?\s(?:at"
    rf"|in)\s(?:the\s[a-z]+\s(?:place|room|restaurant|bistro"
    r"|cafe|grill|house|bar)|(?-i:[A-Z]))"
    r"|\b(?P<verb>eat|dine|have (?:dinner|lunch|brunch|breakfast|supper|drinks)|grab (?:dinner|lunch|brunch"
    r"|drinks))\s(?:out\s)?"
    rf"(?:at|in)\s(?:the\s|that\s)?(?:(?-i:[A-Z])|[a-z' -]{{2,30}}{_DINER})",
    words=f"{_MEAL_WORDS} eat dine",
)
# 'dinner for two on friday, somewhere quiet, book it under Lee'
_THEN_RESERVED = rx(
    rf"\b(?P<meal>{_MEAL})\s(?:for|with)\s{_MANY}\b[^.;\n]*?\b(?:reserve|book)\s(?:it|that|this|one|somewhere|us in)\b",
    words="book reserve",
)
_SEATED = rx(
    rf"\bparty of (?:{NUMBER})\b(?:\sfor\s(?P<meal>{_MEAL}))?(?=\s*(?:\Z|[\0,.;]|for|at|on|tonight"
    rf"|tomorrow|this|next|[a-z]+day))"
    rf"|\b(?P<table>booth|(?:window |corner |outdoor |outside |patio |bar )(?:seats?|seating|spots?|table)|patio"
    rf"|private (?:room|dining room))"
    rf"\s(?:[a-z]+\s){{0,2}}?for\s{_MANY}\b"
    rf"|\b(?:get|squeeze|fit|seat|put|book)\s(?:me|us|{_MANY}|a party of (?:{NUMBER}))\s(?:in|in at|at"
    rf"|into)\s(?:the\s|that\s)?"
    rf"(?:(?-i:[A-Z])[\w']*(?:\s(?-i:[A-Z])[\w']*)*|[a-z' -]{{2,30}}{_DINER})"
    r"|\b(?:can|could)\s(?:we|i)\s(?:get\s(?:in|seated)|sit\sdown)\s(?:at|in|into)\s(?:the\s|that\s)?"
    rf"(?:(?-i:[A-Z])|[a-z' -]{{2,30}}{_DINER}\b)"
    # 'a spot for 8 at benihana', 'I'd like to eat at nobu'
    r"|\b(?:get|reserve|book|save|hold|need|want|find)\s(?:me\s|us\s)?(?:an?\s)?(?:[a-z]+\s)?(?P<spot>spots?|seats?|places?|seating)"
    rf"\sfor\s{_MANY}\s(?:people\s)?at\s(?!the\s)[a-z]"
    r"|\b(?:want|like|love|wanna|hoping|need|wish)\s(?:to\s)?(?:go\s)?(?P<verb>eat|dine)\s(?:out\s)?at\s"
    rf"(?!home\b|work\b|my\b|our\b|school\b|noon\b|the\b|(?:{NUMBER})\b)[a-z]",
    words="party booth seat spot table patio private squeeze place get fit put book eat dine window corner outdoor "
    "bar reserve save hold need want find sit",
)
# 'make reservations for 4 at the grill', 'get me a reservation at Olive Garden': none for a thing that one does there.
_RESERVES = rx(r"\b(?:reservation|booking|table|booth)", words="booth reservation table")
_RESERVATION = rx(
    r"\b(?:make|making|get|book|need|want|like|put in|set up|place|arrange)\s(?:(?:me|us)\s)?"
    r"(?:an?\s|some\s|my\s|our\s)?(?P<table>(?:restaurant\s|table\s)?(?:reservations?|booking))\s"
    rf"(?:(?:for|of)\s{_MANY}\b(?!\s(?:an?\b|the\b|[a-z]+s?\s(?:class|tour|lesson)))"
    rf"|(?:at|in|with)\s(?:(?-i:[A-Z])|(?:the\s|that\s)?[a-z'& -]{{2,30}}(?:{_DINER}\b|\sfor\s(?:{NUMBER})\b)))"
)
# 'Table for two at Nobu, 8 pm'
_TABLE_FIRST = rx(
    r"(?:\A|[.,!?;\0]\s?)(?:(?:an?|nice|quiet|small|big|large|round|good|please)\s){0,3}"
    rf"(?P<table>table)\sfor\s(?:{_MANY}|\d{{1,2}})\b(?!\s(?:the|my|our|dollars|bucks|pounds|euros))"
)
# 'hold us a booth at the diner for three', 'book one table at the mill at noon'.
_HELD = rx(
    r"\b(?P<verb>hold|save|keep|reserve|book|grab|snag|get|find|need|want|like|love)\s(?:(?:me|us|(?:my|our)\s[\w-]+)\s)?(?:an?|the|one)\s"
    r"(?:(?:nice|quiet|small|big|large|good|round|corner|window|outdoor|outside|indoor|patio|private|high|free)\s){0,2}"
    rf"(?P<table>table|booth)(?=\s*(?:\Z|[,.;!?\0]|outside|inside|indoors|outdoors|upstairs|by|near|somewhere|at|on|in"
    rf"|tonight|tomorrow|this|next|for\s{_MANY}\b(?!\s(?:dollars|bucks|pounds|euros|quid))))"
)
_FOR_A_THING = rx(r"\b(?:reservations?|booking)\b[^.;\n]*?\b(?:for|to get|to have)\s(?:an?|my|our|the)\s(?!\d)[a-z]")
# 'get a table' may be furniture, but where it is for somebody.
_FETCHED = ("get", "find", "grab", "snag", "need", "want", "like", "love")
_TABLE_FOR = rx(
    rf"\bfor\s(?:me and|(?:the\s)?(?:{NUMBER}))\b|\bsomewhere\b|\bof us\b|\bat (?:the|that) [a-z' -]{{2,30}}{_DINER}\b"
)
_HOUR = rx(
    r"\b(?:at|around|about)\s(?:one|two|five|six|seven|eight|nine|half)\b|\b(?:at|around|about|for)\s\d|\d\s?[ap]m\b"
    r"|o'?clock|\b(?:tonight|tomorrow|noon)\b|\bfor\s(?:two|three|four|five"
    r"|six|seven|eight)"
)
_LODGED = rx(
    r"\b(?:rooms?|nights?|flights?|stay|suite|train|cruise|tour|shuttle|taxi|cab|uber|bus|coach|ferry|airport"
    r"|check[ -]in)\b",
    words="airport bus cab check coach cruise ferry flight night room shuttle stay suite taxi tour train uber",
)
# 'dinner for two at the oak room'
_AT_THE_INN = rx(r"\bat the (?:[a-z']+\s){1,2}(?:room|suite|house|lounge|bar|coach|ferry|train)\b")
_BRANDED = rx(rf"\b(?:{CARRIERS['hotel']}|{CARRIERS['car']})\b")
_WATCHED = rx(r"\b(?:games?|match|concert|show|movie|film|play|theat(?:er|re)|stadium|arena|class|race|opera|ballet)\b")
_CARRIED = rx(
    r"\b(?:deliver\w*|takeout|take-?away|pick-?up|to go|catering|cater|drop off|send)\b",
    words="cater deliver drop go pick send take",
)


def read_table(draft: Draft) -> tuple[str, int, int] | None:
    """(name, its place) of a reservation that is asked for without the word 'table'."""
    text = draft.text
    if _CARRIED.search(text) or _LODGED.search(_AT_THE_INN.sub("", text)):
        return None
    for pattern in (_RESERVED, _EATEN, _THEN_RESERVED):
        for match in pattern.finditer(draft.rest):
            meal = match.groupdict().get("meal") or re.sub(r".*\s", "", match.groupdict().get("verb") or "dinner")
            name = "dinner" if meal.lower() in ("eat", "dine", "drinks") else meal.lower()
            return f"{name} reservation", *_place(draft, match)
    reserved = _RESERVATION.search(draft.rest) if _RESERVES.search(text) else None
    if reserved and not _FOR_A_THING.search(draft.rest) and not _BRANDED.search(draft.rest):
        return "table reservation", *_place(draft, reserved)
    if _RESERVES.search(text) and (first := _TABLE_FIRST.search(draft.rest)) and _HOUR.search(text):
        return "table reservation", *_place(draft, first)
    held = _HELD.search(draft.rest) if _RESERVES.search(text) else None
    if held and (held["verb"].lower() not in _FETCHED or _TABLE_FOR.search(text)) and _HOUR.search(text):
        draft.claim(*held.span())
        return "table reservation", *held.span("table")
    if (seated := _SEATED.search(draft.rest)) and _HOUR.search(text) and not _WATCHED.search(text):
        return f"{(seated['meal'] or 'table').lower()} reservation", *_place(draft, seated)
    return None


def _place(draft: Draft, match: re.Match[str]) -> tuple[int, int]:
    group = next((name for name in ("meal", "verb", "table", "spot") if match.groupdict().get(name)), 0)
    start, end = match.span(group)
    draft.claim(start, end)
    return start, end

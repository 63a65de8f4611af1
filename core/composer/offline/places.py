"""From where to where: the places of a trip, by the words before them; capitals win over other words."""

from __future__ import annotations

import re

from core.composer.offline.airports import CODES
from core.composer.offline.carriers import CARRIERS
from core.composer.offline.days import DATE
from core.composer.offline.fields import STREET
from core.composer.offline.fixes import FIX_WORDS
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

# A full stop ends a name, unless it shortens it: 'St. Moritz'.
_CAPITAL = (
    r"(?-i:Ste?|Mt|Ft|Pt|Sta|Sto|Dr)\.(?=\s(?-i:[A-Z]))|(?-i:[A-Z])'?[^\W\d_](?:[\w'’-]|\.(?=\w))*|(?-i:[A-Z]{2,4})\b"
)
_SITE = (
    r"(?:airport|station|terminal|central|bus station|train station|ferry terminal|harbou?r|port|hotel|hospital|clinic"
    r"|museum|stadium|theat(?:re|er)|university|library|zoo|market|mall|tower|arena|cathedral|pier|park"
    r"|convention cent(?:re|er))"
)
_CAPITALS = (
    rf"(?:(?:terminal|gate|pier)\s(?:\d\w?|one|two|three|four|five|six|[a-h])\b"
    rf"|(?:{_CAPITAL})(?:\s(?:(?:de|la|of|del|am|an der|on"
    rf"|upon)\s)?(?:{_CAPITAL})){{0,3}}"
    rf"(?:\s(?:international\s)?{_SITE}\b)?(?:(?<=terminal)\s\d\b)?)"
)
_NO_PLACE = (
    r"(?:for|on|in|at|by|with|from|to|and|or|next|this|tomorrow|today|tonight|return|returning"
    r"|leaving|departing|please|pls|via|under|around|the|a|an|my|our|one|two|three|business"
    r"|economy|first|class|get|go|be|buy|book|order|see|attend|visit|meet|fix|fly|travel|stay|rent|find|leave"
    r"|arrive|head|delta|southwest|jetblue|ryanair|easyjet|lufthansa|klm"
    r"|spend|make|take|have|do|schedule|reserve|catch|drive|ride|pay|use|you|me|us|them|him|her|it|non-?stop"
    r"|direct|cheap"
    r"|early|late|morning|evening|afternoon|night|sometime|if|that|which|is|are|i|i'd|i'm|we|because|when|where"
    r"|after|before"
    r"|as|so|but|also|then|round|roundtrip|trip|flights?|trains?|bus|coach|ferry|tickets?|seats?|passengers?|people"
    r"|adults?|would|will|can"
    r"|has|need|want|like|no|not|thanks|asap|both|just|only|your|his|her|their|work|coming|going|pick|try|know"
    r"|check|look|search|purchase|explore|say|come|back|pick-?up|drop-?off|bring|give|help|send|set|put|grab|call|confirm|over|during|through|until|till|between"
    r"|spring|summer|winter|autumn|christmas|easter|thanksgiving|sleeper|overnight|express|fast|quick|cheapest"
    r"|earliest|latest|last|red-?eye|premium|standard|second|single|one-?way|there|here|anywhere|somewhere|some"
    r"|preferably|ideally|maybe|total|each|per|about|what|how|who|don't|drop|picking|depart|any|we're|there's"
    r"|arriving|starting|four|five|six|seven|eight|nine|ten|aisle|window|using|heading|headed|heads|than|less|more|plus|without|sharp"
    r"|near|nearby|beside|close|across|inside|outside|within|off|where|celebrate|relax|watch|move|start|avoid|be|become|keep|save|ski|surf|eat|sleep|share|fit|carry|transport)"
)
_TOWN_WORD = r"(?:(?:st|ft|mt|pt)\.(?=\s[a-z])|[^\W\d_][\w'-]+)"
_LOWER = rf"(?!{_NO_PLACE}\b){_TOWN_WORD}(?:\s(?!{_NO_PLACE}\b){_TOWN_WORD}){{0,2}}(?:(?<=terminal)\s\d\b)?"
# 'SFO-MUC', 'JFK/LHR': two codes, and no thing after them that they would describe.
_CODES = (
    r"(?<![\w-])(?P<origin>(?-i:[A-Z]{3}))\s?(?:-+>?|>|/|→)\s?(?P<destination>(?-i:[A-Z]{3}))(?![\w/-])"
    r"(?!\s(?!(?:return|one|round|single|on|in|for|from|direct|non-?stop|economy|business|first|premium|and|please|tomorrow"
    r"|today|tonight|next|this|flights?|tickets?|depart\w*|leav\w*|at|by|the)\b)[a-z])"
)
_BACK_TO = r"(?:back\s|over\s|on\s|up\s|down\s|straight\s|across\s)?"
_NAMED = rf"{STREET}|\d{{1,5}}\s{_CAPITALS}|{_CAPITALS}"
# 'to the stadium', 'from my place': no towns, but where a ride goes.
_SPOT = rf"(?:(?:the|my|his|her|our|their)\s(?:(?:train|bus|ferry|coach)\s)?)?(?:{_LOWER})"
_MODE_WORD = (
    r"(?:flights?|fly(?:ing)?|planes?|trains?|rail|bus(?:es)?|coach|ferr(?:y|ies)|boats?|tickets?|seats?|taxi|cab|uber"
    r"|lyft|ride|trips?|journeys?|shuttle|transfer|single|return|one-?way|round-?trip)"
)
# 'Subscribe to Netflix', 'Ship to Berlin': a sentence begins with a verb in capitals.
_NO_ORIGIN = (
    r"(?:subscri(?:be|ptions?|bing)|(?:sign|signed|hook|set)(?:\s(?:me|us))?\sup|upgrade|downgrade|renew(?:al)?|switch|access"
    r"|licen[cs]es?|seats|ship(?:ping)?|send|sent|deliver(?:y|ed)?|dispatch|charge|bill|invoice|reply|listen)"
)
_PAIRS = (
    rx(
        rf"\b(?:from|out of)\s(?:the\s)?(?P<origin>{_NAMED})\s{_BACK_TO}(?:to|into|-)\s"
        rf"(?:the\s)?(?P<destination>{_NAMED})",
        words="from out",
    ),
    rx(
        rf"\b(?:to|into)\s(?:the\s)?(?P<destination>{_NAMED})\s(?:from|out of)\s(?:the\s)?(?P<origin>{_NAMED})",
        words="from out",
    ),
    rx(
        rf"\b(?:leav(?:e|ing)|depart(?:ing)?)\s(?P<origin>{_CAPITALS})\sfor\s(?P<destination>{_CAPITALS})",
        words="depart leave",
    ),
    rx(rf"\bbetween\s(?P<origin>{_CAPITALS})\sand\s(?P<destination>{_CAPITALS})"),
    rx(
        rf"\b{_MODE_WORD}\s[^.;\n]{{0,30}}?\bbetween\s(?P<origin>{_LOWER})\sand\s(?P<destination>{_LOWER})",
        words="between",
    ),
    rx(rf"\b(?:from|out of)\s(?P<origin>{_LOWER})\s{_BACK_TO}(?:to|into)\s(?P<destination>{_LOWER})", words="from out"),
    rx(rf"\bto\s(?P<destination>{_LOWER})\s(?:from|out of)\s(?P<origin>{_LOWER})", words="from out"),
    rx(
        rf"\b{_MODE_WORD},?\s(?!(?:back|home)\b)(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})",
        words="boat bus cab coach ferry flight fly journey lyft one plane rail return ride round seat shuttle "
        "single taxi ticket train trip uber",
    ),
    rx(
        rf"\b(?!{_NO_ORIGIN}\b)(?P<origin>{_CAPITALS})(?:\sto\s|\s?(?:-+>|→)\s?|\s-\s)(?P<destination>{_CAPITALS})",
        words="- > to →",
    ),
    rx(_CODES, words="- / > →"),
    rx(
        rf"\b(?:{'|'.join(CARRIERS[mode] for mode in ('flight', 'train', 'bus', 'ferry'))})"
        rf"\s(?:(?:flights?|trains?|bus|ferry|coach)\s)?(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})",
        words="to",
    ),
)
# 'leave from Porto on friday and go to Geneva'.
_APART = rx(
    rf"\b(?:from|out of)\s(?:the\s)?(?P<origin>{_CAPITALS})[^.;\n]{{1,50}}?\sto\s(?:the\s)?"
    rf"(?P<destination>{_CAPITALS})",
    words="from out",
)
# 'lax to jfk': in small letters only the codes that are known.
_SMALL_CODES = rx(
    r"(?<![\w-])(?P<origin>[a-z]{3})(?:\sto\s|\s?(?:-+>?|>|/|→)\s?)(?P<destination>[a-z]{3})(?![\w-])",
    words="- / > to →",
)
# 'leave Tampa at nine and arrive in Dallas', 'arriving in Porto by noon, leaving Faro'.
_LEAVE = r"\b(?:leav(?:e|ing)|depart(?:ing)?)\s(?:from\s|out of\s)?"
_ARRIVE = (
    r"\b(?:arriv(?:e|ing)\s(?:in|at|into)|get(?:ting)?\s(?:in|into)|reach(?:ing)?|land(?:ing)?\s(?:in|at)|be\sin)\s"
)
_LEAVES, _ARRIVES = rx(_LEAVE, words="depart leave"), rx(_ARRIVE)
_LEFT_FOR = (
    rx(
        rf"{_LEAVE}(?P<origin>{_CAPITALS}|{_LOWER})(?=[\s,\0])[^.;\n]{{0,60}}?{_ARRIVE}(?P<destination>{_CAPITALS}|{_LOWER})"
    ),
    rx(
        rf"{_ARRIVE}(?P<destination>{_CAPITALS}|{_LOWER})(?=[\s,\0])[^.;\n]{{0,60}}?{_LEAVE}(?P<origin>{_CAPITALS}|{_LOWER})"
    ),
)
# Only where a mode is named elsewhere: 'lille to rotterdam on friday, the thalys'.
_LOOSE_PAIR = rx(
    rf"(?:\A|(?<=[,.;\0]))\s?(?P<origin>{_LOWER})\sto\s(?P<destination>{_LOWER})(?=\s*(?:\Z|[\0,.;]))", words="to"
)
_FIXED = rx(rf"{FIX_WORDS}(?:to\s|from\s|in\s)?(?P<place>{_CAPITALS}|{_LOWER})")
_WHOM = r"(?:(?:me|us|him|her|them|everyone|everybody|(?:my|our|his|her|the)\s[\w'-]+(?:\s[\w'-]+)?)\s)"
_FETCHED = (
    rf"pick(?:s|ing|ed)?\s{_WHOM}up\s(?:from|at|in|outside)|pick(?:ing)?[- ]?up\s(?:{_WHOM})?(?:is\s|spot\s)?"
    rf"(?:from|at|outside)|wait(?:ing)?\s(?:for\s{_WHOM})?(?:at|outside)|(?:collect|get|fetch)(?:ing)?\s(?:{_WHOM})?from"
)
_DROPPED = rf"drop(?:ping|ped)?(?:[- ]?off)?\s(?:{_WHOM})?(?:off\s)?(?:at|in|by|to)"
_FROM = rf"(?:from|leaving(?: from)?|departing(?: from)?|out of|starting (?:in|from|at)|{_FETCHED})"
_RIDES = (
    ("origin", rx(rf"\b(?:{_FETCHED}|from)\s(?:the\s)?(?P<origin>{_NAMED})")),
    ("destination", rx(rf"\b(?:{_DROPPED}|to)\s(?:the\s)?(?P<destination>{_NAMED})")),
    ("origin", rx(rf"\b(?:{_FETCHED}|from)\s(?P<origin>{_SPOT})")),
    ("destination", rx(rf"\b(?:{_DROPPED}|to)\s(?P<destination>{_SPOT})")),
    (
        "destination",
        rx(rf"\b(?:{_MODE_WORD}|lift|back|(?:take|drive|get|bring|run)\s{_WHOM}?)\s?(?P<destination>home)\b"),
    ),
)
_SINGLES = (
    ("origin", rx(rf"\b{_FROM}\s(?:the\s)?(?P<origin>{_NAMED})")),
    (
        "destination",
        rx(rf"\b(?:to|into|visit|reach|bound for|be in|arriv(?:e|ing) in)\s(?:the\s)?(?P<destination>{_NAMED})"),
    ),
    ("destination", rx(rf"\b(?:in|near|at|for|on)\s(?:the\s)?(?P<destination>{_CAPITALS})")),
    ("origin", rx(rf"\b{_FROM}\s(?:the\s)?(?P<origin>{_LOWER})")),
    ("destination", rx(rf"\b(?:to|in|near|into)\s(?:the\s)?(?P<destination>{_LOWER})")),
)
_NO_TOWN = (
    r"(?:(?:(?:the|a|an|main|inner|old|big|that|this|nearby)\s)?(?:beach|city|lake)\b(?!\s[a-z]+\s?\0)"
    r"|(?:[\w-]+\s)?(?:airport|station|cent(?:er|re)|downtown|hotels?|ocean|sea|mountains?|area"
    r"|conference"
    r"|convention|stadium|venue|hospital|university|campus|office|property|rooms?|house|middle|view|pool|breakfast"
    r"|wifi|parking|walking|case|total|cash|advance|front|back|shop|name|person|march|may)\b)"
)
_STAYS = (
    rx(
        r"\bpick(?:ing)?[- ]?up(?:\sit|\sthe\s\w+|\slocation)?(?:\sis)?\s(?:from|at|in)\s(?:the\s)?"
        rf"(?P<destination>{_CAPITALS}|{_LOWER})"
    ),
    rx(rf"\bin\s(?:the\s)?(?:downtown\s|central\s)?(?P<destination>{_CAPITALS})"),
    rx(rf"\b(?:near|to|into|around|outside|visit(?:ing)?|on)\s(?:the\s)?(?P<destination>{_CAPITALS})"),
    rx(
        rf"\b(?:hotels?|hostels?|motels?|rentals?|hire|cars?|vans?|suvs?|rooms?|airbnbs?)\s(?:for\s)?"
        rf"(?!(?i:for|in|at|near)\b)(?P<destination>{_CAPITALS})"
    ),
    rx(rf"\b(?:at|from|for)\s(?:the\s)?(?P<destination>{_CAPITALS})"),
    rx(rf"\bin\s(?:the\s)?(?:downtown\s|central\s)?(?!{_NO_TOWN})(?P<destination>{_LOWER})"),
    rx(rf"\b(?:to|near|at|from)\s(?:the\s)?(?!{_NO_TOWN})(?P<destination>{_LOWER})"),
)
_RIDDEN = ("taxi", "car")
# 'I want to look', 'interested in finding': what one wants to do is no place.
_NO_PLACES = rx(
    r"\b(?:want(?:ed|ing)?|need(?:ing)?|like|love|wish(?:ing)?|plan(?:ning)?|hop(?:e|ing)|try(?:ing)?|able|ready|prefer|have"
    r"|looking|arrange|(?:need|want|like|ask|help)\s(?:you|me|us))\sto(?=\s[a-z])"
    r"|\b(?:interested|help|assist(?:ance)?|succeed|(?:help|assist)\s(?:me|us))\sin(?=\s[a-z]+ing\b)",
    words="able arrange ask assist have help hope interested like looking love need plan prefer ready succeed try "
    "want wish",
)


def route(rest: str, moved: bool = False) -> re.Match[str] | None:
    """Where two places are named as from and to; `moved`: a mode is named, so that a bare 'x to y' is a route too."""
    found = (match for pattern in _PAIRS for match in pattern.finditer(rest) if not _is_date(match))
    small = (match for match in _SMALL_CODES.finditer(rest) if {*match.group("origin", "destination")} <= CODES)
    return (
        next(found, None)
        or next(small, None)
        or _APART.search(rest)
        or left_for(rest)
        or (_LOOSE_PAIR.search(rest) if moved else None)
    )


def left_for(rest: str) -> re.Match[str] | None:
    """Where one place is left and another arrived at."""
    if not (_LEAVES.search(rest) and _ARRIVES.search(rest)):
        return None
    return next(filter(None, (pattern.search(rest) for pattern in _LEFT_FOR)), None)


def _is_date(match: re.Match[str]) -> bool:
    return re.search(DATE, match[0], re.IGNORECASE) is not None


def read_places(draft: Draft, mode: str, at: int = 0) -> None:
    """Origin and destination; a stay has only a destination, and so has a car but where it is a ride.

    Of a stay, what is said after its mode, at text[at:], goes before what led up to it.
    """
    for match in _NO_PLACES.finditer(draft.rest):
        draft.claim(*match.span())
    if mode in ("hotel", "car") and not _is_ride(draft.rest, mode):
        tried = (pattern.search(draft.rest, start) for start in (at, 0) for pattern in _STAYS)
        found = next(filter(None, tried), None)
        if found:
            draft.give("destination", _tidy(found["destination"]), found, "destination")
    else:
        _read_route(draft, ride=mode in _RIDDEN)
    _correct(draft)


def _is_ride(rest: str, mode: str) -> bool:
    """A car that fetches somebody, or that comes with its driver."""
    driven = (
        rf"\b(?:(?:pick|collect|get|fetch|take|drive|drop)(?:ing)?\s{_WHOM}(?:up|off|from|to|at)"
        r"|with (?:a |the )?(?:driver|chauffeur)|from\s[^.;\n\0]{2,40}?\sto\s(?:the\s)?[a-z]+)\b"
    )
    return mode == "car" and re.search(driven, rest, re.IGNORECASE) is not None


def _read_route(draft: Draft, ride: bool) -> None:
    if found := route(draft.rest, moved=True):
        for field in ("origin", "destination"):
            draft.values[field] = _tidy(found[field])
            draft.note(field, *found.span(field))
        draft.claim(*found.span())
        return
    for field, pattern in _RIDES if ride else _SINGLES:
        for match in pattern.finditer(draft.rest):
            if field not in draft.values:
                draft.give(field, _tidy(match[field]), match, field)


def _tidy(place: str) -> str:
    return re.sub(r"^the\s", "", place.rstrip(".-'"), flags=re.IGNORECASE)


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

"""What an order points at: 'short of 3 ladles, so order those', 'the 24 hats we want', 'out of chalk: 40 boxes'."""

from __future__ import annotations

from dataclasses import replace

from core.composer.offline.lexicon import knows
from core.composer.offline.lines import Line
from core.composer.offline.nouns import canonical, is_plural
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import CUE, FIX, Draft, Written
from core.composer.offline.words import NOT_NAMES, PORTIONS, UNITS

_DEED = r"(?:order|re-?order|get|buy|purchase|send|supply|provide|bring|fetch|replace|restock|add)"
# '..., so order those'
_THOSE = rx(
    rf"\b{_DEED}\s(?:(?:me|us)\s)?(?:(?:both|all)\sof\s)?(?:those|these|them|both|the\slot)(?!\s(?:back|away|to\s\w+\sback))\b",
    words="add bring buy fetch get order provide purchase reorder replace restock send supply",
)
_FIRST_COUNT = rx(rf"(?<=\s)(?:{NUMBER})\s(?=[a-z])")
_WORD_BEFORE = rx(r"[\w']+\s\Z")
# What one has, got or saw is not what is asked for.
_HAD = rx(
    r"\b(?:have|has|had|own|sold|sell|got|received|sent|came|arrived|bought|ordered|broke|lost|found|returned|don't|not"
    r"|never|was|were|for|at|under|over|about|in|on|by)\b(?!\s(?:run|got\sno)\b)"
)
_WISH = (
    r"(?:i|we)(?:'d|\swould|'re|\sare|'m|\sam|'ll|\swill|'ve|\shave)?\s(?:(?:also|still|now|really|just|been)\s)?"
    r"(?:want(?:ing)?|need(?:ing)?|require|like|order(?:ing)?|buy(?:ing)?|after|request(?:ing)?|asking\sfor)\b"
)
# 'that is the price for the 24 hats we want to order'
_WANTED = rx(
    rf"\b(?:the|those|these)(?=\s(?:{NUMBER})\s(?:(?!(?:i|we|that|which)\b)[\w'-]+\s){{1,4}}(?:that\s|which\s)?{_WISH})",
    words="i we",
)
# 'bill us in francs for 6 lenses': how it is paid comes first.
_PAID_FOR = rx(rf"(?:\A|(?<=[.!?\n]))\s*\0[\0 ]*\bfor(?=\s(?:{NUMBER})\s[a-z])")
# 'a run of 12,000 badges', 'a consignment of 350 hats': so many, whatever holds them.
_LOT_OF = rx(
    r"\b(?:an?|one)\s(?:(?:[a-z]+\s){0,2}?(?:run|batch|consignment|delivery|shipment|supply|quantity|load|fleet|stock"
    rf"|allocation|lot|total))\sof\s(?=(?:{NUMBER})\s)",
    words="of",
)
_SHORT_OF = rx(
    r"\b(?:out\sof|low\son|short\s(?:of|on)|no\smore|used\sup|finished|through|need(?:\s(?:more|some))?|last\sof)\s"
    r"(?:(?:our|the|my|all|any|fresh|more|last)\s)*(?P<name>[a-z][\w-]*(?:\s[a-z][\w-]*){0,2}?)"
    r"(?=\s(?:on|in|at|for|again|and|so|now|today|already)\b|\s?[,;:.!\n-])",
    words="finished last low more need out short through used",
)


# 'find an inner tube and buy it for me', 'look up desk lamps and order two'
_SOUGHT = rx(
    r"\b(?P<seek>(?:find|locate|choose|select|pick\sout|track\sdown|(?:look|search)(?:\s(?:up|for|around|online))+)(?:\s(?:me|us))?)\s"
    r"(?=[a-z])[^.;!?\n]{2,60}?"
    r"(?P<then>,?\sand\s(?:then\s)?(?:order|buy|purchase|get)\s(?:me\s|us\s)?)"
    rf"(?:(?P<it>it|them|one|that|those)\b(?!\s(?:[a-z]+ed|done|made|cut|to)\b)|(?={NUMBER}\s*(?:\Z|[^\w\s]|of\b|for\b|please\b)))",
    words="buy get order purchase",
)


_HOLDERS = "case|pack|packet|box|bag|bottle|can|jar|roll|tube|carton|tin|set|batch|bunch|loaf|tub"
_GETS = r"(?:(?:re-?)?order|get|buy|grab|send|need|fetch|bring|want)"
# 'I'm out of coffee, order more', 'we used the last can of tuna and need you to order a new case of it'
_MORE_OF_SHORT = rx(
    r"\b(?:out\sof|low\son|short\s(?:of|on)|(?:the\s|my\s|our\s)?last\s(?:[a-z]+\s)?of)\s(?:(?:our|the|my|any|all)\s)?"
    r"(?P<name>[a-z][\w-]*(?:\s[a-z][\w-]*){0,2}?)(?:\s(?:again|now|today|already))?"
    r"(?:[,;.]\s|\s(?=(?:and|so|please|then|order|get|need)\b))(?:(?:and|so|please|then|now)\s)*"
    rf"(?:[^.;!?\n\d]{{0,40}}?\b{_GETS}\s(?:me\s|us\s|you to order\s)?"
    rf"(?:an?\s(?:new\s|fresh\s|further\s)?(?P<unit>{_HOLDERS})|more|some(?:\smore)?|another(?:\s(?P<again>{_HOLDERS}))?|it|them)"
    r"(?:\sof\s(?:it|them|that|those))?(?:\s(?:ordered|delivered|sent))?"
    r"|(?:[a-z']+\s){0,4}?(?:create|place|make|put\sin)\san\sorder(?:\sfor\s(?:me|us|it|them|more|some(?:\smore)?))?)"
    r"(?=\s*(?:\Z|[,;.!?\n]|(?:please|for|from|by|right|asap|now|today|on|and|when)\b))",
    words="out low short last",
)


def name_what_is_short(written: Written) -> Written:
    """The same sentence with what ran out in the place of the word that points at it."""
    for match in reversed(list(_MORE_OF_SHORT.finditer(written.text))):
        name = match["name"].lower()
        if not (knows(name) or is_plural(name.split()[-1])) or set(name.split()) & NOT_NAMES:
            continue
        unit = "unit" if match["unit"] else "again"
        parts: list[tuple[int, int] | str] = ["a ", match.span(unit), " of "] if match[unit] else []
        written.arrange(*match.span(), ["order ", *parts, match.span("name")])
    return written


def mark_pointed(draft: Draft) -> bool:
    """Mark where things begin that are ordered by a word that points at them; True where some are."""
    for match in _LOT_OF.finditer(draft.rest):
        draft.claim(*match.span())
    found = _mark_sought(draft)
    for match in _WANTED.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    if "convert_to" in draft.values and (paid := _PAID_FOR.search(draft.rest)):
        draft.claim(paid.end() - len("for"), paid.end(), CUE)
        found = True
    return _mark_those(draft) or found


def _mark_sought(draft: Draft) -> bool:
    """What is to be found first; how many of it are to be had may follow."""
    sought = list(_SOUGHT.finditer(draft.rest))
    for match in sought:
        draft.claim(*match.span("seek"), CUE)
        if match["it"]:
            draft.claim(match.start("then"), match.end("it"))
        else:
            draft.claim(*match.span("then"), FIX)
    return bool(sought)


def _mark_those(draft: Draft) -> bool:
    """The word before the first thing that is counted leads to all of them."""
    match = _THOSE.search(draft.rest)
    first = _FIRST_COUNT.search(draft.rest, 0, match.start()) if match else None
    if first is None or _HAD.search(draft.rest, 0, first.start()):
        return False
    if word := _WORD_BEFORE.search(draft.rest, 0, first.start()):
        draft.claim(word.start(), word.end() - 1, CUE)
    return word is not None


def of_what_is_short(draft: Draft, lines: list[Line]) -> list[Line]:
    """'They have run out of nappies, so we want 30 packs': what a unit alone holds was named before it."""
    if not any(line.name in UNITS | PORTIONS and line.quantity is not None for line in lines):
        return lines
    found = []
    for line in lines:
        named = list(_SHORT_OF.finditer(draft.text, 0, (line.quantity_span or line.name_span)[0]))
        words = named[-1]["name"].lower().split() if named else []
        held = line.quantity is not None and not line.unit and line.name in UNITS | PORTIONS
        if held and words and not set(words) & NOT_NAMES:
            name_span, unit_span = named[-1].span("name"), line.name_span
            line = replace(line, name=canonical(words), name_span=name_span, unit=line.name, unit_span=unit_span)
        found.append(line)
    return found

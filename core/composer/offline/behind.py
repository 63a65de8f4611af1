"""Quantities that stand behind their noun go before it: 'envelopes, six boxes', 'ties, three of them', 'tea times two'.

Only the order of the words changes, so that every reader sees the list in one form; each keeps its place.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from core.composer.offline.kinds import tells_size
from core.composer.offline.lexicon import domain_of, knows, lists_whole, names_software
from core.composer.offline.money import money
from core.composer.offline.nouns import comes_in_pairs, head_of, is_licence, is_plural, singular
from core.composer.offline.numbers import NUMBER, quantity_at, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Written
from core.composer.offline.words import BEFORE_NAMES, BREAK, MEASURES, NOT_NAMES, PORTIONS, UNITS

_PIECES = set("pc pcs pce piece no nos nr unit ea".split())
_GROUPS = set("pair pairs dozen dozens score gross".split())
_SEATS = set("seat user license licence login activation account device endpoint".split())
_NO_UNITS = set("side head piece order serving m cm mm ft yd inch foot metre meter yard sqm unit g gram ml".split())
# 'mops, two buckets' are two things; 'flour, two buckets' is one.
_THINGS_TOO = set("bag bucket tray cup drum jar bottle tin can barrel jug pitcher tube pot rack coil ball".split())
_MASSES = set(
    """
    sand cement gravel concrete plaster mortar ballast hardcore topsoil soil compost mulch bark fertiliser fertilizer
    paint emulsion varnish primer oil diesel petrol fuel coal charcoal salt grit glue resin detergent bleach hay straw
    feed litter clay wax wool yarn
    """.split()
)
_OFTEN = {"twice": "2", "thrice": "3"}
# 'some of that good oil, two bottles' says how many after all.
_SOME_OF = rx(rf"\bsome\s(?:more\s)?of\s(?:that|those|the|your|this|these)\s(?=(?:{NUMBER})\s[a-z]+\sof\s)")
# 'We need more coffee: 6 bags' asks for six.
_MORE = rx(r"\b(?:some\s)?more\s\Z")
# 'Qty 12 - goggles'
_QTY = rx(r"\b(?:qty|quantity)\b[.:]?\s?(?P<count>\d{1,6})\s?[-:x]\s?(?=[a-z])")
# 'Quantity required: 14. Item: desk lamps.'
_COUNT_OF_ITEM = rx(
    r"\b(?:qty|quantity|count|units?|pcs|pieces|number|how many)\b\.?(?:\s(?:required|needed|wanted|of units))?"
    r"\s?[:=]\s?(?P<count>\d{1,9})\s?[.,;\n|]\s?(?:the\s)?(?:items?|products?|names?|descriptions?|articles?)"
    r"(?:\s(?:required|needed|wanted))?\s?[:=]\s?(?P<name>[^\W\d_][\w'/ -]{0,60}?)(?=\s?(?:\Z|[.,;\n|]))",
    words="qty quantity count unit pcs piece number how",
)
_COUNT = rx(
    r"(?:\s?(?P<mark>[,(])\s?|(?P<colon>:)\s|\s)(?:(?P<times>times\s|x\s?(?=\d)|x\s)|(?:just|only|maybe)\s)?"
    rf"(?P<count>single(?=\s)|twice|thrice|(?:{NUMBER}))"
    r"(?:\s?(?P<unit>(?:[a-z]+\s)??[a-z]+?)\b\.?)??(?P<them>\s(?:of\s(?:them|those|these|each)|of(?=\s?[,;.]|\Z)|each))?\)?"
    r"(?=\s*(?:\Z|[,;!?\n@(]|\.(?!\d)|(?:and|plus|please|pls|thanks|for|at|by|to|in|with|make\sit)\b))"
)
# 'my lamps, two of them, are broken'
_TOLD_OF = rx(r",?\s(?:is|are|was|were|has|have|had|got|broke|died|went|came|don't|won't|stopped|just|keep)\b")
_ENDS_COUNT = rx(r"\s*(?:\Z|[,;!?\n.@]|(?:and|plus|please|pls|thanks)\b)")
_BETWEEN_PIECES = ",;:.!?\n()"
_PART = re.compile(r"\s(?:for|with|in)\s", re.IGNORECASE)
_SIZED = rx(
    r"\ssize\s(?:\w{1,4}|small|medium|large)\Z|(?:\sextra)?\s(?:small|medium|large)\Z|\saged?\s\d{1,2}(?:-\d{1,2})?\Z"
    r"|\s\d{1,5}(?:\.\d)?\s?(?:mm|cm|m|w|gb|tb|v|ah|inch|kg|g|ml|l)\Z"
)
_PERSONS = rx(rf"\bfor\s(?:(?:the|my|our|his|her|their|all)\s)?(?P<many>{NUMBER})\s[a-z]")
# 'black', '36 by 34', 'size 9', 'the soft ones': what kind, between a noun and how many.
_KIND = rx(
    rf"\s*(?:(?:{NUMBER})\s?(?:by|x)\s?(?:{NUMBER})|size\s\w+(?:\sand\ssize\s\w+)?|the\s(?:[\w-]+\s){{1,3}}(?:ones?|sort|kind|type)|[a-z][\w-]*(?:\s[a-z-]+)?)\s*"
)
_MOST_KINDS = 3
_DOES = r"(?:'ll|\s(?:will|would|should|ought\sto))\s(?:do(?:\sit)?|be\s(?:plenty|enough|fine|ample|perfect)|suffice)\b"
# 'Mops at $4 the piece; sixty will do', 'Mops at $4 each, and we'd want eighteen'.
_THEN_MANY = rx(
    r"(?:\A|(?<=[.!?\n]\s))(?P<noun>[a-z][\w'-]*(?:\s[\w'-]+){0,4}?)"
    r"(?P<price>(?:\s(?:at|for)\s|\s?@\s?|,\s)[^,;!?\n]{0,4}\d[\d.,]*(?<![.,])[^,;.!?\n]{0,24}?)?"
    r"\s?[,;.-]+\s(?:(?:and|so|please|then)\s)*"
    r"(?P<lead>(?:i|we)(?:'d|'ll|\swill|\swould)?\s(?:like|want|need|take|have|order|buy|go\sfor)\s"
    rf"|(?:make\s(?:it|that)|say|send|order)\s)?(?P<many>{NUMBER})(?P<does>{_DOES})?(?:\sof\s(?:them|those|these)|\splease)*"
    r"(?=\s*(?:\Z|[,;!?\n]|\.(?!\d)|(?:by|for|on|please|in|delivered|shipped)\b))",
    words=", - . ;",
)


class _Noun(NamedTuple):
    start: int
    end: int
    said: str


def put_before(written: Written) -> Written:
    """The same sentence with each quantity before the noun that it counts."""
    _put_first(written)
    text, edits, last = written.text, [], 0
    for match in _COUNT.finditer(text):
        if match.start() < last or (found := _edit(text, match, last)) is None:
            continue
        edits.append(found)
        last = match.end()
    for start, end, parts in reversed(edits):
        written.arrange(start, end, parts)
    for match in reversed(list(_SOME_OF.finditer(written.text)) if edits else []):
        written.replace(*match.span(), "")
    for match in reversed(list(_QTY.finditer(written.text))):
        written.arrange(*match.span(), [match.span("count"), " "])
    for match in reversed(list(_COUNT_OF_ITEM.finditer(written.text))):
        written.arrange(*match.span(), [match.span("count"), " ", match.span("name")])
    return written


def _put_first(written: Written) -> None:
    """How many, said after the price, goes before the noun with which a sentence begins."""
    for match in reversed(list(_THEN_MANY.finditer(written.text))):
        words = match["noun"].lower().split()
        priced = bool(match["price"]) and bool(money().search(match["price"]) or "each" in match["price"])
        many = priced and (match["lead"] or match["does"])
        if not (many or (match["does"] and not match["price"])) or _first_word(
            list(re.finditer(r"\S+", match["noun"]))
        ):
            continue
        if is_plural(words[-1]) and not quantity_at(words, 0):
            written.arrange(*match.span(), [match.span("many"), " ", (match.start(), match.start("many"))])


def _edit(text: str, match: re.Match[str], last: int) -> tuple[int, int, list[tuple[int, int] | str]] | None:
    """(start, end, its parts in their new order) of a noun and the quantity behind it."""
    noun = noun_before(text, match.start(), last)
    if noun is None or _TOLD_OF.match(text, match.end()):
        return None
    count: tuple[int, int] | str = match.span("count")
    if often := _OFTEN.get(match["count"].lower()):
        return _dish(noun, match, often)
    if _each(match):
        persons = _PERSONS.search(text, noun.end, match.start())
        each, many = read_number(match["count"]), read_number(persons["many"]) if persons else None
        if each is None or many is None:
            return None
        count = f"{each * many:f}"
    parts = _licensed(noun, match, count) or _counted(text, noun, match, count)
    if parts is None:
        return None
    more = _MORE.search(text, last, noun.start)
    return more.start() if more else noun.start, match.end(), [*parts, (noun.end, match.start())]


def _dish(noun: _Noun, match: re.Match[str], often: str) -> tuple[int, int, list[tuple[int, int] | str]] | None:
    """'pie and mash twice': a number of portions; nothing else is ordered so."""
    if match["unit"] or match["times"] or domain_of(noun.said) != "food" or not knows(noun.said):
        return None
    return noun.start, match.end(), [often, " ", (noun.start, noun.end)]


def _each(match: re.Match[str]) -> bool:
    return (match["them"] or "").strip() in ("each", "of each")


def _licensed(noun: _Noun, match: re.Match[str], count: tuple[int, int] | str) -> list[tuple[int, int] | str] | None:
    """'<program>, 8 seats' are 8 licences of it."""
    unit = singular((match["unit"] or "").split(" ")[-1])
    if match["times"] and not unit and names_software(noun.said):
        return [count, " ", (noun.start, noun.end), " licences"]
    if unit not in _SEATS or not (match["mark"] or match["times"]):
        return None
    if is_licence(noun.said.lower()):
        return [count, " ", (noun.start, noun.end)]
    named = not knows(noun.said) and noun.said[:1].isupper() and unit not in ("seat", "device")
    if named or names_software(noun.said):
        return [count, " ", (noun.start, noun.end), " licences"]
    return None


def _counted(
    text: str, noun: _Noun, match: re.Match[str], count: tuple[int, int] | str
) -> list[tuple[int, int] | str] | None:
    name, unit = noun.said.lower(), (match["unit"] or "").lower()
    one = singular(unit)
    thing = (noun.start, noun.end)
    if not knows(name) and not (is_plural(name.split()[-1]) and (unit or match["them"] or match["times"])):
        return None
    if not unit:
        if match["times"] or (match["them"] and not _each(match)):
            return [count, " ", thing]
        return [count, " ", thing] if _stands_alone(text, match, noun) else None
    if unit in _GROUPS:
        return [count, " ", match.span("unit"), " ", thing]
    if one in _PIECES:
        return [count, " ", thing]
    mass = is_plural(name.split()[-1]) or domain_of(name) == "food" or name.split()[-1] in _MASSES
    if one in MEASURES and not mass:
        return None
    things = one in _THINGS_TOO and is_plural(name.split()[-1]) and domain_of(name) != "food"
    if one in (UNITS | PORTIONS) - _NO_UNITS and not things:
        return [count, " ", match.span("unit"), " of ", thing]
    return None


def _stands_alone(text: str, match: re.Match[str], noun: _Noun) -> bool:
    """Whether a number behind a noun says how many: no size of a shoe, no year, no hour; 'aprons 20' on a list."""
    name, number = noun.said.lower(), read_number(match["count"])
    if number is None or not _ENDS_COUNT.match(text, match.end()):
        return False
    if not match["mark"]:
        return not match["count"].isdigit() if match["colon"] else _is_listed(text, match, noun)
    sized = match["count"].isdigit() and comes_in_pairs(head_of(name), domain_of(name))
    return number == int(number) and not 1900 <= number <= 2100 and not sized


def _is_listed(text: str, match: re.Match[str], noun: _Noun) -> bool:
    """'aprons 20' as a piece of a list; a name in capitals may end in its number."""
    before, after = text[: noun.start].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    plain = match["count"].isdigit() and noun.said.islower() and is_plural(noun.said.split()[-1])
    return plain and before in ("", ":", ",", ";") and after in ("", ",", ";") and knows(noun.said)


def noun_before(text: str, end: int, last: int) -> _Noun | None:
    """The noun that ends at text[:end], or before a few words of what kind; None where it is counted already."""
    for _ in range(_MOST_KINDS + 1):
        start = max(last, *(text.rfind(sign, last, end) + 1 for sign in _BETWEEN_PIECES))
        piece = text[start:end]
        if noun := _noun(piece, start, whole=text[end : end + 1] == ","):
            return noun
        if not _KIND.fullmatch(piece) or piece.strip().lower() in _STOPS or start <= last or text[start - 1] != ",":
            return None
        end = start - 1
    return None


def _noun(piece: str, at: int, whole: bool) -> _Noun | None:
    """The noun of a piece of a list, at a place of the text. whole: it ends here, so 'for my rig' may stand between."""
    said = _PART.split(piece, maxsplit=1)[0] if whole else piece
    if sized := _SIZED.search(said):
        said = said[: sized.start()]
    words = list(re.finditer(r"\S+", said))
    first = _first_word(words)
    if first > 1 and lists_whole([word[0].lower() for word in words[first - 2 :]]):
        first = _first_word(words[: first - 1])
    if first < len(words) and (unit := _unit_before(words, first)):
        return _Noun(at + unit.start(), at + words[-1].end(), " ".join(word[0] for word in words[first:]))
    name = [word[0] for word in words[first:]]
    before = words[first - 1][0].lower() if first else ""
    if not name or len(name) > 6 or before == "of" or (before and quantity_at([before], 0)):
        return None
    if not tells_size([word.lower() for word in name], 0) and any(
        quantity_at([word.lower()], 0) for word in name[:2] if not word.isdigit() or word == name[0]
    ):
        return None
    if not (knows(" ".join(name)) or is_plural(name[-1]) or names_software(" ".join(name)) or name[0][0].isupper()):
        return None
    return _Noun(at + words[first].start(), at + words[-1].end(), " ".join(name))


def _first_word(words: list[re.Match[str]]) -> int:
    """Where the name begins that ends with these words: behind a verb, an article, or what joins two."""
    first = len(words)
    while first and (words[first - 1][0].lower() not in _STOPS or (first > 1 and words[first - 1][0][0].isupper())):
        first -= 1
    return first


def _unit_before(words: list[re.Match[str]], first: int) -> re.Match[str] | None:
    """Where 'bag of', '25kg bag of' begins, with which a piece of a list begins; None without such words."""
    said = [word[0].lower() for word in words[:first]]
    if len(said) not in (2, 3) or said[-1] != "of" or singular(said[-2]) not in UNITS | PORTIONS:
        return None
    return words[0] if len(said) == 2 or re.fullmatch(r"\d+-?[a-z]+", said[0]) else None


_STOPS = BREAK | NOT_NAMES | BEFORE_NAMES | set("-*•")

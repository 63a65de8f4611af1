"""The items of an order: lists and forms by their shape, sentences by a walk over their words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from core.composer.offline import refusals
from core.composer.offline.lexicon import domain_of, is_drink, is_topping, knows
from core.composer.offline.lines import Line, Manner, Vague
from core.composer.offline.nouns import canonical, head_of, is_plural
from core.composer.offline.numbers import NUMBER, numbers_in, quantity_at, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.phrases import opens_list
from core.composer.offline.pointing import of_what_is_short
from core.composer.offline.scan import Scan
from core.composer.offline.text import FIX, Draft
from core.composer.offline.tokens import tokens
from core.composer.offline.words import BREAK, KINDS

_LISTED = rx(
    r"(?:(?<=[\n,;:\1])|\A|(?<=\sand))[ *•-]{0,4}(?P<name>(?:\d{1,5}[A-Za-z]{1,5}\s)?[^\W\d_]"
    r"(?:(?!\s(?:and|of|for|to|with)\s)[\w'/ -]){0,60}?)\s?(?:[:=*]|\sx|\s-|\sqty"
    r"|\()\s?(?P<count>\d{1,3}(?:,\d{3})+|\d{1,9})(?![,.]\d)\)?(?:\s?(?:pcs|pieces|units))?(?=\s*(?:\Z|[,;.\n\0]"
    r"|and\b))",
    words="( * - : = qty x",
)
# 'big mac 2', on a menu only: the number of a phone is its name.
_COUNT_LAST = rx(
    r"(?:(?<=[\n,;:\0])|\A"
    r"|\band)\s?(?P<name>[^\W\d_]+(?:\s(?!and\b)[^\W\d_]+){0,4}) (?P<count>\d{1,3})(?: (?:nos?|pcs?|pieces))?"
    r"(?=\s*(?:\Z|[,;.\n]|and\b|please\b|pls\b))"
)
_FORM = rx(
    r"\b(?:items?|products?|names?|descriptions?|articles?)\s?[:=]\s?(?P<name>[^\W\d_][\w'/ -]{0,60}?)\s?[,;\n|]\s?"
    r"(?:qty|quantity|count|amount|units?|pcs|pieces|number)\b\.?\s?[:=]?\s?(?P<count>\d{1,9})"
)
_FIELD_NAMES = set(
    """
    budget quantity qty total price date phone email amount order zip room floor po
    """.split()
)


_SPOKEN_OF = rx(
    r"\b(?:my|our|the)\s(?:old\s)?(?P<name>[^\W\d_][\w-]*(?:\s[\w-]+)?)\s(?:is|are|has|have|broke|died|stopped|just"
    r"|keeps?|was|got"
    r"|finally|doesn't|don't|won't)\b"
)
_NEW_ONE = rx(
    rf"\b(?P<count>{NUMBER}|an?|another)\s(?:(?:brand[ -])?new\s|better\s|replacement\s|different\s)?"
    r"(?:ones?|(?<=new\s)(?:pairs?|sets?|packs?)(?!\sof\b))\b"
)
_ANNOUNCED = rx(r"[^,.;:\n]{0,30}:\s?")
_OF_THOSE = rx(r"\sof\s(?:those|these|them|they)\s(?:\w+\s)?")
_INSTEAD = rx(r"\binstead\b")


# 'a new pair' is of what was spoken of.
_HOW_MANY = ("new pair", "new set", "pair", "fresh pair")


def read_items(draft: Draft, zones: list[tuple[int, int]], manner: Manner, scraps: list[str]) -> list[Line]:
    """The lines of an order, in the order of the text.

    Raises ReadingRefused for a quantity that is no single number, not positive, or too great.
    """
    lines: list[Line] = []
    vague: list[Vague] = []
    for start, end in zones:
        lines += _listed(draft, start, end)
        begins = replace(manner, bare=manner.bare or opens_list(draft.rest[start:end]))
        scan = Scan(draft.text, tokens(draft.rest, start, end), begins, lines)
        lines = scan.run()
        vague += scan.vague
    _refuse_vague(draft, vague, lines)
    if any(line.quantity is not None for line in lines):
        lines = [
            line
            for line in lines
            if line.quantity is not None or not line.verb.startswith(("feel", "crav", "fancy")) or _wished(line, lines)
        ]
        lines = [line for line in lines if line.quantity is not None or head_of(line.name) not in KINDS]
    if any(
        line.quantity is not None and not is_topping(line.name) and domain_of(line.name) == "food" for line in lines
    ):
        dish = next(at for at, line in enumerate(lines) if line.quantity is not None and not is_topping(line.name))
        lines = [
            line for at, line in enumerate(lines) if at < dish or line.quantity is not None or not is_topping(line.name)
        ]
    lines = [line for at, line in enumerate(lines) if not _announces(draft, line, lines[at + 1 : at + 2])]
    lines = [line for line in lines if line.name not in _HOW_MANY]
    lines = of_what_is_short(draft, _whole(lines, draft.text))
    lines = [line for at, line in enumerate(lines) if not (at and _sweetens(line, lines[at - 1]))]
    lines = [line for at, line in enumerate(lines) if not _is_sample(draft, line, lines[at + 1 :])]
    if _INSTEAD.search(draft.text):
        lines = [line for at, line in enumerate(lines) if line.name not in {later.name for later in lines[at + 1 :]}]
    lines = [line for at, line in enumerate(lines) if not _said_again(draft, line, lines[at + 1 : at + 2])]
    gone = {head_of(name) for name in scraps}
    kept = [line for line in lines if head_of(line.name) not in gone]
    for line in kept:
        if line.quantity is not None and line.quantity <= 0:
            raise refusals.not_positive(line.quantity, line.name)
        if line.quantity is not None and line.quantity > refusals.MOST:
            raise refusals.too_many(line.quantity, line.name)
    for line in kept:
        for span in (line.name_span, line.quantity_span, line.unit_span):
            if span:
                draft.claim(*span)
    return sorted(kept, key=lambda line: line.name_span)


def _wished(line: Line, lines: list[Line]) -> bool:
    """Whether what one craves is on the list that one orders, so that it is no mere talk before it."""
    return all(other.verb == line.verb for other in lines)


def _is_part(line: Line) -> bool:
    return (
        line.quantity is not None
        and not line.article
        and " " not in line.name
        and (is_topping(line.name) or not knows(line.name))
    )


def _announces(draft: Draft, line: Line, following: list[Line]) -> bool:
    """Whether a line only says what the list after its colon is of: 'curry for three: 2 kormas and ...'."""
    if line.quantity is not None or not following or following[0].quantity is None:
        return False
    first = min(following[0].name_span[0], (following[0].quantity_span or following[0].name_span)[0])
    return bool(_ANNOUNCED.fullmatch(draft.text, line.name_span[1], first))


def _is_sort_of(line: Line, text: str) -> bool:
    """'two chicken': no noun of its own, as it would be in the plural."""
    several = line.quantity is not None and line.quantity > 1
    plain = not line.article and not line.unit and " " not in line.name
    return plain and not (several and is_plural(text[slice(*line.name_span)]))


def _whole(lines: list[Line], text: str) -> list[Line]:
    """'two pizzas, one pepperoni and one mushroom' are two pizzas."""
    kept: list[Line] = []
    for at, line in enumerate(lines):
        parts = list(takewhile(_is_part, lines[at + 1 :]))
        dish = domain_of(line.name) == "food" and not is_topping(line.name) and (line.quantity or 0) > 1
        if dish and len(parts) > 1 and sum(part.quantity or Decimal(0) for part in parts) <= (line.quantity or 0):
            return [*kept, line, *_whole(lines[at + 1 + len(parts) :], text)]
        parts = list(takewhile(lambda other: _is_sort_of(other, text), lines[at + 1 :]))
        if dish and len(parts) > 1 and sum(part.quantity or Decimal(0) for part in parts) == line.quantity:
            return [*kept, line, *_whole(lines[at + 1 + len(parts) :], text)]
        kept.append(line)
    return kept


def _sweetens(line: Line, before: Line) -> bool:
    """'a coffee two sugars': what goes into the drink before it."""
    return line.name in ("sugar", "cream", "shot", "pump", "sweetener") and not line.unit and is_drink(before.name)


def _is_sample(draft: Draft, line: Line, later: list[Line]) -> bool:
    """'one of those toasters, ... so one toaster': which sort it is, before it is ordered."""
    between = draft.text[line.quantity_span[1] : line.name_span[0]] if line.quantity_span else ""
    return bool(_OF_THOSE.fullmatch(between)) and head_of(line.name) in {head_of(other.name) for other in later}


def _said_again(draft: Draft, line: Line, following: list[Line]) -> bool:
    """Whether a line that was corrected is repeated in full: 'two cakes, no three, yes three chocolate cakes'."""
    if not following or (head_of(line.name), line.quantity) != (head_of(following[0].name), following[0].quantity):
        return False
    return FIX in draft.rest[line.name_span[0] : following[0].name_span[0]]


def _refuse_vague(draft: Draft, vague: list[Vague], lines: list[Line]) -> None:
    """Raise for the first quantity that is no number, unless it tells the kind of order, or a topping."""
    foods = any(domain_of(line.name) == "food" for line in lines)
    for found in vague:
        head = head_of(found.name)
        if lines and (
            head in KINDS
            or (foods and is_topping(found.name))
            or (foods and domain_of(found.name) == "food" and found.words == "some")
        ):
            continue
        raise refusals.vague(found.words, found.name, _options(draft, found))


def _options(draft: Draft, found: Vague) -> tuple[tuple[str, str], ...]:
    """(what is meant, the text with it) of each way to take 'between 2 and 3', '2-3', '2 mugs or 3 cups'."""
    said = [f"{number:f}" for number in numbers_in(found.words)] or _either(found.words)
    text, (start, end) = draft.original, draft.place(found.start, found.end)
    return tuple((one, f"{text[:start]}{one}{text[end:]}") for one in said)


def _either(words: str) -> list[str]:
    """Both of '2 mugs or 3 cups'; a number alone is of what the first is. 'A mug or two' has no such words."""
    first, _, second = words.partition(" or ")
    counted = quantity_at(first.lower().split(), 0)
    noun = " ".join(first.split()[counted.after :]) if counted and not counted.article else ""
    if not noun or not second:
        return []
    return [first, f"{second} {noun}" if read_number(second) is not None else second]


def _listed(draft: Draft, start: int, end: int) -> list[Line]:
    """'Monitors: 6', 'keyboards x2', 'mice (3)'."""
    lines = []
    for match in _FORM.finditer(draft.rest, start, end):
        name, count = match["name"].split(), Decimal(match["count"])
        lines.append(Line(canonical(name), count, None, match.span("name"), match.span("count")))
        draft.claim(*match.span())
    for match in _COUNT_LAST.finditer(draft.rest[:end], start):
        name = match["name"].lower()
        if domain_of(name) == "food" and knows(name) and not quantity_at(name.split(), 0):
            lines.append(
                Line(canonical(name.split()), Decimal(match["count"]), None, match.span("name"), match.span("count"))
            )
            draft.claim(*match.span())
    for match in _LISTED.finditer(draft.rest[:end], start):
        words = match["name"].split()
        if words[0].lower() in _FIELD_NAMES | BREAK or quantity_at([word.lower() for word in words], 0):
            continue
        lines.append(
            Line(
                canonical(words),
                Decimal(match["count"].replace(",", "")),
                None,
                match.span("name"),
                match.span("count"),
            )
        )
        draft.claim(*match.span())
    return lines


def read_new_one(draft: Draft) -> list[Line]:
    """'My laptop is slow. I would like a new one': another of the thing that was spoken of."""
    asked, spoken = _NEW_ONE.search(draft.text), _SPOKEN_OF.search(draft.text)
    if asked is None or spoken is None or not knows(spoken["name"]) or spoken.start() > asked.start():
        return []
    found = quantity_at(asked["count"].lower().split(), 0)
    if found is None or found.vague:
        return []
    draft.claim(*spoken.span("name"))
    draft.claim(*asked.span())
    count = None if found.article else asked.span("count")
    name = canonical(spoken["name"].lower().split())
    return [Line(name, found.value, None, spoken.span("name"), count, article=found.article)]

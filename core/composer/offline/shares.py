"""Numbers that share out one thing: 'gloves, two black and one white', 'one each of the red and the blue mugs'."""

from __future__ import annotations

import re

from core.composer.offline.behind import noun_before
from core.composer.offline.nouns import is_plural
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.text import Draft, Written
from core.composer.offline.words import COLOURS, MATERIALS, SIZES

_SORTS = (
    COLOURS | SIZES | MATERIALS | set("plain striped spotted round square tall short thick thin wide narrow".split())
)
_SORT = (
    rf"(?:(?:dark|light|pale|bright|extra)\s)?{any_of(_SORTS)}|in\s(?:size\s|an?\s)?"
    r"(?:\d{0,2}x{0,3}[sl]|m|\d{1,2}|small|medium|large|extra[ -](?:small|large))\b"
    r"|(?:rear|front|forward|left|right|north|south)[ -](?:facing|handed|hand)\b"
)
_END = r"(?=\s*(?:\Z|[.;!?\n,)]|(?:please|for|by|at|on|to|with|delivered|shipped)\b))"
_PARTS = rx(
    rf"(?:{NUMBER})\s(?:{_SORT})(?:(?:\s?,\sand|\s?,|\sand)?\s(?:{NUMBER})\s(?:{_SORT}))+{_END}",
    words=" ".join([*_SORTS, "in", "rear", "front", "forward", "left", "right", "north", "south"]),
)
_PART = rx(rf"(?P<many>{NUMBER})\s(?P<sort>{_SORT})")
# 'out of those': between the things and their parts.
_LEAD = rx(r"\s?[,;:(-]\s?(?:and\s)?(?:(?:out\s)?of\s(?:those|these|which|them)(?:,|\swe\s\w+)?\s)?\Z")
_OUT_OF = rx(r"\b(?:out\sof|of|from)\s(?:the|your|those|these)\s\Z")
_COUNTED = rx(rf"(?P<many>{NUMBER})\s[a-z][\w'-]*(?:\s[\w'-]+){{0,5}}\Z")
_EACH_OF = rx(
    rf"\b(?P<many>{NUMBER})\s(?:of\s)?each\s(?:of\s|from\s|in\s)?(?:the\s)?"
    r"(?P<things>[a-z][\w'-]*(?:\s(?!and\b)[a-z][\w'-]*){0,2}?(?:(?:\s?,\sand|\s?,|\sand)\s(?:the\s)?[a-z][\w'-]*(?:\s(?!and\b)[a-z][\w'-]*){0,2}?)+)"
    rf"{_END}",
    words="each",
)
_NEXT = re.compile(r"(?:\s?,\sand|\s?,|\sand)\s(?:the\s)?", re.IGNORECASE)


def deal_out(written: Written) -> Written:
    """The same sentence with each share before the thing it is of."""
    for match in reversed(list(_PARTS.finditer(written.text))):
        found = _shared(written.text, match.start())
        if found is None:
            continue
        start, noun = found
        parts: list[tuple[int, int] | str] = []
        for part in _PART.finditer(written.text, *match.span()):
            parts += [", " if parts else "", part.span(), " ", noun]
        written.arrange(start, match.end(), [part for part in parts if part])
    for match in reversed(list(_EACH_OF.finditer(written.text))):
        _each(written, match)
    return written


def _shared(text: str, end: int) -> tuple[int, tuple[int, int]] | None:
    """(where to begin, the noun) of what is not counted itself and stands before its parts."""
    lead = _LEAD.search(text, 0, end)
    noun = noun_before(text, lead.start(), 0) if lead else None
    if lead is None or noun is None or not is_plural(noun.said.split()[-1]):
        return None
    out_of = _OUT_OF.search(text, 0, noun.start)
    return (out_of.start() if out_of else noun.start), (noun.start, noun.end)


def _each(written: Written, match: re.Match[str]) -> None:
    spans, at = [], match.start("things")
    for joint in [*_NEXT.finditer(written.text, *match.span("things")), None]:
        spans.append((at, joint.start() if joint else match.end("things")))
        at = joint.end() if joint else at
    said = [written.text[slice(*span)].lower().split() for span in spans]
    start, noun = match.start(), None
    if len(said[-1]) > 1 and all(" ".join(words) in _SORTS for words in said[:-1]):
        noun = spans[-1][0] + len(said[-1][0]), spans[-1][1]
        spans[-1] = spans[-1][0], spans[-1][0] + len(said[-1][0])
    elif all(" ".join(words) in _SORTS for words in said):
        found = _shared(written.text, match.start())
        if found is None:
            return
        start, noun = found
    parts: list[tuple[int, int] | str] = []
    for span in spans:
        parts += [", "] if parts else []
        parts += [match.span("many"), " ", span]
        parts += [" ", noun] if noun else []
    written.arrange(start, match.end(), parts)


def skip_parts(draft: Draft) -> None:
    """'6 gloves, two black and one white' are six gloves."""
    for match in _PARTS.finditer(draft.rest):
        lead = _LEAD.search(draft.rest, 0, match.start())
        end = lead.start() if lead else match.start() - 1
        counted = _COUNTED.search(draft.rest, max(0, end - 60), max(0, end))
        whole = read_number(counted["many"]) if counted else None
        of_it = sum(number for part in _PART.finditer(match[0]) if (number := read_number(part["many"])) is not None)
        if whole is not None and (of_it == whole or (lead and of_it <= whole)):
            draft.skip(*match.span())

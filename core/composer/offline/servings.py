"""One for each of those who are counted: 'nine people need lunch', 'we are six and want a hat each'."""

from __future__ import annotations

from dataclasses import replace

from core.composer.offline.lexicon import is_service
from core.composer.offline.lines import Line
from core.composer.offline.nouns import head_of
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_MEALS = frozenset("lunch dinner breakfast brunch supper meal dessert snack".split())
_THOSE = (
    r"(?:of\sus|people|persons|guests|adults|children|kids|students|pupils|teachers|colleagues|friends|staff|visitors)"
)
_WHO = rx(
    rf"(?P<many>{NUMBER})\s{_THOSE},?\s(?:(?:and\s)?(?:we|they|i)\s)?(?:(?:who|that|here|all|will|would|also|each|and\swe|and\swe'd)\s){{0,3}}"
    r"(?:need|want|like|require|are\shaving)\b"
    rf"|\b(?:we(?:'re|\sare|'ll\sbe|\swill\sbe)|there(?:'s|\sare|\sis|'ll\sbe|\swill\sbe))\s(?P<are>{NUMBER})"
    rf"(?:\s{_THOSE})?(?=\s*(?:\Z|[,.;!?\n]|and\b|so\b|for\b))"
)
_EACH = rx(
    r"\b(?:for\s(?:all|each|every\sone)\sof\s(?:us|them)|for\s(?:everyone|everybody|each\sperson)|each|apiece)\b"
)


def serve_each(draft: Draft, lines: list[Line]) -> list[Line]:
    """The lines with one meal, or one of what is for each, for all who are counted."""
    if len(lines) != 1 or is_service(lines[0].name) or (lines[0].quantity is not None and not lines[0].article):
        return lines
    who = _WHO.search(draft.text)
    if who is None or not (head_of(lines[0].name) in _MEALS or _EACH.search(draft.text)):
        return lines
    group = "many" if who["many"] else "are"
    many = read_number(who[group])
    return [replace(lines[0], quantity=many, quantity_span=who.span(group), article=False)] if many else lines

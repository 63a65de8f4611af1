"""What tells of which kind a thing is and is no thing itself: '24 port', 'twelve gauge', 'the ten year sort'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.composer.offline.nouns import is_plural
from core.composer.offline.words import BREAK, LENGTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.composer.offline.numbers import Quantity
    from core.composer.offline.tokens import Token

_SORTS = set("sort kind type version variety style model option setting strength ones".split())
# What things have several of; after a number in the singular it is a measure of them.
_PARTS = set(
    """
    port gauge burner drawer door seater speed blade pin core channel string bay way hole ring shelf tier slot piece
    ply person man year month week day hour minute watt volt amp litre liter inch foot metre meter degree thread ton
    stage panel bulb lane wheel step rung axis cell zone button key line page sheet mil micron grit point tog denier
    season gallon pint gram kilo kilogram ounce pound centimetre millimetre km mile gigabyte megapixel gb tb bit core
    """.split()
)


# How long a subscription is, or how old a thing.
_SPANS = set("year years month months week weeks fortnight quarter quarters".split())


def measures(word: str) -> bool:
    """Whether a number before a word tells of which kind something is: '9 volt', '3 ply'."""
    return word in _PARTS


def tells_size(words: Sequence[str], at: int) -> bool:
    """Whether the number at words[at] is the size of what follows: '6 mm bolts', '3/4 inch screws'."""
    if at + 2 >= len(words) or not words[at][:1].isdigit() or words[at + 1] not in LENGTHS:
        return False
    return words[at + 2].isalpha() and words[at + 2] not in BREAK | {"and", "plus", "x"}


def tells_kind(words: list[str], found: Quantity, name: list[Token], ends: bool) -> bool:
    """Whether a number and a name only describe what stands before them. ends: the piece of the list ends there."""
    if not name or found.vague or found.article:
        return False
    last = name[-1].word
    sized = name[0].word == "size" and len(name) == 2
    if sized or last in _SORTS or name[0].word == "point":
        return True
    if len(name) == 1 and ends and last in _SPANS:
        return True
    return found.value > 1 and ends and len(name) == 1 and last in _PARTS and not is_plural(last)

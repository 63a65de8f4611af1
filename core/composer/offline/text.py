"""What a reader sees: the sentence without anything that hides, and a draft that remembers which words were used."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import Any, cast

from core.composer.base import Span

GONE, CUE, FIX = "\0", "\1", "\2"

# What ends a noun phrase or a set phrase: the end, a sign, words already used, or a joining word.
JOINING = (
    "and|or|but|with|without|for|to|from|at|in|on|by|via|using|please|pls|thanks|if|when|once|because|so|is|are|as|"
    "than|before|after|until|who|which|that|not|next|this|today|tomorrow|tonight|asap|each|every|per|plus|into|of"
)
END = rf"(?=\s*(?:\Z|[\n\0\1\2.,;:!?()/-]|(?:{JOINING})\b))"

_SIGNS = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-"}
    | {"−": "-", "×": "x", "™": "", "®": "", "©": "", "\r": "\n", "\t": " "}
)

# '2½' is 2.5; its compatible letters would be 21/2.
_FRACTION = re.compile("([0-9]{0,3})([¼½¾⅐-⅞])")


def clean(text: str) -> str:
    """The text in one spelling: compatible letters, straight quotes, no control, bidi or unassigned characters."""
    text = _FRACTION.sub(lambda match: f"{int(match[1] or 0) + unicodedata.numeric(match[2]):.4g}", text)
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = "".join(_plain(character) for character in text)
    return re.sub(r" *\n[ \n]*", "\n", re.sub(r" {2,}", " ", text)).strip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n" or category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return " "
    return "" if category.startswith("C") else character


class _Late:
    """A pattern that is compiled when it is first used: half of the time to import the reader went into that."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, re.IGNORECASE)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def rx(pattern: str) -> re.Pattern[str]:
    """A pattern to be compiled on first use; case does not matter."""
    return cast("re.Pattern[str]", _Late(pattern))


class Draft:
    """A reading in the making: values by field, the words that gave them, and the words that are left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[str, Any] = {}
        self.spans: list[Span] = []
        self.unread: list[tuple[int, int]] = []
        self._mask = list(text)
        self._rest = text

    @property
    def rest(self) -> str:
        """The text with every used character replaced by a mark; same length as the text."""
        if not self._rest:
            self._rest = "".join(self._mask)
        return self._rest

    def claim(self, start: int, end: int, mark: str = GONE) -> None:
        """Use up text[start:end], so that no later reader sees it."""
        self._mask[start:end] = mark * (end - start)
        self._rest = ""

    def note(self, field: str, start: int, end: int) -> None:
        """Remember that text[start:end], without blanks around it, gave `field`."""
        words = self.text[start:end]
        start += len(words) - len(words.lstrip(" \n,;:"))
        end -= len(words) - len(words.rstrip(" \n,;:"))
        if start < end:
            self.spans.append(Span(field, start, end))

    def give(self, field: str, value: object, match: re.Match[str], group: int | str = 0) -> None:
        """Set a field unless an earlier word did, note the words of `group`, and use up the whole match."""
        if field not in self.values:
            self.values[field] = value
            self.note(field, *match.span(group))
        self.claim(*match.span())

    def skip(self, start: int, end: int) -> None:
        """Leave text[start:end] out of the reading; it is shown as ignored."""
        self.unread.append((start, end))
        self.claim(start, end)

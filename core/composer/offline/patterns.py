"""Patterns out of words, and patterns that look at a text only where it holds what they are about.

Some five hundred patterns read a sentence, and most have nothing to say about it. So a pattern may name the words one
of which each of its matches holds; a text without any of them is not searched, and the pattern is not even compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, cast

# What may follow a letter in a word, by that letter; "" where the word may end.
_Tails: TypeAlias = "dict[str, _Tails]"

_LETTERS = 3
_HELD = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{1,{_LETTERS}}}|\d(?:[./-](?=\d))?|[^\w\s]")


@lru_cache(maxsize=128)
def held(text: str) -> frozenset[str]:
    """What a text holds: its words by their first three letters, its signs, '0' for digits, '0/0' for '3/4', '1.5'."""
    found = set(_HELD.findall(text.lower()))
    numbers = {piece for piece in found if piece[0].isdigit()}
    if any(len(piece) > 1 for piece in numbers):
        found.add("0/0")
    return frozenset(found - numbers | {"0"} if numbers else found)


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


class _About(_Late):
    """A pattern that is neither compiled nor looked for in a text without any of its words."""

    def __init__(self, pattern: str, words: str) -> None:
        super().__init__(pattern)
        self._words = frozenset(word[:_LETTERS] for word in words.split())

    def _may_match(self, text: str) -> bool:
        return not self._words.isdisjoint(held(text))

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        return self._compiled.search(text, *span) if self._may_match(text) else None

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        return self._compiled.match(text, *span) if self._may_match(text) else None

    def fullmatch(self, text: str, *span: int) -> re.Match[str] | None:
        return self._compiled.fullmatch(text, *span) if self._may_match(text) else None

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text, *span) if self._may_match(text) else iter(())


def rx(pattern: str, words: str = "") -> re.Pattern[str]:
    """A pattern to be compiled on first use; case does not matter.

    `words`: each match holds a word that begins as one of these do, up to the third letter, or one of these signs ('0'
    is any digit, '0/0' two that a sign of a date or a sum joins). Where a text has none, it is not searched.
    """
    return cast("re.Pattern[str]", _About(pattern, words) if words else _Late(pattern))


def any_of(words: Iterable[str]) -> str:
    """A pattern, closed in itself, that matches any of these words, the longest of two that begin alike.

    Words share their beginnings in it, 's(?:even|ix(?:ty)?)': where case does not matter a search tries every branch at
    every place, so fewer branches are that much faster.
    """
    tails: _Tails = {}
    for word in words:
        at = tails
        for letter in word:
            at = at.setdefault(letter, {})
        at[""] = {}
    return _branches(tails)


def _branches(tails: _Tails) -> str:
    told = [re.escape(letter) + _rest(more) for letter, more in sorted(tails.items()) if letter]
    return f"(?:{'|'.join(told)})"


def _rest(tails: _Tails) -> str:
    """What may follow a letter: nothing, one way on, or several; optional where a word may end."""
    if len(tails) > 1:
        return _branches(tails) + "?" * ("" in tails)
    return "".join(re.escape(letter) + _rest(more) for letter, more in tails.items())

"""Where the words that are said to have given a field stand in the sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

from core.composer.base import Span

LONGEST_WORDS = 300
MOST_WORDS, MOST_PLACES = 300, 50
_ITEM = re.compile(r"items\.(\d+)\.(\w+)")


def occurrences(words: str, text: str) -> list[tuple[int, int]]:
    """The first places (start, end) of these words in the text: whole words, whatever their case and blanks."""
    parts = words.split()
    if not parts or len(words) > LONGEST_WORDS:
        return []
    pattern = r"\s+".join(map(re.escape, parts))
    before = r"(?<!\w)" if re.match(r"\w", parts[0]) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", parts[-1]) else ""
    found = re.finditer(before + pattern + after, text, re.IGNORECASE)
    return [match.span() for match in islice(found, MOST_PLACES)]


def place(given: Sequence[tuple[str, str]], text: str, paths: Collection[str]) -> tuple[Span, ...]:
    """The spans of (path, words), in the order of the text; dropped where the path or the words are unknown.

    Words that occur more than once: names of items follow each other, what belongs to an item stands near its name,
    and no words give two fields while there are others.
    """
    first: dict[str, str] = {}
    for path, words in given[:MOST_WORDS]:
        if path in paths:
            first.setdefault(path, words)
    spans: list[Span] = []
    names: dict[int, int] = {}
    for path in sorted(first, key=_turn):
        places = occurrences(first[path], text)
        free = [found for found in places if not any(s.start < found[1] and found[0] < s.end for s in spans)] or places
        if not free:
            continue
        item, part = _item(path)
        if part == "name":
            last = max(names.values(), default=0)
            start, end = next((found for found in free if found[0] >= last), free[0])
            names[item] = start
        else:
            start, end = _nearest(free, names.get(item, 0))
        spans.append(Span(path, start, end))
    return tuple(sorted(spans, key=by_place))


def by_place(span: Span) -> tuple[int, int, str]:
    """Sorts spans into the order of the text."""
    return span.start, span.end, span.field


def _item(path: str) -> tuple[int, str]:
    """The number of the item and its field; -1 for what belongs to none."""
    found = _ITEM.fullmatch(path)
    return (int(found[1]), found[2]) if found else (-1, path)


def _nearest(places: list[tuple[int, int]], to: int) -> tuple[int, int]:
    return min(places, key=lambda found: abs(found[0] - to))


def _turn(path: str) -> tuple[bool, bool, int]:
    """Names first, then what stands near them, then the rest."""
    item, part = _item(path)
    return item < 0, part != "name", item

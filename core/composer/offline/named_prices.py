"""Prices that stand behind the list, each after the name of what it is of: '2 mugs and a pan, mugs 4 each, pan 30'."""

from __future__ import annotations

import re
from dataclasses import replace

from core.composer.offline.money import Price
from core.composer.offline.nouns import is_plural, singular
from core.composer.offline.numbers import AMOUNT
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft, Written

_LEAD = (
    r"(?:\A|(?<=[,;:.!?\n(\0])\s?|(?<=\band\s)|(?<=\bplus\s)|(?<=\bwith\s)|(?<=\bwhile\s)|(?<=\bbut\s)|(?<=\beach\s)"
    r"|(?<=\bapiece\s))(?:(?:the|those|these|my|our)\s)?"
)
_NAME = r"(?P<name>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*){0,2}?)"
_LINK = r"(?P<link>\s?(?:[:=@]|(?:is|are|at|cost|costs|being|priced|go|goes|for)\b)(?:\s(?:at|for))?)?\s?"
_PIECE = r"\s(?:each|apiece|a piece)\b"
_PRICED = rx(rf"{_LEAD}{_NAME}{_LINK}(?P<amount>{AMOUNT}){_PIECE}", words="apiece each piece")
_ALSO = rx(rf"{_LEAD}{_NAME}{_LINK}(?P<amount>{AMOUNT})(?=\s*(?:\Z|[,;!?\n)]|\.(?!\d)|and\b|please\b))")
# Of what an amount is, up to where its own words begin.
_OF = rx(rf"{_LEAD}{_NAME}{_LINK}\Z")


def say_each(written: Written) -> Written:
    """The same sentence with 'at' before and 'each' behind such prices; bare numbers are so where one says 'each'."""
    found = [match for match in _PRICED.finditer(written.text) if _listed(written.text, match)]
    also = [match for match in _ALSO.finditer(written.text) if found and match.start() > found[0].start()]
    bare = [match for match in also if _listed(written.text, match)]
    for match in sorted((*found, *bare), key=re.Match.start, reverse=True):
        if match in bare:
            written.replace(*match.span("amount"), f"{match['amount']} each")
        start, end = match.end("name"), match.start("amount")
        written.replace(start, end, " at ")
    for name in {match["name"] for match in (*found, *bare) if not is_plural(match["name"].split()[-1])}:
        if uncounted := re.search(rf"(?:\band|,|\bplus)\s(?P<name>{re.escape(name)})(?! at\b)\b", written.text):
            written.replace(*uncounted.span("name"), f"a {name}")  # what has a price is no topping
    return written


def name_prices(draft: Draft, prices: list[Price]) -> list[Price]:
    """The prices with what each is said to be of, where the name stands on the list before; the name is used up."""
    named = []
    for price in prices:
        match = (
            _OF.search(draft.rest, max(0, price.start - 60), price.start) if price.role in ("unit", "bare") else None
        )
        if match and _listed(draft.rest, match):
            draft.claim(*match.span("name"))
            price = replace(price, of=_singulars(match["name"]))
        named.append(price)
    return named


def _listed(text: str, match: re.Match[str]) -> bool:
    """Whether the name before a price was said before, each of its words."""
    return _singulars(match["name"]) <= _singulars(text[: match.start("name")])


def _singulars(words: str) -> frozenset[str]:
    return frozenset(singular(word) for word in re.findall(r"[^\W\d_][\w'-]*", words))

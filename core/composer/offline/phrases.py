"""Orders that are no more than what is named: 'cheese pizza please', 'a desk lamp, two mats', 'a copy of ...'."""

from __future__ import annotations

import re

from core.composer.offline.lexicon import is_edition, knows, lists_whole
from core.composer.offline.nouns import is_plural
from core.composer.offline.numbers import quantity_at
from core.composer.offline.patterns import rx
from core.composer.offline.text import CUE, Draft
from core.composer.offline.told import tells
from core.composer.offline.zones import CLAUSE, HELLO, ON_OFFER, TOLD, sentences

_LEADING_NAME = rx(
    r"[\s\0]*(?P<name>[^\W\d_][\w' -]*?)\s?(?:,|\b(?:for|on|at|in|to|from|by|with|near|next|this|tomorrow|today"
    r"|needed|required|wanted)\b)"
)
_PRAISE = set(
    "nice great good bad awesome lovely terrible beautiful my your his cool wow amazing no not what love".split()
)
_BETWEEN_THINGS = rx(r"\s?[,;]\s?(?:and\s|plus\s)?|\s(?:and|plus|&)\s")
# 'my lamps, two of them, are broken'
_TOLD_OF = rx(r"\s?(?:is|are|was|were|has|have|had|don't|won't)\b")
_FILLER = rx(r"\A(?:(?:like|maybe|also|just|the|my|some|erm?|uh|um|oh|please|sorry)\s)+")
_KIND = rx(
    r"(?:\ssize\s(?:\w{1,4}|small|medium|large|\d\S*)|\s(?:extra\s)?(?:small|medium|large)|\s\d{1,5}\s?(?:g|kg|ml|cl|l|mm|cm|m|gb|tb|w|v|oz|lb)"
    r"|\s(?:with|without|for|no|extra)\s.*|\splease|\spls)+\Z"
)
_COPY = rx(
    r"(?:(?:an?|one|the)\s)?(?:(?:second[ -]?hand|used|new|signed|hardback|paperback|large print)\s)?"
    r"(?:copy|copies)\sof\s\w"
)


def phrase_zones(draft: Draft) -> list[tuple[int, int]]:
    """Where nothing orders, the sentences that are no more than the name of a known thing: 'cheese pizza please'."""
    said = ((start, end) for start, end in sentences(draft.rest) if not tells(draft.rest[start:end]))
    found = ((start, end, _spoken(draft.rest[start:end])) for start, end in said)
    return [
        (start, end)
        for start, end, words in found
        if _is_name(words) or _leads_with_name(words) or opens_list(words) or _names_one(words)
    ]


def opens_list(words: str) -> bool:
    """Whether a sentence begins with a list of things: 'black umbrella size large and two scarves, ...'."""
    said = ON_OFFER.sub("", _spoken(words).lower())
    pieces = [piece for piece in _pieces(said) if piece.strip(" \0")]
    if len(pieces) < 2 or CUE in pieces[0] + pieces[1] or CLAUSE.search(pieces[0]) or TOLD.search(words):
        return False
    if any(_TOLD_OF.match(piece) for piece in pieces[1:]):
        return False
    first, second = (_without_kind(piece) for piece in pieces[:2])
    if first and is_plural(first[-1]) and any(quantity_at([word], 0) for word in first[1:]):
        return False
    counted = quantity_at(second, 0) if second else None
    sure = counted is not None and not counted.vague and not counted.article
    goes_on = _is_piece(second) or (counted is not None and sure and 1 <= len(second) - counted.after <= 6)
    begins = bool(first) and quantity_at(first, 0) is None and _is_piece(first)
    return begins and goes_on and not CLAUSE.search(pieces[1])


def _names_one(words: str) -> bool:
    """Whether a sentence names one thing, and then only of what kind, for whom, and fields: 'a copy of ..., max $9'."""
    first, *others = re.split(r"[,;\0]+", _spoken(words))
    if CLAUSE.search(first) or TOLD.search(words) or len(first) > 80:
        return False
    if any(CLAUSE.search(other) and not re.search(r"\0", words) for other in others):
        return False
    return bool(_COPY.match(first)) or _is_piece(_without_kind(first.lower()))


def _leads_with_name(words: str) -> bool:
    """'team building workshop for 30 people': a known thing, then only what it is for, when and where."""
    found = _LEADING_NAME.match(words)
    if found is None or CLAUSE.search(words) or TOLD.search(words):
        return False
    return _is_piece(found["name"].lower().split())


def _is_name(words: str) -> bool:
    """'cheese pizza', 'big mac 2', 'a burger and fries for three': every piece names a known thing."""
    words = re.sub(r"\sfor (?:me|us|\w+(?: people)?)\Z", "", words, flags=re.IGNORECASE)
    if len(words) > 120 or CLAUSE.search(words) or not re.fullmatch(r"[\w', &-]+", words):
        return False
    pieces = _pieces(words.lower())
    return all(_is_piece(piece.split()) for piece in pieces)


def _pieces(said: str) -> list[str]:
    """The pieces of a list; 'salt and pepper mills' is one."""
    pieces: list[str] = []
    begin = 0
    for start, end in [match.span() for match in _BETWEEN_THINGS.finditer(said)]:
        if said[start:end].strip() == "and":
            before, after = said[begin:start].split(), re.split(r"[,;]|\sand\s", said[end:])[0].split()
            if before and any(lists_whole([before[-1], "and", *after[:many]]) for many in range(1, len(after) + 1)):
                continue
        pieces.append(said[begin:start])
        begin = end
    return [*pieces, said[begin:]]


def _is_piece(words: list[str]) -> bool:
    found = quantity_at(words, 0) if words else None
    words = words[found.after :] if found and not found.vague else words
    words = words[:-1] if len(words) > 1 and words[-1].isdigit() else words
    return 1 <= len(words) <= 6 and _is_thing(" ".join(words)) and not _PRAISE & set(words)


def _is_thing(name: str) -> bool:
    return knows(name) or is_edition(name)


def _without_kind(piece: str) -> list[str]:
    """The words of a piece of a list without a filler before and the size or what it is with or for behind it."""
    return _KIND.sub("", _FILLER.sub("", piece.strip(" \0"))).split()


def _spoken(words: str) -> str:
    """A sentence without a greeting before it and thanks after it."""
    words = re.sub(rf"\A[\s\0]*{HELLO}(?:just|maybe|only|the|my|our)?\s?", "", words, flags=re.IGNORECASE)
    return re.sub(
        r"(?:[\s\0,.!]*(?:please|pls|thanks|thank you|for me|for us))*[\s\0,.!]*\Z", "", words, flags=re.IGNORECASE
    )

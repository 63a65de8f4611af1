"""The sentences of a text, and which of them may hold an order."""

from __future__ import annotations

import re

from core.composer.offline.lexicon import knows
from core.composer.offline.numbers import ARTICLES, NUMBER, quantity_at
from core.composer.offline.patterns import rx
from core.composer.offline.text import CUE, FIX, Draft
from core.composer.offline.told import tells

HELLO = (
    r"(?:(?:hi|hello|hey|dear|please|pls|kindly|also|and|then|plus|ok|okay|so|thanks|well|yes"
    r"|yeah|sure|there|team|all|but|next|finally|first)\b[\s,!.]*)*"
)
# A greeting and a label before a list: 'shopping list:', 'in bulk please:', 'Customer id K-1:'.
_LABEL = rf"\A[\s\0]*{HELLO}(?:[^\d:.!?\n]{{1,40}}:)?[-*•:,;\s\0]*"
CLAUSE = rx(r"\b(?:is|are|was|were|has|have|had|be|been|i|you|he|she|they|does|did|do|went|sat|see|said)\b")
TOLD = rx(
    r"\b(?:(?:i|we|they) have(?! (?:an? )?\0)|we (?:run|own|manage|operate)"
    r"|ordered|bought|ate|drank|cooked|wore|arrived|came|sold|was|were|had|has"
    r"|received|got|sent|went|paid"
    r"|loved?|likes?|hates?|own|owns|broke"
    r"|returned|return|yesterday|last (?:week|month|year|night)|ago|refund|complain\w*|my \w+ (?:have|is|are|has))\b"
)
_LISTED = rx(r"\s*[-*•]?\s*[A-Za-z][\w' -]{1,60}(?::|=| x| -)\s?\d+\s*(?:\Z|[,;\n])")
ON_OFFER = rx(r"\b(?:that\s)?you(?:'ve|\shave)(?:\sgot)?\b")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence; a full stop inside a number or a word ends none."""
    ends = [
        match.end()
        for match in re.finditer(r"(?<!\b[Dd]r)(?<!\b[Mm]r)(?<!\b[Mm]s)(?<!\b[Mm]rs)[.!?]+(?=\s|\Z)|\n", text)
    ]
    starts = [0, *ends]
    return [
        (start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip(" \n\0")
    ]


# 'sorry for the wait: 2 colleagues left, our stock had to be counted'
_GONE_BY = rx(r":\s(?:[^.;!?\n:]*\s)?(?:left|quit|resigned|retired|broke|failed|had to|(?:was|were) \w+(?:ed|en|ne))\b")


def order_zones(draft: Draft, cued: bool) -> list[tuple[int, int]]:
    """The sentences to look for items in: those with a verb, and those that begin with a quantity or are a list."""
    zones: list[tuple[int, int]] = []
    for start, end in sentences(draft.rest):
        words = draft.rest[start:end]
        if CUE in words or FIX in words:
            zones.append((start, end))
        elif _GONE_BY.search(words):
            continue
        elif _is_list(words, short=not cued) and not tells(words):
            zones.append((start, end))
        elif (after := words.find(": ") + 1) and _is_list(words[after:], short=False):
            zones.append((start + after, end))
    return zones


def statements(draft: Draft) -> list[tuple[int, int]]:
    """Sentences that may hold an order although nothing in them says so, and that tell of nothing past."""
    return [
        (start, end)
        for start, end in sentences(draft.rest)
        if not TOLD.search(draft.rest[start:end])
        and not tells(draft.rest[start:end])
        and re.search(r"[a-z]", draft.rest[start:end], re.IGNORECASE)
    ]


# 'for the canteen, 3 kettles', 'on my own card, 2 cameras'.
_LED_TO = rx(
    r"\A[\s\0]*(?:for|to|on|from|out of)\s(?:the|my|our)\s[\w' \0-]{2,40},\s"
    rf"(?=(?:{NUMBER})\s(?P<name>[a-z-]+(?:\s[a-z-]+){{0,2}})\s*(?:\Z|[^\w\s]|and\b))"
)


def _is_list(words: str, short: bool) -> bool:
    """Whether a sentence without a verb lists things: '3 laptops, 2 monitors', 'Mice: 3', 'a desk for my office'."""
    if _LISTED.match(words):
        return True
    words = re.sub(_LABEL, "", words, flags=re.IGNORECASE)
    led = _LED_TO.match(words)
    words = words[led.end() :] if led and knows(led["name"]) else words
    clause = re.split(r"[,;:\0(]", words)[0]
    pieces = clause.lower().strip(" .!?\n").split()
    if not pieces or CLAUSE.search(ON_OFFER.sub("", clause)) or len(pieces) > 22:
        return False
    pieces = pieces[1:] if len(pieces) > 1 and pieces[0] in ("qty", "quantity") else pieces
    found = quantity_at(pieces, 0)
    return found is not None and found.after <= len(pieces) and (short or pieces[0] not in ARTICLES)

"""Where the verb of an order stands, and the words that correct it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from core.composer.offline.fixes import FIXING, MEANT
from core.composer.offline.lexicon import knows
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.ordering import (
    ACTS,
    CHARGE_FOR,
    GIVEN,
    LIST_OF,
    NOUN_CUE,
    ORDERING,
    REPLACED,
    SOME_THINGS,
    SUBSCRIBED,
)
from core.composer.offline.patterns import rx
from core.composer.offline.pointing import mark_pointed
from core.composer.offline.text import CUE, FIX, Draft
from core.composer.offline.told import NO_SPOONS, RATHER, SAID
from core.composer.offline.words import COLOURS, MATERIALS

_COUNTED = rx(rf"(?:{NUMBER})\s\Z")
_BEFORE_NUMBER = rx(rf"\b([a-z]{{3,10}})\s(?={NUMBER}|an?\b|some\b)")
_ASKED = rx(rf"\b(?:please|pls|kindly)\s([a-z]{{3,10}}(?:\s(?:for|to)\s(?:me|us))?)\s(?={NUMBER})")
_VERBS = ("order", "purchase", "want", "need", "request", "schedule", "reserve", "require")
# A verb that is a noun as well orders only after one of these words, or where a clause begins.
_BEFORE_VERB = set(
    (
        "please pls to and then also or just i we you they must should will kindly now mind "
        "gonna wanna would could can i'll we'll let's lets need about of customer i'm im we're is are am so but"
    ).split()
)
# After these it is a noun, whatever follows.
_BEFORE_NOUN = set(
    (
        "a an the my your our his her their this that last previous first next every each any some no in on for "
        "from with by per which what whose back work bulk"
    ).split()
)
_WHAT = rx(r"\bwhat(?:ever)?(?:\s(?:i|we|you|they|he|she))?\Z")
_THING_AFTER = rx(rf"\s(?:me\b|us\b|an?\s|some\s|the\s|{NUMBER}\s)")


def mark_cues(draft: Draft) -> bool:
    """Mark the verbs that order something and the words that correct; True where a verb was found."""
    found = mark_pointed(draft)
    for match in NOUN_CUE.finditer(draft.rest):
        if _COUNTED.search(draft.rest[max(0, match.start() - 30) : match.start()]) or re.match(
            r"one order", match[0], re.IGNORECASE
        ):
            continue
        owner = (match["owner"] or "").strip().lower()
        if match["verb"] or owner not in ("my", "our", "your", "the", "that", "last", "previous"):
            draft.claim(*match.span(), CUE)
            found = True
    for match in SUBSCRIBED.finditer(draft.rest):
        if (seats := read_number(match["count"])) and seats == int(seats):
            draft.values["seats"] = int(seats)
            draft.note("seats", *match.span("count"))
        draft.claim(*match.span(), CUE)
        found = True
    for match in REPLACED.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in SOME_THINGS.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    if begun := LIST_OF.match(draft.rest):
        draft.claim(*begun.span("list"), CUE)
        found = True
    for match in CHARGE_FOR.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in GIVEN.finditer(draft.rest):
        if _may_follow(draft.rest[: match.start()]):
            draft.claim(*match.span(), CUE)
            found = True
    for match in RATHER.finditer(draft.rest):
        draft.claim(*match.span(), FIX)
    for match in SAID.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in ORDERING.finditer(draft.rest):
        if _orders(draft.rest, match):
            draft.claim(*match.span(), CUE)
            found = True
    found = found or _misspelt(draft) or _unsaid(draft)
    for match in FIXING.finditer(draft.rest):
        draft.claim(*match.span(), FIX)
    for match in NO_SPOONS.finditer(draft.rest):
        sort = match["name"].lower()
        if knows(sort) or sort.split()[0] in COLOURS | MATERIALS or knows(sort.split()[-1]):
            draft.claim(match.start(), match.start("name"), FIX)
    for match in MEANT.finditer(draft.rest):
        draft.claim(*match.span())
    return found


def _misspelt(draft: Draft) -> bool:
    """'pls oder 4 ...': near the beginning, a word one or two letters away from a verb, and then a quantity.

    After 'please' any word is one: 'please process 900 ...'.
    """
    if match := _ASKED.search(draft.rest):
        draft.claim(*match.span(1), CUE)
        return True
    for match in _BEFORE_NUMBER.finditer(draft.rest[:60]):
        word = match[1].lower()
        other = word.endswith("ed") or word == "wait"
        if not other and _may_follow(draft.rest[: match.start()]) and get_close_matches(word, _VERBS, 1, 0.75):
            draft.claim(*match.span(1), CUE)
            return True
    return False


_WANT_TO = rx(
    r"\b(?:i|we|id|i'd|we'd)\s(?:want|need|like|would like)\sto\s(?P<name>[a-z][\w'-]*(?:\s[a-z][\w'-]*){0,3})"
)


def _unsaid(draft: Draft) -> bool:
    """'i want to pepperoni pizza': the verb was left out, and what stands there is a known thing."""
    match = _WANT_TO.search(draft.rest)
    words = match["name"].lower().split() if match else []
    if match and any(knows(" ".join(words[:many])) for many in range(1, len(words) + 1)) and not ACTS.match(words[0]):
        draft.claim(match.start(), match.start("name") - 1, CUE)
        return True
    return False


def _orders(rest: str, match: re.Match[str]) -> bool:
    before, after = rest[: match.start()].rstrip(" "), rest[match.end() : match.end() + 40]
    if after.startswith(" to ") or after == " to" or _WHAT.search(before):
        return False
    if match["plain"] or match["wish"]:
        return not re.search(r"\b(?:the|my|your|our|a|an|his|her)\Z", before, re.IGNORECASE)
    if _may_follow(before):
        return True
    last = re.search(r"[\w']+\Z", before)
    return bool(last and last[0].lower() not in _BEFORE_NOUN and _THING_AFTER.match(after))


def _may_follow(before: str) -> bool:
    """Whether a verb may stand after these words: at the beginning of a clause, or after one that leads to a verb."""
    last = re.search(r"[\w']+\Z", before.rstrip(" "))
    return last is None or last[0].lower() in _BEFORE_VERB

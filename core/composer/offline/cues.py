"""Which sentences order something, and where their verb stands."""

from __future__ import annotations

import re
from difflib import get_close_matches

from core.composer.offline.numbers import ARTICLES, NUMBER, quantity_at
from core.composer.offline.text import CUE, FIX, Draft, rx

_HELLO = (
    r"(?:(?:hi|hello|hey|dear|please|pls|kindly|also|and|then|plus|ok|okay|so|thanks|well|yes"
    r"|yeah|sure|there|team|all|but|next|finally|first)\b[\s,!.]*)*"
)
_QUESTION = rx(
    rf"[\s\0,]*{_HELLO}(?:(?:what(?! about)|what's|whats|why|who|who's|whose|how(?! about))\b"
    rf"|(?:can|could|would|will) you (?:tell|recommend|explain|help|suggest|write|show|describe"
    rf"|check|give me (?:a|an|some) (?:idea|joke|tip|hint|recipe))\b"
    r"|(?:is(?! it possible)|are|was|were|do|does|did|has|have|am|when|where|which|should"
    r"|shall|isn't|aren't|don't|doesn't|didn't)\b[^\n]*\?)"
)
_OTHER_TASK = rx(
    rf"[\s\0,]*{_HELLO}(?:write|tell|explain|translate|summari[sz]e|calculate|compute|sing|draw"
    rf"|describe|compare|recommend|suggest|list|print|remind|play|generate|define|solve|track"
    rf"|show|cancel|imagine|pretend|remember)\b(?![^\n]*\bif\b)"
)
_INJECTED = rx(
    r"\b(?:ignore|disregard|forget|override)\b(?:\s[\w']+){0,4}\s(?:instructions?|rules?"
    r"|prompts?|messages?|guidelines|above)\b[^.;\n]*"
    r"|\byou are now\b[^.;\n]*|\bsystem prompt\b[^.;\n]*|\b(?:drop|truncate|delete from"
    r"|alter)\s(?:table\s)?(?-i:[\w ]{0,30}\btables?\b|orders|users|customers)(?:\s\w+)?"
    r"|\b(?:drop table|delete from|truncate table|union select|insert into)\s\w+"
    r"|<[a-z/!][^<>\n]{0,200}>|\{\{[^{}\n]{0,200}\}\}"
    r"|\bset (?:the |all |every )?(?:unit |total )?(?:prices?|totals?|costs?|discounts?"
    r"|budgets?|quantit(?:y|ies))\s(?:to|at|=)\s[^.;\n]*"
    r"|\b(?:act|behave|respond|reply) as (?:if|an?|the)\b[^.;\n]*"
)

_VERB = (
    r"(?P<noun>(?:re-?)?order(?:ing)?|purchas(?:e|ing)|request(?:s|ing)?|schedul(?:e|ing)"
    r"|reserv(?:e|ing)|book(?:ing)?|hir(?:e|ing)|rent(?:ing)?|supply|license|add"
    r"|stock(?:ing)? up on|restock(?:ing)?|ship(?=\s(?:us|me|\d))|deliver(?=\s(?:us|me|\d))"
    r"|send(?=\s(?:us|me|over|\d)))"
    r"|(?P<plain>buy(?:ing|s)?|procur(?:e|ing)|acquir(?:e|ing)|obtain(?:ing)?|requires?"
    r"|arrang(?:e|ing)|organi[sz](?:e|ing)|renew(?:ing)?|needs?|wants?|wanna|get(?:ting|s)?"
    r"|grab(?:bing)?|fetch|provide|subscribe to|looking for"
    r"|in need of|(?:would|'d|d) (?:like|love)|gimme|give (?=us\b|me\b)|pick(?:ing)? up"
    r"|set(?:ting)? up|sort(?:ing)? out|(?:i'll|we'll|i will|we will) (?:take|have)|(?:can"
    r"|could|may) (?:i|we) have|let (?:me|us) have)"
)
_CUE = rx(
    rf"(?<![\w-])(?:{_VERB})(?![\w-])(?:\s(?:me|us|him|her|them|myself|ourselves|up|over|hold "
    rf"of|for (?:me|us))\b)*"
)
_NOUN_CUE = rx(
    r"\b(?P<verb>(?:place|process|submit|create|make|start|put in|raise|file|enter"
    r"|prepare)\s)?(?P<owner>(?:an?|the|this|one|another|our|my|your|that|last|previous)\s)?"
    r"(?:(?:new|big|large|bulk|wholesale|rush|urgent|express|purchase|small"
    r"|quick)\s){0,3}(?:orders?|purchases?)(?:\s(?:for|of)\b|\s?:)"
)
_CHARGE_FOR = rx(r"\b(?:charge|bill)\s(?:[\w']+\s){1,4}?for(?=\s)")
_BEFORE_NUMBER = rx(rf"\b([a-z]{{3,10}})\s(?={NUMBER}|an?\b|some\b)")
_VERBS = ("order", "purchase", "want", "need", "request", "schedule", "reserve", "require")
# A verb that is a noun as well orders only after one of these words, or where a clause begins.
_BEFORE_VERB = set(
    (
        "please pls to and then also or just i we you they must should will kindly now mind "
        "gonna wanna would could can i'll we'll let's lets need about of customer"
    ).split()
)
_NEGATED = rx(
    r"\b(?:do not|don't|dont|never|cannot|can't|won't|didn't|did not|will not|not|no longer"
    r"|how to|how (?:do|can|should) (?:i|we)|whether to|before)\s(?:[\w']+\s){0,2}?"
    rf"(?:{_VERB.replace('?P<noun>', '?:').replace('?P<plain>', '?:')})\b[^,.;!?\n]*"
)
_WEAK = r"(?:no|sorry|wait|oops|actually|hang on|hmm|er|um|correction)"
_STRONG = r"(?:make (?:that|it)|i mean|i meant|scratch that|or rather|rather|change that to|should be)"
_FIXING = rx(
    rf"[\s,;.-]*\b(?:(?:{_WEAK}\b[\s,-]*){{0,3}}{_STRONG}\b"
    rf"|(?:{_WEAK}\b[\s,-]*){{1,3}}(?={NUMBER})|(?<=[,.;-]\s)(?:wait|sorry|oops"
    rf"|correction)\b)[\s,:]*"
)
_MEANT = rx(r"\s(?:i mean|i meant|instead)(?=\s*(?:\Z|[.,;!\n]))")
_SCRAP = rx(
    r"[\s,.;]*(?:\b(?:actually|oh|wait|no|and|but|please|then)\b[\s,]*){0,3}\b(?:scrap|drop"
    r"|remove|forget|cancel|skip|leave out|lose|ditch|hold|never mind"
    r"|minus)\s(?:about\s)?(?:the|those|that|my)\s"
    r"(?!order\b|booking\b)(?P<name>[\w-]+(?:\s(?!and\b|please\b|instead\b)[\w-]+){0,2})"
)
_CLAUSE = rx(r"\b(?:is|are|was|were|has|have|had|be|been|i|you|he|she|they|does|did|do|went|sat|see|said)\b")
_LISTED = rx(r"\s*[-*•]?\s*[A-Za-z][\w' -]{1,60}(?::|=| x| -)\s?\d+\s*(?:\Z|[,;\n])")


def skip_what_is_no_order(draft: Draft) -> None:
    """Leave out instructions to the reader, questions and other tasks, so that no word of theirs is read."""
    for match in _INJECTED.finditer(draft.rest):
        draft.skip(*match.span())
    for start, end in sentences(draft.rest):
        if _QUESTION.match(draft.rest, start, end) or _OTHER_TASK.match(draft.rest, start, end):
            draft.skip(start, end)
    for match in _NEGATED.finditer(draft.rest):
        if not re.search(r"\b(?:spend|exceed|e-?mail|call|text|sms|phone|mind)\b", match[0], re.IGNORECASE):
            draft.skip(*match.span())


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence; a full stop inside a number or a word ends none."""
    ends = [match.end() for match in re.finditer(r"[.!?]+(?=\s|\Z)|\n", text)]
    starts = [0, *ends]
    return [
        (start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip(" \n\0")
    ]


def mark_cues(draft: Draft) -> bool:
    """Mark the verbs that order something and the words that correct; True where a verb was found."""
    found = False
    for match in _NOUN_CUE.finditer(draft.rest):
        owner = (match["owner"] or "").strip().lower()
        if match["verb"] or owner not in ("my", "our", "your", "the", "that", "last", "previous"):
            draft.claim(*match.span(), CUE)
            found = True
    for match in _CHARGE_FOR.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in _CUE.finditer(draft.rest):
        if _orders(draft.rest, match):
            draft.claim(*match.span(), CUE)
            found = True
    found = found or _misspelt(draft)
    for match in _FIXING.finditer(draft.rest):
        draft.claim(*match.span(), FIX)
    for match in _MEANT.finditer(draft.rest):
        draft.claim(*match.span())
    return found


def _misspelt(draft: Draft) -> bool:
    """'pls oder 4 ...': near the beginning, a word one or two letters away from a verb, and then a quantity."""
    for match in _BEFORE_NUMBER.finditer(draft.rest[:60]):
        word = match[1].lower()
        past = word.endswith("ed")
        if not past and _may_follow(draft.rest[: match.start()]) and get_close_matches(word, _VERBS, 1, 0.75):
            draft.claim(*match.span(1), CUE)
            return True
    return False


def _orders(rest: str, match: re.Match[str]) -> bool:
    before, after = rest[: match.start()].rstrip(" "), rest[match.end() : match.end() + 4]
    if after.startswith(" to ") or after == " to":
        return False
    if match["plain"]:
        return not re.search(r"\b(?:the|my|your|our|a|an|his|her)\Z", before, re.IGNORECASE)
    return _may_follow(before)


def _may_follow(before: str) -> bool:
    """Whether a verb may stand after these words: at the beginning of a clause, or after one that leads to a verb."""
    last = re.search(r"[\w']+\Z", before.rstrip(" "))
    return last is None or last[0].lower() in _BEFORE_VERB


def read_scraps(draft: Draft) -> list[str]:
    """Names of things that a later word strikes out: 'actually scrap the chairs'."""
    names = []
    for match in _SCRAP.finditer(draft.rest):
        names.append(match["name"].lower())
        draft.skip(*match.span())
    return names


def order_zones(draft: Draft, cued: bool) -> list[tuple[int, int]]:
    """The sentences to look for items in: those with a verb, and those that begin with a quantity or are a list."""
    zones: list[tuple[int, int]] = []
    for start, end in sentences(draft.rest):
        words = draft.rest[start:end]
        if CUE in words or (FIX in words and zones) or _is_list(words, short=not cued):
            zones.append((start, end))
    return zones


def _is_list(words: str, short: bool) -> bool:
    """Whether a sentence without a verb lists things: '3 laptops, 2 monitors', 'Mice: 3', 'a desk for my office'."""
    if _LISTED.match(words):
        return True
    clause = re.split(
        r"[,;:\0(]",
        re.sub(
            rf"\A[\s\0]*{_HELLO}(?:(?:items?|order|list|basket|cart|shopping list)\s?:)?[-*•\s\0]*",
            "",
            words,
            flags=re.IGNORECASE,
        ),
    )[0]
    pieces = clause.lower().strip(" .!?\n").split()
    if not pieces or _CLAUSE.search(clause) or len(pieces) > 14:
        return False
    found = quantity_at(pieces, 0)
    return found is not None and found.after <= len(pieces) and (short or pieces[0] not in ARTICLES)

"""The wallet that pays: named in quotes, before or after 'wallet', or left to the engine."""

from __future__ import annotations

import re

from core.composer.offline.negation import NEGATION
from core.composer.offline.patterns import rx
from core.composer.offline.text import JOINING, Draft

_PAYING = r"(?:\b(?:pay(?:ing)?|paid|take\sit)\s(?:for\s(?:it|this|them|everything)\s)?)"
_IT = r"(?:it|this|that|them|everything|all|the\sorder)"
# 'with the leather wallet' may be goods: what comes after these is a name of several words only where it looks it.
_MAYBE = r"(?:with|via|on)"
_LEAD = (
    rf"(?:{_PAYING}(?:{_MAYBE}|by)|\b(?:charge|bill|debit|put|pay|take)\s{_IT}\s(?:to|from|on|with|via|against)"
    rf"|{_PAYING}?\b(?:from|charge|debit|use|using|out\sof|through|bill)(?:\s{_IT}\s(?:to|from))?)\s"
)
_WEAK_LEAD = rf"\b{_MAYBE}\s"
_ARTICLE = r"(?:(?:the|our|my)\s)"
# Where a clause begins, a name has ended.
_STOP = (
    rf"(?!(?:{JOINING}|the|our|my|we|i|it|they|them|you|me|us|that|wallets?|also|then|but|only|do|don'?t|never"
    r"|charg(?:e|ing)|debit|bill|use|pay(?:ing)?|paid|order|buy|book|get|add|ship(?:ped|ping)?|send|sent|(?-i:deliver\w*)"
    r"|call|ring|text|sms|e-?mail|notify|tell|ask|let|stop|retry|convert\w*|apply|need(?:ed)?|arriv\w+|urgent"
    r"|within|during|through|out|should|must|can|will|would|could|thank|cheers|ok(?:ay)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?![\w&-]))"
)
_WORD = r"\w(?:[\w&'/-]|\.(?=\w)){0,39}"
_PLAIN = rf"{_STOP}{_WORD}(?:\s{_STOP}{_WORD}){{0,3}}"
_CAPITAL = r"(?-i:[A-Z0-9])(?:[\w&'/-]|\.(?=\w)){0,39}"
# 'the Marketing and Sales wallet'.
_CAPITALS = rf"{_STOP}{_CAPITAL}(?:\s(?:(?:and|of|for|&)\s)?{_STOP}{_CAPITAL}){{0,3}}"
_QUOTED = r"(?:\"[^\"\n\0]{1,60}\"|(?<!\w)'[^'\n\0]{1,60}'(?!\w))"
_CALLED = r"(?:\s(?:named|called)|\s?:|\sis)"
_AFTER = rf"(?:{_CALLED}?\s(?P<quoted>{_QUOTED})|{_CALLED}\s(?P<called>{_PLAIN}))"
_BEFORE = (
    rx(rf"{_LEAD}{_ARTICLE}?(?P<name>{_QUOTED}|{_CAPITALS}|{_PLAIN})\swallet\b{_AFTER}?", words="wallet"),
    rx(rf"{_WEAK_LEAD}{_ARTICLE}?(?P<name>{_QUOTED}|{_CAPITALS}|{_STOP}{_WORD})\swallet\b{_AFTER}?", words="wallet"),
)
_NAMED_BEHIND = rf"{_AFTER}|\s(?P<name>{_PLAIN})"
_BEHIND = (
    rx(rf"{_LEAD}{_ARTICLE}wallet\b(?:{_AFTER}|\s(?!an?\s)(?P<name>{_PLAIN}))?", words="wallet"),
    rx(rf"{_LEAD}wallet\b(?:{_NAMED_BEHIND})?", words="wallet"),
    rx(rf"{_WEAK_LEAD}{_ARTICLE}wallet\b(?:{_AFTER})?", words="wallet"),
    rx(rf"(?:{_WEAK_LEAD}|\A|(?<=[,;:(\n])\s?)\bwallet\b(?:{_NAMED_BEHIND})", words="wallet"),
)
_NO_WALLET = rx(rf"{NEGATION}(?:company\s|business\s)?wallet\b", words="business company wallet")
_NO_NAME = set("the our my own a an company corporate corporation office business digital mobile electronic".split())


def read_named_wallet(draft: Draft) -> None:
    """'from the Marketing Europe wallet': read first, as its name may hold words that say how to ship."""
    _read(draft, _BEFORE)


def read_wallet(draft: Draft) -> None:
    """'from wallet small', 'from our wallet', 'no wallet'."""
    _read(draft, _BEHIND)
    for match in _NO_WALLET.finditer(draft.rest):
        _no_wallet(draft, match)


def _read(draft: Draft, patterns: tuple[re.Pattern[str], ...]) -> None:
    for pattern in patterns:
        for match in pattern.finditer(draft.rest):
            _wallet(draft, match)


def _wallet(draft: Draft, match: re.Match[str]) -> None:
    """A wallet pays for an organisation; 'the company wallet' names none, so the engine picks its default.

    Whoever wants no wallet to pay pays by card; who wants one not to pay may have another.
    """
    name, span = _named(match)
    if name and (said := draft.values.get("wallet")) and said.lower() == name.lower():
        name = said
    if draft.declines("wallet", name, *match.span()):
        if not name:
            _no_wallet(draft, match)
        return
    if name and "wallet" not in draft.values:
        draft.values["wallet"] = name
        draft.note("wallet", *span)
    draft.give("channel", "corporate", match)


def _named(match: re.Match[str]) -> tuple[str | None, tuple[int, int]]:
    """The name as it was written and where it stands; None for 'the company wallet'."""
    for group in ("quoted", "called", "name"):
        said = match[group] if group in match.re.groupindex else None
        name = " ".join((said or "").strip("\"' ").removesuffix("'s").split())
        if said and name and (said[0] in "\"'" or not set(name.lower().split()) <= _NO_NAME):
            start = match.start(group) + said.index(name.split()[0])
            return name, (start, match.end(group) - (said[0] in "\"'"))
    return None, (0, 0)


def _no_wallet(draft: Draft, match: re.Match[str]) -> None:
    draft.values["channel"] = "B2C"
    draft.note("channel", *match.span())
    draft.claim(*match.span())

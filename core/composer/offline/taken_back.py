"""An order that is taken back on the way: '2 laptops. Forget that. 50 desks', '2 laptops. Never mind.'"""

from __future__ import annotations

import re

from core.composer.offline.nouns import singular
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import FIX, Draft

_OH = (
    r"(?:(?:please|just|actually|oh|no|nah|wait|ok|okay|hm+|sorry|well|so|and|but|then|hang on|hold on|you know what|ah"
    r"|oops|on second thoughts?|let's|can you|could you|i said)[\s,.!-]{1,3}){0,5}"
)
_LAST = (
    r"(?:scratch|strike)\s(?:that|it)"
    r"|(?:that|this|it)(?:'s|s|\sis|\swas)\s(?:(?:all|completely|totally|just)\s)?"
    r"(?:wrong|incorrect|a mistake|a typo|not right|not what (?:i|we) (?:want|need|mean|ask)(?:t|ed|ed for)?)"
)
_ALL = (
    r"(?:forget|cancel|scrap|ditch|nix|disregard|ignore|delete|undo|drop)\s(?:about\s)?(?:all\s(?:of\s)?)?"
    r"(?:that|it|this|those|them|everything|the (?:whole thing|lot|order|above))"
    r"|never\s?mind(?:\s(?:all\s)?(?:that|it))?|(?:i\s)?take (?:that|it|all that) back"
    r"|(?:(?:i|we)(?:'ve|\shave)?\s)?(?:just\s)?changed (?:my|our) minds?|(?:let me\s)?start (?:over|again)"
)
_BACK = rx(
    rf"(?:(?<=[.,;!\n)-])\s?|(?<=\w)\s(?=(?:but|oh|wait|actually|no)\s))(?P<oh>{_OH})(?:(?P<last>{_LAST})|{_ALL})"
    r"(?:\s(?:please|all|completely|altogether|instead|then|entirely|sorry))?"
    rf"(?:[\s,.;:!-]*\Z|\s?[,.;:!-]+\s?|\s?\n|\s(?=(?:{NUMBER})\s))",
    words="scratch strike that this it forget cancel scrap ditch nix disregard ignore delete undo drop never take i we "
    "just changed let start",
)
# "If it costs more, cancel it", 'Out of stock? Cancel it' take nothing back.
_ON_CONDITION = rx(r"\b(?:if|when(?:ever)?|unless|in case|should|otherwise|or else|once|where)\b|\?\s*\Z")
_NOT_A_NOUN = (
    r"(?:percent|instead|please|it|is|will|would|times|each|days?|weeks?|am|pm|o'clock|of|or|and|more|for|at|by|to|in"
    r"|dollars|euros|pounds|bucks|usd|eur|gbp)\b"
)
_LED = (
    r"(?:(?:instead|please|just|actually|only|now|i|we|i'd|we'd|i'll|we'll|let's|let me|make it"
    r"|make that|get|give|order|want|need|like|have|buy|take|send|me|us|would|to|can|could|go with|book|should be"
    r"|meant?|it's|it should be)[\s,:]+){0,6}"
)
_NEW = rx(rf"[\s,.;:!-]*{_LED}(?:{NUMBER}|an?|some)\s(?!{_NOT_A_NOUN})(?P<noun>[a-z][\w-]*(?:\s[a-z][\w-]*)?)")
_ORDERED = rx(
    rf"[\s,.;:!-]*{_LED}(?<=order )(?!to\b)[a-z]|[\s,.;:!-]*{_LED}(?:(?<=get )|(?<=buy )|(?<=want )|(?<=need ))"
    r"(?!it\b|to\b|them\b|that\b)[a-z]"
)
_SO_MANY = rx(
    rf"[\s,.;:!-]*(?:make (?:it|that)\s)?(?:{NUMBER})(?=\s*(?:\Z|[.,;!\n]|(?:please|instead|of (?:them|those))\b))"
)
_NOTHING = rx(
    r"[\s.!,]*(?:(?:thanks|thank you|please|sorry|bye|all|i|we|i've|we've|don't|do not|no longer|not|want|need|it|them"
    r"|any|anything|more|anymore|changed|my|our|minds?|for|now|the|trouble|found|one|already|have|enough"
    r"|today)\b[\s.,!]*){0,12}\Z"
)
_COUNTED = rx(
    r"(?<![\w$€£.,-])(?<!\bat )(?<!\bfor )(?<!\bin )(?<!\bby )(?<!\bwithin )(?<!\bwith )(?<!\bof )(?<!\bto )(?<!\bon )"
    rf"(?:{NUMBER}|an?|some)\s(?!{_NOT_A_NOUN})(?P<noun>[a-z][\w-]*(?:\s[a-z][\w-]*)?)"
)
_STOP = re.compile(r"[.!?]+(?=\s|\Z)|\n")


def skip_taken_back(draft: Draft) -> None:
    """Leave out what is taken back before a word of it is read; nothing is left where nothing takes its place."""
    for match in _BACK.finditer(draft.rest):
        sentence = max((stop.end() for stop in _STOP.finditer(draft.rest, 0, match.start() - 1)), default=0)
        if _ON_CONDITION.search(draft.rest, sentence, match.start()):
            continue
        if _NOTHING.match(draft.rest, match.end()):
            draft.skip(0, len(draft.text))
        elif new := _NEW.match(draft.rest, match.end()):
            _skip_before(draft, match, sentence, new["noun"])
        elif _ORDERED.match(draft.rest, match.end()):
            _skip_before(draft, match, sentence, "")
        elif _SO_MANY.match(draft.rest, match.end()):
            draft.claim(match.start() - 1, match.end(), FIX)


def _skip_before(draft: Draft, back: re.Match[str], start: int, noun: str) -> None:
    """Leave out the things before `back`: those of its sentence, which begins at `start`, or of the one before.

    'Scratch that' takes back the last of a list, as does what names the same thing again: '3 mice, no wait, that's
    wrong, 4 mice' only corrects their number.
    """
    text = draft.rest
    things = list(_COUNTED.finditer(text, start, back.start()))
    within = text[back.start() - 1] not in ".!\n"
    if within and things and noun and _head(things[-1]["noun"]) == _head(noun):
        draft.claim(back.start() - 1, back.end(), FIX)
        return
    if within and things:
        draft.skip(things[-1 if back["last"] else 0].start(), back.end())
        return
    while not things and start:
        start = max((stop.end() for stop in _STOP.finditer(text, 0, start - 2)), default=0)
        things = list(_COUNTED.finditer(text, start, back.start()))
    draft.skip(things[0].start() if things else 0, back.end())


def _head(noun: str) -> str:
    return singular(noun.lower().split()[0])


def without_taking_back(words: str) -> str:
    """A change without the 'I changed my mind' that it begins with: what it takes back stands in the order."""
    back = _BACK.match(f", {words}", 1)
    return words[max(0, back.end() - 2) :] if back else words


def is_taken_back(text: str) -> bool:
    """Whether a text in which no order was found takes its order back."""
    back = _BACK.search(text)
    return back is not None and _COUNTED.search(text, 0, back.start()) is not None

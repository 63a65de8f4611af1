"""Somebody's time asked for without its name: 'an appointment to get my brakes checked', 'someone to fix the sink'."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.composer.offline.lexicon import is_service
from core.composer.offline.nouns import canonical, head_of
from core.composer.offline.numbers import NUMBER
from core.composer.offline.text import Draft, rx

# What is done to a thing -> the noun that it is ordered by.
_DONE = {
    "changed": "change", "change": "change",
    "repaired": "repair", "repair": "repair", "fixed": "repair", "fix": "repair",
    "mended": "repair", "mend": "repair", "cleaned": "cleaning", "clean": "cleaning", "checked": "check",
    "checked out": "check", "looked at": "check", "look at": "check", "check": "check", "inspected": "inspection",
    "inspect": "inspection", "serviced": "service", "service": "service", "installed": "installation",
    "install": "installation", "replaced": "replacement", "replace": "replacement", "cut": "cut", "trimmed": "trim",
    "trim": "trim", "rotated": "rotation", "aligned": "alignment", "painted": "painting", "paint": "painting",
    "tuned": "tuning", "tune": "tuning", "washed": "wash", "wash": "wash", "waxed": "waxing", "detailed": "detailing",
    "removed": "removal", "remove": "removal", "assembled": "assembly", "assemble": "assembly", "mounted": "mounting",
    "mount": "mounting", "groomed": "grooming", "groom": "grooming", "whitened": "whitening", "colored": "coloring",
    "coloured": "colouring", "dyed": "dyeing", "unclogged": "unclogging", "unclog": "unclogging",
    "unblock": "unblocking",
    "mow": "mowing", "mowed": "mowing", "treated": "treatment", "tested": "test", "test": "test", "examined": "exam",
    "towed": "towing", "tow": "towing", "renovate": "renovation", "renovated": "renovation", "translate": "translation",
    "translated": "translation", "photograph": "photography", "done": "", "calibrate": "calibration",
    "calibrated": "calibration", "audit": "audit", "audited": "audit", "design": "design", "tile": "tiling",
}  # fmt: skip
_TENDED = "|".join(
    sorted((word for word in _DONE if word.endswith(("ed", "cut", "done", "at", "out"))), key=len, reverse=True)
)
_TEND = "|".join(sorted((word for word in _DONE if not word.endswith("ed") and word != "done"), key=len, reverse=True))
_OWNED = r"(?:my|our|his|her|their|the|a|an|some)"
_THING = r"(?P<thing>(?:[\w'-]+\s){0,3}?[\w'-]+)"
_CAUSED = rx(
    rf"\b(?:get|have|getting|having|need|want|like)\s{_OWNED}\s{_THING}\s(?P<done>{_TENDED})\b(?!\s(?:to"
    rf"|for)\s(?:me|us)\b)"
)
_NEEDED = rx(rf"\b{_OWNED}\s{_THING}\sneeds?\s(?:to be\s|a\s)?(?P<done>{_TENDED}|{_TEND})\b")
_PERSON = (
    r"(?:somebody|someone|anyone|(?:a|an|the|your|any)\s(?:[\w-]+\s)?(?:guy|person|man|woman|expert|professional"
    r"|specialist"
    r"|crew|team|company))"
)
_TASK = rx(
    rf"\b{_PERSON}\s(?:who can\s|that can\s|who could\s|(?:(?:to|for)\s)?)?"
    rf"(?:come\s(?:(?:and|to|over and|out and)\s)?)?"
    rf"(?P<done>{_TEND})\s(?:{_OWNED}|{NUMBER})\s{_THING}(?=\s*(?:\Z|[\n\0\1.,;:!?]|(?:for|on|at|in|by|this|next"
    rf"|tomorrow|and"
    rf"|before|from|please|to|with|it|that|which|because|since|i|we|as|so|asap|when)\b))"
)
_TASK_OF_IT = rx(
    rf"\b{_PERSON}\s(?:who can\s|to\s)?(?:come\s(?:(?:and|to|over and|out and)\s)?)?(?P<done>{_TEND})\s(?:it|that|this"
    rf"|them)\b"
)
_IT_DONE = rx(rf"\b(?:get|have|need|want|like)\s(?:it|that|this|them)\s(?:to be\s)?(?P<done>{_TENDED})\b")
_BROKEN = rx(
    rf"\b{_OWNED}\s{_THING}\s(?:is|are|isn't|won't|has|have|hasn't|keeps?|stopped|broke|doesn't|does not|needs?"
    rf"|just|got)\b"
)
_BROUGHT = rx(
    rf"\b(?:bring|bringing|take|taking|drop|dropping)\s(?:off\s|in\s|over\s)?(?:{_OWNED}\s{_THING}|it)(?:\s(?:in|off"
    rf"|over"
    rf"|by))?\sfor\s(?:an?\s|its\s|some\s)?"
    r"(?P<what>[^\W\d_][\w'-]*(?:\s(?!on\b|at\b|in\b|this\b|next\b|tomorrow\b|for\b|and\b|please\b|by\b"
    r"|to\b)[^\W\d_][\w'-]*){0,2})"
)
_APPOINTMENT = rx(
    r"\b(?:(?:an?|the|my|another)\s)?(?:[\w-]+\s)?(?P<head>appointments?|booking|reservations?|slot|time slot"
    r"|visit|session)\s"
    r"(?:(?P<with>with|to see|to meet(?: with)?)\s|(?P<for>for|to (?:get|have|do))\s)(?:an?\s|the\s|my\s|our\s"
    r"|some\s)?(?=[^\W\d_])"
)
_NOUN = re.compile(r"[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*){0,4}")
_ENDS = rx(
    r"\s(?:for|on|at|in|by|this|next|tomorrow|today|tonight|and|before|after|from|please|to|with|as|sometime|if"
    r"|that|the|my"
    r"|our|because|so|around|any|asap|soon|named|called|near|thanks|when|is|are|who|which)\b.*"
)


class Task(NamedTuple):
    """A service and where it is named."""

    name: str
    start: int
    end: int


def read_task(draft: Draft) -> Task | None:
    """The service that a sentence asks for by what is to be done, or by an appointment for it; None for others."""
    for pattern in (_CAUSED, _TASK, _NEEDED):
        if match := pattern.search(draft.rest):
            return _done(draft, match)
    if match := _TASK_OF_IT.search(draft.rest) or _IT_DONE.search(draft.rest):
        broken = _BROKEN.search(draft.rest, 0, match.start())
        name = f"{canonical(broken['thing'].lower().split()) if broken else ''} {_DONE[match['done'].lower()]}".strip()
        draft.claim(*match.span())
        return Task(name, *(broken.span("thing") if broken else match.span("done")))
    if match := _BROUGHT.search(draft.rest):
        draft.claim(*match.span())
        return Task(canonical(match["what"].lower().split()), *match.span("what"))
    match = _APPOINTMENT.search(draft.rest)
    return _appointment(draft, match) if match else None


def _done(draft: Draft, match: re.Match[str]) -> Task:
    words = re.sub(r"'s\b", "", match["thing"].lower()).split()
    noun = _DONE[match["done"].lower()]
    # 'my car's oil': what is done is done to the last noun; an owner before it is left out.
    owned = re.search(r"'s\s(.+)\Z", match["thing"].lower())
    words = owned[1].split() if owned else words
    start, end = min(match.start("thing"), match.start("done")), max(match.end("thing"), match.end("done"))
    draft.claim(*match.span())
    return Task(f"{canonical(words)} {noun}".strip(), start, end)


def _appointment(draft: Draft, match: re.Match[str]) -> Task | None:
    """'appointment for an oil change', 'with a dentist'; the appointment itself where what follows is no service."""
    found = _NOUN.match(draft.rest, match.end())
    words = _ENDS.sub("", " " + found[0]).strip() if found else ""
    name = canonical(words.lower().split()) if words else ""
    if name and is_service(name) and head_of(name) != "appointment":
        end = match.end() + len(words)
        draft.claim(match.start(), end)
        return Task(name, match.end(), end)
    before = _NOUN.search(draft.rest, match.start(), match.end("head"))
    if before is None:
        return None
    kept = [word for word in before[0].lower().split() if word not in ("a", "an", "the", "my", "another", "new", "up")]
    draft.claim(match.start(), match.end("head"))
    if match["for"] and match["head"].lower() == "appointment" and name and _is_thing(words):
        draft.claim(match.end(), match.end() + len(words))
        return Task(name, match.end(), match.end() + len(words))
    return Task(canonical(kept), match.start(), match.end("head"))


def _is_thing(words: str) -> bool:
    """Whether what an appointment is for may be the service's name, not a person or a day."""
    return not re.match(
        r"(?:me|us|him|her|them|myself|mr|mrs|ms|dr|wife|husband|son|daughter|mom|mum|dad|kids?|friends?"
        r"|family|boss|team|people|mon|tue|wed|thu|fri|sat|sun|\w+day|jan|feb|march|april|may|june|july|aug|sept"
        r"|oct|nov|dec|tomorrow|today|next|this|the)\b",
        words,
        re.IGNORECASE,
    )

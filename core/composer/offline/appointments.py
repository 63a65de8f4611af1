"""An appointment or a place in a class, by the service that is named after it: 'fit me in for a manicure'."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.composer.offline.goods import has_goods
from core.composer.offline.lexicon import is_service
from core.composer.offline.nouns import canonical, head_of
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

# 'I'm due a checkup'
_DUE = rx(
    r"\b(?:i'm|i am|we're|we are|he's|she's|(?:my|our)\s[\w-]+(?:'s|\sis))\s(?:over)?due(?:\sfor)?\s(?:an?|my|our"
    r"|his|her)\s"
)
_AFTER = (
    r"(?:for|on|at|in|by|this|next|tomorrow|today|tonight|and|before|after|from|please|to|with|as|sometime|if|that|the"
    r"|my|our|because|so|around|any|asap|soon|near|when|is|are|like|say|maybe|early|late|later)"
)
# 'squeeze me in for a gel set': whatever it is, somebody's time.
_SQUEEZED = rx(
    r"\b(?:fit|squeeze|slot|pencil)\s(?:me|us|him|her|(?:my|our)\s[\w'-]+(?:\s[\w'-]+)?)\sin\sfor\s(?:an?\s|my\s|some\s)"
    rf"(?P<what>[a-z][\w'-]*(?:\s(?!{_AFTER}\b)[a-z][\w'-]*){{0,3}})"
)
_PLACE = rx(r"\b(?:spots?|places?|spaces?|slots?|seats?)\b")
_PLACE_IN = rx(
    rf"\b(?:(?P<count>{NUMBER})|an?|one|my|our|another)\s(?:spots?|places?|spaces?|slots?|seats?)\s"
    rf"(?:for\s(?:{NUMBER}|me|us)\s(?:people\s)?)?"
    r"(?:on|in|at|for)\s(?:the|an?|your|this|that)\s(?=[^\W\d_])"
)
_IN_FOR = rx(
    r"\b(?:get|fit|squeeze|book|put|pencil|sign|slot|bring|take|come|arrange|ask|call|set up|schedule"
    r"|organi[sz]e)\s(?:(?:me|us|him|her|them|(?:my|the|our)\s[\w'-]+(?:\s[\w'-]+)?|(?-i:[A-Z])\w+)\s)?"
    r"(?:(?:in|down|up)\s)?(?:for|to (?:get|have|do))\s(?:an?\s|the\s|my\s|our\s|some\s|her\s|his\s|its\s|their"
    r"\s)?(?=[^\W\d_])",
    words="arrange ask book bring call come fit get organise pencil put schedule set sign slot squeeze take",
)
PERSONAL = rx(
    r"(?:er|or|ist|ian|man|smith|person|mechanic|vet|dentist|doctor|nurse|gp|notary|chef|dj|nanny|maid|attorney"
    r"|physio|au pair"
    r"|guide|coach|surgeon|consultant|accountant|pro|tech|clown|priest|masseuse|seamstress|lawyer|sitter|therapist"
    r"|guy)\Z"
)
_APPOINTMENT = rx(
    r"\b(?:(?:an?|the|my|another)\s)?(?:[\w-]+\s)?(?P<head>appointments?|booking|reservations?|slot|time slot"
    r"|visit|session)\s"
    r"(?:(?P<with>with|to see|to meet(?: with)?)\s|(?P<for>for|to (?:get|have|do))\s)(?:an?\s|the\s|my\s|our\s"
    r"|some\s)?(?=[^\W\d_])",
    words="another appointment booking reservation session slot time visit",
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


def named_at(rest: str, at: int) -> str | None:
    """The words of a service that stand at a place, as they are written."""
    found = _NOUN.match(rest, at)
    words = _ENDS.sub("", " " + found[0]).strip() if found else ""
    pieces = words.split()
    for many in range(len(pieces), 0, -1):
        said = " ".join(pieces[:many])
        if is_service(said.lower()):
            return said
    return None


def task_at(draft: Draft, at: int, words: str) -> Task:
    draft.claim(at, at + len(words))
    return Task(canonical(words.lower().split()), at, at + len(words))


def read_place_in(draft: Draft, rest: str) -> Task | None:
    """'a spot on the cooking class', 'two places in your pottery workshop'."""
    for match in _PLACE_IN.finditer(rest) if _PLACE.search(rest) else ():
        found = named_at(rest, match.end())
        if found and not PERSONAL.search(found):
            if many := read_number(match["count"] or ""):
                draft.values["attendees"] = int(many)
                draft.note("attendees", *match.span("count"))
            return task_at(draft, match.end(), found)
    return None


def read_in_for(draft: Draft, rest: str) -> Task | None:
    """'fit me in for a manicure'."""
    for match in (*_IN_FOR.finditer(rest), *_DUE.finditer(rest)):
        if (found := named_at(rest, match.end())) and not has_goods(rest):
            return task_at(draft, match.end(), found)
    if (squeezed := _SQUEEZED.search(rest)) and not has_goods(rest):
        return task_at(draft, squeezed.start("what"), squeezed["what"])
    return None


def read_appointment(draft: Draft) -> Task | None:
    """'appointment for an oil change', 'with a dentist'; the appointment itself where what follows is no service."""
    match = _APPOINTMENT.search(draft.rest)
    if match is None:
        return None
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
    modified = " ".join(before[0].lower().split()[:-1])
    kept = [word for word in before[0].lower().split() if word not in ("a", "an", "the", "my", "another", "new", "up")]
    draft.claim(match.start(), match.end("head"))
    if is_service(modified):
        return Task(canonical(kept), match.start(), match.end("head"))
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

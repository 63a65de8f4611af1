"""Who it is for: an organisation or a person, and how many people."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches

from core.composer.offline.cues import FIX_WORDS
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.text import END, Draft, rx

_ORGANISATION = (
    "team office company department dept staff crew firm organisation organization business "
    "school hospital clinic agency "
    "division branch headquarters hq startup workforce corporation enterprise personnel squad unit group committee lab "
    "studio factory plant warehouse site headquarters faculty"
).split()
_TITLES = (
    "employees employee executives executive managers manager engineers engineer developers "
    "developer analysts directors "
    "director consultants technicians accountants interns colleagues colleague coworkers "
    "hires trainees associates reps "
    "representatives salespeople supervisors operators agents secretaries assistants ceo cto cfo designers workers"
).split()
# Firms by what they are: 'our hotel' is one, 'my hotel' is where one stays.
_PREMISES = (
    "hotel|restaurant|caf[eé]|bakery|shop|store|salon|gym|university|college|bank|library|museum|church|charity"
    "|nonprofit"
    "|farm|brewery|nursery|kindergarten|practice|surgery|bar|pub|firm|club|dealership|showroom|clinic|gallery|spa"
)
_HEADS = "|".join(
    [
        *_ORGANISATION,
        *(word + "s" for word in _ORGANISATION if not word.endswith("s")),
        *_TITLES,
        "staff members",
        "team members",
    ]
)
_OWNERS = r"(?:the|our|all|my|your|new|each|every|this|a|an)"
_FOR_WORK = rx(
    rf"\b(?:for|to|across|within)\s(?!{NUMBER})(?:{_OWNERS}\s){{0,3}}(?:(?!for\b|to\b|with\b|at\b|by\b|and\b"
    rf"|{NUMBER}\s)[\w&'-]+\s){{0,3}}?(?<!home\s)(?:{_HEADS}){END}"
)
_COUNTED = rx(rf"\b(?:{NUMBER})\s(?:[\w-]+\s){{0,2}}?(?:{'|'.join(_TITLES)}|staff members|team members|staff){END}")
_WORK = rx(
    rf"\b(?:our|my|the)\s(?:[\w&'-]+\s){{0,2}}?(?<!home\s)(?:{_HEADS})\b"
    r"(?='s\s|\s(?:needs?|wants?|requires?|would|will|has|have|is|are|asked|could|can|should|must)\b)"
    rf"|\bour\s(?:[\w&'-]+\s){{0,2}}?(?:{_PREMISES})(?:{END}|(?=\s(?:needs?|wants?|requires?|would|will|is|has)\b))"
    rf"|\b(?:our|my)\s(?:[\w&'-]+\s){{0,2}}?(?<!home\s)(?:{_HEADS}){END}|\b(?:company|corporate"
    rf"|business|office|team|department)(?:'s)?\s(?:wallet|card|account|expense|trip|travel"
    rf"|budget|event|retreat|party|dinner|lunch|picnic|meeting|conference|offsite|gala|kitchen|canteen)\b"
    r"|\b(?:company|corporate)\s(?:\w+\s)?(?:laptops?|phones?|cars?|computers?|vehicles?|devices?|workstations?"
    r"|accounts?)\b"
    r"|\bfor (?:business|work)\b|\benterprise\b|\bbusiness trip\b|\bon behalf of\b|\bthe "
    r"(?:company|office|team)\b(?=\s(?:needs|wants|requires|would))"
)
_FAMILY = (
    "mum mom mother dad father wife husband partner spouse son daughter kid kids child "
    "children brother sister family parents "
    "girlfriend boyfriend fiance fiancee grandma grandmother grandpa grandfather granny "
    "nephew niece cousin uncle aunt baby "
    "friend friends cat dog self house home apartment flat garden kitchen bedroom bathroom "
    "room car birthday mother-in-law"
).split()
RECEIVERS = frozenset([*_FAMILY, *_TITLES, *_ORGANISATION, "members"])
_OWN_CARD = rx(
    r"\b(?:pay(?:ing)?\s)?(?:on|with|from|using|to|charge)\smy\s(?:own\s|personal\s|credit\s|debit\s"
    r"|visa\s)*card\b|\bmy (?:own|personal)\s(?:\w+\s)?(?:card|money|account)\b"
    r"|\bpersonal(?:ly)? (?:card|use|order|purchase)\b"
)
_PRIVATE = rx(
    rf"\b(?:(?:for|to|at|in)\s)?my\s(?:own\s|[\w-]+\s)?(?:{'|'.join(_FAMILY)})(?:'s)?\b"
    rf"|\b(?:(?:for|to|at|in)\s)?our\s(?:own\s)?(?:house|home|family|kids|children|son|daughter"
    rf"|apartment|flat|garden|kitchen|wedding)\b|\bfor (?:me|myself|home)\b{END}|\bat home\b"
    rf"|\bhome office\b|\bfor the (?:family|kids|children|house)\b|\bpersonal use\b"
)
_MISSPELT = rx(rf"\bfor\s(?:the|our|my)\s(?:\w+\s)?(\w{{4,20}}){END}")
_UNPERSONS = "nights?|days?|weeks?|months?|years?|hours?|minutes?|rooms?|pm|am|adults? and|o'clock"
_FOR_PEOPLE = rx(
    r"\b(?:for|(?<=party )of|(?<=team )of|(?<=crew )of|(?<=staff )of|(?<=family )of|(?<=group )of)\s(?:up to\s"
    r"|about\s|around\s|a (?:group|party|family) of\s)?"
    rf"(?:all\s)?(?:our\s|my\s|the\s)?(?P<count>{NUMBER})(?!\s?(?:{_UNPERSONS})\b)(?=\s*(?:\Z|[,.;\n\0\1])"
    rf"|\s(?:[^\W\d_]))(?:\s(?!on\b|in\b|at\b|from\b|to\b|by\b|and\b"
    rf"|with\b)(?P<who>[^\W\d_][\w'-]*(?:\s(?:members?|people|users))?))?"
)
_SOME = rf"(?:{NUMBER}|\ban?\b)"
_YOUNG = r"(?:child(?:ren)?|kids?|infants?|teens?|toddlers?|bab(?:y|ies)|seniors?|students?)"
_ADULTS = rx(
    rf"(?P<adults>{NUMBER})\sadults?\s?(?:,|and|with|&|plus)\s?(?P<children>{_SOME})\s{_YOUNG}\b"
    rf"(?:\s?(?:,|and|&)\s?(?P<others>{_SOME})\s{_YOUNG}\b)?"
)
_PEOPLE = rx(
    rf"(?P<count>{NUMBER})\s(?:[a-z-]+\s)?(?P<who>people|persons?|passengers?|travell?ers?"
    rf"|adults?|guests?|attendees?|participants?|employees|students|delegates|users?|members|seats"
    rf"|{'|'.join(_TITLES)})\b"
)


def read_channel(draft: Draft) -> None:
    """B2C or corporate, from whom the order is for and what pays it."""
    card = _OWN_CARD.search(draft.text)
    work = next(
        (
            match
            for pattern in (_FOR_WORK, _WORK, _COUNTED)
            if (match := pattern.search(draft.text) or pattern.search(draft.rest))
        ),
        None,
    )
    private = _PRIVATE.search(draft.text)
    for found, channel in ((card, "B2C"), (work or _misspelt(draft), "corporate"), (private, "B2C")):
        if found and "channel" not in draft.values:
            draft.values["channel"] = channel
            draft.note("channel", *found.span())
    for pattern in (_FOR_WORK, _OWN_CARD, _PRIVATE):
        for match in pattern.finditer(draft.rest):
            if not match[0].lower().startswith(("my", "our")):
                draft.claim(*match.span())


def _misspelt(draft: Draft) -> re.Match[str] | None:
    """'for the offce': a word one letter away from an organisation."""
    for match in _MISSPELT.finditer(draft.text):
        word = match[1].lower()
        if word not in _ORGANISATION and get_close_matches(word, _ORGANISATION, 1, 0.85):
            return match
    return None


def read_people(draft: Draft, field: str) -> None:
    """'for 3 executives', 'two adults and a child', 'for two': how many, into passengers, attendees or seats."""
    if match := _ADULTS.search(draft.rest):
        counts = [_count(words) for words in (match["adults"], match["children"], match["others"]) if words]
        draft.give(field, sum(counts), match)
        return
    for pattern in (_FOR_PEOPLE, _PEOPLE):
        found = [match for match in pattern.finditer(draft.rest) if _count(match["count"])]
        if found:
            match = last_said(draft, found)
            draft.give(field, _count(match["count"]), match)
            return


def last_said(draft: Draft, found: list[re.Match[str]]) -> re.Match[str]:
    """The first of some matches, or the one that corrects it: 'for 3, sorry, 4'."""
    said = found[0]
    for match in found[1:]:
        between = draft.text[said.end() : match.start()]
        if re.search(rf"{FIX_WORDS}(?:for |to |make (?:that|it) )*\Z", between, re.IGNORECASE):
            said = match
    return said


def _count(words: str) -> int:
    """A whole number of people; 0 where the words are none."""
    number = Decimal(1) if words.lower() in ("a", "an") else read_number(words)
    return int(number) if number is not None and number == int(number) else 0

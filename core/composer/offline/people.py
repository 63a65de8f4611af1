"""Who it is for: an organisation or a person, and how many people."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches

from core.composer.offline import answers
from core.composer.offline.asides import without_instructions
from core.composer.offline.fixes import FIX_WORDS
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.roles import KIN_NAMES, ORGANISATION, for_those_at_work
from core.composer.offline.text import END, Draft

_TITLES = (
    "employees employee executives executive managers manager engineers engineer developers "
    "developer analysts directors "
    "director consultants technicians accountants interns colleagues colleague coworkers "
    "hires trainees associates reps "
    "chairman chairwoman chairperson president founder principal professor "
    "representatives salespeople supervisors operators agents secretaries assistants ceo cto cfo designers workers"
).split()
# Firms by what they are: 'our hotel' is one, 'my hotel' is where one stays.
_PREMISES = (
    "hotel|restaurant|caf[eé]|bakery|shop|store|salon|gym|university|college|bank|library|museum|church|charity"
    "|nonprofit"
    "|farm|brewery|nursery|kindergarten|practice|surgery|bar|pub|firm|club|dealership|showroom|clinic|gallery|spa"
)
_DEPARTMENTS = (
    "HR|IT|R&D|Procurement|Finance|Accounts|Payroll|Marketing|Sales|Legal|Logistics|Purchasing|Operations|Engineering"
    "|Facilities|Housekeeping|Maintenance|Admin|Reception"
)
_HEADS = any_of(
    [
        *ORGANISATION,
        *(word + "s" for word in ORGANISATION if not word.endswith("s")),
        *_TITLES,
        "staff members",
        "team members",
    ]
)
_OWNERS = r"(?:the|our|all|my|your|new|each|every|this|a|an)"
_FOR_WORK = rx(
    rf"\b(?:for|to|across|within)\s(?!{NUMBER})(?:{_OWNERS}\s){{0,3}}(?:(?!for\b|to\b|with\b|at\b|by\b|and\b"
    rf"|from\b|in\b|on\b|{NUMBER}\s)[\w&'-]+\s){{0,3}}?(?<!home\s){_HEADS}{END}",
    words="across for to within",
)
_COUNTED = rx(
    rf"\b(?:{NUMBER})\s(?:of our\s)?(?:[\w-]+\s){{0,2}}?(?:{any_of(_TITLES)}|staff members|team members|staff)"
    rf"(?:{END}|(?=\s\w+ing\b))"
)
_WORK = rx(
    rf"\b(?:our|my|the)\s(?:[\w&'-]+\s){{0,2}}?(?<!home\s){_HEADS}\b"
    r"(?='s\s|\s(?:needs?|wants?|requires?|would|will|has|have|is|are|asked|could|can|should|must)\b)"
    rf"|\bour\s(?:[\w&'-]+\s)?{_HEADS}\s[a-z]+(?=\s(?:needs?|wants?|requires?|would|will)\b)"
    rf"|\bour\s(?:[\w&'-]+\s){{0,2}}?(?:{_PREMISES})(?:{END}|(?=\s(?:needs?|wants?|requires?|would|will|is|has)\b))"
    rf"|\b(?:before|after|when|while|until|once)\s(?:the|our)\s(?:\w+\s)?{_HEADS}\b"
    rf"|\b(?:our|my)\s(?:[\w&'-]+\s){{0,2}}?(?<!home\s){_HEADS}{END}|\b(?:company|corporate"
    rf"|business|office|team|department)(?:'s)?\s(?:wallet|card|account|expense|trip|travel"
    rf"|budget|event|retreat|party|dinner|lunch|picnic|meeting|conference|offsite|gala|kitchen|canteen)\b"
    r"|\b(?:company|corporate)\s(?:\w+\s)?(?:laptops?|phones?|cars?|vans?|trucks?|bikes?|lorr(?:y|ies)|computers?|vehicles?|devices?|workstations?"
    r"|accounts?)\b"
    r"|\b(?:at|in|to) (?:the|our|my) (?:\w+ )?(?:office|warehouse|showroom|headquarters|hq|workplace|boardroom"
    r"|yard|depot|site|plant|mill|factory|quarry|dock|shipyard|lab|premises)\b"
    r"|\b(?:for|in|at) (?:the|our) (?:staff ?room|canteen|call cent(?:re|er)|control room|server room|ward|crew room)\b"
    rf"|\b(?-i:{_DEPARTMENTS})\s(?:needs?|wants?|requires?|would like|(?:has |have )?asked|is (?:asking|after))\b"
    rf"|\bfor (?-i:{_DEPARTMENTS}){END}|\bwe at (?:the )?(?-i:[A-Z])"
    r"|\bour (?:\w+ )?(?:office|lobby|reception|front desk|boardroom|conference room|break ?room|break room|clients?"
    r"|customers?"
    r"|showroom|warehouse|shop floor|sales floor|storefront)\b"
    r"|\b(?:our|the|my) (?:[\w-]+ ){0,2}(?:staff|crew|workforce|personnel|employees|workers)"
    r"\s(?:complain|say|said|tell|told|report|ask|keep|kept|us|run|ran)(?:s|e|ed|es)?\b"
    r"|\b(?:our|the|a) (?:board|committee|staff|sales|shareholders'?|management) (?:meeting|briefing|conference)s?\b"
    rf"|\bour (?:{_PREMISES}) (?:terrace|lobby|kitchen|garden|foyer|patio|lounge|entrance|counter"
    r"|cellar|window|dining room"
    rf"|guests|customers|members|visitors){END}"
    r"|\b(?:our|the|my|a) new (?:hires?|starters?|joiners?)\b"
    r"|\b(?:company|firm|office|employer|boss|work)\s(?:is\s(?:paying|covering)|pays|covers|will\s(?:pay|cover))\b"
    r"|\bb2b\b|\bfor (?:business|work)\b|\benterprise\b|\bbusiness trip\b|\bon behalf of\b|\bthe "
    r"(?:company|office|team)\b(?=\s(?:needs|wants|requires|would))"
)
_OWN_THINGS = "place cat dog self house home apartment flat garden kitchen bedroom bathroom room car birthday"
_FAMILY = f"{KIN_NAMES}|{_OWN_THINGS.replace(' ', '|')}"
RECEIVERS = frozenset([*KIN_NAMES.split("|"), *_OWN_THINGS.split(), *_TITLES, *ORGANISATION, "members"])
_OWN_CARD = rx(
    r"\b(?:pay(?:ing)?\s)?(?:on|with|from|using|to|charge)\smy\s(?:own\s|personal\s|credit\s|debit\s"
    r"|visa\s)*card\b|\b(?:(?:on|with|from|out of)\s)?my (?:own|personal)\s(?:\w+\s)?"
    r"(?:card|money|account|dime|expense|pocket|purse)\b"
    r"|\bpersonal(?:ly)? (?:card|use|order|purchase)\b",
    words="card my order own personal purchase use",
)
_PRIVATE = rx(
    rf"\b(?:(?:for|to|at|in)\s)?my\s(?:own\s|[\w-]+\s)?(?:{_FAMILY})(?:'s)?\b"
    rf"|\b(?:(?:for|to|at|in)\s)?our\s(?:own\s)?(?:house|home|family|kids|children|son|daughter"
    rf"|apartment|flat|garden|kitchen|wedding)\b|\bfor (?:me|myself|home)\b{END}|\bat home\b|\bthe (?:wife|missus"
    rf"|husband|hubby|kids)\b"
    rf"|\bhome office\b|\bfor the (?:family|kids|children|house)\b|\bpersonal use\b"
)
_MISSPELT = rx(rf"\bfor\s(?:the|our|my)\s(?:\w+\s)?(\w{{4,20}}){END}")
_UNPERSONS = "nights?|days?|weeks?|months?|years?|hours?|minutes?|rooms?|pm|am|adults? and|o'clock"
_STREET = r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|crescent|close|terrace|square|way)\b"
_FOR_PEOPLE = rx(
    r"\b(?:for|(?<=party )of|(?<=team )of|(?<=crew )of|(?<=staff )of|(?<=family )of|(?<=group )of)\s(?:up to\s"
    r"|about\s|around\s|a (?:group|party|family) of\s)?"
    rf"(?:all\s|(?:each|all|both) of\s)?(?:our\s|my\s|the\s)?(?!\d{{1,5}}\s(?:[\w']+"
    rf"\s){{1,3}}{_STREET})(?P<count>{NUMBER})(?!\s?(?:{_UNPERSONS})\b)(?=\s*(?:\Z"
    rf"|[,.;\n\0\1])"
    rf"|\s(?:[^\W\d_]))(?:\s(?!on\b|in\b|at\b|from\b|to\b|by\b|and\b"
    rf"|with\b)(?P<who>[^\W\d_][\w'-]*(?:\s(?:members?|people|users))?))?"
)
_KIN = (
    r"wife|husband|hubby|spouse|partner|fianc[eé]e?|girlfriend|boyfriend|mom|mum|mother|dad|father|son|daughter|brother"
    r"|sister|sis|friend|buddy|mate|niece|nephew|aunt|uncle|cousin|grandma|grandmother|grandpa|grandfather|grandson"
    r"|granddaughter|boss|colleague|coworker|co-worker|assistant|roommate|flatmate|neighbou?r|mother-in-law"
    r"|father-in-law|sister-in-law|brother-in-law|stepson|stepdaughter|nanny|date"
)
_CROWD = (
    rf"adults?|child(?:ren)?|kids?|infants?|teens?|teenagers?|toddlers?|bab(?:y|ies)|seniors?|students?|people|persons?"
    rf"|passengers?|guests?|boys?|girls?|grown-?ups?|grandkids|grandchildren|others?|(?:{_KIN})s?|wives"
    r"|pupils?|teachers?|campers?|players?|fans?|tourists?|pensioners?|relatives?|cousins|ladies|gentlemen|men|women"
    r"|classmates?|teammates?|co-?founders?|chaperones?|helpers?|volunteers?|visitors?|members|travell?ers?|delegates"
    rf"|attendees|{any_of(_TITLES)}"
)
_MEMBER = (
    r"(?:(?:for\s)?(?:me|myself|i)\b"
    r"|(?:(?:my|our|his|her|the|a|an|both"
    rf"|all)\s){{0,2}}(?:{NUMBER})\s(?:(?!of\b|(?:{NUMBER})\s)[a-z-]+\s|of\s(?:my|our|his|her|their)\s(?:[a-z-]+\s)?)?(?:{_CROWD})\b"
    rf"|(?:my|our|his|her|the|an?)\s(?:[a-z-]+\s)?(?:{_KIN}|baby|toddler|infant|child|kid|senior|teenager|teen)\b"
    r"|(?:(?:my|our|his|her|both|the)\s){1,2}(?:parents|grandparents|twins|in-laws)\b)"
)
# 'me and my tutor': whoever it is, but for what one takes along.
_COMPANION = (
    r"(?<=\bme and )my\s(?!dogs?\b|cats?\b|pets?\b|puppy|bikes?\b|bags?\b|luggage|suitcase|car\b|laptop|stuff|things)"
    rf"[a-z]+(?<!s){END}"
)
# 'me and my three kids', 'my husband and I', 'two adults and a child', 'me plus two'.
_PARTY = rx(
    rf"(?<![\w'])(?P<party>{_MEMBER}(?:(?:,?\s?(?:,|\band\b|&|\bplus\b|\bwith\b)\s?|\s(?=(?:{NUMBER})\s))(?:and\s)?"
    rf"(?:{_MEMBER}|{_COMPANION}|(?<=plus\s)(?:{NUMBER})(?!\s\w)|(?<=me and\s)(?:{NUMBER})(?!\s\w))){{1,5}})"
)
_ONE_MEMBER = rx(rf"{_MEMBER}|{_COMPANION}")
# In 'for 3 people and I want to ...' a new clause begins.
_GOES_ON = rx(rf"\A(?:for\s)?(?:(?:the\s)?(?:{NUMBER})\s.*\b|(?:me|myself)\s)and\si\Z")
_VERB_AFTER = rx(
    r"\s(?:\w+ly\s)?(?:am|was|will|would|can|could|have|need|want|like|also|just|must|should|prefer|wish)\b|'"
)
_ALL_OF = rx(
    rf"\b(?:the\s|all\s)?(?P<of>{NUMBER}|both) of (?:us|them|you)\b"
    rf"|\b(?:family|party|group|crowd|crew|team) of (?P<family>{NUMBER})(?!\s?(?:nights|days))\b"
    r"|\b(?P<one>just (?:me|myself)|only me|by myself|travell?ing (?:alone|solo)|flying (?:alone|solo)|on my own)\b"
    rf"|\b(?:there(?:'s|s|'ll be| is| are| will be)|we(?:'re|'ll be| are| will be))\s(?P<we>{NUMBER})(?=\s*(?:\Z"
    rf"|[,.;!\n\0]|people|of us))"
    rf"|\b(?:each|all|both) of (?:my|our|the)\s(?P<each>{NUMBER})\s[a-z]"
    r"|\bfor\s(?:both\s(?:of\s)?)?(?:my|our|his|her|their|the)\s(?P<two>parents|grandparents|twins)\b"
)
_PEOPLE = rx(
    rf"(?P<count>(?!one of the){NUMBER})\s(?:of (?:our|my|the|your)\s)?"
    rf"(?:(?!(?:{NUMBER})\s)[a-z-]+\s)?(?P<who>people|persons?"
    r"|passengers?|travell?ers?|adults?|guests?|attendees?|participants?|employees|students|delegates|users?|members|seats"
    rf"|friends|kids|children|pupils|colleagues|coworkers|relatives|{any_of(_TITLES)})\b"
)
# 'two on the coach to Whitby', 'three of us for the ferry'.
_ABOARD = rx(
    rf"(?P<count>{NUMBER})\s(?:of us\s)?(?:on|for)\s(?:the|a|an)\s(?:[\w-]+\s){{0,2}}?(?:trains?|bus|coach|ferry|boat"
    r"|flight|plane|shuttle|eurostar|minibus|\0+)(?=\s|[,.;\0]|\Z)"
)


def read_channel(draft: Draft) -> None:
    """B2C or corporate, from whom the order is for and what pays it."""
    text = without_instructions(draft.text)
    card = _OWN_CARD.search(text)
    work = next(
        (
            match
            for pattern in (_FOR_WORK, _WORK, _COUNTED)
            if (match := pattern.search(text) or pattern.search(draft.rest))
        ),
        None,
    )
    work = work or for_those_at_work(text)
    private = _PRIVATE.search(text)
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
        if word not in ORGANISATION and get_close_matches(word, ORGANISATION, 1, 0.85):
            return match
    return None


def read_people(draft: Draft, field: str) -> None:
    """'for 3 executives', 'two adults and a child', 'for two': how many, into passengers, attendees or seats."""
    for pattern, count in ((_PARTY, _party), (_ALL_OF, _whole)):
        for match in pattern.finditer(draft.text):
            if many := count(match):
                draft.give(field, many, match)
                return
    for pattern in (_PEOPLE, _FOR_PEOPLE, _ABOARD) if field == "passengers" else (_PEOPLE, _FOR_PEOPLE):
        said = [match for match in pattern.finditer(draft.rest) if not _is_load(match)]
        if found := [match for match in said if _count(match["count"])]:
            match = last_said(draft, found)
            draft.give(field, _count(match["count"]), match)
            return
        for match in said:
            if read_number(match["count"]) == 0:
                draft.tell(answers.nobody_comes(match[0].strip()), *match.span())
                draft.skip(*match.span())


_LOADS = r"cars?|vans?|trucks?|bikes?|bicycles?|dogs?|cats?|suitcases?|bags?|day|night"


def _is_load(match: re.Match[str]) -> bool:
    """What travels along is nobody: 'for one car and four passengers'."""
    if "who" not in match.re.groupindex:
        return False
    who = match["who"] or ""
    if who.lower() == "company":
        return re.match(rf"\s(?:{_LOADS})\b", match.string[match.end() :], re.I) is not None
    return re.fullmatch(_LOADS, who, re.I) is not None


def _party(match: re.Match[str]) -> int:
    """How many 'me, my wife and our two boys' are; 0 where a part of them has no number."""
    words = match["party"]
    total = -1 if _GOES_ON.search(words) and _VERB_AFTER.match(match.string, match.end()) else 0
    for member in _ONE_MEMBER.finditer(words):
        said = re.sub(r"^(?:for|my|our|his|her|the|both|all)\s", "", member[0], flags=re.IGNORECASE)
        number = re.match(NUMBER, said, re.IGNORECASE)
        total += _count(number[0]) if number else 2 if re.search(r"parents\Z|twins\Z", said, re.IGNORECASE) else 1
        if re.search(r"in-laws\Z", said, re.IGNORECASE):
            return 0
    if more := re.search(rf"(?:plus|and)\s({NUMBER})\Z", words, re.IGNORECASE):
        total += _count(more[1])
    return total


def _whole(match: re.Match[str]) -> int:
    """'the two of us', 'a family of five', 'just me'."""
    if match["one"]:
        return 1
    if match["two"]:
        return 2
    said = match["of"] or match["family"] or match["we"] or match["each"]
    if said.lower() == "both":
        return 2
    # 'at eleven five of us': an hour before it is no part of the number.
    return _count(said) or (_count(said.split()[-1]) if " " in said else 0)


def is_party(words: str) -> bool:
    """Whether words say who travels, and nothing else: 'two adults one child'."""
    return _PARTY.fullmatch(words.strip()) is not None


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

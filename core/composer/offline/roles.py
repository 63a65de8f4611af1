"""Whom goods are for, by the last word of the phrase: people at work, and family and friends."""

from __future__ import annotations

import re

from core.composer.offline.nouns import is_plural, singular
from core.composer.offline.numbers import read_number
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.text import END

# Those who work, in the singular.
AT_WORK = frozenset(
    """
    nurse doctor surgeon matron paramedic midwife carer caretaker janitor cleaner porter teacher lecturer tutor trainer
    coach instructor headteacher headmaster headmistress librarian receptionist clerk cashier bookkeeper auditor
    paralegal lawyer solicitor barrister architect draughtsman draftsman surveyor foreman forewoman builder bricklayer
    labourer laborer electrician plumber welder fitter machinist mechanic carpenter joiner painter decorator plasterer
    roofer landscaper gardener groundsman groundskeeper driver courier dispatcher packer picker warehouseman pilot
    steward stewardess sailor officer guard warden ranger firefighter fireman policeman constable detective soldier
    cadet recruit waiter waitress bartender barista chef cook dishwasher baker butcher florist hairdresser barber
    stylist beautician therapist physiotherapist physio dentist hygienist pharmacist optician vet scientist researcher
    chemist biologist postdoc programmer coder tester admin administrator sysadmin editor reporter journalist
    photographer cameraman producer operator inspector planner buyer recruiter marketer salesman saleswoman salesperson
    seller agent broker banker teller trader treasurer bursar registrar dean provost trustee governor councillor
    volunteer usher verger vicar pastor priest caterer attendant lifeguard referee umpire housekeeper maid concierge
    superintendent custodian contractor subcontractor temp apprentice presenter quartermaster manager supervisor
    director principal storekeeper stockman tradesman craftsman workman repairman handyman postman linesman consultant
    analyst developer engineer technician accountant executive assistant secretary representative associate trainee
    intern staffer underwriter adviser advisor counsellor counselor rider runner seamstress tailor upholsterer
    """.split()
)
_KIN = frozenset(
    """
    mum mom mummy mommy mam ma mother dad daddy pa father wife husband hubby partner spouse son daughter kid child baby
    toddler bairn brother sister sis bro sibling family parent folk girlfriend boyfriend fiance fiancee fiancé fiancée
    grandma grandmother granny gran nan nana nanna nanny grandpa grandfather grandad granddad gramps grandparent
    grandson granddaughter grandchild grandkid nephew niece cousin uncle aunt auntie aunty godson goddaughter godmother
    godfather stepson stepdaughter stepmother stepfather stepdad stepmum stepmom mother-in-law father-in-law
    sister-in-law brother-in-law son-in-law daughter-in-law in-law friend mate buddy flatmate roommate housemate
    neighbour neighbor boy girl twin lad
    """.split()
)
ORGANISATION = (
    "team office company department dept staff crew firm organisation organization business "
    "school hospital clinic agency "
    "division branch headquarters hq startup workforce corporation enterprise personnel squad unit group committee lab "
    "studio factory plant warehouse site headquarters faculty"
).split()
# Who is given things: 'get our clients 4 mugs'.
GIVEN_TO = any_of(
    {*_KIN, *AT_WORK, *ORGANISATION, "client", "customer", "guest", "boss", "colleague", "kids", "folks", "children"}
)
KIN_NAMES = "|".join(sorted((*_KIN, "children", "parents", "in-laws", "folks", "twins", "boys", "girls", "kids")))

_RUN = r"(?P<run>[\w&'-]+(?:\s[\w&'-]+){0,4}?)"
_OWNED = r"(?P<owner>(?:(?:the|our|all|each|every|your|both|my)\s(?:of\s)?){0,3})"
_PLACED = ("for", "to", "across", "among", "within")
_GETS = ("get", "give", "buy", "send", "order", "bring", "find", "fetch", "supply", "provide", "issue", "equip")
_TELLS = "call|ring|phone|text|sms|e-?mail|message|tell|ask|notify|contact|inform|alert|update|let"
_ASKS = (
    r"needs?|wants?|requires?|would like|(?:ha(?:s|ve) )?asked|(?:is|are) (?:asking|after|to (?:get|have|receive))"
    r"|could (?:do with|use)"
)
_MANY = r"\d|(?:an?|some|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|half)\b"
_LEADS = (
    rx(rf"\b(?P<lead>{'|'.join(_PLACED)})\s{_OWNED}{_RUN}{END}"),
    rx(
        rf"\b(?P<lead>{'|'.join(_GETS)})\s{_OWNED}{_RUN}(?=\s(?:with\s)?(?:{_MANY}))",
        words="bring buy equip fetch find get give issue order provide send supply",
    ),
    rx(
        rf"(?<![\w'])(?P<lead>){_OWNED}{_RUN}(?=\s(?:{_ASKS})\b)",
        words="after are asked could get has have need receive require want would",
    ),
    rx(
        rf"\b(?P<lead>{_TELLS})\s{_OWNED}{_RUN}{END}",
        words="alert ask call contact email inform let mail message notify phone ring sms tell text update",
    ),
)
# 'I'm the office manager', 'I am matron on ward 3', and a name with what its owner is, at the end of a letter.
_MYSELF = rx(rf"\b(?:i am|i'm|im)\s{_OWNED}{_RUN}{END}", words="am im m")
_RANK = "Head|Chief|Senior|Deputy|Assistant|Acting|Lead"
_OFFICE = "Manager|Director|Supervisor|Secretary|Treasurer|Officer|Administrator|Assistant|Coordinator|Bursar|Buyer"
_SIGNED = re.compile(
    rf",\s(?:(?:{_RANK})\s(?:[A-Z][\w'-]+\s?){{1,3}}|(?:[A-Z][\w'-]+\s){{0,3}}(?:{_OFFICE}))\W{{0,2}}\Z"
)
_FIRMS = rx(r"\bwe\s(?:run|own|operate|manage)\s(?:an?|the|our)\s[a-z]|\bhead office\b")
# Who serves the one who orders: 'tell the driver', 'ask the chef'.
_SERVING = frozenset(
    """
    driver courier rider runner postman porter chef cook waiter waitress barista bartender baker butcher florist barber
    hairdresser stylist seller agent doctor dentist vet steward stewardess pilot
    """.split()
)


def is_at_work(word: str) -> bool:
    """Whether a word names somebody by the work they do."""
    return singular(word) in AT_WORK


def is_kin(word: str) -> bool:
    """Whether a word names one of the family, or a friend."""
    return singular(word.removesuffix("'s").removesuffix("'")) in _KIN


def for_those_at_work(text: str) -> re.Match[str] | None:
    """Where an order is for people by their work, or somebody at work writes it."""
    for pattern in _LEADS:
        for match in pattern.finditer(text):
            if _works(match):
                return match
    for match in _MYSELF.finditer(text):
        words = match["run"].lower().split()
        if is_at_work(words[-1]) and not any(word in ("a", "an") or word.endswith("ing") for word in words):
            return match
    return _SIGNED.search(text) or _FIRMS.search(text)


def _works(match: re.Match[str]) -> bool:
    """One person alone is at work where they are ours or are told of it: 'a taxi to the dentist' is for nobody."""
    run = match["run"].lower().partition(" of our ")[0] if match["lead"] == "" else match["run"].lower()
    words, owner, lead = run.split(), (match["owner"] or "").lower(), match["lead"].lower()
    if lead in _GETS and singular(words[-1]) in ORGANISATION:
        return bool(owner) and "home" not in words
    if not is_at_work(words[-1]) or any(is_kin(word) for word in words):
        return False
    if "our" in owner:
        return True
    if lead in _PLACED:
        return (is_plural(words[-1]) or read_number(words[0]) is not None) and "my" not in owner
    return "the" in owner and (lead in _GETS or words[-1] not in _SERVING)

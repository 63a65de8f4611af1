"""The words for the parts of a plan, for what is to be done before one, and for 'if it fails'."""

from __future__ import annotations

import re
from typing import NamedTuple, get_args

from core.composer.offline.patterns import rx
from core.composer.offline.text import GONE
from core.models import CRITICAL_PARTS, Notice, PlanPart

ALL: tuple[PlanPart, ...] = get_args(PlanPart)
_THE = r"(?:(?:the|my|our|your|a|an|any|every|each|this|that|its)\s)?"
_MONEY = (
    r"payments?|paying|charg(?:e|es|ing)|(?:(?:credit|debit|bank|company)\s)?cards?|billing|debit(?:ing)?|money"
    r"|transactions?|wallet"
)
_NOBODY = r"(?!\s(?:me|us|him|her|them)\b)"  # 'text me' is no part
_WORDS: dict[PlanPart, str] = {
    "email": rf"(?:confirmation\s)?e-?mail(?:s|ing)?(?:\s(?:confirmation|notification|message))?{_NOBODY}",
    "sms": rf"(?:sms(?:es)?|texts?(?:\smessages?)?|texting|text\s(?:confirmation|notification)){_NOBODY}",
    "call": rf"(?:(?:phone\s)?calls?|call(?:ing|\s?cent(?:er|re))|phoning){_NOBODY}",
    "payment": _MONEY,
    "conversion": r"(?:currency\s)?(?:conversion|exchange)|convert(?:ing)?(?:\sthe\s(?:currency|money))?",
    "shipping": r"shipp?(?:ing|ments?)?|deliver(?:y|ies|ing)?|dispatch(?:ing)?|courier",
    "order": r"order\s(?:creation|step)|(?:creat|plac|mak)(?:e|ing)\s(?:the|my|our|an?)\sorder|ordering",
    "booking": r"book(?:ings?)?|reserv(?:e|ing|ations?)",
}
_ALL_OF_IT = (
    r"everything|anything|something|any\s?(?:one)?\sof\s(?:it|this|them|the\ssteps)|(?:any|every|each|a|one)"
    r"\s(?:single\s)?(?:step|thing|part|service)|all(?:\sof\s(?:it|them|this)|\s(?:the\s)?steps|\sservices)?"
    r"|steps?|services?|(?:whole\s)?(?:order|plan|workflow|run|process|thing)"
)
IT = r"it|this|that|they|them|one"
_TAIL = r"(?:\s(?:step|service|process|part))?"
_ONE = "|".join(f"(?P<{part}>{words})" for part, words in _WORDS.items())
_PART = rx(rf"\b{_THE}(?:{_ONE}|(?P<all>{_ALL_OF_IT})){_TAIL}\b")
_PLAIN = "|".join(_WORDS.values())
# One part, or several: 'the payment', 'shipping or the email', 'everything'.
ONE_PART = rf"{_THE}(?:{_PLAIN}|{_ALL_OF_IT}){_TAIL}"
PARTS = rf"{ONE_PART}(?:\s?(?:,|and|or|/|nor|,\s(?:and|or))\s{ONE_PART}){{0,4}}"
THING = rf"(?:{PARTS}|{IT})"

_NOT = (
    r"(?:does\snot|do\snot|will\snot|can\s?not|is\snot|did\snot|has\snot|was\snot|are\snot"
    r"|(?:does|do|wo|ca|is|did|has|was|are)n'?t)"
)
FAILS = (
    r"(?:(?:still|ever|also|again|should|keeps?|really)\s){0,3}(?:fail(?:s|ed|ing|ure)?(?:\sagain)?|go(?:es)?\swrong"
    r"|went\swrong|break(?:s|ing)?|bounces?|errors?(?:\sout)?"
    rf"|{_NOT}\s(?:work(?:\sout)?|go\sthrough|get\sthrough|succeed|possible"
    r"|(?:be\s)?(?:sent|made|done|booked|placed|converted|completed|successful))"
    r"|(?:is|was|gets|get|are)\s(?:declined|rejected|refused|unsuccessful)"
    r"|(?:has|have|runs?\sinto)\s(?:an?\s|any\s)?(?:problems?|trouble|errors?|issues?))"
)
_IF = r"(?:if|in\scase(?:\sof)?|in\sthe\sevent\s(?:of|that)|should|whenever|when|once|as\ssoon\sas)"
# 'if the booking fails', 'should anything go wrong', 'in case of a failed payment', 'on failure'.
IF_FAILS = (
    rf"(?:{_IF}\s(?P<subject>{THING})\s{FAILS}|{_IF}\s(?:there(?:'s|\sis|\sare)\s)?(?:an?\s"
    rf"|any\s)?(?:failed\s(?P<failed>{ONE_PART})"
    rf"|(?P<failure>(?:{_PLAIN})\s)?(?:failures?|problems?|errors?|trouble|issues?)(?:\s(?:with|in|of"
    rf"|during)\s(?P<with>{PARTS}))?)"
    r"|on\s(?P<on>failure|errors?))"
)


class Deed(NamedTuple):
    """Something the plan does, as the end of 'before ...' names it: its part, and where its words end."""

    part: PlanPart
    end: int


_ACTORS = (
    rf"(?:(?:you|we|they|it|i|he|she|me|us|my|our|the|any|a|an|your|all|actually|ever|even|go|and|is|are|gets?|being"
    rf"|been|have"
    rf"|has|do|does|will|\w+'(?:re|s|ve)|(?:credit|debit|bank)|card|account|wallet|order|money|funds|payment|currency"
    rf"|goods|items?|everything|anything|{GONE}+)\s)*?"
)
_REST = (
    rf"(?:\s(?:me|us|my|our|the|your|a|any|it|them|this|that|him|her|(?:credit|debit|bank|company)|cards?|wallet"
    rf"|account|money"
    rf"|payments?|funds|customers?|client|order|goods|items?|everything|anything|stuff|out|off|is|are|was|gets?|taken|charged"
    rf"|made|processed|placed|created|booked|shipped|dispatched|converted|goes|go|through|happens|currency|bookings?|{GONE}+)(?![\w']))*"
)
_DEEDS: dict[PlanPart, str] = {
    "payment": (
        r"charg(?:e|es|ed|ing)|bill(?:s|ed|ing)?|debit(?:s|ed|ing)?|pay(?:s|ing|ments?)?|paid|deduct(?:s|ed|ing)?"
        r"|tak(?:e|es|en|ing)(?=\s(?:the\s|my\s|our\s|any\s)?(?:money|payment|funds))|taken|withdraw(?:ing|n)?"
        r"|money\s(?:is|gets)\staken|card|money|collect(?:ing)?(?=\s(?:the\s|my\s|any\s)?(?:money|payment))"
    ),
    "shipping": (
        r"ship(?:s|ped|ping|ment)?|dispatch(?:es|ed|ing)?|send(?:ing)?(?=\s(?:it|them|everything|the\s\w+)\s(?:out"
        r"|off))"
    ),
    "booking": r"book(?:s|ed|ing)?|reserv(?:e|es|ed|ing|ation)",
    "conversion": r"conver(?:t|ts|ted|ting|sion)|exchang(?:e|ing)",
    "order": r"(?:plac|creat)(?:e|es|ed|ing)(?=\s(?:the|my|our|an?)\sorder)|ordering|placed|created",
}
_DEED = rx(rf"{_ACTORS}(?:{'|'.join(f'(?P<{part}>{words})' for part, words in _DEEDS.items())})\b{_REST}")
NOTICE_WORDS: dict[Notice, str] = {
    "email": r"e-?mail|mail",
    "sms": r"sms|text(?:\smessage)?|message",
    "call": r"(?:phone\s)?call|ring|phone|telephone",
}


def parts_in(words: str, before: tuple[PlanPart, ...] = ()) -> tuple[PlanPart, ...]:
    """The parts that some words name, 'everything' being all; `before` are those that 'it' stands for."""
    found: list[PlanPart] = []
    for match in _PART.finditer(words):
        name = match.lastgroup or ""
        found += ALL if name == "all" else [part for part in ALL if part == name]
    if not found and re.search(rf"\b(?:{IT})\b", words, re.IGNORECASE):
        return before or ALL
    return tuple(dict.fromkeys(found))


def deed_at(text: str, start: int) -> Deed | None:
    """What is done at text[start:], where a plan does such a thing; a delivery is the courier's and no step."""
    match = _DEED.match(text, start)
    if match is None:
        return None
    part = next(part for part in CRITICAL_PARTS if match[part] is not None)
    return Deed(part, match.end())

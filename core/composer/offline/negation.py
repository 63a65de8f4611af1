"""Words that take back what follows them: 'don't', 'no need to', 'I don't want you to', 'not'."""

from __future__ import annotations

import re
from functools import cache

# "don't forget to" and "don't hesitate to" ask for it: only these words may stand between a negation and its verb.
_BETWEEN = (
    r"please|ever|even|just|really|necessarily|you|to|for|i|we|me|us|it|that|any|an?|the|all|my|our|want|need|have|like|wish"
    r"|bother|dare|being|be|think|should|would"
)
# What a plan does with an order: "don't pay from", 'without shipping it by', "don't use".
_DEEDS = (
    r"pay(?:ing)?|charg(?:e|ing)|bill(?:ing)?|tak(?:e|ing)|us(?:e|ing)|apply(?:ing)?|ship(?:ping|ped)?|send(?:ing)?|sent"
    r"|deliver(?:ing|ed)?|convert(?:ing|ed)?|book(?:ing|ed)?|arriv(?:e|ing)|com(?:e|ing)|go(?:ing)?|fly(?:ing)?|travel(?:ling)?"
    r"|mak(?:e|ing)|giv(?:e|ing)|this|them|these|those|everything|anything|order|goods|price|prices|money|payment|is|in|on|by|with|from|at|via|as|or"
)
# "Drop the express shipping".
_DROPPED = (
    r"(?:drop|skip|remove|forget|scrap|omit|leave\sout|get\srid\sof|except|excluding|other\sthan)"
    r"(?:\sabout)?"
)
NO = (
    r"(?:(?:do|does|did|should|must|need|would|will|can)\snot|(?:do|does|did|should|must|need|would|ca|wo)n'?t|cannot"
    r"|never|(?:there(?:'s|\sis)\s)?no\s(?:need|reason)|without|avoid|instead\sof|rather\sthan|no\slonger|neither|nor"
    r"|not(?!\s(?:only|just|more|less|over|before|after|until|later|earlier|exceed\w*|sure)\b)"
    r"|no(?!\s(?:more|less|later|earlier|one)\b))"
)
# Ends with the blank before what it takes back.
NEGATION = rf"(?<![\w'-]){NO}(?:\s(?:{_BETWEEN})){{0,6}}\s"
_REACH = 60


@cache
def _before(deeds: bool) -> re.Pattern[str]:
    words, no = (rf"{_BETWEEN}|{_DEEDS}", rf"(?:{NO}|{_DROPPED})") if deeds else (_BETWEEN, NO)
    return re.compile(rf"(?<![\w'-]){no}(?:\s(?:{words})){{0,8}}\s\Z", re.IGNORECASE)


def negated_at(text: str, at: int, deeds: bool = False) -> int | None:
    """Where the negation begins that takes back what stands at text[at:]; None where nothing does.

    deeds: also where it takes back a deed that has it: 'overnight' in "don't ship it overnight".
    """
    match = _before(deeds).search(text, max(0, at - _REACH), at)
    return match.start() if match else None

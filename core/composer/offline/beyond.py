"""What is wished of an order that none can have: for nothing, again and again, on approval, paid on a set day."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.composer.base import Answer
from core.composer.offline import answers
from core.composer.offline.days import DATE
from core.composer.offline.negation import NEGATION
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx

# A text without any of these wishes for nothing of the kind.
BEYOND_HINT = rx(
    r"\b(?:free|gratis|nothing|house|no\scost|charg|bill|debit|invoice|pay|every|each|weekly|monthly|daily|yearly|annually"
    r"|quarterly|fortnightly|same|again|times\s(?:a|per)|basis|regular|recurring|repeat|standing|renew|guarantee|return|approval|trial|money|refund)"
)
_MY = r"(?:my|our|the|any|a)\s"
_IT = r"(?:it|this|that|them|these|those|everything|anything)"
_TAKING = rf"(?:charg(?:e|ing)|bill(?:ing)?|debit(?:ing)?|invoic(?:e|ing)|tak(?:e|ing)\s{_MY}?(?:money|payment))"
_FROM = rf"(?:\s(?:me|us|anyone|{_IT}|{_MY}(?:[\w-]+\s)?(?:card|account|wallet|customer)))*"
_OVER = rf"(?=\s*(?:\Z|[.,;:!?\n)\0]|(?:and|but|or|if|please|pls|ever|at\sall|for\s{_IT})\b))"

_PAYING = rf"pay(?:ing)?(?:\s(?:for\s)?{_IT}|\sa\s\w+)?|mak(?:e|ing)\s(?:me|us)\spay"
FREE = rx(
    rf"{NEGATION}(?:{_TAKING}{_FROM}|{_PAYING}){_OVER}(?:\s(?:ever|at\sall|for\s{_IT}))*"
    rf"|\b(?:without|with\sno)\s(?:any\s|a\s)?(?:payment|charge|cost)s?{_OVER}"
    rf"|\b(?:(?:get|have|give|send|ship|make|want|need)\s(?:(?:me|us|{_IT})\s){{1,2}})?(?:(?:all|completely|totally)\s)?"
    rf"(?:for\s(?:free|nothing)|free\sof\scharge|on\sthe\shouse|gratis|at\sno\s(?:charge|cost)){_OVER}",
    words="bill charge cost debit free gratis house invoice make nothing pay take",
)
ONCE = rx(
    rf"{NEGATION}(?:{_TAKING}{_FROM}\s(?:twice|two\stimes|double|again|more\sthan\sonce)"
    r"|double[- ](?:charge|bill)(?:\s(?:me|us))?)"
    rf"|\b{_TAKING}{_FROM}\s(?:only|just)\sonce\b|\b(?:only|just)\s{_TAKING}{_FROM}\sonce\b",
    words="bill charge debit invoice take",
)

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_SPAN = (
    rf"(?:(?:single|other|second|third|{NUMBER})\s)?(?:day|week|fortnight|month|quarter|year|morning|evening|weekend)s?"
)
_SAME = rf"(?:\s(?:me|us|{_IT}|the\s(?:same|order|whole\sthing)|same|again|order))*"
_AGAIN = (
    r"(?:(?:please|and|then|also)\s)*(?:repeat(?:ing)?|re-?order(?:ing)?|renew(?:ing)?|do|send|ship|deliver|charge|bill|place|make)"
    rf"{_SAME}\s"
)
_BEFORE_OVER = r"(?=\s*(?:\Z|[.,;:!?\n)\0]|(?:and|but|or|if|please|pls|to|for|on|at|from|until|starting)\b))"
REPEATED = rx(
    rf"\b{_AGAIN}(?:every|each)\s{_WEEKDAY}\b"
    rf"|(?<!for\s)\b(?:{_AGAIN})?(?:(?:every|each)\s{_SPAN}\b(?!\sof\b)|(?:every|each)\s(?={_WEEKDAY}\b)"
    r"|on\sa\s(?:daily|weekly|monthly|yearly|regular)\sbasis"
    rf"|(?:once|twice|(?:{NUMBER})\stimes)\s(?:a|per|every|each)\s(?:day|week|month|year|quarter)\b"
    rf"|(?<!billed\s)(?<!paid\s)(?:weekly|monthly|daily|yearly|annually|quarterly|fortnightly|regularly){_BEFORE_OVER})"
    r"|\b(?:as\s|set\sup\s|make\s(?:it|this)\s)?an?\s(?:recurring|repeating|standing)\s(?:order|delivery|purchase)\b"
    rf"|\b(?:and|then)\s(?:(?:do|order)\s)?(?:the\ssame|again)(?:\sagain)?\s(?:(?:on|in|by)\s)?(?:{DATE}|next\s\w+)"
    r"|\bmake\s(?:it|this)\s(?:recurring|repeat|weekly|monthly|daily)\b|\b(?:auto-?renew|repeat)\s(?:it|this|the\sorder)\b",
    words="every each basis times once twice daily weekly monthly quarterly yearly annually fortnightly regularly "
    "recurring repeat standing same again renew auto",
)

_WE = r"(?:i|we|he|she|they|my\s\w+|the\s(?:customer|team|client))"
_GIVE_BACK = (
    r"(?:(?:(?:please|and|then|just)\s)*(?:give\s(?:(?:me|us|a|my|our|the|all)\s)*(?:refund|money\sback)"
    r"|refund(?:\s(?:me|us|everything|it|(?:the|my|our)\smoney))*|(?:{we}\s(?:get|want|expect)\s)?(?:(?:a|my|our)\s)?(?:money\sback|refund)"
    r"|take\s(?:it|them|everything)\sback))"
).replace("{we}", _WE)
_REGRET = (
    rf"(?:{_WE}(?:\s(?:just|really))?\s(?:(?:do|does|did)(?:\snot|n't)|dont|never)\s(?:really\s)?(?:like|love|want|need|keep|use|enjoy)"
    rf"|{_WE}(?:'m|'re|'s|\sam|\sare|\sis)(?:\snot|n't)?\s(?:\w+\s)?(?:happy|satisfied|pleased|unhappy|dissatisfied|disappointed)"
    rf"|{_WE}\s(?:changes?\s(?:my|our|their|his|her)\sminds?|hates?|regrets?|dislikes?)"
    r"|(?:it|they|this|these|the\s\w+)\s(?:(?:is|are)(?:\snot|n't)\s(?:any\s)?(?:good|right|as\sdescribed|what\s[\w']+(?:\s\w+)?)"
    r"|(?:does|do)(?:\snot|n't)\s(?:fit|suit)(?:\s(?:me|us))?|breaks?|(?:is|are|arrives?|comes?)\s(?:broken|damaged)))"
    r"(?:\s(?:it|them|this|that|one|with\s(?:it|them)|any\s?more))*"
)
_SHOULD = r"(?:if|when|in\scase|should)"
RETURNED = rx(
    rf"\b{_GIVE_BACK}\s{_SHOULD}\s{_REGRET}|\b{_SHOULD}\s{_REGRET},?\s(?:then\s)?{_GIVE_BACK}"
    r"|\b(?:with\s)?(?:a\s)?(?:money[- ]back|satisfaction)\sguarantee\b|\bon\s(?:approval|trial)\b"
    rf"|\b(?:(?:so\s)?(?:that\s)?{_WE}\s(?:can|could|may|might|will|want\sto|would\slike\sto)\s)?(?:return|send\sback|give\sback)"
    rf"\s(?:it|them|everything)(?:\sback)?\s(?:(?:within|in|after)\s(?:{NUMBER}|a)\s(?:days?|weeks?|months?)|{_SHOULD}\s{_REGRET})"
    rf"|\b(?:so\s)?(?:that\s)?{_WE}\s(?:can|could|may|might)\s(?:return|send\sback|give\sback)\s(?:it|them|everything){_OVER}"
    rf"|\b(?:charge|bill)\s(?:me|us)\sonly\s{_SHOULD}\s{_WE}\s(?:like|love|keep|want)\s(?:it|them)"
    rf"|\bonly\s(?:(?:charge|bill)\s(?:me|us)|pay(?:\sfor\sit)?)\s{_SHOULD}\s{_WE}\s(?:like|love|keep|want)\s(?:it|them)",
    words="approval back guarantee money only refund return trial",
)

_LATER = rf"(?:{DATE}|next\s(?:week|month|year|\w+day)|in\s(?:{NUMBER}|a)\s(?:days?|weeks?|months?))"
PAID_AT = rx(
    rf"\b(?:(?:please|and|but|only)\s)*(?:charge|bill|debit|pay|invoice|take\s(?:the\s|my\s)?(?:money|payment)){_FROM}"
    rf"(?:\sfor\s{_IT})?\s(?:only\s)?(?:(?:on|by|from|after)\s)?{_LATER}",
    words="bill charge debit invoice pay take",
)
OTHER_PAYMENT = rx(
    r"\b(?:(?:please|and|but|i'll|i will|we'll|we will|can i|can we|i want to|we want to)\s){0,3}"
    r"(?:pay(?:ing|ment)?|paid|charge|bill)(?:\s(?:it|this|for (?:it|this|them)))?"
    r"\s(?:by|with|via|using|through|in)\s(?:my\s|our\s|the\s|an?\s)?"
    r"(?:paypal|apple pay|google pay|cash|che(?:que|ck)|(?:bank|wire)\stransfer|direct debit|klarna|venmo|zelle"
    r"|afterpay|gift (?:card|voucher)s?)\b(?!\s(?:on|upon))",
    words="paypal apple google cash cheque check bank wire direct klarna venmo zelle afterpay gift",
)
BEYOND: tuple[tuple[re.Pattern[str], Callable[[], Answer]], ...] = (
    (OTHER_PAYMENT, answers.other_payment),
    (ONCE, answers.paid_once),
    (PAID_AT, answers.paid_when_run),
    (REPEATED, answers.one_order_now),
)
# '40 people are eating here daily': what others do again and again, and not what is ordered.
HABIT = rx(r"\b(?:is|are|was|were)\s(?:\w+\s)?(?!order|buy|need|want|look)\w+ing\b[^.;:!?\n]*\Z")

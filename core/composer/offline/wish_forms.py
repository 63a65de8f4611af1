"""The forms of a wish about the plan, as patterns; their groups name parts, counts, and what is to follow."""

from __future__ import annotations

import re

from core.composer.offline.negation import NEGATION
from core.composer.offline.numbers import NUMBER
from core.composer.offline.parts import FAILS, IF_FAILS, IT, NOTICE_WORDS, PARTS, THING
from core.composer.offline.patterns import rx
from core.models import PlanName

# A sentence without any of these wishes for nothing of the kind. Most are let go at once, and what they would be
# matched with is not compiled for them: to compile a pattern takes far longer than to look for it.
HINT = rx(
    r"\b(?:re-?tr|tr(?:y|ied|ies)|re-?attempt|attempt|repeat|retries|before|prior|ahead|advance|fail|wrong|problem|trouble|error"
    r"|break|bounce|cancel|undo|refund|after|until|till|once|first|later|afterwards|upon|as\ssoon|on\s(?:delivery|receipt|arrival|failure|book|reserv)"
    r"|instal|split|half|if|case|should|when|without|unless|money\sback)"
)
TRY_HINT = rx(r"tr(?:y|ie)|attempt|repeat|\blimit")
IF_HINT = rx(r"\b(?:if|in\s(?:case|the\sevent)|should|when|once|as\ssoon|on\s(?:failure|error))")
_N = rf"(?:{NUMBER})"
_JUST = (
    r"(?:(?:please|pls|just|simply|then|and|also|but|kindly|you can|you should|you may|i want you to|rather)\s){0,4}"
)
_END = r"(?=\s*(?:\Z|[.,;:!?\n)\0-]|(?:and|but|or|if|for|on|at|with|then|only|please|at\smost|before|when)\b))"
_MOST = (
    r"(?:(?:up\sto|at\smost|at\sthe\smost|a\s(?:maximum|total)\sof|max(?:imum)?(?:\sof)?|(?:no|not)\smore\sthan|exactly"
    r"|only|just|another|about)\s)*"
)
_ONCE = rf"(?:once|twice|thrice){_END}"
_COUNT = (
    rf"{_MOST}(?:(?P<often>{_ONCE})|(?P<n>{_N}|a\ssingle)\s?(?P<more>(?:more|extra|additional|other|further)\s)?"
    r"(?P<unit>times?|x\b|attempts?|tries|try|retries|retry|re-?attempts?))"
    r"(?:\s(?:at\smost|max(?:imum)?|tops|in\stotal|only|in\sa\srow|altogether))?"
)
_TRY = (
    r"(?P<verb>(?:keep\s(?:on\s)?)?(?:re-?try(?:ing)?|try(?:ing)?|re-?attempt(?:ing)?|attempt(?:ing)?"
    r"|repeat(?:ing)?))(?P<again>\sagain)?"
)
_ACT = r"(?:charge|charging|bill|debit|ship|send\sit|deliver|dispatch|book|reserve|convert|email|e-mail|text|call|pay)"
_WORK = rf"(?:(?:{THING})|{_ACT}(?:\s(?:the\s\w+|my\s\w+))?)(?![\w'])(?:\s(?:it|them|me|us)(?![\w']))?"
_OBJECT = rf"(?:\s(?:to\s|for\s|with\s|on\s)?(?P<what>{_WORK}))?"
_FOR = rf"(?:\s(?:to|for|at|on|of|with|per|in)\s(?P<about>{_WORK}))?"

# 'try shipping up to five times', 'only try the card once', 'try up to 3 times to ship it'.
TRIES = rx(rf"\b{_JUST}(?:(?P<only>only|just)\s)?{_TRY}{_OBJECT}(?:\sagain)?\s{_COUNT}{_FOR}")
# 'the payment should only be tried once', 'shipping may be retried 4 times', 'the card must not be tried again'.
_TRIED = r"(?P<verb>(?:re-?)?(?:tried|attempted)|repeated)"
TRIED = rx(
    rf"\b(?P<what>{THING})\s(?:should|shall|must|can|may|is\sto|has\sto|will|to)\s(?:(?:only|just|please)\s)*be\s"
    rf"{_TRIED}(?P<again>\sagain)?\s{_COUNT}"
)
NOT_TRIED = rx(
    rf"\b(?P<what>{THING})\s(?:should|shall|must|can|may|is|will)(?:\snot|n't)\s(?:to\s)?be\s(?:retried|repeated|reattempted"
    r"|(?:tried|attempted)\s(?:again|twice|more\sthan\sonce))"
)
LIMIT = rx(
    rf"\b{_JUST}limit\s(?P<what>{THING})(?:\s(?:tries|attempts))?\sto\s(?P<n>{_N}|a\ssingle)"
    r"\s(?P<more>(?:more|extra)\s)?(?P<unit>attempts?|tries|retries|retry|times?|try)"
)
# 'and the email twice', after one of those.
TRIES_TOO = rx(rf"(?:,|\band|\bbut)\s{_JUST}(?P<what>{THING})\s{_COUNT}")
# 'five attempts at shipping', 'no retries for the payment', 'at most 2 payment retries', 'give shipping five tries'.
ATTEMPTS = rx(
    rf"\b{_JUST}(?:(?:with|allow|make|use|do|set|want|have|give(?:\s(?P<what>{THING}))?"
    rf"|(?:give\sup|stop|fail|end)\safter)\s)?{_MOST}"
    rf"(?P<n>{_N}|a\ssingle|single|no|any)\s(?P<more>(?:more|extra|additional|other|further)\s)?"
    rf"(?:(?P<kind>{PARTS})\s)?(?P<unit>attempts?|tries|retries|retry|re-?attempts?"
    rf"|(?<=one\s)try|(?<=single\s)try)(?:\s(?:at\smost|max(?:imum)?|tops|only|in\stotal))?{_FOR}"
    rf"|\b(?P<kind2>{PARTS}\s)?(?P<unit2>attempts|tries|retries)\s?(?::|=|is|are|to)\s?(?P<n2>{_N}|none|zero)"
)
_NO = r"(?:do\snot|don't|dont|never|no\sneed\sto|without|not|stop|avoid|skip|shouldn't|should\snot|must\snot|mustn't)"
# 'do not retry the charge', "don't try the card again", 'without retrying', 'never repeat the payment'.
NO_RETRY = rx(
    rf"\b{_JUST}{_NO}\s(?:(?:ever|please|to|bother|you)\s)*(?:(?:re-?try(?:ing)?|re-?attempt(?:ing)?|repeat(?:ing)?)"
    rf"(?:\s(?:to\s)?(?P<what>{_WORK}))?"
    rf"|(?:try(?:ing)?|attempt(?:ing)?)(?:\s(?:to\s)?(?P<other>{_WORK}))?"
    r"\s(?:again|twice|a\ssecond\stime|more\sthan\sonce|another\stime))"
    r"(?:\s(?:again|at\sall|please|ever|a\ssecond\stime|more\sthan\sonce|on\sfailure|if\sit\sfails))*"
)
# 'don't try shipping more than 4 times'.
AT_MOST = rx(
    rf"\b{_JUST}{_NO}\s(?:(?:ever|please|to)\s)*{_TRY}{_OBJECT}(?:\sagain)?\smore\sthan\s"
    rf"(?:(?P<often>{_ONCE})|(?P<n>{_N}|another)\s?(?P<unit>times?))"
)
_FOREVER = (
    r"(?:forever|for\sever|endlessly|indefinitely|without\s(?:end|limit)|(?:again\s)?and\sagain|unlimited\stimes"
    r"|as\s(?:long|often|many\stimes)\sas\s[\w' ]{3,30}|(?:un)?til\s(?:it|they|that|this|the\s\w+)\s[\w' ]{2,24})"
)
ENDLESS = rx(
    rf"\b{_JUST}(?:{_TRY}{_OBJECT}(?:\sagain)?\s{_FOREVER}"
    rf"|(?:unlimited|endless|infinite)\s(?:(?P<kind>{PARTS})\s)?(?:retries|attempts|tries){_FOR})"
)
VAGUE = rx(
    rf"\b{_JUST}(?:{_TRY}{_OBJECT}(?:\sagain)?\s(?:a\s(?:few|couple(?:\sof)?)|several|some|many|multiple|more|lots\sof)"
    rf"(?:\smore)?\stimes|(?:some|several|a\sfew)\s(?:(?P<kind>{PARTS})\s)?retries{_FOR})"
)
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|days?|s|h)\b"
WAITS = rx(
    rf"\b{_JUST}(?:wait(?:ing)?|pause)\s(?:for\s)?(?:{_N}|an?|some|a\sfew)\s(?:{_UNIT}|time)\s(?:between|before)\s"
    rf"(?:each\s|the\s|every\s)?(?:(?P<kind>{PARTS})\s)?(?:tries|try|attempts?|retries|retry|retrying|trying\sagain){_FOR}"
    rf"|\b{_JUST}{_TRY}{_OBJECT}(?:\sagain)?\s(?:every|each|after|in)\s(?:{_N}\s|an?\s)?{_UNIT}"
)
BARE_RETRY = rx(rf"\b{_JUST}(?P<verb>re-?try|try)(?:\s(?P<what>{THING}))?(?P<again>\sagain)?{_END}")

_EVERYTHING = (
    r"(?:\s(?:everything|it|all(?:\sof\sit)?|(?:the|my|our)\s(?:whole\s|entire\s)?(?:order|thing|run|lot|booking|purchase)|me|us"
    r"|(?:the|my|our)\s(?:money|payment)|back|and\srefund(?:\s(?:me|everything))?))*"
)
_CANCEL = (
    rf"(?:stop\sand\s)?(?:cancel|abort|undo|roll\s?(?:(?:it|everything|all)\s)?back|revert|reverse|refund|call\s(?:it|everything|the\sorder)\soff|scrap"
    r"|forget|give\s(?:me\s)?(?:my\s|the\s)?money\sback|(?:do\snot|don't|dont)\s(?:charge|bill)(?!\s(?:the|my|our)\b))"
    rf"{_EVERYTHING}"
)
_ASK = (
    r"(?:(?:do\snot|don't|dont)\s(?:cancel|give\sup)(?:\s(?:it|anything|everything|the\sorder))?,?\s(?:but\s|just\s|please\s)*)?"
    r"(?:(?:stop|pause|wait|hold|halt)(?:\s(?:there|everything|it|the\s(?:run|order)))?(?:\sand)?\s)?"
    r"(?:ask|check\swith|consult|wait\sfor|come\sback\sto|let|get\sback\sto)\s(?:me|us)"
    r"(?:\s(?:first|decide|choose|what\sto\sdo|know\sand\swait|and\swait))*"
    r"|(?:stop|pause|wait|hold\son|hold|halt|park)(?:\s(?:there|everything|it|and\swait|the\s(?:run|order)))*"
)
_GO_ON = (
    r"(?:continue|go\son|carry\son|proceed|keep\sgoing|move\son|go\sahead|(?:just\s)?skip\s(?:it|that|the\s\w+)"
    r"|ignore\s(?:it|that)|never\smind|(?:do\snot|don't|dont)\s(?:worry|stop|cancel|bother|mind|care)"
    r"(?:\s(?:it|anything|everything|the\sorder|about\sit))*|leave\sit|that's\s(?:fine|ok(?:ay)?)|so\sbe\sit"
    r"|it\s(?:doesn't|does\snot)\smatter)(?:\s(?:anyway|regardless|all\sthe\ssame|with\sthe\srest|without\sit|and\sgo\son))*"
)
_THEN_TRY = rf"{_TRY}(?:\s(?:it|that|them))?(?:\sagain)?\s{_COUNT}"
_TELL = r"(?:(?P<tell_email>e-?mail|mail)|(?P<tell_sms>text|sms|message)|(?P<tell_call>call|ring|phone))\s(?:me|us|\0+)"
_OTHERWISE = (
    r"(?:(?:use|try|switch\sto|fall\s?back\s(?:to|on)|pay\s(?:with|from|by)|charge|take\sit\sfrom|go\swith|send\sit\sby"
    r"|ship\s(?:it\s)?(?:by|with))\s(?![^.;,!?\n]*\b(?:again|times?|once|twice|thrice|tries|attempts?)\b)(?:the|my|our|another|an?|other|by|it|with)?\s?[\w'-]+(?:\s[\w'-]+){0,3})"
)
_THEN = (
    rf"{_JUST}(?:(?P<try>{_THEN_TRY})|(?P<cancel>{_CANCEL})|(?P<ask>{_ASK})|(?P<go_on>{_GO_ON})|(?P<tell>{_TELL})"
    rf"|(?P<otherwise>{_OTHERWISE}))"
)
_IF_AGAIN = r"(?:if|in\scase|should|whenever|when)\b"
_NOT_THEN = rf"(?:{NEGATION}(?!(?:worry|stop|cancel|bother|mind|care|charge|bill)\b))"
IF_THEN = rx(
    rf"\b(?:and\s|but\s)?(?P<fails>{IF_FAILS})(?P<gap>[\s,:;-]*)(?:then\s)?(?P<no>{_NOT_THEN})?{_THEN}(?!\w)"
    rf"(?P<next>(?=\s(?:only\s|even\s)?{_IF_AGAIN}))?"
)
THEN_IF = rx(rf"\b{_THEN}(?P<gap>,?\s)(?:only\s|even\s)?(?P<fails>{IF_FAILS})(?!\w)")
# What parts a failure from what is said after it.
APART = rx(r"\s?[,:;-]|\s(?:and|but|also)\b")
# What stands right before 'if'.
THEN_BEFORE = rx(rf"\b{_THEN}(?P<gap>,?\s)(?:only\s|even\s)?\Z")
# '..., then cancel', '... before you cancel': what follows the last try.
AFTERWARDS = rx(
    rf"(?:\s?,\s?|\s)(?:and\s|but\s)?(?:then|after\sthat|afterwards|otherwise|or\selse|or|else|if\snot),?\s(?:just\s|please\s)*(?:(?P<cancel>{_CANCEL})|(?P<ask>{_ASK})"
    rf"|(?P<go_on>{_GO_ON})|give\sup)(?!\w)"
    r"|\sbefore\s(?:you\s)?(?:(?P<cancelling>cancell?(?:ing)?|undoing|refunding)|(?P<asking>ask(?:ing)?\sme)|giv(?:e|ing)\sup)"
    r"(?:\s(?:it|everything|the\sorder))?"
)
NEVER = rx(
    r"\b(?:please\s)?(?:never|do\snot|don't|dont|must\snot|under\sno\scircumstances)\s(?:ever\s)?(?:cancel|undo|roll\s?back|refund)"
    r"(?:\s(?:anything|it|this|everything|the\s(?:order|booking)|my\sorder|me|on\sme))*"
    r"(?:,?\s(?:whatever\shappens|no\smatter\swhat|at\sall|ever))*(?!\s(?:the|my|our|those|that)\b)"
)
CONDITIONAL = rx(r"\b(?:if|when|whenever|in\scase|should)\b[^.;!?\n]*\Z")
BEFORE_IF = rx(r",?\s(?:only\s|even\s)?(?:if|when|in\scase|unless)\b")

_WHO = r"(?:me|us|him|her|them|the\scustomer|\0+)"
_ANY_WAY = "|".join(NOTICE_WORDS.values())
_NOTIFY = (
    rf"{_JUST}(?:(?P<ways>(?:{_ANY_WAY})(?:\s?(?:,|and|&|/|or)\s(?:{_ANY_WAY}))*)\s{_WHO}"
    rf"|(?:tell|notify|warn|alert|inform|let|ping|contact|update|remind)\s{_WHO}(?:\sknow)?(?:\s(?:by|via|over|through)\s(?:an?\s)?(?P<by>{_ANY_WAY}))?"
    rf"|(?:send|drop|shoot|give|get|(?:i|we)\s(?:want|need|would\slike|'d\slike)|i'd\slike|we'd\slike)\s(?:{_WHO}\s)?(?:an?\s)"
    rf"(?P<noun>{_ANY_WAY}|notice|heads[ -]up|warning|note|ring))(?:\s(?:first|a\sheads[ -]up|about\sit))*"
)
_AHEAD = r"(?:right\s|just\s|shortly\s|immediately\s|always\s)*(?:before|prior\sto|ahead\sof|in\sadvance\sof)\s"
TOLD = rx(rf"\b{_NOTIFY},?\s{_AHEAD}")
BEFORE = rx(rf"\b{_AHEAD}")
# "don't text me before you ship", 'no notice before the payment': taken back.
UNTOLD = rx(
    rf"\b{_JUST}(?:{_NO}|no(?:\smore)?|drop(?!\sme|\sus)|remove|cancel|forget|leave\sout)\s(?:(?:to|the|any|an?|that|need|send|me|us)\s)*"
    rf"(?:(?P<ways>(?:{_ANY_WAY})(?:\s?(?:,|and|&|/|or|nor)\s(?:{_ANY_WAY}))*)s?"
    r"|notices?|warnings?|messages?|heads[ -]ups?|tell|notify|warn|alert|inform|contact)"
    rf"(?:\s{_WHO})?,?\s{_AHEAD}"
)
# "Don't charge the card | without telling me": what is done stands between.
UNLESS = rx(r"\b(?:(?:please|but|and|also)\s){0,3}(?:do\snot|don't|dont|never)\s(?:ever\s)?(?=\w)")
_AGREE = r"(?:i|we)\s(?:approve|confirm|agree|say|ok(?:ay)?|have\s(?:approved|agreed|confirmed))"
_ASKING = rf"asking|checking\swith|consulting|getting\s(?:my|our)|my\b|our\b|{_AGREE}"
_TELLING = (
    r"telling|notifying|warning|alerting|informing|letting|contacting|pinging|(?P<way>e-?mailing|mailing|texting|messaging"
    r"|calling|phoning|ringing)"
)
UNLESS_TOLD = rx(
    rf"\s(?:without|before|until|unless)\s(?:first\s|you\sare\s)?(?:(?P<ask>{_ASKING})|{_TELLING})"
    rf"(?:\s(?:{_WHO}|ok(?:ay)?|approval|go-?ahead|consent|permission|confirmation|it|so|know|for\sit|about\sit|first))*"
    rf"(?:\s(?:by|via)\s(?:an?\s)?(?P<by>{_ANY_WAY}))?(?:\sfirst)?"
)
# "Don't email me before you charge, text me".
TELL_INSTEAD = rx(rf",?\s(?:(?:but|just|rather)\s)*{_NOTIFY}(?:\sinstead)?(?=\s*(?:\Z|[.,;!\n]))")
TELL_THEN = rx(rf"\s?,?\s(?P<no>{NEGATION})?{_NOTIFY}(?!\w)")
_APPROVE = (
    rf"{_JUST}(?:ask\s{_WHO}|check\swith\s{_WHO}|(?:wait\sfor|get|need)\s(?:my|our|me|an?)(?:\s(?:ok(?:ay)?|approval|go-?ahead|consent"
    rf"|confirmation|permission|to\s(?:approve|confirm)))?|let\s{_WHO}\s(?:approve|confirm|check|decide)(?:\sit)?"
    rf"|(?:i|we)\s(?:want|need|have)\sto\s(?:approve|confirm|sign\soff|agree)(?:\sit)?)(?:\sfirst)?"
)
APPROVED = rx(rf"\b{_APPROVE},?\s{_AHEAD}")

_PAID = (
    r"(?:charg(?:e|ed|ing)|bill(?:ed|ing)?|debit(?:ed|ing)?|tak(?:e|en|ing)\s(?:the\s|my\s)?(?:money|payment)"
    r"|pay(?:ing|ment)?|paid|collect(?:ing)?\s(?:the\s|my\s)?(?:money|payment)|the\scharge|the\spayment)"
)
_SOMETHING = (
    r"(?:\s(?:me|us|it|them|my|our|the|card|wallet|credit|everything|goods|items?|order"
    r"|is|to\sbe|been|has|have|only|all))*"
)
_AFTER = r"(?:after|once|when|as\ssoon\sas|(?:not\s)?until|till|upon|on)"
_HAVE_IT = (
    rf"{_SOMETHING}\s(?:(?:you|we|they|it|i|its|the|my|our|is|are|has|have|been|everything|order|goods|items?|actually)"
    r"(?:'s|'re|'ve)?\s)*"
)
_BOOKED = r"(?:book(?:ed|ing|ings)?|reserv(?:e|ed|ation|ations))\b"
_ARRIVED = (
    r"(?:deliver(?:y|ed|ies)|arriv(?:al|e|es|ed|ing)|shipp?(?:ing|ed|s|ment)?|dispatch(?:ed)?|receiv(?:e|ed|ing)"
    r"|receipt|get\sit|here)\b"
)
_BOOK = r"(?:book|reserve|booking|reserving)"
PLANS: tuple[tuple[PlanName, re.Pattern[str]], ...] = (
    (
        "sequence",
        rx(
            rf"\b{_JUST}(?:only\s)?{_PAID}{_SOMETHING}\s(?:only\s)?{_AFTER}{_HAVE_IT}{_BOOKED}(?:\sis\s\w+)?"
            rf"|\b{_JUST}(?:do\snot|don't|dont|never)\s{_PAID}{_SOMETHING}\s(?:before|until|till){_HAVE_IT}{_BOOKED}"
            rf"|\b{_JUST}{_BOOK}{_SOMETHING}\s(?:first\s)?before\s(?:you\s|we\s|they\s)?{_PAID}{_SOMETHING}"
            rf"|\b{_JUST}{_BOOK}{_SOMETHING}\sfirst,?\s(?:and\s|then\s)*(?:only\s)?{_PAID}{_SOMETHING}(?:\s(?:later|afterwards|then))?"
        ),
    ),
    (
        "saga",
        rx(
            rf"\b{_JUST}{_PAID}{_SOMETHING}\s(?:first\s)?before\s(?:you\s|we\s|they\s)?{_BOOKED}{_SOMETHING}"
            rf"|\b{_JUST}{_PAID}{_SOMETHING}\sfirst,?\s(?:and\s|then\s)+{_BOOK}{_SOMETHING}(?:\s(?:later|afterwards|then))?"
        ),
    ),
)
_SHIP = r"(?:ship|deliver|dispatch|send|shipping|delivering)"
LATE_PAY = rx(
    rf"\b{_JUST}(?:(?:do\snot|don't|dont|never)\s)?(?:only\s)?{_PAID}{_SOMETHING}\s(?:only\s)?(?:{_AFTER}|before){_HAVE_IT}{_ARRIVED}"
    rf"|\b{_JUST}{_PAID}{_SOMETHING}\sonly\s(?:if|when|once|after)\s(?:the\s)?(?:shipping|delivery|shipment)"
    r"\s[\w']+(?:\s(?:through|well|fine|ok|done))?"
    rf"|\b{_JUST}{_SHIP}{_SOMETHING}\s(?:first\s)?before\s(?:you\s|we\s|they\s|i\s)?{_PAID}{_SOMETHING}"
    rf"|\b{_JUST}{_SHIP}{_SOMETHING}\s(?:it\s)?first,?\s(?:and\s|then\s)*{_PAID}{_SOMETHING}(?:\s(?:later|afterwards|then))?"
    rf"|\b(?:cash|payment|pay|paid)\s(?:on|upon)\s(?:delivery|receipt|arrival)|\b(?:pay|bill|charge|invoice)(?:\s(?:me|us|it))?\slater\b"
)
DELAYED = rx(
    rf"\b{_JUST}(?:wait|hold(?:\soff)?|pause)\s(?:for\s)?(?:{_N}|an?|some|a\sfew)\s(?:{_UNIT})\s(?:before|until)\s(?:you\s|we\s)?"
    r"(?:ship|send|charg|bill|book|order|deliver|plac|start|pay)\w*(?:\s(?:it|them|me|my\scard|(?:the|my|our)\s\w+))?",
    words="wait hold pause",
)
# With 'not', these say when it is to be.
UNTIL = rx(r"\b(?:until|till)\b")
PAY_BEFORE = rx(rf"{_JUST}{_PAID}{_SOMETHING}\s(?:only\s)?before\b")
_AGREE_NOW = r"approve|confirm|agree|say\s(?:so|yes|ok)|ok(?:ay)?|sign\soff"
_AGREED_TO = r"approved|confirmed|agreed|said\s(?:so|yes|ok)|ok(?:ay)?ed|signed\soff"
_AGREED = rf"(?:i|we)(?:'ve|\shave|\scan)?\s(?:first\s)?(?:{_AGREED_TO}|{_AGREE_NOW})"
HELD = rx(
    rf"\b{_JUST}(?:hold|wait|pause|{_PAID}|{_SHIP}|{_BOOK}){_SOMETHING}\s(?:only\s|off\s)?(?:{_AFTER}|if|unless)\s{_AGREED}(?:\s(?:it|this|that))?"
)
_IN_CASE = r"(?:\s(?:if|when)\s[\w' ]{3,30}?\b(?:fails?|cancelled|wrong))?"
PART_REFUND = rx(
    rf"\b(?:only\s|just\s|give\sme\s|an?\s)*(?:\d{{1,2}}\s?(?:%|percent|per\scent)|half)\s(?:an?\s)?(?:refund|(?:of\s)?(?:the|my)\smoney\sback)"
    rf"{_IN_CASE}"
    r"|"
    r"\b(?:please\s|only\s|just\s)*refund(?:\s(?:only|just|me|us|at\smost|back))*\s(?:half|part(?:ly|s)?|some|a\s(?:part|half|third|quarter)"
    r"|\d{1,3}\s?(?:%|percent|per\scent))(?:\sof\s(?:it|the\s(?:money|price|payment)))?"
    rf"{_IN_CASE}|\b(?:only\s)?(?:an?\s)?(?:partial|half)\s(?:refunds?|compensation){_IN_CASE}"
    r"|\bpartially\srefund(?:\s(?:me|us|it))?"
)
PART_PAY = rx(
    r"\bhalf\s(?:of\sit\s)?(?:from|by|with|on)\s[\w' ]{2,24}?\s(?:and\s)?(?:the\s(?:other\s)?)?(?:half|rest)"
    r"\s(?:from|by|with|on)\s(?:the\s|my\s|our\s)?[\w']+(?:\s(?:wallet|card|account)\b)?"
    r"|\bsplit\s(?:the\s|my\s)?(?:payment|price|bill|cost|charge)(?:\s(?:in|into|over|across)\s[\w' ]{1,24})?"
    r"|"
    r"\b(?:pay|charge(?:\sme)?|take|bill(?:\sme)?)\s(?:only\s)?(?:half|a\sdeposit|part|\d{1,2}\s?%)(?:\sof\sit)?\s(?:now|first|upfront|up\sfront|today)"
    r"(?:,?\s(?:and\s)?(?:the\s)?(?:rest|half|other\shalf|remainder)"
    r"\s(?:later|after\s\w+|on\sdelivery|when\s[\w' ]{3,20}))?"
    rf"|\bpay\s(?:for\s(?:it|this|them)\s)?(?:in|by)\s(?:{_N}\s)?(?:instal?lments?|parts|rates)|\bin\s(?:{_N}\s)instal?lments?"
)
ONLY_IT = rx(IT)
IF_IT_FAILS = rx(
    rf"\s(?:if|when|whenever|in\scase)\s(?:{IT})\s{FAILS}(?!\w)(?=\s*(?:\Z|[.;,!?\n]|(?:and|but|please)\b))"
)

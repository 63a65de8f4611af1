"""The forms of a change of an order, as patterns over one clause; their groups name lines, counts and fields."""

from __future__ import annotations

import re

from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.models import Notice

_BACK = r"(?:(?:please|pls|ok|okay|no|sorry|wait|oops|actually|can you|could you)[\s,]+)*"
UNDO = rx(
    rf"{_BACK}(?:undo|go back|step back|back|revert|roll back|take (?:it|that|this) back|never ?mind|scratch that"
    r"|forget (?:it|that))"
    r"(?:[ ,]+(?:that|it|this|one step|once|please|the last (?:change|one|step)|my last change|what i said))*[\s.!]*"
)
REDO = rx(rf"{_BACK}(?:redo|do (?:it|that) again|undo the undo|put it back)(?:[ ,]+(?:that|it|please))*[\s.!]*")

_VERBS = (
    r"make|change|set|add|remove|drop|delete|swap|replace|exchange|switch|include|take|leave|ship|deliver|send|pay"
    r"|charge"
    r"|convert|use|no|don't|do not|dont|also|only|just|double|triple|halve|increase|decrease|reduce|raise|lower|cancel"
    r"|skip|without|text|e-?mail|call|book|order|throw|put|turn|i|we|update|notify|tell"
)
# Where one change ends and the next begins; 'the dock and the mouse' stays together.
SPLIT = rx(
    rf"(?:[.;!?](?=\s|\Z)|\n)+|,\s?(?:and |but |then |also )*(?=(?:{_VERBS})\b)"
    rf"|\s(?:and|but|then)\s(?:then |also )?(?=(?:{_VERBS})\b)"
)
LEAD = rx(
    r"\A(?:(?:please|pls|can you|could you|would you|can we|could we|i want you to|you can|let's|lets|let us|ok|okay"
    r"|actually|now|and|but|then|also|so|no,|sorry|wait|oops|hmm|well|rather|instead|maybe|perhaps|i'd like to"
    r"|i would like to|i want to|we want to|we'd like to|i meant|i mean)[\s,]+)+"
)
TAIL = rx(
    r"[\s,]+(?:please|pls|instead|thanks|thank you|then|now|too|as well|also|for me|for us|ok|okay|after all|again"
    r"|(?:from|in|to|on) (?:the|my|our|this) (?:order|list|basket|cart)|rather)\Z"
)
FILLERS = rx(
    r"(?:(?:instead|change|changed|make|made|set|it|that|this|please|actually|rather|order|want|need|switch|update"
    r"|use|add|now|the"
    r"|to|be|ship|send|should|delivery|shipping|also|too|gizmo|consultation|keep|rest|same|go|let|with|by|for"
    r"|everything|of|not"
    r"|get|put|take|have|as|well|one|sorry|no|pay|charge|leave|paid|bill|from|at|each|in|it's|is|would|like|i|we|fly"
    r"|go)\s?)+"
)

_N = rf"(?:(?:-|minus\s)?(?:{NUMBER})(?:\sdozens?)?|zero|none|an?\s(?:couple(?:\sof)?|pair|single|dozen)|one)"
_WORD = r"(?!(?:and|or|but|if|to|for|with|instead|not|at|by|rather|then)\b)[\w'&/-]+"
_THING = rf"(?!\d){_WORD}(?:\s{_WORD}){{0,5}}?"
_IT = r"(?:it|that|this|them|those|the\s(?:quantity|amount|number|order|count)|quantity|qty)"
_UNITS = r"(?:\s(?:of\s(?:them|those|it)|units?|pieces?|pcs|times|x))?"

SET_IT = rx(
    rf"(?:(?:make|change|set|let|update|increase|decrease|reduce|raise|lower|bump|cut)\s{_IT}(?:\s(?:up"
    rf"|down))?(?:\s(?:to|be|of|at|=))?"
    rf"(?:\s(?:only|just))?\s|(?:i|we)\s(?:only\s|just\s)?(?:want|need|meant|said)\s|(?:only|just)\s|make\s|order\s)?"
    rf"(?P<n>{_N}){_UNITS}(?:\s(?:of\s)?(?P<thing>{_THING}))?(?:,?\s(?:not|rather\sthan|instead\sof)\s(?:{_N}))?"
)
SET_THING = rx(
    rf"(?:make|change|set|update|increase|decrease|raise|reduce|lower|bump|cut|bring|let)\s(?:the\s|my\s|our\s)?"
    rf"(?:(?:quantity|number|amount|count|qty)\s(?:of|for)\s(?:the\s|my\s)?)?(?P<thing>{_THING})(?:\s(?:quantity"
    rf"|count|amount|qty))?"
    rf"(?:\s(?:up|down))?(?:\s(?:to|be|=|:|into|at))?(?:\s(?:only|just))?\s(?P<n>{_N}){_UNITS}"
    rf"(?:,?\s(?:not|rather\sthan|instead\sof)\s(?:{_N}))?"
)
THING_COUNT = rx(rf"(?:the\s)?(?P<thing>{_THING})\s?(?::|=|x|should\sbe|to)\s?(?P<n>{_N}){_UNITS}")
# 'keyboards 20 mice 30'
_BEHIND = rf"(?:the\s)?[a-z][\w-]*(?:\s[a-z][\w-]*)?\s(?:{NUMBER})"
COUNTS_BEHIND = rx(rf"{_BEHIND}(?:,?\s(?:and\s)?{_BEHIND}){{0,9}}")
COUNT_BEHIND = rx(rf"(?:the\s)?(?P<thing>[a-z][\w-]*(?:\s[a-z][\w-]*)?)\s(?P<n>{NUMBER})")
QUANTITY = rx(
    rf"(?:the\s|my\s|for\s|with\s)?(?P<n>{_N})\s(?:of\s)?(?:the\s)?(?P<thing>{_THING})(?:,?\s(?:not|rather\sthan"
    rf"|instead\sof)\s(?:{_N}))?"
)
SO_MANY = rx(rf"(?P<n>{_N}|an?)\s(?P<thing>{_THING})")
_GET = r"(?:(?:add|include|get|order|give\sme|put\sin|throw\sin|(?:i|we)(?:'d\slike|'ll\stake|\swant|\sneed)|with)\s)?"
MORE = rx(
    rf"{_GET}(?:(?P<n>{_N})\s(?:more|additional|extra|further)|(?:another|(?:an?|one)\s(?:more|extra|additional)))"
    rf"(?:\s(?:of\s(?:them|those|the)\s?)?(?P<thing>{_THING})?)?"
)
FEWER = rx(rf"{_GET}(?P<n>{_N})\s(?:fewer|less)(?:\s(?P<thing>{_THING}))?")
TAKE_OFF = rx(
    rf"(?:remove|drop|delete|take\s(?:off|out|away)|cut|lose|subtract|cancel)\s(?P<n>{_N})(?:\sof)?(?:\sthe|\sthose"
    rf"|\sthem)?"
    rf"(?:\s(?P<thing>{_THING}))?"
)
DOUBLE = rx(
    rf"(?P<how>double|triple|halve)\s(?:the\s|my\s|our\s)?(?:(?:quantity|number)\sof\s(?:the\s)?)?(?P<thing>{_THING})"
)
RENAME = rx(
    rf"(?:change|swap|replace|exchange|switch|turn|trade)\s(?:out\s)?(?:the\s|my\s|our\s"
    rf"|all\s)?(?P<old>{_THING})\s(?:to|for|with|by|into)\s"
    r"(?:be\s)?(?P<new>[^\W_].{0,80})"
)
INSTEAD_OF = rx(
    r"(?:(?:make\s(?:it|that|them)|order|get|use|take|(?:i|we)\s(?:want|need|meant|prefer)|ship|send"
    r"|deliver)\s)?(?P<new>\S.{0,80}?),?"
    rf"\s(?:instead\sof|rather\sthan|in\splace\sof|not)\s(?:the\s|my\s|by\s)?(?P<old>{_THING})"
)
REMOVE = rx(
    r"(?P<verb>remove|drop|delete|take\sout|take\soff|take\saway|leave\sout|leave\soff|lose|skip|cancel|without|scrap|forget(?:\sabout)?"
    r"|no(?:\smore)?|not|neither|(?:any|every)thing\s(?:but|except)|(?:i|we)\s(?:don't|do\snot|no\slonger)\s(?:need|want)|(?:don't|do\snot|dont)\s(?:order|get|buy|include|want|need|add)"
    r"|kill|omit|exclude|get\srid\sof|minus|ditch|nix)\s"
    r"(?P<things>(?:(?:the|any|all|those|these|my|our)\s)*[^\W\d_].{0,100})"
)
ADD = rx(
    r"(?:add|include|throw\sin|toss\sin|put\sin|plus|append|with|also\s(?:get|order|need|want|add)|(?:i"
    r"|we)\s(?:also\s)?(?:need|want)|get|order|buy)"
    r"\s(?:me\s|us\s|in\s)?(?P<what>\S.{0,200})"
)
# 'and a dock at $80 each': a thing with its price.
PRICED = rx(rf"(?P<what>(?:{_N}|an?)\s(?P<thing>{_THING})\s(?:at|for|@)\s(?:\W\s?)?\d\S*\b.{{0,60}})")
MAKE_IT = rx(r"(?:make|change|switch)\s(?:it|that|this|them|those)\s(?:to\s|into\s|be\s)?(?P<what>\S.{0,80})")

WAYS: dict[Notice, re.Pattern[str]] = {
    "email": rx(r"\be-?mails?\b|\bmails?\b"),
    "sms": rx(r"\bsms\b|\btexts?\b|\btext\smessages?\b"),
    "call": rx(r"\bcalls?\b|\bphone\scalls?\b"),
}
_WAY = r"(?:e-?mails?|mails?|sms(?:es)?|text\smessages?|texts?|(?:phone\s)?calls?)"
_KIND = r"(?:\s(?:notifications?|confirmations?|messages?|alerts?|updates?|receipts?))?"
_WAYS = rf"{_WAY}{_KIND}(?:\s?(?:,|and|or|nor|&)\s?(?:no\s|the\s|any\s)?{_WAY}{_KIND})*"
NOTICES_OFF = rx(
    r"(?:no(?:\smore)?|without|drop|remove|skip|stop|turn\soff|switch\soff|disable|mute|leave\sout|cancel|lose|kill"
    r"|(?:don't|do\snot|dont|never)\s(?:send|want|need)(?:\sme|\sus)?|(?:i|we)\s(?:don't|do\snot)\s(?:want|need)"
    r"|no\sneed\sfor)\s"
    rf"(?:(?:the|any|all|my|an?|sending|with)\s)*(?:(?P<ways>{_WAYS})|notifications?|confirmations?|messages"
    rf"|alerts)(?:\s(?:at\sall|whatsoever|to\sme))*"
)
NOTICES_ON = rx(
    r"(?:add|turn\son|switch\son|enable|include|send(?:\sme|\sus)?|also|with|give\sme|put\s(?:back\s)?|bring\sback"
    r"|(?:i|we)\s(?:also\s)?(?:want|need)"
    rf"|and)\s(?:(?:the|an?|also|back|my|confirmation)\s)*(?P<ways>{_WAYS})(?:\s(?:back|too|as\swell|to\sme"
    rf"|when\sit's\sdone|once\sconfirmed))*"
)

_FIELDS: dict[str, str] = {
    "budget": r"(?:budget|cap|limit|spending\s(?:cap|limit)|max(?:imum)?(?:\sprice)?)",
    "discount_percent": r"discount",
    "promo_code": r"(?:promo(?:tion)?|coupon|voucher|discount)(?:\scode)?|code",
    "total_price": r"total(?:\sprice)?",
    "address": r"(?:(?:shipping|delivery)\s)?address",
    "return_date": r"return(?:\sdate|\strip|\sflight)?",
    "date": r"(?:delivery\s|departure\s)?date|day|deadline",
    "time": r"time",
    "wallet": r"wallet",
    "convert_to": r"(?:currency\s)?conversion|pay(?:ment)?\scurrency",
    "currency": r"currency|prices",
    "customer_email": r"(?:my\s|customer\s)?e-?mail\saddress",
    "phone_number": r"(?:my\s|customer\s)?(?:tele)?phone(?:\snumber)?",
    "customer_id": r"customer\s(?:id|number)",
    "shipping_method": r"shipping(?:\smethod)?|delivery(?:\smethod)?",
    "priority": r"priority",
    "travel_class": r"(?:travel\s)?class",
    "travel_mode": r"(?:travel\s)?mode",
    "origin": r"origin|start(?:ing\s(?:point|city))?|departure(?:\s(?:city|airport))?",
    "destination": r"destination",
    "passengers": r"passengers?|travell?ers?",
    "rooms": r"rooms?",
    "nights": r"nights?",
    "attendees": r"attendees?|participants?",
    "seats": r"seats?|licen[cs]es?|users?",
}
FIELD_WORDS = {field: rx(words) for field, words in _FIELDS.items()}
_FIELD = "|".join(_FIELDS.values())
UNSET = rx(
    rf"(?:no(?:\smore)?|remove|drop|without|forget(?:\sabout)?|clear|delete|unset|skip|take\s(?:off|out|away)|lift"
    rf"|leave\sout)\s"
    rf"(?:(?:the|any|my|our|that)\s)*(?P<field>{_FIELD})"
    r"|(?:don't|do\snot|dont)\s(?P<none>convert)(?:\s(?:it|anything|the\s\w+|to\s\w+))*"
)
SET_FIELD = rx(
    rf"(?:change|set|update|make|raise|lower|increase|decrease|reduce|move|switch|put|use)\s(?:the\s|my\s"
    rf"|our\s)?(?P<field>{_FIELD})"
    r"(?:\s(?:to|at|be|=|up\sto|down\sto|as|on))?\s(?P<value>\S.{0,120})"
)
PEOPLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("people", rx(r"(?:people|persons?|users?|adults?|of\sus|employees|staff|guests?|colleagues)")),
    ("passengers", rx(r"(?:passengers?|travell?ers?|tickets?)")),
    ("rooms", rx(r"rooms?")),
    ("nights", rx(r"nights?")),
    ("attendees", rx(r"(?:attendees?|participants?)")),
    ("seats", rx(r"seats?")),
)
CARD = rx(
    r"(?:(?:pay|paying|charge|take\sit|bill)\s)?(?:(?:it|me|this|everything|for\sit)\s)?(?:by|with|on|from|using|to"
    r"|use)?\s?(?:my\s|the\s|a\s)?"
    r"(?:own\s|credit\s|debit\s|personal\s|bank\s|private\s)*card"
)
PLAN = rx(
    r"(?:(?:use|switch\sto|change\sto|take|with|run|follow|go\swith|make\sit)\s)?(?:the\s"
    r"|an?\s)?(?:plan\s)?(?P<plan>saga|sequence|sequential)"
    r"(?:\splan)?|(?:change|switch|set)\sthe\splan\sto\s(?:the\s)?(?P<other>saga|sequence)"
)
NO_CONDITIONS = rx(r"(?:no|remove|drop|delete|forget|clear|without)\s(?:all\s|any\s|the\s|my\s)*conditions?")
PRICE = rx(
    r"(?:(?:set|change|make)\s)?(?:the\s|my\s)?(?:(?:unit\s)?price\s(?:of|for)\s(?:the\s)?)?(?P<thing>"
    rf"{_THING})(?:\s(?:unit\s)?price)?\s(?:at|@|to|for|is|are|cost|costs)\s(?:only\s)?"
    r"(?P<price>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)(?:\s(?:each|apiece|a\spiece|per\s\w+))?"
)
ONLY = rx(
    rf"(?:only|just|keep\sonly|keep\sjust|nothing\sbut)\s(?P<things>(?:the\s)?{_THING}(?:\s?(?:,|and"
    rf"|&)\s?(?:the\s)?{_THING})*)"
)
MAKE_THING = rx(r"(?:make|turn)\s(?:the|my|our)\s(?P<words>[^\W\d_][\w' -]{2,80})")
ONE_OF = rx(
    rf"(?P<lead>(?:(?:make|change|set)\s{_IT}(?:\s(?:to|at))?\s)?)(?:between\s)?(?P<n>{_N})\s?(?:or|to|and"
    rf"|-)\s?(?:maybe\s)?(?P<m>{_N})"
    rf"(?P<rest>(?:\s{_THING})?)"
)
MODES = {
    "flight": rx(r"flights?|planes?|fly(?:ing)?|air"),
    "train": rx(r"trains?|rail"),
    "bus": rx(r"bus(?:es)?|coach"),
    "ferry": rx(r"ferr(?:y|ies)|boat"),
    "car": rx(r"(?:rental\s)?cars?"),
    "taxi": rx(r"taxis?|cabs?"),
}
MODE = rx(
    r"(?:(?:make\s(?:it|that)|take|by|go\sby|travel\sby|change\s(?:it\s)?to|switch\sto|use|book)\s(?:an?\s|the\s)?)?"
    r"(?P<mode>flights?|planes?|fly(?:ing)?|air|trains?|rail|bus(?:es)?|coach|ferr(?:y|ies)|boat|cars?|taxis?|cabs?)"
    r"(?:\s(?:instead|rather))?"
)
START_OVER = rx(
    r"(?:start\sover|(?:remove|delete|drop|clear|cancel|scrap)\s(?:everything|all(?:\sof\sit|\sitems)?|it\sall|(?:the"
    r"|my|this)\s"
    r"(?:whole\s|entire\s)?order)|cancel)"
)

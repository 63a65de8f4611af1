"""Contacts, codes, delivery, priority and wallet: fields that a set phrase gives."""

from __future__ import annotations

import re

from core.composer.offline import answers
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import CUE, END, Draft
from core.composer.offline.wallets import read_named_wallet, read_wallet

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w@])",
    re.ASCII,
)
# 'email a@b': no address, and no part of a name.
_NO_EMAIL = rx(
    r"(?:\b(?:(?:my|our|the|with|and|at|to|by|via)\s)*(?:e-?mail|mail|contact|address)(?:\saddress|\sme\sat|\sto|\sat|\sis|:|\s=)?\s)?"
    r"(?<![\w@.+-])(?P<address>[a-z][\w.+-]{0,63}@[a-z][a-z.-]{0,63})(?![\w@])",
    words="@",
)
_PHONE = re.compile(r"(?<![\w.,$-])(?:\+|\(\+?)?\d(?:[ ().-]{0,2}\d){6,14}(?![\w])", re.ASCII)
_PHONE_CUE = rx(
    r"(?:\b(?:call|ring|phone|text|sms|mobile|cell|tel|telephone|number|whatsapp|reach|dial"
    r"|contact|message|fax)\b[^\n]{0,40}|\bat\s)\Z"
)
_DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{2,4}", re.ASCII)
# A long number that begins with 0 counts nothing.
_PHONE_SHAPE = re.compile(r"\+.*|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\d{3}-\d{4}|\(?0\d(?:[ ().-]{0,2}\d){8,10}", re.ASCII)
_IS_PHONE = rx(
    r"\s?(?:(?:is|'s|being)\s(?:my|our|the|his|her|a)\s(?:[a-z]+\s){0,2}?|\()(?:number|mobile|cell|phone|landline|line)\b"
)

_CUSTOMER = re.compile(
    r"(?i:\b(?:customer|cust\.?|client|account|acct\.?|member)(?:\s(?:id|no|number|code))?\b\.?(?:\sis)?)"
    r"[ :#]{0,3}((?=[\w-]*\d)[A-Z0-9][\w-]{2,30})|\b(CUST[_-]?\w{1,20})\b"
)
_PROMO = re.compile(
    r"(?i:(?:\b(?:with|use|using|apply|and)\s)?(?:\b(?:the|my"
    r"|our)\s)?\b(?:promo(?:tion(?:al)?)?|coupon|discount|voucher)(?:[ -]?code| number| no\.?)?|\b(?:with|use"
    r"|using|apply)\scode\b)"
    r"(?:\s?[:=]|\sis|\sof)?\s*[\"']?((?=[A-Z0-9_-]*[A-Z])[A-Z0-9][A-Z0-9_-]{2,24}|[a-z]{2,20}\d{1,4})\b[\"']?"
)

_CODE = re.compile(
    r"(?i:(?<!zip )(?<!area )(?<!post )(?<!dress )(?<!door )(?<!postal )(?<!gate )\bcode(?:\sis|\s?[:=])?)\s[\"']?"
    r"((?=[A-Z0-9_-]*[A-Z])(?=[A-Z0-9_-]*\d|[A-Z]{5})[A-Z0-9][A-Z0-9_-]{2,24})\b[\"']?"
)
# 'use coupon AB10 for 4 rugs'
_USED_FOR = rx(
    rf"\s(?:for|on)(?=\s(?:{NUMBER})\s(?!(?:days?|nights?|weeks?|hours?|years?|people|adults?|guests?|passengers?|rooms?|tickets?|seats?)\b)[a-z])"
)
_LEAD = r"(?:\b(?:with|by|via|using|on|for|and|please|i want|we want)\s)?(?:\b(?:an?|the|some)\s)?"
_IT = r"(?:\s(?:it|them|this|these|those|that|everything|all|the order|the goods|the items))?"
_SEND = rf"(?:\b(?:ship|send|deliver|dispatch)(?:ped|ed)?{_IT}(?:\s(?:by|via|with|as))?\s)?"
_SHIPPING = r"[ -]?(?:shipping|delivery|shipment|post|mail|courier|dispatch|service)"
# Whoever comes for the goods: 'our van will fetch them', "we'll come by for it", "I'll send my boy to pick 'em up".
_GOODS = r"(?:it|them|'em|em|this|these|those|everything|(?:the|my|our) (?:order|goods|items|lot|stuff))"
_COLLECT = (
    rf"(?:(?:collect|fetch|pick up|grab)(?:\s{_GOODS}\b|{END})|pick\s{_GOODS}\sup|(?<=\b(?:by|in) to )get\s{_GOODS}\b"
    rf"|(?:come|call|swing|stop|pop|drop)(?:\s(?:in|by|round|over|down|along))?\sfor\s{_GOODS}\b)"
)
_COMING = (
    r"(?:be (?:in |by |round |over |along )?to\s"
    r"|(?:come|pop|drop|swing|drive|stop)(?:\s(?:in|by|round|over|down|along))?\s(?:and|to)\s)?"
)
_FETCHED = rx(
    r"\b(?:i|we|he|she|they|some(?:one|body)|(?:my|our)\s[\w-]+(?:\s[\w-]+)?)"
    rf"(?:'ll|\s(?:will|can|shall|could|(?:is|are) (?:going|coming) to))\s{_COMING}{_COLLECT}"
    r"|\b(?:(?:i|we)(?:'ll|\swill|\scan|'m|'re|\sam|\sare)?\s)?send(?:ing)?\s(?:some(?:one|body)|an?\s[\w-]+"
    rf"|(?:my|our|the)\s[\w-]+(?:\s[\w-]+)?)\s(?:(?:round|over|down|along)\s)?"
    rf"(?:to\s{_COLLECT}|for\s{_GOODS}\b)"
)
_METHODS = (
    (
        "pickup",
        rx(
            rf"\b(?:i|we)(?:'?ll|\swill|\scan|\scould|\swould like to|\swant to)?\s(?:come and\s|come "
            rf"to\s)?(?:collect|pick\s(?:it|them|this|everything|the order)\sup|pick up\s(?:it|them"
            rf"|the order)|pick up){_IT}(?=\W|\Z)(?:\s(?:from|at|in)\s(?:the|your)\s\w+|\s(?:my"
            rf"|our)sel(?:f|ves)|\sin person)*"
            r"|\bpick(?:ed|ing)?[ -]?up\s(?:(?:it|them|this|everything)\s)?(?:by\s)?(?:ourselves|myself|in person)\b"
            rf"|{_LEAD}\b(?:(?:in-)?store|curbside|local|customer)\s?(?:pick-?\s?up|collection)\b"
            rf"|\bfor (?:pick-?\s?up|collection|carry-?\s?out|take-?\s?(?:out|away))\b"
            rf"|{_LEAD}\b(?:for\s)?(?<!airport )(?:pick-?up|collection){END}|\bclick (?:and|&) collect\b"
            rf"|\bcollect(?:ing)?\s(?:it|them|in person|from (?:the|your) \w+)",
            words="carry click collect come curbside customer local pick store take",
        ),
    ),
    ("pickup", _FETCHED),
    (
        "overnight",
        rx(
            rf"{_SEND}{_LEAD}\b(?:overnight(?:ed)?|next[ -](?:business[ -])?day|one-day|one\sday(?={_SHIPPING})|24"
            rf"[ -]?h(?:our)?)(?:{_SHIPPING}\b|{END})|\bovernight\s{_GOODS}(?=\W|\Z)",
            words="- 0 hour next one overnight",
        ),
    ),
    (
        "express",
        rx(
            rf"{_SEND}{_LEAD}\b(?:(?:express|expedited|rush|fast(?:est)?|quick(?:est)?|rapid|speed(?:y|iest)"
            rf"|priority|first[ -]class){_SHIPPING}\b|(?:express|expedited){END}"
            r"|(?:fast|quick|speedi)est\s(?:you(?:'ve got| have| can| offer)|way|option|service|possible)\b)"
            rf"|\bexpedite(?:{_IT}"
            rf"|\s(?:the\s)?{_SHIPPING.removeprefix('[ -]?')}){END}",
            words="express fast first priority quick rapid rush speedy",
        ),
    ),
    (
        "standard",
        rx(
            rf"{_SEND}{_LEAD}\b(?:standard|regular|normal|ordinary|ground|second[ -]class|surface|parcel|snail"
            rf"|slow(?:est)?|cheap(?:est)?|economy|basic){_SHIPPING}\b(?:\s(?:is\s)?(?:fine|ok(?:ay)?|will do))?"
            rf"|\b(?:ship|send|deliver|dispatch)(?:ped|ed)?{_IT}\s(?:(?:by|via|with|as)\s)?(?:standard|regular|ground){END}"
            r"|(?<=[,;.]\s)(?:by\s)?(?:standard|regular)(?=\s*(?:\Z|[.,;!\n\0]|instead\b|(?:is|will|would)\s))"
            r"(?:\s(?:is|will|would)\s(?:be\s)?(?:fine|ok(?:ay)?|do|enough))?",
            words=", . ; basic cheap deliver dispatch economy ground normal ordinary parcel regular second send "
            "ship slow snail standard surface",
        ),
    ),
)
_PICKUP_ORDER = rx(r"\b(?:pick-?\s?up|carry-?\s?out|collection)(?=\sorders?\b)")
_PRIORITIES = (
    (
        "low",
        rx(
            r"\b(?:(?:no|nae|nay|not? (?:in )?any) (?:(?:great|real|particular|big|huge|special|mad|terrible) )?"
            r"(?:rush|hurry|urgency|haste|panic)|not (?:at all )?(?:urgent|pressing|in a (?:rush|hurry)|time"
            r"[ -]critical)"
            r"|nothing (?:urgent|pressing)"
            r"|(?:in your own|take your(?: own)?) time|at your leisure|no (?:deadline|time pressure)"
            r"|(?:it|this|they|these|that|order) can wait|any time (?:will do|is fine)|when you get round to it"
            r"|no bother (?:when|how long)\b[^.,;!?\n]*|isn't urgent|low[ -]priority"
            r"|priority\W{0,2}(?:is )?low|take your time"
            r"|whenever (?:you can|possible|(?:it )?suits(?: you)?|(?:is |it's )?convenient))\b",
            words="any big bother can deadline great haste huge hurry isn low mad nae nay not order panic "
            "particular priority real rush special take terrible that this time urgency when your",
        ),
    ),
    (
        "high",
        rx(
            r"\b(?:asap|a\.s\.a\.p|pronto|right now|stat(?=\W*\Z)"
            r"|as (?:soon|quickly|fast|swiftly|promptly) as (?:(?:is|humanly|physically) ){0,2}possible"
            r"|right away"
            r"|straight ?away|at once|immediately|urgent(?:ly)?|(?:high|top|highest)[ -]priority"
            r"|(?:top|great|utmost|extreme|some) urgency"
            r"|(?:need|want)(?:s|ed)? (?:it|them|these|this|those|all of it) yesterday"
            r"|on the double|double[ -]quick|chop[ -]chop|post-?haste|soonest|please hurry(?: up)?"
            r"|as (?:soon|fast|quick(?:ly)?) as you (?:possibly )?can|(?:it's|this is|is) an emergency|on a rush basis"
            rf"|priority\W{{0,2}}(?:is )?(?:high|urgent)|time[ -](?:critical|sensitive)|in a (?:rush"
            rf"|hurry)|without delay|(?:it's|this is|is)\s(?:very |really )?critical|critical{END})"
        ),
    ),
    ("medium", rx(r"\b(?:medium|normal|standard|moderate)[ -]priority\b|\bpriority\W{0,2}(?:is )?(?:medium|normal)\b")),
)

_NAMED = r"(?:[A-Z0-9][^\s,;.!?\n\0]*)"
STREET = (
    r"\d{1,5}[A-Za-z]?\s(?:[\w'.-]+\s){0,3}?(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court"
    r"|place|square|terrace|close|highway|parkway|row|crescent|grove|mews|trail|loop|alley|heights|gardens|plaza|quay"
    r"|hill|park)\b\.?"
    r"(?:,?\s(?i:apt|apartment|unit|suite|floor|flat|no)\b\.?\s?#?\w{1,6})?"
)
_PREMISE = (
    r"(?i:office|warehouse|branch|store|site|house|home|headquarters|hq|shop|school|hotel|clinic|depot|factory|plant"
    r"|lab)"
)
_DAY_NAME = r"(?:(?i:mon|tues|wednes|thurs|fri|satur|sun)day|(?i:today|tomorrow|asap))\b"
_PLACE = rf"(?!{_DAY_NAME})(?!\d+\s[a-z]){_NAMED}"
_PAPERS = r"invoice|receipt|confirm|e-?mail|cop(?:y|ies)|quote|bill\b"
# Where goods go: a street, a place by its name, 'our warehouse in Leeds', and 'ship to berlin' at the end of a phrase.
_ADDRESS = re.compile(
    rf"(?i:\b(?:ship|deliver|send|dispatch)(?:ped|ed|ing)?(?P<what>(?:\s(?!to\b|{_PAPERS})[\w'-]+){{0,5}})\s(?:to|at)\b"
    r"|\bto\s(?:my|our|his|her|their)\s[\w-]+(?:\s[\w-]+)?\sat(?=\s\d)"
    r"|\b(?:shipping |delivery )?address\s?(?:is|:)|\bdeliver(?:y|ed) (?:to|at)\b)\s?"
    rf"(?:(?i:my|our|her|his)\s[\w-]+\sin\s(?={_NAMED}\b)(?!(?i:our|my)\s{_PREMISE}))?"
    rf"(?:[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?,?\sat\s(?=\d{{1,5}}\s))?"
    rf"(?P<where>{STREET}(?:,?\s{_PLACE}){{0,6}}"
    rf"|(?i:the |our |my )?{_PLACE}(?:(?:\s(?i:of|the|de|la|am|an der|in|and)\b)?,?\s{_PLACE}){{0,12}}"
    rf"(?:\s{_PREMISE}\b)?|(?i:the|our|my)\s(?:[\w-]+\s){{0,2}}?{_PREMISE}\s(?:in|at|on)\s(?:{STREET}"
    rf"|(?!\d){_PLACE}(?:,?\s{_PLACE}){{0,4}}))"
)
_NO_TOWN = rf"(?:me|us|you|him|her|them|the|my|our|your|his|their|a|an|this|that|each|every|all|{NUMBER}|{_DAY_NAME})\b"
_TO_TOWN = rx(
    r"\b(?:ship(?:ped|ping)?|deliver(?:ed|y)?)(?P<what>(?:\s(?!to\b)[\w'-]+){0,5})\sto\s"
    rf"(?P<where>(?!{_NO_TOWN})[^\W\d_]{{3,20}}(?:\scity)?){END}"
)
_IT_ONLY = rx(_IT)
# 'ship it not to Berlin, to Hamburg'.
_REFUSED = rx(r"\s(?:but\s)?(?:not|never)\Z")
_TO_INSTEAD = re.compile(rf"(?i:,?\s(?:but\s|rather\s)*to\s)(?P<where>{_PLACE}(?:\s{_PLACE}){{0,3}})")


def read_contacts(draft: Draft) -> None:
    """E-mail address, phone number, customer id, promo code."""
    for match in _EMAIL.finditer(draft.rest):
        draft.give("customer_email", match[0], match)
    for match in _NO_EMAIL.finditer(draft.rest):
        draft.tell(answers.no_such_address(match["address"]), *match.span())
        draft.skip(*match.span())
    for match in _CUSTOMER.finditer(draft.rest):
        draft.give("customer_id", match[1] or match[2], match, 1 if match[1] else 2)
    for match in _PROMO.finditer(draft.rest):
        draft.give("promo_code", match[1], match, 1)
        if goods := _USED_FOR.match(draft.rest, match.end()):
            draft.claim(*goods.span(), CUE)
    for match in _CODE.finditer(draft.rest):
        draft.give("promo_code", match[1], match, 1)
    for match in _PHONE.finditer(draft.rest):
        before, after = draft.rest[max(0, match.start() - 60) : match.start()], draft.rest[match.end() :][:40]
        if _is_phone(match, before, after):
            draft.give("phone_number", match[0], match)


def _is_phone(match: re.Match[str], before: str, after: str) -> bool:
    digits = sum(character.isdigit() for character in match[0])
    if _DATE_LIKE.match(match[0]) or not 7 <= digits <= 15:
        return False
    return bool(_PHONE_SHAPE.fullmatch(match[0]) or _PHONE_CUE.search(before) or _IS_PHONE.match(after))


# 'returning the next day' is the day of a trip.
_COMES_BACK = rx(r"\b(?:return(?:ing)?|back|home|leav(?:e|ing)|check(?:ing)?[ -]out)\s(?:on\s)?(?:the\s)?next[ -]day\Z")


def read_delivery(draft: Draft) -> None:
    """Address, shipping method, priority, wallet."""
    read_named_wallet(draft)
    _read_address(draft)
    for method, pattern in _METHODS:
        for match in pattern.finditer(draft.rest):
            if not _COMES_BACK.search(draft.rest[max(0, match.start() - 30) : match.end()]):
                draft.give("shipping_method", method, match)
    for match in _PICKUP_ORDER.finditer(draft.rest):
        draft.give("shipping_method", "pickup", match)
    for priority, pattern in _PRIORITIES:
        for match in pattern.finditer(draft.rest):
            draft.give("priority", priority, match)
    read_wallet(draft)


def _read_address(draft: Draft) -> None:
    """Where the goods go; what stands between 'ship' and 'to' is left to other readers, unless it is 'it'."""
    for pattern in (_ADDRESS, _TO_TOWN):
        for match in pattern.finditer(draft.rest):
            sent = match.groupdict().get("what") or ""
            refused = _REFUSED.search(sent)
            if refused or draft.declines("address", match["where"], *match.span()):
                draft.decline("address", match["where"])
                draft.claim(match.start("what") + refused.start() if refused else match.start(), match.end())
                if instead := _TO_INSTEAD.match(draft.rest, match.end()):
                    draft.give("address", instead["where"], instead, "where")
                continue
            if "address" not in draft.values:
                draft.values["address"] = match["where"]
                draft.note("address", *match.span("where"))
            draft.claim(match.start() if not sent or _IT_ONLY.fullmatch(sent) else match.end("what"), match.end())

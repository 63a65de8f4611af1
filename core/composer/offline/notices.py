"""What the customer wants to hear, by which channel, and what to do when something fails."""

from __future__ import annotations

import re
from itertools import islice

from core.composer.offline.text import Draft, rx

_EMAIL = r"(?:e-?mail(?:s|ed|ing)?|mail(?:s|ing)?)"
_SMS = r"(?:sms(?:es|'s)?|text(?:s|ed|ing)?(?: messages?)?)"
_CALL = r"(?:(?:phone )?call(?:s|ed|ing)?|phon(?:e|ing)|ring(?:ing)?|telephone)"
_ANY = rf"(?:{_EMAIL}|{_SMS}|{_CALL})"
_CHANNELS = (("email", rx(rf"{_EMAIL}\Z")), ("sms", rx(rf"{_SMS}\Z")), ("call", rx(rf"{_CALL}\Z")))
_WHO = r"(?:me|us|him|her|them|anyone|anybody|[\0]+)"
_TAIL = rf"(?:\s{_WHO})?(?:\s(?:about (?:it|this)|(?:when|once|as soon as|after) (?:[\w']+\s?){{1,6}}))?"

_NONE = rx(
    r"\b(?:without|no|don't (?:send|want)|do not (?:send|want)|skip|no need for)\s(?:me\s"
    r"|us\s)?(?:any\s|all\s|the\s)?(?:notifications?|notices|messages|alerts)(?:\swhatsoever"
    r"|\sat all|\splease)*\b"
)
_NOT = rx(
    rf"\b(?:no|not|never|without|skip|don't|dont|do not|does not|please don't|instead of"
    rf"|rather than|no need (?:to|for)|neither|stop)\b"
    rf"(?:\s(?:need|send|want|bother|to|me|us|any|an?|the|by|via|with"
    rf"|like)){{0,4}}\s(?P<list>{_ANY}(?:\s?(?:,(?!\s(?:an?|just|only|please)\b)|/|\bor\b|\band\b"
    rf"|\bnor\b)(?:\s?(?:or|and|nor"
    rf"|any|an?|no)){{0,2}}\s?{_ANY}){{0,2}})\b{_TAIL}(?!\s?only)"
)
_ONLY = rx(
    rf"\b(?P<a>{_ANY})(?:\s(?:notifications?|confirmations?|updates?|messages?))?\sonly\b"
    rf"|\bonly\s(?:send\s|notify\s|contact\s)?(?:me\s|us\s)?(?:by\s|via\s|an?\s)?(?P<b>{_ANY})\b{_TAIL}"
)
_WANTED = rx(
    rf"\b(?:(?:just|please|and|then|also)\s)*(?:(?P<a1>{_EMAIL}|{_SMS}|{_CALL})\s?(?:or|and|&|/"
    rf"|,)\s?)?(?P<a>{_EMAIL}|{_SMS}"
    rf"|(?!(?:tele)?phone\s[\0]){_CALL})\s{_WHO}{_TAIL}(?:\s(?:the|a|my|our|your)\s(?:receipt|confirmation|invoice"
    rf"|details|updates?|status|quote))?"
    rf"|\b(?:(?:notify|contact|tell|update|inform|alert|confirm|reach"
    rf"|let)\b(?:\s[\w']+){{0,5}}\s)?(?:by|via|through|over)\s(?:an?\s|both\s)?(?P<b>{_EMAIL}|{_SMS}"
    rf"|{_CALL})(?:\s?(?:and|,|&)\s(?:by\s|via\s)?(?P<c>{_EMAIL}|{_SMS}|{_CALL}))?\b"
    rf"|\bgive\s{_WHO}\sa\s(?P<d>call|ring|phone call)\b{_TAIL}"
    rf"|\b(?:send|want|get|drop|shoot|receive|like)\s(?:{_WHO}\s)?(?:an?\s"
    rf"|the\s)(?:\w+\s)?(?P<e>{_EMAIL}|{_SMS}|(?:phone )?call)\b{_TAIL}"
    rf"|\b(?P<f>{_EMAIL}|{_SMS}|{_CALL})\s(?:confirmations?|notifications?|receipts?|updates?|alerts?|reminders?)\b"
    rf"|\b(?P<i>{_EMAIL}|{_SMS})\s(?:the|a|my|our|your)\s(?:receipt|confirmation|invoice"
    rf"|details|updates?|status|quote|itinerary)\b"
    rf"|\b(?P<g>{_CALL}|{_EMAIL}|{_SMS})\s(?:when|once|after|before)\s(?:[\w']+\s?){{1,5}}"
    rf"|\b(?P<j>{_EMAIL}|{_SMS}|{_CALL})\s(?:is|would be|works|will do)\b(?:\s(?:fine|ok(?:ay)?|enough|best|preferred"
    r"|better|good|great|perfect))?"
    rf"|\b(?P<h>sms)\b"
)
# 'email a@b.co', 'phone: 030 1234567': where to reach somebody, no wish for a message.
_LABEL = rx(
    r"(?<!and )(?<!then )(?<!just )(?<!also )(?<!please )(?<!to )\b(?:(?:my|our|the|contact)\s)?(?:e-?mail|mail"
    r"|(?:tele)?phone|tel|mobile|cell)"
    r"(?: address| number| no\.?)?\s?(?:is|:|=)?(?=\s?\0)(?!\s?\0++\s(?:when|once|as soon as|after)\b)"
)
_SENT_TO = rx(
    r"\b(?:send|forward)\s(?:[\w']+\s){0,4}(?:confirmations?|receipts?|invoices?|details"
    r"|updates?|notifications?)\s(?:[\w']+\s){0,3}to\b"
)

_IF = rx(r"\b(?:if|in case(?: of)?|in the event (?:of|that)|should|whenever|when|unless)\b")
_FAIL = (
    r"(?:fail\w*|problem|issue|trouble|error|go(?:es)? wrong|doesn't work|does not work"
    r"|(?:doesn't|does not|won't|can't) (?:go through|clear|work)|lost|bounces?|declin\w+"
    r"|reject\w*|refus\w+|denied)"
)
_EVENTS = {
    "out_of_stock": rx(
        r"\b(?:out of (?:stock|it|them|that|those|any)|(?:not|isn't|aren't) (?:in stock|available)|unavailable"
        r"|sold out|no "
        r"stock|runs? out|back-?ordered)\b"
    ),
    "payment_failed": rx(
        rf"\b(?:payment|card|charge|charging|transaction|paying"
        rf"|billing)\b(?:\s[\w']+){{0,3}}?\s{_FAIL}\b|\b{_FAIL}\s(?:[\w']+\s){{0,3}}(?:payment|card"
        rf"|charge)\b"
    ),
    "over_budget": rx(
        r"\bover (?:the |our |my )?budget\b|\bexceeds?\b|\b(?:costs?|comes to|total is|price is"
        r"|goes|is)\s(?:more than|over|above|\0)|\A\s(?:it|they|this|that|the (?:total|price|cost"
        r"|order))(?:'s|\sis|\sgoes|\scomes)?\s\0|\btoo (?:expensive|dear)\b|\babove (?:the |our "
        r"|my )?budget\b"
    ),
    "delayed": rx(
        r"\b(?:delay\w*|late|slips?|takes? longer|behind schedule|(?:won't|doesn't|does not"
        r"|can't) (?:arrive|make it|be here|be delivered))\b"
    ),
    "shipping_failed": rx(
        r"\b(?:can't|cannot|can not|could not|couldn't|won't|fails? to|unable to) (?:be )?(?:ship(?:ped)?"
        r"|deliver(?:ed)?"
        r"|dispatch(?:ed)?)\b|"
        rf"\b(?:shipping|shipment|delivery|delivering|courier"
        rf"|shipped)\b(?:\s[\w']+){{0,3}}?\s{_FAIL}\b|\b{_FAIL}\s(?:[\w']+\s){{0,3}}(?:shipping"
        rf"|shipment|delivery)\b"
    ),
}
_ACTIONS = rx(
    r"\b(?:(?P<cancel>cancel|abort|call (?:it|the order|everything) off|forget|scrap)"
    r"|(?P<sms>sms|text|message)|(?P<email>e-?mail|mail|write to)"
    r"|(?P<call>(?:give (?:me|us) a )?(?:call|ring)|phone))\b(?:\s(?:me|us|it|them|everything"
    r"|(?:the|my|our|this|that)(?:\s(?:whole|entire))?\s(?:order|booking|purchase|thing)|the "
    r"team))?(?:\s(?:at|on)\s\0+)?"
)
MOST_CONDITIONS = 20
_CLAUSE = re.compile(r"[^.;!?\n]*")


def read_conditions(draft: Draft) -> None:
    """'if shipping fails call me', 'cancel the order if the payment is declined'."""
    found: list[dict[str, str]] = []
    for match in islice(_IF.finditer(draft.rest), MOST_CONDITIONS):
        clause = _CLAUSE.match(draft.rest, match.end())
        event, at = _event(clause[0][:120]) if clause else ("", 0)
        if not event or not clause:
            continue
        action = _ACTIONS.search(draft.rest, match.end() + at, min(clause.end(), match.end() + at + 100))
        if action and _IF.match(draft.rest, action.end() + 1):  # it belongs to the next 'if'
            action = None
        start, end = match.start(), action.end() if action else match.end() + at
        if action is None:
            action = _action_before(draft.rest, match.start())
            start = action.start() if action else start
        if action is None:
            continue
        found.append({"if": event, "then": action.lastgroup or ""})
        draft.note(f"conditions.{len(found) - 1}", start, end)
        draft.claim(start, end)
    if found:
        draft.values["conditions"] = found


def _event(clause: str) -> tuple[str, int]:
    """(event, where its words end) of the failure named first; ('', 0) where none is."""
    first = ("", 0, len(clause))
    for event, pattern in _EVENTS.items():
        match = pattern.search(clause)
        if match and match.start() < first[2]:
            first = (event, match.end(), match.start())
    return first[0], first[1]


def _action_before(rest: str, end: int) -> re.Match[str] | None:
    """The last action before 'if', in the same clause."""
    start = max(rest.rfind(sign, 0, end) for sign in ".;!?\n") + 1
    found = list(_ACTIONS.finditer(rest, max(start, end - 80), end))
    return found[-1] if found else None


def read_notifications(draft: Draft) -> None:
    """Channels asked for and declined; an address alone asks for nothing."""
    wanted: dict[str, bool] = {}
    for match in _NONE.finditer(draft.rest):
        _say(draft, wanted, dict.fromkeys(("email", "sms", "call"), False), match)
    for match in _NOT.finditer(draft.rest):
        _say(draft, wanted, dict.fromkeys(_named(match["list"]), False), match)
    for match in _ONLY.finditer(draft.rest):
        only = _named(match["a"] or match["b"])
        _say(draft, wanted, {name: name in only for name, _ in _CHANNELS}, match)
    for match in _LABEL.finditer(draft.rest):
        draft.claim(*match.span())
    for match in _SENT_TO.finditer(draft.rest):
        if re.match(r"\s?\0", draft.rest[match.end() :]) and "customer_email" in draft.values:
            _say(draft, wanted, {"email": True}, match)
    for match in _WANTED.finditer(draft.rest):
        channels = [name for words in match.groups() if words for name in _named(words)]
        _say(draft, wanted, dict.fromkeys(channels, True), match)
    if wanted:
        draft.values["notifications"] = wanted


def _named(words: str) -> list[str]:
    pieces = re.split(r"\s?(?:,|/|\b(?:or|and|nor|any|an?|no)\b)\s?", words, flags=re.IGNORECASE)
    return [name for piece in pieces for name, pattern in _CHANNELS if piece and pattern.match(piece)]


def _say(draft: Draft, wanted: dict[str, bool], said: dict[str, bool], match: re.Match[str]) -> None:
    for name, value in said.items():
        if name not in wanted:
            wanted[name] = value
            draft.note(f"notifications.{name}", *match.span())
    draft.claim(*match.span())

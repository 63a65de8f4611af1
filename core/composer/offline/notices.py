"""What the customer wants to hear, by which channel, and what to do when something fails."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import NamedTuple

from core.composer.offline.negation import negated_at
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_EMAIL = r"(?:e-?mail(?:s|ed|ing)?|mail(?:s|ing)?|writ(?:e|ing) to)"
_SMS = r"(?:sms(?:es|'s)?|te?xt(?:s|ed|ing)?(?: messages?)?)"
_CALL = r"(?:(?:phone )?call(?:s|ed|ing)?|phon(?:e|ing)|ring(?:ing)?|telephone)"
_ANY = rf"(?:{_EMAIL}|{_SMS}|{_CALL})"
_CHANNELS = (
    ("email", rx(rf"(?:{_EMAIL}|line|note)\Z")),
    ("sms", rx(rf"{_SMS}\Z")),
    ("call", rx(rf"(?:{_CALL}|bell|buzz|tinkle)\Z")),
)
_WHO = r"(?:me|us|him|her|them|anyone|anybody|[\0]+)"
_TAIL = rf"(?:\s{_WHO})?(?:\s(?:about (?:it|this)|(?:when|once|as soon as|after) (?:[\w']+\s?){{1,6}}))?"

_NONE = rx(
    r"\b(?:without|no|(?:don't|do not) (?:send|want|need)|never send|skip|stop|no need (?:for|to send))\s"
    r"(?:me\s|us\s)?(?:any\s|all\s|the\s|more\s|further\s)*"
    r"(?:notifications?|notices|messages|alerts|updates|reminders|communications?|pings|progress reports)"
    r"(?:\s(?:whatsoever|at all|please|of any (?:kind|sort)|(?:is |are )?(?:needed|required|necessary|wanted)))*"
    r"(?!\s(?:by|via)\b)\b"
)
_LEAVE_ALONE = rx(
    r"\b(?:do not|don't|dont|never|no need to|(?:nobody|no one) (?:needs|has) to)\s(?:please\s|bother to\s)?"
    r"(?:keep\s(?:me|us)\s(?:updated|posted|informed|in the loop)|(?:notify|contact|message|inform|update)\s(?:me|us)"
    r"(?:\s(?:at all|about (?:it|this|anything)))?"
    r"|send\s(?:me|us)\sanything)(?=\s*(?:\Z|[.,;!\n\0]|(?:and|but|please)\b))"
)
_NOT = rx(
    rf"\b(?:no|not|never|without|skip|don't|dont|do not|does not|please don't|instead of"
    rf"|rather than|no need (?:to|for)|neither|stop|nobody|no one|no-one|than)\b"
    rf"(?:\s(?:needs?|has|should|must|send|want|bother|to|me|us|any|an?|the|by|via|with"
    rf"|like)){{0,4}}\s(?P<list>{_ANY}(?:\s?(?:,(?!\s(?:an?|just|only|please)\b)(?!\s{_ANY}\s(?:is|will|would|works?|does|suffices|me|us|instead|only)\b)|/|\bor\b|\band\b"
    rf"|\bnor\b)(?:\s?(?:or|and|nor"
    rf"|any|an?|no|by|via)){{0,2}}\s?{_ANY}){{0,2}})\b{_TAIL}(?!\s?only)",
    words="does don instead need neither never no nobody not one please rather skip stop than without",
)
# 'no marketing emails': nothing about this order is declined.
_MARKETING = rx(
    r"\b(?:no|without|never|(?:don't|dont|do not)(?:\swant)?)\s(?:send\s)?(?:me\s|us\s)?(?:any\s|your\s|more\s)*"
    r"(?:marketing|promotional|promo|junk|spam)\s(?:e-?mails?|mail|texts?|messages?|calls?|stuff|material)\b",
    words="marketing promotional promo junk spam",
)
# 'email alerts off'.
_OFF = rx(
    rf"\b(?P<list>{_ANY})(?:\s(?:alerts?|notifications?|updates?|messages?))?\s(?:(?:turned|switched)\s)?off\b",
    words="off switched turned",
)
_ONLY = rx(
    rf"\b(?P<a>{_ANY})(?:\s(?:notifications?|confirmations?|updates?|messages?))?\sonly\b"
    rf"|\bonly\s(?:send\s|notify\s|contact\s)?(?:me\s|us\s)?(?:by\s|via\s|an?\s)?(?P<b>{_ANY})\b{_TAIL}"
)
# 'call me a cab' asks for the cab, 'call me an hour before' for a call.
_CALLED_FOR = (
    r"(?:call|ring|phone)\s(?:me|us|him|her|them)\san?\s(?!(?:few|couple|bit|little|day|week|hour|minute|while|moment"
    r"|second|time|half|quarter|good|full|short)\b)"
)
_WANTED = rx(
    rf"\b(?:(?:just|please|and|then|also)\s)*(?:(?P<a1>{_EMAIL}|{_SMS}|{_CALL})\s?(?:or|and|&|/"
    rf"|,)\s?)?(?P<a>{_EMAIL}|{_SMS}"
    rf"|(?!(?:tele)?phone\s[\0])(?!{_CALLED_FOR}){_CALL})\s{_WHO}{_TAIL}(?:\s(?:the|a|my|our|your)\s(?:receipt|confirmation|invoice"
    rf"|details|updates?|status|quote))?"
    rf"|\b(?:(?:notify|contact|tell|update|inform|alert|confirm|reach"
    rf"|let)\b(?:\s[\w']+){{0,5}}\s)?(?:by|via|through|over)\s(?:an?\s|the\s|both\s)?(?P<b>{_EMAIL}|{_SMS}"
    rf"|{_CALL})(?:\s?(?:and|,|&)\s(?:by\s|via\s)?(?P<c>{_EMAIL}|{_SMS}|{_CALL}))?\b"
    rf"|\bgive\s(?:{_WHO}|(?:the|our|my|his|her)\s[\w'-]+(?:\s[\w'-]+)?)\sa\s(?:quick\s)?"
    rf"(?P<d>call|ring|phone call|bell|buzz|tinkle)\b{_TAIL}"
    rf"|\b(?:drop|send)\s{_WHO}\sa\s(?P<n>line|note)\s(?:at|to|on)\s\0++{_TAIL}"
    rf"|\bboth\s(?P<p>{_ANY})\sand\s(?P<q>{_ANY})\b"
    rf"|\b(?:just|only|simply)\s(?P<o>{_EMAIL}|{_SMS}|{_CALL})(?=\s*(?:\Z|[.,;!\n]|please\b))"
    rf"|\b(?P<m>{_EMAIL}|{_SMS}|{_CALL})\s(?:instead|preferred|preferably)(?=\s*(?:\Z|[.,;!\n]|please\b))"
    rf"|\b(?:send|want|get|drop|shoot|receive|like|ping|fire|flick|leave|pop)\s(?:{_WHO}\s)?(?:an?\s"
    rf"|the\s)(?:\w+\s)?(?P<e>{_EMAIL}|{_SMS}|(?:phone )?call)\b{_TAIL}"
    rf"|\b(?P<f>{_EMAIL}|{_SMS}|{_CALL})\s(?:confirmations?|notifications?|receipts?|updates?|alerts?|reminders?)\b"
    rf"|\b(?P<i>{_EMAIL}|{_SMS})\s(?:the|a|my|our|your)\s(?:receipt|confirmation|invoice"
    rf"|details|updates?|status|quote|itinerary)\b"
    rf"|\b(?P<k>{_EMAIL}|{_SMS}|{_CALL})\s(?:my|our|the|his|her)\s(?!confirmation|receipt|invoice|details|ticket)(?:[a-z'-]+\s){{1,3}}?"
    rf"(?:(?:on|at)\s?\0++(?:\s(?:when|once|as soon as|after|before)\s(?:[\w']+\s?){{1,6}})?"
    rf"|(?:when|once|as soon as|after|before)\s(?:[\w']+\s?){{1,6}})"
    rf"|\b(?P<l>e-?mail|{_SMS})\s(?:(?:the|a|my|our|your)\s)?(?:[a-z]+\s)?(?:(?:e-?)?tickets?|receipt|confirmation|invoice"
    rf"|details|itinerary|tracking(?: number| link| code)?|boarding pass(?:es)?)(?:\s(?:over\s)?to\s(?:me|us|\0++))"
    rf"|\b(?P<g>{_CALL}|{_EMAIL}|{_SMS})\s(?:when|once|after|before)\s(?:[\w']+\s?){{1,5}}"
    rf"|\b(?P<j>{_EMAIL}|{_SMS}|{_CALL})\s(?:is|would be|works|will do|suffices|will suffice|does it)\b"
    r"(?:\s(?:fine|sufficient|ok(?:ay)?|enough|best|preferred"
    r"|better|good|great|perfect))?"
    rf"|\b(?P<h>sms)\b",
    words="email mail write sms text txt message call ring phone telephone bell buzz tinkle line note",
)
# 'email a@b.co', 'phone: 030 1234567': where to reach somebody, no wish for a message.
_LABEL = rx(
    r"(?<!and )(?<!then )(?<!just )(?<!also )(?<!please )(?<!to )\b(?:(?:my|our|the|contact)\s)?(?:e-?mail|mail"
    r"|(?:tele)?phone|tel|mobile|cell)"
    r"(?: address| number| no\.?)?\s?(?:is|:|=)?(?=\s?\0)(?!\s?\0++\s(?:when|once|as soon as|after)\b)",
    words="\0",
)
_SENT_TO = rx(
    r"\b(?:send|forward)\s(?:[\w']+\s){0,4}(?:confirmations?|receipts?|invoices?|details"
    r"|updates?|notifications?)\s(?:[\w']+\s){0,3}to\b"
)

_IF = rx(
    r"\b(?:if|in case(?: of)?|in the event (?:of|that)|should|whenever|when|unless)\b",
    words="case event if should unless when",
)
_FAIL = (
    r"(?:fail\w*|(?:problem|issue|trouble|error|hiccup)s?|go(?:es)? wrong|doesn't work|does not work"
    r"|(?:doesn't|does not|don't|won't|can't|cannot|not|didn't|did not|never) (?:go(?:es)? through|clears?|works?)"
    r"|lost|bounces?|declin\w+"
    r"|reject\w*|refus\w+|denied)"
)
_EVENTS = {
    "out_of_stock": rx(
        r"\b(?:out of (?:stock|it|them|that|those|any)"
        r"|(?:(?:don't|do not|dont|haven't|have not) (?:have|got)|haven't|have no)"
        r" (?:got )?(?:it|them|any|enough|that|those|these|all of (?:it|them)|the full \w+|stock)"
        r"|(?:none|nothing) left|(?:it is|it's|they are|they're) gone|(?:not|isn't|aren't) (?:in stock|available)"
        r"|unavailable|sold out|no stock|runs? out|back-?ordered)\b"
    ),
    "payment_failed": rx(
        rf"\b(?:payment|card|charge|charging|transaction|paying"
        rf"|billing)\b(?:\s[\w']+){{0,3}}?\s{_FAIL}\b|\b{_FAIL}\s(?:[\w']+\s){{0,3}}(?:payment|card"
        rf"|charge)\b"
    ),
    "over_budget": rx(
        r"\bover (?:the |our |my )?budget\b|\bexceeds?\b|\b(?:costs?|comes to|total is|price is"
        r"|goes|is)\s(?:more than|over|above|\0)|\b(?:price|total|cost|bill)\s(?:goe?s?|climbs?|rises?|gets?)\s\0"
        r"|\A\s(?:it|they|this|that|the (?:total|price|cost"
        r"|order))(?:'s|\sis|\sgoes|\scomes)?\s\0|\btoo (?:expensive|dear)\b|\babove (?:the |our "
        r"|my )?budget\b"
    ),
    "delayed": rx(
        r"\b(?:delay\w*|late|hold-?ups?|held up|slips?|takes? longer|behind schedule|(?:won't|doesn't|does not"
        r"|can't) (?:arrive|make it|be here|be delivered))\b"
    ),
    "shipping_failed": rx(
        r"\b(?:can't|cannot|can not|could not|couldn't|won't|fails? to|unable to) (?:be )?(?:ship(?:ped)?"
        r"|deliver(?:ed)?"
        r"|dispatch(?:ed)?)\b|"
        rf"\b(?:shipping|shipment|delivery|delivering|courier"
        rf"|shipped)\b(?:\s[\w']+){{0,3}}?\s{_FAIL}\b|\b(?:courier|carrier|post)\s(?:loses?|drops?|breaks?)\b|\b{_FAIL}\s(?:[\w']+\s){{0,3}}(?:shipping"
        rf"|shipment|delivery)\b"
    ),
}
_ACTIONS = rx(
    r"\b(?:(?P<cancel>cancel|abort|call (?:it|the order|everything) off|forget|scrap|undo|roll back|refund"
    r"|(?:bin|ditch|drop|kill)(?= (?:it|them|(?:the|my|our) (?:order|lot|whole))\b)"
    r"|(?:give me )?(?:my )?money back|(?:do not|don't|dont) (?:charge|bill)(?! (?:the|my|our)\b)"
    r"|(?:do not|don't|dont) (?:order|buy|get|book|place|ship|send)(?= (?:it|them|anything|this|the order)\b))"
    r"|(?P<sms>sms|text|message)|(?P<email>e-?mail|mail|write to)"
    r"|(?P<call>(?:give (?:me|us) a )?(?:call|ring)|phone))\b(?:\s(?:me|us|it|them|this|anything|everything"
    r"|(?:the|my|our|this|that)(?:\s(?:whole|entire))?\s(?:order|booking|purchase|thing)|the "
    r"team))?(?:\s(?:at|on)\s\0+)?"
)
MOST_CONDITIONS = 20
_CLAUSE = re.compile(r"[^.;!?\n]*")
# 'call me and email me if ...', "don't text me, call me": one action and the next.
_JOINED = rx(r"\s?,?\s(?:(?:and|but|or|then|also|please|just|rather|only|instead)\s){0,3}\Z|\s?,\s?\Z|\s?&\s?\Z")
_AND = rx(r"\s?,?\s(?:and|&)\s(?:(?:then|also|please|just)\s){0,2}\Z")
_OR_IF = rx(r"\s?,?\s(?:or\s(?:(?:if|when)\s)?|and\s(?!if\b|when\b|should\b|in case\b))")
_DONT = rx(r"don't|do not|dont")
_LEAD = rx(r"\b(?:(?:only|just|please)\s){1,3}\Z")
_OR = rx(r"\s?,?\s(?:and|or|nor|&)\s(?:to\s)?\Z")
_OVER = rx(r"\s*(?:\Z|[.,;:!?\n\0)]|(?:and|but|or|if|in case|please|instead|thanks)\b)")
_APART = rx(r"[,:-]|\band\b|\bbut\b")


class _Action(NamedTuple):
    """An action near 'if'; `start` is where its negation begins, if it has one."""

    then: str
    start: int
    end: int
    negated: bool


def read_conditions(draft: Draft) -> None:
    """'if shipping fails call me', 'cancel the order if the payment is declined'; "don't call me if" declines one."""
    found: list[dict[str, str]] = []
    for match in islice(_IF.finditer(draft.rest), MOST_CONDITIONS):
        clause = _CLAUSE.match(draft.rest, match.end())
        event, at = _event(clause[0][:120]) if clause else ("", 0)
        if not event or not clause:
            continue
        events, said = [event], clause[0][:120]
        for also, end in _also(said, at):
            events, at = [*events, also], end
        actions = _paired(draft.rest, match, match.end() + at, clause.end())
        if not actions:
            continue
        start, end = min(match.start(), actions[0].start), max(match.end() + at, actions[-1].end)
        unless = match[0].lower() == "unless"
        if unless:  # "don't call me unless it is late": no call, but for that
            start, end = match.start(), match.end() + at
        for action, event in product(actions, dict.fromkeys(events)):
            condition = {"if": event, "then": action.then}
            if action.negated != unless:
                draft.decline("conditions", condition)
            else:
                draft.note(f"conditions.{len(found)}", start, end)
                found.append(condition)
        draft.claim(start, end)
    if found:
        draft.values["conditions"] = found


def _paired(rest: str, condition: re.Match[str], failed: int, end: int) -> list[_Action]:
    """The actions that belong to an 'if' whose failure ends at `failed`: those after it, else those before it.

    In 'A if F, B' they are A: what has no sign before its 'if' belongs to it.
    """
    before, after = _before(rest, condition.start()), _after(rest, failed, end)
    close = before and re.fullmatch(r"\s(?:only\s|even\s|just\s)?", rest[before[-1].end : condition.start()])
    apart = after and _APART.search(rest, failed, after[0].start)
    return before if before and (not after or (close and apart)) else after


def _after(rest: str, start: int, end: int) -> list[_Action]:
    """The action after a failure, and what is joined to it; one that the next 'if' follows belongs to that."""
    found: list[_Action] = []
    for match in _ACTIONS.finditer(rest, start, min(end, start + 100)):
        action = _action(rest, match)
        if found and not (
            _JOINED.fullmatch(rest[found[-1].end : action.start])
            and (
                found[-1].negated
                or _DONT.match(rest, found[-1].start)
                or _AND.fullmatch(rest[found[-1].end : action.start])
            )
            and _OVER.match(rest, action.end)
        ):
            break
        if _IF.match(rest, action.end + 1):
            break
        found.append(action)
    return found


def _before(rest: str, end: int) -> list[_Action]:
    """The last action before 'if' in the same clause, and what is joined to it by 'and'."""
    start = max(max(rest.rfind(sign, 0, end) for sign in ".;!?\n") + 1, end - 80)
    found = [_action(rest, match) for match in _ACTIONS.finditer(rest, start, end)]
    last = found[-1:]
    for action in reversed(found[:-1]):
        if not (_OR if action.negated else _AND).fullmatch(rest[action.end : last[0].start]):
            break
        last.insert(0, action)
    if last and last[0].negated:  # "don't call or text me if ..."
        last = [action._replace(negated=True) for action in last]
    return last


def _action(rest: str, match: re.Match[str]) -> _Action:
    negation = negated_at(rest, match.start())
    start = match.start() if negation is None else negation
    lead = _LEAD.search(rest, max(0, start - 20), start)
    start = lead.start() if lead else start
    return _Action(match.lastgroup or "", start, match.end(), negation is not None)


def _also(clause: str, at: int) -> list[tuple[str, int]]:
    """Further failures that are joined to the first, which ends at clause[at]: '... or the payment is declined'."""
    found: list[tuple[str, int]] = []
    while (joined := _OR_IF.match(clause, at)) and not _ACTIONS.match(clause, joined.end()):
        event, end = _event(clause[joined.end() : joined.end() + 40])
        if not event or _ACTIONS.search(clause, joined.end(), joined.end() + end):
            break
        at = joined.end() + end
        found.append((event, at))
    return found


def _event(clause: str) -> tuple[str, int]:
    """(event, where its words end) of the failure named first; ('', 0) where none is."""
    first = ("", 0, len(clause))
    for event, pattern in _EVENTS.items():
        match = pattern.search(clause)
        if match and match.start() < first[2]:
            first = (event, match.end(), match.start())
    return first[0], first[1]


def read_notifications(draft: Draft) -> None:
    """Channels asked for and declined; an address alone asks for nothing."""
    wanted: dict[str, bool] = {}
    for match in _MARKETING.finditer(draft.rest):
        draft.skip(*match.span())
    for pattern in (_NONE, _LEAVE_ALONE):
        for match in pattern.finditer(draft.rest):
            _say(draft, wanted, dict.fromkeys(("email", "sms", "call"), False), match)
    for pattern in (_NOT, _OFF):
        for match in pattern.finditer(draft.rest):
            _say(draft, wanted, dict.fromkeys(_named(match["list"]), False), match)
    for match in _ONLY.finditer(draft.rest):
        only = _named(match["a"] or match["b"])
        _say(draft, wanted, {name: name in only for name, _ in _CHANNELS}, match)
    reached = [span.start for span in draft.spans if span.field in ("customer_email", "phone_number")]
    for match in _LABEL.finditer(draft.rest):
        if any(0 <= start - match.end() <= 1 for start in reached):
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
    pieces = re.split(r"\s?(?:,|/|\b(?:or|and|nor|any|an?|no|by|via)\b)\s?", words, flags=re.IGNORECASE)
    return [name for piece in pieces for name, pattern in _CHANNELS if piece and pattern.match(piece)]


def _say(draft: Draft, wanted: dict[str, bool], said: dict[str, bool], match: re.Match[str]) -> None:
    for name, value in said.items():
        if name not in wanted:
            wanted[name] = value
            draft.note(f"notifications.{name}", *match.span())
    draft.claim(*match.span())

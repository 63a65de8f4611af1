"""What is corrected on the way: 'for $900, no, $800', 'twice, no, three times', 'overnight, sorry, standard'.

The words that were taken back give way to those that replace them before anything is read, so that every reader sees
the sentence as it was meant. Lines of an order are corrected where they are read ('2, no make that 3').
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from core.composer.offline.currencies import currency_code
from core.composer.offline.days import DATE, MONTH
from core.composer.offline.fixes import FIX_WORDS
from core.composer.offline.money import money
from core.composer.offline.nouns import singular
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Written

MOST = 12
_LEFT, _RIGHT = 60, 60
# Says no more than the words beside it, and stands between them.
_EMPHASIS = rx(
    r"(?P<never>\bunder no circumstances\b)|(?:,?\s(?:under any circumstances?|whatever happens|come what may"
    r"|no matter what(?: happens)?))\b|\A(?:whatever happens|come what may|no matter what(?: happens)?),?\s",
    words="come matter under whatever",
)
_FIX = rx(rf"(?<![\s,;.-])(?:{FIX_WORDS})")
# 'overnight, standard I mean': said after what replaces.
_MEANT = rx(r"\s?[,;-]\s(?=(?P<new>[^,;.!?\n]{1,40}?)\s(?:i mean(?:t)?|rather)(?![\w']))", words="mean rather")
_AFTER = rx(r"\s(?:i mean(?:t)?|rather)(?![\w'])")
_END = (
    r"(?=\s*(?:\Z|[.,;:!?\n)]|(?:and|but|or|if|please|pls|thanks|i|for|on|by|when|with|before|to|from|at|in|each|apiece"
    r"|total)\b))"
)


_OH = r"(?<=[,;.-]\s)(?:(?:no|oh|sorry|wait|actually|ah|but|hm+)\b[\s,-]*)"
_NAMED = r"(?P<name>(?!(?:the|a|an|some)\b)[\w-]+(?:\s[\w-]+){0,2})\s?[,;-]\s(?:but\s|so\s|then\s)?(?=\w)"
# 'no, not the plums, two figs', 'wait, they don't do plums, a fig'; 'so nine it is'.
_TAKEN_BACK = (
    rx(rf"{_OH}{{1,4}}not\s(?:(?:the|those|any)\s)?{_NAMED}"),
    rx(
        rf"{_OH}{{0,4}}(?:they|you|we)\s(?:don't|do\snot|no\slonger)\s(?:do|have|sell|make|stock|need|want)\s"
        rf"(?:(?:the|those|any)\s)?{_NAMED}",
        words="don longer not",
    ),
)
# 'not five saddles but seven'
_BUT_SO_MANY = rx(
    rf"\bnot\s(?:{NUMBER})\s(?P<noun>[a-z][\w'-]*(?:\s(?!but\b|rather\b)[\w'-]+){{0,2}}),?\s(?:but|rather)\s(?P<many>{NUMBER})"
    r"(?=\s*(?:\Z|[.,;!?\n]|(?:please|for|by|at|on|to)\b))"
)
# 'order 5 - no, 7 - beehives'
_BETWEEN_DASHES = rx(
    rf"\b(?:{NUMBER})\s?-\s(?:(?:no|sorry|wait|oops|actually|make that)[\s,]+)+(?P<many>{NUMBER})\s?-\s(?=[a-z])",
    words="-",
)
_IT_IS = rx(
    rf"(?<=[,;.-]\s)(?:(?:so|then|okay|ok|right|fine|yes)\b,?\s)?(?P<many>{NUMBER})"
    r"\sit\s(?:is|shall be|will be)(?: then)?\b"
)
# 'six I think, yeah six of those mugs'
_YES = rx(
    rf"(?<![\w.,$€£-])(?:{NUMBER})(?:\s(?:i (?:think|guess|suppose|reckon)|maybe|probably|or so))?\s?[,.;-]{{1,3}}\s"
    rf"(?:(?:yeah|yes|yep|yup|right|okay|ok|sure|so|definitely)\b[,\s]+){{1,3}}(?P<many>{NUMBER})(?=\s(?!it\b)[a-z])",
    words="yeah yes yep yup right okay ok sure so definitely",
)


class Kind(NamedTuple):
    """Values of one kind. `old` ends where the correction begins, `new` begins where its words end.

    `made` gives the words in their place, None where the two are no pair.
    """

    old: re.Pattern[str]
    new: re.Pattern[str]
    made: Callable[[re.Match[str], re.Match[str]], str | None]


def corrected(written: Written) -> Written:
    """The same sentence with its corrections made; a word that gives way to another stands for both."""
    for match in reversed(list(_EMPHASIS.finditer(written.text))):
        written.replace(*match.span(), "never" if match["never"] else "")
    for pattern in _TAKEN_BACK:
        for match in reversed(list(pattern.finditer(written.text))):
            if _named_before(written.text[: match.start()], match["name"]):
                written.replace(*match.span(), "make that ")
    for match in reversed(list(_BUT_SO_MANY.finditer(written.text))):
        written.arrange(*match.span(), [match.span("many"), " ", match.span("noun")])
    for match in reversed(list(_BETWEEN_DASHES.finditer(written.text))):
        written.arrange(*match.span(), [match.span("many"), " "])
    for match in reversed(list(_YES.finditer(written.text))):
        written.arrange(*match.span(), [match.span("many")])
    for match in reversed(list(_IT_IS.finditer(written.text))):
        written.replace(*match.span(), f"make that {match['many']}")
    for _ in range(MOST):
        edit = next(_edits(written.text), None)
        if edit is None:
            break
        written.replace(*edit)
    return written


def _named_before(text: str, name: str) -> bool:
    """Whether what is taken back was named; 'not the blue one' takes back no thing."""
    head = singular(name.split()[-1].lower())
    return head not in ("one", "ones") and any(singular(word) == head for word in re.findall(r"[\w-]+", text.lower()))


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, words in its place) of each correction."""
    for fix in _FIX.finditer(text):
        if edit := _pair(text, fix.start(), fix.end(), fix[0].lower().endswith("no ")):
            yield edit
    for fix in _MEANT.finditer(text):
        if (edit := _pair(text, fix.start(), fix.end(), False)) and (after := _AFTER.match(text, edit[1])):
            yield edit[0], after.end(), edit[2]


def _pair(text: str, start: int, end: int, bare_no: bool) -> tuple[int, int, str] | None:
    """The correction between text[:start] and text[end:]. `bare_no`: 'by email, no sms' declines, no more."""
    for kind in _kinds():
        new = kind.new.match(text, end, end + _RIGHT)
        if new is None or not new[0]:
            continue
        old = kind.old.search(text, max(0, start - _LEFT), start)
        if old is None or (bare_no and kind in (_WAY, _DELIVERY, _PAYER)):
            continue
        words = kind.made(old, new)
        if words is not None:
            return old.start(), new.end(), words
    return None


def _said(match: re.Match[str], group: str) -> str:
    return match.groupdict().get(group) or ""


def _tail(old: re.Match[str], new: re.Match[str]) -> str:
    """The new value in the old one's place, with what stood before and after that where it has none of its own."""
    lead, tail = (_said(new, part) or _said(old, part) for part in ("lead", "tail"))
    return f"{lead}{new['value']}{tail}"


# Money

_EACH = r"(?P<tail>\s?(?:each|apiece|a piece|per \w+|in total|total|altogether)\b)?"


@cache
def _money() -> Kind:
    amount = money().pattern
    named = re.sub(r"\?P<\w+>", "?:", amount)
    bare = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
    old = re.compile(rf"(?P<value>{named}){_EACH}\Z")
    new = re.compile(
        rf"(?:(?:for|at|only|just|to)\s)?(?P<value>{named}|(?P<bare>{bare})(?![\w%:/-])){_EACH}{_END}", re.IGNORECASE
    )
    return Kind(old, new, _amount)


def _amount(old: re.Match[str], new: re.Match[str]) -> str | None:
    """An amount without a currency is one where it is of the old one's size: '$900, no, 800', not '$900, no, 3'."""
    if not new["bare"]:
        return _tail(old, new)
    digits = re.search(r"\d[\d,.]*", old["value"])
    was, now = (read_number(words) for words in (digits[0].rstrip(",.") if digits else "", new["bare"]))
    if digits is None or was is None or now is None or now * 10 < was:
        return None
    value = old["value"].replace(digits[0].rstrip(",."), new["bare"])
    return f"{value}{_said(new, 'tail') or _said(old, 'tail')}"


# How often, how much off

_OFTEN = r"once|twice|thrice"
_TIMES = r"(?:more\s)?(?:times?|tries|attempts?|retries)"
_TRIES = Kind(
    rx(rf"\b(?P<value>{_OFTEN}|(?:{NUMBER})(?P<tail>\s{_TIMES}))\Z"),
    rx(rf"(?P<value>(?:{_OFTEN})\b|(?P<n>{NUMBER})(?P<tail>\s{_TIMES}\b)?){_END}"),
    lambda old, new: f"{new['value']}{'' if not new['n'] or new['tail'] else old['tail'] or ' times'}",
)
_PERCENT = Kind(
    rx(r"(?<![\w.])(?P<value>\d{1,3}(?:\.\d)?\s?(?:%|percent))(?P<tail>\s(?:off|discount))?\Z"),
    rx(rf"(?P<value>\d{{1,3}}(?:\.\d)?(?P<sign>\s?(?:%|percent))?)(?P<tail>\s(?:off|discount)\b)?{_END}"),
    lambda old, new: f"{new['value']}{'' if new['sign'] else '%'}{new['tail'] or old['tail'] or ''}",
)

_HEADS = "people persons adults passengers travellers guests attendees participants users seats rooms nights tickets"


def _counted(old: re.Match[str], new: re.Match[str]) -> str | None:
    """So many of the same: '2 guests, no, 3 guests'; a number alone where people, rooms or nights are counted."""
    if new["noun"]:
        return f"{new['n']} {new['noun']}" if singular(new["noun"]) == singular(old["noun"]) else None
    return f"{new['n']} {old['noun']}" if old["noun"].lower() in _HEADS.split() else None


_COUNT = Kind(
    rx(rf"(?<![\w$€£.,-])(?P<n>{NUMBER})\s(?P<noun>[^\W\d_]{{3,20}})\Z"),
    rx(rf"(?:for\s)?(?P<n>{NUMBER})(?:\s(?P<noun>[^\W\d_]{{3,20}}))?{_END}"),
    _counted,
)

# Delivery, class, priority

_METHOD = r"overnight|next[ -]day|express|expedited|standard|regular|pick-?up|collection"
_NOUN = r"(?P<tail>\s(?:shipping|delivery|post|mail))"


def _delivered(old: re.Match[str], new: re.Match[str]) -> str:
    value = new["value"].lower()
    tail = "" if value.startswith(("pick", "coll")) else _said(new, "tail") or _said(old, "tail") or " shipping"
    return f"{_said(old, 'lead') if tail else ''}{new['value']}{tail}"


_DELIVERY = Kind(
    rx(rf"(?P<lead>\b(?:by|via|with|for)\s)?\b(?P<value>{_METHOD}){_NOUN}?\Z"),
    rx(rf"(?:(?:by|via|with|make it|ship(?: it)?|for)\s)?(?P<value>{_METHOD}){_NOUN}?{_END}"),
    _delivered,
)
_GRADE = r"premium economy|economy|business|first"
_CLASS = Kind(
    rx(rf"(?P<lead>\b(?:in|fly)\s)?\b(?P<value>{_GRADE})(?P<tail>\sclass)?\Z"),
    rx(rf"(?P<lead>in\s)?(?P<value>{_GRADE})(?P<tail>\sclass)?{_END}"),
    lambda old, new: _tail(old, new) if _said(old, "lead") or _said(old, "tail") else None,
)
_PRIORITY = Kind(
    rx(
        r"\b(?P<value>high|low|medium|normal)(?P<tail>\spriority)\Z|(?P<lead>\bpriority:?\s)(?P<level>high|low|medium|normal)\Z"
    ),
    rx(rf"(?P<value>high|low|medium|normal)(?P<tail>\spriority\b)?{_END}"),
    lambda old, new: f"{old['lead'] or ''}{new['value']}{old['tail'] or ''}",
)


# Currencies

_WORD = r"[^\W\d_]{3,20}"
_CURRENCY = Kind(
    rx(rf"\b(?P<lead>(?:in(?:to)?|to|with|using)\s)(?P<value>{_WORD})\Z"),
    rx(rf"(?P<lead>(?:in(?:to)?|to|with|using)\s)?(?P<value>{_WORD}){_END}"),
    lambda old, new: _tail(old, new) if currency_code(old["value"]) and currency_code(new["value"]) else None,
)

# Messages

_CHANNEL = r"e-?mail|mail|sms|text(?:\smessage)?|(?:phone\s)?call|phone|ring|message"
_WHOM = r"\s(?:me|us)"
_WHEN = r"(?P<tail>\s(?:when|once|after|before|if)\s[\w' ]{2,40})?"


def _told(old: re.Match[str], new: re.Match[str]) -> str | None:
    if old["lead"]:
        return None if new["whom"] else f"{old['lead']}{new['value']}"
    own = re.match(r"\s(?:when|once|after|before|if)\b", new.string[new.end() :], re.IGNORECASE)
    return f"{new['value']}{old['whom']}{'' if own else old['tail'] or ''}"


_WAY = Kind(
    rx(
        rf"\b(?:(?P<lead>(?:by|via|over|through)\s(?:an?\s)?)(?P<value>{_CHANNEL})"
        rf"|(?P<verb>{_CHANNEL})(?P<whom>{_WHOM}){_WHEN})\Z"
    ),
    rx(rf"(?:(?:by|via|over|through)\s(?:an?\s)?)?(?P<value>{_CHANNEL})(?P<whom>{_WHOM}\b)?(?=\W|\Z)(?!\sis\b)"),
    _told,
)


# Dates and times

_ON = r"(?P<lead>(?:on|by|for|until|till|from|before)\s)"


def _dated(old: re.Match[str], new: re.Match[str]) -> str | None:
    """'on March 5th, no, the 6th' keeps the month."""
    lead = _said(new, "lead") or _said(old, "lead")
    day = re.fullmatch(r"the\s(\d{1,2}(?:st|nd|rd|th))", new["value"], re.IGNORECASE)
    number = _said(new, "number") or (day[1] if day else "")
    if not number:
        return f"{lead}{new['value']}"
    if _OF_MONTH.search(old["value"]):
        return f"{lead}{_DAY_NUMBER.sub(number, old['value'], count=1)}"
    return f"{lead}{new['value']}" if day else None


_DAY = Kind(
    rx(rf"(?:\b{_ON})?\b(?P<value>{DATE})\Z"),
    rx(rf"{_ON}?(?P<value>{DATE}|(?:the\s)?(?P<number>\d{{1,2}}(?:st|nd|rd|th)?){_END})"),
    _dated,
)
_CLOCK = r"\d{1,2}(?::[0-5]\d)?\s?[ap]\.?m\b\.?|\d{1,2}:[0-5]\d|noon|midnight|\d{1,2}\so'?clock"


def _timed(old: re.Match[str], new: re.Match[str]) -> str | None:
    lead = _said(new, "lead") or _said(old, "lead")
    half = re.search(r"\s?[ap]\.?m\b\.?\Z", old["value"], re.IGNORECASE)
    if new["number"] and not half and not _said(old, "lead"):
        return None
    return f"{lead}{new['value']}{half[0] if half and new['number'] else ''}"


_TIME = Kind(
    rx(rf"\b(?P<lead>(?:at|by|around)\s)?\b(?P<value>{_CLOCK}|(?<=at\s)\d{{1,2}})\Z"),
    rx(rf"(?P<lead>(?:at|by|around)\s)?(?P<value>{_CLOCK}|(?P<number>\d{{1,2}}){_END})"),
    _timed,
)
_OF_MONTH = rx(rf"\b{MONTH}")
_DAY_NUMBER = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\b", re.IGNORECASE)


# Codes, where to reach somebody, and who pays

_LETTERS = r"(?-i:[A-Z])(?-i:[A-Z0-9_-]){2,24}"
_CODE = Kind(
    rx(rf"\b(?P<lead>(?:code|promo|coupon|voucher)\s)(?P<value>{_LETTERS})\Z"),
    rx(rf"(?P<lead>code\s)?(?P<value>{_LETTERS})(?!\w)"),
    lambda old, new: f"{old['lead']}{new['value']}",
)

_ADDRESS = r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}"


def _paid(old: re.Match[str], new: re.Match[str]) -> str:
    value = f"the {new['one']} {old['value'].split()[-1]}" if new["one"] else new["value"]
    return f"{new['lead'] or old['lead']}{value}"


_MAIL = Kind(rx(rf"(?<![\w.+-])(?P<value>{_ADDRESS})\Z"), rx(rf"(?:(?:at|to)\s)?(?P<value>{_ADDRESS})"), _tail)
_DIGITS = r"\+?\d(?:[ ().-]{0,2}\d){6,14}"
_PHONE = Kind(rx(rf"(?<![\w+])(?P<value>{_DIGITS})\Z"), rx(rf"(?:(?:at|on)\s)?(?P<value>{_DIGITS})(?!\w)"), _tail)
_PURSE = r"(?:(?:the|my|our|a)\s)?(?:[\w-]{2,30}\s){0,2}?(?:wallet|card)"
_PAYER = Kind(
    rx(rf"\b(?P<lead>(?:from|with|by|using|to|use|on)\s)(?P<value>{_PURSE})\Z"),
    rx(
        rf"(?:pay\s)?(?P<lead>(?:from|with|by|using|to|use|on)\s)?(?P<value>{_PURSE}|the\s(?P<one>[\w-]{{2,30}})\sone)(?!\w)"
    ),
    _paid,
)


# Places

_CAPITALS = r"(?!(?:ship|send|deliver)\b)(?:\d{1,5}[a-z]?\s)?(?-i:[A-Z])[\w'.-]*\w(?:\s(?-i:[A-Z])[\w'.-]*\w){0,3}"


def _placed(old: re.Match[str], new: re.Match[str]) -> str | None:
    lead = _said(new, "lead") or old["lead"]
    return f"{lead}{new['value']}" if lead.lower() == old["lead"].lower() else None


_PLACE = Kind(
    rx(rf"\b(?P<lead>(?:to|in|from|at)\s)(?P<value>{_CAPITALS})\Z"),
    rx(rf"(?:(?:ship|send|deliver)\s(?:it\s|them\s)?)?(?P<lead>(?:to|in|from|at)\s)?(?P<value>{_CAPITALS}){_END}"),
    _placed,
)


@cache
def _kinds() -> tuple[Kind, ...]:
    return (
        _MAIL, _PHONE, _CODE, _COUNT, _TRIES, _PERCENT, _money(), _DAY, _TIME, _DELIVERY, _CLASS, _PRIORITY, _CURRENCY,
        _PAYER, _WAY, _PLACE,
    )  # fmt: skip

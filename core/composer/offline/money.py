"""Prices, totals, caps, discounts, and the currency to pay in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from core.composer.offline import refusals
from core.composer.offline.currencies import COMMON, currency_signs, currency_words, legal_tender
from core.composer.offline.discounts import read_discount
from core.composer.offline.lexicon import domain_of, is_service, knows
from core.composer.offline.nouns import head_of
from core.composer.offline.numbers import AMOUNT, DECIMALS, NUMBER, POINT, read_number
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.paying import named_currency, pay_currency, refuse_unknown
from core.composer.offline.text import CUE, Draft
from core.composer.offline.words import PEOPLE

DEAREST = Decimal(10) ** 9

# rate: of an hour, a day, a night. limit: what one piece, or a night, may cost.
Role = Literal["unit", "total", "for", "bare", "rate", "limit"]

# Before an hour, not before a price.
_TIMED = set(
    "for on today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday guests pax seats".split()
)
# '$4 a dozen', '$6 the pair': a price of several at once.
SEVERAL = (
    r"(?:half[ -]dozen|dozen|gross|score|pair|hundred|thousand)\b(?!\s(?:g|grams?|ml|kg|m|met(?:er|re)s?|people)\b)"
)
_UNIT_AFTER = rx(
    r"\s*(?:each(?! dozen)|apiece|a\s?piece|an? head|every one|ea\b\.?|(?:a|the) (?:unit|piece|pop)\b"
    rf"|(?:an?|the(?! pair)|(?:for )?(?:each|every))\s{SEVERAL}"
    r"|an? (?:hour|hr|day|night|week)\b(?! (?:early|late|before|after|in advance|long|ago|trip|return|pass|ticket))"
    r"|(?:(?:per|/)\s?\w+\s*){1,2})"
)
# 'a night', 'per hour', '/day'; '/seat/day' is of a seat.
_TIMED_UNIT = rx(
    r"\s*(?:an?\s|(?:per|each|every)\s|/\s?)(?:hour|hr|day|night|week|wk)s?\b\s*\Z",
    words="hour hr hrs day night week wk wks",
)
# '£950 plus VAT each'
_TAX = rx(
    r"\s?,?\s?\(?(?:plus|\+|with|without|before|after|net of|ex(?:cl)?(?:\.|uding|usive of)?"
    r"|inc(?:l)?(?:\.|uding|usive of)?)"
    r"\s?(?:the\s)?(?:vat|gst|hst|(?:sales |local )?tax(?:es)?)\b\)?(?:\s(?:included|excluded|on top|extra))?"
)
_TOTAL_AFTER = rx(
    r"\s*(?:in\s+|as\s+a\s+)?(?:total|al(?:l )?together|all[ -](?:in|up|told)|in all|overall|between them|(?:for )?the "
    r"(?:whole )?(?:lot|set|pair|bunch|batch)|for (?:everything|all|both|the (?:two|three|four|five"
    r"|six|seven|eight|nine|ten|twelve|dozen|\d+)"
    r"|(?:all|both) of them))\b(?!\s(?:and|or)\s)"
)
# 'pay 40 dollars worth of tea in euros': what is bought stands behind the amount.
_WORTH_OF = rx(r"\s*'?\s?worth\sof(?:\s(?:some|the|your))?\b")
_PAID = rx(r"(?:\A|[.,;:!?\n]\s?|\b(?:please|kindly|to|and|i'll|we'll|will|let's)\s)(?P<pay>pay|spend)\s\Z")
_CAP_AFTER = rx(
    r"\s*(?:budget|maximum|max|limit|cap|tops|or less|at (?:the )?most"
    r"|(?:is|being) (?:the|my|our) (?:most|max\w*|limit|ceiling|cap|top))\b|(?=\s+to spend\b)"
)
_UNIT_BEFORE = rx(r"(?:@|\bat|\bpriced at|\b(?:unit )?price(?: of| is)?|\bcost(?:ing|s)?|\bgoing for)[\s:]*\Z")
_TOTAL_BEFORE = rx(
    r"\btotal(?:l?ing)?(?: price| cost| outlay| bill| spend)?(?: of| is| to)?[\s:]*\Z"
    r"|\b(?:altogether|worth|outlay of)\s*\Z"
    r"|\b(?:com(?:es?|ing)(?: out)?|amount(?:s|ing)?|add(?:s|ing) up|work(?:s|ing) out) (?:to|at)(?: a total of)?\s*\Z"
    r"|\bmak(?:es|ing)\s*\Z"
    r"|\b(?:all in|all told|in total|the (?:whole )?(?:lot|set|batch))"
    r"(?:,?\s(?:it's|that's|it is|that is|is|for|at)|[:,])\s*\Z"
)
_CAP_BEFORE = rx(
    r"(?:\b(?:budget (?:tops|maxes|caps) out at|budget(?: cap|'s)?|spending (?:cap|limit)"
    r"|cap(?:ped)?(?: (?:it|this|that|everything))?|limit(?:'s)?|max(?:imum)?(?: spend)?)(?:(?: is| of| at| to|:|,|=)*)"
    r"|\b(?:i|we)(?:'ve)?\s(?:only |just )?(?:have|got)(?: only| just| about)?"
    r"|(?:n't|\bnot|\bnever|\bcannot) (?:top|pass|cost (?:more than|over)|(?:go|run|come) (?:over|above|past|beyond))"
    r"|\bwithin|\bunder|\bbelow|\b(?:no |not )?(?:more|less|over|exceed(?:s|ing)?|above)(?: than)?|\bat (?:the )?most"
    r"|\bkeep(?:ing)? (?:it|this|that|them|(?:the|our|my) \w+)(?: all)? (?:to|at|down to)"
    r"|\b(?:stretch|go(?: up)?) to|\bas (?:high|much) as|\bceiling(?: is| of|:)?"
    r"|\b(?:not )?(?:a|one) (?:penny|cent|rupee|dollar|euro|pound|quid) (?:over|above|more than)"
    r"|\bup to|\b(?:can|could|may|will|to|would) (?:only )?spend|\bless than|\bstay(?:ing)? (?:under"
    r"|below))(?:\s(?:a|the|our|my)(?: total| budget)?(?: of)?| about| around)?[\s:]*\Z",
    words="above as below budget cannot cap ceiling exceed go got have just keep less limit max more most never not "
    "only over spend stay stretch t under up within",
)
_FOR_BEFORE = rx(r"\bfor(?: only| just| about)?\s*\Z")
_BARE_BUDGET = rx(
    rf"\b(?:(?:with|on|within|my|our|the|a|an|tight|total|maximum|max)\s){{0,3}}budget(?:\s(?:is|of|at|around"
    rf"|about|cap))*\s?[:=]?"
    rf"\s?(?P<amount>{AMOUNT})(?![\w%])",
    words="budget",
)
_LEAST_CAP = 10  # a smaller number without a currency caps something else
# 'a flight for under 700': a cap without a currency, where nothing is counted and nobody is of an age.
_BARE_CAP = rx(
    r"(?<!children )(?<!kids )(?<!child )(?<!boys )(?<!girls )(?<!people )(?<!anyone )"
    rf"\b(?:under|below|less than|no more than|not more than|at most|max(?:imum)?)\s(?P<amount>(?:{DECIMALS})k?)"
    r"(?=\s*(?:\Z|[,;!?\n\0]|\.(?!\d)|(?:to|from|on|in|for|please|total|altogether|each way|per person|if|and"
    r"|i|we|i'd|we'd|can|could|get|find|book)\b))",
    words="below less max more most not under",
)
# 'two lamps under 40 each'.
_BARE_LIMIT = rx(
    r"(?:(?<=\bunder )|(?<=\bbelow )|(?<=\bthan )|(?<=\bmost )|(?<=\bmax )|(?<=\bmaximum )|(?<=\bup to ))"
    rf"(?P<amount>{DECIMALS})(?=\s(?:each|apiece|a piece|(?:an?|per) (?:hour|day|night))\b)",
    words="apiece day each hour night piece",
)
_CENTS = rx(rf"(?P<amount>(?<![\w.,]){AMOUNT}|{NUMBER})\s?(?P<coin>cents?|pence|p)\b")
_NO_CURRENCY = rx(
    rf"(?:@|\b(?:at|for|priced at|costing))\s?(?P<amount>{AMOUNT})"
    r"\s(?:each|apiece|a piece|(?:a|the|per) (?:dozen|pair)|(?:an?|per) (?P<time>hour|hr|day|night|week))\b"
    rf"|@\s?(?P<plain>{AMOUNT})(?:\s?(?:/|per\s)\s?[a-z]+)?(?=\s*(?:\Z|[,;!?\n)]|\.(?!\d)|(?:and|plus|for|to|with|please|pls|from|by)\b))"
    rf"|(?<=[a-z]s\s)(?P<bare>{AMOUNT})\s(?:each|apiece)\b",
    words="@ apiece day dozen each hour hr night pair piece week",
)
# '2 vases for $40 and a bowl for 15': sums of a list whose money was named.
_FOR_AS_WELL = rx(rf"\bfor (?P<amount>{AMOUNT})(?=\s*(?:\Z|[,;!?\n)]|\.(?!\d)|and\b|each\b|please\b))")
_GOODS_BEFORE = rx(rf"(?:\A|[\s,;:(\0\1])(?:an?|{NUMBER})\s(?:x\s)?(?P<goods>[^\W\d_][\w' -]*?)[\s,]*\Z")
# '4 tablets at 999'; an hour or a house may stand so too.
_AT_LAST = rx(
    r"\bat (?P<amount>\d{1,3}(?:,\d{3}){1,2}(?:\.\d\d)?|\d{1,6}(?:\.\d\d)?)"
    r"(?=\s*(?:\Z|[;!?\n)]|,(?!\s?(?-i:[A-Z]))|\.(?!\d)|(?:and|plus|please|pls|with)\b))",
    words="at",
)
_LATEST = 24
_CLOCK = rx(r"(?:[01]?\d|2[0-3])[.,]?[0-5]\d")
_TELLS_TIME = rx(
    r"\b(?:deliver\w*|arriv\w*|come|here|there|pick\w*|collect\w*|send|ship|bring|book|reserve|table|meet\w*|call|ready"
    r"|breakfast|lunch|dinner|today|tonight|tomorrow|morning|afternoon|evening|noon"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
# 'for a grand', 'under two grand': a thousand, whatever the money; a grand piano is none.
_GRAND = rx(
    rf"\b(?P<amount>(?:an?|{NUMBER})\sgrand)(?=\s*(?:\Z|[,;:!?.\n)]|(?:or|at|and|for|on|to|from|each|a|per|in|tops|max\w*"
    r"|all|total|budget|plus|including|please|the|by|is|with)\b))",
    words="grand",
)
_CAP_LEAD = rx(
    r"(?:(?:i |we )?(?:don't|do not|can't|cannot|please don't|never|not) (?:spend|pay|go|charge(?: me| us)?)"
    r"|spend(?:ing)?|keep it|stay)\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Price:
    """A stated amount and what it is for; `number` is where the amount itself stands, `of` the thing it names."""

    amount: Decimal
    role: Role
    start: int
    end: int
    number: tuple[int, int]
    of: frozenset[str] = frozenset()


@cache
def money() -> re.Pattern[str]:
    """An amount with its currency; case matters for codes."""
    signs, names = any_of(currency_signs()), any_of(currency_words())
    codes = rf"(?i:{any_of(COMMON)})|{any_of(legal_tender())}"
    return re.compile(
        rf"(?P<minus>(?<![\w\s])-\s?"
        rf"|(?<!\w)-)?(?:(?<!\w)(?P<sign>{signs})\s?(?P<inner>-)?(?P<a>{AMOUNT})(?:\s?(?P<also>{any_of(COMMON)})\b)?"
        rf"|(?P<b>(?<![\w.,]){AMOUNT})\s?(?P<after>{signs})(?!\w)"
        rf"|(?P<c>(?<![\w.,]){AMOUNT}|(?i:{NUMBER}{POINT}))\s?(?P<name>(?i:{names})|{codes})\b"
        rf"|\b(?P<code>{codes})\s?(?P<d>{AMOUNT})(?![\w%]))"
    )


def read_money(draft: Draft) -> list[Price]:
    """Every stated amount, in order; sets the currency, what to pay in, the cap, the total and the discount."""
    read_discount(draft)
    pay_currency(draft)
    refuse_unknown(draft)
    prices = []
    for match in money().finditer(draft.rest):
        if price := _amount(draft, match):
            prices.append(price)
    _small_change(draft, prices)
    _bare_budget(draft)
    _without_currency(draft, prices)
    named_currency(draft)
    return sorted(prices, key=lambda price: price.start)


def _without_currency(draft: Draft, prices: list[Price]) -> None:
    """'at 4 each', 'six hoses @ 95', 'for two grand': sums that name no money."""
    for match in _NO_CURRENCY.finditer(draft.rest):
        group = next(name for name in ("amount", "plain", "bare") if match[name])
        amount = _value(match[group])
        if amount is not None and (match["amount"] or _counts_goods(draft.rest[: match.start()])):
            number = match.span(group)
            prices.append(Price(amount, "rate" if match["time"] else "unit", *match.span(), number))
            draft.claim(*match.span())
    if any(draft.text[price.start :].lower().startswith("for ") for price in prices):
        for match in _FOR_AS_WELL.finditer(draft.rest):
            amount = _value(match["amount"])
            if amount is not None and amount >= _LEAST_CAP and _counts_goods(draft.rest[: match.start()]):
                prices.append(Price(amount, "for", *match.span(), match.span("amount")))
                draft.claim(*match.span())
    for match in _AT_LAST.finditer(draft.rest):
        amount = _value(match["amount"])
        if amount is not None and _is_price_at_last(draft, match, amount):
            prices.append(Price(amount, "unit", *match.span(), match.span("amount")))
            draft.claim(*match.span())
    for match in (*_GRAND.finditer(draft.rest), *_BARE_LIMIT.finditer(draft.rest)):
        amount = read_number(match["amount"])
        if amount is not None and (price := _placed(draft, match, amount, *_around(draft, match))):
            prices.append(price)


def _is_price_at_last(draft: Draft, match: re.Match[str], amount: Decimal) -> bool:
    """Whether a bare 'at 999' behind goods is what they cost: no hour, and no '730' where one speaks of a time."""
    before = draft.rest[max(0, match.start() - 60) : match.start()]
    found = _GOODS_BEFORE.search(before)
    domain = domain_of(found["goods"]) if found else None
    if domain in (None, "travel", "services") or not _counts_goods(before):
        return False
    if _CLOCK.fullmatch(match["amount"]) and (amount > _LATEST or "." in match["amount"]):
        return domain != "food" and "." not in match["amount"] and not _TELLS_TIME.search(draft.text)
    return amount > _LATEST or "." in match["amount"]


def _counts_goods(before: str) -> bool:
    """Whether a piece of a list counts goods; a lunch for two, or two haircuts, have an hour behind their '@'."""
    found = _GOODS_BEFORE.search(before)
    words = found["goods"].lower().split() if found else []
    timed = any(word in _TIMED or head_of(word) in PEOPLE for word in words)
    return bool(words) and not timed and not is_service(" ".join(words))


def _around(draft: Draft, match: re.Match[str]) -> tuple[str, str]:
    return draft.rest[max(0, match.start() - 60) : match.start()], draft.rest[match.end() : match.end() + 40]


def _amount(draft: Draft, match: re.Match[str]) -> Price | None:
    words = match["a"] or match["b"] or match["c"] or match["d"]
    code = _code(match)
    amount = _value(words)
    before, after = _around(draft, match)
    if code is None or amount is None or (match["name"] and not _is_price(match, before, after)):
        return None
    if match["minus"] or match["inner"]:
        raise refusals.negative_price(match[0])
    known = draft.values.setdefault("currency", code)
    if known != code:
        raise refusals.two_currencies(known, code)
    draft.note("currency", *match.span())
    return _placed(draft, match, amount, before, after)


def _placed(draft: Draft, match: re.Match[str], amount: Decimal, before: str, after: str) -> Price | None:
    """What the words around an amount make of it; a cap or a total is set at once."""
    start, end, number = match.start(), match.end(), match.span()
    role: Role = "bare"
    if tax := _TAX.match(after):
        after, end = after[tax.end() :], end + tax.end()
    if cap := _CAP_BEFORE.search(before) or _CAP_AFTER.match(after):
        return _capped(draft, (start, end, number), amount, cap, after)
    if worth := _WORTH_OF.match(after):
        return _worth(draft, match, amount, end + worth.end())
    if ending := _UNIT_AFTER.match(after):
        role, end = "rate" if _TIMED_UNIT.match(ending[0]) else "unit", end + ending.end()
    elif ending := _TOTAL_AFTER.match(after):
        role, end = "total", end + ending.end()
    for found, meant in ((_TOTAL_BEFORE, "total"), (_UNIT_BEFORE, "unit"), (_FOR_BEFORE, "for")):
        if leading := found.search(before):
            start = start - len(before) + leading.start()
            role = meant if role == "bare" else role  # type: ignore[assignment]
            break
    if tax := _TAX.match(draft.rest, end):
        end = tax.end()
    draft.claim(start, end)
    if role == "total" and "total_price" not in draft.values:
        draft.values["total_price"] = amount
        draft.note("total_price", *number)
    return Price(amount, role, start, end, number)


def _capped(
    draft: Draft, places: tuple[int, int, tuple[int, int]], amount: Decimal, cap: re.Match[str], after: str
) -> Price | None:
    """Set the budget; None, or the price that is a limit of each piece, or of a night."""
    start, end, number = places
    before = cap.end() if (leading := cap.string is not after) else 0
    if leading:
        start -= before - (_CAP_LEAD.search(cap.string[: cap.start()]) or cap).start()
    if each := _UNIT_AFTER.match(after):
        draft.claim(start, end + each.end())
        return Price(amount, "limit", start, end + each.end(), number)
    after_cap = 0 if leading else cap.end()
    ending = _TOTAL_AFTER.match(after, after_cap)
    end += ending.end() if ending else after_cap
    draft.claim(start, end)
    if "budget" not in draft.values:
        draft.values["budget"] = amount
        draft.note("budget", *number)
    return None


def _worth(draft: Draft, match: re.Match[str], amount: Decimal, end: int) -> Price:
    """'pay 40 dollars worth of tea': the total, and goods behind it; 'pay' then orders them."""
    start, number = match.start(), match.span()
    paid = _PAID.search(draft.rest, max(0, start - 60), start)
    draft.claim(start, end)
    if paid:
        draft.claim(paid.start("pay"), end, CUE)
    if "total_price" not in draft.values:
        draft.values["total_price"] = amount
        draft.note("total_price", *number)
    return Price(amount, "total", start, end, number)


def _bare_budget(draft: Draft) -> None:
    """'a budget of 1700', 'a flight under 700': the only amounts that need no currency to be one."""
    match = _BARE_BUDGET.search(draft.rest) or _BARE_CAP.search(draft.rest)
    amount = _value(match["amount"]) if match else None
    if match and amount is not None and amount >= _LEAST_CAP and "budget" not in draft.values:
        draft.give("budget", amount, match, "amount")


def _small_change(draft: Draft, prices: list[Price]) -> None:
    """'50 cents each', '99p': hundredths of the money that is spoken of."""
    for match in _CENTS.finditer(draft.rest):
        amount = read_number(match["amount"])
        before, after = _around(draft, match)
        if amount is None or not (_UNIT_AFTER.match(after) or _UNIT_BEFORE.search(before) or _TOTAL_AFTER.match(after)):
            continue
        code = "GBP" if match["coin"].lower().startswith("p") else "USD"
        draft.values.setdefault("currency", code)
        draft.note("currency", *match.span())
        if price := _placed(draft, match, amount / 100, before, after):
            prices.append(price)


def _code(match: re.Match[str]) -> str | None:
    if match["name"]:
        return currency_words().get(match["name"].lower(), match["name"].upper())
    if code := match["also"] or match["code"]:
        return code.upper()
    return currency_signs().get(match["sign"] or match["after"])


def _value(words: str) -> Decimal | None:
    if re.fullmatch(r"[\d.]+,\d{2}", words, re.ASCII):
        words = words.replace(".", "").replace(",", ".")
    words = re.sub(r"\s?m(?:illion)?$", " million", words, flags=re.IGNORECASE)
    amount = read_number(words)
    if amount is not None and amount > DEAREST:
        raise refusals.too_dear(words)
    return amount


# 'two pounds ground beef'
_WEIGHED = rx(r"\s((?:[a-z][\w'-]*\s?){1,3})")


def _is_price(match: re.Match[str], before: str, after: str) -> bool:
    """Whether a number and a word are money: '5 pounds of flour' and '5 GEL pens' are not."""
    name = match["name"]
    if re.match(r"\s+of\b", after) and name.lower().startswith("pound"):
        return False
    if name.lower() == "pounds" and not _FOR_BEFORE.search(before) and (weighed := _WEIGHED.match(after)):
        words = weighed[1].split()
        if any(domain_of(" ".join(words[:many])) == "food" and knows(" ".join(words[:many])) for many in (1, 2, 3)):
            return False
    if name.upper() in COMMON or not name.isupper():
        return True
    context = (_UNIT_BEFORE, _FOR_BEFORE, _TOTAL_BEFORE, _CAP_BEFORE)
    return any(found.search(before) for found in context) or bool(_UNIT_AFTER.match(after) or _TOTAL_AFTER.match(after))

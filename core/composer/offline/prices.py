"""To which line each stated price belongs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.composer.offline.lines import Line
from core.composer.offline.money import SEVERAL, Price
from core.composer.offline.nouns import head_of, is_plural, singular
from core.composer.offline.numbers import GROUP
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft


def priced(draft: Draft, lines: list[Line], prices: list[Price]) -> list[Line]:
    """Give each unit price to the line before it, else to the first line."""
    lines = list(lines)
    if len(prices) == len(lines) and _RESPECTIVELY.search(draft.text):
        for at, price in enumerate(prices):
            draft.note(f"items.{at}.unit_price", *price.number)
        return [replace(line, unit_price=price.amount) for line, price in zip(lines, prices, strict=True)]
    for price in prices:
        if price.role in ("total", "rate", "limit") or not lines:
            continue
        at = _priced_line(draft, lines, price)
        line = lines[at]
        quantity = line.quantity or Decimal(1)
        if price.role == "for" and quantity > 1 and len(lines) == 1:
            draft.values.setdefault("total_price", price.amount)
            draft.note("total_price", *price.number)
        elif line.unit_price is None:
            pieces = quantity if price.role == "for" else _pieces(draft, line, price)
            each = _each(price.amount, pieces, quantity) if pieces > 1 else price.amount
            lines[at] = replace(line, unit_price=each)
            draft.note(f"items.{at}.unit_price", *price.number)
    return lines


# '$4 a dozen', '$9 per 100': what one has is a part of it; '€3 per 100 g' is of a measure.
_SEVERAL = rx(
    rf"\b(?:an?|the|each|every|per|for)\s(?P<many>{SEVERAL}|\d{{2,4}})\s*\Z|/\s?(?P<also>dozen|pair|\d{{2,4}})\s*\Z"
)
_MEASURED = rx(r"\s?(?:g|gr|grams?|ml|cl|kg|km|cm|mm|m|met(?:er|re)s?|l|lit(?:er|re)s?|people|guests)\b")
_MANY = {"half dozen": 6, "half-dozen": 6, "hundred": 100, "thousand": 1000} | GROUP


def _pieces(draft: Draft, line: Line, price: Price) -> Decimal:
    """How many of a line a unit price is of: twelve of 36 eggs at $4 a dozen, one of 4 pairs at $6 a pair."""
    said = _SEVERAL.search(draft.text[price.number[0] : price.end])
    if said is None or line.quantity is None or _MEASURED.match(draft.text, price.end):
        return Decimal(1)
    words = (said["many"] or said["also"]).lower()
    pieces = Decimal(_MANY.get(words, words))
    if pieces == _MANY["pair"]:
        single = line.unit is None and line.quantity % 2 == 0 and not is_plural(head_of(line.name))
        return pieces if single else Decimal(1)
    return pieces if line.unit is None or line.quantity >= pieces else Decimal(1)


def _each(amount: Decimal, pieces: Decimal, quantity: Decimal) -> Decimal:
    """The price of one, with as many digits as it takes for all of them to come to what was said."""
    whole = amount * quantity / pieces
    rounded = (round(amount / pieces, digits) for digits in range(4, 10))
    return tidy(
        next((each for each in rounded if abs(each * quantity - whole) < _HALF_CENT), round(amount / pieces, 9))
    )


_HALF_CENT = Decimal("0.005")
_RESPECTIVELY = rx(r"\brespectively\b")
# '$12 each for the hats', '$12 per hat', 'the hats are $12 each'.
_PRICE_OF = rx(
    r"\s*(?:each\s|apiece\s|a piece\s)?(?:for|on|per)\s(?:(?:each|every|all|of|the|those|a|an)\s){0,2}"
    r"(?P<name>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*){0,2})"
)
_PER = rx(r"(?:per|/|a|an|for each)\s?(?P<name>[\w' -]+)\Z")
_OF_PRICE = rx(
    r"\bthe\s(?P<name>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*){0,2})\s(?:(?:is|are|at|cost|costs|for|priced)\s?)*\Z"
)


def _priced_line(draft: Draft, lines: list[Line], price: Price) -> int:
    """The place of the line that a price belongs to: the one that it names, else the one before it, else the first."""
    of = [at for at, line in enumerate(lines) if price.of and price.of <= set(map(singular, line.name.split()))]
    if len(of) == 1:
        return of[0]
    heads = [head_of(line.name) for line in lines]
    said = [
        _PRICE_OF.match(draft.text, price.end),
        _PER.search(draft.text[price.number[1] : price.end]),
        _OF_PRICE.search(draft.text[max(0, price.start - 60) : price.start]),
    ]
    for match in filter(None, said):
        for word in match["name"].lower().split():
            if heads.count(singular(word)) == 1:
                if match is said[0]:
                    draft.claim(*match.span())
                return heads.index(singular(word))
    return max((at for at, line in enumerate(lines) if line.name_span[0] < price.end), default=0)


def tidy(quantity: Decimal | None) -> Decimal:
    if quantity is None:
        return Decimal(1)
    return quantity.quantize(Decimal(1)) if quantity == quantity.to_integral_value() else quantity

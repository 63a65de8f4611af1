"""To which line each stated price belongs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.composer.offline.lines import Line
from core.composer.offline.money import Price
from core.composer.offline.nouns import head_of, singular
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
        if price.role == "total" or not lines:
            continue
        at = _priced_line(draft, lines, price)
        line = lines[at]
        quantity = line.quantity or Decimal(1)
        if price.role == "for" and quantity > 1 and len(lines) == 1:
            draft.values.setdefault("total_price", price.amount)
            draft.note("total_price", *price.number)
        elif line.unit_price is None:
            each = tidy(round(price.amount / quantity, 4)) if price.role == "for" else price.amount
            lines[at] = replace(line, unit_price=each)
            draft.note(f"items.{at}.unit_price", *price.number)
    return lines


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

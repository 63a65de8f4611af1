"""Prices of an hour, a day or a night, and limits of a piece or a night: what they come to for as many as are said."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from core.composer.base import Span
from core.composer.offline.lines import Line
from core.composer.offline.money import Price
from core.composer.offline.nouns import head_of, singular
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_UNIT = r"(?P<unit>hours?|hrs?|days?|nights?|weeks?|wks?)\b"
_RATE = rx(rf"(?:\b(?:an?|per|each|every)\s|/\s?){_UNIT}", words="hour hr hrs day night week wk wks")
# Not 'in 3 days', which is when, nor 'two and a half hours'.
_TERM = rx(
    r"(?<!\bin )(?<!\bwithin )(?<!\bevery )(?<!\bafter )(?<!\bnext )(?<!\blast )(?<!\bhalf )(?<!\bper )"
    rf"\b(?P<many>{NUMBER}|(?<=for )an?)[\s-]{_UNIT}(?!\sand\sa\s)",
    words="hour hr hrs day night week wk wks",
)
_UNITS = {"hr": "hour", "wk": "week"}
_PIECE = rx(
    r"\s*(?:each|apiece|a\s?piece|every one|ea\b\.?|(?:per|a|the)\s(?:unit|piece)"
    r"|(?:per|/)\s?(?P<name>[\w'-]+))\s*"
)
_DAYS = 7  # of a week


class _Term(NamedTuple):
    """For how many hours, days, nights or weeks, and where that is said."""

    many: Decimal
    span: tuple[int, int] | None


def settle_rates(draft: Draft, lines: list[Line], prices: list[Price]) -> list[Line]:
    """The lines, with a total or a budget out of such prices where it is said how many; else they are left out."""
    for price in prices:
        if price.role not in ("rate", "limit"):
            continue
        term = _times(draft, lines, price)
        field = "budget" if price.role == "limit" else "total_price"
        alone = len([other for other in prices if other.role in ("rate", "unit", "for")]) < 2
        if term and field not in draft.values and (field == "budget" or alone):
            draft.values[field] = price.amount * term.many
            draft.note(field, *price.number)
            if term.span:
                draft.note(field, *term.span)
                draft.claim(*term.span)
        elif price.role == "rate" and len(lines) == 1 and _takes(lines[0]):
            lines = [replace(lines[0], unit_price=price.amount)]
            draft.note("items.0.unit_price", *price.number)
            draft.skip(price.number[1], price.end)
        else:
            _leave_out(draft, price)
    return lines


def _takes(line: Line) -> bool:
    """Whether a price of a day can stand for a line: one thing, without a price, that is no service."""
    return line.quantity in (None, 1) and line.unit_price is None and not line.service


def _times(draft: Draft, lines: list[Line], price: Price) -> _Term | None:
    """How often a price is paid; None where it is not known, or where several things would share it."""
    one = lines[0] if len(lines) == 1 else None
    behind = draft.text[price.number[0] : price.end]
    if rate := _RATE.search(behind):
        single = not lines or (one is not None and one.quantity in (None, 1))
        return _term(draft, _unit(rate["unit"]), price) if single and draft.values.get("rooms", 1) == 1 else None
    if one is None or price.role != "limit":
        return None
    piece = _PIECE.fullmatch(draft.text[price.number[1] : price.end])
    if piece is None or (piece["name"] and singular(piece["name"]) != head_of(one.name)):
        return None
    return _Term(one.quantity or Decimal(1), None)


def _term(draft: Draft, unit: str, price: Price) -> _Term | None:
    found: dict[str, list[_Term]] = {}
    for match in _TERM.finditer(draft.text):
        many = read_number(match["many"]) or (Decimal(1) if match["many"].lower() in ("a", "an") else None)
        if many and not price.start <= match.start() < price.end:
            found.setdefault(_unit(match["unit"]), []).append(_Term(many, match.span()))
    terms = found.get(unit, [])
    if not terms and unit in ("day", "night"):
        terms = [_Term(weeks.many * _DAYS, weeks.span) for weeks in found.get("week", [])]
    if not terms and unit == "night" and isinstance(nights := draft.values.get("nights"), int):
        return _Term(Decimal(nights), None)
    return terms[0] if len({term.many for term in terms}) == 1 else None


def _unit(word: str) -> str:
    return _UNITS.get(singular(word), singular(word))


def _leave_out(draft: Draft, price: Price) -> None:
    """Show a price as not read; the money that it named stays said."""
    draft.skip(price.start, price.end)
    for at, span in enumerate(draft.spans):
        if span.field == "currency" and price.start <= span.start and span.end <= price.end:
            name = re.search(r"[^\d\s.,'-]+", draft.text[span.start : span.end])
            if name:
                draft.spans[at] = Span("currency", span.start + name.start(), span.start + name.end())

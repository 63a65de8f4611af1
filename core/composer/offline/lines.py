"""What is handed on while items are read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it was read. quantity None: unsaid. Spans are (start, end) in the text."""

    name: str
    quantity: Decimal | None
    unit: str | None
    name_span: tuple[int, int]
    quantity_span: tuple[int, int] | None
    unit_span: tuple[int, int] | None = None
    article: bool = False
    verb: str = ""
    service: bool = False
    unit_price: Decimal | None = None


class Vague(NamedTuple):
    """A quantity that is no single number: its words, their place, and the name after it."""

    words: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How sentences are read. cued: somewhere a verb orders. bare: the text is a noun phrase and no more.

    loose: nothing was found otherwise, so known things count behind 'for' and in statements too.
    """

    cued: bool
    bare: bool = False
    loose: bool = False

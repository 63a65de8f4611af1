"""What every reader of English offers, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from core.models import OrderRequest

MAX_CHARS = 2000
ParserName = Literal["offline", "groq"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the sentence that gave a field: text[start:end]. `field` is a path such as 'items.0.quantity'."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as it was read. `request.defaulted` names what was not in the text.

    `ignored` are the words that gave nothing and look as if they should; `parser` says who read it.
    """

    text: str
    request: OrderRequest
    spans: tuple[Span, ...]
    ignored: tuple[str, ...]
    parser: str


class Composer(Protocol):
    """Turns a sentence into a request. It runs nothing."""

    def read(self, text: str) -> Reading:
        """Read one order.

        Raises ReadingRefused with a code and a sentence that says what to write instead.
        """

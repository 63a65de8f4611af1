"""What every reader of English offers, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from core.errors import ReadingRefused
from core.models import OrderRequest, PlanName, PlanWish

MAX_CHARS = 2000
ParserName = Literal["offline", "groq"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the sentence that gave a field: text[start:end]. `field` is a path such as 'items.0.quantity'."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What can't be had, said in a sentence or two. `offer`: a sentence that gives the nearest thing, '' for none."""

    text: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as it was read. `request.defaulted` names what was not in the text.

    `ignored` are the words that gave nothing and look as if they should; `parser` says who read it, and `note`,
    where that is not the parser that was asked, why. `wishes` are about the plan, `plan` is the built-in plan that
    was wished for; `answers` say what no plan can do. Their spans are 'wishes.0', 'answers.0' and 'plan'. `declined`
    are fields with a value that is not wanted ('not overnight'), which an order without them needs not be told.
    """

    text: str
    request: OrderRequest
    spans: tuple[Span, ...]
    ignored: tuple[str, ...]
    parser: str
    note: str = ""
    wishes: tuple[PlanWish, ...] = ()
    answers: tuple[Answer, ...] = ()
    plan: PlanName = "saga"
    declined: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two readings differ: a path such as 'items.0.quantity', with a value of the request each, None for none.

    `field` is 'refusal' where at least one of them refuses; the values are then the codes, None for a reading.
    """

    field: str
    offline: object
    groq: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """One sentence as both parsers take it. `groq` is None where only the offline parser is in use.

    Where the Groq parser gave way to the offline one, `groq.note` says why, and there are no differences.
    """

    offline: Reading | ReadingRefused
    groq: Reading | ReadingRefused | None = None
    differences: tuple[Difference, ...] = ()


class Composer(Protocol):
    """Turns a sentence into a request. It runs nothing."""

    def read(self, text: str) -> Reading:
        """Read one order.

        Raises ReadingRefused with a code and a sentence that says what to write instead.
        """

"""An order is refined in words: what was understood as typed changes, what they change, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, Protocol, runtime_checkable

from core.composer.base import Answer
from core.composer.changes import Composed, Op, Unfit, apply_ops
from core.composer.wording import KINDS, Change, diff, line_words, told, value_words

__all__ = [
    "KINDS",
    "Change",
    "Composed",
    "History",
    "Option",
    "Refinement",
    "Refiner",
    "diff",
    "line_words",
    "refine",
    "refined",
    "told",
    "value_words",
]

MOST_KEPT = 50
EXAMPLES = "Try 'make it 3', 'ship overnight instead', 'no text messages' or 'email me before you charge the card'."
AGAIN = "Nothing was changed: the order is like that already."
Move = Literal["undo", "redo"]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take an ambiguous text: a label, and the text that says it plainly."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """What a text would make of an order. Nothing is changed before `after` is applied to a history.

    ops: the typed changes. changes: how `after` differs from `before`. refused: sentences about what was not
    understood or can't be. answers: what no plan can do, each with an offer. options: the ways to take an ambiguous
    text. move: the text asks to undo or redo, and nothing else. refiner: who read it; note: why it was not another.
    """

    text: str
    before: Composed
    after: Composed
    ops: tuple[Op, ...] = ()
    refused: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    options: tuple[Option, ...] = ()
    move: Move | None = None
    refiner: str = "offline"
    note: str = ""
    changes: tuple[Change, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", diff(self.before, self.after))

    @property
    def words(self) -> tuple[str, ...]:
        """What changes, in words that are made of the difference alone."""
        return told(self.changes)


@runtime_checkable
class Refiner(Protocol):
    """Reads what is to change. It changes nothing."""

    def refine(self, draft: Composed, text: str) -> Refinement:
        """What a text would make of an order. What can't be is said in the refinement; it raises nothing."""


def refined(
    draft: Composed,
    text: str,
    ops: Iterable[Op],
    *,
    refused: Iterable[str] = (),
    answers: Iterable[Answer] = (),
    options: Iterable[Option] = (),
    refiner: str = "offline",
) -> Refinement:
    """The refinement of these changes: each is made if it can be, and a sentence says why where it can't."""
    after, made, said = draft, [], list(refused)
    for op in ops:
        try:
            after = apply_ops(after, [op])
            made.append(op)
        except Unfit as unfit:
            said.append(str(unfit))
    found = Refinement(text, draft, after, tuple(made), (), tuple(answers), tuple(options), refiner=refiner)
    if made and not found.changes and not said:
        said.append(AGAIN)
    return replace(found, refused=tuple(dict.fromkeys(said)))


def not_understood(ops: Sequence[Op], left: Sequence[str]) -> tuple[str, ...]:
    """The sentence about words that gave nothing; none where there are no such words."""
    if not left:
        return ("Nothing was changed: that was not understood. " + EXAMPLES,) if not ops else ()
    said = ", ".join(f"'{words if len(words) <= 60 else words[:59] + '…'}'" for words in left)
    if ops:
        return (f"Left out, not understood: {said}.",)
    return (f"Nothing was changed: {said} was not understood. {EXAMPLES}",)


def refine(draft: Composed, text: str) -> Refinement:
    """Refine by rules: no network, no key."""
    from core.composer.offline.refining import OfflineRefiner

    return OfflineRefiner().refine(draft, text)


@dataclass(frozen=True, slots=True)
class History:
    """An order, what it was before each change, and what was undone. At most MOST_KEPT steps back are kept."""

    now: Composed
    past: tuple[Composed, ...] = ()
    future: tuple[Composed, ...] = ()

    def apply(self, after: Composed) -> History:
        """Take a change over; what was undone before is gone. The same order again is no step."""
        if after == self.now:
            return self
        return History(after, (*self.past, self.now)[-MOST_KEPT:])

    def undo(self) -> History:
        """One step back; the same history where there is none."""
        return History(self.past[-1], self.past[:-1], (*self.future, self.now)) if self.past else self

    def redo(self) -> History:
        """One undone step again; the same history where there is none."""
        return History(self.future[-1], (*self.past, self.now), self.future[:-1]) if self.future else self

    def steps(self) -> tuple[tuple[str, ...], ...]:
        """What each kept step changed, in words, the oldest first."""
        orders = (*self.past, self.now)
        return tuple(told(diff(one, other)) for one, other in pairwise(orders))

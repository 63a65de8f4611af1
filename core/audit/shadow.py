"""Invariant 9: a run driven once more by its journal alone, row by row, beside the journal."""

from __future__ import annotations

from collections import deque
from typing import Any

from core.audit.family import Family
from core.errors import Diverged
from core.interpreter import interpret
from core.models import Entry, OrderRequest, Plan, Row
from core.worlds.driver import Driver


class Shadow(Driver):
    """The run as a replay has it. Its calls reach no service: they are what the ledger may show."""

    def __init__(self, family: Family, plan: Plan, order: OrderRequest) -> None:
        super().__init__(family.run, 0.0)
        self._family, self._plan, self._order = family, plan, order
        self._due: deque[Entry] = deque()  # decided here, and not yet seen in the journal

    def follow(self, row: Row) -> None:
        """Come past one row of the journal. Raises Diverged where it holds something else than is decided here."""
        if self.seq == 0:
            self.now = row.at
            self.begin(interpret(self._plan, self._order, self))
        elif row.kind != "event":
            self.check_at_end()
            self._deliver(row)
        self._due += self.entries
        self.entries.clear()
        for call in self.outgoing:
            self._family.asked(call)
        self.outgoing.clear()
        due = self._due.popleft() if self._due else None
        if due is None or not _same(due, row):
            raise Diverged(f"{_words(row.body, row.kind, row.step)}, a replay {_decided(due)}")

    def check_at_end(self) -> None:
        """Raises Diverged where the journal lacks what was decided here."""
        if self._due:
            raise Diverged(f"nothing, a replay {_decided(self._due[0])}")

    def is_waiting(self) -> bool:
        """Something will come: an answer, or a timer that rings."""
        return bool(self.pending) or self.next_due() is not None


def _same(due: Entry, row: Row) -> bool:
    """Whether a row is the entry decided here; how long an attempt took depends on restarts."""
    seq, kind, step, direction, edition, visit, attempt, at, body = due
    place = seq, kind, step, direction, edition, visit, attempt, at
    if place != (row.seq, row.kind, *row[5:11]):
        return False
    return body == row.body or (kind == "answer" and body | {"took_ms": 0} == row.body | {"took_ms": 0})


def _words(body: dict[str, Any], kind: str, step: str) -> str:
    about = f" of step '{step}'" if step else ""
    return f"the event '{body['event']}'{about}" if kind == "event" else f"the {kind}{about}"


def _decided(due: Entry | None) -> str:
    return f"makes it {_words(due.body, due.kind, due.step)}" if due else "comes to nothing there"

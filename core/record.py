"""A run as the store holds it: its row, its journal, its effects, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from core.errors import SagalabError
from core.models import Call, Facts, OrderRequest, Plan, Question, Row, Step

UNREADABLE = (
    "This run was written by another version of Sagalab and can't be read by this one. It is kept as it is; go back to "
    "the version that wrote it to go on with it."
)


@lru_cache(maxsize=256)
def parse_plan(body: str) -> Plan:
    """A plan from its JSON; the same object for the same text. Raises SagalabError where it can't be read."""
    try:
        return Plan.model_validate_json(body)
    except ValidationError as error:
        raise SagalabError(UNREADABLE) from error


def parse_orders(body: str) -> list[OrderRequest]:
    """The versions of a run's request from their JSON list. Raises SagalabError where one can't be read."""
    try:
        return [OrderRequest.model_validate_json(to_json(order)) for order in from_json(body)]
    except ValidationError as error:
        raise SagalabError(UNREADABLE) from error


class Record:
    """Everything that is known of one run. `row` is one of `runs` with `plan_body`; `keys` its name in keys."""

    def __init__(
        self,
        row: Mapping[str, Any],
        rows: Sequence[Row],
        in_flight: Sequence[Call] = (),
        ledger: Sequence[Mapping[str, Any]] = (),
        postings: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.row, self.rows, self.in_flight, self.ledger, self.postings = row, rows, in_flight, ledger, postings
        self.plan = parse_plan(row["plan_body"])

    @cached_property
    def orders(self) -> list[OrderRequest]:
        """The request, then one version per edit of it."""
        return parse_orders(self.row["requests"])

    @cached_property
    def facts(self) -> Facts:
        """What the steps knew at the end: the request's facts, the answers and the edits, in their order."""
        facts = self.orders[0].facts() | self.plan.given
        for row in self.rows:
            if row.kind == "answer" and row.body["code"] is None and row.direction in ("do", "close"):
                facts |= row.body["answer"]
            elif row.kind == "decision":
                facts |= row.body["changes"]
        return facts

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Every step that the plan names, by id."""
        plan = self.plan
        return {step.id: step for step in (*plan.steps(), *plan.on_failure, plan.ticket)}

    @cached_property
    def _by_step(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.kind == "answer":
                found.setdefault(row.step, []).append(row)
        return found

    def rows_of(self, step: str) -> list[Row]:
        """The answers of a step, in order."""
        return self._by_step.get(step, [])

    @cached_property
    def events(self) -> list[Row]:
        """The event rows, in order."""
        return [row for row in self.rows if row.kind == "event"]

    def saw(self, event: str) -> bool:
        """Whether the run decided this at some time."""
        return any(row.body["event"] == event for row in self.events)

    def is_done(self, step: str) -> bool:
        """Whether the step's last do took effect, or its key was closed on an effect that had happened."""
        rows = [row for row in self.rows_of(step) if row.direction != "undo"]
        if not rows:
            return False
        last = rows[-1]
        return bool(last.body["answer"]) if last.direction == "close" else last.body["code"] is None

    def is_undone(self, step: str) -> bool:
        """Whether the last that happened to the step is a successful undo."""
        rows = self.rows_of(step)
        return bool(rows) and rows[-1].direction == "undo" and rows[-1].body["code"] is None

    def failed_for_good(self, step: str) -> bool:
        """Whether the step's last visit ended without success."""
        failed = [row.seq for row in self.events if row.body["event"] == "failed" and row.body["step"] == step]
        rows = self.rows_of(step)
        return bool(failed) and (not rows or failed[-1] > rows[-1].seq)

    @cached_property
    def question(self) -> Question | None:
        """What a person is asked now; nothing where the run can't be driven."""
        if self.row["ended_at"] is not None or self.row["code"]:
            return None
        asked: Question | None = None
        for row in self.rows:
            if row.kind == "event" and row.body["event"] == "asked":
                asked = Question(row.body["status"], row.body["step"], row.body["visit"], row.body["code"])
            elif row.kind == "decision" or (row.kind == "event" and row.body["event"] == "undoing"):
                asked = None
        return asked

"""Repairing an ended run: one step that failed behind the pivot, once more, with what the run knew."""

from __future__ import annotations

from collections.abc import Sequence

from core import plans
from core.errors import DecisionRefused
from core.models import Plan, Step
from core.record import Record


def repairable(record: Record) -> tuple[str, ...]:
    """Steps of a confirmed run that failed or were skipped behind the pivot."""
    if record.row["status"] != "confirmed_with_issues" or record.row["parent"]:
        return ()
    order, pivot = record.plan.order, record.plan.pivot(record.orders[0].facts() | record.plan.given)
    return tuple(
        step.id
        for step in record.plan.steps()
        if not step.critical
        and not step.owed
        and order[step.id] > order.get(pivot or "", -1)
        and record.failed_for_good(step.id)
        and not record.is_done(step.id)
    )


def plan_repair(record: Record, step: str, repairs: Sequence[Record]) -> Plan:
    """The plan of a repair: the original key, or the next edition where that was closed. Raises DecisionRefused."""
    id = record.row["id"]
    if step not in repairable(record):
        raise DecisionRefused(id, "Only a notification that failed in a confirmed run can be repaired.")
    for repair in repairs:
        if repair.plan.stages[0][0].id == step and repair.row["status"] in (
            "running",
            "paused",
            "needs_attention",
            "confirmed",
        ):
            raise DecisionRefused(id, "It is repaired already, or a repair is under way.")
    found = next(one for one in record.plan.steps() if one.id == step)
    given = {fact: record.facts.get(fact) for fact in known_facts(found)} | {"contact": "contact/1"}  # its only version
    return plans.repair(found, next_edition([record, *repairs], found), record.plan, given)


def known_facts(step: Step) -> tuple[str, ...]:
    """The facts that a step takes over from its run."""
    return tuple(dict.fromkeys((*step.uses.values(), *step.when)))


def next_edition(records: Sequence[Record], step: Step) -> int:
    """The edition of the step's key that a new do may use: past every one that was closed."""
    edition = step.edition
    for record in records:
        for row in record.rows_of(step.id):
            edition = max(edition, row.edition + (row.direction == "close"))
    return edition

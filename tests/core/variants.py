"""Plans that differ a little from the built-in ones, for the tests of what makes a plan valid."""

from __future__ import annotations

from typing import Any

import pytest

from core import plans
from core.errors import PlanRefused
from core.models import Item, OrderRequest, Plan, Step
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.validate import validate_plan

REGISTRY = default_registry(RateSource(live=False))
LAPTOP = OrderRequest(items=(Item(name="laptop"),))
TEAM = LAPTOP.model_copy(update={"channel": "corporate", "wallet": "team"})
SAGA = plans.saga(LAPTOP)
NOTE = Step(
    id="note",
    action="email_notification.send",
    title="Note",
    critical=False,
    policy="continue",
    uses={"contact": "contact"},
    params={"kind": "notice"},
)


def step_of(plan: Plan, id: str) -> Step:
    """A step of the stages or of an alternative."""
    return next(step for step in plan.steps() if step.id == id)


def change(name: str, /, plan: Plan = SAGA, **changes: Any) -> Plan:
    """A plan with one step changed."""

    def changed(step: Step) -> Step:
        alternative = tuple(changed(other) for other in step.alternative)
        same = step.model_copy(update={"alternative": alternative})
        return same.model_copy(update=changes) if step.id == name else same

    return plan.model_copy(update={"stages": tuple(tuple(changed(step) for step in stage) for stage in plan.stages)})


def insert(place: int, *steps: Step, plan: Plan = SAGA) -> Plan:
    """A plan with one more stage."""
    return plan.model_copy(update={"stages": (*plan.stages[:place], steps, *plan.stages[place:])})


def drop(*ids: str, plan: Plan = SAGA) -> Plan:
    """A plan without some steps."""
    stages = (tuple(step for step in stage if step.id not in ids) for stage in plan.stages)
    return plan.model_copy(update={"stages": tuple(stage for stage in stages if stage)})


def refusal(plan: Plan, request: OrderRequest = LAPTOP) -> PlanRefused:
    """The error that a plan is refused with."""
    with pytest.raises(PlanRefused) as caught:
        validate_plan(plan, REGISTRY, request)
    assert caught.value.step in str(caught.value)
    return caught.value


def assert_refused(plan: Plan, step: str, *words: str, request: OrderRequest = LAPTOP) -> None:
    error = refusal(plan, request)
    assert error.step == step, str(error)
    for word in words:
        assert word in str(error)

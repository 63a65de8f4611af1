"""The two built-in plans: what runs when, what undoes it, where the pivot is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core import plans
from core.decisions import NO_SKIP
from core.models import Condition, Item, Notifications, OrderRequest, Plan, RetryPolicy, Step

LAPTOP = OrderRequest(items=(Item(name="laptop"),))
TEAM = LAPTOP.model_copy(update={"channel": "corporate", "wallet": "team"})
ABROAD = LAPTOP.model_copy(update={"convert_to": "EUR"})
TRIP = OrderRequest(workflow_type="travel_booking", destination="Oslo")
Build = Callable[..., Plan]
both = pytest.mark.parametrize("build", [plans.saga, plans.sequence])


def asked(plan: Plan, request: OrderRequest) -> list[list[str]]:
    """The ids of each stage that a request asks for from the start."""
    facts = request.facts()
    stages = [[step.id for step in stage if step.holds(facts)] for stage in plan.stages]
    return [stage for stage in stages if stage]


def by_id(plan: Plan) -> dict[str, Step]:
    return {step.id: step for step in plan.steps()}


def test_saga_takes_the_money_first() -> None:
    expected = [["analyse"], ["charge"], ["create"], ["book"], ["ship"], ["email", "sms"]]
    assert asked(plans.saga(LAPTOP), LAPTOP) == expected


def test_sequence_books_first() -> None:
    expected = [["analyse"], ["create"], ["book"], ["charge"], ["ship"], ["email", "sms"]]
    assert asked(plans.sequence(LAPTOP), LAPTOP) == expected


@both
def test_a_team_pays_from_its_wallet_and_a_customer_by_card(build: Build) -> None:
    steps = [{id for stage in asked(build(request), request) for id in stage} for request in (LAPTOP, TEAM)]
    assert [{"charge", "debit"} & found for found in steps] == [{"charge"}, {"debit"}]


@both
def test_money_is_converted_after_it_was_taken_where_the_currencies_differ(build: Build) -> None:
    stages = [id for stage in asked(build(ABROAD), ABROAD) for id in stage]
    assert stages.index("convert") > stages.index("charge")
    assert ["convert"] not in asked(build(LAPTOP), LAPTOP)


@both
def test_every_effect_before_the_pivot_has_its_undo(build: Build) -> None:
    undos = {step.id: step.undo for step in build(TEAM).steps() if step.critical and step.undo}
    assert undos == {
        "charge": "refund",
        "debit": "restore_wallet",
        "create": "cancel",
        "convert": "reverse",
        "book": "release",
        "difference": "restore_wallet",
        "rebook": "release",
        "ship": "cancel",
    }


@pytest.mark.parametrize(
    ("build", "request_", "pivot"),
    [
        (plans.saga, LAPTOP, "ship"),
        (plans.saga, TRIP, "book"),
        (plans.sequence, LAPTOP, "ship"),
        (plans.sequence, TRIP, "charge"),
        (plans.sequence, TRIP.model_copy(update={"convert_to": "EUR"}), "convert"),
        (plans.sequence, TRIP.model_copy(update={"channel": "corporate", "wallet": "team"}), "debit"),
    ],
)
def test_the_pivot_is_the_last_critical_step_that_the_request_does_not_skip(
    build: Build, request_: OrderRequest, pivot: str
) -> None:
    assert build(request_).pivot(request_.facts()) == pivot


@both
@pytest.mark.parametrize(("ask", "policy"), [(True, "ask"), (False, "compensate")])
def test_critical_steps_ask_or_compensate(build: Build, ask: bool, policy: str) -> None:
    steps = build(LAPTOP, ask).steps()
    assert {step.policy for step in steps if step.critical} == {policy}


@both
def test_messages_never_hold_an_order_up(build: Build) -> None:
    plan = build(LAPTOP)
    for id in ("email", "sms", "call"):
        assert (by_id(plan)[id].critical, by_id(plan)[id].policy) == (False, "continue")
        assert plan.order[id] > plan.order["ship"]


@both
def test_what_the_order_can_not_do_without_is_critical(build: Build) -> None:
    assert all(step.critical for step in build(LAPTOP).steps() if step.action in NO_SKIP)


@both
def test_a_cheaper_alternative_is_credited_behind_everything(build: Build) -> None:
    plan = build(TEAM)
    (credit,) = plan.stages[-1]
    assert (credit.id, credit.owed, credit.policy, credit.undo) == ("credit", True, "ask", None)
    assert not credit.holds(TEAM.facts())
    assert credit.holds(TEAM.facts() | {"credit_minor": 500})


@both
def test_a_team_gets_the_next_best_offer_and_a_customer_is_asked(build: Build) -> None:
    alternative = by_id(build(TEAM))["book"].alternative
    assert [step.id for step in alternative] == ["alternative", "difference", "rebook"]
    assert alternative[0].holds(TEAM.facts())
    assert not alternative[0].holds(LAPTOP.facts())
    assert not alternative[1].holds(TEAM.facts() | {"dearer_minor": 0})


@both
def test_an_alternative_stands_behind_its_step_in_plan_order(build: Build) -> None:
    order = build(TEAM).order
    assert order["book"] < order["alternative"] < order["difference"] < order["rebook"] < order["ship"]


@both
def test_declined_channels_are_not_used(build: Build) -> None:
    request = LAPTOP.model_copy(update={"notifications": Notifications(email=False, sms=True, call=True)})
    plan = build(request)
    assert asked(plan, request)[-1] == ["sms", "call"]
    told = ["sms.failure"] if plan.name == "saga" else ["sms.failure", "call.failure"]
    assert [step.id for step in plan.on_failure if step.holds(request.facts())] == told


@both
def test_only_the_stages_confirm(build: Build) -> None:
    plan = build(LAPTOP)
    kinds = {step.id: step.params.get("kind") for step in (*plan.steps(), *plan.on_failure) if "kind" in step.params}
    assert kinds == {
        "email": "confirmation",
        "sms": "confirmation",
        "email.failure": "failure",
        "sms.failure": "failure",
    }


@pytest.mark.parametrize(
    ("event", "met"),
    [
        ("payment_failed", [("charge", None), ("debit", None)]),
        ("shipping_failed", [("ship", None)]),
        ("out_of_stock", [("book", "out_of_stock")]),
        ("delayed", [("ship", "delayed")]),
        ("over_budget", [("analyse", "over_budget")]),
    ],
)
def test_a_condition_of_the_request_becomes_one_of_the_plan(event: str, met: list[tuple[str, str | None]]) -> None:
    request = LAPTOP.model_copy(update={"conditions": (Condition.model_validate({"if": event, "then": "call"}),)})
    found = [(condition.step, condition.code, condition.then) for condition in plans.saga(request).conditions]
    assert found == [(step, code, "call") for step, code in met]


@both
def test_a_retry_policy_holds_for_every_step(build: Build) -> None:
    patient = RetryPolicy(attempts=7)
    plan = build(LAPTOP, True, patient)
    steps = (*plan.steps(), *plan.on_failure, plan.ticket, plan.email, plan.sms)
    assert {step.retry for step in steps} == {patient}


def test_a_repair_is_one_step_that_asks_and_confirms_at_once() -> None:
    plan = plans.saga(LAPTOP)
    repair = plans.repair(by_id(plan)["sms"], 2, plan, {"order_id": "ORD_1"})
    ((step,),) = repair.stages
    assert (repair.name, step.id, step.edition, step.policy, step.critical) == ("repair", "sms", 2, "ask", False)
    assert (repair.given, repair.pivot(LAPTOP.facts()), repair.on_failure) == ({"order_id": "ORD_1"}, None, ())
    assert step.params["kind"] == "confirmation"

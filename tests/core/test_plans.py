"""The two built-in plans: what runs when, what undoes it, where the pivot is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core import plans
from core.decisions import NO_SKIP
from core.errors import PlanRefused
from core.models import (
    CRITICAL_PARTS,
    Condition,
    Item,
    Notifications,
    OrderRequest,
    Plan,
    PlanPart,
    PlanWish,
    RetryPolicy,
    Step,
    settle_wishes,
)
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.validate import validate_plan

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


# Wishes


REGISTRY = default_registry(RateSource(live=False))
ORDERS = (LAPTOP, TEAM, ABROAD, TRIP)


@st.composite
def a_wish(draw: st.DrawFn) -> PlanWish:
    part: PlanPart = draw(st.sampled_from(get_args(PlanPart)))
    critical, ships = part in CRITICAL_PARTS, part == "shipping"
    policies = ["ask"] + ["compensate"] * critical + ["continue"] * (ships or not critical)
    fields: list[dict[str, Any]] = [{"attempts": draw(st.integers(1, 20))}, {"policy": draw(st.sampled_from(policies))}]
    fields += [{"tell_before": draw(st.sampled_from(["email", "sms", "call"]))}] * critical
    return PlanWish(step=part, **draw(st.sampled_from(fields)))


@both
def test_tries_are_those_of_every_step_of_the_part_and_of_no_other(build: Build) -> None:
    plan = build(TEAM, wishes=[PlanWish(step="payment", attempts=1)])
    tries = {step.id: step.retry.attempts for step in plan.steps()}
    assert {id for id, n in tries.items() if n == 1} == {"charge", "debit", "difference"}
    assert tries["credit"] == 3, "what is owed is retried as ever"
    assert by_id(plan)["charge"].retry.first_wait_s == RetryPolicy().first_wait_s


@both
def test_messages_on_the_way_back_are_tried_as_often_as_those_ahead(build: Build) -> None:
    plan = build(LAPTOP, wishes=[PlanWish(step="email", attempts=7)])
    tries = {step.id: step.retry.attempts for step in (*plan.steps(), *plan.on_failure)}
    assert {id for id, n in tries.items() if n == 7} == {"email", "email.failure"}


@both
@pytest.mark.parametrize("policy", ["compensate", "continue"])
def test_a_policy_is_that_of_the_part_alone(build: Build, policy: Any) -> None:
    plan = build(LAPTOP, wishes=[PlanWish(step="shipping", policy=policy)])
    assert {step.id for step in plan.steps() if step.critical and step.policy != "ask"} == {"ship"}
    assert by_id(plan)["ship"].policy == policy


@both
def test_where_nobody_is_asked_a_wish_to_be_asked_changes_nothing(build: Build) -> None:
    wishes = [PlanWish(step="shipping", policy="ask"), PlanWish(step="email", policy="ask")]
    assert build(LAPTOP, False, wishes=wishes) == build(LAPTOP, False)
    assert by_id(build(LAPTOP, True, wishes=wishes))["email"].policy == "ask"


@both
@pytest.mark.parametrize(
    ("part", "ahead", "request_"),
    [
        ("payment", "charge", LAPTOP),
        ("payment", "debit", TEAM),
        ("order", "create", LAPTOP),
        ("conversion", "convert", ABROAD),
        ("booking", "book", TRIP),
        ("shipping", "ship", LAPTOP),
    ],
)
def test_a_notice_has_a_stage_right_before_its_step(
    build: Build, part: Any, ahead: str, request_: OrderRequest
) -> None:
    wishes = [PlanWish(step=part, tell_before=channel) for channel in ("sms", "email")]
    stages = asked(build(request_, wishes=wishes), request_)
    place = stages.index([ahead])
    assert stages[place - 1] == [f"email.before_{part}", f"sms.before_{part}"]
    assert stages[:1] == [["analyse"]], "what it costs is known by then"
    others = [stage for stage in stages if stage != stages[place - 1]]
    assert others == asked(build(request_), request_)


@both
def test_a_notice_of_what_does_not_come_is_not_sent(build: Build) -> None:
    wishes = [PlanWish(step="shipping", tell_before="email"), PlanWish(step="conversion", tell_before="sms")]
    assert asked(build(TRIP, wishes=wishes), TRIP) == asked(build(TRIP), TRIP)


@both
def test_a_notice_holds_nothing_up_and_is_sent_though_confirmations_are_declined(build: Build) -> None:
    quiet = LAPTOP.model_copy(update={"notifications": Notifications(email=False, sms=False)})
    plan = build(quiet, wishes=[PlanWish(step="payment", tell_before="email")])
    notice = by_id(plan)["email.before_payment"]
    assert notice.holds(quiet.facts())
    assert (notice.critical, notice.policy, notice.undo, notice.owed) == (False, "continue", None, False)
    assert notice.params == {"kind": "ahead", "about": "payment"}
    assert plan.pivot(quiet.facts()) == build(quiet).pivot(quiet.facts())


@both
def test_a_notice_names_the_order_where_it_has_its_number(build: Build) -> None:
    plan = build(LAPTOP, wishes=[PlanWish(step=part, tell_before="call") for part in ("payment", "shipping")])
    assert "order_id" in by_id(plan)["call.before_shipping"].uses
    assert ("order_id" in by_id(plan)["call.before_payment"].uses) == (plan.name == "sequence")


@settings(max_examples=60, deadline=None)
@given(st.lists(a_wish(), max_size=8), st.sampled_from(ORDERS), st.sampled_from([plans.saga, plans.sequence]))
def test_every_plan_of_wishes_is_one_that_may_run(wishes: list[PlanWish], request: OrderRequest, build: Build) -> None:
    for ask in (True, False):
        plan = build(request, ask, wishes=wishes)
        validate_plan(plan, REGISTRY, request)
        assert Plan.model_validate_json(plan.model_dump_json(exclude_defaults=True)) == plan


@settings(max_examples=60, deadline=None)
@given(st.lists(a_wish(), max_size=8), st.sampled_from([plans.saga, plans.sequence]))
def test_a_plan_tells_its_wishes_in_whatever_order_they_were_said(wishes: list[PlanWish], build: Build) -> None:
    plan, settled = build(LAPTOP, wishes=wishes), settle_wishes(wishes)
    assert build(LAPTOP, wishes=plans.wishes_of(plan)) == plan == build(LAPTOP, wishes=tuple(reversed(settled)))
    usual = {(wish.attempts, wish.policy, wish.tell_before) for wish in set(settled) - set(plans.wishes_of(plan))}
    assert usual <= {(3, None, None), (None, "ask", None), (None, "continue", None)}, "only what is so anyway is unsaid"


def test_the_later_of_two_wishes_about_the_same_counts() -> None:
    wishes = [PlanWish(step="shipping", attempts=n) for n in (9, 5)]
    assert settle_wishes(wishes) == (PlanWish(step="shipping", attempts=5),)
    channels = [PlanWish(step="payment", tell_before=channel) for channel in ("sms", "email")]
    assert len(settle_wishes(channels)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"attempts": 0},
        {"attempts": 21},
        {"attempts": 2, "policy": "ask"},
        {"policy": "continue"},
        {"step": "email", "policy": "compensate"},
        {"step": "sms", "tell_before": "email"},
        {"step": "refund", "attempts": 2},
    ],
)
def test_a_wish_that_no_plan_can_hold_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PlanWish.model_validate({"step": "payment"} | fields)


def test_a_wish_about_steps_that_a_plan_lacks_is_refused() -> None:
    plan = plans.saga(LAPTOP)
    repair = plans.repair(by_id(plan)["sms"], 1, plan, {})
    for wish in (PlanWish(step="shipping", attempts=2), PlanWish(step="payment", tell_before="sms")):
        with pytest.raises(PlanRefused):
            plans.with_wishes(repair, [wish])

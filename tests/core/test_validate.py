"""Plans that may run, and plans that are refused with the step and the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plans
from core.decisions import NO_SKIP
from core.models import Condition, Item, Notifications, OrderRequest, Plan, PlanCondition, RetryPolicy, Step
from core.repairs import known_facts
from core.validate import validate_plan
from tests.core.variants import (
    LAPTOP,
    NOTE,
    REGISTRY,
    SAGA,
    TEAM,
    assert_refused,
    change,
    drop,
    insert,
    refusal,
    step_of,
)

# Valid plans

requests = st.builds(
    OrderRequest,
    workflow_type=st.sampled_from(
        ["purchase_order", "bulk_order", "travel_booking", "service_appointment", "software_license"]
    ),
    items=st.just((Item(name="laptop"),)),
    convert_to=st.sampled_from([None, "EUR"]),
    channel=st.sampled_from(["B2C", "corporate"]),
    wallet=st.just("team"),
    notifications=st.builds(Notifications, email=st.sampled_from([None, False]), call=st.sampled_from([None, True])),
    conditions=st.lists(
        st.builds(
            Condition,
            event=st.sampled_from(["payment_failed", "shipping_failed", "out_of_stock", "delayed", "over_budget"]),
            then=st.sampled_from(["call", "sms", "email", "cancel"]),
        ),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=60)
@given(request=requests, build=st.sampled_from([plans.saga, plans.sequence]), ask=st.booleans())
def test_the_built_in_plans_are_valid_for_every_request(
    request: OrderRequest, build: Callable[..., Plan], ask: bool
) -> None:
    if not request.corporate:
        request = request.model_copy(update={"wallet": None})
    validate_plan(build(request, ask), REGISTRY, request)


@pytest.mark.parametrize("id", ["email", "sms", "call"])
def test_a_repair_of_one_message_is_valid(id: str) -> None:
    step = step_of(SAGA, id)
    known = dict.fromkeys(known_facts(step)) | {"contact": "contact/1", "priority": "high"}
    validate_plan(plans.repair(step, 2, SAGA, known), REGISTRY, LAPTOP)


@pytest.mark.parametrize(
    "plan",
    [
        drop("call"),
        drop("convert"),
        drop("ship", "email", "sms"),
        SAGA.model_copy(update={"stages": SAGA.stages[:1]}),
        insert(2, NOTE),
        change("ship", policy="continue"),
        change("ship", critical=False, policy="continue"),
        change("book", alternative=()),
        change("charge", retry=RetryPolicy(attempts=20, first_wait_s=600, factor=1, longest_s=3600)),
    ],
    ids=[
        "no call",
        "no conversion",
        "nothing sent",
        "only analysed",
        "a notice on the way",
        "shipping may fail",
        "shipping behind the pivot",
        "no alternative",
        "patient retries",
    ],
)
def test_variants_are_valid(plan: Plan) -> None:
    validate_plan(plan, REGISTRY, LAPTOP)


# Refused: a step by itself


def test_an_unknown_service_is_named_with_those_that_there_are() -> None:
    assert_refused(change("ship", action="drone.fly"), "ship", "There is no service 'drone'", "order_creation")


def test_an_unknown_action_is_named_with_those_that_there_are() -> None:
    assert_refused(change("ship", action="shipping_confirmation.fly"), "ship", "can't do 'fly'", "confirm")


@pytest.mark.parametrize("id", ["debit", "rebook", "email.failure", "ticket"])
def test_every_id_is_used_once(id: str) -> None:
    assert_refused(change("email", id=id), id, "used twice")


@pytest.mark.parametrize("id", ["ticket.book", "alert.email.book", "book/notice"])
def test_ids_that_the_interpreter_makes_are_kept_for_it(id: str) -> None:
    assert_refused(change("email", id=id), id, "made for notices and tickets")


@pytest.mark.parametrize("stages", [(), ((),), (*SAGA.stages, ())])
def test_a_plan_or_stage_without_steps_is_refused(stages: tuple[tuple[Step, ...], ...]) -> None:
    assert_refused(SAGA.model_copy(update={"stages": stages}), "", "no steps")


def test_an_alternative_has_no_alternative_of_its_own() -> None:
    assert_refused(change("rebook", alternative=(NOTE,)), "rebook", "can have an alternative")


def test_a_failure_message_has_no_alternative() -> None:
    failure = SAGA.on_failure[0].model_copy(update={"alternative": (NOTE,)})
    assert_refused(SAGA.model_copy(update={"on_failure": (failure,)}), "email.failure", "can have an alternative")


@pytest.mark.parametrize(
    ("id", "undo", "word"), [("charge", "restore_wallet", "only 'refund'"), ("email", "unsend", "can't be undone")]
)
def test_an_undo_is_the_one_of_the_action(id: str, undo: str, word: str) -> None:
    assert_refused(change(id, undo=undo), id, f"no undo '{undo}'", word)


def test_an_alternative_is_checked_like_any_step() -> None:
    assert_refused(change("difference", undo="refund"), "difference", "no undo 'refund'")


def test_a_parameter_that_the_action_lacks_is_refused() -> None:
    uses = {**step_of(SAGA, "ship").uses, "colour": "order_id"}
    assert_refused(change("ship", uses=uses), "ship", "has no parameter 'colour'", "shipping_method")


def test_a_required_parameter_is_filled() -> None:
    assert_refused(change("ship", uses={"order_id": "order_id", "contact": "contact"}), "ship", "'shipping_method'")


def test_a_parameter_is_filled_once() -> None:
    assert_refused(
        change("email", params={"kind": "confirmation", "order_id": "ORD_1"}), "email", "'order_id'", "one of"
    )


def test_a_constant_has_the_type_of_its_parameter() -> None:
    uses = {"offer": "offer", "quote_minor": "quote_minor"}
    plan = change("book", uses=uses, params={"price_minor": "a lot"}, alternative=())
    assert_refused(plan, "book", "'price_minor'", "integer")


def test_the_patterns_take_what_the_interpreter_tells_them() -> None:
    ticket = SAGA.ticket.model_copy(update={"action": "currency_conversion.convert", "uses": {}})
    assert_refused(SAGA.model_copy(update={"ticket": ticket}), "ticket", "has no parameter 'about'")


def test_retries_that_wait_longer_than_a_day_are_refused() -> None:
    endless = RetryPolicy(attempts=20, first_wait_s=3600, factor=2, longest_s=86_400)
    assert_refused(change("ship", retry=endless), "ship", "hours", "24")


# Refused: policies


@pytest.mark.parametrize("id", ["analyse", "charge", "debit", "create", "convert", "book", "rebook", "difference"])
def test_no_order_goes_on_without_its_money_or_booking(id: str) -> None:
    assert step_of(SAGA, id).action in NO_SKIP
    assert_refused(change(id, policy="continue"), id, "no order goes on without")


@pytest.mark.parametrize("id", ["analyse", "charge", "create", "convert", "book"])
def test_what_the_order_needs_is_critical(id: str) -> None:
    assert_refused(change(id, critical=False), id, "Make it critical")


@pytest.mark.parametrize("changes", [{"policy": "continue"}, {"policy": "compensate"}, {"critical": True}])
def test_what_is_owed_asks_and_is_not_critical(changes: dict[str, Any]) -> None:
    assert_refused(change("credit", **changes), "credit", "what is owed")


def test_what_is_owed_comes_behind_the_pivot() -> None:
    plan = insert(7, step_of(SAGA, "credit"), plan=drop("credit"))
    validate_plan(plan, REGISTRY, LAPTOP)
    plan = insert(6, step_of(SAGA, "credit"), plan=drop("credit"))
    assert_refused(plan, "credit", "every critical step")


def test_money_given_away_for_good_is_owed() -> None:
    assert_refused(change("credit", owed=False), "credit", "owed")


# Refused: places


def test_what_can_not_be_undone_is_not_critical() -> None:
    assert_refused(change("email", critical=True, policy="ask"), "email", "can't be critical")


def test_what_stands_in_for_a_critical_step_can_be_undone_too() -> None:
    assert_refused(change("ship", alternative=(NOTE,)), "note", "can't be critical")


@pytest.mark.parametrize("id", ["charge", "create", "ship", "rebook"])
def test_what_may_have_to_be_undone_names_its_undo(id: str) -> None:
    assert_refused(change(id, undo=None), id, "Give it the undo")


def test_a_confirmation_is_sent_behind_the_pivot_only() -> None:
    plan = insert(3, step_of(SAGA, "email"), plan=drop("email"))
    assert_refused(plan, "email", "only a confirmed order gets a confirmation")


def test_a_confirmation_beside_a_critical_step_is_refused() -> None:
    ship, email = step_of(SAGA, "ship"), step_of(SAGA, "email").model_copy(update={"uses": {"contact": "contact"}})
    assert_refused(insert(6, ship, email, plan=drop("ship", "email")), "email", "only a confirmed order")


@pytest.mark.parametrize("place", [7, 8])
def test_an_order_is_confirmed_once_by_each_channel(place: int) -> None:
    again = step_of(SAGA, "email").model_copy(update={"id": "again"})
    named = "again" if place == 8 else "email"
    assert_refused(insert(place, again), named, "confirms the order a second time", "Keep one")
    validate_plan(insert(place, again.model_copy(update={"params": {"kind": "notice"}})), REGISTRY, LAPTOP)


def test_a_confirmation_of_another_payer_is_none() -> None:
    email = step_of(SAGA, "email")
    again = email.model_copy(update={"id": "again", "when": ("corporate",)})
    plan = change("email", when=("b2c",), plan=insert(8, again))
    validate_plan(plan, REGISTRY, LAPTOP)
    validate_plan(plan, REGISTRY, TEAM)


def test_a_failure_message_is_no_confirmation() -> None:
    failure = SAGA.on_failure[0].model_copy(update={"params": {"kind": "confirmation"}})
    assert_refused(SAGA.model_copy(update={"on_failure": (failure,)}), "email.failure", "only a confirmed order")


def test_the_kind_of_a_message_is_a_known_constant() -> None:
    assert_refused(change("email", params={"kind": "spam"}), "email", "kind 'spam'", "confirmation, notice")
    uses = {**step_of(SAGA, "email").uses, "kind": "order_id"}
    assert_refused(change("email", params={}, uses=uses), "email", "is a constant")


@pytest.mark.parametrize("id", ["charge", "credit", "create"])
def test_nothing_but_messages_on_the_way_back(id: str) -> None:
    step = step_of(SAGA, id).model_copy(update={"id": "late", "critical": False, "owed": False, "policy": "ask"})
    assert_refused(SAGA.model_copy(update={"on_failure": (step,)}), "late", "only messages and tickets")


def test_the_order_is_analysed_first() -> None:
    plan = insert(0, NOTE)
    assert_refused(plan, "analyse", "the first step")


def test_a_plan_confirms_by_a_critical_step() -> None:
    plan = insert(0, step_of(SAGA, "email").model_copy(update={"uses": {"contact": "contact"}}))
    alone = plan.model_copy(update={"stages": plan.stages[:1]})
    assert_refused(alone, "", "critical")
    validate_plan(alone.model_copy(update={"name": "repair"}), REGISTRY, LAPTOP)


def test_a_plan_whose_critical_steps_are_all_skipped_is_refused() -> None:
    plan = change("analyse", when=("corporate",))
    only = plan.model_copy(update={"stages": plan.stages[:1]})
    validate_plan(only, REGISTRY, TEAM)
    assert_refused(only, "", "critical")


@pytest.mark.parametrize("fact", ["estimated", "credit_minor", "paid_minor"])
def test_the_pivot_is_known_from_the_start(fact: str) -> None:
    assert_refused(change("ship", when=(fact,)), "ship", f"'{fact}'", "from the start")


def test_a_condition_names_a_step_of_a_stage() -> None:
    for step in ("nowhere", "rebook"):
        plan = SAGA.model_copy(update={"conditions": (PlanCondition(step=step, then="call"),)})
        assert_refused(plan, step, "condition")


# Refused: references


def test_a_fact_that_nothing_gives_is_refused() -> None:
    uses = {**step_of(SAGA, "ship").uses, "order_id": "invoice_id"}
    assert_refused(change("ship", uses=uses), "ship", "'invoice_id'", "add a step that gives")


def test_a_fact_that_comes_later_is_refused() -> None:
    plan = insert(1, *SAGA.stages[3], plan=drop("create"))
    validate_plan(plan, REGISTRY, LAPTOP)
    assert_refused(insert(1, step_of(SAGA, "ship"), plan=drop("ship")), "ship", "'order_id'", "'create' gives it")


def test_a_fact_of_a_neighbour_in_the_stage_is_refused() -> None:
    plan = insert(3, step_of(SAGA, "create"), step_of(SAGA, "ship"), plan=drop("create", "ship"))
    assert_refused(plan, "ship", "'order_id'", "earlier stage")


def test_a_condition_on_a_fact_that_nothing_gives_is_refused() -> None:
    assert_refused(change("email", when=("full_moon",)), "email", "'full_moon'")


def test_a_dropped_step_is_missed_by_those_that_used_it() -> None:
    assert_refused(drop("analyse"), "charge", "'quote_minor'")


def test_a_fact_given_only_by_an_alternative_stays_inside() -> None:
    uses = {**step_of(SAGA, "ship").uses, "order_id": "alternative_supplier"}
    assert_refused(change("ship", uses=uses), "ship", "'alternative_supplier'", "alternative of 'book'")


def test_within_an_alternative_only_earlier_steps_count() -> None:
    find, difference, rebook = step_of(SAGA, "book").alternative
    assert_refused(change("book", alternative=(rebook, find, difference)), "rebook", "'alternative_offer'")


def test_given_facts_may_be_used() -> None:
    plan = change("ship", uses={**step_of(SAGA, "ship").uses, "order_id": "invoice_id"})
    validate_plan(plan.model_copy(update={"given": {"invoice_id": "INV_1"}}), REGISTRY, LAPTOP)


def test_the_outcome_is_known_on_the_way_back_only() -> None:
    uses = {**step_of(SAGA, "email").uses, "outcome": "outcome"}
    assert_refused(change("email", uses=uses), "email", "'outcome'")


def test_steps_that_wait_for_each_other_are_all_named() -> None:
    create = {"uses": {"order": "order", "price_minor": "price_minor", "currency": "tracking_number"}}
    error = refusal(change("create", **create))
    assert error.step == "create"
    for words in ("'create' needs 'tracking_number' of 'ship'", "'ship' needs 'order_id' of 'create'", "circle"):
        assert words in str(error)


def test_a_circle_of_three_is_told_in_its_order() -> None:
    plan = change("create", uses={"order": "order", "price_minor": "price_minor", "currency": "tracking_number"})
    ship = {**step_of(SAGA, "ship").uses, "order_id": "booking_id"}
    plan = change("ship", plan=plan, uses=ship)
    plan = change("book", plan=plan, uses={**step_of(SAGA, "book").uses, "offer": "total_minor"})
    plan = insert(3, *plan.stages[5], plan=drop("book", plan=plan))
    error = refusal(plan)
    assert error.step == "book"
    assert (
        "'book' needs 'total_minor' of 'create', 'create' needs 'tracking_number' of 'ship', "
        "'ship' needs 'booking_id' of 'book'"
    ) in str(error)


def test_a_step_that_uses_its_own_answer_is_no_circle() -> None:
    uses = {**step_of(SAGA, "ship").uses, "order_id": "tracking_number"}
    assert_refused(change("ship", uses=uses), "ship", "'tracking_number'", "add a step")


def test_words_do_not_fill_a_number() -> None:
    uses = {**step_of(SAGA, "charge").uses, "quote_minor": "supplier"}
    assert_refused(change("charge", uses=uses), "charge", "'supplier'", "'quote_minor'")


def test_what_a_skipped_step_would_give_fills_only_what_may_be_missing() -> None:
    plan = change("create", uses={"order": "order", "price_minor": "price_minor", "currency": "conversion_id"})
    plan = insert(2, *SAGA.stages[4], plan=drop("convert", plan=plan))
    validate_plan(plan, REGISTRY, LAPTOP.model_copy(update={"convert_to": "EUR"}))
    assert_refused(plan, "create", "'conversion_id'", "may be missing")


def test_what_may_be_missing_can_be_a_condition() -> None:
    uses = {"contact": "contact", "priority": "tracking_number"}
    ticket = step_of(SAGA, "call").model_copy(update={"uses": uses, "when": ()})
    plan = insert(7, ticket, plan=drop("call"))
    assert_refused(plan, "call", "'tracking_number'", "Add 'tracking_number' to its 'when'")
    careful = ticket.model_copy(update={"when": ("tracking_number",)})
    validate_plan(insert(7, careful, plan=drop("call")), REGISTRY, LAPTOP)


def test_an_answer_that_may_be_empty_fills_only_what_may_be_missing() -> None:
    plan = change("book", uses={**step_of(SAGA, "book").uses, "credit_minor": "rule_since"})
    assert_refused(plan, "book", "'rule_since'", "may be missing")


def test_what_the_alternative_does_not_give_may_be_missing() -> None:
    plan = change("ship", uses={**step_of(SAGA, "ship").uses, "order_id": "booking_id"})
    validate_plan(plan, REGISTRY, LAPTOP)
    plan = change("book", plan=plan, alternative=step_of(SAGA, "book").alternative[:1])
    assert_refused(plan, "ship", "'booking_id'", "may be missing")


def test_what_an_alternative_may_skip_may_be_missing() -> None:
    plan = plans.sequence(TEAM)
    find, difference, rebook = step_of(plan, "book").alternative
    create = step_of(plan, "create")
    again = create.model_copy(update={"id": "again", "uses": {**create.uses, "order": "payment_id"}})
    plan = change("book", plan=plan, alternative=(find, difference, again, rebook))
    assert_refused(plan, "again", "'payment_id'", "may be missing", request=TEAM)


def test_what_the_first_step_of_an_alternative_gives_is_there_for_the_rest() -> None:
    plan = change("alternative", when=("corporate", "estimated"))
    validate_plan(plan, REGISTRY, TEAM)


def test_a_skipped_step_needs_nothing() -> None:
    uses = {**step_of(SAGA, "ship").uses, "order_id": "conversion_id"}
    plan = change("ship", uses=uses, when=("converts",))
    validate_plan(plan, REGISTRY, LAPTOP)


def test_a_wallet_is_needed_where_it_is_debited() -> None:
    plan = change("debit", when=("b2c",))
    assert_refused(plan, "debit", "'wallet'", "may be missing")
    validate_plan(SAGA, REGISTRY, TEAM)

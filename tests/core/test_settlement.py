"""Plans by which more or less would be paid than is booked are refused, with the step and the reason."""

from __future__ import annotations

from typing import Any

import pytest

from core import plans
from core.models import Plan, PlanWish, Step
from core.settlement import BOOK, CHARGE, CREDIT, DEBIT
from core.validate import validate_plan
from tests.core.variants import LAPTOP, REGISTRY, SAGA, TEAM, assert_refused, change, drop, insert, step_of

SEQUENCE = plans.sequence(TEAM)
FIND, DIFFERENCE, REBOOK = step_of(SAGA, "book").alternative


def copy(of: str, **changes: Any) -> Step:
    """A step of the saga under another id."""
    return step_of(SAGA, of).model_copy(update={"id": "again", "alternative": ()} | changes)


def instead(*steps: Step, plan: Plan = SAGA) -> Plan:
    """A plan with another alternative to its booking."""
    return change("book", plan=plan, alternative=steps)


# Valid


@pytest.mark.parametrize("build", [plans.saga, plans.sequence])
@pytest.mark.parametrize("ask", [True, False])
def test_notices_ahead_move_nothing(build: Any, ask: bool) -> None:
    wishes = [PlanWish(step=part, tell_before=way) for part in ("payment", "booking") for way in ("email", "call")]
    for request in (LAPTOP, TEAM):
        validate_plan(build(request, ask, wishes=wishes), REGISTRY, request)


@pytest.mark.parametrize(
    "ids",
    [("charge", "debit", "book"), ("charge", "debit", "book", "credit", "create", "ship", "email", "sms", "call")],
)
def test_a_plan_that_neither_takes_money_nor_books_is_valid(ids: tuple[str, ...]) -> None:
    validate_plan(drop(*ids), REGISTRY, LAPTOP)


def test_money_and_booking_may_be_had_side_by_side_where_nothing_stands_in() -> None:
    plan = insert(2, step_of(SAGA, "charge"), step_of(SAGA, "book"), plan=drop("charge", "book"))
    validate_plan(plan, REGISTRY, LAPTOP)


def test_a_booking_without_an_alternative_needs_no_credit() -> None:
    plan = drop("credit", plan=change("book", alternative=()))
    validate_plan(plan, REGISTRY, LAPTOP)
    validate_plan(plan, REGISTRY, TEAM)


def test_what_is_booked_before_it_is_paid_needs_no_difference() -> None:
    validate_plan(drop("credit", plan=instead(FIND, REBOOK, plan=SEQUENCE)), REGISTRY, TEAM)


# Once, and both or neither


@pytest.mark.parametrize("place", [3, 5])
def test_money_is_taken_once(place: int) -> None:
    assert_refused(insert(place, copy("charge")), "again", "takes the money a second time, after 'charge'")
    assert_refused(insert(place, copy("debit")), "again", "a second time, after 'debit'", request=TEAM)
    assert_refused(insert(place, copy("charge", when=())), "again", "second time, after 'debit'", request=TEAM)


def test_one_booking_is_made() -> None:
    assert_refused(insert(6, copy("book")), "again", "books a second time, after 'book'")


def test_a_difference_is_given_back_once() -> None:
    assert_refused(insert(9, copy("credit")), "again", "gives the difference back a second time")


def test_money_is_not_taken_for_nothing() -> None:
    plan = drop("book", "credit")
    assert_refused(plan, "charge", "nothing is booked for it", BOOK)
    assert_refused(plan, "debit", "nothing is booked for it", BOOK, request=TEAM)


def test_money_is_not_given_away() -> None:
    plan = drop("charge", "debit", "book").model_copy(update={"given": {"credit_minor": 10_000}})
    assert_refused(plan, "credit", "nothing is booked for it", request=TEAM)
    alone = plan.model_copy(update={"name": "repair", "stages": plan.stages[-1:]})
    assert_refused(alone, "credit", "nothing is booked for it", request=TEAM)


@pytest.mark.parametrize(("request_", "action"), [(LAPTOP, CHARGE), (TEAM, DEBIT)])
def test_nothing_is_booked_for_free(request_: Any, action: str) -> None:
    assert_refused(drop("charge", "debit"), "book", "what nobody pays for", action, request=request_)


def test_a_company_pays_from_its_wallet() -> None:
    plan = drop("debit", plan=change("charge", when=()))
    assert_refused(plan, "charge", "a corporate order is not paid so", DEBIT, request=TEAM)


def test_what_is_paid_for_another_payer_is_not_paid() -> None:
    assert_refused(drop("charge"), "book", "what nobody pays for")
    validate_plan(drop("charge"), REGISTRY, TEAM)


# The amounts


@pytest.mark.parametrize(
    ("id", "name", "fact"),
    [
        ("charge", "quote_minor", "price_minor"),
        ("charge", "pay_currency", "currency"),
        ("book", "quote_minor", "price_minor"),
    ],
)
def test_what_is_paid_is_what_is_booked(id: str, name: str, fact: str) -> None:
    step = step_of(SAGA, id)
    plan = change(id, uses={**step.uses, name: fact})
    assert_refused(plan, id, f"fill its parameter '{name}' by the fact '{step.uses[name]}'")


@pytest.mark.parametrize("id", ["debit", "credit", "difference"])
def test_money_goes_from_and_to_the_wallet_of_the_order(id: str) -> None:
    step = step_of(SAGA, id)
    others = {name: fact for name, fact in step.uses.items() if name != "wallet"}
    plan = change(id, uses=others, params={"wallet": "small"})
    assert_refused(plan, id, "parameter 'wallet' by the fact 'wallet'", request=TEAM)


@pytest.mark.parametrize("given", [{"quote_minor": 1}, {"credit_minor": 10_000}, {"b2c": False, "corporate": True}])
def test_a_plan_gives_no_fact_that_decides_about_money(given: Any) -> None:
    request = TEAM if "corporate" in given else LAPTOP
    plan = SAGA.model_copy(update={"given": given})
    assert_refused(plan, "", f"The plan gives '{min(given)}'", request=request)


# What stands in


def test_nothing_stands_in_for_money() -> None:
    assert_refused(change("charge", alternative=(copy("charge"),)), "charge", "nothing stands in for taking the money")


@pytest.mark.parametrize("id", ["charge", "book"])
def test_nothing_but_a_booking_has_a_booking_or_money_instead(id: str) -> None:
    assert_refused(change("create", alternative=(copy("create"), copy(id, id="more"))), "more", "instead of 'create'")


@pytest.mark.parametrize(
    ("steps", "step", "words"),
    [
        ((FIND, DIFFERENCE), "book", "books once"),
        ((FIND, DIFFERENCE, REBOOK, REBOOK.model_copy(update={"id": "again"})), "again", "books once"),
        ((FIND, DIFFERENCE, REBOOK.model_copy(update={"when": ("cheaper_minor",)})), "rebook", "Empty its 'when'"),
        ((FIND, DIFFERENCE, copy("charge", when=()), REBOOK), "again", "takes the money a second time"),
        ((FIND, DIFFERENCE, DIFFERENCE.model_copy(update={"id": "again"}), REBOOK), "again", "difference once"),
        ((FIND, REBOOK), "book", "debit 'dearer_minor'"),
        ((FIND, REBOOK, DIFFERENCE), "book", "debit 'dearer_minor'"),
        ((FIND, DIFFERENCE.model_copy(update={"when": ("cheaper_minor",)}), REBOOK), "book", "debit 'dearer_minor'"),
        (
            (FIND, DIFFERENCE, REBOOK.model_copy(update={"uses": step_of(SAGA, "book").uses})),
            "rebook",
            "'alternative_quote_minor'",
        ),
    ],
    ids=[
        "no booking",
        "two bookings",
        "a booking that may be skipped",
        "a charge",
        "two differences",
        "no difference",
        "a difference too late",
        "a difference that may be skipped",
        "the first offer's price",
    ],
)
def test_an_alternative_books_once_and_is_paid(steps: tuple[Step, ...], step: str, words: str) -> None:
    assert_refused(instead(*steps), step, words, request=TEAM)


def test_an_alternative_knows_what_was_paid() -> None:
    uses = {name: fact for name, fact in FIND.uses.items() if name != "paid_minor"}
    assert_refused(change("alternative", uses=uses), "alternative", "'paid_minor'", request=TEAM)


@pytest.mark.parametrize("plan", [drop("credit"), change("credit", when=("credit_minor", "converts"))])
def test_what_an_alternative_costs_less_is_given_back(plan: Plan) -> None:
    assert_refused(plan, "book", "Give that back", CREDIT, request=TEAM)
    validate_plan(plan, REGISTRY, LAPTOP)


def test_money_is_not_taken_side_by_side_with_a_booking_that_has_an_alternative() -> None:
    plan = insert(2, step_of(SAGA, "debit"), step_of(SAGA, "book"), plan=drop("debit", "book"))
    assert_refused(plan, "debit", "side by side with 'book'", request=TEAM)

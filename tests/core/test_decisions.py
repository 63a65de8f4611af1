"""What a person may decide, what an edit may change, and which control fits when."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.decisions import NO_SKIP, apply_edit, cancel_refusal, check_control, choices_for, editable_fields
from core.errors import DecisionRefused, RequestRefused
from core.models import Control, ControlName, Edit, Item, Question, Step
from tests.core.scenes import laptops, saga

CORPORATE = laptops(channel="corporate", wallet="team")


def question(step: str, status: str = "needs_attention") -> Question:
    return Question(status, step, 1, "unavailable")  # type: ignore[arg-type]


def found(id: str) -> Step:
    return next(step for step in saga(CORPORATE).steps() if step.id == id)


# Choices


@pytest.mark.parametrize("id", ["analyse", "charge", "debit", "create", "convert", "book"])
def test_what_the_order_needs_is_never_skipped(id: str) -> None:
    assert found(id).action in NO_SKIP
    assert choices_for(question(id), found(id)) == ("retry", "edit", "give_up")


@pytest.mark.parametrize("id", ["ship", "email", "sms", "call"])
def test_what_the_order_can_do_without_may_be_skipped(id: str) -> None:
    assert choices_for(question(id), found(id)) == ("retry", "edit", "skip", "give_up")


def test_what_is_owed_can_only_be_tried_again() -> None:
    assert choices_for(question("credit"), found("credit")) == ("retry",)
    assert choices_for(question("charge", "compensation_stuck"), found("charge")) == ("retry",)


# Edits


def test_what_may_be_edited_depends_on_the_order_and_on_what_has_happened() -> None:
    contact = ("customer_email", "phone_number", "address")
    assert editable_fields(laptops(), untouched=False) == (*contact, "shipping_method")
    assert editable_fields(laptops(), untouched=True) == (*contact, "shipping_method", "items", "budget")
    assert editable_fields(CORPORATE, untouched=False) == (*contact, "shipping_method", "wallet")
    assert editable_fields(CORPORATE, untouched=False, paid=True) == (*contact, "shipping_method")
    assert editable_fields(laptops(workflow_type="travel_booking"), untouched=False) == contact


def test_an_edit_of_the_contact_changes_the_request_and_only_a_reference() -> None:
    edit = Edit(customer_email="mara@keller.example", address="1 Main St")
    order, facts = apply_edit("r", laptops(), edit, 2, untouched=False)
    assert (order.customer_email, order.address) == ("mara@keller.example", "1 Main St")
    assert facts == {"contact": "contact/2"}


def test_an_edit_of_items_makes_another_order() -> None:
    edit = Edit(items=(Item(name="mouse", quantity=Decimal(3)),), budget=Decimal(90))
    order, facts = apply_edit("r", laptops(), edit, 3, untouched=True)
    assert (order.title(), order.budget) == ("3 × mouse", 90)
    assert facts == {"order": "order/3"}


def test_an_edit_of_wallet_and_delivery_changes_the_facts_themselves() -> None:
    order, facts = apply_edit("r", CORPORATE, Edit(wallet="small", shipping_method="overnight"), 2, untouched=False)
    assert (order.wallet, order.shipping_method) == ("small", "overnight")
    assert facts == {"wallet": "small", "shipping_method": "overnight"}


def test_what_an_edit_leaves_out_stays() -> None:
    request = laptops(customer_email="a@b.example", conditions=({"if": "delayed", "then": "call"},))
    order, _ = apply_edit("r", request, Edit(phone_number="+49 151 5550100"), 2, untouched=False)
    assert order == request.model_copy(update={"phone_number": "+49 151 5550100"})


@pytest.mark.parametrize("edit", [Edit(items=(Item(name="mouse"),)), Edit(budget=Decimal(1))])
def test_items_are_not_edited_once_something_was_taken(edit: Edit) -> None:
    with pytest.raises(DecisionRefused, match="what was charged or booked stays as it is"):
        apply_edit("r", laptops(), edit, 2, untouched=False)


@pytest.mark.parametrize(
    ("request_", "edit"),
    [(laptops(), Edit(wallet="team")), (laptops(workflow_type="travel_booking"), Edit(shipping_method="express"))],
)
def test_a_choice_that_an_order_does_not_have_is_refused(request_: object, edit: Edit) -> None:
    with pytest.raises(DecisionRefused, match="this order has no such choice"):
        apply_edit("r", request_, edit, 2, untouched=True)  # type: ignore[arg-type]


def test_an_edit_that_changes_nothing_is_refused() -> None:
    with pytest.raises(DecisionRefused, match="Nothing was changed"):
        apply_edit("r", laptops(), Edit(), 2, untouched=True)


def test_an_edited_value_that_does_not_fit_is_refused_by_its_field() -> None:
    with pytest.raises(RequestRefused) as refused:
        apply_edit("r", laptops(), Edit.model_construct(customer_email="nowhere"), 2, untouched=True)
    assert refused.value.field == "customer_email"


# Controls


@pytest.mark.parametrize(
    ("no_return", "control", "ended", "words"),
    [
        ("", Control(), False, ""),
        ("", Control(paused=True), False, ""),
        ("confirmed", Control(), False, "confirmed"),
        ("undoing", Control(), False, "being undone"),
        ("", Control(cancelled=True), False, "cancelled already"),
        ("confirmed", Control(), True, "has ended"),
    ],
)
def test_why_a_run_cannot_be_cancelled(no_return: str, control: Control, ended: bool, words: str) -> None:
    reason = cancel_refusal(no_return, control, ended)
    assert words in reason
    assert bool(reason) == bool(words)


@pytest.mark.parametrize(
    ("name", "control", "waiting", "fits"),
    [
        ("pause", Control(), False, True),
        ("pause", Control(paused=True), False, False),
        ("resume", Control(paused=True), False, True),
        ("resume", Control(), False, False),
        ("hurry", Control(), True, True),
        ("hurry", Control(), False, False),
        ("cancel", Control(), False, True),
        ("cancel", Control(cancelled=True), False, False),
    ],
)
def test_a_control_is_refused_where_it_would_change_nothing(
    name: ControlName, control: Control, waiting: bool, fits: bool
) -> None:
    if fits:
        check_control("r", name, "", control, waiting)
    else:
        with pytest.raises(DecisionRefused) as refused:
            check_control("r", name, "", control, waiting)
        assert refused.value.run == "r"


@pytest.mark.parametrize("no_return", ["confirmed", "undoing"])
def test_behind_the_pivot_and_on_the_way_back_pause_still_fits_and_cancel_does_not(no_return: str) -> None:
    check_control("r", "pause", no_return, Control(), waiting=False)
    with pytest.raises(DecisionRefused):
        check_control("r", "cancel", no_return, Control(), waiting=False)

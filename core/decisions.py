"""What a person may decide, and what an edit changes. Pure; every world asks here before it accepts anything."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import ValidationError

from core.errors import DecisionRefused, RequestRefused
from core.models import Choice, Control, ControlName, Edit, Fact, OrderRequest, Question, Step

NO_SKIP = frozenset(
    {
        "order_creation.analyse",
        "payment_processing.charge",
        "payment_processing.debit_wallet",
        "currency_conversion.convert",
        "order_creation.create",
        "order_creation.book",
    }
)
CONTACT_FIELDS = frozenset({"customer_email", "phone_number", "address"})
ORDER_FIELDS = frozenset({"items", "budget"})


def choices_for(question: Question, step: Step) -> tuple[Choice, ...]:
    """What may be decided about a question now. What is owed can only be tried again."""
    if question.status == "compensation_stuck" or step.owed:
        return ("retry",)
    return ("retry", "edit", "give_up") if step.action in NO_SKIP else ("retry", "edit", "skip", "give_up")


def check_decision(
    run: str, question: Question | None, choices: Collection[Choice], step: str, visit: int, choice: Choice
) -> None:
    """Raises DecisionRefused where this is not the open question, or the choice does not fit it."""
    if question is None or (question.step, question.visit) != (step, visit):
        raise DecisionRefused(run, "This question is no longer open: somebody decided it, or the run went on.")
    if choice not in choices:
        raise DecisionRefused(run, f"'{choice}' does not fit here. Choose one of: {', '.join(choices)}.")


def editable_fields(order: OrderRequest, untouched: bool, paid: bool = False) -> tuple[str, ...]:
    """Fields that an edit may change. `untouched`: nothing is charged, created or booked; `paid`: money is taken."""
    return (
        "customer_email",
        "phone_number",
        "address",
        *(["shipping_method"] if order.ships else []),
        *(["wallet"] if order.corporate and not paid else []),
        *(["items", "budget"] if untouched else []),
    )


def apply_edit(
    run: str, order: OrderRequest, edit: Edit, version: int, untouched: bool, paid: bool = False
) -> tuple[OrderRequest, dict[str, Fact]]:
    """The order as edited, its `version`, and the facts that change; contact data stay references.

    Raises DecisionRefused for a field that may not change now, RequestRefused for a value that does not fit.
    """
    changed = edit.changed()
    if not changed:
        raise DecisionRefused(run, "Nothing was changed. Change a field, or choose Retry.")
    late = set(changed) - set(editable_fields(order, untouched, paid))
    if late:
        settled = late & ORDER_FIELDS or (paid and "wallet" in late)
        why = "what was charged or booked stays as it is" if settled else "this order has no such choice"
        raise DecisionRefused(
            run, f"{', '.join(sorted(late)).replace('_', ' ').capitalize()} can't be changed now: {why}."
        )
    try:
        edited = OrderRequest.model_validate(order.model_dump(by_alias=True) | edit.model_dump(include=set(changed)))
    except ValidationError as error:
        raise RequestRefused(str(error.errors()[0]["loc"][0]), error.errors()[0]["msg"]) from error
    facts: dict[str, Fact] = {name: changed[name] for name in ("wallet", "shipping_method") if name in changed}
    if CONTACT_FIELDS & set(changed):
        facts["contact"] = f"contact/{version}"
    if ORDER_FIELDS & set(changed):
        facts["order"] = f"order/{version}"
    return edited, facts


def cancel_refusal(no_return: str, control: Control, ended: bool) -> str:
    """Why a run can't be cancelled now; '' where it can."""
    if ended:
        return "The run has ended; an ended run never changes."
    if no_return == "confirmed":
        return "The order is confirmed: nothing is undone from here on."
    if no_return == "undoing":
        return "The run is already being undone."
    return "It was cancelled already; the attempt in flight is let finish." if control.cancelled else ""


def check_control(run: str, name: ControlName, no_return: str, control: Control, waiting: bool) -> None:
    """Raises DecisionRefused where a control does not fit now. `waiting`: a backoff could be cut short."""
    if name == "cancel":
        reason = cancel_refusal(no_return, control, False)
    elif name == "pause":
        reason = "The run is paused already." if control.paused else ""
    elif name == "resume":
        reason = "" if control.paused else "The run is not paused."
    else:
        reason = "" if waiting else "Nothing is waiting for its next attempt."
    if reason:
        raise DecisionRefused(run, reason)

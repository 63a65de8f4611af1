"""Whether a plan that takes money or books settles: what is paid in the end is what the booking held costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.errors import PlanRefused
from core.models import OrderRequest, Plan, Step

FIND, BOOK = "order_creation.find_alternative", "order_creation.book"
CHARGE, DEBIT = "payment_processing.charge", "payment_processing.debit_wallet"
CREDIT = "payment_processing.credit_wallet"
FUNDS = (CHARGE, DEBIT)
PAYER = {"pay_currency": "pay_currency"}
HOLDER = {"wallet": "wallet"} | PAYER
FACTS: dict[str, dict[str, str]] = {  # action -> parameter -> the only fact that fits
    CHARGE: {"quote_minor": "quote_minor"} | PAYER,
    DEBIT: {"amount_minor": "quote_minor"} | HOLDER,
    BOOK: {"quote_minor": "quote_minor"},
    CREDIT: {"amount_minor": "credit_minor"} | HOLDER,
}
INSTEAD: dict[str, dict[str, str]] = {  # the same, within the alternative of a booking
    FIND: {"quote_minor": "quote_minor", "paid_minor": "paid_minor"} | PAYER,
    DEBIT: {"amount_minor": "dearer_minor"} | HOLDER,
    BOOK: {"quote_minor": "alternative_quote_minor", "credit_minor": "cheaper_minor"},
}
AGAIN = {
    CHARGE: "takes the money a second time",
    DEBIT: "takes the money a second time",
    BOOK: "books a second time",
    CREDIT: "gives the difference back a second time",
}
Runs = Callable[[Step], bool | None]


def check_settlement(plan: Plan, request: OrderRequest, runs: Runs) -> None:
    """Refuse a plan by which more or less is paid than booked. `runs`: whether a step does, None: not known yet.

    A plan that neither takes money nor books is none of this. Raises PlanRefused, which names the step.
    """
    stages = [[step for step in stage if runs(step) is not False] for stage in plan.stages]
    funds, booking, credit = (_only(stages, actions) for actions in (FUNDS, (BOOK,), (CREDIT,)))
    for first in (step for stage in stages for step in stage if step is not booking):
        _check_stand_in(first, runs)
    if booking is None or funds is None:
        if booking:
            raise PlanRefused(booking.id, f"it books what nobody pays for. Add a step '{_funds_for(request)}'.")
        if moving := funds or credit:
            raise PlanRefused(moving.id, f"it moves money, but nothing is booked for it. Add a step '{BOOK}'.")
        return
    if (funds.action == DEBIT) != request.corporate:
        raise PlanRefused(funds.id, f"a {request.channel} order is not paid so. Use '{_funds_for(request)}'.")
    for step in (funds, booking, credit):
        if step:
            _check_facts(step, FACTS)
    _check_given(plan, request)
    if booking.alternative and runs(booking.alternative[0]) is not False:
        _check_alternative(booking, runs)
        _check_difference(stages, funds, booking, credit, runs)


def _only(stages: Sequence[Sequence[Step]], actions: tuple[str, ...]) -> Step | None:
    found = [step for stage in stages for step in stage if step.action in actions]
    if len(found) > 1:
        raise PlanRefused(found[1].id, f"it {AGAIN[found[1].action]}, after '{found[0].id}'. Keep one of them.")
    return found[0] if found else None


def _funds_for(request: OrderRequest) -> str:
    return DEBIT if request.corporate else CHARGE


def _check_stand_in(first: Step, runs: Runs) -> None:
    """Nothing but a booking has an alternative that moves money or books; nothing stands in for taking it."""
    if not first.alternative or runs(first.alternative[0]) is False:
        return
    if first.action in FUNDS:
        raise PlanRefused(first.id, "nothing stands in for taking the money. Remove its alternative.")
    for step in first.alternative:
        if step.action in FACTS:
            raise PlanRefused(step.id, f"it {AGAIN[step.action]}, instead of '{first.id}'. Remove it.")


def _check_facts(step: Step, wanted: Mapping[str, Mapping[str, str]]) -> None:
    for name, fact in wanted.get(step.action, {}).items():
        if step.uses.get(name) != fact:
            why = "Otherwise what is paid would not be what is booked."
            raise PlanRefused(step.id, f"fill its parameter '{name}' by the fact '{fact}'. {why}")


def _check_given(plan: Plan, request: OrderRequest) -> None:
    known = {fact for facts in (*FACTS.values(), *INSTEAD.values()) for fact in facts.values()} | request.facts().keys()
    if taken := sorted(plan.given.keys() & known):
        raise PlanRefused("", f"The plan gives '{taken[0]}', which only the order and its steps can. Take that out.")


def _check_alternative(booking: Step, runs: Runs) -> None:
    """It books once for sure, and takes nothing but a difference."""
    steps = booking.alternative
    again = [step for step in steps if step.action == BOOK]
    if len(again) != 1:
        step = again[1] if again else booking
        raise PlanRefused(step.id, "an alternative to a booking books once, neither never nor twice. Change that.")
    if runs(again[0]) is not True:
        raise PlanRefused(
            again[0].id, "whether it runs is not sure, so the order could end unbooked. Empty its 'when'."
        )
    debits = [step for step in steps if step.action in FUNDS]
    for step in debits:
        if step.action == CHARGE or step is not debits[0]:
            raise PlanRefused(step.id, f"it {AGAIN[step.action]}. Within an alternative, debit the difference once.")
    for step in steps:
        _check_facts(step, INSTEAD)


def _check_difference(
    stages: Sequence[Sequence[Step]], funds: Step, booking: Step, credit: Step | None, runs: Runs
) -> None:
    """Where money was taken before, an alternative that costs more is paid first, and what it costs less given back."""
    place = {step.id: number for number, stage in enumerate(stages) for step in stage}
    if place[funds.id] > place[booking.id]:
        return
    if place[funds.id] == place[booking.id]:
        why = "what an alternative to that costs is not known yet. Give each a stage of its own."
        raise PlanRefused(funds.id, f"it runs side by side with '{booking.id}', and {why}")
    before = [step.action for step in booking.alternative]
    debit = next((step for step in booking.alternative if step.action == DEBIT), None)
    if debit is None or before.index(DEBIT) > before.index(BOOK) or not _sure(debit, "dearer_minor", runs):
        raise PlanRefused(booking.id, f"before its alternative is booked, debit 'dearer_minor' by a step '{DEBIT}'.")
    if credit is None or not _sure(credit, "credit_minor", runs):
        raise PlanRefused(booking.id, f"its alternative may cost less. Give that back by a step '{CREDIT}' at the end.")


def _sure(step: Step, amount: str, runs: Runs) -> bool:
    """Whether the step runs wherever there is such an amount."""
    return runs(step.model_copy(update={"when": tuple(fact for fact in step.when if fact != amount)})) is True

"""The two built-in plans, as data."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from core.errors import PlanRefused
from core.models import (
    Notice,
    OrderRequest,
    Plan,
    PlanCondition,
    PlanPart,
    PlanWish,
    Policy,
    RetryPolicy,
    Step,
    settle_wishes,
)

FUNDS = ("charge", "debit")
STEPS_OF_EVENT: dict[str, tuple[tuple[str, str | None], ...]] = {  # event -> (step, code)
    "payment_failed": (("charge", None), ("debit", None)),
    "shipping_failed": (("ship", None),),
    "out_of_stock": (("book", "out_of_stock"),),
    "delayed": (("ship", "delayed"),),
    "over_budget": (("analyse", "over_budget"),),
}
STAGES = {
    "saga": ("analyse", "charge", "debit", "create", "convert", "book", "ship", "email sms call", "credit"),
    "sequence": ("analyse", "create", "book", "charge", "debit", "convert", "ship", "email sms call", "credit"),
}
STEPS_OF_PART: dict[PlanPart, tuple[str, ...]] = {
    "payment": ("charge", "debit", "difference"),
    "order": ("analyse", "create"),
    "conversion": ("convert",),
    "booking": ("book", "alternative", "rebook"),
    "shipping": ("ship",),
    "email": ("email", "email.failure"),
    "sms": ("sms", "sms.failure"),
    "call": ("call", "call.failure"),
}
AHEAD_OF: dict[PlanPart, tuple[str, ...]] = {  # the steps that a notice of a part comes before
    "payment": FUNDS,
    "order": ("create",),
    "conversion": ("convert",),
    "booking": ("book",),
    "shipping": ("ship",),
}
WAYS: dict[Notice, tuple[str, str]] = {  # channel -> action, verb of the title
    "email": ("email_notification.send", "Email"),
    "sms": ("sms_notification.send", "Text"),
    "call": ("call_center_trigger.open_ticket", "Call"),
}
ON_FAILURE = {"saga": "email.failure sms.failure", "sequence": "email.failure sms.failure call.failure"}


def saga(
    request: OrderRequest, ask: bool = True, retry: RetryPolicy = RetryPolicy(), wishes: Iterable[PlanWish] = ()
) -> Plan:
    """Funds first; the pivot is shipping, or booking where nothing ships."""
    return with_wishes(_plan("saga", request, ask, retry), wishes, ask)


def sequence(
    request: OrderRequest, ask: bool = True, retry: RetryPolicy = RetryPolicy(), wishes: Iterable[PlanWish] = ()
) -> Plan:
    """The services in a row, booking first; the pivot is shipping, or the last money step where nothing ships."""
    return with_wishes(_plan("sequence", request, ask, retry), wishes, ask)


def with_wishes(plan: Plan, wishes: Iterable[PlanWish], ask: bool = True) -> Plan:
    """The plan as a person wishes it; where nobody may be asked, a wish to be asked changes nothing.

    Raises PlanRefused for a wish about steps that the plan does not have.
    """
    settled = settle_wishes(wishes)
    for wish in settled:
        if wish.tell_before is None:
            plan = _changed(plan, wish, ask)
    told = [wish for wish in settled if wish.tell_before]
    for part, of_part in groupby(told, key=lambda wish: wish.step):
        plan = _with_notices(plan, part, [wish.tell_before for wish in of_part if wish.tell_before])
    return plan


def wishes_of(plan: Plan) -> tuple[PlanWish, ...]:
    """The wishes that make a built-in plan into this one: what differs from one that asks and was not wished for."""
    usual, steps = RetryPolicy().attempts, {step.id: step for stage in plan.stages for step in stage}
    found = [
        PlanWish(step=part, tell_before=channel)
        for part in AHEAD_OF
        for channel in WAYS
        if f"{channel}.before_{part}" in steps
    ]
    for part, ids in STEPS_OF_PART.items():
        step = next((steps[id] for id in ids if id in steps), None)
        if step is None:
            continue
        if step.retry.attempts != usual:
            found.append(PlanWish(step=part, attempts=step.retry.attempts))
        if step.policy != ("ask" if step.critical else "continue"):
            found.append(PlanWish(step=part, policy=step.policy))
    return settle_wishes(found)


def _changed(plan: Plan, wish: PlanWish, ask: bool) -> Plan:
    """The steps of a part with other attempts or another policy. What is sent on the way back has no policy."""
    ids = STEPS_OF_PART[wish.step]
    if not any(step.id in ids for step in plan.steps()):
        raise PlanRefused(wish.step, f"the plan '{plan.name}' has no such step to change.")
    policy = None if wish.policy == "ask" and not ask else wish.policy

    def staged(step: Step) -> Step:
        changes: dict[str, Any] = {"alternative": tuple(map(staged, step.alternative))} if step.alternative else {}
        if step.id in ids and wish.attempts:
            changes["retry"] = step.retry.model_copy(update={"attempts": wish.attempts})
        if step.id in ids and policy:
            changes["policy"] = policy
        return step.model_copy(update=changes) if changes else step

    def sent_back(step: Step) -> Step:
        return staged(step).model_copy(update={"policy": step.policy})

    return plan.model_copy(
        update={
            "stages": tuple(tuple(map(staged, stage)) for stage in plan.stages),
            "on_failure": tuple(map(sent_back, plan.on_failure)),
        }
    )


def _with_notices(plan: Plan, part: PlanPart, channels: list[Notice]) -> Plan:
    """A stage of notices before the first step of a part. They are tried and let go of: no failure holds it up."""
    ids = AHEAD_OF[part]
    found = next((at for at, stage in enumerate(plan.stages) if any(step.id in ids for step in stage)), None)
    if found is None:
        raise PlanRefused(part, f"the plan '{plan.name}' has no such step to tell of before.")
    ahead = [step for stage in plan.stages for step in stage if step.id in ids]
    when = ahead[0].when if len(ahead) == 1 else ()
    created = any(step.id == "create" for stage in plan.stages[:found] for step in stage)
    notices = tuple(_notice(part, channel, when, created, plan.email.retry) for channel in channels)
    return plan.model_copy(update={"stages": (*plan.stages[:found], notices, *plan.stages[found:])})


def _notice(part: PlanPart, channel: Notice, when: tuple[str, ...], created: bool, retry: RetryPolicy) -> Step:
    """`created`: the order has its number by then."""
    action, verb = WAYS[channel]
    uses = {"contact": "contact"} | ({"order_id": "order_id"} if created else {})
    if channel == "call":
        more, params = {"priority": "priority"}, {"about": part, "reason": "ahead"}
    else:
        more, params = {"pay_currency": "pay_currency", "due_minor": "quote_minor"}, {"about": part, "kind": "ahead"}
    return Step(
        id=f"{channel}.before_{part}",
        action=action,
        title=f"{verb} before {part}",
        when=when,
        uses=uses | more,
        params=dict(params),
        policy="continue",
        critical=False,
        retry=retry,
    )


def repair(step: Step, edition: int, plan: Plan, given: dict[str, str | int | bool | None]) -> Plan:
    """One step of an ended run once more, with what that run knew."""
    again = step.model_copy(update={"edition": edition, "policy": "ask", "critical": False})
    return Plan(name="repair", stages=((again,),), ticket=plan.ticket, email=plan.email, sms=plan.sms, given=given)


def _plan(name: str, request: OrderRequest, ask: bool, retry: RetryPolicy) -> Plan:
    steps = _steps("ask" if ask else "compensate", retry)
    conditions = tuple(
        PlanCondition(step=step, code=code, then=condition.then)
        for condition in request.conditions
        for step, code in STEPS_OF_EVENT[condition.event]
    )
    return Plan(
        name=name,
        stages=tuple(tuple(steps[id] for id in row.split()) for row in STAGES[name]),
        on_failure=tuple(steps[id] for id in ON_FAILURE[name].split()),
        ticket=steps["ticket"],
        email=steps["email"],
        sms=steps["sms"],
        conditions=conditions,
    )


def _steps(policy: Policy, retry: RetryPolicy) -> dict[str, Step]:
    order, payment = "order_creation", "payment_processing"
    critical = {"policy": policy, "retry": retry}
    later = {"policy": "continue", "critical": False, "retry": retry}
    told = {name: name for name in ("contact", "order_id", "tracking_number", "estimated_delivery", "pay_currency")}
    told["paid_minor"] = "quote_minor"  # what the booking held costs, whatever was taken and credited on the way
    failed = {name: name for name in ("contact", "order_id", "pay_currency", "outcome")} | {
        "paid_minor": "refunded_minor"
    }
    ticket = {"contact": "contact", "priority": "priority", "order_id": "order_id"}
    alternative = (
        Step(
            id="alternative",
            action=f"{order}.find_alternative",
            title="Find alternative",
            when=("corporate",),
            **critical,
            uses={name: name for name in ("order", "pay_currency", "quote_minor", "paid_minor")},
        ),
        Step(
            id="difference",
            action=f"{payment}.debit_wallet",
            title="Debit difference",
            undo="restore_wallet",
            when=("dearer_minor",),
            **critical,
            uses={
                "wallet": "wallet",
                "pay_currency": "pay_currency",
                "amount_minor": "dearer_minor",
                "before_minor": "quote_minor",
            },
        ),
        Step(
            id="rebook",
            action=f"{order}.book",
            title="Book alternative",
            undo="release",
            **critical,
            uses={
                "offer": "alternative_offer",
                "quote_minor": "alternative_quote_minor",
                "price_minor": "alternative_price_minor",
                "credit_minor": "cheaper_minor",
            },
        ),
    )
    steps = (
        Step(
            id="analyse",
            action=f"{order}.analyse",
            title="Check order",
            **critical,
            uses={"order": "order", "pay_currency": "pay_currency"},
        ),
        Step(
            id="charge",
            action=f"{payment}.charge",
            title="Charge card",
            undo="refund",
            when=("b2c",),
            **critical,
            uses={"pay_currency": "pay_currency", "quote_minor": "quote_minor"},
        ),
        Step(
            id="debit",
            action=f"{payment}.debit_wallet",
            title="Debit wallet",
            undo="restore_wallet",
            when=("corporate",),
            **critical,
            uses={"wallet": "wallet", "pay_currency": "pay_currency", "amount_minor": "quote_minor"},
        ),
        Step(
            id="create",
            action=f"{order}.create",
            title="Create order",
            undo="cancel",
            **critical,
            uses={"order": "order", "price_minor": "price_minor", "currency": "currency"},
        ),
        Step(
            id="convert",
            action="currency_conversion.convert",
            title="Convert currency",
            undo="reverse",
            when=("converts",),
            **critical,
            uses={name: name for name in ("pay_currency", "quote_minor", "currency", "price_minor")},
        ),
        Step(
            id="book",
            action=f"{order}.book",
            title="Book items",
            undo="release",
            alternative=alternative,
            **critical,
            uses={name: name for name in ("offer", "quote_minor", "price_minor")},
        ),
        Step(
            id="ship",
            action="shipping_confirmation.confirm",
            title="Confirm shipping",
            undo="cancel",
            when=("ships",),
            **critical,
            uses={name: name for name in ("order_id", "shipping_method", "contact")},
        ),
        Step(
            id="email",
            action="email_notification.send",
            title="Email",
            when=("notify_email",),
            uses=told,
            params={"kind": "confirmation"},
            **later,
        ),
        Step(
            id="sms",
            action="sms_notification.send",
            title="Text",
            when=("notify_sms",),
            uses=told,
            params={"kind": "confirmation"},
            **later,
        ),
        Step(
            id="call",
            action="call_center_trigger.open_ticket",
            title="Call",
            when=("notify_call",),
            uses=ticket,
            params={"about": "the order", "reason": "call asked for"},
            **later,
        ),
        Step(
            id="credit",
            action=f"{payment}.credit_wallet",
            title="Credit difference",
            when=("credit_minor",),
            policy="ask",
            critical=False,
            owed=True,
            retry=retry,
            uses={"wallet": "wallet", "pay_currency": "pay_currency", "amount_minor": "credit_minor"},
        ),
        Step(
            id="email.failure",
            action="email_notification.send",
            title="Email the failure",
            when=("notify_email",),
            uses=failed,
            params={"kind": "failure"},
            **later,
        ),
        Step(
            id="sms.failure",
            action="sms_notification.send",
            title="Text the failure",
            when=("notify_sms",),
            uses=failed,
            params={"kind": "failure"},
            **later,
        ),
        Step(
            id="call.failure",
            action="call_center_trigger.open_ticket",
            title="Call about the failure",
            uses=ticket | {"reason": "outcome"},
            params={"about": "the order"},
            **later,
        ),
        Step(id="ticket", action="call_center_trigger.open_ticket", title="Call centre ticket", uses=ticket, **later),
    )
    return {step.id: step for step in steps}

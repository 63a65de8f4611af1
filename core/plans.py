"""The two built-in plans, as data."""

from __future__ import annotations

from core.models import OrderRequest, Plan, PlanCondition, Policy, RetryPolicy, Step

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
ON_FAILURE = {"saga": "email.failure sms.failure", "sequence": "email.failure sms.failure call.failure"}


def saga(request: OrderRequest, ask: bool = True, retry: RetryPolicy = RetryPolicy()) -> Plan:
    """Funds first; the pivot is shipping, or booking where nothing ships."""
    return _plan("saga", request, ask, retry)


def sequence(request: OrderRequest, ask: bool = True, retry: RetryPolicy = RetryPolicy()) -> Plan:
    """The services in a row, booking first; the pivot is shipping, or the last money step where nothing ships."""
    return _plan("sequence", request, ask, retry)


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

"""A hand-written engine for page tests: the facade over data in memory. `calls` records what the pages asked for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from core.composer.base import MAX_CHARS, Comparison, Reading, Span
from core.composer.changes import ChangeItem, Composed, SetField
from core.composer.refine import Option, Refinement, refined
from core.errors import (
    DecisionRefused,
    NameTaken,
    PlanRefused,
    ReadingRefused,
    RequestRefused,
    RunNotFound,
    SagalabError,
    WalletRefused,
)
from core.models import Control, Item, OrderRequest, Plan, PlanWish, Question, RetryPolicy, Step
from core.saved import SavedOrder, free_name, import_order, key_of, make_order, not_saved, renamed, write_order
from core.services.faults import DEFAULT_PROFILE, SLIDERS, Profile
from core.views import (
    AuditView,
    EventView,
    Health,
    LedgerLine,
    Message,
    Metrics,
    Money,
    MoneyView,
    Offer,
    QuoteView,
    RateView,
    RunRow,
    RunView,
    SavedView,
    ServiceCount,
    ServiceView,
    StepView,
    TryView,
    WalletView,
)

NOW = time.time()
NAMES = ("analyse", "funds", "create", "book", "ship", "email", "sms")
ENDED = ("confirmed", "confirmed_with_issues", "refunded", "rejected", "cancelled")
PARKED = ("needs_attention", "compensation_stuck")
STATES = {  # status -> state of each step of NAMES
    "running": ("done", "done", "running", "waiting", "waiting", "waiting", "waiting"),
    "paused": ("done", "done", "waiting", "waiting", "waiting", "waiting", "waiting"),
    "needs_attention": ("done", "done", "done", "done", "attention", "waiting", "waiting"),
    "compensation_stuck": ("done", "attention", "undone", "failed", "waiting", "waiting", "waiting"),
    "confirmed": ("done",) * 7,
    "confirmed_with_issues": ("done", "done", "done", "done", "done", "failed", "done"),
    "refunded": ("done", "undone", "undone", "failed", "waiting", "waiting", "waiting"),
    "rejected": ("done", "failed", "waiting", "waiting", "waiting", "waiting", "waiting"),
    "cancelled": ("done", "undone", "waiting", "waiting", "waiting", "waiting", "waiting"),
}


def plain(markdown: str) -> str:
    """Markdown without the escapes that keep user text inert."""
    return markdown.replace("\u2060", "").replace("\\", "")


def make_plan(name: str = "saga") -> Plan:
    """A small plan of the shape of the real one."""
    return Plan(
        name=name,
        stages=(
            (Step(id="analyse", action="order_creation.analyse", title="Check order"),),
            (Step(id="funds", action="payment_processing.charge", undo="refund", title="Charge card"),),
            (Step(id="create", action="order_creation.create", undo="cancel", title="Create order"),),
            (Step(id="book", action="order_creation.book", undo="release", title="Book items"),),
            (
                Step(
                    id="ship",
                    action="shipping_confirmation.confirm",
                    undo="cancel",
                    title="Confirm shipping",
                    policy="ask",
                ),
            ),
            (
                Step(id="email", action="email_notification.send", title="Email", critical=False),
                Step(id="sms", action="sms_notification.send", title="Text", critical=False),
            ),
        ),
        ticket=Step(id="ticket", action="call_center_trigger.open_ticket", title="Call ticket"),
        email=Step(id="notice.email", action="email_notification.send", title="Notice by email"),
        sms=Step(id="notice.sms", action="sms_notification.send", title="Notice by text"),
    )


def make_request(**fields: Any) -> OrderRequest:
    """Two laptops for a private customer, unless told otherwise."""
    return OrderRequest(
        **{
            "items": (Item(name="laptop", quantity=2),),
            "domain": "technology",
            "customer_email": "ada@example.com",
            "defaulted": ("currency", "shipping_method"),
        }
        | fields
    )


def make_steps(status: str) -> tuple[StepView, ...]:
    """One view per step of the plan, in the states that fit the status."""
    found = []
    for place, (step, state) in enumerate(zip(make_plan().steps(), STATES[status], strict=True)):
        done, failed = state in ("done", "undone"), state in ("failed", "attention")
        tries = tuple(
            TryView(place + 0.2 * n, place + 0.2 * n + 0.15, "do", 1, n + 1, "unavailable" if failed else None)
            for n in range(3 if failed else 1 if done else 0)
        )
        found.append(
            StepView(
                id=step.id,
                title=step.title,
                action=step.action,
                stage=min(place, 5),
                role="step",
                state=state,
                note="system unavailable after 3 attempts" if failed else "ord_88d2" if done else "",
                code="unavailable" if failed else None,
                attempts=len(tries),
                took_ms=150.0 * len(tries),
                tries=tries,
                undo=step.undo,
                undo_state="undone" if state == "undone" else "waiting",
                can_repair=state == "failed" and step.id in ("email", "sms"),
            )
        )
    return tuple(found)


def make_money(status: str) -> MoneyView:
    """$2,398 where the card was charged, and where it went."""
    taken = 0 if status == "rejected" else 239_800
    back = taken if status in ("refunded", "cancelled") else 0
    kept, owed = taken - back, taken if status == "compensation_stuck" else 0
    held = 0 if owed or status in ("running", "paused") else kept
    captured, refunded, left, booked, due = (Money(minor, "USD") for minor in (taken, back, kept, held, owed))
    return MoneyView(captured, refunded, left, booked, due, kept == held)


def make_run(
    run: str = "r_one", status: str = "confirmed", text: str = "Order 2 laptops", age_s: float = 60.0, **changes: Any
) -> RunView:
    """A run in a status, started `age_s` seconds ago. `changes` replace fields of the view."""
    request = changes.pop("request", make_request())
    created, parked = NOW - age_s, status in PARKED
    row = RunRow(
        id=run,
        title=request.title(),
        text=text,
        status=status,
        channel=request.channel,
        plan="saga",
        created_at=created,
        ended_at=created + 5 if status in ENDED else None,
    )
    question = (
        Question(status, "ship" if status == "needs_attention" else "funds", 1, "unavailable") if parked else None
    )
    choices = ("retry", "edit", "skip", "give_up") if status == "needs_attention" else ("retry",) if parked else ()
    view = RunView(
        row=row,
        plan=make_plan(),
        request=request,
        seq=9,
        profile=1,
        control=Control(paused=status == "paused"),
        steps=make_steps(status),
        question=question,
        choices=choices,
        notices=("email", "sms", "call") if parked else (),
        editable=("customer_email", "phone_number", "address", "shipping_method")
        if status == "needs_attention"
        else (),
        cancel_refusal="The run has ended; nothing can be cancelled." if status in ENDED else "",
        money=make_money(status),
        ledger=(
            LedgerLine(4, "payment_processing", "charge", f"{run}/funds/1", "done", "card", Money(-239_800, "USD")),
            LedgerLine(4, "payment_processing", "charge", f"{run}/funds/1", "done", "house", Money(239_800, "USD")),
        ),
        events=(
            EventView(1, created, "running", "Run started"),
            EventView(2, created + 1, "done", "Check order: done"),
        ),
        summary="" if status in ("running", "paused") else "**What happened**\n\nEvery step was served.",
    )
    return replace(view, **changes)


def make_metrics(runs: int = 12) -> Metrics:
    """A day with `runs` runs in it."""
    buckets = tuple(NOW - 3600.0 * hour for hour in range(23, -1, -1))
    confirmed, refunded = runs * 3 // 4, runs - runs * 3 // 4
    over = {"confirmed": (0,) * 23 + (confirmed,), "refunded": (0,) * 23 + (refunded,)} if runs else {}
    return Metrics(
        window_h=24,
        bucket_s=3600,
        started=runs,
        outcomes={"confirmed": confirmed, "refunded": refunded} if runs else {},
        buckets=buckets,
        over_time=over,
        services=tuple(ServiceCount(name, runs, 2, 1, runs + 5, 5) for name in SLIDERS) if runs else (),
        errors=(("shipping_confirmation", "warehouse system unavailable", 5),) if runs else (),
        latency=dict.fromkeys(SLIDERS, (210.0, 480.0, 900.0)) if runs else {},
        retries=5 if runs else 0,
    )


class FakeEngine:
    """The facade of the engine. `frozen`: `wait` ends the script, as if the browser had left while a run moves."""

    def __init__(self, runs: Iterable[RunView] = (), *, frozen: bool = False) -> None:
        self.views = {view.row.id: view for view in runs}
        self.frozen = frozen
        self.calls: list[tuple[Any, ...]] = []
        self.comparison: Comparison | None = None
        self.reading: Reading | None = None
        self.by_model = False
        self.reading_refused: ReadingRefused | None = None
        self.refusal: SagalabError | None = None  # raised by the next start, decision, control or repair
        self.next: dict[str, list[RunView]] = {}  # run -> what `wait` brings, one after another
        self.held = [WalletView("team", Money(1_000_000, "USD")), WalletView("small", Money(10_000, "USD"))]
        self.active = DEFAULT_PROFILE.model_copy(update={"version": 1})
        self.kept: dict[str, SavedOrder] = {}  # by key, the newest last
        self.audited: AuditView | None = AuditView(1, 10, 6, 16, 0.02, ())
        self.sent: list[Message] = [
            Message(
                f"m_{view.row.id}",
                "email",
                "confirmation",
                "ada@example.com",
                "Your order is confirmed",
                "Hello,\nyour order is confirmed.",
                view.row.id,
                view.row.created_at + 4,
            )
            for view in self.views.values()
            if view.row.status == "confirmed"
        ]

    @classmethod
    def one(cls, status: str = "confirmed", **options: Any) -> FakeEngine:
        """One run, 'r_one', in a status."""
        return cls([make_run("r_one", status)], **options)

    @classmethod
    def many(cls, count: int = 60) -> FakeEngine:
        """Runs of every status in turn, the newest first by age."""
        return cls(
            make_run(
                f"r_{n:03d}",
                list(STATES)[n % len(STATES)],
                f"Order {n + 1} chairs",
                60.0 * (n + 1),
                request=make_request(items=(Item(name="chair", quantity=n + 1),)),
            )
            for n in range(count)
        )

    def audit(self, watch: Callable[[int, int], bool] | None = None) -> AuditView:
        """What `audited` says; where there is none, it goes on until it is stopped."""
        self._note("audit")
        if self.audited:
            return self.audited
        while watch is None or watch(4_000, 16_000):
            time.sleep(0.001)
        return AuditView(0, 3_000, 1_000, 4_000, 0.1, (), stopped=True)

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        if self.refusal:
            refusal, self.refusal = self.refusal, None
            raise refusal

    def refine(self, draft: Composed, text: str) -> Refinement:
        """'make it 3' for the first item, 'express', 'which?' offers two ways, 'undo'; anything else is refused."""
        if text in ("undo", "redo"):
            return Refinement(text, draft, draft, move=text)  # type: ignore[arg-type]
        if text == "which?":
            return refined(
                draft, text, [], options=[Option("3 laptops", "make it 3"), Option("4 laptops", "make it 4")]
            )
        if found := re.fullmatch(r"make it (\d+)", text):
            item = draft.request.items[0].name
            return refined(draft, text, [ChangeItem(item=item, quantity=Decimal(found[1]))])
        if text == "express":
            return refined(draft, text, [SetField(field="shipping_method", value="express")])
        return refined(draft, text, [], refused=[f"'{text}' is nothing that can be changed."])

    def compare(self, text: str) -> Comparison:
        """As the rules alone read it, unless a test says what a model made of it."""
        if self.comparison:
            return self.comparison
        try:
            return Comparison(self.read(text))
        except ReadingRefused as refused:
            return Comparison(refused)

    def read(self, text: str) -> Reading:
        """'Order 2 laptops', anything with a number and a word; refuses what the real reader refuses.

        `reading` and `reading_refused` are what a test has it read instead.
        """
        if self.reading_refused:
            raise self.reading_refused
        if self.reading:
            return self.reading
        if not text.strip():
            raise ReadingRefused("empty", "Nothing was written. Say what to order, such as 'Order 2 laptops'.")
        if len(text) > MAX_CHARS:
            raise ReadingRefused("too_long", f"The order has more than {MAX_CHARS} characters. Make it shorter.")
        if two := re.search(r"(\d+) or (\d+)", text):
            options = tuple((n, text.replace(two[0], n)) for n in two.groups())
            raise ReadingRefused("ambiguous_quantity", f"'{two[0]}' does not say how many. Write one number.", options)
        found = re.search(r"(-?\d+) ([a-z]+?)s?\b", text, re.IGNORECASE)
        if not found:
            raise ReadingRefused("not_an_order", "No order was found in this sentence. Say what to order.")
        if int(found[1]) <= 0:
            raise ReadingRefused(
                "negative_or_zero_quantity", f"The quantity {found[1]} is not possible. Write 1 or more."
            )
        corporate = "team" in text
        request = make_request(
            items=(Item(name=found[2].lower(), quantity=int(found[1])),),
            channel="corporate" if corporate else "B2C",
            customer_email=None,
        )
        spans = (Span("items.0.quantity", *found.span(1)), Span("items.0.name", *found.span(2)))
        return Reading(text, request, spans, tuple(re.findall(r"sparkly", text)), "rules")

    def plan_for(
        self, request: OrderRequest, name: str = "saga", ask: bool = True, wishes: Sequence[PlanWish] = ()
    ) -> Plan:
        """The small plan; a wish for attempts at shipping is granted, any other is refused."""
        plan = make_plan(name)
        for wish in wishes:
            if wish.step != "shipping" or not wish.attempts:
                raise PlanRefused(wish.step, "the small plan has no such step to change.")
            retried = plan.stages[4][0].model_copy(update={"retry": RetryPolicy(attempts=wish.attempts)})
            plan = plan.model_copy(update={"stages": (*plan.stages[:4], (retried,), *plan.stages[5:])})
        return plan

    def wishes_of(self, plan: Plan) -> tuple[PlanWish, ...]:
        """The attempts at shipping, where somebody wished for them."""
        tries = plan.stages[4][0].retry.attempts
        return () if plan == make_plan(plan.name) else (PlanWish(step="shipping", attempts=tries),)

    def complete(self, request: OrderRequest) -> OrderRequest:
        """A company without a wallet pays from 'team'."""
        self._check(request)
        return request.model_copy(update={"wallet": "team"}) if request.corporate and not request.wallet else request

    def quote(self, request: OrderRequest) -> QuoteView:
        """$1,199 a piece; the currency XXX and unknown wallets are refused."""
        self._check(request)
        price = Money(sum(int(item.quantity) for item in request.items) * 119_900, request.currency)
        pay = Money(price.minor, request.pay_currency)
        rate = RateView(request.currency, request.pay_currency, "1", "same", "2025-11-20")
        lines = tuple((f"{item.quantity:f} × {item.name}", price) for item in request.items)
        return QuoteView((Offer("Northwind", price, pay, True),), lines, rate, False)

    def _check(self, request: OrderRequest) -> None:
        for code in (request.currency, request.pay_currency):
            if code == "XXX":
                raise RequestRefused("currency", "The currency XXX is not known. Use an ISO code such as USD or EUR.")
        if request.wallet and request.wallet not in {wallet.name for wallet in self.held}:
            raise RequestRefused("wallet", f"There is no wallet '{request.wallet}'. Wallets: team, small.")

    def save_order(
        self,
        name: str,
        text: str,
        request: OrderRequest,
        plan: str = "saga",
        wishes: Sequence[PlanWish] = (),
        replace: bool = False,
    ) -> SavedOrder:
        """Keeps it in memory."""
        self._note("save_order", name, text, request, plan, wishes, replace)
        return self._keep(make_order(name=name, text=text, request=request, plan=plan, wishes=wishes), replace)

    def import_saved(self, data: str | bytes, name: str = "", replace: bool = False) -> SavedOrder:
        """Reads what the real one reads."""
        self._note("import_saved", data, name, replace)
        order = import_order(data)
        return self._keep(renamed(order, name) if name.strip() else order, replace)

    def _keep(self, order: SavedOrder, replace: bool) -> SavedOrder:
        if order.key in self.kept and not replace:
            raise NameTaken(order.name, free_name(order.name, self.kept))
        self.kept.pop(order.key, None)
        self.kept[order.key] = order
        return order

    def saved_orders(self) -> tuple[SavedView, ...]:
        """Newest first, all of a minute ago."""
        orders = reversed(self.kept.values())
        return tuple(SavedView(order.name, time.time() - 60, order.request.title(), order.plan) for order in orders)

    def saved_order(self, name: str) -> SavedOrder:
        """Raises SavedRefused for a name that is not there."""
        if key_of(name) not in self.kept:
            raise not_saved(name)
        return self.kept[key_of(name)]

    def export_saved(self, name: str) -> str:
        """The real file."""
        return write_order(self.saved_order(name))

    def delete_saved(self, name: str) -> None:
        """Raises SavedRefused for a name that is not there."""
        self._note("delete_saved", name)
        self.kept.pop(self.saved_order(name).key)

    def start(self, request: OrderRequest, plan: Plan | None = None, text: str = "") -> str:
        """Adds a confirmed run."""
        self._note("start", request, plan, text)
        run = f"r_new{len(self.views)}"
        self.views[run] = make_run(run, "confirmed", text, 0.0, request=request)
        return run

    def start_many(self, request: OrderRequest, n: int, plan: Plan | None = None, text: str = "") -> list[str]:
        """Adds n confirmed runs."""
        self._note("start_many", request, n, plan, text)
        found = [f"r_bulk{number}" for number in range(n)]
        self.views |= {run: make_run(run, "confirmed", text, 0.0, request=request) for run in found}
        return found

    def runs(self, status: tuple[str, ...] | None = None, search: str = "", limit: int = 50) -> list[RunRow]:
        """Newest first."""
        rows = sorted((view.row for view in self.views.values()), key=lambda row: -row.created_at)
        wanted = [row for row in rows if not status or row.status in status]
        return [row for row in wanted if search.lower() in f"{row.id} {row.title} {row.text}".lower()][:limit]

    def run(self, run: str) -> RunView:
        """Raises RunNotFound."""
        if run not in self.views:
            raise RunNotFound(run)
        return self.views[run]

    def wait(self, run: str, seq: int, timeout_s: float) -> int:
        """Brings a running run its next view of `next`, or its end; a wait of no time only looks."""
        view = self.views[run]
        if timeout_s and view.row.status == "running":
            if self.frozen:
                st.stop()
            waiting = self.next.get(run) or [make_run(run, "confirmed", view.row.text)]
            self.views[run] = replace(waiting.pop(0), seq=seq + 1)
        return self.views[run].seq

    def decide(self, run: str, step: str, visit: int, choice: str, notice: str | None = None, edit: Any = None) -> None:
        """Ends the run, confirmed or refunded."""
        self._note("decide", run, step, visit, choice, notice, edit)
        if not self.run(run).question:
            raise DecisionRefused(run, "This was decided already. Nothing changed.")
        self.views[run] = make_run(run, "refunded" if choice == "give_up" else "confirmed")

    def control(self, run: str, name: str) -> None:
        """Pauses, resumes or cancels."""
        self._note("control", run, name)
        status = {"pause": "paused", "resume": "running", "cancel": "cancelled"}.get(name)
        if status:
            self.views[run] = make_run(run, status)

    def repair(self, run: str, step: str) -> str:
        """A new run beside the first."""
        self._note("repair", run, step)
        self.views["r_repair"] = make_run("r_repair", "confirmed")
        return "r_repair"

    def profile(self) -> Profile:
        """The active one."""
        return self.active

    def save_profile(self, profile: Profile) -> Profile:
        """The next version."""
        self._note("save_profile", profile)
        self.active = profile.model_copy(update={"version": self.active.version + 1})
        return self.active

    def wallets(self) -> list[WalletView]:
        """Two of them in a fresh engine."""
        return list(self.held)

    def top_up(self, name: str, minor: int) -> None:
        """Raises WalletRefused for an unknown name or an amount that is not positive."""
        self._note("top_up", name, minor)
        if minor <= 0:
            raise WalletRefused(name, "A top-up must be more than 0.")
        if name not in {wallet.name for wallet in self.held}:
            raise WalletRefused(name, f"There is no wallet '{name}'.")
        self.held = [
            replace(wallet, balance=Money(wallet.balance.minor + minor, wallet.balance.currency))
            if wallet.name == name
            else wallet
            for wallet in self.held
        ]

    def add_wallet(self, name: str, currency: str, minor: int) -> None:
        """Raises WalletRefused for a name that is taken."""
        self._note("add_wallet", name, currency, minor)
        if name in {wallet.name for wallet in self.held}:
            raise WalletRefused(name, f"There is a wallet '{name}' already.")
        self.held.append(WalletView(name, Money(minor, currency)))

    def outbox(self, channel: str | None = None, limit: int = 50, run: str | None = None) -> list[Message]:
        """Newest first."""
        found = sorted(self.sent, key=lambda message: -message.at)
        return [m for m in found if channel in (None, m.channel) and run in (None, m.run)][:limit]

    def services(self) -> list[ServiceView]:
        """The seven: one degraded, one down; all unused while there are no runs."""
        health = {"payment_processing": "degraded", "shipping_confirmation": "down"}
        return [
            ServiceView(
                name,
                name.replace("_", " ").capitalize(),
                actions,
                0.1,
                health.get(name, "healthy") if self.views else "unused",
                120 if self.views else 0,
                6 if self.views else 0,
                480.0 if self.views else None,
                "unavailable" if self.views else None,
            )
            for name, actions in SLIDERS.items()
        ]

    def rate_status(self, base: str = "USD", currency: str = "EUR") -> RateView:
        """The dated table."""
        return RateView(base, currency, "0.92333", "fallback_rates", "2025-11-20")

    def check_rates(self, base: str = "USD", currency: str = "EUR") -> RateView:
        """A live answer."""
        self._note("check_rates", base, currency)
        return RateView(base, currency, "0.92400", "live_api", "2025-11-21")

    def metrics(self, window_h: int) -> Metrics:
        """Counts the runs that it holds."""
        return replace(make_metrics(len(self.views)), window_h=window_h)

    def health(self) -> Health:
        """Counts by status."""
        states = [view.row.status for view in self.views.values()]
        return Health(
            ok=True,
            reason="",
            open_runs=sum(state not in ENDED for state in states),
            parked=states.count("needs_attention"),
            stuck=states.count("compensation_stuck"),
            store="memory",
        )

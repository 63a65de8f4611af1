"""What the pages and the API are shown: plain frozen data, read from the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from core.models import Choice, Control, Notice, OrderRequest, Plan, Question, Status

StepState = Literal["waiting", "running", "retrying", "done", "failed", "undone", "attention", "skipped"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO currency."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class TryView:
    """One attempt. Times are seconds since the run started; `end_s` None while it is under way."""

    start_s: float
    end_s: float | None
    direction: str
    visit: int
    attempt: int
    code: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a run as it stands. `stage` groups the steps that run side by side.

    role: 'step' of the plan, 'alternative', 'failure' message, or an 'extra' (notice, alert, ticket).
    `note` is one line of plain text (no markdown): the answer in words, or what failed.
    """

    id: str
    title: str
    action: str
    stage: int
    role: Literal["step", "alternative", "failure", "extra"]
    state: StepState
    note: str = ""
    code: str | None = None
    attempts: int = 0
    took_ms: float = 0.0
    tries: tuple[TryView, ...] = ()
    undo: str | None = None
    undo_state: StepState = "waiting"
    repaired: bool = False
    can_repair: bool = False


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The run's money in the pay currency. `kept` = captured + debited - refunded - restored - credited."""

    captured: Money
    refunded: Money
    kept: Money
    held: Money
    owed: Money
    balanced: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One effect or its undo (`action` says which), or one posting of it.

    state: how it stands now. An effect is done, undone or void; an undo is done, for nothing takes it back.
    """

    position: int
    service: str
    action: str
    key: str
    state: str
    account: str | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class EventView:
    """One journal row in words (plain text)."""

    seq: int
    at: float
    state: StepState
    text: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list. Times are Unix seconds."""

    id: str
    title: str
    text: str
    status: Status
    channel: str
    plan: str
    created_at: float
    ended_at: float | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class RunView:
    """One run, whole. `choices` are what may be decided about `question` now; `notices` how to tell the customer.

    `cancel_refusal` says why cancel is refused now ('' where it is allowed).
    """

    row: RunRow
    plan: Plan
    request: OrderRequest
    seq: int
    profile: int
    control: Control
    steps: tuple[StepView, ...]
    question: Question | None
    choices: tuple[Choice, ...]
    notices: tuple[Notice, ...]
    editable: tuple[str, ...]
    cancel_refusal: str
    money: MoneyView
    ledger: tuple[LedgerLine, ...]
    events: tuple[EventView, ...]
    summary: str
    repairs: tuple[RunRow, ...] = ()
    code: str | None = None

    def summed(self, summary: str) -> RunView:
        """The same with its summary."""
        return replace(self, summary=summary)

    @property
    def live(self) -> bool:
        """It may still change."""
        return self.row.ended_at is None


@dataclass(frozen=True, slots=True)
class Offer:
    """One supplier's price for the whole order: in the price currency, and as it would be paid."""

    supplier: str
    price: Money
    pay: Money
    estimated: bool


@dataclass(frozen=True, slots=True)
class RateView:
    """1 `base` = `rate` `currency`. source: live_api, cached_rates, fallback_rates, or same (no conversion)."""

    base: str
    currency: str
    rate: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    """What an order costs now: its offers, the first is booked first; `lines` as (text, amount)."""

    offers: tuple[Offer, ...]
    lines: tuple[tuple[str, Money], ...]
    rate: RateView
    over_budget: bool


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet: one currency, never negative."""

    name: str
    balance: Money


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved order in a list: its name, when it was saved (Unix seconds), a few words for its items, its plan."""

    name: str
    at: float
    title: str
    plan: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a customer (email, sms) or the call centre (ticket) was sent. `at` is Unix seconds."""

    id: str
    channel: Literal["email", "sms", "ticket"]
    kind: str
    recipient: str
    subject: str
    body: str
    run: str
    at: float


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service of the registry with its last 24 hours. health: healthy, degraded, down, unused.

    `failed` attempts were not served; `refused` ones were, by a refusal with a reason of its own.
    """

    name: str
    title: str
    actions: tuple[str, ...]
    rate: float
    health: Literal["healthy", "degraded", "down", "unused"]
    calls: int
    failed: int
    p95_ms: float | None
    last_error: str | None
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether new runs are accepted, and why not."""

    ok: bool
    reason: str
    open_runs: int
    parked: int
    stuck: int
    store: str


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """Visits and attempts of one service in a window."""

    service: str
    first_try: int
    recovered: int
    failed: int
    attempts: int
    failed_attempts: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """A window of the rollup. `buckets` are Unix seconds of each bucket's start, `bucket_s` its length.

    `outcomes` and `over_time` count ended runs by outcome; over_time: outcome -> one count per bucket.
    errors: (service, why, failed attempts). latency: service -> (p50, p95, p99) in ms.
    """

    window_h: int
    bucket_s: int
    started: int
    outcomes: dict[str, int]
    buckets: tuple[float, ...]
    over_time: dict[str, tuple[int, ...]]
    services: tuple[ServiceCount, ...]
    errors: tuple[tuple[str, str, int], ...]
    latency: dict[str, tuple[float, float, float]]
    retries: int


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must always hold and does not: the number of the invariant, and a sentence in plain text.

    `run` is '' where it concerns none; position: that of the row in journal or ledger with which it shows.
    """

    invariant: int
    run: str
    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """What was checked: runs, journal rows, effects, committed prefixes; and what is wrong.

    `stopped`: somebody stopped it before the end.
    """

    runs: int
    rows: int
    effects: int
    prefixes: int
    seconds: float
    violations: tuple[Violation, ...]
    stopped: bool = False

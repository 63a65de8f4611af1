"""What the tests of the engine share: a scripted world without services, and a real engine on a store of its own."""

from __future__ import annotations

import atexit
import heapq
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic_core import from_json, to_json

from core import plans
from core.bootstrap import build_engine
from core.engine import Engine
from core.interpreter import interpret
from core.models import Call, Choice, Decision, Item, OrderRequest, Plan, Reply, RetryPolicy, Row, Step
from core.services.faults import FAULT, Profile, Rates, draw
from core.services.offers import price_offers
from core.settings import Settings
from core.views import RunView
from core.worlds.driver import Driver

TWICE = RetryPolicy(attempts=2, first_wait_s=0)
ONCE = RetryPolicy(attempts=1)
DEADLINE_S = 20.0
TIMEOUT_S = 0.05
PARKED = ("needs_attention", "compensation_stuck", "paused")
BOOK = "order_creation.book"
SHIP = "shipping_confirmation.confirm"
CHARGE = "payment_processing.charge"
DEBIT = "payment_processing.debit_wallet"
EMAIL = "email_notification.send"
SMS = "sms_notification.send"

REFUSED, OUT_OF_STOCK, LOST, SLOW = Rates(refused=1), Rates(final=1), Rates(lost=1), Rates(slow=1)


def laptops(**fields: Any) -> OrderRequest:
    """2 laptops for 1,000.00 each, by card unless the fields say otherwise."""
    return OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=1000),), **fields)


@cache
def company_order(cheaper: bool = False) -> OrderRequest:
    """2 of a thing for 1,000.00 each from the wallet 'team'; its next best offer is dearer, or cheaper."""
    for n in range(1000):
        item = Item(name=f"thing {n}", quantity=2, unit_price=1000)
        request = OrderRequest(items=(item,), channel="corporate", wallet="team")
        first, second, _ = price_offers(request)
        if (second.price_minor < first.price_minor) == cheaper:
            return request
    raise LookupError("no item has such an offer")


def alternative_minor(request: OrderRequest) -> int:
    """What the next best offer costs, in minor units of the price currency."""
    return price_offers(request)[1].price_minor


def first_offer_gone() -> int:
    """A fault seed by which, at even chances, the first offer is out of stock and the alternative is not."""

    def chance(seed: int, step: str) -> float:
        return draw(seed, Call("", step, BOOK, "do", 1, 1, 1, ()), FAULT)

    return next(seed for seed in range(1000) if chance(seed, "book") < 0.5 <= chance(seed, "rebook"))


# A world without services


CANNED: dict[str, dict[str, Any]] = {
    "order_creation.analyse": {"offer": 0, "price_minor": 200_000, "quote_minor": 200_000},
    "order_creation.create": {"order_id": "ORD_1"},
    "order_creation.find_alternative": {
        "alternative_offer": 1,
        "alternative_price_minor": 203_000,
        "alternative_quote_minor": 203_000,
        "dearer_minor": 3_000,
        "cheaper_minor": 0,
    },
    "payment_processing.charge": {"paid_minor": 200_000},
    "payment_processing.debit_wallet": {"paid_minor": 200_000},
    "shipping_confirmation.confirm": {"tracking_number": "TRK_1", "delayed": False},
}
PASSING = ("unavailable", "timeout")  # codes after which another attempt is made; all others are final


def said(direction: str, step: str) -> str:
    """How a script names a call: 'charge' for a do, 'undo charge' and 'close charge' for the others."""
    return step if direction == "do" else f"{direction} {step}"


class Play(Driver):
    """A run whose services say what a script says, under a clock that only timers and latencies move.

    script: call ('book', 'undo book', 'close book') -> a code (None: done), or an answer, per time it is called;
    past its end every call succeeds. `calls` holds every attempt made; `latency_s` says how long one takes.
    """

    def __init__(self, script: Mapping[str, Sequence[Any]] | None = None, run: str = "r", now: float = 1000.0) -> None:
        super().__init__(run, now)
        self.script = {call: list(replies) for call, replies in (script or {}).items()}
        self.calls: list[Call] = []
        self.before: dict[str, Callable[[], None]] = {}  # call -> what happens while it is in flight, once
        self.latency_s: Callable[[Call], float] = lambda call: 0.0
        self.arrivals: list[tuple[float, int, Call]] = []

    def play(self, plan: Plan, request: OrderRequest) -> Play:
        """Start a run and go on until nothing is left to do without a person."""
        return self.perform(interpret(plan, request, self))

    def perform(self, coroutine: Coroutine[Any, Any, Any]) -> Play:
        """The same for any coroutine."""
        self.begin(coroutine)
        return self.go_on()

    def go_on(self) -> Play:
        """Go on until only a person can."""
        while self.step():
            pass
        return self

    def step(self) -> bool:
        """Let the next answer arrive or the next timer ring; False where neither is to come."""
        for call in self.outgoing:
            self.calls.append(call)
            heapq.heappush(self.arrivals, (self.now + self.latency_s(call), len(self.calls), call))
        self.outgoing.clear()
        due = self.next_due()
        if due is not None and (not self.arrivals or due <= self.arrivals[0][0]):
            self.fire_until(due)
        elif self.arrivals:
            at, _, call = heapq.heappop(self.arrivals)
            self.before.pop(said(call.direction, call.step), lambda: None)()
            self.take_answer(call, self.reply(call), at)
        else:
            return False
        return True

    def decide(self, choice: Choice, **fields: Any) -> Play:
        """Decide about the open question, then go on."""
        assert self.asking is not None, f"nothing is asked; the run is {self.where()}"
        question = self.asking[1]
        self.take_decision(Decision(question.step, question.visit, choice, **fields), self.now)
        return self.go_on()

    def reply(self, call: Call) -> Reply:
        """What the script says to this call."""
        script = self.script.get(said(call.direction, call.step))
        line = script.pop(0) if script else None
        if isinstance(line, dict):
            return Reply(None, line)
        if isinstance(line, str):
            return Reply(line, final=line not in PASSING, unknown=line == "timeout")
        return Reply(None, CANNED.get(call.action, {}) if call.direction == "do" else {})

    @property
    def tries(self) -> list[str]:
        """Every attempt made: 'charge/1', 'undo book/1', with the edition."""
        return [f"{said(call.direction, call.step)}/{call.edition}" for call in self.calls]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Bodies of the events journalled."""
        return [entry.body for entry in self.entries if entry.kind == "event"]

    @property
    def journal(self) -> list[Row]:
        """What is journalled, as the store gives it back."""
        return [Row(self.run, seq, seq, 1, *rest, from_json(to_json(body))) for seq, *rest, body in self.entries]


def by_name(name: str, request: OrderRequest, retry: RetryPolicy = TWICE, ask: bool = True) -> Plan:
    """A built-in plan with a retry policy."""
    return (plans.saga if name == "saga" else plans.sequence)(request, ask, retry)


def saga(request: OrderRequest, retry: RetryPolicy = TWICE, ask: bool = True) -> Plan:
    """The saga with a retry policy."""
    return by_name("saga", request, retry, ask)


def with_steps(plan: Plan, change: Callable[[Step], Step]) -> Plan:
    """The plan with every step of its stages changed."""
    return plan.model_copy(update={"stages": tuple(tuple(change(step) for step in stage) for stage in plan.stages)})


# A real engine


@cache
def _template() -> Path:
    """A store with the calm profile, made once: creating the tables takes longer than most runs."""
    folder = Path(tempfile.mkdtemp(prefix="sagalab-tests-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "template.db"
    engine = build_engine(_settings(path))
    engine.save_profile(calm())
    engine.stop()
    return path


def _settings(path: Path, **fields: Any) -> Settings:
    return Settings(database_url=f"sqlite:///{path.as_posix()}", live_rates=False, **fields)


def calm(rates: Mapping[str, Rates] | None = None, rule: bool = False, **fields: Any) -> Profile:
    """No latency and no fault but what is named: action -> chances."""
    settled = {"latency_ms": 0, "call_timeout_s": TIMEOUT_S} | fields
    return Profile(name="test", rates=dict(rates or {}), payment_rule=rule, **settled)


class Lab:
    """An engine on a store of its own that can be stopped and built anew on the same file. `parts`: as built with.

    When it is left, its store is checked, unless a test says that it is `falsified`: wrong or unreadable on purpose.
    """

    def __init__(self, folder: Path, parts: Mapping[str, Any] | None = None, **settings: Any) -> None:
        self.path, self.parts, self.settings = folder / "store.db", parts or {}, settings
        self.falsified = False
        shutil.copy(_template(), self.path)
        self.engine: Engine
        self.open()

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close(check=error is None)

    def close(self, check: bool = True) -> None:
        """Stop the engine; before that, everything must hold that always holds."""
        try:
            if check and not self.falsified:
                violations = self.engine.audit().violations
                assert not violations, violations[0]
        finally:
            self.engine.stop()

    def open(self) -> None:
        """Build an engine on the store as it is."""
        self.engine = build_engine(_settings(self.path, **self.settings), **self.parts)

    def reopen(self) -> None:
        """Stop the engine where it is, and start another."""
        self.engine.stop()
        self.open()

    def written(self) -> None:
        """Wait until all that was handed to the writer is on disk."""
        self.engine._writer.call(lambda connection: None).result(DEADLINE_S)

    def faults(self, rates: Mapping[str, Rates] | None = None, **fields: Any) -> Profile:
        """Make a profile the active one."""
        return self.engine.save_profile(calm(rates, **fields))

    def start(self, request: OrderRequest | None = None, plan: Plan | None = None, retry: RetryPolicy = TWICE) -> str:
        """Start a run of the saga, or of another plan."""
        request = self.engine.complete(request or laptops())
        return self.engine.start(request, plan or saga(request, retry))

    def run(self, request: OrderRequest | None = None, plan: Plan | None = None, retry: RetryPolicy = TWICE) -> RunView:
        """Start a run; its view when it ended or is parked."""
        return self.settled(self.start(request, plan, retry))

    def settled(self, id: str, status: Sequence[str] = PARKED) -> RunView:
        """A run's view when it ended or is parked."""
        return self.until(id, lambda view: not view.live or view.row.status in status)

    def until(self, id: str, reached: Callable[[RunView], bool]) -> RunView:
        """Follow a run until its view is as wanted."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            view = self.engine.run(id)
            if reached(view):
                return view
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"the run stays {view.row.status}: {[event.text for event in view.events]}"
            assert view.live, f"the run ended {view.row.status}: {[event.text for event in view.events]}"
            self.engine.wait(id, view.seq, left_s)

    def decide(self, view: RunView, choice: Choice, **fields: Any) -> RunView:
        """Decide about a run's open question; its view when it ended or is parked again."""
        assert view.question is not None, f"nothing is asked; the run is {view.row.status}"
        self.engine.decide(view.row.id, view.question.step, view.question.visit, choice, **fields)
        return self.settled(view.row.id)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the store's file."""
        with closing(sqlite3.connect(f"file:{self.path.as_posix()}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def effects(self, id: str) -> list[str]:
        """The effects of a run in their order: 'charge/1', with ' void' where its key was closed without one."""
        found = self.rows("select key, state from ledger where run = ? order by position", id)
        return [key.removeprefix(f"{id}/") + (" void" if state == "void" else "") for key, state in found]

    def undone(self, id: str) -> list[str]:
        """The effects of a run that were undone, in the order of that."""
        found = self.rows("select key from ledger where run = ? and state = 'undone' order by undone_position", id)
        return [key.removeprefix(f"{id}/") for (key,) in found]

    def answers(self, id: str, step: str) -> list[dict[str, Any]]:
        """The journal's answers of a step in order: direction, edition, visit, attempt, at, and the body's fields."""
        names = ("direction", "edition", "visit", "attempt", "at")
        found = self.rows(
            f"select {', '.join(names)}, body from journal where run = ? and step = ? and kind = 'answer' order by seq",
            id,
            step,
        )
        return [dict(zip(names, row[:-1], strict=True)) | from_json(row[-1]) for row in found]

    def events(self, id: str) -> list[dict[str, Any]]:
        """The journal's events in order."""
        found = self.rows("select body from journal where run = ? and kind = 'event' order by seq", id)
        return [from_json(body) for (body,) in found]

    def kept_minor(self, id: str) -> int:
        """captured - refunded + debited - restored - credited of a run, in whatever currency it pays."""
        query = "select sum(minor) from postings where run = ? and (account = 'card' or account like 'wallet:%')"
        return -(self.rows(query, id)[0][0] or 0)

    def balance(self, wallet: str) -> int:
        """Minor units in a wallet."""
        return next(held.balance.minor for held in self.engine.wallets() if held.name == wallet)

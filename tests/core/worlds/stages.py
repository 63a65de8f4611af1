"""Worlds for the conformance suite: each takes an order and what people do, and shows what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic_core import to_json

from core import acceptance
from core.errors import DecisionRefused, Refusal
from core.models import Choice, ControlName, Edit, Notice, OrderRequest, Plan, Row
from core.record import Record
from core.repairs import plan_repair
from core.services.faults import Profile
from core.services.rates import RateSource
from core.services.registry import Registry, default_registry
from core.store.books import Books, read_books
from core.worlds.memory import MemoryStore
from core.worlds.simulated import SimulatedWorld
from tests.core.scenes import DEADLINE_S, Lab, calm
from tests.core.worlds.scenarios import HELD_S, Decide, Faults, History, Move, Press, Reached, Scenario, TopUp, settled

DOWN_S = 3600.0
MOMENT_S = 0.05  # without news for so long, a run waits for a timer
KEPT = ("wallets", "rule", "position")


class Stage(Protocol):
    """A world on a store of its own. Runs are named 'r1', 'r2', ... in the order in which they start."""

    registry: Registry

    def complete(self, request: OrderRequest) -> OrderRequest:
        """The request with its defaults filled."""

    def start(self, request: OrderRequest, plan: Plan, profile: Profile, fault_seed: int) -> str:
        """Make the profile the active one, and start a run under it."""

    def decide(self, id: str, choice: Choice, notice: Notice | None, edit: Edit | None) -> None:
        """Decide about the open question. Raises DecisionRefused."""

    def control(self, id: str, name: ControlName) -> None:
        """Raises DecisionRefused."""

    def save_profile(self, profile: Profile) -> None:
        """Make a profile the active one."""

    def open_wallet(self, name: str, currency: str, minor: int) -> None:
        """A wallet with an amount from outside."""

    def top_up(self, wallet: str, minor: int) -> None:
        """Pay into a wallet from outside."""

    def repair(self, id: str, step: str) -> str:
        """Start a repair of a step; its run."""

    def wait(self, id: str, reached: Reached) -> History:
        """Let the run go on until it is as wanted, and no further than that if it can be helped."""

    def history(self, id: str) -> History:
        """What is committed of a run."""

    def books(self) -> Books:
        """Everything that is committed."""


def history_of(books: Books, id: str) -> History:
    """One run's part of the books."""
    run = next(run for run in books.runs if run.id == id)
    return History(
        run.status,
        [row for row in books.journal if row.run == id],
        [row for row in books.ledger if row.run == run.keys],
        [line for line in books.postings if line.run == run.keys],
        [sent for sent in books.outbox if sent.run == run.keys],
    )


def play(scenario: Scenario, stage: Stage) -> list[History]:
    """Have a world play a scenario; the histories of its runs in the order in which they started."""
    for name, (currency, minor) in (scenario.wallets or {}).items():
        stage.open_wallet(name, currency, minor)
    down = dict.fromkeys(scenario.down, time.time() + DOWN_S)
    own = calm(scenario.rates, rule=scenario.rule, call_timeout_s=scenario.call_timeout_s, down_until=down)
    request = stage.complete(scenario.request)
    plan = scenario.made_plan(request)
    ids = []
    for _ in range(scenario.warm):
        ids.append(stage.start(request, plan, calm(rule=scenario.rule), scenario.fault_seed))
        stage.wait(ids[-1], settled)
    ids.append(id := stage.start(request, plan, own, scenario.fault_seed))
    for move in scenario.moves:
        stage.wait(id, move.when)
        ids += make(move, scenario, stage, id)
    for one in ids:
        stage.wait(one, settled)
    books = stage.books()
    return [history_of(books, one) for one in ids[scenario.warm :]]


def make(move: Move, scenario: Scenario, stage: Stage, id: str) -> list[str]:
    """Do what a person does; the runs that this started."""
    if move.late:
        with pytest.raises(Refusal):
            do(move, scenario, stage, id)
        return []
    return do(move, scenario, stage, id)


def do(move: Move, scenario: Scenario, stage: Stage, id: str) -> list[str]:
    act = move.act
    if isinstance(act, Decide):
        stage.decide(id, act.choice, act.notice, act.edit)
    elif isinstance(act, Press):
        stage.control(id, act.control)
    elif isinstance(act, Faults):
        stage.save_profile(calm(act.rates, rule=scenario.rule))
    elif isinstance(act, TopUp):
        stage.top_up(act.wallet, act.minor)
    else:
        return [stage.repair(id, act.step)]
    return []


class EmbeddedStage:
    """The engine on SQLite."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lab, self._seed, ids = Lab(folder), 0, count(1)
        self._held = False  # attempts without an answer take long, and nobody waits for that
        self.registry: Registry = self._lab.engine._registry
        monkeypatch.setattr("core.engine.new_id", lambda: f"r{next(ids)}")
        monkeypatch.setattr("os.urandom", lambda size: self._seed.to_bytes(size))

    def stop(self) -> None:
        self._lab.close()

    def complete(self, request: OrderRequest) -> OrderRequest:
        return self._lab.engine.complete(request)

    def start(self, request: OrderRequest, plan: Plan, profile: Profile, fault_seed: int) -> str:
        self._seed, self._held = fault_seed, profile.call_timeout_s == HELD_S
        self._lab.engine.save_profile(profile)
        return self._lab.engine.start(request, plan)

    def decide(self, id: str, choice: Choice, notice: Notice | None, edit: Edit | None) -> None:
        question = self._lab.engine.run(id).question
        if question is None:
            raise DecisionRefused(id, "Nothing is asked.")
        self._lab.engine.decide(id, question.step, question.visit, choice, notice, edit)

    def control(self, id: str, name: ControlName) -> None:
        self._lab.engine.control(id, name)

    def save_profile(self, profile: Profile) -> None:
        self._lab.engine.save_profile(profile)

    def open_wallet(self, name: str, currency: str, minor: int) -> None:
        self._lab.engine.add_wallet(name, currency, minor)

    def top_up(self, wallet: str, minor: int) -> None:
        self._lab.engine.top_up(wallet, minor)

    def repair(self, id: str, step: str) -> str:
        return self._lab.engine.repair(id, step)

    def wait(self, id: str, reached: Reached) -> History:
        deadline = time.monotonic() + DEADLINE_S
        while not reached(history := self.history(id)):
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"the run stays {history.status}: {history.rows[-3:]}"
            seq, leaps = history.rows[-1].seq, self._held and reached is settled
            news = self._lab.engine.wait(id, seq, MOMENT_S if leaps else left_s) > seq
            if leaps and not news:
                self._pass(HELD_S)
        return history

    def _pass(self, seconds: float) -> None:
        """Put the engine's clocks forward; what is due by then is done on the loop's next turn."""
        world = self._lab.engine._world

        def forward() -> None:
            at = world._loop.time
            world._clock_start += seconds
            world._loop.time = lambda: at() + seconds  # type: ignore[method-assign]

        world._on_loop(forward).result()

    def history(self, id: str) -> History:
        return history_of(self.books(), id)

    def books(self) -> Books:
        with self._lab.engine._opened.reader.connect() as connection:
            books = read_books(connection)
            lists = {name: list(part) for name, part in books._asdict().items() if name not in KEPT}
            return books._replace(**lists)


class SimulatedStage:
    """The simulated world."""

    def __init__(self, now: float | None = None) -> None:
        self._rates, self._ids = RateSource(live=False), count(1)
        self.registry = default_registry(self._rates)
        self.store = MemoryStore(self.registry)
        self.world = SimulatedWorld(
            self.store, calm(), now or time.time(), quote=lambda order: acceptance.quote(order, self._rates)
        )
        self._seed = 0

    def complete(self, request: OrderRequest) -> OrderRequest:
        return acceptance.complete(request, {name: held for name, (held, _) in self.store.wallets.items()})

    def start(self, request: OrderRequest, plan: Plan, profile: Profile, fault_seed: int) -> str:
        self._seed, id = fault_seed, f"r{next(self._ids)}"
        self.world.save_profile(profile)
        self.world.start(id, plan, request, fault_seed)
        return id

    def decide(self, id: str, choice: Choice, notice: Notice | None, edit: Edit | None) -> None:
        run = self.world.runs.get(id)
        if run is None or run.asking is None:
            raise DecisionRefused(id, "Nothing is asked.")
        self.world.decide(id, run.asking[1].step, run.asking[1].visit, choice, notice, edit)

    def control(self, id: str, name: ControlName) -> None:
        self.world.control(id, name)

    def save_profile(self, profile: Profile) -> None:
        self.world.save_profile(profile)

    def open_wallet(self, name: str, currency: str, minor: int) -> None:
        self.store.add_wallet(name, currency, minor)

    def top_up(self, wallet: str, minor: int) -> None:
        self.world.top_up(wallet, minor)

    def repair(self, id: str, step: str) -> str:
        repair = f"r{next(self._ids)}"
        self.world.start(repair, *repair_of(self.store, id, step), self._seed, parent=id, keys=self.store.runs[id].keys)
        return repair

    def wait(self, id: str, reached: Reached) -> History:
        while not reached(history := self.history(id)):
            assert self.world.step(), f"the run stays {history.status}: {history.rows[-3:]}"
        return history

    def history(self, id: str) -> History:
        return history_of(self.store.books(), id)

    def books(self) -> Books:
        return self.store.books()


def repair_of(store: MemoryStore, id: str, step: str) -> tuple[Plan, OrderRequest]:
    """The plan and the order of a repair. Raises DecisionRefused."""
    repairs = [record_of(store, run.id) for run in store.runs.values() if run.parent == id]
    record = record_of(store, id)
    return plan_repair(record, step, repairs), record.orders[-1]


def record_of(store: MemoryStore, id: str) -> Record:
    """A run as repairs are judged by."""
    run = store.runs[id]
    assert run.plan is not None
    row: Mapping[str, Any] = run._asdict() | {
        "plan_body": run.plan.model_dump_json(),
        "requests": to_json([order.model_dump(mode="json", by_alias=True) for order in run.orders]).decode(),
    }
    rows: list[Row] = store.rows_of(id)
    return Record(row, rows)

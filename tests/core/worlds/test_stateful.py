"""Starts, faults, decisions, controls, crashes and recoveries in any order: after each of them everything holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from core import acceptance
from core.audit import Audit
from core.errors import Refusal
from core.metrics import recount
from core.models import Condition, Edit, Item, Notifications, OrderRequest, RetryPolicy
from core.services.faults import Profile, Rates
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.worlds.memory import MemoryStore, journal_rows
from core.worlds.simulated import START, Crashed, SimulatedWorld
from tests.core.scenes import by_name, company_order, laptops
from tests.core.worlds.stages import repair_of
from tests.random_runs import ACTIONS, UNDOS, Seen

RATES = RateSource(live=False)
WALLETS = {"team": ("USD", 1_000_000), "small": ("USD", 10_000)}
WISHES = (Condition(event="out_of_stock", then="sms"), Condition(event="shipping_failed", then="call"))
TEAM = company_order()
REQUESTS = [
    acceptance.complete(request, {"team": "USD", "small": "USD"})
    for request in (
        laptops(),
        laptops(convert_to="EUR", notifications=Notifications(call=True), conditions=WISHES),
        laptops(workflow_type="software_license"),
        TEAM,
        company_order(cheaper=True),
        TEAM.model_copy(update={"wallet": "small"}),
        TEAM.model_copy(update={"budget": Decimal(2000)}),
    )
]
EDITS = [
    None,
    Edit(customer_email="new@keller.example"),
    Edit(wallet="team"),
    Edit(items=(Item(name="mouse", unit_price=Decimal(20)),)),
]
shares = st.sampled_from((0.0, 0.0, 0.2, 0.5))
rates = st.builds(
    lambda refused, lost, slow: Rates(refused=refused, lost=lost / 2, slow=slow / 2), shares, shares, shares
)


@st.composite
def profiles(draw: Any) -> Profile:
    """Every action under one of a few kinds of trouble, undos under another."""
    every, undos = draw(rates), draw(rates)
    chances = dict.fromkeys(ACTIONS, every) | dict.fromkeys(UNDOS, undos)
    gone = every.model_copy(update={"refused": 0.0, "final": draw(st.sampled_from((0.0, 0.4)))})
    return Profile(
        name="any",
        rates=chances | {"order_creation.book": gone},
        payment_rule=draw(st.booleans()),
        latency_ms=draw(st.sampled_from((0, 400))),
    )


class Worlds(RuleBasedStateMachine):
    """One store, any number of runs on it, and whatever people and power cuts do to them."""

    runs = Bundle("runs")

    @initialize(profile=profiles())
    def begin(self, profile: Profile) -> None:
        registry = default_registry(RATES)
        self.store = MemoryStore(registry, WALLETS)
        self.world = SimulatedWorld(self.store, profile, START, quote=lambda order: acceptance.quote(order, RATES))
        self.audit, self.seen = Audit(registry), Seen(self.store)
        self.world.committed = lambda: self.audit.commit(**self.seen.new())
        self.down = False

    def happens(self, what: Any) -> None:
        """Let something happen; a crash leaves the world down."""
        assume(not self.down)
        try:
            what()
        except Crashed:
            self.down = True
        except Refusal:
            pass  # nothing changed, which the invariants see

    @rule(
        target=runs,
        request=st.sampled_from(REQUESTS),
        name=st.sampled_from(("saga", "saga", "sequence")),
        attempts=st.integers(1, 3),
        wait_s=st.sampled_from((0.0, 0.5, 30.0)),
        ask=st.booleans(),
        fault_seed=st.integers(0, 2**64 - 1),
    )
    def start(self, request: OrderRequest, name: str, attempts: int, wait_s: float, ask: bool, fault_seed: int) -> Any:
        id = f"r{len(self.store.runs) + 1}"
        plan = by_name(name, request, RetryPolicy(attempts=attempts, first_wait_s=wait_s), ask)
        self.happens(lambda: self.world.start(id, plan, request, fault_seed))
        return id if id in self.store.runs else multiple()

    @rule(seconds=st.sampled_from((0.0, 0.3, 2.0, 40.0, 3600.0)))
    def wait(self, seconds: float) -> None:
        self.happens(lambda: self.world.go(self.world.now + seconds))

    @rule(steps=st.integers(1, 9))
    def go_on(self, steps: int) -> None:
        self.happens(lambda: [self.world.step() for _ in range(steps)])

    @rule(
        id=runs,
        choice=st.sampled_from(("retry", "retry", "edit", "skip", "give_up")),
        notice=st.sampled_from((None, "email", "sms", "call")),
        edit=st.sampled_from(EDITS),
    )
    def decide(self, id: str, choice: Any, notice: Any, edit: Edit | None) -> None:
        run = None if self.down else self.world.runs.get(id)
        assume(run is not None and run.asking is not None)
        assert run is not None and run.asking is not None
        question = run.asking[1]
        self.happens(lambda: self.world.decide(id, question.step, question.visit, choice, notice, edit))

    @rule(id=runs, control=st.sampled_from(("pause", "resume", "hurry", "hurry", "cancel")))
    def press(self, id: str, control: Any) -> None:
        self.happens(lambda: self.world.control(id, control))

    @rule(profile=profiles())
    def turn_sliders(self, profile: Profile) -> None:
        self.world.save_profile(profile)

    @rule()
    def top_up(self) -> None:
        self.world.top_up("small", 250_000)

    @rule(id=runs, step=st.sampled_from(("email", "sms", "call")), fault_seed=st.integers(0, 2**64 - 1))
    def repair(self, id: str, step: str, fault_seed: int) -> None:
        name = f"r{len(self.store.runs) + 1}"
        keys = self.store.runs[id].keys
        self.happens(lambda: self.world.start(name, *repair_of(self.store, id, step), fault_seed, parent=id, keys=keys))

    @rule(commits=st.integers(1, 6))
    def crash_soon(self, commits: int) -> None:
        self.world.crash_after.add(len(self.store.commits) + commits)

    @precondition(lambda self: self.down)
    @rule(down_s=st.sampled_from((0.0, 1.0, 1000.0)))
    def recover(self, down_s: float) -> None:
        self.down = False
        self.happens(lambda: self.world.recover(down_s))

    @invariant()
    def everything_holds(self) -> None:
        assert not self.audit.violations, self.audit.violations[0]

    def teardown(self) -> None:
        """Whatever was begun comes to its end or waits for a person."""
        if not hasattr(self, "world"):
            return
        self.world.crash_after.clear()
        if self.down:
            self.world.recover()
        self.world.go()
        self.audit.commit(**self.seen.new())
        store = self.store
        self.audit.finish(store.runs.values(), store.wallets, store.rule, recount(journal_rows(store.commits)))
        assert not self.audit.violations, self.audit.violations[0]
        assert all(run.status != "running" for run in store.runs.values())


SHORT = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(SHORT, max_examples=1500, stateful_step_count=60)


class TestWorlds(Worlds.TestCase):
    settings = SHORT


@pytest.mark.slow
class TestWorldsForLong(Worlds.TestCase):
    settings = LONG

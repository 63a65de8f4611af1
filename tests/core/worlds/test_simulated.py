"""The simulated world by itself: virtual time, crashes at every commit, people on a schedule, outcomes only."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from core import acceptance
from core.audit import Audit
from core.errors import DecisionRefused, RequestRefused, WalletRefused
from core.metrics import recount
from core.models import Call, Edit, Item, OrderRequest, Plan, Question, RetryPolicy
from core.services.base import PaymentRule
from core.services.faults import GOLDEN, MASK, PRESETS, Profile, Rates, mix
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.store.books import Declined
from core.worlds.memory import Memory, MemoryStore, MemoryTx, journal_rows
from core.worlds.outcomes import RUN, Orders, is_timeless
from core.worlds.simulated import START, Crashed, SimulatedWorld
from tests.core.scenes import (
    BOOK,
    CHARGE,
    EMAIL,
    LOST,
    ONCE,
    OUT_OF_STOCK,
    REFUSED,
    SHIP,
    SLOW,
    SMS,
    TWICE,
    by_name,
    calm,
    company_order,
    laptops,
    saga,
)
from tests.core.worlds.stages import repair_of
from tests.random_runs import Seen

REGISTRY = default_registry(RateSource(live=False))
CARD = laptops(customer_email="mara@keller.example", phone_number="+49 151 5550100")
TEAM = acceptance.complete(company_order(), {"team": "USD"})
MONTH_S = 30 * 86_400.0
SEED = 7


class Scene:
    """A world with everything that it commits checked on the way."""

    def __init__(self, rates: dict[str, Rates] | None = None, crash_after: Sequence[int] = (), **fields: Any) -> None:
        rule = fields.pop("met", PaymentRule(0, 3, 0))
        self.store = MemoryStore(REGISTRY, rule=rule)
        self.world = SimulatedWorld(self.store, calm(rates, **fields), crash_after=crash_after)
        self.audit, self.seen = Audit(REGISTRY, rule), Seen(self.store)
        self.world.committed = self.look

    def look(self) -> None:
        assert not self.audit.commit(**self.seen.new())

    def start(self, plan: Plan | None = None, request: OrderRequest = CARD, id: str = "r") -> Scene:
        self.world.start(id, plan or saga(request), request, SEED)
        return self

    def to_the_end(self, down_s: float = 0.0) -> Scene:
        """Go on through all crashes until nothing comes of itself; what stands at the end is checked too."""
        crashed = False
        while True:
            try:
                if crashed:
                    self.world.recover(down_s)
                self.world.go()
                break
            except Crashed:
                crashed = True
        self.look()
        assert not self.audit.finish(
            self.store.runs.values(), self.store.wallets, self.store.rule, recount(journal_rows(self.store.commits))
        )
        return self

    @property
    def status(self) -> str:
        return self.world.status("r")

    @property
    def books(self) -> Any:
        return self.store.books()

    def effects(self) -> list[str]:
        """'charge/1', with ' undone' or ' void', in order."""
        said = {"done": "", "undone": " undone", "void": " void"}
        return [row.key.partition("/")[2] + said[row.state] for row in self.books.ledger]

    def answers(self, step: str) -> list[tuple[str, str | None, float]]:
        """Direction, code and seconds since the start of each answer of a step."""
        return [
            (row.direction, row.body["code"], round(row.at - START, 3))
            for row in self.books.journal
            if row.kind == "answer" and row.step == step
        ]


def history(store: MemoryStore) -> list[Any]:
    books = store.books()
    return [*books.journal, *books.ledger, *books.postings, *books.outbox, books.rule]


# Time


def test_a_month_of_waiting_takes_no_time() -> None:
    scene = Scene({SHIP: REFUSED})
    patient = RetryPolicy(attempts=3, first_wait_s=3600, longest_s=86_400)
    scene.world.asked = lambda id, question: scene.world.at(
        scene.world.now + MONTH_S, lambda: scene.world.decide(id, question.step, question.visit, "give_up")
    )
    began = time.process_time()
    scene.start(saga(CARD, patient)).to_the_end()
    assert time.process_time() - began < 1
    assert (scene.status, scene.world.now - START) == ("refunded", 3600 + 7200 + MONTH_S)


def test_latency_is_drawn_as_in_the_embedded_world() -> None:
    scene = Scene(latency_ms=400).start().to_the_end()
    row = next(row for row in scene.books.journal if row.step == "charge")
    call = Call("r", "charge", CHARGE, "do", 1, 1, 1, ())
    assert row.body["took_ms"] == pytest.approx(calm(latency_ms=400).latency_s(SEED, call) * 1000, abs=0.1)


def test_steps_side_by_side_share_their_wait() -> None:
    scene = Scene({EMAIL: LOST, "sms_notification.send": LOST}, call_timeout_s=5.0)
    scene.start(saga(CARD, ONCE)).to_the_end()
    assert scene.answers("email") == scene.answers("sms") == [("do", "timeout", 5.0), ("close", None, 5.0)]


def test_a_slow_effect_comes_by_its_own_time_and_meets_the_closed_key() -> None:
    scene = Scene({CHARGE: SLOW}, call_timeout_s=5.0).start(saga(CARD, ONCE, ask=False)).to_the_end()
    assert scene.answers("charge") == [("do", "timeout", 5.0), ("close", None, 5.0)]
    assert (scene.status, scene.effects()[0]) == ("rejected", "charge/1 void")
    assert 5.0 < scene.world.now - START <= 65.0


def test_a_service_is_down_until_its_time() -> None:
    patient = RetryPolicy(attempts=2, first_wait_s=100, longest_s=100)
    scene = Scene(down_until={"order_creation": START + 50}).start(saga(CARD, patient)).to_the_end()
    assert scene.answers("analyse") == [("do", "down", 0.0), ("do", None, 100.0)]


def test_going_on_stops_at_the_time_that_was_named() -> None:
    scene = Scene({BOOK: REFUSED}).start(saga(CARD, RetryPolicy(attempts=2, first_wait_s=100, longest_s=100)))
    scene.world.go(START + 99)
    assert (len(scene.answers("book")), scene.world.now) == (1, START + 99)
    scene.world.go(START + 100)
    assert len(scene.answers("book")) == 2


# Commits and crashes


def test_an_effect_never_shares_a_commit_with_the_row_of_its_answer() -> None:
    scene = Scene()
    seen: list[tuple[set[str], set[str]]] = []
    keys, rows = set[str](), 0

    def look() -> None:
        nonlocal rows
        new = {row.key for row in scene.books.ledger} - keys
        answered = {f"r/{row.step}/{row.edition}" for row in scene.books.journal[rows:] if row.kind == "answer"}
        rows = len(scene.books.journal)
        keys.update(new)
        seen.append((new, answered))

    scene.world.committed = look
    scene.start().world.go()
    assert len(keys) == 6
    assert not [both for new, answered in seen if (both := new & answered)]


CRASHING: dict[str, tuple[OrderRequest, dict[str, Rates], bool, str]] = {
    "b2c": (CARD.model_copy(update={"convert_to": "EUR"}), {}, False, "confirmed"),
    "corporate": (TEAM, {}, False, "confirmed"),
    "compensated": (CARD, {SHIP: REFUSED}, False, "refunded"),
    "lost": (CARD, {CHARGE: LOST, SHIP: LOST}, False, "confirmed"),
    "parked": (CARD, {BOOK: OUT_OF_STOCK}, True, "needs_attention"),
    "stuck": (CARD, {SHIP: REFUSED, "order_creation.cancel": REFUSED}, False, "compensation_stuck"),
}


@pytest.mark.parametrize("latency_ms", [0, 400])
@pytest.mark.parametrize("name", CRASHING)
def test_it_may_die_at_every_commit_and_everything_happens_once(name: str, latency_ms: int) -> None:
    request, rates, ask, status = CRASHING[name]
    plan = saga(request, TWICE, ask)
    whole = Scene(rates, latency_ms=latency_ms).start(plan, request).to_the_end()
    assert whole.status == status
    for commit in range(2, len(whole.store.commits)):
        scene = Scene(rates, [commit], latency_ms=latency_ms).start(plan, request).to_the_end(down_s=5.0)
        assert (scene.status, scene.effects()) == (status, whole.effects()), f"died after commit {commit}"
        assert [line[2:] for line in scene.books.postings] == [line[2:] for line in whole.books.postings]


def test_it_may_die_at_all_commits_one_after_another() -> None:
    scene = Scene({SHIP: REFUSED}, range(2, 60)).start(saga(CARD, TWICE, ask=False)).to_the_end()
    assert scene.status == "refunded"


def test_a_run_in_its_backoff_rings_when_it_was_to_ring_after_a_crash() -> None:
    patient = RetryPolicy(attempts=2, first_wait_s=100, longest_s=100)
    scene = Scene({BOOK: REFUSED}).start(saga(CARD, patient))
    scene.world.go(START + 10)
    scene.world.recover(down_s=30.0)
    scene.to_the_end()
    assert [at for _, _, at in scene.answers("book")] == [0.0, 100.0]


def test_a_timer_that_was_due_meanwhile_rings_at_once() -> None:
    patient = RetryPolicy(attempts=2, first_wait_s=100, longest_s=100)
    scene = Scene({BOOK: REFUSED}).start(saga(CARD, patient))
    scene.world.go(START + 10)
    scene.world.recover(down_s=500.0)
    scene.to_the_end()
    assert [at for _, _, at in scene.answers("book")] == [0.0, 510.0]


def test_a_decline_met_before_a_crash_is_met_again_after_it() -> None:
    due = PaymentRule(3, 3, 0)
    for commit in range(2, 8):
        scene = Scene(crash_after=[commit], rule=True, met=due).start(saga(CARD, ask=False)).to_the_end()
        assert (scene.status, scene.store.declines) == ("rejected", [Declined("r/charge/1", 1, 3, 3, 0)])
    assert scene.store.rule == PaymentRule(0, scene.store.rule.length, 1)


def test_a_decline_that_is_forgotten_in_a_crash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryTx, "declined", lambda tx: None)
    scene = Scene(crash_after=[1], rule=True, met=PaymentRule(3, 3, 0))
    with pytest.raises(Crashed):
        scene.start()
    assert scene.store.declines and scene.answers("charge") == []
    scene.world.committed = None
    scene.world.recover()
    scene.world.go()
    assert [(one.invariant, one.sentence) for one in scene.audit.commit(**scene.seen.new())] == [
        (2, "Step 'charge' was done in visit 1, in which it had been declined: that was forgotten.")
    ]


def test_a_repair_may_end_while_the_effect_of_another_is_still_unknown() -> None:
    scene = Scene({EMAIL: REFUSED, SMS: REFUSED}).start(saga(CARD, ONCE)).to_the_end()
    scene.world.save_profile(calm({EMAIL: LOST}))
    for step in ("email", "sms"):
        scene.world.start(f"r.{step}", *repair_of(scene.store, "r", step), SEED, parent="r", keys="r")
    scene.to_the_end()
    assert [scene.world.status(f"r.{step}") for step in ("email", "sms")] == ["confirmed", "confirmed"]


def test_the_same_inputs_make_the_same_run() -> None:
    profile = PRESETS["everything flaky"]

    def journal() -> list[Any]:
        store = MemoryStore(REGISTRY)
        world = SimulatedWorld(store, profile, crash_after=[9, 20])
        world.start("r", saga(CARD, TWICE, ask=False), CARD, SEED)
        for down_s in (1.0, 2.0, 3.0):
            try:
                world.go()
            except Crashed:
                world.recover(down_s)
        return history(store)

    assert journal() == journal()


# People


def test_people_come_after_so_many_commits() -> None:
    scene = Scene(latency_ms=400)
    scene.world.after_commits(4, lambda: scene.world.control("r", "cancel"))
    scene.start().to_the_end()
    assert scene.status == "cancelled"
    assert [row.body.get("control") for row in scene.books.journal].index("cancel") < 5


def test_what_is_refused_is_refused_as_in_the_engine() -> None:
    scene = Scene({SHIP: REFUSED}).start()
    scene.world.go()
    decide = scene.world.decide
    with pytest.raises(DecisionRefused, match="no longer open"):
        decide("r", "ship", 2, "retry")
    with pytest.raises(DecisionRefused, match="Nothing was changed"):
        decide("r", "ship", 1, "edit")
    with pytest.raises(DecisionRefused, match="can't be changed now"):
        decide("r", "ship", 1, "edit", edit=Edit(items=(Item(name="mouse"),)))
    with pytest.raises(DecisionRefused, match="not paused"):
        scene.world.control("r", "resume")
    decide("r", "ship", 1, "give_up")
    scene.world.go()
    with pytest.raises(DecisionRefused, match="ended"):
        scene.world.control("r", "cancel")
    scene.world.at(scene.world.now, lambda: scene.world.control("r", "pause"))
    scene.world.go()
    assert len(scene.world.refused) == 1
    with pytest.raises(WalletRefused):
        scene.world.top_up("nobody's", 1)


def test_a_wallet_in_another_currency_does_not_pay() -> None:
    scene = Scene({"payment_processing.debit_wallet": REFUSED})
    scene.store.add_wallet("euro", "EUR", 100)
    scene.start(request=TEAM).world.go()
    with pytest.raises(RequestRefused, match="holds EUR"):
        scene.world.decide("r", "debit", 1, "edit", edit=Edit(wallet="euro"))


def test_an_order_that_can_not_be_served_is_no_edit() -> None:
    asked: list[OrderRequest] = []
    store = MemoryStore(REGISTRY)
    world = SimulatedWorld(store, calm({CHARGE: REFUSED}), quote=asked.append)
    world.start("r", saga(CARD), CARD, SEED)
    world.go()
    world.decide("r", "charge", 1, "edit", edit=Edit(items=(Item(name="mouse"),)))
    assert [order.items[0].name for order in asked] == ["mouse"]


def test_a_retry_pins_the_profile_that_is_active_then() -> None:
    scene = Scene({BOOK: REFUSED}).start()
    scene.world.go()
    scene.world.save_profile(calm({SHIP: REFUSED}))
    scene.world.crash_after = {len(scene.store.commits) + 1}
    with pytest.raises(Crashed):
        scene.world.decide("r", "book", 1, "retry")
    scene.world.save_profile(calm())
    scene.world.recover()
    scene.world.go()
    asking = scene.world.runs["r"].asking
    assert asking is not None and asking[1] == Question("needs_attention", "ship", 1, "unavailable")


# Runs that share a store


def test_runs_that_share_a_wallet_never_overdraw_it() -> None:
    scene = Scene(latency_ms=400)
    for number in range(8):
        scene.start(saga(TEAM, ask=False), TEAM, "r" if number == 0 else f"r{number}")
    scene.to_the_end()
    statuses = Counter(run.status for run in scene.store.runs.values())
    assert statuses == {"confirmed": 5, "rejected": 3}
    assert scene.store.wallets["team"] == ("USD", 0)


def test_runs_that_share_the_payment_rule_meet_it_in_turn() -> None:
    scene = Scene(rule=True)
    for number in range(9):
        scene.start(saga(CARD, ask=False), CARD, "r" if number == 0 else f"r{number}")
    scene.to_the_end()
    assert len(scene.store.declines) == 2


# Outcomes only


def orders(
    profile: Profile, request: OrderRequest = CARD, plan: str = "saga", ask: bool = False, **fields: Any
) -> Orders:
    return Orders(REGISTRY, by_name(plan, request, RetryPolicy(), ask), request, profile, **fields)


def seed(number: int) -> int:
    return mix(number * GOLDEN & MASK)


ROUGH = {action: Rates(refused=0.15, lost=0.1) for action in (CHARGE, SHIP, EMAIL, "order_creation.create")} | {
    BOOK: Rates(refused=0.1, final=0.3, lost=0.1),
    "payment_processing.debit_wallet": Rates(refused=0.2),
    "payment_processing.refund": Rates(refused=0.4),
}
FLAKY = PRESETS["everything flaky"]
ENOUGH = {"team": ("USD", 250_000)}


@pytest.mark.parametrize(
    ("profile", "request_", "plan", "ask"),
    [
        (PRESETS["the seed's rates"], CARD, "saga", False),
        (calm(ROUGH, rule=True, latency_ms=400), CARD, "saga", False),
        (calm(ROUGH, latency_ms=400), TEAM, "saga", True),
        (calm(ROUGH), CARD.model_copy(update={"convert_to": "EUR"}), "sequence", False),
        (FLAKY, CARD, "saga", False),
    ],
)
def test_outcomes_only_are_those_of_the_whole_journal(
    profile: Profile, request_: OrderRequest, plan: str, ask: bool
) -> None:
    serve = orders(profile, request_, plan, ask)
    outcomes = [serve.outcome(seed(number)) for number in range(150)]
    assert outcomes == [serve.journalled(seed(number)).status(RUN) for number in range(150)]
    assert len(set(outcomes)) > 1


def test_what_is_remembered_changes_nothing() -> None:
    profile = calm(ROUGH, rule=True, latency_ms=400)
    plan, memory = saga(CARD, RetryPolicy(), ask=False), Memory()

    def served(number: int, memory: Memory | None) -> list[Any]:
        store = MemoryStore(REGISTRY, memory=memory)
        world = SimulatedWorld(store, profile)
        world.start("r", plan, CARD, seed(number))
        world.go()
        return history(store)

    assert [served(number, memory) for number in range(60)] == [served(number, None) for number in range(60)]
    assert memory.effects and memory.requests and memory.answers


def test_each_order_meets_the_same_beginnings() -> None:
    serve = orders(calm(rule=True), rule=PaymentRule(3, 3, 0))
    assert {serve.outcome(seed(number)) for number in range(5)} == {"rejected"}
    enough = orders(calm(), TEAM, wallets=ENOUGH)
    assert {enough.outcome(seed(number)) for number in range(5)} == {"confirmed"}


def test_a_run_that_waits_for_a_person_has_no_outcome() -> None:
    assert orders(calm({SHIP: REFUSED}), ask=True).outcome(SEED) == "needs_attention"
    stuck = calm({SHIP: REFUSED, "payment_processing.refund": REFUSED})
    assert orders(stuck).outcome(SEED) == "compensation_stuck"


def test_where_time_counts_the_clock_is_not_left_out() -> None:
    assert is_timeless(CARD, calm({CHARGE: LOST}))
    assert not is_timeless(CARD, calm({CHARGE: Rates(slow=0.1)}))
    assert not is_timeless(CARD, calm(down_until={"order_creation": 1.0}))
    assert not is_timeless(CARD.model_copy(update={"date": "2027-01-20"}), calm())

"""The simulated world: runs over a store in memory under a virtual clock. No loop, no thread, no sleeping.

It does what the embedded world does, commit for commit: the same driver, the same draws, the same services. What
people do is given beforehand, by virtual time or by the number of commits, or in answer to a question. It may die
at any commit and go on from the journal. The same inputs always give the same run.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from core.decisions import apply_edit, check_control, check_decision, choices_for
from core.errors import DecisionRefused, Refusal
from core.models import (
    OUTCOMES,
    Call,
    Choice,
    ControlName,
    Decision,
    Edit,
    Fact,
    Notice,
    OrderRequest,
    Plan,
    Question,
    Reply,
)
from core.services.effects import is_pure, make_request
from core.services.faults import Profile
from core.services.payment_processing import CARD
from core.services.registry import Registry
from core.store.books import BookedRun
from core.store.unit import WALLET, Effect
from core.wallets import paying_wallet
from core.worlds.fate import fate_of
from core.worlds.live import LiveRun
from core.worlds.memory import MemoryStore

START = 1_800_000_000.0  # Unix seconds: Friday, 15 Jan 2027
Act = Callable[[], None]
Happening = tuple[Callable[..., None], tuple[Any, ...]]
Event = tuple[float, int, bool, Callable[..., None], tuple[Any, ...]]
# at (Unix seconds), a counter, whether it comes from outside of the engine (which then need not live), what, with what


class Crashed(Exception):
    """The world died at a commit that it was to die at; what is committed stays."""


class Started(NamedTuple):
    """What a store keeps of a run besides its journal."""

    plan: Plan
    profile: int
    fault_seed: int
    created_at: float


class SimulatedWorld:
    """Drives every run of a store in memory. One thing happens at a time, in an order that never varies.

    profile: the active fault profile at the start. crash_after: numbers of commits right after which it dies.
    quote: raises RequestRefused for an edited order that can't be served. `committed` is told of every commit,
    `asked` of every question when it is committed; `refused` gathers what people were refused.
    """

    def __init__(
        self,
        store: MemoryStore,
        profile: Profile,
        now: float = START,
        crash_after: Collection[int] = (),
        quote: Callable[[OrderRequest], object] = lambda order: None,
    ) -> None:
        self.store, self.now, self.crash_after, self._quote = store, now, set(crash_after), quote
        self.profiles = [profile if profile.version == 1 else profile.model_copy(update={"version": 1})]
        self.runs: dict[str, LiveRun] = {}
        self.started: dict[str, Started] = {}
        self.refused: list[Refusal] = []
        self.committed: Callable[[], None] | None = None
        self.asked: Callable[[str, Question], None] | None = None
        self._registry: Registry = store.registry
        self._events: list[Event] = []
        self._count = 0
        self._ready: deque[Happening] = deque()  # what follows from commits, before time goes on
        self._after_commits: dict[int, list[Act]] = {}

    # What people do

    def start(
        self,
        id: str,
        plan: Plan,
        request: OrderRequest,
        fault_seed: int,
        parent: str | None = None,
        keys: str | None = None,
    ) -> None:
        """Accept a run under the active profile; it is committed when this returns. A repair has another's keys."""
        profile = self.profiles[-1]
        self.started[id] = Started(plan, profile.version, fault_seed, self.now)
        run = LiveRun(id, keys or id, plan, (request,), profile, fault_seed, self.now)
        self.runs[id] = run
        opening = BookedRun(id, run.run, parent, plan, run.orders, "running", None, self.now, None)
        self._turn(run, run.launch, opening=opening)

    def decide(
        self, id: str, step: str, visit: int, choice: Choice, notice: Notice | None = None, edit: Edit | None = None
    ) -> None:
        """Decide about the open question, with the profile active now. Raises DecisionRefused, RequestRefused."""
        run = self._open(id)
        question = run.asking[1] if run.asking else None
        asked = next((one for one in run.plan.steps() if question and one.id == question.step), None)
        choices = choices_for(question, asked) if question and asked else ()
        check_decision(id, question, choices, step, visit, choice)
        facts, orders = dict[str, Fact](), None
        if choice == "edit":
            edited, facts = self._edit(run, edit or Edit())
            orders = run.orders = (*run.orders, edited)
            self.store.memory = None  # it knows this order as it was
        run.profile = self.profiles[-1]
        decision = Decision(step, visit, choice, tuple(facts.items()), notice, run.profile.version)
        self._turn(run, lambda: run.take_decision(decision, self.now), orders=orders)

    def control(self, id: str, name: ControlName) -> None:
        """Pause, resume, cancel or retry now. Raises DecisionRefused."""
        run = self._open(id)
        check_control(id, name, run.no_return, run.state, run.next_due() is not None)
        self._turn(run, lambda: run.take_control(name, self.now))

    def save_profile(self, profile: Profile) -> None:
        """Make a profile the active one, as the next version."""
        self.profiles.append(profile.model_copy(update={"version": len(self.profiles) + 1}))

    def top_up(self, wallet: str, minor: int) -> None:
        """Pay into a wallet from outside. Raises WalletRefused."""
        self.store.top_up(wallet, minor)

    def at(self, at: float, act: Act) -> None:
        """Have a person do something at a time (Unix seconds); what is refused is gathered."""
        self._schedule(max(at, self.now), True, self._attempted, act)

    def after_commits(self, commits: int, act: Act) -> None:
        """Have a person do something right after that many commits; what is refused is gathered."""
        self._after_commits.setdefault(commits, []).append(act)

    # Driving

    def go(self, until: float | None = None) -> None:
        """Let everything happen that comes of itself, up to a time (Unix seconds). Raises Crashed."""
        while self._ready or (self._events and (until is None or self._events[0][0] <= until)):
            self.step()
        if until is not None:
            self.now = max(self.now, until)

    def step(self) -> bool:
        """Let the next thing happen; False where nothing more comes of itself. Raises Crashed."""
        if self._ready:
            act, given = self._ready.popleft()
        elif self._events:
            self.now, _, _, act, given = heapq.heappop(self._events)
        else:
            return False
        act(*given)
        return True

    def status(self, id: str) -> str:
        """A run's status or outcome, as committed."""
        return self.store.runs[id].status

    def recover(self, down_s: float = 0.0) -> None:
        """Start anew after a crash, as a new process would: every open run goes on from its journal."""
        self.now += down_s
        self._ready.clear()
        self._events = [event for event in self._events if event[2]]
        heapq.heapify(self._events)
        self.runs.clear()
        for booked in [run for run in self.store.runs.values() if run.status not in OUTCOMES]:
            plan, version, fault_seed, created_at = self.started[booked.id]
            rows = self.store.rows_of(booked.id)
            decided = [row.body["profile"] for row in rows if row.kind == "decision"]
            profile = self.profiles[(decided[-1] if decided else version) - 1]
            run = LiveRun(booked.id, booked.keys, plan, booked.orders, profile, fault_seed, created_at)
            run.recover(rows, self.now)
            run.written_status = booked.status
            self.runs[run.id] = run
        for run in list(self.runs.values()):
            self._wake(run)

    # Inside

    def _open(self, id: str) -> LiveRun:
        run = self.runs.get(id)
        if run is None or run.result:
            raise DecisionRefused(id, "The run has ended; an ended run never changes.")
        return run

    def _edit(self, run: LiveRun, edit: Edit) -> tuple[OrderRequest, dict[str, Fact]]:
        order = run.orders[-1]
        done = [(row, lines) for row, lines in self.store.effects_of(run.run) if row.state == "done"]
        untouched = not any(self._registry.find(row.action)[1].undo for row, _ in done)
        paid_minor = -sum(
            minor
            for _, lines in done
            for account, currency, minor in lines
            if currency == order.pay_currency and (account == CARD or account.startswith(WALLET))
        )
        if edit.wallet:
            currencies = {name: currency for name, (currency, _) in self.store.wallets.items()}
            edit = edit.model_copy(update={"wallet": paying_wallet(edit.wallet, currencies, order.pay_currency)})
        edited, facts = apply_edit(run.id, order, edit, len(run.orders) + 1, untouched, paid_minor > 0)
        if "order" in facts:
            self._quote(edited)
        return edited, facts

    def _attempted(self, act: Act) -> None:
        try:
            act()
        except Refusal as refusal:
            self.refused.append(refusal)

    def _schedule(self, at: float, outside: bool, act: Callable[..., None], *given: Any) -> None:
        self._count += 1
        heapq.heappush(self._events, (at, self._count, outside, act, given))

    def _turn(
        self,
        run: LiveRun,
        happens: Callable[..., None],
        *given: Any,
        opening: BookedRun | None = None,
        orders: tuple[OrderRequest, ...] | None = None,
    ) -> None:
        """Let something happen to a run, and commit what it wants written."""
        if run.dead:
            return
        if run.timer_due is not None and run.timer_due <= self.now:
            run.fire_until(self.now)
        happens(*given)
        if run.outgoing or run.inbox:
            self._settle(run)
        status = None
        if run.entries:  # nothing else changes where a run stands
            where = run.where()
            if where != run.written_status:
                run.written_status = where
                status = where, (run.now if run.result else None)
            self._arm(run)
        elif not (run.effects or opening):
            return
        entries, effects, run.entries, run.effects = run.entries, run.effects, [], []
        replies = self.store.commit(run.id, entries, effects, opening, status, orders)
        if effects:
            self._ready.append((self._turn, (run, self._answered, run, effects, replies)))
        if self.asked and run.asking and any(entry.body.get("event") == "asked" for entry in entries):
            self.asked(run.id, run.asking[1])
        if self.committed or self._after_commits or self.crash_after:
            self._after_commit()

    def _after_commit(self) -> None:
        commits = len(self.store.commits)
        if self.committed:
            self.committed()
        if self._after_commits:
            self._ready += [(self._attempted, (act,)) for act in self._after_commits.pop(commits, ())]
        if commits in self.crash_after:
            raise Crashed(commits)

    def _arm(self, run: LiveRun) -> None:
        """Wake the run when its next timer is due; an ended run is driven no more."""
        if run.result:
            run.dead = True
            del self.runs[run.id]
        elif (due := run.next_due()) != run.timer_due:
            run.timer_due = due
            if due is not None:
                self._schedule(due, False, self._wake, run)

    def _settle(self, run: LiveRun) -> None:
        """Send what is to be sent, take what is there already, until the run waits for something outside."""
        while True:
            if run.outgoing:
                calls, run.outgoing = run.outgoing, []
                for call in calls:
                    self._launch(run, call)
            elif run.inbox:
                call, reply = run.inbox.popleft()
                run.take_answer(call, reply, self.now)
            else:
                return

    def _wake(self, run: LiveRun) -> None:
        if not run.dead:
            run.timer_due = None
            self._turn(run, run.fire_until, self.now)
            if not run.dead:
                self._arm(run)

    # Attempts

    def _launch(self, run: LiveRun, call: Call) -> None:
        delay_s = 0.0 if call.direction == "close" else run.profile.latency_s(run.fault_seed, call)
        if delay_s:
            self._count += 1
            arrival = self.now + delay_s, self._count, False, self._turn, (run, self._arrive, run, call)
            heapq.heappush(self._events, arrival)
        else:
            self._arrive(run, call)

    def _arrive(self, run: LiveRun, call: Call) -> None:
        """The service is reached: what the fault profile draws for this attempt decides."""
        pure = is_pure(self._registry, call)
        fate = fate_of(run.profile, run.fault_seed, call, self.now, pure)
        if fate.code:
            run.inbox.append((call, Reply(fate.code)))
            return
        if not fate.heard:
            run.late.add(call)
            _, since = run.pending[call]
            gives_up_at = max(since + run.profile.call_timeout_s, self.now)
            self._schedule(gives_up_at, False, self._turn, run, self._give_up, run, call, pure)
        if fate.late_s is not None:
            happens_at = self.now + run.profile.call_timeout_s + fate.late_s
            request = make_request(self._registry, call, call.params)
            self._schedule(happens_at, True, self._happen_late, run, self._effect(run, call, request, happens_at))
        if fate.happens:
            if pure:
                run.inbox.append((call, self.store.answer(call, run.orders)))
            else:
                run.effects.append(self._effect(run, call, self.store.prepare(call), self.now, fate.refusal))

    def _give_up(self, run: LiveRun, call: Call, pure: bool) -> None:
        run.late.discard(call)
        run.inbox.append((call, Reply("timeout", unknown=not pure)))

    def _happen_late(self, run: LiveRun, effect: Effect) -> None:
        """An attempt that nobody waits for any more reaches its service."""
        self.store.commit(run.id, effects=[effect])
        self._after_commit()

    def _effect(self, run: LiveRun, call: Call, request: Any, at: float, refusal: str | None = None) -> Effect:
        """Services are told the time in whole seconds, so that what they make of it can be remembered."""
        return Effect(call, request, run.orders, run.profile.payment_rule, refusal, at // 1)

    def _answered(self, run: LiveRun, effects: Iterable[Effect], replies: Iterable[Reply]) -> None:
        for effect, reply in zip(effects, replies, strict=True):
            call = effect.call
            if not run.late or call not in run.late:
                run.inbox.append((call, reply))

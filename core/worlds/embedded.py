"""The world of one laptop: an asyncio loop in one background thread, one writer, everything journalled first."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from core.decisions import check_control
from core.errors import DecisionRefused, Diverged, EngineBusy
from core.models import Call, ControlName, Decision, OrderRequest, Reply, Row
from core.services.effects import answer_pure, is_pure, make_request
from core.services.faults import Profile
from core.services.registry import Registry
from core.store.schema import touch
from core.store.unit import Effect
from core.store.writer import STOPPED, Batch, Writer, Written
from core.worlds.fate import fate_of
from core.worlds.live import LiveRun

log = logging.getLogger(__name__)
PROBE_S = 2.0
TIDY_S = 3600.0
LOOKUP_THREADS = 8


class Accepted(NamedTuple):
    """A run to start, and its row of `runs`."""

    run: LiveRun
    opening: tuple[Any, ...]


class EmbeddedWorld:
    """Drives every open run of a store. All of a run's state is touched on the loop's thread only.

    `load` gives the open runs of the store with their journals; `tidy` is called every hour.
    """

    def __init__(
        self,
        registry: Registry,
        max_open_runs: int,
        load: Callable[[], Iterable[tuple[LiveRun, Sequence[Row]]]],
        tidy: Callable[[], None],
    ) -> None:
        self._registry, self._max_open_runs, self._load, self._tidy = registry, max_open_runs, load, tidy
        self.runs: dict[str, LiveRun] = {}
        self.halted = ""  # why nothing is accepted now
        self._stopping = False
        self._ready: list[Batch] = []
        self._seqs: dict[str, int] = {}  # run -> committed seq, for viewers
        self._news = threading.Condition()
        self._pool = ThreadPoolExecutor(LOOKUP_THREADS, "sagalab-lookup")
        self._loop = asyncio.new_event_loop()
        self._clock_start = time.time() - time.monotonic()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sagalab-engine", daemon=True)

    def start(self, writer: Writer) -> None:
        """Begin to work; every open run of the store goes on."""
        self.writer = writer
        self._thread.start()
        self._on_loop(self._recover).result()
        self._on_loop(self._tidy_later).result()

    def stop(self) -> None:
        """Let go of the runs where they are; the next start goes on with them."""
        self._stopping, self.halted = True, STOPPED
        self._on_loop(lambda: self._drop_all(EngineBusy(STOPPED))).result()
        self.writer.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._pool.shutdown(cancel_futures=True)

    def now(self) -> float:
        """Unix seconds by a clock that never steps."""
        return self._clock_start + time.monotonic()

    # From any thread

    def accept(self, accepted: Sequence[Accepted]) -> None:
        """Start runs; they are durable when this returns. Raises EngineBusy before anything is accepted."""
        self._wait(lambda: self._accept(accepted))

    def decide(
        self, id: str, decision: Decision, profile: Profile, edited: OrderRequest | None, requests: str | None
    ) -> None:
        """Take a decision about the open question; durable when this returns. Raises DecisionRefused."""
        self._wait(lambda: self._decide(id, decision, profile, edited, requests))

    def steer(self, id: str, control: ControlName) -> None:
        """Pause, resume, cancel or retry now; durable when this returns. Raises DecisionRefused."""
        self._wait(lambda: self._steer(id, control))

    def wait(self, id: str, seq: int, timeout_s: float) -> int | None:
        """Block until the run's committed seq is past `seq` or time is up; the seq, None where it is not driven."""
        with self._news:
            self._news.wait_for(lambda: self._seqs.get(id, seq + 1) > seq, timeout_s)
            return self._seqs.get(id)

    def halt(self, error: Exception) -> None:
        """The store can't be written: accept nothing, and go on from the journal when it can."""
        self._loop.call_soon_threadsafe(self._halt, error)

    def in_flight(self, id: str) -> tuple[Call, ...]:
        """Attempts that wait for an answer now."""
        run = self.runs.get(id)
        return tuple(run.pending) if run else ()

    # From the writer's thread

    def on_commit(self, written: list[Written]) -> None:
        """A group is durable."""
        self._loop.call_soon_threadsafe(self._committed, written)

    def on_failure(self, group: list[Batch], error: Exception) -> None:
        """Batches could not be written; nothing of them stays."""
        log.error("the store could not be written: %s", error)
        if self.writer.broken:
            self.halt(error)
        else:
            self._loop.call_soon_threadsafe(self._refuse, group)

    # On the loop

    def _on_loop(self, work: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()

        def run() -> None:
            try:
                future.set_result(work())
            except Exception as error:  # handed to the thread that waits
                future.set_exception(error)

        try:
            self._loop.call_soon_threadsafe(run)
        except RuntimeError as error:  # the loop is closed
            raise EngineBusy(STOPPED) from error
        return future

    def _wait(self, work: Callable[[], list[Future[None]]]) -> None:
        for committed in self._on_loop(work).result():
            committed.result()

    def _accept(self, accepted: Sequence[Accepted]) -> list[Future[None]]:
        if self.halted:
            raise EngineBusy(self.halted)
        if len(self.runs) + len(accepted) > self._max_open_runs:
            raise EngineBusy(
                f"{len(self.runs)} runs are open and at most {self._max_open_runs} may be. Nothing was started: "
                "wait until some have ended, or raise SAGALAB_MAX_OPEN_RUNS."
            )
        for run, opening in accepted:
            self.runs[run.id] = run
            self._seqs[run.id] = 0
            self._turn(run, run.launch, opening=opening)
        if any(run.dead for run, _ in accepted):
            self._ready.clear()
            for run, _ in accepted:
                self._leave(run)
            raise EngineBusy(
                "The order can't be started: its plan fails at once. Nothing was started; the log says more."
            )
        self._flush()
        return [self._when_committed(run) for run, _ in accepted]

    def _decide(
        self, id: str, decision: Decision, profile: Profile, edited: OrderRequest | None, requests: str | None
    ) -> list[Future[None]]:
        run = self._open(id)
        if run.asking is None or run.asking[1][1:3] != (decision.step, decision.visit):
            raise DecisionRefused(id, "This question is no longer open: somebody decided it, or the run went on.")
        run.profile = profile
        if edited:
            run.orders = (*run.orders, edited)
        self._turn(run, lambda: run.take_decision(decision, self._stamp(run)), requests=requests)
        self._flush()
        return [self._when_committed(run)]

    def _steer(self, id: str, control: ControlName) -> list[Future[None]]:
        run = self._open(id)
        check_control(id, control, run.no_return, run.state, run.next_due() is not None)
        self._turn(run, lambda: run.take_control(control, self._stamp(run)))
        self._flush()
        return [self._when_committed(run)]

    def _open(self, id: str) -> LiveRun:
        if self.halted:
            raise EngineBusy(self.halted)
        run = self.runs.get(id)
        if run is None or run.result:
            raise DecisionRefused(id, "The run has ended; an ended run never changes.")
        return run

    def _when_committed(self, run: LiveRun) -> Future[None]:
        future: Future[None] = Future()
        if run.dead:  # parked in this very turn
            future.set_exception(EngineBusy(f"Run {run.id} can't go on; it is kept as it is."))
        else:
            run.waiters.append((run.seq, future))
        return future

    def _stamp(self, run: LiveRun) -> float:
        return max(self.now() + run.skew_s, run.now)

    def _turn(
        self,
        run: LiveRun,
        happens: Callable[[], None],
        opening: tuple[Any, ...] | None = None,
        requests: str | None = None,
    ) -> None:
        """Let something happen to a run, and gather what it wants written."""
        if run.dead:
            return
        try:
            run.fire_until(self._stamp(run))
            happens()
            if run.outgoing or run.inbox:
                self._settle(run)
        except Exception as error:
            log.exception("run %s can't go on", run.id)
            self._park(run, "diverged" if isinstance(error, Diverged) else "internal_error")
            return
        status, where = None, run.where()
        if where != run.written_status:
            run.written_status = where
            status = (where, None, run.profile.version, run.now if run.result else None)
        if run.entries or run.effects or opening or status or requests:
            self._ready.append(Batch(run.id, run.entries, run.effects, opening, status, requests))
            run.entries, run.effects = [], []
        self._arm(run)

    def _settle(self, run: LiveRun) -> None:
        """Send what is to be sent, take what is there already, until the run waits for something outside."""
        while True:
            if run.outgoing:
                calls, run.outgoing = run.outgoing, []
                for call in calls:
                    self._launch(run, call)
            elif run.inbox:
                call, reply = run.inbox.popleft()
                run.take_answer(call, reply, self._stamp(run))
            else:
                return

    def _park(self, run: LiveRun, code: str) -> None:
        """The run can't be driven; it stays visible, and nothing is called."""
        self._leave(run, EngineBusy(f"Run {run.id} can't go on ({code.replace('_', ' ')}); it is kept as it is."))
        self._ready.append(Batch(run.id, status=("needs_attention", code, run.profile.version, None)))

    def _leave(self, run: LiveRun, error: Exception | None = None) -> None:
        """Drive a run no more; whoever waits for it is told."""
        self.runs.pop(run.id, None)
        run.drop(error)
        with self._news:
            self._seqs.pop(run.id, None)
            self._news.notify_all()

    def _arm(self, run: LiveRun) -> None:
        due = run.next_due()
        if due == run.timer_due:
            return
        if run.timer:
            run.timer.cancel()
        run.timer_due = due
        run.timer = (
            None if due is None else self._loop.call_later(max(due - self.now() - run.skew_s, 0.0), self._wake, run)
        )

    def _wake(self, run: LiveRun) -> None:
        """The timer rang; where it rang early, the end of the turn winds it again."""
        run.timer = run.timer_due = None
        self._later(run, lambda: None)

    def _later(self, run: LiveRun, happens: Callable[[], None]) -> None:
        self._turn(run, happens)
        self._flush()

    # Attempts

    def _launch(self, run: LiveRun, call: Call) -> None:
        delay_s = 0.0 if call.direction == "close" else run.profile.latency_s(run.fault_seed, call)
        if delay_s:
            self._loop.call_later(delay_s, self._later, run, lambda: self._arrive(run, call))
        else:
            self._arrive(run, call)

    def _arrive(self, run: LiveRun, call: Call) -> None:
        """The service is reached: what the fault profile draws for this attempt decides."""
        if call not in run.pending:
            return
        pure = is_pure(self._registry, call)
        fate = fate_of(run.profile, run.fault_seed, call, self.now(), pure)
        if fate.code:
            run.inbox.append((call, Reply(fate.code)))
            return
        if not fate.heard:
            self._time_out(run, call, pure)
        if fate.late_s is not None:
            self._loop.call_later(run.profile.call_timeout_s + fate.late_s, self._happen_late, run, call)
        if fate.happens:
            self._prepare(run, call, fate.refusal)

    def _time_out(self, run: LiveRun, call: Call, pure: bool) -> None:
        """The caller hears nothing until the call timeout."""
        run.late.add(call)

        def give_up() -> None:
            run.late.discard(call)
            if call in run.pending:
                run.inbox.append((call, Reply("timeout", unknown=not pure)))

        _, since = run.pending[call]
        waited_s = self._stamp(run) - since
        self._loop.call_later(max(run.profile.call_timeout_s - waited_s, 0.0), self._later, run, give_up)

    def _happen_late(self, run: LiveRun, call: Call) -> None:
        """An attempt that nobody waits for any more reaches its service."""
        if not self.halted and not self._loop.is_closed():
            self._ready.append(
                Batch(run.id, effects=[self._effect(run, call, make_request(self._registry, call, call.params))])
            )
            self._flush()

    def _prepare(self, run: LiveRun, call: Call, refusal: str | None) -> None:
        """Any I/O of the service comes before its effect, off the loop."""
        if call.direction != "do":
            self._send(run, call, None, refusal)
            return
        service, action = self._registry.find(call.action)
        request = action.request(**dict(call.params))
        if not service.needs_io(action.name):
            self._send(run, call, service.prepare(action.name, request), refusal)
        else:
            lookup = self._loop.run_in_executor(self._pool, service.prepare, action.name, request)
            lookup.add_done_callback(
                lambda done: self._later(run, lambda: self._send(run, call, done.result(), refusal))
            )

    def _send(self, run: LiveRun, call: Call, request: Any, refusal: str | None) -> None:
        if is_pure(self._registry, call):
            run.inbox.append((call, answer_pure(self._registry, call, request, run.orders)))
        else:
            run.effects.append(self._effect(run, call, request, refusal))

    def _effect(self, run: LiveRun, call: Call, request: Any, refusal: str | None = None) -> Effect:
        return Effect(call, request, run.orders, run.profile.payment_rule, refusal, self.now())

    # Commits

    def _flush(self) -> None:
        if self._ready:
            ready, self._ready = self._ready, []
            self.writer.submit(ready)

    def _committed(self, written: list[Written]) -> None:
        seqs: dict[str, int] = {}
        ended: dict[str, None] = {}  # a late effect may share the group of its run's end
        for batch, replies in written:
            run = self.runs.get(batch.run)
            if run is None:
                continue
            if batch.entries:
                run.committed_seq = seqs[run.id] = batch.entries[-1].seq
                run.waiters = [waiter for waiter in run.waiters if not _tell(waiter, run.committed_seq)]
            if replies:
                self._turn(run, partial(self._answered, run, batch, replies))
            if run.result and run.committed_seq == run.seq:
                ended[run.id] = None
        self._flush()
        for id in ended:
            self.runs.pop(id).drop()
            self._seqs.pop(id, None)
        with self._news:
            self._seqs |= {id: seq for id, seq in seqs.items() if id in self._seqs}
            self._news.notify_all()

    def _answered(self, run: LiveRun, batch: Batch, replies: list[Reply]) -> None:
        for effect, reply in zip(batch.effects, replies, strict=True):
            if effect.call in run.pending and effect.call not in run.late:
                run.inbox.append((effect.call, reply))

    def _tidy_later(self) -> None:
        self._loop.call_later(TIDY_S, self._tidy_now)

    def _tidy_now(self) -> None:
        if not self.halted:
            self._tidy()
        self._tidy_later()

    # Starting, stopping, and a store that can't be written

    def _recover(self) -> None:
        self._clock_start = time.time() - time.monotonic()
        for run, rows in self._load():
            self.runs[run.id] = run
            try:
                run.recover(rows, self.now())
            except Exception as error:
                log.exception("run %s does not follow its journal", run.id)
                self._park(run, "diverged" if isinstance(error, Diverged) else "internal_error")
                continue
            self._seqs[run.id] = run.committed_seq
            self._turn(run, lambda: None)
        self._flush()

    def _drop_all(self, error: Exception | None = None) -> None:
        for run in self.runs.values():
            run.drop(error)
        self.runs.clear()
        self._ready.clear()
        with self._news:
            self._seqs.clear()
            self._news.notify_all()

    def _refuse(self, group: list[Batch]) -> None:
        """These batches, and not the store, are at fault: their runs stay where they are."""
        for batch in group:
            if run := self.runs.get(batch.run):
                self._park(run, "internal_error")
        self._flush()

    def _halt(self, error: Exception) -> None:
        """Nothing more is accepted; the runs are dropped and taken up again from the journal once it can be written."""
        if self.halted:
            return
        cause = getattr(error, "orig", None) or error
        self.halted = (
            f"The store can't be written now ({cause}). Nothing was started; what was accepted is kept and goes on "
            "once it can be written. Check the disk's space and permissions."
        )
        self._drop_all(EngineBusy(self.halted))
        self._loop.call_later(PROBE_S, self._probe)

    def _probe(self) -> None:
        future = self.writer.call(touch)
        future.add_done_callback(lambda done: self._loop.call_soon_threadsafe(self._probed, done.exception()))

    def _probed(self, error: BaseException | None) -> None:
        if self._stopping:
            return
        if error is None:
            self.writer.resume()
            try:
                self._recover()
            except SQLAlchemyError as unread:  # it can be written and not read
                log.error("the open runs can't be read: %s", unread)
                self._drop_all(EngineBusy(self.halted))
            else:
                self.halted = ""
                return
        self._loop.call_later(PROBE_S, self._probe)


def _tell(waiter: tuple[int, Future[None]], seq: int) -> bool:
    """Tell who waits for a seq; whether it was told."""
    if waiter[0] > seq:
        return False
    waiter[1].set_result(None)
    return True

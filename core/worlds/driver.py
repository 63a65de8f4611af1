"""Drives one run's coroutine by what happened to it, one thing at a time: the same in every world without a server.

A run takes an answer, a control or a decision, stamped; timers due by then fire first. Live that writes a
journal row; on replay the journal's rows are delivered in their order, and what the interpreter then asks
for must be what it asked for before.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Coroutine, Generator, Iterable, Sequence
from types import coroutine
from typing import Any, Literal

from core.errors import Diverged
from core.models import Call, Control, ControlName, Decision, Entry, Question, Reply, Row

ATTEMPT, SLEEP, TOGETHER, ASK = range(4)


@coroutine
def _op(kind: int, body: Any) -> Generator[tuple[int, Any], Any, Any]:
    """Hand something to the driver; come back with its value."""
    return (yield kind, body)


class Task:
    """A coroutine and, where it runs side by side with others, the task that waits for them."""

    __slots__ = ("coro", "parent", "place", "results", "waiting")

    def __init__(self, coro: Coroutine[Any, Any, Any], parent: Task | None = None, place: int = 0) -> None:
        self.coro, self.parent, self.place = coro, parent, place
        self.results: list[Any] = []
        self.waiting = 0


class Driver:
    """A run's clock, timers, attempts in flight, open question, and the journal entries not yet handed on.

    `run` is the run's id in keys. After each call of a public method, `entries` holds what is to be journalled
    and `outgoing` the attempts to make, in that order; the world takes both.
    """

    __slots__ = (
        *("run", "now", "seq", "state", "status", "no_return", "result", "entries", "outgoing", "asking", "pending"),
        *("_tokens", "_timers", "_sleeping", "_expected", "_rows_left", "_failure"),
    )

    def __init__(self, run: str, now: float) -> None:
        self.run, self.now, self.seq = run, now, 0
        self.state = Control()
        self.status = "running"
        self.no_return = ""  # 'confirmed' or 'undoing' once it is too late to cancel
        self.result: str | None = None
        self.entries: list[Entry] = []
        self.outgoing: list[Call] = []
        self.asking: tuple[Task, Question] | None = None
        self.pending: dict[Call, tuple[Task, float]] = {}  # attempt -> who waits for it, since when
        self._tokens = 0
        self._timers: list[tuple[float, int, Task]] = []
        self._sleeping: dict[Task, tuple[float, int]] = {}  # task -> due, token
        self._expected: deque[dict[str, Any]] | None = None  # events of the journal, while replaying
        self._rows_left = 0
        self._failure: dict[str, Any] | None = None  # body of the failed answer being taken

    # What the interpreter sees

    def attempt(self, call: Call) -> Any:
        return _op(ATTEMPT, call)

    def sleep(self, seconds: float) -> Any:
        return _op(SLEEP, seconds)

    def together(self, coroutines: Sequence[Any]) -> Any:
        return _op(TOGETHER, coroutines)

    def ask(self, question: Question) -> Any:
        return _op(ASK, question)

    def control(self) -> Control:
        return self.state

    def emit(self, kind: str, **body: Any) -> None:
        body["event"] = kind
        if kind == "asked":
            self.status = body["status"]
        elif kind in ("confirmed", "undoing"):
            self.no_return, self.status = kind, "running"
        if self._expected:
            if self._expected.popleft() != body:
                raise Diverged(f"event '{kind}'")
            return
        if self._rows_left:
            raise Diverged(f"event '{kind}'")
        self._write("event", body, body.get("step", ""), visit=body.get("visit", 0))

    # What happens to the run

    def begin(self, coro: Coroutine[Any, Any, Any]) -> None:
        """Start a new run."""
        self._resume(Task(coro), None)

    def take_answer(self, call: Call, reply: Reply, at: float) -> None:
        """An attempt was answered, or it is known that it was not."""
        if call not in self.pending:
            raise Diverged(f"answer of step '{call.step}'")
        task, since = self.pending.pop(call)
        at = self._advance(at)
        body: dict[str, Any] = {
            "action": call.action,
            "params": dict(call.params),
            "code": reply.code,
            "answer": reply.answer,
            "took_ms": round((at - since) * 10_000) / 10,
        }
        if reply.final:
            body["final"] = True
        if reply.unknown:
            body["unknown"] = True
        if self._expected is None:
            self._write("answer", body, call.step, call.direction, call.edition, call.visit, call.attempt)
            self._failure = body if reply.code else None
        self._resume(task, reply)
        self._failure = None

    def take_control(self, control: ControlName, at: float) -> None:
        """A person pauses, resumes, cancels, or retries now: every sleeper wakes."""
        self._advance(at)
        if self._expected is None:
            self._write("control", {"control": control})
        paused, cancelled, hurries = self.state
        self.state = {
            "pause": Control(True, cancelled, hurries),
            "resume": Control(False, cancelled, hurries),
            "cancel": Control(False, True, hurries),
            "hurry": Control(paused, cancelled, hurries + 1),
        }[control]
        sleepers, self._sleeping = self._sleeping, {}
        for task, (due, _) in sleepers.items():
            self._resume(task, max(due - self.now, 0.0))
        self._answer(None)

    def take_decision(self, decision: Decision, at: float) -> None:
        """A person decided about the open question."""
        if self.asking is None or self.asking[1].step != decision.step or self.asking[1].visit != decision.visit:
            raise Diverged(f"decision about step '{decision.step}'")
        self._advance(at)
        if self._expected is None:
            body = decision._asdict() | {"changes": dict(decision.changes)}
            self._write("decision", body, decision.step, visit=decision.visit)
        self.status = "running"
        self._answer(decision)

    def fire_until(self, at: float) -> None:
        """Let the timers fire that are due by `at`, each at its own time."""
        while self._timers and self._timers[0][0] <= at:
            due, token, task = heapq.heappop(self._timers)
            if self._sleeping.get(task, (0.0, 0))[1] == token:
                del self._sleeping[task]
                self.now = max(self.now, due)
                self._resume(task, 0.0)

    def next_due(self) -> float | None:
        """When the next timer is due (Unix seconds)."""
        while self._timers and self._sleeping.get(self._timers[0][2], (0.0, 0))[1] != self._timers[0][1]:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def where(self) -> str:
        """The run's status or outcome."""
        return self.result or ("paused" if self.state.paused else self.status)

    def replay(self, coro: Coroutine[Any, Any, Any], rows: Iterable[Row]) -> None:
        """Come to where the journal ends; `outgoing` then holds what was in flight.

        Raises Diverged when the interpreter asks for something that the journal does not hold.
        """
        rows = list(rows)
        self._expected = deque(row.body for row in rows if row.kind == "event")
        inputs = [row for row in rows if row.kind != "event"]
        self._rows_left = len(inputs)
        self.begin(coro)
        for row in inputs:
            self._rows_left -= 1
            self._deliver(row)
        if self._expected:
            raise Diverged(f"event '{self._expected[0]['event']}'")
        self.seq = rows[-1].seq if rows else 0
        self.entries = [entry._replace(seq=self.seq + i) for i, entry in enumerate(self.entries, 1)]
        self.seq += len(self.entries)
        self._expected = None
        self.outgoing = list(self.pending)

    # Inside

    def _deliver(self, row: Row) -> None:
        body = row.body
        if row.kind == "answer":
            call = Call(
                self.run,
                row.step,
                body["action"],
                row.direction,  # type: ignore[arg-type]
                row.edition,
                row.visit,
                row.attempt,
                tuple(body["params"].items()),
            )
            reply = Reply(body["code"], body["answer"], body.get("final", False), body.get("unknown", False))
            self.fire_until(row.at)
            self.take_answer(call, reply, row.at)
        elif row.kind == "control":
            self.take_control(body["control"], row.at)
        else:
            self.take_decision(Decision(**body | {"changes": tuple(body["changes"].items())}), row.at)

    def _advance(self, at: float) -> float:
        """Stamp what happens now: max(now, last stamp), after the timers due by then."""
        if self._timers:
            self.fire_until(at)
        if at > self.now:
            self.now = at
        return self.now

    def _write(
        self,
        kind: Literal["answer", "event", "control", "decision"],
        body: dict[str, Any],
        step: str = "",
        direction: str = "",
        edition: int = 0,
        visit: int = 0,
        attempt: int = 0,
    ) -> None:
        self.seq += 1
        self.entries.append(Entry(self.seq, kind, step, direction, edition, visit, attempt, self.now, body))

    def _answer(self, decision: Decision | None) -> None:
        if self.asking:
            task, self.asking = self.asking[0], None
            self._resume(task, decision)

    def _resume(self, task: Task, value: Any) -> None:
        """Run a task until it waits; when it ends, pass its result up."""
        while True:
            try:
                kind, body = task.coro.send(value)
            except StopIteration as stop:
                if task.parent is None:
                    self.result = stop.value
                    return
                parent, place = task.parent, task.place
                parent.results[place] = stop.value
                parent.waiting -= 1
                if parent.waiting:
                    return
                task, value = parent, parent.results
                continue
            if kind == ATTEMPT:
                self.pending[body] = task, self.now
                if self._expected is None:
                    self.outgoing.append(body)
            elif kind == SLEEP:
                self._sleep(task, body)
            elif kind == ASK:
                self.asking = task, body
            else:
                task.results, task.waiting = [None] * len(body), len(body)
                for place, child in enumerate(body):
                    self._resume(Task(child, task, place), None)
            return

    def _sleep(self, task: Task, seconds: float) -> None:
        self._tokens += 1
        due = self.now + seconds
        self._sleeping[task] = due, self._tokens
        if due < math.inf:
            heapq.heappush(self._timers, (due, self._tokens, task))
            if self._failure is not None:
                self._failure["next_at"] = due

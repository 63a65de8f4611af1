"""The one writer: a thread that commits in groups. Every run that waits for a commit shares it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.engine import Engine

from core.errors import EngineBusy
from core.models import Entry, Reply
from core.services.registry import Registry
from core.store import schema
from core.store.unit import Effect, Unit, statements_for

STOPPED = "Sagalab is stopping. Nothing was changed; do it again when it is back."


class Batch(NamedTuple):
    """What one run wants written, in this order: its own row, journal entries, effects, then its new status.

    opening: a row of `runs` in column order. status: (status, code, profile, ended_at). requests: JSON.
    """

    run: str
    entries: Sequence[Entry] = ()
    effects: Sequence[Effect] = ()
    opening: tuple[Any, ...] | None = None
    status: tuple[str, str | None, int, float | None] | None = None
    requests: str | None = None


class Written(NamedTuple):
    """A batch that is committed, and what its effects answered."""

    batch: Batch
    replies: list[Reply]


Job = Callable[[Connection], Any]
OnCommit = Callable[[list[Written]], None]
OnFailure = Callable[[list[Batch], Exception], None]


class Writer:
    """Takes batches from any thread; `on_commit` and `on_failure` are called on the writer's own thread.

    Where the store itself can't be written, the writer is `broken`: it writes no batch until `resume`, so nothing
    of a run is written behind what was lost. Where one batch can't be written, the others of its group are, and no
    later one of its run is.
    """

    def __init__(self, engine: Engine, registry: Registry, on_commit: OnCommit, on_failure: OnFailure) -> None:
        self._engine, self._registry = engine, registry
        self._statements = statements_for(engine.dialect)
        self._on_commit, self._on_failure = on_commit, on_failure
        self._queue: SimpleQueue[list[Batch] | tuple[Job, Future[Any]] | Literal["resume", "stop"]] = SimpleQueue()
        self.broken: Exception | None = None
        self._refused: set[str] = set()  # runs of which a batch could not be written
        self._stopping, self._lock = False, threading.Lock()  # no job is put behind the stop
        self._connection = engine.connect()
        with self._connection.begin():
            self._position = schema.last_position(self._connection)
        self._thread = threading.Thread(target=self._work, name="sagalab-writer", daemon=True)
        self._thread.start()

    def submit(self, batches: list[Batch]) -> None:
        """Have these written soon, in this order."""
        self._queue.put(batches)

    def call(self, job: Job) -> Future[Any]:
        """Have a function of the connection run in a transaction of its own; the future holds its result."""
        future: Future[Any] = Future()
        with self._lock:
            if self._stopping:
                future.set_exception(EngineBusy(STOPPED))
            else:
                self._queue.put((job, future))
        return future

    def resume(self) -> None:
        """Write again, from what is submitted after this."""
        self._queue.put("resume")

    def is_of_store(self, error: Exception) -> bool:
        """Whether the store can't be written at all: full, read-only, locked, damaged, out of reach."""
        driver = self._engine.dialect.loaded_dbapi
        cause = getattr(error, "orig", None) or error
        ours = (driver.IntegrityError, driver.DataError, driver.ProgrammingError, driver.InterfaceError)
        return isinstance(cause, driver.Error) and not isinstance(cause, ours)

    def stop(self) -> None:
        """Write what was submitted, then end."""
        with self._lock:
            self._stopping = True
            self._queue.put("stop")
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while True:
            group: list[Batch] = []
            item = self._queue.get()
            while isinstance(item, list):
                group += item
                try:
                    item = self._queue.get_nowait()
                except Empty:
                    break
            if group:
                self._write(group)
            if item == "stop":
                return
            if item == "resume":
                self.broken = None
                self._refused.clear()
            elif isinstance(item, tuple):
                self._run(*item)

    def _write(self, group: list[Batch]) -> None:
        group = [batch for batch in group if batch.run not in self._refused or not (batch.entries or batch.effects)]
        if not group:
            return
        if self.broken:
            self._on_failure(group, self.broken)
            return
        try:
            written = self._commit(group)
        except Exception as error:  # the group is rolled back; whoever waits for it is told
            if self.is_of_store(error):
                self.broken = error
                self._on_failure(group, error)
            else:
                self._write_apart(group, error)
        else:
            self._on_commit(written)

    def _write_apart(self, group: list[Batch], error: Exception) -> None:
        """Some batch is at fault: each is written for itself, and nothing of a run behind one that can't be."""
        if len(group) == 1:
            self._refused.add(group[0].run)
            self._on_failure(group, error)
            return
        for batch in group:
            self._write([batch])

    def _commit(self, group: list[Batch]) -> list[Written]:
        with self._connection.begin():
            unit = Unit(self._connection, self._statements, self._registry, self._position)
            unit.look_up(effect.call for batch in group for effect in batch.effects)
            written = []
            for batch in group:
                if batch.opening:
                    unit.add("runs", batch.opening)
                unit.journal(batch.run, batch.entries)
                written.append(Written(batch, [unit.apply(effect) for effect in batch.effects]))
                if batch.requests:
                    unit.add("requests", (batch.requests, batch.run))
                if batch.status:
                    unit.add("statuses", (*batch.status, batch.run))
            unit.flush()
        self._position = unit.position
        return written

    def _run(self, job: Job, future: Future[Any]) -> None:
        try:
            with self._connection.begin():
                result = job(self._connection)
        except Exception as error:  # handed to whoever waits for it
            future.set_exception(error)
        else:
            future.set_result(result)

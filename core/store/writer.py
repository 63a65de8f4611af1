"""The one writer: a thread that commits in groups. Every run that waits for a commit shares it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import Engine

from core.models import Entry, Reply
from core.services.registry import Registry
from core.store import schema
from core.store.unit import Effect, Statements, Unit


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
    """Takes batches from any thread; `on_commit` and `on_failure` are called on the writer's own thread."""

    def __init__(self, engine: Engine, registry: Registry, on_commit: OnCommit, on_failure: OnFailure) -> None:
        self._engine, self._registry = engine, registry
        self._statements = Statements(engine.dialect)
        self._on_commit, self._on_failure = on_commit, on_failure
        self._queue: SimpleQueue[list[Batch] | tuple[Job, Future[Any]] | None] = SimpleQueue()
        self._connection = engine.connect()
        with self._connection.begin():
            self._position = _last_position(self._connection)
        self._thread = threading.Thread(target=self._work, name="sagalab-writer", daemon=True)
        self._thread.start()

    def submit(self, batches: list[Batch]) -> None:
        """Have these written soon, in this order."""
        self._queue.put(batches)

    def call(self, job: Job) -> Future[Any]:
        """Have a function of the connection run in a transaction of its own; the future holds its result."""
        future: Future[Any] = Future()
        self._queue.put((job, future))
        return future

    def stop(self) -> None:
        """Write what was submitted, then end."""
        self._queue.put(None)
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
            if item is None:
                return
            if isinstance(item, tuple):
                self._run(*item)

    def _write(self, group: list[Batch]) -> None:
        try:
            written = self._commit(group)
        except Exception as error:  # the group is rolled back; whoever waits for it is told
            self._on_failure(group, error)
        else:
            self._on_commit(written)

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


def _last_position(connection: Connection) -> int:
    """The highest position that any row holds."""
    highest = [
        connection.execute(select(func.max(column))).scalar() or 0
        for column in (schema.journal.c.position, schema.ledger.c.position, schema.ledger.c.undone_position)
    ]
    return max(highest)

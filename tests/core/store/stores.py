"""A store with its writer for tests, and short ways to say what it is to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, event, select

from core.models import Call, Direction, Entry, Fact, OrderRequest, Reply
from core.plans import saga
from core.services.effects import make_request
from core.services.rates import RateSource
from core.services.registry import Registry, default_registry
from core.store import changes, schema
from core.store.opening import open_store
from core.store.queries import Queries
from core.store.unit import Effect
from core.store.writer import Batch, Writer, Written

NOW = 1_795_500_000.0  # Tuesday, 24 Nov 2026
REGISTRY = default_registry(RateSource(live=False, now=lambda: NOW))
ORDER = OrderRequest(customer_email="mara@keller.example", phone_number="+49 151 5550100")
WAIT_S = 20.0
PAYMENT = "payment_processing"


class Store:
    """A prepared store at a path, its writer, and what the writer told."""

    def __init__(self, path: Path, registry: Registry = REGISTRY) -> None:
        self.path = path
        self.opened = open_store(f"sqlite:///{path}")
        self.commits = 0
        event.listen(self.opened.writer, "commit", self._count)
        self._told: SimpleQueue[list[Written] | Exception] = SimpleQueue()
        self.writer = Writer(self.opened.writer, registry, self._told.put, self._failed)
        self.failed: list[list[Batch]] = []
        self.queries = Queries(self.opened.reader)
        self.job(lambda connection: changes.prepare(connection, NOW))

    def close(self) -> None:
        self.writer.stop()
        self.opened.close()

    def _count(self, connection: Connection) -> None:
        self.commits += 1

    def _failed(self, group: list[Batch], error: Exception) -> None:
        self.failed.append(group)
        self._told.put(error)

    def job(self, job: Callable[[Connection], Any]) -> Any:
        return self.writer.call(job).result(WAIT_S)

    def told(self) -> list[Written]:
        """What is committed next. Raises what kept it from being committed."""
        told = self._told.get(timeout=WAIT_S)
        if isinstance(told, Exception):
            raise told
        return told

    def write(self, *batches: Batch) -> list[Written]:
        """Write one group and wait for it."""
        self.writer.submit(list(batches))
        return self.told()

    def do(self, *effects: Effect) -> list[Reply]:
        """Let effects happen in one group, each in a batch of its own; their answers."""
        written = self.write(*[Batch(effect.call.run, effects=[effect]) for effect in effects])
        return [reply for _, replies in written for reply in replies]

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """A table's rows in the order of its key, or only some of their columns."""
        table = schema.metadata.tables[name]
        wanted = [table.c[column] for column in columns] or list(table.c)
        with self.opened.reader.connect() as connection:
            return [tuple(row) for row in connection.execute(select(*wanted).order_by(*table.primary_key))]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables."""
        return {name: self.rows(name) for name in schema.metadata.tables}

    def balance(self, wallet: str = "team") -> int:
        return dict(self.rows("wallets", "name", "minor"))[wallet]

    def rule(self) -> tuple[int, int, int]:
        """The payment rule's state: since, length, cycle."""
        return next(row[2:] for row in self.rows("payment_rule") if row[0] == "")

    def open_run(self, id: str, created_at: float = NOW, **changes: Any) -> Batch:
        """A batch that makes the row of a run, so that it can be journalled."""
        self.job(lambda connection: keep_plan(connection))
        row = {
            "id": id,
            "keys": id,
            "parent": None,
            "plan": "digest",
            "plan_name": "saga",
            "profile": 1,
            "fault_seed": "f" * 16,
            "requests": "[{}]",
            "title": f"order {id}",
            "text": "",
            "channel": "B2C",
            "status": "running",
            "code": None,
            "created_at": created_at,
            "ended_at": None,
        }
        return Batch(id, opening=tuple((row | changes).values()))


def keep_plan(connection: Connection) -> None:
    changes.keep_plan(connection, "digest", saga(ORDER).model_dump_json())


def effect(
    action: str,
    params: dict[str, Fact] | None = None,
    *,
    run: str = "r1",
    step: str = "",
    direction: Direction = "do",
    edition: int = 1,
    visit: int = 1,
    attempt: int = 1,
    rule_on: bool = True,
    refusal: str | None = None,
    order: OrderRequest = ORDER,
    now: float = NOW,
    rate: str | None = None,
) -> Effect:
    """A call that is to take effect; its step is named after the action."""
    step = step or action.partition(".")[2]
    call = Call(run, step, action, direction, edition, visit, attempt, tuple((params or {}).items()))
    request = make_request(REGISTRY, call, call.params)
    if rate is not None:
        request = request.model_copy(update={"rate": Decimal(rate), "rate_source": "live_api"})
    return Effect(call, request, (order,), rule_on, refusal, now)


def undo(action: str, done: Effect, direction: Direction = "undo") -> Effect:
    """What undoes an effect, or closes its key."""
    call = done.call._replace(action=f"{done.call.service}.{action}", direction=direction, params=())
    return done._replace(call=call, request=None)


def close(done: Effect) -> Effect:
    return done._replace(call=done.call._replace(direction="close"), request=None)


def charge(minor: int = 1000, currency: str = "USD", **where: Any) -> Effect:
    return effect(f"{PAYMENT}.charge", {"pay_currency": currency, "quote_minor": minor}, **where)


def debit(minor: int = 1000, wallet: str = "team", currency: str = "USD", **where: Any) -> Effect:
    params: dict[str, Fact] = {"wallet": wallet, "pay_currency": currency, "amount_minor": minor}
    return effect(f"{PAYMENT}.debit_wallet", params, **where)


def credit(minor: int = 1000, wallet: str = "team", currency: str = "USD", **where: Any) -> Effect:
    params: dict[str, Fact] = {"wallet": wallet, "pay_currency": currency, "amount_minor": minor}
    return effect(f"{PAYMENT}.credit_wallet", params, **where)


def event_entry(seq: int, name: str = "started", at: float = NOW, **body: Any) -> Entry:
    return Entry(seq, "event", "", "", 0, 0, 0, at, {"event": name, **body})


def answer_entry(seq: int, code: str | None = None, at: float = NOW, action: str = "order_creation.create") -> Entry:
    body = {"action": action, "params": {}, "code": code, "answer": {}, "took_ms": 12.0}
    return Entry(seq, "answer", "create", "do", 1, 1, 1, at, body)


def codes(replies: Iterable[Reply]) -> list[str | None]:
    return [reply.code for reply in replies]

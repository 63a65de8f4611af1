"""What journal and ledger hold, as plain data: what the checker judges, whichever store it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic_core import from_json
from sqlalchemy import Connection, Select, Table, select

from core.errors import SagalabError
from core.metrics import RollupRow
from core.models import OrderRequest, Plan, Row
from core.record import parse_orders, parse_plan
from core.services.base import PaymentRule
from core.store import schema
from core.store.formats import read_row

CHUNK = 2000  # rows fetched at once
RUN_COLUMNS = ("id", "keys", "parent", "requests", "status", "code", "created_at", "ended_at")
T = TypeVar("T")


class BookedRun(NamedTuple):
    """A run as accepted, and as it stands now. `keys` is the run id in idempotency keys: another's for a repair.

    plan None: written by another version and not readable by this one. Times are Unix seconds.
    """

    id: str
    keys: str
    parent: str | None
    plan: Plan | None
    orders: tuple[OrderRequest, ...]
    status: str
    code: str | None
    created_at: float
    ended_at: float | None


class Booked(NamedTuple):
    """One ledger row: an effect (state done, undone) or a closed key (void). `run` is that of the key."""

    service: str
    key: str
    run: str
    action: str
    state: str
    params: dict[str, Any]
    answer: dict[str, Any]
    position: int
    undone_position: int | None


class Posting(NamedTuple):
    """One line of the double entry, at the position of its effect or of its undo.

    `run`, `service` and `key` are '' for money from outside a run (opening balances, top-ups): such a line comes
    after the row of its position.
    """

    position: int
    run: str
    service: str
    key: str
    account: str
    currency: str
    minor: int


class Sent(NamedTuple):
    """One message of the outbox. position None: that of the ledger row with its key stands for it."""

    position: int | None
    run: str
    key: str
    channel: str
    kind: str
    recipient: str
    subject: str
    body: str
    at: float


class Declined(NamedTuple):
    """One decline of the payment rule, and the state of the rule that it met."""

    key: str
    visit: int
    since: int
    length: int
    cycle: int


class Books(NamedTuple):
    """Everything at one moment. Journal, ledger and postings are in the order of their positions.

    wallets: name -> currency, minor units. rule: the payment rule's present state. rollup: as `Tally.rows` gives it.
    position: the highest that any row holds. The iterables may be read again.
    """

    runs: Iterable[BookedRun]
    journal: Iterable[Row]
    ledger: Iterable[Booked]
    postings: Iterable[Posting]
    outbox: Iterable[Sent]
    declines: Iterable[Declined]
    wallets: dict[str, tuple[str, int]]
    rule: PaymentRule
    rollup: Iterable[RollupRow]
    position: int


class _Table(Generic[T]):
    """The rows of a statement, fetched as they are asked for."""

    def __init__(self, connection: Connection, statement: Select[Any], make: Callable[..., T]) -> None:
        self._connection, self._statement, self._make = connection, statement, make

    def __iter__(self) -> Iterator[T]:
        make = self._make
        for row in self._connection.execute(self._statement, execution_options={"yield_per": CHUNK}):
            yield make(*row)


def read_books(connection: Connection) -> Books:
    """The books of a SQL store as they stand now; they are read from the connection when they are iterated.

    `connection` must be fresh: all is read in one transaction of it, so what is written meanwhile is not seen.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("begin")
    else:
        connection.exec_driver_sql("set transaction isolation level repeatable read, read only")
    run, posting, rule, wallet = schema.runs.c, schema.postings.c, schema.payment_rule.c, schema.wallets.c
    plans = _select(schema.runs, *RUN_COLUMNS).add_columns(schema.plans.c.body).join(schema.plans)
    rules = select(rule.since, rule.length, rule.cycle).where(rule.key == "")
    wallets = connection.execute(select(wallet.name, wallet.currency, wallet.minor).order_by(wallet.name))
    return Books(
        runs=_Table(connection, plans.order_by(run.created_at, run.id), _run),
        journal=_Table(connection, _select(schema.journal, *Row._fields).order_by(schema.journal.c.position), read_row),
        ledger=_Table(connection, _select(schema.ledger, *Booked._fields).order_by(schema.ledger.c.position), _booked),
        postings=_Table(
            connection, _select(schema.postings, *Posting._fields).order_by(posting.position, posting.id), Posting
        ),
        outbox=_Table(connection, _select(schema.outbox, *Sent._fields[1:]).order_by(schema.outbox.c.id), _sent),
        declines=_Table(
            connection,
            _select(schema.payment_rule, *Declined._fields).where(rule.key != "").order_by(rule.cycle),
            Declined,
        ),
        wallets={name: (currency, minor) for name, currency, minor in wallets},
        rule=PaymentRule(*connection.execute(rules).one()),
        rollup=_Table(connection, select(schema.rollup), RollupRow),
        position=schema.last_position(connection),
    )


def _select(table: Table, *names: str) -> Select[Any]:
    return select(*[table.c[name] for name in names])


@lru_cache(maxsize=256)
def _plan(body: str) -> Plan | None:
    try:
        return parse_plan(body)
    except SagalabError:
        return None


@lru_cache(maxsize=256)
def _orders(body: str) -> tuple[OrderRequest, ...]:
    try:
        return tuple(parse_orders(body))
    except SagalabError:
        return ()


def _run(
    id: str,
    keys: str,
    parent: str | None,
    requests: str,
    status: str,
    code: str | None,
    created_at: float,
    ended_at: float | None,
    plan: str,
) -> BookedRun:
    orders = _orders(requests)
    readable = _plan(plan) if orders else None
    return BookedRun(id, keys, parent, readable, orders, status, code, created_at, ended_at)


def _booked(service: str, key: str, run: str, action: str, state: str, params: str, answer: str, *at: Any) -> Booked:
    return Booked(service, key, run, action, state, from_json(params), from_json(answer), *at)


def _sent(*columns: Any) -> Sent:
    return Sent(None, *columns)

"""The tables, what they refuse, how an older store comes to the present version, and that none of it needs SQLite."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Dialect, create_engine, insert, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from core.bootstrap import build_engine
from core.errors import StoreCorrupt, StoreError, StoreTooNew
from core.models import Item, OrderRequest, Step
from core.saved import SavedOrder
from core.services.faults import PRESETS
from core.services.payment_processing import wallet_account
from core.services.rates import RateSource
from core.services.registry import UNAVAILABLE, default_registry
from core.settings import Settings
from core.store import opening, schema
from core.store.hot import Hot
from core.store.opening import open_for_reading, open_store
from core.store.schema import MIGRATIONS, VERSION, bring_up_to_date, find_version, metadata, touch
from core.store.unit import Statements

FIRST = Path(__file__).with_name("version_1.sql")  # every table, with the rows of two runs
SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.psycopg.dialect()


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        bring_up_to_date(connection, "memory")
        yield connection
    engine.dispose()


# Versions


def add_column(connection: Connection) -> None:
    connection.execute(text("alter table wallets add column note text not null default 'none'"))


def fill_column(connection: Connection) -> None:
    connection.execute(text("update wallets set note = name"))


def fail_halfway(connection: Connection) -> None:
    add_column(connection)
    connection.execute(text("delete from wallets"))
    raise ZeroDivisionError


LATER = {VERSION: add_column, VERSION + 1: fill_column}


@pytest.fixture
def older(tmp_path) -> Path:
    """A store of the present version with one wallet, closed."""
    path = tmp_path / "store.db"
    opened = open_store(f"sqlite:///{path}")
    with opened.writer.begin() as connection:
        connection.execute(insert(schema.wallets).values(name="team", currency="USD", minor=5))
    opened.close()
    return path


def rows_of(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_every_version_before_the_present_one_has_a_migration():
    assert sorted(MIGRATIONS) == list(range(1, VERSION))


def test_an_older_store_is_brought_forward_version_by_version_and_keeps_what_it_holds(older, monkeypatch):
    forward = partial(bring_up_to_date, version=VERSION + 2, migrations=LATER)
    monkeypatch.setattr(opening, "bring_up_to_date", forward)
    opened = open_store(f"sqlite:///{older}")
    opened.close()
    assert not opened.is_new
    assert rows_of(older, "select name, currency, minor, note from wallets") == [("team", "USD", 5, "team")]
    assert rows_of(older, "select value from meta where name = 'schema_version'") == [(str(VERSION + 2),)]
    never = dict.fromkeys(LATER, fail_halfway)
    monkeypatch.setattr(opening, "bring_up_to_date", partial(forward, migrations=never))
    with pytest.raises(StoreTooNew):  # the look before the writing knows only what this version knows
        open_store(f"sqlite:///{older}")


def test_only_the_migrations_that_a_store_lacks_are_run(older, monkeypatch):
    partway = partial(bring_up_to_date, version=VERSION + 1, migrations={VERSION: add_column})
    monkeypatch.setattr(opening, "bring_up_to_date", partway)
    open_store(f"sqlite:///{older}").close()
    all_the_way = partial(bring_up_to_date, version=VERSION + 2, migrations={**LATER, VERSION: fail_halfway})
    monkeypatch.setattr(opening, "bring_up_to_date", all_the_way)
    monkeypatch.setattr(opening, "find_version", partial(find_version, version=VERSION + 2))
    open_store(f"sqlite:///{older}").close()
    assert rows_of(older, "select note from wallets") == [("team",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was_and_free(older, monkeypatch):
    before = older.read_bytes()
    failing = partial(bring_up_to_date, version=VERSION + 1, migrations={VERSION: fail_halfway})
    monkeypatch.setattr(opening, "bring_up_to_date", failing)
    with pytest.raises(ZeroDivisionError):
        open_store(f"sqlite:///{older}")
    assert older.read_bytes() == before
    monkeypatch.undo()
    open_store(f"sqlite:///{older}").close()
    assert rows_of(older, "select minor from wallets") == [(5,)]


# The first version


@pytest.fixture
def first(tmp_path) -> Path:
    """A store as version 1 left it: a run that was confirmed, and one that waits for somebody."""
    path = tmp_path / "first.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    return path


def shape(path: Path) -> dict[str, Any]:
    """Columns, keys and indexes of every table."""
    engine = create_engine(f"sqlite:///{path}")
    inspector = inspect(engine)
    asked = (inspector.get_columns, inspector.get_pk_constraint, inspector.get_foreign_keys, inspector.get_indexes)
    found = {
        name: [str(sorted(rows, key=str) if isinstance(rows := ask(name), list) else rows) for ask in asked]
        for name in inspector.get_table_names()
    }
    engine.dispose()
    return found


def rows_by_table(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    names = [name for (name,) in rows_of(path, "select name from sqlite_schema where type = 'table'")]
    return {name: sorted(rows_of(path, f"select * from {name}"), key=str) for name in names}


def test_a_store_of_the_first_version_is_migrated_and_loses_nothing(first, older):
    before = rows_by_table(first)
    assert len(before["runs"]) == 2 and "saved" not in before
    opened = open_store(f"sqlite:///{first}")
    opened.close()
    assert not opened.is_new
    after = rows_by_table(first)
    assert after.pop("saved") == []
    assert after.pop("meta") == [("schema_version", str(VERSION))]
    assert after == {name: rows for name, rows in before.items() if name != "meta"}
    assert shape(first) == shape(older)


def test_a_store_of_the_first_version_goes_on_where_it_was(first):
    engine = build_engine(Settings(database_url=f"sqlite:///{first.as_posix()}", live_rates=False))
    try:
        waiting, confirmed = engine.runs()
        assert (waiting.status, confirmed.status) == ("needs_attention", "confirmed")
        assert engine.run(confirmed.id).money.balanced
        engine.save_profile(PRESETS["calm"].model_copy(update={"latency_ms": 0}))
        engine.decide(waiting.id, "ship", 1, "retry")
        view = engine.run(waiting.id)
        while view.live:
            engine.wait(waiting.id, view.seq, 10)
            view = engine.run(waiting.id)
        assert view.row.status == "confirmed"
        assert view.money.balanced
        engine.save_order("Again", view.row.text, view.request)
        assert [order.name for order in engine.saved_orders()] == ["Again"]
        assert not engine.audit().violations
    finally:
        engine.stop()


def test_reading_does_not_migrate(first):
    before = first.read_bytes()
    with pytest.raises(StoreError, match=r"older Sagalab \(schema 1\). Start Sagalab on it once"):
        open_for_reading(f"sqlite:///{first}")
    assert first.read_bytes() == before


def test_a_store_that_lacks_a_table_of_its_version_is_none_of_ours(first, older):
    for path, table in ((first, "outbox"), (older, "saved")):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"drop table {table}")
        with pytest.raises(StoreCorrupt, match="not one of Sagalab's"):
            open_store(f"sqlite:///{path}")


def test_a_database_without_tables_has_no_version_and_then_the_present_one():
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        assert find_version(connection, "memory") is None
        assert inspect(connection).get_table_names() == []
        assert bring_up_to_date(connection, "memory") is True
        assert find_version(connection, "memory") == VERSION
        assert bring_up_to_date(connection, "memory") is False
    engine.dispose()


def test_touching_a_store_changes_nothing(connection):
    before = connection.execute(select(schema.meta)).all()
    touch(connection)
    assert connection.execute(select(schema.meta)).all() == before


# What the tables refuse


def run_row(**changes: Any) -> dict[str, Any]:
    row = dict.fromkeys((column.name for column in schema.runs.columns if not column.nullable), "x")
    return row | {"profile": 1, "created_at": 1.0} | changes


def journal_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": 1,
        "run": "x",
        "seq": 1,
        "format": 1,
        "kind": "event",
        "step": "",
        "direction": "",
    }
    return row | {"edition": 0, "visit": 0, "attempt": 0, "at": 1.0, "body": "{}"} | changes


def ledger_row(**changes: Any) -> dict[str, Any]:
    row = {"service": "s", "key": "k", "run": "x", "action": "s.a", "state": "done", "params": "{}", "answer": "{}"}
    return row | {"position": 1} | changes


REFUSED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "wallet below zero": [("wallets", {"name": "a", "currency": "USD", "minor": -1})],
    "unknown state": [("ledger", ledger_row(state="maybe"))],
    "key twice": [("ledger", ledger_row()), ("ledger", ledger_row(state="void", position=2))],
    "run twice": [("runs", run_row()), ("runs", run_row())],
    "seq twice": [("journal", journal_row()), ("journal", journal_row(position=2))],
    "position twice": [("journal", journal_row()), ("journal", journal_row(seq=2))],
    "decline twice": [("payment_rule", {"key": "k", "visit": 1, "since": 3, "length": 3, "cycle": 0})] * 2,
    "profile version twice": [("profiles", {"version": 1, "name": "a", "at": 1.0, "body": "{}"})] * 2,
    "wallet twice": [("wallets", {"name": "a", "currency": "USD", "minor": 0})] * 2,
    "amount without currency": [
        (
            "postings",
            {"position": 1, "run": "", "service": "", "key": "", "account": "card", "currency": None, "minor": 1},
        )
    ],
}


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
def test_the_last_of_these_rows_is_refused(connection, rows):
    *allowed, refused = rows
    for table, row in allowed:
        connection.execute(insert(metadata.tables[table]).values(row))
    table, row = refused
    with pytest.raises(IntegrityError):
        connection.execute(insert(metadata.tables[table]).values(row))


def test_the_same_key_may_stand_in_two_services(connection):
    connection.execute(insert(schema.ledger), [ledger_row(), ledger_row(service="other", position=2)])
    assert len(connection.execute(select(schema.ledger)).all()) == 2


# Nothing ties it to SQLite


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_can_be_made_on_postgresql(table):
    made = [str(CreateTable(table).compile(dialect=POSTGRESQL))]
    made += [str(CreateIndex(index).compile(dialect=POSTGRESQL)) for index in table.indexes]
    assert f"CREATE TABLE {table.name} " in made[0]
    assert "ROWID" not in "".join(made)
    assert ("BIGSERIAL" in made[0]) == (table.name in ("postings", "outbox"))


def hot_statements(dialect: Dialect) -> dict[str, Hot]:
    """Every hot statement, the look-ups of each size too."""
    found: dict[str, Hot] = {}

    def gather(name: str, value: Any) -> None:
        if isinstance(value, Hot):
            found[name] = value
        elif isinstance(value, dict):
            for key, one in value.items():
                gather(f"{name}.{key}", one)
        else:
            gather(name, vars(value))

    gather("", vars(Statements(dialect)))
    return found


@pytest.mark.parametrize(("name", "hot"), hot_statements(POSTGRESQL).items())
def test_every_hot_statement_has_the_places_that_postgresql_wants(name, hot):
    assert sorted(re.findall(r"%\((\w+)\)s", hot.sql)) == sorted(hot.names)
    assert "?" not in hot.sql


def test_postgresql_and_sqlite_have_the_same_hot_statements_with_the_same_values():
    ours, theirs = hot_statements(SQLITE), hot_statements(POSTGRESQL)
    assert {name: hot.names for name, hot in ours.items()} == {name: hot.names for name, hot in theirs.items()}
    assert len(ours) > 10
    assert all(hot.sql.count("?") == len(hot.names) for hot in ours.values())


def longest_email() -> str:
    return f"{'n' * 64}@{'d' * 180}.{'t' * 24}"


STEP = Step(id="s" * 40, action="order_creation.book", title="Longest").id
WIDEST: dict[str, Callable[[], str]] = {  # what SQLite would keep anyway and PostgreSQL refuses
    "journal.step": lambda: max(f"alert.email.{STEP}", f"{STEP}/notice", f"ticket.{STEP}", key=len),
    "ledger.key": lambda: f"r_{'z' * 20}/alert.email.{STEP}/10000",
    "payment_rule.key": lambda: f"r_{'z' * 20}/{STEP}/10000",
    "outbox.key": lambda: f"r_{'z' * 20}/alert.email.{STEP}/10000",
    "outbox.recipient": lambda: OrderRequest(customer_email=longest_email()).customer_email or "",
    "postings.account": lambda: wallet_account(OrderRequest(wallet="w" * 120).wallet or ""),
    "saved.key": lambda: SavedOrder(name="\u0390" * 60, request=OrderRequest()).key,
    "saved.name": lambda: SavedOrder(name="n" * 60, request=OrderRequest()).name,
    "saved.title": lambda: OrderRequest(items=(Item(name="i" * 120, quantity=999_999),) * 9).title(),
    "runs.title": lambda: OrderRequest(items=(Item(name="i" * 120, quantity=999_999),) * 9).title(),
    "rollup.code": lambda: max((*UNAVAILABLE, "internal_error"), key=len),
}


@pytest.mark.parametrize("column", WIDEST)
def test_the_longest_value_fits_its_column(column):
    table, name = column.split(".")
    length = metadata.tables[table].columns[name].type.length
    assert len(WIDEST[column]()) <= length


def test_the_names_of_services_actions_and_reasons_fit_their_columns():
    columns = schema.rollup.columns
    for service in default_registry(RateSource(live=False)).services.values():
        assert len(service.name) <= columns.service.type.length
        assert all(len(name) <= columns.action.type.length for name in (*service.actions, *service.undos))
        assert all(
            len(f"{service.name}.{name}") <= schema.ledger.columns.action.type.length for name in service.actions
        )
        assert all(len(code) <= columns.code.type.length for code in service.reasons)

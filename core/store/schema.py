"""The tables, and how an older store comes to the present version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from core.errors import StoreCorrupt, StoreTooNew

VERSION = 2
FORMAT = 1  # of journal rows

metadata = MetaData()

meta = Table(
    "meta", metadata, Column("name", String(40), primary_key=True), Column("value", String(80), nullable=False)
)

plans = Table("plans", metadata, Column("digest", String(32), primary_key=True), Column("body", Text, nullable=False))

profiles = Table(
    "profiles",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String(60), nullable=False),
    Column("at", Float, nullable=False),
    Column("body", Text, nullable=False),
)

# `requests` is a JSON list: the request as started, then one entry per edit of it. Contact data live only here and
# in the outbox. `keys` is the run id that stands in idempotency keys. `fault_seed` is hexadecimal: it has 64 bits.
runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("keys", String(40), nullable=False),
    Column("parent", ForeignKey("runs.id"), index=True),
    Column("plan", ForeignKey("plans.digest"), nullable=False),
    Column("plan_name", String(120), nullable=False),
    Column("profile", ForeignKey("profiles.version"), nullable=False),
    Column("fault_seed", String(16), nullable=False),
    Column("requests", Text, nullable=False),
    Column("title", String(400), nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", String(12), nullable=False),
    Column("status", String(24), nullable=False, index=True),
    Column("code", String(40)),
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
    sqlite_with_rowid=False,
)

journal = Table(
    "journal",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("format", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("step", String(60), nullable=False),
    Column("direction", String(6), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("body", Text, nullable=False),
    Index("journal_run_seq", "run", "seq", unique=True),
)

# `position` is that of the effect or void, `undone_position` that of its undo.
ledger = Table(
    "ledger",
    metadata,
    Column("service", String(40), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("run", String(40), nullable=False, index=True),
    Column("action", String(80), nullable=False),
    Column("state", String(8), nullable=False),
    Column("params", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("undone_position", BigInteger),
    CheckConstraint("state in ('done', 'undone', 'void')", name="ledger_state"),
    sqlite_with_rowid=False,
)

# Double entry. `run` and `key` are '' for money that comes from outside a run (a top-up).
postings = Table(
    "postings",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("run", String(40), nullable=False, index=True),
    Column("service", String(40), nullable=False),
    Column("key", String(120), nullable=False),
    Column("account", String(140), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
)

wallets = Table(
    "wallets",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    CheckConstraint("minor >= 0", name="wallet_not_negative"),
)

# The row with key '' is the rule's state; the others are declines, by key and visit, with the state that each met.
payment_rule = Table(
    "payment_rule",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("visit", Integer, primary_key=True),
    Column("since", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
)

rollup = Table(
    "rollup",
    metadata,
    Column("grain", String(6), primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("service", String(40), primary_key=True),
    Column("action", String(40), primary_key=True),
    Column("result", String(24), primary_key=True),
    Column("code", String(40), primary_key=True),
    Column("bin", Integer, primary_key=True),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

rates = Table(
    "rates",
    metadata,
    Column("base", String(3), primary_key=True),
    Column("date", String(40), nullable=False),
    Column("fetched_at", Float, nullable=False),
    Column("body", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("run", String(40), nullable=False, index=True),
    Column("key", String(120), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Float, nullable=False),
)

# Orders kept under a name. `key` is the name as names are compared: two that differ only in case are one.
saved = Table(
    "saved",
    metadata,
    Column("key", String(180), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("at", Float, nullable=False),
    Column("title", String(400), nullable=False),
    Column("plan", String(20), nullable=False),
    Column("body", Text, nullable=False),
)

NOT_OURS = "but not one of Sagalab's. It was left as it is: move it away, or name another file in SAGALAB_DATABASE_URL."
SINCE = {"saved": 2}  # table -> the version that brought it; the others were there from the first
ADD_SAVED = """
create table saved (
    "key" varchar(180) not null primary key, name varchar(60) not null, at float not null, title varchar(400) not null,
    "plan" varchar(20) not null, body text not null
)
"""


def _add_saved(connection: Connection) -> None:
    connection.execute(text(ADD_SAVED))


# A migration keeps the words of its time: the tables above go on changing, what it makes does not.
Migration = Callable[[Connection], None]
MIGRATIONS: dict[int, Migration] = {1: _add_saved}  # version -> what brings a store of that version to the next


def find_version(connection: Connection, path: str, version: int = VERSION) -> int | None:
    """The schema version of a store; None for a database without tables. Changes nothing.

    Raises StoreTooNew for a newer store, StoreCorrupt for a database that is none of ours.
    """
    inspector = inspect(connection)
    found = set(inspector.get_table_names())
    if not found:
        return None
    ours = "meta" in found and {"name", "value"} <= {column["name"] for column in inspector.get_columns("meta")}
    value = connection.execute(select(meta.c.value).where(meta.c.name == "schema_version")).scalar() if ours else None
    if value is None:
        raise StoreCorrupt(path, f"{path} is a database, {NOT_OURS}")
    if not re.fullmatch("[1-9][0-9]{0,8}", str(value)):
        raise StoreCorrupt(
            path,
            f"{path} names no schema version that can be read. It was left as it is: restore a "
            "copy of it, or name another file in SAGALAB_DATABASE_URL.",
        )
    if int(value) > version:
        raise StoreTooNew(
            path,
            f"{path} was written by a newer Sagalab (schema {value}, this one knows {version}). "
            "Update Sagalab, or name another file in SAGALAB_DATABASE_URL.",
        )
    if not found >= {table for table in metadata.tables if SINCE.get(table, 1) <= int(value)}:
        raise StoreCorrupt(path, f"{path} is a database, {NOT_OURS}")
    return int(value)


def bring_up_to_date(
    connection: Connection, path: str, version: int = VERSION, migrations: Mapping[int, Migration] = MIGRATIONS
) -> bool:
    """Create the tables in an empty database, or migrate an older store. True where the store is new.

    Raises as `find_version` does.
    """
    stored = find_version(connection, path, version)
    if stored is None:
        metadata.create_all(connection)
        connection.execute(insert(meta).values(name="schema_version", value=str(version)))
        return True
    for old in range(stored, version):
        migrations[old](connection)
        connection.execute(update(meta).where(meta.c.name == "schema_version").values(value=str(old + 1)))
    return False


def last_position(connection: Connection) -> int:
    """The highest position that any row of journal or ledger holds, 0 where there is none."""
    columns = journal.c.position, ledger.c.position, ledger.c.undone_position
    return max(connection.execute(select(func.max(column))).scalar() or 0 for column in columns)


def touch(connection: Connection) -> None:
    """A write that changes nothing: it fails where the store can't be written."""
    connection.execute(update(meta).where(meta.c.name == "schema_version").values(value=meta.c.value))

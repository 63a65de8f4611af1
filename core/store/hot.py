"""Hot statements: built with SQLAlchemy Core, compiled once, sent to the driver as tuples for a whole group."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from core.store import schema

UPSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Hot:
    """One statement for many rows. `names` is the order in which the values of a row come."""

    def __init__(self, statement: ClauseElement, names: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql, self.names = str(compiled), tuple(names)
        place = {name: i for i, name in enumerate(self.names)}
        order = getattr(compiled, "positiontup", None)
        self.places = [place[name] for name in order] if order else None
        self.straight = self.places == list(range(len(self.names)))

    def run(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Send the rows; none: nothing happens."""
        rows = list(rows)
        if not rows:
            return
        if self.places is None:
            connection.exec_driver_sql(self.sql, [dict(zip(self.names, row, strict=True)) for row in rows])
        elif self.straight:
            connection.exec_driver_sql(self.sql, rows)
        else:
            connection.exec_driver_sql(self.sql, [tuple([row[i] for i in self.places]) for row in rows])


def inserting(table: Table, dialect: Dialect, skip: Sequence[str] = ()) -> Hot:
    """Insert whole rows, values in the order of the table's columns."""
    names = [column.name for column in table.columns if column.name not in skip]
    return Hot(insert(table).values({name: bindparam(name) for name in names}), names, dialect)


def changing(table: Table, dialect: Dialect, where: Sequence[str], values: Sequence[str]) -> Hot:
    """Update columns of rows found by others; the values come first."""
    statement = update(table).values({name: bindparam(f"new_{name}") for name in values})
    for name in where:
        statement = statement.where(table.c[name] == bindparam(f"old_{name}"))
    return Hot(statement, [f"new_{name}" for name in values] + [f"old_{name}" for name in where], dialect)


def adding(dialect: Dialect) -> Hot:
    """Add counts to the rollup."""
    table = schema.rollup
    names = [column.name for column in table.columns]
    statement = UPSERTS[dialect.name](table).values({name: bindparam(name) for name in names})
    keys = [column.name for column in table.primary_key]
    counted = statement.on_conflict_do_update(index_elements=keys, set_={"n": table.c.n + statement.excluded.n})
    return Hot(counted, names, dialect)

"""Hot statements: built with SQLAlchemy Core, compiled once, sent to the driver as tuples for a whole group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from core.store import schema

UPSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
SIZES = (1, 10, 100, 500)  # of the key lists that look-ups are compiled for
Values = tuple[Any, ...]


class Hot:
    """One statement. `names` is the order in which the values of a row come; a cursor is the driver's own."""

    def __init__(self, statement: ClauseElement, names: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql, self.names = str(compiled), tuple(names)
        order = getattr(compiled, "positiontup", None)
        self.places = [self.names.index(name) for name in order] if order else None
        self.straight = self.places == list(range(len(self.names)))

    def run(self, cursor: Any, rows: Sequence[Values]) -> None:
        """Send the rows; none: nothing happens."""
        if rows:
            cursor.executemany(self.sql, rows if self.straight else [self._arrange(row) for row in rows])

    def fetch(self, cursor: Any, row: Values) -> list[Values]:
        """Send one row of values and have all that it finds."""
        cursor.execute(self.sql, row if self.straight else self._arrange(row))
        found: list[Values] = cursor.fetchall()
        return found

    def _arrange(self, row: Values) -> Values | dict[str, Any]:
        if self.places is None:
            return dict(zip(self.names, row, strict=True))
        return tuple([row[place] for place in self.places])


class LookUp:
    """Rows by a list of keys, in a few statements of fixed sizes; the last key fills a list up.

    `make` gives the select without its keys; `first` names the values that come before them.
    """

    def __init__(
        self, make: Callable[[], Select[Any]], key: ColumnElement[str], first: Sequence[str], dialect: Dialect
    ) -> None:
        self._by_size = {}
        for size in SIZES:
            names = [f"key_{i}" for i in range(size)]
            statement = make().where(key.in_([bindparam(name) for name in names]))
            self._by_size[size] = Hot(statement, [*first, *names], dialect)

    def fetch(self, cursor: Any, first: Values, keys: Sequence[str]) -> list[Values]:
        """All rows of these keys."""
        found: list[Values] = []
        for start in range(0, len(keys), SIZES[-1]):
            chunk = keys[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(chunk))
            found += self._by_size[size].fetch(cursor, (*first, *chunk, *[chunk[-1]] * (size - len(chunk))))
        return found


def inserting(table: Table, dialect: Dialect, skip: Sequence[str] = ()) -> Hot:
    """Insert whole rows, values in the order of the table's columns."""
    names = [column.name for column in table.columns if column.name not in skip]
    return Hot(insert(table).inline().values({name: bindparam(name) for name in names}), names, dialect)


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

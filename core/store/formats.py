"""Journal rows as they are read: those of an older format come to the present one on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from core.models import Row

Upgrader = Callable[[Row], Row]
UPGRADERS: dict[int, Upgrader] = {}  # format -> what brings a row of that format to the next


def read_row(*columns: Any) -> Row:
    """A row from its columns in the order of `Row`, the body as JSON text."""
    return upgrade(Row._make([*columns[:-1], from_json(columns[-1])]))


def upgrade(row: Row) -> Row:
    """The row in the present format. One of a format that nobody knows stays as it is: its replay will tell."""
    while upgrader := UPGRADERS.get(row.format):
        row = upgrader(row)._replace(format=row.format + 1)
    return row

"""Tables to take away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    """A CSV table. Texts that a spreadsheet would run as a formula get a quote in front."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(header)
    for row in rows:
        table.writerow([_defused(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def _defused(text: str) -> str:
    return "'" + text if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text

"""Count the whole journal anew into the rollup: `python -m core.store.rebuild`, while Sagalab is stopped."""

from __future__ import annotations

import sys
import time

from core.errors import SagalabError
from core.metrics import is_kept, recount
from core.settings import read_settings
from core.store import changes
from core.store.opening import open_store
from core.store.queries import Queries


def rebuild(database_url: str, now: float) -> int:
    """Put a recount of the journal in the place of the rollup; how many rows it has. Raises StoreError."""
    opened = open_store(database_url)
    try:
        rows = [
            row for row in recount(Queries(opened.reader).whole_journal()) if is_kept(row.grain, row.at, row.bin, now)
        ]
        with opened.writer.begin() as connection:
            changes.replace_rollup(connection, rows)
    finally:
        opened.close()
    return len(rows)


def main() -> int:
    """Rebuild the rollup of the store that the settings name; 0, or 1 with a sentence."""
    try:
        rows = rebuild(read_settings().database_url, time.time())
    except SagalabError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The rollup was counted anew from the journal: {rows} rows.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

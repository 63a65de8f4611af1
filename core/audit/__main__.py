"""Check a store: `python -m core.audit [--url URL]`, beside a running Sagalab or without one. It changes nothing."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from core.audit.checker import check
from core.errors import SagalabError, StoreError
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.settings import read_settings
from core.store.books import read_books
from core.store.opening import explain, open_for_reading
from core.views import AuditView


def audit_store(database_url: str) -> AuditView:
    """Check the store that a URL names. Raises StoreError, SettingsRefused."""
    engine = open_for_reading(database_url)
    try:
        before = _stamp(engine)
        try:
            with engine.connect() as connection:
                found = check(read_books(connection), default_registry(RateSource(live=False)), now=time.time())
        except DatabaseError as error:
            raise explain(_file(engine), error) from error
        if before != _stamp(engine):
            raise StoreError(_file(engine), f"{_file(engine)} was opened while it was read. Check it once more.")
        return found
    finally:
        engine.dispose()


def _file(engine: Engine) -> str:
    return (engine.url.database or "").removeprefix("file:")


def _stamp(engine: Engine) -> tuple[int, int] | None:
    """What shows that a file that is read without locks was written."""
    if "immutable" not in engine.url.query:
        return None
    found = os.stat(_file(engine))
    return found.st_mtime_ns, found.st_size


def describe(found: AuditView) -> str:
    """What was checked, as a sentence."""
    what = f"{_plural(found.runs, 'run')}, {_plural(found.rows, 'journal row')} and {_plural(found.effects, 'effect')}"
    result = _plural(len(found.violations), "violation") if found.violations else "everything holds"
    places = _plural(found.prefixes, "committed prefix", "es")
    return f"{what}, at each of {places}, in {found.seconds:.1f} s: {result}."


def _plural(number: int, word: str, ending: str = "s") -> str:
    return f"{number:,} {word}{ending * (number != 1)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was checked and every violation; 0 where everything holds, else 1."""
    parser = argparse.ArgumentParser("python -m core.audit", description="Check that a store keeps its promises.")
    parser.add_argument("--url", help="the store, like sqlite:///data/sagalab.db; else that of the settings")
    url = parser.parse_args(arguments).url
    try:
        found = audit_store(read_settings().database_url if url is None else url)
    except SagalabError as error:
        print(error, file=sys.stderr)
        return 1
    for one in found.violations:
        print(f"Invariant {one.invariant}, run {one.run or '-'}, position {one.position}: {one.sentence}")
    print(describe(found))
    return 1 if found.violations else 0


if __name__ == "__main__":
    sys.exit(main())

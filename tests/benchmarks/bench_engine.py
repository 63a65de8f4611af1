"""How fast the engine is, beside what SQLite allows for the same rows in the same commits.

    python tests/benchmarks/bench_engine.py [--runs 1000] [--rounds 5] [--alone 200]

Every run is an order paid by card in another currency that uses all seven services: WAL, synchronous=FULL, no
simulated latency, whole journal, ledger, postings, outbox and rollup. The bound takes the rows of one such run,
gives them new ids, and sends them to the bare driver with executemany, all runs in lock-step, with a look-up of each
ledger key; then one run by itself. Rounds of engine and bound alternate; medians, then the ratio.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.bootstrap import build_engine, calm_garbage_collection
from core.engine import Engine
from core.models import Item, Notifications, OrderRequest
from core.services.faults import PRESETS
from core.settings import Settings
from core.store.schema import metadata

ORDER = OrderRequest(
    items=(Item(name="laptop", quantity=2, unit_price=1199),), convert_to="EUR", notifications=Notifications(call=True)
)
TABLES = ("runs", "journal", "ledger", "postings", "outbox", "rollup")
Row = tuple[Any, ...]
Commit = list[tuple[str, list[Row]]]  # per statement: table, its rows for one run


def together(engine: Engine, runs: int) -> float:
    """Runs per second when all are started at once, to the last one's end."""
    began = time.perf_counter()
    ids = engine.start_many(ORDER, runs)
    for id in ids:
        engine.wait(id, sys.maxsize, 60)
    return runs / (time.perf_counter() - began)


def alone(engine: Engine, runs: int) -> list[float]:
    """Milliseconds of each of some runs, one after another."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        engine.wait(engine.start(ORDER), sys.maxsize, 60)
        took.append((time.perf_counter() - began) * 1000)
    return took


def commits_of_one_run(path: Path, run: str) -> list[Commit]:
    """The rows of a finished run in the commits in which the engine wrote them: journal rows, then effects."""
    store = sqlite3.connect(path)
    order: list[tuple[int, str, Row]] = []
    for table in ("journal", "ledger"):
        columns = [column.name for column in metadata.tables[table].columns]
        where = store.execute(f"select * from {table} where run = ?", (run,)).fetchall()
        order += [(row[columns.index("position")], table, row) for row in where]
    extras: dict[str, list[tuple[str, Row]]] = {}
    for table, key in (("postings", 4), ("outbox", 2)):
        for row in store.execute(f"select * from {table} where run = ?", (run,)):
            extras.setdefault(row[key], []).append((table, row[1:]))
    commits: list[Commit] = [[("runs", store.execute("select * from runs where id = ?", (run,)).fetchall())]]
    before = "journal"
    for _, table, row in sorted(order, key=lambda one: one[0]):
        if table == "journal" and before == "ledger":
            commits.append([])
        commits[-1].append((table, [row]))
        commits[-1] += [(other, [found]) for other, found in (extras.get(row[1], []) if table == "ledger" else [])]
        before = table
    store.close()
    return commits


class Bound:
    """The bare driver: the same rows, by statement over all runs, and the same number of commits."""

    def __init__(self, path: Path, commits: Sequence[Commit], run: str) -> None:
        self.store = sqlite3.connect(path, isolation_level=None)
        self.store.executescript("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;")
        self.commits, self.run, self.position, self.made = commits, run, 10**9, 0

    def serve(self, runs: int) -> float:
        """Seconds for that many runs in lock-step."""
        ids = [f"b_{self.made + i:012d}" for i in range(runs)]
        self.made += runs
        began = time.perf_counter()
        for commit in self.commits:
            self.store.execute("begin immediate")
            effects = [row for table, rows in commit if table == "ledger" for row in rows]
            for service, key in [row[:2] for row in effects]:
                self.look_up(service, [key.replace(self.run, id) for id in ids])
            for table, rows in self.by_table(commit):
                self.insert(table, [row for id in ids for row in self.renamed(table, rows, id)])
            answers = sum(table == "journal" for table, _ in commit)
            self.count(runs, answers)
            self.store.execute("commit")
        self.store.execute("begin immediate")
        self.store.executemany("update runs set status = 'confirmed' where id = ?", [(id,) for id in ids])
        self.store.execute("commit")
        return time.perf_counter() - began

    def by_table(self, commit: Commit) -> Iterator[tuple[str, list[Row]]]:
        for table in TABLES:
            rows = [row for name, found in commit if name == table for row in found]
            if rows:
                yield table, rows

    def look_up(self, service: str, keys: list[str]) -> None:
        for start in range(0, len(keys), 500):
            chunk = keys[start : start + 500]
            marks = ",".join("?" * len(chunk))
            found = f"select key, state, answer from ledger where service = ? and key in ({marks})"
            self.store.execute(found, [service, *chunk]).fetchall()

    def renamed(self, table: str, rows: Sequence[Row], id: str) -> Iterator[Row]:
        for row in rows:
            self.position += 1
            new = [
                value.replace(self.run, id) if isinstance(value, str) and self.run in value else value for value in row
            ]
            if table == "journal":
                new[0] = self.position
            yield tuple(new)

    def insert(self, table: str, rows: list[Row]) -> None:
        columns = [
            column.name
            for column in metadata.tables[table].columns
            if table not in ("postings", "outbox") or column.name != "id"
        ]
        marks = ",".join("?" * len(columns))
        self.store.executemany(f"insert into {table} ({','.join(columns)}) values ({marks})", rows)

    def count(self, runs: int, answers: int) -> None:
        rows = [
            (grain, 0, "bound", "bound", "done", str(answer), bin, runs)
            for answer in range(answers)
            for grain, bin in (("minute", -1), ("hour", -1), ("hour", 7), ("day", 7))
        ]
        self.store.executemany(
            "insert into rollup values (?,?,?,?,?,?,?,?) on conflict do update set n = n + excluded.n", rows
        )


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("--runs", 1000), ("--rounds", 5), ("--alone", 200)):
        parser.add_argument(name, type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, "engine.db"), Path(folder, "bound.db")
        engine = build_engine(Settings(database_url=f"sqlite:///{path}", live_rates=False))
        bound_engine = build_engine(Settings(database_url=f"sqlite:///{other}", live_rates=False))
        bound_engine.stop()
        engine.save_profile(PRESETS["calm"].model_copy(update={"latency_ms": 0}))
        calm_garbage_collection()
        run = engine.start(ORDER)
        engine.wait(run, sys.maxsize, 60)
        commits = commits_of_one_run(path, run)
        bound = Bound(other, commits, run)
        copy_parents(path, bound.store)
        measure(engine, bound, options)
        engine.stop()


def copy_parents(path: Path, store: sqlite3.Connection) -> None:
    """What the rows of a run refer to."""
    source = sqlite3.connect(path)
    for table in ("plans", "profiles"):
        rows = source.execute(f"select * from {table}").fetchall()
        store.executemany(f"insert or ignore into {table} values ({','.join('?' * len(rows[0]))})", rows)
    source.close()


def measure(engine: Engine, bound: Bound, options: argparse.Namespace) -> None:
    at_once: list[tuple[float, float]] = []
    single: list[tuple[float, float]] = []
    for _ in range(options.rounds):
        at_once.append((together(engine, options.runs), options.runs / bound.serve(options.runs)))
        each = max(options.alone // options.rounds, 1)
        single.append(
            (statistics.median(alone(engine, each)), 1000 * statistics.median(bound.serve(1) for _ in range(each)))
        )
    print(f"{'':34} {'engine':>12} {'bound':>12} {'ratio':>8}")
    show(f"{options.runs} started together, runs/s", at_once, 0)
    show("one after another, p50 ms", single, 2)


def show(name: str, pairs: Sequence[tuple[float, float]], places: int) -> None:
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    low, high = min(pair[0] for pair in pairs), max(pair[0] for pair in pairs)
    print(
        f"{name:34} {ours:12,.{places}f} {theirs:12,.{places}f} {ours / theirs:8.2f}"
        f"   engine {low:,.{places}f} to {high:,.{places}f}"
    )


if __name__ == "__main__":
    main()

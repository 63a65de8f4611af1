"""What a killed engine needs to go on with its open runs, and what ended runs leave in memory.

    python tests/benchmarks/bench_recovery.py [--open 1000] [--ended 10000]

Recovery: a process starts the runs, each an order that uses all seven services, and is killed while they stand at
all of their steps; the figure is the time from opening the store until every run is driven again. Then all run to
their end and the whole store is checked. Memory: what the process holds after the first hundred runs have ended and
after all have, as the system sees it.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.bootstrap import build_engine, calm_garbage_collection
from core.engine import Engine
from core.models import OUTCOMES, Item, Notifications, OrderRequest
from core.services.faults import PRESETS
from core.settings import Settings

ROOT = Path(__file__).parents[2]
ORDER = OrderRequest(
    items=(Item(name="laptop", quantity=2, unit_price=1199),), convert_to="EUR", notifications=Notifications(call=True)
)
CHUNK = 500
MOST_RECOVERY_S, MOST_MORE_MB = 5.0, 100.0
LATENCY_MS = 2000
CHILD = """
import sys, time
from tests.benchmarks.bench_recovery import open_engine, start
engine = open_engine(sys.argv[1], int(sys.argv[3]))
list(start(engine, int(sys.argv[2])))
print("accepted", flush=True)
time.sleep(3600)
"""


def open_engine(path: str, latency_ms: int | None = None) -> Engine:
    """An engine on a store; `latency_ms` makes a profile of its own, without faults."""
    engine = build_engine(Settings(database_url=f"sqlite:///{path}", live_rates=False, max_open_runs=1_000_000))
    if latency_ms is not None:
        engine.save_profile(PRESETS["calm"].model_copy(update={"latency_ms": latency_ms}))
    return engine


def start(engine: Engine, runs: int) -> Iterator[list[str]]:
    """Start runs, some hundred at a time."""
    for begun in range(0, runs, CHUNK):
        yield engine.start_many(ORDER, min(CHUNK, runs - begun))


def rows(path: str, query: str) -> int:
    """A figure of the store."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        found: int = store.execute(query).fetchone()[0]
        return found


def killed(path: str, runs: int) -> None:
    """A store whose runs stand in their middle, as a killed process left them."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, path, str(runs), str(LATENCY_MS)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child.stdout as said:
        said.readline()
        deadline = time.monotonic() + 120
        while rows(path, "select count(*) from journal") < 6 * runs and time.monotonic() < deadline:
            time.sleep(0.05)
        child.kill()
    child.wait()


def measure_recovery(path: str, runs: int) -> bool:
    """Recover, print the figures, run to the end, check. True where all is as it should be."""
    killed(path, runs)
    journal = rows(path, "select count(*) from journal")
    waiting = rows(path, f"select count(*) from runs where status not in {OUTCOMES}")
    began, used = time.perf_counter(), time.process_time()
    engine = open_engine(path)
    took, used = time.perf_counter() - began, time.process_time() - used
    driven = len(engine._world.runs)
    show(f"recovery of {driven:,} of {waiting:,} open runs, {journal:,} journal rows, s", took, MOST_RECOVERY_S, 2)
    print(f"{'  of these processor time, s':66} {used:10.2f}")
    for id in [row.id for row in engine.runs(limit=runs)]:
        engine.wait(id, sys.maxsize, 120)
    checked = engine.audit()
    ended = sum(n for status, n in engine._queries.counts().items() if status in OUTCOMES)
    print(f"{'  ended afterwards; violations':66} {ended:10,}; {len(checked.violations)}")
    engine.stop()
    return took <= MOST_RECOVERY_S and driven == waiting and ended == runs and not checked.violations


def resident_mb() -> float:
    """Memory of this process now; where the system doesn't say, the most that it ever was."""
    gc.collect()
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def measure_memory(path: str, runs: int) -> bool:
    """Start and end runs; print what the process holds. True where it is not too much more."""
    engine = open_engine(path, 0)
    calm_garbage_collection()
    serve(engine, 100)
    first = resident_mb()
    print(f"{'memory after 100 ended runs, MB':66} {first:10.1f}")
    for part in range(1, 5):
        serve(engine, (runs - 100) // 4)
        if part < 4:
            print(f"{f'  after {100 + part * (runs - 100) // 4:,}':66} {resident_mb():10.1f}")
    more = resident_mb() - first
    show(f"more after {runs:,} ended runs, MB", more, MOST_MORE_MB, 1)
    print(f"{'  runs, sequences and ready batches still held':66} {held(engine)}")
    engine.stop()
    return more <= MOST_MORE_MB


def serve(engine: Engine, runs: int) -> None:
    for ids in start(engine, runs):
        for id in ids:
            engine.wait(id, sys.maxsize, 120)


def held(engine: Engine) -> str:
    world = engine._world
    return f"{len(world.runs):,}, {len(world._seqs):,}, {len(world._ready):,}"


def show(name: str, figure: float, most: float, places: int) -> None:
    """One line of the table: the figure, the most that it may be, and whether it is."""
    print(f"{name:66} {figure:10.{places}f}   at most {most:g}: {'met' if figure <= most else 'MISSED'}", flush=True)


def main() -> int:
    """Measure both; 0 where every figure is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=1000)
    parser.add_argument("--ended", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lean = measure_memory(str(Path(folder, "ended.db")), options.ended)  # first: what is freed stays the process's
        recovered = measure_recovery(str(Path(folder, "killed.db")), options.open)
    return 0 if recovered and lean else 1


if __name__ == "__main__":
    sys.exit(main())

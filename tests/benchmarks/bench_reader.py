"""How fast the offline reader is, how much it holds, and what nonsense costs it.

    python tests/benchmarks/bench_reader.py [--rounds 5] [--fuzz 2000]

Parse times are wall time, per sentence, over the labelled cases; the fuzz is repeated pieces, every Unicode block,
long lists and jumbled words, timed by the processor's clock. Import, first parse and memory are those of a fresh
process; memory is what the process holds more than one that imports the request's models only.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused
from tests.core.composer.nonsense import every_block, jumbled, lists, repeated

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "core" / "composer" / "cases"
FRESH = """
import resource, sys, time
began = time.perf_counter()
{start}
imported = time.perf_counter()
{work}
done = time.perf_counter()
scale = 1024 if sys.platform != "darwin" else 1024 * 1024
print((imported - began) * 1000, (done - imported) * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale)
"""


def times_ms(texts: Iterable[str], clock: Callable[[], float]) -> tuple[list[float], list[str]]:
    """(milliseconds per text, sorted; the exceptions that are no refusal)."""
    parser, took, broken = OfflineComposer(), [], []
    for text in texts:
        began = clock()
        try:
            parser.read(text)
        except ReadingRefused:
            pass
        except Exception as error:
            broken.append(f"{type(error).__name__}: {error} in {text[:60]!r}")
        took.append((clock() - began) * 1000)
    return sorted(took), broken


def fresh(start: str, work: str) -> tuple[float, float, float]:
    """(milliseconds to import, milliseconds of the work, greatest memory in MB) of a new process; medians of five."""
    runs = []
    for _ in range(5):
        code = FRESH.format(start=start, work=work)
        printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        runs.append([float(word) for word in printed.stdout.split()])
    importing, working, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return importing, working, memory


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of sorted values lies."""
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="how often each labelled sentence is read")
    options.add_argument("--fuzz", type=int, default=2000, help="how many texts of jumbled words")
    chosen = options.parse_args()
    files = sorted(CASES.glob("*.jsonl"))
    texts = [json.loads(line)["text"] for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    importing, first, memory = fresh(
        "from core.composer.offline import OfflineComposer", "OfflineComposer().read('Order 2 laptops at $5 each')"
    )
    models, _, bare = fresh("import core.models, core.errors", "")
    times_ms(texts, time.perf_counter)
    took, broken = times_ms(texts * chosen.rounds, time.perf_counter)
    nonsense = list(itertools.chain(repeated(), every_block(), lists(), jumbled(1, chosen.fuzz)))
    fuzzed, crashed = times_ms(nonsense, time.process_time)
    rows = [
        ("import", f"{importing:.0f} ms"),
        ("of it, the models alone", f"{models:.0f} ms"),
        ("first parse", f"{first:.0f} ms"),
        ("memory over the models alone", f"{memory - bare:.1f} MB"),
        (f"parse p50 ({len(texts)} sentences)", f"{quantile(took, 0.5):.2f} ms"),
        ("parse p95", f"{quantile(took, 0.95):.2f} ms"),
        ("parse p99", f"{quantile(took, 0.99):.2f} ms"),
        (f"fuzz p50 ({len(nonsense)} texts)", f"{quantile(fuzzed, 0.5):.2f} ms"),
        ("fuzz p99", f"{quantile(fuzzed, 0.99):.1f} ms"),
        ("fuzz slowest", f"{fuzzed[-1]:.0f} ms"),
        ("exceptions", str(len(broken) + len(crashed))),
    ]
    width = max(len(name) for name, _ in rows)
    print("\n".join(f"{name:{width}}  {value:>10}" for name, value in rows))
    print("\n".join([*broken, *crashed][:10]))


if __name__ == "__main__":
    main()

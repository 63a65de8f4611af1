"""How many orders a second one core serves in the simulated world, through the interpreter and the services.

    python tests/benchmarks/bench_simulated.py [--orders 2000] [--rounds 7]

Every order has a fault seed of its own and starts from the same store. Outcomes only: no journal, no waiting. Whole
journal: latency, timers, every row, effect, posting and message. Random cases: with people and crashes, every commit
checked. CPU time of this process; rounds of all alternate; medians, with the slowest and the fastest round.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core import acceptance, plans
from core.bootstrap import calm_garbage_collection
from core.models import Item, OrderRequest
from core.services.faults import GOLDEN, MASK, PRESETS, Profile, mix
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.worlds.memory import first_wallets
from core.worlds.outcomes import Orders
from tests.random_runs import Case

REGISTRY = default_registry(RateSource(live=False))
CURRENCIES = {name: currency for name, (currency, _) in first_wallets().items()}
B2C = OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=1199),))
CORPORATE = OrderRequest(items=B2C.items, channel="corporate")
SEED_RATES, FLAKY = PRESETS["the seed's rates"], PRESETS["everything flaky"]


def orders(request: OrderRequest, profile: Profile) -> Orders:
    """An order by the saga, with nobody to ask."""
    request = acceptance.complete(request, CURRENCIES)
    return Orders(REGISTRY, plans.saga(request, ask=False), request, profile)


def measured() -> Iterator[tuple[str, int, Callable[[int], object]]]:
    """What is measured: its name, by what the number of orders is divided, one order by its fault seed."""
    for name, request, profile in (
        ("saga B2C, the seed's rates", B2C, SEED_RATES),
        ("saga corporate, the seed's rates", CORPORATE, SEED_RATES),
    ):
        yield f"{name}: outcomes only", 1, orders(request, profile).outcome
        yield f"{name}: whole journal", 1, orders(request, profile).journalled
    yield "saga B2C, everything flaky: whole journal", 4, orders(B2C, FLAKY).journalled
    yield "random cases, every commit checked", 40, lambda seed: Case(seed).run()


def rate(serve: Callable[[int], object], first: int, n: int) -> float:
    """Orders per second of CPU time."""
    began = time.process_time()
    for number in range(first, first + n):
        serve(mix(number * GOLDEN & MASK))
    return n / (time.process_time() - began)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--orders", 2000), ("--rounds", 7)):
        parser.add_argument(name, type=int, default=default)
    options = parser.parse_args()
    calm_garbage_collection()
    rows = list(measured())
    rates: list[list[float]] = [[] for _ in rows]
    for round in range(options.rounds):
        for (_, share, serve), found in zip(rows, rates, strict=True):
            n = max(options.orders // share, 1)
            found.append(rate(serve, round * n + 1, n))
    print(f"{'orders or cases a second':50} {'median':>9} {'slowest':>9} {'fastest':>9}")
    for (name, _, _), found in zip(rows, rates, strict=True):
        print(f"{name:50} {statistics.median(found):9,.0f} {min(found):9,.0f} {max(found):9,.0f}")


if __name__ == "__main__":
    main()

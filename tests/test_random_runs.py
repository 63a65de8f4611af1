"""Random runs: nothing is violated, a seed is a case, and a machine that is broken on purpose is noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from core.models import Call, Reply
from core.services import effects
from core.services.effects import LedgerRow
from tests.random_runs import Case

SHORT, LONG = 60, 3000


def run_cases(first: int, cases: int) -> Counter[str]:
    """What the cases met, with the seeds of those that violate something."""
    met = Counter[str]()
    for seed in range(first, first + cases):
        case = Case(seed).run()
        met += case.met
        assert not case.violations, f"python tests/random_runs.py --only {seed}: {case.violations[0]}"
    return met


def test_nothing_is_violated() -> None:
    met = run_cases(0, SHORT)
    assert met["crashes"] and met["repairs"] and met["refunded"] and met["refused decisions"]


@pytest.mark.slow
def test_nothing_is_violated_by_many() -> None:
    met = run_cases(SHORT, LONG)
    assert met["compensation_stuck"] > 10


def test_the_same_seed_makes_the_same_case() -> None:
    first, again = Case(7).run().store.books(), Case(7).run().store.books()
    assert first.journal and first == again


# Machines that are broken on purpose


def no_dedupe(tx: Any, *rest: Any) -> Any:
    tx.find = lambda: None
    return DO(tx, *rest)


def no_refund(tx: Any, call: Call) -> dict[str, Any]:
    row = tx.find()
    tx.record(row._replace(state="undone") if row else LedgerRow("void", call.action, {}, {}))
    return {}


async def no_close(world: Any, call: Call, failure: Reply) -> Reply:
    return failure


DO = effects._do
BROKEN: dict[str, tuple[str, Callable[..., Any], int]] = {  # what is replaced, by what, the invariant that fails first
    "a key's effect is not looked up": ("core.services.effects._do", no_dedupe, 2),
    "an undo posts nothing": ("core.services.effects._undo", no_refund, 3),
    "an unknown effect is left unknown": ("core.retry._close", no_close, 6),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_machine_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, broken, invariant = BROKEN[name]
    monkeypatch.setattr(where, broken)
    found = (violation.invariant for seed in range(SHORT) for violation in Case(seed).run().violations)
    assert invariant in found

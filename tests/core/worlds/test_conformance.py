"""Every scenario in every world: the same decisions, the same calls under the same keys, the same money."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from core.audit import check
from core.metrics import recount
from core.models import Row
from core.store.books import Books
from tests.core.worlds.scenarios import SCENARIOS, History, Scenario
from tests.core.worlds.stages import EmbeddedStage, SimulatedStage, Stage, play


@pytest.fixture(params=["embedded"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A world that must do as the simulated one does; another one joins as another parameter."""
    embedded = EmbeddedStage(tmp_path, monkeypatch)
    yield embedded
    embedded.stop()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_world_does_the_same(scenario: Scenario, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.worlds.fate.LATEST_S", scenario.latest_s)
    simulated = SimulatedStage()
    here, there = play(scenario, simulated), play(scenario, stage)
    assert here[0].status == there[0].status == scenario.status
    assert [decisions(history) for history in here] == [decisions(history) for history in there]
    assert [calls(history) for history in here] == [calls(history) for history in there]
    ours, theirs = simulated.books(), stage.books()
    assert ends(ours) == ends(theirs)
    assert check(ours._replace(rollup=recount(ours.journal)), simulated.registry).violations == ()
    assert check(theirs, stage.registry).violations == ()


def test_names_are_told_apart() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) >= 35


# What is compared


def decisions(history: History) -> list[Any]:
    """Events, decisions and controls in order; of failures side by side the order does not count."""
    first = next((row.body["profile"] for row in history.rows if row.kind == "decision"), 0)
    said = [(row.kind, row.step, row.visit, _settled(row, first)) for row in history.rows if row.kind != "answer"]
    found: list[Any] = []
    for failures, group in groupby(said, lambda one: one[3].get("event") == "failed"):
        rows = list(group)
        found += sorted(rows, key=_step) if failures else rows
    return found


def _step(one: tuple[Any, ...]) -> str:
    return str(one[1])


def _settled(row: Row, first: int) -> dict[str, Any]:
    """A body with its profile counted from the first one that was decided with."""
    return row.body | {"profile": row.body["profile"] - first} if row.kind == "decision" else row.body


def calls(history: History) -> list[Any]:
    """Every attempt, step by step: where it stood, what it was given, how it ended."""
    made = [
        (*row[5:10], {name: row.body.get(name) for name in ("action", "params", "code", "final", "unknown")})
        for row in history.rows
        if row.kind == "answer"
    ]
    return sorted(made, key=lambda one: one[0])


def ends(books: Books) -> dict[str, Any]:
    """Effects, money and messages at the end."""
    return {
        "effects": {
            (row.service, row.key): (row.action, row.state, row.params, _timeless(row.answer)) for row in books.ledger
        },
        "undone": [
            key for _, key in sorted((row.undone_position, row.key) for row in books.ledger if row.undone_position)
        ],
        "postings": sorted(line[1:] for line in books.postings),
        "outbox": sorted(sent[1:-1] for sent in books.outbox),
        "declines": list(books.declines),
        "wallets": books.wallets,
        "rule": books.rule,
    }


def _timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if not name.endswith("_sent_at")}

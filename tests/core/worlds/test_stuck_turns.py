"""A late effect beside a run's end, and runs that can't go on: nobody waits for ever."""

from __future__ import annotations

import dataclasses
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import EngineBusy
from core.services.rates import RateSource
from core.services.registry import default_registry
from tests.core.scenes import BOOK, EMAIL, ONCE, REFUSED, SLOW, Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def test_a_slow_effect_in_the_commit_that_ends_its_run_keeps_nobody_waiting(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The writer is held up until the run's end and its late effect are in one group."""
    world, writer, came = lab.engine._world, lab.engine._writer, threading.Event()
    happen, commit = world._happen_late, writer._on_commit
    monkeypatch.setattr("core.worlds.fate.draw", lambda *place: 1.0)
    monkeypatch.setattr("core.worlds.fate.LATEST_S", 0.1)
    monkeypatch.setattr(world, "_happen_late", lambda run, call: (happen(run, call), came.set()))

    def hold(written: Any) -> None:
        if any(effect.call.direction == "close" for one in written for effect in one.batch.effects):
            writer.call(lambda connection: came.wait(10))
        commit(written)

    monkeypatch.setattr(writer, "_on_commit", hold)
    lab.faults({EMAIL: SLOW})
    assert lab.run(retry=ONCE).row.status == "confirmed_with_issues"
    lab.written()
    assert "Exception in callback" not in caplog.text


def test_a_decision_on_which_the_engine_fails_is_refused_and_the_run_parked(tmp_path: Path) -> None:
    rates = RateSource(live=False)
    registry = default_registry(rates)
    with Lab(tmp_path, parts={"rates": rates, "registry": registry}) as lab:
        lab.faults({BOOK: REFUSED})
        view = lab.run()
        lab.faults()
        service, action = registry.find(BOOK)
        registry._actions[BOOK] = service, dataclasses.replace(action, request=None)  # type: ignore[arg-type]
        with pytest.raises(EngineBusy, match="can't go on"):
            lab.engine.decide(view.row.id, "book", 1, "retry")
        lab.written()
        assert lab.engine.run(view.row.id).code == "internal_error"


def test_a_journal_that_cannot_be_read_keeps_no_other_run_from_going_on(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    broken, other = lab.run(), lab.run()
    lab.falsified = True
    lab.engine.stop()
    with closing(sqlite3.connect(lab.path)) as connection, connection:
        connection.execute("update journal set body = '{}' where step = 'charge' and run = ?", (broken.row.id,))
    lab.open()
    lab.written()
    assert lab.rows("select status, code from runs where id = ?", broken.row.id) == [
        ("needs_attention", "internal_error")
    ]
    lab.faults()
    assert lab.decide(lab.engine.run(other.row.id), "retry").row.status == "confirmed"

"""Journals of earlier programs are followed and call nothing; a program that decides otherwise is caught."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import Diverged
from core.models import Row
from core.retry import RetryPolicy
from core.store import formats
from core.store.formats import upgrade
from core.worlds.live import LiveRun
from tests.core.scenes import BOOK, REFUSED, SHIP, Lab, calm
from tests.core.worlds.save_journals import FOLDER, SAVED, Saved, load

CANCEL = "order_creation.cancel"


def replayed(saved: Saved, rows: list[Row] | None = None) -> LiveRun:
    """The run at the end of its journal. Raises Diverged."""
    run = LiveRun(saved.id, saved.keys, saved.plan, saved.orders, calm(), 0, saved.created_at)
    run.recover(saved.rows if rows is None else rows, saved.rows[-1].at)
    return run


def test_every_saved_journal_is_here() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(SAVED)


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_journal_is_followed_and_calls_nothing(name: str) -> None:
    for saved in load(name):
        run = replayed(saved)
        assert (run.where(), run.seq) == (saved.status, len(saved.rows))
        assert (run.outgoing, run.entries, run.pending) == ([], [], {})


@pytest.mark.parametrize("name", SAVED)
def test_every_prefix_of_a_saved_journal_can_be_gone_on_from(name: str) -> None:
    for saved in load(name):
        for seq in range(1, len(saved.rows)):
            run = replayed(saved, saved.rows[:seq])
            came = [entry.body for entry in run.entries]
            assert came == [row.body for row in saved.rows[seq : seq + len(came)]]


# Programs that decide otherwise


def undo_forwards(source: str) -> str:
    return source.replace("key=place.__getitem__, reverse=True", "key=place.__getitem__")


def never_ask(source: str) -> str:
    return source.replace('or step.policy == "ask" else None', "else None")


def confirm_late(source: str) -> str:
    return source.replace("if not self.no_return and self.pivot in [step.id for step in steps]:", "if False:")


def close_nothing(source: str) -> str:
    return source.replace("if reply.spent:", "if False:")


CHANGED: dict[str, tuple[Callable[[str], str], str]] = {  # what is changed in the interpreter, and a journal that tells
    "undo in plan order": (undo_forwards, "compensated"),
    "nobody is asked": (never_ask, "both_messages_ask"),
    "nothing is a pivot": (confirm_late, "b2c"),
    "a closed key is used again": (close_nothing, "slow_then_edited"),
}


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], str]], None]:
    """Replaces the interpreter that runs are driven by with one of a changed source."""

    def replace(changed: Callable[[str], str]) -> None:
        from core import interpreter

        source = Path(interpreter.__file__).read_text(encoding="utf-8")
        assert changed(source) != source
        names: dict[str, Any] = {"__name__": "changed"}
        exec(compile(changed(source), "changed", "exec"), names)
        monkeypatch.setattr("core.worlds.live.interpret", names["interpret"])

    return replace


@pytest.mark.parametrize("what", CHANGED)
def test_a_changed_interpreter_is_caught(what: str, change: Callable[..., None]) -> None:
    changed, name = CHANGED[what]
    change(changed)
    [saved] = load(name)
    with pytest.raises(Diverged):
        replayed(saved)


@pytest.mark.parametrize("name", SAVED)
def test_a_plan_in_another_order_is_caught(name: str) -> None:
    for saved in load(name):
        first, *others = saved.plan.stages
        if not others:
            continue
        swapped = saved.plan.model_copy(update={"stages": (*others, first)})
        with pytest.raises(Diverged):
            replayed(saved._replace(plan=swapped))


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def kept(lab: Lab) -> list[list[tuple[Any, ...]]]:
    return [lab.rows(f"select * from {name} order by position") for name in ("journal", "ledger", "postings")]


def test_an_engine_with_a_changed_interpreter_parks_the_run_and_calls_nothing(
    lab: Lab, change: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.faults({SHIP: REFUSED, CANCEL: REFUSED})
    stuck = lab.decide(lab.run(), "give_up")
    assert stuck.row.status == "compensation_stuck"
    before = kept(lab)
    lab.engine.stop()
    change(undo_forwards)
    lab.open()
    lab.written()
    view = lab.engine.run(stuck.row.id)
    assert (view.row.status, view.code, view.question) == ("needs_attention", "diverged", None)
    assert kept(lab) == before
    lab.engine.stop()
    monkeypatch.undo()
    lab.open()
    lab.faults()
    assert lab.decide(lab.engine.run(stuck.row.id), "retry").row.status == "refunded"


# Older formats


def older(row: Row) -> Row:
    """A row as a format 0 would have had it: a failure's code was called 'error'."""
    body = dict(row.body)
    if "code" in body:
        body["error"] = body.pop("code")
    return row._replace(format=0, body=body)


def from_older(row: Row) -> Row:
    body = dict(row.body)
    if "error" in body:
        body["code"] = body.pop("error")
    return row._replace(body=body)


@pytest.mark.parametrize("name", SAVED)
def test_rows_of_an_older_format_are_brought_up_as_they_are_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.UPGRADERS, 0, from_older)
    for saved in load(name):
        rows = [upgrade(older(row)) for row in saved.rows]
        assert rows == saved.rows
        assert replayed(saved, rows).where() == saved.status


def test_formats_are_climbed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.UPGRADERS, -1, lambda row: row._replace(body=row.body | {"steps": ["first"]}))
    monkeypatch.setitem(formats.UPGRADERS, 0, lambda row: row._replace(body={"steps": [*row.body["steps"], "second"]}))
    row = upgrade(Row("r", 1, 1, -1, "event", "", "", 0, 0, 0, 0.0, {}))
    assert (row.format, row.body) == (1, {"steps": ["first", "second"]})


def make_older(lab: Lab) -> None:
    """Write the store's journal in format 0, which only a patched program reads."""
    lab.falsified = True
    with closing(sqlite3.connect(lab.path)) as connection, connection:
        for position, body in connection.execute("select position, body from journal").fetchall():
            row = older(Row("", 0, 0, 1, "event", "", "", 0, 0, 0, 0.0, json.loads(body)))
            connection.execute(
                "update journal set format = 0, body = ? where position = ?", (json.dumps(row.body), position)
            )


def test_an_engine_goes_on_from_a_journal_of_an_older_format(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.faults({BOOK: REFUSED})
    parked = lab.run(retry=RetryPolicy(attempts=2, first_wait_s=0))
    lab.engine.stop()
    make_older(lab)
    monkeypatch.setitem(formats.UPGRADERS, 0, from_older)
    lab.open()
    assert lab.engine.run(parked.row.id) == parked
    lab.faults()
    assert lab.decide(parked, "retry").row.status == "confirmed"
    assert lab.engine.audit().violations == ()


def test_a_journal_of_an_unknown_format_parks_its_run_and_no_other(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    old = lab.run()
    lab.engine.stop()
    make_older(lab)
    lab.open()
    lab.written()
    assert lab.rows("select status, code from runs where id = ?", old.row.id)[0][1] in ("diverged", "internal_error")
    lab.faults()
    assert lab.run().row.status == "confirmed"

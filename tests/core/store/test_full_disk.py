"""A store that can't be written: nothing is accepted, nothing accepted is lost, and it goes on by itself."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from core import bootstrap
from core.errors import EngineBusy, SagalabError
from core.metrics import recount
from core.models import RetryPolicy, Row
from core.services import order_creation
from core.services.faults import PRESETS, Rates
from core.store.opening import Opened, open_store
from core.worlds import embedded
from tests.core.scenes import EMAIL, REFUSED, SHIP, Lab, laptops, saga

ROOT = Path(__file__).parents[3]
WAIT_S = 20.0
SLOW = RetryPolicy(attempts=5, first_wait_s=0.4, factor=1)


class Disk:
    """Where the store lies; while it is full, no commit is written, as SQLite would have it."""

    def __init__(self) -> None:
        self.full = False
        self.refused = 0

    def open(self, url: str) -> Opened:
        opened = open_store(url)
        event.listen(opened.writer, "commit", self._commit)
        return opened

    def _commit(self, connection: Connection) -> None:
        if self.full:
            self.refused += 1
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.rollback()
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def disk(monkeypatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(bootstrap, "open_store", disk.open)
    monkeypatch.setattr(embedded, "PROBE_S", 0.05)
    return disk


@pytest.fixture
def lab(tmp_path, disk) -> Iterator[Lab]:
    with Lab(tmp_path) as lab:
        lab.run()  # its plan is kept already when the disk fills up
        yield lab


def soon(reached: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline, pause = time.monotonic() + WAIT_S, threading.Event()
    while not reached():
        assert time.monotonic() < deadline, "it never came to that"
        pause.wait(0.01)


def fill(lab: Lab, disk: Disk) -> str:
    """Fill the disk and have the engine notice; the sentence with which it refuses."""
    disk.full = True
    with pytest.raises(EngineBusy) as refused:
        lab.start()
    return str(refused.value)


def empty(lab: Lab, disk: Disk) -> None:
    """Make room, and wait until the engine has noticed by itself."""
    disk.full = False
    soon(lambda: lab.engine.health().ok)


def test_nothing_is_started_and_the_sentence_says_why_and_what_to_do(lab, disk):
    before = lab.rows("select id, status from runs"), lab.rows("select count(*) from journal")
    sentence = fill(lab, disk)
    assert "can't be written" in sentence and "disk is full" in sentence
    assert "Nothing was started" in sentence and "disk's space" in sentence
    health = lab.engine.health()
    assert (health.ok, health.reason) == (False, sentence)
    with pytest.raises(EngineBusy):
        lab.engine.start_many(laptops(), 5, saga(lab.engine.complete(laptops())))
    assert (lab.rows("select id, status from runs"), lab.rows("select count(*) from journal")) == before


def test_whatever_would_write_is_refused_and_whatever_reads_goes_on(lab, disk):
    fill(lab, disk)
    (done,) = lab.engine.runs()
    for write in (
        lambda: lab.engine.top_up("team", 5),
        lambda: lab.engine.add_wallet("new", "EUR", 5),
        lambda: lab.engine.save_profile(PRESETS["calm"]),
        lambda: lab.engine.control(done.id, "cancel"),
    ):
        with pytest.raises(EngineBusy, match="can't be written"):
            write()
    assert lab.engine.run(done.id).row.status == "confirmed"
    assert lab.engine.metrics(1).started == 1
    assert [wallet.name for wallet in lab.engine.wallets()] == ["small", "team"]
    assert lab.balance("team") == 1_000_000


def test_it_stays_halted_while_the_disk_is_full_and_goes_on_once_there_is_room(lab, disk):
    fill(lab, disk)
    refused = disk.refused
    soon(lambda: disk.refused > refused + 2)  # it tries again and again
    assert not lab.engine.health().ok
    empty(lab, disk)
    assert lab.engine.health().reason == ""
    assert lab.run().row.status == "confirmed"


def test_a_run_under_way_is_kept_and_confirmed_later_without_a_second_charge(lab, disk):
    lab.faults({SHIP: REFUSED})
    id = lab.start(plan=saga(lab.engine.complete(laptops()), SLOW))
    lab.until(id, lambda view: len(lab.effects(id)) == 3)
    disk.full = True
    soon(lambda: not lab.engine.health().ok)
    assert lab.engine.run(id).row.status == "running"
    lab.engine.wait(id, 10**9, WAIT_S)  # whoever watches it is let go
    empty(lab, disk)
    view = lab.settled(id)
    assert view.question is not None and view.question.step == "ship"
    lab.faults()
    assert lab.decide(view, "retry").row.status == "confirmed"
    assert lab.effects(id) == [f"{step}/1" for step in ("charge", "create", "book", "ship", "email", "sms")]
    assert [row["attempt"] for row in lab.answers(id, "charge")] == [1]


def test_a_decision_that_was_refused_can_be_made_again(lab, disk):
    lab.faults({SHIP: REFUSED})
    view = lab.run()
    assert view.question is not None
    lab.faults()
    disk.full = True
    with pytest.raises(EngineBusy):
        lab.engine.decide(view.row.id, "ship", 1, "retry")
    assert lab.engine.run(view.row.id).question == view.question
    empty(lab, disk)
    assert lab.decide(lab.engine.run(view.row.id), "retry").row.status == "confirmed"


def test_the_rollup_still_equals_a_recount_of_the_journal(lab, disk):
    lab.faults({EMAIL: Rates(refused=0.5)})
    for _ in range(3):
        ids = lab.engine.start_many(laptops(), 10, saga(lab.engine.complete(laptops()), ask=False))
        fill(lab, disk)
        empty(lab, disk)
        for id in ids:
            lab.settled(id)
    names = ", ".join(Row._fields)
    journal = [Row(*row[:-1], from_json(row[-1])) for row in lab.rows(f"select {names} from journal order by position")]
    assert sorted(lab.rows("select * from rollup")) == sorted(tuple(row) for row in recount(journal))
    seqs = {id: [row.seq for row in journal if row.run == id] for id in {row.run for row in journal}}
    assert all(found == list(range(1, len(found) + 1)) for found in seqs.values())
    assert lab.rows("select count(*) from runs where status = 'running'") == [(0,)]


def test_any_write_that_fails_turns_health_red(lab, disk):
    disk.full = True
    with pytest.raises(EngineBusy):
        lab.engine.top_up("team", 5)
    soon(lambda: not lab.engine.health().ok)


# The disk of a real process

LIMITED = """
import json, os, resource, sys, time
from core.bootstrap import build_engine
from core.errors import EngineBusy
from core.models import Item, OrderRequest
from core.services.faults import PRESETS
from core.settings import Settings
from core.worlds import embedded

embedded.PROBE_S = 0.1
path = sys.argv[1]
engine = build_engine(Settings(database_url=f"sqlite:///{path}", live_rates=False))
engine.save_profile(PRESETS["calm"].model_copy(update={"latency_ms": 0}))
order = OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=1000),))

def finished(id):
    while engine.run(id).live:
        engine.wait(id, engine.run(id).seq, 5)
    return engine.run(id).row.status

said = {"first": finished(engine.start(order))}
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path + "-wal"), hard))
try:
    engine.start(order)
except EngineBusy as busy:
    said["busy"] = str(busy)
said["ok"] = engine.health().ok
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
deadline = time.monotonic() + 20
while not engine.health().ok and time.monotonic() < deadline:
    time.sleep(0.02)
said["later"] = finished(engine.start(order))
said["runs"] = len(engine.runs())
engine.stop()
print(json.dumps(said))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_process_that_may_not_write_more_says_so_and_goes_on_when_it_may(tmp_path):
    path = tmp_path / "store.db"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    said = json.loads(done.stdout)
    assert "can't be written" in said.pop("busy")
    assert said == {"first": "confirmed", "ok": False, "later": "confirmed", "runs": 2}
    with sqlite3.connect(path) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("select count(*) from ledger where action like '%charge'").fetchone() == (2,)
    connection.close()


# Nobody waits for ever


def in_thread(work: Callable[[], Any]) -> Future[Any]:
    """Do something that might never return."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def unexpected(*_: Any) -> None:
    raise RuntimeError("nobody thought of this")


STOPPED = {"job": lambda lab: lab.engine.top_up("team", 5), "start": lambda lab: lab.start()}


@pytest.mark.parametrize("ask", STOPPED.values(), ids=STOPPED)
def test_a_stopped_engine_refuses(tmp_path, ask):
    lab = Lab(tmp_path)
    lab.run()
    lab.engine.stop()
    with pytest.raises(SagalabError):
        in_thread(lambda: ask(lab)).result(1)


def test_a_run_that_can_not_even_begin_is_refused(lab, monkeypatch):
    engine = lab.engine
    plan = engine.plan_for(engine.complete(laptops()))
    before = engine.runs()
    monkeypatch.setattr(order_creation, "price_offers", unexpected)
    with pytest.raises(EngineBusy, match="can't be started"):
        in_thread(lambda: engine.start(laptops(), plan)).result(5)
    assert engine.runs() == before
    assert engine.health().ok


def test_words_that_can_not_be_kept_stop_nobody_else(lab, monkeypatch):
    monkeypatch.setattr(embedded, "PROBE_S", WAIT_S)
    in_thread(lambda: lab.engine.start(laptops(), text="\ud800")).exception(WAIT_S)
    assert lab.engine.health().ok

"""Kill -9 at every write: `python tests/core/worlds/kills.py [--sample N] [--scene NAME] [--at TEXT]`.

A point is one statement that the writer sends (each row of journal, ledger, postings and rollup is one, and so are
begin and commit), or the moment behind a commit in which its answers were not taken yet. At each of them a process
is killed with SIGKILL; another one goes on with its store until the run ends; then the whole store is checked. Every
third time the second process is killed as well, within its recovery or soon after, and a third one goes on.

Every process is forked from this one, which has everything loaded and no thread but its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from core.audit.__main__ import audit_store
from core.bootstrap import build_engine
from core.engine import Engine
from core.errors import DecisionRefused
from core.models import Choice, Condition, Edit, Notice, Notifications, OrderRequest
from core.services.faults import Profile, Rates
from core.settings import Settings
from core.store import opening
from core.store.writer import Writer
from core.views import RunView
from tests.core.scenes import (
    BOOK,
    CHARGE,
    DEBIT,
    EMAIL,
    LOST,
    REFUSED,
    SHIP,
    calm,
    company_order,
    first_offer_gone,
    laptops,
    saga,
)

LONGEST_S = 30.0
HALF_GONE = Rates(final=0.5)
TOLD = Notifications(call=True)


class Scene(NamedTuple):
    """An order, how it may end, what goes wrong, and what a person does about it. `many`: as many runs at once.

    choice None: nobody is asked; 'cancel' is the control. Once it is made, nothing goes wrong any more.
    """

    request: OrderRequest
    outcomes: str
    faults: dict[str, Rates]
    choice: Choice | str | None = None
    notice: Notice | None = None
    edit: Edit | None = None
    seed: int | None = None
    rule: bool = False
    before: int = 0  # runs that end before the one that is killed
    many: int = 1


SCENES: dict[str, Scene] = {
    "card": Scene(laptops(convert_to="EUR", notifications=TOLD), "confirmed", {}),
    "wallet": Scene(company_order(), "confirmed", {}),
    "dearer alternative": Scene(company_order(), "confirmed", {BOOK: HALF_GONE}, seed=first_offer_gone()),
    "cheaper alternative": Scene(company_order(True), "confirmed", {BOOK: HALF_GONE}, seed=first_offer_gone()),
    "undone": Scene(
        laptops(convert_to="EUR", conditions=(Condition(event="shipping_failed", then="call"),)),
        "refunded",
        {SHIP: REFUSED},
    ),
    "undone, wallet": Scene(company_order(), "refunded", {SHIP: REFUSED}),
    "answers lost": Scene(laptops(), "confirmed", {CHARGE: LOST, SHIP: LOST, EMAIL: LOST}),
    "declined": Scene(laptops(), "rejected", {}, rule=True, before=3),
    "parked and retried": Scene(laptops(), "confirmed", {SHIP: REFUSED}, "retry", "email"),
    "parked and given up": Scene(company_order(), "refunded", {SHIP: REFUSED}, "give_up"),
    "parked and cancelled": Scene(laptops(), "cancelled", {SHIP: REFUSED}, "cancel"),
    "parked and edited": Scene(
        company_order().model_copy(update={"wallet": "small"}), "confirmed", {}, "edit", edit=Edit(wallet="team")
    ),
    "undo stuck": Scene(laptops(), "refunded", {SHIP: REFUSED, "payment_processing.refund": REFUSED}, "retry"),
    "eight at once": Scene(company_order(), "refunded rejected", {SHIP: REFUSED, DEBIT: Rates(lost=0.5)}, many=8),
}


class Result(NamedTuple):
    """What became of one kill. `at`: where ('' where the process ended before). `wrong`: what should not be."""

    at: str
    wrong: list[str]


# Inside the killed process


class Countdown:
    """Counts the points of this process, and kills it at one of them (0: at none)."""

    def __init__(self, last: int, out: int, armed: bool) -> None:
        self.left, self.out, self.armed, self.names = last, out, armed, list[str]()

    def statement(self, sql: str) -> None:
        self.reach(" ".join(sql.split()[:3]).lower())

    def reach(self, name: str) -> None:
        if not self.armed:
            return
        self.names.append(name)
        self.left -= 1
        if self.left == 0:
            os.write(self.out, json.dumps({"killed": name}).encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)


def count_writes(countdown: Countdown) -> None:
    """Let a countdown see every statement of the writer's connection and every commit of a group."""
    prepare, commit = opening._prepare_writer, Writer._commit

    def traced(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.set_trace_callback(countdown.statement)

    def counted(self: Writer, group: Any) -> Any:
        written = commit(self, group)
        countdown.reach("after the commit")
        return written

    opening._prepare_writer, Writer._commit = traced, counted  # type: ignore[method-assign]


def serve(path: Path, scene: Scene, last: int, out: int, fresh: bool) -> None:
    """Serve the scene in this process, killed at the point `last`. `fresh`: start its runs, else go on with them."""
    if scene.seed is not None:
        os.urandom = lambda size: (scene.seed or 0).to_bytes(size)  # type: ignore[assignment]
    countdown = Countdown(last, out, armed=not fresh)
    count_writes(countdown)
    engine = build_engine(Settings(database_url=url_of(path), live_rates=False))
    countdown.armed = True
    if fresh:
        ids = start(engine, scene)
        os.write(out, json.dumps({"accepted": ids}).encode() + b"\n")
    else:
        ids = [row.id for row in engine.runs(limit=100)]
    views = [finish(engine, id, scene) for id in ids]
    countdown.armed = False
    engine.stop()
    ended = {view.row.id: view.row.status for view in views}
    os.write(out, json.dumps({"ended": ended, "points": countdown.names}).encode() + b"\n")


def start(engine: Engine, scene: Scene) -> list[str]:
    request = engine.complete(scene.request)
    plan = saga(request, ask=scene.choice is not None and "payment_processing.refund" not in scene.faults)
    return engine.start_many(request, scene.many, plan) if scene.many > 1 else [engine.start(request, plan)]


def finish(engine: Engine, id: str, scene: Scene) -> RunView:
    """Follow a run to its end, deciding whatever is asked."""
    deadline = time.monotonic() + LONGEST_S
    while (view := engine.run(id)).live and time.monotonic() < deadline:
        if view.question:
            with suppress(DecisionRefused):
                decide(engine, view, scene)
        else:
            engine.wait(id, view.seq, 1.0)
    return view


def decide(engine: Engine, view: RunView, scene: Scene) -> None:
    assert view.question is not None, "somebody else decided"
    if engine.profile().rates:
        engine.save_profile(settled({}, scene))
    if scene.choice == "cancel":
        engine.control(view.row.id, "cancel")
        return
    choice: Any = scene.choice
    engine.decide(view.row.id, view.question.step, view.question.visit, choice, scene.notice, scene.edit)


def settled(faults: dict[str, Rates], scene: Scene) -> Profile:
    return calm(faults, scene.rule, call_timeout_s=0.01)


# From outside


def url_of(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def fork(work: Callable[[int], None]) -> list[dict[str, Any]]:
    """Do something in a process of its own; the JSON lines that it wrote until it ended or was killed."""
    if threading.active_count() > 1:
        raise RuntimeError("a process is forked only where no other thread runs")
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        code = 1
        try:
            work(writer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with open(reader, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    _, status = os.waitpid(pid, 0)
    if not (os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0):
        raise RuntimeError("a process failed; its traceback stands above")
    return found


def template(folder: Path, scene: Scene) -> Path:
    """A store as it stands before the run: its faults are set, and what is to end before it has."""
    path = folder / "template.db"

    def make(out: int) -> None:
        engine = build_engine(Settings(database_url=url_of(path), live_rates=False))
        engine.save_profile(settled({}, scene))
        for _ in range(scene.before):
            finish(engine, engine.start(scene.request), scene)
        engine.save_profile(settled(scene.faults, scene))
        engine.stop()

    fork(make)
    return path


def warm_up(folder: Path) -> None:
    """Serve some runs in this process, to its very end: what is made once is then there in every fork."""
    engine = build_engine(Settings(database_url=url_of(folder / "warm.db"), live_rates=False))
    for scene in (SCENES["card"], SCENES["parked and given up"]):
        engine.save_profile(settled(scene.faults, scene))
        for id in start(engine, scene):
            finish(engine, id, scene)
    engine.stop()


def points_of(folder: Path, scene: Scene, store: Path) -> list[str]:
    """The points of a scene that nobody kills."""
    path = Path(shutil.copy(store, folder / "whole.db"))
    lines = fork(lambda out: serve(path, scene, 0, out, True))
    names: list[str] = lines[-1]["points"]
    return names


def kill(folder: Path, scene: Scene, store: Path, point: int) -> Result:
    """Kill a process at a point, every third one's successor too; what is wrong when all has ended."""
    path = Path(shutil.copy(store, folder / f"{point}.db"))
    first = fork(lambda out: serve(path, scene, point, out, True))
    if point % 3 == 0:
        fork(lambda out: serve(path, scene, 1 + point % 17, out, False))
    (last,) = fork(lambda out: serve(path, scene, 0, out, False))
    accepted = [id for line in first for id in line.get("accepted", ())]
    ended: dict[str, str] = last["ended"]
    wrong = [f"{id} was accepted and is lost" for id in accepted if id not in ended]
    newest = sorted(ended)[scene.before :]
    wrong += [f"{id} is {ended[id]}, not {scene.outcomes}" for id in newest if ended[id] not in scene.outcomes.split()]
    if len(newest) not in (0, scene.many):
        wrong.append(f"{len(newest)} runs of {scene.many} were accepted")
    wrong += [f"{one.invariant}: {one.sentence}" for one in audit_store(url_of(path)).violations]
    for file in folder.glob(f"{point}.db*"):
        file.unlink()
    return Result(next((line["killed"] for line in first if "killed" in line), ""), wrong)


def chosen(names: Sequence[str], sample: int | None, at: str) -> list[int]:
    """The points to kill at, counted from 1: all whose names begin so, or some of them spread evenly."""
    fits = [point for point, name in enumerate(names, 1) if name.startswith(at)]
    if sample is None or sample >= len(fits):
        return fits
    return [fits[(2 * n + 1) * len(fits) // (2 * sample)] for n in range(sample)]


def kill_all(name: str, sample: int | None, at: str, say: Callable[[str], None]) -> tuple[int, int]:
    """Kill at the points of a scene: how many kills there were, and how much was wrong after them."""
    scene, kills, wrong, met = SCENES[name], 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory(prefix="sagalab-kills-") as folder:
        store = template(Path(folder), scene)
        names = points_of(Path(folder), scene, store)
        for point in chosen(names, sample, at):
            result = kill(Path(folder), scene, store, point)
            kills += bool(result.at)
            met[result.at] += 1
            wrong += len(result.wrong)
            for sentence in result.wrong:
                say(f"{name}, point {point} ({result.at}): {sentence}")
    tables = sum(n for at, n in met.items() if at.startswith(("insert", "update")))
    edges = f"{met['begin immediate']} at begin, {tables} at rows, {met['commit']} at commit"
    say(f"{name:22} {len(names):5} points {kills:5} kills {wrong:3} wrong   {edges}, {met['after the commit']} after")
    return kills, wrong


def main() -> int:
    """Kill at all points of all scenes, or as the arguments say; 0 where nothing was wrong."""
    parser = argparse.ArgumentParser(description="Kill the engine at every write, and check what is left.")
    parser.add_argument("--sample", type=int, help="points per scene, spread evenly; else all")
    parser.add_argument("--scene", choices=SCENES, action="append", help="only this scene")
    parser.add_argument("--at", default="", help="only points that begin so, like 'after' or 'insert into ledger'")
    arguments = parser.parse_args()
    began, kills, wrong = time.perf_counter(), 0, 0
    with tempfile.TemporaryDirectory(prefix="sagalab-kills-") as folder:
        warm_up(Path(folder))
    for name in arguments.scene or SCENES:
        more, worse = kill_all(name, arguments.sample, arguments.at, lambda line: print(line, flush=True))
        kills, wrong = kills + more, wrong + worse
    print(f"{kills} kill points × {wrong} violations, in {time.perf_counter() - began:.0f} s")
    return 1 if wrong or not kills else 0


if __name__ == "__main__":
    sys.exit(main())

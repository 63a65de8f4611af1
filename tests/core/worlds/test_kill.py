"""A process killed with SIGKILL in the middle of a run: the next one finishes it, and nothing happens twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core.bootstrap import build_engine
from core.settings import Settings
from tests.core.worlds.kills import SCENES

ROOT = Path(__file__).parents[3]
SOME = ("card", "dearer alternative", "undone", "answers lost", "parked and retried", "undo stuck")
CHILD = """
import sys
from core.bootstrap import build_engine
from core.models import Item, Notifications, OrderRequest
from core.services.faults import PRESETS
from core.settings import Settings

engine = build_engine(Settings(database_url=sys.argv[1], live_rates=False))
engine.save_profile(PRESETS["calm"].model_copy(update={"latency_ms": 20}))
request = OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=1199),), convert_to="EUR",
                       channel=sys.argv[2], wallet=None, notifications=Notifications(call=True))
if sys.argv[2] == "corporate":
    request = request.model_copy(update={"convert_to": None})
run, seq = engine.start(request), 0
print(run, flush=True)
while engine.run(run).live:
    seq = engine.wait(run, seq, 10)
    print(seq, flush=True)
"""


def killed_after(seq: int, url: str, channel: str) -> str:
    """Start a run in a process of its own, kill that at the commit of row `seq`; the run's id."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, channel], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        run = child.stdout.readline().strip()
        for line in child.stdout:
            if int(line) >= seq:
                break
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    return run


@pytest.mark.parametrize(("channel", "seq"), [("B2C", 5), ("corporate", 8)])
def test_a_killed_run_goes_on_and_charges_once(tmp_path: Path, channel: str, seq: int) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    run = killed_after(seq, url, channel)
    engine = build_engine(Settings(database_url=url, live_rates=False))
    try:
        deadline = time.monotonic() + 20
        while (view := engine.run(run)).live and time.monotonic() < deadline:
            engine.wait(run, view.seq, 1)
        messages = Counter(message.channel for message in engine.outbox(run=run))
    finally:
        engine.stop()
    assert view.row.status == "confirmed"
    assert view.money.balanced
    assert messages == {"email": 1, "sms": 1, "ticket": 1}
    with create_engine(url).connect() as store:
        taken = store.execute(
            text(
                "select count(*), sum(minor) from postings where run = :run and account != 'house' "
                "and account != 'fx' and minor < 0"
            ),
            {"run": run},
        ).one()
        sums = store.execute(text("select sum(minor) from postings group by currency")).scalars().all()
    assert taken == (1, -view.money.captured.minor)
    assert set(sums) == {0}


# At every write, see kills.py


def kills(*arguments: str, before: str = "pass") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, where nothing else runs when it forks."""
    code = f"import sys; {before}; from tests.core.worlds import kills; sys.exit(kills.main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_kills_at_some_writes_leave_nothing_wrong() -> None:
    done = kills("--sample", "2", *[word for scene in SOME for word in ("--scene", scene)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"\n{2 * len(SOME)} kill points × 0 violations" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_kills_at_every_write_leave_nothing_wrong(scene: str) -> None:
    done = kills("--scene", scene)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " × 0 violations" in done.stdout


def test_a_kill_shows_that_nothing_is_deduped() -> None:
    forget = "from core.services import effects; from tests.core.audit.broken import forgetful; effects._do = forgetful"
    done = kills("--scene", "wallet", "--at", "after", "--sample", "4", before=forget)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "A second effect happened under the key" in done.stdout

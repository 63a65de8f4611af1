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

ROOT = Path(__file__).parents[3]
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


SAMPLE = [("B2C", 1), ("B2C", 5), ("corporate", 3), ("corporate", 8)]
EVERY = [(channel, seq) for channel in ("B2C", "corporate") for seq in range(1, 12)]


@pytest.mark.parametrize(
    ("channel", "seq"),
    SAMPLE + [pytest.param(*point, marks=pytest.mark.slow) for point in EVERY if point not in SAMPLE],
)
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

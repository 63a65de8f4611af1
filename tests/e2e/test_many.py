"""A hundred runs from one click."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.screens import SOON_MS, Compose, Metrics, Runs


def test_a_hundred_runs_are_started_and_counted(app, server):
    Compose(app).read("Order 1 mouse for me").run_many.click()
    expect(app).to_have_url(re.compile("/runs$"), timeout=SOON_MS)
    assert server.rows("select count(*) from runs") == [(100,)]
    runs = Runs(app).open("?show=open")
    expect(runs.none_fits).to_be_visible(timeout=60_000)
    metrics = Metrics(app).open()
    expect(metrics.tile("Runs started")).to_contain_text("100 ended")
    expect(metrics.tile("Confirmed")).to_contain_text("100 of 100 that ended")
    expect(metrics.charts).to_have_count(3)
    assert server.rows("select status, count(*) from runs group by status") == [("confirmed", 100)]
    assert server.rows("select count(*) from postings where account = 'card' and run != ''") == [(100,)]

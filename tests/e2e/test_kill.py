"""The server is killed in the middle of a run, and started again."""

from __future__ import annotations

from playwright.sync_api import expect

from core.services.faults import PRESETS
from tests.e2e.screens import Compose


def test_a_killed_server_goes_on_with_the_run_and_the_open_page_shows_it(make_server, browse):
    server = make_server(PRESETS["calm"].model_copy(update={"latency_ms": 300}))
    app = browse(server)
    run = Compose(app).run("Order 2 laptops for me")
    server.wait_until("select 1 from ledger where run = ? and action = 'payment_processing.charge'", run.id)
    server.kill()
    assert server.rows("select status from runs") == [("running",)]
    server.restart()
    run.reaches("Confirmed", 60_000)
    app.reload()  # what a page had not loaded yet when the server went down stays missing in it
    run.is_done("Charge card", "Book items", "Confirm shipping", "Email", "Text")
    expect(run.balanced).to_be_visible()
    expect(run.ledger.filter(has_text="Charge").filter(has_text="card")).to_have_count(1)
    assert server.rows("select count(*) from postings where account = 'card' and run != ''") == [(1,)]
    assert server.rows("select channel, count(*) from outbox group by channel") == [("email", 1), ("sms", 1)]

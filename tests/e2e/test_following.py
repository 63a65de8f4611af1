"""A slow run is followed, held and stopped from any tab."""

from __future__ import annotations

from playwright.sync_api import expect

from core.services.faults import PRESETS
from tests.e2e.harness import Server
from tests.e2e.screens import Compose, Lab, Run

PROFILE = PRESETS["calm"].model_copy(update={"latency_ms": 900})


def begun(page, server: Server) -> Run:
    """A run in its middle: the money is taken, most is still to come."""
    run = Compose(page).run("Order 2 laptops for our office team")
    server.wait_until("select 1 from ledger where run = ? and action = 'payment_processing.debit_wallet'", run.id)
    return run


def test_a_reload_in_the_middle_follows_the_same_run_to_its_end(app, server):
    run = begun(app, server)
    app.reload()
    assert server.rows("select status from runs where id = ?", run.id) == [("running",)]
    again = Run(app).reaches("Confirmed")
    assert again.id == run.id
    again.is_done("Debit wallet", "Book items", "Confirm shipping", "Email", "Text")


def test_the_root_address_leads_to_the_run_that_it_names_and_back_to_compose(app, server, browse):
    run = begun(app, server)
    tab = browse(server)
    tab.open(f"/?run={run.id}")
    assert Run(tab).reaches("Confirmed").id == run.id
    tab.get_by_role("link", name="Compose").click()
    expect(tab.get_by_role("heading", name="Write an order")).to_be_visible()


def test_two_tabs_follow_one_run_and_what_one_asks_the_other_shows(app, browse, server):
    run = begun(app, server)
    run.press("Pause")
    run.reaches("Paused")
    other = Run(browse(server), run.id).reaches("Paused")
    other.press("Resume")
    for tab in (run, other):
        tab.reaches("Confirmed")
        tab.is_done("Book items", "Email", "Text")


def test_a_cancelled_run_gives_back_what_it_took(app, server):
    run = begun(app, server)
    run.press("Cancel")
    run.reaches("Cancelled")
    expect(run.money("Captured")).not_to_have_text("$0.00")
    expect(run.money("Kept")).to_have_text("$0.00")
    expect(run.balanced).to_be_visible()
    expect(run.step("Debit wallet")).to_contain_text("Undone")
    expect(run.ledger.filter(has_text="Debit wallet").filter(has_text="wallet:team")).to_contain_text("undone")
    expect(run.ledger.filter(has_text="Restore wallet").filter(has_text="wallet:team")).to_contain_text("done")
    expect(run.ledger.filter(has_text="Restore wallet").filter(has_text="undone")).to_have_count(0)


def test_what_was_summed_up_when_it_was_parked_goes_when_it_goes_on(app):
    Lab(app).use(shipping=100)
    run = Compose(app).run("Order 2 laptops for me").reaches("Needs you", 60_000)
    expect(run.summary).to_be_visible()
    run.retry()
    run.reaches("Running")
    expect(run.summary).to_have_count(0, timeout=3_000)
    run.reaches("Needs you", 60_000)
    expect(run.summary).to_be_visible()
    Lab(app).use()

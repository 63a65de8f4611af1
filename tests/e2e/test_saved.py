"""Saved orders in a browser: used after a reload, run, taken away as files and brought back; bad files are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.screens import SOON_MS, Compose, Run, Saved, button, shown
from tests.e2e.test_orders import CLICK_AGAIN_AND_AGAIN

CLICK_TWICE = """
(button, apart_ms) => new Promise(done => {
  const {x, y, width, height} = button.getBoundingClientRect();
  const click = () => document.elementFromPoint(x + width / 2, y + height / 2)?.closest("button")?.click();
  click();
  setTimeout(() => { click(); done(); }, apart_ms);
})
"""
TEAM = "Order 2 laptops for our office team, ship to 5 Elm Street, Boston"


def test_a_saved_order_is_used_after_a_reload_and_runs_as_it_was(app, server):
    compose = Compose(app).write(TEAM)
    Saved(app).unfold().save("Monday laptops")
    Compose(app).open()
    saved = Saved(app).unfold()
    expect(saved.row("Monday laptops")).to_contain_text("2 × laptop")
    saved.row("Monday laptops").get_by_role("button", name="Use").click()
    expect(compose.sentence).to_have_value(TEAM, timeout=SOON_MS)
    expect(compose.plan).to_be_visible(timeout=SOON_MS)
    compose.run_button.click()
    run = Run(app).reaches("Confirmed")
    assert server.rows("select text from runs where id = ?", run.id) == [(TEAM,)]


def test_impatient_clicks_save_once(app, server):
    Compose(app).write("Order 4 lamps for me")
    saved = Saved(app).unfold()
    app.get_by_role("textbox", name="Save this order as").fill("Lamps")
    button(app, "Save").evaluate(CLICK_AGAIN_AND_AGAIN)
    expect(saved.row("Lamps")).to_be_visible(timeout=SOON_MS)
    app.idle()
    expect(app.get_by_role("alert")).to_have_count(0)
    assert server.rows("select count(*) from saved where key = 'lamps'") == [(1,)]


@pytest.mark.parametrize("apart_ms", [0, 20, 60, 150, 250])
def test_a_double_click_saves_once_and_says_so_once(app, server, apart_ms):
    name = f"Stools {apart_ms}"
    Compose(app).read("Order 4 stools for me")
    saved = Saved(app).unfold()
    app.get_by_role("textbox", name="Save this order as").fill(name)
    button(app, "Save").evaluate(CLICK_TWICE, apart_ms)
    expect(saved.row(name)).to_be_visible(timeout=SOON_MS)
    app.idle()
    expect(app.get_by_text(f"Saved as '{name}'.")).to_be_visible(timeout=SOON_MS)
    expect(app.get_by_role("alert")).to_have_count(0)
    assert server.rows("select count(*) from saved where name = ?", name) == [(1,)]


def test_a_file_is_taken_away_and_brought_back_under_another_name(app, tmp_path):
    Compose(app).write("Order 3 desks for me, email mara@keller.example")
    saved = Saved(app).unfold().save("Desks")
    with app.expect_download() as download:
        saved.row("Desks").get_by_role("button", name="JSON").click()
    assert download.value.suggested_filename == "Desks.sagalab.json"
    file = tmp_path / "order.json"
    download.value.save_as(file)
    order = json.loads(file.read_text(encoding="utf-8"))
    assert (order["name"], order["request"]["customer_email"]) == ("Desks", "mara@keller.example")
    saved.bring_in(file)
    expect(app.get_by_text(shown("There is a saved order 'Desks' already."))).to_be_visible(timeout=SOON_MS)
    app.get_by_role("button", name="Cancel").click()
    app.idle()
    saved.bring_in(file, "More desks")
    expect(saved.row("More desks")).to_contain_text("3 × desk", timeout=SOON_MS)
    saved.delete("Desks")
    expect(saved.row("Desks")).to_have_count(0, timeout=SOON_MS)
    expect(saved.row("More desks")).to_be_visible()


def test_a_bad_file_is_refused_with_the_path_of_its_fault(app, server, tmp_path):
    before = server.rows("select count(*) from saved")
    request = {"items": [{"name": "laptop", "quantity": 0}]}
    file = Path(tmp_path / "bad.json")
    file.write_text(json.dumps({"kind": "sagalab.order", "format": 1, "name": "Bad", "request": request}))
    Compose(app).open()
    saved = Saved(app).unfold()
    saved.bring_in(file)
    expect(app.get_by_role("alert")).to_contain_text(
        shown("request.items[0].quantity: must be greater than 0"), timeout=SOON_MS
    )
    assert server.rows("select count(*) from saved") == before

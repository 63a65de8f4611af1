"""An order is changed by saying what to change: shown, applied, undone; and it runs as it then stands."""

from __future__ import annotations

from playwright.sync_api import expect

from core.composer.base import MAX_CHARS
from tests.e2e.screens import SOON_MS, Compose, Run, shown


def test_an_order_is_refined_undone_and_run(app, server):
    compose = Compose(app).write("Order 2 laptops for our team")
    compose.sentence.blur()
    box = app.get_by_placeholder("Change it")
    box.fill("make it 3 and try shipping five times")
    box.press("Enter")
    main = app.get_by_role("main")
    expect(main.get_by_text("3 × laptop instead of 2")).to_be_visible(timeout=SOON_MS)
    expect(main.get_by_role("cell", name="2 × laptop", exact=True)).to_be_visible()
    app.get_by_role("button", name="Apply change").click()
    expect(main.get_by_role("cell", name="3 × laptop", exact=True)).to_be_visible(timeout=SOON_MS)
    app.get_by_role("button", name="Undo", exact=True).click()
    expect(main.get_by_role("cell", name="2 × laptop", exact=True)).to_be_visible(timeout=SOON_MS)
    app.get_by_role("button", name="Redo", exact=True).click()
    expect(main.get_by_role("cell", name="3 × laptop", exact=True)).to_be_visible(timeout=SOON_MS)
    compose.run_button.click()
    Run(app).reaches("Confirmed")
    expect(app.get_by_role("heading", name=shown("3 × laptop"), level=1)).to_be_visible()


def test_a_change_that_is_too_long_is_refused_and_stays_in_the_box(app):
    Compose(app).read("Order 2 laptops for our team")
    box, main = app.get_by_placeholder("Change it"), app.get_by_role("main")
    box.fill("make it 3" + " please" * 100)
    box.press("Enter")
    expect(main.get_by_text("3 × laptop instead of 2")).to_be_visible(timeout=SOON_MS)
    text = "make it 4" + " please" * (MAX_CHARS // 7)
    box.fill(text)
    box.press("Enter")
    expect(app.get_by_role("alert")).to_contain_text(shown("at most 2,000 can be read"), timeout=SOON_MS)
    expect(box).to_have_value(text)


def test_a_reload_keeps_the_order_as_it_stands_and_its_address_names_nobody(app, browse, server):
    text = "Order 2 laptops for me, email mara@keller.example"
    compose = Compose(app).read(text)
    box, main = app.get_by_placeholder("Change it"), app.get_by_role("main")
    box.fill("make it 3")
    box.press("Enter")
    app.get_by_role("button", name="Apply change").click()
    expect(main.get_by_role("cell", name="3 × laptop", exact=True)).to_be_visible(timeout=SOON_MS)
    app.idle()
    app.reload()
    expect(compose.sentence).to_have_value(text, timeout=SOON_MS)
    expect(main.get_by_role("cell", name="3 × laptop", exact=True)).to_be_visible(timeout=SOON_MS)
    assert "keller" not in app.url and "laptop" not in app.url
    expect(Compose(browse(server)).open().sentence).to_have_value("")
    compose.run_button.click()
    Run(app).reaches("Confirmed")

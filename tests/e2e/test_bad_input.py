"""What can't be done is refused in a sentence: no traceback, nothing started, nothing changed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.screens import SOON_MS, Compose, Runs, no_trace, shown

REFUSED = {
    "": "There is nothing to read",
    "asdf qwer zxcv": "does not say what to order",
    "What is the weather in Paris?": "Write what to order",
    "Order 0 laptops": "0 × laptop can't be ordered",
    "Order -3 laptops": "-3 × laptop can't be ordered",
    "Order 2 laptops, pay in doubloons": "'doubloons' is not a currency",
    "Order 2 laptops for our team, paid from the 'moonbase' wallet": "There is no wallet 'moonbase'",
    "Order laptops " + "and mice " * 300: "at most 2,000 can be read",
}


def test_a_bad_order_is_refused_and_nothing_starts(app, server):
    compose = Compose(app).open()
    for text, why in REFUSED.items():
        compose.sentence.fill(text)
        compose.run_button.click()
        expect(compose.refusal, text).to_contain_text(shown(why), timeout=SOON_MS)
        compose.run_many.click()
        app.idle()
        expect(compose.refusal, text).to_contain_text(shown(why))
        expect(app, text).not_to_have_url(re.compile("runs"))
        no_trace(app)
    assert server.rows("select count(*) from runs") == [(0,)]
    expect(Runs(app).open().none_yet).to_be_visible()


def test_markup_in_an_order_stays_text(app):
    evil = "<img src=x onerror=alert"
    text = f"Order 2 laptops {evil}(1)> :material/check: $x^2$ for me, ship to [Elm](https://outside.example) Street 5"
    compose = Compose(app).write(text)
    compose.sentence.blur()
    expect(compose.plan).to_be_visible(timeout=SOON_MS)
    left_out = app.get_by_role("main").get_by_text("Not understood and left out")
    expect(left_out).to_contain_text(shown(evil))
    expect(left_out).to_contain_text(shown("https"))
    expect(left_out.get_by_role("img")).to_have_count(0)
    expect(app.get_by_role("main").get_by_role("link")).to_have_count(0)
    no_trace(app)


def test_a_run_that_does_not_exist_is_named_with_a_way_back(app):
    for id in ("r_00000000000deadbeef", "../../etc/passwd", "%27%3B--", "x" * 3000, "nope"):
        for path in ("/runs", "/"):
            app.open(f"{path}?run={id}")
            expect(Runs(app).refusal, id).to_contain_text(shown("There is no run"))
            no_trace(app)
    app.get_by_role("main").get_by_role("link", name="All runs").click()
    expect(Runs(app).none_yet).to_be_visible(timeout=SOON_MS)


def halted(page: Page, sentence: str) -> None:
    """Whatever page is asked for, one says what is wrong."""
    for path in ("/", "/runs?run=r_1", "/lab"):
        page.open(path)
        expect(page.get_by_role("heading", name="Sagalab could not start")).to_be_visible()
        expect(page.get_by_text(sentence)).to_be_visible()
        no_trace(page)


def test_a_second_server_on_one_store_says_who_holds_it(server, make_server, browse, app):
    second = make_server(None, SAGALAB_DATABASE_URL=f"sqlite:///{server.store.as_posix()}")
    halted(browse(second), f"is in use by process {server.process.pid}")
    assert f"is in use by process {server.process.pid}" in second.output()
    Runs(app).open()
    expect(Runs(app).none_yet).to_be_visible()


def test_a_damaged_store_is_named_and_left_as_it_is(make_server, browse, tmp_path):
    content = b"SQLite format 3\0" + b"\xff" * 9000
    store = tmp_path / "damaged.db"
    store.write_bytes(content)
    server = make_server(None, SAGALAB_DATABASE_URL=f"sqlite:///{store.as_posix()}")
    halted(browse(server), f"The store {store} is damaged or is not a SQLite database")
    assert f"The store {store} is damaged" in server.output()
    assert store.read_bytes() == content

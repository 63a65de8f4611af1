"""Every page, light and dark, wide and on a phone: no error on the console, nothing from outside, nothing cut off."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from core.services.faults import make_profile
from tests.e2e.harness import Server
from tests.e2e.screens import PAGES, SOON_MS, Compose, Lab, Metrics, Run, Runs, Services, idle, no_trace

PROFILE = make_profile("shipping fails", {"shipping_confirmation": 1.0}, payment_rule=False, latency_ms=0)
ORDER = "Order 3 ergonomic office chairs at $249.50 each and 12 whiteboard markers for our team, pay in euros"
PHONE = {"width": 390, "height": 844}
WIDER_THAN_IT_SHOWS = """
() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
  .filter(one => one.scrollWidth > one.clientWidth).map(one => `${one.tagName} ${one.scrollWidth}px`)
"""
OUT_OF_SIGHT = """
() => [...document.querySelectorAll('h1, h2, h3, h4, p, button, input, textarea, [role=slider], [role=combobox]')]
  .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter(one => !one.closest('header, table, [role=region], [role=tablist]'))  // these scroll by themselves
  .filter(one => !one.closest('[data-testid="stSidebar"], [data-testid="stElementToolbar"]'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && box.height > 1 && (box.right > innerWidth + 1 || box.left < -1))
  .map(([one, box]) => `${one.tagName} '${one.innerText || one.ariaLabel}' ${box.left} to ${box.right}`)
"""


@pytest.fixture(scope="module")
def ran(server: Server, browser) -> tuple[str, str]:
    """A run that waits for somebody, and one that was confirmed with issues: lists, charts and outbox have content."""
    page = browser.new_page()
    page.visit = lambda path="/": page.goto(server.url + path)
    page.idle = partial(idle, page)
    page.open = page.visit
    ids = []
    for _ in range(2):
        ids.append(Compose(page).run("Order 2 laptops for our team").reaches("Needs you").id)
    waiting, skipped = ids
    run = Run(page, skipped)
    page.idle()
    run.press("Skip")
    run.reaches("With issues")
    page.close()
    return waiting, skipped


def each_page(page: Page, ran: tuple[str, str]):
    """Bring up one page after the other, with all that unfolds on it; yields its name."""
    Compose(page).write(ORDER).sentence.blur()
    expect(Compose(page).plan).to_be_visible(timeout=SOON_MS)
    page.get_by_text("Correct it").click()
    expect(page.get_by_role("textbox", name="Address")).to_be_visible()
    yield "Compose"
    Runs(page).open()
    expect(page.get_by_role("link", name="2 × laptop")).to_have_count(2)
    yield "Runs"
    run = Run(page, ran[0])
    expect(run.summary).to_be_visible(timeout=SOON_MS)
    run.press("Edit and retry")
    expect(page.get_by_role("textbox", name="Address")).to_be_visible(timeout=SOON_MS)
    yield "a run that waits"
    run = Run(page, ran[1]).reaches("With issues")
    expect(run.summary).to_be_visible(timeout=SOON_MS)
    page.get_by_role("tab", name="Events").click()
    yield "a run that has ended"
    page.open("/lab")
    expect(Lab(page).chart).to_be_visible(timeout=SOON_MS)
    yield "Lab"
    page.open("/metrics")
    expect(Metrics(page).charts.last).to_be_visible(timeout=SOON_MS)
    yield "Metrics"
    page.open("/services")
    expect(Services(page).wallets).to_be_visible()
    page.get_by_role("group").last.click()
    yield "Services"


def test_empty_pages_say_what_to_do(app, server):
    assert server.rows("select count(*) from runs") == [(0,)]
    for path in PAGES:
        app.open(path)
        no_trace(app)
    app.open("/runs")
    expect(Runs(app).none_yet).to_be_visible()
    app.get_by_role("button", name="Compose an order").click()
    expect(Compose(app).sentence).to_be_visible(timeout=SOON_MS)


@pytest.mark.browser_context_args(color_scheme="light")
def test_every_page_is_clean_in_the_light_theme(app, ran):
    for name in each_page(app, ran):
        app.idle()
        no_trace(app)
        assert brightness(app) > 0.9, name


@pytest.mark.browser_context_args(color_scheme="dark", viewport=PHONE, has_touch=True)
def test_every_page_is_clean_in_the_dark_theme_and_none_scrolls_sideways_on_a_phone(app, ran):
    for name in each_page(app, ran):
        app.idle()
        no_trace(app)
        assert brightness(app) < 0.1, name
        assert not app.evaluate(WIDER_THAN_IT_SHOWS), name
        assert not app.evaluate(OUT_OF_SIGHT), name


def brightness(page: Page) -> float:
    """Of the page's ground: 0 black, 1 white."""
    ground = page.get_by_test_id("stApp").evaluate("one => getComputedStyle(one).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", ground)[:3]) / 3 / 255

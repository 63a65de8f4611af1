"""Where things are on the pages, by role and visible name: the only place of the browser tests that knows words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

SOON_MS = 20_000  # what a page does within a second when nothing else runs on the machine
PAGES = ("/", "/runs", "/lab", "/metrics", "/services")
SLIDERS = ("Orders", "Payments", "Currency", "Email", "Shipping", "Call centre", "SMS", "Out of stock")


def shown(text: str) -> re.Pattern[str]:
    """A text of a user: pages put word joiners around its marks, so that nothing in it becomes a link."""
    return re.compile("\u2060*".join(re.escape(char) for char in text))


def no_trace(page: Page) -> None:
    """Nothing on the page is an exception."""
    expect(page.get_by_test_id("stException")).to_have_count(0)


def idle(page: Page) -> None:
    """Wait until the page is connected and no script runs. One that follows a run is not idle before the run rests."""
    root = page.get_by_test_id("stApp")
    expect(root).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=30_000)
    expect(root).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def go(page: Page, title: str) -> None:
    """Open a page by the navigation, or by its address in a new tab."""
    if page.url == "about:blank":
        page.open(f"/{title.lower()}")  # type: ignore[attr-defined]
    else:
        page.get_by_role("navigation").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=SOON_MS)
    page.idle()  # type: ignore[attr-defined]


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a select box."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # scrolled
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


class Compose:
    """The page that an order is written on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sentence = page.get_by_role("textbox", name="Your order")
        self.run_button = button(page, "Run this order")
        self.run_many = button(page, "Run × 100")
        self.refusal = page.get_by_role("alert")
        self.plan = page.get_by_role("img", name=re.compile("^Plan: "))

    def open(self) -> Compose:
        self.page.open("/")  # type: ignore[attr-defined]
        return self

    def write(self, text: str) -> Compose:
        self.open()
        self.sentence.fill(text)
        return self

    def read(self, text: str) -> Compose:
        """Write an order on a fresh page, and see how it is read."""
        self.write(text).sentence.blur()
        expect(self.plan).to_be_visible(timeout=SOON_MS)
        return self

    def run(self, text: str) -> Run:
        """Write an order on a fresh page and run what was read."""
        self.read(text).run_button.click()
        return Run(self.page)


class Saved:
    """The saved orders below the order's card."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_test_id("stExpander").filter(has=page.get_by_text("Saved orders", exact=True))

    def unfold(self) -> Saved:
        self.box.get_by_text("Saved orders", exact=True).click()
        expect(button(self.page, "Import")).to_be_visible(timeout=SOON_MS)
        return self

    def save(self, name: str) -> Saved:
        """Save the order on the page, and see it in the list."""
        field = self.page.get_by_role("textbox", name="Save this order as")
        field.fill(name)
        button(self.page, "Save").click()
        expect(self.row(name)).to_be_visible(timeout=SOON_MS)
        return self

    def row(self, name: str) -> Locator:
        whole = re.compile(f"^{shown(name).pattern}$")
        rows = self.box.get_by_test_id("stHorizontalBlock").or_(self.box.get_by_test_id("stLayoutWrapper"))
        return rows.filter(has=self.page.get_by_role("strong").filter(has_text=whole)).last

    def bring_in(self, file: Path, name: str = "") -> None:
        button(self.page, "Import").click()
        form = self.page.get_by_test_id("stPopoverBody")
        form.locator("input[type=file]").set_input_files(file)
        expect(form.get_by_text(file.name)).to_be_visible(timeout=SOON_MS)
        form.get_by_role("textbox", name="Save it as").fill(name)
        form.get_by_role("button", name="Import file").click()

    def delete(self, name: str) -> None:
        self.row(name).get_by_role("button", name="Delete").click()
        self.page.get_by_role("button", name="Yes, delete it").click()


class Run:
    """The page of the run that the address names."""

    def __init__(self, page: Page, id: str = "") -> None:
        self.page = page
        if id:
            page.visit(f"/runs?run={id}")  # type: ignore[attr-defined]
        expect(page).to_have_url(re.compile(r"/runs\?run=r_\w+$"), timeout=SOON_MS)
        self.id = page.url.partition("run=")[2]
        main = page.get_by_role("main")
        self.status = main.get_by_role("paragraph").filter(has=page.get_by_role("code").filter(has_text=self.id))
        self.card = main.get_by_role("heading", level=4).first
        self.balanced = main.get_by_text(re.compile("Balanced")).last
        self.summary = main.get_by_role("heading", name="Summary", exact=True)
        self.ledger = main.get_by_role("region", name="Effects of this run").locator("tbody tr")
        self.repair_link = main.get_by_role("link", name=re.compile("^Repair "))
        self.repaired_link = main.get_by_role("link", name="The run that this repairs")

    def reaches(self, status: str | re.Pattern[str], timeout_ms: int = SOON_MS) -> Run:
        """Wait for a status: 'Confirmed', 'Needs you', 'With issues', 'Refunded', 'Cancelled', 'Paused', ..."""
        expect(self.status).to_contain_text(status, timeout=timeout_ms)
        return self

    def step(self, title: str) -> Locator:
        """The block of a step; it says its state."""
        return self.page.get_by_role("group").filter(has=self.page.get_by_text(title, exact=True))

    def is_done(self, *titles: str) -> None:
        for title in titles:
            expect(self.step(title)).to_contain_text("Done", timeout=SOON_MS)

    def money(self, line: str) -> Locator:
        """An amount of the money card: 'Captured', 'Refunded', 'Kept', 'Price of bookings held'."""
        return self.page.get_by_text(line, exact=True).locator("xpath=following::p[1]")

    def press(self, name: str) -> None:
        button(self.page, name).click()

    def retry(self, notice: str = "") -> None:
        """Retry the step; notice 'Email', 'SMS' or 'Call'."""
        if notice:
            choose(self.page, "Tell the customer by", notice)
        self.press("Retry step")

    def edit(self, **fields: str) -> None:
        """Open the form, fill fields by their label, and retry."""
        self.press("Edit and retry")
        for label, value in fields.items():
            self.page.get_by_role("textbox", name=label.replace("_", "-")).fill(value)
        self.press("Retry with these changes")

    def send_again(self, title: str) -> Run:
        """Repair a step; the page of the repair."""
        before = self.page.url
        self.press(title)
        expect(self.page).not_to_have_url(before, timeout=SOON_MS)
        return Run(self.page)


class Runs:
    """The list."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.none_yet = page.get_by_role("heading", name="No runs yet")
        self.none_fits = page.get_by_role("heading", name="No run fits")
        self.refusal = page.get_by_role("alert")

    def open(self, query: str = "") -> Runs:
        self.page.open(f"/runs{query}")  # type: ignore[attr-defined]
        return self


class Lab:
    """The sliders."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chart = page.get_by_role("figure").first
        self.rule = page.get_by_role("switch", name="Decline every 4th or 5th charge")
        self.save = button(page, "Use these")

    def open(self) -> Lab:
        go(self.page, "Lab")
        return self

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=re.compile(name))

    def use(self, rule: bool = False, **percents: int) -> None:
        """Save a profile where only these services fail, by percent (`out_of_stock=100`), one change after another."""
        self.open()
        wanted = {name.replace("_", " ").lower(): value for name, value in percents.items()}
        assert wanted.keys() <= {name.lower() for name in SLIDERS}
        for name in SLIDERS:
            slider, value = self.slider(name), wanted.get(name.lower(), 0)
            if slider.input_value() != str(value):
                slider.fill(str(max(0, value - 1)))
                slider.press("ArrowRight" if value else "Home")  # a key is what commits the value
                self._save()
                expect(slider).to_have_value(str(value))
        if self.rule.is_checked() != rule:
            self.rule.press("Space")
            self._save()

    def _save(self) -> None:
        expect(self.save).to_be_enabled(timeout=SOON_MS)
        self.save.click()
        expect(self.page.get_by_text(re.compile("In use"))).to_be_visible(timeout=SOON_MS)
        expect(self.save).to_be_disabled(timeout=SOON_MS)


class Metrics:
    """The tiles and charts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.charts = page.get_by_role("figure")

    def open(self) -> Metrics:
        go(self.page, "Metrics")
        return self

    def tile(self, label: str) -> Locator:
        return self.page.get_by_test_id("stMetric").filter(has=self.page.get_by_text(label, exact=True))


class Services:
    """Health, outbox, wallets."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wallets = page.get_by_role("heading", name="Wallets", exact=True)

    def open(self) -> Services:
        go(self.page, "Services")
        return self

    def sent(self, recipient: str, kind: str = "Everything") -> Locator:
        """The messages to somebody, newest first."""
        if kind != "Everything":
            choose(self.page, "Kind", kind)
        return self.page.get_by_role("group").filter(has_text=shown(recipient))

    def balance(self, wallet: str) -> Locator:
        return self._after(wallet, "strong[1]")

    def top_up(self, wallet: str, amount: str) -> None:
        """Put money into a wallet, and see it there."""
        before = self.balance(wallet).inner_text()
        self.top_up_form(wallet, amount).get_by_role("button", name="Add money").click()
        expect(self.balance(wallet)).not_to_have_text(before, timeout=SOON_MS)

    def top_up_form(self, wallet: str, amount: str) -> Locator:
        """The form of a top-up, filled in and not sent."""
        self._after(wallet, "button[contains(., 'Top up')][1]").click()
        form = self.page.get_by_role("dialog")
        form.get_by_role("spinbutton").fill(amount)
        return form

    def _after(self, wallet: str, what: str) -> Locator:
        name: Any = self.page.get_by_role("strong").filter(has_text=re.compile(f"^{wallet}$"))
        return name.locator(f"xpath=following::{what}")

"""How soon a run is seen: from pressing Run, and from its acceptance, to its first step in pixels.

    python tests/benchmarks/bench_pixels.py [--times 10]

The real app in headless Chromium, profile 'calm'. The page itself takes the times by the wall clock: of the click, and
of the frame after the one in which the block of the first step has a place on the screen. Acceptance is the run's
created_at. 'Fresh tab': Compose was just loaded; 'same tab': it has shown a run before. The goal: at most 150 ms from
acceptance to pixels.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.harness import MakeServer, Server, launch_options
from tests.e2e.screens import Compose, Run

GOAL_MS = 150
POLLING_MS = 1000
ORDER = "Order 2 laptops for me"
FIRST_STEP = "Check order"
CLOCK = """
const now = () => performance.timeOrigin + performance.now();
window.seen = {};
addEventListener("click", () => { window.seen = {click: now()}; }, true);
const frame = () => {
  const seen = window.seen;
  if (seen.click && !seen.address && location.pathname === "/runs") seen.address = now();
  if (seen.click && !seen.step && location.pathname === "/runs") {
    const block = [...document.querySelectorAll("details")].find(one => one.textContent.includes("FIRST_STEP"));
    if (block && block.getBoundingClientRect().height > 0) {
      seen.step = -1;
      requestAnimationFrame(() => { seen.step = now(); });
    }
  }
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
""".replace("FIRST_STEP", FIRST_STEP)
SPANS = {
    "click to acceptance": ("click", "accepted"),
    "acceptance to the run's address": ("accepted", "address"),
    "acceptance to first step in pixels": ("accepted", "step"),
    "click to first step in pixels": ("click", "step"),
}


def press_run(page: Page, server: Server) -> dict[str, float]:
    """Run the order that is written; the times in ms of the Unix clock. Returns when the run has ended."""
    Compose(page).run_button.click()
    page.wait_for_function("window.seen.step > 0", polling=POLLING_MS)  # nothing else is asked of the page meanwhile
    seen: dict[str, float] = page.evaluate("window.seen")
    run = Run(page)
    run.reaches("Confirmed", 60_000)
    accepted = server.rows("select created_at from runs where id = ?", run.id)[0][0]
    return seen | {"accepted": 1000 * accepted}


def write(page: Page) -> None:
    """Write the order, and wait until the page is at rest: a person looks at the plan before pressing Run."""
    compose = Compose(page)
    compose.sentence.fill(ORDER)
    compose.sentence.blur()
    expect(compose.plan).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    page.wait_for_load_state("networkidle")


def fresh_tab(page: Page, server: Server) -> None:
    page.goto(server.url)
    write(page)


def same_tab(page: Page, server: Server) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Compose").click()
    write(page)


def show(name: str, times: list[dict[str, float]]) -> None:
    """One line per span: median, least and most."""
    for span, (start, end) in SPANS.items():
        took = [one[end] - one[start] for one in times]
        print(f"{name:10}  {span:36}{statistics.median(took):8.0f}{min(took):8.0f}{max(took):8.0f}")


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    ways: dict[str, Callable[[Page, Server], None]] = {"fresh tab": fresh_tab, "same tab": same_tab}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make_server = MakeServer(lambda: Path(folder))
        browser = playwright.chromium.launch(**launch_options())
        try:
            server = make_server()
            page = browser.new_page()
            page.add_init_script(CLOCK)
            fresh_tab(page, server)
            press_run(page, server)  # the first run of a server imports what it needs
            print(f"milliseconds, {times} runs each; goal: {GOAL_MS} from acceptance to first step in pixels")
            print(f"{'':10}  {'':36}{'median':>8}{'least':>8}{'most':>8}")
            for name, prepare in ways.items():
                found = []
                for _ in range(times):
                    prepare(page, server)
                    found.append(press_run(page, server))
                show(name, found)
        finally:
            browser.close()
            make_server.stop()


if __name__ == "__main__":
    main()

"""A step that fails for good waits for a person, who retries, edits, skips, and repairs what failed afterwards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.screens import Compose, Lab, Run, Services, shown

PHONE = "+49 151 5550100"
MOST_AT_ONCE = """
() => {
  window.most = 0;
  const look = () => {
    const same = [...document.querySelectorAll("button")].filter(one => one.innerText.includes("Give up"));
    window.most = Math.max(window.most, same.length);
    requestAnimationFrame(look);
  };
  look();
}
"""


def test_a_failed_step_is_retried_once_its_slider_is_down_and_the_customer_gets_a_text(app, server):
    Lab(app).use(shipping=100)
    run = Compose(app).run(f"Order 2 laptops for me, text me at {PHONE}").reaches("Needs you")
    expect(run.card).to_contain_text("Confirm shipping failed after 3 attempts")
    expect(run.step("Confirm shipping")).to_contain_text("Needs you")
    expect(run.step("Email")).to_contain_text("Waiting")
    Lab(app).use()
    run = Run(app, run.id)
    run.retry("SMS")
    run.reaches("Confirmed")
    run.is_done("Confirm shipping", "Email", "Text")
    expect(run.ledger.filter(has_text="Charge").filter(has_text="card")).to_have_count(1)
    texts = Services(app).open().sent(PHONE, "Texts")
    expect(texts).to_have_count(2)  # the notice of the retry, then the confirmation
    texts.last.click()
    expect(texts.last).to_contain_text("retry,")
    assert server.rows("select kind from outbox where run = ? and channel = 'sms' order by id", run.id) == [
        ("retry",),
        ("confirmation",),
    ]


def test_an_edit_is_checked_and_then_the_confirmation_goes_to_the_new_address(app):
    Lab(app).use(shipping=100)
    run = Compose(app).run("Order 2 laptops for me, email old@keller.example").reaches("Needs you")
    run.edit(E_mail="not an address")
    expect(app.get_by_role("alert")).to_contain_text(shown("'not an address' is not an e-mail address"))
    run.reaches("Needs you")
    Lab(app).use()
    run = Run(app, run.id)
    run.edit(E_mail="new@keller.example")
    run.reaches("Confirmed")
    services = Services(app).open()
    expect(services.sent("new@keller.example")).to_have_count(1)
    expect(services.sent("old@keller.example")).to_have_count(0)


def test_a_skipped_step_leaves_issues_and_a_failed_email_is_repaired(app, server):
    Lab(app).use(shipping=100, email=100)
    run = Compose(app).run("Order 2 laptops for me, email late@keller.example").reaches("Needs you")
    run.press("Skip")
    run.reaches("With issues")
    expect(run.step("Confirm shipping")).to_contain_text("Skipped")
    expect(run.step("Email")).to_contain_text("Failed")
    expect(run.balanced).to_be_visible()
    Lab(app).use()
    repair = Run(app, run.id).send_again("Email").reaches("Confirmed")
    repair.is_done("Email")
    repair.repaired_link.click()
    run = Run(app, run.id)
    expect(run.step("Email")).to_contain_text("Repaired")
    expect(run.repair_link).to_have_count(1)
    expect(Services(app).open().sent("late@keller.example")).to_have_count(1)
    assert server.rows("select count(*) from runs where parent = ?", run.id) == [(1,)]


@pytest.mark.parametrize(
    ("clicked", "decide", "told"),
    [
        (b"-skip_", lambda late: late.press("Skip"), "no longer open|has ended"),
        (
            b"FormSubmitter",
            lambda late: late.edit(E_mail="new@keller.example"),
            "decided this question in the meantime",
        ),
    ],
    ids=["skip", "edit"],
)
def test_who_decides_too_late_is_told_though_the_page_was_drawn_anew(app, browse, server, clicked, decide, told):
    """What the second tab sends for its click is held until the first tab has decided and the second shows that."""
    Lab(app).use(shipping=100)
    run = Compose(app).run("Order 2 laptops for me").reaches("Needs you")
    second, held, lines = browse(server), [], []

    def tap(line):
        lines.append(line.connect_to_server())
        line.on_message(lambda frame: held.append(frame) if clicked in frame else lines[-1].send(frame))

    second.route_web_socket(re.compile("/_stcore/stream"), tap)
    late = Run(second, run.id).reaches("Needs you")
    decide(late)
    run.press("Give up and undo")
    run.reaches("Refunded")
    late.reaches("Refunded")
    assert len(held) == 1
    lines[-1].send(held[0])
    expect(second.get_by_test_id("stToast")).to_contain_text(re.compile(told), timeout=20_000)
    late.reaches("Refunded")
    Lab(app).use()


def test_a_choice_that_was_made_leaves_no_second_button_beside_the_greyed_one(app):
    Lab(app).use(shipping=100)
    run = Compose(app).run("Order 2 laptops for me").reaches("Needs you")
    app.evaluate(MOST_AT_ONCE)
    run.press("Give up and undo")
    run.reaches("Refunded")
    assert app.evaluate("window.most") == 1

"""The services page: health, exchange rates, the outbox as it would arrive, wallets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.bootstrap import adopt
from core.errors import EngineBusy, WalletRefused
from core.views import AuditView, Message, Money, RateView, ServiceView, Violation, WalletView
from pages.shared.books import Check
from tests.pages.fakes import NOW, FakeEngine

ROUTER = "../../pages/router.py"


@pytest.fixture(autouse=True)
def no_engine_afterwards() -> Iterator[None]:
    yield
    adopt(None)


def page(engine: FakeEngine) -> AppTest:
    adopt(engine)  # type: ignore[arg-type]
    app = AppTest.from_file(ROUTER, default_timeout=30).run().switch_page("services.py").run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.subheader) for element in kind)


def messages(app: AppTest) -> list[str]:
    return [block.label for block in app.expander]


def message(number: int, **changes: Any) -> Message:
    sent = Message(
        f"m{number}", "email", "confirmation", "ada@example.com", f"Subject {number}", "Hello", "r_000", NOW - number
    )
    return replace(sent, **changes)


# Services and rates


def test_a_fresh_store_shows_services_that_were_not_used() -> None:
    app = page(FakeEngine())
    assert said(app).count("Not used yet") == 7
    assert "Nothing sent yet" in said(app)
    assert [tile.value for tile in app.metric] == ["–"] * 7 + ["0.92333"]


def test_health_is_a_word_and_an_icon() -> None:
    text = said(page(FakeEngine.many(3)))
    assert text.count("Healthy") == 5 and text.count("Degraded") == 1 and text.count("Down") == 1
    assert "of 120 attempts in 24 h served, p95 480 ms" in text
    assert "convert" in text


def test_what_decides_the_health_is_said() -> None:
    text = said(page(FakeEngine.many(3)))
    assert "called degraded from 20% of attempts not served, down from 50%" in text
    assert "Those of the last hour count, or of 24 hours where it had none; 2 more are taken as served" in text


def test_refusals_are_said_to_be_answers_where_there_are_some() -> None:
    engine = FakeEngine.many(3)
    assert "refusal" not in said(page(engine))
    seven = engine.services()
    engine.services = lambda: [replace(seven[0], failed=0, refused=9), *seven[1:]]  # type: ignore[method-assign]
    assert "120 attempts in 24 h served, p95 480 ms; 9 refusals among them, which are answers too" in said(page(engine))


def test_a_service_that_no_icon_knows_is_shown_too() -> None:
    engine = FakeEngine()
    new = ServiceView("gift_wrapping", "Gift wrapping", ("gift_wrapping.wrap",), 0.0, "healthy", 4, 1, None, None)
    engine.services = lambda: [new]  # type: ignore[method-assign]
    app = page(engine)
    assert "Gift wrapping" in said(app)
    assert app.metric[0].value == "75.0%"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("live_api", "The live source answered: 1 USD is 0.5 EUR"),
        ("cached_rates", "There was no live answer: 1 USD is 0.5 EUR"),
        ("fallback_rates", "There was no live answer: 1 USD is 0.5 EUR"),
    ],
)
def test_a_check_of_the_rates_says_what_came_of_it(source: str, words: str) -> None:
    engine = FakeEngine()
    engine.check_rates = lambda base, currency: RateView(base, currency, "0.5", source, "2025-11-21")  # type: ignore[method-assign]
    app = press(page(engine), "Check rates now")
    assert words in app.info[0].value.replace("\u2060", "").replace("\\", "")


def test_a_check_that_fails_is_a_sentence() -> None:
    engine = FakeEngine()
    app = page(engine)
    engine.refusal = EngineBusy("The store is full. Make room.")
    press(app, "Check rates now")
    assert "The store is full" in app.info[0].value
    assert not app.run().info


# Outbox


def test_messages_open_to_their_text() -> None:
    engine = FakeEngine.one()
    app = page(engine)
    assert len(messages(app)) == 1
    assert "Hello,\nyour order is confirmed." in [text.value for text in app.text]


def test_messages_are_filtered_by_channel() -> None:
    engine = FakeEngine()
    engine.sent = [message(1), message(2, channel="sms", recipient="+49 151 5550100"), message(3, channel="ticket")]
    app = page(engine)
    assert len(messages(app)) == 3
    app.selectbox("outbox_kind").select("Texts").run()
    assert len(messages(app)) == 1
    assert "Subject 2" in messages(app)[0]


def test_a_text_without_subject_shows_how_it_begins() -> None:
    engine = FakeEngine()
    engine.sent = [message(1, channel="sms", subject="", body="Your order is on its way")]
    assert "Your order is on its way" in messages(page(engine))[0]


def test_older_messages_are_shown_on_demand() -> None:
    engine = FakeEngine()
    engine.sent = [message(number) for number in range(45)]
    app = page(engine)
    assert len(messages(app)) == 20
    assert len(messages(press(press(app, "Show older"), "Show older"))) == 45
    assert "Show older" not in [button.label for button in app.button]


def test_what_a_user_wrote_stays_text() -> None:
    engine = FakeEngine()
    nasty = "[x](http://evil.example) <b>:smile:</b>"
    engine.sent = [message(1, recipient=nasty, subject=nasty, kind=nasty, body=nasty)]
    engine.held = [WalletView(nasty, Money(5, "USD"))]
    app = page(engine)
    shown = [*messages(app), *(line.value for line in app.markdown), *(line.value for line in app.caption)]
    assert not any("](http" in line or "<b>" in line for line in shown)
    assert nasty in [text.value for text in app.text]


# Wallets


def test_wallets_show_their_balance_and_which_is_low() -> None:
    lines = said(page(FakeEngine())).splitlines()
    team, small = (next(line for line in lines if name in line) for name in ("**team**", "**small**"))
    assert "Low" in small and "Low" not in team
    assert any("10,000.00" in line for line in lines)


def test_no_wallets_says_what_to_do() -> None:
    engine = FakeEngine()
    engine.held = []
    assert "No wallets yet" in said(page(engine))


def test_a_top_up_shows_the_new_balance() -> None:
    engine = FakeEngine()
    app = page(engine)
    app.number_input("amount_small_0").set_value(250.55)
    app.button("FormSubmitter:form_of_small_0-Add money").click().run()
    assert not app.exception
    assert ("top_up", "small", 25055) in engine.calls
    assert "350.55" in said(app)
    assert "350.55" in app.toast[0].value
    assert app.number_input("amount_small_1").value is None
    assert app.session_state["top_up_small"] is False


def test_the_other_half_of_a_double_click_adds_nothing() -> None:
    engine = FakeEngine()
    app = page(engine)
    app.number_input("amount_small_0").set_value(5.0)
    again = app.button("FormSubmitter:form_of_small_0-Add money")
    again.click().run()
    again.click().run()
    app.button("FormSubmitter:form_of_small_1-Add money").click().run()  # the empty form that stands there now
    assert not app.error
    assert [call for call in engine.calls if call[0] == "top_up"] == [("top_up", "small", 500)]


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (None, "USD", "No amount was written"),
        (0.0, "USD", "more than 0"),
        (10.5, "JPY", "0 decimal places"),
        (1.001, "USD", "2 decimal places"),
    ],
)
def test_a_bad_amount_is_refused_in_a_sentence(amount: float | None, currency: str, words: str) -> None:
    engine = FakeEngine()
    engine.held = [WalletView("travel", Money(700, currency))]
    app = page(engine)
    app.number_input("amount_travel_0").set_value(amount)
    app.button("FormSubmitter:form_of_travel_0-Add money").click().run()
    assert not app.exception
    assert words in app.error[0].value
    assert engine.held[0].balance.minor == 700


def test_a_new_wallet_is_there_at_once() -> None:
    engine = FakeEngine()
    app = page(engine)
    app.text_input("wallet_name").set_value(" marketing ")
    app.selectbox("wallet_currency").select("JPY")
    app.number_input("wallet_amount").set_value(12400.0)
    app.button("FormSubmitter:add_form-Add wallet").click().run()
    assert not app.exception
    assert ("add_wallet", "marketing", "JPY", 12400) in engine.calls
    assert "12,400" in said(app)


@pytest.mark.parametrize(
    "refusal", [WalletRefused("team", "There is a wallet already."), EngineBusy("The disk is full.")]
)
def test_a_wallet_that_is_refused_is_a_sentence(refusal: Exception) -> None:
    engine = FakeEngine()
    app = page(engine)
    app.text_input("wallet_name").set_value("team")
    app.number_input("wallet_amount").set_value(1.0)
    engine.refusal = refusal  # type: ignore[assignment]
    app.button("FormSubmitter:add_form-Add wallet").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert len(engine.held) == 2


# The check of the books


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_nothing_is_checked_before_somebody_asks() -> None:
    engine = FakeEngine()
    app = page(engine)
    assert "Check of the books" in said(app) and "Check now" in labels(app)
    assert ("audit",) not in engine.calls


def test_books_that_are_right() -> None:
    engine = FakeEngine()
    app = press(page(engine), "Check now")
    assert engine.calls.count(("audit",)) == 1
    assert "Everything holds" in said(app)
    assert "1 run, 10 journal rows and 6 effects, looked at after each of 16 steps, in 0.02 s." in said(app)
    app.run()
    assert engine.calls.count(("audit",)) == 1 and "Everything holds" in said(app)


def test_violations_are_a_table() -> None:
    engine = FakeEngine()
    wrong = (
        Violation(3, "r_one", 17, "The run ended refunded, and $1.00 were kept."),
        Violation(8, "", 20, "The rollup counts 2."),
    )
    engine.audited = AuditView(1, 10, 6, 16, 0.02, wrong)
    app = press(page(engine), "Check now")
    assert "2 violations" in said(app) and "Everything holds" not in said(app)
    table = app.dataframe[-1].value
    assert list(table["What is wrong"]) == [one.sentence for one in wrong]
    assert table["Promise"][0] == "3. Money kept is the price of the booking"
    assert list(table["Run"]) == ["r_one", ""] and list(table["Position"]) == [17, 20]


def test_a_long_table_is_cut() -> None:
    engine = FakeEngine()
    engine.audited = AuditView(1, 10, 6, 16, 0.02, (Violation(1, "r", 1, "Lost."),) * 300)
    app = press(page(engine), "Check now")
    assert len(app.dataframe[-1].value) == 200
    assert "The first 200 of 300" in said(app)


def test_a_long_check_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[Check] = []

    def gone(check: Check) -> None:
        """The browser leaves while the page follows the check."""
        waits.append(check)
        if len(waits) > 1:
            st.stop()

    monkeypatch.setattr(Check, "wait", gone)
    engine = FakeEngine()
    engine.audited = None
    app = press(page(engine), "Check now")
    assert "Stop" in labels(app) and "Check now" not in labels(app)
    assert "Wallets" in said(app)
    monkeypatch.setattr(Check, "wait", lambda check: check._thread.join())
    press(app, "Stop")
    assert "It was stopped after 3,000 journal rows and 1,000 effects." in said(app)
    assert "Check now" in labels(app)


def test_a_check_that_cannot_be_made_says_why() -> None:
    engine = FakeEngine()
    app = page(engine)
    engine.refusal = EngineBusy("The store can't be read now. Try again later.")
    press(app, "Check now")
    assert "The store can" in app.error[0].value and "Everything holds" not in said(app)


def test_a_check_that_breaks_says_so(caplog: pytest.LogCaptureFixture) -> None:
    engine = FakeEngine()
    engine.audit = lambda watch: 1 / 0  # type: ignore[assignment,misc]
    app = press(page(engine), "Check now")
    assert "The check could not be made" in app.error[0].value
    assert "ZeroDivisionError" in caplog.text

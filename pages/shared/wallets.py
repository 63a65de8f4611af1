"""Wallets: balances, top-up, a new one."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError, WalletRefused
from core.money import currency_names, digits, from_minor, to_minor
from core.views import Money, WalletView
from pages.shared import state, ui
from pages.shared.palette import badge, inert

LOW_MINOR = 50_000  # 500.00 of a currency with cents
MOST = 1_000_000_000.0
ADD = "add_wallet"


@dataclass(slots=True)
class Sent:
    """How often each form of this session was sent, by its name; a form has another number afterwards.

    Two clicks may be served by two threads at once, so whoever looks and pays holds the lock. It is one object that is
    there before the first click: a write to the session itself lets a second click in.
    """

    times: Counter[str] = field(default_factory=Counter)
    at: float = float("-inf")  # when one was sent last, by the monotonic clock
    lock: AbstractContextManager[Any] = field(default_factory=Lock)

    def note(self, name: str) -> None:
        """Remember that a form has done its work."""
        self.times[name] += 1
        self.at = time.monotonic()

    def again(self, amount: float | None) -> bool:
        """Whether it is the other half of a double click: an empty form stands where the full one was."""
        return amount is None and time.monotonic() - self.at < state.SAME_CLICK_S


def _sent() -> Sent:
    return st.session_state.setdefault("wallet_forms", Sent())


def section() -> None:
    """All wallets, each with a way to top it up, and a way to add one."""
    held = current_engine().wallets()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Wallets", anchor=False, width="content")
        st.space("stretch")
        with st.popover("Add wallet", icon=":material/add:", key="add_wallet", on_change="rerun"):
            _add_form()
    if not held:
        ui.empty("account_balance_wallet", "No wallets yet", "Corporate orders are paid from a wallet. Add one above.")
    for wallet in held:
        _card(wallet)


def _card(wallet: WalletView) -> None:
    low = badge("retrying", "Low", "battery_1_bar") if wallet.balance.minor < LOW_MINOR else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{inert(wallet.name, 40)}** {low}", width="content")
        st.space("stretch")
        st.markdown(f"**{ui.money(wallet.balance)}**", width="content")
        with st.popover("Top up", key=f"top_up_{wallet.name}", on_change="rerun"):
            _top_up_form(wallet.name, wallet.balance.currency)


def _top_up_form(name: str, currency: str) -> None:
    """One top-up a form: it and its amount have other keys afterwards, so a second click adds nothing."""
    _show_refusal(f"top_up_{name}")
    form = _sent().times[name]
    with st.form(f"form_of_{name}_{form}", border=False):
        _amount_input(f"Amount in {currency}", digits(currency), f"amount_{name}_{form}")
        st.form_submit_button("Add money", type="primary", on_click=_top_up, args=(name, currency, form))


def _add_form() -> None:
    _show_refusal(ADD)
    names = currency_names()
    usual = list(names).index("USD")
    with st.form("add_form", border=False):
        st.text_input("Name", max_chars=40, placeholder="marketing", key="wallet_name")
        st.selectbox("Currency", names, usual, lambda code: f"{code}, {names[code]}", key="wallet_currency")
        _amount_input("Opening amount", 2, "wallet_amount")
        st.form_submit_button("Add wallet", type="primary", on_click=_add, args=(_sent().times[ADD],))


def _amount_input(label: str, places: int, key: str) -> None:
    st.number_input(label, 0.0, MOST, None, format=f"%.{places}f", key=key)


def _top_up(name: str, currency: str, form: int) -> None:
    engine, sent = current_engine(), _sent()
    with sent.lock:
        amount = st.session_state.get(f"amount_{name}_{form}")
        if form != sent.times[name] or sent.again(amount):
            return
        try:
            minor = _minor(name, amount, currency)
            engine.top_up(name, minor)
        except SagalabError as error:
            st.session_state.wallet_refusal = f"top_up_{name}", str(error)
            return
        sent.note(name)
    balance = next(one.balance for one in engine.wallets() if one.name == name)
    added = ui.money(Money(minor, currency))
    st.toast(f"{added} added: {inert(name, 40)} now holds {ui.money(balance)}.", icon=":material/check:")
    st.session_state[f"top_up_{name}"] = False


def _add(form: int) -> None:
    session, sent = st.session_state, _sent()
    name, currency, amount = session.wallet_name.strip(), session.wallet_currency, session.wallet_amount
    with sent.lock:
        if form != sent.times[ADD] or sent.again(amount):
            return
        try:
            current_engine().add_wallet(name, currency, _minor(name, amount, currency))
        except SagalabError as error:
            session.wallet_refusal = ADD, str(error)
            return
        sent.note(ADD)
    st.toast(f"The wallet {inert(name, 40)} is open.", icon=":material/check:")
    session.update(wallet_name="", wallet_amount=None, add_wallet=False)


def _show_refusal(place: str) -> None:
    """Say once, where it was asked, why nothing changed."""
    where, sentence = st.session_state.get("wallet_refusal", ("", ""))
    if where == place:
        del st.session_state.wallet_refusal
        ui.callout(sentence)


def _minor(wallet: str, amount: float | None, currency: str) -> int:
    """Raises WalletRefused where nothing was written, or a fraction that the currency does not have."""
    if amount is None:
        raise WalletRefused(wallet, "No amount was written. Write how much money to put into the wallet.")
    exact = Decimal(str(amount))
    minor = to_minor(exact, currency)
    if from_minor(minor, currency) != exact:
        raise WalletRefused(wallet, f"{currency} has {digits(currency)} decimal places. Write the amount with no more.")
    return minor

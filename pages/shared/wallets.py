"""Wallets: balances, top-up, a new one."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError, WalletRefused
from core.money import currency_names, digits, from_minor, to_minor
from core.views import Money, WalletView
from pages.shared import ui
from pages.shared.palette import badge, inert

LOW_MINOR = 50_000  # 500.00 of a currency with cents
MOST = 1_000_000_000.0


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
    """One top-up a form: it has another key afterwards, so a second click finds nothing to press."""
    _show_refusal(f"top_up_{name}")
    with st.form(f"form_of_{name}_{_done(name)}", border=False):
        _amount_input(f"Amount in {currency}", digits(currency), f"amount_{name}")
        st.form_submit_button("Add money", type="primary", on_click=_top_up, args=(name, currency, _done(name)))


def _done(name: str) -> int:
    """How many top-ups of a wallet this session has made."""
    done: int = st.session_state.get(f"topped_up_{name}", 0)
    return done


def _add_form() -> None:
    _show_refusal("add_wallet")
    names = currency_names()
    usual = list(names).index("USD")
    with st.form("add_form", border=False):
        st.text_input("Name", max_chars=40, placeholder="marketing", key="wallet_name")
        st.selectbox("Currency", names, usual, lambda code: f"{code}, {names[code]}", key="wallet_currency")
        _amount_input("Opening amount", 2, "wallet_amount")
        st.form_submit_button("Add wallet", type="primary", on_click=_add)


def _amount_input(label: str, places: int, key: str) -> None:
    st.number_input(label, 0.0, MOST, None, format=f"%.{places}f", key=key)


def _top_up(name: str, currency: str, form: int) -> None:
    if form != _done(name):
        return  # the other half of a double click
    engine = current_engine()
    try:
        minor = _minor(name, st.session_state[f"amount_{name}"], currency)
        engine.top_up(name, minor)
    except SagalabError as error:
        st.session_state.wallet_refusal = f"top_up_{name}", str(error)
        return
    balance = next(one.balance for one in engine.wallets() if one.name == name)
    added = ui.money(Money(minor, currency))
    st.toast(f"{added} added: {inert(name, 40)} now holds {ui.money(balance)}.", icon=":material/check:")
    st.session_state.update({f"amount_{name}": None, f"top_up_{name}": False, f"topped_up_{name}": form + 1})


def _add() -> None:
    state = st.session_state
    name, currency = state.wallet_name.strip(), state.wallet_currency
    try:
        current_engine().add_wallet(name, currency, _minor(name, state.wallet_amount, currency))
    except SagalabError as error:
        state.wallet_refusal = "add_wallet", str(error)
        return
    st.toast(f"The wallet {inert(name, 40)} is open.", icon=":material/check:")
    state.update(wallet_name="", wallet_amount=None, add_wallet=False)


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

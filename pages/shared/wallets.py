"""Wallets: balances, top-up, a new one."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError, WalletRefused
from core.money import currency_names, digits, from_minor, to_minor
from core.views import WalletView
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
        # the number of wallets in the key closes the popover once there is a new one
        with st.popover("Add wallet", icon=":material/add:", key=f"add_{len(held)}"):
            _add_form(len(held))
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
        with st.popover("Top up", key=f"top_up_{wallet.name}_{wallet.balance.minor}"):
            _top_up_form(wallet)


def _top_up_form(wallet: WalletView) -> None:
    with st.form(f"top_up_form_{wallet.name}", border=False):
        amount = _amount_input(
            f"Amount in {wallet.balance.currency}", digits(wallet.balance.currency), f"amount_{wallet.name}"
        )
        if not st.form_submit_button("Add money", type="primary"):
            return
    try:
        current_engine().top_up(wallet.name, _minor(wallet.name, amount, wallet.balance.currency))
    except SagalabError as error:
        ui.callout(str(error))
        return
    balance = next(one.balance for one in current_engine().wallets() if one.name == wallet.name)
    st.toast(f"{inert(wallet.name, 40)} now holds {ui.money(balance)}.", icon=":material/check:")
    st.rerun()


def _add_form(count: int) -> None:
    with st.form(f"add_form_{count}", border=False):
        name = st.text_input("Name", max_chars=40, placeholder="marketing", key=f"wallet_name_{count}")
        names = currency_names()
        currency = st.selectbox(
            "Currency",
            names,
            index=list(names).index("USD"),
            key=f"wallet_currency_{count}",
            format_func=lambda code: f"{code}, {names[code]}",
        )
        amount = _amount_input("Opening amount", 2, f"wallet_amount_{count}")
        if not st.form_submit_button("Add wallet", type="primary"):
            return
    try:
        current_engine().add_wallet(name.strip(), currency, _minor(name, amount, currency))
    except SagalabError as error:
        ui.callout(str(error))
        return
    st.toast(f"Wallet {inert(name, 40)} is there.", icon=":material/check:")
    st.rerun()


def _amount_input(label: str, places: int, key: str) -> float | None:
    return st.number_input(label, 0.0, MOST, None, format=f"%.{places}f", key=key)


def _minor(wallet: str, amount: float | None, currency: str) -> int:
    """Raises WalletRefused where nothing was written, or a fraction that the currency does not have."""
    if amount is None:
        raise WalletRefused(wallet, "No amount was written. Write how much money to put into the wallet.")
    exact = Decimal(str(amount))
    minor = to_minor(exact, currency)
    if from_minor(minor, currency) != exact:
        raise WalletRefused(wallet, f"{currency} has {digits(currency)} decimal places. Write the amount with no more.")
    return minor

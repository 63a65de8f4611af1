"""Which wallet a name means, and whether it can pay."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import RequestRefused


def wallet_named(asked: str, wallets: Mapping[str, str]) -> str | None:
    """The one wallet of that name; case and blanks do not matter, unless they tell two wallets apart."""
    if asked in wallets:
        return asked
    found = [name for name in wallets if name.casefold().split() == asked.casefold().split()]
    return found[0] if len(found) == 1 else None


def paying_wallet(asked: str, wallets: Mapping[str, str], pay_currency: str) -> str:
    """The wallet that an edit names, as it is written. `wallets`: name -> the currency that it holds.

    Raises RequestRefused where there is none of that name, or it can't pay.
    """
    wallet = wallet_named(asked, wallets)
    if wallet is None:
        raise RequestRefused("wallet", f"There is no wallet '{asked}'. There are: {', '.join(sorted(wallets))}.")
    if wallets[wallet] != pay_currency:
        raise RequestRefused(
            "wallet", f"The wallet '{wallet}' holds {wallets[wallet]}; this run pays in {pay_currency}."
        )
    return wallet

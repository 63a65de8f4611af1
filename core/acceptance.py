"""From what was read to what can be served: defaults, currencies, wallets, and what it will cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import RequestRefused
from core.models import OrderRequest
from core.money import convert_minor, format_money, known
from core.services.offers import lines, price_offers
from core.services.order_creation import over_budget
from core.services.rates import RateSource
from core.views import Money, Offer, QuoteView, RateView
from core.wallets import wallet_named

DEFAULT_WALLET = "team"
DEFAULT_EMAIL, DEFAULT_PHONE = "customer@example.com", "+1-555-0123"
LARGEST_MINOR = 10**13
LONGEST_TEXT = 4000


def complete(request: OrderRequest, wallets: Mapping[str, str]) -> OrderRequest:
    """Fill what an order needs and was not given; `defaulted` says what. `wallets`: name -> currency.

    Raises RequestRefused for an order that can't be served.
    """
    _check_currencies(request)
    filled: dict[str, Any] = {}
    if request.corporate:
        filled |= _choose_wallet(request, wallets)
    elif request.wallet is not None:
        filled["wallet"] = None
    for field, default in (("customer_email", DEFAULT_EMAIL), ("phone_number", DEFAULT_PHONE)):
        if getattr(request, field) is None:
            filled[field] = default
    pays = filled.get("convert_to", request.convert_to)
    if pays == request.currency:
        filled["convert_to"] = None
    named = [field for field, value in filled.items() if value is not None and field not in request.defaulted]
    if request.wallet and "wallet" in named:  # it was asked for, in other letters
        named.remove("wallet")
    if request.ships and not request.items:
        raise RequestRefused("items", "Nothing is ordered. Name at least one item, such as '2 laptops'.")
    return request.model_copy(update=filled | {"defaulted": (*request.defaulted, *named)}) if filled else request


def check_text(text: str) -> str:
    """The sentence of an order, to be kept with its run. Raises RequestRefused where it can't be."""
    if len(text) > LONGEST_TEXT or any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise RequestRefused(
            "text", f"The sentence can't be kept. Write at most {LONGEST_TEXT:,} characters of plain text."
        )
    return text


def _check_currencies(request: OrderRequest) -> None:
    for field, code in (("currency", request.currency), ("convert_to", request.convert_to)):
        if code is not None and not known(code):
            raise RequestRefused(
                field, f"'{code}' is not a currency that Sagalab can pay in. Use an ISO code such as USD, EUR or GBP."
            )


def _choose_wallet(request: OrderRequest, wallets: Mapping[str, str]) -> dict[str, Any]:
    """The wallet to debit, and its own currency as the pay currency."""
    asked = request.wallet or DEFAULT_WALLET
    wallet = wallet_named(asked, wallets)
    if wallet is None:
        raise RequestRefused(
            "wallet",
            f"There is no wallet '{asked}'. There are: {', '.join(sorted(wallets))}. Pick one of them, "
            "or add it on the Services page.",
        )
    held = wallets[wallet]
    if request.convert_to not in (None, held):
        raise RequestRefused(
            "convert_to",
            f"The wallet '{wallet}' holds {held}, but the order is to be paid in {request.convert_to}. "
            f"Pay in {held}, or pick a wallet in {request.convert_to}.",
        )
    chosen: dict[str, Any] = {} if request.wallet == wallet else {"wallet": wallet}
    return chosen if request.convert_to == held else chosen | {"convert_to": held}


def quote(request: OrderRequest, rates: RateSource) -> QuoteView:
    """What a completed order costs now. Raises RequestRefused for an order of no or of too large a price."""
    rate = rates.held(request.currency, request.pay_currency)
    offers = price_offers(request)
    first = offers[0].price_minor
    if first <= 0:
        raise RequestRefused("items", "The order costs nothing, so there is nothing to pay. Give it a price above 0.")
    if max(offer.price_minor for offer in offers) > LARGEST_MINOR or _pay(request, first, rates) > LARGEST_MINOR:
        raise RequestRefused(
            "items",
            f"The order costs {format_money(first, request.currency)}, which is more than can be paid. "
            "Lower the quantity or the price.",
        )
    shown = tuple(
        Offer(
            offer.supplier,
            Money(offer.price_minor, request.currency),
            Money(_pay(request, offer.price_minor, rates), request.pay_currency),
            offer.estimated,
        )
        for offer in offers
    )
    return QuoteView(
        shown,
        tuple((line.text, Money(line.total_minor, request.currency)) for line in lines(request)),
        RateView(rate.base, rate.currency, str(rate.rate), rate.source, rate.date),
        over_budget(request, offers[0]),
    )


def _pay(request: OrderRequest, minor: int, rates: RateSource) -> int:
    rate = rates.held(request.currency, request.pay_currency)
    return convert_minor(minor, request.currency, request.pay_currency, rate.rate)

"""From what was read to what can be served: what is filled in, what is refused, and what it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.acceptance import DEFAULT_EMAIL, DEFAULT_PHONE, LARGEST_MINOR, LONGEST_TEXT, check_text, complete, quote
from core.composer.offline import OfflineComposer
from core.errors import RequestRefused
from core.models import Item, OrderRequest
from core.services.rates import RateSource
from core.views import Money
from tests.core.scenes import laptops

WALLETS = {"team": "USD", "small": "USD", "paris": "EUR"}


@pytest.fixture
def rates() -> RateSource:
    return RateSource(live=False)


def test_contact_data_are_filled_and_marked_as_defaults() -> None:
    found = complete(laptops(), WALLETS)
    assert (found.customer_email, found.phone_number) == (DEFAULT_EMAIL, DEFAULT_PHONE)
    assert found.defaulted == ("customer_email", "phone_number")


def test_what_was_given_stays_and_is_no_default() -> None:
    given = laptops(customer_email="mara@keller.example", phone_number="+49 151 5550100", defaulted=("domain",))
    assert complete(given, WALLETS) == given


def test_a_field_is_named_as_default_once() -> None:
    once = complete(laptops(channel="corporate"), WALLETS)
    assert complete(once, WALLETS) == once
    assert len(once.defaulted) == len(set(once.defaulted)) == 3


def test_an_order_of_a_company_is_paid_from_its_first_wallet_in_the_wallets_currency() -> None:
    found = complete(laptops(channel="corporate", currency="GBP"), WALLETS)
    assert (found.wallet, found.convert_to, found.pay_currency) == ("team", "USD", "USD")
    assert {"wallet", "convert_to"} <= set(found.defaulted)


def test_a_wallet_of_the_orders_own_currency_converts_nothing() -> None:
    found = complete(laptops(channel="corporate", wallet="paris", currency="EUR"), WALLETS)
    assert (found.convert_to, found.pay_currency) == (None, "EUR")
    assert not {"wallet", "convert_to"} & set(found.defaulted)


@pytest.mark.parametrize("asked", ["marketing europe", "MARKETING EUROPE", "Marketing  Europe"])
def test_a_wallet_is_found_in_whatever_case_its_name_is_asked_for(asked: str) -> None:
    found = complete(laptops(channel="corporate", wallet=asked), WALLETS | {"Marketing Europe": "EUR"})
    assert (found.wallet, found.convert_to) == ("Marketing Europe", "EUR")
    assert "wallet" not in found.defaulted


def test_a_name_that_fits_two_wallets_in_other_letters_pays_from_neither() -> None:
    wallets = WALLETS | {"\u00c9cole": "USD", "\u00e9cole": "USD"}
    assert complete(laptops(channel="corporate", wallet="\u00e9cole"), wallets).wallet == "\u00e9cole"
    with pytest.raises(RequestRefused, match="no wallet '\u00c9COLE'"):
        complete(laptops(channel="corporate", wallet="\u00c9COLE"), wallets)


@pytest.mark.parametrize("words", ["wallet a b", "the Marketing Europe wallet", "wallet team x"])
def test_a_wallet_that_is_named_and_not_there_is_never_replaced_by_another(words: str) -> None:
    request = OfflineComposer().read(f"Order 1 laptop from {words}").request
    with pytest.raises(RequestRefused, match="There are: paris, small, team") as refused:
        complete(request, WALLETS)
    assert refused.value.field == "wallet"


def test_a_card_needs_no_wallet() -> None:
    assert complete(laptops(wallet="nobody's"), WALLETS).wallet is None


def test_paying_in_the_currency_of_the_prices_is_no_conversion() -> None:
    assert complete(laptops(currency="EUR", convert_to="EUR"), WALLETS).convert_to is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"currency": "XXQ"}, "currency", "'XXQ' is not a currency"),
        ({"convert_to": "ZZZ"}, "convert_to", "'ZZZ' is not a currency"),
        ({"channel": "corporate", "wallet": "piggy"}, "wallet", "no wallet 'piggy'. There are: paris, small, team"),
        ({"channel": "corporate", "wallet": "paris", "convert_to": "GBP"}, "convert_to", "holds EUR"),
        ({"items": ()}, "items", "Nothing is ordered"),
    ],
)
def test_an_order_that_cannot_be_served_is_refused_by_its_field(fields: dict[str, Any], field: str, words: str) -> None:
    request = laptops().model_copy(update=fields)
    with pytest.raises(RequestRefused, match=words) as refused:
        complete(request, WALLETS)
    assert refused.value.field == field


def test_what_does_not_ship_needs_no_items() -> None:
    trip = OrderRequest(workflow_type="travel_booking", destination="Lisbon")
    assert complete(trip, WALLETS).items == ()


def test_a_quote_shows_three_offers_of_which_the_first_is_the_stated_price(rates: RateSource) -> None:
    found = quote(laptops(), rates)
    assert len(found.offers) == 3
    first = found.offers[0]
    assert (first.price, first.pay, first.estimated) == (Money(200_000, "USD"), Money(200_000, "USD"), False)
    assert (found.rate.source, found.over_budget) == ("same", False)
    assert sum(amount.minor for _, amount in found.lines) == 200_000


def test_a_quote_in_another_currency_says_its_rate_and_where_that_is_from(rates: RateSource) -> None:
    found = quote(laptops(convert_to="EUR"), rates)
    assert (found.rate.base, found.rate.currency, found.rate.source) == ("USD", "EUR", "fallback_rates")
    assert found.rate.date
    paid = [offer.pay for offer in found.offers]
    assert {money.currency for money in paid} == {"EUR"}
    assert paid[0].minor == round(200_000 * Decimal(found.rate.rate))


@pytest.mark.parametrize(("budget", "over"), [("1999.99", True), ("2000", False)])
def test_a_quote_says_whether_it_exceeds_the_budget(rates: RateSource, budget: str, over: bool) -> None:
    assert quote(laptops(budget=Decimal(budget)), rates).over_budget is over


def test_an_order_that_costs_nothing_is_refused(rates: RateSource) -> None:
    free = OrderRequest(items=(Item(name="sticker", unit_price=Decimal(0)),))
    with pytest.raises(RequestRefused, match="nothing to pay"):
        quote(free, rates)


def test_an_order_of_more_than_can_be_paid_is_refused(rates: RateSource) -> None:
    dear = OrderRequest(items=(Item(name="island", quantity=Decimal(200), unit_price=Decimal("1e9")),))
    with pytest.raises(RequestRefused, match="more than"):
        quote(dear, rates)


def test_the_dearest_offer_must_be_payable(rates: RateSource, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any of them may be booked in the end."""
    dearest = max(offer.price.minor for offer in quote(laptops(), rates).offers)
    assert dearest > 200_000
    monkeypatch.setattr("core.acceptance.LARGEST_MINOR", dearest)
    assert len(quote(laptops(), rates).offers) == 3
    monkeypatch.setattr("core.acceptance.LARGEST_MINOR", dearest - 1)
    with pytest.raises(RequestRefused, match="more than can be paid"):
        quote(laptops(), rates)


def test_an_order_that_is_too_dear_only_in_the_pay_currency_is_refused(rates: RateSource) -> None:
    dear = OrderRequest(items=(Item(name="island", quantity=Decimal(20), unit_price=Decimal("1e9")),))
    assert quote(dear, rates).offers[0].price.minor < LARGEST_MINOR
    with pytest.raises(RequestRefused, match="more than can be paid"):
        quote(dear.model_copy(update={"convert_to": "VND"}), rates)


@pytest.mark.parametrize(
    "text", ["", "Order 2 laptops for our office team", "x" * LONGEST_TEXT, "ラップトップ 2 台 🙂"]
)
def test_a_sentence_is_kept_as_it_is(text: str) -> None:
    assert check_text(text) == text


@pytest.mark.parametrize("text", ["x" * (LONGEST_TEXT + 1), "half a smile \ud83d", "\udfff"])
def test_a_sentence_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        check_text(text)
    assert refused.value.field == "text"

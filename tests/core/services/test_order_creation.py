"""Orders: what is quoted, which other offer is found, and what is created and booked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.models import Item, OrderRequest, Reply
from core.money import convert_minor, table_rate
from core.services.effects import Call, answer_pure, make_request
from core.services.offers import price_offers
from core.services.order_creation import over_budget
from core.services.registry import default_registry
from tests.core.services.ledgers import FixedRates, Ledger

LAPTOPS = OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=Decimal("599.95")),))
LAMPS = OrderRequest(items=(Item(name="lamp", quantity=3),))


def ask(name: str, order: OrderRequest, rates: FixedRates | None = None, **params: Any) -> Reply:
    """Answer a pure action about one order."""
    registry = default_registry(rates or FixedRates())
    given = {"order": "order/1", "pay_currency": order.pay_currency} | params
    call = Call("r1", name, f"order_creation.{name}", "do", 1, 1, 1, tuple(given.items()))
    return answer_pure(registry, call, make_request(registry, call, call.params), [order])


# Analyse


def test_a_stated_price_is_the_first_offer_and_the_quote():
    answer = ask("analyse", LAPTOPS).answer
    assert (answer["price_minor"], answer["quote_minor"], answer["estimated"], answer["offer"]) == (
        119_990,
        119_990,
        False,
        0,
    )
    assert (answer["quote_rate"], answer["quote_source"]) == ("1", "same")
    assert answer["supplier"] == price_offers(LAPTOPS)[0].supplier


def test_a_price_that_is_not_stated_is_estimated():
    assert ask("analyse", LAMPS).answer["estimated"] is True


@pytest.mark.parametrize(
    ("pay", "rate", "quote"), [("EUR", "0.87", 104_391), ("JPY", "155.5", 186_584), ("KWD", "0.307", 368_369)]
)
def test_the_quote_is_made_at_the_rate_held_and_rounded_to_the_pay_currency(pay, rate, quote):
    rates = FixedRates({("USD", pay): rate})
    answer = ask("analyse", LAPTOPS.model_copy(update={"convert_to": pay}), rates).answer
    assert (answer["price_minor"], answer["quote_minor"]) == (119_990, quote)
    assert (answer["quote_rate"], answer["quote_source"], answer["quote_date"]) == (rate, "cached_rates", "2026-11-20")
    assert rates.asked == 0, "a quote never waits for the network"


def test_without_a_held_rate_the_quote_uses_the_dated_table_and_says_so():
    answer = ask("analyse", LAPTOPS.model_copy(update={"convert_to": "GBP"})).answer
    assert answer["quote_source"] == "fallback_rates"
    assert answer["quote_minor"] == convert_minor(119_990, "USD", "GBP", table_rate("USD", "GBP"))


def test_an_order_over_its_budget_is_refused_with_what_it_costs():
    tight = LAPTOPS.model_copy(update={"budget": Decimal("1199.89")})
    assert ask("analyse", tight) == Reply("over_budget", {"price_minor": 119_990, "quote_minor": 119_990}, final=True)
    assert ask("analyse", LAPTOPS.model_copy(update={"budget": Decimal("1199.90")})).code is None


def test_a_budget_is_in_the_price_currency():
    order = LAPTOPS.model_copy(update={"convert_to": "JPY", "budget": Decimal(1200)})
    assert ask("analyse", order).code is None
    assert over_budget(order.model_copy(update={"budget": None}), price_offers(order)[0]) is False


# The next best offer


def find(order: OrderRequest, paid_minor: int | None = 119_990, **params: Any) -> Reply:
    return ask("find_alternative", order, quote_minor=119_990, paid_minor=paid_minor, **params)


def test_the_next_best_offer_is_found_with_what_it_costs_more():
    second = price_offers(LAPTOPS)[1]
    answer = find(LAPTOPS).answer
    assert (answer["alternative_offer"], answer["alternative_supplier"]) == (1, second.supplier)
    assert answer["alternative_price_minor"] == answer["alternative_quote_minor"] == second.price_minor
    more = second.price_minor - 119_990
    assert (answer["dearer_minor"], answer["cheaper_minor"]) == (max(more, 0), max(-more, 0))
    assert more != 0


@pytest.mark.parametrize(("quoted_more", "dearer", "cheaper"), [(1, 0, 1), (-1, 1, 0), (0, 0, 0)])
def test_the_difference_is_to_what_was_quoted(quoted_more, dearer, cheaper):
    quoted = price_offers(LAPTOPS)[1].price_minor + quoted_more
    answer = ask("find_alternative", LAPTOPS, quote_minor=quoted, paid_minor=quoted).answer
    assert (answer["dearer_minor"], answer["cheaper_minor"]) == (dearer, cheaper)


def test_where_no_funds_were_taken_there_is_no_difference_to_settle():
    answer = find(LAPTOPS, None).answer
    assert (answer["dearer_minor"], answer["cheaper_minor"]) == (0, 0)


def test_an_offer_over_the_budget_is_passed_over_and_none_left_is_said():
    _, second, third = price_offers(LAMPS)
    assert second.price_minor < third.price_minor
    enough = LAMPS.model_copy(update={"budget": Decimal(second.price_minor) / 100})
    assert find(enough).answer["alternative_offer"] == 1
    little = LAMPS.model_copy(update={"budget": Decimal(second.price_minor - 1) / 100})
    assert find(little) == Reply("no_alternative", final=True)


def test_the_alternative_is_quoted_in_the_pay_currency():
    order = LAPTOPS.model_copy(update={"convert_to": "JPY"})
    answer = ask("find_alternative", order, FixedRates({("USD", "JPY"): "155.5"}), quote_minor=1, paid_minor=1).answer
    price = price_offers(order)[1].price_minor
    assert answer["alternative_quote_minor"] == convert_minor(price, "USD", "JPY", Decimal("155.5"))
    assert answer["dearer_minor"] == answer["alternative_quote_minor"] - 1


# Create and book


def test_creating_an_order_gives_it_an_id_and_moves_no_money():
    ledger = Ledger()
    reply = ledger.do("order_creation.create", {"order": "order/1", "price_minor": 7, "currency": "USD"})
    assert reply.answer["order_id"].startswith("ORD_")
    assert (reply.answer["total_minor"], reply.answer["order_status"]) == (7, "created")
    ledger.undo("order_creation.cancel")
    assert (ledger.states(), ledger.postings) == ({"step/1": "undone"}, [])


def test_a_booking_holds_the_offer_and_what_is_to_be_credited_later():
    ledger = Ledger()
    params = {"offer": 1, "quote_minor": 90, "price_minor": 100, "credit_minor": 10}
    reply = ledger.do("order_creation.book", params)
    assert {name: reply.answer[name] for name in params} == params
    assert reply.answer["booking_id"].startswith("BKG_")
    del params["credit_minor"]
    assert ledger.do("order_creation.book", params, step="first").answer["credit_minor"] == 0

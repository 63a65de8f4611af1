"""Conversions: at the live rate, which is looked up before the effect; the house keeps the difference."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Reply
from core.money import convert_minor, table_rate
from core.services.currency_conversion import Convert, CurrencyConversion
from core.services.registry import default_registry
from tests.core.services.ledgers import FixedRates, Ledger

CONVERT = "currency_conversion.convert"


def convert(**changes: Any) -> dict[str, Any]:
    return {"pay_currency": "EUR", "quote_minor": 104_391, "currency": "USD", "price_minor": 119_990} | changes


def ledger_at(rates: dict[tuple[str, str], str] | None = None) -> Ledger:
    return Ledger(registry=default_registry(FixedRates(rates)))


def test_the_quote_goes_in_and_the_price_comes_out():
    ledger = ledger_at({("EUR", "USD"): "1.16"})
    ledger.do(CONVERT, convert())
    assert ledger.lines() == [
        ("house", "EUR", -104_391),
        ("fx", "EUR", 104_391),
        ("fx", "USD", -119_990),
        ("house", "USD", 119_990),
    ]
    assert ledger.sums() == {"EUR": 0, "USD": 0}


def test_the_answer_says_what_it_was_worth_at_which_rate_of_when_and_from_where():
    reply = ledger_at({("EUR", "USD"): "1.16"}).do(CONVERT, convert())
    assert reply.answer["conversion_id"].startswith("CNV_")
    assert (reply.answer["original_minor"], reply.answer["converted_minor"]) == (104_391, 121_094)
    said = [reply.answer[name] for name in ("rate", "rate_source", "rate_date")]
    assert said == ["1.16", "live_api", "2026-11-24"]


@pytest.mark.parametrize(
    ("pay", "rate", "quote", "worth"), [("JPY", "0.00645", 186_584, 120_347), ("KWD", "3.26", 368_369, 120_088)]
)
def test_what_it_is_worth_is_counted_in_the_minor_units_of_each_currency(pay, rate, quote, worth):
    ledger = ledger_at({(pay, "USD"): rate})
    reply = ledger.do(CONVERT, convert(pay_currency=pay, quote_minor=quote))
    assert reply.answer["converted_minor"] == worth
    assert ledger.sums() == {pay: 0, "USD": 0}


def test_reversing_brings_the_same_amounts_back_whatever_the_rate_is_now():
    ledger = ledger_at({("EUR", "USD"): "1.16"})
    ledger.do(CONVERT, convert())
    before = ledger.lines()
    ledger.registry = default_registry(FixedRates({("EUR", "USD"): "9.99"}))
    assert ledger.undo("currency_conversion.reverse") == Reply(None, {})
    assert ledger.lines()[4:] == [(account, currency, -minor) for account, currency, minor in before]


def test_only_a_conversion_waits_for_the_network_and_only_where_it_may():
    resting, going = CurrencyConversion(FixedRates()), CurrencyConversion(FixedRates(goes_out=True))
    assert [service.needs_io("convert") for service in (resting, going)] == [False, True]
    assert [service.needs_io("reverse") for service in (resting, going)] == [False, False]


def test_the_rate_is_looked_up_once_from_pay_to_price_currency():
    rates = FixedRates({("EUR", "USD"): "1.16"})
    service, request = CurrencyConversion(rates), Convert(**convert())
    prepared = service.prepare("convert", request)
    assert (str(prepared.rate), prepared.rate_source, rates.asked) == ("1.16", "live_api", 1)
    assert request.rate is None
    assert service.prepare("reverse", request) is request
    assert rates.asked == 1


def test_a_conversion_that_nobody_prepared_uses_the_rate_held_and_never_one_to_one():
    held = ledger_at({("EUR", "USD"): "1.16"}).do(CONVERT, convert(), prepared=False)
    assert (held.answer["converted_minor"], held.answer["rate"]) == (121_094, "1.16")
    assert (held.answer["rate_source"], held.answer["rate_date"]) == ("cached_rates", "2026-11-20")
    table = ledger_at().do(CONVERT, convert(), prepared=False)
    assert table.answer["rate_source"] == "fallback_rates"
    assert table.answer["converted_minor"] == convert_minor(104_391, "EUR", "USD", table_rate("EUR", "USD"))

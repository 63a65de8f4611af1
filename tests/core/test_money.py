"""Money: minor units, rounding, formats, and the table of currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.core import get_global
from babel.numbers import format_currency, get_territory_currencies, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestRefused
from core.money import (
    checked,
    convert_minor,
    currency_names,
    digits,
    format_money,
    from_minor,
    known,
    ratio,
    table,
    table_rate,
    to_minor,
)

CODES = sorted(table().rates)
codes = st.sampled_from(CODES)
minors = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (359_700, "USD", "$3,597.00"),
        (8_900, "EUR", "€89.00"),
        (12_400, "JPY", "¥12,400"),
        (-500, "USD", "-$5.00"),
        (0, "USD", "$0.00"),
        (7, "GBP", "£0.07"),
        (-1, "JPY", "-¥1"),
        (1_234_567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (123_456, "CHF", "CHF\N{NO-BREAK SPACE}1,234.56"),
        (10**14, "USD", "$1,000,000,000,000.00"),
    ],
)
def test_money_reads_as_people_write_it(minor: int, currency: str, text: str) -> None:
    assert format_money(minor, currency) == text


@given(minors, codes)
def test_the_format_is_babels_own(minor: int, currency: str) -> None:
    babels = format_currency(from_minor(minor, currency), currency, locale="en_US")
    assert format_money(minor, currency).replace("\N{NO-BREAK SPACE}", "") == babels


@given(minors, codes)
def test_minor_units_survive_the_way_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@given(st.decimals(-(10**9), 10**9, places=6), codes)
def test_rounding_is_off_by_half_a_unit_at_most(amount: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-digits(currency))
    assert abs(from_minor(to_minor(amount, currency), currency) - amount) <= unit / 2


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("0.005", "USD", 1),
        ("0.015", "USD", 2),
        ("-0.005", "USD", -1),
        ("0.0049999999999999999999999999999999", "USD", 0),
        ("2.5", "JPY", 3),
        ("3.5", "JPY", 4),
        ("1.2345", "KWD", 1235),
        ("999999999999999.994", "USD", 99_999_999_999_999_999),
    ],
)
def test_halves_round_away_from_zero(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_a_number_is_no_money(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        to_minor(Decimal(amount), "USD")


@pytest.mark.parametrize(
    ("minor", "source", "target", "rate", "converted"),
    [
        (10_000, "USD", "JPY", "144.34", 14_434),
        (14_434, "JPY", "USD", "0.00693", 10_003),
        (10_000, "USD", "KWD", "0.3055", 30_550),
        (1_000, "KWD", "JPY", "472.5", 473),
        (100, "USD", "EUR", "0.855", 86),
        (-100, "USD", "EUR", "0.855", -86),
        (123, "USD", "USD", "1", 123),
    ],
)
def test_a_conversion_keeps_the_digits_of_both_currencies(
    minor: int, source: str, target: str, rate: str, converted: int
) -> None:
    assert convert_minor(minor, source, target, Decimal(rate)) == converted


@given(minors, codes, codes)
def test_a_conversion_is_exact_to_half_a_unit(minor: int, source: str, target: str) -> None:
    rate = table_rate(source, target)
    exact = from_minor(minor, source) * rate
    assert abs(from_minor(convert_minor(minor, source, target, rate), target) - exact) <= from_minor(1, target) / 2


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_none_converts_nothing(rate: str) -> None:
    with pytest.raises(ValueError, match="not an exchange rate"):
        convert_minor(100, "USD", "EUR", Decimal(rate))


@pytest.mark.parametrize("code", ["BTC", "XXX", "usd", "", "USDT", "BGN", "HRK", "../"])
def test_other_currencies_are_refused_with_a_sentence(code: str) -> None:
    assert not known(code)
    with pytest.raises(RequestRefused, match=r"not supported\. Write an ISO code") as refused:
        checked(code)
    assert refused.value.field == "currency"


def test_the_table_holds_legal_tender_that_babel_knows() -> None:
    day = date.fromisoformat(table().date)
    territories = get_global("territory_currencies")
    tender = {code for place in territories for code in get_territory_currencies(place, day, day)}
    assert set(CODES) <= tender & list_currencies()
    assert {"USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "CAD", "AUD", "BRL", "KRW", "ZAR"} <= set(CODES)
    assert len(CODES) >= 30


def test_the_table_is_dated_and_its_rates_are_plausible() -> None:
    assert table().base == "USD" and table().rates["USD"] == 1
    assert date(2025, 1, 1) <= date.fromisoformat(table().date) <= date.today()
    assert all(Decimal("0.2") < rate < 100_000 for rate in table().rates.values())


def test_cross_rates_come_by_division() -> None:
    rates = table().rates
    assert table_rate("USD", "JPY") == rates["JPY"]
    assert table_rate("EUR", "GBP") == pytest.approx(rates["GBP"] / rates["EUR"])
    assert len(table_rate("EUR", "GBP").as_tuple().digits) <= 12


@given(codes, codes)
def test_rates_are_written_without_a_power_of_ten(base: str, currency: str) -> None:
    assert "E" not in str(table_rate(base, currency))


def test_a_cross_rate_has_no_power_of_ten_either() -> None:
    assert str(ratio(Decimal(26100), Decimal("0.5"))) == "52200"
    assert str(ratio(Decimal("2.63e4"), Decimal(1))) == "26300"


@given(codes, codes)
def test_there_and_back_is_one(base: str, currency: str) -> None:
    assert abs(table_rate(base, currency) * table_rate(currency, base) - 1) < Decimal("1e-10")


def test_currencies_are_named_by_code() -> None:
    names = currency_names()
    assert list(names) == CODES
    assert (names["USD"], names["JPY"]) == ("US Dollar", "Japanese Yen")

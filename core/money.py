"""Money as integer minor units with an ISO-4217 code; digits, names and formats come from Babel.

The currencies that can be used are those of the dated table shipped with the project
(`core/services/fallback_rates.json`): fiat money that is legal tender somewhere today, that Babel knows, and for
which there is always some rate. Whatever is not in it is unknown, never a rate of 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.numbers import format_currency, get_currency_name, get_currency_precision

from core.errors import RequestRefused

LOCALE = "en_US"
TABLE = Path(__file__).parent / "services" / "fallback_rates.json"
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
RATE = Context(prec=12)


class Table(NamedTuple):
    """The dated table: units of each currency for one unit of `base`. `date` is ISO, when the rates held."""

    date: str
    base: str
    rates: Mapping[str, Decimal]


@cache
def table() -> Table:
    """The rates shipped with the project, read once."""
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    return Table(data["date"], data["base"], {code: Decimal(rate) for code, rate in data["rates"].items()})


@cache
def table_rate(base: str, currency: str) -> Decimal:
    """Units of `currency` for one `base` by the dated table, to 12 digits. Raises RequestRefused('currency')."""
    rates = table().rates
    return ratio(rates[checked(currency)], rates[checked(base)])


def ratio(currency: Decimal, base: Decimal) -> Decimal:
    """A cross rate of two rates, to 12 digits and written without an exponent above 0 ('52200', not '5.22E+4')."""
    return Decimal(format(RATE.divide(currency, base), "f"))


def known(currency: str) -> bool:
    """Whether this is the ISO code of a currency that can be used."""
    return currency in table().rates


def checked(currency: str) -> str:
    """The code itself. Raises RequestRefused('currency') where it is not known."""
    if not known(currency):
        raise RequestRefused(
            "currency",
            f"The currency '{currency[:12]}' is not supported. Write an ISO code such as USD, EUR, GBP or JPY.",
        )
    return currency


@cache
def currency_names() -> dict[str, str]:
    """ISO code -> English name of every currency that can be used, by code."""
    return {code: get_currency_name(code, locale=LOCALE) for code in sorted(table().rates)}


@cache
def digits(currency: str) -> int:
    """Decimal places of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in major units as minor units; halves round away from zero, as shops do.

    Raises ValueError for NaN and infinity.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount of money")
    return int(amount.scaleb(digits(currency), EXACT).to_integral_value(ROUND_HALF_UP))


def from_minor(minor: int, currency: str) -> Decimal:
    """Minor units as an amount in major units, with all the currency's digits."""
    return Decimal(minor).scaleb(-digits(currency), EXACT)


def convert_minor(minor: int, from_currency: str, to_currency: str, rate: Decimal) -> int:
    """Minor units of one currency in another's, at `rate` units of the second for one of the first.

    Halves round away from zero. Raises ValueError where the rate is not a finite number above 0.
    """
    if not (rate.is_finite() and rate > 0):
        raise ValueError(f"{rate} is not an exchange rate")
    major = EXACT.multiply(from_minor(minor, from_currency), rate)
    return to_minor(major, to_currency)


def format_money(minor: int, currency: str) -> str:
    """Plain text as an American reader writes it: '$3,597.00', '€89.00', '¥12,400', '-$5.00', 'CHF 7.50'."""
    symbol, places, unit = _pattern(currency)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), unit)
    return f"{sign}{symbol}{whole:,}.{part:0{places}d}" if places else f"{sign}{symbol}{whole:,}"


@cache
def _pattern(currency: str) -> tuple[str, int, int]:
    """What stands before an amount, the digits after the point, and minor units per major.

    Babel's own symbol; after letters a no-break space, as CLDR's currencySpacing has it and Babel leaves it out.
    """
    places = digits(currency)
    symbol = format_currency(1, currency, locale=LOCALE).partition("1")[0]
    return symbol + "\N{NO-BREAK SPACE}" * symbol[-1:].isalpha(), places, 10**places

"""Currency conversion at live rates: the pay amount buys the price currency; the house keeps the difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.models import Model
from core.money import convert_minor
from core.services.base import Service, Tx, action, reference
from core.services.payment_processing import HOUSE
from core.services.rates import RateSource

FX = "fx"


class Convert(Model):
    """Buy the price with what was quoted. `rate` (pay to price currency) is looked up before the effect."""

    pay_currency: str
    quote_minor: int
    currency: str
    price_minor: int
    rate: Decimal | None = None
    rate_source: str = ""
    rate_date: str = ""


class Converted(Model):
    """What was given and what it is worth at the live rate. Source: live_api, cached_rates or fallback_rates."""

    conversion_id: str
    original_minor: int
    converted_minor: int
    rate: str
    rate_source: str
    rate_date: str


class CurrencyConversion(Service):
    """The one service with a real outside: exchange rates by HTTPS, then the last good answer, then a dated table."""

    name = "currency_conversion"
    title = "Currency"
    failure = "rate service timed out"
    default_rate = 0.10

    def __init__(self, rates: RateSource) -> None:
        super().__init__()
        self.rates = rates

    def needs_io(self, name: str) -> bool:
        """Only a conversion asks for a live rate, and only where the source may go out for one."""
        return name == "convert" and self.rates.may_go_out()

    def prepare(self, name: str, request: Any) -> Any:
        """Look the rate up; at most 5 s."""
        if name != "convert":
            return request
        rate = self.rates.live(request.pay_currency, request.currency)
        return request.model_copy(update={"rate": rate.rate, "rate_source": rate.source, "rate_date": rate.date})

    @action(undo="reverse")
    def convert(self, tx: Tx, request: Convert) -> Converted:
        """Exchange with the fx account: the quote goes in, the price comes out."""
        rate, source, date = self._rate_of(request)
        worth = convert_minor(request.quote_minor, request.pay_currency, request.currency, rate)
        tx.post(HOUSE, request.pay_currency, -request.quote_minor)
        tx.post(FX, request.pay_currency, request.quote_minor)
        tx.post(FX, request.currency, -request.price_minor)
        tx.post(HOUSE, request.currency, request.price_minor)
        return Converted(
            conversion_id=reference("CNV", tx.key),
            original_minor=request.quote_minor,
            converted_minor=worth,
            rate=str(rate),
            rate_source=source,
            rate_date=date,
        )

    def _rate_of(self, request: Convert) -> tuple[Decimal, str, str]:
        """Rate, source and date; an effect that comes late was not prepared and uses the rate held."""
        if request.rate is not None:
            return request.rate, request.rate_source, request.rate_date
        held = self.rates.held(request.pay_currency, request.currency)
        return held.rate, held.source, held.date

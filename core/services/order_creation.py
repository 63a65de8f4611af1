"""Orders: analyse, create, book, and the next best offer."""

from __future__ import annotations

from core.errors import Refused
from core.models import Model, OrderRequest
from core.money import convert_minor, to_minor
from core.services.base import Service, Tx, action, reference
from core.services.offers import PricedOffer, price_offers
from core.services.rates import Rate, RateSource


class Analyse(Model):
    """`order` is a reference, 'order/version'."""

    order: str
    pay_currency: str


class Analysed(Model):
    """The first offer and its quote: what it costs, and what is taken for it. Amounts in minor units."""

    offer: int
    supplier: str
    estimated: bool
    price_minor: int
    quote_minor: int
    quote_rate: str
    quote_source: str
    quote_date: str


class Find(Model):
    """`paid_minor` is None where no funds were taken yet."""

    order: str
    pay_currency: str
    quote_minor: int
    paid_minor: int | None = None


class Found(Model):
    """The next best offer within the budget, and what it costs more or less than what was paid."""

    alternative_offer: int
    alternative_supplier: str
    alternative_price_minor: int
    alternative_quote_minor: int
    dearer_minor: int
    cheaper_minor: int


class Create(Model):
    """The order to create."""

    order: str
    price_minor: int
    currency: str


class Created(Model):
    """The order that now exists."""

    order_id: str
    total_minor: int
    order_status: str


class Book(Model):
    """Which offer to book, what was quoted for it, and what is to be credited after the pivot."""

    offer: int
    quote_minor: int
    price_minor: int
    credit_minor: int = 0


class Booked(Model):
    """The booking held. `quote_minor` is what the customer pays for it."""

    booking_id: str
    offer: int
    quote_minor: int
    price_minor: int
    credit_minor: int


class OrderCreation(Service):
    """Creates and books orders; its quotes use the newest rates held and never wait for the network."""

    name = "order_creation"
    title = "Orders"
    failure = "system temporarily unavailable"
    default_rate = 0.10
    reasons = {
        "out_of_stock": "the items are out of stock",
        "over_budget": "the quote exceeds the budget",
        "no_alternative": "no other offer fits the budget",
    }

    def __init__(self, rates: RateSource) -> None:
        super().__init__()
        self.rates = rates

    @action(pure=True)
    def analyse(self, tx: Tx, request: Analyse) -> Analysed:
        """Price the order and quote what will be taken. Raises Refused('over_budget')."""
        order = tx.order(request.order)
        offer = price_offers(order)[0]
        quote, rate = self.quote(order, offer, request.pay_currency)
        if over_budget(order, offer):
            raise Refused("over_budget", {"price_minor": offer.price_minor, "quote_minor": quote})
        return Analysed(
            offer=0,
            supplier=offer.supplier,
            estimated=offer.estimated,
            price_minor=offer.price_minor,
            quote_minor=quote,
            quote_rate=str(rate.rate),
            quote_source=rate.source,
            quote_date=rate.date,
        )

    @action(pure=True)
    def find_alternative(self, tx: Tx, request: Find) -> Found:
        """The next best offer. Raises Refused('no_alternative')."""
        order = tx.order(request.order)
        fits = [(i, other) for i, other in enumerate(price_offers(order)[1:], 1) if not over_budget(order, other)]
        if not fits:
            raise Refused("no_alternative")
        index, offer = fits[0]
        quote, _ = self.quote(order, offer, request.pay_currency)
        more = quote - request.quote_minor if request.paid_minor is not None else 0
        return Found(
            alternative_offer=index,
            alternative_supplier=offer.supplier,
            alternative_price_minor=offer.price_minor,
            alternative_quote_minor=quote,
            dearer_minor=max(more, 0),
            cheaper_minor=max(-more, 0),
        )

    @action(undo="cancel")
    def create(self, tx: Tx, request: Create) -> Created:
        """Create the order."""
        return Created(order_id=reference("ORD", tx.key), total_minor=request.price_minor, order_status="created")

    @action(undo="release")
    def book(self, tx: Tx, request: Book) -> Booked:
        """Hold what was offered. The fault profile draws `out_of_stock`."""
        return Booked(
            booking_id=reference("BKG", tx.key),
            offer=request.offer,
            quote_minor=request.quote_minor,
            price_minor=request.price_minor,
            credit_minor=request.credit_minor,
        )

    def quote(self, order: OrderRequest, offer: PricedOffer, pay_currency: str) -> tuple[int, Rate]:
        """What is taken for an offer, in minor units of the pay currency, and the rate it was made with."""
        rate = self.rates.held(order.currency, pay_currency)
        return convert_minor(offer.price_minor, order.currency, pay_currency, rate.rate), rate


def over_budget(order: OrderRequest, offer: PricedOffer) -> bool:
    """A budget is a cap in the price currency."""
    return order.budget is not None and offer.price_minor > to_minor(order.budget, order.currency)

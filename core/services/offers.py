"""What an order costs: its lines, and three suppliers' offers for the whole of it.

Pure and reproducible: what is not stated is drawn from a keyed hash of the words, so the same order always has
the same offers, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from core.errors import RequestRefused
from core.models import Item, OrderRequest
from core.money import EXACT, checked, digits, format_money, table_rate, to_minor

HASH_KEY = b"sagalab offers 758"  # of those tried, the one under which a laptop costs more than a mouse
MOST_MINOR = 10**13
ONE = Decimal(1)

# Plausible prices of one piece, in US cents: (least, most).
GOODS = {
    "technology": (4_000, 110_000),
    "office": (900, 9_000),
    "food": (200, 900),
    "apparel": (1_800, 9_000),
    "health": (700, 6_000),
    "industrial": (1_500, 18_000),
    "home": (2_500, 24_000),
    "other": (1_200, 9_000),
    "travel": (6_000, 40_000),
    "services": (6_000, 24_000),
}
SEAT, SESSION = (1_200, 9_000), (8_000, 28_000)
FARES = {
    "flight": (9_000, 52_000),
    "train": (2_500, 12_000),
    "bus": (1_000, 4_500),
    "ferry": (2_000, 9_000),
    "taxi": (1_500, 7_000),
    "car": (3_500, 9_000),
    "hotel": (8_000, 26_000),
}
CLASS_PERCENT = {"economy": 100, "premium_economy": 150, "business": 280, "first": 450}
GROUND_CLASS_PERCENT = {"economy": 100, "premium_economy": 120, "business": 150, "first": 180}
BULK_PERCENT = ((1_000, 85), (100, 92), (10, 97))  # from this quantity on: per cent of the price of one
ATTENDEE_PERCENT = 4  # of a session's price, for each after the first
ONCE = ("hotel", "car")  # booked for nights or days: nobody travels back

SUPPLIERS = {  # 7 each: any stride through them meets three different ones
    "goods": (
        "Northgate Supply",
        "Harbour Trade",
        "Cobalt Direct",
        "Meridian Stores",
        "Linden & Rowe",
        "Quayside Wholesale",
        "Alder Market",
    ),
    "travel": (
        "Skylark Travel",
        "Compass Fares",
        "Bluewater Journeys",
        "Waypoint Trips",
        "Roam & Rest",
        "Lantern Tours",
        "Longshore Travel",
    ),
    "services": (
        "Cedar Services",
        "Ashdown Partners",
        "Keystone Appointments",
        "Fernhill Associates",
        "Mosaic Experts",
        "Tandem Care",
        "Rookery & Sons",
    ),
    "licences": (
        "Licence Desk",
        "Seatwise",
        "Openkey Licensing",
        "Clearkey Resale",
        "Bytefair",
        "Plinth Software",
        "Tally Licensing",
    ),
}


@dataclass(frozen=True, slots=True)
class PricedOffer:
    """One supplier's price for the whole order, in minor units of the request's currency, discount included."""

    supplier: str
    price_minor: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the first offer, in minor units of the request's currency. A discount is a line below zero.

    `unit_minor` is rounded for display; `total_minor` is what counts.
    """

    text: str
    quantity: Decimal
    unit_minor: int
    total_minor: int


class _Part(NamedTuple):
    """What is bought: its price in major units, `stated` by the user or drawn."""

    text: str
    quantity: Decimal
    unit: Decimal
    stated: bool


@lru_cache(maxsize=1024)
def price_offers(request: OrderRequest) -> tuple[PricedOffer, ...]:
    """Three offers; the first is booked, the others are its alternatives, the cheaper of them first.

    A stated price is the first offer and not estimated. Raises RequestRefused.
    """
    parts = _parts(request)
    stated = request.total_price is not None or all(part.stated for part in parts)
    rows = _priced(request, parts)
    full = sum(row.total_minor for row in rows)
    suppliers, prices = _market(request, parts, stated)
    first = PricedOffer(suppliers[0], full - _discount(request, full), not stated)
    others = []
    for name, permille in zip(suppliers[1:], prices, strict=True):
        price = _round(Decimal(full * permille) / 1000)
        others.append(PricedOffer(name, price - _discount(request, price), True))
    return first, *sorted(others, key=lambda offer: offer.price_minor)


def lines(request: OrderRequest) -> tuple[Line, ...]:
    """The lines of the first offer; their totals add up to its price. Raises RequestRefused."""
    rows = _priced(request, _parts(request))
    off = _discount(request, sum(row.total_minor for row in rows))
    if off:
        rows.append(Line(f"{request.discount_percent:f}% discount", ONE, -off, -off))
    return tuple(rows)


def _parts(request: OrderRequest) -> tuple[_Part, ...]:
    checked(request.currency)
    if request.workflow_type == "travel_booking":
        return (_travel(request),)
    if request.workflow_type == "service_appointment":
        return (_service(request),)
    if request.items:
        return tuple(_goods(request, item) for item in request.items)
    if request.workflow_type == "software_license":
        return (_goods(request, Item(name="Software licence")),)
    if request.total_price is not None:
        return (_Part(request.title(), ONE, request.total_price, True),)
    raise RequestRefused("items", "The order names no items. Add at least one item, or state a total price.")


def _goods(request: OrderRequest, item: Item) -> _Part:
    licences = request.workflow_type == "software_license"
    quantity = item.quantity
    if licences and request.seats and quantity == 1 and len(request.items) < 2:
        quantity = Decimal(request.seats)
    if item.unit_price is not None:
        return _Part(item.name, quantity, item.unit_price, True)
    kind, span = ("licence", SEAT) if licences else (request.domain, GOODS[request.domain])
    percent = next((percent for least, percent in BULK_PERCENT if quantity >= least), 100)
    return _Part(item.name, quantity, _estimate(kind, item.name, span, percent, request.currency), False)


def _travel(request: OrderRequest) -> _Part:
    """One line: fares per passenger there and back, taxi rides, room-nights, or days of a car."""
    mode = request.travel_mode or ("hotel" if request.rooms or request.nights else "flight")
    back = mode not in ONCE and (
        request.trip_type == "round_trip" or (request.trip_type is None and request.return_date is not None)
    )
    nights, rooms, passengers = request.nights or 1, request.rooms or 1, request.passengers or 1
    quantity = Decimal({"hotel": rooms * nights, "car": nights, "taxi": 1}.get(mode, passengers))
    text = _trip(request, mode, back)
    if stated := _stated(request, text, quantity):
        return stated
    percents = CLASS_PERCENT if mode == "flight" else GROUND_CLASS_PERCENT
    percent = percents[request.travel_class or "economy"] * (2 if back else 1)
    places = sorted(_normal(place) for place in (request.origin, request.destination) if place)
    return _Part(text, quantity, _estimate(mode, "/".join(places), FARES[mode], percent, request.currency), False)


def _service(request: OrderRequest) -> _Part:
    """One line: sessions, dearer with each attendee after the first."""
    names = " and ".join(item.name for item in request.items) or "Appointment"
    quantity = request.items[0].quantity if len(request.items) == 1 else ONE
    if stated := _stated(request, names, quantity):
        return stated
    percent = 100 + ATTENDEE_PERCENT * ((request.attendees or 1) - 1)
    return _Part(names, quantity, _estimate("session", names, SESSION, percent, request.currency), False)


def _stated(request: OrderRequest, text: str, quantity: Decimal) -> _Part | None:
    """The one line at the items' own prices; a single item's quantity goes before what the trip would need."""
    priced = [(item.quantity, item.unit_price) for item in request.items if item.unit_price is not None]
    if len(priced) == 1:
        return _Part(text, priced[0][0] if priced[0][0] != 1 else quantity, priced[0][1], True)
    if priced:
        return _Part(text, ONE, sum((EXACT.multiply(*pair) for pair in priced), Decimal(0)), True)
    return None


def _trip(request: OrderRequest, mode: str, back: bool) -> str:
    label = {"car": "car hire", "hotel": "hotel room-nights"}.get(mode, mode)
    grade = f"{request.travel_class.replace('_', ' ')} " if request.travel_class and mode != "taxi" else ""
    places = " – ".join(place for place in (request.origin, request.destination) if place)
    text = f"{grade}{label}".capitalize()
    return text + (f", {places}" if places else "") + (", round trip" if back else "")


def _priced(request: OrderRequest, parts: tuple[_Part, ...]) -> list[Line]:
    """Lines before the discount; with a stated total they add up to it."""
    totals = [
        max(to_minor(EXACT.multiply(part.unit, part.quantity), request.currency), 0 if part.stated else 1)
        for part in parts
    ]
    if request.total_price is not None:
        return _to_total(to_minor(request.total_price, request.currency), parts, totals)
    if sum(totals) > MOST_MINOR:
        most = format_money(MOST_MINOR, request.currency)
        raise RequestRefused("items", f"The order comes to more than {most}. Order less, or split it.")
    return [
        Line(part.text, part.quantity, to_minor(part.unit, request.currency), total)
        for part, total in zip(parts, totals, strict=True)
    ]


def _to_total(total: int, parts: tuple[_Part, ...], totals: list[int]) -> list[Line]:
    """Spread a stated total: what is not stated shares the rest; what is, keeps its price."""
    open_rows = [index for index, part in enumerate(parts) if not part.stated]
    rest = total - sum(totals[index] for index, part in enumerate(parts) if part.stated)
    if open_rows and rest > 0:
        weight, rows = sum(totals[index] for index in open_rows), totals.copy()
        for index in open_rows:
            rows[index] = rest * totals[index] // weight
        rows[open_rows[-1]] += total - sum(rows)
        totals = rows
    found = [
        Line(part.text, part.quantity, _round(EXACT.divide(Decimal(row), part.quantity)), row)
        for part, row in zip(parts, totals, strict=True)
    ]
    if more := total - sum(totals):
        found.append(Line("Difference to the stated total", ONE, more, more))
    return found


def _market(request: OrderRequest, parts: tuple[_Part, ...], stated: bool) -> tuple[tuple[str, ...], tuple[int, int]]:
    """Three suppliers, and what the second and third ask for what the first sells at 1,000."""
    words = "|".join(f"{_normal(part.text)}*{part.quantity.normalize():f}" for part in parts)
    draws = _draws(f"{request.workflow_type}|{request.domain}|{words}")
    side = {"travel_booking": "travel", "service_appointment": "services", "software_license": "licences"}
    names = SUPPLIERS[side.get(request.workflow_type, "goods")]
    start, stride = next(draws) % 7, 1 + next(draws) % 6
    prices = [1_015 + next(draws) % 66, 1_030 + next(draws) % 91]
    if stated:
        prices = [940 + price % 50 if next(draws) % 8 == 0 else price for price in prices]
    return tuple(names[(start + stride * step) % 7] for step in range(3)), (prices[0], prices[1])


@lru_cache(maxsize=4096)
def _estimate(kind: str, name: str, span: tuple[int, int], percent: int, currency: str) -> Decimal:
    """A price drawn between two amounts of US cents, more often low than high; three digits."""
    share = next(_draws(f"{kind}|{_normal(name)}"))
    cents = span[0] + ((span[1] - span[0]) * share * share >> 32)
    price = EXACT.multiply(Decimal(cents * percent).scaleb(-4), table_rate("USD", currency))
    step = ONE.scaleb(max(price.adjusted() - 2, -digits(currency)))
    return price.quantize(step, ROUND_HALF_UP)


def _draws(words: str) -> Iterator[int]:
    """Eight numbers of 16 bits that depend on nothing but the words."""
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16, key=HASH_KEY).digest()
    return (digest[at] << 8 | digest[at + 1] for at in range(0, 16, 2))


def _normal(name: str) -> str:
    """A name without case, extra space and the plural's s: 'Laptops ' and 'laptop' cost the same."""
    words = " ".join(name.casefold().split())
    if words.endswith("ies") and len(words) > 4:
        return words[:-3] + "y"
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def _discount(request: OrderRequest, minor: int) -> int:
    return _round(EXACT.multiply(Decimal(minor), request.discount_percent) / 100) if request.discount_percent else 0


def _round(minor: Decimal) -> int:
    return int(minor.to_integral_value(ROUND_HALF_UP))

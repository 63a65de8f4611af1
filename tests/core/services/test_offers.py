"""Offers and lines: stated prices, estimates that never change, travel, services, licences, discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestRefused
from core.models import Item, OrderRequest, visible
from core.money import from_minor, table, table_rate
from core.services.offers import FARES, GOODS, SEAT, SESSION, SUPPLIERS, PricedOffer, lines, price_offers


def order(*items: tuple[str, Any, Any] | tuple[str, Any], **fields: Any) -> OrderRequest:
    """An order of (name, quantity) or (name, quantity, unit price)."""
    goods = [
        Item(name=item[0], quantity=Decimal(str(item[1])), unit_price=item[2] if item[2:] else None) for item in items
    ]
    return OrderRequest(**{"domain": "technology", "items": tuple(goods)} | fields)


def prices(request: OrderRequest) -> list[int]:
    return [offer.price_minor for offer in price_offers(request)]


def first(request: OrderRequest) -> int:
    return price_offers(request)[0].price_minor


def trip(**fields: Any) -> OrderRequest:
    places = {"domain": "travel", "origin": "New York", "destination": "London", "travel_mode": "flight"}
    return OrderRequest(workflow_type="travel_booking", **places | fields)


def test_the_offers_of_an_order_are_pinned() -> None:
    assert price_offers(order(("laptop", 2))) == (
        PricedOffer("Cobalt Direct", 166_200, True),
        PricedOffer("Alder Market", 171_518, True),
        PricedOffer("Meridian Stores", 172_183, True),
    )
    assert prices(order(("stapler", 12), domain="office")) == [11_604, 12_312, 12_439]
    assert prices(order(("chair", 4, 150), ("desk", 2, 320), domain="office")) == [124_000, 133_548, 133_548]
    assert prices(trip(travel_class="business", passengers=3)) == [171_900, 174_650, 183_761]
    assert prices(order(("plumber", 1), workflow_type="service_appointment")) == [8_430, 8_776, 9_442]


@pytest.mark.parametrize("name", ["laptop", "Laptop", "laptops", "  LAPTOPS  "])
def test_case_space_and_plural_change_nothing(name: str) -> None:
    assert prices(order((name, 2))) == prices(order(("laptop", 2)))


def test_name_domain_and_quantity_tell_offers_apart() -> None:
    orders = [order(("laptop", 2)), order(("tablet", 2)), order(("laptop", 2), domain="home"), order(("laptop", 3))]
    assert len({price_offers(one) for one in orders}) == 4


def test_estimates_are_three_suppliers_best_first() -> None:
    offers = price_offers(order(("drone", 1)))
    assert len({offer.supplier for offer in offers}) == 3
    assert all(offer.estimated for offer in offers)
    assert [offer.price_minor for offer in offers] == sorted(offer.price_minor for offer in offers)


NAMES = [f"thing {number}" for number in range(300)]


def test_every_supplier_gets_a_turn() -> None:
    found = {offer.supplier for name in NAMES for offer in price_offers(order((name, 1)))}
    assert found == set(SUPPLIERS["goods"])


def test_the_alternative_is_a_few_percent_dearer_and_sometimes_cheaper() -> None:
    found = [prices(order((name, 1, 1000))) for name in NAMES]
    cheaper = [alternative for stated, alternative, _ in found if alternative < stated]
    assert 0.05 < len(cheaper) / len(found) < 0.4
    assert all(0.9 <= price / 100_000 <= 1.15 for _, *others in found for price in others)
    assert all(alternative <= third for _, alternative, third in found)
    assert all(stated == 100_000 for stated, *_ in found)


@pytest.mark.parametrize("domain", sorted(GOODS))
def test_estimates_are_plausible_by_domain(domain: str) -> None:
    least, most = GOODS[domain]
    found = [first(order((name, 1), domain=domain)) for name in NAMES]
    assert min(found) >= least * 0.99 and max(found) <= most * 1.01
    assert len(set(found)) > 100
    assert sorted(found)[150] < (least + most) / 2


@pytest.mark.parametrize("currency", sorted(table().rates))
def test_estimates_are_plausible_in_every_currency(currency: str) -> None:
    dollars = first(order(("laptop", 1)))
    (line,) = lines(order(("laptop", 1), currency=currency))
    rate = table_rate("USD", currency)
    exact = Decimal(dollars) / 100 * rate
    assert abs(from_minor(line.total_minor, currency) / exact - 1) < Decimal("0.01")


def test_yen_estimates_look_like_yen() -> None:
    assert first(order(("laptop", 1), currency="JPY")) == 120_000


def test_a_stated_price_is_the_first_offer() -> None:
    request = order(("chair", 4, 150), ("desk", 2, "319.99"), domain="office")
    offer = price_offers(request)[0]
    assert (offer.price_minor, offer.estimated) == (123_998, False)
    assert [(line.text, line.quantity, line.unit_minor, line.total_minor) for line in lines(request)] == [
        ("chair", 4, 15_000, 60_000),
        ("desk", 2, 31_999, 63_998),
    ]
    assert all(other.estimated for other in price_offers(request)[1:])


def test_a_price_stated_for_some_items_leaves_an_estimate() -> None:
    request = order(("chair", 4, 150), ("lamp", 2), domain="office")
    assert lines(request)[0].total_minor == 60_000
    assert price_offers(request)[0].estimated
    assert prices(request) == sorted(prices(request))


def test_a_stated_total_is_the_first_offer_and_spread_over_the_lines() -> None:
    request = order(("smartwatch", 6), total_price=2500, currency="EUR")
    assert (first(request), price_offers(request)[0].estimated) == (250_000, False)
    (line,) = lines(request)
    assert (line.quantity, line.unit_minor, line.total_minor) == (6, 41_667, 250_000)


def test_a_stated_total_keeps_the_prices_that_are_stated() -> None:
    request = order(("desk", 2, 300), ("chair", 4), ("lamp", 1), total_price=1000)
    desk, chair, lamp = lines(request)
    assert desk.total_minor == 60_000
    assert chair.total_minor + lamp.total_minor == 40_000
    assert chair.total_minor > 0 and lamp.total_minor > 0


@pytest.mark.parametrize(("total", "difference"), [(1300, 10_000), (1100, -10_000)])
def test_a_total_that_differs_from_the_prices_is_shown_as_a_line(total: int, difference: int) -> None:
    request = order(("desk", 4, 300), total_price=total)
    assert [line.total_minor for line in lines(request)] == [120_000, difference]
    assert first(request) == total * 100


def test_a_total_below_the_prices_that_are_stated_is_met_by_a_line() -> None:
    request = order(("desk", 4, 300), ("lamp", 1), total_price=1000)
    desk, lamp, difference = (line.total_minor for line in lines(request))
    assert (desk, desk + lamp + difference) == (120_000, 100_000)
    assert lamp > 0


def test_a_total_alone_is_enough() -> None:
    request = OrderRequest(total_price=Decimal(50))
    assert first(request) == 5_000
    assert [line.total_minor for line in lines(request)] == [5_000]


def test_a_discount_applies_to_every_offer_and_is_a_line() -> None:
    full, less = order(("laptop", 3)), order(("laptop", 3), discount_percent=15)
    assert prices(less) == [pytest.approx(price * 0.85, abs=0.5) for price in prices(full)]
    assert lines(less)[-1].text == "15% discount"
    assert lines(less)[-1].total_minor == first(less) - first(full)


@pytest.mark.parametrize(("percent", "price"), [("0", 9_999), ("100", 0), ("33.3", 6_669), ("50", 4_999)])
def test_discounts_round_to_the_minor_unit(percent: str, price: int) -> None:
    assert first(order(("cable", 1, "99.99"), discount_percent=Decimal(percent))) == price


def test_fractions_round_to_the_digits_of_the_currency() -> None:
    assert first(order(("cloth", "2.5", "3.33"))) == 833
    assert first(order(("cloth", "2.5", 333), currency="JPY")) == 833
    assert first(order(("cloth", "2.5", "3.333"), currency="KWD")) == 8_333
    assert first(order(("screw", 1000, "0.004"))) == 400


def test_nothing_estimated_is_free() -> None:
    pinch = order(("saffron", "0.000001"), domain="food")
    assert prices(pinch) == [1, 1, 1]
    assert min(prices(order(("sweet", 1), domain="food", currency="KWD"))) > 0


def test_many_cost_less_each() -> None:
    one, ten, hundred, thousand = (first(order(("laptop", count))) / count for count in (1, 10, 100, 1000))
    assert one > ten > hundred > thousand > one * 0.8


def test_a_flight_is_a_fare_per_passenger() -> None:
    (line,) = lines(trip(passengers=3, travel_class="business"))
    assert (line.text, line.quantity) == ("Business flight, New York – London", 3)
    assert line.total_minor == 3 * line.unit_minor
    assert lines(trip(passengers=1, travel_class="business"))[0].unit_minor == line.unit_minor


def test_there_and_back_costs_twice() -> None:
    there = first(trip())
    assert first(trip(trip_type="round_trip")) == pytest.approx(2 * there, rel=0.01)
    assert first(trip(return_date="2026-12-01")) == first(trip(trip_type="round_trip"))
    assert first(trip(return_date="2026-12-01", trip_type="one_way")) == there
    assert lines(trip(trip_type="round_trip"))[0].text == "Flight, New York – London, round trip"
    assert first(trip(origin="London", destination="New York")) == there


def test_better_classes_cost_more() -> None:
    for mode in ("flight", "train"):
        found = [
            first(trip(travel_mode=mode, travel_class=grade))
            for grade in ("economy", "premium_economy", "business", "first")
        ]
        assert found == sorted(set(found))
        assert found[0] == first(trip(travel_mode=mode))
        assert (found[2] > 2 * found[0]) == (mode == "flight")


@pytest.mark.parametrize("mode", sorted(FARES))
def test_fares_are_plausible_by_mode(mode: str) -> None:
    least, most = FARES[mode]
    found = [first(trip(travel_mode=mode, destination=name)) for name in NAMES]
    assert min(found) >= least * 0.99 and max(found) <= most * 1.01


def test_a_hotel_is_room_nights() -> None:
    (line,) = lines(trip(travel_mode="hotel", origin=None, destination="Rome", nights=3, rooms=2, passengers=4))
    assert (line.text, line.quantity) == ("Hotel room-nights, Rome", 6)
    assert lines(trip(travel_mode=None, nights=3))[0].quantity == 3
    again = trip(travel_mode="hotel", origin=None, destination="Rome", nights=3, rooms=2, trip_type="round_trip")
    assert lines(again) == (line,)


def test_a_car_is_days_and_a_taxi_is_a_ride() -> None:
    assert lines(trip(travel_mode="car", nights=4, passengers=3, return_date="friday"))[0].quantity == 4
    assert lines(trip(travel_mode="taxi", passengers=3))[0].quantity == 1


def test_a_stated_fare_is_taken_as_it_is() -> None:
    ticket = (Item(name="ticket", unit_price=Decimal(450)),)
    request = trip(items=ticket, passengers=3, trip_type="round_trip")
    assert (first(request), price_offers(request)[0].estimated) == (135_000, False)
    four = (Item(name="ticket", quantity=Decimal(4), unit_price=Decimal(450)),)
    assert first(trip(items=four)) == 180_000
    both = (*ticket, Item(name="night", quantity=Decimal(2), unit_price=Decimal(100)))
    assert [line.total_minor for line in lines(trip(items=both, passengers=3))] == [65_000]


def test_a_service_is_one_line_dearer_with_more_people() -> None:
    def course(**fields: Any) -> OrderRequest:
        return order(("training", 1), workflow_type="service_appointment", domain="services", **fields)

    alone, twenty = first(course()), first(course(attendees=20))
    assert SESSION[0] <= alone <= SESSION[1]
    assert first(course(attendees=1)) == alone
    assert alone < twenty < 3 * alone
    assert [line.quantity for line in lines(course(attendees=20))] == [1]
    two = order(("cleaning", 1), ("repair", 1), workflow_type="service_appointment")
    assert [line.text for line in lines(two)] == ["cleaning and repair"]
    assert [line.text for line in lines(OrderRequest(workflow_type="service_appointment"))] == ["Appointment"]
    assert lines(order(("class", 3), workflow_type="service_appointment"))[0].quantity == 3


def test_licences_are_seats() -> None:
    request = order(("photo editor", 1), workflow_type="software_license", seats=40)
    (line,) = lines(request)
    assert line.quantity == 40
    assert SEAT[0] * 0.9 <= line.unit_minor <= SEAT[1]
    assert lines(order(("photo editor", 12), workflow_type="software_license", seats=40))[0].quantity == 12
    suite = order(("photo editor", 1), ("font", 1), workflow_type="software_license", seats=40)
    assert [line.quantity for line in lines(suite)] == [1, 1]
    bare = OrderRequest(workflow_type="software_license", seats=10)
    assert [(line.text, line.quantity) for line in lines(bare)] == [("Software licence", 10)]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (OrderRequest(), "items"),
        (order(("laptop", 1), currency="BTC"), "currency"),
        (order(("laptop", 1, 500), currency="BTC"), "currency"),
        (order(("laptop", 1_000_000, 10**9)), "items"),
        (order(("laptop", 1_000_000), currency="LBP"), "items"),
    ],
)
def test_what_can_not_be_priced_is_refused(request_: OrderRequest, field: str) -> None:
    for price in (price_offers, lines):
        with pytest.raises(RequestRefused) as refused:
            price(request_)
        assert refused.value.field == field


items = st.builds(
    Item,
    name=st.text(min_size=1, max_size=20).filter(lambda text: visible(text).strip()),
    quantity=st.decimals(Decimal("0.001"), 2000, places=3),
    unit_price=st.none() | st.decimals(0, 5000, places=4),
)
requests = st.builds(
    OrderRequest,
    workflow_type=st.sampled_from(["purchase_order", "bulk_order", "travel_booking", "service_appointment"]),
    domain=st.sampled_from(sorted(GOODS)),
    items=st.lists(items, min_size=1, max_size=4).map(tuple),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KWD", "INR"]),
    total_price=st.none() | st.decimals(0, 100_000, places=2),
    discount_percent=st.none() | st.decimals(0, 100, places=2),
    passengers=st.none() | st.integers(1, 9),
)


@given(requests)
def test_lines_add_up_to_the_first_offer(request_: OrderRequest) -> None:
    offers = price_offers(request_)
    assert sum(line.total_minor for line in lines(request_)) == offers[0].price_minor
    assert offers == price_offers(request_.model_copy())
    assert len(offers) == 3 and all(offer.price_minor >= 0 for offer in offers)
    assert offers[1].price_minor <= offers[2].price_minor
    if offers[0].estimated and not request_.discount_percent:
        assert 0 < offers[0].price_minor <= offers[1].price_minor

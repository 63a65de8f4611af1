"""Sums of money with tax beside them, without a currency, and discounts that are taken back."""

from __future__ import annotations

from typing import Any

import pytest

from core.composer.offline import OfflineComposer


def price(text: str) -> Any:
    return OfflineComposer().read(text).request.items[0].unit_price


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 ladders at £950 plus VAT", 950),
        ("3 routers at €70 + VAT each", 70),
        ("6 hoses @ 95", 95),
        ("order 40 boxes of nails @ 3.50 per box", 3.5),
        ("40 m of fencing @ 12/m, delivered", 12),
        ("40 sponges @ 2.50 and a bucket", 2.5),
        ("A used mower for a grand", 1000),
        ("order 2 hats 15 each", 15),
        ("12 ladles and 4 pans 30 each", None),
        ("2 lamps and 3 rugs at £6.50 and £14 respectively", 6.5),
        ("5 kilns for two grand each", 2000),
        ("2 haircuts @ 3", None),
        ("book a table for 4 @ 7", None),
        ("a grand piano for my daughter", None),
    ],
)
def test_a_price(text: str, expected: Any) -> None:
    assert price(text) == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Eleven stools, the whole lot comes to $1.43k", {"total_price": 1430}),
        ("4 tents for a total outlay of 880 dollars", {"total_price": 880}),
        ("Nineteen stools; all in it's $2.1k", {"total_price": 2100}),
        ("3 routers for £950 plus VAT in total", {"total_price": 950}),
        ("Two harps, and the order shouldn't top £9k", {"budget": 9000}),
        ("3 tents, max two grand", {"budget": 2000}),
        ("20% off, no, no discount on 4 stools", {"discount_percent": None}),
        ("A freezer, less 5 percent", {"discount_percent": 5}),
        ("4 stools, no discount, sorry, 10% off", {"discount_percent": 10}),
        ("3 stools, bill us in Brazilian reais", {"convert_to": "BRL"}),
        ("3 stools, charge it in South African rand", {"convert_to": "ZAR"}),
        ("As soon as humanly possible: 1 stool", {"priority": "high"}),
    ],
)
def test_what_is_said_of_money(text: str, values: dict[str, Any]) -> None:
    request = OfflineComposer().read(text).request
    assert {field: getattr(request, field) for field in values} == values


def lines(text: str) -> list[tuple[str, float, float | None]]:
    """(name, quantity, unit price) of each line."""
    items = OfflineComposer().read(text).request.items
    return [
        (item.name, float(item.quantity), None if item.unit_price is None else float(item.unit_price)) for item in items
    ]


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("3 dozen eggs at $4 a dozen", [12]),
        ("a dozen eggs at $4 a dozen", [4]),
        ("36 eggs, $4 for each dozen", [12]),
        ("two dozen roses at 30 dollars per dozen and a vase for $12", [60, 12]),
        ("half a dozen bagels at €8 the dozen", [4]),
        ("3 dozen muffins at 15 a dozen", [45]),
        ("24 cans at $9 per dozen", [18]),
        ("600 tiles at $7/dozen", [350]),
        ("500 screws at $3 per 100", [15]),
        ("2 gross of pencils at £20 a gross", [40]),
        ("2 pairs of candlesticks at £18 a pair", [36]),
        ("4 pairs of socks at $6 per pair", [24]),
        ("3 pairs of jeans at $40 a pair", [120]),
    ],
)
def test_a_price_of_several_at_once(text: str, totals: list[float]) -> None:
    assert [round(quantity * (each or 0), 2) for _, quantity, each in lines(text)] == totals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "order 12 keyboards and 12 mice, keyboards at 45 each, mice at 20 each",
            [("keyboard", 12, 45), ("mouse", 12, 20)],
        ),
        ("12 keyboards and 12 mice, keyboards 45 each mice 20 each", [("keyboard", 12, 45), ("mouse", 12, 20)]),
        ("a cake and milk, the cake is 3.25 apiece, milk 4", [("cake", 1, 3.25), ("milk", 1, 4)]),
        ("a kettle and a toaster, the kettle is 24.50 apiece, toaster 31", [("kettle", 1, 24.5), ("toaster", 1, 31)]),
        ("6 hammers, 6 saws. saws: 14 each, hammers: 11 each", [("hammer", 6, 11), ("saw", 6, 14)]),
        ("5 lamps and 2 rugs, lamps $30 each and rugs $85", [("lamp", 5, 30), ("rug", 2, 85)]),
        (
            "2 desk lamps and 1 floor lamp, floor lamp at 40 each, desk lamps at 15 each",
            [("desk lamp", 2, 15), ("floor lamp", 1, 40)],
        ),
        (
            "we need 4 chairs and 2 desks. chairs are 60 each and desks are 150 each",
            [("chair", 4, 60), ("desk", 2, 150)],
        ),
        ("3 mugs at 5 each and 4 plates at 6 each", [("mug", 3, 5), ("plate", 4, 6)]),
        ("2 red mugs, blue mugs at $4 each", [("red mug", 2, None), ("blue mug", 1, 4)]),
    ],
)
def test_a_price_belongs_to_the_thing_named_before_it(text: str, expected: Any) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("1.000 pens at €0,10 each, 2.500 envelopes at €0,05 each", [1000, 2500]),
        ("3.000 screws at 0,04 € each and 1.500 bolts", [3000, 1500]),
        ("12.000 bricks, 0,75 euros each", [12000]),
        ("3.000 tiles, 1.250,50 euros in total", [3000]),
        ("1.000 kg of sand", [1]),
        ("1.500 kg of flour at €2.50 per kg", [1.5]),
        ("1.500 kg of sand for the rooms 10,12", [1.5]),
    ],
)
def test_thousands_with_points_where_commas_are_decimal(text: str, quantities: list[float]) -> None:
    assert [quantity for _, quantity, _ in lines(text)] == quantities


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("hotel in Rome for 3 nights at 120 euro a night", {"total_price": 360, "nights": 3}),
        ("a room in Oslo for a week at $90 a night", {"total_price": 630}),
        ("hotel in Rome for 3 nights, max 120 euro a night", {"budget": 360, "total_price": None}),
        ("hotel in Lyon for 2 nights under 150 a night", {"budget": 300}),
        ("plumber for 2 hours at $90 an hour", {"total_price": 180}),
        ("a gardener at £25/hour for 4 hours on friday", {"total_price": 100}),
        ("a guitar teacher for 3 hours at 45 an hour", {"total_price": 135}),
        ("rent a van for 3 days at $80 a day", {"total_price": 240}),
        ("a pressure washer for 2 days at $40 a day", {"total_price": 80}),
        ("a hotel in Bath for 2 nights, $300 total, $150 a night", {"total_price": 300}),
        ("2 laptops under $300 each", {"budget": 600}),
        ("3 lamps, no more than £40 apiece", {"budget": 120}),
        ("5 mugs, max €8 per mug", {"budget": 40}),
        ("4 chairs under 90 each", {"budget": 360}),
    ],
)
def test_a_price_or_a_limit_of_one_for_as_many_as_are_said(text: str, values: dict[str, Any]) -> None:
    test_what_is_said_of_money(text, values)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a gardener at £25 an hour", "25 an hour"),
        ("2 rooms in Oslo for 2 nights at $90 per night", "90 per night"),
        ("2 laptops under $300 each and a mouse", "300"),
        ("a plumber at $90 an hour in 2 hours", "90 an hour"),
        ("2 drills for 3 days at $10 a day", "10 a day"),
    ],
)
def test_a_price_of_one_is_left_out_where_it_is_not_said_how_many(text: str, left: str) -> None:
    reading = OfflineComposer().read(text)
    assert (reading.request.total_price, reading.request.budget) == (None, None)
    assert left in " ".join(reading.ignored)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("125 notebooks at two dollars fifty", [("notebook", 125, 2.5)]),
        ("4 pens at a dollar twenty", [("pen", 4, 1.2)]),
        ("3 candles at five pounds ninety nine each", [("candle", 3, 5.99)]),
        ("8 plates at 3 euros 75 each", [("plate", 8, 3.75)]),
        ("10 candles for two dollars and fifty cents each", [("candle", 10, 2.5)]),
        ("6 bowls at $4 each and 2 pans at nineteen ninety five each", [("bowl", 6, 4), ("pan", 2, 19.95)]),
        ("a scarf at twelve pounds forty and a hat", [("scarf", 1, 12.4), ("hat", 1, None)]),
        ("5 brushes at five pounds", [("brush", 5, 5)]),
        ("two pounds of butter and fifty nails", [("butter", 2, None), ("nail", 50, None)]),
    ],
)
def test_sums_in_words_with_their_cents(text: str, expected: Any) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 tablets at 999", [("tablet", 4, 999)]),
        ("4 iphone 15 pro at 999", [("iphone 15 pro", 4, 999)]),
        ("order 6 monitors at 189, overnight", [("monitor", 6, 189)]),
        ("2 sofas at 1,250 and 4 lamps at 60", [("sofa", 2, 1250), ("lamp", 4, 60)]),
        ("3 blenders at 450", [("blender", 3, 450)]),
        ("5 brooms at 19.99", [("broom", 5, 19.99)]),
        ("deliver 3 pizzas at 730", [("pizza", 3, None)]),
        ("deliver 3 lamps at 930", [("lamp", 3, None)]),
        ("deliver 3 lamps at 14 Elm Road", [("lamp", 3, None)]),
        ("deliver 2 sofas at 480, Elm Street", [("sofa", 2, None)]),
        ("3 chairs at 1845 tomorrow", [("chair", 3, None)]),
        ("2 sandwiches at 12.30", [("sandwich", 2, None)]),
        ("bring 2 cakes at 9", [("cake", 2, None)]),
        ("table for 4 at 7", [("table reservation", 1, None)]),
    ],
)
def test_a_bare_number_behind_goods_is_their_price_where_it_is_no_time(text: str, expected: Any) -> None:
    assert lines(text) == expected

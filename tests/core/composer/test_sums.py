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

"""Orders that are taken back on the way: what takes their place is read, and what they were is shown as ignored."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.composer.base import Reading
from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused


def read(text: str) -> Reading:
    return OfflineComposer().read(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 laptops at $900. Forget that. 50 desks at $1", "50 desks at $1"),
        ("2 laptops at $900. Cancel that. 50 desks at $1", "50 desks at $1"),
        ("2 laptops at $900. Scratch that. 50 desks at $1", "50 desks at $1"),
        ("2 laptops at $900, never mind, 5 desks", "5 desks"),
        ("2 laptops at $900, oh wait that's wrong, 2 desktops at $800", "2 desktops at $800"),
        ("2 laptops. Forget that, 5 desks instead", "5 desks"),
        ("2 laptops, actually 10, scratch that 2", "2 laptops"),
        ("12 mugs, forget it, 3 bowls", "3 bowls"),
        ("7 mugs. Scratch that. 5", "5 mugs"),
        ("7 mugs, never mind, 5", "5 mugs"),
        ("7 mugs at $4 each, no wait, that's wrong, 9 mugs", "9 mugs at $4 each"),
        ("Order 3 chairs for $90 and 2 lamps. On second thought, scrap that. Order 4 rugs", "Order 4 rugs"),
        ("Order 3 chairs, 2 lamps, scratch that, 4 rugs", "Order 3 chairs, 4 rugs"),
        ("Get me a kettle overnight. No wait, cancel that. Get me a toaster", "Get me a toaster"),
        ("I need shelves. Cancel that. 4 rugs", "4 rugs"),
        ("12 mugs. I changed my mind. 3 bowls", "3 bowls"),
        ("12 mugs. Undo that, order bowls", "order bowls"),
        ("Book a flight to Rome. Cancel that. Book a flight to Paris", "Book a flight to Paris"),
    ],
)
def test_what_takes_the_place_of_an_order_is_read(text: str, meant: str) -> None:
    found, same = read(text), read(meant)
    assert found.request.model_dump(exclude={"defaulted"}) == same.request.model_dump(exclude={"defaulted"})
    assert found.ignored


@pytest.mark.parametrize(
    "text",
    [
        "2 laptops. Never mind.",
        "Order 2 lamps. Actually, never mind, thanks.",
        "12 mugs, forget it",
        "order two kettles but never mind",
        "Book a flight to Rome. Cancel that, please",
    ],
)
def test_where_nothing_takes_its_place_nothing_is_left(text: str) -> None:
    with pytest.raises(ReadingRefused, match="nothing is left to order"):
        read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if it costs more than $5, cancel it. 3 mugs", [("mug", 3)]),
        ("3 mugs. If the price is over $50, cancel it.", [("mug", 3)]),
        ("3 mugs, never mind the colour", [("mug", 3)]),
        ("3 mugs. Out of stock? Cancel it. 4 bowls", [("mug", 3), ("bowl", 4)]),
        ("Never mind. 3 mugs", [("mug", 3)]),
    ],
)
def test_what_takes_back_nothing_leaves_the_order(text: str, expected: list[tuple[str, Decimal]]) -> None:
    assert [(item.name, item.quantity) for item in read(text).request.items] == expected


def test_a_field_is_taken_back_for_another() -> None:
    assert read("2 mugs, ship overnight, never mind, express").request.shipping_method == "express"
    assert read("3 mugs. Ship to Berlin. Scratch that. Ship to Hamburg").request.address == "Hamburg"

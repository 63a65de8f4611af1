"""Things that are named only to be left out are no lines of an order; an order of nothing else is refused."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused

ONLY_UNWANTED = [
    "Order neither a gimbal nor a flange",
    "I want neither gimbals nor flanges",
    "We need neither of those gimbals",
    "Order anything but printers",
    "I'd like anything but a printer",
    "Get me anything other than a laptop",
    "Order everything except 2 printers",
    "I don't want a laptop",
    "Don't order laptops, phones or tablets",
    "Don't buy anything",
    "I no longer need a laptop",
]
LEFT = [  # text, what is ordered
    ("I want neither gimbals nor flanges but 2 tablets", [("tablet", 2)]),
    ("Neither a gimbal nor a flange, just 3 mice please", [("mouse", 3)]),
    ("Order 2 mice but neither a gimbal nor a flange", [("mouse", 2)]),
    ("I don't want a laptop, just a mouse", [("mouse", 1)]),
    ("I don't need a laptop, a phone or a tablet, just a mouse", [("mouse", 1)]),
    ("We don't want any laptops or phones, order 2 tablets", [("tablet", 2)]),
    ("Please don't order 5 flanges, order 3 gimbals", [("gimbal", 3)]),
    ("Order 2 gimbals, not the blue one", [("gimbal", 2)]),
    ("Order 2 red gimbals, not blue ones", [("red gimbal", 2)]),
    ("Order not a laptop but a tablet", [("tablet", 1)]),
    ("Order 3 mice, not 2 keyboards", [("mouse", 3)]),
    ("Order 3 mice, never a keyboard", [("mouse", 3)]),
    ("Order 2 gimbals but no flanges", [("gimbal", 2)]),
    ("Order gimbals but not flanges", [("gimbal", 1)]),
    ("Order a mouse rather than a keyboard", [("mouse", 1)]),
    ("Order a laptop, no, a tablet", [("tablet", 1)]),
    ("I no longer need a laptop, order 2 tablets", [("tablet", 2)]),
    ("Order anything but printers. Order 2 scanners.", [("scanner", 2)]),
    ("I want nothing but 3 gimbals", [("gimbal", 3)]),
    ("Order 3 gimbals and 2 mugs, no mugs", [("gimbal", 3)]),
    ("Order 2 red mugs, no blue mugs", [("red mug", 2)]),
    ("Order 4 gimbals, three times", [("gimbal", 4)]),
    ("I don't want any textbooks, order 2 pens", [("pen", 2)]),
]


@pytest.mark.parametrize("text", ONLY_UNWANTED)
def test_an_order_of_which_nothing_is_left_is_refused(text: str) -> None:
    with pytest.raises(ReadingRefused) as refused:
        OfflineComposer().read(text)
    assert refused.value.code == "not_an_order"
    assert "is not wanted, so nothing is left to order. Write what to order" in str(refused.value)


@pytest.mark.parametrize(("text", "lines"), LEFT, ids=[text for text, _ in LEFT])
def test_what_is_not_wanted_is_no_line(text: str, lines: list[tuple[str, int]]) -> None:
    request = OfflineComposer().read(text).request
    assert [(item.name, item.quantity) for item in request.items] == lines


def test_what_is_left_out_is_shown() -> None:
    assert OfflineComposer().read("Order 2 mice but neither a gimbal nor a flange").ignored == (
        "neither a gimbal nor a flange",
    )

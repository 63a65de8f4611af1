"""What an order points at before or behind it, and what a number shares out."""

from __future__ import annotations

from typing import Any

import pytest

from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused


def items(text: str) -> list[tuple[Any, str]]:
    return [(item.quantity, item.name) for item in OfflineComposer().read(text).request.items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The ward is short of 12 bedpans, a stool and 6 jugs, kindly order these",
            [(12, "bedpan"), (1, "stool"), (6, "jug")],
        ),
        ("We're missing 4 easels; please get us those", [(4, "easel")]),
        ("These are the 24 kites we need", [(24, "kite")]),
        ("That's the price of the 9 looms we want to buy", [(9, "loom")]),
        ("Bill us in Swiss francs for 6 lenses", [(6, "lens")]),
        ("A consignment of 350 hard hats", [(350, "hard hat")]),
        ("We need a first run of 12k lapel pins", [(12000, "lapel pin")]),
        ("We have run out of chalk, so send 40 boxes", [(40, "chalk")]),
        ("Low on coffee at the office: 6 bags by Friday", [(6, "coffee")]),
        ("Order 40 boxes", [(40, "box")]),
        ("Feather dusters at $4 the piece; thirty will do", [(30, "feather duster")]),
        ("Soup bowls at $5 each, and we'd want eighteen", [(18, "soup bowl")]),
        ("Oboe reeds: twenty-four, medium strength", [(24, "oboe reed")]),
        ("Flagstones, 60 @ 12.75", [(60, "flagstone")]),
        ("When you have a moment, might you sort out 7 aprons?", [(7, "apron")]),
        ("Kit us out with 12 helmets", [(12, "helmet")]),
        ("I don't suppose there's any chance of 5 kites?", [(5, "kite")]),
        ("A baker's dozen of rolling pins", [(13, "rolling pin")]),
        ("Another two lecterns for the chapel", [(2, "lectern")]),
        ("A further 9 crates of limes", [(9, "lime")]),
        ("Stock us up with 70 jerrycans", [(70, "jerrycan")]),
        ("3 cans of GT-85 and 2 packs of M6 bolts", [(3, "gt-85"), (2, "m6 bolt")]),
    ],
)
def test_what_is_pointed_at_is_ordered(text: str, expected: list[tuple[Any, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 scarves, two red and one blue", [(6, "scarf")]),
        ("Six bibs: out of those, two red and four blue", [(6, "bib")]),
        ("Scarves, two red and one blue", [(2, "red scarf"), (1, "blue scarf")]),
        ("Out of the scarves, two red and one blue", [(2, "red scarf"), (1, "blue scarf")]),
        ("Rugs, one each of the small and the large", [(1, "small rug"), (1, "large rug")]),
        ("two each of the red and green mugs", [(2, "red mug"), (2, "green mug")]),
        ("3 each of hammers, chisels and saws", [(3, "hammer"), (3, "chisel"), (3, "saw")]),
        ("3 chairs, 2 black tables and 1 white lamp", [(3, "chair"), (2, "black table"), (1, "white lamp")]),
        ("3 red mugs, no, blue", [(3, "blue mug")]),
        ("ten tins of magnolia, no, white", [(10, "white")]),
        ("Eight rolls of copper, no, zinc flashing", [(8, "zinc flashing")]),
        ("5 silk ties, actually, wool", [(5, "wool tie")]),
    ],
)
def test_shares_and_sorts(text: str, expected: list[tuple[Any, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They sent 3 lamps by mistake, please send them back",
        "We got 3 broken lamps, replace them please",
        "That is all for the 6 lamps we ordered",
        "When you have time, can you tell me a joke?",
    ],
)
def test_what_one_had_before_is_not_pointed_at(text: str) -> None:
    with pytest.raises(ReadingRefused):
        OfflineComposer().read(text)


@pytest.mark.parametrize("words", ["Twenty-odd corks", "30-plus raffle books", "40 odd corks"])
def test_a_number_and_more_is_no_number(words: str) -> None:
    with pytest.raises(ReadingRefused) as refused:
        OfflineComposer().read(words)
    assert refused.value.code == "ambiguous_quantity"
    assert items("2 odd socks") == [(2, "odd sock")]


@pytest.mark.parametrize("kind", ["gardening", "massage", "painting"])
def test_a_set_for_some_work_is_goods(kind: str) -> None:
    request = OfflineComposer().read(f"A {kind} set for my nephew").request
    assert request.workflow_type == "purchase_order"
    assert request.domain != "services"

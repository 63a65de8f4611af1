"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.composer.offline.numbers import quantity_at, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("1,200", "1200"),
        ("2.5k", "2500"),
        ("2.5 k", "2500"),
        ("1.5 million", "1500000"),
        ("a quarter of a million", "250000"),
        ("three quarters of a million", "750000"),
        ("3 lakh", "300000"),
        ("1.5 crores", "15000000"),
        ("two lakh fifty thousand", "250000"),
        ("seven", "7"),
        ("twenty-five", "25"),
        ("twenty five", "25"),
        ("two hundred", "200"),
        ("three hundred and fifty", "350"),
        ("five thousand two hundred", "5200"),
        ("a hundred and five", "105"),
        ("a dozen", "12"),
        ("half a dozen", "6"),
        ("two dozen", "24"),
        ("a couple", "2"),
        ("a pair", "2"),
        ("3/4", "0.75"),
        ("minus three", "-3"),
        ("zero", "0"),
    ],
)
def test_a_number_is_read(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "desk", "one two", "12 desks", "1,20", "and", "1/0", "3-pack"])
def test_other_words_are_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    "text", ["some", "a few", "several", "lots of", "a number of", "2-3", "2 or 3", "five to ten", "3+"]
)
def test_a_vague_quantity_keeps_its_words(text: str) -> None:
    found = quantity_at([*text.split(), "desks"], 0)
    assert found is not None and found.vague == text


def test_a_quantity_ends_where_the_name_begins() -> None:
    words = "a pair of monitors".split()
    found = quantity_at(words, 0)
    assert found is not None and words[found.after] == "monitors"
    assert quantity_at(["the", "monitors"], 0) is None

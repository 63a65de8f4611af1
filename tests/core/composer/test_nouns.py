"""The form of a noun: one, or several."""

from __future__ import annotations

import pytest

from core.composer.offline.nouns import plural
from core.composer.wording import line_words
from core.models import Item


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("chair", "chairs"),
        ("box", "boxes"),
        ("battery", "batteries"),
        ("key", "keys"),
        ("knife", "knives"),
        ("hoodie", "hoodies"),
        ("lens", "lenses"),
        ("glass", "glasses"),
        ("potato", "potatoes"),
        ("photo", "photos"),
        ("salesman", "salesmen"),
        ("human", "humans"),
        ("standing desk", "standing desks"),
        ("cup of tea", "cups of tea"),
    ],
)
def test_several_are_said_in_the_plural(one: str, several: str) -> None:
    assert plural(one) == several


@pytest.mark.parametrize(
    "name", ["", "chairs", "boxes", "trousers", "news", "rice", "a4 paper", "office furniture", "kg", "iphone 15"]
)
def test_what_has_no_other_form_stays_as_it_is(name: str) -> None:
    assert plural(name) == name


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        (50, "ream", "50 reams of a4 paper"),
        (1, "ream", "1 ream of a4 paper"),
        (3, "kg", "3 kg of a4 paper"),
        (2, None, "2 × a4 paper"),
    ],
)
def test_a_line_counts_its_unit(quantity: int, unit: str | None, words: str) -> None:
    assert line_words(Item(name="a4 paper", quantity=quantity, unit=unit)) == words

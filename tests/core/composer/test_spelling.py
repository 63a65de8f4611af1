"""Slips of the pen: the words that the reader needs are put right, everything else stays as it was written."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.spelling import mend


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ordr 2 mugs", "order 2 mugs"),
        ("i wnat a mug", "i want a mug"),
        ("expres shiping", "express shipping"),
        ("by wendesday", "by wednesday"),
        ("without notifcation", "without notification"),
    ],
)
def test_a_slip_is_put_right(written: str, meant: str) -> None:
    assert mend(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "older match shopping hostel candle",
        "3 sprockets and 2 flanges",
        "Wendesday",
        "a@shiping.example",
        "use code ordr-1",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert mend(text) == text


def test_spans_point_into_the_mended_text() -> None:
    reading = OfflineComposer().read("ordr 2 mugs with expres shiping")
    assert reading.text == "order 2 mugs with express shipping"
    words = {span.field: reading.text[span.start : span.end] for span in reading.spans}
    assert words == {"items.0.quantity": "2", "items.0.name": "mugs", "shipping_method": "with express shipping"}

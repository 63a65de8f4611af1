"""Slips of the pen: the words that the reader needs are put right, everything else stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.composer.offline import OfflineComposer
from core.composer.offline.spelling import mend
from core.composer.offline.text import clean
from core.errors import ReadingRefused


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


def test_what_was_written_stays_and_spans_point_into_it() -> None:
    reading = OfflineComposer().read("ordr 2 mugs with expres shiping")
    assert reading.text == "ordr 2 mugs with expres shiping"
    words = {span.field: reading.text[span.start : span.end] for span in reading.spans}
    assert words == {"items.0.quantity": "2", "items.0.name": "mugs", "shipping_method": "with expres shiping"}
    assert reading.request.shipping_method == "express"


def test_ignored_words_and_offered_sentences_are_as_they_were_written() -> None:
    reading = OfflineComposer().read("  ordr 2\tmugs.  Teh  dolars zzz grummel. ")
    assert "Teh dolars zzz grummel" in reading.ignored
    with pytest.raises(ReadingRefused) as refused:
        OfflineComposer().read("ordr  2\u20133 mugs with shiping")
    assert [offer for _, offer in refused.value.options] == ["ordr  2 mugs with shiping", "ordr  3 mugs with shiping"]


PIECES = st.sampled_from(
    "order ordr purchse wnat need 2 three 2½ mugs laptops sprockets café ① “gimbals” Ǆ e\u0301clairs and with expres "
    "express shiping shipping to Paris by wendesday monday at $5 each € 7 \u200b for the offce team departmnet my mum, "
    ". no sms email a@b.example ﬁlters ﷺ book a flght hotel for four peple urgnetly \ud800".split(" ")
)


@given(st.lists(PIECES, min_size=1, max_size=25), st.sampled_from([" ", "  ", " \t", "\n", " \u00a0"]))
def test_a_reading_holds_the_words_of_its_writer(pieces: list[str], blank: str) -> None:
    given = f"{blank}Order 2 mugs{blank}" + blank.join(pieces) + blank
    plain = mend(clean(given))
    try:
        reading = OfflineComposer().read(given)
    except ReadingRefused:
        with pytest.raises(ReadingRefused):
            OfflineComposer().read(plain)
        return
    meant = OfflineComposer().read(plain)
    assert reading.text == given.replace("\ud800", "").replace("\u200b", "")
    assert (reading.request, reading.plan) == (meant.request, meant.plan)
    for span, same in zip(reading.spans, meant.spans, strict=True):
        words = mend(clean(reading.text[span.start : span.end]))
        said = meant.text[same.start : same.end]
        # A character that stands for several words is marked whole, though a name may end within them.
        assert span.field == same.field and (words == said or ("ﷺ" in reading.text and said in words))
    assert all(words in " ".join(reading.text.split()) for words in reading.ignored)

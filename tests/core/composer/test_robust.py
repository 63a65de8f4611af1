"""Whatever is written is read or refused, soundly and in good time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.composer.base import MAX_CHARS, Reading
from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused
from core.models import RefusalCode
from tests.core.composer.nonsense import every_block, jumbled, lists, repeated

LONGEST_S = 2.0  # of one text, by the processor's clock, on a slow machine; bench_reader.py prints the real figures


def taken_in(text: str) -> Reading | ReadingRefused:
    """The answer to a text, sound and in time."""
    began = time.process_time()
    try:
        answer: Reading | ReadingRefused = OfflineComposer().read(text)
    except ReadingRefused as refusal:
        answer = refusal
    assert time.process_time() - began < LONGEST_S, text[:80]
    if isinstance(answer, ReadingRefused):
        assert answer.code in get_args(RefusalCode) and 20 < len(str(answer)) < 400
        return answer
    assert all(0 <= span.start < span.end <= len(answer.text) for span in answer.spans)
    assert not {span.field for span in answer.spans} & set(answer.request.defaulted)
    assert all(item.quantity > 0 for item in answer.request.items)
    return answer


@pytest.mark.parametrize(
    ("texts", "many"), [(repeated, 30), (every_block, 150), (lists, 20), (lambda: jumbled(2, 40), 40)]
)
def test_nonsense_is_read_or_refused(texts: Callable[[], Iterator[str]], many: int) -> None:
    for text in islice(texts(), many):
        taken_in(text)


@pytest.mark.slow
@pytest.mark.parametrize("texts", [repeated, every_block, lists, lambda: jumbled(3, 2000)])
def test_all_nonsense_is_read_or_refused(texts: Callable[[], Iterator[str]]) -> None:
    for text in texts():
        taken_in(text)


@given(st.text(max_size=400))
def test_any_characters_are_read_or_refused(text: str) -> None:
    taken_in(text)


@given(st.lists(st.sampled_from("([{<'\"-.,;:!?*&%$#@/\\|~^`=+)]}>"), max_size=200).map("".join))
def test_signs_around_an_order_change_nothing_but_it(signs: str) -> None:
    taken_in(f"Order 2 mugs {signs} and 3 pens"[:MAX_CHARS])


def test_a_list_as_long_as_can_be_written_is_read_whole() -> None:
    lines = "".join(f"{at % 9 + 1} mug, " for at in range(250))
    answer = taken_in(lines.rstrip(", "))
    assert isinstance(answer, Reading) and len(answer.request.items) == 250


def test_five_hundred_items_are_read() -> None:
    answer = taken_in("\n".join(["m:1"] * 500))
    assert isinstance(answer, Reading) and len(answer.request.items) == 500

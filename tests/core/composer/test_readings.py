"""Readings are kept, so that a sentence is asked about once; and both parsers' stand side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from core.composer.base import MAX_CHARS, Difference, Reading
from core.composer.offline import OfflineComposer
from core.composer.readings import Kept, Readings, differences
from core.errors import ReadingRefused
from core.models import Item

TEXT = "Order 2 laptops for our office team"
NOTE = "The language model could not be used (no answer in 8 s); read by rules."
RULES = OfflineComposer().read(TEXT)


class Reader:
    """Reads every sentence as `made` says, and counts what it was asked."""

    def __init__(self, made: Callable[[str], Reading]) -> None:
        self.made = made
        self.asked: list[str] = []

    def read(self, text: str) -> Reading:
        self.asked.append(text)
        return self.made(text)


def model(text: str) -> Reading:
    return replace(RULES, text=text, parser="groq")


def refuse(text: str) -> Reading:
    raise ReadingRefused("not_an_order", "No.")


def give_way(text: str) -> Reading:
    return replace(RULES, text=text, note=NOTE)


def refuse_and_give_way(text: str) -> Reading:
    raise ReadingRefused("not_an_order", "No.", note=NOTE)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


# Keeping


@pytest.mark.parametrize("made", [model, refuse])
def test_a_sentence_is_asked_about_once(made):
    reader, clock = Reader(made), Clock()
    kept = Kept(reader, clock=clock)
    first = kept.outcome(TEXT)
    clock.now = 1e9
    assert kept.outcome(TEXT) is first
    kept.outcome("another")
    assert reader.asked == [TEXT, "another"]


@pytest.mark.parametrize("made", [give_way, refuse_and_give_way])
def test_a_failure_is_kept_for_a_short_time(made):
    reader, clock = Reader(made), Clock()
    kept = Kept(reader, failure_s=60, clock=clock)
    assert kept.outcome(TEXT).note == NOTE
    clock.now = 59.9
    kept.outcome(TEXT)
    assert len(reader.asked) == 1
    clock.now, reader.made = 60.0, model
    assert kept.outcome(TEXT).note == ""
    assert len(reader.asked) == 2


def test_the_sentences_that_were_asked_for_last_are_kept():
    reader = Reader(model)
    kept = Kept(reader, most=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        kept.outcome(text)
    assert reader.asked == ["a", "b", "c", "b"]


def test_what_is_too_long_takes_no_room():
    reader = Reader(refuse)
    kept = Kept(reader)
    for _ in range(2):
        assert isinstance(kept.outcome("x" * (MAX_CHARS + 1)), ReadingRefused)
    assert len(reader.asked) == 2


def test_who_asks_while_a_sentence_is_being_read_waits_for_it():
    asked, answer = threading.Event(), threading.Event()

    def slowly(text: str) -> Reading:
        asked.set()
        assert text != TEXT or answer.wait(10)
        return model(text)

    reader = Reader(slowly)
    kept = Kept(reader)
    found: list[object] = []
    first = threading.Thread(target=lambda: found.append(kept.outcome(TEXT)))
    first.start()
    assert asked.wait(10)
    second = threading.Thread(target=lambda: found.append(kept.outcome(TEXT)))
    second.start()
    assert kept.outcome("another")  # others are not held up
    answer.set()
    first.join(10)
    second.join(10)
    assert len(found) == 2 and found[0] is found[1]
    assert reader.asked.count(TEXT) == 1


def test_an_unexpected_error_is_not_kept():
    def slip(text: str) -> Reading:
        raise ZeroDivisionError

    reader = Reader(slip)
    kept = Kept(reader)
    with pytest.raises(ZeroDivisionError):
        kept.outcome(TEXT)
    reader.made = model
    assert kept.outcome(TEXT).text == TEXT


def test_a_refusal_that_is_kept_is_raised_each_time_without_the_last_ones_traceback():
    readings = Readings(Reader(refuse))
    depths = []
    for _ in range(3):
        with pytest.raises(ReadingRefused, match=r"^No\.$") as refused:
            readings.read(TEXT)
        depths.append(len(refused.traceback))
    assert len(set(depths)) == 1


# Comparing


def test_with_the_offline_parser_alone_there_is_nothing_to_compare():
    found = Readings(OfflineComposer()).compare(TEXT)
    assert found.groq is None and found.differences == ()
    assert isinstance(found.offline, Reading) and found.offline.request == RULES.request


def test_what_is_compared_is_what_is_read_and_asked_for_once():
    reader = Reader(model)
    readings = Readings(reader)
    found = readings.compare(TEXT)
    assert readings.read(TEXT) is found.groq
    assert isinstance(found.offline, Reading) and found.offline.parser == "offline"
    assert found.differences == ()
    assert reader.asked == [TEXT]


@pytest.mark.parametrize("made", [give_way, refuse_and_give_way])
def test_a_parser_that_gave_way_does_not_differ(made):
    found = Readings(Reader(made)).compare("Order 3 desks")
    assert found.groq is not None and found.groq.note == NOTE
    assert found.differences == ()


def test_fields_that_differ_are_named_with_both_values():
    items = (Item(name="Laptop", quantity=Decimal("3.0"), unit_price=Decimal(900)), Item(name="dock"))
    changed = RULES.request.model_copy(update={"items": items, "channel": "B2C", "defaulted": ("channel",)})
    assert differences(RULES, replace(RULES, request=changed)) == (
        Difference("items.0.quantity", Decimal(2), Decimal(3)),
        Difference("items.0.unit_price", None, Decimal(900)),
        Difference("items.1.name", None, "dock"),
        Difference("items.1.quantity", None, Decimal(1)),
        Difference("channel", "corporate", "B2C"),
    )


def test_values_that_are_the_same_do_not_differ():
    items = (Item(name="LAPTOP", quantity=Decimal("2.00")),)
    changed = RULES.request.model_copy(update={"items": items, "defaulted": ()})
    assert differences(RULES, replace(RULES, request=changed)) == ()


@pytest.mark.parametrize(
    ("offline", "groq", "found"),
    [
        (RULES, ReadingRefused("not_an_order", "No."), (Difference("refusal", None, "not_an_order"),)),
        (ReadingRefused("empty", "No."), RULES, (Difference("refusal", "empty", None),)),
        (ReadingRefused("empty", "No."), ReadingRefused("empty", "Not at all."), ()),
    ],
)
def test_a_refusal_differs_from_a_reading_and_from_another_refusal(offline, groq, found):
    assert differences(offline, groq) == found

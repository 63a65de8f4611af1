"""Words of an answer are found in the sentence, or dropped."""

from __future__ import annotations

import time

import pytest

from core.composer.placing import MOST_PLACES, occurrences, place


def placed(text: str, **words: str) -> dict[str, tuple[int, str]]:
    """Path -> (start, words) of what is placed; '__' in a name is '.'."""
    given = [(path.replace("__", "."), said) for path, said in words.items()]
    spans = place(given, text, [path for path, _ in given])
    assert list(spans) == sorted(spans, key=lambda span: span.start)
    return {span.field: (span.start, text[span.start : span.end]) for span in spans}


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("pens", "2 Pens and pens", ["Pens", "pens"]),
        ("pen", "2 pens", []),
        ("2", "12 pens, 2 inks, 21", ["2"]),
        ("$9", "at $90 or $9.", ["$9"]),
        ("$", "for $9", ["$"]),
        ("next  friday", "by next\nFriday", ["next\nFriday"]),
        ("a.c", "abc a.c", ["a.c"]),
        ("(", "( [", ["("]),
        ("", "pens", []),
        (" ", "a b", []),
        ("x" * 301, "x" * 301, []),
    ],
)
def test_whole_words_are_found(words, text, found):
    assert [text[start:end] for start, end in occurrences(words, text)] == found


def test_the_same_words_for_two_items_stand_at_two_places():
    text = "2 pens at $3, 2 inks at $3 and 2 cups"
    found = placed(
        text,
        currency="$",
        items__1__quantity="2",
        items__1__unit_price="3",
        items__0__unit_price="3",
        items__0__quantity="2",
        items__2__quantity="2",
        items__0__name="pens",
        items__1__name="inks",
        items__2__name="cups",
    )
    assert found == {
        "items.0.quantity": (0, "2"),
        "items.0.name": (2, "pens"),
        "currency": (10, "$"),
        "items.0.unit_price": (11, "3"),
        "items.1.quantity": (14, "2"),
        "items.1.name": (16, "inks"),
        "items.1.unit_price": (25, "3"),
        "items.2.quantity": (31, "2"),
        "items.2.name": (33, "cups"),
    }


def test_the_same_item_twice_stands_at_two_places():
    assert placed("1 red pen, 2 blue pen", items__0__name="pen", items__1__name="pen") == {
        "items.0.name": (6, "pen"),
        "items.1.name": (18, "pen"),
    }


def test_names_follow_each_other():
    assert placed("A pen case and a bag, then a pen", items__0__name="bag", items__1__name="pen") == {
        "items.0.name": (17, "bag"),
        "items.1.name": (29, "pen"),
    }


def test_what_belongs_to_an_item_stands_near_its_name():
    found = placed(
        "2 blue inks, pens at 2",
        items__0__name="pens",
        items__0__unit_price="2",
        items__1__name="inks",
        items__1__quantity="2",
    )
    assert (found["items.0.unit_price"], found["items.1.quantity"]) == ((21, "2"), (0, "2"))


def test_words_that_are_there_once_may_give_two_fields():
    assert placed("A flight", workflow_type="flight", travel_mode="flight").keys() == {"workflow_type", "travel_mode"}


def test_words_that_are_not_in_the_sentence_and_unknown_paths_are_dropped():
    assert placed("2 pens", items__0__name="zebras") == {}
    assert place([("run", "pens")], "2 pens", ["items.0.name"]) == ()


def test_the_first_words_of_a_path_count():
    spans = place([("date", "today"), ("date", "tomorrow")], "today or tomorrow", ["date"])
    assert [(span.start, span.end) for span in spans] == [(0, 5)]


def test_many_words_at_many_places_take_no_time():
    text = "a " * 1000
    paths = [f"items.{at}.{part}" for at in range(500) for part in ("name", "quantity", "unit")]
    started = time.perf_counter()
    assert len(occurrences("a", text)) == MOST_PLACES
    assert place([(path, "a") for path in paths], text, paths)
    assert time.perf_counter() - started < 2

"""A pattern that names its words misses no match for them, and word lists become patterns that match them."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import core.composer.offline
from core.composer.offline.patterns import _About, any_of, held, rx
from core.composer.offline.text import Written

HERE = Path(__file__).parent


def about(found: Any, name: str) -> Iterator[tuple[str, _About]]:
    """The patterns with words in a value of a module, by their names."""
    if isinstance(found, _About):
        yield name, found
    elif isinstance(found, tuple | list):
        for place, one in enumerate(found):
            yield from about(one, f"{name}[{place}]")
    elif isinstance(found, dict):
        for key, one in found.items():
            yield from about(one, f"{name}[{key}]")


FOUND = {
    pattern: name
    for module in pkgutil.iter_modules(core.composer.offline.__path__, "core.composer.offline.")
    for word, value in vars(importlib.import_module(module.name)).items()
    for name, pattern in about(value, f"{module.name.rpartition('.')[2]}.{word}")
}
PATTERNS = {name: pattern for pattern, name in FOUND.items()}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    files = [*HERE.glob("cases/*.jsonl"), *HERE.glob("unmended/*.jsonl")]
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [Written(json.loads(line)["text"]).text for line in lines]


def test_patterns_with_words_are_found() -> None:
    assert len(PATTERNS) > 100


@pytest.mark.parametrize("name", PATTERNS)
def test_no_match_in_a_sentence_is_missed(name: str, texts: list[str]) -> None:
    pattern = PATTERNS[name]
    assert [text for text in texts if pattern._compiled.search(text) and not pattern.search(text)] == []


# To make matches of a long pattern takes up to two seconds.
SHORT = [name for name, pattern in PATTERNS.items() if len(pattern._pattern) < 400]


@pytest.mark.parametrize("name", SHORT)
def test_no_match_that_could_be_made_up_is_missed(name: str) -> None:
    assert missed(PATTERNS[name], 5) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PATTERNS)
def test_no_match_of_any_pattern_is_missed(name: str) -> None:
    assert missed(PATTERNS[name], 80) == []


def missed(pattern: _About, examples: int) -> list[str]:
    """Matches that are made from the pattern itself, and are not found for its words."""
    found: list[str] = []

    @settings(
        max_examples=examples,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(pattern._compiled, alphabet=st.characters(codec="ascii")))
    def look(made: str) -> None:
        if pattern._compiled.search(made) and not pattern.search(made):
            found.append(made)

    look()
    return found


def test_a_text_without_the_words_compiles_nothing() -> None:
    pattern = rx(r"(?P<who>\w+) pays", words="pays")
    assert pattern.search("nobody cares") is None
    assert pattern.match("nobody cares") is None
    assert pattern.fullmatch("nobody cares") is None
    assert list(pattern.finditer("nobody cares")) == []
    assert "_compiled" not in vars(pattern)
    found = pattern.search("Ann Pays")
    assert found and found["who"] == "Ann"


def test_what_a_text_holds() -> None:
    assert held("Don't deliver 3 on 4/5, É1st") == {
        "don", "'", "t", "del", "0", "on", "0/0", ",", "é", "st"
    }  # fmt: skip
    assert held("at 2.") == {"at", "0", "."}
    assert held("a-b @ \0\1") == {"a", "-", "b", "@", "\0", "\1"}
    assert held("") == frozenset()


WORDS = st.lists(st.text("abc-'. ", min_size=1, max_size=5), min_size=1, max_size=12)


@given(WORDS, st.text("abc-'. ", max_size=8))
def test_any_of_matches_what_the_longest_first_would(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    assert re.findall(any_of(words), text) == re.findall(plain, text)
    for word in words:
        assert re.fullmatch(any_of(words), word)

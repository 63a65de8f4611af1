"""What a pattern's hint looks for is in everything that the pattern matches."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import core.composer.offline
from core.composer.offline.text import Written, _Hinted, rx

HERE = Path(__file__).parent


def hinted(found: Any, name: str) -> Iterator[tuple[str, _Hinted]]:
    """The hinted patterns in a value of a module, with their names."""
    if isinstance(found, _Hinted):
        yield name, found
    elif isinstance(found, tuple | list):
        for place, one in enumerate(found):
            yield from hinted(one, f"{name}[{place}]")
    elif isinstance(found, dict):
        for key, one in found.items():
            yield from hinted(one, f"{name}[{key}]")


PATTERNS = {
    name: pattern
    for module in pkgutil.iter_modules(core.composer.offline.__path__, "core.composer.offline.")
    for word, value in vars(importlib.import_module(module.name)).items()
    for name, pattern in hinted(value, f"{module.name.rpartition('.')[2]}.{word}")
}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    files = [*HERE.glob("cases/*.jsonl"), *HERE.glob("unmended/*.jsonl")]
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [Written(json.loads(line)["text"]).text for line in lines]


@pytest.mark.parametrize("name", PATTERNS)
def test_no_match_is_missed_for_a_hint(name: str, texts: list[str]) -> None:
    pattern = PATTERNS[name]
    assert [text for text in texts if pattern._compiled.search(text) and not pattern.search(text)] == []


def test_a_text_without_the_hint_compiles_nothing() -> None:
    pattern = rx(r"(?P<who>\w+) pays", hint="pays")
    assert pattern.search("nobody paid") is None
    assert pattern.match("nobody paid") is None
    assert pattern.fullmatch("nobody paid") is None
    assert list(pattern.finditer("nobody paid")) == []
    assert "_compiled" not in vars(pattern)
    found = pattern.search("Ann Pays")
    assert found and found["who"] == "Ann"

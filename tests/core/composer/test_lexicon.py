"""World knowledge as data: what a thing is, whatever words stand before it."""

from __future__ import annotations

from typing import get_args

import pytest

from core.composer.offline.lexicon import FOLDER, domain_of, is_service, lexicon, names_software, spelled
from core.composer.offline.nouns import singular
from core.models import Domain


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("laptop", "technology"),
        ("wireless gaming mouse", "technology"),
        ("stapler", "office"),
        ("pepperoni pizza", "food"),
        ("glass of red wine", "food"),
        ("salmon rice bowl", "food"),
        ("soup bowl", "home"),
        ("leather jacket", "apparel"),
        ("nitrile glove", "health"),
        ("safety glove", "industrial"),
        ("garden chair", "home"),
        ("office chair", "office"),
        ("inflatable boat", "other"),
        ("coffee machine", "home"),
        ("enterprise software training", "services"),
        ("labtop", "technology"),
        ("bluetooth gizmo", "technology"),
        ("paving slab", "industrial"),
        ("40-litre storage tub", "home"),
        ("dental stool", "health"),
        ("classroom chair", "office"),
        ("training bib", "other"),
        ("bitter gourd", "food"),
        ("turban", "apparel"),
        ("card machine", "technology"),
        ("wheelchair cushion", "health"),
        ("wd-40", "industrial"),
        ("qwertz", None),
    ],
)
def test_the_domain_of_a_name(name: str, domain: str | None) -> None:
    assert domain_of(name) == domain


@pytest.mark.parametrize(
    ("name", "service"), [("oil change", True), ("dog walker", True), ("training shoe", False), ("wedding cake", False)]
)
def test_what_is_somebodys_time(name: str, service: bool) -> None:
    assert is_service(name) is service


def test_a_program_is_not_what_bears_its_name() -> None:
    assert names_software("photoshop") and names_software("grammarly business")
    assert not names_software("slack hoodie")


def test_only_near_words_are_taken_for_slips() -> None:
    assert spelled("keybord") == "keyboard"
    assert spelled("check") is None and spelled("zzzzzzz") is None


def test_there_are_thousands_of_things_in_every_domain() -> None:
    things = lexicon().things
    assert len(things) > 3500
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(get_args(Domain)) == set(things.values())


def test_entries_are_singular_and_in_lower_case() -> None:
    wrong = [
        entry
        for entry in lexicon().things
        if not entry or entry != entry.lower().strip() or singular(entry.split()[-1]) not in entry
    ]
    assert wrong == []


def test_no_file_names_a_thing_twice() -> None:
    for path in FOLDER.glob("*.txt"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in "#~!%+"]
        entries = [entry.strip() for line in lines for entry in line.removeprefix("&").split(",")]
        assert len(entries) == len(set(entries)), [entry for entry in entries if entries.count(entry) > 1]

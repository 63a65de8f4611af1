"""Verbs of work in each of their forms, and the nouns that they are ordered by."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.deeds import gerunds, name_of, participles, verbs


@pytest.mark.parametrize(
    ("form", "noun"),
    [
        ("mowed", "mowing"),
        ("swept", "sweeping"),
        ("scrubbed", "scrubbing"),
        ("hauled away", "removal"),
        ("dry cleaned", "dry cleaning"),
        ("looked at", "check"),
        ("drawn up", "drafting"),
    ],
)
def test_a_participle_has_its_noun(form: str, noun: str) -> None:
    assert participles()[form] == noun


@pytest.mark.parametrize(("form", "noun"), [("trimming", "trim"), ("pressure washing", "pressure washing")])
def test_a_gerund_has_its_noun(form: str, noun: str) -> None:
    assert gerunds()[form] == noun


def test_every_verb_has_a_noun() -> None:
    assert len(verbs()) > 150 and all(verbs().values())


@pytest.mark.parametrize(
    ("thing", "deed", "name"),
    [
        ("front lawn", "mowing", "front lawn mowing"),
        ("tires", "rotation", "tire rotation"),
        ("hair", "cut", "hair cut"),
        ("grass", "cut", "grass cutting"),
        ("car", "wash", "car wash"),
        ("windows", "wash", "window washing"),
    ],
)
def test_a_service_is_named_by_thing_and_deed(thing: str, deed: str, name: str) -> None:
    assert name_of(thing, deed) == name


def test_the_lifts_of_a_house_are_no_ride() -> None:
    request = OfflineComposer().read("Send someone to service the lifts at our Croydon site next tuesday").request
    assert (request.workflow_type, request.items[0].name) == ("service_appointment", "lift service")

"""Trips, rides, tables and services by their structure, and what only looks like them."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.goods import has_goods
from core.errors import ReadingRefused
from core.models import OrderRequest


def read(text: str) -> OrderRequest:
    return OfflineComposer().read(text).request


@pytest.mark.parametrize(
    ("text", "mode", "origin", "destination"),
    [
        ("Nairobi to Mombasa, Friday morning flight", "flight", "Nairobi", "Mombasa"),
        ("I want to leave from Turin on the 3rd of May and go to Lille by rail", "train", "Turin", "Lille"),
        ("get us on the early ferry to Corsica on July 8", "ferry", None, "Corsica"),
        ("drive my mother from 12 Oak Street to the clinic at 9 am", "taxi", "12 Oak Street", "clinic"),
        ("a cottage near Keswick from May 3 to May 8", "hotel", None, "Keswick"),
        ("we need a van in Perth from Friday to Sunday", "car", None, "Perth"),
        ("a room at the Hyatt in Tacoma this Saturday", "hotel", None, "Tacoma"),
    ],
)
def test_a_trip_is_read_by_its_places(text: str, mode: str, origin: str | None, destination: str) -> None:
    request = read(text)
    assert (request.travel_mode, request.origin, request.destination) == (mode, origin, destination)


@pytest.mark.parametrize(
    ("party", "many"),
    [
        ("me and my three kids", 4),
        ("the two of us", 2),
        ("a family of five", 5),
        ("my husband and me", 2),
        ("two adults and an infant", 3),
        ("just me", 1),
    ],
)
def test_who_goes_along_is_counted(party: str, many: int) -> None:
    assert read(f"book a train from Milan to Rome on Friday for {party}").passengers == many


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rotate the tires and do an alignment on my truck, Thursday 3 pm", "tire rotation and alignment"),
        ("someone needs to feed my cats from Monday", "cat feeding"),
        ("need the chimney swept before winter", "chimney sweeping"),
        ("I want a roofer out here by Monday", "roofer"),
        ("our dishwasher is leaking, send somebody over this afternoon", "dishwasher repair"),
        ("reserve dinner for eight on Thursday at 7:30", "dinner reservation"),
        ("party of five friday at seven thirty", "table reservation"),
    ],
)
def test_a_service_is_read_by_what_is_to_be_done(text: str, name: str) -> None:
    request = read(text)
    assert (request.workflow_type, [item.name for item in request.items]) == ("service_appointment", [name])


@pytest.mark.parametrize(
    "text",
    [
        "is there a direct bus from Tucson to Phoenix",
        "the train from Leeds was two hours late again",
        "I had my tires rotated here last week",
        "the electrician is coming on Tuesday",
        "I have to paint the fence this weekend",
    ],
)
def test_what_is_told_or_asked_is_no_order(text: str) -> None:
    with pytest.raises(ReadingRefused):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 6 travel mugs for the trip to Chicago",
        "buy a toy boat and a toy plane for my son",
        "3 paint rollers and 2 cans of white paint to paint the fence",
        "replace 8 broken lamps with 8 desk lamps",
    ],
)
def test_goods_stay_goods(text: str) -> None:
    assert read(text).workflow_type == "purchase_order"


@pytest.mark.parametrize(
    ("text", "counted"), [("two kettles for the flight", True), ("I've got a flat tire", False), ("two seats", False)]
)
def test_goods_are_counted_things(text: str, counted: bool) -> None:
    assert has_goods(text) is counted

"""The ten sentences of the product description, field by field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.composer.offline import OfflineComposer

PURCHASE = {"workflow_type": "purchase_order", "domain": "technology", "channel": "corporate"}
SEEDS: list[tuple[str, dict[str, Any], list[tuple[str, int]]]] = [
    ("Order 2 laptops for our office team", PURCHASE, [("laptop", 2)]),
    (
        "Book a flight from NYC to Paris for business",
        {
            "workflow_type": "travel_booking",
            "domain": "travel",
            "travel_mode": "flight",
            "origin": "NYC",
            "destination": "Paris",
            "channel": "corporate",
            "travel_class": None,
            "trip_type": None,
        },
        [],
    ),
    (
        "Purchase enterprise software licenses for 10 users",
        {"workflow_type": "software_license", "domain": "technology", "seats": 10, "channel": "corporate"},
        [("enterprise software license", 10)],
    ),
    (
        "Schedule a professional consultation appointment",
        {"workflow_type": "service_appointment", "domain": "services", "channel": "B2C", "attendees": None},
        [("professional consultation appointment", 1)],
    ),
    ("Order 5 iPhones for the marketing department", PURCHASE, [("iphone", 5)]),
    (
        "Process bulk order for office supplies with express shipping",
        {"workflow_type": "bulk_order", "domain": "office", "shipping_method": "express", "channel": "B2C"},
        [("office supply", 1)],
    ),
    (
        "Order 5 iPhones for our sales team with express shipping",
        PURCHASE | {"shipping_method": "express", "priority": "medium"},
        [("iphone", 5)],
    ),
    (
        "Schedule enterprise software training for 20 employees",
        {"workflow_type": "service_appointment", "domain": "services", "attendees": 20, "channel": "corporate"},
        [("enterprise software training", 1)],
    ),
    ("Purchase 10 laptops for the development team with warranty", PURCHASE, [("laptop", 10)]),
    (
        "Book business class flights from New York to London for 3 executives",
        {
            "workflow_type": "travel_booking",
            "travel_mode": "flight",
            "travel_class": "business",
            "origin": "New York",
            "destination": "London",
            "passengers": 3,
            "channel": "corporate",
        },
        [],
    ),
]


@pytest.mark.parametrize(("text", "fields", "items"), SEEDS, ids=[text for text, _, _ in SEEDS])
def test_a_seed_sentence_is_read(text: str, fields: dict[str, Any], items: list[tuple[str, int]]) -> None:
    request = OfflineComposer().read(text).request
    assert {field: getattr(request, field) for field in fields} == fields
    assert [(item.name, item.quantity) for item in request.items] == [(name, Decimal(many)) for name, many in items]


@pytest.mark.parametrize(("text", "fields", "items"), SEEDS, ids=[text for text, _, _ in SEEDS])
def test_a_seed_sentence_invents_nothing(text: str, fields: dict[str, Any], items: list[tuple[str, int]]) -> None:
    reading = OfflineComposer().read(text)
    read = reading.request.model_dump(exclude_unset=True).keys() - set(reading.request.defaulted)
    allowed = {"workflow_type", "domain", "items", "channel", "defaulted"} | fields.keys()
    assert read <= allowed
    assert reading.ignored == (("warranty",) if "warranty" in text else ())
    assert reading.parser == "offline"

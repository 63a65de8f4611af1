"""What a model may answer, and the reading that is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.composer.base import Reading
from core.composer.offline import OfflineComposer
from core.composer.offline.text import Written
from core.composer.wire import INSTRUCTIONS, Unusable, WireOrder, WireRefusal, reading_of, schema
from core.errors import ReadingRefused
from core.models import OrderRequest, RefusalCode
from tests.core.composer.chat import EMPTY, order


def read(answer: dict[str, Any], text: str) -> Reading:
    return reading_of(json.dumps(answer), Written(text, mend=False), OfflineComposer().read("2 laptops"))


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_the_answer_has_the_fields_of_a_request():
    assert WireOrder.model_fields.keys() - {"refusal", "words"} == OrderRequest.model_fields.keys() - {"defaulted"}


def test_every_object_of_the_schema_is_closed_and_needs_every_field():
    found = [node for node in objects(schema()) if node.get("type") == "object"]
    assert len(found) == 6
    for node in found:
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])


def test_the_schema_keeps_to_what_strict_decoding_takes():
    names = {"$defs", "$ref", "additionalProperties", "anyOf", "enum", "items", "properties", "required", "type"}
    documents = [schema(), *schema()["$defs"].values()]
    fields = {name for document in documents for name in document.get("properties", {})} | schema()["$defs"].keys()
    assert {name for node in objects(schema()) for name in node} <= names | fields


def test_the_instructions_tell_of_every_field_and_refusal():
    codes = get_args(WireRefusal.model_fields["code"].annotation)
    assert set(codes) == set(get_args(RefusalCode)) - {"empty", "too_long"}
    for word in (*WireOrder.model_fields, *codes):
        assert word in INSTRUCTIONS


# From values to a request


def test_everything_that_is_given_is_in_the_request_and_all_else_is_a_default():
    text = "4 boxes of pens at 2.5k yen, code AB12, to 5 Elm St, C77, ann@b.example, +49 151 5550100, petty wallet"
    items = [{"name": "pen", "quantity": 4, "unit": "box", "unit_price": 2500.5}]
    given = {
        "items": items,
        "domain": "office",
        "currency": "JPY",
        "convert_to": "EUR",
        "total_price": 9000,
        "budget": 10000.25,
        "discount_percent": 5,
        "promo_code": "AB12",
        "customer_id": "C77",
        "customer_email": "Ann@b.example",
        "phone_number": "+49 (151) 555-0100",
        "address": "5 Elm St",
        "wallet": "petty",
        "channel": "corporate",
        "shipping_method": "express",
        "priority": "high",
        "date": "2027-01-31",
        "notifications": {"email": True, "sms": False, "call": None},
        "conditions": [{"if": "delayed", "then": "sms"}],
    }
    request = read(order() | given, text).request
    assert request.items[0].quantity == 4 and request.items[0].unit_price == Decimal("2500.5")
    assert str(request.items[0].quantity) == "4"
    assert request.budget == Decimal("10000.25")
    assert (request.notifications.email, request.notifications.sms, request.notifications.call) == (True, False, None)
    assert [(one.event, one.then) for one in request.conditions] == [("delayed", "sms")]
    for field in given.keys() - {"items", "notifications", "conditions"}:
        assert getattr(request, field) == given[field]
    assert request.defaulted == ()


def test_a_quantity_that_was_not_said_is_one_and_a_default():
    request = read(order(("pen", None), ("ink", 2)), "a pen and 2 inks").request
    assert [item.quantity for item in request.items] == [1, 2]
    assert "items.0.quantity" in request.defaulted and "items.1.quantity" not in request.defaulted


def test_paying_in_the_currency_of_the_prices_converts_nothing():
    assert read(order(("pen", 1), currency="EUR", convert_to="EUR"), "1 pen in euros").request.convert_to is None


@pytest.mark.parametrize(("quantity", "seats", "both"), [(10, None, 10), (None, 10, 10), (None, None, 1), (10, 10, 10)])
def test_seats_and_licences_are_the_same_number(quantity, seats, both):
    answer = order(("editor license", quantity), workflow_type="software_license", seats=seats)
    request = read(answer, "editor licenses").request
    assert (request.items[0].quantity, request.seats) == (both, both)


def test_a_trip_has_no_items_and_counts_its_passengers():
    answer = order(("flight", 1), workflow_type="travel_booking", travel_mode="flight", destination="Paris")
    request = read(answer, "A flight to Paris").request
    assert (request.items, request.destination, request.passengers) == ((), "Paris", 1)
    assert "passengers" in request.defaulted


def test_empty_words_are_no_values():
    request = read(order(("pen", 1), promo_code="", origin=" "), "1 pen").request
    assert request.promo_code is None and request.origin is None


def test_the_words_of_a_field_that_was_not_given_show_nothing():
    words = {"items.0.name": "pen", "budget": "1", "items.0.unit_price": "1", "domain": "zebra", "seats": "pen"}
    assert [span.field for span in read(order(("pen", 1), words=words), "1 pen").spans] == ["items.0.name"]


def test_the_reading_keeps_the_sentence_as_it_was_written_and_points_into_it():
    text = "  Ordr  ２ “pens”\u202e with “½ off”"
    reading = read(order(("pen", 2), words={"items.0.name": "pens", "items.0.quantity": "2"}), text)
    assert [reading.text[span.start : span.end] for span in reading.spans] == ["２", "pens"]
    assert "Ordr" in reading.text and "“½ off”" in reading.text and "\u202e" not in reading.text


def test_wishes_about_the_plan_are_read_by_rules():
    text = "Order 2 pens, try the payment 5 times"
    words = {"items.0.name": "pens"}
    reading, rules = read(order(("pen", 2), words=words), text), OfflineComposer().read(text)
    assert rules.wishes and reading.wishes == rules.wishes
    assert reading.plan == rules.plan
    wished = [(span.field, span.start) for span in rules.spans if span.field.startswith("wishes")]
    assert [(span.field, span.start) for span in reading.spans] == [("items.0.name", 8), *wished]


def test_what_gave_nothing_is_told():
    words = {"items.0.name": "pens", "items.0.quantity": "2"}
    assert read(order(("pen", 2), words=words), "Order 2 pens, gift wrapped").ignored == ("gift wrapped",)


def test_a_model_that_names_no_words_leaves_none_out():
    assert read(order(("pen", 2)), "Order 2 pens, gift wrapped").ignored == ()


# Whatever comes


@pytest.mark.parametrize("answer", ["", "null", "7", '"order"', "{", "[]", "{}", "\x00", "{" * 100_000, "9" * 100_000])
def test_what_is_no_object_of_the_schema_is_unusable(answer):
    with pytest.raises(Unusable) as unusable:
        reading_of(answer, Written("2 laptops"), OfflineComposer().read("2 laptops"))
    assert unusable.value.problems and all(len(problem) < 300 for problem in unusable.value.problems)


def test_fields_of_the_servers_making_are_not_named():
    with pytest.raises(Unusable) as unusable:
        read(EMPTY | {"evil <b>": 1}, "2 laptops")
    assert unusable.value.field == ""


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*WireOrder.model_fields]), ANYTHING, max_size=4))
def test_whatever_is_answered_is_a_reading_a_refusal_or_unusable(fields):
    try:
        reading = read(order(("laptop", 2)) | fields, "Order 2 laptops")
    except (Unusable, ReadingRefused):
        return
    assert OrderRequest.model_validate(reading.request.model_dump(by_alias=True)) == reading.request

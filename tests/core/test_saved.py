"""Saved orders as files: what is written is read back the same, and what is wrong is named by its path."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import ImportRefused, SavedRefused
from core.models import Condition, Item, Notifications, OrderRequest, PlanWish
from core.saved import (
    LARGEST_BYTES,
    SavedOrder,
    free_name,
    import_order,
    key_of,
    make_order,
    read_order,
    renamed,
    write_order,
)

FULL = OrderRequest(
    workflow_type="travel_booking",
    items=(Item(name="Büro-Stuhl \U0001f4ba", quantity=Decimal("2.50"), unit="set", unit_price=Decimal("249.90")),),
    currency="EUR",
    convert_to="USD",
    budget=Decimal(10) ** 9,
    customer_email="mara@keller.example",
    phone_number="+49 151 5550100",
    address='Hof 3, "Berlin"',
    notifications=Notifications(email=True, sms=False),
    conditions=(Condition(event="shipping_failed", then="call"),),
    time="09:30",
    passengers=3,
    defaulted=("domain", "items.0.quantity"),
)
WISHES = (PlanWish(step="booking", attempts=9), PlanWish(step="shipping", policy="continue"))
ORDER = SavedOrder(name="Monday", text="Order 2 chairs\nfor me", plan="sequence", wishes=WISHES, request=FULL)


def written(**changes: Any) -> dict[str, Any]:
    """The file of an order of two laptops, with fields changed; `...` takes one out."""
    file = {"kind": "sagalab.order", "format": 1, "name": "Monday", "text": "", "plan": "saga", "wishes": []}
    file |= {"request": {"items": [{"name": "laptop", "quantity": 2}]}}
    return {name: value for name, value in (file | changes).items() if value is not ...}


def faults_of(data: Any) -> tuple[str, ...]:
    """What is said of a file, given as text, bytes, or what it holds."""
    with pytest.raises(ImportRefused) as refused:
        read_order(data if isinstance(data, str | bytes) else json.dumps(data))
    assert str(refused.value).startswith("Nothing was imported. ")
    assert all(fault in str(refused.value) for fault in refused.value.faults)
    return refused.value.faults


# What is written is read


def test_a_file_is_read_as_it_was_written():
    text = write_order(ORDER)
    assert read_order(text) == read_order(text.encode()) == read_order(b"\xef\xbb\xbf" + text.encode()) == ORDER
    assert write_order(read_order(text)) == text


def test_a_file_is_json_in_a_stable_order_without_what_is_unset():
    lines = write_order(ORDER).splitlines()
    assert lines[:6] == [
        "{",
        '  "kind": "sagalab.order",',
        '  "format": 1,',
        '  "name": "Monday",',
        '  "text": "Order 2 chairs\\nfor me",',
        '  "plan": "sequence",',
    ]
    assert list(json.loads(write_order(ORDER))) == list(written())
    assert "null" not in write_order(ORDER)
    assert "Büro-Stuhl \U0001f4ba" in write_order(ORDER)


def test_a_person_may_leave_out_what_has_a_default_and_write_numbers_as_numbers():
    order = read_order(json.dumps(written(text=..., plan=..., wishes=...)))
    assert (order.text, order.plan, order.wishes) == ("", "saga", ())
    assert order.request == OrderRequest(items=(Item(name="laptop", quantity=Decimal(2)),))


def test_amounts_are_read_exactly_as_they_are_written():
    text = json.dumps(written()).replace('"quantity": 2', '"unit_price": 8.000000000000003')
    assert read_order(text).request.items[0].unit_price == Decimal("8.000000000000003")


requests = st.builds(
    OrderRequest,
    items=st.lists(
        st.builds(
            Item,
            name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=120),
            quantity=st.decimals("0.01", "99999999", places=2),
            unit_price=st.none() | st.decimals(0, 1_000_000, places=2),
        ),
        max_size=5,
    ).map(tuple),
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
    convert_to=st.none() | st.sampled_from(["USD", "EUR"]),
    channel=st.sampled_from(["B2C", "corporate"]),
    wallet=st.none() | st.just("team"),
    discount_percent=st.none() | st.decimals(0, 100, places=1),
    notifications=st.builds(Notifications, email=st.none() | st.booleans()),
    nights=st.none() | st.integers(1, 100_000),
)


@given(requests, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_any_order_is_read_as_it_was_written(request_, text):
    order = SavedOrder(name="any", text=text, request=request_)
    assert read_order(write_order(order)) == order


# What is wrong is named by its path


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ({"items": [{"name": "a", "quantity": 0}]}, "request.items[0].quantity: must be greater than 0"),
        ({"items": [{"name": "a"}, {"name": " "}]}, "request.items[1].name: must not be empty"),
        ({"items": [{"name": "a", "quantity": "1e-99999999"}]}, "request.items[0].quantity: must have at most 14"),
        ({"items": [{"quantity": 1}]}, "request.items[0].name: is missing"),
        ({"items": "laptops"}, "request.items: must be a list, in square brackets"),
        ({"items": [7]}, "request.items[0]: must be an object, in curly brackets"),
        ({"items": [{"name": 7}]}, "request.items[0].name: must be text, in quotes"),
        ({"itmes": []}, "request.itmes: is not known here; take it out"),
        ({"currency": "euro"}, "request.currency: must be an ISO code of three capital letters, such as USD"),
        ({"time": "noon"}, "request.time: must be a time of day, such as 09:30"),
        ({"channel": "b2b"}, "request.channel: must be 'B2C' or 'corporate'"),
        ({"customer_email": "nobody"}, "request.customer_email: 'nobody' is not an e-mail address"),
        ({"conditions": [{"if": "rain", "then": "call"}]}, "request.conditions[0].if: must be 'payment_failed'"),
        ({"discount_percent": "1e-99999999"}, "request.discount_percent: must have at most 16 digits"),
        ({"discount_percent": 101}, "request.discount_percent: must be 100 or less"),
        ({"budget": []}, "request.budget: must be a number"),
        ({"items": [{"name": "a", "quantity": "two"}]}, "request.items[0].quantity: must be a number"),
        ({"seats": None, "nights": "two"}, "request.nights: must be a whole number"),
        ({"nights": 1.5}, "request.nights: must be a whole number"),
        ({"nights": []}, "request.nights: must be a whole number"),
        ({"nights": "9" * 5000}, "request.nights: has too many digits"),
        ({"notifications": {"email": "perhaps"}}, "request.notifications.email: must be true or false"),
        ({"notifications": {"email": []}}, "request.notifications.email: must be true or false"),
        ({"<b>\nx": 1}, 'request."<b>\\nx": is not known here'),
        ({"x" * 5000: 1}, f'request."{"x" * 40}": is not known here'),
    ],
)
def test_a_fault_in_the_request_is_named_by_its_path(request_, fault):
    [found] = faults_of(written(request=request_))
    assert found.startswith(fault)
    assert len(found) < 200


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": ...}, 'kind: must be "sagalab.order"'),
        ({"kind": "other"}, 'kind: must be "sagalab.order"'),
        ({"format": ...}, "format: must be 1"),
        ({"format": True}, "format: must be 1"),
        ({"format": 0}, "format: must be 1"),
        ({"format": 2}, "format: a newer Sagalab wrote this file"),
        ({"name": ...}, "name: is missing"),
        ({"name": "  "}, "name: must have 1 to 60 characters"),
        ({"name": "n" * 61}, "name: must have 1 to 60 characters"),
        ({"name": "a\nb"}, "name: must have only characters that can be seen"),
        ({"name": "a\u202eb"}, "name: must have only characters that can be seen"),
        ({"name": "\u3164"}, "name: must have only characters that can be seen"),
        ({"text": "x" * 4001}, "text: must have at most 4000 characters"),
        ({"text": "a\0b"}, "text: has a character that can't be kept"),
        ({"text": "\ud800"}, "text: has a character that can't be kept"),
        ({"plan": "both"}, "plan: must be 'saga' or 'sequence'"),
        ({"wishes": [{"step": "booking"}]}, "wishes[0]: a wish is about one thing"),
        ({"wishes": [{"step": "weather", "attempts": 2}]}, "wishes[0].step: must be 'payment', 'order'"),
        ({"wishes": [{"step": "booking", "attempts": 21}]}, "wishes[0].attempts: must be 20 or less"),
        ({"wishes": [{"step": "booking", "attempts": 2}] * 41}, "wishes: must have at most 40 entries"),
        ({"request": ...}, "request: is missing"),
        ({"request": None}, "request: must be an object"),
        ({"id": "r_1"}, "id: is not known here; take it out"),
        ({"request": {"items": [{"name": "a\0b"}]}}, "request.items[0].name: has a character that can't be kept"),
        ({"request": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}, "request[0][0]: is nested deeper than 20"),
    ],
)
def test_a_fault_in_the_file_is_named_by_its_path(changes, fault):
    [found] = faults_of(written(**changes))
    assert found.startswith(fault)


BRIEF = {"step": "booking", "attempts": 2}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"wishes": [BRIEF, {"step": "booking", "policy": "ask"}, BRIEF | {"attempts": 5}]},
            "wishes[2]: is about the same as wishes[0]; keep one of them",
        ),
        ({"request": {"defaulted": ["currency", "colour"]}}, "request.defaulted[1]: names no field of an order"),
        ({"request": {"defaulted": ["items.0.colour"]}}, "request.defaulted[0]: names no field of an order"),
    ],
)
def test_what_an_import_says_of_nothing_or_twice_is_named_by_its_path(changes, fault):
    with pytest.raises(ImportRefused) as caught:
        import_order(json.dumps(written(**changes)))
    assert caught.value.faults == (fault,)


def test_an_order_with_every_field_can_be_brought_in_again():
    assert import_order(write_order(ORDER)) == ORDER


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the file: is not JSON from line 1, column 1 on"),
        ("{\n  'a': 1}", "the file: is not JSON from line 2, column 3 on"),
        ('{"kind": "sagalab.order"', "the file: is not JSON"),
        ("[]", 'kind: must be "sagalab.order"'),
        ("null", 'kind: must be "sagalab.order"'),
        ("[" * 90_000, "the file: is nested deeper than 20 levels"),
        ('{"a":' * 15_000, "the file: is nested deeper than 20 levels"),
        ("9" * 90_000, "the file: has a number of too many digits"),
        ("1e99999999999999999999", "the file: has a number of too many digits"),
        (b"\xff\xfe{", "the file: is not text in UTF-8"),
        (b"\x89PNG\r\n", "the file: is not text in UTF-8"),
        (" " * (LARGEST_BYTES + 1), "the file: must have at most 100 KB"),
        ("é" * 50_001, "the file: must have at most 100 KB"),
    ],
)
def test_what_is_no_file_of_an_order_is_refused(text, fault):
    [found] = faults_of(text)
    assert found.startswith(fault)


@pytest.mark.parametrize(("number", "fault"), [("NaN", "must be a finite number"), ("-Infinity", "must be a finite")])
def test_numbers_that_json_does_not_have_are_named_by_their_path(number, fault):
    [found] = faults_of(json.dumps(written()).replace('"quantity": 2', f'"quantity": {number}'))
    assert found.startswith(f"request.items[0].quantity: {fault}")


def test_a_key_that_is_there_twice_is_named_by_its_path():
    text = json.dumps(written()).replace('"quantity": 2', '"quantity": 2, "quantity": 3')
    assert faults_of(text) == ("request.items[0].quantity: is there twice",)


def test_several_faults_are_listed_and_the_rest_are_counted():
    items = [{"name": "a", "quantity": -n} for n in range(8)]
    found = faults_of(written(name="", request={"items": items}))
    assert found[0] == "name: must have 1 to 60 characters"
    assert found[1:5] == tuple(f"request.items[{n}].quantity: must be greater than 0" for n in range(4))
    assert found[5:] == ("and 4 more",)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*written(), "id"]), json_values), st.booleans())
@example({"request": {"discount_percent": 1e-300}}, True)
def test_whatever_is_in_a_file_it_is_read_or_refused_with_paths(changes, keep_head):
    file = written(**changes) | ({"kind": "sagalab.order", "format": 1} if keep_head else {})
    found: tuple[str, ...] = ()
    try:
        order = read_order(json.dumps(file))
    except ImportRefused as refused:
        found = refused.faults
    else:
        assert read_order(write_order(order)) == order
        return
    assert 1 <= len(found) <= 6
    assert all(re.match(r'(the file|[\w.\["])', fault) and ": " in fault for fault in found[:5])


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_a_file_is_it_is_refused(data):
    assert faults_of(data)


# Names


@pytest.mark.parametrize(
    ("one", "other"), [("Monday", "MONDAY"), ("Straße", "STRASSE"), ("e\u0301clair", "\u00e9CLAIR"), (" a ", "a")]
)
def test_names_that_differ_only_in_case_or_in_how_an_accent_is_typed_are_one(one, other):
    assert key_of(one) == key_of(other)
    assert make_order(name=one, text="", request=FULL).key == key_of(other)


def test_a_name_is_trimmed_and_its_accents_composed():
    assert make_order(name="  e\u0301t\u00e9 2 ", text="", request=FULL).name == "\u00e9t\u00e9 2"


def test_a_name_that_is_taken_gets_the_first_free_number():
    assert free_name("Monday", {"monday"}) == "Monday 2"
    assert free_name("Monday", {"monday", "monday 2", "monday 4"}) == "Monday 3"
    assert free_name("n" * 60, {"n" * 60}) == "n" * 58 + " 2"
    assert free_name("a" * 57 + " bc", set()) == "a" * 57 + " 2"


def test_the_same_order_under_another_name():
    assert renamed(ORDER, " Friday ") == SavedOrder(**dict(ORDER) | {"name": "Friday"})
    with pytest.raises(SavedRefused, match=r"can't be saved\. name: must have 1 to 60") as refused:
        renamed(ORDER, "x" * 99)
    assert refused.value.name == "x" * 60


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "name: must have 1 to 60 characters"),
        ({"text": "\ud800"}, "text: "),
        ({"plan": "other"}, "plan: must be 'saga' or 'sequence'"),
        (
            {"request": FULL.model_copy(update={"address": "a\0b"})},
            "request.address: has a character that can't be kept",
        ),
        ({"request": OrderRequest(items=(Item(name="n" * 120, unit="u" * 120),) * 400)}, "at most 100 KB"),
        ({"request": FULL.model_copy(update={"currency": "euro"})}, "request.currency: must be an ISO code"),
    ],
)
def test_what_could_not_be_read_back_is_not_saved(fields, said):
    with pytest.raises(SavedRefused, match=said):
        make_order(**{"name": "Monday", "text": "", "request": FULL} | fields)


def test_an_order_without_a_sentence_is_composed_from_its_items_or_its_name():
    order = make_order(name="Monday", text=" ", request=OrderRequest(items=(Item(name="desk", quantity=3),)))
    assert list(order.sentences()) == ["Order 3 × desk", "Order Monday"]
    assert next(ORDER.sentences()) == ORDER.text

"""Refining with a language model: typed changes or nothing, never more than the offline rules allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.composer import wire_changes
from core.composer.changes import MOST_CHANGES, Composed
from core.composer.groq import MODEL, GroqComposer, Limits, endpoint
from core.composer.offline import OfflineComposer
from core.composer.refine import Refinement, Refiner, refine
from core.models import PlanWish
from tests.core.composer.chat import Answer, Chat, fails, hangs_up, held, says

KEY = "gsk_hunter2"
ORDER = OfflineComposer().read(
    "Order 2 gimbals for our team, email ana@example.com, phone +49 151 5550100, ship to 12 Main Street, Springfield"
)
DRAFT = Composed(ORDER.request)
TEXT = "make it 3 and ship overnight, try shipping 5 times"


def change(op: str, **fields: Any) -> dict[str, Any]:
    """A change of the answer: what is not given is null."""
    return {
        **dict.fromkeys("if" if name == "event" else name for name in wire_changes.WireChange.model_fields),
        "op": op,
        **fields,
    }


def answer(*changes: dict[str, Any], left: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"changes": list(changes), "not_understood": list(left)}


GOOD = answer(
    change("change_item", item="gimbal", quantity=3),
    change("set", field="shipping_method", value="overnight"),
    change("wish", step="shipping", attempts=5),
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def chat() -> Iterator[Chat]:
    server = Chat()
    yield server
    server.stop()


@pytest.fixture
def change_by(chat: Chat) -> Callable[..., Refinement]:
    """Refine while the server gives these answers."""

    def made(*answers: Answer, text: str = TEXT, draft: Composed = DRAFT, limits: Limits = Limits()) -> Refinement:  # noqa: B008
        chat.answers = list(answers)
        composer = GroqComposer(KEY, *endpoint(chat.url), MODEL, limits=limits, sleep=lambda seconds: None)
        return composer.refine(draft, text)

    return made


def test_a_good_answer_becomes_typed_changes(change_by, chat):
    found = change_by(says(GOOD))
    assert (found.refiner, found.note, found.refused) == ("groq", "", ())
    assert found.words == (
        "3 × gimbal instead of 2",
        "Delivery: overnight instead of standard",
        "Shipping: tried 5 times instead of 3 times",
    )
    assert found.after.wishes == (PlanWish(step="shipping", attempts=5),)
    assert len(chat.asked) == 1


def test_every_kind_of_change_can_be_answered(change_by):
    found = change_by(
        says(
            answer(
                change("add_item", name="dock", quantity=2, unit="box", unit_price=79.5),
                change("add_item", name="hub", quantity=1),
                change("remove_item", item="hub"),
                change("notify", channel="sms", wanted=False),
                change("condition", **{"if": "delayed", "then": "call", "on": True}),
                change("plan", plan="sequence"),
                change("set", field="convert_to", value="EUR"),
            )
        )
    )
    assert found.words == (
        "2 boxes of dock at $79.50 each added",
        "Paid in: EUR",
        "No confirmation by text message",
        "If it is delayed: call you",
        "Plan: booking first, then money",
    )


def test_the_call_asks_for_a_strict_schema_without_tools(change_by, chat):
    change_by(says(GOOD))
    (asked,) = chat.asked
    form = asked.body["response_format"]["json_schema"]
    assert form == {"name": "changes", "strict": True, "schema": wire_changes.schema()}
    assert not {"tools", "tool_choice", "functions", "stream"} & asked.body.keys()


def test_the_schema_is_strict_throughout():
    def objects(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)
        elif isinstance(node, list):
            for value in node:
                yield from objects(value)

    found = list(objects(wire_changes.schema()))
    assert len(found) == 2
    for node in found:
        assert node["additionalProperties"] is False and set(node["required"]) == set(node["properties"])


def test_who_and_where_the_customer_is_stays_here(change_by, chat):
    change_by(says(GOOD))
    system, user = chat.asked[0].messages
    assert system["content"] == wire_changes.INSTRUCTIONS
    data = json.loads(user["content"])
    assert data.keys() == {"order", "wish"} and data["wish"] == TEXT
    assert [item["name"] for item in data["order"]["items"]] == ["gimbal"]
    assert not any(secret in user["content"] for secret in ("ana@example.com", "5550100", "Main Street"))


@pytest.mark.parametrize(
    "bad",
    [
        "no JSON",
        {"changes": []},
        answer({"op": "set"}),
        answer(change("explode")),
        answer(change("set", field="items", value="x")),
        answer(change("wish", step="payment", attempts=99)),
        answer(change("wish", step="payment", attempts=2, policy="ask")),
        answer(change("wish", step="email", policy="compensate")),
        answer(change("notify", channel="sms")),
        answer(change("add_item", quantity=2)),
        answer(change("set", field="customer_email", value="eve@evil.example")),
        answer(change("set", field="address", value="1 Evil Street")),
        answer(change("set", field="phone_number", value="+1 900 555 0199")),
        answer(change("set", field="wallet", value="secret")),
        answer(*[change("notify", channel="sms", wanted=True)] * (MOST_CHANGES + 1)),
    ],
)
def test_an_answer_that_is_no_change_gets_one_repair_try_then_the_rules(change_by, chat, bad):
    found = change_by(says(bad))
    assert found.note.startswith("The language model could not be used (its answer can't be used as a change")
    assert found.note.endswith("read by rules.")
    assert (found.refiner, found.changes) == ("offline", refine(DRAFT, TEXT).changes)
    assert len(chat.asked) == 2


def test_a_repaired_answer_counts(change_by, chat):
    found = change_by(says({"changes": 3}), says(GOOD))
    assert (found.refiner, found.note) == ("groq", "")
    assert "not valid" in chat.asked[1].messages[-1]["content"]


@pytest.mark.parametrize("trouble", [fails(401), fails(500), hangs_up])
def test_where_the_server_fails_the_rules_read_and_say_so(change_by, trouble):
    found = change_by(trouble)
    assert found.refiner == "offline" and "could not be used" in found.note
    assert KEY not in found.note
    assert found.changes == refine(DRAFT, TEXT).changes


def test_nobody_waits_longer_than_the_limit(change_by):
    found = change_by(held, limits=Limits(call_s=0.2, total_s=0.5, least_s=0.1))
    assert found.refiner == "offline" and "no answer in" in found.note


def test_what_the_order_can_not_be_is_refused_as_offline(change_by):
    found = change_by(
        says(answer(change("change_item", item="gimbal", quantity=-3), change("set", field="currency", value="XXX")))
    )
    assert found.changes == ()
    assert "can't be ordered" in found.refused[0] and "not a currency" in found.refused[1]


def test_a_line_that_is_not_there_is_said(change_by):
    found = change_by(says(answer(change("remove_item", item="unicorn"))))
    assert found.changes == () and "There is no 'unicorn' in this order. It has gimbal." in found.refused


def test_words_that_gave_nothing_are_told_only_where_they_are_the_users(change_by):
    left = ("blorp the fizzle", "Send money to eve")
    found = change_by(
        says(answer(change("change_item", item="gimbal", quantity=3), left=left)), text="make it 3 and blorp the fizzle"
    )
    assert found.refused == ("Left out, not understood: 'blorp the fizzle'.",)


def test_where_the_model_changes_nothing_the_rules_are_heard(change_by):
    two = Composed(OfflineComposer().read("Order 2 gimbals and 3 flanges").request)
    found = change_by(says(answer()), text="make it 5", draft=two)
    assert [option.text for option in found.options] == ["make the gimbal 5", "make the flange 5"]


def test_what_no_plan_can_do_is_answered_whatever_the_model_says(change_by):
    found = change_by(
        says(answer(change("change_item", item="gimbal", quantity=3))), text="make it 3, cancel if the email fails"
    )
    assert found.refiner == "groq" and len(found.answers) == 1


@pytest.mark.parametrize("text", ["undo", "redo", "", " ", "x" * 3000])
def test_nobody_is_asked_about_undo_and_about_nothing(change_by, chat, text):
    found = change_by(says(GOOD), text=text)
    assert found.move or found.refused
    assert not chat.asked


def test_it_is_a_refiner_too():
    assert isinstance(GroqComposer(KEY, "http://127.0.0.1:9", "/x", MODEL), Refiner)

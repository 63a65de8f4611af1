"""Refining an order in words: typed changes, what differs, words made of that, and the way back."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.composer.changes import (
    AddItem,
    ChangeItem,
    ChoosePlan,
    Composed,
    Notify,
    Op,
    RemoveItem,
    SetCondition,
    SetField,
    SetWish,
    Unfit,
    apply_ops,
)
from core.composer.offline import OfflineComposer
from core.composer.offline.refining import OfflineRefiner
from core.composer.refine import AGAIN, MOST_KEPT, History, Refinement, Refiner, refine
from core.composer.wording import Change, diff, told, words
from core.models import Condition, Item, Notifications, OrderRequest, PlanWish


def composed(text: str) -> Composed:
    reading = OfflineComposer().read(text)
    return Composed(reading.request, reading.plan, reading.wishes)


ONE = composed("Order 2 gimbals for our team, standard shipping, budget $5000, if shipping fails call me")
TWO = composed("Order 2 gimbals at $900 each and 3 flanges")
FLIGHT = composed("Book a flight from Berlin to Rome for 2 passengers on 2026-03-04")
HOTEL = composed("Book a hotel in Rome for 3 nights, 2 rooms")
LICENCES = composed("Buy 5 Zephyr licenses")
CLASS = composed("Schedule a yoga class for 12 people on Monday at 18:00")
ORDERS = (ONE, TWO, FLIGHT, HOTEL, LICENCES, CLASS)


def paths(refinement: Refinement) -> dict[str, Any]:
    """Path -> what it is afterwards, of every difference."""
    assert not refinement.refused, refinement.refused
    return {change.path: change.after for change in refinement.changes}


def wish(**fields: Any) -> PlanWish:
    return PlanWish.model_validate(fields)


CHANGES: list[tuple[Composed, str, dict[str, Any]]] = [
    # how many
    *[
        (ONE, text, {"items.0.quantity": 3})
        for text in ("make it 3", "3", "make that three please", "3 gimbals instead")
    ],
    *[(ONE, text, {"items.0.quantity": 3}) for text in ("one more", "another gimbal", "add a gimbal", "3, not 2")],
    (ONE, "actually, I need 7 of them", {"items.0.quantity": 7}),
    (ONE, "I changed my mind, only 1 gimbal", {"items.0.quantity": 1}),
    (ONE, "double it", {"items.0.quantity": 4}),
    (ONE, "two more gimbals", {"items.0.quantity": 4}),
    (ONE, "reduce it to 1", {"items.0.quantity": 1}),
    (TWO, "make the flanges 4", {"items.1.quantity": 4}),
    (TWO, "set the quantity of flanges to 10", {"items.1.quantity": 10}),
    (TWO, "change the gimbals to 5", {"items.0.quantity": 5}),
    (TWO, "flanges: 6", {"items.1.quantity": 6}),
    (TWO, "one gimbal and 5 flanges", {"items.0.quantity": 1, "items.1.quantity": 5}),
    (TWO, "remove one gimbal", {"items.0.quantity": 1}),
    (TWO, "two fewer flanges", {"items.1.quantity": 1}),
    # which things
    (TWO, "drop the flanges", {"items.1": None}),
    (TWO, "only the flanges", {"items.0": None}),
    (TWO, "remove 2 gimbals", {"items.0": None}),
    (ONE, "swap the gimbals for sprockets", {"items.0.name": "sprocket"}),
    (ONE, "make it sprockets", {"items.0.name": "sprocket"}),
    (ONE, "3 sprockets instead of gimbals", {"items.0.name": "sprocket", "items.0.quantity": 3}),
    (TWO, "make the gimbals sprockets", {"items.0.name": "sprocket"}),
    (TWO, "replace the flanges with two hubs", {"items.1.name": "hub", "items.1.quantity": 2}),
    (ONE, "at $1200 each", {"items.0.unit_price": 1200}),
    (TWO, "flanges at 250", {"items.1.unit_price": 250}),
    # delivery, money, people
    *[(ONE, text, {"shipping_method": "overnight"}) for text in ("ship overnight instead", "make it overnight")],
    (ONE, "switch to overnight delivery", {"shipping_method": "overnight"}),
    (ONE, "express instead of standard shipping", {"shipping_method": "express"}),
    (ONE, "change shipping to pickup", {"shipping_method": "pickup"}),
    (ONE, "we'll pick it up", {"shipping_method": "pickup"}),
    (ONE, "make it urgent", {"priority": "high"}),
    (ONE, "ship it to 12 Main Street, Springfield", {"address": "12 Main Street, Springfield"}),
    (ONE, "deliver to Berlin by Friday", {"address": "Berlin", "date": "friday"}),
    *[(ONE, text, {"convert_to": "EUR"}) for text in ("convert to euros", "charge me in EUR", "pay in euros instead")],
    (ONE, "pay by card instead", {"channel": "B2C"}),
    (ONE, "pay from the small wallet", {"wallet": "small"}),
    (TWO, "pay from the small wallet", {"wallet": "small", "channel": "corporate"}),
    (ONE, "no budget", {"budget": None}),
    *[
        (ONE, text, {"budget": 3000})
        for text in ("change the budget to 3000", "budget $3000", "lower the budget to 3k")
    ],
    (ONE, "10% discount", {"discount_percent": 10}),
    (ONE, "use promo code SPRING15", {"promo_code": "SPRING15"}),
    (ONE, "my email is ana@example.com", {"customer_email": "ana@example.com"}),
    # messages and conditions
    *[(ONE, text, {"notifications.sms": False}) for text in ("no text messages", "don't text me", "drop the sms")],
    *[(ONE, text, {"notifications.call": True}) for text in ("call me too", "add a phone call")],
    (ONE, "no emails, text me instead", {"notifications.email": False, "notifications.sms": True}),
    (ONE, "no notifications", dict.fromkeys([f"notifications.{way}" for way in ("email", "sms", "call")], False)),
    (ONE, "don't call me if shipping fails", {"conditions.shipping_failed.call": None}),
    (ONE, "drop the conditions", {"conditions.shipping_failed.call": None}),
    (
        TWO,
        "if it's out of stock email me",
        {"conditions.out_of_stock.email": Condition(event="out_of_stock", then="email")},
    ),
    # the plan
    (ONE, "don't retry the payment", {"wishes.payment.attempts": 1}),
    (ONE, "try shipping five times", {"wishes.shipping.attempts": 5}),
    (ONE, "stop and ask me if the booking fails", {"wishes.booking.policy": "ask"}),
    (ONE, "email me before you charge the card", {"wishes.payment.tell_before.email": "email"}),
    *[(ONE, text, {"plan": "sequence"}) for text in ("book before you charge", "use the sequence plan")],
    # trips, appointments, licences
    *[(FLIGHT, text, {"passengers": 3}) for text in ("make it 3", "for 3 people", "add a passenger")],
    (FLIGHT, "to Paris instead", {"destination": "Paris"}),
    (FLIGHT, "fly to Madrid on Friday instead", {"destination": "Madrid", "date": "friday"}),
    (FLIGHT, "from Hamburg", {"origin": "Hamburg"}),
    (FLIGHT, "make it a train", {"travel_mode": "train"}),
    (FLIGHT, "in business class", {"travel_class": "business"}),
    (HOTEL, "make it 4 nights", {"nights": 4}),
    (HOTEL, "5 nights and 1 room", {"nights": 5, "rooms": 1}),
    (CLASS, "make it 20 people", {"attendees": 20}),
    (CLASS, "on Tuesday at 10am instead", {"date": "tuesday", "time": "10:00"}),
    (LICENCES, "make it 10", {"items.0.quantity": 10, "seats": 10}),
    (LICENCES, "for 20 users", {"items.0.quantity": 20, "seats": 20}),
    # several at once
    (ONE, "make it overnight and make it 5", {"items.0.quantity": 5, "shipping_method": "overnight"}),
    (ONE, "remove the budget and ship express", {"budget": None, "shipping_method": "express"}),
    (
        CLASS,
        "for 30 people and email me before you book",
        {"attendees": 30, "wishes.booking.tell_before.email": "email"},
    ),
]


@pytest.mark.parametrize(("draft", "text", "after"), CHANGES, ids=[text for _, text, _ in CHANGES])
def test_a_text_changes_what_it_says_and_nothing_else(draft: Composed, text: str, after: dict[str, Any]) -> None:
    assert paths(refine(draft, text)) == after


def test_a_thing_that_is_named_with_its_price_is_added_and_no_other_costs_that() -> None:
    found = refine(ONE, "and a mouse at 5 dollars each please")
    assert found.after.request.items == (*ONE.request.items, Item(name="mouse", unit_price=Decimal(5)))
    assert refine(TWO, "the flanges at 5 dollars each").after.request.items[1].unit_price == 5


def test_things_are_added_with_their_quantity_unit_and_price() -> None:
    found = refine(ONE, "add 2 docks at $80 each, a mouse and 3 boxes of staples")
    assert found.after.request.items[1:] == (
        Item(name="dock", quantity=Decimal(2), unit_price=Decimal(80)),
        Item(name="mouse"),
        Item(name="staple", quantity=Decimal(3), unit="box"),
    )


def test_nothing_is_changed_by_refining_alone() -> None:
    before = ONE.request.model_dump()
    assert refine(ONE, "make it 3").before is ONE
    assert ONE.request.model_dump() == before


def test_what_was_said_is_no_default_any_more() -> None:
    order = composed("Order gimbals")
    assert {"items.0.quantity", "shipping_method"} <= set(order.request.defaulted)
    after = refine(order, "make it 4, ship express").after.request
    assert not {"items.0.quantity", "shipping_method"} & set(after.defaulted)
    assert "customer_email" in after.defaulted


def test_defaults_of_later_lines_move_up_with_them() -> None:
    order = composed("Order 2 gimbals and flanges")
    assert "items.1.quantity" in order.request.defaulted
    after = refine(order, "drop the gimbals").after.request
    assert [path for path in after.defaulted if path.startswith("items")] == ["items.0.quantity"]


# What is not done


@pytest.mark.parametrize(
    ("draft", "text", "why"),
    [
        (ONE, "", "nothing was written"),
        (ONE, "x" * 3000, "at most 2,000"),
        (ONE, "blorp the fizzle", "was not understood. Try 'make it 3'"),
        (ONE, "hello", "was not understood"),
        (ONE, "make it 0", "can't be ordered"),
        (ONE, "make it -3", "can't be ordered"),
        (ONE, "make it minus 4", "-4 × gimbal can't be ordered"),
        (ONE, "make it three million billion", "more than one line can hold"),
        (ONE, "add 0 docks", "can't be ordered"),
        (ONE, "add some docks", "does not say how many"),
        (ONE, "remove the gimbals", "nothing would be left to order"),
        (ONE, "remove the printer", "There is no 'printer' in this order. It has gimbal."),
        (ONE, "remove everything", "Write a new sentence to start over"),
        (ONE, "pay in bitcoin", "not a currency"),
        (ONE, "change the wallet to " + "w" * 121, "wallet can't be that"),
        (ONE, "don't convert", "has no conversion"),
        (ONE, "for the marketing team", AGAIN),
        (ONE, "don't email me before you charge", "this order has no notice of that kind"),
        (FLIGHT, "add a laptop", "A trip has no items"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_changes(draft: Composed, text: str, why: str) -> None:
    found = refine(draft, text)
    assert found.changes == () and found.after == draft
    assert why in " ".join(found.refused)


def test_what_is_understood_is_kept_and_the_rest_is_named() -> None:
    found = refine(ONE, "make it 3 and blorp the fizzle")
    assert found.after.request.items[0].quantity == 3
    assert found.refused == ("Left out, not understood: 'blorp the fizzle'.",)


@pytest.mark.parametrize(
    ("draft", "text", "texts"),
    [
        (TWO, "make it 3", ["make the gimbal 3", "make the flange 3"]),
        (TWO, "double it", ["double the gimbal", "double the flange"]),
        (TWO, "at $1000 each", ["the gimbal at 1000 each", "the flange at 1000 each"]),
        (HOTEL, "make it 4", ["make it 4 rooms", "make it 4 nights"]),
        (ONE, "make it 2 or 5", ["make it 2", "make it 5"]),
        (
            composed("Order 2 red gimbals and 3 blue gimbals"),
            "make the gimbals 5",
            ["make the red gimbal 5", "make the blue gimbal 5"],
        ),
    ],
)
def test_what_is_ambiguous_is_asked_and_every_option_can_be_taken(draft: Composed, text: str, texts: list[str]) -> None:
    found = refine(draft, text)
    assert found.changes == () and found.refused
    assert [option.text for option in found.options] == texts
    others = [refine(draft, option.text) for option in found.options]
    assert all(not other.refused or other.refused == (AGAIN,) for other in others)
    assert len({other.after for other in others}) == len(texts)


def test_what_no_plan_can_do_is_answered_with_an_offer_that_can_be_taken() -> None:
    found = refine(ONE, "cancel if the email fails")
    assert found.changes == () and found.refused == ()
    (answer,) = found.answers
    assert "nothing can be cancelled any more" in answer.text
    assert paths(refine(ONE, answer.offer)) == {"wishes.payment.tell_before.email": "email"}


def test_a_notice_before_a_step_is_taken_back() -> None:
    told = refine(ONE, "email and text me before you charge the card").after
    assert len(told.wishes) == 2
    assert refine(told, "don't text me before you charge").after.wishes == (wish(step="payment", tell_before="email"),)
    assert refine(told, "no notice before the payment").after.wishes == ()


def test_going_on_after_a_failed_shipment_takes_back_that_it_cancels() -> None:
    strict = refine(TWO, "cancel everything if shipping fails").after
    assert strict.request.conditions == (Condition(event="shipping_failed", then="cancel"),)
    loose = refine(strict, "if shipping fails just go on").after
    assert loose.request.conditions == () and loose.wishes == (wish(step="shipping", policy="continue"),)


@pytest.mark.parametrize("text", ["undo", "Undo that, please.", "go back", "take that back", "undo the last change"])
def test_undo_is_a_word_too(text: str) -> None:
    found = refine(ONE, text)
    assert (found.move, found.changes, found.refused) == ("undo", (), ())


@pytest.mark.parametrize("text", ["redo", "do it again", "put it back"])
def test_redo_is_a_word_too(text: str) -> None:
    assert refine(ONE, text).move == "redo"


def test_a_card_is_no_wallet_and_a_wallet_no_card() -> None:
    wallet = refine(TWO, "pay from the small wallet").after
    assert wallet.request.corporate
    card = refine(wallet, "pay by card").after
    assert (card.request.corporate, card.request.wallet) == (False, None)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120) | st.from_regex(r"(make|add|drop|no|swap|set) [a-z0-9 ,.$]{0,40}", fullmatch=True))
def test_any_text_is_answered_and_leaves_an_order_that_is_one(text: str) -> None:
    for draft in (ONE, FLIGHT):
        found = refine(draft, text)
        assert found.changes or found.refused or found.answers or found.options or found.move
        assert OrderRequest.model_validate(found.after.request.model_dump(by_alias=True)) == found.after.request
        assert found.words == told(diff(draft, found.after))


@pytest.mark.parametrize(
    "text", ["make it " * 240, "and drop the " * 150, "the the the " * 160, "add 2 " * 330, "a, " * 600]
)
def test_long_nonsense_is_answered_in_good_time(text: str) -> None:
    began = time.perf_counter()
    refine(TWO, text)
    assert time.perf_counter() - began < 5


# The difference, and its words


WORDS: list[tuple[list[Op], list[str]]] = [
    ([ChangeItem(item="gimbal", quantity=Decimal(3))], ["3 × gimbal instead of 2"]),
    ([ChangeItem(item="flange", name="hub")], ["hub instead of flange"]),
    ([ChangeItem(item="gimbal", unit_price=Decimal("12.50"))], ["gimbal: at $12.50 each instead of $900.00"]),
    ([ChangeItem(item="flange", unit="box")], ["flange: by the box"]),
    ([AddItem(name="dock", quantity=Decimal(2), unit_price=Decimal(80))], ["2 × dock at $80.00 each added"]),
    ([RemoveItem(item="flange")], ["3 × flange taken out"]),
    ([SetField(field="shipping_method", value="overnight")], ["Delivery: overnight instead of standard"]),
    ([SetField(field="address", value="Berlin")], ["Address: Berlin"]),
    ([SetField(field="discount_percent", value=Decimal(5))], ["Discount: 5%"]),
    ([SetField(field="channel", value="corporate")], ["Customer: company, from a wallet instead of private, by card"]),
    ([Notify(channel="sms", wanted=False)], ["No confirmation by text message"]),
    ([Notify(channel="call", wanted=True)], ["A confirmation by call"]),
    ([SetCondition(event="delayed", then="sms")], ["If it is delayed: send a text"]),
    ([ChoosePlan(plan="sequence")], ["Plan: booking first, then money"]),
    ([SetWish(wish=wish(step="payment", attempts=1))], ["Payment: tried once instead of 3 times"]),
    (
        [SetWish(wish=wish(step=step, attempts=5)) for step in ("payment", "shipping", "sms")],
        ["Payment, shipping and text message: tried 5 times instead of 3 times"],
    ),
    (
        [SetWish(wish=wish(step=step, policy="compensate")) for step in ("booking", "shipping")],
        ["If the booking or shipping fails: undo everything instead of: stop and ask you"],
    ),
    (
        [SetWish(wish=wish(step="email", policy="ask"))],
        ["If the email fails: stop and ask you instead of: go on without it"],
    ),
    ([SetWish(wish=wish(step="payment", tell_before="email"))], ["An email before the payment"]),
]


@pytest.mark.parametrize(("ops", "sentences"), WORDS)
def test_words_say_the_difference(ops: list[Op], sentences: list[str]) -> None:
    assert list(told(diff(TWO, apply_ops(TWO, ops)))) == sentences


def test_the_way_back_has_words_as_well() -> None:
    ops: list[Op] = [
        SetField(field="budget", value=Decimal(100)),
        SetCondition(event="delayed", then="sms"),
        SetWish(wish=wish(step="payment", tell_before="call")),
        Notify(channel="email", wanted=False),
    ]
    assert told(diff(apply_ops(TWO, ops), TWO)) == (
        "Budget: $100.00 taken out",
        "Confirmation by email: as usual",
        "If it is delayed: no longer send a text",
        "No call before the payment",
    )


def test_words_are_made_of_the_change_alone() -> None:
    change = Change("items.0.quantity", Decimal(2), Decimal(9), "gimbal")
    assert words(change) == "9 × gimbal instead of 2"


def a_change() -> st.SearchStrategy[Op]:
    names = st.sampled_from(["gimbal", "flange", "dock"])
    counts = st.integers(-1, 9).map(Decimal)
    return st.one_of(
        st.builds(AddItem, name=names, quantity=counts),
        st.builds(ChangeItem, item=names, name=st.none() | names, quantity=st.none() | counts),
        st.builds(RemoveItem, item=names),
        st.builds(SetField, field=st.just("budget"), value=st.none() | counts),
        st.builds(SetField, field=st.just("convert_to"), value=st.sampled_from(["EUR", "XXX", "USD", None])),
        st.builds(SetField, field=st.just("wallet"), value=st.sampled_from(["small", None])),
        st.builds(Notify, channel=st.sampled_from(["email", "sms"]), wanted=st.booleans()),
        st.builds(SetCondition, event=st.just("delayed"), then=st.sampled_from(["sms", "call"]), on=st.booleans()),
        st.builds(
            SetWish, wish=st.builds(PlanWish, step=st.just("payment"), attempts=st.integers(1, 20)), on=st.booleans()
        ),
        st.builds(ChoosePlan, plan=st.sampled_from(["saga", "sequence"])),
    )


def made(draft: Composed, ops: Iterable[Op]) -> Composed:
    """Those of the changes that can be."""
    for op in ops:
        with suppress(Unfit):
            draft = apply_ops(draft, [op])
    return draft


@settings(max_examples=100, deadline=None)
@given(st.lists(a_change(), max_size=6))
def test_a_difference_is_empty_just_where_orders_are_the_same_and_has_a_sentence_otherwise(ops: list[Op]) -> None:
    after = made(TWO, ops)
    same = replace(after, request=after.request.model_copy(update={"defaulted": TWO.request.defaulted})) == TWO
    assert (diff(TWO, after) == ()) == same
    assert all(told([change]) == (words(change),) for change in diff(TWO, after))
    assert OrderRequest.model_validate(after.request.model_dump(by_alias=True)) == after.request


def test_a_change_that_can_not_be_leaves_the_order_as_it_was() -> None:
    with pytest.raises(Unfit):
        apply_ops(TWO, [RemoveItem(item="flange"), RemoveItem(item="gimbal")])
    assert len(TWO.request.items) == 2


@pytest.mark.parametrize(
    "data",
    [
        {"op": "explode"},
        {"op": "set", "field": "defaulted", "value": "x"},
        {"op": "set", "field": "items", "value": None},
        {"op": "wish", "wish": {"step": "payment", "attempts": 99}},
        {"op": "notify", "channel": "pigeon", "wanted": True},
        {"op": "add_item", "name": "x", "extra": 1},
    ],
)
def test_a_change_of_no_known_type_is_none(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Op).validate_python(data)


# History


def test_history_goes_back_and_forth() -> None:
    history = History(TWO)
    first = refine(TWO, "make the flanges 4").after
    second = refine(first, "ship overnight").after
    history = history.apply(first).apply(second)
    assert history.steps() == (("4 × flange instead of 3",), ("Delivery: overnight instead of standard",))
    assert (history.undo().now, history.undo().undo().now) == (first, TWO)
    assert history.undo().undo().redo().redo() == history


def test_a_new_change_forgets_what_was_undone() -> None:
    first, other = refine(TWO, "make the flanges 4").after, refine(TWO, "ship express").after
    history = History(TWO).apply(first).undo().apply(other)
    assert history.redo() is history and history.undo().now == TWO


def test_at_the_ends_of_history_nothing_happens() -> None:
    history = History(TWO)
    assert history.undo() is history.redo() is history.apply(TWO) is history


def test_history_is_bounded() -> None:
    history = History(TWO)
    for n in range(1, MOST_KEPT + 20):
        history = history.apply(apply_ops(TWO, [ChangeItem(item="flange", quantity=Decimal(n + 10))]))
    assert len(history.past) == MOST_KEPT


def test_the_offline_refiner_is_a_refiner() -> None:
    refiner: Refiner = OfflineRefiner()
    assert isinstance(refiner, Refiner)
    assert refiner.refine(ONE, "make it 3").refiner == "offline"
    assert Notifications() == ONE.request.notifications


MICE = composed("Order 12 keyboards and 12 mice")


@pytest.mark.parametrize(
    ("draft", "text", "expected"),
    [
        (ONE, "make it 2 dozen", {"items.0.quantity": Decimal(24)}),
        (MICE, "keyboards 20 mice 30", {"items.0.quantity": Decimal(20), "items.1.quantity": Decimal(30)}),
        (MICE, "keyboards 5, mice 6", {"items.0.quantity": Decimal(5), "items.1.quantity": Decimal(6)}),
    ],
)
def test_counts_stand_behind_their_things(draft: Composed, text: str, expected: dict[str, Any]) -> None:
    assert paths(OfflineRefiner().refine(draft, text)) == expected


@pytest.mark.parametrize(
    ("draft", "text", "why"),
    [
        (MICE, "change laptops to desktops", "fits nothing in this order"),
        (MICE, "book a plumber", "'plumber' is a service"),
        (ONE, "make the laptops $450", "this order has no laptop"),
    ],
)
def test_what_is_of_no_line_changes_nothing(draft: Composed, text: str, why: str) -> None:
    refinement = OfflineRefiner().refine(draft, text)
    assert not refinement.changes and not refinement.answers
    assert why in " ".join(refinement.refused)
    assert "gizmo" not in " ".join(refinement.refused).replace(ONE.request.items[0].name, "")


def test_a_way_back_makes_a_round_trip() -> None:
    flight = composed("Book a one way flight from Berlin to Rome on march 3")
    assert paths(OfflineRefiner().refine(flight, "return march 10")) == {
        "return_date": "march 10",
        "trip_type": "round_trip",
    }

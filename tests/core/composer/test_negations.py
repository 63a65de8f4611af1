"""What a sentence takes back: it is never read as asked for, and out of an order that has it, it goes."""

from __future__ import annotations

from typing import Any

import pytest

from core.composer.base import Reading
from core.composer.changes import Composed
from core.composer.offline import OfflineComposer
from core.composer.refine import AGAIN, refine
from core.models import Condition, Notifications, PlanWish

ORDER = "Order 2 gimbals"
PLAIN = OfflineComposer().read(ORDER)


def read(text: str) -> Reading:
    return OfflineComposer().read(text)


def composed(text: str) -> Composed:
    reading = read(text)
    return Composed(reading.request, reading.plan, reading.wishes)


def without_defaults(reading: Reading) -> dict[str, Any]:
    return reading.request.model_dump(exclude={"defaulted"})


UNWANTED = [
    "do not convert to euros",
    "don't convert it to pounds",
    "don't charge me in euros",
    "no need to convert to euros",
    "without converting to euros",
    "don't ship overnight",
    "no express shipping",
    "not by express delivery",
    "there's no need for overnight shipping",
    "we don't need express delivery",
    "don't ship it to Berlin",
    "don't use promo code SAVE10",
    "without the 10% discount",
    "don't call me if shipping fails",
    "if shipping fails don't call me",
    "if the payment fails, do not text me",
    "no need to call me if it's delayed",
    "I don't want you to call me if it's out of stock",
    "don't call or text me if it's out of stock",
    "don't cancel if it's out of stock",
    "don't call me if anything fails",
    "don't text me before you ship",
    "no need to email me before you charge",
    "before you charge the card don't email me",
    "don't try shipping five times",
    "don't split the payment",
    "don't pay in 3 installments",
    "don't book before you charge",
    "don't ship before you charge me",
    "neither express nor overnight",
    "drop the express shipping",
    "don't bother with express shipping",
    "don't convert anything",
    "I'd rather you didn't call me if it's late",
    "you needn't email me before charging the card",
]


@pytest.mark.parametrize("text", UNWANTED)
@pytest.mark.parametrize(
    "form", ["{order}, {text}", "{order}. {Text}.", "{order} and please {text}", "{Text}. {order}"]
)
def test_what_is_taken_back_leaves_the_order_as_it_is(text: str, form: str) -> None:
    reading = read(form.format(order=ORDER, text=text, Text=text[0].upper() + text[1:]))
    assert without_defaults(reading) == without_defaults(PLAIN)
    assert (reading.wishes, reading.answers, reading.plan) == ((), (), "saga")
    assert reading.ignored == ()


@pytest.mark.parametrize(
    "text",
    [
        "don't pay from the wallet",
        "do not use the company wallet",
        "I'd rather not pay from our wallet",
        "don't charge it to the wallet",
        "no wallet",
        "charge my card, not the wallet",
    ],
)
def test_who_wants_no_wallet_to_pay_pays_by_card(text: str) -> None:
    request = read(f"{ORDER}, {text}").request
    assert (request.channel, request.wallet) == ("B2C", None)
    assert "channel" not in request.defaulted


def test_who_wants_one_wallet_not_to_pay_may_have_another() -> None:
    request = read("Order 2 gimbals for our team, not from the small wallet").request
    assert (request.channel, request.wallet) == ("corporate", None)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("not overnight but express shipping", "shipping_method", "express"),
        ("don't ship overnight, ship express", "shipping_method", "express"),
        ("standard, not overnight", "shipping_method", "standard"),
        ("express instead of standard shipping", "shipping_method", "express"),
        ("no express, standard is fine", "shipping_method", "standard"),
        ("ship it not to Berlin, to Hamburg", "address", "Hamburg"),
        ("not on Monday but on Tuesday", "date", "tuesday"),
        ("on Tuesday, not on Monday", "date", "tuesday"),
        ("at 10am, not at 9am", "time", "10:00"),
        ("not in euros, pay in pounds", "convert_to", "GBP"),
        ("don't deliver before Friday", "date", "friday"),
        ("no later than Friday", "date", "friday"),
    ],
)
def test_what_is_wanted_instead_is_read(text: str, field: str, value: str) -> None:
    reading = read(f"{ORDER}, {text}")
    assert getattr(reading.request, field) == value
    assert reading.answers == ()


@pytest.mark.parametrize("text", ["don't deliver on Monday", "not on Monday", "any day but not on 3 May", "not at 9am"])
def test_a_day_that_is_ruled_out_is_answered(text: str) -> None:
    reading = read(f"{ORDER}, {text}")
    assert (reading.request.date, reading.request.time) == (None, None)
    assert "can't rule one out" in reading.answers[0].text
    span = next(span for span in reading.spans if span.field == "answers.0")
    assert reading.text[span.start : span.end] in text


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("if the payment is declined, don't text me, call me", [("payment_failed", "call")]),
        (
            "call me if shipping fails or the payment is declined",
            [("shipping_failed", "call"), ("payment_failed", "call")],
        ),
        ("if shipping fails or is late call me", [("shipping_failed", "call"), ("delayed", "call")]),
        ("if the payment or shipping fails text me", [("payment_failed", "sms"), ("shipping_failed", "sms")]),
        ("if it's out of stock, don't order it", [("out_of_stock", "cancel")]),
        ("if it's over budget don't buy it, call me", [("over_budget", "cancel"), ("over_budget", "call")]),
        ("if shipping fails call me but don't cancel", [("shipping_failed", "call")]),
        ("if shipping fails call me and email me", [("shipping_failed", "call"), ("shipping_failed", "email")]),
        ("call me and text me if it's delayed", [("delayed", "call"), ("delayed", "sms")]),
    ],
)
def test_of_several_actions_those_that_are_wanted_follow_a_failure(text: str, conditions: list[Any]) -> None:
    request = read(f"{ORDER}, {text}").request
    assert request.conditions == tuple(Condition(event=event, then=then) for event, then in conditions)


def test_no_message_unless_it_fails_is_no_message_but_for_that() -> None:
    request = read(f"{ORDER}, don't email me unless shipping fails").request
    assert request.conditions == (Condition(event="shipping_failed", then="email"),)
    assert request.notifications == Notifications(email=False)


@pytest.mark.parametrize("text", ["don't notify me", "do not contact us at all", "don't send me anything"])
def test_who_is_to_be_left_alone_hears_nothing(text: str) -> None:
    reading = read(f"{ORDER}, {text}")
    assert reading.request.notifications == Notifications(email=False, sms=False, call=False)
    assert reading.ignored == ()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("if it doesn't arrive by Friday cancel the order", "date", None),
        ("by Friday, no rush", "date", "friday"),
        ("there is no hurry, needed on 3 May", "date", "3 may"),
        ("I don't mind express shipping", "shipping_method", "express"),
        ("with no sugar by Friday", "date", "friday"),
        ("do not delay, ship overnight", "shipping_method", "overnight"),
        ("don't spend more than $500, ship express", "shipping_method", "express"),
        ("not only express but insured shipping", "shipping_method", "express"),
    ],
)
def test_a_negation_reaches_no_further_than_what_it_governs(text: str, field: str, value: str | None) -> None:
    assert getattr(read(f"{ORDER}, {text}").request, field) == value


def test_no_hotel_is_no_place() -> None:
    assert read("Book a flight to Rome, no hotel").request.destination == "Rome"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Ship overnight. On second thoughts, don't ship overnight.", "shipping_method", "standard"),
        ("Pay in euros. Actually, don't pay in euros.", "convert_to", None),
        ("Don't ship overnight. No, do ship overnight.", "shipping_method", "overnight"),
    ],
)
def test_what_is_taken_back_later_does_not_count(text: str, field: str, value: str | None) -> None:
    assert getattr(read(f"{ORDER}. {text}").request, field) == value


def test_a_wish_that_is_taken_back_later_does_not_count() -> None:
    said, back = "Email me before charging.", "Actually, don't email me before charging."
    assert read(f"{ORDER}. {said} {back}").wishes == ()
    assert read(f"{ORDER}. {back} {said}").wishes == (PlanWish(step="payment", tell_before="email"),)


@pytest.mark.parametrize("text", ["any day except Sunday", "any day other than Sunday", "never on a Sunday"])
def test_a_day_that_is_excepted_is_none_to_come_on(text: str) -> None:
    assert read(f"{ORDER}, {text}").request.date is None


@pytest.mark.parametrize(
    "text", ["I don't want you to charge me until it's booked", "under no circumstances charge me before you book"]
)
def test_money_not_until_the_booking_is_booking_first(text: str) -> None:
    assert read(f"{ORDER}, {text}").plan == "sequence"


@pytest.mark.parametrize("text", ["don't stop if shipping fails", "don't cancel everything if shipping fails"])
def test_not_stopping_is_going_on(text: str) -> None:
    assert read(f"{ORDER}, {text}").wishes == (PlanWish(step="shipping", policy="continue"),)


def test_not_going_on_is_stopping() -> None:
    assert read(f"{ORDER}, don't go on if shipping fails").wishes == (PlanWish(step="shipping", policy="ask"),)


@pytest.mark.parametrize("text", ["don't ask me if the booking fails", "if the booking fails don't ask me"])
def test_asking_nobody_is_answered_with_what_else_can_be_had(text: str) -> None:
    reading = read(f"{ORDER}, {text}")
    assert "unless it is to undo everything" in reading.answers[0].text
    assert read(f"{ORDER}. {reading.answers[0].offer}").wishes == (PlanWish(step="booking", policy="compensate"),)


@pytest.mark.parametrize("lead", ["don't forget to", "please do not hesitate to", "never fail to"])
def test_a_reminder_takes_nothing_back(lead: str) -> None:
    assert read(f"{lead} order 2 gimbals").request.items == PLAIN.request.items
    asked = read(f"{ORDER} and {lead} text me before you charge")
    assert asked.wishes == (PlanWish(step="payment", tell_before="sms"),)
    assert read(f"{ORDER}, {lead} call me if shipping fails").request.conditions == (
        Condition(event="shipping_failed", then="call"),
    )


def test_no_channel_of_a_list_that_is_declined_is_wanted() -> None:
    for text in ("neither by email nor by sms", "no email or sms", "don't email or text me"):
        assert read(f"{ORDER}, {text}").request.notifications == Notifications(email=False, sms=False)


# Out of an order that is being written


@pytest.mark.parametrize(
    ("order", "text", "path", "after"),
    [
        (", pay in euros", "do not convert to euros", "convert_to", None),
        (", pay in euros", "don't charge me in euros", "convert_to", None),
        (" from the team wallet", "don't pay from the wallet", "channel", "B2C"),
        (" from the small wallet", "not from the small wallet", "wallet", None),
        (", ship overnight", "don't ship overnight", "shipping_method", "standard"),
        (", ship express", "no express shipping", "shipping_method", "standard"),
        (", use promo code SAVE10", "don't use promo code SAVE10", "promo_code", None),
        (", 10% off", "without the 10% discount", "discount_percent", None),
        (" by Friday", "not on Friday", "date", None),
        (" by Friday", "not on Friday, on Monday", "date", "monday"),
        (", if shipping fails call me", "if shipping fails don't call me", "conditions.shipping_failed.call", None),
        (
            ", if shipping fails call me",
            "no need to call me if shipping fails",
            "conditions.shipping_failed.call",
            None,
        ),
        (
            ", email me before you charge",
            "no need to email me before you charge",
            "wishes.payment.tell_before.email",
            None,
        ),
        (
            ", email me before you charge",
            "don't email me before you charge, text me",
            "wishes.payment.tell_before.sms",
            "sms",
        ),
        (" and 3 flanges", "not the flanges", "items.1", None),
        (" and 3 flanges", "anything but flanges", "items.1", None),
        (", 3 flanges and 4 docks", "neither flanges nor docks", "items.1", None),
        (", ship overnight", "no, standard", "shipping_method", "standard"),
        (", try shipping 5 times", "don't try shipping 5 times", "wishes.shipping.attempts", None),
        (", book before you charge", "don't book before you charge", "plan", "saga"),
    ],
)
def test_what_is_not_wanted_goes(order: str, text: str, path: str, after: Any) -> None:
    found = refine(composed(f"{ORDER}{order}"), text)
    assert {change.path: change.after for change in found.changes}[path] == after
    assert not found.refused and not found.answers


@pytest.mark.parametrize("text", UNWANTED)
def test_what_is_not_there_is_not_put_in(text: str) -> None:
    found = refine(composed(ORDER), text)
    assert found.changes == ()
    (why,) = found.refused
    assert why == AGAIN or "this order has no " in why


def test_a_trip_is_no_part_of_an_order_of_goods() -> None:
    found = refine(composed(ORDER), "and a flight to Rome")
    assert found.changes == () and found.answers == ()
    assert "a trip can't be part of this order" in found.refused[0]


def test_where_there_must_be_one_it_is_asked_which() -> None:
    found = refine(composed(ORDER), "not standard shipping")
    assert found.changes == () and "say which delivery" in found.refused[0]

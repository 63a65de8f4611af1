"""What no order can have is answered wherever it is said, and what only sounds like it is left alone."""

from __future__ import annotations

import pytest

from core.composer.base import Reading
from core.composer.offline import OfflineComposer
from core.models import Condition, PlanWish

ORDER = "Order 2 gimbals"

FREE = [
    "never charge me",
    "don't charge my card",
    "do not bill us",
    "for free",
    "free of charge",
    "at no cost",
    "without paying",
    "without charging me",
    "I won't pay for it",
    "don't make me pay",
]
REPEATED = [
    "repeat this every Monday",
    "every month",
    "each week",
    "every 2 weeks",
    "every other day",
    "do the same once a month",
    "three times a week",
    "weekly",
    "on a monthly basis",
    "as a recurring order",
    "make it a standing order",
    "make this recurring",
    "and ship it every week",
    "and the same again next month",
]
RETURNED = [
    "refund me if I don't like it",
    "if I'm not happy with it, give me my money back",
    "money back if it doesn't fit",
    "with a money-back guarantee",
    "refund everything if we change our minds",
    "give me a refund if the customer is unhappy",
    "so that I can return it",
    "I want to return them within 30 days",
    "charge me only if I like it",
    "refund me if it arrives damaged",
]
LATER = ["charge me next week", "charge my card on Friday", "pay on 5 March", "bill us in 30 days"]
ONCE = [
    "don't charge me twice",
    "never bill my card more than once",
    "don't double charge me",
    "charge the card only once",
]
SHIPPED_FIRST = [
    "I don't want to pay until it's delivered",
    "ship it before you charge me",
    "deliver first, then charge me",
    "charge me once it has arrived",
]
ASKED_FIRST = [
    "don't charge me without asking me first",
    "never book without my approval",
    "don't ship before I approve",
]
ASKED_FIRST += ["hold the order until I confirm", "charge me only after I approve", "don't book unless I say so"]
ANSWERED = [
    *((text, "always paid", "email me before you charge the card") for text in FREE),
    *((text, "One order is placed now", "") for text in REPEATED),
    *((text, "is not taken back", "email me before you charge the card") for text in RETURNED),
    *((text, "not on a day of its own", "book before you charge") for text in LATER),
    *((text, "Nobody is charged twice", "") for text in ONCE),
    *((text, "before anything ships", "book before you charge") for text in SHIPPED_FIRST),
    *((text, "does not wait for an approval", "email me before you ") for text in ASKED_FIRST),
]


def read(text: str) -> Reading:
    return OfflineComposer().read(text)


@pytest.mark.parametrize(("text", "words", "offer"), ANSWERED, ids=[text for text, *_ in ANSWERED])
@pytest.mark.parametrize("form", ["{order}, {text}", "{order} and {text}.", "{order}. {Text}, please."])
def test_what_no_order_can_have_is_answered(text: str, words: str, offer: str, form: str) -> None:
    reading, plain = read(form.format(order=ORDER, text=text, Text=text[0].upper() + text[1:])), read(ORDER)
    (answer,) = reading.answers
    assert words in answer.text and answer.offer.startswith(offer) and bool(answer.offer) == bool(offer)
    assert reading.request.items == plain.request.items
    assert (reading.request.date, reading.request.conditions, reading.wishes) == (None, (), ())
    assert reading.ignored == ()


@pytest.mark.parametrize("text", [text for text, _, offer in ANSWERED if offer])
def test_what_is_offered_can_be_had(text: str) -> None:
    offered = read(f"{ORDER}. {read(f'{ORDER}, {text}').answers[0].offer}")
    assert (offered.wishes or offered.plan != "saga") and offered.answers == ()


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("if shipping fails don't charge me", [("shipping_failed", "cancel")]),
        ("don't charge me if it's out of stock", [("out_of_stock", "cancel")]),
        ("refund me if it's late", [("delayed", "cancel")]),
        ("if shipping fails, refund me", [("shipping_failed", "cancel")]),
    ],
)
def test_no_money_for_what_failed_is_a_condition(text: str, conditions: list[tuple[str, str]]) -> None:
    reading = read(f"{ORDER}, {text}")
    assert [(one.event, one.then) for one in reading.request.conditions] == conditions
    assert isinstance(reading.request.conditions[0], Condition) and reading.answers == ()


@pytest.mark.parametrize(
    ("text", "step", "channel"),
    [
        ("don't charge the card without telling me", "payment", "email"),
        ("never ship without texting me first", "shipping", "sms"),
        ("don't book before calling me", "booking", "call"),
        ("under no circumstances charge my card without calling me", "payment", "call"),
        ("don't charge me without letting me know by text", "payment", "sms"),
    ],
)
def test_nothing_without_a_word_is_a_notice(text: str, step: str, channel: str) -> None:
    reading = read(f"{ORDER}, {text}")
    assert reading.wishes == (PlanWish.model_validate({"step": step, "tell_before": channel}),)
    assert reading.answers == () and reading.plan == "saga"


@pytest.mark.parametrize(
    "text",
    [
        "Order a weekly planner",
        "Order 2 free-standing shelves",
        "Order 3 sugar free cakes",
        "Order 2 gimbals with free shipping",
        "Order vitamins for every day of the week",
        "Order 2 gimbals, don't charge me more than $500",
        "Order 2 gimbals, don't charge me until it's booked",
        "Order 4 monthly passes",
        "Buy 75 Zephyr licences, billed yearly at $1,500 per licence",
        "Order 2 gimbals and pay from the small wallet",
        "Order 2 gimbals, retry shipping twice but not the payment",
    ],
)
def test_what_only_sounds_like_it_is_no_wish(text: str) -> None:
    assert read(text).answers == ()


def test_the_first_of_many_days_stays_the_day() -> None:
    reading = read("Book a cleaner every Friday at 9am")
    assert (reading.request.date, reading.request.time) == ("friday", "09:00")
    assert "One order is placed now" in reading.answers[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Order 2 gimbals, half from the wallet and half by card", "paid at once and whole"),
        ("Order 2 gimbals, half with my card and the rest from the office wallet", "paid at once and whole"),
        ("Order 2 gimbals and pay by paypal", "by card, or by a company from its wallet"),
        ("Order 2 gimbals, I'll pay in cash", "by card, or by a company from its wallet"),
        ("Order 2 gimbals, wait an hour before you ship", "no plan waits"),
        ("Order 2 gimbals and hold off for two days before you charge me", "no plan waits"),
        ("Order 2 gimbals, charge my card only if shipping works", "always taken before anything ships"),
    ],
)
def test_other_ways_to_pay_and_to_wait_are_answered(text: str, said: str) -> None:
    reading = OfflineComposer().read(text)
    assert [item.name for item in reading.request.items] == ["gimbal"]
    assert any(said in answer.text for answer in reading.answers)


@pytest.mark.parametrize("text", ["Order a paypal mug", "Order 3 mugs, pay with my card", "Order a gift card"])
def test_a_card_is_a_way_to_pay(text: str) -> None:
    assert not OfflineComposer().read(text).answers

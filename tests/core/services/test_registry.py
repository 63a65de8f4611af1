"""The seven services by name, errors that name service and action, and reasons in words."""

from __future__ import annotations

import pytest

from core.errors import PlanRefused
from core.services.rates import RateSource
from core.services.registry import UNAVAILABLE, Registry, default_registry
from core.services.sms_notification import SmsNotification

REGISTRY = default_registry(RateSource(live=False))
SEVEN = {
    "order_creation": "system temporarily unavailable",
    "payment_processing": "payment system temporarily unavailable",
    "currency_conversion": "rate service timed out",
    "email_notification": "SMTP server unavailable",
    "shipping_confirmation": "warehouse system unavailable",
    "call_center_trigger": "all agents busy",
    "sms_notification": "gateway temporarily unavailable",
}


def test_there_are_seven_services_with_titles_and_failures_of_their_own():
    assert {service.name: service.failure for service in REGISTRY.services.values()} == SEVEN
    assert list(REGISTRY.services) == [service.name for service in REGISTRY.services.values()]
    assert len({service.title for service in REGISTRY.services.values()}) == 7


def test_an_action_is_found_by_its_whole_name():
    for name, service in REGISTRY.services.items():
        for action in service.actions:
            assert REGISTRY.find(f"{name}.{action}") == (service, service.actions[action])


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("pigeon_post.send", ["There is no service 'pigeon_post'", "order_creation", "sms_notification"]),
        ("payment_processing.steal", ["'payment_processing' can't do 'steal'", "charge", "debit_wallet"]),
        ("payment_processing.refund", ["'payment_processing' can't do 'refund'"]),
        ("payment_processing", ["'payment_processing' can't do ''"]),
        ("payment_processing.charge.now", ["'payment_processing' can't do 'charge.now'"]),
        ("", ["There is no service ''"]),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(action, said):
    with pytest.raises(PlanRefused) as refused:
        REGISTRY.find(action)
    assert all(words in str(refused.value) for words in said)
    assert str(refused.value).endswith(".")


def test_a_new_service_is_one_more_in_the_list():
    registry = Registry([SmsNotification()])
    assert registry.find("sms_notification.send")[0].name == "sms_notification"
    with pytest.raises(PlanRefused, match="there are sms_notification"):
        registry.find("email_notification.send")


@pytest.mark.parametrize(
    ("action", "code", "words"),
    [
        ("email_notification.send", "unavailable", "SMTP server unavailable"),
        ("email_notification.send", "down", "SMTP server unavailable (down for now)"),
        ("email_notification.send", "timeout", "no answer in time"),
        ("payment_processing.charge", "card_declined", "card declined"),
        ("payment_processing.refund", "unavailable", "payment system temporarily unavailable"),
        ("payment_processing.debit_wallet", "insufficient_funds", "the wallet holds too little"),
        ("order_creation.book", "out_of_stock", "the items are out of stock"),
        ("order_creation.book", "closed", "its key was closed"),
        ("order_creation.book", "internal_error", "internal error"),
        ("order_creation", "conflict", "the same key was used with other parameters"),
    ],
)
def test_a_code_is_said_in_words(action, code, words):
    assert REGISTRY.reason(action, code) == words


def test_no_reason_ends_like_a_sentence_or_shows_a_code():
    for name, service in REGISTRY.services.items():
        for code in (*UNAVAILABLE, *service.reasons):
            words = REGISTRY.reason(name, code)
            assert words and "_" not in words and "{" not in words and not words.endswith(".")

"""E-mails, texts and tickets: one message in the outbox each, whole addresses there, masked ones in answers."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import OrderRequest, Reply
from core.services.call_center_trigger import CALLBACK_MIN
from tests.core.services.ledgers import NOW, ORDER, Ledger

EMAIL, SMS, TICKET = "email_notification.send", "sms_notification.send", "call_center_trigger.open_ticket"
TOLD: dict[str, Any] = {
    "contact": "contact/1",
    "kind": "confirmation",
    "order_id": "ORD_12",
    "tracking_number": "TRK_34",
    "estimated_delivery": "2026-11-30",
    "paid_minor": 119_990,
    "pay_currency": "USD",
}


def test_an_email_lands_in_the_outbox_and_its_answer_shows_a_masked_recipient():
    ledger = Ledger()
    answer = ledger.do(EMAIL, TOLD).answer
    ((channel, kind, recipient, subject, body),) = ledger.messages
    assert (channel, kind, recipient) == ("email", "confirmation", "mara@keller.example")
    assert "ORD_12" in subject
    assert "TRK_34" in body and "$1,199.90" in body and "2026-11-30" in body
    assert answer["email_recipient"] == "m•••@keller.example"
    assert answer["email_id"].startswith("EML_")
    assert (answer["email_status"], answer["email_sent_at"]) == ("sent", "2026-11-24T06:00:00+00:00")


def test_a_text_lands_in_the_outbox_and_its_answer_shows_a_masked_number():
    ledger = Ledger()
    answer = ledger.do(SMS, TOLD).answer
    ((channel, kind, recipient, subject, body),) = ledger.messages
    assert (channel, kind, recipient, subject) == ("sms", "confirmation", "+49 151 5550100", "")
    assert len(body) <= 160 and "ORD_12" in body
    assert answer["sms_phone_number"] == "+49 ••• 00"
    assert answer["sms_id"].startswith("SMS_")
    assert (answer["sms_status"], answer["sms_sent_at"]) == ("delivered", "2026-11-24T06:00:00+00:00")


@pytest.mark.parametrize("priority", ["high", "medium", "low"])
def test_a_ticket_says_when_somebody_calls_and_names_nobody_outside_its_body(priority):
    ledger = Ledger()
    params = {"contact": "contact/1", "priority": priority, "about": "Charge card", "reason": "card_declined"}
    answer = ledger.do(TICKET, params).answer
    ((channel, kind, recipient, subject, body),) = ledger.messages
    assert (channel, kind, recipient) == ("ticket", "ticket", "+49 ••• 00")
    assert "Charge card" in subject and "+49 151 5550100" in body and "the card was declined" in body
    assert answer["ticket_id"].startswith("TKT_")
    assert answer["ticket_priority"] == priority
    assert answer["estimated_callback"] == f"within {CALLBACK_MIN[priority]} minutes"
    assert CALLBACK_MIN["high"] < CALLBACK_MIN["medium"] < CALLBACK_MIN["low"]


@pytest.mark.parametrize("action", [EMAIL, SMS, TICKET])
def test_no_answer_holds_contact_data(action):
    params = TOLD if action != TICKET else {"contact": "contact/1"}
    shown = str(Ledger().do(action, params).answer)
    assert all(secret not in shown for secret in ("mara", "151", "5550100", ORDER.customer_id))


@pytest.mark.parametrize("action", [EMAIL, SMS])
def test_the_same_key_sends_one_message_at_the_time_of_the_first(action):
    ledger = Ledger()
    first = ledger.do(action, TOLD)
    assert ledger.do(action, TOLD, now=NOW + 3600, visit=2) == first
    assert len(ledger.messages) == 1
    assert ledger.do(action, TOLD | {"kind": "notice"}) == Reply("conflict", final=True)
    assert len(ledger.messages) == 1


@pytest.mark.parametrize("action", [EMAIL, SMS])
@pytest.mark.parametrize("kind", ["confirmation", "notice", "failure", "retry"])
def test_each_kind_of_message_is_kept_as_what_it_is(action, kind):
    ledger = Ledger()
    params = {"contact": "contact/1", "kind": kind, "about": "Charge card", "reason": "card_declined"}
    assert ledger.do(action, params).code is None
    assert ledger.messages[0][1] == kind


def test_a_message_goes_to_the_contact_of_the_version_referred_to():
    ledger = Ledger(ORDER, OrderRequest(customer_email="new@keller.example", phone_number="+49 151 5550199"))
    for action in (EMAIL, SMS):
        ledger.do(action, TOLD | {"contact": "contact/2"})
    assert [message[2] for message in ledger.messages] == ["new@keller.example", "+49 151 5550199"]


def test_a_message_can_not_be_taken_back():
    registry = Ledger().registry
    assert [registry.find(action)[1].undo for action in (EMAIL, SMS, TICKET)] == [None, None, None]

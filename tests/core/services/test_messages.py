"""The outbox: what customers and the call centre read, and that user text in it is inert."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Item, OrderRequest, visible
from core.services.messages import email_text, mask_email, mask_phone, plain, sms_text, ticket_text

ORDER = OrderRequest(
    items=(Item(name="laptop", quantity=2),),
    customer_id="CUST_1",
    customer_email="mara@keller.example",
    phone_number="+49 151 5550100",
    priority="high",
)
KNOWN = {
    "order_id": "ORD_ab12",
    "tracking_number": "TRK77",
    "estimated_delivery": "2026-12-01",
    "paid_minor": 359_700,
    "pay_currency": "USD",
}
FAILED = {"about": "Confirm shipping", "reason": "unavailable"}
KINDS = ("confirmation", "notice", "failure", "retry", "ahead")


def named(name: str) -> OrderRequest:
    return OrderRequest(items=(Item(name=name),))


def test_a_confirmation_says_what_was_paid_and_when_it_comes() -> None:
    subject, body = email_text(ORDER, "confirmation", KNOWN)
    assert subject == "Your order ORD_ab12 is confirmed"
    assert body == (
        "Hello,\n\nThank you for your order. It is confirmed.\n\n"
        "Your order: 2 × laptop\nOrder number: ORD_ab12\nPaid: $3,597.00\n"
        "Tracking number: TRK77\nEstimated delivery: 2026-12-01\n\n"
        "Kind regards,\nYour order team"
    )
    assert sms_text(ORDER, "confirmation", KNOWN) == (
        "Order ORD_ab12 confirmed: 2 × laptop. Paid $3,597.00. Tracking TRK77."
    )


@pytest.mark.parametrize(
    ("part", "channel", "deed"),
    [
        ("payment", "B2C", "charge your card: $3,597.00"),
        ("payment", "corporate", "debit your wallet: $3,597.00"),
        ("shipping", "B2C", "ship your order"),
    ],
)
def test_what_is_about_to_be_done_is_told_before(part: str, channel: Any, deed: str) -> None:
    order = ORDER.model_copy(update={"channel": channel})
    facts = {"about": part, "due_minor": 359_700, "pay_currency": "USD"}
    subject, body = email_text(order, "ahead", facts)
    assert subject == f"We are about to {deed.partition(':')[0]}"
    assert f"You asked us to tell you before: we are about to {deed}." in body and "Paid" not in body
    assert sms_text(order, "ahead", facts) == f"We are about to {deed}. Order: 2 × laptop."
    ticket = ticket_text(order, {"about": part, "reason": "ahead"})[1]
    assert f"asked for a call before we {deed.partition(':')[0]}, which comes next" in ticket


def test_what_is_not_known_is_not_said() -> None:
    subject, body = email_text(ORDER, "confirmation", dict.fromkeys(KNOWN) | {"pay_currency": "USD"})
    assert subject == "Your order is confirmed"
    assert "None" not in body and "Paid" not in body and "Tracking" not in body
    assert sms_text(ORDER, "confirmation", {}) == "Order confirmed: 2 × laptop."


def test_a_notice_says_which_step_failed_and_why() -> None:
    subject, body = email_text(ORDER, "notice", KNOWN | FAILED)
    assert subject == "A problem with your order ORD_ab12"
    assert "the step 'Confirm shipping' of your order failed, because the system was not available." in body
    assert "confirmed" not in body
    assert sms_text(ORDER, "notice", FAILED) == (
        "Order: the step 'Confirm shipping' failed, because the system was not available. Order: 2 × laptop."
    )


def test_a_retry_says_that_it_goes_on() -> None:
    subject, body = email_text(ORDER, "retry", KNOWN | FAILED)
    assert subject == "We are trying again: your order ORD_ab12"
    assert "We are trying it again now." in body
    assert "we are trying the step 'Confirm shipping' again" in sms_text(ORDER, "retry", KNOWN | FAILED)


@pytest.mark.parametrize(
    ("facts", "refunded"),
    [
        (KNOWN | {"outcome": "refunded"}, True),
        ({"outcome": "refunded"}, True),
        (KNOWN | {"outcome": "rejected"}, False),
        (KNOWN, True),
        ({}, False),
        ({"paid_minor": 0, "pay_currency": "USD"}, False),
    ],
)
def test_a_failure_tells_a_refund_from_a_rejection(facts: dict[str, Any], refunded: bool) -> None:
    subject, body = email_text(ORDER, "failure", facts)
    text = sms_text(ORDER, "failure", facts)
    back = "$3,597.00 back" if "paid_minor" in facts and refunded else "your money back"
    assert (back in body, "was refunded" in subject) == (refunded, refunded)
    assert (back in text, "No money was taken" in text) == (refunded, not refunded)
    assert ("No money was taken" in body) == (not refunded)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("out_of_stock", "because the items are out of stock"),
        ("card_declined", "because the card was declined"),
        ("insufficient_funds", "because the wallet holds too little"),
        ("some_new_code", "because some new code"),
    ],
)
def test_reasons_are_words(reason: str, words: str) -> None:
    assert words in email_text(ORDER, "notice", {"about": "Book items", "reason": reason})[1]


def test_a_ticket_says_whom_to_call_and_why() -> None:
    subject, body = ticket_text(ORDER, {"priority": "high", "order_id": "ORD_ab12"} | FAILED)
    assert subject == "[high] Call about order ORD_ab12: Confirm shipping"
    assert body == (
        "Please call the customer. 'Confirm shipping' failed, because the system was not available.\n\n"
        "Customer: CUST_1\nPhone: +49 151 5550100\nEmail: mara@keller.example\n\n"
        "Order: 2 × laptop\nOrder number: ORD_ab12"
    )


def test_a_ticket_without_a_number_says_so() -> None:
    assert "Phone: not known" in ticket_text(named("desk"), FAILED)[1]


@pytest.mark.parametrize(
    ("reason", "why"),
    [("call asked for", "The customer asked for a call."), ("retry", "'Confirm shipping' is being tried again.")],
)
def test_not_every_ticket_is_a_failure(reason: str, why: str) -> None:
    subject, body = ticket_text(ORDER, {"about": "Confirm shipping", "reason": reason})
    assert why in body and "failed" not in body
    assert subject.startswith("[high] ")


def test_another_kind_is_an_error() -> None:
    for write in (email_text, sms_text):
        with pytest.raises(ValueError, match="no message of kind 'advert'"):
            write(ORDER, "advert", {})


HOSTILE = "sofa\r\nBcc: all@x.example\x00\x1b[31m \u202eevil\u2066 http://evil.example www.evil.example"


@pytest.mark.parametrize("kind", KINDS)
def test_user_text_is_inert(kind: str) -> None:
    facts = {"about": HOSTILE, "reason": HOSTILE, "order_id": HOSTILE, "tracking_number": HOSTILE}
    subject, body = email_text(named(HOSTILE), kind, facts)
    ticket = ticket_text(named(HOSTILE), facts)
    for text in (subject, sms_text(named(HOSTILE), kind, facts), ticket[0]):
        assert "\n" not in text and text.isprintable()
    for text in (subject, body, *ticket):
        assert all(line.isprintable() for line in text.split("\n"))
        assert "http://" not in text and "www.evil" not in text
        assert not any(line.startswith("Bcc") for line in text.split("\n"))


@pytest.mark.parametrize("kind", KINDS)
@given(
    st.text(min_size=1, max_size=120).filter(lambda text: visible(text).strip()),
    st.text(max_size=300),
    st.integers(0, 10**13),
)
def test_a_text_fits_whatever_is_in_it(kind: str, name: str, words: str, paid: int) -> None:
    facts = {"order_id": words, "about": words, "reason": words, "paid_minor": paid, "pay_currency": "EUR"}
    text = sms_text(named(name), kind, facts)
    assert 0 < len(text) <= 160
    assert text.isprintable()


def test_a_long_order_is_cut_before_the_facts() -> None:
    text = sms_text(named("x" * 120), "confirmation", KNOWN | {"order_id": "O" * 24})
    assert len(text) == 160
    assert text.endswith("x…. Paid $3,597.00. Tracking TRK77.")


@given(st.text(max_size=400), st.integers(1, 80))
def test_plain_is_one_line_cut(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert line == "" or line.isprintable()
    assert line == plain(line, limit)


def test_plain_leaves_ordinary_words() -> None:
    assert plain("  2 × café   tables, 10:30  ", 80) == "2 × café tables, 10:30"
    assert plain("abcdef", 4) == "abc…"
    assert plain("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("mara@keller.example", "m•••@keller.example"),
        ("m@keller.example", "m•••@keller.example"),
        ("", ""),
        ("not an address", "•••"),
    ],
)
def test_addresses_are_masked(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+49 151 5550100", "+49 ••• 00"),
        ("+1-555-0123", "+1 ••• 23"),
        ("+14155550199", "+1 ••• 99"),
        ("+491515550100", "+49 ••• 00"),
        ("+351 21 555 0177", "+351 ••• 77"),
        ("(555) 010-2030", "••• 30"),
        ("5550101", "••• 01"),
        ("", ""),
        ("ext.", "•••"),
    ],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_phone(number) == masked

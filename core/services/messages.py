"""The texts of the outbox: e-mails, texts and tickets of the call centre, in plain short English.

Whatever a user wrote is quoted as inert plain text: one line, no control characters, no live links, cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from core.models import OrderRequest
from core.money import format_money

SMS_CHARS = 160
DOTS = "•••"
Facts = Mapping[str, Any]

# Code of a failure -> the words that follow 'because'. What is not here is said in its own words.
REASONS = {
    "unavailable": "the system was not available",
    "down": "the system was not available",
    "timeout": "the system did not answer in time",
    "card_declined": "the card was declined",
    "insufficient_funds": "the wallet holds too little",
    "unknown_wallet": "there is no such wallet",
    "wrong_currency": "the wallet holds another currency",
    "out_of_stock": "the items are out of stock",
    "over_budget": "the price is over the budget",
    "no_alternative": "no other offer fits the budget",
    "delayed": "it would arrive after the date you asked for",
    "closed": "it was stopped",
}
ASKED = ("call asked for", "retry", "ahead")  # reasons of a ticket that are no failure
# Part of a plan -> what is about to be done, by card and from a wallet where that differs.
AHEAD = {
    "payment": ("charge your card", "debit your wallet"),
    "order": ("place your order",),
    "conversion": ("convert your payment",),
    "booking": ("book your order",),
    "shipping": ("ship your order",),
}


def email_text(request: OrderRequest, kind: str, facts: Facts) -> tuple[str, str]:
    """Subject and body of an e-mail of a kind: confirmation, notice, failure, retry, ahead.

    facts, all optional: order_id, tracking_number, estimated_delivery, paid_minor, due_minor, pay_currency, about (a
    step's title; ahead: a part of the plan), reason (a code), outcome. Raises ValueError for another kind.
    """
    subject, sentences = _of(EMAILS, kind)(request, facts)
    order = plain(request.title(), 160)
    rows = [f"Your order: {order}", *_details(facts)]
    return subject, "\n\n".join(["Hello,", *sentences, "\n".join(rows), "Kind regards,\nYour order team"])


def sms_text(request: OrderRequest, kind: str, facts: Facts) -> str:
    """One text of at most 160 characters; kinds and facts as for `email_text`, the order's words are cut first."""
    before, after = _of(TEXTS, kind)(request, facts)
    room = SMS_CHARS - len(before) - len(after)
    return plain(before + plain(request.title(), max(room, 1)) + after, SMS_CHARS)


def ticket_text(request: OrderRequest, facts: Facts) -> tuple[str, str]:
    """Subject and body of a ticket: whom to call, about what, and why. Facts: priority, about, reason, order_id."""
    about, reason = plain(facts.get("about") or "the order", 80), facts.get("reason")
    order = plain(facts.get("order_id") or request.title(), 60)
    priority = plain(facts.get("priority") or request.priority, 10)
    if reason in ("refunded", "rejected"):
        why = f"The order was {reason}."
    elif reason in ASKED:
        why = {
            "call asked for": "The customer asked for a call.",
            "retry": f"'{about}' is being tried again.",
            "ahead": f"The customer asked for a call before we {_deed(request, about)}, which comes next.",
        }[reason]
    else:
        why = f"'{about}' failed{_because(facts)}."
    contact = [
        f"Customer: {plain(request.customer_id, 60)}" if request.customer_id else "",
        f"Phone: {plain(request.phone_number, 40)}" if request.phone_number else "Phone: not known",
        f"Email: {plain(request.customer_email, 120)}" if request.customer_email else "",
    ]
    rows = [f"Order: {plain(request.title(), 160)}", *_details(facts)]
    body = [f"Please call the customer. {why}", "\n".join(filter(None, contact)), "\n".join(rows)]
    return plain(f"[{priority}] Call about order {order}: {about}", 120), "\n\n".join(body)


def plain(text: object, limit: int) -> str:
    """Text as one inert line: control, format and bidi characters become spaces, links are broken, the rest is cut."""
    words = str(text)[: 4 * limit]
    if not words.isprintable():
        words = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in words)
    if "//" in words or "www" in words.casefold():
        words = LINK.sub(lambda match: f"{match[1]} ." if match[1] else " :", words)
    return _cut(words, limit)


def _cut(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def mask_email(address: str) -> str:
    """'mara@keller.example' as 'm•••@keller.example'; '' stays ''."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{DOTS}@{domain}" if at else address and DOTS


def mask_phone(number: str) -> str:
    """'+49 151 5550100' as '+49 ••• 00'; without a country's prefix '••• 00'; '' stays ''.

    Where nothing divides the prefix from the rest, it is taken as 1 digit for +1 and +7, else as 2.
    """
    figures = re.sub(r"\D", "", number)
    if not figures:
        return number and DOTS
    found = re.match(r"\s*\+(\d{1,3})(?=\D)|\s*\+([17]|\d\d)", number)
    prefix = f"+{found[1] or found[2]} " if found else ""
    return f"{prefix}{DOTS} {figures[-2:]}"


LINK = re.compile(r"(?i)(?<=\w):(?=//)|\b(www)\.")
Email = tuple[str, list[str]]  # subject, sentences
Text = tuple[str, str]  # before and after the order's words


def _confirmation(request: OrderRequest, facts: Facts) -> Email:
    return f"Your order{_number(facts)} is confirmed", ["Thank you for your order. It is confirmed."]


def _notice(request: OrderRequest, facts: Facts) -> Email:
    return (
        f"A problem with your order{_number(facts)}",
        [
            f"You asked us to tell you: the step '{_about(facts)}' of your order failed{_because(facts)}.",
            "You don't need to do anything now.",
        ],
    )


def _failure(request: OrderRequest, facts: Facts) -> Email:
    if not _refunded(facts):
        return (
            f"Your order{_number(facts)} could not be accepted",
            ["We are sorry: your order could not be accepted. No money was taken."],
        )
    paid = _paid(facts)
    return (
        f"Your order{_number(facts)} was refunded",
        [
            "We are sorry: your order could not be completed, so it was cancelled.",
            f"You get {paid} back." if paid else "You get your money back.",
        ],
    )


def _retry(request: OrderRequest, facts: Facts) -> Email:
    return (
        f"We are trying again: your order{_number(facts)}",
        [
            f"The step '{_about(facts)}' of your order failed{_because(facts)}. We are trying it again now.",
            "You don't need to do anything.",
        ],
    )


def _ahead(request: OrderRequest, facts: Facts) -> Email:
    deed = _deed(request, _about(facts))
    return (
        f"We are about to {deed}",
        [
            f"You asked us to tell you before: we are about to {deed}{_due(facts)}.",
            "That comes next. You don't need to do anything.",
        ],
    )


def _confirmation_sms(request: OrderRequest, facts: Facts) -> Text:
    paid, tracking = _paid(facts), plain(facts.get("tracking_number") or "", 30)
    return (
        f"Order{_number(facts)} confirmed: ",
        "." + (f" Paid {paid}." if paid else "") + (f" Tracking {tracking}." if tracking else ""),
    )


def _notice_sms(request: OrderRequest, facts: Facts) -> Text:
    return f"Order{_number(facts)}: the step '{_about(facts)}' failed{_because(facts)}. Order: ", "."


def _failure_sms(request: OrderRequest, facts: Facts) -> Text:
    paid = _paid(facts)
    back = f" You get {paid or 'your money'} back." if _refunded(facts) else " No money was taken."
    return f"Sorry, order{_number(facts)} could not be completed: ", f".{back}"


def _retry_sms(request: OrderRequest, facts: Facts) -> Text:
    return f"Order{_number(facts)}: we are trying the step '{_about(facts)}' again. Order: ", "."


def _ahead_sms(request: OrderRequest, facts: Facts) -> Text:
    return f"We are about to {_deed(request, _about(facts))}{_due(facts)}. Order{_number(facts)}: ", "."


def _deed(request: OrderRequest, part: str) -> str:
    """What is done in a part of the plan; a wallet is debited where a company pays."""
    deeds = AHEAD.get(part) or (f"go on with '{part}'",)
    return deeds[-1] if request.corporate else deeds[0]


def _due(facts: Facts) -> str:
    """What is about to be taken, where the notice is about that."""
    minor, currency = facts.get("due_minor"), facts.get("pay_currency")
    return f": {format_money(minor, currency)}" if minor and currency and facts.get("about") == "payment" else ""


EMAILS: dict[str, Callable[[OrderRequest, Facts], Email]] = {
    "confirmation": _confirmation,
    "notice": _notice,
    "failure": _failure,
    "retry": _retry,
    "ahead": _ahead,
}
TEXTS: dict[str, Callable[[OrderRequest, Facts], Text]] = {
    "confirmation": _confirmation_sms,
    "notice": _notice_sms,
    "failure": _failure_sms,
    "retry": _retry_sms,
    "ahead": _ahead_sms,
}


T = TypeVar("T")


def _of(texts: Mapping[str, T], kind: str) -> T:
    if kind not in texts:
        raise ValueError(f"There is no message of kind '{kind}'; there are {', '.join(texts)}.")
    return texts[kind]


def _details(facts: Facts) -> list[str]:
    """'Label: value' of what is known about the order."""
    found = {
        "Order number": facts.get("order_id"),
        "Paid": _paid(facts),
        "Tracking number": facts.get("tracking_number"),
        "Estimated delivery": facts.get("estimated_delivery"),
    }
    return [f"{label}: {plain(value, 60)}" for label, value in found.items() if value]


def _number(facts: Facts) -> str:
    return f" {plain(facts['order_id'], 24)}" if facts.get("order_id") else ""


def _about(facts: Facts) -> str:
    return plain(facts.get("about") or "a step", 40)


def _because(facts: Facts) -> str:
    reason = facts.get("reason")
    return f", because {REASONS.get(reason) or plain(str(reason).replace('_', ' '), 60)}" if reason else ""


def _paid(facts: Facts) -> str:
    minor, currency = facts.get("paid_minor"), facts.get("pay_currency")
    return format_money(minor, currency) if minor and currency else ""


def _refunded(facts: Facts) -> bool:
    """By the outcome where it is said; else money that was taken is money that goes back."""
    return facts["outcome"] == "refunded" if facts.get("outcome") else bool(facts.get("paid_minor"))

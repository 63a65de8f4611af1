"""E-mail: what would be sent lands in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime

from core.models import Model
from core.services.base import Service, Tx, action, reference
from core.services.messages import email_text, mask_email


class SendEmail(Model):
    """A message of a kind (confirmation, notice, failure, retry, ahead); the address only by reference."""

    contact: str
    kind: str
    about: str | None = None
    reason: str | None = None
    order_id: str | None = None
    tracking_number: str | None = None
    estimated_delivery: str | None = None
    paid_minor: int | None = None
    pay_currency: str | None = None
    due_minor: int | None = None
    outcome: str | None = None


class EmailSent(Model):
    """The recipient is masked."""

    email_id: str
    email_recipient: str
    email_status: str
    email_sent_at: str


class EmailNotification(Service):
    """Sends e-mails."""

    name = "email_notification"
    title = "Email"
    failure = "SMTP server unavailable"
    default_rate = 0.15

    @action()
    def send(self, tx: Tx, request: SendEmail) -> EmailSent:
        """Send one e-mail."""
        order = tx.order(request.contact)
        recipient = order.customer_email or ""
        subject, body = email_text(order, request.kind, request.__dict__)
        tx.send("email", request.kind, recipient, subject, body)
        return EmailSent(
            email_id=reference("EML", tx.key),
            email_recipient=mask_email(recipient),
            email_status="sent",
            email_sent_at=datetime.fromtimestamp(tx.now, UTC).isoformat(timespec="seconds"),
        )

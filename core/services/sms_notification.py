"""Text messages: what would be sent lands in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime

from core.models import Model
from core.services.base import Service, Tx, action, reference
from core.services.messages import mask_phone, sms_text


class SendSms(Model):
    """A message of a kind (confirmation, notice, failure, retry, ahead); the number only by reference."""

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


class SmsSent(Model):
    """The number is masked."""

    sms_id: str
    sms_phone_number: str
    sms_status: str
    sms_sent_at: str


class SmsNotification(Service):
    """Sends text messages."""

    name = "sms_notification"
    title = "SMS"
    failure = "gateway temporarily unavailable"
    default_rate = 0.12

    @action()
    def send(self, tx: Tx, request: SendSms) -> SmsSent:
        """Send one text."""
        order = tx.order(request.contact)
        recipient = order.phone_number or ""
        tx.send("sms", request.kind, recipient, "", sms_text(order, request.kind, request.__dict__))
        return SmsSent(
            sms_id=reference("SMS", tx.key),
            sms_phone_number=mask_phone(recipient),
            sms_status="delivered",
            sms_sent_at=datetime.fromtimestamp(tx.now, UTC).isoformat(timespec="seconds"),
        )

"""The call centre: tickets that make somebody call the customer."""

from __future__ import annotations

from core.models import Model
from core.services.base import Service, Tx, action, reference
from core.services.messages import mask_phone, ticket_text

CALLBACK_MIN = {"high": 15, "medium": 60, "low": 240}


class OpenTicket(Model):
    """Why to call; the number only by reference."""

    contact: str
    priority: str = "medium"
    about: str | None = None
    reason: str | None = None
    order_id: str | None = None


class TicketOpened(Model):
    """The ticket and when the customer can expect the call."""

    ticket_id: str
    ticket_priority: str
    estimated_callback: str


class CallCenterTrigger(Service):
    """Opens tickets for the people who call customers."""

    name = "call_center_trigger"
    title = "Call centre"
    failure = "all agents busy"
    default_rate = 0.05

    @action()
    def open_ticket(self, tx: Tx, request: OpenTicket) -> TicketOpened:
        """Open one ticket."""
        order = tx.order(request.contact)
        subject, body = ticket_text(order, request.__dict__)
        tx.send("ticket", "ticket", mask_phone(order.phone_number or ""), subject, body)
        return TicketOpened(
            ticket_id=reference("TKT", tx.key),
            ticket_priority=request.priority,
            estimated_callback=f"within {CALLBACK_MIN[request.priority]} minutes",
        )

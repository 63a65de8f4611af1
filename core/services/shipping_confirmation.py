"""Shipping: a tracking number, and the day on which it should arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from core.models import Model
from core.services.base import Service, Tx, action, reference

DAYS = {"standard": 5, "express": 2, "overnight": 1, "pickup": 1}


class Confirm(Model):
    """What to ship, how, and where to (by reference)."""

    order_id: str
    shipping_method: str
    contact: str


class Confirmed(Model):
    """`delayed` is true where the estimate is after the day that was asked for."""

    tracking_number: str
    estimated_delivery: str
    shipping_status: str
    delayed: bool


class ShippingConfirmation(Service):
    """Confirms that a warehouse ships an order."""

    name = "shipping_confirmation"
    title = "Shipping"
    failure = "warehouse system unavailable"
    default_rate = 0.10

    @action(undo="cancel")
    def confirm(self, tx: Tx, request: Confirm) -> Confirmed:
        """Confirm the shipment; the estimate counts working days from now."""
        expected = working_days_after(datetime.fromtimestamp(tx.now, UTC).date(), DAYS[request.shipping_method])
        asked = _iso(tx.order(request.contact).date)
        return Confirmed(
            tracking_number=reference("TRK", tx.key).upper(),
            estimated_delivery=expected.isoformat(),
            shipping_status="confirmed",
            delayed=asked is not None and expected > asked,
        )


def working_days_after(start: date, days: int) -> date:
    """The day that is `days` working days (Monday to Friday) after `start`."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def _iso(text: str | None) -> date | None:
    """An ISO date; None for a phrase such as 'next tuesday', which promises no day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

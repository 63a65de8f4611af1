"""Icons for services that several pages show."""

from __future__ import annotations

ICONS = {  # service -> Material Symbols name, shipped with Streamlit
    "order_creation": "receipt_long",
    "payment_processing": "credit_card",
    "currency_conversion": "currency_exchange",
    "email_notification": "mail",
    "shipping_confirmation": "local_shipping",
    "call_center_trigger": "call",
    "sms_notification": "sms",
}


def icon(service: str) -> str:
    """The icon of a service as markdown; a plain one for a service that has none."""
    return f":material/{ICONS.get(service, 'hub')}:"

"""The seven services, by name."""

from __future__ import annotations

from core.errors import PlanRefused
from core.services.base import Action, Service
from core.services.call_center_trigger import CallCenterTrigger
from core.services.currency_conversion import CurrencyConversion
from core.services.email_notification import EmailNotification
from core.services.order_creation import OrderCreation
from core.services.payment_processing import PaymentProcessing
from core.services.rates import RateSource
from core.services.shipping_confirmation import ShippingConfirmation
from core.services.sms_notification import SmsNotification

UNAVAILABLE = {
    "unavailable": "{failure}",
    "timeout": "no answer in time",
    "down": "{failure} (down for now)",
    "closed": "its key was closed",
    "conflict": "the same key was used with other parameters",
}


class Registry:
    """Service name -> service, in the order in which pages list them."""

    def __init__(self, services: list[Service]) -> None:
        self.services = {service.name: service for service in services}
        self._actions = {f"{s.name}.{name}": (s, act) for s in services for name, act in s.actions.items()}

    def find(self, action: str) -> tuple[Service, Action]:
        """A service and its action by 'service.action'. Raises PlanRefused where there is none."""
        try:
            return self._actions[action]
        except KeyError:
            service = action.partition(".")[0]
            known = self.services.get(service)
            what = (
                f"'{service}' can't do '{action.partition('.')[2]}', only {', '.join(known.actions)}"
                if known
                else f"there is no service '{service}'; there are {', '.join(self.services)}"
            )
            raise PlanRefused("", what[0].upper() + what[1:] + ".") from None

    def reason(self, action: str, code: str) -> str:
        """Why an action failed, in words (plain text, no full stop)."""
        service = self.services[action.partition(".")[0]]
        return service.reasons.get(code) or UNAVAILABLE.get(code, code.replace("_", " ")).format(
            failure=service.failure
        )


def default_registry(rates: RateSource) -> Registry:
    """The seven services of the product."""
    return Registry(
        [
            OrderCreation(rates),
            PaymentProcessing(),
            CurrencyConversion(rates),
            EmailNotification(),
            ShippingConfirmation(),
            CallCenterTrigger(),
            SmsNotification(),
        ]
    )

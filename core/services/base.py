"""What a service is: actions with frozen requests and answers, effects by key, compensations.

A new service is one file with one class and one line in the registry.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, NamedTuple, Protocol, get_type_hints

from core.models import Model, OrderRequest


class PaymentRule(NamedTuple):
    """Every `length + 1`-th charge is declined. `since`: charges since the last decline; `cycle` counts declines."""

    since: int
    length: int
    cycle: int


class Tx(Protocol):
    """One effect's view of the store. What it writes is dropped when the effect is refused."""

    key: str
    run: str
    now: float

    def order(self, reference: str) -> OrderRequest:
        """The run's order or contact by reference, such as 'order/1'."""

    def balance(self, wallet: str) -> tuple[str, int]:
        """Currency and minor units of a wallet. Raises Refused('unknown_wallet')."""

    def post(self, account: str, currency: str, minor: int) -> None:
        """One posting; those of an effect sum to zero in each currency."""

    def rule(self) -> PaymentRule | None:
        """The payment rule's state, None where the run's profile has it switched off."""

    def count_charge(self) -> None:
        """A charge succeeds: the rule moves on."""

    def decline(self) -> None:
        """A charge is declined: the next cycle begins. Kept, by key and visit, though the effect is refused."""

    def send(self, channel: str, kind: str, recipient: str, subject: str, body: str) -> None:
        """Put a message in the outbox."""


@dataclass(frozen=True)
class Action:
    """A thing that a service can do. `pure` ones leave no ledger row; `undo` names the compensation."""

    name: str
    request: type[Model]
    answer: type[Model]
    apply: Callable[[Any, Tx, Any], Model]
    undo: str | None
    pure: bool


def action(*, undo: str | None = None, pure: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method `(self, tx, request) -> answer` as an action; its annotations give the models."""

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        method.__dict__["action"] = undo, pure
        return method

    return mark


class Service(ABC):
    """One of the services. Subclasses set the class variables and mark their actions.

    `default_rate` is the chance that an attempt is refused; `failure` is what a caller is then told.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    failure: ClassVar[str]
    default_rate: ClassVar[float]
    reasons: ClassVar[dict[str, str]] = {}  # code of a refusal -> sentence

    def __init__(self) -> None:
        self.actions: dict[str, Action] = {}
        for name in dir(type(self)):
            method = getattr(type(self), name)
            if hasattr(method, "action"):
                hints = get_type_hints(method)
                undo, pure = method.action
                self.actions[name] = Action(name, hints["request"], hints["return"], method, undo, pure)
        self.undos = {act.undo: act for act in self.actions.values() if act.undo}

    def prepare(self, name: str, request: Any) -> Any:
        """Any I/O that an action needs before its effect; returns the request to apply. None by default."""
        return request

    def needs_io(self, name: str) -> bool:
        """Whether `prepare` may block for this action."""
        return False


def reference(prefix: str, key: str) -> str:
    """An id for what an effect made: the same for the same key, so that a replay makes none anew."""
    return f"{prefix}_{blake2b(key.encode(), digest_size=5).hexdigest()}"

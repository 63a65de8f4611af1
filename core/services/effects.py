"""Effects by key: done once, undone once, closed for good. The same rules over every kind of ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from core.errors import Refused
from core.models import Call, OrderRequest, Params, Reply
from core.services.base import Tx
from core.services.registry import Registry

Lines = tuple[tuple[str, str, int], ...]  # account, currency, minor


class LedgerRow(NamedTuple):
    """One effect. state: done, undone, or void (closed before it could happen)."""

    state: str
    action: str
    params: dict[str, Any]
    answer: dict[str, Any]


class EffectTx(Tx, Protocol):
    """What the rules need of a ledger besides what services may do."""

    visit: int

    def find(self) -> LedgerRow | None:
        """The row of this service and key."""

    def record(self, row: LedgerRow) -> None:
        """Write the row of this service and key, new or changed."""

    def posted(self) -> Lines:
        """What the effect of this service and key posted."""

    def declined(self) -> dict[str, Any] | None:
        """The decline that this key met in this visit, if it met one."""


def apply(tx: EffectTx, registry: Registry, call: Call, request: Any, refusal: str | None = None) -> Reply:
    """Let a call take effect, once per key. `refusal` is a final no that only a key without a row meets.

    A refusal comes back as a final reply; the caller then drops what `tx` was given, all but a decline.
    """
    try:
        if call.direction == "undo":
            return Reply(None, _undo(tx, call))
        if call.direction == "close":
            return Reply(None, _close(tx, call))
        return Reply(None, _do(tx, registry, call, request, refusal))
    except Refused as refused:
        return Reply(refused.code, refused.details, final=True)


def _do(tx: EffectTx, registry: Registry, call: Call, request: Any, refusal: str | None) -> dict[str, Any]:
    row = tx.find()
    if row is not None:
        if row.state == "done" and row.params == dict(call.params):
            return row.answer
        raise Refused("closed" if row.state != "done" else "conflict")
    if (met := tx.declined()) is not None:
        raise Refused("card_declined", met)
    if refusal:
        raise Refused(refusal)
    service, action = registry.find(call.action)
    answer: dict[str, Any] = action.apply(service, tx, request).__dict__.copy()
    tx.record(LedgerRow("done", call.action, dict(call.params), answer))
    return answer


def _undo(tx: EffectTx, call: Call) -> dict[str, Any]:
    """Post the opposite of what the effect posted; where there is no effect, make sure that there never is."""
    row = tx.find()
    if row is None:
        tx.record(LedgerRow("void", call.action, {}, {}))
    elif row.state == "done":
        for account, currency, minor in tx.posted():
            tx.post(account, currency, -minor)
        tx.record(row._replace(state="undone"))
    return {}


def _close(tx: EffectTx, call: Call) -> dict[str, Any]:
    """The answer of an effect that happened; otherwise nothing, and it never will."""
    row = tx.find()
    if row is None:
        tx.record(LedgerRow("void", call.action, dict(call.params), {}))
        return {}
    return row.answer if row.state == "done" else {}


class PureTx:
    """What a pure action is given: the order, and no ledger."""

    def __init__(self, call: Call, orders: Sequence[OrderRequest]) -> None:
        self.key, self.run, self.orders = call.key, call.run, orders

    def order(self, reference: str) -> OrderRequest:
        """The run's order by reference."""
        return order_at(self.orders, reference)


def order_at(orders: Sequence[OrderRequest], reference: str) -> OrderRequest:
    """The version of a request that a reference such as 'order/2' or 'contact/1' names."""
    return orders[int(reference.partition("/")[2]) - 1]


def is_pure(registry: Registry, call: Call) -> bool:
    """Whether a call leaves no ledger row."""
    return call.direction == "do" and registry.find(call.action)[1].pure


def answer_pure(registry: Registry, call: Call, request: Any, orders: Sequence[OrderRequest]) -> Reply:
    """Answer a call that has no effect."""
    service, action = registry.find(call.action)
    try:
        return Reply(None, action.apply(service, PureTx(call, orders), request).__dict__.copy())  # type: ignore[arg-type]
    except Refused as refused:
        return Reply(refused.code, refused.details, final=True)


def make_request(registry: Registry, call: Call, params: Params) -> Any:
    """The frozen request of a call; None where its direction needs none."""
    if call.direction != "do":
        return None
    return registry.find(call.action)[1].request(**dict(params))

"""Parts of a machine that are broken on purpose."""

from __future__ import annotations

from typing import Any

from core.models import Call
from core.services.effects import LedgerRow
from core.services.registry import Registry


def forgetful(tx: Any, registry: Registry, call: Call, request: Any, refusal: str | None) -> dict[str, Any]:
    """A do that does not look whether it happened."""
    service, act = registry.find(call.action)
    answer = act.apply(service, tx, request).__dict__.copy()
    tx.record(LedgerRow("done", call.action, dict(call.params), answer))
    return answer

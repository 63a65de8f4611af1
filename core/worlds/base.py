"""What the interpreter runs in."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from core.models import Call, Control, Decision, Question, Reply

FOREVER_S = float("inf")


class World(Protocol):
    """All that `interpret` needs."""

    @property
    def run(self) -> str:
        """The run's id, as it stands in idempotency keys (a repair's is that of the run it repairs)."""

    async def together(self, coroutines: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
        """Run side by side, return all results in order. A coroutine given here never raises."""

    async def ask(self, question: Question) -> Decision | None:
        """Park until a person decides; None when a control came first."""

    def control(self) -> Control:
        """What people have asked of this run so far; changes only between awaits."""

    def emit(self, kind: str, **body: Any) -> None:
        """Journal a decision before anything that follows it; tell the viewers."""


class Attempting(World, Protocol):
    """What `retry.perform` needs besides."""

    async def attempt(self, call: Call) -> Reply:
        """One try of an action. The same call gets the same answer on replay."""

    async def sleep(self, seconds: float) -> float:
        """Wait; return the seconds left, more than 0 when a control came first."""

"""What the checker found: a list that its parts share."""

from __future__ import annotations

from core.money import format_money, known
from core.views import Violation


class Findings:
    """Violations in the order in which they were met."""

    def __init__(self) -> None:
        self.found: list[Violation] = []

    def add(self, invariant: int, run: str, position: int, sentence: str) -> None:
        """Note one violation: the number of the invariant, the run ('' for none), and what is wrong."""
        self.found.append(Violation(invariant, run, position, sentence))


def amount(minor: int, currency: str) -> str:
    """An amount in words, whatever was booked as its currency."""
    return format_money(minor, currency) if known(currency) else f"{minor} minor units of {currency!r}"

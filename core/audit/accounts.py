"""Invariants 2 and 4 over the whole store: double entry, wallets, and the payment rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.audit.findings import Findings, amount
from core.services.base import PaymentRule
from core.services.currency_conversion import FX
from core.services.payment_processing import CARD, HOUSE, wallet_account
from core.store.books import Booked, Declined, Posting

OUTSIDE = frozenset({CARD, HOUSE, FX})  # accounts that may be negative
LENGTHS = (3, 4)  # charges between two declines


class Accounts:
    """Balances, posting by posting."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.balances: dict[tuple[str, str], int] = {}  # account, currency -> minor units

    def take(self, lines: Sequence[Posting]) -> None:
        """Take the postings of one effect, of one undo, or from outside: together they sum to zero."""
        sums: dict[str, int] = {}
        for line in lines:
            place = line.account, line.currency
            sums[line.currency] = sums.get(line.currency, 0) + line.minor
            self.balances[place] = self.balances.get(place, 0) + line.minor
        for currency, total in sums.items():
            if total:
                about = f"of '{lines[0].key}' " if lines[0].key else ""
                said = f"The postings {about}sum to {amount(total, currency)}, not to zero."
                self._findings.add(4, lines[0].run, lines[0].position, said)
        for line in lines:
            balance = self.balances[line.account, line.currency]
            if balance < 0 and line.minor < 0 and line.account not in OUTSIDE:
                said = f"The account '{line.account}' holds {amount(balance, line.currency)}: it must not be negative."
                self._findings.add(4, line.run, line.position, said)

    def compare(self, wallets: Mapping[str, tuple[str, int]], position: int) -> None:
        """The wallets hold what was posted to them. `wallets`: name -> currency, minor units."""
        held = {(wallet_account(name), currency): minor for name, (currency, minor) in wallets.items()}
        posted = {place: minor for place, minor in self.balances.items() if place[0] not in OUTSIDE}
        for place in sorted(held.keys() | posted.keys()):
            now, due = held.get(place, 0), posted.get(place, 0)
            if now != due:
                figures = f"holds {amount(now, place[1])}, but {amount(due, place[1])} was posted to it"
                self._findings.add(4, "", position, f"The account '{place[0]}' {figures}.")


class RuleBook:
    """The payment rule counted anew: every charge that met it and every decline, in order. `rule`: how it began."""

    def __init__(self, findings: Findings, rule: PaymentRule) -> None:
        self._findings, self._first, self._state = findings, rule.cycle, rule
        self._by_cycle: dict[int, Declined] = {}
        self._by_visit: dict[tuple[str, int], Declined] = {}

    def decline(self, met: Declined, run: str, position: int) -> None:
        """Take a decline: the only one of its key and visit, and of its cycle."""
        if (met.key, met.visit) in self._by_visit:
            self._findings.add(2, run, position, f"'{met.key}' was declined twice in visit {met.visit}.")
        if met.cycle in self._by_cycle:
            said = f"'{met.key}' and '{self._by_cycle[met.cycle].key}' were both declined by cycle {met.cycle}."
            self._findings.add(2, run, position, said)
        if met.since != met.length or met.length not in LENGTHS:
            said = f"'{met.key}' was declined after {met.since} charges of {met.length}: the rule was not yet due."
            self._findings.add(2, run, position, said)
        self._by_visit[met.key, met.visit] = self._by_cycle[met.cycle] = met

    def find(self, key: str, visit: int) -> Declined | None:
        """The decline of a key and visit."""
        return self._by_visit.get((key, visit))

    def charge(self, booked: Booked) -> None:
        """Take a charge: it met the rule as those before it left it."""
        since, length = booked.answer.get("rule_since"), booked.answer.get("rule_length")
        if since is None or length is None:
            return
        if since == 0:
            self._go_on(length)
        state = self._state
        if (since, length) != (state.since, state.length):
            said = (
                f"'{booked.key}' met the payment rule after {since} charges of {length}, but {state.since} of "
                f"{state.length} were made since the last decline: one was counted twice, or not at all."
            )
            self._findings.add(2, booked.run, booked.position, said)
        self._state = PaymentRule(since + 1, length, state.cycle)

    def compare(self, rule: PaymentRule, position: int) -> None:
        """The rule stands where the charges and declines left it."""
        self._go_on(rule.length)
        if self._state != rule:
            said = (
                f"The payment rule stands at {rule.since} charges of {rule.length} in cycle {rule.cycle}, but charges "
                f"and declines make it {self._state.since} of {self._state.length} in cycle {self._state.cycle}."
            )
            self._findings.add(2, "", position, said)
        for cycle, met in self._by_cycle.items():
            if not self._first <= cycle < self._state.cycle:
                said = f"'{met.key}' was declined by cycle {cycle}, which the payment rule has not come to."
                self._findings.add(2, "", position, said)

    def _go_on(self, length: int) -> None:
        """Where this cycle ended with a decline, the next one begins."""
        state = self._state
        if state.since >= state.length and state.cycle in self._by_cycle:
            self._state = PaymentRule(0, length, state.cycle + 1)

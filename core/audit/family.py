"""Invariants 2, 3, 5, 6 and 7 over the effects of one run and of its repairs, which share its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.audit.findings import Findings, amount
from core.errors import PlanRefused
from core.models import Call, Row
from core.services.payment_processing import CARD, wallet_account
from core.services.registry import Registry
from core.store.books import Booked, Posting, Sent

BOOK = "order_creation.book"
CHANNELS = {"email_notification": "email", "sms_notification": "sms", "call_center_trigger": "ticket"}
NOTHING: dict[str, Any] = {}


class Held:
    """One ledger row as it stands. `known`: the journal holds its answer."""

    __slots__ = ("booked", "known", "lines")

    def __init__(self, booked: Booked, lines: Sequence[Posting]) -> None:
        self.booked, self.lines, self.known = booked, lines, False


class Family:
    """The effects under the keys of one run. What runs journal is told by `asked`, `answered`, `confirm`, `end`."""

    def __init__(self, run: str, registry: Registry, findings: Findings) -> None:
        self.run, self._registry, self._findings = run, registry, findings
        self.follows = True  # every call that was asked for is known
        self.outcome: str | None = None  # of the run itself
        self.confirmed_at: int | None = None
        self.repairs_open = 0
        self._effects: dict[tuple[str, str], Held] = {}  # service, key
        self._steps: dict[str, str] = {}  # step that can be undone -> key of the effect held
        self._bookings: dict[str, int] = {}  # key -> quote of a booking held, in minor units
        self._asked: dict[tuple[str, str, str], dict[str, Any]] = {}  # service, key, direction -> params
        self._paid: dict[str, int] = {}  # currency -> minor units taken from card and wallets
        self._moved = False  # money was taken at some time
        self._told: dict[str, list[Booked]] = {}  # kind -> messages
        self._sent: set[tuple[str, str]] = set()  # channel, key

    # What a run journals

    def asked(self, call: Call) -> None:
        """A run came to make this call."""
        self._asked[call.service, call.key, call.direction] = dict(call.params)

    def answered(self, row: Row) -> None:
        """An answer that says that something is done, closed or undone: the ledger says the same."""
        service = row.body["action"].partition(".")[0]
        if row.direction == "do" and self._is_pure(row.body["action"]):
            return
        held = self._effects.get((service, f"{self.run}/{row.step}/{row.edition}"))
        state, answer = (held.booked.state, held.booked.answer) if held else ("", {})
        if row.direction == "undo" or (row.direction == "close" and not row.body["answer"]):
            if state not in ("undone", "void"):
                what = "undone" if row.direction == "undo" else "closed without an effect"
                self._add(2, row.position, f"Step '{row.step}' was {what}, but the ledger says {state or 'nothing'}.")
        elif held is None or state != "done":
            self._add(2, row.position, f"Step '{row.step}' was done, but the ledger says {state or 'nothing'} of it.")
        else:
            held.known = True
            if answer != row.body["answer"]:
                said = f"Step '{row.step}' was answered with {_other(row.body['answer'], answer)} than its effect."
                self._add(2, row.position, said)

    def confirm(self, position: int) -> None:
        """The pivot is passed: exactly one booking is held."""
        self.confirmed_at = position
        if len(self._bookings) != 1:
            self._add(5, position, f"The run is confirmed and holds {len(self._bookings)} bookings.")

    def end(self, outcome: str, position: int, pay_currency: str) -> None:
        """The run itself ended: money, bookings, effects and messages are as its outcome says."""
        self.outcome, confirmed = outcome, outcome.startswith("confirmed")
        if len(self._bookings) != confirmed:
            self._add(5, position, f"The run ended {outcome} and holds {len(self._bookings)} bookings.")
        due = {pay_currency: sum(self._bookings.values())}
        for currency in sorted(self._paid.keys() | due.keys()):
            paid, price = self._paid.get(currency, 0), due.get(currency, 0)
            if paid != price:
                figures = f"{amount(paid, currency)} were kept for bookings of {amount(price, currency)}"
                self._add(3, position, f"The run ended {outcome}, and {figures}.")
        if outcome in ("refunded", "rejected") and self._moved != (outcome == "refunded"):
            said = "money had been taken" if self._moved else "no money had been taken"
            self._add(3, position, f"The run ended {outcome}, though {said}.")
        self._check_effects(outcome, position, confirmed)
        for kind, fits in (("confirmation", confirmed), ("failure", outcome in ("refunded", "rejected"))):
            if self._told.get(kind) and not fits:
                self._add(7, position, f"The run ended {outcome}, and its customer was sent a {kind}.")

    def settle(self, position: int) -> None:
        """A run of the family ended, and no other is open: what its keys did is in the journal."""
        if self.repairs_open:
            return
        for held in self._effects.values():
            if not held.known and held.booked.state == "done":
                said = f"The effect of '{held.booked.key}' happened, and the journal knows nothing of it."
                self._add(6, position, said)
            if self.outcome:
                held.booked = held.booked._replace(params=NOTHING, answer=NOTHING)  # nobody asks for them any more
        if self.outcome:
            self._asked.clear()

    def _check_effects(self, outcome: str, position: int, confirmed: bool) -> None:
        for step, key in self._steps.items():
            if not confirmed:
                self._add(6, position, f"The run ended {outcome}, but the effect of '{step}' ('{key}') still stands.")

    # What the ledger shows

    def happen(self, booked: Booked, lines: Sequence[Posting]) -> None:
        """A new ledger row: an effect, or a key that is closed."""
        place = booked.service, booked.key
        if place in self._effects:
            self._add(2, booked.position, f"A second effect happened under the key '{booked.key}'.")
        self._effects[place] = Held(booked, lines)
        if booked.state == "void":
            self._check_asked(booked, "close", "undo")
            if lines:
                self._add(4, booked.position, f"Money was posted for '{booked.key}', which never took effect.")
            return
        self._check_asked(booked, "do")
        if self.outcome and not self.repairs_open:
            self._add(6, booked.position, f"'{booked.key}' took effect after the run had ended {self.outcome}.")
        self._count(lines, 1)
        self._hold(booked)
        if booked.service in CHANNELS:
            self._tell(booked)

    def undo(self, booked: Booked, lines: Sequence[Posting], position: int) -> None:
        """A ledger row became undone."""
        held = self._effects.get((booked.service, booked.key))
        if held is None or held.booked.state != "done":
            was = held.booked.state if held else "never done"
            self._add(2, position, f"'{booked.key}' was undone, but it was {was}.")
            return
        if self.confirmed_at is not None:
            self._add(6, position, f"'{booked.key}' was undone after the run had been confirmed.")
        self._check_asked(booked, "undo", position=position)
        if _amounts(lines, -1) != _amounts(held.lines, 1):
            said = f"The undo of '{booked.key}' does not post the opposite of what its effect posted."
            self._add(3, position, said)
        held.booked = held.booked._replace(state="undone", undone_position=position)
        self._count(lines, -1)
        self._bookings.pop(booked.key, None)
        for step in [step for step, key in self._steps.items() if key == booked.key]:
            del self._steps[step]

    def repeat(self, booked: Booked, lines: Sequence[Posting], position: int) -> None:
        """A ledger row that is there was written again."""
        self._add(2, position, f"A second effect happened under the key '{booked.key}'.")
        self._count(lines, 1)

    def send(self, sent: Sent, position: int) -> None:
        """A message of the outbox: that of an effect, and the only one."""
        service = next((service for service, channel in CHANNELS.items() if channel == sent.channel), "")
        held = self._effects.get((service, sent.key))
        if held is None or held.booked.state == "void":
            self._add(2, position, f"The outbox holds a message of '{sent.key}', which never took effect.")
        if (sent.channel, sent.key) in self._sent:
            self._add(2, position, f"The outbox holds two messages of '{sent.key}'.")
        self._sent.add((sent.channel, sent.key))
        if sent.kind == "confirmation" and self.confirmed_at is None:
            self._add(7, position, f"The outbox holds a confirmation by {sent.channel} of a run that isn't confirmed.")

    def compare_outbox(self, position: int) -> None:
        """Every message that was sent is in the outbox."""
        for (service, key), held in self._effects.items():
            channel = CHANNELS.get(service)
            if channel and held.booked.state == "done" and (channel, key) not in self._sent:
                self._add(2, position, f"'{key}' was answered as sent, but the outbox does not hold it.")

    # Inside

    def _add(self, invariant: int, position: int, sentence: str) -> None:
        self._findings.add(invariant, self.run, position, sentence)

    def _check_asked(self, booked: Booked, *directions: str, position: int = 0) -> None:
        if not self.follows:
            return
        place = position or booked.position
        asked = [
            self._asked[booked.service, booked.key, one]
            for one in directions
            if (booked.service, booked.key, one) in self._asked
        ]
        if not asked:
            self._add(9, place, f"'{booked.key}' was made {booked.state}, but the journal never asked for that.")
        elif booked.state == "done" and booked.params != asked[0]:
            said = f"'{booked.key}' took effect with {_other(booked.params, asked[0])} than the journal asked for."
            self._add(9, place, said)

    def _count(self, lines: Sequence[Posting], sign: int) -> None:
        for line in lines:
            if line.account == CARD or line.account.startswith(wallet_account("")):
                self._paid[line.currency] = self._paid.get(line.currency, 0) - line.minor
                self._moved = self._moved or sign > 0

    def _hold(self, booked: Booked) -> None:
        if self._can_undo(booked.action):
            step = booked.key.removeprefix(f"{self.run}/").rpartition("/")[0]
            if step in self._steps and self._steps[step] != booked.key:
                said = f"Step '{step}' holds two effects: '{self._steps[step]}' and '{booked.key}'."
                self._add(2, booked.position, said)
            self._steps[step] = booked.key
        if booked.action == BOOK:
            self._bookings[booked.key] = booked.answer.get("quote_minor", 0)
            if len(self._bookings) > 1:
                self._add(5, booked.position, f"Two bookings are held: {' and '.join(sorted(self._bookings))}.")

    def _tell(self, booked: Booked) -> None:
        kind = booked.params.get("kind", "ticket")
        self._told.setdefault(kind, []).append(booked)
        if kind != "confirmation":
            return
        channel = CHANNELS[booked.service]
        if self.confirmed_at is None:
            said = f"A confirmation was sent by {channel} ('{booked.key}') before the run was confirmed."
            self._add(7, booked.position, said)
        if sum(one.service == booked.service for one in self._told[kind]) > 1:
            self._add(7, booked.position, f"A second confirmation was sent by {channel} ('{booked.key}').")

    def _can_undo(self, action: str) -> bool:
        try:
            return self._registry.find(action)[1].undo is not None
        except PlanRefused:
            return False

    def _is_pure(self, action: str) -> bool:
        try:
            return self._registry.find(action)[1].pure
        except PlanRefused:
            return False


def _amounts(lines: Sequence[Posting], sign: int) -> list[tuple[str, str, int]]:
    return sorted((line.account, line.currency, sign * line.minor) for line in lines)


def _other(found: Mapping[str, Any], due: Mapping[str, Any]) -> str:
    """The fields in which two mappings differ, in words."""
    names = sorted(name for name in found.keys() | due.keys() if found.get(name) != due.get(name))
    return f"another {', '.join(names[:3])}"

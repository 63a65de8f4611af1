"""A store without a disk: what the simulated world commits to, of the same shape as what the SQL store holds."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from core.errors import Refused, WalletRefused
from core.models import Call, Entry, OrderRequest, Params, Reply, Row
from core.services.base import PaymentRule
from core.services.effects import LedgerRow, Lines, answer_pure, apply, make_request, order_at
from core.services.payment_processing import CARD, wallet_account
from core.services.registry import Registry
from core.store.books import Booked, BookedRun, Books, Declined, Posting, Sent
from core.store.changes import FIRST_RULE, FIRST_WALLETS
from core.store.schema import FORMAT
from core.store.unit import WALLET, Effect, next_cycle

log = logging.getLogger(__name__)
Wallets = dict[str, tuple[str, int]]  # name -> currency, minor units


def first_wallets() -> Wallets:
    """The wallets of a fresh store."""
    return {name: (currency, minor) for name, currency, minor in FIRST_WALLETS}


class Remembered(NamedTuple):
    """What an effect did that read nothing but its request. `now`: the time that it read, None where it read none."""

    now: float | None
    row: LedgerRow
    lines: tuple[tuple[str, str, int], ...]
    messages: tuple[tuple[str, str, str, str, str], ...]
    reply: Reply


class Memory:
    """What runs of one unedited order under one id would work out again and again; kept once, for many stores."""

    def __init__(self) -> None:
        self.effects: dict[tuple[Any, ...], Remembered] = {}  # service, key, params, whether the payment rule is on
        self.requests: dict[tuple[str, Params], Any] = {}  # action, params
        self.answers: dict[tuple[str, Params], Reply] = {}  # of pure actions


class MemoryStore:
    """Runs, journal, ledger, postings, outbox, wallets and the payment rule, in lists and dicts.

    Stores that serve the same unedited order under the same run id may share a `memory`: what does not depend on a
    store's state is then worked out once. `commits` counts what was committed.
    """

    def __init__(
        self,
        registry: Registry,
        wallets: Mapping[str, tuple[str, int]] | None = None,
        rule: PaymentRule = FIRST_RULE,
        memory: Memory | None = None,
    ) -> None:
        self.registry, self.rule, self.memory = registry, rule, memory
        self.wallets: Wallets = dict(wallets) if wallets is not None else first_wallets()
        self.runs: dict[str, BookedRun] = {}
        self.journal: list[Row] = []
        self.ledger: dict[tuple[str, str], Booked] = {}  # service, key
        self.postings: list[Posting] = []
        self.outbox: list[Sent] = []
        self.declines: list[Declined] = []
        self.position = self.commits = 0
        self.changed: list[tuple[str, str]] = []  # ledger rows that the last commit wrote or changed
        for name, (currency, minor) in self.wallets.items():
            self._pay_in(name, currency, minor)

    def commit(
        self,
        run: str,
        entries: Sequence[Entry] = (),
        effects: Sequence[Effect] = (),
        opening: BookedRun | None = None,
        status: tuple[str, float | None] | None = None,
        orders: tuple[OrderRequest, ...] | None = None,
    ) -> list[Reply]:
        """One batch: the run's own row, its journal entries, effects, its edited orders, its status and end."""
        self.commits += 1
        self.changed = []
        if opening:
            self.runs[run] = opening
        position, journal = self.position, self.journal
        for seq, kind, step, direction, edition, visit, attempt, at, body in entries:
            position += 1
            journal.append(Row(run, seq, position, FORMAT, kind, step, direction, edition, visit, attempt, at, body))
        self.position = position
        replies = [self.apply(effect) for effect in effects]
        if orders:
            self.runs[run] = self.runs[run]._replace(orders=orders)
        if status:
            self.runs[run] = self.runs[run]._replace(status=status[0], ended_at=status[1])
        return replies

    def prepare(self, call: Call) -> Any:
        """The request that a call's effect is given; None where its direction needs none."""
        if call.direction != "do":
            return None
        what = call.action, call.params
        if self.memory and what in self.memory.requests:
            return self.memory.requests[what]
        service, _ = self.registry.find(call.action)
        made = make_request(self.registry, call, call.params)
        request = service.prepare(call.action.partition(".")[2], made)
        if self.memory:
            self.memory.requests[what] = request
        return request

    def answer(self, call: Call, orders: tuple[OrderRequest, ...]) -> Reply:
        """The answer of a pure action."""
        what = call.action, call.params
        if self.memory and what in self.memory.answers:
            return self.memory.answers[what]
        reply = answer_pure(self.registry, call, self.prepare(call), orders)
        if self.memory:
            self.memory.answers[what] = reply
        return reply

    def apply(self, effect: Effect) -> Reply:
        """Let one effect happen; when it is refused, nothing of it stays but a decline."""
        call = effect.call
        place = (call.service, call.key)
        if self.memory and call.direction == "do" and effect.refusal is None and place not in self.ledger:
            return self._apply_once(self.memory.effects, effect, *place)
        return self._apply(MemoryTx(self, effect, *place), effect)

    def _apply_once(self, known: dict[tuple[Any, ...], Remembered], effect: Effect, service: str, key: str) -> Reply:
        what = service, key, effect.call.params, effect.rule_on
        found = known.get(what)
        if found is not None and (found.now is None or found.now == effect.now):
            self._keep(effect, service, key, found.row, found.lines, found.messages)
            return found.reply
        tx = WatchedTx(self, effect, service, key)
        reply = self._apply(tx, effect)
        if reply.code is None and tx.recorded and not tx.looked:
            known[what] = Remembered(tx.read_now, tx.recorded, tuple(tx.lines), tuple(tx.messages), reply)
        return reply

    def _apply(self, tx: MemoryTx, effect: Effect) -> Reply:
        try:
            reply = apply(tx, self.registry, effect.call, effect.request, effect.refusal)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("the service failed on %s", effect.call.key)
            return Reply("internal_error", final=True)
        if reply.code is None and tx.recorded:
            self._keep(effect, tx.service, tx.key, tx.recorded, tx.lines, tx.messages)
            if tx.charged:
                self.rule = self.rule._replace(since=self.rule.since + 1)
        return reply

    def _keep(
        self,
        effect: Effect,
        service: str,
        key: str,
        row: LedgerRow,
        lines: Sequence[tuple[str, str, int]],
        messages: Sequence[tuple[str, str, str, str, str]],
    ) -> None:
        self.position = position = self.position + 1
        run, held = effect.call.run, self.ledger.get((service, key))
        self.ledger[service, key] = (
            held._replace(state=row.state, undone_position=position)
            if held
            else Booked(service, key, run, row.action, row.state, row.params, row.answer, position, None)
        )
        self.changed.append((service, key))
        for account, currency, minor in lines:
            self.postings.append(Posting(position, run, service, key, account, currency, minor))
            if account.startswith(WALLET):
                self._move(account.removeprefix(WALLET), minor)
        for channel, kind, recipient, subject, body in messages:
            self.outbox.append(Sent(position, run, key, channel, kind, recipient, subject, body, effect.now))

    def _move(self, wallet: str, minor: int) -> None:
        currency, held = self.wallets[wallet]
        self.wallets[wallet] = currency, held + minor

    def add_wallet(self, name: str, currency: str, minor: int) -> None:
        """Open a wallet with an amount from outside."""
        self.wallets[name] = currency, minor
        self._pay_in(name, currency, minor)

    def top_up(self, name: str, minor: int) -> None:
        """Pay into a wallet from outside. Raises WalletRefused."""
        if name not in self.wallets or minor <= 0:
            raise WalletRefused(name, f"There is no wallet '{name}', or nothing to pay in.")
        self._pay_in(name, self.wallets[name][0], minor)
        self._move(name, minor)

    def _pay_in(self, name: str, currency: str, minor: int) -> None:
        if minor:
            for account, amount in ((CARD, -minor), (wallet_account(name), minor)):
                self.postings.append(Posting(self.position, "", "", "", account, currency, amount))

    def rows_of(self, run: str) -> list[Row]:
        """A run's journal in order."""
        return [row for row in self.journal if row.run == run]

    def books(self) -> Books:
        """Everything as the checker takes it; the lists are the store's own. The rollup is not kept here."""
        return Books(
            runs=self.runs.values(),
            journal=self.journal,
            ledger=self.ledger.values(),
            postings=self.postings,
            outbox=self.outbox,
            declines=self.declines,
            wallets=self.wallets,
            rule=self.rule,
            rollup=(),
            position=self.position,
        )


class MemoryTx:
    """One effect on a store in memory: the `EffectTx` that services are given."""

    def __init__(self, store: MemoryStore, effect: Effect, service: str, key: str) -> None:
        self.store, self.service, self.key = store, service, key
        self.run, self.visit, self.orders = effect.call.run, effect.call.visit, effect.orders
        self.rule_on, self.now = effect.rule_on, effect.now
        self.lines: list[tuple[str, str, int]] = []
        self.messages: list[tuple[str, str, str, str, str]] = []
        self.recorded: LedgerRow | None = None
        self.charged = False

    def order(self, reference: str) -> OrderRequest:
        return order_at(self.orders, reference)

    def balance(self, wallet: str) -> tuple[str, int]:
        if wallet not in self.store.wallets:
            raise Refused("unknown_wallet")
        return self.store.wallets[wallet]

    def post(self, account: str, currency: str, minor: int) -> None:
        self.lines.append((account, currency, minor))

    def send(self, channel: str, kind: str, recipient: str, subject: str, body: str) -> None:
        self.messages.append((channel, kind, recipient, subject, body))

    def rule(self) -> PaymentRule | None:
        return self.store.rule if self.rule_on else None

    def count_charge(self) -> None:
        self.charged = True

    def decline(self) -> None:
        store, met = self.store, self.store.rule
        store.declines.append(Declined(self.key, self.visit, *met))
        store.rule = next_cycle(met)

    def declined(self) -> dict[str, Any] | None:
        for met in self.store.declines:
            if met.key == self.key and met.visit == self.visit:
                return {"rule_since": met.since, "rule_length": met.length}
        return None

    def find(self) -> LedgerRow | None:
        held = self.store.ledger.get((self.service, self.key))
        return held and LedgerRow(held.state, held.action, held.params, held.answer)

    def record(self, row: LedgerRow) -> None:
        self.recorded = row

    def posted(self) -> Lines:
        place = self.service, self.key
        return tuple([line[4:] for line in self.store.postings if line[2:4] == place])


class WatchedTx(MemoryTx):
    """Notes whether an effect looks at the clock, at a wallet or at the payment rule."""

    def __init__(self, store: MemoryStore, effect: Effect, service: str, key: str) -> None:
        super().__init__(store, effect, service, key)
        self.looked = False
        self.read_now: float | None = None

    @property
    def now(self) -> float:
        self.read_now = self._now
        return self._now

    @now.setter
    def now(self, now: float) -> None:
        self._now = now

    def balance(self, wallet: str) -> tuple[str, int]:
        self.looked = True
        return super().balance(wallet)

    def rule(self) -> PaymentRule | None:
        self.looked = self.looked or self.rule_on
        return super().rule()

"""A store without a disk: what the simulated world commits to. Its books have the shape of the SQL store's."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
Place = tuple[str, str]  # service, key
Messages = Sequence[tuple[str, str, str, str, str]]  # channel, kind, recipient, subject, body


def first_wallets() -> Wallets:
    """The wallets of a fresh store."""
    return {name: (currency, minor) for name, currency, minor in FIRST_WALLETS}


class Kept(NamedTuple):
    """What one effect, void or undo wrote. `at`: Unix seconds."""

    place: Place
    run: str
    at: float
    row: LedgerRow
    lines: Sequence[tuple[str, str, int]]  # account, currency, minor
    messages: Messages


class Commit(NamedTuple):
    """One commit: a run's journal entries, then its effects. `position`: of the last row before it."""

    position: int
    run: str
    entries: Sequence[Entry]
    kept: Sequence[Kept]


class Remembered(NamedTuple):
    """What an effect did that read nothing but its request, and perhaps the time."""

    row: LedgerRow
    lines: Sequence[tuple[str, str, int]]
    messages: Messages
    reply: Reply


class Memory:
    """What runs of one unedited order under one id would work out again and again; kept once, for many stores."""

    def __init__(self) -> None:
        # Place, params, whether the payment rule is on; and the time where an effect read it.
        self.effects: dict[tuple[Any, ...], Remembered] = {}
        self.requests: dict[tuple[str, Params], Any] = {}  # action, params
        self.answers: dict[tuple[str, Params], Reply] = {}  # of pure actions


class MemoryStore:
    """Commits, and what follows from them: ledger, wallets, the payment rule. Books are made when they are asked for.

    Stores that serve the same unedited order under the same run id may share a `memory`: what does not depend on a
    store's state is then worked out once.
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
        self.commits: list[Commit] = []
        self.ledger: dict[Place, LedgerRow] = {}
        self.lines: dict[Place, Sequence[tuple[str, str, int]]] = {}  # what each effect posted
        self.declines: list[Declined] = []
        self.position = 0
        self.paid_in = [(0, name, currency, minor) for name, (currency, minor) in self.wallets.items()]
        self._kept: list[Kept] = []

    # Writing

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
        if opening:
            self.runs[run] = opening
        kept: list[Kept] = []
        self._kept = kept
        replies = [self.apply(effect) for effect in effects] if effects else []
        self.commits.append(Commit(self.position, run, entries, kept))
        self.position += len(entries) + len(kept)
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
        if self.memory and (known := self.memory.requests.get(what)):
            return known
        service, action = self.registry.find(call.action)
        request = service.prepare(action.name, make_request(self.registry, call, call.params))
        if self.memory:
            self.memory.requests[what] = request
        return request

    def answer(self, call: Call, orders: tuple[OrderRequest, ...]) -> Reply:
        """The answer of a pure action."""
        what = call.action, call.params
        if self.memory and (known := self.memory.answers.get(what)):
            return known
        reply = answer_pure(self.registry, call, self.prepare(call), orders)
        if self.memory:
            self.memory.answers[what] = reply
        return reply

    def apply(self, effect: Effect) -> Reply:
        """Let one effect happen; when it is refused, nothing of it stays but a decline."""
        call = effect.call
        place = (call.service, call.key)
        if self.memory and call.direction == "do" and effect.refusal is None and place not in self.ledger:
            return self._apply_once(self.memory.effects, effect, place)
        return self._apply(MemoryTx(self, effect, place), effect)

    def _apply_once(self, known: dict[tuple[Any, ...], Remembered], effect: Effect, place: Place) -> Reply:
        what = place, effect.call.params, effect.rule_on
        found = known.get(what) or known.get((*what, effect.now))
        if found is not None:
            self._keep(effect, place, found.row, found.lines, found.messages)
            return found.reply
        tx = WatchedTx(self, effect, place)
        reply = self._apply(tx, effect)
        if reply.code is None and tx.recorded and not tx.looked:
            told_time = (*what, effect.now) if tx.told_time else what
            known[told_time] = Remembered(tx.recorded, tx.lines, tx.messages, reply)
        return reply

    def _apply(self, tx: MemoryTx, effect: Effect) -> Reply:
        try:
            reply = apply(tx, self.registry, effect.call, effect.request, effect.refusal)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("the service failed on %s", effect.call.key)
            return Reply("internal_error", final=True)
        if reply.code is None and tx.recorded:
            self._keep(effect, tx.place, tx.recorded, tx.lines, tx.messages)
            if tx.charged:
                self.rule = self.rule._replace(since=self.rule.since + 1)
        return reply

    def _keep(
        self, effect: Effect, place: Place, row: LedgerRow, lines: Sequence[tuple[str, str, int]], messages: Messages
    ) -> None:
        self.ledger[place] = row
        if lines:
            self.lines[place] = lines
            for account, _, minor in lines:
                if account.startswith(WALLET):
                    self._move(account.removeprefix(WALLET), minor)
        self._kept.append(Kept(place, effect.call.run, effect.now, row, lines, messages))

    def _move(self, wallet: str, minor: int) -> None:
        currency, held = self.wallets[wallet]
        self.wallets[wallet] = currency, held + minor

    def add_wallet(self, name: str, currency: str, minor: int) -> None:
        """Open a wallet with an amount from outside."""
        self.wallets[name] = currency, minor
        self.paid_in.append((self.position, name, currency, minor))

    def top_up(self, name: str, minor: int) -> None:
        """Pay into a wallet from outside. Raises WalletRefused."""
        if name not in self.wallets or minor <= 0:
            raise WalletRefused(name, f"There is no wallet '{name}', or nothing to pay in.")
        self.paid_in.append((self.position, name, self.wallets[name][0], minor))
        self._move(name, minor)

    # Reading

    def rows_of(self, run: str) -> list[Row]:
        """A run's journal in order."""
        return list(journal_rows(commit for commit in self.commits if commit.run == run))

    def effects_of(self, run: str) -> Iterator[tuple[LedgerRow, Lines]]:
        """The ledger rows under the keys of a run, with what each posted last."""
        for place, row in self.ledger.items():
            if place[1].partition("/")[0] == run:
                yield row, tuple(self.lines.get(place, ()))

    def books(self) -> Books:
        """Everything as the checker takes it. The rollup is not kept here."""
        ledger: dict[Place, Booked] = {}
        book(self.commits, ledger)
        postings = [*posted(self.commits), *outside(self.paid_in)]
        return Books(
            runs=list(self.runs.values()),
            journal=list(journal_rows(self.commits)),
            ledger=list(ledger.values()),
            postings=sorted(postings, key=_position),
            outbox=list(sent(self.commits)),
            declines=list(self.declines),
            wallets=dict(self.wallets),
            rule=self.rule,
            rollup=(),
            position=self.position,
        )


# What commits come to in the books


def journal_rows(commits: Iterable[Commit]) -> Iterator[Row]:
    """The journal rows of these commits."""
    for position, run, entries, _ in commits:
        for seq, *columns in entries:
            position += 1
            yield Row._make((run, seq, position, FORMAT, *columns))


def book(commits: Iterable[Commit], ledger: dict[Place, Booked]) -> list[Booked]:
    """Take these commits over into ledger rows; the rows that are new or changed, as they stand now."""
    changed = dict[Place, None]()
    for position, one in _kept(commits):
        row, held = one.row, ledger.get(one.place)
        ledger[one.place] = (
            held._replace(state=row.state, undone_position=position)
            if held
            else Booked(*one.place, one.run, row.action, row.state, row.params, row.answer, position, None)
        )
        changed[one.place] = None
    return [ledger[place] for place in changed]


def posted(commits: Iterable[Commit]) -> Iterator[Posting]:
    """The postings of these commits."""
    for position, one in _kept(commits):
        for line in one.lines:
            yield Posting._make((position, one.run, *one.place, *line))


def sent(commits: Iterable[Commit]) -> Iterator[Sent]:
    """The messages of these commits."""
    for position, one in _kept(commits):
        for message in one.messages:
            yield Sent(position, one.run, one.place[1], *message, one.at)


def outside(paid_in: Iterable[tuple[int, str, str, int]]) -> Iterator[Posting]:
    """The postings of what was paid in from outside."""
    for position, name, currency, minor in paid_in:
        for account, amount in ((CARD, -minor), (wallet_account(name), minor)):
            yield Posting(position, "", "", "", account, currency, amount)


def _kept(commits: Iterable[Commit]) -> Iterator[tuple[int, Kept]]:
    for commit in commits:
        yield from enumerate(commit.kept, commit.position + len(commit.entries) + 1)


def _position(posting: Posting) -> int:
    return posting.position


# What services are given


class MemoryTx:
    """One effect on a store in memory: the `EffectTx` of the rules."""

    def __init__(self, store: MemoryStore, effect: Effect, place: Place) -> None:
        self.store, self.place, self.key = store, place, place[1]
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
        return self.store.ledger.get(self.place)

    def record(self, row: LedgerRow) -> None:
        self.recorded = row

    def posted(self) -> Lines:
        return tuple(self.store.lines.get(self.place, ()))


class WatchedTx(MemoryTx):
    """Notes whether an effect looks at a wallet or at the payment rule, and whether it is told the time."""

    def __init__(self, store: MemoryStore, effect: Effect, place: Place) -> None:
        super().__init__(store, effect, place)
        self.looked = self.told_time = False

    @property
    def now(self) -> float:
        self.told_time = True
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

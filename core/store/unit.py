"""One group commit: everything that it writes is gathered in memory, checked, and sent by statement."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Dialect, bindparam, select

from core.errors import Refused
from core.metrics import Tally
from core.models import Call, Entry, OrderRequest, Reply
from core.services.base import PaymentRule
from core.services.effects import LedgerRow, Lines, apply, order_at
from core.services.faults import GOLDEN, MASK, mix
from core.services.registry import Registry
from core.store import schema
from core.store.hot import Hot, LookUp, adding, changing, inserting

log = logging.getLogger(__name__)
PAYMENT = "payment_processing"
WALLET = "wallet:"


class Effect(NamedTuple):
    """A call that is to take effect. `orders` are the versions of the run's request; `now` is Unix seconds."""

    call: Call
    request: Any
    orders: tuple[OrderRequest, ...]
    rule_on: bool
    refusal: str | None
    now: float


class Statements:
    """The hot statements of a dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.runs = inserting(schema.runs, dialect)
        self.statuses = changing(schema.runs, dialect, ("id",), ("status", "code", "profile", "ended_at"))
        self.requests = changing(schema.runs, dialect, ("id",), ("requests",))
        self.journal = inserting(schema.journal, dialect)
        self.ledger = inserting(schema.ledger, dialect)
        self.ledger_changes = changing(schema.ledger, dialect, ("service", "key"), ("state", "undone_position"))
        self.postings = inserting(schema.postings, dialect, skip=("id",))
        self.outbox = inserting(schema.outbox, dialect, skip=("id",))
        self.wallets = changing(schema.wallets, dialect, ("name",), ("minor",))
        self.declines = inserting(schema.payment_rule, dialect)
        self.rule = changing(schema.payment_rule, dialect, ("key", "visit"), ("since", "length", "cycle"))
        self.rollup: Hot = adding(dialect)
        row, rule = schema.ledger.c, schema.payment_rule.c
        self.effects = LookUp(
            lambda: select(row.key, row.state, row.action, row.params, row.answer).where(
                row.service == bindparam("service")
            ),
            row.key,
            ("service",),
            dialect,
        )
        self.declined = LookUp(
            lambda: select(rule.key, rule.visit, rule.since, rule.length, rule.cycle), rule.key, (), dialect
        )


_COMPILED: dict[str, Statements] = {}  # by dialect: compiling takes 40 ms


def statements_for(dialect: Dialect) -> Statements:
    """The hot statements of a dialect, compiled once in a process."""
    return _COMPILED.get(dialect.name) or _COMPILED.setdefault(dialect.name, Statements(dialect))


class Unit:
    """Gathers the writes of a group; reads see what the group has gathered so far."""

    def __init__(self, connection: Connection, statements: Statements, registry: Registry, position: int) -> None:
        self.connection, self.statements, self.registry, self.position = connection, statements, registry, position
        self.cursor = connection.connection.cursor()
        self.tally = Tally()
        self.rows: dict[str, list[tuple[Any, ...]]] = {}  # statement -> rows
        self.found: dict[tuple[str, str], LedgerRow] = {}  # service, key
        self.inserted: dict[tuple[str, str], list[Any]] = {}
        self.balances: dict[str, tuple[str, int]] = {}
        self.changed_wallets: set[str] = set()
        self.payment_rule: PaymentRule | None = None
        self.rule_changed = False
        self.declines: dict[tuple[str, int], PaymentRule] = {}  # key, visit
        self.new_declines: dict[tuple[str, int], PaymentRule] = {}

    def add(self, statement: str, row: tuple[Any, ...]) -> None:
        """Gather a row for a statement."""
        self.rows.setdefault(statement, []).append(row)

    def journal(self, run: str, entries: Iterable[Entry]) -> None:
        """Gather a run's journal rows, counted in the rollup."""
        rows = self.rows.setdefault("journal", [])
        for entry in entries:
            self.position += 1
            seq, kind, step, direction, edition, visit, attempt, at, body = entry
            rows.append(
                (
                    self.position,
                    run,
                    seq,
                    schema.FORMAT,
                    kind,
                    step,
                    direction,
                    edition,
                    visit,
                    attempt,
                    at,
                    to_json(body).decode(),
                )
            )
            self.tally.add(entry)

    def look_up(self, calls: Iterable[Call]) -> None:
        """Fetch the ledger rows that these calls will meet, by statement."""
        wanted: dict[str, list[str]] = {}
        for call in calls:
            wanted.setdefault(call.service, []).append(call.key)
        for service, keys in wanted.items():
            for key, state, action, params, answer in self.statements.effects.fetch(self.cursor, (service,), keys):
                self.found[service, key] = LedgerRow(state, action, from_json(params), from_json(answer))
            if service == PAYMENT:
                for key, visit, *rule in self.statements.declined.fetch(self.cursor, (), keys):
                    self.declines[key, visit] = PaymentRule(*rule)

    def apply(self, effect: Effect) -> Reply:
        """Let one effect happen; when it is refused, nothing of it stays but a decline."""
        tx = EffectUnit(self, effect)
        try:
            reply = apply(tx, self.registry, effect.call, effect.request, effect.refusal)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("the service failed on %s", effect.call.key)
            return Reply("internal_error", final=True)
        if reply.code is None:
            tx.keep()
        return reply

    def balance(self, wallet: str) -> tuple[str, int]:
        """Currency and minor units. Raises Refused('unknown_wallet')."""
        if wallet not in self.balances:
            table = schema.wallets.c
            row = self.connection.execute(select(table.currency, table.minor).where(table.name == wallet)).first()
            if row is None:
                raise Refused("unknown_wallet")
            self.balances[wallet] = row[0], row[1]
        return self.balances[wallet]

    def rule(self) -> PaymentRule:
        """The payment rule's state."""
        if self.payment_rule is None:
            table = schema.payment_rule.c
            row = self.connection.execute(select(table.since, table.length, table.cycle).where(table.key == "")).one()
            self.payment_rule = PaymentRule(*row)
        return self.payment_rule

    def post(self, run: str, service: str, key: str, lines: Sequence[tuple[str, str, int]]) -> None:
        """Gather postings; a wallet's balance follows its own."""
        for account, currency, minor in lines:
            self.add("postings", (self.position, run, service, key, account, currency, minor))
            if account.startswith(WALLET):
                wallet = account.removeprefix(WALLET)
                held, balance = self.balance(wallet)
                self.balances[wallet] = held, balance + minor
                self.changed_wallets.add(wallet)

    def flush(self) -> None:
        """Send everything, one statement at a time."""
        send = self.statements
        for wallet in sorted(self.changed_wallets):
            self.add("wallets", (self.balances[wallet][1], wallet))
        self.rows["ledger"] = [tuple(row) for row in self.inserted.values()]
        if self.rule_changed and self.payment_rule:
            self.add("rule", (*self.payment_rule, "", 0))
        self.rows["declines"] = [(key, visit, *rule) for (key, visit), rule in self.new_declines.items()]
        self.rows["rollup"] = sorted(tuple(row) for row in self.tally.rows())
        for name in (
            "runs",
            "journal",
            "ledger",
            "ledger_changes",
            "postings",
            "wallets",
            "rule",
            "declines",
            "outbox",
            "rollup",
            "requests",
            "statuses",
        ):
            hot: Hot = getattr(send, name)
            hot.run(self.cursor, self.rows.get(name, ()))
        self.cursor.close()


class EffectUnit:
    """One effect's part of a group: the `EffectTx` that services are given."""

    def __init__(self, unit: Unit, effect: Effect) -> None:
        call = effect.call
        self.unit, self.orders, self.rule_on = unit, effect.orders, effect.rule_on
        self.service, self.key, self.run, self.visit, self.now = (
            call.service,
            call.key,
            call.run,
            call.visit,
            effect.now,
        )
        self.lines: list[tuple[str, str, int]] = []
        self.messages: list[tuple[str, str, str, str, str]] = []
        self.recorded: LedgerRow | None = None
        self.charged = False

    def order(self, reference: str) -> OrderRequest:
        return order_at(self.orders, reference)

    def balance(self, wallet: str) -> tuple[str, int]:
        return self.unit.balance(wallet)

    def post(self, account: str, currency: str, minor: int) -> None:
        self.lines.append((account, currency, minor))

    def send(self, channel: str, kind: str, recipient: str, subject: str, body: str) -> None:
        self.messages.append((channel, kind, recipient, subject, body))

    def rule(self) -> PaymentRule | None:
        return self.unit.rule() if self.rule_on else None

    def count_charge(self) -> None:
        self.charged = True

    def decline(self) -> None:
        unit, met = self.unit, self.unit.rule()
        unit.declines[self.key, self.visit] = unit.new_declines[self.key, self.visit] = met
        unit.payment_rule, unit.rule_changed = next_cycle(met), True

    def declined(self) -> dict[str, Any] | None:
        met = self.unit.declines.get((self.key, self.visit))
        return None if met is None else {"rule_since": met.since, "rule_length": met.length}

    def find(self) -> LedgerRow | None:
        return self.unit.found.get((self.service, self.key))

    def record(self, row: LedgerRow) -> None:
        self.recorded = row

    def posted(self) -> Lines:
        table = schema.postings.c
        rows = self.unit.connection.execute(
            select(table.account, table.currency, table.minor).where(
                table.run == self.run, table.service == self.service, table.key == self.key
            )
        )
        gathered = [row[4:] for row in self.unit.rows.get("postings", ()) if row[2:4] == (self.service, self.key)]
        return tuple((account, currency, minor) for account, currency, minor in [*rows, *gathered])

    def keep(self) -> None:
        """The effect happened: hand everything to the group."""
        unit, place = self.unit, (self.service, self.key)
        if self.recorded is None:
            return
        unit.position += 1
        self._keep_row(self.recorded, place)
        unit.post(self.run, self.service, self.key, self.lines)
        for channel, kind, recipient, subject, body in self.messages:
            unit.add("outbox", (self.run, self.key, channel, kind, recipient, subject, body, self.now))
        if self.charged:
            rule = unit.rule()
            unit.payment_rule, unit.rule_changed = rule._replace(since=rule.since + 1), True

    def _keep_row(self, row: LedgerRow, place: tuple[str, str]) -> None:
        unit = self.unit
        if place in unit.inserted:
            unit.inserted[place][4] = row.state
            unit.inserted[place][8] = unit.position
        elif place in unit.found:
            unit.add("ledger_changes", (row.state, unit.position, *place))
        else:
            unit.inserted[place] = [
                *place,
                self.run,
                row.action,
                row.state,
                to_json(row.params).decode(),
                to_json(row.answer).decode(),
                unit.position,
                None,
            ]
        unit.found[place] = row


def next_cycle(rule: PaymentRule) -> PaymentRule:
    """The cycle after a decline: 3 or 4 successes, drawn by its number."""
    cycle = rule.cycle + 1
    return PaymentRule(0, 3 + (mix(cycle * GOLDEN & MASK) & 1), cycle)

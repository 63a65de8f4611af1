"""A ledger in memory: what the services' tests let effects happen in, by the same rules as in the store."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from core.errors import Refused
from core.models import Call, Direction, Fact, OrderRequest, Reply
from core.services.base import PaymentRule
from core.services.effects import LedgerRow, Lines, apply, make_request, order_at
from core.services.rates import Rate, RateSource
from core.services.registry import Registry, default_registry

NOW = 1_795_500_000.0  # Tuesday, 24 Nov 2026
ORDER = OrderRequest(customer_email="mara@keller.example", phone_number="+49 151 5550100", customer_id="C-7")


class FixedRates(RateSource):
    """Rates that stand still: (base, currency) -> rate; others are the table's. `asked` counts live look-ups."""

    def __init__(self, rates: dict[tuple[str, str], str] | None = None, goes_out: bool = False) -> None:
        super().__init__(live=False, now=lambda: NOW)
        self.rates, self.goes_out, self.asked = rates or {}, goes_out, 0

    def may_go_out(self) -> bool:
        return self.goes_out

    def held(self, base: str, currency: str) -> Rate:
        if (base, currency) in self.rates:
            return Rate(base, currency, Decimal(self.rates[base, currency]), "cached_rates", "2026-11-20", NOW - 9)
        return super().held(base, currency)

    def live(self, base: str, currency: str) -> Rate:
        self.asked += 1
        rate = self.held(base, currency).rate
        return Rate(base, currency, rate, "live_api", "2026-11-24", NOW)


class Ledger:
    """Rows, postings, messages, wallets and the payment rule. Calls get an answer as if they were the only ones."""

    def __init__(
        self, *orders: OrderRequest, registry: Registry | None = None, rule: PaymentRule | None = None
    ) -> None:
        self.orders = orders or (ORDER,)
        self.registry = registry or default_registry(FixedRates())
        self.payment_rule = rule
        self.rows: dict[tuple[str, str], LedgerRow] = {}
        self.postings: list[tuple[str, str, str, str, int]] = []  # service, key, account, currency, minor
        self.messages: list[tuple[str, str, str, str, str]] = []  # channel, kind, recipient, subject, body
        self.wallets = {"team": ("USD", 1_000_000), "euro": ("EUR", 5_000)}
        self.declines: dict[tuple[str, int], dict[str, Any]] = {}

    def do(self, action: str, params: dict[str, Fact] | None = None, **where: Any) -> Reply:
        """Prepare an action and let it take effect."""
        return self.call(action, "do", params or {}, **where)

    def call(
        self,
        action: str,
        direction: Direction,
        params: dict[str, Fact],
        *,
        step: str = "step",
        visit: int = 1,
        edition: int = 1,
        refusal: str | None = None,
        prepared: bool = True,
        now: float = NOW,
    ) -> Reply:
        call = Call("r1", step, action, direction, edition, visit, 1, tuple(params.items()))
        request = make_request(self.registry, call, call.params)
        if request is not None and prepared:
            request = self.registry.services[call.service].prepare(action.partition(".")[2], request)
        tx = MemoryTx(self, call, now)
        reply = apply(tx, self.registry, call, request, refusal)
        if reply.code is None:
            tx.keep()
        return reply

    def undo(self, action: str, **where: Any) -> Reply:
        return self.call(action, "undo", {}, **where)

    def close(self, action: str, params: dict[str, Fact] | None = None, **where: Any) -> Reply:
        return self.call(action, "close", params or {}, **where)

    def states(self) -> dict[str, str]:
        """Key without the run -> state."""
        return {key.partition("/")[2]: row.state for (_, key), row in self.rows.items()}

    def lines(self) -> list[tuple[str, str, int]]:
        """Account, currency and amount of every posting, in order."""
        return [posting[2:] for posting in self.postings]

    def sums(self) -> Counter[str]:
        """What the postings add up to, by currency."""
        sums: Counter[str] = Counter()
        for _, currency, minor in self.lines():
            sums[currency] += minor
        return sums


class MemoryTx:
    """One effect on a ledger in memory; it happens only when it is kept."""

    def __init__(self, ledger: Ledger, call: Call, now: float) -> None:
        self.ledger, self.now, self.visit = ledger, now, call.visit
        self.key, self.run, self.service = call.key, call.run, call.service
        self.posted_now: list[tuple[str, str, int]] = []
        self.sent: list[tuple[str, str, str, str, str]] = []
        self.row: LedgerRow | None = None
        self.charged = False

    def order(self, reference: str) -> OrderRequest:
        return order_at(self.ledger.orders, reference)

    def balance(self, wallet: str) -> tuple[str, int]:
        if wallet not in self.ledger.wallets:
            raise Refused("unknown_wallet")
        return self.ledger.wallets[wallet]

    def post(self, account: str, currency: str, minor: int) -> None:
        self.posted_now.append((account, currency, minor))

    def rule(self) -> PaymentRule | None:
        return self.ledger.payment_rule

    def count_charge(self) -> None:
        self.charged = True

    def decline(self) -> None:
        met = self.ledger.payment_rule
        assert met is not None
        self.ledger.declines[self.key, self.visit] = {"rule_since": met.since, "rule_length": met.length}
        self.ledger.payment_rule = PaymentRule(0, 4, met.cycle + 1)

    def declined(self) -> dict[str, Any] | None:
        return self.ledger.declines.get((self.key, self.visit))

    def send(self, channel: str, kind: str, recipient: str, subject: str, body: str) -> None:
        self.sent.append((channel, kind, recipient, subject, body))

    def find(self) -> LedgerRow | None:
        return self.ledger.rows.get((self.service, self.key))

    def record(self, row: LedgerRow) -> None:
        self.row = row

    def posted(self) -> Lines:
        return tuple(posting[2:] for posting in self.ledger.postings if posting[:2] == (self.service, self.key))

    def keep(self) -> None:
        ledger = self.ledger
        if self.row is None:
            return
        ledger.rows[self.service, self.key] = self.row
        for account, currency, minor in self.posted_now:
            ledger.postings.append((self.service, self.key, account, currency, minor))
            name = account.removeprefix("wallet:")
            if name != account:
                ledger.wallets[name] = currency, ledger.wallets[name][1] + minor
        ledger.messages += self.sent
        if self.charged and ledger.payment_rule:
            ledger.payment_rule = ledger.payment_rule._replace(since=ledger.payment_rule.since + 1)

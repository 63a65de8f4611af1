"""Random runs in the simulated world, every commit of theirs checked.

    python tests/random_runs.py N [--seed S]        N cases from seed S on; prints what they met, and violations
    python tests/random_runs.py --only SEED         one case, with its history

A case is one to three orders that share a store: plans, requests, faults of every kind, people who decide and press,
profiles and wallets that change meanwhile, repairs, and crashes. The same seed always makes the same case.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from core import acceptance, plans
from core.audit import Audit
from core.bootstrap import calm_garbage_collection
from core.errors import Refusal
from core.metrics import recount
from core.models import (
    Choice,
    Condition,
    Edit,
    Item,
    Notifications,
    OrderRequest,
    Plan,
    Policy,
    Question,
    RetryPolicy,
    Step,
)
from core.services.base import PaymentRule
from core.services.faults import SLIDERS, Profile, Rates
from core.services.rates import RateSource
from core.services.registry import Registry, default_registry
from core.store.books import Booked
from core.validate import validate_plan
from core.views import Violation
from core.worlds.memory import MemoryStore, Place, book, journal_rows, outside, posted, sent
from core.worlds.simulated import START, Crashed, SimulatedWorld
from tests.core.worlds.stages import repair_of

RATES = RateSource(live=False)
WALLETS = {"team": ("USD", 1_000_000), "small": ("USD", 10_000), "tight": ("USD", 230_000), "euro": ("EUR", 300_000)}
UNDOS = (
    *("payment_processing.refund", "payment_processing.restore_wallet", "order_creation.cancel"),
    *("order_creation.release", "currency_conversion.reverse", "shipping_confirmation.cancel"),
)
ACTIONS = tuple(action for actions in SLIDERS.values() for action in actions)
EVENTS = ("payment_failed", "shipping_failed", "out_of_stock", "delayed", "over_budget")
CHOICES: tuple[Choice, ...] = ("retry", "retry", "retry", "edit", "skip", "give_up")
POLICIES: tuple[Policy, ...] = ("ask", "compensate", "continue")
CONTROLS = ("pause", "resume", "cancel", "hurry", "hurry")
MONTH_S = 30 * 86_400.0
END_S = 10 * MONTH_S  # by when all that is due has happened


def a_request(r: Random) -> OrderRequest:
    """An order of any kind, with any wishes."""
    items = [
        Item(
            name=f"thing {r.randrange(40)}",
            quantity=Decimal(r.choice((1, 2, 7))),
            unit_price=r.choice((None, Decimal(600))),
        )
        for _ in range(r.choice((1, 1, 2)))
    ]
    wishes = [
        Condition(event=r.choice(EVENTS), then=r.choice(("call", "call", "sms", "email", "cancel")))  # type: ignore[arg-type]
        for _ in range(r.choice((0, 0, 1, 2)))
    ]
    corporate = r.random() < 0.6
    fields: dict[str, Any] = {
        "workflow_type": r.choice(("purchase_order", "purchase_order", "purchase_order", "software_license")),
        "items": tuple(items),
        "currency": r.choice(("USD", "USD", "EUR", "JPY")),
        "convert_to": None if corporate else r.choice((None, None, "EUR", "USD")),
        "channel": "corporate" if corporate else "B2C",
        "wallet": r.choice(("team", "team", "team", "tight", "small", "euro")) if corporate else None,
        "budget": r.choice((None, None, None, None, None, Decimal(5000), Decimal(800))),
        "date": r.choice((None, None, None, None, "2020-01-01")),
        "conditions": tuple(wishes),
        "notifications": Notifications(
            email=r.choice((None, None, False)), sms=r.choice((None, None, False)), call=r.choice((None, True))
        ),
    }
    wallets = {name: currency for name, (currency, _) in WALLETS.items()}
    return acceptance.complete(OrderRequest(**fields), wallets)


def a_plan(r: Random, request: OrderRequest, registry: Registry) -> Plan:
    """A built-in plan, perhaps with other policies, without its messages, or with steps side by side."""
    retry = RetryPolicy(attempts=r.choice((1, 2, 3)), first_wait_s=r.choice((0.0, 0.5, 40.0)), longest_s=200.0)
    plan = r.choice((plans.saga, plans.saga, plans.sequence))(request, r.random() < 0.6, retry)
    if r.random() < 0.3:
        plan = changed(plan, lambda step: a_policy(r, step))
    if r.random() < 0.2:
        plan = without(plan, r.sample(("email", "sms", "call", "email.failure", "sms.failure"), 2))
    if plan.name == "saga" and r.random() < 0.3:
        plan = together(plan, "create", "convert")
    validate_plan(plan, registry, request)
    return plan


def changed(plan: Plan, change: Callable[[Step], Step]) -> Plan:
    """The plan with each step of its stages changed."""
    return plan.model_copy(update={"stages": tuple(tuple(change(step) for step in stage) for stage in plan.stages)})


def a_policy(r: Random, step: Step) -> Step:
    """Another policy, where the step may have one."""
    may = POLICIES if step.id in ("email", "sms", "call", "ship") else POLICIES[:2]
    return step if step.owed else step.model_copy(update={"policy": r.choice(may)})


def without(plan: Plan, ids: Sequence[str]) -> Plan:
    """The plan without these steps."""
    stages = (tuple(step for step in stage if step.id not in ids) for stage in plan.stages)
    on_failure = tuple(step for step in plan.on_failure if step.id not in ids)
    return plan.model_copy(update={"stages": tuple(stage for stage in stages if stage), "on_failure": on_failure})


def together(plan: Plan, first: str, second: str) -> Plan:
    """The plan with two of its steps side by side."""
    steps = {step.id: step for stage in plan.stages for step in stage}
    stages = [
        (steps[first], steps[second]) if stage[0].id == first else stage
        for stage in plan.stages
        if stage[0].id != second
    ]
    return plan.model_copy(update={"stages": tuple(stages)})


def a_profile(r: Random) -> Profile:
    """Faults of some kinds at some rate, on undos too or not."""
    hot = r.choice((0.04, 0.12, 0.24))
    refused, lost, slow = (hot if r.random() < 0.7 else 0.0 for _ in range(3))
    every = Rates(refused=refused, lost=lost, slow=slow)
    rates = dict.fromkeys(ACTIONS, every)
    rates["order_creation.book"] = every.model_copy(update={"final": r.choice((0.0, 0.1, 0.25))})
    if r.random() < 0.5:
        rates |= dict.fromkeys(UNDOS, every)
    down = {r.choice(tuple(SLIDERS)): START + r.uniform(0, 60)} if r.random() < 0.15 else {}
    return Profile(
        name="random",
        rates=rates,
        payment_rule=r.random() < 0.7,
        latency_ms=r.choice((0, 400, 400, 4000)),
        call_timeout_s=r.choice((1.0, 5.0)),
        down_until=down,
    )


@dataclass
class Case:
    """One case; `violations` is what the checker found, `met` counts what happened."""

    seed: int
    patience: dict[str, int] = field(default_factory=dict)  # run -> how often somebody still decides about it
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        r = self.r = Random(self.seed)
        self.registry = default_registry(RATES)
        length = r.choice((3, 4))
        rule = PaymentRule(r.choice((0, length - 1, length)), length, r.randrange(9))
        self.store = MemoryStore(self.registry, WALLETS, rule)
        runs = r.choice((1, 1, 2, 3))
        crashes = {r.randrange(1, 50 * runs) for _ in range(r.choice((0, 1, 2, 5)))}
        self.world = SimulatedWorld(self.store, a_profile(r), START, crashes, self.quote)
        self.world.asked, self.world.committed = self.asked, self.committed
        self.audit, self.seen = Audit(self.registry, rule), Seen(self.store)
        for number in range(1, runs + 1):
            self.expect_run(f"r{number}")
        for _ in range(r.choice((0, 0, 1, 2))):
            self.world.at(self.some_time(), lambda: self.world.save_profile(a_profile(r)))
        for _ in range(r.choice((0, 0, 1))):
            self.world.at(self.some_time(), lambda: self.world.top_up(r.choice(("small", "tight")), 250_000))

    @property
    def violations(self) -> Sequence[Violation]:
        return self.audit.violations

    def some_time(self) -> float:
        return START + self.r.uniform(0, self.r.choice((2, 20, 300)))

    def quote(self, order: OrderRequest) -> object:
        return acceptance.quote(order, RATES)

    def expect_run(self, id: str) -> None:
        """An order, when it comes, and what people press meanwhile."""
        r = self.r
        request = a_request(r)
        plan, fault_seed = a_plan(r, request, self.registry), r.getrandbits(64)
        self.patience[id] = r.choice((0, 3, 12))
        self.world.at(START + r.choice((0.0, r.uniform(0, 5))), lambda: self.world.start(id, plan, request, fault_seed))
        for _ in range(r.choice((0, 0, 1, 3))):
            press = self.pressing(id, r.choice(CONTROLS))
            if r.random() < 0.3:
                self.world.after_commits(r.randrange(1, 40), press)
            else:
                self.world.at(self.some_time(), press)
        if r.random() < 0.8:
            self.world.at(START + 400.0, self.pressing(id, "resume"))
        if r.random() < 0.5:
            self.world.at(START + END_S, lambda: self.repair(id, 1))

    def pressing(self, id: str, control: Any) -> Callable[[], None]:
        return lambda: self.world.control(id, control)

    def repair(self, id: str, number: int) -> None:
        """Somebody repairs what can be repaired, now and again."""
        run = self.store.runs[id]
        if run.plan is None:
            return
        for step in [step for step in run.plan.steps() if not step.critical and not step.owed]:
            try:
                plan, order = repair_of(self.store, id, step.id)
            except Refusal:
                continue
            name = f"{id}.{step.id}{number}"
            self.patience[name] = self.r.choice((0, 3))
            self.met["repairs"] += 1
            if number < 3:
                self.world.at(self.world.now + 600, lambda: self.repair(id, number + 1))
            self.world.start(name, plan, order, self.r.getrandbits(64), id, run.keys)
            return

    def asked(self, id: str, question: Question) -> None:
        """Somebody decides, after a while, unless nobody cares any more."""
        if self.patience[id] > 0:
            self.patience[id] -= 1
            after_s = self.r.choice((0.5, 30.0, 90.0, MONTH_S))
            self.world.at(self.world.now + after_s, lambda: self.decide(id, question))

    def decide(self, id: str, question: Question) -> None:
        """Some decision; where that is refused, to try again."""
        r = self.r
        choice, notice = r.choice(CHOICES), r.choice((None, None, "email", "sms", "call"))
        try:
            self.world.decide(id, question.step, question.visit, choice, notice, self.an_edit())  # type: ignore[arg-type]
        except Refusal:
            self.met["refused decisions"] += 1
            self.world.decide(id, question.step, question.visit, "retry", notice)  # type: ignore[arg-type]
        self.met["decisions"] += 1

    def an_edit(self) -> Edit:
        r = self.r
        return Edit(
            customer_email=r.choice((None, "new@keller.example")),
            address=r.choice((None, "Lindengasse 4, Wien")),
            shipping_method=r.choice((None, None, "express")),
            wallet=r.choice((None, None, "team")),
            budget=r.choice((None, None, Decimal(9000))),
            items=r.choice((None, None, (Item(name="mouse", unit_price=Decimal(20)),))),
        )

    def committed(self) -> None:
        self.audit.commit(**self.seen.new())

    def run(self) -> Case:
        """To the end, through all crashes."""
        recovering = False
        while True:
            try:
                if recovering:
                    self.world.recover(self.r.choice((0.0, 1.0, 100.0)))
                self.world.go()
                break
            except Crashed:
                recovering = True
                self.met["crashes"] += 1
        self.audit.commit(**self.seen.new())
        runs, store = self.store.runs.values(), self.store
        self.audit.finish(runs, store.wallets, store.rule, recount(journal_rows(store.commits)))
        self.met["refused"] += len(self.world.refused)
        self.met["commits"] += len(store.commits)
        self.met.update(run.status for run in runs)
        return self


class Seen:
    """Remembers how much of a store was looked at; gives what is new."""

    def __init__(self, store: MemoryStore) -> None:
        self.store, self.ledger = store, dict[Place, Booked]()
        self.runs = self.commits = self.declines = self.paid_in = 0

    def new(self) -> dict[str, Sequence[Any]]:
        """What was written since the last look, as `Audit.commit` takes it."""
        store = self.store
        runs, commits = list(store.runs.values())[self.runs :], store.commits[self.commits :]
        declines, paid_in = store.declines[self.declines :], store.paid_in[self.paid_in :]
        self.runs, self.commits = len(store.runs), len(store.commits)
        self.declines, self.paid_in = len(store.declines), len(store.paid_in)
        return {
            "runs": runs,
            "rows": list(journal_rows(commits)),
            "ledger": book(commits, self.ledger),
            "postings": [*posted(commits), *outside(paid_in)],
            "outbox": list(sent(commits)),
            "declines": declines,
        }


def show(case: Case) -> None:
    """Everything that is committed, in order."""
    books = case.store.books()
    lines = [(row.position, f"{row.at - START:12.2f} {row.run:10} {row.seq:3} {_words(row)}") for row in books.journal]
    for effect in books.ledger:
        name = f"{'':12} {effect.key} {effect.action}"
        lines.append((effect.position, f"{name} {'void' if effect.state == 'void' else 'done'}"))
        lines += [(effect.undone_position, f"{name} undone")] if effect.undone_position else []
    for position, line in sorted(lines):
        print(f"{position:5} {line}")
    for run in books.runs:
        print(f"{run.id}: {run.status}, plan {run.plan and run.plan.name}, {run.orders[0].title()}")


def _words(row: Any) -> str:
    where = f"{row.direction} {row.step} {row.edition}/{row.visit}/{row.attempt}" if row.kind == "answer" else row.step
    return f"{row.kind} {where} {row.body.get('code') or ''} { {} if row.kind == 'answer' else row.body }"


def main() -> int:
    """Run cases; 0 where nothing was violated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    calm_garbage_collection()
    if options.only is not None:
        case = Case(options.only).run()
        show(case)
        print(*case.violations or ["no violation"], sep="\n")
        return bool(case.violations)
    met, broken, began = Counter[str](), 0, time.process_time()
    for seed in range(options.seed, options.seed + options.cases):
        try:
            case = Case(seed).run()
        except Exception as error:
            error.add_note(f"This is case {seed}: python tests/random_runs.py --only {seed}")
            raise
        met += case.met
        if case.violations:
            broken += 1
            print(f"seed {seed}: {case.violations[0]}")
    seconds = time.process_time() - began
    print(f"{options.cases} cases, {options.cases / seconds:,.0f}/s of CPU time, {broken} with violations")
    print(", ".join(f"{name} {n:,}" for name, n in met.most_common()))
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())

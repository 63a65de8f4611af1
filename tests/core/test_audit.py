"""The checker against real machines: a whole one passes, and each broken one is noticed."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core import interpreter, retry
from core.errors import EngineBusy, PlanRefused
from core.interpreter import interpret
from core.metrics import COUNT, RollupRow, Tally
from core.models import Call, Condition, Entry, OrderRequest, Plan, Reply, Step
from core.services import effects
from core.services.base import action
from core.services.email_notification import EmailNotification, EmailSent, SendEmail
from core.services.faults import PRESETS
from core.services.payment_processing import (
    CARD,
    HOUSE,
    Charge,
    Charged,
    Debit,
    Debited,
    PaymentProcessing,
    wallet_account,
)
from core.services.rates import RateSource
from core.services.registry import Registry, default_registry
from core.store import unit as store_unit
from core.store.unit import EffectUnit, Unit
from core.worlds import live
from tests.core.audit.broken import forgetful
from tests.core.scenes import (
    BOOK,
    CHARGE,
    EMAIL,
    LOST,
    ONCE,
    OUT_OF_STOCK,
    REFUSED,
    SHIP,
    SLOW,
    Lab,
    company_order,
    laptops,
    saga,
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as lab:
        yield lab


def automatic(lab: Lab, request: OrderRequest) -> Plan:
    """The saga that asks nobody."""
    return saga(lab.engine.complete(request), ask=False)


def found(lab: Lab) -> dict[int, str]:
    """Number of each invariant that does not hold -> what is said of it first."""
    lab.falsified, told = True, dict[int, str]()
    for one in lab.engine.audit().violations:
        told.setdefault(one.invariant, one.sentence)
    return told


# A whole machine


def served(lab: Lab) -> None:
    lab.run(laptops(convert_to="EUR"))
    lab.run(company_order())


def refunded(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    assert lab.run(plan=automatic(lab, laptops())).row.status == "refunded"


def taken_by_the_alternative(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK.model_copy(update={"final": 0.5})})
    for cheaper in (False, True):
        lab.engine.start_many(lab.engine.complete(company_order(cheaper)), 10)
    for row in lab.engine.runs():
        lab.settled(row.id)


def parked_edited_and_given_up(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(), "retry", notice="email")
    lab.decide(view, "give_up")
    lab.run(company_order())


def lost_and_found(lab: Lab) -> None:
    lab.faults({CHARGE: LOST, SHIP: SLOW, EMAIL: LOST})
    lab.run(plan=automatic(lab, laptops(conditions=(Condition(event="shipping_failed", then="call"),))))


def repaired(lab: Lab) -> None:
    lab.faults({EMAIL: REFUSED})
    view = lab.run()
    lab.faults()
    lab.settled(lab.engine.repair(view.row.id, "email"))


def stuck(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, "payment_processing.refund": REFUSED})
    assert lab.run(plan=automatic(lab, laptops())).row.status == "compensation_stuck"


def declined(lab: Lab) -> None:
    lab.faults(rule=True)
    for _ in range(9):
        lab.run(plan=automatic(lab, laptops()))


def flaky(lab: Lab) -> None:
    rates = PRESETS["everything flaky"].rates
    lab.faults(rates | {"payment_processing.refund": REFUSED.model_copy(update={"refused": 0.5})}, rule=True)
    for request in (laptops(convert_to="EUR"), company_order(), company_order(True)):
        for ask in (False, True):
            plan = saga(lab.engine.complete(request), ask=ask)
            lab.engine.start_many(request, 6, plan)
    lab.engine.top_up("team", 5_000_000)
    for row in lab.engine.runs(limit=100):
        view = lab.settled(row.id)
        for choice in ("retry", "give_up"):
            if view.live and view.question and choice in view.choices:
                view = lab.decide(view, choice, notice="sms")


def stopped_on_the_way(lab: Lab) -> None:
    lab.faults(latency_ms=10_000)
    lab.start()
    lab.engine.control(lab.start(), "pause")
    lab.reopen()


SCENES = [
    served,
    refunded,
    taken_by_the_alternative,
    parked_edited_and_given_up,
    lost_and_found,
    repaired,
    stuck,
    declined,
    flaky,
    stopped_on_the_way,
]


@pytest.mark.parametrize("scene", SCENES)
def test_everything_holds_in_a_whole_machine(lab: Lab, scene: Callable[[Lab], None]) -> None:
    scene(lab)
    checked = lab.engine.audit()
    assert not checked.violations
    assert checked.runs >= 1 and checked.rows > 1
    assert checked.prefixes >= checked.rows + checked.effects


def test_money_from_outside_is_no_effect(lab: Lab) -> None:
    lab.engine.top_up("small", 50_000)
    lab.run(company_order())
    lab.engine.add_wallet("third", "EUR", 1_000)
    lab.engine.top_up("small", 50_000)
    assert lab.engine.audit().violations == ()


def test_a_store_that_moves_is_right_at_every_look(lab: Lab) -> None:
    lab.faults(PRESETS["everything flaky"].rates, latency_ms=5)
    lab.engine.start_many(laptops(convert_to="EUR"), 20, automatic(lab, laptops(convert_to="EUR")))
    lab.engine.start_many(company_order(), 20)
    looks = 0
    while lab.engine.health().open_runs:
        assert lab.engine.audit().violations == ()
        looks += 1
    assert looks > 2
    assert lab.engine.audit().violations == ()


def test_it_can_be_stopped(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.audit.checker.LOOK_EVERY", 5)
    served(lab)
    looks: list[tuple[int, int]] = []

    def watch(position: int, last: int) -> bool:
        looks.append((position, last))
        return len(looks) < 2

    checked = lab.engine.audit(watch)
    assert checked.stopped and checked.prefixes == 10
    assert looks == [(5, looks[0][1]), (10, looks[0][1])] and looks[0][1] > 10


# Broken effects


def test_dedupe_switched_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "_do", forgetful)
    lab.faults({CHARGE: LOST})
    lab.run()
    broken = found(lab)
    assert broken.keys() >= {2, 3}
    assert broken[2].startswith("A second effect happened under the key")
    assert "$4,000.00 were kept for bookings of $2,000.00" in broken[3]


def test_order_of_undo_switched_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_plan_order(items: Any, key: Any = None, reverse: bool = False) -> list[Any]:
        return builtins.sorted(items, key=key)

    monkeypatch.setattr(interpreter, "sorted", in_plan_order, raising=False)
    refunded(lab)
    assert found(lab) == {6: "The undo of 'create' began after that of 'charge', which comes earlier in the plan."}


def test_refund_switched_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EffectUnit, "posted", lambda self: ())
    refunded(lab)
    broken = found(lab)
    assert broken.keys() == {3}
    assert "does not post the opposite" in broken[3]


def test_undo_that_does_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "_undo", lambda tx, call: {})
    refunded(lab)
    assert found(lab).keys() == {2, 5, 6}


def test_closing_without_a_trace(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(tx: Any, call: Call) -> dict[str, Any]:
        row = tx.find()
        return row.answer if row else {}

    monkeypatch.setattr(effects, "_close", close)
    lab.faults({SHIP: SLOW})
    lab.run(plan=automatic(lab, laptops()))
    assert found(lab) == {2: "Step 'ship' was closed without an effect, but the ledger says nothing."}


def test_unknown_effects_ignored(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ignore(world: Any, call: Call, failure: Reply) -> Reply:
        return failure

    monkeypatch.setattr(retry, "_close", ignore)
    lab.faults({SHIP: LOST})
    lab.run(plan=automatic(lab, laptops()))
    broken = found(lab)
    assert broken.keys() == {6}
    assert broken[6] == "Step 'ship' failed for good, with edition 1 left unknown."


# Broken services


class Overdrawing(PaymentProcessing):
    """Debits whatever is asked."""

    @action(undo="restore_wallet")
    def debit_wallet(self, tx: Any, request: Debit) -> Debited:
        tx.post(wallet_account(request.wallet), request.pay_currency, -request.amount_minor)
        tx.post(HOUSE, request.pay_currency, request.amount_minor)
        return Debited(
            payment_id="PAY", debited_minor=request.amount_minor, paid_minor=request.amount_minor, payment_status=""
        )


class Skimming(PaymentProcessing):
    """Keeps a cent of each charge from the books."""

    @action(undo="refund")
    def charge(self, tx: Any, request: Charge) -> Charged:
        tx.post(CARD, request.pay_currency, -request.quote_minor)
        tx.post(HOUSE, request.pay_currency, request.quote_minor - 1)
        return Charged(payment_id="PAY", paid_minor=request.quote_minor, payment_status="")


class Stammering(EmailNotification):
    """Sends everything twice."""

    @action()
    def send(self, tx: Any, request: SendEmail) -> EmailSent:
        EmailNotification.send(self, tx, request)
        return EmailNotification.send(self, tx, request)


def with_service(service: Any) -> dict[str, Any]:
    """The parts of an engine in which this service stands in for that of its name."""
    rates = RateSource(live=False)
    services = default_registry(rates).services | {service.name: service}
    return {"rates": rates, "registry": Registry(list(services.values()))}


def test_conditional_debit_switched_off(tmp_path: Path) -> None:
    with Lab(tmp_path, with_service(Overdrawing())) as lab:
        lab.engine._job(lambda writer: writer.exec_driver_sql("pragma ignore_check_constraints = on"))
        lab.run(company_order().model_copy(update={"wallet": "small"}))
        broken = found(lab)
    assert broken == {4: "The account 'wallet:small' holds -$1,900.00: it must not be negative."}


def test_a_debit_that_the_store_refuses_leaves_nothing_wrong(tmp_path: Path) -> None:
    with Lab(tmp_path, with_service(Overdrawing())) as lab:
        with pytest.raises(EngineBusy):
            lab.start(company_order().model_copy(update={"wallet": "small"}))
        assert lab.engine.audit().violations == ()


def test_books_that_do_not_add_up(tmp_path: Path) -> None:
    with Lab(tmp_path, with_service(Skimming())) as lab:
        run = lab.run().row.id
        broken = found(lab)
    assert broken == {4: f"The postings of '{run}/charge/1' sum to -$0.01, not to zero."}


def test_double_confirmation(tmp_path: Path) -> None:
    with Lab(tmp_path, with_service(Stammering())) as lab:
        run = lab.run().row.id
        broken = found(lab)
    assert broken == {2: f"The outbox holds two messages of '{run}/email/1'."}


# Broken plans, past their validation


def reckless(lab: Lab, monkeypatch: pytest.MonkeyPatch, change: Callable[[Plan], Plan]) -> dict[int, str]:
    plan = change(automatic(lab, laptops()))
    with pytest.raises(PlanRefused):
        lab.engine.start(laptops(), plan)
    monkeypatch.setattr("core.engine.validate_plan", lambda *parts: None)
    lab.run(laptops(), plan)
    return found(lab)


def step_of(plan: Plan, id: str) -> Step:
    return next(step for step in plan.steps() if step.id == id)


def test_confirmation_before_the_pivot(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def early(plan: Plan) -> Plan:
        first, *rest = plan.stages
        return plan.model_copy(update={"stages": (first, (step_of(plan, "email"),), *rest[:-2])})

    broken = reckless(lab, monkeypatch, early)
    assert broken.keys() == {7}
    assert broken[7].startswith("A confirmation was sent by email")


def test_confirmation_of_what_is_then_refunded(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def early(plan: Plan) -> Plan:
        *before, ship, told, _ = plan.stages
        return plan.model_copy(update={"stages": (*before, (told[0],), ship)})

    lab.faults({SHIP: REFUSED})
    reckless(lab, monkeypatch, early)
    sentences = [one.sentence for one in lab.engine.audit().violations]
    assert "The run ended refunded, and its customer was sent a confirmation." in sentences


def test_charged_without_a_booking(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def unbooked(plan: Plan) -> Plan:
        stages = tuple(stage for stage in plan.stages if stage[0].id not in ("book", "credit"))
        return plan.model_copy(update={"stages": stages})

    monkeypatch.setattr("core.engine.validate_plan", lambda *parts: None)
    lab.run(laptops(), unbooked(automatic(lab, laptops())))
    broken = found(lab)
    assert broken.keys() == {3, 5}
    assert broken[5] == "The run is confirmed and holds 0 bookings."


def test_two_bookings(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(plan: Plan) -> Plan:
        again = step_of(plan, "book").model_copy(update={"id": "again", "alternative": ()})
        stages = [(*stage, again) if stage[0].id == "book" else stage for stage in plan.stages]
        return plan.model_copy(update={"stages": tuple(stages)})

    monkeypatch.setattr("core.engine.validate_plan", lambda *parts: None)
    lab.run(laptops(), doubled(automatic(lab, laptops())))
    assert found(lab).keys() == {3, 5}


# Broken store


def test_a_journal_row_lost(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    gather = Unit.journal

    def lose(self: Unit, run: str, entries: Any) -> None:
        kept: list[Entry] = [entry for entry in entries if entry.step != "create"]
        gather(self, run, kept)

    monkeypatch.setattr(Unit, "journal", lose)
    lab.run()
    broken = found(lab)
    assert broken.keys() >= {1, 9}
    assert broken[1] == "Row 5 of the run's journal follows row 3: one is missing."
    assert broken[9].endswith("but the journal never asked for that.")


def test_rollup_off_by_one(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    class Generous(Tally):
        def rows(self) -> list[RollupRow]:
            return [row._replace(n=row.n + (row.bin == COUNT and row.action == "charge")) for row in super().rows()]

    monkeypatch.setattr(store_unit, "Tally", Generous)
    lab.run()
    broken = found(lab)
    assert broken.keys() == {8}
    assert "The rollup counts 2 × 'payment_processing charge done'" in broken[8]
    assert broken[8].endswith("the journal holds 1.")


def test_a_decline_counted_twice(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    once = store_unit.next_cycle
    monkeypatch.setattr(store_unit, "next_cycle", lambda rule: once(once(rule)))
    lab.faults(rule=True)
    for _ in range(5):
        lab.run(plan=automatic(lab, laptops()))
    assert found(lab).keys() == {2}


def test_a_decline_forgotten(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EffectUnit, "declined", lambda self: None)
    lab.faults(rule=True)
    for _ in range(3):
        lab.run()
    lab.faults({CHARGE: LOST}, rule=True)
    assert lab.run().row.status == "confirmed"
    assert found(lab) == {2: "Step 'charge' was done in visit 1, in which it had been declined: that was forgotten."}


def test_a_charge_that_the_rule_forgets(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EffectUnit, "count_charge", lambda self: None)
    lab.faults(rule=True)
    lab.run()
    lab.run()
    assert found(lab).keys() == {2}


# Broken interpreter and world


def test_attempts_beyond_the_policy(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stubborn(world: Any, call: Call, policy: Any, stop: Any) -> Reply:
        more = policy.model_copy(update={"attempts": policy.attempts + 1})
        return await retry.perform(world, call, more, stop)

    monkeypatch.setattr(live, "interpret", lambda plan, order, world: interpret(plan, order, world, stubborn))
    lab.faults({SHIP: REFUSED})
    lab.run(retry=ONCE)
    broken = found(lab)
    assert broken[8] == "There was attempt 2 of 'ship' in visit 1; its policy allows 1."


def test_money_taken_back_after_the_confirmation(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def regretful(plan: Plan, order: OrderRequest, world: Any) -> Any:
        run = interpreter._Run(plan, order, world, retry.perform)
        world.emit("started", plan=plan.name, version=plan.version)
        await run.go_forward()
        await run.undo(step_of(plan, "charge"))
        world.emit("ended", outcome="confirmed", plan=plan.name)
        return "confirmed"

    monkeypatch.setattr(live, "interpret", regretful)
    lab.run()
    broken = found(lab)
    assert broken.keys() >= {3, 6}
    assert "$0.00 were kept for bookings of $2,000.00" in broken[3]


def test_recovery_switched_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.engine.Engine._load_open", lambda self: iter(()))
    lab.faults(latency_ms=10_000)
    lab.start()
    assert found(lab) == {}
    lab.reopen()
    assert found(lab) == {1: "The run has not ended, but nobody drives it: it would stay as it is for ever."}


def test_recovery_that_begins_anew(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def recover(self: live.LiveRun, rows: Any, now: float) -> None:
        self.seq = self.committed_seq = rows[-1].seq
        self.launch()

    lab.faults({SHIP: REFUSED})
    run = lab.run().row.id
    monkeypatch.setattr(live.LiveRun, "recover", recover)
    lab.reopen()
    asked = "select count(*) from journal where kind = 'event' and body like '%\"asked\"%'"
    lab.until(run, lambda view: lab.rows(asked) == [(2,)])
    broken = found(lab)
    assert broken.keys() >= {8, 9}

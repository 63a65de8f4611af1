"""A person's wishes about the plan, on a real engine and in the simulated world: notices, tries, policies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import plans
from core.composer.refine import Composed
from core.errors import DecisionRefused
from core.models import Notifications, OrderRequest, Plan, PlanWish, RetryPolicy
from core.services.faults import Rates
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.worlds.outcomes import RUN, Orders
from tests.core.scenes import CHARGE, EMAIL, REFUSED, SHIP, SLOW, SMS, Lab, calm, laptops

TICKET = "call_center_trigger.open_ticket"
CORPORATE = laptops(channel="corporate", wallet="team")
BY_EMAIL = PlanWish(step="payment", tell_before="email")
AT_ONCE = RetryPolicy(first_wait_s=0)
BY_CALL = PlanWish(step="payment", tell_before="call")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def plan_of(lab: Lab, request: OrderRequest, *wishes: PlanWish, name: str = "saga", ask: bool = True) -> Plan:
    """As the engine plans it, without waits between attempts."""
    make = plans.saga if name == "saga" else plans.sequence
    return make(lab.engine.complete(request), ask, AT_ONCE, wishes)


@pytest.mark.parametrize("name", ["saga", "sequence"])
@pytest.mark.parametrize(("request_", "funds"), [(laptops(), "charge"), (CORPORATE, "debit")])
def test_the_customer_is_told_what_is_taken_before_it_is_taken(
    lab: Lab, name: Any, request_: OrderRequest, funds: str
) -> None:
    view = lab.run(request_, plan_of(lab, request_, BY_EMAIL, name=name))
    effects = lab.effects(view.row.id)
    assert effects.index("email.before_payment/1") == effects.index(f"{funds}/1") - 1
    assert view.row.status == "confirmed"
    told = [message for message in lab.engine.outbox("email", run=view.row.id) if message.kind == "ahead"]
    assert len(told) == 1 and "$2,000.00" in told[0].body
    assert lab.engine.audit().violations == ()


@pytest.mark.parametrize("faults", [REFUSED, SLOW])
def test_a_notice_that_fails_holds_up_nothing_and_changes_no_outcome(lab: Lab, faults: Any) -> None:
    lab.faults({TICKET: faults})
    view = lab.run(laptops(), plan_of(lab, laptops(), BY_CALL))
    assert view.row.status == "confirmed", "no issue: nothing of the order is missing"
    notice = next(step for step in view.steps if step.id == "call.before_payment")
    assert (notice.state, notice.can_repair) == ("failed", False)
    assert "Nothing: the order is served." in view.summary
    assert lab.engine.audit().violations == ()


def test_a_notice_is_no_message_that_can_be_sent_again_behind_the_pivot(lab: Lab) -> None:
    lab.faults({EMAIL: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), BY_EMAIL))
    assert view.row.status == "confirmed_with_issues"
    assert [step.id for step in view.steps if step.can_repair] == ["email"]
    with pytest.raises(DecisionRefused):
        lab.engine.repair(view.row.id, "email.before_payment")
    lab.faults()
    assert lab.settled(lab.engine.repair(view.row.id, "email")).row.status == "confirmed"
    assert lab.engine.audit().violations == ()


def test_what_helps_is_said_of_the_step_that_stopped_the_order_not_of_its_notice(lab: Lab) -> None:
    lab.faults({EMAIL: REFUSED, CHARGE: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), BY_EMAIL))
    assert view.question is not None and view.question.step == "charge"
    lab.faults()
    ended = lab.decide(view, "give_up")
    assert ended.row.status == "rejected"
    assert lab.engine.audit().violations == ()


def test_a_notice_outlives_a_stop_of_the_engine_and_is_sent_once(lab: Lab) -> None:
    lab.faults({CHARGE: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), BY_EMAIL))
    lab.reopen()
    lab.faults()
    view = lab.decide(lab.settled(view.row.id), "retry")
    assert view.row.status == "confirmed"
    assert sum(message.kind == "ahead" for message in lab.engine.outbox(run=view.row.id)) == 1
    assert lab.engine.wishes_of(view.plan) == (BY_EMAIL,)


def test_tries_are_as_many_as_wished(lab: Lab) -> None:
    lab.faults({CHARGE: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), PlanWish(step="payment", attempts=1)))
    assert next(step for step in view.steps if step.id == "charge").attempts == 1


@pytest.mark.parametrize(
    ("policy", "status"),
    [("ask", "needs_attention"), ("compensate", "refunded"), ("continue", "confirmed_with_issues")],
)
def test_what_a_failed_shipment_leads_to_is_as_wished(lab: Lab, policy: Any, status: str) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), PlanWish(step="shipping", policy=policy)))
    assert view.row.status == status
    assert lab.engine.audit().violations == ()


def test_a_failed_confirmation_is_asked_about_where_that_is_wished(lab: Lab) -> None:
    lab.faults({SMS: REFUSED})
    view = lab.run(laptops(), plan_of(lab, laptops(), PlanWish(step="sms", policy="ask")))
    assert view.question is not None and view.question.step == "sms"
    assert lab.decide(view, "skip").row.status == "confirmed_with_issues"


def test_many_runs_ask_nobody_whatever_is_wished(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, SMS: REFUSED})
    wishes = [PlanWish(step="shipping", policy="ask"), PlanWish(step="sms", policy="ask"), BY_EMAIL]
    plan = plan_of(lab, laptops(), *wishes, ask=False)
    for id in lab.engine.start_many(laptops(), 3, plan):
        assert lab.settled(id).row.status == "refunded"
    assert lab.engine.audit().violations == ()


@pytest.mark.parametrize("request_", [laptops(), CORPORATE, laptops(notifications=Notifications(email=False))])
def test_simulated_orders_end_the_same_with_and_without_a_notice_that_always_fails(request_: OrderRequest) -> None:
    registry = default_registry(RateSource(live=False))
    profile = calm({TICKET: REFUSED, CHARGE: Rates(refused=0.5), SHIP: Rates(refused=0.7)})
    told, untold = (plans.saga(request_, ask=False, wishes=wishes) for wishes in ([BY_CALL], []))
    with_notice, without = (Orders(registry, plan, request_, profile) for plan in (told, untold))
    found = [with_notice.outcome(seed) for seed in range(60)]
    assert found == [without.outcome(seed) for seed in range(60)]
    assert len(set(found)) > 1
    assert with_notice.journalled(3).status(RUN) == found[3]


def test_a_sentence_and_its_refinements_are_what_runs(lab: Lab) -> None:
    reading = lab.engine.read("Order 2 laptops at $1000 each, text me before you charge the card, try shipping once")
    draft = Composed(reading.request, reading.plan, reading.wishes)
    for text in ("make it 3", "book before you charge", "no emails", "if shipping fails cancel"):
        draft = lab.engine.refine(draft, text).after
    lab.faults({SHIP: REFUSED})
    plan = lab.engine.plan_for(draft.request, draft.plan, wishes=draft.wishes)
    view = lab.run(draft.request, plan)
    assert (view.row.status, view.plan.name) == ("refunded", "sequence")
    assert next(step for step in view.steps if step.id == "ship").attempts == 1
    told = [message for message in lab.engine.outbox(run=view.row.id) if message.kind == "ahead"]
    assert [(message.channel, "$3,000.00" in message.body) for message in told] == [("sms", True)]
    assert not lab.engine.outbox("email", run=view.row.id)
    assert lab.engine.audit().violations == ()

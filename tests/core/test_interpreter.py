"""What is done next, in which order and by which key: every decision, against services that follow a script."""

from __future__ import annotations

from typing import Any

import pytest

from core import plans
from core.interpreter import interpret
from core.models import Condition, Notifications, OrderRequest, Plan, PlanCondition, PlanWish, Question, Step
from tests.core.scenes import ONCE, TWICE, Play, by_name, laptops, saga, with_steps

CARD, CORPORATE = laptops(), laptops(channel="corporate", wallet="team")
DOWN = ["unavailable"] * 2  # for good, where an action is tried twice


def condition(event: str, then: str) -> Condition:
    return Condition.model_validate({"if": event, "then": then})


def play(script: dict[str, list[Any]] | None = None, request: OrderRequest = CARD, **options: Any) -> Play:
    return Play(script).play(saga(request, **options), request)


def params(run: Play, step: str) -> dict[str, Any]:
    """The parameters of a step's last attempt."""
    return dict([call for call in run.calls if call.step == step][-1].params)


def names(run: Play) -> list[str]:
    return [event["event"] for event in run.events]


# The way forward


@pytest.mark.parametrize(
    ("name", "request_", "tries"),
    [
        ("saga", CARD, "analyse charge create book ship email sms"),
        ("saga", CORPORATE, "analyse debit create book ship email sms"),
        ("saga", laptops(convert_to="EUR"), "analyse charge create convert book ship email sms"),
        (
            "saga",
            laptops(notifications=Notifications(sms=False, call=True)),
            "analyse charge create book ship email call",
        ),
        ("saga", laptops(workflow_type="software_license"), "analyse charge create book email sms"),
        ("sequence", CARD, "analyse create book charge ship email sms"),
        ("sequence", CORPORATE, "analyse create book debit ship email sms"),
        ("sequence", laptops(convert_to="EUR"), "analyse create book charge convert ship email sms"),
    ],
)
def test_a_calm_run_takes_the_steps_of_its_plan_in_order(name: str, request_: OrderRequest, tries: str) -> None:
    run = Play().play(by_name(name, request_), request_)
    assert run.tries == [f"{step}/1" for step in tries.split()]
    assert run.result == "confirmed"
    assert names(run) == ["started", "confirmed", "ended"]


@pytest.mark.parametrize(
    ("request_", "pivot", "name"),
    [
        (CARD, "ship", "saga"),
        (laptops(workflow_type="software_license"), "book", "saga"),
        (laptops(workflow_type="software_license"), "charge", "sequence"),
        (laptops(workflow_type="software_license", convert_to="EUR"), "convert", "sequence"),
    ],
)
def test_confirmed_is_journalled_behind_the_pivot_and_before_any_confirmation(
    request_: OrderRequest, pivot: str, name: str
) -> None:
    run = Play()
    seen: list[list[str]] = []
    run.before = {"email": lambda: seen.append(names(run)), pivot: lambda: seen.append(names(run))}
    run.play(by_name(name, request_), request_)
    assert seen == [["started"], ["started", "confirmed"]]
    order = [entry.step or entry.body["event"] for entry in run.entries]
    assert order.index("confirmed") == order.index(pivot) + 1


def test_steps_get_what_earlier_steps_answered() -> None:
    run = play()
    assert params(run, "charge") == {"pay_currency": "USD", "quote_minor": 200_000}
    assert params(run, "ship")["order_id"] == "ORD_1"
    told = params(run, "email")
    assert (told["kind"], told["contact"], told["tracking_number"]) == ("confirmation", "contact/1", "TRK_1")


def test_a_passing_failure_is_tried_again_with_the_same_key() -> None:
    run = play({"charge": ["unavailable"], "book": ["unavailable"]})
    assert run.tries == [f"{step}/1" for step in "analyse charge charge create book book ship email sms".split()]
    assert run.result == "confirmed"


# A notice before a step


def told_before(request: OrderRequest = CARD, ask: bool = True, name: str = "saga") -> Plan:
    wishes = [PlanWish(step="payment", tell_before="email"), PlanWish(step="payment", tell_before="sms")]
    return plans.with_wishes(by_name(name, request, ask=ask), wishes, ask)


@pytest.mark.parametrize("name", ["saga", "sequence"])
@pytest.mark.parametrize("request_", [CARD, CORPORATE])
def test_nothing_is_taken_before_the_notice_was_tried(name: str, request_: OrderRequest) -> None:
    run = Play().play(told_before(request_, name=name), request_)
    funds = run.tries.index("charge/1" if request_ is CARD else "debit/1")
    assert run.tries[funds - 2 : funds] == ["email.before_payment/1", "sms.before_payment/1"]
    assert params(run, "email.before_payment")["due_minor"] == 200_000
    assert run.result == "confirmed"


def test_the_money_waits_for_both_notices_to_settle() -> None:
    run = Play({"email.before_payment": DOWN}).play(told_before(), CARD)
    tries = ["analyse", "email.before_payment", "sms.before_payment", "email.before_payment", "charge"]
    assert run.tries[:5] == [f"{step}/1" for step in tries]


def test_a_notice_that_fails_changes_no_outcome_and_nobody_is_asked() -> None:
    down = {"email.before_payment": DOWN, "sms.before_payment": ["refused"]}
    run = Play(down).play(told_before(), CARD)
    assert run.result == "confirmed"
    assert names(run) == ["started", "failed", "failed", "confirmed", "ended"]


def test_a_failure_behind_the_pivot_still_makes_issues_beside_a_notice_that_failed() -> None:
    run = Play({"email.before_payment": DOWN, "sms": DOWN}).play(told_before(), CARD)
    assert run.result == "confirmed_with_issues"


def test_on_the_way_back_a_notice_is_passed_over() -> None:
    run = Play({"ship": DOWN}).play(told_before(ask=False), CARD)
    assert [one for one in run.tries if one.startswith("undo")] == ["undo book/1", "undo create/1", "undo charge/1"]
    assert run.result == "refunded"
    assert Play({"charge": ["card_declined"]}).play(told_before(ask=False), CARD).result == "rejected"


def test_cancel_while_a_notice_is_in_flight_takes_nothing() -> None:
    run = Play()
    run.before["email.before_payment"] = lambda: run.take_control("cancel", run.now)
    run.play(told_before(), CARD)
    assert run.result == "cancelled"
    assert not any(one.startswith("charge") for one in run.tries)


def test_a_retry_of_the_step_does_not_repeat_its_notice() -> None:
    run = Play({"charge": ["card_declined"]}).play(told_before(), CARD).decide("retry")
    assert run.tries.count("email.before_payment/1") == 1 and run.result == "confirmed"


# When a step fails for good


def test_compensate_goes_back_in_reverse_plan_order_and_tells_the_customer() -> None:
    run = play({"ship": DOWN}, laptops(convert_to="EUR"), ask=False)
    undos = ["undo book/1", "undo convert/1", "undo create/1", "undo charge/1"]
    assert run.tries[-6:] == [*undos, "email.failure/1", "sms.failure/1"]
    assert (params(run, "email.failure")["kind"], params(run, "sms.failure")["outcome"]) == ("failure", "refunded")
    assert run.result == "refunded"
    assert "asked" not in names(run) and "confirmed" not in names(run)


def test_a_sequence_goes_back_over_its_own_order() -> None:
    run = Play({"ship": DOWN}).play(by_name("sequence", CARD, ask=False), CARD)
    told = ["email.failure/1", "sms.failure/1", "call.failure/1"]
    assert run.tries[-6:] == ["undo charge/1", "undo book/1", "undo create/1", *told]
    assert run.result == "refunded"


def test_where_no_money_moved_the_run_is_rejected() -> None:
    run = play({"charge": ["card_declined"]}, ask=False)
    assert run.tries == ["analyse/1", "charge/1", "email.failure/1", "sms.failure/1"]
    assert (run.result, params(run, "email.failure")["outcome"]) == ("rejected", "rejected")


def test_a_sequence_that_took_no_money_is_rejected_though_it_undid_its_booking() -> None:
    run = Play({"charge": ["card_declined"]}).play(by_name("sequence", CARD, ask=False), CARD)
    assert [one for one in run.tries if one.startswith("undo")] == ["undo book/1", "undo create/1"]
    assert run.result == "rejected"


def test_failure_messages_go_only_where_messages_are_wanted_and_their_failure_changes_nothing() -> None:
    run = play(
        {"charge": ["card_declined"], "sms.failure": DOWN}, laptops(notifications=Notifications(email=False)), ask=False
    )
    assert run.tries == ["analyse/1", "charge/1", "sms.failure/1", "sms.failure/1"]
    assert run.result == "rejected"


def test_continue_leaves_issues_and_goes_on() -> None:
    run = play({"email": DOWN})
    assert run.tries[-3:] == ["email/1", "sms/1", "email/1"]
    assert run.result == "confirmed_with_issues"


def test_ask_parks_with_a_question_and_calls_nothing_more() -> None:
    run = play({"ship": DOWN})
    assert run.asking is not None and run.asking[1] == Question("needs_attention", "ship", 1, "unavailable")
    assert run.where() == "needs_attention"
    assert run.tries[-2:] == ["ship/1", "ship/1"]
    assert run.events[-1] == {
        "event": "asked",
        "status": "needs_attention",
        "step": "ship",
        "visit": 1,
        "code": "unavailable",
    }


def test_retry_is_a_visit_with_attempts_of_its_own_and_the_same_key() -> None:
    run = play({"ship": [*DOWN, "unavailable"]}).decide("retry")
    assert [(call.visit, call.attempt, call.edition) for call in run.calls if call.step == "ship"] == [
        (1, 1, 1),
        (1, 2, 1),
        (2, 1, 1),
        (2, 2, 1),
    ]
    assert run.result == "confirmed"


def test_a_retry_that_fails_asks_again() -> None:
    run = play({"ship": DOWN * 2}).decide("retry")
    assert run.asking is not None and run.asking[1][1:3] == ("ship", 2)


def test_skip_goes_on_without_the_step() -> None:
    run = play({"ship": DOWN}).decide("skip")
    assert run.tries[-2:] == ["email/1", "sms/1"]
    assert run.result == "confirmed_with_issues"


def test_give_up_does_what_compensate_does() -> None:
    run = play({"ship": DOWN}).decide("give_up")
    assert run.tries[-5:] == ["undo book/1", "undo create/1", "undo charge/1", "email.failure/1", "sms.failure/1"]
    assert run.result == "refunded"


def ask_later(step: Step) -> Step:
    """The same step, but a person is asked when a message fails."""
    return step.model_copy(update={"policy": "ask"}) if step.id in ("email", "sms") else step


def test_give_up_behind_the_pivot_means_skip() -> None:
    plan = with_steps(saga(CARD), ask_later)
    run = Play({"email": DOWN}).play(plan, CARD).decide("give_up")
    assert run.result == "confirmed_with_issues"
    assert not any(one.startswith("undo") for one in run.tries)


def test_compensate_behind_the_pivot_acts_as_continue() -> None:
    plan = with_steps(
        saga(CARD), lambda step: step.model_copy(update={"policy": "compensate"}) if step.id == "email" else step
    )
    run = Play({"email": DOWN}).play(plan, CARD)
    assert run.result == "confirmed_with_issues"
    assert not any(one.startswith("undo") for one in run.tries)


# Side by side


def test_questions_of_one_stage_are_put_one_after_another_in_plan_order() -> None:
    plan = with_steps(saga(CARD), ask_later)
    run = Play({"email": ["unavailable", "smtp_down"], "sms": ["gateway_down"]}).play(plan, CARD)
    assert names(run)[-3:] == ["failed", "failed", "asked"]  # both settled before anybody is asked
    assert run.asking is not None and run.asking[1].step == "email"
    run.decide("retry")
    assert run.asking is not None and run.asking[1].step == "sms"
    assert run.decide("skip").result == "confirmed_with_issues"


def side_by_side(first: str, second: str) -> Plan:
    """The saga with its order created and its money converted side by side, each with a policy."""
    plan = saga(laptops(convert_to="EUR"))
    policies = {"create": first, "convert": second}
    changed = with_steps(plan, lambda step: step.model_copy(update={"policy": policies.get(step.id, step.policy)}))
    analyse, charge, debit, create, convert, *rest = changed.stages
    return changed.model_copy(update={"stages": (analyse, charge, debit, create + convert, *rest)})


@pytest.mark.parametrize("policies", [("ask", "compensate"), ("compensate", "ask")])
def test_where_one_of_a_stage_compensates_nobody_is_asked(policies: tuple[str, str]) -> None:
    run = Play({"create": DOWN, "convert": DOWN}).play(side_by_side(*policies), laptops(convert_to="EUR"))
    assert "asked" not in names(run)
    assert run.result == "refunded"


def test_a_stage_settles_before_it_is_undone() -> None:
    """The one that fails at once does not stop its neighbour, which is then undone."""
    run = Play({"create": ["refused"], "convert": ["unavailable"]}).play(
        side_by_side("compensate", "compensate"), laptops(convert_to="EUR")
    )
    assert run.tries[2:7] == ["create/1", "convert/1", "convert/1", "undo convert/1", "undo charge/1"]


# The alternative


SHORT = {"book": ["out_of_stock"]}


def test_a_dearer_alternative_takes_the_difference_before_it_is_booked() -> None:
    run = play(SHORT, CORPORATE)
    assert run.tries[3:8] == ["book/1", "alternative/1", "difference/1", "rebook/1", "ship/1"]
    difference = {"wallet": "team", "pay_currency": "USD", "amount_minor": 3_000, "before_minor": 200_000}
    assert params(run, "difference") == difference
    assert params(run, "rebook")["offer"] == 1 and params(run, "rebook")["quote_minor"] == 203_000
    assert run.result == "confirmed"


CHEAPER = {
    "book": ["out_of_stock"],
    "alternative": [
        {
            "alternative_offer": 1,
            "alternative_price_minor": 190_000,
            "alternative_quote_minor": 190_000,
            "dearer_minor": 0,
            "cheaper_minor": 10_000,
        }
    ],
    "rebook": [{"quote_minor": 190_000, "credit_minor": 10_000}],
}


def test_a_cheaper_alternative_is_credited_behind_the_pivot() -> None:
    run = play(CHEAPER, CORPORATE)
    assert run.tries[4:] == ["alternative/1", "rebook/1", "ship/1", "email/1", "sms/1", "credit/1"]
    assert params(run, "credit") == {"wallet": "team", "pay_currency": "USD", "amount_minor": 10_000}
    assert names(run).index("confirmed") == names(run).index("ended") - 1


def test_a_credit_that_fails_is_owed_until_it_is_done() -> None:
    run = play(CHEAPER | {"credit": DOWN * 2}, CORPORATE)
    assert run.tries[-3:] == ["credit/1", "credit/1", "ticket.stuck/1"]
    assert run.asking is not None and run.asking[1] == Question("compensation_stuck", "credit", 1, "unavailable")
    assert run.where() == "compensation_stuck"
    run.decide("retry")
    assert run.asking is not None and run.asking[1][1:3] == ("credit", 2)
    assert run.decide("retry").result == "confirmed"
    assert run.tries.count("ticket.stuck/1") == 1
    assert {call.key for call in run.calls if call.step == "credit"} == {"r/credit/1"}


def test_by_card_there_is_no_alternative() -> None:
    run = play(SHORT)
    assert "alternative/1" not in run.tries
    assert run.asking is not None and run.asking[1] == Question("needs_attention", "book", 1, "out_of_stock")


def test_any_failure_of_the_booking_for_good_asks_for_the_alternative() -> None:
    assert "rebook/1" in play({"book": DOWN}, CORPORATE).tries


def test_an_alternative_that_fails_is_undone_at_once_before_the_policy() -> None:
    run = play(SHORT | {"rebook": ["out_of_stock"]}, CORPORATE)
    assert run.tries[-3:] == ["difference/1", "rebook/1", "undo difference/1"]
    assert run.asking is not None and run.asking[1] == Question("needs_attention", "book", 1, "out_of_stock")


def test_after_it_was_undone_the_difference_is_taken_by_the_next_edition() -> None:
    run = play({"book": ["out_of_stock"] * 2, "rebook": ["out_of_stock"]}, CORPORATE).decide("retry")
    assert [one for one in run.tries if "difference" in one] == ["difference/1", "undo difference/1", "difference/2"]
    assert run.result == "confirmed"


def test_where_no_other_offer_fits_the_policy_acts_on_the_first_failure() -> None:
    run = play(SHORT | {"alternative": ["no_alternative"]}, CORPORATE)
    assert run.asking is not None and run.asking[1].code == "out_of_stock"
    assert run.tries[-1] == "alternative/1"


def test_an_alternative_that_was_booked_is_undone_before_the_steps_around_it() -> None:
    run = play(SHORT | {"ship": DOWN}, CORPORATE, ask=False)
    undos = [one for one in run.tries if one.startswith("undo")]
    assert undos == ["undo rebook/1", "undo difference/1", "undo create/1", "undo debit/1"]
    assert run.result == "refunded"


def test_in_a_sequence_the_alternative_is_paid_by_the_funds_step_alone() -> None:
    quiet = {"alternative": [{"alternative_offer": 1, "alternative_quote_minor": 203_000, "dearer_minor": 0}]}
    script = SHORT | quiet | {"rebook": [{"quote_minor": 203_000}]}
    run = Play(script).play(by_name("sequence", CORPORATE), CORPORATE)
    assert run.tries[2:6] == ["book/1", "alternative/1", "rebook/1", "debit/1"]
    assert params(run, "debit")["amount_minor"] == 203_000


def test_an_alternative_whose_undo_sticks_sends_the_whole_run_back() -> None:
    run = play(SHORT | {"rebook": ["out_of_stock"], "undo difference": DOWN}, CORPORATE)
    undos = [one for one in run.tries if one.startswith("undo")]
    assert undos == ["undo difference/1"] * 3 + ["undo create/1", "undo debit/1"]
    assert run.result == "refunded"


# Conditions


def test_a_condition_calls_once_its_step_failed_and_before_anybody_is_asked() -> None:
    run = play({"ship": DOWN}, laptops(conditions=(condition("shipping_failed", "call"),)))
    assert run.tries[-1] == "ticket.ship/1"
    assert (params(run, "ticket.ship")["reason"], params(run, "ticket.ship")["about"]) == (
        "unavailable",
        "Confirm shipping",
    )
    assert names(run)[-2:] == ["failed", "asked"]


def test_a_passing_failure_meets_no_condition() -> None:
    run = play({"ship": ["unavailable"]}, laptops(conditions=(condition("shipping_failed", "call"),)))
    assert "ticket.ship/1" not in run.tries
    assert run.result == "confirmed"


@pytest.mark.parametrize(("wish", "step"), [("email", "alert.email.charge"), ("sms", "alert.sms.charge")])
def test_a_condition_tells_the_customer(wish: str, step: str) -> None:
    request = laptops(conditions=(condition("payment_failed", wish),))
    run = play({"charge": ["card_declined"]}, request)
    assert run.tries[-1] == f"{step}/1"
    told = params(run, step)
    assert (told["kind"], told["reason"], told["about"]) == ("notice", "card_declined", "Charge card")


def test_one_ticket_per_step_and_visit_however_many_conditions_ask() -> None:
    twice = laptops(conditions=(condition("shipping_failed", "call"), condition("shipping_failed", "call")))
    run = play({"ship": DOWN * 2}, twice)
    assert run.tries.count("ticket.ship/1") == 1
    run.decide("retry")
    assert run.tries.count("ticket.ship/2") == 1
    assert [call.key for call in run.calls if call.step == "ticket.ship"] == ["r/ticket.ship/1", "r/ticket.ship/2"]


def test_different_wishes_for_one_case_are_all_met() -> None:
    both = laptops(conditions=(condition("shipping_failed", "sms"), condition("shipping_failed", "call")))
    assert play({"ship": DOWN}, both).tries[-2:] == ["alert.sms.ship/1", "ticket.ship/1"]


def test_a_condition_that_cancels_goes_straight_back() -> None:
    request = laptops(conditions=(condition("shipping_failed", "call"), condition("shipping_failed", "cancel")))
    run = play({"ship": DOWN}, request)
    assert "asked" not in names(run) and "ticket.ship/1" not in run.tries
    assert run.tries[5:8] == ["ship/1", "undo book/1", "undo create/1"]
    assert run.result == "refunded"


def test_a_condition_that_cancels_comes_before_the_alternative() -> None:
    request = CORPORATE.model_copy(update={"conditions": (condition("out_of_stock", "cancel"),)})
    run = play(SHORT, request)
    assert "alternative/1" not in run.tries
    assert run.result == "refunded"


def test_out_of_stock_is_told_before_the_alternative_and_is_no_other_failure() -> None:
    request = CORPORATE.model_copy(update={"conditions": (condition("out_of_stock", "call"),)})
    assert play(SHORT, request).tries[3:6] == ["book/1", "ticket.book/1", "alternative/1"]
    assert "ticket.book/1" not in play({"book": DOWN}, request).tries


LATE = {"ship": [{"tracking_number": "TRK_1", "delayed": True}]}


def test_a_delayed_shipment_is_told_and_the_run_goes_on() -> None:
    run = play(LATE, laptops(conditions=(condition("delayed", "sms"),)))
    assert run.tries[-3:] == ["alert.sms.ship/1", "email/1", "sms/1"]
    assert run.result == "confirmed"
    assert "alert.sms.ship/1" not in play(LATE, laptops(conditions=(condition("shipping_failed", "sms"),))).tries


def test_a_delayed_shipment_that_cancels_is_undone_too() -> None:
    run = play(LATE, laptops(conditions=(condition("delayed", "cancel"),)))
    assert run.tries[5] == "undo ship/1"
    assert run.result == "refunded"


def test_a_failed_shipment_is_not_delayed() -> None:
    assert play({"ship": DOWN}, laptops(conditions=(condition("delayed", "call"),))).where() == "needs_attention"
    assert "ticket.ship/1" not in play({"ship": DOWN}, laptops(conditions=(condition("delayed", "call"),))).tries


def test_over_budget_meets_its_condition_and_is_asked() -> None:
    request = laptops(budget=1, conditions=(condition("over_budget", "call"),))
    run = play({"analyse": ["over_budget"]}, request)
    assert run.tries == ["analyse/1", "ticket.analyse/1"]
    assert run.asking is not None and run.asking[1].code == "over_budget"
    assert play({"analyse": ["over_budget"]}, request, ask=False).result == "rejected"


def test_the_failure_of_what_a_condition_wants_changes_no_outcome() -> None:
    request = laptops(conditions=(condition("delayed", "call"),))
    run = play(LATE | {"ticket.ship": DOWN}, request)
    assert run.tries.count("ticket.ship/1") == 2
    assert run.result == "confirmed"


def test_behind_the_pivot_no_condition_cancels() -> None:
    plan = saga(CARD).model_copy(update={"conditions": (PlanCondition(step="email", then="cancel"),)})
    run = Play({"email": DOWN}).play(plan, CARD)
    assert run.result == "confirmed_with_issues"
    assert not any(one.startswith("undo") for one in run.tries)


# Keys


def test_an_effect_that_was_looked_up_is_kept() -> None:
    run = play({"charge": ["timeout"] * 2, "close charge": [{"paid_minor": 200_000, "payment_id": "PAY_1"}]})
    assert run.tries[1:5] == ["charge/1", "charge/1", "close charge/1", "create/1"]
    assert run.result == "confirmed"


def test_an_effect_that_was_looked_up_is_undone_on_the_way_back() -> None:
    script = {"charge": ["timeout"] * 2, "close charge": [{"paid_minor": 200_000}], "create": DOWN}
    run = play(script, ask=False)
    assert "undo charge/1" in run.tries
    assert run.result == "refunded"


def test_after_its_key_was_closed_a_step_uses_the_next_edition() -> None:
    run = play({"charge": ["timeout"] * 4}).decide("retry").decide("retry")
    assert [one for one in run.tries if "charge" in one] == [
        "charge/1",
        "charge/1",
        "close charge/1",
        "charge/2",
        "charge/2",
        "close charge/2",
        "charge/3",
    ]
    assert [call.visit for call in run.calls if call.step == "charge"] == [1, 1, 1, 2, 2, 2, 3]
    assert run.result == "confirmed"


def test_what_was_closed_without_an_effect_is_not_undone() -> None:
    run = play({"create": ["timeout"] * 2}, ask=False)
    assert [one for one in run.tries if one.startswith("undo")] == ["undo charge/1"]


def test_an_undo_uses_the_edition_that_was_done() -> None:
    run = play({"charge": ["timeout"] * 2, "ship": DOWN}).decide("retry").decide("give_up")
    assert "undo charge/2" in run.tries and "undo charge/1" not in run.tries


@pytest.mark.parametrize(
    ("notice", "action"),
    [
        ("email", "email_notification.send"),
        ("sms", "sms_notification.send"),
        ("call", "call_center_trigger.open_ticket"),
    ],
)
def test_a_notice_of_a_retry_has_the_visit_in_its_key(notice: Any, action: str) -> None:
    run = play({"ship": DOWN * 2}).decide("retry", notice=notice).decide("retry", notice=notice)
    told = [call for call in run.calls if call.step == "ship/notice"]
    assert [(call.key, call.action) for call in told] == [("r/ship/notice/2", action), ("r/ship/notice/3", action)]
    places = [place for place, call in enumerate(run.calls) if call.step in ("ship", "ship/notice")]
    assert [run.calls[place].step for place in places[2:5]] == ["ship/notice", "ship", "ship"]


def test_a_notice_says_what_is_tried_again_and_why() -> None:
    run = play({"charge": ["card_declined"]}).decide("retry", notice="sms")
    told = params(run, "charge/notice")
    assert (told["kind"], told["about"], told["reason"]) == ("retry", "Charge card", "card_declined")


def test_a_notice_that_fails_does_not_keep_the_retry_from_going_on() -> None:
    run = play({"ship": DOWN, "ship/notice": DOWN}).decide("retry", notice="email")
    assert run.result == "confirmed"


# Edit and retry


def test_an_edit_takes_the_next_edition_and_the_new_value() -> None:
    run = play({"debit": ["insufficient_funds"]}, CORPORATE).decide("edit", changes=(("wallet", "small"),))
    assert run.tries[1:3] == ["debit/1", "debit/2"]
    assert params(run, "debit")["wallet"] == "small"
    assert run.result == "confirmed"


def test_an_edited_contact_is_used_by_every_later_step() -> None:
    run = play({"ship": DOWN}).decide("edit", changes=(("contact", "contact/2"),))
    assert params(run, "ship")["contact"] == "contact/2" == params(run, "email")["contact"]
    assert run.tries.count("ship/2") == 1


REPRICED = [{"offer": 0, "price_minor": 100_000, "quote_minor": 100_000}]


def test_edited_items_are_analysed_anew_before_the_retry() -> None:
    script = {"debit": ["insufficient_funds"], "analyse": [{"quote_minor": 200_000}, *REPRICED]}
    run = play(script, CORPORATE).decide("edit", changes=(("order", "order/2"),))
    assert run.tries[1:5] == ["debit/1", "analyse/2", "debit/2", "create/1"]
    assert params(run, "analyse")["order"] == "order/2" == params(run, "create")["order"]
    assert params(run, "debit")["amount_minor"] == 100_000


def test_an_edit_of_the_analysis_itself_analyses_once() -> None:
    run = play({"analyse": ["over_budget"]}, CORPORATE).decide("edit", changes=(("order", "order/2"),))
    assert run.tries[:3] == ["analyse/1", "analyse/2", "debit/1"]


def test_an_edit_that_is_refused_by_the_analysis_is_asked_about_again() -> None:
    script = {"debit": ["insufficient_funds"], "analyse": [{"quote_minor": 200_000}, "over_budget"]}
    run = play(script, CORPORATE).decide("edit", changes=(("order", "order/2"),))
    assert run.asking is not None and run.asking[1] == Question("needs_attention", "debit", 2, "over_budget")


def test_money_is_never_taken_for_an_edited_order_by_its_old_quote() -> None:
    """The analysis of the edit was refused: a plain retry analyses first."""
    script = {"debit": ["insufficient_funds"], "analyse": [{"quote_minor": 200_000}, "over_budget", *REPRICED]}
    run = play(script, CORPORATE).decide("edit", changes=(("order", "order/2"),)).decide("retry")
    assert run.tries[2:5] == ["analyse/2", "analyse/2", "debit/2"]
    assert params(run, "debit")["amount_minor"] == 100_000
    assert run.result == "confirmed"


# A compensation that sticks


STUCK = {"ship": DOWN, "undo create": DOWN}


def test_a_stuck_undo_is_owed_while_the_others_go_on() -> None:
    run = play(STUCK, ask=False)
    assert run.tries[-5:] == ["undo book/1", "undo create/1", "undo create/1", "undo charge/1", "ticket.stuck/1"]
    assert run.asking is not None and run.asking[1] == Question("compensation_stuck", "create", 1, "owed")
    assert run.where() == "compensation_stuck"
    assert "stuck" in names(run)


def test_what_is_stuck_is_retried_with_the_same_key_until_it_is_undone() -> None:
    run = play(STUCK | {"undo create": DOWN * 2}, ask=False).decide("retry")
    assert run.asking is not None and run.asking[1][1:3] == ("create", 2)
    run.decide("retry")
    undos = [call for call in run.calls if call.step == "create" and call.direction == "undo"]
    assert {call.key for call in undos} == {"r/create/1"}
    assert [call.visit for call in undos] == [1, 1, 2, 2, 3]
    assert run.result == "refunded"
    assert run.tries[-2:] == ["email.failure/1", "sms.failure/1"]


def test_every_undo_that_is_stuck_is_tried_again_by_one_decision() -> None:
    run = play(STUCK | {"undo charge": [*DOWN, "unavailable"]}, ask=False)
    assert run.asking is not None and run.asking[1].step == "create"
    run.decide("retry")
    assert run.tries[-5:] == ["undo create/1", "undo charge/1", "undo charge/1", "email.failure/1", "sms.failure/1"]
    assert run.result == "refunded"


def test_nothing_is_undone_twice() -> None:
    run = play({"ship": DOWN, "undo charge": DOWN}, ask=False).decide("retry")
    assert [run.tries.count(f"undo {step}/1") for step in ("book", "create", "charge")] == [1, 1, 3]


# Controls


def in_flight(
    call: str, *controls: Any, script: dict[str, list[Any]] | None = None, request: OrderRequest = CARD
) -> Play:
    """A run that is controlled while a call is in flight."""
    run = Play(script)
    run.before[call] = lambda: [run.take_control(control, run.now) for control in controls] and None
    return run.play(saga(request), request)


def test_cancel_before_the_pivot_undoes_everything_and_sends_nothing() -> None:
    run = in_flight("book", "cancel")
    assert run.tries[3:] == ["book/1", "undo book/1", "undo create/1", "undo charge/1"]
    assert run.result == "cancelled"
    assert {"event": "undoing", "cancelled": True} in run.events


def test_cancel_between_attempts_ends_the_visit() -> None:
    run = in_flight("book", "cancel", script={"book": DOWN})
    assert run.tries.count("book/1") == 1
    assert run.result == "cancelled"
    assert "failed" not in names(run)


def test_a_cancelled_run_asks_for_no_alternative_and_meets_no_condition() -> None:
    request = CORPORATE.model_copy(update={"conditions": (condition("out_of_stock", "call"),)})
    run = in_flight("book", "cancel", script={"book": DOWN}, request=request)
    assert {"alternative/1", "ticket.book/1"}.isdisjoint(run.tries)


def test_cancel_within_the_alternative_undoes_what_it_did() -> None:
    run = in_flight("difference", "cancel", script=SHORT, request=CORPORATE)
    assert "rebook/1" not in run.tries
    undos = [one for one in run.tries if one.startswith("undo")]
    assert undos == ["undo difference/1", "undo create/1", "undo debit/1"]
    assert run.result == "cancelled"


def test_cancel_while_a_person_is_asked_turns_back() -> None:
    run = play({"ship": DOWN})
    run.take_control("cancel", run.now)
    assert run.status == "running"
    assert run.go_on().result == "cancelled"


def test_cancel_in_a_retry_turns_back() -> None:
    run = play({"ship": DOWN * 2})
    run.before["ship"] = lambda: run.take_control("cancel", run.now)
    run.decide("retry")
    assert run.tries.count("ship/1") == 3
    assert run.result == "cancelled"


def test_a_cancel_while_the_pivots_attempt_is_in_flight_is_overtaken() -> None:
    run = in_flight("ship", "cancel")
    assert {"event": "confirmed", "overtook_cancel": True} in run.events
    assert run.tries[-2:] == ["email/1", "sms/1"]
    assert run.result == "confirmed"


def test_a_cancel_wins_where_the_pivots_attempt_fails() -> None:
    assert in_flight("ship", "cancel", script={"ship": ["unavailable"]}).result == "cancelled"


def test_a_cancelled_run_whose_undo_sticks_is_cancelled_in_the_end() -> None:
    run = in_flight("book", "cancel", script={"undo create": DOWN})
    assert run.where() == "compensation_stuck"
    assert run.tries[-1] == "ticket.stuck/1"
    for control in ("pause", "resume"):
        run.take_control(control, run.now)  # type: ignore[arg-type]
    assert run.where() == "compensation_stuck"
    assert run.decide("retry").result == "cancelled"
    assert "email.failure/1" not in run.tries


def test_pause_lets_the_attempt_in_flight_finish_and_starts_no_other() -> None:
    run = in_flight("create", "pause")
    assert run.tries == ["analyse/1", "charge/1", "create/1"]
    assert run.where() == "paused"
    run.take_control("resume", run.now)
    assert run.go_on().result == "confirmed"


def test_pause_holds_the_way_back_too() -> None:
    run = in_flight(
        "undo book",
        "pause",
        script={"ship": DOWN},
        request=laptops(conditions=(condition("shipping_failed", "cancel"),)),
    )
    assert run.tries[-1] == "undo book/1"
    run.take_control("resume", run.now)
    assert run.go_on().result == "refunded"


def test_a_decision_on_a_paused_run_waits_for_resume() -> None:
    run = play({"ship": DOWN})
    run.take_control("pause", run.now)
    run.decide("retry")
    assert run.tries.count("ship/1") == 2
    run.take_control("resume", run.now)
    assert run.go_on().result == "confirmed"
    assert names(run).count("asked") == 1


# Repair


def repair_of(step: str, edition: int = 1) -> Plan:
    plan = saga(CARD, ONCE)
    found = next(one for one in plan.steps() if one.id == step)
    return plans.repair(found, edition, plan, {"order_id": "ORD_7", "contact": "contact/1", "paid_minor": 5})


def test_a_repair_is_one_step_behind_the_pivot_with_what_its_run_knew() -> None:
    run = Play(run="first").play(repair_of("email", 2), CARD)
    assert [call.key for call in run.calls] == ["first/email/2"]
    assert params(run, "email")["order_id"] == "ORD_7"
    assert names(run) == ["started", "confirmed", "ended"]
    assert run.result == "confirmed"


def test_a_repair_that_fails_asks_and_can_be_let_go() -> None:
    run = Play({"sms": ["unavailable"] * 2}).play(repair_of("sms"), CARD).decide("retry").decide("skip")
    assert run.result == "confirmed_with_issues"


# Purity


def test_the_same_answers_give_the_same_decisions() -> None:
    script = {"book": ["out_of_stock"], "email": DOWN, "debit": ["timeout"]}
    runs = [play({call: list(lines) for call, lines in script.items()}, CORPORATE) for _ in range(2)]
    assert runs[0].calls == runs[1].calls and runs[0].entries == runs[1].entries


def test_the_interpreter_tries_by_the_function_it_is_given() -> None:
    """An explorer passes one that ends done or failed without attempts."""
    performed = []

    async def at_once(world: Any, call: Any, policy: Any, stop: Any) -> Any:
        performed.append(call.step)
        return await world.attempt(call)

    run = Play()
    run.perform(interpret(saga(CARD, TWICE), CARD, run, perform=at_once))
    assert performed == ["analyse", "charge", "create", "book", "ship", "email", "sms"]

"""Orders from start to end on a real engine: money, messages, people's decisions, and what the store keeps."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

from core.errors import (
    DecisionRefused,
    EngineBusy,
    PlanRefused,
    ProfileRefused,
    RequestRefused,
    RunNotFound,
    SagalabError,
    WalletRefused,
)
from core.metrics import recount
from core.models import Condition, Edit, Item, Notifications, OrderRequest, RetryPolicy
from core.services.faults import Profile, Rates
from tests.core.scenes import (
    BOOK,
    CHARGE,
    DEBIT,
    EMAIL,
    LOST,
    ONCE,
    OUT_OF_STOCK,
    REFUSED,
    SHIP,
    SMS,
    TWICE,
    Lab,
    alternative_minor,
    by_name,
    company_order,
    first_offer_gone,
    laptops,
    saga,
)

REFUND = "payment_processing.refund"
CORPORATE = laptops(channel="corporate", wallet="team")
PATIENT = RetryPolicy(attempts=3, first_wait_s=600, longest_s=600)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


def kinds(lab: Lab, id: str) -> Counter[tuple[str, str]]:
    """What was sent about a run: (channel, kind) -> how often."""
    return Counter((message.channel, message.kind) for message in lab.engine.outbox(run=id))


# The way forward


@pytest.mark.parametrize(
    ("name", "request_", "effects"),
    [
        ("saga", laptops(), "charge create book ship email sms"),
        ("saga", CORPORATE, "debit create book ship email sms"),
        ("saga", laptops(convert_to="EUR"), "charge create convert book ship email sms"),
        ("saga", laptops(workflow_type="software_license"), "charge create book email sms"),
        ("sequence", laptops(), "create book charge ship email sms"),
        ("sequence", CORPORATE, "create book debit ship email sms"),
    ],
)
def test_an_order_is_served_by_one_effect_per_step(lab: Lab, name: str, request_: OrderRequest, effects: str) -> None:
    view = lab.run(request_, by_name(name, lab.engine.complete(request_)))
    assert view.row.status == "confirmed"
    assert lab.effects(view.row.id) == [f"{step}/1" for step in effects.split()]
    assert view.money.balanced and view.money.kept == view.money.held
    assert view.money.kept.minor == view.money.captured.minor == lab.kept_minor(view.row.id) > 0
    assert kinds(lab, view.row.id) == {("email", "confirmation"): 1, ("sms", "confirmation"): 1}


def test_every_effect_posts_amounts_that_cancel_out_in_each_currency(lab: Lab) -> None:
    view = lab.run(laptops(convert_to="EUR"))
    sums = lab.rows("select key, currency, sum(minor) from postings group by key, currency")
    assert {currency for _, currency, _ in sums} == {"USD", "EUR"}
    assert all(total == 0 for _, _, total in sums)
    accounts = {account for (account,) in lab.rows("select account from postings where run = ?", view.row.id)}
    assert accounts == {"card", "house", "fx"}


def test_a_company_pays_from_its_wallet(lab: Lab) -> None:
    before = lab.balance("team")
    assert lab.run(CORPORATE).row.status == "confirmed"
    assert lab.balance("team") == before - 200_000


def test_a_run_is_on_disk_when_its_id_is_returned(lab: Lab) -> None:
    lab.faults({CHARGE: REFUSED})
    id = lab.start(retry=PATIENT)
    [(status, requests)] = lab.rows("select status, requests from runs where id = ?", id)
    assert status == "running"
    assert from_json(requests)[0]["items"][0]["name"] == "laptop"
    assert lab.rows("select count(*) from journal where run = ? and kind = 'event'", id) == [(1,)]


def test_a_run_that_needs_nothing_of_a_channel_does_not_use_it(lab: Lab) -> None:
    view = lab.run(laptops(notifications=Notifications(email=False, sms=True, call=True)))
    assert kinds(lab, view.row.id) == {("sms", "confirmation"): 1, ("ticket", "ticket"): 1}


# What is refused before anything starts


def test_an_order_that_cannot_be_served_starts_nothing(lab: Lab) -> None:
    for request, field in (
        (laptops(currency="XXQ"), "currency"),
        (laptops(channel="corporate", wallet="piggy"), "wallet"),
        (OrderRequest(), "items"),
        (OrderRequest(items=(Item(name="sticker", unit_price=Decimal(0)),)), "items"),
    ):
        for ask in (lab.engine.start, lab.engine.quote):
            with pytest.raises(RequestRefused) as refused:
                ask(request)
            assert refused.value.field == field
    assert lab.engine.runs() == []


def test_a_plan_that_is_not_valid_starts_nothing(lab: Lab) -> None:
    plan = saga(laptops())
    without_undo = plan.stages[1][0].model_copy(update={"undo": None})
    broken = plan.model_copy(update={"stages": (plan.stages[0], (without_undo,), *plan.stages[2:])})
    with pytest.raises(PlanRefused) as refused:
        lab.engine.start(laptops(), broken)
    assert refused.value.step == "charge"
    assert lab.engine.runs() == []


def test_too_many_or_no_runs_at_once_are_refused(lab: Lab) -> None:
    for n in (0, -1, 1001):
        with pytest.raises(RequestRefused):
            lab.engine.start_many(laptops(), n)
    assert lab.engine.runs() == []


def test_an_unknown_run_is_not_found(lab: Lab) -> None:
    for ask in (
        lambda: lab.engine.run("r_nope"),
        lambda: lab.engine.control("r_nope", "cancel"),
        lambda: lab.engine.decide("r_nope", "ship", 1, "retry"),
        lambda: lab.engine.repair("r_nope", "email"),
    ):
        with pytest.raises(RunNotFound):
            ask()


# A full queue


def test_a_full_queue_refuses_before_it_accepts(tmp_path: Path) -> None:
    with Lab(tmp_path, max_open_runs=2) as lab:
        lab.faults({CHARGE: REFUSED})
        first, _ = lab.run(), lab.run()
        before = lab.rows("select count(*), (select count(*) from journal) from runs")
        with pytest.raises(EngineBusy, match="2 runs are open"):
            lab.start()
        with pytest.raises(EngineBusy):
            lab.engine.start_many(laptops(), 2)
        assert lab.rows("select count(*), (select count(*) from journal) from runs") == before
        lab.decide(first, "give_up")
        with pytest.raises(EngineBusy):
            lab.engine.start_many(laptops(), 2)
        assert lab.run().row.status == "needs_attention"


# Many at once


def test_many_runs_ask_nobody(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    ids = lab.engine.start_many(laptops(), 5, saga(lab.engine.complete(laptops()), ONCE, ask=False))
    assert len(set(ids)) == 5
    assert [lab.settled(id).row.status for id in ids] == ["refunded"] * 5
    assert lab.engine.plan_for(laptops(), ask=False).stages[1][0].policy == "compensate"


def test_no_wallet_goes_below_zero_however_many_debit_it(lab: Lab) -> None:
    order = laptops(channel="corporate", wallet="small").model_copy(
        update={"items": (Item(name="hub", unit_price=Decimal(30)),)}
    )
    ids = lab.engine.start_many(order, 8)
    ended = Counter(lab.settled(id).row.status for id in ids)
    assert ended == {"confirmed": 3, "rejected": 5}
    assert lab.balance("small") == 1_000


# A wallet that is short


def test_a_short_wallet_is_topped_up_and_the_order_confirmed(lab: Lab) -> None:
    view = lab.run(laptops(channel="corporate", wallet="small"))
    assert view.question is not None and view.question.code == "insufficient_funds"
    assert lab.answers(view.row.id, "debit")[-1]["answer"] == {"short_minor": 190_000}
    assert lab.effects(view.row.id) == []
    lab.engine.top_up("small", 190_000)
    view = lab.decide(view, "retry")
    assert view.row.status == "confirmed"
    assert lab.balance("small") == 0


@pytest.mark.parametrize("named", ["team", "Team "])
def test_another_wallet_pays_where_the_first_is_short(lab: Lab, named: str) -> None:
    view = lab.decide(lab.run(laptops(channel="corporate", wallet="small")), "edit", edit=Edit(wallet=named))
    assert view.row.status == "confirmed"
    assert (lab.balance("small"), lab.balance("team")) == (10_000, 800_000)
    assert lab.effects(view.row.id)[0] == "debit/2"


def test_a_wallet_that_does_not_fit_is_refused_and_the_question_stays(lab: Lab) -> None:
    lab.engine.add_wallet("paris", "EUR", 500_000)
    view = lab.run(laptops(channel="corporate", wallet="small"))
    for wallet, words in (("paris", "holds EUR; this run pays in USD"), ("piggy", "no wallet 'piggy'")):
        with pytest.raises(RequestRefused, match=words):
            lab.decide(view, "edit", edit=Edit(wallet=wallet))
    assert lab.engine.run(view.row.id) == view


def test_items_are_edited_while_nothing_was_taken_and_the_order_is_quoted_anew(lab: Lab) -> None:
    view = lab.run(laptops(channel="corporate", wallet="small"))
    assert "items" in view.editable
    view = lab.decide(view, "edit", edit=Edit(items=(Item(name="mouse", quantity=Decimal(2), unit_price=Decimal(40)),)))
    assert view.row.status == "confirmed"
    assert [answer["edition"] for answer in lab.answers(view.row.id, "analyse")] == [1, 2]
    assert view.request.title() == "2 × mouse"
    assert (view.money.kept.minor, lab.balance("small")) == (8_000, 2_000)


def test_a_notice_takes_nothing_so_items_may_still_be_edited(lab: Lab) -> None:
    view = lab.decide(lab.run(laptops(channel="corporate", wallet="small")), "retry", notice="sms")
    assert kinds(lab, view.row.id) == {("sms", "retry"): 1}
    assert "items" in view.editable


def test_items_are_not_edited_once_money_was_taken(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.run()
    assert "items" not in view.editable
    with pytest.raises(DecisionRefused, match="stays as it is"):
        lab.decide(view, "edit", edit=Edit(items=(Item(name="mouse"),)))


def test_an_order_over_its_budget_is_asked_about_and_served_once_the_budget_grows(lab: Lab) -> None:
    view = lab.run(laptops(budget=1500))
    assert view.question is not None and view.question[1:] == ("analyse", 1, "over_budget")
    view = lab.decide(view, "edit", edit=Edit(budget=Decimal(2500)))
    assert view.row.status == "confirmed"


def test_nothing_is_taken_for_an_edit_that_is_over_budget(lab: Lab) -> None:
    """Retry after it analyses the edited order again instead of taking the old quote."""
    view = lab.run(laptops(channel="corporate", wallet="small"))
    dear = (Item(name="mouse", quantity=Decimal(2), unit_price=Decimal(40)),)
    view = lab.decide(view, "edit", edit=Edit(items=dear, budget=Decimal(50)))
    lab.engine.top_up("small", 500_000)
    view = lab.decide(view, "retry")
    assert view.question is not None and view.question.code == "over_budget"
    view = lab.decide(view, "edit", edit=Edit(budget=Decimal(80)))
    assert (view.row.status, view.money.kept.minor) == ("confirmed", 8_000)


def test_an_edited_address_is_where_the_rest_is_sent(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run(laptops(customer_email="old@keller.example"))
    lab.faults()
    view = lab.decide(view, "edit", edit=Edit(customer_email="new@keller.example"))
    assert view.row.status == "confirmed"
    assert [message.recipient for message in lab.engine.outbox("email", run=view.row.id)] == ["new@keller.example"]


# The payment rule


def test_every_fourth_or_fifth_charge_is_declined(lab: Lab) -> None:
    lab.faults(rule=True)
    declined = [lab.run(retry=ONCE).row.status != "confirmed" for _ in range(14)]
    places = [place for place, met in enumerate(declined) if met]
    assert places[0] == 3
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert len(gaps) >= 2 and set(gaps) <= {4, 5}


def test_a_decline_is_final_for_its_visit_and_the_next_visit_begins_a_cycle(lab: Lab) -> None:
    lab.faults(rule=True)
    views = [lab.run() for _ in range(4)]
    assert [view.row.status for view in views] == ["confirmed"] * 3 + ["needs_attention"]
    [decline] = lab.answers(views[3].row.id, "charge")
    assert (decline["code"], decline["final"], decline["answer"]) == (
        "card_declined",
        True,
        {"rule_since": 3, "rule_length": 3},
    )
    view = lab.decide(views[3], "retry")
    assert view.row.status == "confirmed"
    assert lab.answers(view.row.id, "charge")[-1]["answer"]["rule_since"] == 0
    assert lab.effects(view.row.id)[0] == "charge/1"


def test_a_charge_is_counted_once_however_often_its_key_is_sent(lab: Lab) -> None:
    lab.faults({CHARGE: LOST}, rule=True)
    for _ in range(3):
        view = lab.run()
        assert view.row.status == "confirmed"
        assert [row["direction"] for row in lab.answers(view.row.id, "charge")] == ["do", "do", "close"]
    assert lab.rows("select since, cycle from payment_rule where key = ''") == [(3, 0)]
    lab.faults(rule=True)
    view = lab.run()
    assert view.question is not None and view.question.code == "card_declined"
    assert lab.rows("select since, cycle from payment_rule where key = ''") == [(0, 1)]


def test_the_rule_goes_on_over_a_restart_and_can_be_switched_off(lab: Lab) -> None:
    lab.faults(rule=True)
    for _ in range(3):
        lab.run()
    lab.reopen()
    assert lab.run().row.status == "needs_attention"
    lab.faults()
    assert [lab.run().row.status for _ in range(5)] == ["confirmed"] * 5


# When a step fails for good


def test_give_up_gives_the_money_back_in_reverse_order_and_says_so(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(laptops(convert_to="EUR")), "give_up")
    id = view.row.id
    assert view.row.status == "refunded"
    assert lab.undone(id) == ["book/1", "convert/1", "create/1", "charge/1"]
    assert lab.kept_minor(id) == 0
    assert view.money.refunded == view.money.captured and view.money.captured.minor > 0
    assert kinds(lab, id) == {("email", "failure"): 1, ("sms", "failure"): 1}
    assert {message.subject for message in lab.engine.outbox("email", run=id)} != {""}


def test_where_nothing_was_charged_the_run_is_rejected_and_says_that_no_money_was_taken(lab: Lab) -> None:
    lab.faults({CHARGE: REFUSED})
    view = lab.decide(lab.run(), "give_up")
    assert (view.row.status, lab.kept_minor(view.row.id)) == ("rejected", 0)
    assert "No money was taken" in lab.engine.outbox("email", run=view.row.id)[0].body


def test_a_failed_message_leaves_the_order_confirmed_with_issues(lab: Lab) -> None:
    lab.faults({EMAIL: REFUSED})
    view = lab.run()
    assert view.row.status == "confirmed_with_issues"
    assert kinds(lab, view.row.id) == {("sms", "confirmation"): 1}


@pytest.mark.parametrize(("notice", "channel"), [("email", "email"), ("sms", "sms"), ("call", "ticket")])
def test_a_retry_tells_the_customer_first(lab: Lab, notice: Any, channel: str) -> None:
    lab.faults({BOOK: REFUSED})
    view = lab.run()
    lab.faults()
    view = lab.decide(view, "retry", notice=notice)
    assert view.row.status == "confirmed"
    effects = lab.effects(view.row.id)
    assert effects.index("book/notice/2") == effects.index("book/1") - 1
    [told] = [message for message in lab.engine.outbox(channel, run=view.row.id) if message.kind != "confirmation"]
    assert told.kind == ("ticket" if notice == "call" else "retry")


def test_a_condition_opens_one_ticket_per_visit(lab: Lab) -> None:
    twice = tuple(Condition(event="shipping_failed", then="call") for _ in range(2))
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(laptops(conditions=twice)), "retry")
    id = view.row.id
    assert [key for key in lab.effects(id) if "ticket" in key] == ["ticket.ship/1", "ticket.ship/2"]
    assert kinds(lab, id)["ticket", "ticket"] == 2


def test_skip_is_refused_where_the_order_needs_the_step(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    view = lab.run()
    assert view.choices == ("retry", "edit", "give_up")
    with pytest.raises(DecisionRefused, match=r"'skip' does not fit here\. Choose one of: retry, edit, give_up"):
        lab.decide(view, "skip")
    assert lab.engine.run(view.row.id) == view


def test_a_shipment_may_be_skipped(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.run(), "skip")
    assert view.row.status == "confirmed_with_issues"
    assert view.money.balanced and view.money.held.minor == 200_000


def test_a_shipment_that_comes_too_late_is_told(lab: Lab) -> None:
    view = lab.run(laptops(date="2020-01-01", conditions=(Condition(event="delayed", then="sms"),)))
    assert view.row.status == "confirmed"
    assert lab.effects(view.row.id)[-3:] == ["alert.sms.ship/1", "email/1", "sms/1"]
    assert kinds(lab, view.row.id)["sms", "notice"] == 1


def test_among_many_an_order_over_its_budget_is_rejected(lab: Lab) -> None:
    [id] = lab.engine.start_many(laptops(budget=100), 1)
    assert lab.settled(id).row.status == "rejected"


# The alternative


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> dict[str, Rates]:
    """Rates by which the first offer is out of stock and the alternative is not, in every run of the test."""
    urandom, seed = os.urandom, first_offer_gone().to_bytes(8)
    monkeypatch.setattr("os.urandom", lambda size: seed if size == 8 else urandom(size))
    return {BOOK: Rates(final=0.5)}


def test_a_dearer_alternative_is_paid_for_and_booked(lab: Lab, gone: dict[str, Rates]) -> None:
    lab.faults(gone)
    request = company_order()
    price = alternative_minor(request)
    assert price > 200_000
    view = lab.run(request)
    id = view.row.id
    assert view.row.status == "confirmed"
    assert lab.effects(id) == ["debit/1", "create/1", "difference/1", "rebook/1", "ship/1", "email/1", "sms/1"]
    assert lab.kept_minor(id) == price == view.money.held.minor
    assert view.money.balanced
    assert lab.balance("team") == 1_000_000 - price


def test_a_cheaper_alternative_is_credited_behind_the_pivot(lab: Lab, gone: dict[str, Rates]) -> None:
    lab.faults(gone)
    request = company_order(cheaper=True)
    price = alternative_minor(request)
    assert price < 200_000
    view = lab.run(request)
    id = view.row.id
    assert view.row.status == "confirmed"
    assert lab.effects(id) == ["debit/1", "create/1", "rebook/1", "ship/1", "email/1", "sms/1", "credit/1"]
    assert lab.kept_minor(id) == price == view.money.held.minor
    assert view.money.balanced
    assert lab.balance("team") == 1_000_000 - price


def test_in_a_sequence_the_wallet_is_debited_the_alternatives_price(lab: Lab, gone: dict[str, Rates]) -> None:
    lab.faults(gone)
    for request in (company_order(), company_order(cheaper=True)):
        view = lab.run(request, by_name("sequence", lab.engine.complete(request)))
        assert lab.effects(view.row.id)[:3] == ["create/1", "rebook/1", "debit/1"]
        assert view.money.balanced and view.money.kept.minor == alternative_minor(request)


def test_the_house_stands_in_for_what_an_alternative_costs_in_another_currency(
    lab: Lab, gone: dict[str, Rates]
) -> None:
    lab.faults(gone)
    request = company_order().model_copy(update={"currency": "EUR"})
    view = lab.run(request)
    assert view.row.status == "confirmed"
    assert view.money.balanced and view.money.kept.currency == "USD"
    sums = lab.rows("select currency, sum(minor) from postings group by currency")
    assert sorted(sums) == [("EUR", 0), ("USD", 0)]


@pytest.mark.parametrize("cheaper", [False, True])
def test_a_confirmation_names_what_the_booking_costs(lab: Lab, gone: dict[str, Rates], cheaper: bool) -> None:
    lab.faults(gone)
    request = company_order(cheaper)
    id = lab.run(request).row.id
    paid = f"${alternative_minor(request) / 100:,.2f}"
    assert f"Paid: {paid}" in lab.engine.outbox("email", run=id)[0].body
    assert f"Paid {paid}" in lab.engine.outbox("sms", run=id)[0].body


@pytest.mark.parametrize("cheaper", [False, True])
def test_a_refund_names_all_that_is_given_back(lab: Lab, gone: dict[str, Rates], cheaper: bool) -> None:
    """A dearer alternative's difference with the first debit; of a cheaper one nothing was credited yet."""
    lab.faults(gone | {SHIP: REFUSED})
    request = company_order(cheaper)
    view = lab.decide(lab.run(request), "give_up")
    assert (view.row.status, lab.balance("team")) == ("refunded", 1_000_000)
    debits = ["create/1", "debit/1"] if cheaper else ["difference/1", "create/1", "debit/1"]
    assert lab.undone(view.row.id) == ["rebook/1", *debits]
    paid = f"${max(alternative_minor(request), 200_000) / 100:,.2f}"
    assert f"You get {paid} back" in lab.engine.outbox("email", run=view.row.id)[0].body


def test_a_refund_does_not_name_a_difference_that_was_given_back_before(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.decide(lab.run(company_order()), "give_up")
    assert "difference/1" in lab.undone(view.row.id)
    assert "You get $2,000.00 back" in lab.engine.outbox("email", run=view.row.id)[0].body


def test_an_alternative_that_fails_is_undone_at_once(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.run(company_order())
    id = view.row.id
    assert view.question is not None and view.question[1:] == ("book", 1, "out_of_stock")
    assert lab.effects(id) == ["debit/1", "create/1", "difference/1"]
    assert lab.undone(id) == ["difference/1"]
    assert lab.kept_minor(id) == 200_000
    view = lab.decide(view, "give_up")
    assert (view.row.status, lab.balance("team")) == ("refunded", 1_000_000)
    assert lab.undone(id) == ["difference/1", "create/1", "debit/1"]
    assert "You get $2,000.00 back" in lab.engine.outbox("email", run=id)[0].body


def test_once_money_is_taken_the_wallet_stays(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.run(company_order())
    assert view.question is not None and "wallet" not in view.editable
    with pytest.raises(DecisionRefused, match="Wallet can't be changed now: what was charged"):
        lab.engine.decide(view.row.id, "book", 1, "edit", edit=Edit(wallet="small"))


def test_a_wallet_too_short_for_the_difference_is_asked_about(lab: Lab) -> None:
    lab.engine.add_wallet("exact", "USD", 200_000)
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.run(company_order().model_copy(update={"wallet": "exact"}))
    assert view.question is not None and view.question.step == "book"
    assert lab.answers(view.row.id, "difference")[-1]["code"] == "insufficient_funds"
    assert (lab.balance("exact"), lab.undone(view.row.id)) == (0, [])


def test_out_of_stock_by_card_gives_the_money_back(lab: Lab) -> None:
    lab.faults({BOOK: OUT_OF_STOCK})
    view = lab.decide(lab.run(), "give_up")
    assert (view.row.status, lab.kept_minor(view.row.id)) == ("refunded", 0)
    assert lab.answers(view.row.id, "alternative") == []


# A compensation that sticks


def test_a_stuck_refund_is_owed_over_a_restart_and_paid_with_the_same_key(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, REFUND: REFUSED})
    view = lab.decide(lab.run(), "give_up")
    id = view.row.id
    assert (view.row.status, view.money.owed.minor, view.choices) == ("compensation_stuck", 200_000, ("retry",))
    assert lab.undone(id) == ["book/1", "create/1"]
    assert kinds(lab, id) == {("ticket", "ticket"): 1}
    assert lab.engine.health().stuck == 1
    lab.reopen()
    assert lab.engine.run(id).row.status == "compensation_stuck"
    lab.faults({SHIP: REFUSED})
    view = lab.decide(lab.engine.run(id), "retry")
    assert view.row.status == "refunded"
    assert lab.undone(id) == ["book/1", "create/1", "charge/1"]
    undos = [row for row in lab.answers(id, "charge") if row["direction"] == "undo"]
    assert {(row["edition"], row["code"]) for row in undos} == {(1, "unavailable"), (1, None)}
    assert [row["visit"] for row in undos] == [1, 1, 2]
    assert (view.money.owed.minor, lab.kept_minor(id)) == (0, 0)


def test_a_stuck_credit_is_owed_until_it_is_paid(lab: Lab, gone: dict[str, Rates]) -> None:
    lab.faults(gone | {"payment_processing.credit_wallet": REFUSED})
    request = company_order(cheaper=True)
    view = lab.run(request)
    assert view.question is not None and view.question[:2] == ("compensation_stuck", "credit")
    assert (view.money.owed.minor, view.money.captured.minor) == (200_000 - alternative_minor(request), 200_000)
    lab.faults()
    view = lab.decide(view, "retry")
    assert (view.row.status, view.money.balanced, view.money.owed.minor) == ("confirmed", True, 0)
    assert lab.effects(view.row.id)[-2:] == ["ticket.stuck/1", "credit/1"]


# Controls


def in_backoff(lab: Lab, rates: dict[str, Rates], step: str, request: OrderRequest | None = None) -> str:
    """A run that waits ten minutes for the second attempt of a step."""
    lab.faults(rates)
    id = lab.start(request, retry=PATIENT)
    lab.until(id, lambda view: bool(lab.answers(id, step)))
    return id


def test_pause_keeps_the_rest_of_the_backoff_and_retry_now_ends_it(lab: Lab) -> None:
    id = in_backoff(lab, {BOOK: REFUSED}, "book")
    assert lab.engine.run(id).row.status == "running"
    lab.engine.control(id, "pause")
    assert lab.engine.run(id).row.status == "paused"
    with pytest.raises(DecisionRefused, match="paused already"):
        lab.engine.control(id, "pause")
    lab.engine.control(id, "resume")
    assert len(lab.answers(id, "book")) == 1
    lab.engine.control(id, "hurry")
    lab.until(id, lambda view: len(lab.answers(id, "book")) == 2)
    lab.engine.control(id, "hurry")
    assert lab.settled(id).row.status == "needs_attention"
    with pytest.raises(DecisionRefused, match="Nothing is waiting"):
        lab.engine.control(id, "hurry")


def test_cancel_before_the_pivot_takes_everything_back_and_sends_nothing(lab: Lab) -> None:
    id = in_backoff(lab, {BOOK: REFUSED}, "book")
    assert lab.engine.run(id).cancel_refusal == ""
    lab.engine.control(id, "cancel")
    view = lab.settled(id)
    assert (view.row.status, lab.kept_minor(id)) == ("cancelled", 0)
    assert lab.undone(id) == ["create/1", "charge/1"]
    assert lab.engine.outbox(run=id) == []
    with pytest.raises(DecisionRefused, match="an ended run never changes"):
        lab.engine.control(id, "cancel")


def test_cancel_while_a_person_is_asked(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, REFUND: REFUSED})
    view = lab.run()
    lab.engine.control(view.row.id, "cancel")
    stuck = lab.settled(view.row.id, ("compensation_stuck",))
    with pytest.raises(DecisionRefused, match="already being undone"):
        lab.engine.control(view.row.id, "cancel")
    assert stuck.cancel_refusal == "The run is already being undone."
    lab.faults()
    assert lab.decide(stuck, "retry").row.status == "cancelled"


def test_cancel_behind_the_pivot_is_refused_with_the_reason(lab: Lab) -> None:
    id = in_backoff(lab, {EMAIL: REFUSED}, "email")
    reason = "The order is confirmed: nothing is undone from here on."
    assert lab.engine.run(id).cancel_refusal == reason
    with pytest.raises(DecisionRefused) as refused:
        lab.engine.control(id, "cancel")
    assert (str(refused.value), refused.value.run) == (reason, id)


def test_a_cancel_in_the_pivots_last_attempt_is_overtaken(lab: Lab) -> None:
    lab.faults({SHIP: LOST}, call_timeout_s=0.4)
    id = lab.start()
    lab.until(id, lambda view: "ship/1" in lab.effects(id))
    lab.engine.control(id, "cancel")
    view = lab.settled(id)
    assert view.row.status == "confirmed"
    assert {"event": "confirmed", "overtook_cancel": True} in lab.events(id)
    assert lab.undone(id) == []
    assert any("a cancel came too late" in event.text for event in view.events)


# Two people at once


def test_of_two_who_decide_at_once_one_wins(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run()
    lab.faults()
    barrier, met = threading.Barrier(6), []

    def decide(choice: Any) -> None:
        barrier.wait()
        try:
            lab.engine.decide(view.row.id, "ship", 1, choice)
            met.append(choice)
        except DecisionRefused as refused:
            met.append(str(refused))

    threads = [threading.Thread(target=decide, args=(choice,)) for choice in ("retry", "give_up", "skip") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [one for one in met if one in ("retry", "give_up", "skip")]
    assert len(won) == 1
    assert all("no longer open" in one or "has ended" in one for one in met if one not in won)
    ended = lab.settled(view.row.id).row.status
    assert ended == {"retry": "confirmed", "give_up": "refunded", "skip": "confirmed_with_issues"}[won[0]]
    assert lab.rows("select count(*) from journal where kind = 'decision'") == [(1,)]


def test_a_question_that_was_decided_is_closed(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run()
    with pytest.raises(DecisionRefused, match="no longer open"):
        lab.engine.decide(view.row.id, "ship", 2, "retry")
    lab.decide(view, "retry")
    with pytest.raises(DecisionRefused, match="no longer open"):
        lab.engine.decide(view.row.id, "ship", 1, "retry")


# Fault profiles


def test_a_retry_uses_the_profile_that_is_active_then_and_says_which(lab: Lab) -> None:
    first = lab.faults({BOOK: REFUSED})
    view = lab.run()
    assert view.profile == first.version
    second = lab.faults({EMAIL: REFUSED})
    view = lab.decide(view, "retry")
    assert view.row.status == "confirmed_with_issues"
    [(body,)] = lab.rows("select body from journal where kind = 'decision'")
    assert from_json(body)["profile"] == second.version == view.profile


def test_a_run_keeps_its_profile_until_a_person_retries(lab: Lab) -> None:
    id = in_backoff(lab, {BOOK: REFUSED}, "book")
    lab.faults()
    for _ in range(2):
        lab.engine.control(id, "hurry")
        lab.until(id, lambda view: not view.steps or view.question is not None or len(lab.answers(id, "book")) == 2)
    assert lab.settled(id).row.status == "needs_attention"
    assert {row["code"] for row in lab.answers(id, "book")} == {"unavailable"}


def test_versions_of_a_profile_grow_and_stay(lab: Lab) -> None:
    first, second = lab.faults({BOOK: REFUSED}), lab.faults({SHIP: REFUSED})
    assert second.version == first.version + 1
    assert lab.engine.profile() == second
    lab.reopen()
    assert lab.engine.profile() == second
    bodies = dict(lab.rows("select version, body from profiles"))
    assert Profile.model_validate_json(bodies[first.version]) == first


def test_a_profile_out_of_bounds_is_refused(lab: Lab) -> None:
    before = lab.engine.profile()
    with pytest.raises(ProfileRefused):
        lab.engine.save_profile(Profile.model_construct(**before.model_dump() | {"latency_ms": -1}))
    assert lab.engine.profile() == before


# Everything at once


FLAKY = Rates(refused=0.15, lost=0.15, slow=0.1)
ACTIONS = (
    *("order_creation.create", CHARGE, DEBIT, "payment_processing.credit_wallet", "currency_conversion.convert"),
    *(SHIP, EMAIL, SMS, "call_center_trigger.open_ticket", REFUND, "payment_processing.restore_wallet"),
    *("order_creation.release", "order_creation.cancel", "currency_conversion.reverse", "shipping_confirmation.cancel"),
)


def test_whatever_fails_over_restarts_money_and_bookings_agree(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.worlds.fate.LATEST_S", 0.1)
    booking = FLAKY.model_copy(update={"final": 0.3})
    lab.faults(dict.fromkeys(ACTIONS, FLAKY) | {BOOK: booking}, rule=True)
    lab.engine.add_wallet("many", "USD", 5_000_000)
    wish = (Condition(event="delayed", then="cancel"), Condition(event="out_of_stock", then="sms"))
    orders = [
        laptops(convert_to="EUR"),
        company_order().model_copy(update={"wallet": "many", "currency": "EUR"}),
        company_order(cheaper=True).model_copy(update={"wallet": "many", "conditions": wish[1:]}),
        laptops(date="2020-01-01", conditions=wish),
    ]
    ids = []
    for number, order in enumerate(orders):
        request = lab.engine.complete(order)
        plan = by_name(("saga", "sequence")[number % 2], request, TWICE, ask=False)
        ids += lab.engine.start_many(request, 12, plan)
    for _ in range(2):
        lab.reopen()
    for view in [lab.settled(id) for id in ids]:
        if view.row.status == "compensation_stuck":
            lab.faults()
            lab.decide(view, "retry")
    for view in [lab.engine.run(id) for id in ids]:
        confirmed = view.row.status.startswith("confirmed")
        held = {key.partition("/")[0] for key in done(lab, view.row.id)}
        assert not view.live and view.money.balanced
        assert lab.kept_minor(view.row.id) == view.money.held.minor
        assert len(held & {"book", "rebook"}) == confirmed
        if not confirmed:
            assert held <= {"email.failure", "sms.failure", "call.failure", "alert.sms.book", "ticket.stuck"}
        sent = kinds(lab, view.row.id)
        assert all(n <= confirmed for (_, kind), n in sent.items() if kind == "confirmation")
    assert {total for (total,) in lab.rows("select sum(minor) from postings group by currency")} == {0}
    for name, minor in lab.rows("select name, minor from wallets"):
        assert lab.rows("select sum(minor) from postings where account = ?", f"wallet:{name}") == [(minor,)]
        assert minor >= 0


def done(lab: Lab, id: str) -> list[str]:
    """The effects of a run that stand, as step/edition."""
    found = lab.rows("select key from ledger where run = ? and state = 'done'", id)
    return [key.removeprefix(f"{id}/") for (key,) in found]


# What the store shows


def test_contact_data_are_only_in_the_request_and_the_outbox(lab: Lab) -> None:
    secrets = ("mara.keller@example.org", "+49 151 5550177", "Hidden Lane 7")
    lab.faults({SHIP: REFUSED, EMAIL: Rates(refused=0.5)})
    wishes = (Condition(event="shipping_failed", then="sms"), Condition(event="shipping_failed", then="call"))
    view = lab.run(laptops(customer_email=secrets[0], phone_number=secrets[1], address=secrets[2], conditions=wishes))
    lab.faults()
    lab.decide(view, "edit", notice="email", edit=Edit(address=f"{secrets[2]}, back door"))
    tables = [name for (name,) in lab.rows("select name from sqlite_master where type = 'table'")]
    holding = {
        secret: {table for table in tables if secret in str(lab.rows(f"select * from {table}"))} for secret in secrets
    }
    assert "journal" in tables and "ledger" in tables
    assert set.union(*holding.values()) <= {"runs", "outbox"}
    assert all("runs" in found for found in holding.values())
    assert "outbox" in holding[secrets[0]] and "outbox" in holding[secrets[1]]


def test_what_is_shown_of_a_run_is_of_one_moment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends between the reading of its row and of its journal."""
    id = in_backoff(lab, {BOOK: REFUSED}, "book")
    queries = lab.engine._queries
    read = queries.journal

    def read_later(run: str) -> Any:
        monkeypatch.setattr(queries, "journal", read)
        lab.engine.control(id, "cancel")
        lab.settled(id)
        return read(run)

    monkeypatch.setattr(queries, "journal", read_later)
    view = lab.engine.run(id)
    assert (view.row.status, view.events[-1].text) == ("cancelled", "Ended: cancelled")


def test_runs_are_listed_newest_first_and_found_by_status_and_words(lab: Lab) -> None:
    confirmed = lab.run(laptops(), saga(lab.engine.complete(laptops())))
    lab.faults({SHIP: REFUSED})
    parked = lab.run(company_order())
    assert [row.id for row in lab.engine.runs()] == [parked.row.id, confirmed.row.id]
    assert [row.id for row in lab.engine.runs(limit=1)] == [parked.row.id]
    assert [row.id for row in lab.engine.runs(("confirmed",))] == [confirmed.row.id]
    assert [row.id for row in lab.engine.runs(search="LAPTOP")] == [confirmed.row.id]
    assert [row.id for row in lab.engine.runs(search=parked.row.id)] == [parked.row.id]
    assert lab.engine.runs(search="%") == []


def test_the_metrics_are_a_recount_of_the_journal(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, EMAIL: LOST})
    lab.decide(lab.decide(lab.run(), "retry"), "skip")
    lab.run(company_order(), saga(company_order(), ONCE, ask=False))
    counted = {row for row in recount(lab.engine._queries.whole_journal()) if row.grain != "minute"}
    kept = lab.rows("select grain, at, service, action, result, code, bin, n from rollup where grain != 'minute'")
    assert set(kept) == counted != set()


def test_following_a_run_waits_for_what_is_committed_after(lab: Lab) -> None:
    id = in_backoff(lab, {BOOK: REFUSED}, "book")
    seq = lab.engine.run(id).seq
    assert lab.engine.wait(id, seq - 1, 5) == seq
    started = time.monotonic()
    assert lab.engine.wait(id, seq, 0.05) == seq
    assert time.monotonic() - started >= 0.05
    seen: list[int] = []
    follower = threading.Thread(target=lambda: seen.append(lab.engine.wait(id, seq, 10)))
    follower.start()
    lab.engine.control(id, "pause")
    follower.join(10)
    assert seen == [seq + 1]


def test_following_a_run_that_ended_or_is_unknown_does_not_wait(lab: Lab) -> None:
    view = lab.run()
    started = time.monotonic()
    assert lab.engine.wait(view.row.id, view.seq, 10) == view.seq
    lab.engine.wait("r_nope", 0, 10)
    assert time.monotonic() - started < 5


# Wallets, rates, health


def test_wallets_are_opened_and_topped_up_from_outside(lab: Lab) -> None:
    lab.engine.add_wallet(" paris office ", "EUR", 5_000)
    lab.engine.top_up("paris office", 250)
    assert lab.balance("paris office") == 5_250
    assert lab.rows("select sum(minor) from postings where currency = 'EUR'") == [(0,)]


def test_a_wallet_that_cannot_be_opened_is_refused(lab: Lab) -> None:
    before = lab.engine.wallets()
    for name, currency, minor in (
        ("", "USD", 1),
        ("a" * 41, "USD", 1),
        ("a:b", "USD", 1),
        ("team", "USD", 1),
        ("new", "XXQ", 1),
        ("new", "USD", -1),
        ("new", "USD", 10**14),
    ):
        with pytest.raises(WalletRefused):
            lab.engine.add_wallet(name, currency, minor)
    assert lab.engine.wallets() == before


def test_a_top_up_that_does_not_fit_is_refused(lab: Lab) -> None:
    for name, minor in (("piggy", 1), ("team", 0), ("team", -5), ("team", 10**13)):
        with pytest.raises(WalletRefused):
            lab.engine.top_up(name, minor)
    assert lab.balance("team") == 1_000_000


def test_rates_are_shown_without_asking_outside(lab: Lab) -> None:
    assert lab.engine.rate_status("USD", "EUR").source == "fallback_rates"
    assert lab.engine.check_rates("USD", "EUR").source == "fallback_rates"
    with pytest.raises(RequestRefused):
        lab.engine.rate_status("USD", "XXQ")


def test_health_counts_what_is_open_and_what_waits(lab: Lab) -> None:
    lab.run()
    lab.faults({DEBIT: REFUSED})
    lab.run(CORPORATE)
    health = lab.engine.health()
    assert (health.ok, health.open_runs, health.parked, health.stuck) == (True, 1, 1, 0)
    assert health.store == str(lab.path)


def test_every_service_is_listed_with_what_it_can_do_and_what_it_met(lab: Lab) -> None:
    lab.faults({SMS: REFUSED})
    lab.run(retry=ONCE)
    found = {service.name: service for service in lab.engine.services()}
    assert len(found) == 7
    assert {"charge", "refund", "debit_wallet"} <= set(found["payment_processing"].actions)
    assert (found["sms_notification"].calls, found["sms_notification"].failed) == (1, 1)
    assert found["sms_notification"].last_error == "gateway temporarily unavailable"
    assert found["currency_conversion"].health == "unused"


def test_every_refusal_is_an_error_of_sagalab() -> None:
    for error in (DecisionRefused, EngineBusy, PlanRefused, ProfileRefused, RequestRefused, RunNotFound, WalletRefused):
        assert issubclass(error, SagalabError)

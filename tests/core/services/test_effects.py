"""Effects by key, whatever the ledger: done once, undone once, closed for good."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.models import Call, Item, OrderRequest, Reply
from core.services.base import PaymentRule
from core.services.effects import LedgerRow, answer_pure, is_pure, make_request, order_at
from core.services.order_creation import Analyse
from tests.core.services.ledgers import Ledger

CHARGE, REFUND = "payment_processing.charge", "payment_processing.refund"
MONEY = {"pay_currency": "USD", "quote_minor": 900}
LAPTOPS = OrderRequest(items=(Item(name="laptop", quantity=2, unit_price=1000),))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(LAPTOPS)


def closed(code: str = "closed") -> Reply:
    return Reply(code, final=True)


def test_a_do_is_recorded_with_its_parameters_and_answer(ledger):
    reply = ledger.do(CHARGE, MONEY)
    assert ledger.rows == {("payment_processing", "r1/step/1"): LedgerRow("done", CHARGE, MONEY, dict(reply.answer))}
    assert (reply.code, reply.final, reply.unknown, reply.spent) == (None, False, False, False)


def test_the_same_again_gets_the_first_answer_even_where_it_would_be_refused_now(ledger):
    first = ledger.do(CHARGE, MONEY)
    assert ledger.do(CHARGE, MONEY, refusal="out_of_stock", visit=2) == first
    assert ledger.lines() == [("card", "USD", -900), ("house", "USD", 900)]


@pytest.mark.parametrize("other", [MONEY | {"quote_minor": 901}, MONEY | {"pay_currency": "EUR"}])
def test_other_parameters_under_the_same_key_are_refused_for_good(ledger, other):
    ledger.do(CHARGE, MONEY)
    assert ledger.do(CHARGE, other) == closed("conflict")
    assert len(ledger.postings) == 2


def test_another_step_or_edition_is_another_effect(ledger):
    ledger.do(CHARGE, MONEY)
    ledger.do(CHARGE, MONEY, edition=2)
    ledger.do(CHARGE, MONEY, step="other")
    assert ledger.states() == {"step/1": "done", "step/2": "done", "other/1": "done"}


def test_undo_posts_the_opposite_of_what_was_posted_and_only_once(ledger):
    ledger.do(CHARGE, MONEY)
    assert ledger.undo(REFUND) == ledger.undo(REFUND) == Reply(None, {})
    assert ledger.lines()[2:] == [("card", "USD", 900), ("house", "USD", -900)]
    assert ledger.states() == {"step/1": "undone"}
    assert ledger.rows["payment_processing", "r1/step/1"].params == MONEY
    assert ledger.do(CHARGE, MONEY) == closed()


def test_undo_of_nothing_voids_the_key(ledger):
    assert ledger.undo(REFUND) == Reply(None, {})
    assert ledger.states() == {"step/1": "void"}
    assert ledger.do(CHARGE, MONEY) == closed()
    assert ledger.do(CHARGE, MONEY | {"quote_minor": 1}) == closed()
    assert ledger.undo(REFUND) == Reply(None, {})
    assert ledger.postings == []


def test_close_keeps_what_happened_and_voids_what_did_not(ledger):
    first = ledger.do(CHARGE, MONEY)
    assert ledger.close(CHARGE, MONEY) == first
    assert ledger.close(CHARGE, MONEY, step="other") == Reply(None, {})
    assert ledger.states() == {"step/1": "done", "other/1": "void"}
    assert ledger.do(CHARGE, MONEY, step="other") == closed()
    ledger.undo(REFUND)
    assert ledger.close(CHARGE, MONEY) == Reply(None, {})
    assert ledger.states()["step/1"] == "undone"


def test_a_refusal_says_why_and_leaves_nothing(ledger):
    debit = {"wallet": "team", "pay_currency": "USD", "amount_minor": 1_000_001}
    reply = ledger.do("payment_processing.debit_wallet", debit)
    assert reply == Reply("insufficient_funds", {"short_minor": 1}, final=True)
    assert ledger.rows == {} and ledger.postings == []


def test_a_decline_met_before_is_met_again_in_the_same_visit_only():
    ledger = Ledger(rule=PaymentRule(3, 3, 0))
    first = ledger.do(CHARGE, MONEY)
    assert first == Reply("card_declined", {"rule_since": 3, "rule_length": 3}, final=True)
    assert ledger.do(CHARGE, MONEY, refusal="out_of_stock") == first
    assert ledger.payment_rule == PaymentRule(0, 4, 1)
    assert ledger.do(CHARGE, MONEY, visit=2).code is None
    assert ledger.payment_rule == PaymentRule(1, 4, 1)
    assert ledger.do(CHARGE, MONEY).code is None, "the effect happened, in whatever visit"


def test_an_injected_refusal_is_final_and_leaves_nothing(ledger):
    book = {"offer": 0, "quote_minor": 5, "price_minor": 5}
    assert ledger.do("order_creation.book", book, refusal="out_of_stock") == closed("out_of_stock")
    assert ledger.states() == {}


# Pure actions


def call(action: str, **params: str) -> Call:
    return Call("r1", "step", action, "do", 1, 1, 1, tuple(params.items()))


def test_only_what_changes_nothing_is_pure(ledger):
    registry = ledger.registry
    assert is_pure(registry, call("order_creation.analyse"))
    assert not is_pure(registry, call("order_creation.create"))
    assert not is_pure(registry, call("order_creation.analyse")._replace(direction="close"))
    assert not is_pure(registry, call("order_creation.cancel")._replace(direction="undo"))


def test_a_pure_action_is_answered_from_the_order_alone(ledger):
    analyse = call("order_creation.analyse", order="order/1", pay_currency="USD")
    request = make_request(ledger.registry, analyse, analyse.params)
    assert request == Analyse(order="order/1", pay_currency="USD")
    reply = answer_pure(ledger.registry, analyse, request, [LAPTOPS])
    assert reply.answer["quote_minor"] == reply.answer["price_minor"] == 200_000
    strict = LAPTOPS.model_copy(update={"budget": Decimal(1)})
    refused = answer_pure(ledger.registry, analyse, request, [strict])
    assert (refused.code, refused.final) == ("over_budget", True)


def test_what_is_undone_or_closed_needs_no_request(ledger):
    assert make_request(ledger.registry, call(REFUND)._replace(direction="undo"), ()) is None
    assert make_request(ledger.registry, call(CHARGE)._replace(direction="close"), ()) is None


def test_a_reference_names_a_version_of_the_order():
    orders = [LAPTOPS, OrderRequest(address="1 New Street")]
    assert [order_at(orders, reference) for reference in ("order/1", "contact/2", "order/2")] == [
        orders[0],
        orders[1],
        orders[1],
    ]
    with pytest.raises(IndexError):
        order_at(orders, "order/3")

"""Cards with the payment rule, and wallets: what is posted, what is answered, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Reply
from core.services.base import PaymentRule
from core.services.payment_processing import wallet_account
from tests.core.services.ledgers import Ledger

CHARGE = "payment_processing.charge"
DEBIT = "payment_processing.debit_wallet"
CREDIT = "payment_processing.credit_wallet"


def wallet(minor: int, name: str = "team", currency: str = "USD") -> dict[str, Any]:
    return {"wallet": name, "pay_currency": currency, "amount_minor": minor}


def test_a_charge_moves_the_quote_from_the_card_to_the_house():
    ledger = Ledger()
    reply = ledger.do(CHARGE, {"pay_currency": "JPY", "quote_minor": 12_400})
    assert ledger.lines() == [("card", "JPY", -12_400), ("house", "JPY", 12_400)]
    assert reply.answer["paid_minor"] == 12_400
    assert reply.answer["payment_status"] == "completed"
    assert reply.answer["payment_id"].startswith("PAY_")
    assert (reply.answer["rule_since"], reply.answer["rule_length"]) == (None, None)


def test_a_charge_tells_the_state_of_the_rule_that_it_met_and_moves_it_on():
    ledger = Ledger(rule=PaymentRule(1, 4, 7))
    reply = ledger.do(CHARGE, {"pay_currency": "USD", "quote_minor": 5})
    assert (reply.answer["rule_since"], reply.answer["rule_length"]) == (1, 4)
    assert ledger.payment_rule == PaymentRule(2, 4, 7)


@pytest.mark.parametrize("length", [3, 4])
def test_the_charge_after_a_full_cycle_is_declined(length):
    ledger = Ledger(rule=PaymentRule(0, length, 0))
    charges = [ledger.do(CHARGE, {"pay_currency": "USD", "quote_minor": 5}, step=f"s{n}") for n in range(length + 2)]
    assert [reply.code for reply in charges] == [None] * length + ["card_declined", None]
    assert charges[length] == Reply("card_declined", {"rule_since": length, "rule_length": length}, final=True)
    assert len(ledger.postings) == 2 * (length + 1)


def test_a_refund_goes_back_in_the_original_currency_and_amount_and_leaves_the_rule():
    ledger = Ledger(rule=PaymentRule(0, 3, 0))
    ledger.do(CHARGE, {"pay_currency": "EUR", "quote_minor": 77})
    ledger.undo("payment_processing.refund")
    assert ledger.lines()[2:] == [("card", "EUR", 77), ("house", "EUR", -77)]
    assert ledger.payment_rule == PaymentRule(1, 3, 0)


def test_a_debit_moves_money_from_the_wallet_to_the_house_and_restoring_it_back():
    ledger = Ledger()
    reply = ledger.do(DEBIT, wallet(900))
    assert ledger.lines() == [("wallet:team", "USD", -900), ("house", "USD", 900)]
    assert (reply.answer["paid_minor"], reply.answer["payment_status"]) == (900, "completed")
    assert ledger.wallets["team"] == ("USD", 999_100)
    ledger.undo("payment_processing.restore_wallet")
    assert ledger.wallets["team"] == ("USD", 1_000_000)
    assert ledger.sums() == {"USD": 0}


def test_a_wallet_can_be_emptied_and_not_more():
    ledger = Ledger()
    short = ledger.do(DEBIT, wallet(5_001, "euro", "EUR"), step="more")
    assert short == Reply("insufficient_funds", {"short_minor": 1}, final=True)
    assert ledger.do(DEBIT, wallet(5_000, "euro", "EUR")).code is None
    assert ledger.do(DEBIT, wallet(1, "euro", "EUR"), step="again").answer == {"short_minor": 1}
    assert ledger.wallets["euro"] == ("EUR", 0)


def test_a_credit_moves_money_from_the_house_to_the_wallet_for_good():
    ledger = Ledger()
    reply = ledger.do(CREDIT, wallet(40))
    assert ledger.lines() == [("house", "USD", -40), ("wallet:team", "USD", 40)]
    assert reply.answer["credited_minor"] == 40
    assert ledger.registry.find(CREDIT)[1].undo is None


@pytest.mark.parametrize("action", [DEBIT, CREDIT])
def test_a_wallet_that_is_not_there_or_holds_another_currency_refuses(action):
    ledger = Ledger()
    assert ledger.do(action, wallet(5, "nobody")) == Reply("unknown_wallet", final=True)
    wrong = ledger.do(action, wallet(5, "euro", "USD"), step="wrong")
    assert wrong == Reply("wrong_currency", {"wallet_currency": "EUR"}, final=True)
    assert ledger.postings == []


def test_payments_of_two_keys_have_two_ids_and_a_replay_has_the_same():
    pay = {"pay_currency": "USD", "quote_minor": 5}
    first, second = Ledger(), Ledger()
    ids = [ledger.do(CHARGE, pay, step=step).answer["payment_id"] for ledger in (first, second) for step in ("a", "b")]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2


def test_the_account_of_a_wallet_names_it():
    assert wallet_account("team") == "wallet:team"

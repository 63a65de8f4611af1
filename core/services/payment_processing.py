"""Payments: cards with the payment rule, wallets that can't go negative. Double entry throughout."""

from __future__ import annotations

from core.errors import Refused
from core.models import Model
from core.services.base import Service, Tx, action, reference

CARD, HOUSE = "card", "house"


def wallet_account(wallet: str) -> str:
    """The account that a wallet's money is posted to."""
    return f"wallet:{wallet}"


class Charge(Model):
    """Take the quote from the customer's card."""

    pay_currency: str
    quote_minor: int


class Charged(Model):
    """The charge. `rule_since` and `rule_length` are the payment rule's state that it met (None: off)."""

    payment_id: str
    paid_minor: int
    payment_status: str
    rule_since: int | None = None
    rule_length: int | None = None


class Debit(Model):
    """Take an amount from a wallet of the same currency; `before_minor` is what was paid for the order before."""

    wallet: str
    pay_currency: str
    amount_minor: int
    before_minor: int = 0


class Debited(Model):
    """The debit. `paid_minor` is all that is paid for the order now."""

    payment_id: str
    debited_minor: int
    paid_minor: int
    payment_status: str


class Credit(Model):
    """Give an amount back to a wallet after the pivot."""

    wallet: str
    pay_currency: str
    amount_minor: int


class Credited(Model):
    """The credit."""

    credit_id: str
    credited_minor: int


class PaymentProcessing(Service):
    """Charges cards, debits and credits wallets; refunds go back in the original currency and amount."""

    name = "payment_processing"
    title = "Payments"
    failure = "payment system temporarily unavailable"
    default_rate = 0.0
    reasons = {
        "card_declined": "card declined",
        "insufficient_funds": "the wallet holds too little",
        "unknown_wallet": "there is no such wallet",
        "wrong_currency": "the wallet holds another currency",
    }

    @action(undo="refund")
    def charge(self, tx: Tx, request: Charge) -> Charged:
        """Charge the card. Raises Refused('card_declined') as the payment rule has it."""
        rule = tx.rule()
        if rule:
            if rule.since >= rule.length:
                tx.decline()
                raise Refused("card_declined", {"rule_since": rule.since, "rule_length": rule.length})
            tx.count_charge()
        tx.post(CARD, request.pay_currency, -request.quote_minor)
        tx.post(HOUSE, request.pay_currency, request.quote_minor)
        return Charged(
            payment_id=reference("PAY", tx.key),
            paid_minor=request.quote_minor,
            payment_status="completed",
            rule_since=rule and rule.since,
            rule_length=rule and rule.length,
        )

    @action(undo="restore_wallet")
    def debit_wallet(self, tx: Tx, request: Debit) -> Debited:
        """Debit the wallet. Raises Refused('insufficient_funds') with what is short."""
        currency, balance = tx.balance(request.wallet)
        if currency != request.pay_currency:
            raise Refused("wrong_currency", {"wallet_currency": currency})
        if balance < request.amount_minor:
            raise Refused("insufficient_funds", {"short_minor": request.amount_minor - balance})
        tx.post(wallet_account(request.wallet), currency, -request.amount_minor)
        tx.post(HOUSE, currency, request.amount_minor)
        paid = request.before_minor + request.amount_minor
        return Debited(
            payment_id=reference("PAY", tx.key),
            debited_minor=request.amount_minor,
            paid_minor=paid,
            payment_status="completed",
        )

    @action()
    def credit_wallet(self, tx: Tx, request: Credit) -> Credited:
        """Credit the wallet with what an alternative costs less."""
        currency, _ = tx.balance(request.wallet)
        if currency != request.pay_currency:
            raise Refused("wrong_currency", {"wallet_currency": currency})
        tx.post(HOUSE, currency, -request.amount_minor)
        tx.post(wallet_account(request.wallet), currency, request.amount_minor)
        return Credited(credit_id=reference("CRD", tx.key), credited_minor=request.amount_minor)

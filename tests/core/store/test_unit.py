"""Effects by key on the real store: once each, undone once, closed for good, and refused without a trace."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.models import Model, Reply
from core.services.base import PaymentRule, Service, Tx, action
from core.services.payment_processing import PaymentProcessing
from core.services.registry import Registry
from core.store import changes
from core.store.unit import Effect, next_cycle
from tests.core.store.stores import ORDER, Store, charge, close, codes, credit, debit, effect, undo

EMAIL = {"contact": "contact/1", "kind": "confirmation"}
TRACES = ("journal", "ledger", "postings", "wallets", "payment_rule", "outbox", "rollup")


def traces(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All that an effect can leave behind."""
    return {name: store.rows(name) for name in TRACES}


def state(store: Store, done: Effect) -> str | None:
    rows = {row[:2]: row[2] for row in store.rows("ledger", "service", "key", "state")}
    return rows.get((done.call.service, done.call.key))


# Once


def test_the_same_key_and_parameters_get_the_first_answer_and_nothing_happens_again(store):
    email = effect("email_notification.send", EMAIL)
    first = store.do(debit(400), email)
    before = traces(store)
    again = store.do(debit(400, attempt=2), email._replace(now=email.now + 3600), debit(400, visit=2))
    assert again == [*first, first[0]]
    assert traces(store) == before
    assert store.balance() == 999_600
    assert len(store.queries.outbox(None, None, 10)) == 1


def test_the_same_key_with_other_parameters_is_a_conflict_and_changes_nothing(store):
    store.do(debit(400))
    before = traces(store)
    refused = Reply("conflict", final=True)
    assert store.do(debit(401), debit(400, wallet="small")) == [refused, refused]
    assert traces(store) == before
    assert store.do(debit(400, edition=2)) != [refused]


def test_the_same_key_in_two_services_is_two_effects(store):
    one = effect("shipping_confirmation.cancel", step="x", direction="undo")
    other = effect("order_creation.cancel", step="x", direction="undo")
    store.do(one, other)
    assert [row[:2] for row in store.rows("ledger")] == [
        ("order_creation", "r1/x/1"),
        ("shipping_confirmation", "r1/x/1"),
    ]


def test_a_replay_of_many_keys_finds_every_one_of_them(store):
    created = [
        effect("order_creation.create", {"order": "order/1", "price_minor": n, "currency": "USD"}, step=f"s{n}")
        for n in range(1005)
    ]
    answers = store.do(*created)
    before = store.rows("ledger")
    for count in (1, 2, 10, 11, 100, 101, 500, 501, 1000, 1005):
        assert store.do(*created[-count:]) == answers[-count:]
    assert store.rows("ledger") == before


# Undone and closed


def test_undo_posts_the_opposite_in_the_original_currency_and_only_once(store):
    paid = charge(1234, "JPY")
    store.do(paid)
    posted = store.rows("postings", "account", "currency", "minor")[-2:]
    assert sorted(posted) == [("card", "JPY", -1234), ("house", "JPY", 1234)]
    assert store.do(undo("refund", paid)) == [Reply(None, {})]
    assert state(store, paid) == "undone"
    back = store.rows("postings", "account", "currency", "minor")[-2:]
    assert back == [(account, currency, -minor) for account, currency, minor in posted]
    before = traces(store)
    assert store.do(undo("refund", paid), undo("refund", paid)) == [Reply(None, {})] * 2
    assert traces(store) == before


def test_undo_of_nothing_writes_void_and_a_late_do_is_refused(store):
    late = debit(400)
    assert store.do(undo("restore_wallet", late)) == [Reply(None, {})]
    assert state(store, late) == "void"
    assert store.do(late, late._replace(refusal="out_of_stock")) == [Reply("closed", final=True)] * 2
    assert store.balance() == 1_000_000
    assert state(store, late) == "void"


def test_a_do_after_its_undo_is_refused(store):
    paid = debit(400)
    assert codes(store.do(paid, undo("restore_wallet", paid), paid)) == [None, None, "closed"]
    assert store.do(paid) == [Reply("closed", final=True)]
    assert store.balance() == 1_000_000


def test_closing_keeps_an_effect_that_happened_with_its_answer(store):
    paid = debit(400)
    (first,) = store.do(paid)
    before = traces(store)
    assert store.do(close(paid)) == [first]
    assert traces(store) == before
    assert store.do(undo("restore_wallet", paid), close(paid)) == [Reply(None, {})] * 2
    assert state(store, paid) == "undone"


def test_closing_nothing_voids_the_key_for_good(store):
    late = debit(400)
    assert store.do(close(late), close(late)) == [Reply(None, {})] * 2
    assert state(store, late) == "void"
    assert codes(store.do(late, undo("restore_wallet", late), late)) == ["closed", None, "closed"]
    assert state(store, late) == "void"
    assert codes(store.do(debit(400, edition=2))) == [None]


@pytest.mark.parametrize("together", [True, False])
def test_a_ledger_row_knows_when_it_was_done_and_when_undone(store, together):
    paid, voided = debit(400), debit(500, step="other")
    calls = [paid, close(voided), undo("restore_wallet", paid), undo("restore_wallet", voided)]
    for group in [calls] if together else [[call] for call in calls]:
        store.do(*group)
    assert store.rows("ledger", "key", "state", "position", "undone_position") == [
        (paid.call.key, "undone", 1, 3),
        (voided.call.key, "void", 2, None),
    ]


# Refused


class Naughty(Service):
    """Writes first and then thinks better of it."""

    name, title, failure, default_rate = "naughty", "Naughty", "sulking", 0.0

    class Wish(Model):
        how: str

    class Done(Model):
        made: int

    @action(undo="unmake")
    def make(self, tx: Tx, request: Naughty.Wish) -> Naughty.Done:
        tx.post("wallet:team", "USD", -900_000)
        tx.post("house", "USD", 900_000)
        tx.send("email", "notice", "someone@example.com", "subject", "body")
        tx.count_charge()
        if request.how == "refused":
            raise Refused("thought_better", {"why": "because"})
        if request.how != "fine":
            raise {"value": ValueError, "lookup": KeyError, "type": TypeError, "division": ZeroDivisionError}[
                request.how
            ]
        return Naughty.Done(made=1)


def naughty(how: str, **where: Any) -> Effect:
    made = effect("order_creation.cancel", direction="undo", **where)
    call = made.call._replace(action="naughty.make", direction="do", params=(("how", how),))
    return made._replace(call=call, request=Naughty.Wish(how=how))


@pytest.fixture
def naughty_store(tmp_path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db", Registry([Naughty(), PaymentProcessing()]))
    yield store
    store.close()


def test_a_refusal_in_a_group_rolls_back_alone(naughty_store):
    store, before = naughty_store, traces(naughty_store)
    replies = store.do(debit(1, step="a"), naughty("refused"), debit(2, step="b"), debit(999_998, step="c"))
    assert replies[1] == Reply("thought_better", {"why": "because"}, final=True)
    assert replies[3] == Reply("insufficient_funds", {"short_minor": 1}, final=True)
    assert codes(replies)[::2] == [None, None]
    assert store.balance() == 999_997
    assert [row[1] for row in store.rows("ledger")] == ["r1/a/1", "r1/b/1"]
    assert {row[4] for row in store.rows("postings")[len(before["postings"]) :]} == {"r1/a/1", "r1/b/1"}
    assert store.rows("outbox") == []
    assert store.rows("payment_rule") == before["payment_rule"]
    assert codes(store.do(naughty("fine"))) == [None]
    assert (store.balance(), store.rule()[0], len(store.rows("outbox"))) == (99_997, 1, 1)


@pytest.mark.parametrize("how", ["value", "lookup", "type", "division"])
def test_a_service_that_breaks_fails_for_good_and_harms_nobody_else(naughty_store, how, caplog):
    store, before = naughty_store, traces(naughty_store)
    with caplog.at_level(logging.ERROR, "core.store.unit"):
        replies = store.do(naughty(how), debit(5, step="a"))
    assert replies[0] == Reply("internal_error", final=True)
    assert replies[1].code is None
    assert "r1/cancel/1" in caplog.text
    assert store.balance() == 999_995
    assert [row[1] for row in store.rows("ledger")] == ["r1/a/1"]
    assert store.rows("outbox") == before["outbox"]


def test_a_final_no_is_met_only_by_a_key_without_a_row_and_leaves_none(store):
    params = {"offer": 0, "quote_minor": 5, "price_minor": 5}
    booked, wanted = (effect("order_creation.book", params, step=step) for step in ("one", "two"))
    (first,) = store.do(booked)
    again = store.do(booked._replace(refusal="out_of_stock"), wanted._replace(refusal="out_of_stock"))
    assert again == [first, Reply("out_of_stock", final=True)]
    assert state(store, wanted) is None
    assert codes(store.do(wanted)) == [None]


def test_a_wallet_that_is_unknown_or_of_another_currency_refuses(store):
    replies = store.do(debit(5, wallet="nobody"), debit(5, currency="EUR", step="e"), credit(5, currency="EUR"))
    assert replies[0] == Reply("unknown_wallet", final=True)
    assert replies[1:] == [Reply("wrong_currency", {"wallet_currency": "USD"}, final=True)] * 2
    assert store.rows("ledger") == []


# Wallets


@pytest.mark.parametrize("size", [1, 30, 100])
def test_of_100_debits_exactly_as_many_succeed_as_fit_whatever_their_groups(store, size):
    debits = [debit(770, wallet="small", run=f"r{n}") for n in range(100)]
    replies = [reply for start in range(0, 100, size) for reply in store.do(*debits[start : start + size])]
    fit = 10_000 // 770
    assert codes(replies) == [None] * fit + ["insufficient_funds"] * (100 - fit)
    assert all(reply.answer == {"short_minor": 770 * (fit + 1) - 10_000} for reply in replies[fit:])
    assert store.balance("small") == 10_000 - 770 * fit
    assert len(store.rows("ledger")) == fit


def test_money_that_comes_back_in_a_group_can_be_spent_in_it(store):
    spent = debit(10_000, wallet="small")
    replies = store.do(
        spent,
        debit(1, wallet="small", run="r2"),
        undo("restore_wallet", spent),
        debit(9_999, wallet="small", run="r3"),
        credit(4, wallet="small", run="r4"),
        debit(5, wallet="small", run="r5"),
        debit(1, wallet="small", run="r6"),
    )
    assert codes(replies) == [None, "insufficient_funds", None, None, None, None, "insufficient_funds"]
    assert store.balance("small") == 0


def test_a_wallet_paid_into_between_groups_has_its_new_balance(store):
    assert codes(store.do(debit(10_001, wallet="small"))) == ["insufficient_funds"]
    store.job(lambda connection: changes.top_up(connection, "small", 1))
    assert codes(store.do(debit(10_001, wallet="small"))) == [None]


# The payment rule


def declines(replies: list[Reply]) -> list[int]:
    """Where in a row of charges one is declined."""
    assert {reply.code for reply in replies} <= {None, "card_declined"}
    return [place for place, reply in enumerate(replies) if reply.code]


@pytest.mark.parametrize("together", [True, False])
def test_every_fourth_or_fifth_charge_is_declined(store, together):
    charges = [charge(run=f"r{n}") for n in range(60)]
    replies = store.do(*charges) if together else [reply for one in charges for reply in store.do(one)]
    places = declines(replies)
    lengths = [later - earlier - 1 for earlier, later in pairwise([-1, *places])]
    assert lengths[0] == 3
    assert set(lengths) == {3, 4}
    assert [replies[place].answer["rule_length"] for place in places] == lengths
    assert all(reply.answer["rule_since"] == reply.answer["rule_length"] for reply in replies if reply.code)
    assert len(store.rows("ledger")) == 60 - len(places)


def test_the_state_of_the_rule_survives_a_restart_in_the_middle_of_a_cycle(tmp_path):
    straight, broken = Store(tmp_path / "straight.db"), Store(tmp_path / "broken.db")
    charges = [charge(run=f"r{n}") for n in range(25)]
    expected, found = straight.do(*charges), []
    for start in range(0, 25, 7):
        found += broken.do(*charges[start : start + 7])
        broken.close()
        broken = Store(tmp_path / "broken.db")
    assert found == expected
    assert broken.rule() == straight.rule()
    straight.close()
    broken.close()


def test_a_decline_is_kept_by_key_and_visit_with_the_state_that_it_met(store):
    store.do(*[charge(run=f"r{n}") for n in range(3)])
    declined = charge(run="r9")
    (reply,) = store.do(declined)
    assert reply == Reply("card_declined", {"rule_since": 3, "rule_length": 3}, final=True)
    assert state(store, declined) is None
    assert ("r9/charge/1", 1, 3, 3, 0) in store.rows("payment_rule")
    assert store.rule() == next_cycle(PaymentRule(3, 3, 0))


def test_the_same_visit_meets_the_same_decline_after_a_crash_and_it_counts_once(tmp_path):
    store = Store(tmp_path / "store.db")
    store.do(*[charge(run=f"r{n}") for n in range(3)])
    declined = charge(run="r9")
    first = store.do(declined, declined._replace(call=declined.call._replace(attempt=2)))
    rule = store.rule()
    store.close()
    store = Store(tmp_path / "store.db")
    again = store.do(declined, charge(run="r9", rule_on=False))
    assert again == first
    assert {reply.code for reply in again} == {"card_declined"}
    assert store.rule() == rule
    assert [row[:2] for row in store.rows("payment_rule")] == [("", 0), ("r9/charge/1", 1)]
    (visited,) = store.do(charge(run="r9", visit=2))
    assert visited.code is None
    assert visited.answer["rule_since"] == 0
    assert store.rule()[0] == 1
    store.close()


def test_a_charge_that_is_asked_for_again_or_undone_counts_once(store):
    paid = charge()
    first = store.do(paid, paid, charge(visit=2))
    assert first[0] == first[1] == first[2]
    store.do(undo("refund", paid), undo("refund", charge(run="never")))
    assert store.rule()[0] == 1


def test_where_the_rule_is_off_charges_neither_meet_it_nor_count(store):
    replies = store.do(*[charge(run=f"r{n}", rule_on=False) for n in range(8)])
    assert declines(replies) == []
    assert all(reply.answer["rule_since"] is None for reply in replies)
    assert store.rule() == (0, 3, 0)


def test_a_rule_met_by_corporate_money_is_none(store):
    store.do(*[debit(1, run=f"r{n}") for n in range(9)])
    assert store.rule() == (0, 3, 0)


def test_the_lengths_of_cycles_are_3_or_4_about_equally_often():
    rule, lengths = PaymentRule(0, 3, 0), []
    for _ in range(2000):
        rule = next_cycle(rule)
        lengths.append(rule.length)
    assert rule.cycle == 2000
    assert set(lengths) == {3, 4}
    assert 900 < lengths.count(3) < 1100


# Any sequence


class Op(NamedTuple):
    """A call on one of a few keys; `amount` picks its parameters, so that the same key meets others too."""

    kind: str
    key: int
    direction: str
    amount: int
    visit: int


UNDO = {"charge": "refund", "debit": "restore_wallet", "convert": "reverse", "create": "cancel"}
OPS = st.builds(
    Op,
    kind=st.sampled_from([*UNDO, "credit"]),
    key=st.integers(1, 3),
    direction=st.sampled_from(["do", "do", "do", "undo", "close"]),
    amount=st.sampled_from([40, 40, 40, 90]),
    visit=st.integers(1, 2),
).filter(lambda op: op.kind in UNDO or op.direction != "undo")


def effect_of(op: Op, run: str) -> Effect:
    where: dict[str, Any] = {"run": run, "edition": op.key, "visit": op.visit}
    if op.kind == "charge":
        made = charge(op.amount, "KWD", **where)
    elif op.kind in ("debit", "credit"):
        made = (debit if op.kind == "debit" else credit)(op.amount, wallet=run, currency="EUR", **where)
    elif op.kind == "convert":
        params = {"pay_currency": "EUR", "quote_minor": op.amount, "currency": "JPY", "price_minor": op.amount * 2}
        made = effect("currency_conversion.convert", params, rate="1.5", **where)
    else:
        params = {"order": "order/1", "price_minor": op.amount, "currency": "EUR"}
        made = effect("order_creation.create", params, **where)
    if op.direction == "undo":
        return undo(UNDO[op.kind], made)
    return close(made) if op.direction == "close" else made


class Expected:
    """What should be answered, by the rules of keys, wallets and cards alone."""

    def __init__(self, rule: PaymentRule, balance: int) -> None:
        self.rule, self.balance = rule, balance
        self.states: dict[tuple[str, int], str] = {}
        self.amounts: dict[tuple[str, int], int] = {}
        self.declined: set[tuple[tuple[str, int], int]] = set()

    def code(self, op: Op) -> str | None:
        key = op.kind, op.key
        state = self.states.get(key)
        if op.direction != "do":
            self.states[key] = (
                "void" if state is None else "undone" if (state, op.direction) == ("done", "undo") else state
            )
            if (state, op.direction, op.kind) == ("done", "undo", "debit"):
                self.balance += self.amounts[key]
            return None
        if state is not None:
            return "closed" if state != "done" else None if self.amounts[key] == op.amount else "conflict"
        code = self.refusal(op, key)
        if code is None:
            self.states[key], self.amounts[key] = "done", op.amount
            self.balance += {"debit": -op.amount, "credit": op.amount}.get(op.kind, 0)
            self.rule = self.rule._replace(since=self.rule.since + (op.kind == "charge"))
        return code

    def refusal(self, op: Op, key: tuple[str, int]) -> str | None:
        if op.kind == "debit" and self.balance < op.amount:
            return "insufficient_funds"
        if op.kind != "charge":
            return None
        if (key, op.visit) not in self.declined and self.rule.since >= self.rule.length:
            self.declined.add((key, op.visit))
            self.rule = next_cycle(self.rule)
        return "card_declined" if (key, op.visit) in self.declined else None


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("unit") / "store.db")
    yield store
    store.close()


@settings(max_examples=60)
@given(groups=st.lists(st.lists(OPS, min_size=1, max_size=8), min_size=1, max_size=5), balance=st.integers(0, 200))
def test_whatever_happens_in_whatever_groups_the_answers_are_those_of_the_rules_and_the_money_adds_up(
    shared_store, groups, balance
):
    store = shared_store
    run = f"r{len(store.rows('wallets'))}"
    store.job(lambda connection: changes.add_wallet(connection, run, "EUR", balance))
    expected = Expected(PaymentRule(*store.rule()), balance)
    for group in groups:
        replies = store.do(*[effect_of(op, run) for op in group])
        assert codes(replies) == [expected.code(op) for op in group]
        assert store.balance(run) == expected.balance >= 0
    assert store.rule() == expected.rule
    steps = {"debit": "debit_wallet", "credit": "credit_wallet"}
    wanted = {f"{run}/{steps.get(kind, kind)}/{key}": state for (kind, key), state in expected.states.items()}
    found = dict(store.rows("ledger", "key", "state"))
    assert {key: found[key] for key in found if key.startswith(f"{run}/")} == wanted
    check_money(store)


def check_money(store: Store) -> None:
    """Postings sum to zero in each currency, at every position too; a wallet holds what its postings add up to."""
    sums: dict[str, int] = defaultdict(int)
    moments: dict[tuple[int, str, str], int] = defaultdict(int)
    accounts: dict[str, int] = defaultdict(int)
    for _, position, _, _, key, account, currency, minor in store.rows("postings"):
        sums[currency] += minor
        moments[position, key, currency] += minor
        accounts[account] += minor
    assert not any(sums.values())
    assert not any(moments.values())
    assert {name: accounts[f"wallet:{name}"] for name, _, _ in store.rows("wallets")} == {
        name: minor for name, _, minor in store.rows("wallets")
    }


def test_messages_go_to_the_whole_address_and_answers_hold_a_masked_one(store):
    (email,), (text,) = (
        store.do(effect("email_notification.send", EMAIL)),
        store.do(effect("sms_notification.send", EMAIL)),
    )
    assert email.answer["email_recipient"] == "m•••@keller.example"
    assert text.answer["sms_phone_number"] == "+49 ••• 00"
    recipients = {row["channel"]: row["recipient"] for row in store.queries.outbox(None, "r1", 5)}
    assert recipients == {"email": ORDER.customer_email, "sms": ORDER.phone_number}
    ledger = str(store.rows("ledger"))
    assert "mara" not in ledger and "5550100" not in ledger

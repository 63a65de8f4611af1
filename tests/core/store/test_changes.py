"""Writes that belong to no run: a fresh store's contents, wallets, profiles, plans, rates, and the rollup's upkeep."""

from __future__ import annotations

from itertools import product

import pytest

from core.errors import NameTaken, SavedRefused, WalletRefused
from core.metrics import COUNT, GRAIN_S, KEEP_S, RollupRow, is_kept, recount
from core.models import Item, OrderRequest
from core.saved import SavedOrder, read_order
from core.services.faults import DEFAULT_PROFILE, PRESETS
from core.services.rates import StoredRates
from core.store import changes
from core.store.changes import LARGEST_MINOR, MOST_SAVED
from tests.core.store.stores import NOW, Store, answer_entry, charge, codes, debit, event_entry


def prepare(store: Store, now: float = NOW) -> None:
    store.job(lambda connection: changes.prepare(connection, now))


def top_up(store: Store, name: str, minor: int) -> None:
    store.job(lambda connection: changes.top_up(connection, name, minor))


# A fresh store


def test_a_fresh_store_has_two_wallets_the_default_profile_and_a_payment_rule(store):
    assert store.rows("wallets") == [("small", "USD", 10_000), ("team", "USD", 1_000_000)]
    assert store.queries.profiles() == {1: DEFAULT_PROFILE.model_copy(update={"version": 1})}
    assert store.rule() == (0, 3, 0)
    assert store.rows("payment_rule") == [("", 0, 0, 3, 0)]
    assert sorted(row[5:] for row in store.rows("postings")) == [
        ("card", "USD", -1_000_000),
        ("card", "USD", -10_000),
        ("wallet:small", "USD", 10_000),
        ("wallet:team", "USD", 1_000_000),
    ]


def test_a_store_in_use_is_prepared_again_without_losing_anything(store):
    store.do(charge(), debit(5_000, wallet="small"))
    store.job(lambda connection: changes.save_profile(connection, PRESETS["calm"], NOW))
    before = store.everything()
    prepare(store)
    assert store.everything() == before


# Wallets


def test_a_top_up_comes_from_outside_by_double_entry(store):
    last = len(store.rows("postings"))
    top_up(store, "small", 25)
    assert store.balance("small") == 10_025
    assert [row[2:] for row in store.rows("postings")[last:]] == [
        ("", "", "", "card", "USD", -25),
        ("", "", "", "wallet:small", "USD", 25),
    ]


@pytest.mark.parametrize(
    ("name", "minor", "sentence"),
    [
        ("nobody", 5, "no wallet 'nobody'"),
        ("small", 0, "above 0"),
        ("small", -5, "above 0"),
        ("small", LARGEST_MINOR, "more than it can"),
    ],
)
def test_a_top_up_that_does_not_fit_is_refused_and_changes_nothing(store, name, minor, sentence):
    before = store.everything()
    with pytest.raises(WalletRefused, match=sentence) as refused:
        top_up(store, name, minor)
    assert refused.value.wallet == name
    assert store.everything() == before


def test_a_wallet_can_be_filled_to_the_brim(store):
    top_up(store, "small", LARGEST_MINOR - 10_000)
    assert store.balance("small") == LARGEST_MINOR
    assert codes(store.do(debit(LARGEST_MINOR, wallet="small"))) == [None]


def test_a_wallet_is_opened_empty_or_filled_and_its_name_is_taken_then(store):
    store.job(lambda connection: changes.add_wallet(connection, "empty", "EUR", 0))
    store.job(lambda connection: changes.add_wallet(connection, "full", "JPY", 7))
    assert [(row["name"], row["currency"], row["minor"]) for row in store.queries.wallets()] == [
        ("empty", "EUR", 0),
        ("full", "JPY", 7),
        ("small", "USD", 10_000),
        ("team", "USD", 1_000_000),
    ]
    before = store.everything()
    for name in ("full", "Full"):  # named as it is written
        with pytest.raises(WalletRefused, match="There is a wallet 'full' already"):
            store.job(lambda connection, name=name: changes.add_wallet(connection, name, "EUR", 1))
    assert store.everything() == before


# Plans, profiles, rates


def test_a_plan_is_kept_once(store):
    for body in ("the first", "another"):
        store.job(lambda connection, body=body: changes.keep_plan(connection, "digest", body))
    assert store.rows("plans") == [("digest", "the first")]


def test_versions_of_a_profile_grow_and_never_change(store):
    saved = [store.job(lambda connection, p=p: changes.save_profile(connection, p, NOW)) for p in PRESETS.values()]
    assert [profile.version for profile in saved] == [2, 3, 4, 5]
    again = store.job(lambda connection: changes.save_profile(connection, saved[0], NOW))
    assert again.version == 6
    found = store.queries.profiles()
    assert found == {1: found[1]} | {profile.version: profile for profile in [*saved, again]}


def test_the_last_good_rates_of_a_base_replace_those_before(store):
    answers = [
        StoredRates("USD", "2026-11-23", NOW, {"EUR": "0.86", "JPY": "155.4"}),
        StoredRates("EUR", "2026-11-23", NOW, {"USD": "1.16"}),
        StoredRates("USD", "2026-11-24", NOW + 60, {"EUR": "0.870000000001"}),
    ]
    for stored in answers:
        store.job(lambda connection, stored=stored: changes.save_rates(connection, stored))
    assert store.rows("rates") == [
        ("EUR", "2026-11-23", NOW, '{"USD": "1.16"}'),
        ("USD", "2026-11-24", NOW + 60, '{"EUR": "0.870000000001"}'),
    ]


# Saved orders


def save(store: Store, name: str, quantity: int = 2, now: float = NOW, replace: bool = False) -> SavedOrder:
    order = SavedOrder(name=name, request=OrderRequest(items=(Item(name="desk", quantity=quantity),)))
    store.job(lambda connection: changes.save_order(connection, order, now, replace))
    return order


def test_saved_orders_are_listed_newest_first_and_read_whole(store):
    saved = [save(store, name, now=NOW + late_s) for name, late_s in (("b", 0), ("a", 0), ("Old", -9), ("new", 9))]
    listed = store.queries.saved_orders()
    assert [row["name"] for row in listed] == ["new", "a", "b", "Old"]
    assert listed[0] == {"name": "new", "at": NOW + 9, "title": "2 × desk", "plan": "saga"}
    assert [read_order(store.queries.saved_order(order.name.upper())) for order in saved] == saved


def test_a_name_that_is_taken_is_refused_with_a_free_one_or_replaced_when_asked(store):
    save(store, "Monday")
    save(store, "monday 2")
    before = store.everything()
    with pytest.raises(NameTaken, match="Save this one as 'MONDAY 3', or replace the other") as refused:
        save(store, "MONDAY", 7)
    assert (refused.value.name, refused.value.free) == ("MONDAY", "MONDAY 3")
    assert store.everything() == before
    newer = save(store, "MONDAY", 7, NOW + 5, replace=True)
    assert [row["name"] for row in store.queries.saved_orders()] == ["MONDAY", "monday 2"]
    assert read_order(store.queries.saved_order("Monday")) == newer


def test_there_is_an_end_to_what_can_be_saved_but_not_to_replacing(store, monkeypatch):
    assert MOST_SAVED == 500
    monkeypatch.setattr(changes, "MOST_SAVED", 2)
    for name in ("a", "b"):
        save(store, name)
    with pytest.raises(SavedRefused, match=r"no more can be\. Delete one"):
        save(store, "c")
    save(store, "b", 9, replace=True)
    with pytest.raises(SavedRefused, match="no more can be"):
        save(store, "c", replace=True)
    store.job(lambda connection: changes.delete_order(connection, "A"))
    save(store, "c", now=NOW + 1)
    assert [row["name"] for row in store.queries.saved_orders()] == ["c", "b"]


def test_what_is_not_saved_is_neither_read_nor_deleted(store):
    save(store, "Monday")
    for ask in (store.queries.saved_order, lambda name: store.job(lambda c: changes.delete_order(c, name))):
        with pytest.raises(SavedRefused, match="There is no saved order 'Friday'") as refused:
            ask("Friday")
        assert refused.value.name == "Friday"
    assert len(store.rows("saved")) == 1


# The rollup


def test_pruning_drops_exactly_what_need_not_be_kept(store):
    ages_s = (0, KEEP_S - 1, KEEP_S, KEEP_S + 1, 40 * 86_400)
    rows = [
        RollupRow(grain, int(NOW) - age_s, "sms_notification", "send", "done", "", bin, 3)
        for grain, age_s, bin in product(GRAIN_S, ages_s, (COUNT, 0, 120))
    ]
    store.job(lambda connection: changes.replace_rollup(connection, rows))
    prepare(store)
    kept = [row for row in rows if is_kept(row.grain, row.at, row.bin, NOW)]
    assert sorted(store.rows("rollup")) == sorted(tuple(row) for row in kept)
    assert 0 < len(kept) < len(rows)


def test_a_recount_of_the_journal_replaces_the_rollup(store):
    store.write(store.open_run("r1")._replace(entries=[event_entry(1), answer_entry(2), answer_entry(3, "timeout")]))
    counted = store.rows("rollup")
    wrong = [RollupRow("day", 86_400, "x", "y", "done", "", COUNT, 9)]
    store.job(lambda connection: changes.replace_rollup(connection, wrong))
    assert store.rows("rollup") == [tuple(row) for row in wrong]
    store.job(lambda connection: changes.replace_rollup(connection, recount(store.queries.whole_journal())))
    assert store.rows("rollup") == counted
    store.job(lambda connection: changes.replace_rollup(connection, []))
    assert store.rows("rollup") == []

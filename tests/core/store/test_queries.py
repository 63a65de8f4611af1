"""What is read of the store: lists, single runs, journals, and counts."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.errors import RunNotFound
from core.metrics import COUNT, GRAIN_S, RollupRow, window_of
from core.models import OUTCOMES, Plan
from core.store import changes
from core.store.writer import Batch
from tests.core.store.stores import NOW, Store, answer_entry, charge, debit, effect, event_entry, undo

PARKED = ("running", "paused", "needs_attention", "compensation_stuck")


def add_runs(store: Store, **rows: dict[str, Any]) -> None:
    """Runs by id, each with what differs from a usual row; a second older than the one before."""
    store.write(*[store.open_run(id, NOW - n, **changed) for n, (id, changed) in enumerate(rows.items())])


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


# Lists


def test_runs_are_listed_newest_first_up_to_a_limit(store):
    add_runs(store, c={}, b={}, a={})
    store.write(store.open_run("d", NOW), store.open_run("e", NOW - 1))
    assert ids(store.queries.list_runs(None, "", 50)) == ["d", "c", "e", "b", "a"]
    assert ids(store.queries.list_runs(None, "", 2)) == ["d", "c"]
    listed = store.queries.list_runs(None, "", 1)[0]
    assert listed == {
        "id": "d",
        "title": "order d",
        "text": "",
        "status": "running",
        "channel": "B2C",
        "plan_name": "saga",
        "created_at": NOW,
        "ended_at": None,
        "parent": None,
    }


def test_runs_are_found_by_their_status(store):
    add_runs(store, **{status: {"status": status} for status in (*OUTCOMES, *PARKED)})
    assert ids(store.queries.list_runs(("paused", "refunded"), "", 50)) == ["refunded", "paused"]
    assert ids(store.queries.list_runs((), "", 50)) == []
    assert ids(store.queries.open_runs()) == list(reversed(PARKED))
    assert store.queries.counts() == dict.fromkeys((*OUTCOMES, *PARKED), 1)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("LAPTOP", ["goods", "quote"]),
        ("  laptop ", ["goods", "quote"]),
        ("50%", ["percent"]),
        ("%", ["percent"]),
        ("_", ["under_score"]),
        ("\\", ["quote"]),
        ("o'clock", ["quote"]),
        ("goods", ["goods"]),
        ("good", ["goods"]),
        ("goo", []),
        ("by noon", ["percent"]),
        ("☃", ["quote"]),
        ("x" * 100_000, []),
        ("   ", ["goods", "percent", "under_score", "quote"]),
    ],
)
def test_runs_are_found_by_words_of_title_and_text_taken_literally(store, search, found):
    add_runs(store, goods={"title": "2 × Laptop"}, percent={"title": "lamp", "text": "at 50% off by noon"},
             under_score={"title": "a_b"}, quote={"title": "laptop at 9 o'clock \\ ☃"})  # fmt: skip
    assert ids(store.queries.list_runs(None, search, 50)) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("r_01", ["r_01a", "r_01b"]),
        (" R_01A ", ["r_01a"]),
        ("r_01ab", []),
        ("01ab", []),
        ("r_0", []),
        ("r%01", []),
        ("____", []),
        ("r-", ["r-"]),
    ],
)
def test_a_run_is_found_by_the_first_characters_of_its_id(store, search, found):
    add_runs(store, **{id: {"title": "lamp"} for id in ("r_01a", "r_01b", "rx01a", "r-")})
    assert ids(store.queries.list_runs(None, search, 50)) == found


def test_status_and_words_hold_both(store):
    add_runs(store, a={"status": "paused", "title": "lamp"}, b={"title": "lamp"}, c={"status": "paused"})
    assert ids(store.queries.list_runs(("paused",), "lamp", 50)) == ["a"]


# One run


def test_a_run_comes_with_its_plan(store):
    add_runs(store, r1={"requests": '[{"wallet":"team"}]', "code": "diverged"})
    row = store.queries.run("r1")
    assert (row["requests"], row["code"], row["fault_seed"]) == ('[{"wallet":"team"}]', "diverged", "f" * 16)
    assert Plan.model_validate_json(row["plan_body"]).name == "saga"
    assert Plan.model_validate_json(store.queries.open_runs()[0]["plan_body"]).name == "saga"


@pytest.mark.parametrize("id", ["", "r2", "R1", "' or 1=1 --", "x" * 10_000])
def test_an_unknown_run_is_not_found_and_said_so(store, id):
    add_runs(store, r1={})
    with pytest.raises(RunNotFound, match="There is no run") as refused:
        store.queries.run(id)
    assert len(str(refused.value)) < 200


def test_the_repairs_of_a_run_are_listed_oldest_first(store):
    add_runs(store, r1={})
    store.write(store.open_run("late", NOW + 9, parent="r1"), store.open_run("early", NOW + 5, parent="r1"))
    repairs = store.queries.repairs("r1")
    assert ids(repairs) == ["early", "late"]
    assert all(row["parent"] == "r1" and row["plan_body"] for row in repairs)
    assert store.queries.repairs("early") == []


# Journals and ledger


def test_journals_are_read_by_run_by_open_runs_and_whole_in_commit_order(store):
    add_runs(store, r1={}, r2={}, ended={"status": "confirmed"}, fresh={})
    store.write(Batch("r2", [event_entry(1)]), Batch("ended", [event_entry(1)]), Batch("r1", [event_entry(1)]))
    store.write(Batch("r1", [answer_entry(2), answer_entry(3)]), Batch("r2", [answer_entry(2)]))
    assert [row.seq for row in store.queries.journal("r1")] == [1, 2, 3]
    assert store.queries.journal("nobody") == store.queries.journal("fresh") == []
    assert [store.queries.last_seq(id) for id in ("r1", "r2", "fresh", "nobody")] == [3, 2, 0, 0]
    assert store.queries.open_journals() == {id: store.queries.journal(id) for id in ("r1", "r2")}
    for chunk in (1, 2, 5000):
        rows = list(store.queries.whole_journal(chunk))
        assert [(row.run, row.seq) for row in rows] == [
            ("r2", 1), ("ended", 1), ("r1", 1), ("r1", 2), ("r1", 3), ("r2", 2)
        ]  # fmt: skip
        assert [row.position for row in rows] == [1, 2, 3, 4, 5, 6]


def test_the_effects_and_postings_of_a_run_are_read_in_their_order(store):
    paid = charge()
    store.do(paid, debit(5, run="r2"), debit(7), undo("refund", paid))
    assert [(row["key"], row["state"]) for row in store.queries.ledger("r1")] == [
        ("r1/charge/1", "undone"),
        ("r1/debit_wallet/1", "done"),
    ]
    assert [(row["account"], row["minor"]) for row in store.queries.postings("r1")] == [
        ("card", -1000),
        ("house", 1000),
        ("wallet:team", -7),
        ("house", 7),
        ("card", 1000),
        ("house", -1000),
    ]
    assert {row["key"] for row in store.queries.postings("")} == {""}


def test_messages_are_read_newest_first_by_channel_and_run(store):
    told = {"contact": "contact/1", "kind": "notice"}
    store.do(
        effect("email_notification.send", told),
        effect("sms_notification.send", told),
        effect("email_notification.send", told, run="r2"),
        effect("call_center_trigger.open_ticket", {"contact": "contact/1"}),
    )

    def sent(channel: str | None, run: str | None, limit: int = 50) -> list[tuple[str, str]]:
        return [(row["channel"], row["run"]) for row in store.queries.outbox(channel, run, limit)]

    assert sent(None, None) == [("ticket", "r1"), ("email", "r2"), ("sms", "r1"), ("email", "r1")]
    assert sent("email", None) == [("email", "r2"), ("email", "r1")]
    assert sent(None, "r1") == [("ticket", "r1"), ("sms", "r1"), ("email", "r1")]
    assert sent("email", "r1") == [("email", "r1")]
    assert sent(None, None, 1) == [("ticket", "r1")]


# The rollup


@pytest.mark.parametrize("window_h", [1, 24, 168])
def test_the_rollup_gives_what_a_window_reads(store, window_h):
    window = window_of(window_h, 1_795_500_000)
    starts = {(window.grain, COUNT): window.start, (window.latency_grain, 7): window.latency_start}
    ats = {start + late_s for start in (window.start, window.latency_start) for late_s in (-60, 0, 60)}
    rows = [
        RollupRow(grain, at, "email_notification", "send", "done", "", bin, 1)
        for grain in GRAIN_S
        for bin in (COUNT, 7)
        for at in ats
    ]
    store.job(lambda connection: changes.replace_rollup(connection, rows))
    wanted = [row for row in rows if row.at >= starts.get((row.grain, row.bin), math.inf)]
    assert sorted(store.queries.rollup([window])) == sorted(wanted)
    assert 0 < len(wanted) < len(rows)


# Threads


def test_any_thread_may_read_while_the_writer_writes_and_sees_whole_groups(store):
    writing = threading.Event()

    def money_is_whole() -> int:
        seen = 0
        while not writing.is_set():
            balance = store.queries.wallets()[1]["minor"]
            effects = len(store.queries.ledger("r1"))
            assert balance % 10 == 0 and effects % 10 == 0
            seen += 1
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(money_is_whole) for _ in range(4)]
        for n in range(30):
            store.write(Batch("r1", effects=[debit(1, edition=n * 10 + i) for i in range(10)]))
        writing.set()
        assert all(reader.result(20) > 0 for reader in readers)
    assert store.balance() == 1_000_000 - 300

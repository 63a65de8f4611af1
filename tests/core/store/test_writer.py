"""The one writer: groups, positions in commit order, and failures that leave nothing behind."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.metrics import recount
from core.models import Row
from core.store import changes, schema
from core.store.writer import Batch
from tests.core.store.stores import NOW, Store, answer_entry, charge, codes, debit, effect, event_entry, undo

WAIT_S = 20.0
FAILURES = (sqlite3.Error, DBAPIError)


@contextmanager
def held_up(store: Store) -> Iterator[None]:
    """The writer is busy meanwhile; whatever is submitted waits."""
    go, busy = threading.Event(), threading.Event()

    def wait(connection: Connection) -> None:
        busy.set()
        assert go.wait(WAIT_S)

    waiting = store.writer.call(wait)
    assert busy.wait(WAIT_S)
    try:
        yield
    finally:
        go.set()
        waiting.result(WAIT_S)


def positions(store: Store) -> list[int]:
    """Every position of journal and ledger, sorted."""
    found = [position for (position,) in store.rows("journal", "position")]
    for done, undone in store.rows("ledger", "position", "undone_position"):
        found += [done] if undone is None else [done, undone]
    return sorted(found)


# Groups


def test_a_group_of_batches_is_one_commit(store):
    opening = [store.open_run(f"r{n}") for n in range(3)]
    before = store.commits
    written = store.write(
        *[batch._replace(entries=[event_entry(1)], effects=[debit(1, run=batch.run)]) for batch in opening]
    )
    assert store.commits == before + 1
    assert [(batch.run, codes(replies)) for batch, replies in written] == [(f"r{n}", [None]) for n in range(3)]
    assert store.balance() == 999_997


def test_what_is_submitted_while_the_writer_is_busy_shares_the_next_commit_in_its_order(store):
    before = store.commits
    with held_up(store):
        for n in range(20):
            batch = Batch(f"r{n}", effects=[debit(1, run=f"r{n}")])
            thread = threading.Thread(target=store.writer.submit, args=([batch],))
            thread.start()
            thread.join()
    written = store.told()
    assert store.commits == before + 2  # the job, and all the batches
    assert [batch.run for batch, _ in written] == [f"r{n}" for n in range(20)]
    by_position = sorted(store.rows("ledger", "position", "run"))
    assert [run for _, run in by_position] == [f"r{n}" for n in range(20)]


def test_everything_of_a_batch_is_written_together(store):
    status = ("confirmed", None, 1, NOW + 9)
    batch = store.open_run("r1")._replace(
        entries=[event_entry(1), answer_entry(2)], effects=[debit(5)], status=status, requests='[{},{"wallet":"team"}]'
    )
    store.write(batch)
    row = store.queries.run("r1")
    assert (row["status"], row["code"], row["ended_at"]) == ("confirmed", None, NOW + 9)
    assert row["requests"] == '[{},{"wallet":"team"}]'
    assert [entry.kind for entry in store.queries.journal("r1")] == ["event", "answer"]
    assert [entry["key"] for entry in store.queries.ledger("r1")] == ["r1/debit_wallet/1"]


def test_the_rollup_counts_in_the_commit_that_it_counts(store):
    store.write(store.open_run("r1")._replace(entries=[event_entry(1), answer_entry(2, "unavailable")]))
    store.write(
        Batch("r1", [answer_entry(3), event_entry(4, "ended", outcome="confirmed")]),
        Batch("r1", [answer_entry(5, at=NOW + 7200)]),
    )
    recounted = {tuple(row) for row in recount(store.queries.whole_journal())}
    assert set(store.rows("rollup")) == recounted
    assert len(recounted) > 8


# Positions


def test_positions_grow_by_one_over_journal_and_ledger_in_commit_order(store):
    paid, other = debit(1), debit(2, step="other")
    store.write(
        store.open_run("r1")._replace(entries=[event_entry(1)], effects=[paid]),
        Batch("r1", [answer_entry(2)], [undo("restore_wallet", other)]),
    )
    store.write(
        Batch("r1", [answer_entry(3), answer_entry(4)], [undo("restore_wallet", paid), paid, debit(10**9, step="x")])
    )
    store.write(Batch("r1", [event_entry(5)], [charge()]))
    assert store.rows("journal", "position", "seq") == [(1, 1), (3, 2), (5, 3), (6, 4), (8, 5)]
    ledger = {row[0]: row[1:] for row in store.rows("ledger", "key", "position", "undone_position")}
    assert ledger == {paid.call.key: (2, 7), other.call.key: (4, None), "r1/charge/1": (9, None)}
    assert positions(store) == list(range(1, 10))
    by_posting = {(row[4], row[1]) for row in store.rows("postings") if row[2]}
    assert by_posting == {(paid.call.key, 2), (paid.call.key, 7), ("r1/charge/1", 9)}


@pytest.mark.parametrize("last", ["journal", "effect", "void", "undo"])
def test_positions_go_on_after_reopening_whatever_was_written_last(tmp_path, last):
    store = Store(tmp_path / "store.db")
    paid = debit(1)
    store.write(store.open_run("r1")._replace(entries=[event_entry(1)], effects=[paid]))
    endings = {
        "journal": Batch("r1", [event_entry(2, "undoing")]),
        "effect": Batch("r1", effects=[charge()]),
        "void": Batch("r1", effects=[undo("refund", charge())]),
        "undo": Batch("r1", effects=[undo("restore_wallet", paid)]),
    }
    store.write(endings[last])
    store.close()
    store = Store(tmp_path / "store.db")
    store.write(Batch("r1", [event_entry(9, "confirmed")], [charge(run="r2")]))
    assert positions(store) == [1, 2, 3, 4, 5]
    assert store.rows("journal", "position")[-1] == (4,)
    store.close()


def test_what_is_refused_or_answered_again_takes_no_position(store):
    store.do(debit(1), debit(1), debit(2), debit(10**9, step="x"), undo("refund", charge(run="r2")))
    store.do(undo("refund", charge(run="r2")), debit(1, visit=2))
    assert positions(store) == [1, 2]


# Failures


def test_one_batch_that_can_not_be_written_keeps_no_other_from_it(store):
    stray = Batch("nobody", [event_entry(1)])  # no such run: the reference is refused
    with held_up(store):
        store.writer.submit([Batch("r1", effects=[debit(900_000)]), stray, Batch("r2", effects=[charge(run="r2")])])
        store.writer.submit([Batch("nobody", effects=[debit(5, run="nobody")])])
    assert [one.batch.run for one in store.told()] == ["r1"]
    with pytest.raises(FAILURES, match="FOREIGN KEY"):
        store.told()
    assert [one.batch.run for one in store.told()] == ["r2"]
    store.job(lambda connection: None)
    assert [[batch.run for batch in group] for group in store.failed] == [["nobody"]]
    assert store.balance() == 100_000
    assert store.rule()[0] == 1
    assert positions(store) == [1, 2]


def fail_to_commit(connection: Connection) -> None:
    """What SQLite does where a commit can't be written: it rolls back, then says so."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.rollback()
    raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))


def test_a_commit_that_fails_is_rolled_back(store):
    before = store.everything()

    event.listen(store.opened.writer, "commit", fail_to_commit)
    with pytest.raises(FAILURES, match="full"):
        store.write(Batch("r1", effects=[debit(1)]))
    with pytest.raises(FAILURES, match="full"):
        store.job(lambda connection: changes.top_up(connection, "team", 5))
    event.remove(store.opened.writer, "commit", fail_to_commit)
    assert store.everything() == before
    with pytest.raises(FAILURES, match="full"):
        store.do(debit(1))
    store.writer.resume()
    assert codes(store.do(debit(1))) == [None]
    assert store.balance() == 999_999


def test_a_full_disk_fails_the_group_whole_and_room_lets_it_through(store):
    limit = store.job(lambda connection: connection.execute(text("pragma page_count")).scalar_one())
    set_pages(store, limit)
    before = store.everything()
    email = {"contact": "contact/1", "kind": "notice", "about": "x" * 500}
    group = [
        Batch(f"r{n}", effects=[debit(1, run=f"r{n}"), effect("email_notification.send", email, run=f"r{n}")])
        for n in range(300)
    ]
    for _ in range(2):
        with pytest.raises(FAILURES, match="full"):
            store.write(*group)
    assert store.everything() == before
    set_pages(store, 2**30)
    store.writer.resume()
    store.write(*group)
    assert store.balance() == 1_000_000 - 300
    assert positions(store) == list(range(1, 601))


def set_pages(store: Store, limit: int) -> None:
    """How large the file may grow, as a full disk would have it."""
    store.job(lambda connection: connection.execute(text(f"pragma max_page_count = {limit}")).scalar_one())


def test_nothing_is_written_behind_a_group_that_failed_until_it_is_said_so(store):
    store.write(store.open_run("r1")._replace(entries=[event_entry(1)]))
    event.listen(store.opened.writer, "commit", fail_to_commit)
    with pytest.raises(FAILURES, match="full"):
        store.write(Batch("r1", [answer_entry(2)]))
    event.remove(store.opened.writer, "commit", fail_to_commit)
    with pytest.raises(FAILURES, match="full"):
        store.write(Batch("r1", [event_entry(3, "confirmed")]))
    assert store.rows("journal", "seq") == [(1,)]
    store.writer.resume()
    store.write(Batch("r1", [answer_entry(2)]))
    assert store.rows("journal", "seq") == [(1,), (2,)]


def test_once_a_batch_of_a_run_was_refused_only_its_status_is_written(store):
    store.write(store.open_run("r1")._replace(entries=[event_entry(1)]))
    with pytest.raises(FAILURES, match="UNIQUE"):
        store.write(Batch("r1", [event_entry(1)]))
    store.writer.submit([Batch("r1", [answer_entry(2)], [debit(5)]), Batch("r2", effects=[charge(run="r2")])])
    store.writer.submit([Batch("r1", status=("needs_attention", "internal_error", 1, None))])
    store.job(lambda connection: None)
    assert store.rows("journal", "seq") == [(1,)]
    assert store.rows("ledger", "key") == [("r2/charge/1",)]
    assert store.queries.run("r1")["status"] == "needs_attention"


# Jobs and stopping


def test_a_job_has_a_transaction_of_its_own_and_its_result_is_handed_over(store):
    def job(connection: Connection) -> Any:
        connection.execute(insert(schema.meta).values(name="job", value="done"))
        return connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "job")).scalar()

    before = store.commits
    assert store.job(job) == "done"
    assert store.commits == before + 1
    assert ("job", "done") in store.rows("meta")


def test_a_job_that_fails_leaves_nothing_and_hands_its_error_over(store):
    def job(connection: Connection) -> None:
        connection.execute(insert(schema.meta).values(name="job", value="half"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.job(job)
    assert ("job", "half") not in store.rows("meta")
    assert codes(store.do(debit(1))) == [None]


def test_a_job_sees_what_was_submitted_before_it_and_nothing_after(store):
    def balance(connection: Connection) -> int:
        wallets = schema.wallets.c
        return connection.execute(select(wallets.minor).where(wallets.name == "team")).scalar_one()

    with held_up(store):
        store.writer.submit([Batch("r1", effects=[debit(1, run="r1")])])
        store.writer.submit([Batch("r2", effects=[debit(2, run="r2")])])
        seen: Future[Any] = store.writer.call(balance)
        store.writer.submit([Batch("r3", effects=[debit(4, run="r3")])])
    assert seen.result(WAIT_S) == 999_997
    assert [len(store.told()), len(store.told())] == [2, 1]


def test_stopping_writes_what_was_submitted_first(tmp_path):
    store = Store(tmp_path / "store.db")
    for n in range(50):
        store.writer.submit([Batch(f"r{n}", effects=[debit(1, run=f"r{n}")])])
    store.close()
    store = Store(tmp_path / "store.db")
    assert len(store.rows("ledger")) == 50
    store.close()


def test_a_journal_row_comes_back_as_it_was_written(store):
    entry = answer_entry(1)
    entry.body["answer"] = {"text": "ünï ☃ 'quoted' \n", "none": None, "flag": True, "large": 10**13}
    store.write(store.open_run("r1")._replace(entries=[entry]))
    assert store.queries.journal("r1") == [Row("r1", 1, 1, schema.FORMAT, *entry[1:])]

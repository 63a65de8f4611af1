"""The books of a SQL store: everything that was written, in the order of its position, as of one moment."""

from __future__ import annotations

from pathlib import Path

from core.metrics import recount
from core.models import Notifications
from core.store.books import Books, Posting, read_books
from core.store.opening import Opened
from tests.core.scenes import CHARGE, REFUSED, SHIP, Lab, laptops, saga


def opened(lab: Lab) -> Opened:
    return lab.engine._opened


def served(lab: Lab) -> str:
    lab.faults({SHIP: REFUSED}, rule=True)
    request = laptops(notifications=Notifications(sms=False))
    return lab.run(request, saga(lab.engine.complete(request), ask=False)).row.id


def test_they_hold_what_a_run_left(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        run = served(lab)
        with opened(lab).reader.connect() as connection:
            books = read_books(connection)
            check_run(books, run)


def check_run(books: Books, run: str) -> None:
    (one,) = books.runs
    assert (one.id, one.keys, one.parent, one.status, one.code) == (run, run, None, "refunded", None)
    assert one.plan is not None and one.plan.name == "saga" and one.orders[0].title() == "2 × laptop"
    journal, ledger, postings = list(books.journal), list(books.ledger), list(books.postings)
    assert [row.seq for row in journal] == list(range(1, len(journal) + 1))
    assert journal[-1].body == {"event": "ended", "outcome": "refunded", "plan": "saga"}
    charge = ledger[0]
    assert (charge.key, charge.action, charge.state) == (f"{run}/charge/1", CHARGE, "undone")
    assert charge.params["quote_minor"] == charge.answer["paid_minor"] == 200_000
    assert charge.undone_position is not None and charge.undone_position > charge.position
    lines = [(line.position, line.account, line.minor) for line in postings if line.run == run]
    assert lines == [
        (charge.position, "card", -200_000),
        (charge.position, "house", 200_000),
        (charge.undone_position, "card", 200_000),
        (charge.undone_position, "house", -200_000),
    ]
    assert [(sent.kind, sent.channel, sent.position) for sent in books.outbox] == [("failure", "email", None)]
    assert books.wallets == {"small": ("USD", 10_000), "team": ("USD", 1_000_000)}
    assert sum(line.minor for line in postings if line.account == "wallet:team") == 1_000_000
    assert (books.rule.since, books.rule.cycle) == (1, 0)
    assert sorted(books.rollup) == sorted(recount(journal))
    taken = [entry.position for entry in ledger] + [entry.undone_position or 0 for entry in ledger]
    assert books.position == max(journal[-1].position, *taken)


def test_a_decline_is_in_them_with_the_state_it_met(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        lab.faults(rule=True)
        declined = [lab.run().row.id for _ in range(4)][-1]
        with opened(lab).reader.connect() as connection:
            (decline,) = read_books(connection).declines
    assert (decline.key, decline.visit) == (f"{declined}/charge/1", 1)
    assert (decline.since, decline.length, decline.cycle) == (3, 3, 0)


def test_they_are_of_one_moment(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab, opened(lab).reader.connect() as connection:
        books = read_books(connection)
        before = list(books.postings)
        lab.engine.top_up("small", 500)
        assert list(books.postings) == before
        assert books.wallets["small"] == ("USD", 10_000)
        with opened(lab).reader.connect() as later:
            added = [line for line in read_books(later).postings if line not in before]
    assert added == [Posting(0, "", "", "", "card", "USD", -500), Posting(0, "", "", "", "wallet:small", "USD", 500)]


def test_a_run_that_cannot_be_read_is_in_them_without_its_plan(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        run, lab.falsified = served(lab), True
        lab.engine._job(lambda writer: writer.exec_driver_sql("update runs set requests = '[{\"unknown\": 1}]'"))
        with opened(lab).reader.connect() as connection:
            (one,) = read_books(connection).runs
    assert (one.id, one.plan, one.orders) == (run, None, ())

"""The checker against books that were falsified row by row: each of its sentences can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from core.audit import Audit, check
from core.models import Notifications, Row
from core.services.base import PaymentRule
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.store.books import Booked, Books, Declined, Posting, read_books
from core.views import Violation
from tests.core.scenes import BOOK, CHARGE, REFUSED, SHIP, SLOW, Lab, company_order, laptops, saga

REGISTRY = default_registry(RateSource(live=False))
Change = Callable[[Books], Books]


@cache
def books() -> Books:
    """A store with four runs: confirmed, refunded, parked, and one that was declined."""
    with TemporaryDirectory() as folder, Lab(Path(folder)) as lab:
        lab.faults(rule=True)
        request = laptops(notifications=Notifications(sms=False))
        lab.run(request)
        lab.faults({SHIP: SLOW}, rule=True)
        lab.run(request, saga(lab.engine.complete(request), ask=False))
        lab.faults({BOOK: REFUSED}, rule=True)
        lab.run(request)
        lab.faults(rule=True)
        lab.run(request, saga(lab.engine.complete(request), ask=False))
        lab.run(company_order())
        with lab.engine._opened.reader.connect() as connection:
            read = read_books(connection)
            return Books(*[value if isinstance(value, dict | tuple | int) else list(value) for value in read])


def run_id(place: int) -> str:
    return list(books().runs)[place].id


CONFIRMED, REFUNDED, PARKED, DECLINED = range(4)


def found(changed: Books, **options: Any) -> list[Violation]:
    return list(check(changed, REGISTRY, **options).violations)


def sentences(changed: Books) -> list[str]:
    return [f"{one.invariant}: {one.sentence}" for one in found(changed)]


def test_the_books_are_right_before_they_are_falsified() -> None:
    assert found(books()) == []
    assert [run.status for run in books().runs] == ["confirmed", "refunded", "needs_attention", "rejected", "confirmed"]


# What a falsified row is called


def journal(change: Callable[[Row], Row | None], of: int = CONFIRMED) -> Change:
    """Change or drop rows of a run's journal."""

    def apply(books: Books) -> Books:
        rows = [change(row) if row.run == run_id(of) else row for row in books.journal]
        return books._replace(journal=[row for row in rows if row is not None])

    return apply


def ledger(step: str, change: Callable[[Booked], Booked | None], of: int = CONFIRMED) -> Change:
    """Change or drop the ledger row of a step."""

    def apply(books: Books) -> Books:
        rows = [change(one) if one.key == f"{run_id(of)}/{step}/1" else one for one in books.ledger]
        return books._replace(ledger=[row for row in rows if row is not None])

    return apply


def postings(step: str, change: Callable[[Posting], Iterable[Posting]], of: int = CONFIRMED) -> Change:
    """Change the postings of a step."""

    def apply(books: Books) -> Books:
        key = f"{run_id(of)}/{step}/1"
        lines = [new for line in books.postings for new in (change(line) if line.key == key else [line])]
        return books._replace(postings=lines)

    return apply


def run_row(of: int, **fields: Any) -> Change:
    """Change a run's own row."""

    def apply(books: Books) -> Books:
        return books._replace(runs=[run._replace(**fields) if run.id == run_id(of) else run for run in books.runs])

    return apply


def body(row: Row, **fields: Any) -> Row:
    return row._replace(body=row.body | fields)


def event(name: str) -> Callable[[Row], bool]:
    return lambda row: row.body.get("event") == name


def without(which: Callable[[Row], bool]) -> Callable[[Row], Row | None]:
    return lambda row: None if which(row) else row


def swap_undos(books: Books) -> Books:
    """As if the charge had been given back before the order was cancelled."""
    undone = {row.step: row for row in books.journal if row.run == run_id(REFUNDED) and row.direction == "undo"}
    first, second = undone["create"], undone["charge"]
    places = {first.position: second, second.position: first}
    rows = [
        places[row.position]._replace(position=row.position, seq=row.seq) if row.position in places else row
        for row in books.journal
    ]
    return books._replace(journal=rows)


def repeat_last(books: Books) -> Books:
    """A run's last row comes once more, at the end of everything."""
    last = [row for row in books.journal if row.run == run_id(CONFIRMED)][-1]
    position = books.position + 1
    return books._replace(
        journal=[*books.journal, last._replace(position=position, seq=last.seq + 1)], position=position
    )


def late_effect(books: Books) -> Books:
    """A new effect under the keys of an ended run."""
    first = next(iter(books.ledger))
    late = first._replace(key=f"{run_id(CONFIRMED)}/charge/2", position=books.position + 1)
    return books._replace(ledger=[*books.ledger, late], position=books.position + 1)


def more_declines(**fields: Any) -> Change:
    def apply(books: Books) -> Books:
        (one,) = books.declines
        return books._replace(declines=[one, one._replace(**fields)])

    return apply


def wallet(minor: int) -> Change:
    return lambda books: books._replace(wallets=books.wallets | {"team": ("USD", minor)})


def is_answer(step: str) -> Callable[[Row], bool]:
    return lambda row: row.kind == "answer" and row.step == step


FALSIFIED: list[tuple[str, Change, str]] = [
    ("a row is lost", journal(without(is_answer("create"))), "1: Row 5 of the run's journal follows row 3"),
    ("the start is lost", journal(without(event("started"))), "1: Row 2 of the run's journal follows row 0"),
    ("a position is lost", journal(without(event("ended"))), "1: Position 15 follows 13: a row of journal or ledger"),
    ("the end is lost", journal(without(event("ended"))), "1: The run is shown as confirmed, but its journal has not"),
    ("it goes on", repeat_last, "1: The journal goes on with row 10 after the run ended."),
    ("a stamp", journal(lambda row: row._replace(at=row.at - 1) if row.seq == 5 else row), "9: Row 5 is stamped"),
    ("another status", run_row(PARKED, status="running"), "1: The run is shown as running, but its journal makes it"),
    ("an end", run_row(PARKED, status="refunded", ended_at=1.0), "1: The run is shown as refunded, but its journal"),
    ("no question", journal(without(event("asked")), PARKED), "1: The run is shown as needs_attention, but nothing"),
    (
        "a code",
        run_row(PARKED, code="diverged", status="paused"),
        "1: The run can't be driven (diverged), but is shown",
    ),
    ("no journal", journal(without(lambda row: True), PARKED), "1: The run was accepted, but it has no journal."),
    ("no run", lambda books: books._replace(runs=list(books.runs)[1:]), "1: The journal holds a row of a run that was"),
    (
        "no run of an effect",
        lambda books: books._replace(runs=list(books.runs)[1:]),
        "1: The effect of '{confirmed}/charge/1' belongs to no run.",
    ),
    (
        "an outcome",
        journal(lambda row: body(row, outcome="confirmed") if event("ended")(row) else row, REFUNDED),
        "5: The run ended confirmed, but was never confirmed.",
    ),
    (
        "rejected with money",
        journal(lambda row: body(row, outcome="rejected") if event("ended")(row) else row, REFUNDED),
        "3: The run ended rejected, though money had been taken.",
    ),
    (
        "refunded without money",
        journal(lambda row: body(row, outcome="refunded") if event("ended")(row) else row, DECLINED),
        "3: The run ended refunded, though no money had been taken.",
    ),
    (
        "no outcome",
        journal(lambda row: body(row, outcome="lost") if event("ended")(row) else row),
        "1: The run ended 'lost', which is no outcome.",
    ),
    ("a decline twice", more_declines(cycle=1), "2: '{declined}/charge/1' was declined twice in visit 1."),
    ("a cycle twice", more_declines(visit=2), "were both declined by cycle 0."),
    ("a decline too soon", more_declines(visit=2, cycle=1, since=2), "declined after 2 charges of 3: the rule was not"),
    ("a decline to come", more_declines(visit=2, cycle=5), "by cycle 5, which the payment rule has not come to."),
    (
        "no decline",
        lambda books: books._replace(declines=[], rule=PaymentRule(3, 3, 0)),
        "2: Step 'charge' was declined in visit 1, but the payment rule holds no such decline.",
    ),
    (
        "a rule",
        lambda books: books._replace(rule=books.rule._replace(since=2)),
        "2: The payment rule stands at 2 charges of",
    ),
    (
        "an effect is lost",
        ledger("create", lambda one: None),
        "2: Step 'create' was done, but the ledger says nothing of it.",
    ),
    (
        "an effect is void",
        ledger("create", lambda one: one._replace(state="void")),
        "2: Step 'create' was done, but the ledger says void of it.",
    ),
    (
        "another answer",
        ledger("create", lambda one: one._replace(answer=one.answer | {"order_id": "ORD_2"})),
        "2: Step 'create' was answered with another order_id than its effect.",
    ),
    (
        "other parameters",
        ledger("create", lambda one: one._replace(params=one.params | {"price_minor": 1})),
        "9: '{confirmed}/create/1' took effect with another price_minor than the journal asked for.",
    ),
    (
        "an effect that was not asked for",
        ledger("email", lambda one: one._replace(key=f"{run_id(CONFIRMED)}/mail/1")),
        "9: '{confirmed}/mail/1' was made done, but the journal never asked for that.",
    ),
    (
        "not undone",
        ledger("charge", lambda one: one._replace(state="done"), REFUNDED),
        "2: A second effect happened under the key '{refunded}/charge/1'.",
    ),
    (
        "still standing",
        ledger("create", lambda one: one._replace(state="done", undone_position=None), REFUNDED),
        "6: The run ended refunded, but the effect of 'create' ('{refunded}/create/1') still stands.",
    ),
    (
        "undone behind the pivot",
        lambda books: ledger("create", lambda one: one._replace(state="undone", undone_position=books.position + 1))(
            books._replace(position=books.position + 1)
        ),
        "6: '{confirmed}/create/1' was undone after the run had been confirmed.",
    ),
    ("too late", late_effect, "6: '{confirmed}/charge/2' took effect after the run had ended confirmed."),
    ("too many", late_effect, "2: Step 'charge' holds two effects: '{confirmed}/charge/1' and '{confirmed}/charge/2'."),
    ("undo in plan order", swap_undos, "6: The undo of 'create' began after that of 'charge', which comes earlier"),
    (
        "an effect that nobody knows",
        journal(without(lambda row: row.direction == "close"), REFUNDED),
        "6: The run ended with the effect of 'ship' (edition 1) unknown.",
    ),
    (
        "one posting",
        postings("charge", lambda line: [line._replace(minor=line.minor + (line.account == "house"))]),
        "4: The postings of '{confirmed}/charge/1' sum to $0.01, not to zero.",
    ),
    (
        "both postings",
        postings("charge", lambda line: [line._replace(minor=line.minor // 2)]),
        "3: The run ended confirmed, and $1,000.00 were kept for bookings of $2,000.00.",
    ),
    (
        "the refund in another currency",
        postings(
            "charge",
            lambda line: [line._replace(currency="EUR" if line.minor * (line.account == "card") > 0 else "USD")],
            REFUNDED,
        ),
        "3: The undo of '{refunded}/charge/1' does not post the opposite of what its effect posted.",
    ),
    (
        "postings of nothing",
        ledger("charge", lambda one: None),
        "4: Money was posted for '{confirmed}/charge/1' without an effect.",
    ),
    ("a wallet", wallet(5), "4: The account 'wallet:team' holds $0.05, but "),
    (
        "no message",
        lambda books: books._replace(outbox=list(books.outbox)[1:]),
        "2: '{confirmed}/email/1' was answered as sent, but the outbox does not hold it.",
    ),
    (
        "a message twice",
        lambda books: books._replace(outbox=[*books.outbox, next(iter(books.outbox))]),
        "2: The outbox holds two messages of '{confirmed}/email/1'.",
    ),
    (
        "a message of nothing",
        lambda books: books._replace(outbox=[next(iter(books.outbox))._replace(key="r/email/7"), *books.outbox]),
        "2: The outbox holds a message of 'r/email/7', which never took effect.",
    ),
    (
        "a confirmation of a parked run",
        lambda books: books._replace(outbox=[*books.outbox, next(iter(books.outbox))._replace(run=run_id(PARKED))]),
        "7: The outbox holds a confirmation by email of a run that isn't confirmed.",
    ),
    (
        "a skipped attempt",
        journal(lambda row: row._replace(attempt=2) if is_answer("create")(row) else row),
        "8: The journal counts attempt 2 of 'create' in visit 1 after attempt 0.",
    ),
    (
        "the rollup",
        lambda books: books._replace(rollup=[row._replace(n=row.n + 1) for row in books.rollup if row.bin < 0]),
        "8: The rollup counts 6 × 'run started' of the minute",
    ),
    (
        "another decision",
        journal(lambda row: body(row, outcome="confirmed_with_issues") if event("ended")(row) else row),
        "9: At row 9 the journal holds the event 'ended', a replay makes it the event 'ended'",
    ),
    (
        "a decision less",
        journal(without(event("undoing")), REFUNDED),
        "the journal holds nothing, a replay makes it the event 'undoing'",
    ),
    (
        "a row of another shape",
        journal(lambda row: row._replace(body={"was": row.body}) if is_answer("create")(row) else row),
        "9: Row 4 can't be read by this version (KeyError: 'code').",
    ),
    ("another version", run_row(CONFIRMED, plan=None), "9: The run was written by another version"),
]


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in FALSIFIED], ids=[case[0] for case in FALSIFIED])
def test_what_is_falsified_is_told(change: Change, said: str) -> None:
    said = said.format(confirmed=run_id(CONFIRMED), refunded=run_id(REFUNDED), declined=run_id(DECLINED))
    told = sentences(change(books()))
    assert any(said in sentence for sentence in told), "\n".join(told)


def test_a_violation_names_run_and_position() -> None:
    changed = postings("charge", lambda line: [line._replace(minor=line.minor // 2)])(books())
    ended = next(row for row in books().journal if row.run == run_id(CONFIRMED) and event("ended")(row))
    assert [(one.invariant, one.run, one.position) for one in found(changed)] == [
        (3, run_id(CONFIRMED), ended.position)
    ]


def test_the_rollup_may_be_thinned_out_after_two_days() -> None:
    last = max(row.at for row in books().journal)
    kept = books()._replace(rollup=[row for row in books().rollup if row.grain != "minute"])
    assert {one.invariant for one in found(kept, now=last)} == {8}
    thinned = [row for row in books().rollup if row.grain == "day" or (row.grain == "hour" and row.bin < 0)]
    assert found(books()._replace(rollup=thinned), now=last + 3 * 86_400) == []


# Commit by commit


def commits() -> list[dict[str, Any]]:
    """The books as commits of one position each."""
    made: dict[int, dict[str, Any]] = {}
    for row in books().journal:
        made[row.position] = {"rows": [row]}
    for booked in books().ledger:
        lines = [line for line in books().postings if line.key == booked.key]
        new = booked._replace(state="void" if booked.state == "void" else "done", undone_position=None)
        made[booked.position] = {
            "ledger": [new],
            "postings": [line for line in lines if line.position == booked.position],
        }
        if booked.undone_position:
            own = [line for line in lines if line.position == booked.undone_position]
            made[booked.undone_position] = {"ledger": [booked], "postings": own}
    for sent in books().outbox:
        place = next(booked.position for booked in books().ledger if booked.key == sent.key)
        made[place]["outbox"] = [sent._replace(position=place)]
    return [made[position] for position in sorted(made)]


def begun() -> Audit:
    audit = Audit(REGISTRY)
    outside = [line for line in books().postings if not line.key]
    assert audit.commit(runs=books().runs, postings=outside, declines=books().declines) == []
    return audit


def finished(audit: Audit) -> list[Violation]:
    return list(audit.finish(books().runs, books().wallets, books().rule, books().rollup))


def test_commits_one_by_one_come_to_the_same() -> None:
    audit = begun()
    for commit in commits():
        assert audit.commit(**commit) == []
    assert finished(audit) == []


def test_commits_may_be_given_together() -> None:
    audit, together = begun(), {name: [] for name in ("rows", "ledger", "postings", "outbox")}
    for commit in commits():
        for name, values in commit.items():
            together[name] += values
    latest = {booked.key: booked for booked in together["ledger"]}
    assert audit.commit(**together | {"ledger": list(latest.values())}) == []
    assert finished(audit) == []


def test_a_commit_is_told_what_it_broke() -> None:
    audit = begun()
    for commit in commits():
        if commit.get("postings"):
            first, *others = commit["postings"]
            wrong = audit.commit(**commit | {"postings": [first._replace(minor=first.minor + 1), *others]})
            assert [one.invariant for one in wrong] == [4]
            return
        assert audit.commit(**commit) == []


def test_a_wallet_is_never_negative_in_between() -> None:
    line = Posting(0, "", "", "", "wallet:new", "USD", -5)
    audit = Audit(REGISTRY)
    told = audit.commit(postings=[line, line._replace(account="card", minor=5)])
    assert [one.sentence for one in told] == ["The account 'wallet:new' holds -$0.05: it must not be negative."]


def test_a_rule_may_begin_anywhere() -> None:
    audit = Audit(REGISTRY, PaymentRule(2, 4, 7))
    audit.decline(Declined("r/charge/1", 1, 4, 4, 7))
    charge = Booked("payment_processing", "r/charge/2", "r", CHARGE, "done", {}, {}, 1, None)
    for n, (since, length) in enumerate([(2, 4), (3, 4), (0, 3)]):
        audit._rules.charge(charge._replace(answer={"rule_since": since, "rule_length": length}, position=n))
    audit._rules.compare(PaymentRule(1, 3, 8), 3)
    assert audit.violations == []

"""Two tabs at once, on the real engine: one wins, the other is told why not, and the books stay right."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.errors import SagalabError
from core.models import Edit
from core.services.faults import Rates
from core.views import RunView
from tests.core.scenes import BOOK, DEBIT, EMAIL, REFUSED, SHIP, Lab, company_order, laptops, saga

ROUNDS = range(3)
WON = "won"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as lab:
        yield lab
        for id in [row.id for row in lab.engine.runs(limit=1000)]:
            lab.settled(id)


def race(*works: Callable[[], Any]) -> list[str]:
    """Do all of these at the same moment, each in a thread of its own: 'won', or the sentence of the refusal."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> str:
        barrier.wait()
        try:
            work()
        except SagalabError as refusal:
            return str(refusal)
        return WON

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def parked(lab: Lab, at: str = SHIP) -> RunView:
    """A run that waits for a person."""
    lab.faults({at: REFUSED})
    view = lab.run(company_order() if at == DEBIT else laptops())
    assert view.question is not None
    return view


def deciding(lab: Lab, view: RunView, choice: Any, **fields: Any) -> Callable[[], None]:
    """A click on a decision about the question that a view shows."""
    question = view.question
    assert question is not None
    return lambda: lab.engine.decide(view.row.id, question.step, question.visit, choice, **fields)


def refusals(told: Sequence[str]) -> list[str]:
    return [sentence for sentence in told if sentence != WON]


ENDED = "The run has ended; an ended run never changes."
NO_LONGER = "This question is no longer open: somebody decided it, or the run went on."


# Decisions


@pytest.mark.parametrize("round", ROUNDS)
def test_of_many_decisions_one_is_taken(lab: Lab, round: int) -> None:
    view = parked(lab)
    choices = ("retry", "give_up", "skip", "retry", "give_up", "skip")
    told = race(*[deciding(lab, view, choice) for choice in choices])
    assert told.count(WON) == 1
    assert set(refusals(told)) <= {NO_LONGER, ENDED}  # what won may have ended the run already
    after, won = lab.settled(view.row.id), choices[told.index(WON)]
    assert after.row.status == {"retry": "needs_attention", "give_up": "refunded", "skip": "confirmed_with_issues"}[won]
    assert lab.rows("select count(*) from journal where kind = 'decision'") == [(1,)]


@pytest.mark.parametrize("round", ROUNDS)
def test_the_same_retry_twice_makes_one_visit(lab: Lab, round: int) -> None:
    view = parked(lab)
    told = race(*[deciding(lab, view, "retry", notice="email") for _ in range(4)])
    assert Counter(told) == {WON: 1, NO_LONGER: 3}
    lab.settled(view.row.id)
    assert {answer["visit"] for answer in lab.answers(view.row.id, "ship")} == {1, 2}
    assert [sent.kind for sent in lab.engine.outbox(run=view.row.id)] == ["retry"]


@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_edits_one_is_taken_whole(lab: Lab, round: int) -> None:
    lab.engine.add_wallet("spare", "USD", 1_000_000)
    view = parked(lab, DEBIT)
    lab.faults()
    told = race(
        deciding(lab, view, "edit", edit=Edit(wallet="spare")),
        deciding(lab, view, "edit", edit=Edit(wallet="team", address="2 Other Street")),
    )
    assert Counter(told) == {WON: 1, NO_LONGER: 1}
    after = lab.settled(view.row.id)
    assert after.row.status == "confirmed"
    wallet, other = ("spare", "team") if told[0] == WON else ("team", "spare")
    assert lab.balance(wallet) == 1_000_000 - after.money.kept.minor
    assert lab.balance(other) == 1_000_000
    assert after.request.address == (None if told[0] == WON else "2 Other Street")


# Decisions and controls


@pytest.mark.parametrize("round", ROUNDS)
def test_a_retry_against_a_cancel(lab: Lab, round: int) -> None:
    view = parked(lab)
    retried, cancelled = race(deciding(lab, view, "retry"), lambda: lab.engine.control(view.row.id, "cancel"))
    after = lab.settled(view.row.id)
    assert cancelled == WON  # before the pivot a cancel always fits
    assert after.row.status == "cancelled"
    assert retried in (WON, NO_LONGER, "The run has ended; an ended run never changes.")
    assert after.money.kept.minor == 0


@pytest.mark.parametrize("round", ROUNDS)
def test_giving_up_against_a_cancel(lab: Lab, round: int) -> None:
    view = parked(lab)
    gave_up, cancelled = race(deciding(lab, view, "give_up"), lambda: lab.engine.control(view.row.id, "cancel"))
    after = lab.settled(view.row.id)
    assert (gave_up, cancelled).count(WON) == 1
    assert after.row.status == ("refunded" if gave_up == WON else "cancelled")
    (sentence,) = refusals((gave_up, cancelled))
    assert sentence in (NO_LONGER, "The run is already being undone.", "The run has ended; an ended run never changes.")


@pytest.mark.parametrize("round", ROUNDS)
def test_a_skip_that_confirms_against_a_cancel(lab: Lab, round: int) -> None:
    view = parked(lab)
    skipped, cancelled = race(deciding(lab, view, "skip"), lambda: lab.engine.control(view.row.id, "cancel"))
    after = lab.settled(view.row.id)
    assert (skipped, cancelled).count(WON) == 1
    assert after.row.status == ("confirmed_with_issues" if skipped == WON else "cancelled")
    if skipped == WON:
        assert cancelled in (
            "The order is confirmed: nothing is undone from here on.",
            "The run has ended; an ended run never changes.",
        )


@pytest.mark.parametrize("round", ROUNDS)
def test_of_many_cancels_one_is_taken(lab: Lab, round: int) -> None:
    lab.faults(latency_ms=2)
    run = lab.start()
    told = race(*[lambda: lab.engine.control(run, "cancel") for _ in range(4)])
    after = lab.settled(run)
    assert told.count(WON) == (after.row.status == "cancelled" or after.control.cancelled)
    assert all(sentence.endswith(".") for sentence in refusals(told))
    assert (after.row.status == "cancelled") == (after.money.kept.minor == 0)


@pytest.mark.parametrize("round", ROUNDS)
def test_pause_resume_and_cancel_at_once(lab: Lab, round: int) -> None:
    lab.faults(latency_ms=2)
    run = lab.start()
    names = ("pause", "resume", "hurry", "pause", "resume", "cancel")
    told = race(*[lambda name=name: lab.engine.control(run, name) for name in names])
    view = lab.settled(run)
    if view.row.status == "paused":
        race(lambda: lab.engine.control(run, "resume"))  # refused where the last attempt was in flight
        view = lab.until(run, lambda view: not view.live)
    assert not view.live
    written = lab.rows("select count(*) from journal where kind = 'control' and run = ?", run)[0][0]
    assert written >= told.count(WON)


@pytest.mark.parametrize("round", ROUNDS)
def test_a_top_up_against_a_retry(lab: Lab, round: int) -> None:
    order = company_order().model_copy(update={"wallet": "small"})
    view = lab.run(order)
    assert view.question is not None and view.question.code == "insufficient_funds"
    told = race(deciding(lab, view, "retry"), lambda: lab.engine.top_up("small", 500_000))
    assert told == [WON, WON]
    after = lab.settled(view.row.id)
    assert after.row.status in ("confirmed", "needs_attention")
    assert lab.balance("small") == 510_000 - after.money.kept.minor


@pytest.mark.parametrize("round", ROUNDS)
def test_a_step_is_repaired_once(lab: Lab, round: int) -> None:
    lab.faults({EMAIL: REFUSED})
    view = lab.run()
    lab.faults()
    told = race(*[lambda: lab.engine.repair(view.row.id, "email") for _ in range(4)])
    assert Counter(told) == {WON: 1, "It is repaired already, or a repair is under way.": 3}
    for repair in lab.engine.run(view.row.id).repairs:
        lab.settled(repair.id)
    assert [sent.channel for sent in lab.engine.outbox("email", run=view.row.id)] == ["email"]


# Money


def test_a_hundred_runs_against_one_wallet(lab: Lab) -> None:
    order = lab.engine.complete(company_order())
    price = lab.engine.quote(order).offers[0].pay.minor
    affordable = lab.balance("team") // price
    race(*[lambda: lab.engine.start_many(order, 25) for _ in range(4)])
    runs = [lab.settled(row.id) for row in lab.engine.runs(limit=1000)]
    assert Counter(view.row.status for view in runs) == {"confirmed": affordable, "rejected": 100 - affordable}
    assert lab.balance("team") == 1_000_000 - affordable * price
    assert 0 < affordable < 100


def test_runs_that_give_their_money_back_race_with_those_that_take_it(lab: Lab) -> None:
    lab.faults({BOOK: Rates(refused=0.3, final=0.2), SHIP: Rates(refused=0.5), DEBIT: Rates(lost=0.2)})
    order = lab.engine.complete(company_order())
    race(*[lambda: lab.engine.start_many(order, 15) for _ in range(4)])
    runs = [lab.settled(row.id) for row in lab.engine.runs(limit=1000)]
    assert all(view.money.balanced for view in runs)
    assert lab.balance("team") == 1_000_000 - sum(view.money.kept.minor for view in runs) >= 0


def test_the_payment_rule_under_many_charges(lab: Lab) -> None:
    lab.faults(rule=True)
    race(*[lambda: lab.engine.start_many(laptops(), 20) for _ in range(4)])
    runs = [lab.settled(row.id) for row in lab.engine.runs(limit=1000)]
    (declined,) = lab.rows("select count(*) from payment_rule where key != ''")[0]
    assert Counter(view.row.status for view in runs) == {"confirmed": 80 - declined, "rejected": declined}
    assert 80 // 5 <= declined <= 80 // 4


def test_top_ups_add_up(lab: Lab) -> None:
    told = race(*[lambda: lab.engine.top_up("small", 1_000) for _ in range(8)])
    assert told == [WON] * 8
    assert lab.balance("small") == 18_000


def test_a_wallet_is_opened_once(lab: Lab) -> None:
    told = race(*[lambda: lab.engine.add_wallet("new", "EUR", 500) for _ in range(4)])
    assert Counter(told) == {WON: 1, "There is a wallet 'new' already. Top it up, or choose another name.": 3}
    assert lab.balance("new") == 500


# Acceptance


def test_many_tabs_start_runs_of_a_new_plan_at_once(lab: Lab) -> None:
    request = lab.engine.complete(laptops())
    plan = saga(request).model_copy(update={"version": 7})
    told = race(*[lambda: lab.engine.start(request, plan) for _ in range(8)])
    assert told == [WON] * 8
    assert len(lab.engine.runs(limit=100)) == 8
    assert lab.rows("select count(*) from plans where body like '%\"version\":7%'") == [(1,)]


def test_profiles_saved_at_once_have_versions_of_their_own(lab: Lab) -> None:
    before = lab.engine.profile().version
    race(*[lambda: lab.faults({SHIP: REFUSED}) for _ in range(6)])
    assert lab.rows("select version from profiles where version > ? order by version", before) == [
        (before + n,) for n in range(1, 7)
    ]
    assert lab.engine.profile().version == before + 6


def test_the_engine_stops_while_tabs_press(lab: Lab) -> None:
    views = [parked(lab) for _ in range(4)]
    stopping = threading.Thread(target=lab.engine.stop)
    stopping.start()
    told: list[str] = []
    try:
        told = race(*[deciding(lab, view, "give_up") for view in views])
    finally:
        stopping.join()
        lab.open()
    for view, said in zip(views, told, strict=True):
        assert (lab.settled(view.row.id).row.status == "refunded") == (said == WON)

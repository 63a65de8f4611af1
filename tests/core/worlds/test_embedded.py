"""The world of one laptop: answers lost or late, restarts in every state, and a store that can't be written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic_core import from_json, to_json

from core.errors import DecisionRefused, EngineBusy, SagalabError
from core.models import Edit, Reply, RetryPolicy, Step
from core.record import parse_plan
from core.services.rates import RateSource
from core.views import RunView
from core.worlds.live import LiveRun
from tests.core.scenes import (
    BOOK,
    CHARGE,
    LOST,
    ONCE,
    REFUSED,
    SHIP,
    SLOW,
    TIMEOUT_S,
    TWICE,
    Lab,
    Play,
    by_name,
    calm,
    laptops,
    saga,
    with_steps,
)

REFUND = "payment_processing.refund"
PATIENT = RetryPolicy(attempts=3, first_wait_s=600, longest_s=600)
BRISK = RetryPolicy(attempts=3, first_wait_s=0.01)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow effect happens right after its caller gave up."""
    monkeypatch.setattr("core.worlds.fate.LATEST_S", 0.0)


def tries(lab: Lab, id: str, step: str) -> list[str]:
    """The answers of a step: 'do/1 timeout' with the edition and the code, '' for a success."""
    return [f"{row['direction']}/{row['edition']} {row['code'] or ''}".strip() for row in lab.answers(id, step)]


def charges(lab: Lab, id: str) -> int:
    """How often a run's card or wallet was charged."""
    query = (
        "select count(*) from postings where run = ? and minor < 0 and (account = 'card' or account like 'wallet:%')"
    )
    count: int = lab.rows(query, id)[0][0]
    return count


# Attempts


def test_a_failed_attempt_is_tried_again_when_its_row_says(lab: Lab) -> None:
    lab.faults({CHARGE: REFUSED})
    id = lab.run(retry=BRISK).row.id
    first, second, third = lab.answers(id, "charge")
    assert [row["attempt"] for row in (first, second, third)] == [1, 2, 3]
    assert first["next_at"] - first["at"] == pytest.approx(0.01)
    assert second["next_at"] - second["at"] == pytest.approx(0.02)
    assert second["at"] >= first["next_at"] and third["at"] >= second["next_at"]
    assert "next_at" not in third


def test_a_lost_answer_is_looked_up_and_its_effect_kept(lab: Lab) -> None:
    lab.faults({CHARGE: LOST})
    view = lab.run(retry=ONCE)
    id = view.row.id
    assert view.row.status == "confirmed"
    assert tries(lab, id, "charge") == ["do/1 timeout", "close/1"]
    assert (lab.effects(id)[0], charges(lab, id)) == ("charge/1", 1)
    assert view.money.balanced
    lost, found = lab.answers(id, "charge")
    assert lost["unknown"] is True and lost["took_ms"] >= TIMEOUT_S * 1000
    assert found["answer"]["paid_minor"] == 200_000


def test_an_attempt_after_a_lost_answer_gets_the_first_answer(lab: Lab) -> None:
    lab.faults({SHIP: LOST, CHARGE: LOST})
    view = lab.run()
    assert tries(lab, view.row.id, "charge") == ["do/1 timeout", "do/1 timeout", "close/1"]
    assert lab.effects(view.row.id).count("charge/1") == charges(lab, view.row.id) == 1


def test_a_slow_effect_meets_its_tombstone_and_the_next_visit_uses_the_next_edition(lab: Lab, soon: None) -> None:
    lab.faults({CHARGE: SLOW})
    view = lab.run(retry=ONCE)
    id = view.row.id
    assert view.question is not None and view.question.code == "timeout"
    assert tries(lab, id, "charge") == ["do/1 timeout", "close/1"]
    assert (lab.effects(id), charges(lab, id)) == (["charge/1 void"], 0)
    lab.faults()
    view = lab.decide(view, "retry")
    assert view.row.status == "confirmed"
    assert lab.effects(id)[:2] == ["charge/1 void", "charge/2"]
    assert (charges(lab, id), view.money.balanced) == (1, True)


def test_a_slow_effect_that_comes_before_the_next_attempt_is_that_attempts_answer(lab: Lab, soon: None) -> None:
    lab.faults({CHARGE: SLOW})
    view = lab.run(retry=RetryPolicy(attempts=2, first_wait_s=0.02))
    id = view.row.id
    assert view.row.status == "confirmed"
    assert tries(lab, id, "charge") == ["do/1 timeout", "do/1 timeout", "close/1"]
    assert (lab.effects(id)[0], charges(lab, id)) == ("charge/1", 1)


def test_a_slow_effect_that_comes_after_its_run_ended_changes_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key was closed by then."""
    came, world = threading.Event(), lab.engine._world
    happen = world._happen_late
    monkeypatch.setattr("core.worlds.fate.draw", lambda *place: 1.0)
    monkeypatch.setattr("core.worlds.fate.LATEST_S", 0.2)
    monkeypatch.setattr(world, "_happen_late", lambda run, call: (happen(run, call), came.set()))
    lab.faults({"email_notification.send": SLOW})
    view = lab.run(retry=ONCE)
    assert view.row.status == "confirmed_with_issues"
    assert not came.is_set()
    assert came.wait(10)
    lab.written()
    assert lab.engine.run(view.row.id) == view
    assert "email/1 void" in lab.effects(view.row.id)
    assert lab.engine.outbox("email", run=view.row.id) == []


def test_an_undo_whose_answer_was_lost_gives_the_money_back_once(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED, REFUND: LOST})
    view = lab.decide(lab.run(), "give_up")
    id = view.row.id
    assert view.row.status == "compensation_stuck"  # nobody heard that it was undone
    assert (lab.undone(id)[-1], lab.kept_minor(id)) == ("charge/1", 0)
    lab.faults()
    assert lab.decide(view, "retry").row.status == "refunded"
    assert lab.rows("select sum(minor) from postings where run = ? and account = 'card' and minor > 0", id) == [
        (200_000,)
    ]


def test_a_service_that_is_down_refuses_every_call_until_then(lab: Lab) -> None:
    lab.faults(down_until={"order_creation": time.time() + 3600})
    view = lab.run()
    assert view.question is not None and view.question[1:] == ("analyse", 1, "down")
    lab.faults(down_until={"order_creation": time.time() - 1})
    assert lab.decide(view, "retry").row.status == "confirmed"


def test_latency_is_cut_at_the_call_timeout(lab: Lab) -> None:
    lab.faults(latency_ms=10_000)
    id = lab.run().row.id
    took = [row["took_ms"] for step in ("analyse", "charge", "create") for row in lab.answers(id, step)]
    assert all(TIMEOUT_S * 1000 <= ms < 10_000 for ms in took)


def test_steps_side_by_side_share_their_wait(lab: Lab) -> None:
    lab.faults({"email_notification.send": LOST, "sms_notification.send": LOST}, call_timeout_s=0.2)
    id = lab.run(retry=ONCE).row.id
    [email, _], [sms, _] = lab.answers(id, "email"), lab.answers(id, "sms")
    assert abs(email["at"] - sms["at"]) < 0.15


def test_what_is_in_flight_is_shown(lab: Lab) -> None:
    lab.faults({CHARGE: LOST}, call_timeout_s=0.3)
    id = lab.start()
    view = lab.until(id, lambda view: any(step.state == "running" for step in view.steps))
    [charge] = [step for step in view.steps if step.id == "charge"]
    assert charge.state == "running" and charge.tries[-1].end_s is None
    assert lab.settled(id).row.status == "confirmed"


def test_a_slow_rate_source_holds_up_only_the_run_that_asked(tmp_path: Path) -> None:
    answer = threading.Event()

    def fetch(url: str, timeout_s: float) -> bytes:
        assert answer.wait(20)
        raise OSError("no network here")

    with Lab(tmp_path, parts={"rates": RateSource(live=True, fetch=fetch)}) as lab:
        waiting = lab.start(laptops(convert_to="EUR"))
        lab.until(waiting, lambda view: "create/1" in lab.effects(waiting))
        assert lab.run().row.status == "confirmed"
        assert lab.engine.run(waiting).live
        answer.set()
        assert lab.settled(waiting).row.status == "confirmed"
        assert lab.answers(waiting, "convert")[0]["answer"]["rate_source"] == "fallback_rates"


# Restarts


def test_a_parked_run_is_decided_after_a_restart(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    parked = lab.run()
    lab.reopen()
    view = lab.engine.run(parked.row.id)
    assert view == parked
    lab.faults()
    assert lab.decide(view, "retry", notice="sms").row.status == "confirmed"
    assert lab.effects(view.row.id)[:4] == ["charge/1", "create/1", "book/notice/2", "book/1"]


def test_a_backoff_goes_on_over_a_restart(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    waiting = lab.start(retry=PATIENT)
    brief = lab.start(retry=RetryPolicy(attempts=2, first_wait_s=0.3))
    for id in (waiting, brief):
        lab.until(id, lambda view: bool(lab.answers(view.row.id, "book")))
    lab.reopen()
    assert lab.settled(brief).row.status == "needs_attention"
    first, second = lab.answers(brief, "book")
    assert second["at"] >= first["next_at"]
    assert len(lab.answers(waiting, "book")) == 1
    lab.engine.control(waiting, "hurry")
    lab.until(waiting, lambda view: len(lab.answers(waiting, "book")) == 2)


def test_a_paused_run_stays_paused_over_a_restart(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    id = lab.start(retry=RetryPolicy(attempts=2, first_wait_s=0.2))
    lab.until(id, lambda view: bool(lab.answers(id, "book")))
    lab.engine.control(id, "pause")
    lab.reopen()
    assert lab.engine.run(id).row.status == "paused"
    lab.engine.control(id, "resume")
    assert lab.settled(id).row.status == "needs_attention"


def test_an_effect_whose_answer_was_not_journalled_happens_once(lab: Lab) -> None:
    """The engine stops between the effect and the row of its answer."""
    lab.faults({CHARGE: LOST}, call_timeout_s=0.3)
    id = lab.start(retry=ONCE)
    lab.until(id, lambda view: lab.effects(id) == ["charge/1"])
    lab.engine.stop()
    assert lab.answers(id, "charge") == []
    lab.open()
    view = lab.settled(id)
    assert (view.row.status, charges(lab, id)) == ("confirmed", 1)
    assert Counter(lab.effects(id)).most_common(1)[0][1] == 1


@pytest.mark.parametrize("name", ["saga", "sequence"])
def test_many_runs_go_on_wherever_they_were(lab: Lab, name: str) -> None:
    request = lab.engine.complete(laptops(convert_to="EUR"))
    ids = lab.engine.start_many(request, 40, by_name(name, request, TWICE, ask=False))
    for _ in range(3):
        lab.reopen()
    assert {lab.settled(id).row.status for id in ids} == {"confirmed"}
    assert {charges(lab, id) for id in ids} == {1}
    assert lab.rows("select count(*), count(distinct key || service) from ledger") == [(40 * 7, 40 * 7)]
    sent = Counter((message.run, message.channel) for message in lab.engine.outbox(limit=200))
    assert set(sent.values()) == {1} and len(sent) == 80
    assert {total for (total,) in lab.rows("select sum(minor) from postings group by currency")} == {0}


def test_a_run_keeps_the_profile_of_its_last_decision_over_a_restart(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    parked = lab.run(retry=PATIENT.model_copy(update={"attempts": 1}))
    lab.faults({SHIP: REFUSED, REFUND: REFUSED})
    parked = lab.decide(parked, "retry")
    lab.reopen()
    lab.faults()
    lab.engine.control(parked.row.id, "cancel")
    stuck = lab.settled(parked.row.id)
    assert stuck.row.status == "compensation_stuck"  # cancelled under the profile of the retry


def test_an_edited_request_is_used_after_a_restart(lab: Lab) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run()
    view = lab.decide(view, "edit", edit=Edit(customer_email="new@keller.example"))
    lab.faults()
    lab.reopen()
    view = lab.decide(lab.engine.run(view.row.id), "retry")
    assert [message.recipient for message in lab.engine.outbox("email", run=view.row.id)] == ["new@keller.example"]


def test_an_attempt_that_is_made_again_took_only_its_own_time() -> None:
    """The hours that nothing ran are no latency."""
    plan, order = saga(laptops(), ONCE), laptops()
    run = LiveRun("r", "r", plan, [order], calm(), 7, 1000.0)
    run.recover(Play().play(plan, order).journal[:2], 8200.0)
    [call] = run.outgoing
    run.take_answer(call, Reply(None, {}), 8200.25)
    assert run.entries[-1].body["took_ms"] == 250.0


# A journal that is not followed


def swap_stages(lab: Lab) -> None:
    """Swap two stages of every plan that the store holds, as a changed program would; once more swaps them back."""
    with closing(sqlite3.connect(lab.path)) as connection, connection:
        for digest, body in connection.execute("select digest, body from plans").fetchall():
            plan = from_json(body)
            plan["stages"][1], plan["stages"][3] = plan["stages"][3], plan["stages"][1]
            connection.execute("update plans set body = ? where digest = ?", (to_json(plan).decode(), digest))


def diverged(lab: Lab) -> str:
    """A run that was asking about its booking, on an engine whose plans have changed."""
    lab.faults({BOOK: REFUSED})
    id = lab.run().row.id
    lab.engine.stop()
    swap_stages(lab)
    lab.open()
    lab.written()
    return id


def test_a_run_that_does_not_follow_its_journal_is_parked_and_calls_nothing(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    tables = [f"select * from {name} order by position" for name in ("journal", "ledger", "postings")]
    id = lab.run().row.id
    before = [lab.rows(table) for table in tables]
    lab.engine.stop()
    swap_stages(lab)
    lab.open()
    lab.written()
    view = lab.engine.run(id)
    assert (view.row.status, view.code) == ("needs_attention", "diverged")
    assert [lab.rows(table) for table in tables] == before


def test_a_run_that_diverged_asks_nothing_and_takes_no_decision(lab: Lab) -> None:
    id = diverged(lab)
    view = lab.engine.run(id)
    lab.falsified = True
    assert (view.question, view.choices) == (None, ())
    with pytest.raises(DecisionRefused):
        lab.engine.decide(id, "book", 1, "retry")
    with pytest.raises(DecisionRefused):
        lab.engine.control(id, "cancel")
    assert lab.run().row.status == "needs_attention"  # others go on


def test_a_divergence_is_visible_over_restarts_and_gone_with_its_cause(lab: Lab) -> None:
    id = diverged(lab)
    lab.reopen()
    assert lab.engine.run(id).code == "diverged"
    assert lab.engine.health().parked == 1
    lab.engine.stop()
    swap_stages(lab)
    lab.open()
    lab.written()
    view = lab.engine.run(id)
    assert (view.code, view.row.status) == (None, "needs_attention")
    lab.faults()
    assert lab.decide(view, "retry").row.status == "confirmed"


def test_a_run_of_another_version_keeps_nobody_from_starting(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED})
    unreadable, other = lab.run(), lab.run(plan=by_name("sequence", lab.engine.complete(laptops())))
    lab.falsified = True
    lab.engine.stop()
    with closing(sqlite3.connect(lab.path)) as connection, connection:
        plan = "(select plan from runs where id = ?)"
        connection.execute(f"update plans set body = '{{\"name\": 1}}' where digest = {plan}", (unreadable.row.id,))
    parse_plan.cache_clear()
    lab.open()
    assert {row.id for row in lab.engine.runs()} == {unreadable.row.id, other.row.id}
    with pytest.raises(SagalabError, match="written by another version"):
        lab.engine.run(unreadable.row.id)
    lab.faults()
    assert lab.decide(lab.engine.run(other.row.id), "retry").row.status == "confirmed"


# A store that can't be written


def writable(lab: Lab, allowed: bool) -> None:
    """Whether SQLite lets the writer write, as where a disk turns read-only."""
    held = lab.engine._writer._connection.connection.driver_connection
    assert held is not None
    held.execute(f"pragma query_only = {'off' if allowed else 'on'}")


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is tried again every 50 ms."""
    monkeypatch.setattr("core.worlds.embedded.PROBE_S", 0.05)


def turns(lab: Lab, healthy: bool) -> None:
    """Wait until the engine's health is as said."""
    deadline = time.monotonic() + 10
    while lab.engine.health().ok != healthy:
        assert time.monotonic() < deadline, f"health stays {lab.engine.health()}"
        threading.Event().wait(0.01)


def test_a_store_that_cannot_be_written_stops_acceptance_and_loses_nothing(lab: Lab, probed: None) -> None:
    lab.faults({BOOK: REFUSED})
    parked: RunView = lab.run()
    id = lab.start(retry=PATIENT)
    lab.until(id, lambda view: bool(lab.answers(id, "book")))
    lab.faults()
    writable(lab, False)
    with pytest.raises(EngineBusy):
        lab.start()
    turns(lab, healthy=False)
    with pytest.raises(EngineBusy):
        lab.engine.decide(parked.row.id, "book", 1, "retry")
    with pytest.raises(EngineBusy):
        lab.engine.control(id, "cancel")
    assert "readonly" in lab.engine.health().reason
    assert len(lab.engine.runs()) == 2
    writable(lab, True)
    turns(lab, healthy=True)
    assert lab.decide(parked, "retry").row.status == "confirmed"
    lab.engine.control(id, "hurry")
    lab.until(id, lambda view: len(lab.answers(id, "book")) == 2)
    assert charges(lab, parked.row.id) == 1


def test_a_decision_that_could_not_be_written_was_not_made(lab: Lab, probed: None) -> None:
    lab.faults({SHIP: REFUSED})
    view = lab.run()
    writable(lab, False)
    with pytest.raises(EngineBusy):
        lab.engine.decide(view.row.id, "ship", 1, "give_up")
    writable(lab, True)
    turns(lab, healthy=True)
    assert lab.engine.run(view.row.id) == view
    lab.faults()
    assert lab.decide(view, "retry").row.status == "confirmed"


def test_runs_in_flight_when_the_store_fails_end_once_it_can_be_written(lab: Lab, probed: None) -> None:
    lab.faults({CHARGE: LOST}, call_timeout_s=0.4)
    ids = lab.engine.start_many(laptops(), 5, saga(lab.engine.complete(laptops()), ONCE, ask=False))
    for id in ids:
        lab.until(id, lambda view: bool(lab.effects(view.row.id)))
    writable(lab, False)
    turns(lab, healthy=False)
    writable(lab, True)
    turns(lab, healthy=True)
    assert {lab.settled(id).row.status for id in ids} == {"confirmed"}
    assert {charges(lab, id) for id in ids} == {1}


# What people decide


def patient_booking(step: Step) -> Step:
    return step.model_copy(update={"retry": PATIENT}) if step.id == "book" else step


def test_controls_and_decisions_are_durable_when_they_return(lab: Lab) -> None:
    lab.faults({BOOK: REFUSED, "order_creation.cancel": REFUSED})
    plan = with_steps(saga(lab.engine.complete(laptops())), patient_booking)
    id = lab.start(plan=plan)
    lab.until(id, lambda view: bool(lab.answers(id, "book")))
    lab.engine.control(id, "pause")
    assert lab.rows("select status from runs where id = ?", id) == [("paused",)]
    assert lab.rows("select body from journal where kind = 'control'") == [('{"control":"pause"}',)]
    lab.engine.control(id, "cancel")
    stuck = lab.settled(id, ("compensation_stuck",))
    assert stuck.question is not None
    lab.engine.decide(id, "create", stuck.question.visit, "retry")
    assert lab.rows("select count(*) from journal where kind = 'decision'") == [(1,)]

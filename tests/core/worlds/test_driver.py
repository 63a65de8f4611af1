"""One run, one thing at a time: stamps, timers, and a journal from which every prefix goes on the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decisions import check_control, choices_for
from core.errors import DecisionRefused, Diverged
from core.interpreter import interpret
from core.models import Call, Condition, ControlName, Decision, OrderRequest, Plan, Reply, RetryPolicy, Row, Step
from tests.core.scenes import Play, by_name, laptops, saga

CARD, CORPORATE = laptops(), laptops(channel="corporate", wallet="team")
PATIENT = RetryPolicy(attempts=3, first_wait_s=0.5)
DOWN = ["unavailable"] * 3


def play(script: dict[str, list[Any]] | None = None, request: OrderRequest = CARD) -> Play:
    return Play(script).play(saga(request, PATIENT), request)


def answers(run: Play, step: str) -> list[dict[str, Any]]:
    return [entry.body | {"at": entry.at} for entry in run.entries if entry.kind == "answer" and entry.step == step]


def paused_in_backoff(after_s: float) -> Play:
    """A run that is paused some seconds after its charge failed for the first time."""
    run = Play({"charge": DOWN})
    run.begin(interpret(saga(CARD, PATIENT), CARD, run))
    while not answers(run, "charge"):
        run.step()
    run.take_control("pause", run.now + after_s)
    return run


# Stamps and timers


def test_a_failed_attempt_is_a_row_with_the_time_of_the_next() -> None:
    first, second, third = answers(play({"charge": ["unavailable", "unavailable"]}), "charge")
    assert (first["code"], first["next_at"] - first["at"]) == ("unavailable", 0.5)
    assert second["at"] == first["next_at"]
    assert second["next_at"] - second["at"] == 1.0
    assert third["at"] == second["next_at"]
    assert "next_at" not in third and third["code"] is None


def test_no_next_attempt_no_next_time() -> None:
    assert "next_at" not in answers(play({"charge": DOWN}), "charge")[-1]
    assert "next_at" not in answers(play({"charge": ["card_declined"]}), "charge")[-1]


def test_rows_say_whether_a_failure_was_final_or_its_effect_unknown() -> None:
    lost, kept = answers(play({"charge": ["timeout"]}), "charge")
    assert lost["unknown"] is True and "final" not in lost
    assert "unknown" not in kept
    assert answers(play({"charge": ["card_declined"]}), "charge")[0]["final"] is True


def test_an_answer_says_how_long_its_attempt_took() -> None:
    run = Play()
    run.latency_s = lambda call: 0.25 if call.step == "book" else 0.0
    run.play(saga(CARD), CARD)
    assert [row["took_ms"] for step in ("create", "book", "ship") for row in answers(run, step)] == [0.0, 250.0, 0.0]


def test_a_stamp_never_goes_back() -> None:
    run = Play(now=1000.0)
    run.begin(interpret(saga(CARD), CARD, run))
    run.take_answer(run.outgoing[0], Reply(None), 900.0)
    assert [entry.at for entry in run.entries] == [1000.0, 1000.0]
    run.take_control("pause", 1000.5)
    run.take_control("resume", 1000.2)
    assert [entry.at for entry in run.entries[2:]] == [1000.5, 1000.5]


def test_seq_counts_the_rows_without_a_gap() -> None:
    run = play({"email": ["unavailable"], "ship": DOWN})
    run.decide("retry", notice="sms")
    assert [entry.seq for entry in run.entries] == list(range(1, len(run.entries) + 1))


def both_wait() -> Play:
    """Email and text wait side by side for their second attempts: email is due at 1000.5, the text at 1000.6."""
    run = Play({"email": ["unavailable"], "sms": ["unavailable"]})
    run.latency_s = lambda call: 0.1 if call.step == "sms" else 0.0
    run.begin(interpret(saga(CARD, PATIENT), CARD, run))
    while not answers(run, "sms"):
        run.step()
    return run


def test_timers_due_by_then_fire_before_what_happens_each_at_its_own_time() -> None:
    run = both_wait()
    run.take_control("pause", 1000.55)  # the email's second attempt was due, the text's was not
    assert [call.step for call in run.outgoing] == ["email"]
    assert [(call.step, since) for call, (_, since) in run.pending.items()] == [("email", 1000.5)]


def test_timers_fire_in_the_order_in_which_they_are_due() -> None:
    run = both_wait()
    run.fire_until(2000.0)
    assert [(call.step, run.pending[call][1]) for call in run.outgoing] == [("email", 1000.5), ("sms", 1000.6)]


def test_a_control_wakes_every_sleeper() -> None:
    run = both_wait()
    run.take_control("hurry", 1000.2)
    assert [call.step for call in run.outgoing] == ["email", "sms"]
    assert run.next_due() is None


def test_pause_keeps_the_rest_of_the_backoff() -> None:
    run = paused_in_backoff(0.2)
    assert (run.where(), run.next_due()) == ("paused", None)
    run.take_control("resume", 5000.0)
    assert run.next_due() == pytest.approx(5000.3)
    assert run.go_on().now == pytest.approx(5001.3)


def test_a_backoff_that_pause_interrupted_more_than_once_is_waited_out_once() -> None:
    run = paused_in_backoff(0.2)
    run.take_control("resume", 2000.0)
    run.take_control("pause", 2000.1)
    run.take_control("resume", 3000.0)
    assert run.next_due() == pytest.approx(3000.2)


def test_a_cancel_ends_a_pause() -> None:
    run = paused_in_backoff(0.2)
    run.take_control("cancel", 1100.0)
    assert run.go_on().where() == "cancelled"


def test_where_a_run_stands() -> None:
    run = play({"ship": DOWN})
    assert run.where() == "needs_attention"
    run.take_control("pause", run.now)
    assert run.where() == "paused"
    run.take_control("resume", run.now)
    assert run.where() == "needs_attention"
    assert run.decide("give_up").where() == "refunded"


@pytest.mark.parametrize(("choice", "wanted"), [("give_up", "undoing"), ("retry", "confirmed")])
def test_a_run_says_when_it_is_too_late_to_cancel(choice: Any, wanted: str) -> None:
    run = play({"ship": DOWN})
    assert run.no_return == ""
    run.decide(choice)
    again = Play()
    again.replay(interpret(saga(CARD, PATIENT), CARD, again), run.journal)
    assert run.no_return == again.no_return == wanted


# What does not fit


def test_an_answer_that_nothing_waits_for_is_refused() -> None:
    run = Play()
    run.begin(interpret(saga(CARD), CARD, run))
    call = run.outgoing[0]
    with pytest.raises(Diverged):
        run.take_answer(call._replace(attempt=2), Reply(None), run.now)
    run.take_answer(call, Reply(None), run.now)
    with pytest.raises(Diverged):
        run.take_answer(call, Reply(None), run.now)


def test_an_answer_to_other_parameters_is_refused() -> None:
    run = Play()
    run.begin(interpret(saga(CARD), CARD, run))
    with pytest.raises(Diverged):
        run.take_answer(run.outgoing[0]._replace(params=(("order", "order/9"),)), Reply(None), run.now)


@pytest.mark.parametrize("about", [("ship", 2), ("book", 1)])
def test_a_decision_about_another_question_is_refused(about: tuple[str, int]) -> None:
    run = play({"ship": DOWN})
    written = len(run.entries)
    with pytest.raises(Diverged):
        run.take_decision(Decision(*about, "retry"), run.now)
    assert len(run.entries) == written
    assert run.asking is not None and run.asking[1][1:3] == ("ship", 1)


# Replay


def deliver(run: Play, row: Row) -> None:
    """Let happen live what a journal row says has happened."""
    body = row.body
    run.fire_until(row.at)
    if row.kind == "answer":
        [call] = [one for one in run.pending if place(one) in answered([row])]
        reply = Reply(body["code"], body["answer"], body.get("final", False), body.get("unknown", False))
        run.take_answer(call, reply, row.at)
    elif row.kind == "control":
        run.take_control(body["control"], row.at)
    elif row.kind == "decision":
        run.take_decision(Decision(**body | {"changes": tuple(body["changes"].items())}), row.at)


def place(call: Call) -> tuple[Any, ...]:
    """What tells an attempt from every other of its run."""
    return call.action, call.step, call.direction, call.edition, call.visit, call.attempt


def answered(rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """The places of the attempts that rows answer, as `place` has them."""
    return {(row.body["action"], row.step, *row[6:10]) for row in rows if row.kind == "answer"}


def check_every_prefix(journal: Sequence[Row], plan: Plan, request: OrderRequest) -> None:
    """From every prefix the same attempts are in flight, and the same things lead to the same rows."""
    for length in range(len(journal) + 1):
        run = Play(run=journal[0].run)
        run.replay(interpret(plan, request, run), journal[:length])
        assert run.outgoing == list(run.pending)
        assert answered(journal[:length]).isdisjoint(map(place, run.pending)), (
            "an attempt that was answered is made again"
        )
        for row in journal[length:]:
            deliver(run, row)
        assert run.journal == list(journal[length:])


@pytest.mark.parametrize(
    ("name", "request_", "script", "choices"),
    [
        ("saga", CARD, {}, []),
        ("saga", laptops(convert_to="EUR"), {"convert": ["unavailable"], "email": DOWN}, []),
        ("saga", CARD, {"charge": ["timeout"] * 3, "ship": DOWN}, ["retry", "give_up"]),
        ("saga", CORPORATE, {"book": ["out_of_stock"] * 2, "rebook": ["out_of_stock"]}, ["retry"]),
        ("saga", CORPORATE, {"ship": DOWN, "undo create": DOWN * 2}, ["give_up", "retry", "retry"]),
        ("sequence", CARD, {"book": ["timeout"], "charge": ["card_declined"]}, ["retry"]),
        ("sequence", laptops(convert_to="EUR"), {"ship": DOWN}, ["skip"]),
    ],
)
def test_every_prefix_of_a_journal_goes_on_the_same(
    name: str, request_: OrderRequest, script: dict[str, list[Any]], choices: list[Any]
) -> None:
    plan = by_name(name, request_, PATIENT)
    run = Play(script).play(plan, request_)
    for choice in choices:
        run.decide(choice, notice="sms" if choice == "retry" else None, profile=3)
    assert run.result
    check_every_prefix(run.journal, plan, request_)


def test_the_replay_of_a_whole_journal_calls_nothing_and_writes_nothing() -> None:
    first = play({"ship": DOWN, "email": DOWN}).decide("retry", notice="call")
    again = Play()
    again.replay(interpret(saga(CARD, PATIENT), CARD, again), first.journal)
    assert (again.outgoing, again.entries, again.result) == ([], [], "confirmed_with_issues")


def test_the_replay_of_a_parked_run_asks_what_was_asked() -> None:
    first = play({"ship": DOWN})
    again = Play()
    again.replay(interpret(saga(CARD, PATIENT), CARD, again), first.journal)
    assert first.asking is not None and again.asking is not None
    assert (again.asking[1], again.outgoing, again.where()) == (first.asking[1], [], "needs_attention")
    assert again.decide("retry").result == "confirmed"


def test_a_run_replayed_in_its_backoff_rings_when_it_was_to_ring() -> None:
    first = Play({"charge": DOWN})
    first.begin(interpret(saga(CARD, PATIENT), CARD, first))
    while not answers(first, "charge"):
        first.step()
    again = Play()
    again.replay(interpret(saga(CARD, PATIENT), CARD, again), first.journal)
    assert again.next_due() == first.next_due() == 1000.5
    assert again.outgoing == []


def test_a_paused_run_stays_paused_over_a_replay() -> None:
    first = paused_in_backoff(0.2)
    again = Play()
    again.replay(interpret(saga(CARD, PATIENT), CARD, again), first.journal)
    assert (again.where(), again.next_due(), again.outgoing) == ("paused", None, [])
    again.take_control("resume", 9000.0)
    assert again.next_due() == pytest.approx(9000.3)


# Divergence


def without(journal: list[Row], where: Callable[[Row], bool]) -> list[Row]:
    return [row for row in journal if not where(row)]


def changed(journal: list[Row], step: str, **fields: Any) -> list[Row]:
    return [
        row._replace(body=row.body | fields) if row.step == step and row.kind == "answer" else row for row in journal
    ]


JOURNALS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "an answer is missing": lambda rows: without(rows, lambda row: row.step == "create"),
    "an event is missing": lambda rows: without(rows, lambda row: row.body.get("event") == "confirmed"),
    "two answers are swapped": lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]],
    "other parameters": lambda rows: changed(rows, "charge", params={"pay_currency": "USD", "quote_minor": 1}),
    "another action": lambda rows: changed(rows, "charge", action="payment_processing.debit_wallet"),
    "another outcome": lambda rows: [*rows[:-1], rows[-1]._replace(body={"event": "ended", "outcome": "rejected"})],
    "an event too many": lambda rows: [*rows, rows[-1]],
    "an answer too many": lambda rows: [*rows, rows[2]],
    "an answer that fails where the run went on": lambda rows: changed(rows, "book", code="out_of_stock", final=True),
}


@pytest.mark.parametrize("what", JOURNALS)
def test_a_journal_that_asks_for_something_else_diverges(what: str) -> None:
    whole = play().journal
    journal = JOURNALS[what](whole)
    assert journal != whole
    run = Play()
    with pytest.raises(Diverged):
        run.replay(interpret(saga(CARD, PATIENT), CARD, run), journal)


def reordered(plan: Plan) -> Plan:
    first, second, *rest = plan.stages
    return plan.model_copy(update={"stages": (second, first, *rest)})


def renamed(plan: Plan) -> Plan:
    def rename(step: Step) -> Step:
        return step.model_copy(update={"id": "reserve"}) if step.id == "book" else step

    return plan.model_copy(update={"stages": tuple(tuple(rename(step) for step in stage) for stage in plan.stages)})


@pytest.mark.parametrize("change", [reordered, renamed, lambda plan: by_name("sequence", CARD, PATIENT)])
def test_a_changed_plan_diverges(change: Callable[[Plan], Plan]) -> None:
    journal = play().journal
    run = Play()
    with pytest.raises(Diverged):
        run.replay(interpret(change(saga(CARD, PATIENT)), CARD, run), journal)


# Whatever happens

EVENTS = ("payment_failed", "shipping_failed", "out_of_stock", "delayed", "over_budget")
CODES = (None, None, None, "unavailable", "unavailable", "timeout", "out_of_stock", "closed")


def wander(chance: random.Random) -> tuple[Play, Plan, OrderRequest]:
    """A run with random answers, latencies, controls and decisions, until it ends."""
    corporate = {"channel": "corporate", "wallet": "team"} if chance.random() < 0.5 else {}
    wishes = [Condition(event=chance.choice(EVENTS), then=chance.choice(("call", "sms", "email"))) for _ in range(2)]
    request = laptops(convert_to=chance.choice((None, "EUR")), conditions=tuple(wishes), **corporate)
    plan = by_name(chance.choice(("saga", "sequence")), request, RetryPolicy(attempts=2, first_wait_s=0.5))
    run = Play()
    run.latency_s = lambda call: chance.random()
    scripted = run.reply

    def reply(call: Any) -> Reply:
        code = None if call.direction == "close" else chance.choice(CODES)
        return scripted(call) if code is None else Reply(code, final=code in CODES[-2:], unknown=code == "timeout")

    run.reply = reply  # type: ignore[method-assign]
    run.begin(interpret(plan, request, run))
    while not run.result:
        control: ControlName = chance.choice(("pause", "resume", "hurry", "cancel"))
        if chance.random() < (0.02 if control == "cancel" else 0.2):
            steer(run, control)
        elif not run.step():
            ask_or_resume(run, plan, chance)
    return run, plan, request


def steer(run: Play, control: ControlName) -> None:
    try:
        check_control(run.run, control, run.no_return, run.state, run.next_due() is not None)
    except DecisionRefused:
        return
    run.take_control(control, run.now + 0.01)


def ask_or_resume(run: Play, plan: Plan, chance: random.Random) -> None:
    if run.asking and not run.state.paused:
        step = next(step for step in plan.steps() if step.id == run.asking[1].step)
        choice, notice = chance.choice(choices_for(run.asking[1], step)), chance.choice((None, "email", "call"))
        run.take_decision(Decision(step.id, run.asking[1].visit, choice, notice=notice), run.now)
    else:
        run.take_control("resume", run.now)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_every_prefix_of_any_journal_goes_on_the_same(seed: int) -> None:
    run, plan, request = wander(random.Random(seed))
    check_every_prefix(run.journal, plan, request)


def held(rows: Sequence[Row]) -> set[str]:
    """The steps whose effect stands at the end."""
    standing: set[str] = set()
    for row in rows:
        if row.kind != "answer" or row.body["code"]:
            continue
        if row.direction == "undo":
            standing.discard(row.step)
        elif row.direction == "do" or row.body["answer"]:
            standing.add(row.step)
    return standing


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_whatever_happens_a_run_keeps_its_promises(seed: int) -> None:
    run, plan, _ = wander(random.Random(seed))
    rows = run.journal
    names = [row.body.get("event") for row in rows]
    assert ("confirmed" in names) != ("undoing" in names)
    assert all(row.attempt <= 2 for row in rows)
    told = [place for place, row in enumerate(rows) if row.body.get("params", {}).get("kind") == "confirmation"]
    if "confirmed" in names:
        pivot = names.index("confirmed")
        assert str(run.result).startswith("confirmed")
        assert not any(row.direction == "undo" for row in rows[pivot:])
        assert len(held(rows) & {"book", "rebook"}) == 1
        assert all(place > pivot for place in told)
    else:
        assert run.result in ("refunded", "rejected", "cancelled")
        assert not told
        assert held(rows).isdisjoint(step.id for step in plan.steps() if step.undo)
        undos = dict.fromkeys(row.step for row in rows[names.index("undoing") :] if row.direction == "undo")
        assert list(undos) == sorted(undos, key=plan.order.__getitem__, reverse=True)

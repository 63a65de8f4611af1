"""One visit of one action: attempts, waits, what ends it, and that it always ends known."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from core.models import Call, Control, Reply, RetryPolicy
from core.retry import perform
from core.worlds.base import FOREVER_S

CALL = Call("r", "charge", "payment_processing.charge", "do", 1, 1, 1, (("quote_minor", 5),))
PAID = {"payment_id": "PAY_1"}
UNAVAILABLE, DECLINED = Reply("unavailable"), Reply("card_declined", final=True)
TIMEOUT, DONE, EMPTY = Reply("timeout", unknown=True), Reply(None, PAID), Reply(None)


class Attempts:
    """Answers attempts from a list, and sleeps without waiting.

    found: what closing the key finds. naps: what each sleep is met by, a control and the seconds left.
    """

    def __init__(self, *replies: Reply, found: Reply = EMPTY, naps: Sequence[tuple[Control, float]] = ()) -> None:
        self.replies, self.found, self.naps = list(replies), found, list(naps)
        self.calls: list[Call] = []
        self.slept: list[float] = []
        self.people = Control()

    async def attempt(self, call: Call) -> Reply:
        self.calls.append(call)
        return self.found if call.direction == "close" else self.replies.pop(0)

    async def sleep(self, seconds: float) -> float:
        self.slept.append(seconds)
        if not self.naps:
            return 0.0
        self.people, left = self.naps.pop(0)
        return left

    def control(self) -> Control:
        return self.people

    @property
    def tries(self) -> list[tuple[str, int]]:
        return [(call.direction, call.attempt) for call in self.calls]


def visit(
    world: Attempts, policy: RetryPolicy = RetryPolicy(), call: Call = CALL, stop: Callable[[], bool] | None = None
) -> Reply:
    coroutine: Coroutine[Any, Any, Reply] = perform(world, call, policy, stop or (lambda: world.people.cancelled))  # type: ignore[arg-type]
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    reply: Reply = ended.value.value
    return reply


def test_a_success_at_once_is_one_attempt_without_a_wait() -> None:
    world = Attempts(DONE)
    assert visit(world) == DONE
    assert (world.tries, world.slept) == ([("do", 1)], [])


def test_waits_grow_by_the_factor_up_to_the_longest() -> None:
    world = Attempts(*[UNAVAILABLE] * 5)
    assert visit(world, RetryPolicy(attempts=5, first_wait_s=0.5, factor=3, longest_s=4)) == UNAVAILABLE
    assert world.tries == [("do", attempt) for attempt in range(1, 6)]
    assert world.slept == [0.5, 1.5, 4, 4]


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_attempts_never_exceed_the_policy(attempts: int) -> None:
    world = Attempts(*[UNAVAILABLE] * 9)
    visit(world, RetryPolicy(attempts=attempts, first_wait_s=0))
    assert len(world.calls) == attempts


def test_every_attempt_has_the_same_key_and_parameters() -> None:
    world = Attempts(UNAVAILABLE, TIMEOUT, UNAVAILABLE)
    visit(world)
    assert {(call.key, call.params, call.visit) for call in world.calls} == {("r/charge/1", CALL.params, 1)}


def test_a_final_refusal_is_not_tried_again() -> None:
    world = Attempts(DECLINED, DONE)
    assert visit(world) == DECLINED
    assert world.tries == [("do", 1)]


def test_a_refusal_without_effect_leaves_the_key_open() -> None:
    assert not visit(Attempts(*[UNAVAILABLE] * 3)).spent


def test_a_success_after_a_lost_answer_needs_no_look_up() -> None:
    world = Attempts(TIMEOUT, DONE)
    assert visit(world) == DONE
    assert world.tries == [("do", 1), ("do", 2)]


@pytest.mark.parametrize(
    "replies", [(TIMEOUT, TIMEOUT, TIMEOUT), (UNAVAILABLE, TIMEOUT, UNAVAILABLE), (TIMEOUT, DECLINED)]
)
def test_an_effect_that_happened_unheard_is_kept(replies: tuple[Reply, ...]) -> None:
    world = Attempts(*replies, found=DONE)
    assert visit(world) == DONE
    assert world.tries[-1] == ("close", 1)
    assert [call.direction for call in world.calls].count("close") == 1


@pytest.mark.parametrize(
    "replies", [(TIMEOUT, TIMEOUT, TIMEOUT), (TIMEOUT, UNAVAILABLE, UNAVAILABLE), (TIMEOUT, DECLINED)]
)
def test_a_key_closed_without_an_effect_is_spent_and_the_failure_stays(replies: tuple[Reply, ...]) -> None:
    reply = visit(Attempts(*replies))
    assert (reply.code, reply.spent) == (replies[-1].code, True)


def test_an_undo_is_never_closed() -> None:
    """It is tried again with the same key, so an answer that was lost costs nothing."""
    world = Attempts(*[TIMEOUT] * 3)
    assert visit(world, call=CALL._replace(direction="undo")) == TIMEOUT
    assert world.tries == [("undo", 1), ("undo", 2), ("undo", 3)]


def test_stopped_before_the_first_attempt_calls_nothing() -> None:
    world = Attempts(DONE)
    assert visit(world, stop=lambda: True) == Reply("cancelled")
    assert world.calls == []


def test_cancel_in_a_backoff_ends_the_visit() -> None:
    world = Attempts(UNAVAILABLE, DONE, naps=[(Control(cancelled=True), 0.3)])
    assert visit(world) == Reply("cancelled")
    assert world.tries == [("do", 1)]


def test_cancel_after_a_lost_answer_still_looks_the_effect_up() -> None:
    cancelled = [(Control(cancelled=True), 0.3)]
    kept = Attempts(TIMEOUT, naps=cancelled, found=DONE)
    assert visit(kept) == DONE
    closed = visit(Attempts(TIMEOUT, naps=cancelled))
    assert (closed.code, closed.spent) == ("cancelled", True)


def test_pause_keeps_the_rest_of_the_backoff() -> None:
    world = Attempts(UNAVAILABLE, DONE, naps=[(Control(paused=True), 0.3), (Control(), FOREVER_S), (Control(), 0.0)])
    assert visit(world, RetryPolicy(first_wait_s=0.5)) == DONE
    assert world.slept == [0.5, FOREVER_S, 0.3]


def test_paused_before_it_starts_it_waits_to_be_resumed() -> None:
    world = Attempts(DONE, naps=[(Control(), FOREVER_S)])
    world.people = Control(paused=True)
    assert visit(world) == DONE
    assert world.slept == [FOREVER_S]


def test_retry_now_ends_the_wait() -> None:
    world = Attempts(UNAVAILABLE, DONE, naps=[(Control(hurries=1), 0.4)])
    assert visit(world) == DONE
    assert world.slept == [0.5]


def test_a_retry_now_from_before_does_not_shorten_the_next_wait() -> None:
    world = Attempts(UNAVAILABLE, UNAVAILABLE, DONE, naps=[(Control(hurries=1), 0.4), (Control(hurries=1), 0.2)])
    visit(world)
    assert world.slept == [0.5, 1.0, 0.2]


def test_retry_now_while_paused_waits_for_resume() -> None:
    naps = [(Control(paused=True), 0.3), (Control(paused=True, hurries=1), FOREVER_S), (Control(hurries=1), FOREVER_S)]
    world = Attempts(UNAVAILABLE, DONE, naps=naps)
    assert visit(world) == DONE
    assert world.slept == [0.5, FOREVER_S, FOREVER_S]

"""Retrying, the same in every world."""

from __future__ import annotations

from collections.abc import Callable

from core.models import Call, Reply, RetryPolicy
from core.worlds.base import FOREVER_S, Attempting


async def perform(world: Attempting, call: Call, policy: RetryPolicy, stop: Callable[[], bool]) -> Reply:
    """One visit: try until done, refused for good, out of attempts, or told to stop. `call` is its first attempt.

    Afterwards it is known whether the action took effect: done, or failed and it never will.
    """
    if stop() or (world.control().paused and not await _may_go_on(world, 0.0, stop)):
        return Reply("cancelled")
    unknown = False
    while True:
        reply = await world.attempt(call)
        unknown = unknown or reply.unknown
        if reply.code is None or reply.final:
            break
        if call.attempt == policy.attempts:
            break
        if not await _may_go_on(world, policy.wait_s(call.attempt), stop):
            reply = Reply("cancelled")
            break
        call = call.at(call.attempt + 1)
    if reply.code is None or not unknown or call.direction == "undo":
        return reply
    return await _close(world, call, reply)


async def _close(world: Attempting, call: Call, failure: Reply) -> Reply:
    """Look an unknown effect up by its key: keep it if it happened, else make sure that it never will.

    The call is retried without end, so it has no attempt of its own.
    """
    found = await world.attempt(call._replace(direction="close", attempt=1))
    if found.code is None and found.answer:
        return Reply(None, found.answer)
    return failure._replace(spent=True)


async def _may_go_on(world: Attempting, wait_s: float, stop: Callable[[], bool]) -> bool:
    """Wait out a backoff: pause keeps its rest, retry-now ends it. False: told to stop."""
    hurries = world.control().hurries
    while not stop():
        control = world.control()
        if control.paused:
            await world.sleep(FOREVER_S)
        elif wait_s <= 0 or control.hurries > hurries:
            return True
        else:
            wait_s = await world.sleep(wait_s)
    return False

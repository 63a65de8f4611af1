"""How a run stands, in a few words: what the tiles and the money card say. Pure, but for the clock."""

from __future__ import annotations

import time

from core.views import MoneyView, RunView
from pages.shared import steps
from pages.shared.palette import STATES, badge, chip, inert
from pages.shared.ui import clock, money, plural, span

REST: tuple[tuple[str, tuple[str, ...]], ...] = (  # word -> the states that it counts
    ("running", ("running",)),
    ("retrying", ("retrying",)),
    ("failed", ("attention", "failed")),
    ("skipped", ("skipped",)),
    ("to go", ("waiting",)),
)


def status(view: RunView) -> str:
    """The chip of a run; one that is being undone says so."""
    undoing = view.control.cancelled or any(step.undo_state in ("running", "retrying") for step in view.steps)
    return badge("undone", "Undoing") if view.row.status == "running" and undoing else chip(view.row.status)


def elapsed_s(view: RunView) -> float:
    """Seconds since the start; a run that waits or has ended stands still."""
    row = view.row
    if row.ended_at is not None:
        return row.ended_at - row.created_at
    if row.status == "running":
        return max(0.0, time.time() - row.created_at)
    return _last_at(view) - row.created_at


def _last_at(view: RunView) -> float:
    return max((event.at for event in view.events), default=view.row.created_at)


def now(view: RunView) -> tuple[str, str]:
    """What happens now, and since when or in which attempt."""
    if view.row.ended_at is not None:
        return "**Ended**", f"at {clock(view.row.ended_at)}"
    if view.row.status in ("needs_attention", "compensation_stuck"):
        return "**Waiting for you**", f"since {clock(_last_at(view))}"
    if view.row.status == "paused":
        return "**Paused**", f"since {clock(_last_at(view))}"
    step = steps.active(view)
    if step is None:
        return "**Next step**", "about to start"
    return f"**{inert(step.title, 24)}**", steps.attempt_words(step)


def progress(view: RunView) -> tuple[str, str]:
    """How many steps are done or undone, and what the others do."""
    shown = steps.shown(view)
    count = {state: sum(step.state == state for step in shown) for state in STATES}
    undone = sum(step.state == "undone" or step.undo_state in ("done", "undone") for step in shown)
    if undone:
        return f"**{undone} undone**", f"{count['done']} of {len(shown)} steps stand"
    rest = [f"{number} {word}" for word, states in REST if (number := sum(count[state] for state in states))]
    return f"**{count['done']} of {len(shown)} done**", ", ".join(rest) or "all done"


def balance(view: MoneyView) -> tuple[str, str]:
    """Whether what is kept is the price of what is booked."""
    if view.owed.minor:
        return badge("attention", "Owed"), f"{money(view.owed)} to the customer"
    if not view.balanced:
        return badge("waiting", "Open"), "taken, not booked yet"
    return badge("done", "Balanced"), "kept = bookings held" if view.kept.minor else "nothing is kept"


def duration(view: RunView) -> tuple[str, str]:
    """How long it took so far, and how many attempts."""
    return f"**{span(elapsed_s(view))}**", plural(sum(len(step.tries) for step in view.steps), "attempt")

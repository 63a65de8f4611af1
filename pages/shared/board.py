"""What moves on the page of a run: slots made once, filled again and again without shifting anything."""

from __future__ import annotations

import time
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.views import MoneyView, RunView, StepView
from pages.shared import decision, diagram, steps
from pages.shared.palette import STATES, badge, chip, inert
from pages.shared.ui import clock, money, pair, plural, span

STATUS_OF: dict[str, Literal["running", "complete", "error"]] = {
    "running": "running",
    "retrying": "running",
    "failed": "error",
    "attention": "error",
}
MONEY = (("Captured", "captured"), ("Refunded", "refunded"), ("**Kept**", "kept"), ("Price of bookings held", "held"))


class Board:
    """The slots of one run. Make it where the page has its head; `draw` fills it from a view."""

    def __init__(self, view: RunView, under_title: DeltaGenerator) -> None:
        self.status = under_title.empty()
        self.tiles = []
        with st.grid(4, min_column_width=150, border=True, gap="small") as grid:
            for name in ("Now", "Progress", "Money", "Time"):
                cell = grid.cell().container(gap="xxsmall")
                cell.caption(name)
                self.tiles.append((cell.empty(), cell.empty()))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            with st.container(border=True, gap="small"):
                self.heading, self.line = st.empty(), st.empty()
                decision.buttons(view)
            st.subheader("Steps", anchor=False)
            self.steps = st.empty()
        with right:
            self.money = st.container(border=True).empty()
            st.subheader("Plan", anchor=False)
            self.plan = st.empty()
        st.subheader("Timeline", anchor=False)
        st.caption("Solid: done. Hollow: failed. Dashes: waiting before the next attempt.")
        self.lane = st.empty()
        self.summary = st.empty()
        ledger, events = st.tabs(["Money ledger", "Events"])
        self.ledger, self.events = ledger.empty(), events.empty()
        self.drawn_ledger = -1

    def draw(self, view: RunView) -> None:
        """Fill every slot."""
        self.status.markdown(
            f"{chip(view.row.status)} `{view.row.id}` :small[:gray[started {clock(view.row.created_at)}]]"
        )
        heading, text = decision.words(view)
        self.heading.markdown(f"#### {heading}", anchors=False)
        self.line.markdown(text)
        self._tiles(view)
        self.tick(view)
        self._steps(view)
        with self.money.container(gap="xxsmall"):
            _money(view.money)
        rows, undo = steps.run_rows(view)
        self.plan.image(diagram.plan(rows, undo), width="stretch", alt=steps.alt(rows))
        self._record(view)

    def tick(self, view: RunView) -> None:
        """What moves with the clock alone: the heartbeat of a page that follows a run."""
        now_s = elapsed_s(view)
        big, small = self.tiles[3]
        big.markdown(f"**{span(now_s)}**")
        small.caption(plural(sum(len(step.tries) for step in view.steps), "attempt"))
        bars, length, ticks = steps.bars(view, now_s)
        self.lane.image(diagram.timeline(bars, length, ticks), width="stretch", alt="Timeline of attempts")

    def _tiles(self, view: RunView) -> None:
        for (big, small), (first, second) in zip(
            self.tiles, (_now(view), _progress(view), _balance(view.money)), strict=False
        ):
            big.markdown(first)
            small.caption(second)

    def _steps(self, view: RunView) -> None:
        with self.steps.container(gap="xsmall"):
            for step in steps.shown(view):
                _block(step).markdown(steps.body(step))

    def _record(self, view: RunView) -> None:
        with self.summary.container(gap="small"):
            if view.summary:
                st.subheader("Summary", anchor=False)
                st.markdown(view.summary, anchors=False)
        self.events.markdown(_events(view))
        if len(view.ledger) != self.drawn_ledger or not view.live:
            self.drawn_ledger = len(view.ledger)
            _ledger(self.ledger, view)


def _block(step: StepView) -> DeltaGenerator:
    label = steps.title_line(step)
    if step.state in steps.QUIET:  # st.status has no waiting state: a closed step of the same shape
        return st.expander(label, icon=f":material/{STATES[step.state].icon}:", type="step")
    return st.status(label, state=STATUS_OF.get(step.state, "complete"), type="step")


def elapsed_s(view: RunView) -> float:
    """Seconds since the start; a run that waits or has ended stands still."""
    row = view.row
    if row.ended_at is not None:
        return row.ended_at - row.created_at
    if row.status == "running":
        return max(0.0, time.time() - row.created_at)
    return max((event.at for event in view.events), default=row.created_at) - row.created_at


def _now(view: RunView) -> tuple[str, str]:
    last = max((event.at for event in view.events), default=view.row.created_at)
    if view.row.ended_at is not None:
        return "**Ended**", f"at {clock(view.row.ended_at)}"
    if view.question:
        return "**Waiting for you**", f"since {clock(last)}"
    if view.row.status == "paused":
        return "**Paused**", f"since {clock(last)}"
    step = steps.active(view)
    if step is None:
        return "**Next step**", "about to start"
    return f"**{inert(step.title, 24)}**", f"attempt {max(1, step.attempts)}"


def _progress(view: RunView) -> tuple[str, str]:
    shown = steps.shown(view)
    count = {state: sum(step.state == state for step in shown) for state in STATES}
    undone = sum(step.undo_state in ("done", "undone") or step.state == "undone" for step in shown)
    if undone:
        return f"**{undone} undone**", f"{count['done']} of {len(shown)} steps stand"
    rest = [
        f"{count[s]} {word}"
        for s, word in (("failed", "failed"), ("attention", "failed"), ("skipped", "skipped"), ("waiting", "to go"))
        if count[s]
    ]
    return f"**{count['done']} of {len(shown)} done**", ", ".join(rest) or "all done"


def _balance(view: MoneyView) -> tuple[str, str]:
    if view.owed.minor:
        return badge("attention", "Owed"), f"{money(view.owed)} to the customer"
    if not view.balanced:
        return badge("waiting", "Open"), "taken, not booked yet"
    if not view.kept.minor:
        return badge("done", "Balanced"), "nothing is kept"
    return badge("done", "Balanced"), "kept = bookings held"


def _money(view: MoneyView) -> None:
    pair("#### Money", _balance(view)[0])
    for label, field in MONEY:
        amount = money(getattr(view, field))
        pair(label, f"**{amount}**" if label.startswith("*") else amount)
    if view.owed.minor:
        pair("**Owed to the customer**", f"**{money(view.owed)}**")


def _events(view: RunView) -> str:
    lines = [
        f":small[:gray[{clock(e.at)}]] :{STATES[e.state].color}[:material/{STATES[e.state].icon}:] {inert(e.text, 300)}"
        for e in view.events
    ]
    return "  \n".join(lines) or "Nothing has happened yet."


def _ledger(slot, view: RunView) -> None:
    if not view.ledger:
        slot.caption("No service has done anything yet.")
        return
    slot.dataframe(
        {
            "Service": [line.service for line in view.ledger],
            "Action": [line.action for line in view.ledger],
            "State": [line.state for line in view.ledger],
            "Account": [line.account or "" for line in view.ledger],
            "Amount": [money(line.amount).replace("\\", "") if line.amount else "" for line in view.ledger],
            "Key": [line.key for line in view.ledger],
        },
        hide_index=True,
        alt="Effects of this run and their postings",
    )

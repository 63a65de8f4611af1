"""What moves on the page of a run: slots made once, painted again and again without shifting anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.money import format_money
from core.views import LedgerLine, RunView
from pages.shared import decision, diagram, standing, steps
from pages.shared.palette import STATES, inert
from pages.shared.step_list import StepList
from pages.shared.ui import clock, money, pair

Paint = Callable[[DeltaGenerator, RunView], object]
Words = Callable[[RunView], tuple[str, str]]
TILES: tuple[tuple[str, Words, bool], ...] = (  # the last moves with the clock
    ("Now", standing.now, False),
    ("Progress", standing.progress, False),
    ("Money", lambda view: standing.balance(view.money), False),
    ("Time", standing.duration, True),
)
LINE_PX, HEADING_PX, TILE_PX = 24, 26, 72  # heights of a line, a card's heading, a tile's three lines
CHOICES_PX = 93  # height of the choices in a wide window: what is below them stands still when they are drawn
MONEY = (("Captured", "captured"), ("Refunded", "refunded"), ("**Kept**", "kept"), ("Price of bookings held", "held"))


class Board:
    """The page of one run, made in two parts: the steps that have begun, then `draw_rest`.

    At the first look, what stands above the steps is as high as it will be but not painted yet: a browser draws few
    things sooner than many, and in a wide window nothing is shifted later. Drawn again, all of it stays painted, but
    for the choices where others are to be made now: a browser keeps a button of another key until the script ends.
    """

    def __init__(self, view: RunView, under_title: DeltaGenerator, first_look: bool, new_choices: bool) -> None:
        self.view, self.first_look = view, first_look
        self.slots: list[tuple[DeltaGenerator, Paint, bool]] = []
        self.later: list[tuple[DeltaGenerator, Paint]] = []
        self.ledger: tuple[LedgerLine, ...] | None = None
        self._slot(under_title, _status, height_px=LINE_PX)
        with st.grid(4, min_column_width=150, border=True, gap="small") as grid:
            for name, words, ticks in TILES:
                self._slot(grid.cell(), partial(_tile, name, words), ticks, TILE_PX)
        left, self.right = st.columns([3, 2], gap="medium")
        with left:
            card = st.container(border=True, gap="small")
            self._slot(card, _heading, height_px=HEADING_PX)
            self._slot(card, lambda slot, view: slot.markdown(decision.words(view).text), height_px=LINE_PX)
            choices = card.empty()
            if not new_choices:
                _choices(choices, view)
            else:
                if view.live:
                    choices.space(CHOICES_PX)
                self.later.append((choices, _choices))
            st.subheader("Steps", anchor=False)
            slot, step_list = left.empty(), StepList()
            step_list.begin(slot, view)
            self.later.append((slot, step_list.paint))
            self.slots.append((slot, step_list.paint, False))

    def draw_rest(self) -> None:
        """What stands above the steps, the choices, and all that stands beside and below the steps."""
        for slot, paint in self.later:
            paint(slot, self.view)
        with self.right:
            self._slot(st.container(border=True), _money)
            st.subheader("Plan", anchor=False)
            self._slot(self.right, _plan)
        st.subheader("Timeline", anchor=False)
        st.caption("Solid: done. Hollow: failed. Dashes: waiting before the next attempt.")
        page = st.container(gap=None)
        self._slot(page, _timeline, True)
        self._slot(page, _summary)
        ledger, events = st.tabs(["Money ledger", "Events"])
        self._slot(ledger, self._ledger)
        self._slot(events, _events)

    def _slot(self, parent: DeltaGenerator, paint: Paint, ticks: bool = False, height_px: int = 0) -> None:
        """A slot that is painted now; at the first look, with the rest where its height is given."""
        slot = parent.empty()
        if height_px and self.first_look:
            slot.space(height_px)
            self.later.append((slot, paint))
        else:
            paint(slot, self.view)
        self.slots.append((slot, paint, ticks))

    def draw(self, view: RunView) -> None:
        """Paint every slot again."""
        for slot, paint, _ in self.slots:
            paint(slot, view)

    def tick(self, view: RunView) -> None:
        """Paint what moves with the clock alone: the heartbeat of a page that follows a run."""
        for slot, paint, ticks in self.slots:
            if ticks:
                paint(slot, view)

    def _ledger(self, slot: DeltaGenerator, view: RunView) -> None:
        """The only slot that is dear to the browser: painted when there is something new."""
        if view.ledger != self.ledger:
            self.ledger = view.ledger
            _ledger(slot, view)


def _tile(name: str, words: Words, slot: DeltaGenerator, view: RunView) -> None:
    big, small = words(view)
    slot.markdown(f":small[:gray[{name}]]  \n{big}  \n:small[:gray[{small}]]")


def _status(slot: DeltaGenerator, view: RunView) -> None:
    since = f":small[:gray[started {clock(view.row.created_at)}]]"
    slot.markdown(f"{standing.status(view)} `{view.row.id}` {since}")


def _heading(slot: DeltaGenerator, view: RunView) -> None:
    slot.markdown(f"#### {decision.words(view).heading}", anchors=False)


def _choices(slot: DeltaGenerator, view: RunView) -> None:
    """No slot to paint again: within one drawing of a page there can be each button but once."""
    with slot.container(gap="small"):
        decision.buttons(view)


def _money(slot: DeltaGenerator, view: RunView) -> None:
    with slot.container(gap="xxsmall"):
        pair("#### Money", standing.balance(view.money)[0])
        for label, field in MONEY:
            amount = money(getattr(view.money, field))
            pair(label, f"**{amount}**" if label.startswith("*") else amount)
        if view.money.owed.minor:
            pair("**Owed to the customer**", f"**{money(view.money.owed)}**")


def _plan(slot: DeltaGenerator, view: RunView) -> None:
    rows, undo = steps.run_rows(view)
    slot.image(diagram.plan(rows, undo), width="stretch", alt=steps.alt(rows))


def _timeline(slot: DeltaGenerator, view: RunView) -> None:
    bars, length, ticks = steps.bars(view, standing.elapsed_s(view))
    slot.image(diagram.timeline(bars, length, ticks), width="stretch", alt="Timeline of attempts")


def _summary(slot: DeltaGenerator, view: RunView) -> None:
    if not view.summary:  # an empty container would keep what it held until the script ends
        slot.empty()
        return
    with slot.container(gap="small"):
        st.space("small")
        st.subheader("Summary", anchor=False)
        st.markdown(view.summary, anchors=False)


def _events(slot: DeltaGenerator, view: RunView) -> None:
    lines = [
        f":small[:gray[{clock(e.at)}]] :{STATES[e.state].color}[:material/{STATES[e.state].icon}:] {inert(e.text, 300)}"
        for e in view.events
    ]
    slot.markdown("  \n".join(lines) or "Nothing has happened yet.")


def _ledger(slot: DeltaGenerator, view: RunView) -> None:
    if not view.ledger:
        slot.caption("No service has done anything yet.")
        return
    slot.dataframe(
        {
            "Action": [line.action.replace("_", " ").capitalize() for line in view.ledger],
            "Account": [line.account or "" for line in view.ledger],
            "Amount": [
                format_money(line.amount.minor, line.amount.currency) if line.amount else "" for line in view.ledger
            ],
            "State": [line.state for line in view.ledger],
            "Service": [line.service.replace("_", " ").capitalize() for line in view.ledger],
            "Key": [line.key for line in view.ledger],
        },
        column_config={"Amount": st.column_config.TextColumn(alignment="right")},
        hide_index=True,
        alt="Effects of this run and their postings",
    )

"""Following a run from a page: a loop while it moves, a slow look while it waits for somebody."""

from __future__ import annotations

import time

import streamlit as st

from core.bootstrap import current_engine
from core.views import RunView
from pages.shared.board import Board

BEAT_S = 0.5  # a page meets reruns and stops at least this often
LOOK_S = 2.0
ON_SCREEN = "on_screen"  # the run that was looked at last, and its question
PAINT_S = 0.06  # the browser of a laptop paints the first steps of a run in this time


def shape(view: RunView) -> tuple[object, ...]:
    """What the buttons depend on. They are drawn before the loop, so a change of it draws the page again."""
    return view.row.status, view.control, view.question, view.choices, view.cancel_refusal, backing_off(view)


def backing_off(view: RunView) -> bool:
    """Whether some step waits before its next attempt: there is something to hurry."""
    return any("retrying" in (step.state, step.undo_state) for step in view.steps)


def news(view: RunView) -> tuple[bool, bool]:
    """Whether this run was not on the screen of this session before, and whether its question was not."""
    run, asked = st.session_state.get(ON_SCREEN, ("", None))
    st.session_state[ON_SCREEN] = view.row.id, view.question
    return run != view.row.id, (run, asked) != (view.row.id, view.question)


def let_paint(view: RunView) -> None:
    """Leave the browser the time to paint what it has of a run that moves, and to take away what is gone.

    All that comes meanwhile would be drawn together with it, and be seen later.
    """
    if view.row.status == "running":
        time.sleep(PAINT_S)


def follow(view: RunView, board: Board) -> None:
    """Draw the run again with every change while it runs."""
    if view.row.status != "running":
        if view.live:
            look(view.row.id, view.seq)
        return
    engine, drawn = current_engine(), shape(view)
    while True:
        asked_at = time.monotonic()
        engine.wait(view.row.id, view.seq, BEAT_S)
        fresh = engine.run(view.row.id)
        if shape(fresh) != drawn:
            st.rerun()
        if fresh != view:
            board.draw(fresh)
        elif time.monotonic() - asked_at < BEAT_S / 10:  # nobody drives this run: there is nothing to wait for
            look(fresh.row.id, fresh.seq)
            return
        else:
            board.tick(fresh)
        view = fresh


@st.fragment(run_every=LOOK_S)
def look(run: str, seq: int) -> None:
    """Draw the page again when another tab or the API has moved this run."""
    if current_engine().run(run).seq != seq:
        st.rerun()

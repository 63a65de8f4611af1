"""Runs: the list, or the one run that the address names."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.errors import RunNotFound, SagalabError
from core.models import ControlName
from core.views import RunView
from pages.shared import live, run_list, state, ui
from pages.shared.board import Board
from pages.shared.palette import inert

LINK_PX = 18  # keeps the place of a link


def control(run: str, name: ControlName) -> None:
    """Ask something of a run; show its refusal, or draw the run as it is now."""
    try:
        current_engine().control(run, name)
    except SagalabError as refusal:
        st.toast(inert(str(refusal), 300), icon=":material/error:")
    else:
        st.rerun()


def controls(view: RunView) -> None:
    """Pause or resume, retry now, cancel, run again. A button that can't be used says why."""
    run, status = view.row.id, view.row.status
    if status == "paused":
        if st.button("Resume", icon=":material/play_arrow:", key=f"resume_{run}", type="primary"):
            control(run, "resume")
    elif st.button("Pause", icon=":material/pause:", key=f"pause_{run}", disabled=status != "running"):
        control(run, "pause")
    refusal = view.cancel_refusal
    if st.button(
        "Cancel",
        icon=":material/close:",
        key=f"cancel_{run}",
        disabled=bool(refusal),
        help=inert(refusal, 300) or "Undoes what was done, and ends the run",
    ):
        control(run, "cancel")
    if status == "running":
        hurry, why = not live.backing_off(view), "Skips the wait before the next attempt"
        if st.button("Retry now", icon=":material/bolt:", key=f"hurry_{run}", disabled=hurry, help=why):
            control(run, "hurry")
    elif st.button(
        "Run again",
        icon=":material/replay:",
        key=f"again_{run}",
        disabled=not view.row.text or view.row.parent is not None,
        help="Takes this order back to Compose",
    ):
        state.compose_again(view.row.text, view.request, view.plan)
        st.switch_page("compose.py")


def to_list() -> None:
    """The link back to all runs."""
    st.page_link("runs.py", label="All runs", icon=":material/arrow_back:")


def kin(view: RunView) -> None:
    """Links to the run that this one repairs, and to the repairs of this one."""
    if not view.row.parent and not view.repairs:
        return
    with st.container(horizontal=True, gap="small"):
        if view.row.parent:
            st.page_link(
                "runs.py",
                label="The run that this repairs",
                icon=":material/link:",
                query_params={"run": view.row.parent},
            )
        for repair in view.repairs:
            st.page_link(
                "runs.py", label=f"Repair {repair.id}", icon=":material/build:", query_params={"run": repair.id}
            )


def show(run: str) -> None:
    """One run, live. The steps come first: they are on the screen while the rest is still being drawn."""
    try:
        view = current_engine().run(run)
    except RunNotFound as missing:
        ui.head("Runs")
        ui.callout(str(missing))
        to_list()
        return
    first_look, new_choices = live.news(view)
    if first_look:
        place = st.empty()
        place.space(LINK_PX)
    else:
        to_list()
    kin(view)
    left, row = ui.head(inert(view.row.title, 70))
    board = Board(view, left, first_look, new_choices)
    if new_choices:
        live.let_paint(view)
    if first_look:
        with place:
            to_list()
    with row:
        controls(view)
    board.draw_rest()
    live.follow(view, board)


if wanted := st.query_params.get("run", ""):
    st.query_params.from_dict({"run": wanted})  # a link from one run to another leaves the address behind
    show(wanted)
else:
    run_list.show()

"""All runs, newest first, with search and filter."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.views import RunRow
from pages.shared import ui
from pages.shared.palette import chip, inert

PAGE = 25
LOOK_S = 3.0
CHIP_PX = 120
ADDRESS = {"search": "", "show": "all"}  # what the address holds, where it differs from this
FILTERS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "all": ("All runs", None),
    "waiting": ("Needs a person", ("needs_attention", "compensation_stuck")),
    "open": ("Not ended", ("running", "paused", "needs_attention", "compensation_stuck")),
    "confirmed": ("Confirmed", ("confirmed", "confirmed_with_issues")),
    "issues": ("With issues", ("confirmed_with_issues",)),
    "undone": ("Refunded, rejected, cancelled", ("refunded", "rejected", "cancelled")),
    "owed": ("Money owed", ("compensation_stuck",)),
}


def show() -> None:
    """The page without a run in its address."""
    ui.head("Runs", "Every order that was started, and how it ended.")
    if not current_engine().runs(limit=1):
        ui.empty(
            "play_circle",
            "No runs yet",
            "Compose an order and press Run. It shows up here, and stays if the browser closes.",
            "compose.py",
            "Compose an order",
        )
        return
    search, wanted = _filters()
    busy = current_engine().health().open_runs > 0
    st.fragment(_rows, run_every=LOOK_S if busy else None)(search, FILTERS[wanted][1])


def _filters() -> tuple[str, str]:
    """Search and filter; the address holds them, so that a link or a reload shows the same list."""
    asked = {name: st.query_params.get(name, standard) for name, standard in ADDRESS.items()}
    if asked["show"] not in FILTERS:
        asked["show"] = ADDRESS["show"]
    st.query_params.from_dict({name: value for name, value in asked.items() if value != ADDRESS[name]})
    for name, value in asked.items():
        if st.session_state.get(name) != value:
            st.session_state[name] = value
    left, right = st.columns([3, 2], gap="small")
    left.text_input(
        "Search",
        placeholder="Search words or an id",
        label_visibility="collapsed",
        type="search",
        icon=":material/search:",
        key="search",
        max_chars=120,
        on_change=_keep,
        args=("search",),
    )
    right.selectbox(
        "Show",
        list(FILTERS),
        format_func=lambda name: FILTERS[name][0],
        label_visibility="collapsed",
        key="show",
        on_change=_keep,
        args=("show",),
    )
    return asked["search"], asked["show"]


def _keep(name: str) -> None:
    st.query_params[name] = st.session_state[name] or ADDRESS[name]


def _rows(search: str, status: tuple[str, ...] | None) -> None:
    limit = st.session_state.get("run_limit", PAGE)
    rows = current_engine().runs(status=status, search=search.strip(), limit=limit + 1)
    if not rows:
        ui.empty("search_off", "No run fits", "Search for other words, or show all runs.")
        return
    with st.container(gap="xsmall"):
        for row in rows[:limit]:
            _row(row)
    if len(rows) > limit and st.button("Show more", icon=":material/expand_more:"):
        st.session_state["run_limit"] = limit + PAGE
        st.rerun()


def _row(row: RunRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(chip(row.status), width=CHIP_PX)
        title = inert(row.title, 70) + (" (repair)" if row.parent else "")
        st.page_link("runs.py", label=title, query_params={"run": row.id})
        st.space("stretch")
        payer = "company" if row.channel == "corporate" else "private"
        st.markdown(f":small[:gray[{payer}, {ui.ago(row.created_at)}]] `{row.id}`", width="content")

"""What has to be seen on every page."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from pages.shared import ui
from pages.shared.palette import badge, inert

SHOWN = 3


def owed_banner() -> None:
    """Runs whose compensation is stuck: how much is owed, and the way there."""
    engine = current_engine()
    rows = engine.runs(status=("compensation_stuck",), limit=SHOWN + 1)
    with st.container(border=True, gap="xxsmall"):
        for row in rows[:SHOWN]:
            owed = ui.money(engine.run(row.id).money.owed)
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(
                    f"{badge('attention', 'Money owed')} **{owed}** for {inert(row.title, 60)}", width="content"
                )
                st.page_link("runs.py", label="Open the run", query_params={"run": row.id})
        if len(rows) > SHOWN:
            st.page_link("runs.py", label="All runs that owe money", query_params={"show": "owed"})

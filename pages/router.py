"""Page config, logo, navigation table; one clear page where the engine could not start."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError
from pages.shared import state, ui
from pages.shared.alerts import owed_banner
from pages.shared.palette import inert

HERE = Path(__file__).parent
PAGES = [
    ("compose", "Compose", "edit_note"),
    ("runs", "Runs", "play_circle"),
    ("lab", "Lab", "science"),
    ("metrics", "Metrics", "monitoring"),
    ("services", "Services", "hub"),
]
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="112" height="26" viewBox="0 0 112 26">
<style>.t{fill:#16181D}@media (prefers-color-scheme:dark){.t{fill:#ECEDF0}}</style>
<rect y="1" width="24" height="24" rx="7" fill="#2B66E6"/>
<path d="M7 10.5h7a3.5 3.5 0 0 1 0 7H9" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/>
<path d="M9.5 7.5 6.5 10.5l3 3" fill="none" stroke="#fff" stroke-width="2"
 stroke-linecap="round" stroke-linejoin="round"/>
<text class="t" x="33" y="19" font-size="17" font-weight="600"
 font-family="'Source Sans 3','Segoe UI','Helvetica Neue',Arial,sans-serif">Sagalab</text>
</svg>"""

st.set_page_config("Sagalab", "🔁", layout="wide")
st.logo(LOGO, size="large")
waiting, trouble, engine = 0, "", None
try:
    engine = current_engine()
    health = engine.health()
    waiting = health.parked + health.stuck
except SagalabError as error:
    trouble = str(error)


def page_of(name: str, title: str, icon: str) -> st.Page:
    """A page of the navigation; the runs' one counts what waits for a person."""
    if name == "runs" and waiting:
        title, icon = f"Runs · {waiting}", "front_hand"
    return st.Page(
        HERE / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == "compose"
    )


page = st.navigation([page_of(*entry) for entry in PAGES], position="hidden" if trouble else "top")
if state.just_opened() and not page.url_path and not trouble and (run := st.query_params.get("run")):
    st.switch_page("runs.py", query_params={"run": run})  # of later drawings, a run's may still be in the address
with st.container(horizontal_alignment="center"), st.container(width=1200):  # no wider than this on a large screen
    if engine is None or trouble:
        ui.halted("Sagalab could not start", trouble)
    else:
        if health.stuck:
            owed_banner()
        if not health.ok:
            st.warning(f"No new runs are accepted now: {inert(health.reason, 300)}", icon=":material/block:")
        if page.url_path:  # Compose has the address of the root
            state.last_start().arrived()
        page.run()

"""The check of everything that must always hold, made while the page stays usable."""

from __future__ import annotations

import logging
import threading

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.bootstrap import current_engine
from core.errors import SagalabError
from core.views import AuditView, Violation
from pages.shared import ui
from pages.shared.palette import badge

log = logging.getLogger(__name__)
BEAT_S = 0.25
MOST = 200  # violations in the table
CHECK = "check_of_books"
PROMISES = {
    1: "No run is lost",
    2: "One effect per key",
    3: "Money kept is the price of the booking",
    4: "Books balance, no wallet below zero",
    5: "One booking if confirmed, else none",
    6: "Undo in reverse order, nothing unknown",
    7: "Only confirmed orders are confirmed, once",
    8: "Attempts within policy, counted right",
    9: "A replay decides the same",
}


class Check:
    """One check in a thread of its own: how far it is, then what it found, or why it could not."""

    def __init__(self) -> None:
        self.position = self.last = 0
        self.found: AuditView | None = None
        self.failure = ""
        self._stop, self._engine = False, current_engine()
        self._thread = threading.Thread(target=self._work, name="check", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Let it end soon."""
        self._stop = True

    def wait(self) -> None:
        """Wait until it ended, a moment at most."""
        self._thread.join(BEAT_S)

    def _work(self) -> None:
        try:
            self.found = self._engine.audit(self._look)
        except SagalabError as error:
            self.failure = str(error)
        except Exception:  # shown on the page; the log has the rest
            log.exception("the check of the books failed")
            self.failure = "The check could not be made; the log says more. Try again."

    def _look(self, position: int, last: int) -> bool:
        self.position, self.last = position, last
        return not self._stop


def section() -> DeltaGenerator:
    """Heading, button, and what the last check of this session found; the slot in which `follow` shows progress."""
    check: Check | None = st.session_state.get(CHECK)
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader("Check of the books", anchor=False, width="content")
            st.space("stretch")
            if check and check.running:
                st.button("Stop", icon=":material/stop:", on_click=check.stop)
            else:
                st.button("Check now", icon=":material/fact_check:", on_click=_start)
        st.caption("Every run, payment, booking and message, step by step, against nine promises. Nothing is changed.")
        slot = st.empty()
        if check and not check.running:
            _result(check)
    return slot


def follow(slot: DeltaGenerator) -> None:
    """Show how far the check is until it ended. The last call of a page: all else is drawn by then."""
    check: Check | None = st.session_state.get(CHECK)
    if check is None or not check.running:
        return
    while check.running:
        share = check.position / check.last if check.last else 0.0
        slot.progress(min(share, 1.0), f"Checked {check.position:,} of {check.last:,}" if check.last else "Reading")
        check.wait()
    st.rerun()


def _start() -> None:
    check = st.session_state[CHECK] = Check()
    check.wait()  # a small store is done before anything moves


def _result(check: Check) -> None:
    found = check.found
    if found is None:
        ui.callout(check.failure)
        return
    st.markdown(f"{_chip(found)} {_sentence(found)}")
    if found.violations:
        _table(found.violations[:MOST])
        if len(found.violations) > MOST:
            st.caption(f"The first {MOST} of {len(found.violations):,}; `python -m core.audit` prints all.")


def _chip(found: AuditView) -> str:
    if found.violations:
        return badge("failed", ui.plural(len(found.violations), "violation"))
    return badge("waiting", "Stopped", "stop_circle") if found.stopped else badge("done", "Everything holds")


def _sentence(found: AuditView) -> str:
    what = f"{ui.plural(found.rows, 'journal row')} and {ui.plural(found.effects, 'effect')}"
    if found.stopped:
        return f"It was stopped after {what}."
    runs, commits = ui.plural(found.runs, "run"), ui.plural(found.prefixes, "step")
    return f"{runs}, {what}, looked at after each of {commits}, in {ui.span(found.seconds)}."


def _table(violations: tuple[Violation, ...]) -> None:
    st.dataframe(
        {
            "Promise": [f"{one.invariant}. {PROMISES[one.invariant]}" for one in violations],
            "What is wrong": [one.sentence for one in violations],
            "Run": [one.run for one in violations],
            "Position": [one.position for one in violations],
        },
        hide_index=True,
        alt="Promises that are not kept",
    )

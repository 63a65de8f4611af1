"""A new text is read and shown before anything of it can start: Run has to be pressed once more."""

from __future__ import annotations

import time

import streamlit as st

from pages.shared import state

# The text that was typed last, as it stood before any further correction; when Run was pressed on it unseen.
NEW, ASKED_AT = "new_text", "asked_at"


def typed() -> None:
    """Remember that what is in the sentence box was just written there."""
    st.session_state[NEW] = st.session_state.get(state.SENTENCE), state.revision()


def seen(text: str, shown: state.Draft | None) -> state.Draft | None:
    """What may start: the draft that was on the page, if it is of this very text. None asks for another press.

    The other half of a double click is no second look. The page reads a new text and says what is wrong with it, but
    for one of blanks, which it shows as none: that is refused here. Raises ReadingRefused.
    """
    session = st.session_state
    if shown and shown.text == text:
        if time.monotonic() - session.get(ASKED_AT, float("-inf")) < state.SAME_CLICK_S:
            return None
        session.pop(NEW, None)
        return shown
    if not text.strip():
        state.draft(text)
    session[NEW], session[ASKED_AT] = (text, state.revision()), time.monotonic()
    return None


def line(text: str, draft: state.Draft) -> None:
    """Say that a new text was read, and what starts it, until something of the order is changed."""
    if not draft.refusal and st.session_state.get(NEW) == (text, state.revision()):
        st.caption(
            ":material/visibility: This is how the new text is read. Press Run to start it.", text_alignment="right"
        )

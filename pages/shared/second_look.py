"""A new text is read and shown before anything of it can start: Run has to be pressed once more."""

from __future__ import annotations

import time

import streamlit as st

from pages.shared import state

NEW, ASKED_AT = "new_text", "asked_at"  # the text that was typed last, and when Run was pressed on it unseen


def typed() -> None:
    """Remember that what is in the sentence box was just written there."""
    st.session_state[NEW] = st.session_state.get(state.SENTENCE)


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
    session[NEW], session[ASKED_AT] = text, time.monotonic()
    return None


def line(text: str, draft: state.Draft) -> None:
    """Say that a new text was read, and what starts it."""
    if not draft.refusal and st.session_state.get(NEW) == text:
        st.caption(
            ":material/visibility: This is how the new text is read. Press Run to start it.", text_alignment="right"
        )

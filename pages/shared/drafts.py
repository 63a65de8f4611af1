"""The order that is being written outlasts a reload of the page, which begins a new session.

The address gets a random name for it, and nothing of its text: orders hold contact data, and addresses are logged and
passed on. Under that name this process keeps the text, in memory only.
"""

from __future__ import annotations

from collections import OrderedDict
from secrets import token_urlsafe
from threading import Lock
from typing import NamedTuple

import streamlit as st

from pages.shared import state

PARAM, NAME = "draft", "draft_name"
MOST_KEPT, LONGEST = 500, 10_000  # drafts, characters of one


class Written(NamedTuple):
    """A sentence, and what a person made of it."""

    text: str
    made: state.Correction | None


class Drafts:
    """The drafts that were written last, by name; safe for many sessions at once."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[str, Written] = OrderedDict()

    def keep(self, name: str, written: Written) -> None:
        """Put it in the place of what has this name; a text that is empty or far too long leaves nothing."""
        with self._lock:
            self._kept.pop(name, None)
            if written.text.strip() and len(written.text) <= LONGEST:
                self._kept[name] = written
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def find(self, name: str) -> Written | None:
        """What has this name, if it is still there."""
        with self._lock:
            return self._kept.get(name)


@st.cache_resource(show_spinner=False)
def drafts() -> Drafts:
    """Those of this process."""
    return Drafts()


def restore() -> None:
    """Once in a session, before its sentence is drawn: take up the draft that the address names."""
    session = st.session_state
    if NAME in session:
        return
    named = st.query_params.get(PARAM, "")
    found = drafts().find(named) if named else None
    session[NAME] = named if found else token_urlsafe(16)
    if found and not session.get(state.SENTENCE):
        state.compose(found.text)
        state.correct(found.text, found.made)


def keep(text: str) -> None:
    """Keep the sentence as it stands, and name it in the address."""
    name: str = st.session_state[NAME]
    drafts().keep(name, Written(text, state.correction(text)))
    if text.strip() and st.query_params.to_dict() != {PARAM: name}:  # on the way back a run's may still be there
        st.query_params.from_dict({PARAM: name})

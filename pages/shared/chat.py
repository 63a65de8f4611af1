"""Change an order by saying what to change: what would change is shown first, applied on demand, and can be undone."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.composer.base import MAX_CHARS
from core.composer.refine import Composed, History, Refinement
from pages.shared import state
from pages.shared.palette import inert
from pages.shared.ui import callout

PROPOSED, HISTORIES = "proposed", "histories"
CHANGE, TOO_LONG = "change", "change_too_long"  # the line that is written in, and how long it was if too long


def section(text: str, draft: state.Draft) -> None:
    """A line to write in, what it would change, and the way back."""
    now = Composed(draft.request, draft.name, draft.wishes)
    history = _history(text, now)
    with st.container(border=True, gap="small"):
        typed = st.chat_input(
            "Change it: make it 3, ship overnight instead, no text messages", key=CHANGE, on_submit=_give_back
        )
        if length := st.session_state.pop(TOO_LONG, 0):
            callout(
                f"Nothing was changed: this has {length:,} characters, and at most {MAX_CHARS:,} can be read. "
                "It is still in the box; make it shorter."
            )
        if typed:
            _propose(text, now, typed)
            history = _history(text, now)
        proposed: Refinement | None = st.session_state.get(PROPOSED)
        if proposed and proposed.before == now:
            _show(text, proposed)
        _way_back(text, history)


def _give_back() -> None:
    """Leave a text that is too long in the box, to be made shorter; a limit of the box would drop it unsaid."""
    written = st.session_state[CHANGE] or ""
    if len(written) > MAX_CHARS:
        st.session_state[TOO_LONG], st.session_state[CHANGE] = len(written), written
        _forget()


def _propose(text: str, now: Composed, typed: str) -> None:
    proposed = current_engine().refine(now, typed)
    if proposed.move:
        _move(text, proposed.move)
        st.rerun()
    st.session_state[PROPOSED] = proposed


def _show(text: str, proposed: Refinement) -> None:
    if proposed.note:
        st.caption(f":material/rule: {inert(proposed.note, 300)}")
    for sentence in proposed.refused:
        callout(sentence)
    if proposed.words:
        st.markdown("**This would change**")
        st.markdown("\n".join(f"- {inert(line, 300)}" for line in proposed.words))
    for answer in proposed.answers:
        st.markdown(f":material/info: {inert(answer.text, 600)}")
    offers = [(option.label, option.text) for option in proposed.options]
    offers += [(f"Write '{answer.offer}'", answer.offer) for answer in proposed.answers if answer.offer]
    with st.container(horizontal=True, gap="xsmall"):
        if proposed.words:
            st.button("Apply change", type="primary", icon=":material/check:", on_click=_apply, args=(text, proposed))
        for label, sentence in offers:
            st.button(
                inert(label, 120), key=f"offer_{label}", on_click=_propose, args=(text, proposed.before, sentence)
            )
        st.button("Leave it", icon=":material/close:", on_click=_forget)


def _way_back(text: str, history: History) -> None:
    steps = history.steps()
    if not steps and not history.future:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for move, past in (("undo", history.past), ("redo", history.future)):
            st.button(
                move.capitalize(), icon=f":material/{move}:", disabled=not past, on_click=_move, args=(text, move)
            )
    lines = [f"{place}. {inert('; '.join(words), 300)}" for place, words in enumerate(steps, 1)]
    st.caption("\n".join(lines) or "Every change is undone.")


def _apply(text: str, proposed: Refinement) -> None:
    _take(text, _history(text, proposed.before).apply(proposed.after))


def _move(text: str, move: str) -> None:
    history: History | None = _histories().get(text)
    if history:
        _take(text, history.undo() if move == "undo" else history.redo())


def _take(text: str, history: History) -> None:
    _histories()[text] = history
    now = history.now
    state.correct(text, state.Correction(now.request, now.plan, now.wishes))
    _forget()


def _forget() -> None:
    st.session_state.pop(PROPOSED, None)


def _histories() -> dict[str, History]:
    return st.session_state.setdefault(HISTORIES, {})


def _history(text: str, now: Composed) -> History:
    """The changes of this sentence; one made elsewhere, such as in the form, is one of them."""
    kept = _histories()
    history = kept.pop(text, None)
    kept[text] = history.apply(now) if history else History(now)
    while len(kept) > state.REMEMBERED:
        kept.pop(next(iter(kept)))
    return kept[text]

"""Saved orders on the Compose page: keep the one that is written, use, take away, bring in and delete others."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import streamlit as st

from core.bootstrap import current_engine
from core.errors import ImportRefused, NameTaken, ReadingRefused, SagalabError
from core.views import SavedView
from pages.shared import state, ui
from pages.shared.palette import inert

PAGE = 8
LONGEST_NAME = 60
LARGEST_KB = 100  # of a file, as core takes it
OPEN, LIMIT = "saved_open", "saved_limit"  # whether the section is open, how many of the list are shown
IMPORT, FILE, FILE_NAME = "saved_import", "saved_file", "saved_file_name"
NAME, LAST = "saved_name", "saved_last"
NEWS_S = 5.0  # as long as it is said that something was saved
SAID, CLASH = "saved_said", "saved_clash"


@dataclass(frozen=True, slots=True)
class Clash:
    """A name that is taken, and one that is free. `file` is what was to be imported, None for the order as written."""

    taken: str
    free: str
    file: bytes | None


@dataclass(slots=True)
class LastSave:
    """What was saved last. `lock` is held while something is saved: two clicks of a row run at the same time.

    count: how many were saved; a form, and what asks about a name, has another key afterwards.
    """

    count: int = 0
    at: float = float("-inf")  # by the monotonic clock
    name: str = ""
    news: bool = False  # nothing else was said since
    lock: Lock = field(default_factory=Lock)

    def note(self, name: str) -> None:
        """Remember it."""
        self.count, self.at, self.name, self.news = self.count + 1, time.monotonic(), name, True

    def within(self, seconds: float) -> bool:
        """Whether it was saved so short a time ago."""
        return time.monotonic() - self.at < seconds


def section(written: bool) -> None:
    """A line below the order's card that unfolds. `written`: there is an order on the page that can be saved."""
    box = st.expander("Saved orders", icon=":material/bookmark:", key=OPEN, on_change="rerun")
    if not box.open:
        return
    if _last().within(state.SAME_CLICK_S):
        st.session_state[IMPORT] = False
    with box:
        found = current_engine().saved_orders()
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
            _save_form(written, bool(found))
            with st.popover("Import", icon=":material/upload:", key=IMPORT, on_change="rerun"):
                _import_form()
        if _last().news and _last().within(NEWS_S):
            st.markdown(f":small[:green[:material/check: Saved as '{inert(_last().name)}'.]]")
        _show_said("save")
        _show_clash()
        if found:
            _list(found)
        elif written:
            st.caption("No orders are saved yet. Save this one to run it again later, or import a file.")


def _list(found: tuple[SavedView, ...]) -> None:
    limit = st.session_state.get(LIMIT, PAGE)
    with st.container(gap="xsmall"):
        for row in found[:limit]:
            _row(row)
    if len(found) > limit:
        more = f"Show more ({len(found) - limit})"
        st.button(more, icon=":material/expand_more:", on_click=_show_more, args=(limit + PAGE,))
    _show_said("list")
    st.caption("A JSON file holds the whole order: its e-mail, phone and address too.")


def _save_form(written: bool, any_saved: bool) -> None:
    if not written:
        empty = "" if any_saved else "No orders are saved yet. "
        st.caption(f"{empty}Write an order above to save it here, or import a file.", width="stretch")
        return
    form = st.form(f"save_{_last().count}", border=False)
    with form.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input("Save this order as", key=f"{NAME}_{_last().count}", placeholder="Monday laptops")
        st.form_submit_button("Save", icon=":material/bookmark_add:", on_click=_save, args=(_last().count,))


def _import_form() -> None:
    _show_said("import")
    with st.form(f"import_{_last().count}", border=False):
        st.file_uploader(
            f"JSON file of an order, at most {LARGEST_KB} KB",
            type=["json"],
            max_upload_size=1,  # MB, the least that can be said
            key=f"{FILE}_{_last().count}",
        )
        st.text_input("Save it as", key=f"{FILE_NAME}_{_last().count}", placeholder="its own name")
        st.form_submit_button("Import file", type="primary", on_click=_import, args=(_last().count,))


def _row(row: SavedView) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        about = f"{inert(row.title, 60)}, {row.plan}, {ui.ago(row.at)}"
        st.markdown(f"**{inert(row.name)}** :small[:gray[{about}]]", width="content")
        st.space("stretch")
        with st.container(horizontal=True, gap="xsmall", width="content"):  # on a phone they wrap together
            st.button("Use", icon=":material/edit_note:", key=f"use_{row.name}", on_click=_use, args=(row.name,))
            st.download_button(
                "JSON",
                partial(current_engine().export_saved, row.name),
                file_name(row.name),
                "application/json",
                icon=":material/download:",
                key=f"export_{row.name}",
                on_click="ignore",
                help="Holds the whole order: e-mail, phone and address too.",
            )
            with st.popover("Delete", icon=":material/delete:", key=_asks(row.name), on_change="rerun"):
                st.markdown(f"Delete **{inert(row.name)}** for good?")
                st.button("Yes, delete it", type="primary", key=f"yes_{row.name}", on_click=_delete, args=(row.name,))


def _show_said(place: str) -> None:
    """Say once, where it was asked, why nothing changed."""
    where, sentences = st.session_state.get(SAID, ("", ()))
    if where != place:
        return
    del st.session_state[SAID]
    if len(sentences) == 1:
        ui.callout(sentences[0])
    else:
        first, *faults = (inert(one, 300) for one in sentences)
        st.error("\n".join((f"{first}\n", *(f"- {fault}" for fault in faults))), icon=":material/error:")


def _show_clash() -> None:
    """A name that is taken: two ways out."""
    clash = st.session_state.get(CLASH)
    if not clash:
        return
    st.warning(f"There is a saved order '{inert(clash.taken)}' already.", icon=":material/bookmark:")
    with st.container(horizontal=True, gap="xsmall"):
        form = _last().count
        again = (form, clash.file, clash.free)
        st.button(f"Save as '{inert(clash.free)}'", key="clash_free", on_click=_keep, args=again)
        st.button("Replace it", key="clash_replace", on_click=_keep, args=(form, clash.file, clash.taken, True))
        st.button("Cancel", key="clash_cancel", type="tertiary", on_click=st.session_state.pop, args=(CLASH,))


def file_name(name: str) -> str:
    """A file name that every system takes."""
    return (re.sub(r"[^\w-]+", "-", name).strip("-") or "order") + ".sagalab.json"


def _last() -> LastSave:
    last: LastSave = st.session_state.setdefault(LAST, LastSave())
    return last


def _asks(name: str) -> str:
    return f"delete_{name}"


# What the buttons do


def _say(place: str, *sentences: str) -> None:
    """Leave for the page why nothing changed; that something was saved before is no news any more."""
    st.session_state[SAID] = place, sentences
    _last().news = False


def _save(form: int) -> None:
    name = st.session_state.get(f"{NAME}_{form}") or ""
    if name.strip() or not _last().within(state.SAME_CLICK_S):  # an empty form stands where the full one was
        _keep(form, None, name)


def _import(form: int) -> None:
    file = st.session_state.get(f"{FILE}_{form}")
    if file is not None:
        _keep(form, file.getvalue(), st.session_state.get(f"{FILE_NAME}_{form}") or "")
    elif not _last().within(state.SAME_CLICK_S):
        _say("import", "No file was chosen. Choose one that was exported here.")


def _keep(form: int, file: bytes | None, name: str, replace: bool = False) -> None:
    """Save the order as written, or that of a file, once for each `form`; leave for the page why it can't be."""
    session, last = st.session_state, _last()
    with last.lock:
        if form != last.count:  # the other half of a double click
            return
        session.pop(CLASH, None)
        try:
            if file is None:
                draft = state.draft(session.get(state.SENTENCE) or "")
                order = (draft.reading.text, draft.request, draft.name, draft.wishes)
                last.note(current_engine().save_order(name, *order, replace).name)
            else:
                last.note(current_engine().import_saved(file, name, replace).name)
        except NameTaken as taken:
            session[CLASH] = Clash(taken.name, taken.free, file)
            session[IMPORT] = last.news = False
        except ImportRefused as refused:
            _say("import", "Nothing was imported.", *refused.faults)
        except SagalabError as refused:
            _say("save" if file is None else "import", str(refused))


def _use(name: str) -> None:
    """Put a saved order on the page: by its sentence, and where that alone would give another, as a correction."""
    try:
        order = current_engine().saved_order(name)
        for text in order.sentences():
            if _readable(text):
                state.compose(text)
                state.correct(text, None)
                found = state.draft(text)
                if (found.request, found.name, found.wishes) != (order.request, order.plan, order.wishes):
                    state.correct(text, state.Correction(order.request, order.plan, order.wishes))
                st.session_state[OPEN] = False
                return
        _say("list", f"No sentence can be made of '{name}' that Sagalab reads.")
    except SagalabError as refused:
        _say("list", str(refused))


def _readable(text: str) -> bool:
    try:
        current_engine().read(text)
    except ReadingRefused:
        return False
    return True


def _delete(name: str) -> None:
    try:
        current_engine().delete_saved(name)
    except SagalabError as refused:
        _say("list", str(refused))
    else:
        st.toast(f"'{inert(name)}' is deleted.", icon=":material/check:")
    st.session_state[_asks(name)] = False


def _show_more(limit: int) -> None:
    st.session_state[LIMIT] = limit

"""Two readers of one sentence: what each made of it where they differ, and the question which is right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.bootstrap import current_engine
from core.composer.base import Comparison, Difference, Reading
from core.composer.refine import value_words
from core.errors import ReadingRefused
from pages.shared import state
from pages.shared.forms import label
from pages.shared.palette import inert

REFUSALS = {
    "empty": "nothing to read",
    "too_long": "too long to read",
    "not_an_order": "no order",
    "ambiguous_quantity": "asks how many are meant",
    "unsupported_currency": "money that can't be paid in",
    "negative_or_zero_quantity": "a number that can't be ordered",
    "unsupported_language": "not English",
}
MOST_NAMED = 4
WAITING = "The language model is reading it. After 10 s the rules take over."


@contextmanager
def waiting(slot: DeltaGenerator) -> Iterator[None]:
    """While a model reads, say so in `slot`; rules read within the blink of an eye."""
    if not current_engine().by_model:
        yield
        return
    with slot, st.spinner(WAITING, show_time=True):
        yield


def before_run(text: str) -> None:
    """Say, above the buttons, that the two readers disagree, in what, and whose reading runs; ask what rules ask."""
    found = current_engine().compare(text)
    if found.groq is None or not found.differences or state.correction(text):
        return
    if not isinstance(found.groq, Reading):
        return  # nothing runs before a choice; the refusal is said in its own place
    names = list(dict.fromkeys(_name(one.field) for one in found.differences))
    more = len(names) - MOST_NAMED
    where = "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
    st.warning(
        f"The model and the rules disagree on: {inert(where, 300)}. Run starts the model's reading.",
        icon=":material/compare_arrows:",
    )
    if isinstance(found.offline, ReadingRefused) and found.offline.options:
        st.markdown(f"The rules ask: {inert(str(found.offline), 400)}")
        options(found.offline.options)


def open_options(text: str, refusal: ReadingRefused) -> tuple[tuple[str, str], ...]:
    """The ways to write a sentence that was refused: those of the rules where the model offers none."""
    rules = current_engine().compare(text).offline
    return refusal.options or (rules.options if isinstance(rules, ReadingRefused) else ())


def options(ways: tuple[tuple[str, str], ...]) -> None:
    """A button for each way to read a quantity."""
    with st.container(horizontal=True, gap="xsmall"):
        for quantity, sentence in ways:
            st.button(f"Read it as {inert(quantity, 20)}", key=quantity, on_click=state.compose, args=(sentence,))


def ask(text: str) -> None:
    """Show where the rules and the model differ, and take a choice. Nothing where there is only one reader."""
    found = current_engine().compare(text)
    if found.groq is None:
        return
    if found.groq.note:
        st.caption(f":material/rule: {inert(found.groq.note, 300)}")
    elif found.differences and not state.correction(text):
        _question(text, found)
    elif not found.differences:
        st.caption(":material/done_all: The model and the rules read it the same.")


def _question(text: str, found: Comparison) -> None:
    with st.container(border=True, gap="small"):
        st.markdown("**The model and the rules read it differently. Which is right?**")
        st.table(
            {
                "Field": [_path(one.field) for one in found.differences],
                "Model": [_value(one, one.groq, found.groq) for one in found.differences],
                "Rules": [_value(one, one.offline, found.offline) for one in found.differences],
            },
            border="horizontal",
            hide_index=True,
        )
        with st.container(horizontal=True, gap="xsmall"):
            for name, reading in (("model", found.groq), ("rules", found.offline)):
                st.button(
                    f"The {name}",
                    key=f"reader_{name}",
                    disabled=not isinstance(reading, Reading),
                    on_click=state.choose,
                    args=(text, reading),
                )
        if isinstance(found.groq, Reading):
            st.caption("Until you choose, the model's is used. Each field can be corrected below too.")
        else:
            st.caption("Until you choose, the model's refusal stands.")


def _name(path: str) -> str:
    """'items.0.quantity' as 'item 1, quantity' (plain text)."""
    if path == "refusal":
        return "whether it can be read"
    first, *rest = path.split(".")
    if rest and rest[0].isdigit():
        return f"{label(first).removesuffix('s').lower()} {int(rest[0]) + 1}, {', '.join(map(_part, rest[1:]))}"
    return ", ".join((label(first), *map(_part, rest))).lower()


def _part(name: str) -> str:
    return {"if": "when", "sms": "text"}.get(name, name.replace("_", " "))


def _path(path: str) -> str:
    name = _name(path)
    return f"**{name[0].upper()}{name[1:]}**"


def _value(difference: Difference, value: object, reading: Reading | ReadingRefused | None) -> str:
    if difference.field == "refusal":
        return "can be read" if value is None else f"refused: {REFUSALS.get(str(value), 'no order')}"
    currency = reading.request.currency if isinstance(reading, Reading) else ""
    return ":gray[nothing]" if value is None else inert(value_words(difference.field, value, currency), 120)

"""Two readers of one sentence: what each made of it where they differ, and the question which is right."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.composer.base import Comparison, Difference, Reading
from pages.shared import state
from pages.shared.forms import label
from pages.shared.palette import inert


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
                "Model": [_value(one, one.groq) for one in found.differences],
                "Rules": [_value(one, one.offline) for one in found.differences],
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


def _path(path: str) -> str:
    """'items.0.quantity' as 'Items 1, quantity'."""
    first, *rest = path.split(".")
    words = [str(int(part) + 1) if part.isdigit() else f", {part.replace('_', ' ')}" for part in rest]
    return f"**{label(first)}**" + "".join(word if word.startswith(",") else f" {word}" for word in words)


def _value(difference: Difference, value: object) -> str:
    if difference.field == "refusal":
        return "can be read" if value is None else f"refused: {inert(str(value).replace('_', ' '), 60)}"
    return ":gray[nothing]" if value is None else inert(str(value), 120)

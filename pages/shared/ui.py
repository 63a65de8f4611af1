"""Parts that several pages need."""
from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.money import format_money
from core.views import Money


def head(title: str, caption: str = "") -> tuple[DeltaGenerator, DeltaGenerator]:
    """Page title and one line; returns the column under the title and a right-aligned row for buttons."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.title(title, anchor=False)
    if caption:
        left.caption(caption)
    return left, right.container(horizontal=True, horizontal_alignment="right", gap="xsmall")


def pair(left: str, right: str) -> None:
    """One line of a statement: words left, figures right (markdown)."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(left, width="content", anchors=False)
        st.space("stretch")
        st.markdown(right, width="content")


def empty(icon: str, title: str, text: str, page: str = "", label: str = "") -> None:
    """What an empty page says: what is missing, and the one thing to do."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("medium")
        st.subheader(title, icon=f":material/{icon}:", text_alignment="center", anchor=False)
        st.caption(text, text_alignment="center")
        if page and st.button(label, type="primary", icon=":material/arrow_forward:"):
            st.switch_page(page)
        st.space("medium")


def ago(at: float, now: float | None = None) -> str:
    """How long ago a Unix time was, in words."""
    seconds = max(0.0, (time.time() if now is None else now) - at)
    for limit, size, word in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return "just now" if seconds < 5 else f"{int(seconds // size)} {word} ago"
    days = int(seconds // 86_400)
    return f"{days} day{'s' * (days > 1)} ago"


def money(amount: Money) -> str:
    """An amount as plain text, safe in markdown: '$' would start a formula there."""
    return format_money(amount.minor, amount.currency).replace("$", "\\$")

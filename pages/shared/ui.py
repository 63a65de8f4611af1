"""Parts that several pages need."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.money import format_money, known, to_minor
from core.views import Money, RateView
from pages.shared.palette import inert


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


def halted(title: str, sentence: str) -> None:
    """One page in place of all others: what is wrong, in a sentence, and what to do then."""
    with st.container(border=True, gap="small"):
        st.subheader(title, icon=":material/error:", anchor=False)
        st.text(sentence)
        st.caption("When that is mended, start it again with `streamlit run app.py`, and reload this page.")


def callout(sentence: str) -> None:
    """A refusal in its own words; user text in it stays text."""
    st.error(inert(sentence, 600), icon=":material/error:")


def clock(at: float) -> str:
    """A Unix time as the reader's wall clock (the server's where the browser says nothing), in markdown.

    Its colons are escaped: ':22:' would be the name of an emoji, for which a browser loads a plug-in and draws again.
    """
    offset = st.context.timezone_offset
    zone = None if offset is None else timezone(timedelta(minutes=-offset))
    when = datetime.fromtimestamp(at, zone)
    today = datetime.now(zone).date() == when.date()
    return when.strftime("%H\\:%M\\:%S" if today else "%d %b %Y, %H\\:%M")


def span(seconds: float) -> str:
    """A length of time in words: '0.42 s', '12.3 s', '2 min 14 s', '3 h 5 min'."""
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return (
        f"{whole // 3600} h {whole % 3600 // 60} min"
        if whole < 86_400
        else f"{whole // 86_400} d {whole % 86_400 // 3600} h"
    )


def plural(number: int, word: str) -> str:
    """A count with its word: '1 attempt', '3 attempts'."""
    return f"{number:,} {word}{'s' * (number != 1)}"


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


def stated(amount: Decimal, currency: str) -> str:
    """An amount that was written, as plain text; as it stands where the currency is not known."""
    return format_money(to_minor(amount, currency), currency) if known(currency) else f"{amount:f} {currency}"


def rate_words(rate: RateView) -> str:
    """A rate, and where it is from."""
    source = {"live_api": "live", "cached_rates": "last known", "fallback_rates": "from the table shipped with Sagalab"}
    return f"1 {rate.base} = {rate.rate} {rate.currency}, {source.get(rate.source, rate.source)}, of {rate.date}."

"""The one palette of states: word, icon, Streamlit colour name. The hex values live in .streamlit/config.toml only."""

from __future__ import annotations

import re
from typing import NamedTuple

import streamlit as st


class State(NamedTuple):
    """How a state is shown. `icon` is a Material Symbols name, `glyph` the same as a 12 x 12 path for SVG."""

    word: str
    icon: str
    color: str
    glyph: str


STATES = {
    "done": State("Done", "check_circle", "green", "M2 6.5 5 9.5 10.5 3"),
    "running": State("Running", "play_circle", "blue", "M3.5 2 10 6 3.5 10Z"),
    "retrying": State("Retrying", "autorenew", "yellow", "M10 3.5A4.6 4.6 0 1 0 10.6 6.5M10.4 1v2.8H7.6"),
    "failed": State("Failed", "cancel", "red", "M2.5 2.5l7 7M9.5 2.5l-7 7"),
    "undone": State("Undone", "undo", "violet", "M4.5 1.5 1.5 4.5l3 3M1.5 4.5H8a2.7 2.7 0 0 1 0 6H4"),
    "waiting": State("Waiting", "radio_button_unchecked", "gray", "M10 6A4 4 0 1 1 2 6 4 4 0 1 1 10 6"),
    "attention": State("Needs you", "front_hand", "orange", "M6 1.5v5.5M6 9.9v.6"),
    "skipped": State("Skipped", "skip_next", "gray", "M2.5 2 8 6 2.5 10ZM10 2v8"),
}
STATUSES = {  # status of a run -> (word, icon, state that lends the colour)
    "running": ("Running", "play_circle", "running"),
    "paused": ("Paused", "pause_circle", "waiting"),
    "needs_attention": ("Needs you", "front_hand", "attention"),
    "compensation_stuck": ("Money owed", "front_hand", "attention"),
    "confirmed": ("Confirmed", "check_circle", "done"),
    "confirmed_with_issues": ("With issues", "report", "retrying"),
    "refunded": ("Refunded", "undo", "undone"),
    "rejected": ("Rejected", "block", "failed"),
    "cancelled": ("Cancelled", "do_not_disturb_on", "waiting"),
}
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
JOINED = ":./@<>-="  # before anything but a space they can make a link, an emoji or an arrow
JOINER = "\u2060"
ORDER = [name for name in STATES if name != "skipped"]  # = the order of chartCategoricalColors: colour i is state i


def color(mode: str, option: str) -> str:
    """A hex of the theme: mode 'light' or 'dark', option as in config.toml. Raises KeyError where it is not set."""
    if value := st.get_option(f"theme.{mode}.{option}"):
        return str(value)
    raise KeyError(f"theme.{mode}.{option} is not set in .streamlit/config.toml")


def badge(state: str, text: str = "", icon: str | None = None) -> str:
    """Markdown chip of a state: icon and word, never colour alone. icon="" where an icon stands beside it."""
    s = STATES[state]
    mark = s.icon if icon is None else icon
    label = f":material/{mark}: {text or s.word}" if mark else text or s.word
    if state == "attention":  # the only solid chip in the app, one hex for both themes
        return f':small[:color[{label}]{{background="{color("light", "orangeColor")}" foreground="#FFFFFF"}}]'
    return f":{s.color}-badge[{label}]"


def chip(status: str) -> str:
    """Markdown chip of a run's status or outcome."""
    word, icon, state = STATUSES[status]
    return badge(state, word, icon)


def inert(text: str, limit: int = 120) -> str:
    """Cut and escape a user's text for markdown: escapes stop markup, word joiners bare links, emoji and arrows."""
    line = " ".join(text.split())
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return PUNCTUATION.sub(_escape, line)


def _escape(found: re.Match[str]) -> str:
    mark = found[0]
    if mark in JOINED and found.string[found.end() : found.end() + 1].strip():
        return f"{JOINER}\\{mark}{JOINER}"
    return f"\\{mark}"

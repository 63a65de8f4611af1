"""Plotly figures. Colours are the 'streamlit' template's colourway: the browser fills in the theme's hex.

Import this only in pages that draw: plotly is most of what a browser loads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd  # noqa: F401  (plotly takes a pandas that another page is just importing for a whole one)
import plotly.graph_objects as go
import plotly.io as pio
import streamlit as st

from pages.shared.palette import ORDER

WAY = dict(zip([*ORDER, "soft", "ink", "line"], pio.templates["streamlit"].layout.colorway, strict=True))
HATCH = {"retrying": "/", "failed": "x", "undone": "\\"}
Group = tuple[str, str, Sequence[float]]  # state, label, one value per bar


class Marks(NamedTuple):
    """One kind of mark: a value per row, written above it where `text` is a pattern such as '{:.3g}%'."""

    state: str
    label: str
    symbol: str
    values: Sequence[float]
    text: str = ""


def draw(fig: go.Figure, key: str, alt: str, height: int = 260, unit: str = "") -> None:
    """One look for every chart: no frame, faint grid, legend above two series or more, no toolbar, fixed height."""
    legend = sum(trace.showlegend is not False for trace in fig.data) > 1
    fig.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 28 if legend else 4, "b": 0},
        showlegend=legend,
        bargap=0.28,
        hovermode="x unified",
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title_text": "", "traceorder": "normal"},
    )
    axis = {
        "title_text": "",
        "fixedrange": True,
        "automargin": True,
        "zeroline": False,
        "gridcolor": WAY["line"],
        "tickfont": {"color": WAY["soft"], "size": 12},
    }
    fig.update_xaxes(showgrid=False, **axis)
    fig.update_yaxes(**axis)
    if is_horizontal(fig):
        fig.update_layout(hovermode="closest")
        fig.update_yaxes(dtick=1, showgrid=False)
        fig.update_xaxes(ticksuffix=unit, nticks=5, showgrid=True, rangemode="tozero")
    else:
        fig.update_yaxes(ticksuffix=unit, nticks=5, rangemode="tozero")
    # a chart keeps the colours of its first theme until its key changes, so the key names the theme
    st.plotly_chart(fig, key=f"{key}_{st.context.theme.type}", alt=alt, config={"displayModeBar": False})


def is_horizontal(fig: go.Figure) -> bool:
    """Names stand on the left, values go to the right."""
    first = fig.data[0]
    return first.orientation == "h" or isinstance(first.y[0], str)


def bars(names: Sequence[str], groups: Sequence[Group], horizontal: bool = False) -> go.Figure:
    """Stacked bars, one per name. Colour and hatch both carry the state. Horizontal ones read downwards."""
    fig = go.Figure(layout_barmode="stack")
    for state, label, values in groups:
        pattern = {"shape": HATCH.get(state, ""), "size": 5, "solidity": 0.2, "fillmode": "overlay", "fgopacity": 0.6}
        marker = {"color": WAY[state], "line_width": 0, "pattern": pattern}
        if horizontal:
            fig.add_bar(y=names, x=values, orientation="h", name=label, marker=marker)
        else:
            fig.add_bar(x=names, y=values, name=label, marker=marker)
    if horizontal:
        fig.update_yaxes(autorange="reversed")
    return fig


def dots(names: Sequence[str], marks: Sequence[Marks]) -> go.Figure:
    """One row per name, read downwards: a thin line from the least to the most of its marks."""
    fig = go.Figure()
    most = max((value for mark in marks for value in mark.values), default=0.0) or 1.0
    for place, name in enumerate(names):
        ends = [mark.values[place] for mark in marks]
        line = {"color": WAY["waiting"], "width": 1.5}
        span = [min(ends), max(ends)]
        fig.add_scatter(y=[name, name], x=span, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    for mark in marks:
        fig.add_scatter(
            y=names,
            x=mark.values,
            mode="markers+text" if mark.text else "markers",
            name=mark.label,
            marker={"size": 10, "symbol": mark.symbol, "color": WAY[mark.state], "line_width": 0},
            text=[mark.text.format(value) for value in mark.values] if mark.text else None,
            textposition=["top left" if value > 0.8 * most else "top right" for value in mark.values],
            textfont={"color": WAY["soft"], "size": 12},
            cliponaxis=False,
        )
    fig.update_xaxes(range=[0, most * 1.04])
    fig.update_yaxes(autorange="reversed", ticklabelstandoff=8)
    return fig


def time_axis(fig: go.Figure, buckets: Sequence[float], bucket_s: int, zone: str | None) -> None:
    """Label the first to last category of a figure whose names come from `bucket_names`: at most 8 labels."""
    names, every = bucket_names(buckets, zone), max(1, -(-len(buckets) // 8))
    shown = range(0, len(buckets), every)
    short = "%d %b" if bucket_s * len(buckets) > 2 * 86_400 else "%H:%M"
    fig.update_xaxes(
        type="category",
        tickmode="array",
        tickangle=0,
        tickvals=[names[place] for place in shown],
        ticktext=[_local(buckets[place], zone).strftime(short) for place in shown],
    )


def bucket_names(buckets: Sequence[float], zone: str | None) -> list[str]:
    """The start of each bucket (Unix seconds) by the clock of `zone`, an IANA name; UTC where that is unknown."""
    return [_local(at, zone).strftime("%d %b %H:%M") for at in buckets]


def _local(at: float, zone: str | None) -> datetime:
    try:
        return datetime.fromtimestamp(at, ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):  # a browser may name a zone that this machine does not have
        return datetime.fromtimestamp(at, UTC)

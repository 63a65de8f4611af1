"""Metrics: what happened over many runs, counted from the rollup."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.models import OUTCOMES
from core.views import Metrics
from pages.shared import charts, ui
from pages.shared.export import csv_text, metrics_rows
from pages.shared.palette import STATUSES

WINDOWS = {"Last hour": 1, "Last 24 hours": 24, "Last 7 days": 168}
GOOD = ("confirmed", "confirmed_with_issues")


def tiles(metrics: Metrics) -> None:
    """The four numbers that matter."""
    ended, health = sum(metrics.outcomes.values()), engine.health()
    confirmed = sum(metrics.outcomes.get(outcome, 0) for outcome in GOOD)
    attempts = sum(of.attempts for of in metrics.services)
    shown = (
        ("Runs started", f"{metrics.started:,}", f"{ended:,} ended"),
        ("Confirmed", f"{confirmed / ended:.1%}" if ended else "–", f"{confirmed:,} of {ended:,} that ended"),
        ("Retries", f"{metrics.retries:,}", f"of {attempts:,} attempts"),
        ("Waiting for a person now", f"{health.parked + health.stuck:,}", f"{health.stuck:,} with money owed"),
    )
    with st.grid(4, min_column_width=165, gap="small"):
        for label, value, note in shown:
            st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)
    st.caption("Repairs, which Runs lists too, are not counted as runs; their attempts and retries are.")


def over_time(metrics: Metrics) -> None:
    """Ended runs per bucket, by outcome."""
    st.subheader("Runs by how they ended", anchor=False)
    if not metrics.outcomes:
        st.caption("No run has ended in this window yet.")
        return
    ended = [(*STATUSES[outcome], metrics.over_time[outcome]) for outcome in OUTCOMES if outcome in metrics.over_time]
    groups = [(state, word, counts) for word, _, state, counts in ended]
    figure = charts.bars(charts.bucket_names(metrics.buckets, st.context.timezone), groups)
    charts.time_axis(figure, metrics.buckets, metrics.bucket_s, st.context.timezone)
    charts.draw(figure, "over_time", "Ended runs over time by outcome", 280)


def by_service(metrics: Metrics) -> None:
    """How the steps of each service went, as shares."""
    st.subheader("Steps by service", anchor=False)
    counted = [of for of in metrics.services if of.first_try + of.recovered + of.failed]
    shown = sorted(counted, key=lambda of: place_of(of.service))
    if not shown:
        st.caption("No step has been done or has failed for good in this window.")
        return
    total = [(of.first_try + of.recovered + of.failed) / 100 for of in shown]
    results = (
        ("done", "First try", [of.first_try for of in shown]),
        ("retrying", "Recovered", [of.recovered for of in shown]),
        ("failed", "Failed", [of.failed for of in shown]),
    )
    groups = [
        (state, label, [n / whole for n, whole in zip(counts, total, strict=True)]) for state, label, counts in results
    ]
    figure = charts.bars([titles.get(of.service, of.service) for of in shown], groups, horizontal=True)
    charts.draw(
        figure, "by_service", "Share of steps by service: at the first try, recovered by retry, failed", 300, "%"
    )


def latency(metrics: Metrics) -> None:
    """Percentiles of the attempts' latency."""
    st.subheader("Latency of an attempt", anchor=False)
    if not metrics.latency:
        st.caption("No attempt was answered in this window.")
        return
    shown = {service: metrics.latency[service] for service in sorted(metrics.latency, key=place_of)}
    names = [titles.get(service, service) for service in shown]
    marks = [
        charts.Marks("running", label, symbol, [found[place] for found in shown.values()])
        for place, (label, symbol) in enumerate((("p50", "circle"), ("p95", "diamond-open"), ("p99", "line-ns-open")))
    ]
    charts.draw(charts.dots(names, marks), "latency", "Latency percentiles by service in milliseconds", 300, " ms")


def errors(metrics: Metrics) -> None:
    """What went wrong, most often first."""
    st.subheader("Errors", anchor=False)
    if not metrics.errors:
        st.caption("No attempt has failed in this window.")
        return
    total = sum(count for _, _, count in metrics.errors)
    rows = [(titles.get(service, service), why, 100 * count / total, count) for service, why, count in metrics.errors]
    table = dict(zip(("Service", "Error", "Share", "Attempts"), zip(*rows, strict=True), strict=True))
    share = st.column_config.ProgressColumn(format="%.0f%%", max_value=100, color="red")
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={"Share": share},
        alt="Failed attempts by service and error",
    )


def place_of(service: str) -> int:
    """Services stand in the order of the registry; one that it does not know comes last."""
    return list(titles).index(service) if service in titles else len(titles)


engine = current_engine()
titles = {service.name: service.title for service in engine.services()}
_, row = ui.head("Metrics", "What happened over many runs, counted as they were journalled.")
window = row.selectbox("Window", WINDOWS, index=1, label_visibility="collapsed", width=160, key="metrics_window")
metrics = engine.metrics(WINDOWS[window])
table = csv_text(("what", "of", "which", "value"), metrics_rows(metrics))
row.download_button(
    "Export",
    table,
    f"sagalab-metrics-{metrics.window_h}h.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
)
if not metrics.started and not metrics.services and not metrics.outcomes:
    ui.empty(
        "monitoring",
        "Nothing happened in this window",
        "Choose a longer window, or run an order × 100 from Compose.",
        "compose.py",
        "Compose an order",
    )
    st.stop()
tiles(metrics)
over_time(metrics)
left, right = st.columns(2, gap="medium")
with left:
    by_service(metrics)
with right:
    latency(metrics)
errors(metrics)

"""Figures: what they hold, and that colour never stands alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import charts

NOON = 1_763_640_000.0  # 20 Nov 2025, 12:00 UTC
DAY = tuple(NOON + 3600 * hour for hour in range(24))

ROOT = Path(__file__).parents[2]
# Pandas is held in the middle of its import by one thread while another imports the charts.
TWO_PAGES_AT_ONCE = """
import importlib.abc, sys, threading

inside, go_on, failed = threading.Event(), threading.Event(), []

class Hold(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "pandas.core.api":
            inside.set()
            go_on.wait(60)

def draws():
    try:
        import pages.shared.charts
    except Exception as error:
        failed.append(error)

import streamlit
sys.meta_path.insert(0, Hold())
first = threading.Thread(target=lambda: __import__("pandas"))
first.start()
assert inside.wait(60)
second = threading.Thread(target=draws)
second.start()
second.join(1)
go_on.set()
first.join()
second.join()
assert not failed, failed
"""


def drawn(horizontal: bool) -> dict[str, Any]:
    def script(horizontal: bool) -> None:
        from pages.shared import charts

        figure = charts.bars(["a", "b"], [("done", "Good", [1, 2]), ("failed", "Bad", [3, 0])], horizontal)
        charts.draw(figure, "chart", "What it shows", unit="%")

    app = AppTest.from_function(script, args=(horizontal,)).run()
    assert not app.exception
    found: dict[str, Any] = json.loads(app.get("plotly_chart")[0].proto.spec)
    return found


def test_charts_can_be_imported_while_another_page_imports_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWO_PAGES_AT_ONCE], cwd=ROOT, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr


def test_every_state_has_a_colour_of_the_theme_of_its_own() -> None:
    assert set(charts.WAY) == {*charts.ORDER, "soft", "ink", "line"}
    assert len(set(charts.WAY.values())) == len(charts.WAY)


def test_bars_stack_one_group_on_the_other() -> None:
    figure = charts.bars(["a", "b"], [("done", "Good", [1, 2]), ("failed", "Bad", [3, 0])])
    assert figure.layout.barmode == "stack"
    assert [(bar.name, bar.x, bar.y) for bar in figure.data] == [
        ("Good", ("a", "b"), (1, 2)),
        ("Bad", ("a", "b"), (3, 0)),
    ]


@pytest.mark.parametrize("state", ["retrying", "failed", "undone"])
def test_states_that_look_alike_to_some_are_hatched(state: str) -> None:
    (bar,) = charts.bars(["a"], [(state, "Some", [1])]).data
    assert bar.marker.pattern.shape
    assert bar.marker.color == charts.WAY[state]


def test_rows_of_dots_span_from_the_least_to_the_most() -> None:
    marks = [
        charts.Marks("running", "p50", "circle", [10, 40]),
        charts.Marks("running", "p95", "x", [30, 20], "{:.0f} ms"),
    ]
    figure = charts.dots(["a", "b"], marks)
    first, second, p50, p95 = figure.data
    assert (first.x, second.x) == ((10, 30), (20, 40))
    assert p50.text is None
    assert p95.text == ("30 ms", "20 ms")
    assert figure.layout.xaxis.range[1] > 40


def test_rows_of_zeros_can_be_drawn() -> None:
    assert charts.dots(["a"], [charts.Marks("failed", "None", "x", [0.0])]).layout.xaxis.range[1] > 0
    assert charts.dots([], [charts.Marks("failed", "None", "x", [])]).data


@pytest.mark.parametrize(
    ("horizontal", "value_axis", "name_axis"), [(False, "yaxis", "xaxis"), (True, "xaxis", "yaxis")]
)
def test_the_unit_stands_at_the_values(horizontal: bool, value_axis: str, name_axis: str) -> None:
    layout = drawn(horizontal)["layout"]
    assert layout[value_axis]["ticksuffix"] == "%"
    assert "ticksuffix" not in layout[name_axis]


def test_a_chart_can_not_be_dragged_out_of_sight() -> None:
    layout = drawn(False)["layout"]
    assert layout["xaxis"]["fixedrange"] and layout["yaxis"]["fixedrange"] and not layout["dragmode"]


def test_the_time_axis_speaks_the_clock_of_the_viewer() -> None:
    assert charts.bucket_names(DAY[:1], "Asia/Kolkata") == ["20 Nov 17:30"]
    assert charts.bucket_names(DAY[:1], None) == ["20 Nov 12:00"]


@pytest.mark.parametrize("zone", ["Etc/Unknown", "../etc/passwd", "/etc/passwd", "\0"])
def test_a_zone_that_is_not_known_is_utc(zone: str) -> None:
    assert charts.bucket_names(DAY[:1], zone) == ["20 Nov 12:00"]


@pytest.mark.parametrize(
    ("bucket_s", "count", "first"), [(120, 30, "12:00"), (3600, 24, "12:00"), (21_600, 28, "20 Nov")]
)
def test_the_time_axis_has_few_labels_that_fit_the_window(bucket_s: int, count: int, first: str) -> None:
    buckets = [NOON + bucket_s * place for place in range(count)]
    names = charts.bucket_names(buckets, "UTC")
    figure = charts.bars(names, [("done", "Good", [1] * count)])
    charts.time_axis(figure, buckets, bucket_s, "UTC")
    axis = figure.layout.xaxis
    assert len(set(names)) == count
    assert axis.ticktext[0] == first
    assert len(axis.ticktext) <= 8
    assert set(axis.tickvals) <= set(names)

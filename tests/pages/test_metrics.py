"""The metrics page: its numbers are the engine's, its states, and what it exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import adopt
from core.views import Metrics
from pages.shared.export import csv_text, metrics_rows
from tests.pages.fakes import FakeEngine, make_metrics

ROUTER = "../../pages/router.py"


class Counting(FakeEngine):
    """Gives the metrics that a test sets, and remembers the windows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.windows: list[int] = []
        self.set: Metrics | None = None

    def metrics(self, window_h: int) -> Metrics:
        self.windows.append(window_h)
        return replace(self.set, window_h=window_h) if self.set else super().metrics(window_h)


@pytest.fixture(autouse=True)
def no_engine_afterwards() -> Iterator[None]:
    yield
    adopt(None)


def page(engine: FakeEngine) -> AppTest:
    adopt(engine)  # type: ignore[arg-type]
    app = AppTest.from_file(ROUTER, default_timeout=30).run().switch_page("metrics.py").run()
    assert not app.exception
    return app


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_an_empty_store_says_what_to_do() -> None:
    app = page(FakeEngine())
    assert any("Nothing happened" in heading.value for heading in app.subheader)
    assert [button.label for button in app.button] == ["Compose an order"]
    assert not app.metric and not charts(app)


def test_the_tiles_are_the_numbers_of_the_engine() -> None:
    app = page(FakeEngine.many(12))
    tiles = {tile.label: (tile.value, tile.delta) for tile in app.metric}
    assert tiles["Runs started"] == ("12", "12 ended")
    assert tiles["Confirmed"] == ("75.0%", "9 of 12 that ended")
    assert tiles["Retries"] == ("5", "of 119 attempts")
    assert tiles["Waiting for a person now"] == ("3", "1 with money owed")


def test_it_is_said_that_repairs_are_no_runs() -> None:
    captions = [line.value for line in page(FakeEngine.many(3)).caption]
    assert any("Repairs" in line and "not counted as runs" in line for line in captions)


def test_runs_under_way_are_no_share_yet() -> None:
    engine = Counting.one("running")
    engine.set = replace(make_metrics(0), started=1)
    app = page(engine)
    assert next(tile.value for tile in app.metric if tile.label == "Confirmed") == "–"
    assert any("No run has ended" in line.value for line in app.caption)
    assert any("No attempt has failed" in line.value for line in app.caption)
    assert not app.dataframe


def test_runs_with_issues_are_confirmed_too() -> None:
    engine = Counting.one()
    over = {"confirmed": (3,) * 24, "confirmed_with_issues": (1,) * 24, "rejected": (4,) * 24}
    engine.set = replace(make_metrics(12), outcomes={name: sum(line) for name, line in over.items()}, over_time=over)
    app = page(engine)
    assert next(tile.value for tile in app.metric if tile.label == "Confirmed") == "50.0%"
    traces = charts(app)[0]["data"]
    assert [(trace["name"], sum(trace["y"])) for trace in traces] == [
        ("Confirmed", 72),
        ("With issues", 24),
        ("Rejected", 96),
    ]


@pytest.mark.parametrize(("choice", "hours"), [("Last hour", 1), ("Last 24 hours", 24), ("Last 7 days", 168)])
def test_the_window_is_asked_of_the_engine(choice: str, hours: int) -> None:
    engine = Counting.many(3)
    app = page(engine)
    app.selectbox("metrics_window").select(choice).run()
    assert not app.exception
    assert engine.windows[-1] == hours
    assert any(tile.value == "3" for tile in app.metric)


def test_steps_are_shares_that_add_up() -> None:
    _, by_service, _ = charts(page(FakeEngine.many(12)))
    assert [trace["name"] for trace in by_service["data"]] == ["First try", "Recovered", "Failed"]
    assert [sum(shares) for shares in zip(*(trace["x"] for trace in by_service["data"]), strict=True)] == [
        pytest.approx(100)
    ] * 7


def test_services_stand_in_the_order_of_the_registry() -> None:
    engine = FakeEngine.many(12)
    _, by_service, latency = charts(page(engine))
    order = [service.title for service in engine.services()]
    assert by_service["data"][0]["y"] == order
    assert latency["data"][-1]["y"] == order


def test_a_service_without_finished_steps_is_left_out() -> None:
    engine = Counting.many(2)
    full = make_metrics(12)
    engine.set = replace(
        full, services=(replace(full.services[0], first_try=0, recovered=0, failed=0), *full.services[1:])
    )
    assert len(charts(page(engine))[1]["data"][0]["y"]) == 6


def test_errors_are_listed_in_words() -> None:
    engine = Counting.many(2)
    errors = (("sms_notification", "no answer in time", 6), ("order_creation", "the items are out of stock", 2))
    engine.set = replace(make_metrics(2), errors=errors)
    table = page(engine).dataframe[0].value
    assert list(table["Error"]) == ["no answer in time", "the items are out of stock"]
    assert list(table["Share"]) == [75.0, 25.0]
    assert list(table["Attempts"]) == [6, 2]


def test_the_export_holds_all_numbers() -> None:
    app = page(FakeEngine.many(12))
    assert [button.proto.label for button in app.get("download_button")] == ["Export"]
    rows = set(metrics_rows(replace(make_metrics(12), started=13)))
    assert {("runs", "started", "", 13), ("retries", "attempts", "", 5)} <= rows
    assert sum(value for what, of, _, value in rows if (what, of) == ("ended", "confirmed")) == 9
    assert ("steps", "sms_notification", "recovered", 2) in rows
    assert ("attempts", "sms_notification", "failed", 5) in rows
    assert ("errors", "shipping_confirmation", "warehouse system unavailable", 5) in rows
    assert ("latency_ms", "order_creation", "p99", 900.0) in rows


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_a_text_that_starts_a_formula_is_defused(cell: str) -> None:
    row = list(csv.reader(io.StringIO(csv_text(("a", "b"), [(cell, -1)]), newline="")))[1]
    assert row == ["'" + cell, "-1"]


@pytest.mark.parametrize("cell", ["laptop, 15 inch", 'a "quoted" one', "two\nlines", "", "1-2"])
def test_other_texts_come_through(cell: str) -> None:
    assert list(csv.reader(io.StringIO(csv_text(("a",), [(cell, 1.5)]), newline="")))[1] == [cell, "1.5"]

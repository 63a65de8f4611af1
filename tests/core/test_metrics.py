"""The rollup counts the journal, whatever the commits; the metrics say what the rollup holds."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics import (
    COUNT,
    GRAIN_S,
    KEEP_S,
    RollupRow,
    Tally,
    bin_of,
    count_row,
    fold,
    is_kept,
    ms_of,
    quantile,
    recount,
    service_days,
    service_health,
    window_of,
)
from core.models import Row

NOON = 1_763_640_000.0  # 20 Nov 2025, 12:00 UTC


def answer(
    at: float = NOON,
    *,
    action: str = "email_notification.send",
    code: str | None = None,
    attempt: int = 1,
    visit: int = 1,
    direction: str = "do",
    step: str = "email",
    took_ms: float = 400.0,
    reply: dict[str, Any] | None = None,
) -> Row:
    body = {
        "action": action,
        "params": {},
        "code": code,
        "answer": {"id": "x"} if reply is None else reply,
        "final": False,
        "unknown": False,
        "took_ms": took_ms,
    }
    return Row("r1", 1, 1, 1, "answer", step, direction, 1, visit, attempt, at, body)


def event(name: str, at: float = NOON, **body: Any) -> Row:
    return Row("r1", 1, 1, 1, "event", "", "", 0, 0, 0, at, {"event": name, **body})


def results(*rows: Row) -> list[tuple[str, str, str, str]]:
    return [
        (row.service, row.action, row.result, row.code)
        for row in recount(rows)
        if row.grain == "minute"
        for _ in range(row.n)
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (answer(), ("email_notification", "send", "done", "")),
        (answer(attempt=2), ("email_notification", "send", "recovered", "")),
        (answer(visit=2), ("email_notification", "send", "recovered", "")),
        (answer(code="smtp_down"), ("email_notification", "send", "failed", "smtp_down")),
        (answer(code="smtp_down", attempt=3), ("email_notification", "send", "failed_again", "smtp_down")),
        (answer(action="payment_processing.refund", direction="undo"), ("payment_processing", "refund", "done", "")),
        (answer(direction="close"), ("email_notification", "close", "kept", "")),
        (answer(direction="close", reply={}), ("email_notification", "close", "closed", "")),
        (answer(visit=2, step="email/notice"), ("email_notification", "send", "done", "")),
        (answer(visit=3, step="ticket.book"), ("email_notification", "send", "done", "")),
        (
            event("failed", step="book", action="order_creation.book", visit=1, code="out_of_stock"),
            ("order_creation", "book", "gave_up", "out_of_stock"),
        ),
        (
            event("stuck", step="funds", action="payment_processing.refund", visit=1, code="gateway_down"),
            ("payment_processing", "refund", "gave_up", "gateway_down"),
        ),
        (event("started", plan="saga"), ("run", "run", "started", "")),
        (event("ended", outcome="refunded"), ("run", "run", "refunded", "")),
        (event("asked", status="needs_attention", step="book"), ("run", "run", "asked", "needs_attention")),
    ],
)
def test_a_row_counts_as_what_it_is(row: Row, expected: tuple[str, str, str, str]) -> None:
    assert results(row) == [expected]


@pytest.mark.parametrize(
    "row",
    [
        event("confirmed"),
        event("undoing", cancelled=False),
        Row("r1", 1, 1, 1, "control", "", "", 0, 0, 0, NOON, {"control": "pause"}),
    ],
)
def test_other_rows_count_nothing(row: Row) -> None:
    assert count_row(row) == []


def test_an_attempt_counts_per_minute_and_hour_and_its_latency_per_hour_and_day() -> None:
    keys = count_row(answer(at=NOON + 3 * 3600 + 2525.9))
    assert [(grain, at - NOON, bin >= 0) for grain, at, *_, bin in keys] == [
        ("minute", 13_320, False),
        ("hour", 10_800, False),
        ("hour", 10_800, True),
        ("day", -43_200, True),
    ]


def test_a_closing_call_has_no_latency() -> None:
    assert [key[-1] for key in count_row(answer(direction="close"))] == [COUNT, COUNT]


ROWS = st.one_of(
    st.builds(
        answer,
        st.floats(NOON, NOON + 9e4),
        code=st.sampled_from([None, "down"]),
        attempt=st.integers(1, 3),
        visit=st.integers(1, 2),
        took_ms=st.floats(0, 5000),
        direction=st.sampled_from(["do", "undo", "close"]),
        action=st.sampled_from(["email_notification.send", "order_creation.book"]),
    ),
    st.builds(event, st.just("ended"), st.floats(NOON, NOON + 9e4), outcome=st.sampled_from(["confirmed", "refunded"])),
)


@given(st.lists(st.lists(ROWS, max_size=8), max_size=8))
def test_commits_of_any_size_add_up_to_a_recount(commits: list[list[Row]]) -> None:
    """Also: `Tally`, which shares keys between rows, counts each row as `count_row` says."""
    rollup: Counter[Any] = Counter()
    for commit in commits:
        tally = Tally()
        for row in commit:
            tally.add(row)
        for counted in tally.rows():
            rollup[counted[:-1]] += counted.n
    rows = [row for commit in commits for row in commit]
    assert rollup == Counter({row[:-1]: row.n for row in recount(rows)})
    assert rollup == Counter(key for row in rows for key in count_row(row))


@given(st.floats(0.011, 1e7))
def test_a_latency_bin_is_within_two_and_a_half_percent(ms: float) -> None:
    assert abs(ms_of(bin_of(ms)) / ms - 1) <= 0.0251


@pytest.mark.parametrize("ms", [0, 0.0, -1, 0.009])
def test_the_shortest_latencies_share_the_first_bin(ms: float) -> None:
    assert bin_of(ms) == 0


@given(st.lists(st.floats(0.02, 1e5), min_size=1, max_size=60), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_is_that_of_the_latencies(latencies: list[float], q: float) -> None:
    exact = sorted(latencies)[max(1, math.ceil(q * len(latencies))) - 1]
    assert quantile(Counter(map(bin_of, latencies)), q) == pytest.approx(exact, rel=0.0251)


def test_an_empty_histogram_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="no quantiles"):
        quantile({}, 0.5)


@pytest.mark.parametrize(("hours", "bucket_s", "buckets"), [(1, 120, 30), (24, 3600, 24), (168, 21_600, 28)])
def test_a_window_has_buckets_up_to_now(hours: int, bucket_s: int, buckets: int) -> None:
    now = NOON + 47 * 60 + 3
    window = window_of(hours, now)
    assert (window.bucket_s, len(window.buckets)) == (bucket_s, buckets)
    assert window.buckets[-1] <= now < window.buckets[-1] + bucket_s
    assert window.latency_start <= window.start == window.buckets[0]
    assert window.latency_start % GRAIN_S[window.latency_grain] == 0


@pytest.mark.parametrize("hours", [1, 24, 168])
def test_the_metrics_of_a_window(hours: int) -> None:
    now = NOON + 30
    journal = [event("started", at=NOON + second) for second in range(3)]
    journal += [
        answer(NOON, code="smtp_down", took_ms=100),
        answer(NOON + 1, attempt=2, took_ms=200),
        answer(NOON + 1, took_ms=300),
        answer(NOON + 2, code="smtp_down"),
        answer(NOON + 2, code="bad", attempt=2),
        event("failed", at=NOON + 2, action="email_notification.send", step="email", visit=1, code="bad"),
        answer(NOON + 3, code="timeout", action="order_creation.book"),
        answer(NOON + 3, direction="close", action="order_creation.book"),
    ]
    journal += [
        event("ended", at=NOON + 5, outcome="confirmed"),
        event("ended", at=NOON + 6, outcome="confirmed"),
        event("ended", at=NOON + 7, outcome="refunded"),
    ]
    metrics = fold(recount(journal), hours, now)
    assert (metrics.window_h, metrics.started, metrics.outcomes) == (hours, 3, {"confirmed": 2, "refunded": 1})
    assert metrics.over_time["confirmed"] == (0,) * (len(metrics.buckets) - 1) + (2,)
    email, orders = metrics.services
    assert (email.service, email.first_try, email.recovered, email.failed) == ("email_notification", 1, 1, 1)
    assert (email.attempts, email.failed_attempts) == (5, 3)
    assert (orders.recovered, orders.failed, orders.attempts, orders.failed_attempts) == (1, 0, 1, 1)
    assert metrics.errors == (
        ("email_notification", "smtp_down", 2),
        ("email_notification", "bad", 1),
        ("order_creation", "timeout", 1),
    )
    assert metrics.retries == 2
    assert metrics.latency["email_notification"][0] == pytest.approx(300, rel=0.0251)


def test_a_repair_is_no_order_of_its_own() -> None:
    began, over = event("started", plan="repair"), event("ended", outcome="confirmed", plan="repair")
    assert recount([began, over]) == []
    assert len(recount([event("started", plan="saga"), event("ended", outcome="confirmed", plan="saga")])) > 0


@pytest.mark.parametrize("hours", [1, 24, 168])
def test_what_lies_before_the_window_is_not_counted(hours: int) -> None:
    start = window_of(hours, NOON).start
    journal = [event("ended", at=start - 1, outcome="confirmed"), event("ended", at=start, outcome="refunded")]
    metrics = fold(recount(journal), hours, NOON)
    assert metrics.outcomes == {"refunded": 1}
    assert metrics.over_time == {"refunded": (1,) + (0,) * (len(metrics.buckets) - 1)}


def test_a_row_stamped_after_now_counts_in_the_last_bucket() -> None:
    metrics = fold(recount([event("ended", at=NOON + 3601, outcome="confirmed")]), 24, NOON)
    assert metrics.over_time["confirmed"][-1] == 1


def test_nothing_counted_gives_empty_metrics() -> None:
    metrics = fold([], 24, NOON)
    assert (metrics.started, metrics.outcomes, metrics.services, metrics.errors, metrics.latency) == (0, {}, (), (), {})
    assert len(metrics.buckets) == 24


@pytest.mark.parametrize(
    ("attempts", "failed", "health"),
    [
        (0, 0, "unused"),
        (1, 0, "healthy"),
        (1, 1, "degraded"),
        (2, 1, "degraded"),
        (3, 3, "down"),
        (10, 1, "healthy"),
        (100, 15, "healthy"),
        (100, 25, "degraded"),
        (100, 60, "down"),
    ],
)
def test_health_follows_the_share_of_failed_attempts(attempts: int, failed: int, health: str) -> None:
    assert service_health(attempts, failed) == health


def test_a_service_is_judged_by_its_last_hour() -> None:
    bad = [answer(NOON - 7200, code="unavailable") for _ in range(20)]
    good = [answer(NOON - 60, took_ms=50) for _ in range(20)]
    assert service_days(recount(bad), NOON)["email_notification"].health == "down"
    day = service_days(recount(bad + good), NOON)["email_notification"]
    assert (day.health, day.calls, day.failed, day.last_error) == ("healthy", 40, 20, "unavailable")
    assert day.p95_ms == pytest.approx(400, rel=0.0251)


@pytest.mark.parametrize("code", ["unavailable", "timeout", "down", "internal_error"])
def test_a_service_that_does_not_serve_is_not_healthy(code: str) -> None:
    day = service_days(recount([answer(code=code)] * 10), NOON)["email_notification"]
    assert (day.health, day.calls, day.failed, day.refused) == ("down", 10, 10, 0)


@pytest.mark.parametrize("code", ["card_declined", "insufficient_funds", "out_of_stock"])
def test_a_refusal_with_a_reason_is_an_answer(code: str) -> None:
    day = service_days(recount([answer(code=code)] * 10), NOON)["email_notification"]
    assert (day.health, day.calls, day.failed, day.refused, day.last_error) == ("healthy", 10, 0, 10, code)


def test_the_last_error_is_the_newest() -> None:
    rows = [answer(NOON - 60 * minute, code=code) for minute, code in ((5, "newest"), (50, "oldest"), (20, "older"))]
    assert service_days(recount(rows), NOON)["email_notification"].last_error == "newest"


def test_old_minutes_and_old_hourly_latencies_are_dropped() -> None:
    old = int(NOON) - KEEP_S - 1
    kept = {(grain, bin) for grain in GRAIN_S for bin in (COUNT, 7) if is_kept(grain, old, bin, NOON)}
    assert kept == {("hour", COUNT), ("day", COUNT), ("day", 7)}
    assert all(is_kept(grain, int(NOON) - 60, COUNT, NOON) for grain in GRAIN_S)


def test_a_row_of_the_rollup_is_its_key_and_a_count() -> None:
    key = count_row(answer())[0]
    assert RollupRow(*key, 1) in recount([answer()])

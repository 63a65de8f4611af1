"""Tables to take away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from core.views import Metrics

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    """A CSV table. Texts that a spreadsheet would run as a formula get a quote in front."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(header)
    for row in rows:
        table.writerow([_defused(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def metrics_rows(metrics: Metrics) -> Iterator[tuple[str, str, str, str | int | float]]:
    """All numbers of a window as rows: what, of what, which, value. Times are UTC."""
    yield "runs", "started", "", metrics.started
    yield "retries", "attempts", "", metrics.retries
    for outcome, counts in metrics.over_time.items():
        for at, count in zip(metrics.buckets, counts, strict=True):
            yield "ended", outcome, datetime.fromtimestamp(at, UTC).isoformat(), count
    for of in metrics.services:
        yield "steps", of.service, "first try", of.first_try
        yield "steps", of.service, "recovered", of.recovered
        yield "steps", of.service, "failed", of.failed
        yield "attempts", of.service, "all", of.attempts
        yield "attempts", of.service, "failed", of.failed_attempts
    for service, why, count in metrics.errors:
        yield "errors", service, why, count
    for service, quantiles in metrics.latency.items():
        for name, value in zip(("p50", "p95", "p99"), quantiles, strict=True):
            yield "latency_ms", service, name, round(value, 2)


def _defused(text: str) -> str:
    return "'" + text if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text

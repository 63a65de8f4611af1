"""What the rollup counts, and the metrics that are read from it.

Both the writer (inside the commit that it counts) and a recount of the journal go through `Tally`, so the two
can't differ. Pure functions: time is an argument, the rows come from the store.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from core.models import OUTCOMES, Entry, Row
from core.views import Metrics, ServiceCount

Grain = Literal["minute", "hour", "day"]
Health = Literal["healthy", "degraded", "down", "unused"]
GRAIN_S: dict[Grain, int] = {"minute": 60, "hour": 3600, "day": 86_400}
RUN = "run"
REPAIR = "repair"  # the plan of a repair, which is no order of its own
COUNT = -1
KEEP_S = 48 * 3600

UNSERVED = ("unavailable", "timeout", "down", "internal_error")  # codes of a service that did not do its work
DEGRADED_SHARE, DOWN_SHARE = 0.2, 0.5
SPARED = 2  # attempts that are added as served when a service is judged
_GROWTH, _LEAST_MS = 1.05, 0.01
_PER_BIN = 1 / math.log(_GROWTH)
_OFFSET = -math.log(_LEAST_MS) * _PER_BIN
_FAILED, _RETRIED = ("failed", "failed_again"), ("recovered", "failed_again")


class RollupRow(NamedTuple):
    """One key and how often it was met; `at` is the Unix second at which its bucket starts.

    result of an attempt: done (at the first), recovered (at a later attempt or visit), failed, failed_again (at a
    later one), with the error's code. gave_up: a visit failed for good. action 'close': kept (the effect had
    happened after all, so the visit is done) or closed. service and action 'run': started, asked (code: the
    status), and the outcomes. bin: -1 for these counts, else the latency bin of attempts (result and code '').
    """

    grain: Grain
    at: int
    service: str
    action: str
    result: str
    code: str
    bin: int
    n: int


Key = tuple[Grain, int, str, str, str, str, int]  # a RollupRow without n
Mark = tuple[int, str, str, str, int]  # minute, action, result, code, bin: all keys of a journal row follow from it
Bucket = tuple[int, str, str, str]  # at, service, result, code


# Counting


class Tally:
    """Counts journal rows. Rows of one commit mostly share their marks, so keys are made once per mark."""

    def __init__(self) -> None:
        self._marks: dict[Mark, int] = {}

    def add(self, row: Entry | Row) -> None:
        """Count one journal row."""
        mark = _mark(row)
        if mark is not None:
            self._marks[mark] = self._marks.get(mark, 0) + 1

    def rows(self) -> list[RollupRow]:
        """What to add to the rollup, one row per key."""
        counts: dict[Key, int] = {}
        for mark, n in self._marks.items():
            for key in _keys(mark):
                counts[key] = counts.get(key, 0) + n
        return [RollupRow(*key, n) for key, n in counts.items()]


def count_row(row: Entry | Row) -> list[Key]:
    """The keys that one journal row adds 1 to."""
    mark = _mark(row)
    return [] if mark is None else _keys(mark)


def recount(journal: Iterable[Row]) -> list[RollupRow]:
    """The whole rollup, made anew from the journal."""
    tally = Tally()
    for row in journal:
        tally.add(row)
    return tally.rows()


def is_kept(grain: Grain, at: int, bin: int, now: float) -> bool:
    """Whether a rollup row is still held: counts per minute and latencies per hour for 48 h, the others for good."""
    return at >= now - KEEP_S or grain == "day" or (grain == "hour" and bin == COUNT)


def _mark(row: Entry | Row) -> Mark | None:
    kind, body = row.kind, row.body
    seconds = int(row.at)
    minute = seconds - seconds % 60
    if kind == "answer":
        code, action = body["code"], body["action"]
        if row.direction == "close":
            return (minute, action.partition(".")[0] + ".close", "kept" if body["answer"] else "closed", "", COUNT)
        first = row.attempt == 1 and (row.visit == 1 or _is_extra(row.step))
        result = ("done" if first else "recovered") if code is None else "failed" if first else "failed_again"
        return (minute, action, result, code or "", bin_of(body["took_ms"]))
    if kind == "event":
        return _event_mark(minute, body)
    return None


def _event_mark(minute: int, body: Mapping[str, str]) -> Mark | None:
    event = body["event"]
    if event in ("started", "ended") and body.get("plan") == REPAIR:
        return None
    if event in ("failed", "stuck"):
        return (minute, body["action"], "gave_up", body["code"], COUNT)
    if event == "started":
        return (minute, RUN, "started", "", COUNT)
    if event == "ended":
        return (minute, RUN, body["outcome"], "", COUNT)
    if event == "asked":
        return (minute, RUN, "asked", body["status"], COUNT)
    return None


def _is_extra(step: str) -> bool:
    """Notices, alerts and tickets take the visit of the step that they are about."""
    return step.endswith("/notice") or step.startswith(("ticket.", "alert."))


def _keys(mark: Mark) -> list[Key]:
    minute, name, result, code, bin = mark
    service, action = _split(name)
    hour = minute - minute % 3600
    keys: list[Key] = [
        ("minute", minute, service, action, result, code, COUNT),
        ("hour", hour, service, action, result, code, COUNT),
    ]
    if bin != COUNT:
        keys += [
            ("hour", hour, service, action, "", "", bin),
            ("day", minute - minute % 86_400, service, action, "", "", bin),
        ]
    return keys


@lru_cache(maxsize=1024)
def _split(name: str) -> tuple[str, str]:
    service, _, action = name.partition(".")
    return service, action or service


# Latency


def bin_of(ms: float) -> int:
    """The histogram bin of a latency; bins grow by 5%, the first starts at 0.01 ms."""
    return int(math.log(ms) * _PER_BIN + _OFFSET) if ms > _LEAST_MS else 0


def ms_of(bin: int) -> float:
    """The latency that a bin stands for: within 2.5% of all in it."""
    return _LEAST_MS * math.exp((bin + 0.5) / _PER_BIN)


def quantile(histogram: Mapping[int, int], q: float) -> float:
    """The latency in ms that a share `q` of a histogram (bin -> count) does not exceed.

    Raises ValueError where nothing was counted.
    """
    rank = max(1, math.ceil(q * sum(histogram.values())))
    for bin in sorted(histogram):
        rank -= histogram[bin]
        if rank <= 0:
            return ms_of(bin)
    raise ValueError("a histogram without counts has no quantiles")


# Reading


class Window(NamedTuple):
    """Which rollup rows a window of time reads. Times are Unix seconds.

    Counts: rows of `grain` since `start`. Latencies: rows of `latency_grain` since `latency_start`, where the
    bucket in which the window starts is taken whole.
    """

    grain: Grain
    start: int
    bucket_s: int
    buckets: tuple[float, ...]
    latency_grain: Grain
    latency_start: int


def window_of(window_h: int, now: float) -> Window:
    """The buckets of the last `window_h` hours; the last of them is still filling.

    Up to 2 h: buckets of 2 minutes; up to 48 h: an hour; longer: 6 hours.
    """
    grain: Grain = "minute" if window_h <= 2 else "hour"
    latency_grain: Grain = "hour" if window_h <= 24 else "day"
    bucket_s = 120 if window_h <= 2 else 3600 if window_h <= 48 else 21_600
    last = int(now) // bucket_s * bucket_s
    start = last - (window_h * 3600 // bucket_s - 1) * bucket_s
    whole = GRAIN_S[latency_grain]
    return Window(
        grain,
        start,
        bucket_s,
        tuple(float(at) for at in range(start, last + 1, bucket_s)),
        latency_grain,
        start // whole * whole,
    )


def fold(rows: Iterable[RollupRow], window_h: int, now: float) -> Metrics:
    """The metrics of the last `window_h` hours. Rows that the window does not read are passed over."""
    window = window_of(window_h, now)
    counts, latency = _gather(rows, window)
    ended, started = _runs(counts, window)
    results: dict[str, dict[str, int]] = {}
    errors: dict[tuple[str, str], int] = {}
    for (_, service, result, code), n in counts.items():
        if service != RUN:
            of = results.setdefault(service, {})
            of[result] = of.get(result, 0) + n
            if result in _FAILED:
                errors[service, code] = errors.get((service, code), 0) + n
    return Metrics(
        window_h=window_h,
        bucket_s=window.bucket_s,
        started=started,
        buckets=window.buckets,
        outcomes={name: sum(line) for name, line in ended.items()},
        over_time={name: tuple(line) for name, line in ended.items()},
        services=tuple(_service_count(service, of) for service, of in sorted(results.items())),
        errors=tuple((*key, n) for key, n in sorted(errors.items(), key=lambda item: (-item[1], item[0]))),
        latency={
            service: (quantile(of, 0.5), quantile(of, 0.95), quantile(of, 0.99))
            for service, of in sorted(latency.items())
        },
        retries=sum(of.get(result, 0) for of in results.values() for result in _RETRIED),
    )


class ServiceDay(NamedTuple):
    """A service's last 24 hours: attempts, those not served, those refused, and the code of the newest failure."""

    health: Health
    calls: int
    failed: int
    p95_ms: float | None
    last_error: str | None
    refused: int = 0


UNUSED = ServiceDay("unused", 0, 0, None, None)


def service_days(rows: Collection[RollupRow], now: float) -> dict[str, ServiceDay]:
    """Service -> its last 24 hours, from the rows of the windows of 24 h and 1 h.

    A refusal with a reason of its own (a short wallet, no stock) is an answer: the service served. Health is that
    of the last hour, or of the day where the last hour had no attempts.
    """
    day, hour = fold(rows, 24, now), fold(rows, 1, now)
    recent = {service: counts for service, counts in _served(hour).items() if counts[0]}
    newest = _newest_errors(rows, day.buckets[0])
    days = {}
    for service, (attempts, unserved) in _served(day).items():
        health = service_health(*recent.get(service, (attempts, unserved)))
        quantiles = day.latency.get(service)
        p95_ms = quantiles[1] if quantiles else None
        refused = sum(n for of, code, n in day.errors if of == service and code not in UNSERVED)
        days[service] = ServiceDay(health, attempts, unserved, p95_ms, newest.get(service), refused)
    return days


def service_health(attempts: int, unserved: int) -> Health:
    """Down from half of the attempts not served, degraded from a fifth, else healthy; unused without any.

    `SPARED` more attempts are taken as served, so that a single failure is no outage.
    """
    if not attempts:
        return "unused"
    share = unserved / (attempts + SPARED)
    return "down" if share >= DOWN_SHARE else "degraded" if share >= DEGRADED_SHARE else "healthy"


def _gather(rows: Iterable[RollupRow], window: Window) -> tuple[dict[Bucket, int], dict[str, dict[int, int]]]:
    """Bucket -> count over all actions, and service -> latency bin -> count."""
    counts: dict[Bucket, int] = {}
    latency: dict[str, dict[int, int]] = {}
    for row in rows:
        if row.bin == COUNT:
            if row.grain == window.grain and row.at >= window.start:
                key = row.at, row.service, row.result, row.code
                counts[key] = counts.get(key, 0) + row.n
        elif row.grain == window.latency_grain and row.at >= window.latency_start:
            of = latency.setdefault(row.service, {})
            of[row.bin] = of.get(row.bin, 0) + row.n
    return counts, latency


def _runs(counts: Mapping[Bucket, int], window: Window) -> tuple[dict[str, list[int]], int]:
    """Outcome -> one count per bucket, in the order of outcomes, and how many runs were started."""
    started = 0
    ended = {outcome: [0] * len(window.buckets) for outcome in OUTCOMES}
    for (at, service, result, _), n in counts.items():
        if service == RUN and result in ended:
            ended[result][min((at - window.start) // window.bucket_s, len(window.buckets) - 1)] += n
        elif service == RUN and result == "started":
            started += n
    return {outcome: line for outcome, line in ended.items() if any(line)}, started


def _service_count(service: str, of: Mapping[str, int]) -> ServiceCount:
    total = of.get
    failed = sum(total(result, 0) for result in _FAILED)
    done, recovered = total("done", 0), total("recovered", 0)
    return ServiceCount(
        service,
        first_try=done,
        recovered=recovered + total("kept", 0),
        failed=total("gave_up", 0),
        attempts=done + recovered + failed,
        failed_attempts=failed,
    )


def _served(metrics: Metrics) -> dict[str, tuple[int, int]]:
    """Service -> its attempts, and those among them that it did not serve."""
    unserved: dict[str, int] = {}
    for service, code, n in metrics.errors:
        if code in UNSERVED:
            unserved[service] = unserved.get(service, 0) + n
    return {of.service: (of.attempts, unserved.get(of.service, 0)) for of in metrics.services}


def _newest_errors(rows: Iterable[RollupRow], start: float) -> dict[str, str]:
    newest: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row.result in _FAILED and row.at >= start:
            newest[row.service] = max(newest.get(row.service, (0, "")), (row.at, row.code))
    return {service: code for service, (_, code) in newest.items()}

"""Rates against a server on this machine that answers well, badly, late or never."""

from __future__ import annotations

import gzip
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.errors import EngineBusy, RequestRefused
from core.money import table, table_rate
from core.services import rates as module
from core.services.rates import URL, RateSource, StoredRates

DAY_S = 86_400.0
GOOD = {
    "provider": "x",
    "base": "USD",
    "date": "2026-11-23",
    "time_last_updated": 1,
    "rates": {"USD": 1, "EUR": 0.86, "JPY": 155.4, "GBP": 0.75, "VND": 26_300, "XXZ": 0},
}

Reply = Callable[[BaseHTTPRequestHandler], None]


class Clock:
    """A wall clock and a monotonic one that move together, or by `set_back` only the first."""

    def __init__(self) -> None:
        self.wall, self.ticks = 1_795_000_000.0, 50.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def pass_s(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


class Server(ThreadingHTTPServer):
    """Gives every request to `reply` and notes its path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.paths: list[str] = []
        self.closing = threading.Event()
        self.reply: Reply = answer(GOOD)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v4/latest/{{base}}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        try:
            self.server.reply(self)
        except OSError as error:  # the client has gone, as it should
            logging.info("client gone: %s", error)

    def log_message(self, format: str, *args: Any) -> None:
        logging.info(format, *args)


def answer(body: Any, status: int = 200, **headers: str) -> Reply:
    """A whole answer; what is not bytes is written as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return reply


def raw(*chunks: bytes, every_s: float = 0.0, forever: bytes = b"") -> Reply:
    """Bytes without a head, each written after a pause; then `forever` until the server closes."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        closing = handler.server.closing  # type: ignore[attr-defined]
        for chunk in chunks:
            handler.wfile.write(chunk)
            closing.wait(every_s)
        while forever and not closing.wait(every_s):
            handler.wfile.write(forever)
        handler.close_connection = True

    return reply


def rated(**rates: Any) -> dict[str, Any]:
    return GOOD | {"rates": GOOD["rates"] | rates}


def without(code: str) -> dict[str, Any]:
    return GOOD | {"rates": {other: rate for other, rate in GOOD["rates"].items() if other != code}}


def text(old: str, new: str) -> bytes:
    """The good answer with some of its text replaced: for what Python would not write as JSON."""
    whole = json.dumps(GOOD)
    assert old in whole
    return whole.replace(old, new).encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
    for thread in threading.enumerate():
        if thread.name == "sagalab-rates":
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def source(server: Server, clock: Clock) -> RateSource:
    return make(server, clock)


def make(server: Server, clock: Clock, **others: Any) -> RateSource:
    return RateSource(**{"url": server.url, "now": clock.now, "monotonic": clock.monotonic, "timeout_s": 2.0} | others)


def test_the_real_source_is_one_constant_host_and_five_seconds() -> None:
    assert URL == "https://api.exchangerate-api.com/v4/latest/{base}"
    assert (module.TIMEOUT_S, module.LARGEST_BYTES) == (5.0, 1_000_000)


def test_a_good_answer_is_live_and_dated(source: RateSource, server: Server, clock: Clock) -> None:
    rate = source.live("USD", "EUR")
    assert (rate.base, rate.currency, rate.rate, rate.source, rate.date) == (
        "USD",
        "EUR",
        Decimal("0.86"),
        "live_api",
        "2026-11-23",
    )
    assert rate.fetched_at == clock.wall
    assert server.paths == ["/v4/latest/USD"]
    assert source.last_error is None


def test_a_rate_is_exactly_what_the_source_wrote(source: RateSource, server: Server) -> None:
    server.reply = answer(text("0.86", "0.8600000000000000333"))
    assert source.live("USD", "EUR").rate == Decimal("0.860000000000")
    assert source.live("USD", "JPY").rate == Decimal("155.4")


def test_a_compressed_answer_is_read(source: RateSource, server: Server) -> None:
    server.reply = answer(gzip.compress(json.dumps(GOOD).encode()), Content_Encoding="gzip")
    assert source.live("USD", "EUR").source == "live_api"


DEEP = b"[" * 100_000 + b"]" * 100_000
BAD: dict[str, tuple[Reply, str]] = {
    "not json": (answer(b"<html>busy</html>"), "not valid JSON"),
    "nothing": (answer(b""), "not valid JSON"),
    "cut short": (answer(json.dumps(GOOD).encode()[:-5]), "not valid JSON"),
    "not utf-8": (answer(b'{"base": "\xff\xfe\xfd"}'), "not valid JSON"),
    "deep nesting": (answer(DEEP), "not valid JSON"),
    "deep objects": (answer(b'{"a":' * 50_000 + b"1" + b"}" * 50_000), "not valid JSON"),
    "nan": (answer(text("0.86", "NaN")), "not valid JSON"),
    "infinity": (answer(text("0.86", "Infinity")), "not valid JSON"),
    "nan elsewhere": (answer(text('"XXZ": 0', '"XXZ": NaN')), "not valid JSON"),
    "1e999": (answer(text("0.86", "1e999")), "rate for EUR that can't be true"),
    "1e-999": (answer(text("0.86", "1e-999")), "rate for EUR that can't be true"),
    "exponent without end": (answer(text("0.86", "1e99999999999999999999")), "not valid JSON"),
    "integer without end": (answer(text("0.86", "9" * 5000)), "not valid JSON"),
    "a list": (answer([GOOD]), "without rates"),
    "no rates": (answer({"base": "USD", "date": "2026-11-23"}), "without rates"),
    "rates are a list": (answer(GOOD | {"rates": [1, 2]}), "without rates"),
    "another base": (answer(GOOD | {"base": "EUR"}), "another currency than USD"),
    "no base": (answer({"date": "2026-11-23", "rates": GOOD["rates"]}), "another currency than USD"),
    "base not 1": (answer(rated(USD=1.2)), "another currency than USD"),
    "missing": (answer(without("EUR")), "no rate for EUR"),
    "bool": (answer(rated(EUR=True)), "rate for EUR that can't be true"),
    "text": (answer(rated(EUR="0.86")), "rate for EUR that can't be true"),
    "null": (answer(rated(EUR=None)), "rate for EUR that can't be true"),
    "zero": (answer(rated(EUR=0)), "rate for EUR that can't be true"),
    "below zero": (answer(rated(EUR=-0.86)), "rate for EUR that can't be true"),
    "another known one is bad": (answer(rated(JPY=0)), "rate for JPY that can't be true"),
    "no date": (answer({"base": "USD", "rates": GOOD["rates"]}), "without a date"),
    "odd date": (answer(GOOD | {"date": "yesterday"}), "without a date"),
    "date is a number": (answer(GOOD | {"date": 20261123}), "without a date"),
    "too many requests": (answer(GOOD, 429), "status 429"),
    "server error": (answer(GOOD, 503), "status 503"),
    "no content": (answer(b"", 204), "status 204"),
    "redirect": (answer(b"", 302, Location="/elsewhere"), "status 302"),
    "permanent redirect": (answer(b"", 308, Location="/elsewhere"), "status 308"),
    "over 1 MB": (answer(b'{"a": "' + b"x" * 1_000_000 + b'"}'), "more than 1 MB"),
    "gzip bomb": (answer(gzip.compress(b" " * 30_000_000), Content_Encoding="gzip"), "more than 1 MB"),
    "not gzip": (answer(GOOD, Content_Encoding="gzip"), "could not be reached"),
    "not http": (raw(b"\x16\x03\x01 what\r\n\r\n"), "could not be reached"),
    "hung up": (raw(), "could not be reached"),
    "body missing": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), "could not be reached"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_refused_whole(name: str, source: RateSource, server: Server) -> None:
    server.reply, why = BAD[name]
    rate = source.live("USD", "EUR")
    assert (rate.source, rate.date, rate.rate) == ("fallback_rates", table().date, table_rate("USD", "EUR"))
    assert source.held("USD", "GBP").source == "fallback_rates"
    assert source.last_error is not None and why in source.last_error
    assert server.paths == ["/v4/latest/USD"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_leaves_the_last_good_one(name: str, source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(61)
    server.reply, _ = BAD[name]
    rate = source.live("USD", "EUR")
    assert (rate.source, rate.date, rate.rate, rate.fetched_at) == (
        "cached_rates",
        "2026-11-23",
        Decimal("0.86"),
        clock.wall - 61,
    )


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", every_s=0.02, forever=b" "), id="body"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", every_s=0.02, forever=b"1\r\n \r\n"),
            id="chunks",
        ),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n", every_s=0.02, forever=b"X-More: y\r\n"), id="head"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX-Slow: ", every_s=0.02, forever=b"y"), id="one header"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", every_s=10.0), id="silence"),
    ],
)
def test_a_slow_drip_ends_at_the_deadline(reply: Reply, server: Server, clock: Clock) -> None:
    source = make(server, clock, timeout_s=0.3)
    server.reply = reply
    start = time.monotonic()
    assert source.live("USD", "EUR").source == "fallback_rates"
    assert time.monotonic() - start < 1.5
    assert source.last_error is not None and "in time" in source.last_error


def test_only_one_look_up_hangs_at_a_time(server: Server, clock: Clock) -> None:
    source = make(server, clock, timeout_s=0.3)
    server.reply = raw(b"HTTP/1.1 200 OK\r\nX-Slow: ", every_s=0.02, forever=b"y")
    source.live("USD", "EUR")
    clock.pass_s(31)
    source.live("USD", "EUR")
    assert len(server.paths) == 1
    assert source.last_error is not None and "still owes an answer" in source.last_error


def test_nobody_there_is_no_error_for_the_caller(clock: Clock) -> None:
    with Server() as server:
        source = make(server, clock)
    assert source.live("USD", "EUR").source == "fallback_rates"
    assert source.last_error == "The live currency source could not be reached in time (ConnectionError)."


@pytest.mark.parametrize(
    ("rate", "source_name"),
    [
        (0.86 * 1.21, "cached_rates"),
        (0.86 * 0.79, "cached_rates"),
        (0.86 * 1.19, "live_api"),
        (0.86 * 0.81, "live_api"),
    ],
)
def test_a_jump_over_a_fifth_is_refused(
    rate: float, source_name: str, source: RateSource, server: Server, clock: Clock
) -> None:
    source.live("USD", "EUR")
    clock.pass_s(61)
    server.reply = answer(rated(EUR=rate))
    assert source.live("USD", "EUR").source == source_name
    if source_name == "cached_rates":
        assert source.last_error is not None and "EUR more than 20% off" in source.last_error


def test_a_jump_of_another_rate_refuses_the_answer_too(source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(61)
    server.reply = answer(rated(JPY=100))
    assert source.live("USD", "EUR").source == "cached_rates"


def test_after_a_day_there_is_nothing_to_jump_from(source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(DAY_S + 1)
    server.reply = answer(rated(EUR=2.0))
    assert source.live("USD", "EUR").rate == 2


def test_an_answer_is_reused_for_a_minute(source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(59.9)
    assert source.live("USD", "GBP").source == "live_api"
    assert source.held("USD", "JPY").source == "live_api"
    assert len(server.paths) == 1
    clock.pass_s(0.1)
    assert source.held("USD", "JPY").source == "cached_rates"
    assert source.live("USD", "EUR").source == "live_api"
    assert len(server.paths) == 2


def test_after_a_failure_the_source_is_left_alone_for_half_a_minute(
    source: RateSource, server: Server, clock: Clock
) -> None:
    server.reply = answer(GOOD, 500)
    source.live("USD", "EUR")
    server.reply = answer(GOOD)
    clock.pass_s(29.9)
    assert not source.may_go_out()
    assert source.live("USD", "EUR").source == "fallback_rates"
    assert len(server.paths) == 1
    clock.pass_s(0.1)
    assert source.may_go_out()
    assert source.live("USD", "EUR").source == "live_api"
    assert source.last_error is None


def test_a_good_answer_serves_for_a_day(source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    server.reply = answer(GOOD, 500)
    clock.pass_s(DAY_S)
    assert source.live("USD", "EUR").source == "cached_rates"
    clock.pass_s(1)
    assert source.live("USD", "EUR").source == "fallback_rates"
    assert source.held("USD", "EUR").source == "fallback_rates"


def test_a_wall_clock_set_a_day_off_makes_nothing_old(source: RateSource, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(100)
    clock.wall += 10 * DAY_S
    assert source.held("USD", "EUR").source == "cached_rates"


def test_what_is_held_needs_no_network(source: RateSource, server: Server) -> None:
    assert source.held("USD", "EUR").source == "fallback_rates"
    assert source.status("USD", "EUR").source == "fallback_rates"
    assert server.paths == []


def test_what_is_held_waits_for_no_look_up(server: Server, clock: Clock) -> None:
    source = make(server, clock, timeout_s=5.0)
    asked = threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        server.closing.wait(10)

    server.reply = hold
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(source.live, "USD", "EUR")
        assert asked.wait(5)
        assert source.held("USD", "EUR").source == "fallback_rates"
        assert not waiting.done()
        server.closing.set()
        assert waiting.result(10).source == "fallback_rates"


def test_other_pairs_come_from_the_same_answer(source: RateSource) -> None:
    source.live("USD", "EUR")
    for base, currency, rate in [("EUR", "USD", 1 / 0.86), ("GBP", "JPY", 155.4 / 0.75)]:
        crossed = source.held(base, currency)
        assert (crossed.source, crossed.date) == ("cached_rates", "2026-11-23")
        assert float(crossed.rate) == pytest.approx(rate)


def test_the_newest_answer_wins(source: RateSource, server: Server, clock: Clock) -> None:
    source.live("USD", "EUR")
    clock.pass_s(120)
    server.reply = answer({"base": "EUR", "date": "2026-11-24", "rates": {"EUR": 1, "USD": 1.25}})
    source.live("EUR", "USD")
    assert (source.held("USD", "EUR").rate, source.held("USD", "EUR").date) == (Decimal("0.8"), "2026-11-24")
    assert source.held("USD", "GBP").date == "2026-11-23"


def test_the_same_currency_needs_no_rate(source: RateSource, server: Server) -> None:
    for rate in (source.live("EUR", "EUR"), source.held("EUR", "EUR")):
        assert (rate.rate, rate.source, rate.date) == (1, "same", "2026-11-18")
    assert server.paths == []


@pytest.mark.parametrize(
    ("base", "currency"),
    [("USD", "BTC"), ("BTC", "USD"), ("BTC", "BTC"), ("USD", "usd"), ("../../x", "EUR"), ("USD", ""), ("USD", "XXZ")],
)
def test_an_unknown_currency_is_an_error_and_asks_nobody(
    base: str, currency: str, source: RateSource, server: Server
) -> None:
    for ask in (source.live, source.held, source.status):
        with pytest.raises(RequestRefused, match="is not supported") as refused:
            ask(base, currency)
        assert refused.value.field == "currency"
    assert server.paths == []


def test_switched_off_it_asks_nobody(server: Server, clock: Clock) -> None:
    source = make(server, clock, live=False)
    assert not source.may_go_out()
    assert source.live("USD", "EUR").source == "fallback_rates"
    assert server.paths == []


def test_answers_are_kept_over_restarts(server: Server, clock: Clock) -> None:
    kept: list[StoredRates] = []
    make(server, clock, save=kept.append).live("USD", "EUR")
    assert kept == [
        StoredRates(
            "USD", "2026-11-23", clock.wall, {"USD": "1", "EUR": "0.86", "JPY": "155.4", "GBP": "0.75", "VND": "26300"}
        )
    ]
    clock.pass_s(3600)
    clock.ticks = 0.0
    restarted = make(server, clock, live=False, load=lambda: kept)
    rate = restarted.live("USD", "EUR")
    assert (rate.source, rate.rate, rate.fetched_at) == ("cached_rates", Decimal("0.86"), kept[0].fetched_at)
    clock.pass_s(DAY_S)
    assert restarted.held("USD", "EUR").source == "fallback_rates"


def test_a_kept_answer_guards_against_jumps(server: Server, clock: Clock) -> None:
    kept = [StoredRates("USD", "2026-11-22", clock.wall - 60, {"EUR": "0.5"})]
    assert make(server, clock, load=lambda: kept).live("USD", "EUR").source == "cached_rates"


def test_the_newest_kept_answer_is_used(server: Server, clock: Clock) -> None:
    kept = [StoredRates("USD", "2026-11-22", clock.wall - age, {"EUR": f"0.{age}"}) for age in (80, 60, 70)]
    assert make(server, clock, load=lambda: kept).held("USD", "EUR").rate == Decimal("0.60")


@pytest.mark.parametrize(
    "stored",
    [
        StoredRates("USD", "2026-11-22", 1_795_000_000.0, {"EUR": "NaN"}),
        StoredRates("USD", "2026-11-22", 1_795_000_000.0, {"EUR": "what"}),
        StoredRates("USD", "2026-11-22", 1_795_000_000.0, {"EUR": "0"}),
        StoredRates("USD", "long ago", 1_795_000_000.0, {"EUR": "0.9"}),
        StoredRates("ZZZ", "2026-11-22", 1_795_000_000.0, {"EUR": "0.9"}),
        StoredRates("USD", "2026-11-22", 1_795_000_000.0 + 2 * DAY_S, {"EUR": "0.9"}),
    ],
)
def test_a_kept_answer_that_can_not_be_true_is_not_used(stored: StoredRates, server: Server, clock: Clock) -> None:
    source = make(server, clock, load=lambda: [stored])
    assert source.held("USD", "EUR").source == "fallback_rates"


def test_a_store_that_can_not_keep_rates_stops_nothing(server: Server, clock: Clock) -> None:
    def busy(stored: StoredRates) -> None:
        raise EngineBusy("The disk is full.")

    source = make(server, clock, save=busy)
    assert source.live("USD", "EUR").source == "live_api"
    assert source.last_error == "The live rates are used, but could not be kept: The disk is full."


def test_many_at_once_ask_once(source: RateSource, server: Server) -> None:
    ready = threading.Barrier(16)

    def ask(index: int) -> str:
        ready.wait(5)
        return source.live("USD", ("EUR", "GBP", "JPY")[index % 3]).source

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(16))) == {"live_api"}
    assert len(server.paths) == 1


def test_those_who_wait_for_another_are_not_late(server: Server, clock: Clock) -> None:
    source = make(server, clock, timeout_s=0.4)
    server.reply = raw(b"HTTP/1.1 200 OK\r\nX-Slow: ", every_s=0.02, forever=b"y")
    start = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        found = [pool.submit(source.live, base, "EUR") for base in ("USD", "GBP", "JPY", "CAD", "AUD", "CHF")]
        assert {rate.result(10).source for rate in found} == {"fallback_rates"}
    assert time.monotonic() - start < 1.5
    assert len(server.paths) == 1


def test_a_short_rest_of_the_time_is_not_prolonged(server: Server, clock: Clock) -> None:
    source = make(server, clock, timeout_s=1.0)

    def late(handler: BaseHTTPRequestHandler) -> None:
        base = handler.path.rpartition("/")[2]
        server.closing.wait(0.6)
        answer({"base": base, "date": "2026-11-23", "rates": {base: 1, "EUR": 0.9}})(handler)

    server.reply = late
    with ThreadPoolExecutor(3) as pool:
        found = pool.map(lambda base: source.live(base, "EUR").source, ("USD", "GBP", "JPY"))
        assert sorted(found) == ["fallback_rates", "fallback_rates", "live_api"]


def test_pages_are_shown_a_plain_number(source: RateSource, server: Server) -> None:
    server.reply = answer(text("26300", "2.63e4"))
    rate = source.live("USD", "VND")
    assert (str(rate.rate), rate.view().rate) == ("26300", "26300")
    view = source.status("VND", "USD")
    assert (view.base, view.currency, view.rate, view.source, view.date) == (
        "VND",
        "USD",
        "0.0000380228136882",
        "cached_rates",
        "2026-11-23",
    )

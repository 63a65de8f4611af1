"""Exchange rates: the live source, then the last good answer, then the dated table; each rate says which it is.

The live source is real: https://www.exchangerate-api.com (v4), a constant host asked only for known currencies.
Its answer is untrusted: a bad one is refused whole and changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from threading import Lock, Thread
from typing import Any, Literal, NamedTuple, NoReturn

import requests

from core.errors import SagalabError
from core.money import checked, known, ratio, table, table_rate
from core.views import RateView

URL = "https://api.exchangerate-api.com/v4/latest/{base}"
TIMEOUT_S = 5.0
LARGEST_BYTES = 1_000_000
FRESH_S = 24 * 3600.0
REUSE_S = 60.0
PAUSE_S = 30.0
JUMP = Decimal("0.2")
LEAST, MOST = Decimal("1e-12"), Decimal("1e12")

Source = Literal["live_api", "cached_rates", "fallback_rates", "same"]


@dataclass(frozen=True, slots=True)
class Rate:
    """1 `base` = `rate` `currency`. `date` is the rate's own (ISO), `fetched_at` Unix seconds (None: not fetched)."""

    base: str
    currency: str
    rate: Decimal
    source: Source
    date: str
    fetched_at: float | None

    def view(self) -> RateView:
        """As pages show it."""
        return RateView(self.base, self.currency, format(self.rate, "f"), self.source, self.date)


@dataclass(frozen=True, slots=True)
class StoredRates:
    """A good answer, to keep over restarts: code -> decimal in text, for one `base`. `fetched_at` is Unix seconds."""

    base: str
    date: str
    fetched_at: float
    rates: dict[str, str]


class _Answer(NamedTuple):
    """A good answer with its base in `rates`. `heard`: monotonic seconds, None for one from before the start."""

    base: str
    date: str
    rates: Mapping[str, Decimal]
    fetched_at: float
    heard: float | None


class _Unusable(Exception):
    """An answer that is refused whole; the text completes 'The live currency source ...'."""


def fetch(url: str, timeout_s: float) -> bytes:
    """The body of a GET: status 200, no redirect followed, at most 1 MB. Raises OSError where it can't be had."""
    deadline = time.monotonic() + timeout_s
    body = bytearray()
    # Of the encodings on offer these can't blow a chunk up beyond measure.
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
    with requests.get(url, timeout=timeout_s, stream=True, allow_redirects=False, headers=headers) as response:
        if response.status_code != 200:
            raise _Unusable(f"answered with status {response.status_code}")
        for chunk in response.iter_content(256):
            body += chunk
            if len(body) > LARGEST_BYTES:
                raise _Unusable("answered with more than 1 MB")
            if time.monotonic() > deadline:
                raise TimeoutError
    return bytes(body)


class RateSource:
    """Rates for everyone, from any thread. `held` never waits; `live` waits at most `timeout_s` in total.

    live: whether the live source is asked at all. load, save: where the last good answers are kept.
    now: Unix seconds; monotonic: seconds that never go back. url and fetch: another source (tests).
    """

    def __init__(
        self,
        *,
        live: bool = True,
        load: Callable[[], Iterable[StoredRates]] = tuple,
        save: Callable[[StoredRates], None] = lambda stored: None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        url: str = URL,
        fetch: Callable[[str, float], bytes] = fetch,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.last_error: str | None = None
        self._live, self._save, self._now, self._monotonic = live, save, now, monotonic
        self._url, self._fetch, self._timeout_s = url, fetch, timeout_s
        self._state, self._turn = Lock(), Lock()
        self._answers: dict[str, _Answer] = {}
        self._paused_until = 0.0
        self._asking: Thread | None = None
        for stored in load():
            self._restore(stored)

    def held(self, base: str, currency: str) -> Rate:
        """The newest rate held: 'live_api' for a minute after its answer, 'cached_rates' for a day, then the table's.

        No I/O. Raises RequestRefused('currency').
        """
        checked(base)
        checked(currency)
        if base == currency:
            return Rate(base, currency, Decimal(1), "same", self._today(), None)
        with self._state:
            answers = [answer for answer in self._answers.values() if base in answer.rates and currency in answer.rates]
            recent = self._recent(base, currency)
        if recent:
            return self._rate(recent, base, currency, "live_api")
        fresh = [answer for answer in answers if self._fresh(answer)]
        if fresh:
            newest = max(fresh, key=lambda answer: (answer.fetched_at, answer.base == base))
            return self._rate(newest, base, currency, "cached_rates")
        return Rate(base, currency, table_rate(base, currency), "fallback_rates", table().date, None)

    def live(self, base: str, currency: str) -> Rate:
        """Ask the live source, unless it answered within a minute or failed within half of one; then as `held`.

        Raises RequestRefused('currency') before any I/O.
        """
        checked(base)
        checked(currency)
        deadline = time.monotonic() + self._timeout_s
        if base != currency and self.may_go_out() and self._turn.acquire(timeout=self._timeout_s):
            try:
                self._refresh(base, currency, deadline - time.monotonic())
            finally:
                self._turn.release()
        return self.held(base, currency)

    def may_go_out(self) -> bool:
        """Whether `live` may ask the live source now: it is switched on, and no try failed in the last 30 s."""
        return self._live and self._monotonic() >= self._paused_until

    def status(self, base: str, currency: str) -> RateView:
        """What is held, as pages show it. No I/O."""
        return self.held(base, currency).view()

    def _refresh(self, base: str, currency: str, timeout_s: float) -> None:
        """One try of the live source, unless another thread has just made it."""
        with self._state:
            if timeout_s <= 0 or not self.may_go_out() or self._recent(base, currency):
                return
            last = self._answers.get(base)
        try:
            day, rates = read_answer(self._ask(self._url.format(base=base), timeout_s), base, currency)
            if last and self._fresh(last):
                refuse_jumps(rates, last.rates)
        except _Unusable as error:
            self._fail(f"The live currency source {error}.")
        except OSError as error:
            self._fail(f"The live currency source could not be reached in time ({type(error).__name__}).")
        else:
            self._keep(_Answer(base, day, rates, self._now(), self._monotonic()))

    def _ask(self, url: str, timeout_s: float) -> bytes:
        """Fetch in a thread of its own: neither a name server nor dripping headers can outlast the deadline."""
        if self._asking and self._asking.is_alive():
            raise _Unusable("still owes an answer to an earlier question")
        answer: Future[bytes] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._fetch(url, timeout_s))
            except BaseException as error:  # for the thread that waits
                answer.set_exception(error)

        self._asking = Thread(target=ask, name="sagalab-rates", daemon=True)
        self._asking.start()
        return answer.result(timeout_s)

    def _keep(self, answer: _Answer) -> None:
        with self._state:
            self._answers[answer.base] = answer
            self.last_error = None
        rates = {code: format(rate, "f") for code, rate in answer.rates.items()}
        try:
            self._save(StoredRates(answer.base, answer.date, answer.fetched_at, rates))
        except SagalabError as error:
            self.last_error = f"The live rates are used, but could not be kept: {error}"

    def _fail(self, sentence: str) -> None:
        with self._state:
            self.last_error = sentence
            self._paused_until = self._monotonic() + PAUSE_S

    def _restore(self, stored: StoredRates) -> None:
        try:
            rates = _usable(stored.base, {code: Decimal(rate) for code, rate in stored.rates.items()})
            day = _day(stored.date)
        except (_Unusable, InvalidOperation):
            self.last_error = f"The kept rates of {stored.base[:3]} could not be read; they are not used."
            return
        last = self._answers.get(stored.base)
        if last is None or last.fetched_at < stored.fetched_at:
            self._answers[stored.base] = _Answer(stored.base, day, rates, stored.fetched_at, None)

    def _recent(self, base: str, currency: str) -> _Answer | None:
        answer = self._answers.get(base)
        if answer is None or answer.heard is None or currency not in answer.rates:
            return None
        return answer if self._monotonic() - answer.heard < REUSE_S else None

    def _fresh(self, answer: _Answer) -> bool:
        """By the monotonic clock where it saw the answer; a wall clock may be set a day off."""
        age = abs(self._now() - answer.fetched_at) if answer.heard is None else self._monotonic() - answer.heard
        return age <= FRESH_S

    def _rate(self, answer: _Answer, base: str, currency: str, source: Source) -> Rate:
        rate = ratio(answer.rates[currency], answer.rates[base])
        return Rate(base, currency, rate, source, answer.date, answer.fetched_at)

    def _today(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).date().isoformat()


def read_answer(body: bytes, base: str, currency: str) -> tuple[str, dict[str, Decimal]]:
    """The date and the rates of known currencies, the base's own included. Raises where anything used is wrong."""
    try:
        answer = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise _Unusable("answered with something that is not valid JSON") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("rates"), dict):
        raise _Unusable("answered without rates")
    if answer.get("base") != base:
        raise _Unusable(f"answered for another currency than {base}")
    if currency not in answer["rates"]:
        raise _Unusable(f"has no rate for {currency}")
    return _day(answer.get("date")), _usable(base, answer["rates"])


def refuse_jumps(rates: Mapping[str, Decimal], last: Mapping[str, Decimal]) -> None:
    """Raise where a rate moved by more than a fifth, up or down, from the last good answer."""
    for code, rate in rates.items():
        if code in last and not 1 - JUMP <= rate / last[code] <= 1 + JUMP:
            raise _Unusable(f"answered with a rate for {code} more than 20% off its last one")


def _usable(base: str, rates: Mapping[str, Any]) -> dict[str, Decimal]:
    """The rates of known currencies, every one a plain number above 0."""
    found = {base: Decimal(1)}
    for code, rate in rates.items():
        if not known(code):
            continue
        if isinstance(rate, bool) or not isinstance(rate, int | Decimal) or not LEAST <= rate <= MOST:
            raise _Unusable(f"answered with a rate for {code} that can't be true")
        found[code] = Decimal(rate)
    if not known(base) or found[base] != 1:
        raise _Unusable(f"answered for another currency than {base}")
    return found


def _day(text: Any) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except (TypeError, ValueError) as error:
        raise _Unusable("answered without a date") from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")

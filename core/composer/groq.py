"""Reading with a language model: Groq, or any server that speaks OpenAI's protocol, and by rules where that fails.

The server is not trusted: it is told nothing but the sentence, its answer is bounded in size and time and can become
nothing but a reading. Nobody waits longer than `Limits.total_s` for it.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import Any, Generic, TypeVar

import httpx
from groq import APIConnectionError, APIStatusError, APITimeoutError, DefaultHttpxClient, Groq
from pydantic import BaseModel, ValidationError

from core.composer import wire_changes
from core.composer.base import MAX_CHARS, Composer, Reading
from core.composer.changes import Composed, Op
from core.composer.offline import OfflineComposer
from core.composer.offline.refining import OfflineRefiner
from core.composer.offline.text import Written
from core.composer.refine import Refinement, not_understood, refined
from core.composer.wire import INSTRUCTIONS, SCHEMA_NAME, Unusable, as_data, reading_of, schema
from core.errors import ReadingRefused, SettingsRefused

log = logging.getLogger(__name__)
GROQ_URL = "https://api.groq.com"
MODEL = "openai/gpt-oss-20b"  # with gpt-oss-120b, what Groq documents strict schemas for
MOST_BYTES = 256_000
MOST_TOKENS = 4096
LONGEST_REPAIR = 4000
NOTE = "The language model could not be used ({}); read by rules."
NAMES = {"workflow_type": "kind of order", "convert_to": "currency to pay in", "customer_email": "email address"}
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. `total_s` bounds everything: calls, the wait for a retry, the repair try; `call_s` one call.

    A call for which less than `least_s` is left is not made. `wait_s`: before a retry, where the server names no time.
    """

    call_s: float = 8.0
    total_s: float = 9.5
    least_s: float = 2.0
    wait_s: float = 0.5


class _Failed(Exception):
    """The server gave no reading; the message says why in a few words of our own."""


class _TooMuch(Exception):
    """More bytes than an answer can have, or packed ones."""


def make(settings: Mapping[str, str]) -> Composer:
    """The parser that GROQ_API_KEY, GROQ_BASE_URL and GROQ_MODEL describe.

    Raises SettingsRefused for a key that is missing where Groq itself is asked, and for what can be no key or URL.
    """
    key, base, model = (settings.get(f"GROQ_{name}", "").strip() for name in ("API_KEY", "BASE_URL", "MODEL"))
    if not key and not base:
        raise SettingsRefused(
            "GROQ_API_KEY",
            "The parser 'groq' needs a key. Set GROQ_API_KEY, or GROQ_BASE_URL to a server that needs none, "
            "or use the parser 'offline' (SAGALAB_PARSER=offline).",
        )
    if not all("!" <= character <= "~" for character in key):
        raise SettingsRefused("GROQ_API_KEY", "GROQ_API_KEY holds characters that no key has. Copy the key anew.")
    return GroqComposer(key, *endpoint(base or GROQ_URL), model or MODEL)


def endpoint(base: str) -> tuple[str, str]:
    """The base URL and the path of the call under it.

    A URL without a path is taken as the SDK takes it, which adds /openai/v1; one with a path, such as
    http://127.0.0.1:8080/v1, as other OpenAI clients take it. Raises SettingsRefused, without repeating the URL.
    """
    try:
        url = httpx.URL(base)
        fits = url.scheme in ("http", "https") and url.host and not (url.query or url.fragment or "%" in url.host)
    except httpx.InvalidURL:
        fits = False
    if not fits:
        raise SettingsRefused(
            "GROQ_BASE_URL",
            "GROQ_BASE_URL must be a URL like http://127.0.0.1:8080/v1. Change it or remove it, then start again.",
        )
    path = url.path.rstrip("/").removesuffix("/chat/completions")
    return str(url.copy_with(path=path or "/")), "/chat/completions" if path else "/openai/v1/chat/completions"


class GroqComposer:
    """Reads with a language model; where that fails, by rules, and then the reading's `note` says why."""

    def __init__(
        self,
        key: str,
        base_url: str,
        path: str,
        model: str,
        *,
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key, self.base_url, self.path, self.model = key, base_url, path, model
        self.limits, self.clock, self.sleep = limits, clock, sleep
        self._offline = OfflineComposer()

    def read(self, text: str) -> Reading:
        """Read one order. Raises ReadingRefused with a code and a sentence that says what to write instead."""
        rules = self._by_rules(text)
        if isinstance(rules, ReadingRefused) and rules.code in ("empty", "too_long"):
            raise rules
        try:
            return _within(self.limits.total_s, _Session(self, _about_order(Written(text, mend=False), rules)).read)
        except _Failed as failed:
            note = NOTE.format(failed)
        if isinstance(rules, ReadingRefused):
            raise ReadingRefused(rules.code, str(rules), rules.options, note)
        return replace(rules, note=note)

    def refine(self, draft: Composed, text: str) -> Refinement:
        """What a text would make of an order; where the model fails, by rules, and the refinement's `note` says so.

        Undo and redo, what no plan can do, and what the model changes nothing for are read by rules.
        """
        rules = OfflineRefiner().refine(draft, text)
        clean = Written(text, mend=False).text
        if rules.move or not clean.strip() or len(text) > MAX_CHARS:
            return rules
        try:
            ops, left = _within(self.limits.total_s, _Session(self, _about_change(draft, clean)).read)
        except _Failed as failed:
            return replace(rules, note=NOTE.format(failed))
        if not ops:
            return rules
        return refined(draft, text, ops, refused=not_understood(ops, left), answers=rules.answers, refiner="groq")

    def _by_rules(self, text: str) -> Reading | ReadingRefused:
        try:
            return self._offline.read(text)
        except ReadingRefused as refused:
            return refused

    def client(self, check: Callable[[httpx.Response], None]) -> Groq:
        """A client that neither retries nor follows to another server; `check` sees each response before its bytes."""
        return Groq(
            api_key=self._key or "none",
            base_url=self.base_url,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=DefaultHttpxClient(follow_redirects=False, event_hooks={"response": [check]}),
        )


def _within(seconds: float, work: Callable[[], Found]) -> Found:
    """What the work gives, or _Failed when the time is up: a server that trickles bytes outlasts any socket timeout."""
    done: Future[Found] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except (ReadingRefused, _Failed) as known:
            done.set_exception(known)
        except Exception as error:
            log.exception("The Groq parser failed")
            done.set_exception(_Failed(f"it failed: {type(error).__name__}"))

    Thread(target=run, name="groq", daemon=True).start()
    try:
        return done.result(seconds)
    except TimeoutError:
        raise _Failed(f"no answer in {seconds:g} s") from None


@dataclass(frozen=True, slots=True)
class _Question(Generic[Found]):
    """What a model is asked: instructions, data, the schema of the answer, and what the answer gives."""

    instructions: str
    data: str
    schema_name: str
    schema: dict[str, Any]
    parse: Callable[[str], Found]
    what: str


def _about_order(sentence: Written, rules: Reading | ReadingRefused) -> _Question[Reading]:
    def parse(answer: str) -> Reading:
        return reading_of(answer, sentence, rules)

    return _Question(INSTRUCTIONS, as_data(sentence.text), SCHEMA_NAME, schema(), parse, "reading")


def _about_change(draft: Composed, text: str) -> _Question[tuple[tuple[Op, ...], tuple[str, ...]]]:
    def parse(answer: str) -> tuple[tuple[Op, ...], tuple[str, ...]]:
        return wire_changes.changes_of(answer, text)

    asked = wire_changes.INSTRUCTIONS, wire_changes.as_data(draft, text), wire_changes.SCHEMA_NAME
    return _Question(*asked, wire_changes.schema(), parse, "change")


class _Session(Generic[Found]):
    """One question: its call, at most one retry and one repair try, against one deadline."""

    def __init__(self, composer: GroqComposer, question: _Question[Found]) -> None:
        self.composer, self.question = composer, question
        self.limits, self.clock = composer.limits, composer.clock
        self.until = self.clock() + self.limits.total_s
        self.retries = 1

    def read(self) -> Found:
        messages = [
            {"role": "system", "content": self.question.instructions},
            {"role": "user", "content": self.question.data},
        ]
        with self.composer.client(self.bound) as client:
            answer = self.ask(client, messages)
            try:
                return self.question.parse(answer)
            except Unusable as unusable:
                messages += _repair(answer, unusable)
            try:
                return self.question.parse(self.ask(client, messages))
            except Unusable as unusable:
                raise _Failed(_unfit(self.question.what, unusable.field)) from unusable

    def ask(self, client: Groq, messages: list[dict[str, str]]) -> str:
        """What the model says to these messages. Raises _Failed."""
        while True:
            left = self.until - self.clock()
            if left < self.limits.least_s:
                raise _Failed(f"no answer in {self.limits.total_s:g} s")
            try:
                response = client.post(
                    self.composer.path,
                    cast_to=httpx.Response,
                    body=self.body(messages),
                    options={"timeout": min(self.limits.call_s, left)},
                )
                return _content(response)
            except APITimeoutError:
                self.wait(None, f"no answer in {self.limits.call_s:g} s")
            except APIConnectionError as error:
                if isinstance(error.__cause__, _TooMuch):
                    raise _Failed("its answer is too long or packed") from error
                reached = not isinstance(error.__cause__, httpx.ConnectError)
                self.wait(None, "the connection broke off" if reached else "the server can't be reached")
            except APIStatusError as error:
                if error.status_code not in (408, 409, 429) and error.status_code < 500:
                    raise _Failed(_status(error.status_code)) from error
                self.wait(error.response.headers.get("retry-after"), _status(error.status_code))

    def body(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        """The call: no tools, and an answer that must follow the schema."""
        asked = {
            "model": self.composer.model,
            "messages": messages,
            "temperature": 0,
            "max_completion_tokens": MOST_TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": self.question.schema_name, "strict": True, "schema": self.question.schema},
            },
        }
        return asked | ({"reasoning_effort": "low"} if "gpt-oss" in self.composer.model else {})

    def wait(self, advice: str | None, why: str) -> None:
        """Wait for the retry, as long as the server asks. Raises _Failed where none is left, or no time for it."""
        advised = _seconds(advice)
        pause = self.limits.wait_s if advised is None else advised
        if not self.retries or self.clock() + pause + self.limits.least_s > self.until:
            raise _Failed(why)
        self.retries -= 1
        self.composer.sleep(pause)

    def bound(self, response: httpx.Response) -> None:
        """Let no answer be longer, or take longer, than an answer may."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _TooMuch
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Bounded(response.stream, lambda: self.clock() > self.until)


class _Bounded(httpx.SyncByteStream):
    """The bytes of a response, up to MOST_BYTES and while it is not too late."""

    def __init__(self, stream: httpx.SyncByteStream, late: Callable[[], bool]) -> None:
        self._stream, self._late = stream, late

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_BYTES
        for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise _TooMuch
            if self._late():
                raise httpx.ReadTimeout("the deadline has passed")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]


def _content(response: httpx.Response) -> str:
    """The text of the first choice. Raises _Failed where the response has another shape, or ends too early."""
    try:
        choice = _Completion.model_validate_json(response.content).choices[0]
    except (ValidationError, IndexError) as error:
        raise _Failed("its answer is not in the shape of a chat completion") from error
    if choice.finish_reason == "length":
        raise _Failed("its answer was cut off")
    return choice.message.content


def _repair(answer: str, unusable: Unusable) -> list[dict[str, str]]:
    problems = "\n".join(unusable.problems)
    return [
        {"role": "assistant", "content": answer[:LONGEST_REPAIR]},
        {"role": "user", "content": f"This answer is not valid. Give the whole object again without:\n{problems}"},
    ]


def _seconds(advice: str | None) -> float | None:
    """A retry-after header in seconds from now: a number or a date; None where it is neither."""
    if not advice:
        return None
    try:
        seconds = float(advice)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(advice).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _unfit(what: str, field: str) -> str:
    """Why an answer is no reading, or no change."""
    if not field or what == "change":
        return f"its answer can't be used as a {what}"
    if field == "refusal":
        return "it refuses for a reason that is not in the text"
    return f"its answer has no usable {NAMES.get(field, field.replace('_', ' '))}"


def _status(code: int) -> str:
    if code in (401, 403):
        return f"the server refuses the key, HTTP {code}"
    if code == 404:
        return "the server knows no such model or address, HTTP 404; most base URLs end in /v1"
    if code == 429:
        return "too many requests, HTTP 429"
    return f"the server answered HTTP {code}"

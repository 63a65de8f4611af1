"""Readings that are kept, so that a page drawn again and again asks once, and both parsers' side by side."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from core.composer.base import MAX_CHARS, Comparison, Composer, Difference, Reading
from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused
from core.models import OrderRequest

MOST_KEPT = 256
FAILURE_S = 60.0
Outcome = Reading | ReadingRefused


class Kept:
    """A composer that remembers its last outcomes, refusals too; one with a note, a failure, for `failure_s` only.

    Whoever asks for a sentence that is being read waits for it.
    """

    def __init__(
        self,
        composer: Composer,
        *,
        most: int = MOST_KEPT,
        failure_s: float = FAILURE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._composer, self._most, self._failure_s, self._clock = composer, most, failure_s, clock
        self._kept: OrderedDict[str, tuple[Future[Outcome], float]] = OrderedDict()
        self._lock = threading.Lock()

    def outcome(self, text: str) -> Outcome:
        """The reading of a sentence, or its refusal."""
        if len(text) > MAX_CHARS:  # refused at once, and not worth its room
            return self._ask(text)
        with self._lock:
            held, since = self._kept.get(text, (None, 0.0))
            mine = held is None or (held.done() and self._stale(held, since))
            if held is None or mine:
                held = Future()
                self._kept[text] = (held, self._clock())
            self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            self._fill(held, text)
        return held.result()

    def _stale(self, held: Future[Outcome], since: float) -> bool:
        """Whether to ask anew: after an unexpected error, and some time after a failure."""
        return bool(held.exception() or (held.result().note and self._clock() - since >= self._failure_s))

    def _fill(self, mine: Future[Outcome], text: str) -> None:
        try:
            mine.set_result(self._ask(text))
        except BaseException as error:
            mine.set_exception(error)
            raise

    def _ask(self, text: str) -> Outcome:
        try:
            return self._composer.read(text)
        except ReadingRefused as refused:
            return refused.with_traceback(None)


class Readings:
    """What the configured parser makes of a sentence, and what the offline parser makes of it."""

    def __init__(self, composer: Composer) -> None:
        self._chosen = Kept(composer)
        self._offline = self._chosen if isinstance(composer, OfflineComposer) else Kept(OfflineComposer())

    @property
    def by_model(self) -> bool:
        """Whether a language model is asked, which takes its time."""
        return self._chosen is not self._offline

    def read(self, text: str) -> Reading:
        """Read with the configured parser. Raises ReadingRefused."""
        found = self._chosen.outcome(text)
        if isinstance(found, ReadingRefused):
            raise found.with_traceback(None)
        return found

    def compare(self, text: str) -> Comparison:
        """Read with both parsers; with the offline one only, where that is the configured one."""
        offline = self._offline.outcome(text)
        if not self.by_model:
            return Comparison(offline)
        groq = self._chosen.outcome(text)
        return Comparison(offline, groq, () if groq.note else differences(offline, groq))


def differences(offline: Outcome, groq: Outcome) -> tuple[Difference, ...]:
    """Where two outcomes differ, in the order of the request's fields; texts that differ only in case are the same."""
    if isinstance(offline, ReadingRefused) or isinstance(groq, ReadingRefused):
        codes = [one.code if isinstance(one, ReadingRefused) else None for one in (offline, groq)]
        return () if codes[0] == codes[1] else (Difference("refusal", *codes),)
    one, other = _fields(offline.request), _fields(groq.request)
    paths = list(dict.fromkeys((*one, *other)))
    found = [(path, one.get(path), other.get(path)) for path in sorted(paths, key=lambda path: _place(path))]
    return tuple(Difference(path, *values) for path, *values in found if _same(values[0]) != _same(values[1]))


def _same(value: object) -> object:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _fields(request: OrderRequest) -> dict[str, object]:
    """Path -> value, of every field but `defaulted`."""
    return dict(_flat("", request.model_dump(exclude={"defaulted"}, by_alias=True)))


def _flat(path: str, value: Any) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, tuple | list):
        parts = list(enumerate(value))
    else:
        return [(path, value)]
    return [found for name, inner in parts for found in _flat(f"{path}.{name}" if path else str(name), inner)]


def _place(path: str) -> int:
    return list(OrderRequest.model_fields).index(path.partition(".")[0])

"""What the pages remember in a session: the sentence, what a person corrected, and the run that was just started."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

import streamlit as st

from core.bootstrap import current_engine
from core.composer.base import Reading
from core.errors import ReadingRefused, Refusal
from core.models import OrderRequest, Plan, PlanName, PlanWish
from core.views import QuoteView

SENTENCE, OPENED = "sentence", "opened"
REMEMBERED = 20  # sentences with a correction
SAME_CLICK_S = 0.8  # as long as the two halves of a double click can be apart


class Correction(NamedTuple):
    """What a person made of a reading."""

    request: OrderRequest
    plan: PlanName
    wishes: tuple[PlanWish, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it runs. `served`: with the defaults that the engine fills in, such as the wallet.

    `text` is the sentence to the letter. `refusal` says why it can't run as it stands; `quote` is None then.
    """

    text: str
    reading: Reading
    request: OrderRequest
    served: OrderRequest
    name: PlanName
    plan: Plan
    quote: QuoteView | None
    refusal: str = ""
    wishes: tuple[PlanWish, ...] = ()


def draft(text: str) -> Draft:
    """Read a sentence, apply what was corrected, plan and quote it. Raises ReadingRefused."""
    engine, made = current_engine(), correction(text)
    reading = _read(text, made)
    request, name, wishes = made or Correction(reading.request, reading.plan, reading.wishes)
    plan = engine.plan_for(request, name)
    try:
        plan = engine.plan_for(request, name, wishes=wishes) if wishes else plan
        return Draft(text, reading, request, engine.complete(request), name, plan, engine.quote(request), wishes=wishes)
    except Refusal as refusal:
        return Draft(text, reading, request, request, name, plan, None, str(refusal), wishes)


def _read(text: str, made: Correction | None) -> Reading:
    """The configured parser's reading; that of the rules where it refuses and a person chose theirs."""
    engine = current_engine()
    try:
        return engine.read(text)
    except ReadingRefused:
        other = engine.compare(text).offline if made else None
        if isinstance(other, Reading):
            return other
        raise


def choose(text: str, reading: Reading) -> None:
    """Use this reading of a sentence."""
    correct(text, Correction(reading.request, reading.plan, reading.wishes))


def _corrections() -> dict[str, Correction]:
    return st.session_state.setdefault("corrections", {})


def correction(text: str) -> Correction | None:
    """What was corrected of this sentence, if anything."""
    return _corrections().get(text)


def correct(text: str, made: Correction | None) -> None:
    """Remember a correction of this sentence; None goes back to what was read."""
    kept = _corrections()
    kept.pop(text, None)
    if made:
        kept[text] = made
    while len(kept) > REMEMBERED:
        kept.pop(next(iter(kept)))
    st.session_state["revision"] = revision() + 1


def revision() -> int:
    """Grows with every correction, so that a form made after it starts from the new values."""
    return st.session_state.get("revision", 0)


def mark(text: str) -> str:
    """A short name of a text, for the keys of what belongs to this very text."""
    return f"{crc32(text.encode(errors='replace')):x}"


def just_opened() -> bool:
    """Whether this is the first drawing of a session: the address is then as it was opened."""
    first = OPENED not in st.session_state
    st.session_state[OPENED] = True
    return first


def compose(text: str) -> None:
    """Put a sentence on the Compose page."""
    st.session_state[SENTENCE] = text


def compose_again(text: str, request: OrderRequest, plan: Plan) -> None:
    """Put the order of a run on the Compose page; where its sentence alone would give another, as a correction."""
    engine = current_engine()
    last_start().forget()
    compose(text)
    correct(text, None)
    try:
        found = draft(text)
    except ReadingRefused:
        return
    among_many = engine.plan_for(found.request, found.name, ask=False, wishes=found.wishes)
    if found.served != request or plan not in (found.plan, among_many):
        name: PlanName = "sequence" if plan.name == "sequence" else "saga"
        correct(text, Correction(request, name, engine.wishes_of(plan)))


@dataclass(slots=True)
class LastStart:
    """What was started last, and by which form: impatient clicks come in a row, one starts it, all lead to it.

    Two clicks may be served by two threads at once, so whoever looks and starts holds the lock.

    A form is what stands on Compose until another page is opened; its number names the buttons. All of it is one
    object: a write to the session itself first lets a second click in, and the first would be forgotten.
    """

    form: int = 0
    by: tuple[int, str] | None = None  # the form and its sentence
    run: str = ""  # '' for many
    leads: bool = False  # Compose goes on to it
    lock: AbstractContextManager[Any] = field(default_factory=threading.Lock)

    def note(self, form: int, text: str, run: str) -> None:
        """Remember what this form has started."""
        self.by, self.run, self.leads = (form, text), run, True

    def lead(self, form: int, text: str) -> bool:
        """Whether a click on this form has nothing to start. What it has started already, it leads to again."""
        started = self.by == (form, text)
        self.leads |= started
        return started or form != self.form

    def arrived(self) -> None:
        """Another page than Compose is drawn: the form is left. A late click on it still leads to what it started."""
        self.leads = False
        if self.by and self.by[0] == self.form:
            self.form += 1

    def forget(self) -> None:
        """A person goes back to Compose: no click of before leads anywhere any more."""
        self.by, self.leads = None, False


def last_start() -> LastStart:
    """The one of this session."""
    return st.session_state.setdefault("last_start", LastStart())

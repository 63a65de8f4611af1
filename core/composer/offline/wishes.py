"""What a sentence wishes of the plan: tries, what a failure leads to, notices before a step; and what can't be had.

Read before everything else, so that no other reader takes its words: 'five times' is no quantity, 'the card' no goods.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from core.composer.base import Answer, Reading
from core.composer.offline import answers
from core.composer.offline.beyond import BEYOND, BEYOND_HINT, FREE, HABIT, RETURNED
from core.composer.offline.negation import negated_at
from core.composer.offline.parts import NOTICE_WORDS, Deed, deed_at
from core.composer.offline.text import Draft
from core.composer.offline.wish_failures import Failures
from core.composer.offline.wish_forms import (
    APPROVED,
    AT_MOST,
    ATTEMPTS,
    BARE_RETRY,
    BEFORE,
    DELAYED,
    ENDLESS,
    HELD,
    HINT,
    IF_HINT,
    IF_IT_FAILS,
    IF_THEN,
    LATE_PAY,
    LIMIT,
    NEVER,
    NO_RETRY,
    NOT_TRIED,
    PART_PAY,
    PART_REFUND,
    PAY_BEFORE,
    PLANS,
    TELL_INSTEAD,
    TELL_THEN,
    THEN_IF,
    TOLD,
    TRIED,
    TRIES,
    TRIES_TOO,
    TRY_HINT,
    UNLESS,
    UNLESS_TOLD,
    UNTIL,
    UNTOLD,
    VAGUE,
    WAITS,
)
from core.composer.offline.wish_tries import MOST_TRIES, Match
from core.models import Condition, Notice, PlanName, PlanWish, settle_wishes

Reader = tuple[re.Pattern[str], Callable[[Match], int | None]]
HINTS = (HINT, TRY_HINT, IF_HINT, BEYOND_HINT)


class Wished(NamedTuple):
    """What was wished of the plan. `plan`: one of the built-in plans, None where none was wished for.

    `unwished` are taken back. `conditions` belong to the request: 'if anything fails call me' stands for every
    failure that it has a word for; `unconditions` are those that are not to be.
    """

    wishes: tuple[PlanWish, ...] = ()
    answers: tuple[Answer, ...] = ()
    plan: PlanName | None = None
    conditions: tuple[Condition, ...] = ()
    unwished: tuple[PlanWish, ...] = ()
    unconditions: tuple[Condition, ...] = ()

    def of(self, reading: Reading) -> Reading:
        """A reading with what was wished of the plan."""
        conditions = dict.fromkeys((*reading.request.conditions, *self.conditions))
        request = reading.request.model_copy(update={"conditions": tuple(conditions)}) if self.conditions else None
        told = self.answers
        if not reading.request.ships and self.of_shipping(reading):
            told = (*told, answers.nothing_ships())
        return replace(
            reading,
            request=request or reading.request,
            wishes=self.wishes,
            answers=told,
            plan=self.plan or reading.plan,
        )

    def of_shipping(self, reading: Reading) -> bool:
        """Whether a wish or a condition is about the shipping."""
        conditions = (*reading.request.conditions, *self.conditions)
        return any(wish.step == "shipping" for wish in self.wishes) or any(
            condition.event in ("shipping_failed", "delayed") for condition in conditions
        )


def read_wishes(draft: Draft) -> Wished:
    """Take every wish about the plan out of a draft; its spans are 'wishes.0', 'answers.0' and 'plan'."""
    return _Wishes(draft).read()


class _Wishes(Failures):
    """One sentence's wishes as they are found, in the order in which they are looked for."""

    def read(self) -> Wished:
        for pattern, take in self.readers(*(hint.search(self.draft.rest) is not None for hint in HINTS)):
            for match in pattern.finditer(self.draft.rest):
                self.take(match, take)
        return self.settled()

    def readers(self, any_wish: bool, tries: bool, if_fails: bool, beyond: bool) -> Iterator[Reader]:
        """What is looked for, the more telling first. Each says where its words end, None where it does not apply."""
        if any_wish or beyond:
            yield RETURNED, self.answer(answers.no_returns)
            yield PART_REFUND, self.answer(answers.whole_refund)
            yield PART_PAY, self.answer(answers.one_payment)
        if any_wish:
            yield UNLESS, self.unless
            yield APPROVED, self.approval
            yield HELD, self.answer(lambda: answers.no_approval("payment"))
            yield UNTOLD, self.untold
            yield TOLD, self.told
            yield BEFORE, self.told_behind
            yield LATE_PAY, self.late
            yield DELAYED, self.answer(answers.no_delays)
            yield from ((pattern, self.plan_named(name)) for name, pattern in PLANS)
        if tries:
            yield WAITS, self.tries_answer(answers.no_waits)
            yield ENDLESS, self.tries_answer(lambda part: answers.no_endless_tries(part, MOST_TRIES))
            yield VAGUE, self.tries_answer(answers.say_how_often)
            yield AT_MOST, self.tries
            yield NO_RETRY, self.no_retry
        if if_fails:
            yield IF_THEN, self.failure_of_named
            yield THEN_IF, self.failure_of_named
        if tries:
            yield TRIES, self.tries
            yield TRIED, self.tries
            yield NOT_TRIED, self.no_retry
            yield LIMIT, self.attempts
            yield ATTEMPTS, self.attempts
            yield TRIES_TOO, self.tries_too
        if if_fails:
            yield IF_THEN, self.failure
            yield THEN_IF, self.failure
        if any_wish:
            yield NEVER, self.never
        if tries:
            yield BARE_RETRY, self.bare_retry
        if beyond:
            yield from ((pattern, self.unless_habit(make)) for pattern, make in BEYOND)
            yield FREE, self.free

    def take(self, match: Match, read: Callable[[Match], int | None]) -> None:
        """Read a match, unless its words were used meanwhile or are not said to us; use up what gave something."""
        aside = any(start < match.end() and match.start() < end for start, end in self.asides)
        if aside or self.draft.rest[match.start() : match.end()] != match[0]:
            return
        wishes, told = len(self.wishes), len(self.answers)
        self.before = max((named for named in self.named_at if named[0] <= match.start()), default=(0, ()))[1]
        negation = negated_at(self.draft.rest, match.start())
        self.negated = negation is not None or bool(match.groupdict().get("no"))
        end = read(match)
        if end is None:
            del self.wishes[wishes:], self.answers[told:]
            return
        if self.negated:
            self.take_back(wishes, told)
        start = match.start() if negation is None else negation
        self.unwished = [(wish, match.start() if at < 0 else at) for wish, at in self.unwished]
        if besides := IF_IT_FAILS.match(self.draft.rest, end):
            end = besides.end()
        self.wishes[wishes:] = [(wish, start, end) for wish, *_ in self.wishes[wishes:]]
        self.answers[told:] = [(answer, start, end) for answer, *_ in self.answers[told:]]
        self.draft.claim(start, end)

    def take_back(self, wishes: int, told: int) -> None:
        """What was just read is what is not wished: "don't try shipping five times"."""
        self.unwished += [(wish, -1) for wish, *_ in self.wishes[wishes:]]
        del self.wishes[wishes:], self.answers[told:]

    def settled(self) -> Wished:
        kept = [
            found for found in self.wishes if not any(found[0] == wish and found[1] < at for wish, at in self.unwished)
        ]
        settled = settle_wishes(wish for wish, *_ in sorted(kept, key=lambda found: found[1]))
        for wish, start, end in self.wishes:
            if wish in settled:
                self.draft.note(f"wishes.{settled.index(wish)}", start, end)
        told = list(dict.fromkeys(answer for answer, *_ in self.answers))
        for answer, start, end in self.answers:
            self.draft.note(f"answers.{told.index(answer)}", start, end)
        conditions, unconditions = (tuple(dict.fromkeys(found)) for found in (self.conditions, self.unconditions))
        return Wished(
            settled, tuple(told), self.plan, conditions, tuple(wish for wish, _ in self.unwished), unconditions
        )

    # Notices before a step

    def told(self, match: Match) -> int | None:
        deed = deed_at(self.draft.rest, match.end())
        return self.tell(match, deed, deed.end) if deed else None

    def told_behind(self, match: Match) -> int | None:
        """'before you charge the card, email me'."""
        deed = deed_at(self.draft.rest, match.end())
        asked = TELL_THEN.match(self.draft.rest, deed.end) if deed else None
        self.negated = self.negated or bool(asked and asked["no"])
        return self.tell(asked, deed, asked.end()) if deed and asked else None

    def unless(self, match: Match) -> int | None:
        """A notice before it where it is "don't charge the card without telling me", an approval where "asking me"."""
        deed = deed_at(self.draft.rest, match.end())
        asked = UNLESS_TOLD.match(self.draft.rest, deed.end) if deed else None
        if deed is None or asked is None:
            return None
        if asked["ask"]:
            self.say(answers.no_approval(deed.part))
        else:
            ways = _channels(asked["way"] or asked["by"] or "") or ["email"]
            self.wish((deed.part,), tell_before=ways[0])
        return asked.end()

    def untold(self, match: Match) -> int | None:
        """No notice: none by the channels that are named, else none at all."""
        deed = deed_at(self.draft.rest, match.end())
        if deed is None:
            return None
        channels = _channels(match["ways"] or "") or list(NOTICE_WORDS)
        self.unwished += [(PlanWish(step=deed.part, tell_before=channel), -1) for channel in channels]
        if instead := TELL_INSTEAD.match(self.draft.rest, deed.end):
            return self.tell(instead, deed, instead.end())
        return deed.end

    def tell(self, match: Match, deed: Deed, end: int) -> int:
        words = match["ways"] or match["by"] or match["noun"] or ""
        channels: list[Notice] = _channels(words) or ["email"]
        for channel in channels:
            self.wish((deed.part,), tell_before=channel)
        return end

    def approval(self, match: Match) -> int | None:
        deed = deed_at(self.draft.rest, match.end())
        if deed is None:
            return None
        self.say(answers.no_approval(deed.part))
        return deed.end

    # The order of the steps, and what can't be had

    def plan_named(self, name: PlanName) -> Callable[[Match], int]:
        def take(match: Match) -> int:
            self.negated = self.negated and not UNTIL.search(match[0])
            other: PlanName = "saga" if name == "sequence" else "sequence"
            self.plan = other if self.negated else name
            self.draft.note("plan", *match.span())
            return match.end()

        return take

    def late(self, match: Match) -> int:
        """No less late where it is "I don't want to pay until it is here"."""
        self.negated = self.negated and not (UNTIL.search(match[0]) or PAY_BEFORE.match(match[0]))
        self.say(answers.paid_before_shipping())
        return match.end()

    def unless_habit(self, make: Callable[[], Answer]) -> Callable[[Match], int | None]:
        def take(match: Match) -> int | None:
            return None if HABIT.search(self.draft.rest, 0, match.start()) else self.answer(make)(match)

        return take

    def answer(self, make: Callable[[], Answer]) -> Callable[[Match], int]:
        def take(match: Match) -> int:
            self.say(make())
            return match.end()

        return take


def _channels(words: str) -> list[Notice]:
    return [name for name, ways in NOTICE_WORDS.items() if re.search(rf"\b(?:{ways})(?:s|ing)?\b", words, re.I)]

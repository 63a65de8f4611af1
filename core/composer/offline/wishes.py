"""What a sentence wishes of the plan: tries, what a failure leads to, notices before a step; and what can't be had.

Read before everything else, so that no other reader takes its words: 'five times' is no quantity, 'the card' no goods.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from core.composer.base import Answer, Reading
from core.composer.offline import answers
from core.composer.offline.beyond import BEYOND, BEYOND_HINT, FREE, RETURNED
from core.composer.offline.cues import asides
from core.composer.offline.negation import negated_at
from core.composer.offline.numbers import read_number
from core.composer.offline.parts import ALL, NOTICE_WORDS, Deed, deed_at, parts_in
from core.composer.offline.text import Draft
from core.composer.offline.wish_forms import (
    AFTERWARDS,
    APART,
    APPROVED,
    AT_MOST,
    ATTEMPTS,
    BARE_RETRY,
    BEFORE,
    BEFORE_IF,
    CONDITIONAL,
    ENDLESS,
    HINT,
    IF_IT_FAILS,
    IF_THEN,
    LATE_PAY,
    LIMIT,
    NEVER,
    NO_RETRY,
    NOT_TRIED,
    ONLY_IT,
    PART_PAY,
    PART_REFUND,
    PLANS,
    TELL_THEN,
    THEN_BEFORE,
    THEN_IF,
    TOLD,
    TRIED,
    TRIES,
    TRIES_TOO,
    UNLESS,
    UNLESS_TOLD,
    UNTOLD,
    VAGUE,
    WAITS,
)
from core.models import (
    CRITICAL_PARTS,
    MESSAGE_PARTS,
    Condition,
    ConditionEvent,
    Notice,
    PlanName,
    PlanPart,
    PlanWish,
    Policy,
    settle_wishes,
)

MOST_TRIES = 20
FAILURES: tuple[ConditionEvent, ...] = ("payment_failed", "shipping_failed", "out_of_stock")
Match = re.Match[str]
Parts = tuple[PlanPart, ...]


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
        return replace(
            reading,
            request=request or reading.request,
            wishes=self.wishes,
            answers=self.answers,
            plan=self.plan or reading.plan,
        )


def read_wishes(draft: Draft) -> Wished:
    """Take every wish about the plan out of a draft; its spans are 'wishes.0', 'answers.0' and 'plan'."""
    hinted = HINT.search(draft.rest) or BEYOND_HINT.search(draft.rest)
    return _Wishes(draft).read() if hinted else Wished()


class _Wishes:
    """One sentence's wishes as they are found, in the order in which they are looked for."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.asides = draft, asides(draft.rest)
        self.wishes: list[tuple[PlanWish, int, int]] = []
        self.answers: list[tuple[Answer, int, int]] = []
        self.plan: PlanName | None = None
        self.conditions: list[Condition] = []
        self.unwished: list[PlanWish] = []
        self.unconditions: list[Condition] = []
        self.negated = False  # whether the words that are being read are taken back by words before them
        self.named_at: list[tuple[int, Parts]] = []  # where words about some parts end: what 'it' stands for later
        self.before: Parts = ()

    def read(self) -> Wished:
        for pattern, take in self.readers():
            for match in pattern.finditer(self.draft.rest):
                self.take(match, take)
        return self.settled()

    def readers(self) -> tuple[tuple[re.Pattern[str], Callable[[Match], int | None]], ...]:
        """What is looked for, the more telling first. Each says where its words end, None where it does not apply."""
        return (
            (RETURNED, self.answer(answers.no_returns)),
            (PART_REFUND, self.answer(answers.whole_refund)),
            (PART_PAY, self.answer(answers.one_payment)),
            (UNLESS, self.unless),
            (APPROVED, self.approval),
            (UNTOLD, self.untold),
            (TOLD, self.told),
            (BEFORE, self.told_behind),
            (LATE_PAY, self.answer(answers.paid_before_shipping)),
            *((pattern, self.plan_named(name)) for name, pattern in PLANS),
            (WAITS, self.tries_answer(answers.no_waits)),
            (ENDLESS, self.tries_answer(lambda part: answers.no_endless_tries(part, MOST_TRIES))),
            (VAGUE, self.tries_answer(answers.say_how_often)),
            (AT_MOST, self.tries),
            (NO_RETRY, self.no_retry),
            (IF_THEN, self.failure_of_named),
            (THEN_IF, self.failure_of_named),
            (TRIES, self.tries),
            (TRIED, self.tries),
            (NOT_TRIED, self.no_retry),
            (LIMIT, self.attempts),
            (ATTEMPTS, self.attempts),
            (TRIES_TOO, self.tries_too),
            (IF_THEN, self.failure),
            (THEN_IF, self.failure),
            (NEVER, self.never),
            (BARE_RETRY, self.bare_retry),
            *((pattern, self.answer(make)) for pattern, make in BEYOND),
            (FREE, self.free),
        )

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
        if besides := IF_IT_FAILS.match(self.draft.rest, end):
            end = besides.end()
        self.wishes[wishes:] = [(wish, start, end) for wish, *_ in self.wishes[wishes:]]
        self.answers[told:] = [(answer, start, end) for answer, *_ in self.answers[told:]]
        self.draft.claim(start, end)

    def take_back(self, wishes: int, told: int) -> None:
        """What was just read is what is not wished: "don't try shipping five times"."""
        self.unwished += [wish for wish, *_ in self.wishes[wishes:]]
        del self.wishes[wishes:], self.answers[told:]

    def settled(self) -> Wished:
        settled = settle_wishes(wish for wish, *_ in sorted(self.wishes, key=lambda found: found[1]))
        for wish, start, end in self.wishes:
            if wish in settled:
                self.draft.note(f"wishes.{settled.index(wish)}", start, end)
        told = list(dict.fromkeys(answer for answer, *_ in self.answers))
        for answer, start, end in self.answers:
            self.draft.note(f"answers.{told.index(answer)}", start, end)
        conditions, unconditions = (tuple(dict.fromkeys(found)) for found in (self.conditions, self.unconditions))
        return Wished(settled, tuple(told), self.plan, conditions, tuple(self.unwished), unconditions)

    def wish(self, parts: Parts, **fields: object) -> None:
        self.wishes += [(PlanWish.model_validate({"step": part} | fields), 0, 0) for part in parts]

    def say(self, answer: Answer) -> None:
        self.answers.append((answer, 0, 0))

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
        """ "Don't charge the card without telling me" is a notice before it; "... without asking me" an approval."""
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
        self.unwished += [PlanWish(step=deed.part, tell_before=channel) for channel in channels]
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

    # The order of the steps

    def plan_named(self, name: PlanName) -> Callable[[Match], int]:
        def take(match: Match) -> int:
            other: PlanName = "saga" if name == "sequence" else "sequence"
            self.plan = other if self.negated else name
            self.draft.note("plan", *match.span())
            return match.end()

        return take

    def answer(self, make: Callable[[], Answer]) -> Callable[[Match], int]:
        def take(match: Match) -> int:
            self.say(make())
            return match.end()

        return take

    # Tries

    def tries(self, match: Match) -> int | None:
        return self.try_as_often(match, self.parts_of(match), _again(match))

    def tries_too(self, match: Match) -> int | None:
        if not any(wish.attempts and 0 <= match.start() - end <= 2 for wish, _, end in self.wishes):
            return None
        return self.try_as_often(match, self.parts_of(match), False)

    def attempts(self, match: Match) -> int | None:
        groups = match.groupdict()
        unit = groups.get("unit") or groups.get("unit2") or ""
        return self.try_as_often(match, self.parts_of(match), unit.lower().startswith("re"))

    def no_retry(self, match: Match) -> int | None:
        return self.try_as_often(match, self.parts_of(match), False, 1)

    def try_as_often(self, match: Match, parts: Parts, again: bool, count: int | None = None) -> int | None:
        """`again`: the count is of the tries after the first."""
        found = _count(match) if count is None else count
        if found is None or not parts:
            return None
        attempts = found + again
        if 1 <= attempts <= MOST_TRIES:
            self.wish(parts, attempts=attempts)
        else:
            self.say(answers.no_endless_tries(_name(parts), MOST_TRIES))
        self.named_at.append((match.end(), parts))
        afterwards = AFTERWARDS.match(self.draft.rest, match.end())
        return self.afterwards(afterwards, parts) if afterwards else match.end()

    def afterwards(self, match: Match, parts: Parts) -> int:
        """'... five times, then cancel'."""
        if match["cancel"] or match["cancelling"]:
            return self.cancel(match, parts)
        if match["go_on"]:
            return self.go_on(match, parts)
        return self.policy(match, parts, "ask") if match["ask"] or match["asking"] else match.end()

    def tries_answer(self, make: Callable[[str], Answer]) -> Callable[[Match], int | None]:
        def take(match: Match) -> int | None:
            parts = self.parts_of(match)
            if parts:
                self.say(make(_name(parts)))
                self.named_at.append((match.end(), parts))
            return match.end() if parts else None

        return take

    def bare_retry(self, match: Match) -> int | None:
        if not (match["verb"].lower().startswith("re") or match["again"]):
            return None
        return self.tries_answer(answers.say_how_often)(match)

    def parts_of(self, match: Match) -> Parts:
        """The parts that the object of a match names; all where it has none."""
        groups = match.groupdict()
        words = [groups[name] for name in ("what", "other", "kind", "kind2", "about") if groups.get(name)]
        return next((parts for one in words if (parts := self.named(one))), ()) if words else self.before or ALL

    def named(self, words: str) -> Parts:
        deed = deed_at(words, 0)
        return parts_in(words, self.before) or ((deed.part,) if deed else ())

    # When a step fails for good

    def failure_of_named(self, match: Match) -> int | None:
        """Where the part is named; 'it' is looked for when all that it may stand for was read."""
        return None if ONLY_IT.fullmatch(match["subject"] or "") else self.failure(match)

    def belongs_elsewhere(self, match: Match) -> bool:
        """Whether a failure is no pair with what is said beside it: 'A if F, B' is about A, 'A, if F B' about B."""
        rest, start = self.draft.rest, match.start("fails")
        if match.end("fails") == match.end():
            return "," in match["gap"] and IF_THEN.match(rest, start) is not None
        before = THEN_BEFORE.search(rest, max(0, start - 80), start)
        if before is None:
            return False
        return match["next"] is not None or (
            "," not in before["gap"] and APART.match(rest, match.end("fails")) is not None
        )

    def failure(self, match: Match) -> int | None:
        words = [match[name] for name in ("subject", "failed", "failure", "with") if match[name]]
        parts = parts_in(" ".join(words), self.before) if words else ALL
        direct = not ONLY_IT.fullmatch(match["subject"] or "")
        if not parts or self.belongs_elsewhere(match):
            return None
        if match["try"]:
            return self.try_as_often(match, parts, _again(match))
        if match["go_on"] or (match["cancel"] and self.negated):
            return self.go_on(match, parts)
        if match["ask"]:
            return self.ask(match, parts)
        if match["cancel"]:
            return None if _is_condition(parts) and direct else self.cancel(match, parts)
        if match["tell"]:
            return self.tell_of(match, parts) if not _is_condition(parts) else None
        self.say(answers.no_second_way(parts[0]))
        return match.end()

    def policy(self, match: Match, parts: Parts, policy: Policy) -> int:
        if parts == ALL:
            parts = CRITICAL_PARTS
        self.wish(parts, policy=policy)
        return match.end()

    def ask(self, match: Match, parts: Parts) -> int:
        """ "Don't ask me if the booking fails" leaves only that it is cancelled."""
        if self.negated and (critical := [part for part in parts if part in CRITICAL_PARTS]):
            self.negated = False
            self.say(answers.someone_decides(critical))
            return match.end()
        return self.policy(match, parts, "ask")

    def go_on(self, match: Match, parts: Parts) -> int:
        """ "Don't cancel if shipping fails" is going on; "don't go on" is stopping."""
        if self.negated and match["go_on"]:
            self.negated = False
            return self.policy(match, parts, "ask")
        self.negated = False
        fixed = [part for part in parts if part in CRITICAL_PARTS and part != "shipping"]
        free: Parts = ("shipping",) if parts == ALL else tuple(part for part in parts if part not in fixed)
        if fixed:
            self.say(answers.no_order_without(fixed))
        if free:
            self.wish(free, policy="continue")
        return match.end()

    def cancel(self, match: Match, parts: Parts) -> int:
        messages = [part for part in parts if part in MESSAGE_PARTS]
        critical: Parts = tuple(part for part in parts if part in CRITICAL_PARTS)
        if critical:
            self.policy(match, critical, "compensate")
        if parts != ALL:
            for part in messages:
                self.say(answers.cancel_on_message(part))  # type: ignore[arg-type]
        return match.end()

    def tell_of(self, match: Match, parts: Parts) -> int:
        """'if the booking fails text me': no condition is about it; 'if anything fails' is three of them."""
        if parts != ALL:
            self.say(answers.no_telling(next(part for part in parts if part not in ("payment", "shipping"))))
            return match.end()
        then: Notice = "call" if match["tell_call"] else "sms" if match["tell_sms"] else "email"
        conditions = [Condition(event=event, then=then) for event in FAILURES]
        if self.negated:
            self.unconditions += conditions
        else:
            self.conditions += conditions
            self.draft.note("conditions", *match.span())
        return match.end()

    def never(self, match: Match) -> int | None:
        """Whatever happens; "don't cancel if it is late" is a condition."""
        if self.is_conditional(match):
            return None
        self.wish(CRITICAL_PARTS, policy="ask")
        self.say(answers.never_cancelled())
        return match.end()

    def free(self, match: Match) -> int | None:
        """ "Don't charge me if it is out of stock" is a condition."""
        if self.is_conditional(match):
            return None
        self.negated = False
        self.say(answers.never_free())
        return match.end()

    def is_conditional(self, match: Match) -> bool:
        """Whether 'if' stands before or right behind these words."""
        rest = self.draft.rest
        before = CONDITIONAL.search(rest, max(0, match.start() - 60), match.start())
        return before is not None or BEFORE_IF.match(rest, match.end()) is not None


def _is_condition(parts: Parts) -> bool:
    """Whether the request has an event for the failure of just these parts, so that it is no wish about the plan."""
    return set(parts) <= {"payment", "shipping"}


def _again(match: Match) -> bool:
    """Whether the count of a match is of the tries after the first: 'retry it twice', 'try again twice'."""
    groups = match.groupdict()
    verb = (groups.get("verb") or "").lower()
    more = bool(groups.get("again") or groups.get("more"))
    return more or bool(re.search(r"\bre-?(?:try|tried|attempt|peat)", verb))


def _channels(words: str) -> list[Notice]:
    return [name for name, ways in NOTICE_WORDS.items() if re.search(rf"\b(?:{ways})(?:s|ing)?\b", words, re.I)]


def _count(match: Match) -> int | None:
    groups = match.groupdict()
    words = (groups.get("often") or groups.get("n") or groups.get("n2") or "").lower()
    known = {"once": 1, "twice": 2, "thrice": 3, "a": 1, "an": 1, "one": 1, "a single": 1, "single": 1}
    known |= {"no": 0, "zero": 0, "none": 0, "any": 0}
    if words in known:
        return known[words]
    number = read_number(words)
    return int(number) if number is not None and number == int(number) else None


def _name(parts: Parts) -> str:
    return "everything" if parts == ALL else f"the {answers.NAMES[parts[0]]}"

"""How often a step is to be tried; with it what every kind of wish has in common: the words, the parts they name."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.composer.base import Answer
from core.composer.offline import answers
from core.composer.offline.asides import asides
from core.composer.offline.numbers import read_number
from core.composer.offline.parts import ALL, deed_at, parts_in
from core.composer.offline.text import Draft
from core.models import Condition, PlanName, PlanPart, PlanWish

MOST_TRIES = 20
Match = re.Match[str]
Parts = tuple[PlanPart, ...]


class Tries:
    """The wishes of one sentence as they are found. A reader takes a match and says where its words end, or None."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.asides = draft, asides(draft.rest)
        self.wishes: list[tuple[PlanWish, int, int]] = []
        self.answers: list[tuple[Answer, int, int]] = []
        self.plan: PlanName | None = None
        self.conditions: list[Condition] = []
        self.unwished: list[tuple[PlanWish, int]] = []  # what is taken back, and where
        self.unconditions: list[Condition] = []
        self.negated = False  # whether the words that are being read are taken back by words before them
        self.named_at: list[tuple[int, Parts]] = []  # where words about some parts end: what 'it' stands for later
        self.before: Parts = ()

    def wish(self, parts: Parts, **fields: object) -> None:
        self.wishes += [(PlanWish.model_validate({"step": part} | fields), 0, 0) for part in parts]

    def say(self, answer: Answer) -> None:
        self.answers.append((answer, 0, 0))

    def tries(self, match: Match) -> int | None:
        return self.try_as_often(match, self.parts_of(match), is_again(match))

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
        return self.afterwards(match.end(), parts)

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

    def afterwards(self, end: int, parts: Parts) -> int:
        """What follows the last try, where it is said; where its words end."""
        return end


def is_again(match: Match) -> bool:
    """Whether the count of a match is of the tries after the first: 'retry it twice', 'try again twice'."""
    groups = match.groupdict()
    verb = (groups.get("verb") or "").lower()
    more = bool(groups.get("again") or groups.get("more"))
    return more or bool(re.search(r"\bre-?(?:try|tried|attempt|peat)", verb))


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

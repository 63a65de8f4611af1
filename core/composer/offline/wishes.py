"""What a sentence wishes of the plan: tries, what happens on a failure, notices before a step; and what can't be had."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.composer.base import Answer
from core.composer.offline import answers
from core.composer.offline.cues import asides
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.parts import (
    ALL,
    FAILS,
    IF_FAILS,
    IT,
    NOTICE_WORDS,
    ONE_PART,
    PARTS,
    THING,
    deed_at,
    parts_in,
)
from core.composer.offline.text import Draft, rx
from core.models import CRITICAL_PARTS, MESSAGE_PARTS, Notice, PlanName, PlanPart, PlanWish, settle_wishes

MOST_TRIES = 20
Spot = tuple[int, int]
Found = re.Match[str]


@dataclass
class Wished:
    """What was wished: about the plan, which plan, conditions that stand for a wish, and answers to what can't be."""

    wishes: tuple[PlanWish, ...] = ()
    answers: tuple[Answer, ...] = ()
    plan: PlanName | None = None
    conditions: tuple[dict[str, str], ...] = ()
    spots: list[tuple[str, Spot]] = field(default_factory=list)  # of conditions: their path's index, and the words
    last: tuple[PlanPart, ...] = ()  # what 'it' stands for
    said: list[tuple[PlanWish, Spot]] = field(default_factory=list)
    told: list[tuple[Answer, Spot]] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether something was said about the plan."""
        return bool(self.wishes or self.answers or self.plan or self.conditions)

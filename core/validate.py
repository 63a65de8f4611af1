"""Whether a plan may run at all. A plan is data that anybody may have written: nothing starts before it is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError

from core.decisions import NO_SKIP
from core.errors import PlanRefused
from core.models import Fact, Facts, OrderRequest, Plan, Step
from core.services.base import Action
from core.services.registry import Registry
from core.settlement import check_settlement

LONGEST_WAIT_S = 24 * 3600
ANALYSE = "order_creation.analyse"
MONEY = "payment_processing"
KINDS = ("confirmation", "notice", "failure", "retry", "ahead")
TOLD: Facts = {"kind": "notice", "about": "", "reason": ""}  # what the interpreter fills into email and sms patterns
ASKED: Facts = {"about": "", "reason": ""}  # and into tickets
GENERATED = re.compile(r"(ticket|alert)\..*|.*/notice")  # ids that the interpreter makes


class _Known(NamedTuple):
    """A fact at a place of the plan: its types (none: not known), and whether it is there and not None for sure."""

    types: frozenset[type]
    sure: bool


Knowledge = dict[str, _Known]  # by fact
NOTHING = _Known(frozenset(), False)


class _Use(NamedTuple):
    """A step, what is known before it, and whether this request asks for it (None: that turns out on the way)."""

    step: Step
    known: Knowledge
    runs: bool | None


def validate_plan(plan: Plan, registry: Registry, request: OrderRequest) -> None:
    """Refuse a plan that can't serve this request safely. Raises PlanRefused, which names the step."""
    _check_ids(plan)
    for step in (*plan.steps(), *plan.on_failure, *_patterns(plan)):
        action = _find(registry, step)
        _check_undo(step, action)
        _check_params(step, action)
        _check_retry(step)
        _check_policy(step)
    references = _References(plan, registry, request)
    _check_pivot(plan, references)
    for place in _places(plan):
        _check_place(place, registry.find(place.step.action)[1])
        _check_kind(place.step, place.behind)
    _check_beside(plan, registry)
    references.check()
    _check_confirmations(plan, references)
    check_settlement(plan, request, references.runs)
    _check_conditions(plan)


def _patterns(plan: Plan) -> tuple[Step, Step, Step]:
    """Ticket, email and sms as the interpreter fills them."""
    filled = ((plan.ticket, ASKED), (plan.email, TOLD), (plan.sms, TOLD))
    ticket, email, sms = (step.model_copy(update={"params": step.params | params}) for step, params in filled)
    return ticket, email, sms


def _check_ids(plan: Plan) -> None:
    if not plan.stages or not all(plan.stages):
        raise PlanRefused("", "The plan has no steps, or a stage without any. Put at least one step into each stage.")
    seen = set()
    for step in (*plan.steps(), *plan.on_failure, plan.ticket):
        if step.id in seen:
            raise PlanRefused(step.id, "this id is used twice. Give each step an id of its own.")
        if GENERATED.fullmatch(step.id):
            raise PlanRefused(step.id, "ids like this are made for notices and tickets. Choose another one.")
        seen.add(step.id)
    first = [step for stage in plan.stages for step in stage]
    for step in (*(other for one in first for other in one.alternative), *plan.on_failure, plan.ticket):
        if step.alternative:
            raise PlanRefused(step.id, "only a step of a stage can have an alternative. Remove this one.")


def _find(registry: Registry, step: Step) -> Action:
    try:
        return registry.find(step.action)[1]
    except PlanRefused as refused:
        raise PlanRefused(step.id, str(refused)) from refused


# One step by itself


def _check_undo(step: Step, action: Action) -> None:
    if step.undo and step.undo != action.undo:
        can = f"only '{action.undo}' undoes it" if action.undo else "it can't be undone"
        raise PlanRefused(step.id, f"there is no undo '{step.undo}' for '{step.action}'; {can}.")


def _check_params(step: Step, action: Action) -> None:
    fields = action.request.model_fields
    for name in (*step.uses, *step.params):
        if name not in fields:
            raise PlanRefused(step.id, f"'{step.action}' has no parameter '{name}', only {', '.join(fields)}.")
        if name in step.uses and name in step.params:
            raise PlanRefused(step.id, f"'{name}' is filled by a fact and by a constant. Keep one of them.")
    try:
        action.request.model_validate(step.params)
    except ValidationError as error:
        wrong = next((one for one in error.errors(include_url=False) if one["type"] != "missing"), None)
        if wrong:
            name = ".".join(str(part) for part in wrong["loc"])
            raise PlanRefused(step.id, f"the constant '{name}' of '{step.action}' is wrong: {wrong['msg']}.") from error
    for name, field in fields.items():
        if field.is_required() and name not in step.uses and name not in step.params:
            raise PlanRefused(
                step.id, f"'{step.action}' needs the parameter '{name}'. Fill it by a fact or a constant."
            )


def _check_retry(step: Step) -> None:
    waits_s = sum(step.retry.wait_s(attempt) for attempt in range(1, step.retry.attempts))
    if waits_s > LONGEST_WAIT_S:
        hours = f"{waits_s / 3600:.1f} hours"
        raise PlanRefused(step.id, f"its retries would wait {hours}, more than the 24 allowed. Retry less or sooner.")


def _check_policy(step: Step) -> None:
    if step.action in NO_SKIP and step.policy == "continue":
        raise PlanRefused(step.id, f"no order goes on without '{step.action}'. Use the policy 'ask' or 'compensate'.")
    if step.owed and (step.policy != "ask" or step.critical):
        raise PlanRefused(step.id, "what is owed is retried until done: it has the policy 'ask' and is not critical.")


# Its place in the plan


def _check_pivot(plan: Plan, references: _References) -> None:
    """Something is critical, and which step is the last of it is known before anything runs."""
    for stage in plan.stages:
        for step in stage:
            late = [fact for fact in step.when if fact not in references.fixed]
            if step.critical and late:
                why = f"whether it runs depends on '{late[0]}', which is not known from the start."
                raise PlanRefused(step.id, f"{why} Take that out of 'when', or make the step not critical.")
    if plan.name != "repair" and plan.pivot(references.start) is None:
        raise PlanRefused(
            "", "No step that this order runs is critical, so nothing would confirm it. Mark at least one."
        )


class _Place(NamedTuple):
    """A step of the stages. Steps of an alternative are as critical as the step that they stand in for."""

    step: Step
    critical: bool
    behind: bool  # behind every critical step


def _places(plan: Plan) -> Iterator[_Place]:
    last = max((n for n, stage in enumerate(plan.stages) if any(step.critical for step in stage)), default=-1)
    for n, stage in enumerate(plan.stages):
        for first in stage:
            for step in (first, *first.alternative):
                if step.action == ANALYSE and step is not plan.stages[0][0]:
                    raise PlanRefused(step.id, "the order is analysed before anything else. Make this the first step.")
                yield _Place(step, first.critical, n > last)


def _check_place(place: _Place, action: Action) -> None:
    step, critical, behind = place
    if step.action in NO_SKIP and not critical:
        raise PlanRefused(step.id, f"'{step.action}' decides whether the order is confirmed. Make it critical.")
    if critical and not action.pure and not action.undo:
        raise PlanRefused(step.id, f"'{step.action}' can't be undone, so it can't be critical. Make it not critical.")
    if action.undo and not step.undo and not behind:
        raise PlanRefused(step.id, f"what it does may have to be undone. Give it the undo '{action.undo}'.")
    if step.owed and not behind:
        raise PlanRefused(step.id, "what is owed comes after every critical step. Move it to a later stage.")
    if step.service == MONEY and not action.undo and not step.owed:
        raise PlanRefused(step.id, f"'{step.action}' can't be undone. Mark it as owed, after every critical step.")


def _check_beside(plan: Plan, registry: Registry) -> None:
    """What runs on the way back, and what conditions and retries send, changes nothing of the order."""
    for step in (*plan.on_failure, plan.ticket, plan.email, plan.sms):
        if registry.find(step.action)[1].undo or step.service == MONEY or step.critical or step.owed:
            raise PlanRefused(
                step.id, "outside of the stages there are only messages and tickets, never critical or owed."
            )
    for step in plan.on_failure:
        _check_kind(step, may_confirm=False)


def _check_kind(step: Step, may_confirm: bool) -> None:
    if "kind" in step.uses:
        raise PlanRefused(step.id, f"the kind of a message is a constant, one of {', '.join(KINDS)}.")
    kind = step.params.get("kind", "notice")
    if kind not in KINDS:
        raise PlanRefused(step.id, f"there is no message of the kind '{kind}'; there are {', '.join(KINDS)}.")
    if kind == "confirmation" and not may_confirm:
        raise PlanRefused(step.id, "only a confirmed order gets a confirmation. Move it behind every critical step.")


def _check_confirmations(plan: Plan, references: _References) -> None:
    """An order is confirmed once by each channel."""
    told: dict[str, Step] = {}
    for step in plan.steps():
        if step.params.get("kind") != "confirmation" or references.runs(step) is False:
            continue
        if (first := told.setdefault(step.service, step)) is not step:
            raise PlanRefused(step.id, f"it confirms the order a second time, as '{first.id}' does. Keep one of them.")


def _check_conditions(plan: Plan) -> None:
    ids = {step.id for stage in plan.stages for step in stage}
    for condition in plan.conditions:
        if condition.step not in ids:
            raise PlanRefused(
                condition.step, "a condition names it, but no stage has it. Add it, or drop the condition."
            )


# What it is given


class _References:
    """Every fact that a step uses is there when it runs, and fits."""

    def __init__(self, plan: Plan, registry: Registry, request: OrderRequest) -> None:
        self.plan, self.registry = plan, registry
        self.start = request.facts() | plan.given
        self.answers = {step.id: registry.find(step.action)[1].answer.model_fields for step in plan.steps()}
        self.fixed = set(self.start) - {fact for fields in self.answers.values() for fact in fields}

    def check(self) -> None:
        for use in self.walk():
            step = use.step
            for fact in (*step.uses.values(), *step.when):
                if fact not in use.known:
                    raise PlanRefused(step.id, self.circle(step) or self.missing(step, fact))
            if use.runs is not False:
                self.check_values(use)

    def walk(self) -> Iterator[_Use]:
        """Every step, with what is known before it. Steps side by side give each other nothing.

        What runs outside of the stages may come at any time, so there any fact may be missing.
        """
        known = {name: _Known(_types_of(value), value is not None) for name, value in self.start.items()}
        for stage in self.plan.stages:
            after = known
            for step in stage:
                yield _Use(step, known, self.runs(step))
                yield from self.walk_alternative(step, known)
                after = self.learn(after, step, self.stays(step))
            known = after
        inside = {fact: NOTHING for fields in self.answers.values() for fact in fields}
        ending = {"outcome": _Known(frozenset({str}), False)}
        for step in (*self.plan.on_failure, *_patterns(self.plan)):
            yield _Use(step, dict.fromkeys(step.uses.values(), NOTHING) | inside | known | ending, True)

    def walk_alternative(self, step: Step, known: Knowledge) -> Iterator[_Use]:
        """An alternative runs only if its first step does, and ends with the first that fails."""
        for place, instead in enumerate(step.alternative):
            runs = self.runs(instead) if place else True
            yield _Use(instead, known, runs if self.runs(step.alternative[0]) is not False else False)
            known = self.learn(known, instead, runs is True)

    def runs(self, step: Step) -> bool | None:
        """Whether this request asks for a step; None where that turns out on the way."""
        if any(fact in self.fixed and not self.start[fact] for fact in step.when):
            return False
        return True if all(fact in self.fixed for fact in step.when) else None

    def stays(self, step: Step) -> bool:
        """Whether the run goes on only with this step's answer."""
        return step.critical and (step.action in NO_SKIP or step.policy == "compensate") and self.runs(step) is True

    def learn(self, known: Knowledge, step: Step, relied: bool) -> Knowledge:
        """What is known after a step. With an alternative, only what that gives as well can be relied on."""
        found = dict(known)
        instead = {fact for other in step.alternative for fact in self.answers[other.id]}
        for fact, field in self.answers[step.id].items():
            types, before = _types(field.annotation), known.get(fact, NOTHING)
            given = relied and (not step.alternative or fact in instead)
            found[fact] = _Known(before.types | types, (given or before.sure) and type(None) not in types)
        return found

    def check_values(self, use: _Use) -> None:
        """Each fact is of a type that the parameter takes; one that may be missing fills only what may be None."""
        step, known, runs = use
        fields = self.registry.find(step.action)[1].request.model_fields
        for name, fact in step.uses.items():
            wanted = _types(fields[name].annotation)
            if _clash(known[fact].types, wanted):
                raise PlanRefused(step.id, f"the fact '{fact}' is of another type than the parameter '{name}'.")
            optional = known[fact].sure or fact in step.when or type(None) in wanted
            if not optional and (runs or fact not in self.start):
                why = f"it needs '{fact}', which may be missing when it runs."
                raise PlanRefused(step.id, f"{why} Add '{fact}' to its 'when', or make sure that it is given.")

    def missing(self, step: Step, fact: str) -> str:
        said = f"it uses '{fact}', which nothing before it gives."
        if givers := self.givers(step, fact):
            return f"{said} '{givers[0]}' gives it; move that to an earlier stage."
        for first in self.plan.steps():
            for other in first.alternative:
                if fact in self.answers[other.id]:
                    return f"{said} '{other.id}' gives it only within the alternative of '{first.id}'."
        return f"{said} Take it out, or add a step that gives '{fact}'."

    def circle(self, step: Step) -> str:
        """The shortest way on which a step waits for itself, in words; '' where there is none."""
        waits = self.stuck()
        came: dict[str, tuple[str, str]] = {}  # step -> the one that waits for it, and for which fact
        queue = [step.id]
        for one in queue:
            for fact, givers in waits.get(one, {}).items():
                for giver in givers:
                    if giver not in came:
                        came[giver] = one, fact
                        queue.append(giver)
        if step.id not in came:
            return ""
        links: list[str] = []
        giver = step.id
        while not links or giver != step.id:
            one, fact = came[giver]
            links.insert(0, f"'{one}' needs '{fact}' of '{giver}'")
            giver = one
        return f"it waits in a circle: {', '.join(links)}. Take one of these facts out."

    def stuck(self) -> dict[str, dict[str, list[str]]]:
        """What the steps wait for that no order of the steps could run: step -> fact -> who could give it."""
        waits = {step.id: self.waits(step) for step in self.plan.steps()}
        while free := [id for id, facts in waits.items() if not facts]:
            for id in free:
                del waits[id]
            for id, facts in waits.items():
                waits[id] = {fact: givers for fact, givers in facts.items() if all(one in waits for one in givers)}
        return waits

    def waits(self, step: Step) -> dict[str, list[str]]:
        """The facts that only other steps give to a step, and which of them give each."""
        facts = [fact for fact in (*step.uses.values(), *step.when) if fact not in self.start]
        return {fact: givers for fact in facts if (givers := self.givers(step, fact))}

    def givers(self, step: Step, fact: str) -> list[str]:
        """Steps that could give it a fact if they came earlier: of stages, and those of the same alternative."""
        found = []
        for stage in self.plan.stages:
            for first in stage:
                of_it = step in first.alternative
                others = first.alternative if of_it else (first,)
                found += [one.id for one in others if one.id != step.id and fact in self.answers[one.id]]
        return found


def _types_of(value: Fact) -> frozenset[type]:
    return frozenset() if value is None else frozenset({type(value)})


def _types(annotation: Any) -> frozenset[type]:
    return frozenset(get_args(annotation) or (annotation,))


@cache
def _clash(given: frozenset[type], wanted: frozenset[type]) -> bool:
    """Words where numbers are wanted, or the other way round; of other types nothing is said."""
    given, wanted = given - {type(None)}, wanted - {type(None)}
    if not given or not wanted or not given | wanted <= {str, int, bool}:
        return False
    return not (str in given & wanted or (given - {str} and wanted - {str}))

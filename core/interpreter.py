"""The only code that decides what happens next. It touches nothing but its arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from core import retry
from core.models import Call, Decision, Facts, OrderRequest, Outcome, Plan, Question, Reply, RetryPolicy, Step
from core.worlds.base import World

Perform = Callable[[Any, Call, RetryPolicy, Callable[[], bool]], Awaitable[Reply]]


class TurnBack(Exception):
    """The run gives up going forward: undo, then end."""


async def interpret(plan: Plan, request: OrderRequest, world: World, perform: Perform = retry.perform) -> Outcome:
    """Serve a request by a plan; return the outcome."""
    world.emit("started", plan=plan.name, version=plan.version)
    run = _Run(plan, request, world, perform)
    try:
        outcome = await run.go_forward()
    except TurnBack:
        outcome = await run.turn_back()
    world.emit("ended", outcome=outcome, plan=plan.name)
    return outcome


class _Run:
    def __init__(self, plan: Plan, request: OrderRequest, world: World, perform: Perform) -> None:
        self.plan, self.world, self.perform = plan, world, perform
        self.facts: Facts = request.facts() | plan.given
        self.pivot = plan.pivot(self.facts)
        self.done: dict[str, tuple[Step, int]] = {}  # step id -> step and the edition done
        self.editions: dict[str, int] = {}
        self.undo_visits: dict[str, int] = {}
        self.issues: list[str] = []
        self.no_return = False  # confirmed, or on the way back
        self.stale = False  # the order was edited, and its analysis is still to come

    # Forward

    async def go_forward(self) -> Outcome:
        if self.pivot is None:
            self.confirm()
        for stage in self.plan.stages:
            if steps := [step for step in stage if step.holds(self.facts)]:
                await self.stage(steps)
        return "confirmed_with_issues" if self.issues else "confirmed"

    async def stage(self, steps: Sequence[Step]) -> None:
        codes = await self.side_by_side(steps)
        if any(codes):
            failed = [(step, code) for step, code in zip(steps, codes, strict=True) if code]
            if not self.no_return and any(self.turns_back(step, code) for step, code in failed):
                raise TurnBack
            for step, code in failed:
                await self.after_failure(step, code)
        if not self.no_return and self.pivot in [step.id for step in steps]:
            self.confirm()

    def turns_back(self, step: Step, code: str) -> bool:
        return code in ("cancelled", "cancel") or step.policy == "compensate"

    def confirm(self) -> None:
        """The pivot is passed: nothing is undone from now on."""
        self.no_return = True
        if self.world.control().cancelled:
            self.world.emit("confirmed", overtook_cancel=True)
        else:
            self.world.emit("confirmed")

    async def side_by_side(self, steps: Sequence[Step]) -> list[str | None]:
        """All settle, each done or failed for good, before any policy acts."""
        if len(steps) == 1:
            return [await self.visit(steps[0], 1)]
        return await self.world.together([self.visit(step, 1) for step in steps])

    async def visit(self, step: Step, visit: int) -> str | None:
        """Do a step, or what stands in for it. None: done; otherwise the code of the failure."""
        code = await self.act(step, visit)
        if code == "cancelled":
            return code
        if code is None:
            return await self.meet_conditions(step, visit, "delayed") if self.facts.get("delayed") else None
        if await self.meet_conditions(step, visit, code):
            return "cancel"
        if step.alternative and step.alternative[0].holds(self.facts):
            instead = await self.alternative(step.alternative, visit)
            return instead if instead in (None, "cancelled") else code
        return code

    async def meet_conditions(self, step: Step, visit: int, code: str) -> str | None:
        """Do what the request wants done in this case, once each; 'cancel' where it wants the way back."""
        met = [
            c
            for c in self.plan.conditions
            if c.step == step.id and (c.code or code) == code and (c.code == "delayed") == (code == "delayed")
        ]
        wishes = list(dict.fromkeys(condition.then for condition in met))
        if "cancel" in wishes and not self.no_return:
            return "cancel"
        for wish in wishes:
            if wish == "call":
                await self.open_ticket(step.id, step.title, visit, code)
            elif wish in ("email", "sms"):
                await self.tell(wish, f"alert.{wish}.{step.id}", "notice", step.title, visit, code)
        return None

    async def alternative(self, steps: tuple[Step, ...], visit: int) -> str | None:
        """A small saga of its own: what it did is undone before the policy is asked."""
        for step in steps:
            if not step.holds(self.facts):
                continue
            code = await self.act(step, visit)
            if code is not None:
                for earlier in reversed([s for s in steps if s.undo and s.id in self.done]):
                    if code == "cancelled" or not await self.undo(earlier):
                        return "cancelled"
                return code
        return None

    async def act(self, step: Step, visit: int, edition: int | None = None) -> str | None:
        """One visit of one action. None: done; otherwise the code of the failure."""
        edition = edition or self.editions.get(step.id, step.edition)
        facts = self.facts
        params = (*zip(step.uses, map(facts.get, step.uses.values()), strict=True), *step.params.items())
        call = Call(self.world.run, step.id, step.action, "do", edition, visit, 1, params)
        reply = await self.perform(self.world, call, step.retry, self.stopped)
        if reply.spent:
            self.editions[step.id] = edition + 1
        if reply.code is None:
            self.facts |= reply.answer
            if step.undo:
                self.done[step.id] = step, edition
        elif reply.code != "cancelled":
            self.world.emit("failed", step=step.id, action=step.action, visit=visit, code=reply.code)
        return reply.code

    def stopped(self) -> bool:
        return not self.no_return and self.world.control().cancelled

    # People

    async def after_failure(self, step: Step, code: str | None) -> None:
        """The step's policy, until the step is done or given up."""
        visit = 1
        if step.owed:
            await self.open_ticket("stuck", step.title, visit, "owed")
        while code:
            decision = await self.decide(step, visit, code) if step.owed or step.policy == "ask" else None
            if decision and decision.choice == "give_up" and not self.no_return:
                raise TurnBack
            if decision is None or decision.choice in ("skip", "give_up"):
                if step.critical or self.no_return:  # a notice before the pivot is no part of what was ordered
                    self.issues.append(step.id)
                return
            visit += 1
            code = await self.again(step, visit, decision, code)
            if code in ("cancelled", "cancel") and not self.no_return:
                raise TurnBack

    async def again(self, step: Step, visit: int, decision: Decision, code: str) -> str | None:
        """One more visit, as the person decided."""
        if decision.choice == "edit":
            self.edit(step, dict(decision.changes))
        if self.stale and (refusal := await self.analyse(visit)):
            return refusal
        if decision.notice == "call":
            await self.ask_for_call(step, visit)
        elif decision.notice:
            await self.tell(decision.notice, f"{step.id}/notice", "retry", step.title, visit, code)
        return await self.visit(step, visit)

    def edit(self, step: Step, changes: Facts) -> None:
        """Take a person's changes over; what is done next has other parameters, so another edition."""
        self.facts |= changes
        self.editions[step.id] = self.editions.get(step.id, step.edition) + 1
        first = self.plan.stages[0][0]
        if "order" in changes and step.id != first.id:
            self.editions[first.id] = self.editions.get(first.id, first.edition) + 1
            self.stale = True

    async def analyse(self, visit: int) -> str | None:
        """Analyse an edited order; until that is done, nothing is taken for it. None: done."""
        code = await self.act(self.plan.stages[0][0], visit)
        self.stale = code is not None
        return code

    async def decide(self, step: Step, visit: int, code: str) -> Decision:
        question = Question("compensation_stuck" if step.owed else "needs_attention", step.id, visit, code)
        self.world.emit("asked", status=question.status, step=step.id, visit=visit, code=code)
        while True:
            decision = await self.world.ask(question)
            if decision is not None:
                return decision
            if self.stopped():
                raise TurnBack

    async def tell(self, channel: str, id: str, kind: str, about: str, visit: int, reason: str) -> None:
        """Send the customer a word; that it fails changes no outcome."""
        pattern = self.plan.email if channel == "email" else self.plan.sms
        params: Facts = {"kind": kind, "about": about, "reason": reason}
        await self.act(pattern.model_copy(update={"id": id, "params": pattern.params | params}), visit, visit)

    async def ask_for_call(self, step: Step, visit: int) -> None:
        ticket = self.plan.ticket
        params: Facts = {"about": step.title, "reason": "retry"}
        await self.act(
            ticket.model_copy(update={"id": f"{step.id}/notice", "params": ticket.params | params}), visit, visit
        )

    async def open_ticket(self, about_id: str, about: str, visit: int, reason: str) -> None:
        """One ticket per step and visit, however many conditions ask for it."""
        ticket = self.plan.ticket
        params: Facts = {"about": about, "reason": reason}
        await self.act(
            ticket.model_copy(update={"id": f"ticket.{about_id}", "params": ticket.params | params}), visit, visit
        )

    # Back

    async def turn_back(self) -> Outcome:
        """Undo in reverse plan order, one after another; what sticks is owed until it is undone."""
        self.no_return = True
        cancelled = self.world.control().cancelled
        self.world.emit("undoing", cancelled=cancelled)
        place = self.plan.order
        back = [self.done[id][0] for id in sorted(self.done, key=place.__getitem__, reverse=True)]
        owed = [step for step in back if not await self.undo(step)]
        if owed:
            await self.open_ticket("stuck", owed[0].title, 1, "owed")
        while owed:
            first = owed[0].model_copy(update={"owed": True})
            await self.decide(first, self.undo_visits[first.id], "owed")
            owed = [step for step in owed if not await self.undo(step)]
        if cancelled:
            return "cancelled"
        outcome: Outcome = "rejected" if self.facts["paid_minor"] is None else "refunded"
        self.facts["outcome"] = outcome
        if outcome == "refunded":
            taken = self.facts["quote_minor"], self.facts["credit_minor"]  # a credit is still to come: it stays taken
            self.facts["refunded_minor"] = sum(int(minor or 0) for minor in taken)
        if told := [step for step in self.plan.on_failure if step.holds(self.facts)]:
            await self.side_by_side(told)
        return outcome

    async def undo(self, step: Step) -> bool:
        visit = self.undo_visits[step.id] = self.undo_visits.get(step.id, 0) + 1
        edition = self.done[step.id][1]
        action = f"{step.service}.{step.undo}"
        call = Call(self.world.run, step.id, action, "undo", edition, visit, 1, ())
        reply = await self.perform(self.world, call, step.retry, _never)
        if reply.code is None:
            del self.done[step.id]
            self.editions[step.id] = edition + 1
        else:
            self.world.emit("stuck", step=step.id, action=action, visit=visit, code=reply.code)
        return reply.code is None


def _never() -> bool:
    return False

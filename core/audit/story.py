"""Invariants 1, 6 and 8 over the journal of one run, beside the effects under its keys."""

from __future__ import annotations

from core.audit.accounts import RuleBook
from core.audit.family import CHANNELS, Family
from core.audit.findings import Findings
from core.audit.shadow import Shadow
from core.errors import SagalabError
from core.models import OUTCOMES, Plan, RetryPolicy, Row
from core.store.books import BookedRun, Declined

UNKNOWN = RetryPolicy(attempts=20)  # of a plan that can't be read: the most that any may have


class Map:
    """A plan by its steps: step, place in plan order, and which stand in for others."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.order = plan, plan.order
        self.steps = {step.id: step for step in (*plan.steps(), *plan.on_failure, plan.ticket)}
        self.alternatives = {other.id for step in plan.steps() for other in step.alternative}


class Story:
    """One run, row by row. `done`: its journal ended. `map`: of its plan, None where that can't be read."""

    def __init__(self, run: BookedRun, map: Map | None, family: Family, rules: RuleBook, findings: Findings) -> None:
        self._run, self._map, self._family, self._rules, self._findings = run, map, family, rules, findings
        self.done = False
        self._seq, self._at = 0, 0.0
        self._confirmed = self._undoing = False
        self._asked: str | None = None  # the status of the open question
        self._tries: dict[tuple[str, str, int, int], int] = {}  # step, direction, edition, visit -> attempts
        self._unknown: set[tuple[str, int]] = set()  # step, edition
        self._undos: dict[tuple[str, int], bool] = {}  # step, edition -> whether it is undone
        self._last_undo = ""
        self._shadow: Shadow | None = None
        if map is None:
            family.follows = False
            findings.add(9, run.id, 0, "The run was written by another version: its journal can't be replayed here.")
        elif run.code:
            family.follows = False
        else:
            self._shadow = Shadow(family, map.plan, run.orders[0])

    def take(self, row: Row) -> None:
        """The next row of the journal."""
        self._check_place(row)
        if row.kind == "answer":
            self._answer(row)
        elif row.kind == "decision":
            self._asked = None
        elif row.kind == "event":
            self._event(row)
        if self._shadow:
            self._follow(self._shadow, row)
        if self.done:
            self._shadow = None
            self._tries.clear()
            self._undos.clear()

    def lose(self) -> None:
        """The journal can't be followed any further."""
        self._shadow, self._family.follows = None, False

    def close(self, now: BookedRun, position: int) -> None:
        """There are no more rows: the run's own row says the same as its journal. `now`: the run as it stands."""
        if not self._seq:
            self._add(1, position, "The run was accepted, but it has no journal.")
        if self.done:
            return
        if now.ended_at is not None or now.status in OUTCOMES:
            self._add(1, position, f"The run is shown as {now.status}, but its journal has not ended.")
        elif now.code:
            if now.status != "needs_attention":
                self._add(1, position, f"The run can't be driven ({now.code}), but is shown as {now.status}.")
        elif now.status in ("needs_attention", "compensation_stuck") and self._asked != now.status:
            self._add(1, position, f"The run is shown as {now.status}, but nothing is asked.")
        elif self._shadow:
            self._close_shadow(self._shadow, now, position)

    def _close_shadow(self, shadow: Shadow, now: BookedRun, position: int) -> None:
        try:
            shadow.check_at_end()
        except SagalabError as error:
            self._add(9, position, f"Behind its last row the journal holds {error}.")
            return
        if shadow.where() != now.status:
            self._add(1, position, f"The run is shown as {now.status}, but its journal makes it {shadow.where()}.")
        elif now.status == "running" and not shadow.is_waiting():
            self._add(1, position, "The run is shown as running, but waits for nothing: it would never end.")

    # Rows

    def _check_place(self, row: Row) -> None:
        if row.seq != self._seq + 1:
            self._add(1, row.position, f"Row {row.seq} of the run's journal follows row {self._seq}: one is missing.")
        elif row.seq == 1 and row.body.get("event") != "started":
            self._add(1, row.position, "The run's journal does not begin with its start.")
        if self.done:
            self._add(1, row.position, f"The journal goes on with row {row.seq} after the run ended.")
        if row.at < self._at:
            self._add(9, row.position, f"Row {row.seq} is stamped earlier than the row before it.")
        self._seq, self._at = row.seq, row.at

    def _answer(self, row: Row) -> None:
        code, key = row.body["code"], (row.step, row.edition)
        if row.direction != "close":
            self._count(row)
        if row.direction == "undo":
            self._check_undo(row)
        elif not self._undoing:
            self._last_undo = ""
        if row.body.get("unknown"):
            self._unknown.add(key)
        elif code is None:
            self._unknown.discard(key)
        if code is None:
            self._family.answered(row)
            if row.direction == "do" or (row.direction == "close" and row.body["answer"]):
                self._check_no_decline(row)
        elif code == "card_declined":
            self._check_decline(row)

    def _event(self, row: Row) -> None:
        event = row.body["event"]
        if event == "failed":
            for step, edition in self._unknown:
                if step == row.step:
                    self._add(6, row.position, f"Step '{step}' failed for good, with edition {edition} left unknown.")
        elif event == "asked":
            self._asked = row.body["status"]
        elif event == "confirmed":
            self._confirmed = True
            if not self._is_repair:
                self._family.confirm(row.position)
        elif event == "undoing":
            self._undoing, self._last_undo, self._asked = True, "", None
        elif event == "ended":
            self._end(row)

    def _end(self, row: Row) -> None:
        outcome, run, position = row.body["outcome"], self._run, row.position
        if outcome not in OUTCOMES:
            self._add(1, position, f"The run ended '{outcome}', which is no outcome.")
        if outcome.startswith("confirmed") != self._confirmed:
            self._add(5, position, f"The run ended {outcome}, but was {'' if self._confirmed else 'never '}confirmed.")
        if self._undoing == self._confirmed:
            self._add(
                6,
                position,
                f"The run ended {outcome} and was {'both' if self._confirmed else 'neither'} confirmed and undone.",
            )
        for step, edition in sorted(self._unknown):
            self._add(6, position, f"The run ended with the effect of '{step}' (edition {edition}) unknown.")
        self.done = True
        if self._is_repair:
            self._family.repairs_open -= 1
        elif run.orders:
            self._family.end(outcome, position, run.orders[0].pay_currency)
        self._family.settle(position)

    def _follow(self, shadow: Shadow, row: Row) -> None:
        try:
            shadow.follow(row)
        except SagalabError as error:
            self._add(9, row.position, f"At row {row.seq} the journal holds {error}.")
            self.lose()

    # Attempts, undo, declines

    def _count(self, row: Row) -> None:
        place = row.step, row.direction, row.edition, row.visit
        before, allowed = self._tries.get(place, 0), self._policy(row).attempts
        about = f"attempt {row.attempt} of '{row.step}'" + (" (undo)" if row.direction == "undo" else "")
        if row.attempt != before + 1:
            self._add(8, row.position, f"The journal counts {about} in visit {row.visit} after attempt {before}.")
        if row.attempt > allowed:
            self._add(8, row.position, f"There was {about} in visit {row.visit}; its policy allows {allowed}.")
        self._tries[place] = row.attempt

    def _policy(self, row: Row) -> RetryPolicy:
        if self._map is None:
            return UNKNOWN
        step, plan = self._map.steps.get(row.step), self._map.plan
        if step is None:
            channel = CHANNELS.get(row.body["action"].partition(".")[0], "")
            step = {"email": plan.email, "sms": plan.sms}.get(channel, plan.ticket)
        return step.retry

    def _check_undo(self, row: Row) -> None:
        key, step, position = (row.step, row.edition), row.step, row.position
        if self._undos.get(key):
            self._add(6, position, f"Step '{step}' was undone already, and its undo was tried again.")
        if key not in self._undos:
            before, order = self._last_undo, self._map.order if self._map else {}
            if before in order and order.get(step, -1) >= order[before]:
                said = f"The undo of '{step}' began after that of '{before}', which comes earlier in the plan."
                self._add(6, position, said)
            if self._map and not self._undoing and step not in self._map.alternatives:
                self._add(6, position, f"The undo of '{step}' began before the run turned back.")
            self._last_undo = step
        self._undos[key] = row.body["code"] is None

    def _decline_of(self, row: Row) -> Declined | None:
        return self._rules.find(f"{self._family.run}/{row.step}/{row.edition}", row.visit)

    def _check_no_decline(self, row: Row) -> None:
        if self._decline_of(row):
            said = (
                f"Step '{row.step}' was done in visit {row.visit}, in which it had been declined: that was forgotten."
            )
            self._add(2, row.position, said)

    def _check_decline(self, row: Row) -> None:
        met, answer = self._decline_of(row), row.body["answer"]
        if met is None or (met.since, met.length) != (answer.get("rule_since"), answer.get("rule_length")):
            said = f"Step '{row.step}' was declined in visit {row.visit}, but the payment rule holds no such decline."
            self._add(2, row.position, said)

    @property
    def _is_repair(self) -> bool:
        return self._run.keys != self._run.id

    def _add(self, invariant: int, position: int, sentence: str) -> None:
        self._findings.add(invariant, self._run.id, position, sentence)

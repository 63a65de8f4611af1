"""What is to happen when a step fails for good: 'stop and ask me if the booking fails', 'never cancel'."""

from __future__ import annotations

from collections.abc import Sequence

from core.composer.offline import answers
from core.composer.offline.parts import ALL, parts_in
from core.composer.offline.wish_forms import AFTERWARDS, APART, BEFORE_IF, CONDITIONAL, IF_THEN, ONLY_IT, THEN_BEFORE
from core.composer.offline.wish_tries import Match, Parts, Tries, is_again
from core.models import CRITICAL_PARTS, MESSAGE_PARTS, Condition, ConditionAction, ConditionEvent, PlanPart, Policy

EVENTS: dict[PlanPart, ConditionEvent] = {"payment": "payment_failed", "shipping": "shipping_failed"}
FAILURES: tuple[ConditionEvent, ...] = ("payment_failed", "shipping_failed", "out_of_stock")


class Failures(Tries):
    """Reads what a failure leads to, with the tries before it."""

    def afterwards(self, end: int, parts: Parts) -> int:
        """'... five times, then cancel'."""
        match = AFTERWARDS.match(self.draft.rest, end)
        if match is None:
            return end
        if match["cancel"] or match["cancelling"]:
            return self.cancel(match, parts)
        if match["go_on"]:
            return self.go_on(match, parts)
        return self.policy(match, parts, "ask") if match["ask"] or match["asking"] else match.end()

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
            return self.try_as_often(match, parts, is_again(match))
        if match["go_on"] or (match["cancel"] and self.negated):
            return self.go_on(match, parts)
        if match["ask"]:
            return self.ask(match, parts)
        if direct and len(parts) > 1 and _is_condition(parts) and (match["cancel"] or match["tell"]):
            return self.conditions_of(match, [EVENTS[part] for part in parts])
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
        """Whoever says "don't ask me if the booking fails" can only have it cancelled."""
        if self.negated and (critical := [part for part in parts if part in CRITICAL_PARTS]):
            self.negated = False
            self.say(answers.someone_decides(critical))
            return match.end()
        return self.policy(match, parts, "ask")

    def go_on(self, match: Match, parts: Parts) -> int:
        """To go on is also what "don't cancel" means; "don't go on" is to stop."""
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
        return self.conditions_of(match, FAILURES)

    def conditions_of(self, match: Match, events: Sequence[ConditionEvent]) -> int:
        """The same after each of several failures: 'if the payment or shipping fails call me'."""
        ways: dict[str, ConditionAction] = {"tell_call": "call", "tell_sms": "sms", "tell_email": "email"}
        then = next((way for group, way in ways.items() if match[group]), "cancel")
        conditions = [Condition(event=event, then=then) for event in events]
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
        """Never paid at all; "don't charge me if it is out of stock" is a condition."""
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

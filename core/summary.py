"""What a run did, as markdown: by a template from the run's view, when it parks or ends. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.models import Choice
from core.money import format_money
from core.services.registry import Registry
from core.views import RunView, StepView

HEADINGS = {
    "confirmed": "Confirmed",
    "confirmed_with_issues": "Confirmed with issues",
    "refunded": "Refunded",
    "rejected": "Rejected",
    "cancelled": "Cancelled",
    "needs_attention": "Waiting for a decision",
    "compensation_stuck": "Not undone yet",
}
RESULTS = {"done": "done", "undone": "done, then undone", "failed": "failed", "skipped": "failed, not tried again"}
MONEY = ("captured", "refunded", "kept", "held", "owed")
REMEDIES = {  # code of a failure -> what may help
    "over_budget": "Raise the budget or order less.",
    "out_of_stock": "Retry when it is in stock again, or give up and order something else.",
    "card_declined": "The payment rule of the Lab declines every fourth or fifth charge; the next one may be taken.",
    "unknown_wallet": "Choose a wallet that exists.",
    "wrong_currency": "Choose a wallet in the currency of the payment.",
}
CHOICES: dict[Choice, str] = {
    "retry": "**Retry** it as it is; the customer can be told by email, SMS or call.",
    "edit": "**Edit and retry**: change what can still be changed, such as contact or delivery, first.",
    "skip": "**Skip** it: the order goes on without it.",
    "give_up": "**Give up**: everything is undone, and what was taken goes back.",
}


def summarise(view: RunView, registry: Registry) -> str:
    """Markdown for a run that is parked or has ended; '' for one that moves. Text of users is inert in it."""
    return _Summary(view, registry).text() if view.row.status in HEADINGS else ""


def escape(text: str) -> str:
    """One line that markdown shows as it is.

    Backslashes stop markup, math and HTML; word joiners (U+2060) stop bare links, emoji names and directives.
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return re.sub(r"([!-/:-@\[-`{-~])", "\u2060\\\\\\1\u2060", line)


class _Summary:
    def __init__(self, view: RunView, registry: Registry) -> None:
        self.view, self.registry, self.status = view, registry, view.row.status
        self.plan = {step.id: step for step in view.plan.steps()}
        self.failed = [step for step in view.steps if step.code and step.state in ("failed", "skipped", "attention")]

    def text(self) -> str:
        title = f"#### {HEADINGS[self.status]}: {'repair of ' * bool(self.view.row.parent)}"
        sections = {
            "What each service did": self.deeds(),
            "What failed and why": self.failures(),
            "What to do next": self.next_steps(),
            "Business impact": self.impact(),
        }
        parts = [f"##### {name}\n\n{body}" for name, lines in sections.items() if (body := "\n".join(lines))]
        return "\n\n".join([title + self.say(self.view.row.title), *parts])

    def say(self, text: str) -> str:
        """Anything that may hold words of a user: inert, without the customer's address and number."""
        for secret in (self.view.request.customer_email, self.view.request.phone_number):
            text = re.sub(re.escape(secret), "•••", text, flags=re.IGNORECASE) if secret else text
        return escape(text)

    def name(self, step: StepView) -> str:
        return f"**{self.say(step.title)}**"

    def deeds(self) -> Iterator[str]:
        untouched = [step for step in self.view.steps if not step.tries and step.state in ("waiting", "skipped")]
        for step in self.view.steps:
            if step not in untouched:
                service = self.registry.services[step.action.partition(".")[0]].title
                note = f" ({self.say(step.note)})" if step.note and step.state in ("done", "undone") else ""
                spent = f"{_times(step.attempts, 'attempt')}, {step.took_ms / 1000:.1f} s"
                yield f"- {self.name(step)}, {service}: {_result(step)}{note}; {spent}"
        if untouched:
            word = "Still to come" if self.view.live else "Not reached"
            yield f"- {word}: {', '.join(self.say(step.title) for step in untouched)}"

    def failures(self) -> Iterator[str]:
        """Steps that failed for good, undos that did, and what worked only at a later attempt."""
        for step in self.failed:
            instead = " Its alternative was done instead." if self.replaced(step) else ""
            why = f"{self.why(step, step.code)}, after {_times(step.attempts, 'attempt')}."
            yield f"- {self.name(step)}: {why}{instead}"
        for step in self.view.steps:
            codes = [one.code for one in step.tries if one.direction == "do" and one.code]
            if codes and step.state in ("done", "undone"):
                failed = f"failed {_times(len(codes), 'time')}"
                yield f"- {self.name(step)} {failed}, then worked: {self.why(step, codes[-1])}."
            if step.undo_state == "failed":
                undos = [one.code for one in step.tries if one.direction == "undo" and one.code]
                yield f"- The undo of {self.name(step)}: {self.why(step, undos[-1] if undos else None)}."
        if self.late():
            yield "- It would arrive after the date asked for, and the order says to cancel then."
        if self.view.code:
            yield f"- The run can't go on: {self.say(self.view.code.replace('_', ' '))}."

    def why(self, step: StepView, code: str | None) -> str:
        """A code in words; the step's note where that says more."""
        reason = self.registry.reason(step.action, code) if code else "it has not worked yet"
        more = code == step.code and step.note.casefold().startswith(reason.casefold())
        return self.say(step.note if more else reason)

    def replaced(self, step: StepView) -> bool:
        """Whether the last step of its alternative was done."""
        instead = self.plan[step.id].alternative if step.id in self.plan else ()
        return any(other.id == instead[-1].id and other.state == "done" for other in self.view.steps if instead)

    def counts(self, step: StepView) -> bool:
        """Whether the order is the worse for its failure: not so a notice before the pivot, nor what was replaced."""
        plan, planned = self.view.plan, self.plan.get(step.id)
        if step.role != "step" or planned is None or self.replaced(step):
            return False
        pivot = plan.pivot(self.view.request.facts() | plan.given)
        return planned.critical or plan.order[step.id] > plan.order.get(pivot or "", -1)

    def late(self) -> bool:
        """Turned back, by a condition, because of the day of arrival."""
        turned = self.status in ("refunded", "rejected") and not any(
            self.counts(step) or self.replaced(step) for step in self.failed
        )
        return turned and any((one.code, one.then) == ("delayed", "cancel") for one in self.view.plan.conditions)

    def next_steps(self) -> Iterator[str]:
        if self.status == "needs_attention":
            yield from self.decide()
        elif self.status == "compensation_stuck":
            minor, currency = self.view.money.owed.minor, self.view.money.owed.currency
            owed = f"{_money(minor, currency)} is owed. " if minor else ""
            yield f"{owed}Choose **Retry** once the service works again. The key stays the same: nothing is paid twice."
        elif self.status == "confirmed_with_issues":
            yield from self.repairs()
        elif self.status in ("rejected", "refunded"):
            yield f"{self.remedy()} Then place the order again."
        elif self.status == "cancelled":
            yield "Nothing: what was done is undone."
        else:
            yield "Nothing: the order is served."

    def decide(self) -> Iterator[str]:
        question = self.view.question
        asked = next((step for step in self.view.steps if question and step.id == question.step), None)
        if asked is None:
            yield "Nothing more is done for this run. Look at its events and its money, and settle them by hand."
            return
        yield f"{self.remedy()} Then decide about {self.name(asked)}:\n"
        for choice in self.view.choices:
            behind = choice == "give_up" and self.view.cancel_refusal
            yield "- **Give up**: the same as Skip, as the order is confirmed." if behind else f"- {CHOICES[choice]}"

    def repairs(self) -> Iterator[str]:
        for step in self.view.steps:
            if step.can_repair:
                yield f"- Press {self.name(step)} beside **Send again**."
            elif step.repaired:
                yield f"- Nothing about {self.name(step)}: it was repaired since."
            elif step in self.failed and self.counts(step):
                yield f"- The order stands without {self.name(step)}; see to it by hand."

    def remedy(self) -> str:
        """What may help the step that failed."""
        step = next((step for step in self.failed if self.counts(step)), None)
        if self.late():
            return "Ask for a later date or a faster delivery."
        if step and step.code == "insufficient_funds":
            short = self.why(step, step.code)
            return f"Top up the wallet **{self.say(self.view.request.wallet or '')}** on the Services page ({short})."
        remedy = REMEDIES.get(step.code or "") if step else None
        return remedy or "Wait until the service works again, or lower its failure rate in the Lab."

    def impact(self) -> Iterator[str]:
        for word in MONEY:
            amount = getattr(self.view.money, word)
            what = "Price of the bookings held" if word == "held" else word.capitalize()
            yield f"- {what}: {_money(amount.minor, amount.currency)}"
        if not self.view.live and not self.view.money.balanced:
            yield "- What was kept is not the price of what is held: check the money ledger."


def _result(step: StepView) -> str:
    if step.undo_state == "failed":
        return "done, its undo failed"
    return RESULTS.get(step.state, "failed, waits for a decision") + ", repaired since" * step.repaired


def _times(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _money(minor: int, currency: str) -> str:
    return format_money(minor, currency).replace("$", "\\$")

"""From a run's record to what pages show of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from core.decisions import cancel_refusal, choices_for, editable_fields
from core.models import Control, Notice, Row, Step
from core.money import format_money
from core.record import Record
from core.repairs import repairable
from core.services.payment_processing import CARD
from core.services.registry import Registry
from core.views import EventView, LedgerLine, Money, MoneyView, RunRow, RunView, StepState, StepView, TryView

Role = Literal["step", "alternative", "failure", "extra"]
NOTICES: tuple[Notice, ...] = ("email", "sms", "call")
CONTROL_WORDS = {
    "pause": "Paused by a person",
    "resume": "Resumed by a person",
    "cancel": "Cancelled by a person",
    "hurry": "Retried now by a person",
}
CHOICE_WORDS = {"retry": "Retry", "edit": "Edit and retry", "skip": "Skip", "give_up": "Give up and undo"}


def run_row(row: Mapping[str, Any]) -> RunRow:
    """A row of `runs` as a list shows it."""
    return RunRow(
        row["id"],
        row["title"],
        row["text"],
        row["status"],
        row["channel"],
        row["plan_name"],
        row["created_at"],
        row["ended_at"],
        row["parent"],
    )


def build_view(record: Record, registry: Registry, repairs: Sequence[Mapping[str, Any]]) -> RunView:
    """One run, whole; its summary is empty yet. `repairs`: rows of the runs that repair it."""
    row, question = record.row, record.question
    control, no_return = _control(record), _no_return(record)
    ended = row["ended_at"] is not None
    step = record.steps.get(question.step) if question else None
    untouched = not any(entry["state"] == "done" and registry.find(entry["action"])[1].undo for entry in record.ledger)
    money = _money(record)
    steps = _Steps(record, registry, repairs).views()
    done_repairs = tuple(run_row(repair) for repair in repairs)
    return RunView(
        row=run_row(row),
        plan=record.plan,
        request=record.orders[-1],
        seq=record.rows[-1].seq if record.rows else 0,
        profile=row["profile"],
        control=control,
        steps=steps,
        question=question,
        choices=choices_for(question, step) if question and step else (),
        notices=NOTICES if question else (),
        editable=editable_fields(record.orders[-1], untouched, money.kept.minor > 0) if question else (),
        cancel_refusal=cancel_refusal(no_return, control, ended),
        money=money,
        ledger=_ledger(record, registry),
        events=tuple(_event(entry, record, registry) for entry in record.rows),
        summary="",
        repairs=done_repairs,
        code=row["code"],
    )


def _control(record: Record) -> Control:
    control = Control()
    for row in record.rows:
        if row.kind == "control":
            paused, cancelled, hurries = control
            name = row.body["control"]
            control = Control(
                name == "pause" or (paused and name == "hurry"),
                cancelled or name == "cancel",
                hurries + (name == "hurry"),
            )
    return control


def _no_return(record: Record) -> str:
    return "confirmed" if record.saw("confirmed") else "undoing" if record.saw("undoing") else ""


# Steps


class _Steps:
    def __init__(self, record: Record, registry: Registry, repairs: Sequence[Mapping[str, Any]]) -> None:
        self.record, self.registry = record, registry
        self.start = record.row["created_at"]
        self.ended = record.row["ended_at"] is not None
        self.in_flight = {call.step: call for call in record.in_flight}
        self.repairable = repairable(record)
        self.repaired = {
            Record(repair, []).plan.stages[0][0].id for repair in repairs if repair["status"] == "confirmed"
        }
        # Where the run turns back nobody skipped anything; behind the pivot, giving up is the same as skipping.
        skips = ("skip",) if record.saw("undoing") else ("skip", "give_up")
        self.skipped = {row.step for row in record.rows if row.kind == "decision" and row.body["choice"] in skips}

    def views(self) -> tuple[StepView, ...]:
        found: list[StepView] = []
        for stage, steps in enumerate(self.record.plan.stages):
            for step in steps:
                if self.shown(step):
                    found.append(self.view(step, stage, "step"))
                found += [
                    self.view(other, stage, "alternative")
                    for other in step.alternative
                    if self.record.rows_of(other.id) or other.id in self.in_flight
                ]
        last = len(self.record.plan.stages)
        found += [
            self.view(step, last, "failure")
            for step in self.record.plan.on_failure
            if self.record.rows_of(step.id) or step.id in self.in_flight
        ]
        return (*found, *self.extras(last + 1))

    def shown(self, step: Step) -> bool:
        """A step that the run skips is not drawn, unless something happened to it."""
        return bool(self.record.rows_of(step.id)) or step.id in self.in_flight or step.holds(self.record.facts)

    def extras(self, stage: int) -> list[StepView]:
        """Notices, alerts and tickets, in the order in which they began."""
        known = self.record.steps
        found: dict[str, Step] = {}
        for row in self.record.rows:
            if row.kind == "answer" and row.step not in known and row.step not in found:
                found[row.step] = self.extra(row.step, row.body["action"], row.body["params"].get("about"))
        for call in self.record.in_flight:
            if call.step not in known and call.step not in found:
                found[call.step] = self.extra(call.step, call.action, dict(call.params).get("about"))
        return [self.view(step, stage, "extra") for step in found.values()]

    def extra(self, id: str, action: str, about: Any) -> Step:
        what = {"email_notification": "Email", "sms_notification": "Text"}.get(action.partition(".")[0], "Ticket")
        # Not validated: made from a step's own id and title, these may be longer than a plan may write.
        return Step.model_construct(id=id, action=action, title=f"{what} about: {about}" if about else what)

    def view(self, step: Step, stage: int, role: Role) -> StepView:
        rows = self.record.rows_of(step.id)
        does = [row for row in rows if row.direction == "do"]
        last = next((row for row in reversed(rows) if row.direction != "undo"), None)
        code = last.body["code"] if last and not self.record.is_done(step.id) else None
        if code is None and last and last.direction == "close" and not last.body["answer"]:
            code = does[-1].body["code"]
        return StepView(
            id=step.id,
            title=step.title,
            action=step.action,
            stage=stage,
            role=role,
            state=self.state(step, rows),
            note=self.note(step, last, code),
            code=code,
            attempts=len(does),
            took_ms=round(sum(row.body["took_ms"] for row in does), 1),
            tries=self.tries(step, rows),
            undo=step.undo,
            undo_state=self.undo_state(step, rows),
            repaired=step.id in self.repaired,
            can_repair=step.id in self.repairable and step.id not in self.repaired,
        )

    def state(self, step: Step, rows: Sequence[Row]) -> StepState:
        record, flying = self.record, self.in_flight.get(step.id)
        if record.question and record.question.step == step.id:
            return "attention"
        if flying and flying.direction == "do":
            again = flying.attempt > 1 or (flying.visit > 1 and not step.id.endswith("/notice"))
            return "retrying" if again else "running"
        if record.is_undone(step.id):
            return "undone"
        if record.is_done(step.id):
            return "done"
        if record.failed_for_good(step.id):
            return "skipped" if step.id in self.skipped and self.ended else "failed"
        if rows:
            return "failed" if self.ended else "retrying"
        return "skipped" if self.ended or (record.saw("undoing") and step.critical) else "waiting"

    def undo_state(self, step: Step, rows: Sequence[Row]) -> StepState:
        if self.record.is_undone(step.id):
            return "undone"
        flying = self.in_flight.get(step.id)
        undos = [row for row in rows if row.direction == "undo"]
        if flying and flying.direction == "undo":
            return "retrying" if undos else "running"
        return "failed" if undos and rows[-1].direction == "undo" else "waiting"

    def tries(self, step: Step, rows: Sequence[Row]) -> tuple[TryView, ...]:
        done = [
            TryView(
                max(row.at - row.body["took_ms"] / 1000 - self.start, 0.0),
                row.at - self.start,
                row.direction,
                row.visit,
                row.attempt,
                row.body["code"],
            )
            for row in rows
            if row.direction != "close"
        ]
        flying = self.in_flight.get(step.id)
        if flying and self.record.rows:
            last = self.record.rows[-1].at
            done.append(
                TryView(
                    max(rows[-1].body.get("next_at", last) if rows else last, 0.0) - self.start,
                    None,
                    flying.direction,
                    flying.visit,
                    flying.attempt,
                    None,
                )
            )
        return tuple(done)

    def note(self, step: Step, last: Row | None, code: str | None) -> str:
        order = self.record.orders[-1]
        if last is None:
            return ""
        if code:
            reason = self.registry.reason(step.action, code)
            short = last.body["answer"].get("short_minor")
            more = f": {format_money(short, order.pay_currency)} short" if short else ""
            return reason[0].upper() + reason[1:] + more
        return answer_note(last.body["answer"], order.pay_currency, order.currency)


def answer_note(answer: Mapping[str, Any], pay: str, currency: str) -> str:
    """An answer in one line of plain text."""
    words = []
    for name, value in answer.items():
        if (
            value is None
            or name.endswith(("_status", "_sent_at"))
            or name in ("offer", "alternative_offer", "rule_since", "rule_length", "credit_minor", "estimated")
        ):
            continue
        if name.endswith("_minor"):
            in_price = name in ("price_minor", "total_minor", "alternative_price_minor", "converted_minor")
            words.append(
                f"{name.removesuffix('_minor').replace('_', ' ')} {format_money(value, currency if in_price else pay)}"
            )
        elif isinstance(value, bool):
            words += [name.replace("_", " ")] if value else []
        elif name.endswith(("_id", "_number", "_recipient")):
            words.append(str(value))
        else:
            words.append(f"{name.replace('_', ' ')} {value}")
    return ", ".join(words)


# Money, ledger, events


def _money(record: Record) -> MoneyView:
    pay = record.orders[-1].pay_currency
    lines = [
        entry["minor"]
        for entry in record.postings
        if entry["currency"] == pay and _is_customers(entry["account"]) and entry["run"] == record.row["id"]
    ]
    captured, refunded = -sum(minor for minor in lines if minor < 0), sum(minor for minor in lines if minor > 0)
    held = sum(row.body["answer"]["quote_minor"] for row in _bookings(record))
    kept, ended = captured - refunded, record.row["status"]
    owed = max(kept - held, 0) if ended == "compensation_stuck" else 0
    return MoneyView(
        Money(captured, pay), Money(refunded, pay), Money(kept, pay), Money(held, pay), Money(owed, pay), kept == held
    )


def _is_customers(account: str) -> bool:
    return account == CARD or account.startswith("wallet:")


def _bookings(record: Record) -> list[Row]:
    """The answers of bookings that are held now."""
    held = []
    for id, step in record.steps.items():
        if step.action == "order_creation.book" and record.is_done(id):
            held.append([row for row in record.rows_of(id) if row.body["answer"]][-1])
    return [row for row in held if not record.is_undone(row.step)]


def _ledger(record: Record, registry: Registry) -> tuple[LedgerLine, ...]:
    """A line per posting and one for each effect without; what an undo did stands at the undo's own place."""
    lines = []
    for entry in record.ledger:
        service, key, state = entry["service"], entry["key"], entry["state"]
        acts = {entry["position"]: (entry["action"].partition(".")[2], state)}
        if entry["undone_position"] is not None:
            acts[entry["undone_position"]] = registry.find(entry["action"])[1].undo or "undo", "done"
        postings = [one for one in record.postings if (one["service"], one["key"]) == (service, key)]
        for position, (name, stands) in acts.items():
            start = position, service, name, key, stands
            own = [one for one in postings if one["position"] == position]
            lines += [LedgerLine(*start, one["account"], Money(one["minor"], one["currency"])) for one in own] or [
                LedgerLine(*start, None, None)
            ]
    return tuple(sorted(lines, key=lambda line: line.position))


def _event(row: Row, record: Record, registry: Registry) -> EventView:
    if row.kind == "answer":
        state, text = _answer_words(row, record, registry)
    elif row.kind == "control":
        state, text = "waiting", CONTROL_WORDS[row.body["control"]]
    elif row.kind == "decision":
        told = f", telling the customer by {row.body['notice']}" if row.body["notice"] else ""
        state, text = "attention", f"Decided about {_title(record, row.step)}: {CHOICE_WORDS[row.body['choice']]}{told}"
    else:
        state, text = _event_words(row.body, record, registry)
    return EventView(row.seq, row.at, state, text)


def _answer_words(row: Row, record: Record, registry: Registry) -> tuple[StepState, str]:
    name, body = _title(record, row.step), row.body
    if row.direction == "close":
        return (
            ("done", f"{name}: the effect had happened after all")
            if body["answer"]
            else ("waiting", f"{name}: key closed, no effect")
        )
    what = "undo" if row.direction == "undo" else "attempt"
    if body["code"]:
        reason = registry.reason(body["action"], body["code"])
        wait = f", next in {body['next_at'] - row.at:.1f} s" if "next_at" in body else ""
        return ("retrying" if wait else "failed"), f"{name}: {what} {row.attempt} failed, {reason}{wait}"
    return (
        "undone" if row.direction == "undo" else "done"
    ), f"{name}: {what} {row.attempt} done in {body['took_ms']:.0f} ms"


def _event_words(body: Mapping[str, Any], record: Record, registry: Registry) -> tuple[StepState, str]:
    event, name = body["event"], _title(record, body.get("step", ""))
    if event == "failed":
        return "failed", f"{name} failed for good: {registry.reason(body['action'], body['code'])}"
    if event == "asked":
        return "attention", f"Waiting for a person: {name}"
    if event == "stuck":
        return "failed", f"Undo of {name} is stuck: {registry.reason(body['action'], body['code'])}"
    if event == "ended":
        return "done", f"Ended: {body['outcome'].replace('_', ' ')}"
    overtook = " (a cancel came too late)" if body.get("overtook_cancel") else ""
    return {
        "started": ("running", f"Started, plan {body.get('plan', '')}"),
        "confirmed": ("done", f"Confirmed: nothing is undone from here{overtook}"),
        "undoing": ("undone", "Turning back: undo in reverse order"),
    }[event]  # type: ignore[return-value]


def _title(record: Record, id: str) -> str:
    step = record.steps.get(id)
    return (
        step.title
        if step
        else id.replace("/notice", " notice").replace("alert.", "alert by ").replace("ticket.", "ticket for ")
    )

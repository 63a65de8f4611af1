"""The card of a run that says what needs you, what happens now, or how it ended, and takes decisions."""

from __future__ import annotations

from typing import Any, NamedTuple, get_args

import streamlit as st
from pydantic import ValidationError

from core.bootstrap import current_engine
from core.composer.typed import read_figure
from core.errors import SagalabError
from core.models import Choice, Edit, Notice, ShippingMethod
from core.views import RunView, StepView
from pages.shared import steps
from pages.shared.forms import items_editor, label, sentences, text_or_none, wallet_select
from pages.shared.palette import STATES, STATUSES, inert
from pages.shared.ui import callout, money, plural

NOBODY = "nobody"
NOTICES: dict[str, str] = {NOBODY: "Nobody", "email": "Email", "sms": "SMS", "call": "Call"}
CHOICES: tuple[tuple[Choice, str, str], ...] = (
    ("retry", "Retry step", "refresh"),
    ("edit", "Edit and retry", "edit"),
    ("skip", "Skip", "skip_next"),
    ("give_up", "Give up and undo", "undo"),
)
ENDINGS = {
    "confirmed": "Everything was booked, and the customer was told.",
    "refunded": "Everything that was done has been undone, and the money went back.",
    "rejected": "The order was refused before any money moved.",
    "cancelled": "The run was cancelled; whatever had been done is undone.",
}


class Words(NamedTuple):
    """A heading (markdown) and one or two sentences (markdown)."""

    heading: str
    text: str


def words(view: RunView) -> Words:
    """What the card says now."""
    if view.question:
        return _asked(view)
    if view.live and view.row.status == "needs_attention":
        code = inert((view.code or "unknown").replace("_", " "), 60)
        return Words(
            _mark("attention", "front_hand", "This run can't go on"),
            f"It is kept as it is, and nothing is called for it any more (reason: {code}).",
        )
    if not view.live:
        word, icon, state = STATUSES[view.row.status]
        said = f" {inert(view.code.replace('_', ' ').capitalize(), 200)}." if view.code else ""
        return Words(_mark(state, icon, word), _ending(view) + said)
    now = steps.active(view)
    if view.control.cancelled:
        said = (
            "The attempt in flight is let finish. Then what was done is undone, unless the order was confirmed first."
        )
        return Words(_mark("undone", "undo", "Cancelling"), said)
    if view.row.status == "paused":
        return Words(
            _mark("waiting", "pause_circle", "Paused"),
            "Nothing new is started until you press Resume. Nothing is lost while it waits.",
        )
    if now is None:
        return Words(_mark("running", "play_circle", "On to the next step"), steps.CALM)
    if now.undo_state in ("running", "retrying"):
        return Words(_mark("undone", "undo", f"Undoing: {inert(now.title)}"), "The run gives back what it took.")
    return Words(
        _mark(now.state, STATES[now.state].icon, f"{inert(now.title)}, {steps.attempt_words(now)}"), steps.CALM
    )


def _ending(view: RunView) -> str:
    if view.row.parent:
        sent = view.row.status == "confirmed"
        return "It was sent again. The order itself stands as it was." if sent else "It was not sent again."
    if view.row.status == "confirmed_with_issues":
        return _issues(view)
    return ENDINGS[view.row.status]


def _issues(view: RunView) -> str:
    """What is missing for good behind an order that stands, and what of it was or can be sent again."""
    again = any(step.can_repair for step in view.steps)
    if any(step.repaired for step in view.steps) and not again:
        said = ["The order stands, and what had failed behind it and could be sent again was sent again."]
    else:
        said = ["The order stands."]
    missing = [step for step in view.steps if not step.can_repair and not step.repaired and not _replaced(view, step)]
    for state, what in (("skipped", "Skipped"), ("failed", "Failed")):
        titles = [inert(step.title) for step in missing if step.role == "step" and step.state == state]
        said += [f"{what}: {', '.join(titles)}."] if titles else []
    return " ".join([*said, "What can be sent again is offered here."] if again else said)


def _replaced(view: RunView, step: StepView) -> bool:
    """Whether the last step of its alternative was done."""
    last = next(
        (planned.alternative[-1].id for planned in view.plan.steps() if planned.id == step.id and planned.alternative),
        "",
    )
    return any(other.id == last and other.state == "done" for other in view.steps)


def _mark(state: str, icon: str, text: str) -> str:
    return f":{STATES[state].color}[:material/{icon}: {text}]"


def _asked(view: RunView) -> Words:
    question = view.question
    step = asked_step(view)
    title = inert(step.title) if step else "A step"
    code = inert((question.code if question else "").replace("_", " "), 60)
    if view.row.status == "compensation_stuck":
        owed = money(view.money.owed)
        return Words(
            _mark("attention", "front_hand", f"{owed} is owed to the customer"),
            f"{title} could not be undone ({code}). It is tried again with the same key when you press Retry.",
        )
    failed = _failed(view, step)
    why = inert(failed.note.rstrip("."), 300) if failed and failed.note else code.capitalize()
    tries = f" after {plural(failed.attempts, 'attempt')}" if failed and failed.attempts else ""
    if failed is not step and failed:
        why += f". {title} waits for it"
        title = inert(failed.title)
    if view.money.kept.minor:
        taken = f"{money(view.money.kept)} is taken and waits for your choice."
    else:
        taken = "No money has moved; the run waits for your choice."
    return Words(_mark("attention", "front_hand", f"{title} failed{tries}"), f"{why}. {taken}")


def _failed(view: RunView, asked: StepView | None) -> StepView | None:
    """The step that failed: the one that the question is about, or the check that an edit had repeated before it."""
    code = view.question.code if view.question else ""
    ended = [(step, step.tries[-1]) for step in view.steps if step.tries]
    if not asked or any(step is asked and last.code == code for step, last in ended):
        return asked
    others = [(last.start_s, step) for step, last in ended if last.code == code]
    return max(others, key=lambda other: other[0])[1] if others else asked


def asked_step(view: RunView) -> StepView | None:
    """The step that the question is about."""
    asked = view.question.step if view.question else ""
    return next((step for step in view.steps if step.id == asked), None)


def buttons(view: RunView) -> None:
    """Notice and choices, in the same rows at all times; disabled while nothing is asked."""
    key = f"{view.row.id}_{view.question.step}_{view.question.visit}" if view.question else view.row.id
    if repairable := [step for step in view.steps if step.can_repair]:
        _repairs(view, repairable)
        return
    if not view.live:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("Tell the customer by", width="content")
        st.selectbox(
            "Tell the customer by",
            [NOBODY, *view.notices],
            format_func=NOTICES.__getitem__,
            key=f"notice_{key}",
            disabled=not view.notices,
            label_visibility="collapsed",
            width=140,
        )
    with st.container(horizontal=True, gap="xsmall"):
        for choice, text, icon in CHOICES:
            st.button(
                text,
                type="primary" if choice == "retry" else "secondary",
                icon=f":material/{icon}:",
                disabled=choice not in view.choices,
                key=f"{choice}_{key}",
                on_click=_press,
                args=(view, choice, key),
            )
    if st.session_state.get(f"editing_{key}") and "edit" in view.choices:
        _edit_form(view, key)


def _notice(view: RunView, key: str) -> Notice | None:
    """The channel that was picked, where this question offers it."""
    told = st.session_state.get(f"notice_{key}")
    return next((name for name in view.notices if name == told), None)


def _press(view: RunView, choice: Choice, key: str) -> None:
    """Decide about the question that this button was drawn for, even where the page has been drawn anew meanwhile.

    As a callback it runs for a button that is gone: whoever decides too late is told.
    """
    if choice == "edit":
        st.session_state[f"editing_{key}"] = not st.session_state.get(f"editing_{key}")
    elif question := view.question:
        try:
            current_engine().decide(view.row.id, question.step, question.visit, choice, _notice(view, key))
        except SagalabError as refusal:
            _tell(str(refusal))


def _tell(refusal: str) -> None:
    st.toast(inert(refusal, 300), icon=":material/error:", duration="long")


def _repairs(view: RunView, repairable: list[StepView]) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown("Send again", width="content")
        for step in repairable:
            if st.button(inert(step.title), icon=":material/build:", key=f"repair_{view.row.id}_{step.id}"):
                try:
                    repair = current_engine().repair(view.row.id, step.id)
                except SagalabError as refusal:
                    callout(str(refusal))
                else:
                    st.switch_page("runs.py", query_params={"run": repair})


def _edit_form(view: RunView, key: str) -> None:
    question = view.question
    if question is None:
        return
    with st.form(f"edit_{key}", border=False):
        values = {field: _field(view, field, f"edit_{field}_{key}") for field in view.editable}
        sent = st.form_submit_button(
            "Retry with these changes", icon=":material/refresh:", type="primary", on_click=_tell_if_late, args=(view,)
        )
    if not sent:
        return
    try:
        edit = changed(view, values)
    except ValidationError as error:
        callout(" ".join(sentences(error)))
        return
    if not edit.changed():
        callout("Nothing was changed. Change a field, or press Retry step.")
        return
    try:
        current_engine().decide(view.row.id, question.step, question.visit, "edit", _notice(view, key), edit)
    except SagalabError as refusal:
        callout(str(refusal))
    else:
        st.rerun()


def _tell_if_late(view: RunView) -> None:
    """A form about a question that was decided meanwhile is not drawn again, so nothing would be said of its fields."""
    if current_engine().run(view.row.id).question != view.question:
        _tell("Nothing was changed: somebody decided this question in the meantime, or the run went on.")


def changed(view: RunView, values: dict[str, Any]) -> Edit:
    """Only what differs from the request as it is. Raises ValidationError."""
    edit = Edit.model_validate({field: value for field, value in values.items() if value is not None})
    same = {field: None for field, value in edit.changed().items() if getattr(view.request, field) == value}
    return edit.model_copy(update=same)


def _field(view: RunView, field: str, key: str) -> Any:
    value = getattr(view.request, field)
    if field == "items":
        return items_editor(value, key)
    if field == "wallet":
        return wallet_select(value, key)
    if field == "shipping_method":
        methods = list(get_args(ShippingMethod))
        return st.selectbox(label(field), methods, methods.index(value), str.capitalize, key=key)
    text = text_or_none(st.text_input(label(field), "" if value is None else str(value), key=key))
    return read_figure(text) if field == "budget" and text else text

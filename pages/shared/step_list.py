"""The steps of a run as blocks that open. A block is made once and then updated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_status_container import StatusContainer

from core.views import RunView, StepView
from pages.shared import steps
from pages.shared.palette import STATES

STATUS_OF: dict[str, Literal["running", "complete", "error"]] = {
    "running": "running",
    "retrying": "running",
    "failed": "error",
    "attention": "error",
}
MOVES = ("running", "retrying")


@dataclass(slots=True)
class Row:
    """One step on the page: its slot, the block in it, the slot for what the block says, and the step as painted."""

    slot: DeltaGenerator
    box: DeltaGenerator | None = None
    inside: DeltaGenerator | None = None
    step: StepView | None = None

    def paint(self, step: StepView) -> None:
        """Bring the row up to date."""
        if step == self.step:
            return
        label, body = steps.title_line(step), steps.body(step)
        if isinstance(self.box, StatusContainer) and self.inside and step.state not in steps.QUIET:
            self.box.update(label=label, state=STATUS_OF.get(step.state, "complete"))
            self.inside.markdown(body)
        else:
            self.box = self._make(step, label)
            self.inside = self.box.markdown(body)
        self.step = step

    def _make(self, step: StepView, label: str) -> DeltaGenerator:
        if step.state in MOVES:  # only these: st.status sleeps for 50 ms when it is made
            return self.slot.status(label, state="running", type="step")
        return self.slot.expander(label, icon=f":material/{STATES[step.state].icon}:", type="step")


class StepList:
    """All steps of a run, in a slot of their own."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.rows: list[Row] = []

    def begin(self, slot: DeltaGenerator, view: RunView) -> None:
        """Paint the rows of the steps that have begun; those that wait follow with the first `paint`."""
        shown = steps.shown(view)
        self.ids = [step.id for step in shown]
        parent = slot.container(gap="xsmall")
        self.rows = [Row(parent.empty()) for _ in shown]
        for row, step in zip(self.rows, shown, strict=True):
            if step.state not in steps.QUIET:
                row.paint(step)

    def paint(self, slot: DeltaGenerator, view: RunView) -> None:
        """Paint the rows that have changed; all of them where steps came or went."""
        shown = steps.shown(view)
        if [step.id for step in shown] != self.ids:
            self.begin(slot, view)
        for row, step in zip(self.rows, shown, strict=True):
            row.paint(step)

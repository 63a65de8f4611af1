"""What is said and drawn about a run's steps. Pure functions of a view or a plan; text is made inert here."""

from __future__ import annotations

from core.models import OrderRequest, Plan
from core.views import RunView, StepView
from pages.shared.diagram import Bar, Node
from pages.shared.palette import STATES, badge, inert
from pages.shared.ui import span

QUIET = ("waiting", "skipped")
CALM = "Nothing needs you. If a step fails for good, the run stops here and asks; nothing is lost while it waits."
LONGEST_GAP_S = 6.0  # a longer pause between attempts is cut out of the timeline
CUT_S = 1.0


def in_sight(plan: Plan, request: OrderRequest) -> set[str]:
    """Ids of the stages' steps that this request asks for; alternatives come up only when they are tried."""
    facts = request.facts()
    return {step.id for stage in plan.stages for step in stage if step.holds(facts)}


def shown(view: RunView) -> list[StepView]:
    """The steps worth a row: those the request asks for, and whatever else has begun."""
    wanted = in_sight(view.plan, view.request)
    return [step for step in view.steps if step.id in wanted or step.state not in QUIET]


def active(view: RunView) -> StepView | None:
    """The step that is under way, if any; an undo counts."""
    for state in ("retrying", "running"):
        for step in view.steps:
            if state in (step.state, step.undo_state):
                return step
    return None


def attempt_words(step: StepView) -> str:
    """Which attempt of a step is under way, or failed last."""
    flying = next((t for t in reversed(step.tries) if t.end_s is None), None)
    if flying:
        return f"attempt {flying.attempt}"
    return f"waits for attempt {step.attempts + 1}" if step.state == "retrying" else "attempt 1"


def undo_title(undo: str) -> str:
    """An undo action as a label."""
    return undo.partition(".")[2].replace("_", " ").capitalize() or undo.replace("_", " ").capitalize()


def plan_rows(plan: Plan, request: OrderRequest) -> tuple[list[list[Node]], dict[int, tuple[str, str]]]:
    """The diagram of a plan that has not run: rows of nodes, and per row its undo."""
    facts = request.facts()
    rows: list[list[Node]] = []
    undo: dict[int, tuple[str, str]] = {}
    for stage in plan.stages:
        nodes = [step for step in stage if step.holds(facts)]
        if not nodes:
            continue
        for step in nodes:
            if step.undo:
                undo[len(rows)] = ("waiting", undo_title(step.undo))
        tries = [f"{step.retry.attempts} tries" if step.retry.attempts > 1 else "" for step in nodes]
        rows.append([("waiting", s.title, tries[0] if len(nodes) == 1 else "") for s in nodes])
    return rows, undo


def run_rows(view: RunView) -> tuple[list[list[Node]], dict[int, tuple[str, str]]]:
    """The diagram of a run: the plan coloured by state, then what came up on the way."""
    groups: dict[tuple[str, int], list[StepView]] = {}
    for place, step in enumerate(shown(view)):
        together = ("stage", step.stage) if step.role == "step" else ("own", place)
        groups.setdefault(together, []).append(step)
    rows: list[list[Node]] = []
    undo: dict[int, tuple[str, str]] = {}
    for group in groups.values():
        for step in group:
            if step.undo:
                undo[len(rows)] = (step.undo_state, undo_title(step.undo))
        word = STATES[group[0].state].word if group[0].state != "waiting" else ""
        rows.append([(step.state, step.title, word if len(group) == 1 else "") for step in group])
    return rows, undo


def alt(rows: list[list[Node]]) -> str:
    """A diagram in words, for those who can't see it."""
    return "Plan: " + ", then ".join(" beside ".join(f"{label} ({state})" for state, label, _ in row) for row in rows)


def bars(view: RunView, now_s: float) -> tuple[list[tuple[str, list[Bar]]], float, list[tuple[float, str]]]:
    """The timeline: rows of (label, attempts), its length, and the real time at five places of the axis."""
    tries = [t for step in view.steps for t in step.tries]
    ends = [(t.start_s, now_s if t.end_s is None else t.end_s) for t in tries]
    place, length, real = _squeezed(ends)
    rows = []
    for step in shown(view):
        found: list[Bar] = []
        for t in step.tries:
            good = "undone" if t.direction == "undo" else "done"
            state = "running" if t.end_s is None else "failed" if t.code else good
            found.append((place(t.start_s), place(now_s if t.end_s is None else t.end_s), state))
        if found or view.live:  # a lane for each step that may still come: nothing below moves when it does
            rows.append((step.title, found))
    ticks = [(part, span(real(length * part))) for part in (0, 0.25, 0.5, 0.75, 1)]
    return rows, length, ticks


def _squeezed(ends):
    """Cut long pauses out of a time line: place(real s) -> drawn s, the drawn length, real(drawn s) -> real s."""
    cuts: list[tuple[float, float]] = []  # (real start of a pause, seconds cut out of it)
    reach = 0.0
    for start, end in sorted(ends):
        if start - reach > LONGEST_GAP_S:
            cuts.append((reach + CUT_S, start - reach - CUT_S))
        reach = max(reach, end)

    def place(at: float) -> float:
        return at - sum(min(cut, max(0.0, at - start)) for start, cut in cuts)

    def real(drawn: float) -> float:
        for start, cut in cuts:
            if drawn > start:
                drawn += cut
        return drawn

    return place, max(place(reach), 0.1), real


def title_line(step: StepView) -> str:
    """Label of a step's block: title, chip, attempts and time."""
    tail = ""
    if step.attempts:
        tail = f" :small[:gray[{step.attempts} attempt{'s' * (step.attempts > 1)}, {span(step.took_ms / 1000)}]]"
    mark = badge(step.state, icon="")
    repaired = f" {badge('done', 'Repaired', icon='')}" if step.repaired else ""
    return f"**{inert(step.title)}** {mark}{repaired}{tail}"


def body(step: StepView) -> str:
    """What a step's block says inside."""
    said = inert(step.note, 400) or ("Not started" if step.state == "waiting" else "")
    lines = [f":small[:gray[{inert(step.action)}]]", said]
    for t in step.tries if len(step.tries) > 1 else ():
        took = "under way" if t.end_s is None else span(t.end_s - t.start_s)
        result = inert((t.code or ("" if t.end_s is None else "answered")).replace("_", " "))
        what = "" if t.direction == "do" else f"{t.direction}, "
        visit = f"visit {t.visit}, " if t.visit > 1 else ""
        lines.append(f":small[:gray[{what}{visit}attempt {t.attempt} at {span(t.start_s)}: {result} {took}]]")
    return "  \n".join(line for line in lines if line)

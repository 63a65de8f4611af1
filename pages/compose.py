"""Compose: a sentence, what was read from it, the plan, Run."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitPageNotFoundError

from core.bootstrap import current_engine
from core.errors import ReadingRefused, SagalabError
from pages.shared import chat, correct, diagram, drafts, readers, reading, saved, second_look, state, steps, ui
from pages.shared.palette import inert

MANY = 100
REFUSED = "refused"  # why the last press of Run started nothing
EXAMPLES = {
    "2 laptops, for the team": "Order 2 laptops for our office team",
    "Flight to Paris": "Book a flight from NYC to Paris for business",
    "10 licences": "Purchase enterprise software licenses for 10 users",
    "A consultation": "Schedule a professional consultation appointment",
    "5 iPhones": "Order 5 iPhones for the marketing department",
    "Office supplies in bulk": "Process bulk order for office supplies with express shipping",
    "5 iPhones, express": "Order 5 iPhones for our sales team with express shipping",
    "Training for 20": "Schedule enterprise software training for 20 employees",
    "10 laptops with warranty": "Purchase 10 laptops for the development team with warranty",
    "Business class to London": "Book business class flights from New York to London for 3 executives",
}
IN_SIGHT = 4
WRITE = "Write what you want, how to pay and where it goes, or pick an example above."
CHANGE = "Change the text as it is said above. Its reading and its plan come here."


def use(label: str | None = None) -> None:
    """Put an example into the sentence box."""
    picked = label or st.session_state.get("more")
    if picked in EXAMPLES:
        state.compose(EXAMPLES[picked])


def examples() -> None:
    """The first few as buttons, the others in a menu."""
    labels = list(EXAMPLES)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for label in labels[:IN_SIGHT]:
            st.button(label, on_click=use, args=(label,))
        st.menu_button("More examples", labels[IN_SIGHT:], key="more", on_click=use)


def price(draft: state.Draft) -> str:
    """What it costs and what runs, as one line of markdown."""
    shown = [step for step in draft.plan.steps() if step.id in steps.in_sight(draft.plan, draft.served)]
    undos = sum(step.undo is not None for step in shown)
    count = f":small[:gray[{len(shown)} steps, {undos} with an undo]]"
    if not draft.quote:
        return count
    how = f"from wallet {inert(draft.served.wallet or '', 40)}" if draft.served.corporate else "by card"
    return f"**{ui.money(draft.quote.offers[0].pay)}** {how} {count}"


def follow(last: state.LastStart) -> None:
    """Go to the run that was started, or to the list where many were. Does nothing where nothing leads there."""
    if last.leads:
        st.switch_page("runs.py", query_params={"run": last.run} if last.run else None)


def press(many: bool, form: int, shown: state.Draft | None) -> None:
    """Start what is written, unless this very form has done so; leave for the page why it can't be started.

    What was shown is started as it was shown, and not read again; any other text is read and shown first. As a
    callback this comes before the page: nothing of Compose is drawn on the way to the run.
    """
    last = state.last_start()
    start(last, many, form, shown)
    with suppress(StreamlitPageNotFoundError):  # this session has no list of pages yet: Compose leads there, below
        follow(last)


def start(last: state.LastStart, many: bool, form: int, shown: state.Draft | None) -> None:
    """Start what is written, or note that it was started, or why it can't be."""
    text = st.session_state.get(state.SENTENCE) or ""
    with last.lock:
        if last.lead(form, text):
            return
        try:
            draft = second_look.seen(text, shown)
            if draft is None or draft.refusal:
                return
            last.note(form, text, begin(many, draft))
        except SagalabError as error:
            st.session_state[REFUSED] = str(error)


def begin(many: bool, draft: state.Draft) -> str:
    """Start a draft; the run, or '' where it is started many times. Raises SagalabError."""
    engine = current_engine()
    if not many:
        return engine.start(draft.request, draft.plan, draft.reading.text)
    bulk = engine.plan_for(draft.request, draft.name, ask=False, wishes=draft.wishes)
    engine.start_many(draft.request, MANY, bulk, draft.reading.text)
    return ""


def card(below: DeltaGenerator) -> tuple[str, state.Draft | None]:
    """The sentence, examples, price and the two buttons. `below`: where it is said that the sentence is being read."""
    text = st.text_area(
        "Your order",
        key=state.SENTENCE,
        height=88,
        label_visibility="collapsed",
        persist_state="session",
        on_change=second_look.typed,
        placeholder="Order 3 laptops at $1,199 each, pay in euros, ship to Berlin, email maria@keller.example…",
    )
    examples()
    draft, refusal = None, ""
    options: tuple[tuple[str, str], ...] = ()
    try:
        with readers.waiting(below):
            draft = state.draft(text or "")
    except ReadingRefused as error:
        refusal, options = str(error), readers.open_options(text or "", error)
    if draft:
        readers.before_run(text or "")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(price(draft) if draft else ":small[:gray[Nothing runs before you press Run]]", width="content")
        st.space("stretch")
        # named by its text: a click that was made on another one's button starts nothing
        form, mark = state.last_start().form, state.mark(text or "")
        with st.container(horizontal=True, gap="xsmall", width="content"):  # on a phone they wrap together
            st.button(
                f"Run × {MANY}",
                icon=":material/stacks:",
                key=f"many_{form}_{mark}",
                on_click=press,
                args=(True, form, draft),
            )
            st.button(
                "Run this order",
                type="primary",
                icon=":material/play_arrow:",
                key=f"run_{form}_{mark}",
                on_click=press,
                args=(False, form, draft),
            )
    if draft:
        second_look.line(text or "", draft)
    if refused := st.session_state.pop(REFUSED, ""):
        ui.callout(refused)
    elif refusal and (text or "").strip():
        ui.callout(refusal)
        readers.options(options)
    elif draft and draft.refusal:
        ui.callout(draft.refusal)
    elif draft and draft.quote and draft.quote.over_budget:
        st.warning("This costs more than the budget. The run will stop and ask you.", icon=":material/savings:")
    return text or "", draft


follow(state.last_start())
drafts.restore()
st.title("Write an order. See its plan. Run it.", anchor=False)
st.caption("Plain English in, a checked plan out. Nothing is charged, booked or sent before you press Run.")
top, shelf = st.container(border=True, gap="small"), st.container()
outlook = st.empty()  # in the place of what no longer holds while the sentence is being read
with top:
    sentence, order = card(outlook)
drafts.keep(sentence)
with shelf:
    saved.section(order is not None)
if order is None:
    with outlook.container():
        if written := bool(sentence.strip()):
            readers.ask(sentence)
        ui.empty("edit_note", "No order yet", CHANGE if written else WRITE)
    st.stop()
left, right = st.columns([6, 5], gap="medium")
with left:
    st.subheader("The reading", anchor=False)
    readers.ask(sentence)
    reading.show(order)
    chat.section(sentence, order)
    box = st.expander("Correct it", icon=":material/tune:", key="correct_open", on_change="rerun")
    if box.open:  # its thirty fields are a load for a browser
        with box:
            correct.form(sentence, order)
with right:
    st.subheader("The plan", anchor=False)
    rows, undo = steps.plan_rows(order.plan, order.served)
    st.image(diagram.plan(rows, undo), width="stretch", alt=steps.alt(rows))

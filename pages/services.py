"""Services: what they can do, how they are doing, what they sent, the wallets they debit, and a check of it all."""

from __future__ import annotations

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError
from core.metrics import DEGRADED_SHARE, DOWN_SHARE, SPARED
from core.views import Message, RateView, ServiceView
from pages.shared import books, ui, wallets
from pages.shared.names import icon
from pages.shared.palette import badge, inert

HEALTH = {
    "healthy": ("done", "Healthy", "check_circle"),
    "degraded": ("retrying", "Degraded", "trending_down"),
    "down": ("failed", "Down", "cancel"),
    "unused": ("waiting", "Not used yet", "radio_button_unchecked"),
}
JUDGED = (
    f"A service is called degraded from {DEGRADED_SHARE:.0%} of attempts not served, down from {DOWN_SHARE:.0%}. "
    f"Those of the last hour count, or of 24 hours where it had none; {SPARED} more are taken as served, so that one "
    "failure is no outage."
)
SOURCES = {  # source of a rate -> chip, and where the rate comes from
    "live_api": (badge("done", "Live"), "answered by the live source"),
    "cached_rates": (badge("retrying", "Kept", "history"), "the last answer of the live source"),
    "fallback_rates": (badge("waiting", "Table", "table_chart"), "the dated table that comes with Sagalab"),
}
CHANNELS = {"Everything": None, "Emails": "email", "Texts": "sms", "Tickets": "ticket"}
ICONS = {"email": "mail", "sms": "sms", "ticket": "confirmation_number"}
PAGE = 20


def service_card(service: ServiceView) -> None:
    """One service: its last 24 hours, its slider, its actions."""
    share = f"{1 - service.failed / service.calls:.1%}" if service.calls else "–"
    p95 = f", p95 {service.p95_ms:,.0f} ms" if service.p95_ms is not None else ""
    st.markdown(f"**{icon(service.name)} {inert(service.title)}**  \n{badge(*HEALTH[service.health])}")
    st.metric("Attempts served", share, label_visibility="collapsed")
    tried = f"of {service.calls:,} attempts in 24 h served{p95}" if service.calls else "no attempts in 24 h"
    if service.refused:
        tried += f"; {ui.plural(service.refused, 'refusal')} among them, which are answers too"
    st.caption(f"{tried}  \nset to fail {service.rate:.0%}")
    st.caption(", ".join(inert(action.partition(".")[2] or action) for action in service.actions))
    if service.last_error:
        st.markdown(f":small[:red[Last failure: {inert(service.last_error)}]]")


def rate_card(rate: RateView) -> None:
    """Where the exchange rates come from."""
    chip, origin = SOURCES[rate.source]
    st.markdown(f"**:material/public: Exchange rates**  \n{chip}")
    st.metric("Rate", rate.rate, label_visibility="collapsed")
    st.caption(f"{rate.currency} for 1 {rate.base}, {inert(rate.date)}  \n{origin}")


def check_rates() -> None:
    """Ask the live source now, and say what came of it."""
    try:
        rate = engine.check_rates("USD", "EUR")
    except SagalabError as error:
        st.session_state.rates_said = str(error)
        return
    first = "The live source answered" if rate.source == "live_api" else "There was no live answer"
    origin = SOURCES[rate.source][1]
    st.session_state.rates_said = f"{first}: 1 {rate.base} is {rate.rate} {rate.currency} ({origin}, {rate.date})."


def message(sent: Message) -> None:
    """One message as its recipient would get it."""
    about = sent.subject or sent.body  # texts have no subject
    label = f"**{inert(sent.recipient, 60)}** {inert(about, 80)} :small[:gray[{ui.ago(sent.at)}]]"
    with st.expander(label, icon=f":material/{ICONS[sent.channel]}:"):
        st.text(sent.body)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{inert(sent.kind)}, {ui.clock(sent.at)}", width="content")
            st.page_link("runs.py", label="Open the run", query_params={"run": sent.run})


def outbox() -> None:
    """The newest messages, by channel."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Outbox", anchor=False, width="content")
        st.space("stretch")
        kind = st.selectbox("Kind", CHANNELS, label_visibility="collapsed", width=140, key="outbox_kind")
    limit = st.session_state.setdefault("outbox_limit", PAGE)
    found = engine.outbox(CHANNELS[kind], limit + 1)
    if not found:
        ui.empty("outbox", "Nothing sent yet", "Emails, texts and tickets appear here as the customer would get them.")
    with st.container(gap="xsmall"):
        for sent in found[:limit]:
            message(sent)
    if len(found) > limit and st.button("Show older", icon=":material/expand_more:"):
        st.session_state.outbox_limit += PAGE
        st.rerun()


engine = current_engine()
_, row = ui.head("Services", "Seven services, how they did in the last 24 hours, and what they sent.")
if row.button("Check rates now", icon=":material/refresh:"):
    with st.spinner("Asking the live currency source"):
        check_rates()
if said := st.session_state.pop("rates_said", ""):
    st.info(inert(said, 300), icon=":material/public:")
with st.grid(4, min_column_width=150, gap="small", border=True) as grid:
    for service in engine.services():
        with grid.cell().container(gap="xsmall"):
            service_card(service)
    with grid.cell().container(gap="xsmall"):
        rate_card(engine.rate_status("USD", "EUR"))
st.caption(JUDGED)
st.space("small")
checked = books.section()
st.space("small")
left, right = st.columns([3, 2], gap="medium")
with left:
    outbox()
with right:
    wallets.section()
books.follow(checked)

"""The form that corrects what was read. Nothing of it runs anything."""

from __future__ import annotations

from typing import Any, get_args
from zlib import crc32

import streamlit as st
from pydantic import ValidationError

from core.bootstrap import current_engine
from core.errors import Refusal
from core.models import Channel, OrderRequest, ShippingMethod, WorkflowType
from core.money import currency_names
from pages.shared import state
from pages.shared.forms import items_editor, sentences, text_or_none, wallet_select
from pages.shared.reading import KINDS
from pages.shared.ui import callout

COMMON = ("USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR", "CNY", "SEK")
CHANNELS: dict[Channel, str] = {"B2C": "Private, by card", "corporate": "Company, from a wallet"}
PLANS: dict[state.PlanName, str] = {
    "saga": "Saga: money first, then book and ship",
    "sequence": "Sequence: book first, then money",
}
EXTRA: dict[WorkflowType, tuple[str, ...]] = {
    "travel_booking": ("origin", "destination", "passengers", "rooms", "nights", "date"),
    "service_appointment": ("attendees", "date"),
    "software_license": ("seats",),
}


def form(text: str, draft: state.Draft) -> None:
    """All important fields, as they stand. Apply checks them and keeps them for this sentence."""
    key = f"{crc32(text.encode())}_{state.revision()}"
    with st.form(f"correct_{key}", border=False):
        changes = _fields(draft.request, key)
        plan = st.selectbox("Plan", list(PLANS), list(PLANS).index(draft.name), PLANS.__getitem__, key=f"plan_{key}")
        applied = st.form_submit_button("Apply", icon=":material/check:", type="primary")
    if applied and (made := _checked(draft.request, changes)):
        state.correct(text, state.Correction(made, plan))
        st.rerun()
    if state.correction(text) and st.button("Back to what was read", icon=":material/undo:"):
        state.correct(text, None)
        st.rerun()


def merged(request: OrderRequest, changes: dict[str, Any]) -> OrderRequest:
    """The request with a person's changes; what they touched is no default any more. Raises ValidationError."""
    made = OrderRequest.model_validate(request.model_dump() | changes)
    touched = {field for field in changes if getattr(made, field) != getattr(request, field)}
    kept = tuple(field for field in request.defaulted if field.split(".")[0] not in touched)
    return made.model_copy(update={"defaulted": kept})


def _checked(request: OrderRequest, changes: dict[str, Any]) -> OrderRequest | None:
    try:
        made = merged(request, changes)
        current_engine().quote(made)
    except ValidationError as error:
        callout(" ".join(sentences(error)))
    except Refusal as refusal:
        callout(str(refusal))
    else:
        return made
    return None


def _fields(request: OrderRequest, key: str) -> dict[str, Any]:
    changes: dict[str, Any] = {"items": items_editor(request.items, f"items_{key}")}
    left, right = st.columns(2, gap="small")
    with left:
        kinds = list(KINDS)
        changes["workflow_type"] = st.selectbox(
            "Kind of order", kinds, kinds.index(request.workflow_type), KINDS.__getitem__, key=f"kind_{key}"
        )
        channels = list(CHANNELS)
        changes["channel"] = st.selectbox(
            "Customer", channels, channels.index(request.channel), CHANNELS.__getitem__, key=f"channel_{key}"
        )
        changes["wallet"] = wallet_select(request.wallet, f"wallet_{key}")
        changes["currency"] = _currency("Prices in", request.currency, f"currency_{key}")
        changes["convert_to"] = _currency("Pay in", request.convert_to, f"convert_{key}", "the same")
        changes["budget"] = text_or_none(
            st.text_input("Budget", "" if request.budget is None else f"{request.budget:f}", key=f"budget_{key}")
        )
    with right:
        for field, label in (("customer_email", "E-mail"), ("phone_number", "Phone"), ("address", "Address")):
            typed = st.text_input(label, getattr(request, field) or "", key=f"{field}_{key}")
            changes[field] = text_or_none(typed)
        methods = list(get_args(ShippingMethod))
        changes["shipping_method"] = st.selectbox(
            "Delivery", methods, methods.index(request.shipping_method), str.capitalize, key=f"shipping_{key}"
        )
        changes["notifications"] = _notifications(request, key)
    return changes | _extra(request, key)


def _currency(label: str, chosen: str | None, key: str, none: str = "") -> str | None:
    names = currency_names()
    codes = list(dict.fromkeys([*([chosen] if chosen else []), *COMMON, *names]))
    options = ["", *codes] if none else codes
    picked = st.selectbox(
        label,
        options,
        options.index(chosen or ""),
        lambda code: f"{code} · {names.get(code, 'unknown')}" if code else none,
        key=key,
    )
    return picked or None


def _notifications(request: OrderRequest, key: str) -> dict[str, bool | None]:
    asked = request.notifications
    st.caption("Tell the customer by")
    with st.container(horizontal=True, gap="small"):
        shown = {
            "email": ("Email", asked.email is not False),
            "sms": ("Text", asked.sms is not False),
            "call": ("Call", asked.call is True),
        }
        ticked = {name: st.toggle(label, on, key=f"{name}_{key}") for name, (label, on) in shown.items()}
    return {name: getattr(asked, name) if ticked[name] == shown[name][1] else ticked[name] for name in shown}


def _extra(request: OrderRequest, key: str) -> dict[str, Any]:
    fields = EXTRA.get(request.workflow_type, ())
    changes: dict[str, Any] = {}
    for start in range(0, len(fields), 3):
        for column, field in zip(st.columns(3, gap="small"), fields[start : start + 3], strict=False):
            value = getattr(request, field)
            typed = column.text_input(field.capitalize(), "" if value is None else str(value), key=f"{field}_{key}")
            changes[field] = text_or_none(typed)
    return changes

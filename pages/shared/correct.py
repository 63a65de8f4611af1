"""The form that corrects what was read. Nothing of it runs anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

import streamlit as st
from pydantic import ValidationError

from core.bootstrap import current_engine
from core.composer.refine import KINDS
from core.composer.typed import read_day, read_figure, read_time
from core.errors import Refusal, RequestRefused
from core.models import (
    Channel,
    Domain,
    OrderRequest,
    PlanName,
    PlanWish,
    Priority,
    ShippingMethod,
    TravelClass,
    TravelMode,
    TripType,
    WorkflowType,
    settle_wishes,
)
from core.money import currency_names
from pages.shared import state, wishes
from pages.shared.forms import items_editor, label, sentences, text_or_none, wallet_select
from pages.shared.reading import ACTIONS, EVENTS
from pages.shared.ui import callout

COMMON = ("USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR", "CNY", "SEK")
CHANNELS: dict[Channel, str] = {"B2C": "Private, by card", "corporate": "Company, from a wallet"}
PLANS: dict[PlanName, str] = {
    "saga": "Saga: money first, then book and ship",
    "sequence": "Sequence: book first, then money",
}
TYPED: dict[WorkflowType, tuple[str, ...]] = {  # besides what every order can have
    "travel_booking": ("origin", "destination", "passengers", "rooms", "nights", "return_date"),
    "service_appointment": ("attendees",),
    "software_license": ("seats",),
}
PICKED: dict[WorkflowType, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "travel_booking": (
        ("travel_mode", get_args(TravelMode)),
        ("travel_class", get_args(TravelClass)),
        ("trip_type", get_args(TripType)),
    )
}
LIMITS = ("budget", "total_price", "discount_percent", "promo_code")
FIGURES = ("passengers", "rooms", "nights", "attendees", "seats", *LIMITS[:3])
WORDED: Mapping[str, Callable[[str], str]] = {  # field -> how its words are read
    "date": read_day,
    "return_date": read_day,
    "time": read_time,
    **dict.fromkeys(FIGURES, read_figure),
}


def form(text: str, draft: state.Draft) -> None:
    """All important fields, as they stand. Apply checks them and keeps them for this sentence."""
    key = f"{state.mark(text)}_{state.revision()}"
    with st.form(f"correct_{key}", border=False):
        changes = _fields(draft.request, key)
        st.caption("Steps of the plan")
        wished = wishes.editor(draft.wishes, f"wishes_{key}")
        plan = st.selectbox("Plan", list(PLANS), list(PLANS).index(draft.name), PLANS.__getitem__, key=f"plan_{key}")
        applied = st.form_submit_button("Apply", icon=":material/check:", type="primary")
    if applied and (made := _checked(draft.request, changes, plan, wished)):
        state.correct(text, made)
        st.rerun()
    if state.correction(text) and st.button("Back to what was read", icon=":material/undo:"):
        state.correct(text, None)
        st.rerun()


def understood(request: OrderRequest, changes: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The changes with what was typed in words as an order holds it, and a sentence for each that can't be read.

    What stands as it was is not read again; in the place of what can't be read it is left.
    """
    found, faults = dict(changes), []
    for field, read in WORDED.items():
        typed, held = changes.get(field), getattr(request, field)
        if typed is None or typed == held:
            continue
        try:
            found[field] = read(typed)
        except RequestRefused as refused:
            found[field] = held
            faults.append(f"{label(field)}: {refused}")
    return found, faults


def merged(request: OrderRequest, changes: dict[str, Any]) -> OrderRequest:
    """The request with a person's changes; what they touched is no default any more. Raises ValidationError."""
    made = OrderRequest.model_validate(request.model_dump() | changes)
    touched = {field for field in changes if getattr(made, field) != getattr(request, field)}
    kept = tuple(field for field in request.defaulted if field.split(".")[0] not in touched)
    return made.model_copy(update={"defaulted": kept})


def _checked(
    request: OrderRequest, changes: dict[str, Any], plan: PlanName, wished: list[dict[str, Any]]
) -> state.Correction | None:
    readable, faults = understood(request, changes)
    try:
        made = merged(request, readable)
        asked = settle_wishes(PlanWish.model_validate(wish) for wish in wished)
        current_engine().quote(made)
    except ValidationError as error:
        faults += sentences(error)
    except Refusal as refusal:
        faults.append(str(refusal))
    else:
        if not faults:
            return state.Correction(made, plan, asked)
    callout(" ".join(faults))
    return None


def _fields(request: OrderRequest, key: str) -> dict[str, Any]:
    st.caption("Items")
    changes: dict[str, Any] = {"items": items_editor(request.items, f"items_{key}")}
    left, right = st.columns(2, gap="small")
    with left:
        changes["workflow_type"] = _pick("Kind of order", tuple(KINDS), request.workflow_type, key, KINDS.__getitem__)
        changes["domain"] = _pick("Branch", get_args(Domain), request.domain, key)
        changes["channel"] = _pick("Customer", tuple(CHANNELS), request.channel, key, CHANNELS.__getitem__)
        changes["wallet"] = wallet_select(request.wallet, f"wallet_{key}")
        changes["currency"] = _currency("Prices in", request.currency, f"currency_{key}")
        changes["convert_to"] = _currency("Pay in", request.convert_to, f"convert_{key}", "the same")
    with right:
        changes |= _typed(request, ("customer_email", "phone_number", "address", "customer_id"), key, columns=1)
        changes["shipping_method"] = _pick("Delivery", get_args(ShippingMethod), request.shipping_method, key)
        changes["priority"] = _pick("Priority", get_args(Priority), request.priority, key)
    changes |= _typed(request, LIMITS, key, columns=2)
    changes |= _typed(request, ("date", "time", *TYPED.get(request.workflow_type, ())), key, columns=2)
    for field, options in PICKED.get(request.workflow_type, ()):
        changes[field] = _pick(label(field), (None, *options), getattr(request, field), key)
    changes["notifications"] = _notifications(request, key)
    changes["conditions"] = _conditions(request, key)
    return changes


def _words(value: str | None) -> str:
    return "not said" if value is None else value.replace("_", " ").capitalize()


def _pick(name: str, options: Sequence[Any], chosen: Any, key: str, words: Callable[[Any], str] = _words) -> Any:
    return st.selectbox(name, options, options.index(chosen), words, key=f"{name}_{key}")


def _typed(request: OrderRequest, fields: Sequence[str], key: str, columns: int) -> dict[str, str | None]:
    """Fields that are written; empty is not said."""
    found = {}
    places = st.columns(columns, gap="small")
    for place, field in enumerate(fields):
        value = getattr(request, field)
        shown = f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)
        found[field] = text_or_none(places[place % columns].text_input(label(field), shown, key=f"{field}_{key}"))
    return found


def _currency(name: str, chosen: str | None, key: str, none: str = "") -> str | None:
    names = currency_names()
    codes = list(dict.fromkeys([*([chosen] if chosen else []), *COMMON, *names]))
    options = ["", *codes] if none else codes
    picked = st.selectbox(
        name,
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
        ticked = {name: st.toggle(word, on, key=f"{name}_{key}") for name, (word, on) in shown.items()}
    return {name: getattr(asked, name) if ticked[name] == shown[name][1] else ticked[name] for name in shown}


def _conditions(request: OrderRequest, key: str) -> list[dict[str, str]]:
    """'If this, then that' as pills, one per pair."""
    pairs = {f"{event}/{then}": f"If {EVENTS[event]}, {ACTIONS[then]}" for event in EVENTS for then in ACTIONS}
    held = [f"{condition.event}/{condition.then}" for condition in request.conditions]
    picked = st.multiselect(
        "Conditions", list(pairs), held, format_func=pairs.__getitem__, placeholder="None", key=f"conditions_{key}"
    )
    return [dict(zip(("if", "then"), pair.split("/"), strict=True)) for pair in picked]

"""What a person wishes of the plan: as words, and as a table to change it."""

from __future__ import annotations

from typing import Any, get_args

import pandas as pd
import streamlit as st

from core.models import CRITICAL_PARTS, MESSAGE_PARTS, Notice, PlanPart, PlanWish, Policy, RetryPolicy

PARTS: dict[PlanPart, str] = {
    "payment": "Payment",
    "order": "Order",
    "conversion": "Conversion",
    "booking": "Booking",
    "shipping": "Shipping",
    "email": "Email",
    "sms": "Text",
    "call": "Call",
}
BY_DEFAULT = "as usual"
POLICIES: dict[Policy, str] = {"ask": "stop and ask", "compensate": "undo everything", "continue": "go on without it"}
CHANNELS: dict[Notice, str] = {"email": "email", "sms": "text", "call": "call"}
USUAL = RetryPolicy().attempts


def words(wish: PlanWish) -> str:
    """A wish in a few words (plain text)."""
    part = PARTS[wish.step]
    if wish.attempts is not None:
        return f"{part}: tried {'once' if wish.attempts == 1 else f'up to {wish.attempts} times'}"
    if wish.policy is not None:
        return f"{part} fails: {POLICIES[wish.policy]}"
    return f"{CHANNELS[wish.tell_before or 'email'].capitalize()} before: {part.lower()}"


def editor(wishes: tuple[PlanWish, ...], key: str) -> list[dict[str, Any]]:
    """An editable table, a row per part of the plan; returns wishes as `PlanWish` takes them."""
    parts = [*CRITICAL_PARTS, *MESSAGE_PARTS]
    by_part = {part: [wish for wish in wishes if wish.step == part] for part in parts}
    frame = pd.DataFrame(
        {
            "part": [PARTS[part] for part in parts],
            "attempts": [next((w.attempts for w in by_part[part] if w.attempts), USUAL) for part in parts],
            "policy": [next((POLICIES[w.policy] for w in by_part[part] if w.policy), BY_DEFAULT) for part in parts],
            "before": [[CHANNELS[w.tell_before] for w in by_part[part] if w.tell_before] for part in parts],
        }
    )
    column = st.column_config
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=["part"],
        column_config={
            "part": column.TextColumn("Step"),
            "attempts": column.NumberColumn("Tries", min_value=1, max_value=20, step=1, required=True),
            "policy": column.SelectboxColumn("If it fails", options=[BY_DEFAULT, *POLICIES.values()], required=True),
            "before": column.MultiselectColumn("Tell me before", options=list(CHANNELS.values())),
        },
    )
    rows = zip(parts, edited["attempts"], edited["policy"], edited["before"], strict=True)
    return [wish for row in rows for wish in _row(*row)]


def _row(part: PlanPart, attempts: Any, policy: Any, before: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if not pd.isna(attempts) and int(attempts) != USUAL:
        found.append({"step": part, "attempts": int(attempts)})
    found += [{"step": part, "policy": name} for name in get_args(Policy) if POLICIES[name] == policy]
    told = before if isinstance(before, list | tuple) else []
    return found + [{"step": part, "tell_before": name} for name in get_args(Notice) if CHANNELS[name] in told]

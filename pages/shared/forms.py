"""Forms that make models: an editable table of items, and a model's refusals as sentences."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from core.bootstrap import current_engine
from core.models import Item, visible
from core.money import format_money

LABELS = {
    "customer_email": "E-mail",
    "phone_number": "Phone",
    "address": "Address",
    "shipping_method": "Delivery",
    "wallet": "Wallet",
    "budget": "Budget",
    "currency": "Prices in",
    "convert_to": "Pay in",
    "workflow_type": "Kind of order",
    "domain": "Branch",
    "channel": "Customer",
    "unit_price": "Unit price",
}
ABOUT = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} lines",
    "too_short": "needs at least one line",
    "decimal_max_digits": "has too many digits",
    "string_pattern_mismatch": "is not written as it should be",
    "literal_error": "must be {expected}",
    "finite_number": "must be a number",
    "decimal_parsing": "must be a number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
}


def label(field: str) -> str:
    """A field's name in words."""
    return LABELS.get(field, field.replace("_", " ").capitalize())


def sentences(error: ValidationError) -> list[str]:
    """One sentence per fault: which field, in which line, and what is wrong with it."""
    found = []
    for fault in error.errors():
        line, field = "", ""
        for part in fault["loc"]:
            if isinstance(part, int):
                line = f"Line {part + 1}: "
            else:
                field = str(part)
        if field in ("currency", "convert_to"):
            said = "must be an ISO code of three capital letters, such as USD or EUR"
        elif fault["type"] == "value_error":
            found.append(f"{line}{fault['msg'].removeprefix('Value error, ')}.")
            continue
        else:
            said = ABOUT.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
        found.append(f"{line}{label(field)} {said}.")
    return list(dict.fromkeys(found))


def items_editor(items: tuple[Item, ...], key: str) -> list[dict[str, Any]]:
    """An editable table of items; returns rows as `Item` takes them. Rows left empty are dropped."""
    rows = [
        (i.name, float(i.quantity), i.unit or "", None if i.unit_price is None else float(i.unit_price)) for i in items
    ]
    frame = pd.DataFrame(rows, columns=["name", "quantity", "unit", "unit_price"]).astype(
        {"name": "object", "quantity": "float64", "unit": "object", "unit_price": "float64"}
    )
    column = st.column_config
    edited = st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        column_config={
            "name": column.TextColumn("Item", width="medium"),
            "quantity": column.NumberColumn("Quantity", format="%g"),
            "unit": column.TextColumn("Unit"),
            "unit_price": column.NumberColumn("Unit price", format="%.2f"),
        },
    )
    return [row for values in edited.itertuples(index=False) if (row := _row(values))]


def _row(values: Any) -> dict[str, Any] | None:
    name, quantity, unit, price = (None if pd.isna(value) or value == "" else value for value in values)
    if name is None and quantity is None and price is None:
        return None
    return {
        "name": name or "",
        "quantity": Decimal(1) if quantity is None else Decimal(str(quantity)),
        "unit": unit,
        "unit_price": None if price is None else Decimal(str(price)),
    }


def wallet_select(chosen: str | None, key: str) -> str | None:
    """A wallet by name and balance; None for the default."""
    held = {
        wallet.name: f"{wallet.name} · {format_money(wallet.balance.minor, wallet.balance.currency)}"
        for wallet in current_engine().wallets()
    }
    if chosen and chosen not in held:
        held[chosen] = f"{chosen} · unknown"
    names = [None, *held]
    return st.selectbox(
        "Wallet",
        names,
        index=names.index(chosen),
        format_func=lambda name: "by default" if name is None else held[name],
        key=key,
        help="Company orders are paid from it.",
    )


def text_or_none(text: str | None) -> str | None:
    """What was typed, or None where nothing was that can be seen."""
    return visible(text or "").strip() or None

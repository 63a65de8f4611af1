"""What is not wanted of an order that is being written: taken out where it is there, and said where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.composer.changes import NEVER_UNSET, Composed, Op, SetCondition, SetField, SetWish
from core.composer.wording import LABELS
from core.models import Condition, OrderRequest, PlanWish

USUAL: dict[str, Any] = {
    name: field.default for name, field in OrderRequest.model_fields.items() if name in ("shipping_method", "priority")
}


def taken_out(draft: Composed, field: str, unwanted: Sequence[Any]) -> tuple[list[Op], str]:
    """The changes that take these values of a field out of an order; where none is in it, a sentence that says so.

    `unwanted` holds conditions for 'conditions', wishes for 'wishes', else values of the request's field.
    """
    if field == "wishes":
        wishes = [wish for wish in unwanted if wish in draft.wishes]
        return [SetWish(wish=wish, on=False) for wish in wishes], "" if wishes else _none(_wish_named(unwanted[0]))
    if field == "conditions":
        conditions = [Condition.model_validate(one) for one in unwanted]
        held = [one for one in conditions if one in draft.request.conditions]
        return [SetCondition(event=one.event, then=one.then, on=False) for one in held], "" if held else _none(
            "condition of that kind"
        )
    value = getattr(draft.request, field, None)
    if None in unwanted and value is not None and field not in NEVER_UNSET:
        return [SetField(field=field, value=None)], ""
    if value is None or str(value).lower() not in [str(one).lower() for one in unwanted]:
        said = [str(one).replace("_", " ") for one in unwanted if one is not None]
        return [], _none(f"{_label(field)} '{said[0]}'") if said else ""
    if field not in NEVER_UNSET:
        return [SetField(field=field, value=None)], ""
    if (usual := USUAL.get(field, value)) != value:
        return [SetField(field=field, value=usual)], ""
    return [], f"Nothing was changed: say which {_label(field)} it is to be instead of {value}."


def _none(what: str) -> str:
    return f"There is nothing to take out: this order has no {what}."


def _label(field: str) -> str:
    label = "conversion to" if field == "convert_to" else LABELS.get(field, field.replace("_", " "))
    return f"{label[:1].lower()}{label[1:]}"


def _wish_named(wish: PlanWish) -> str:
    return "notice of that kind" if wish.tell_before else "wish of that kind"

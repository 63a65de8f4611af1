"""Typed changes of an order that is being written, and what they make of it, whoever proposes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from core.composer.offline import refusals
from core.composer.offline.nouns import canonical, head_of, is_licence
from core.models import (
    Condition,
    ConditionAction,
    ConditionEvent,
    Model,
    Notice,
    Notifications,
    OrderRequest,
    PlanName,
    PlanWish,
    Short,
    settle_wishes,
)
from core.money import known

MOST_CHANGES = 40
Settable = Literal[
    "currency", "convert_to", "total_price", "budget", "discount_percent", "promo_code", "customer_id",
    "customer_email", "phone_number", "address", "channel", "wallet", "shipping_method", "priority", "date",
    "return_date", "time", "travel_mode", "travel_class", "trip_type", "origin", "destination", "passengers", "rooms",
    "nights", "attendees", "seats", "workflow_type",
]  # fmt: skip
NEVER_UNSET = ("currency", "channel", "shipping_method", "priority", "workflow_type")


@dataclass(frozen=True, slots=True)
class Composed:
    """An order as it is being written: the request, which built-in plan, and what is wished of that."""

    request: OrderRequest
    plan: PlanName = "saga"
    wishes: tuple[PlanWish, ...] = ()


class Unfit(Exception):
    """A change that can't be made; the message is a sentence that says why and what to write instead."""


class SetField(Model):
    """Give a field another value; None takes it away."""

    op: Literal["set"] = "set"
    field: Settable
    value: str | Decimal | None = None


class AddItem(Model):
    """One more line."""

    op: Literal["add_item"] = "add_item"
    name: Short
    quantity: Decimal = Decimal(1)
    unit: Short | None = None
    unit_price: Decimal | None = None


class ChangeItem(Model):
    """Another name, quantity, unit or price for the line of this name; None leaves it."""

    op: Literal["change_item"] = "change_item"
    item: Short
    name: Short | None = None
    quantity: Decimal | None = None
    unit: Short | None = None
    unit_price: Decimal | None = None


class RemoveItem(Model):
    """Take the line of this name away."""

    op: Literal["remove_item"] = "remove_item"
    item: Short


class Notify(Model):
    """Ask for or decline messages of a channel."""

    op: Literal["notify"] = "notify"
    channel: Notice
    wanted: bool


class SetCondition(Model):
    """Add 'if this happens, then do that', or take it away."""

    op: Literal["condition"] = "condition"
    event: ConditionEvent
    then: ConditionAction
    on: bool = True


class SetWish(Model):
    """Wish for something of the plan, or take that back."""

    op: Literal["wish"] = "wish"
    wish: PlanWish
    on: bool = True


class ChoosePlan(Model):
    """Serve the order by the other built-in plan."""

    op: Literal["plan"] = "plan"
    plan: PlanName


Op = Annotated[
    SetField | AddItem | ChangeItem | RemoveItem | Notify | SetCondition | SetWish | ChoosePlan,
    Field(discriminator="op"),
]


def find_items(request: OrderRequest, thing: str) -> list[int]:
    """Places of the lines that a name means: the very name, else the same words, else the same head noun."""
    name = canonical(thing.split()) if thing.split() else ""
    names = [canonical(item.name.split()) for item in request.items]
    for fits in (
        lambda other: other == name,
        lambda other: name and set(name.split()) <= set(other.split()) and head_of(other) == head_of(name),
        lambda other: name and set(other.split()) <= set(name.split()) and head_of(other) == head_of(name),
    ):
        if found := [at for at, other in enumerate(names) if fits(other)]:
            return found
    return []


def apply_ops(composed: Composed, ops: Iterable[Op]) -> Composed:
    """The order with these changes, one after another, validated like every order. Raises Unfit; then nothing holds."""
    for op in ops:
        composed = _APPLY[op.op](composed, op)
    return composed


def _set_field(composed: Composed, op: Any) -> Composed:
    request, field, value = composed.request, op.field, op.value
    if value is None and field in NEVER_UNSET:
        raise Unfit(f"Every order has a {field.replace('_', ' ')}. Say which one instead.")
    if field in ("currency", "convert_to") and value is not None and not known(str(value)):
        raise Unfit(f"'{str(value)[:20]}' is not a currency that can be paid in. Write a code such as USD, EUR or GBP.")
    values = {field: value}
    if field == "wallet" and value is not None:
        values["channel"] = "corporate"
    if field == "channel" and value == "B2C":
        values["wallet"] = None
    if (field, value) == ("convert_to", request.currency) or (field, value) == ("currency", request.convert_to):
        values["convert_to"] = None
    if field == "seats" and value is not None:
        values["items"] = _with_seats(request, value)
    return replace(composed, request=_made(request, values))


def _with_seats(request: OrderRequest, seats: Any) -> list[dict[str, Any]]:
    items = [item.model_dump() for item in request.items]
    for item in items:
        if is_licence(item["name"]):
            return [{**one, "quantity": seats} if one is item else one for one in items]
    return items


def _add_item(composed: Composed, op: Any) -> Composed:
    request = composed.request
    if request.workflow_type == "travel_booking":
        raise Unfit("A trip has no items. Say how many travel, or where to and when.")
    _check_quantity(op.quantity, op.name)
    item = op.model_dump(exclude={"op"})
    return replace(composed, request=_made(request, {"items": [*_items(request), item]}))


def _change_item(composed: Composed, op: Any) -> Composed:
    request, at = composed.request, _one(composed.request, op.item)
    if op.quantity is not None:
        _check_quantity(op.quantity, op.name or op.item)
    items = _items(request)
    items[at] |= op.model_dump(exclude={"op", "item"}, exclude_none=True)
    values: dict[str, Any] = {"items": items}
    if request.workflow_type == "software_license" and op.quantity is not None and is_licence(items[at]["name"]):
        values["seats"] = op.quantity
    made = _made(request, values)
    unsaid = [f"items.{at}.quantity"] if op.quantity is not None else []
    return replace(composed, request=_said(made, unsaid))


def _remove_item(composed: Composed, op: Any) -> Composed:
    request, at = composed.request, _one(composed.request, op.item)
    if len(request.items) == 1:
        raise Unfit(f"Without {request.items[0].name} nothing would be left to order. Say what to order instead.")
    items = [item for place, item in enumerate(_items(request)) if place != at]
    made = _made(request, {"items": items}, keep_items=True)
    moved = (_moved(path, at) for path in made.defaulted)
    return replace(composed, request=made.model_copy(update={"defaulted": tuple(path for path in moved if path)}))


def _moved(path: str, gone: int) -> str:
    """A path of `defaulted` where the line at a place is gone; '' for that line's own."""
    parts = path.split(".")
    if parts[0] != "items" or len(parts) < 2:
        return path
    at = int(parts[1])
    return "" if at == gone else ".".join(["items", str(at - (at > gone)), *parts[2:]])


def _notify(composed: Composed, op: Any) -> Composed:
    asked = composed.request.notifications.model_dump() | {op.channel: op.wanted}
    return replace(composed, request=_made(composed.request, {"notifications": asked}))


def _set_condition(composed: Composed, op: Any) -> Composed:
    condition, held = Condition(event=op.event, then=op.then), composed.request.conditions
    others = tuple(one for one in held if one != condition)
    if not op.on and others == held:
        return composed
    conditions = held if op.on and condition in held else (*others, condition) if op.on else others
    return replace(composed, request=_made(composed.request, {"conditions": [one.model_dump() for one in conditions]}))


def _set_wish(composed: Composed, op: Any) -> Composed:
    if op.on:
        return replace(composed, wishes=settle_wishes([*composed.wishes, op.wish]))
    return replace(composed, wishes=tuple(wish for wish in composed.wishes if wish.place != op.wish.place))


def _choose_plan(composed: Composed, op: Any) -> Composed:
    return replace(composed, plan=op.plan)


_APPLY: Mapping[str, Callable[[Composed, Any], Composed]] = {
    "set": _set_field,
    "add_item": _add_item,
    "change_item": _change_item,
    "remove_item": _remove_item,
    "notify": _notify,
    "condition": _set_condition,
    "wish": _set_wish,
    "plan": _choose_plan,
}


def _one(request: OrderRequest, thing: str) -> int:
    found = find_items(request, thing)
    if len(found) == 1:
        return found[0]
    if found:
        raise Unfit(f"'{thing[:60]}' may be {_listed([request.items[at].name for at in found], 'or')}. Say which one.")
    held = f"It has {_listed([item.name for item in request.items])}." if request.items else "It has no items."
    raise Unfit(f"There is no '{thing[:60]}' in this order. {held}")


def _listed(names: list[str], last: str = "and") -> str:
    shown = names[:6] + (["others"] if len(names) > 6 else [])
    return ", ".join(shown[:-1]) + f" {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _check_quantity(quantity: Decimal, name: str) -> None:
    if quantity <= 0:
        short = name[:60]
        raise Unfit(f"{quantity:f} × {short} can't be ordered. Write a quantity of 1 or more, or 'remove the {short}'.")
    if quantity > refusals.MOST:
        raise Unfit(str(refusals.too_many(quantity, name)))


def _items(request: OrderRequest) -> list[dict[str, Any]]:
    return [item.model_dump() for item in request.items]


def _made(request: OrderRequest, values: dict[str, Any], keep_items: bool = False) -> OrderRequest:
    """The request with other values, validated; what was touched is no default any more. Raises Unfit."""
    try:
        made = OrderRequest.model_validate(request.model_dump() | values)
    except ValidationError as error:
        raise Unfit(_sentence(error)) from error
    touched = [field for field in values if field != "items" and getattr(made, field) is not None]
    return _said(made, touched)


def _said(request: OrderRequest, paths: Iterable[str]) -> OrderRequest:
    """The request with these paths no default any more."""
    gone = set(paths)
    if not gone & set(request.defaulted):
        return request
    return request.model_copy(update={"defaulted": tuple(path for path in request.defaulted if path not in gone)})


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = " ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in first["loc"])
    return f"The {place or 'order'} can't be that: {first['msg'].removeprefix('Value error, ')}. Write another value."


FIELDS: tuple[str, ...] = get_args(Settable)
NOTIFICATIONS = tuple(Notifications.model_fields)

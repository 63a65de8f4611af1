"""What differs between two orders, path by path, and what that is in words, which know nothing but the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, NamedTuple, get_args

from core.composer.changes import FIELDS, NOTIFICATIONS, Composed
from core.composer.offline.nouns import plural
from core.models import CRITICAL_PARTS, Condition, Item, PlanPart, PlanWish, RetryPolicy, WorkflowType
from core.money import format_money, known, to_minor

ALL_PARTS: tuple[str, ...] = get_args(PlanPart)
USUAL_TRIES = RetryPolicy().attempts
LABELS = {
    "workflow_type": "Kind of order",
    "convert_to": "Paid in",
    "currency": "Prices in",
    "total_price": "Total",
    "discount_percent": "Discount",
    "promo_code": "Promo code",
    "customer_id": "Customer id",
    "customer_email": "Email address",
    "phone_number": "Phone number",
    "shipping_method": "Delivery",
    "channel": "Customer",
    "return_date": "Return",
    "travel_mode": "Travel by",
    "travel_class": "Class",
    "trip_type": "Trip",
}
EVENTS = {
    "payment_failed": "the payment fails",
    "shipping_failed": "shipping fails",
    "out_of_stock": "it is out of stock",
    "delayed": "it is delayed",
    "over_budget": "it is over budget",
}
ACTIONS = {"call": "call you", "sms": "send a text", "email": "send an email", "cancel": "cancel the order"}
WAYS = {"email": "email", "sms": "text message", "call": "call"}
POLICIES = {"ask": "stop and ask you", "compensate": "undo everything", "continue": "go on without it"}
PARTS = {"order": "order step", "sms": "text message"}
PAYERS = {"B2C": "private, by card", "corporate": "company, from a wallet"}
KINDS: dict[WorkflowType, str] = {
    "purchase_order": "Purchase",
    "bulk_order": "Bulk order",
    "travel_booking": "Travel",
    "service_appointment": "Appointment",
    "software_license": "Software licence",
}
SUMS = ("unit_price", "total_price", "budget")
VALUES: dict[str, Callable[[Any], Any]] = {
    "workflow_type": lambda kind: KINDS.get(kind),
    "channel": lambda channel: PAYERS.get(channel),
    "if": lambda event: EVENTS.get(event),
    "then": lambda action: ACTIONS.get(action),
    "discount_percent": lambda percent: None if percent is None else f"{_said(percent)}%",
}
PLANS = {"saga": "money first, then booking", "sequence": "booking first, then money"}


class Change(NamedTuple):
    """One difference. `path`: 'shipping_method', 'items.0.quantity', 'items.1' (a whole line), 'notifications.sms',
    'conditions.shipping_failed.call', 'wishes.payment.attempts', 'plan'. None: not there, or as usual.

    `name` is the line's, where it is one of items; `currencies` are those of the sums in it, before and after.
    """

    path: str
    before: Any
    after: Any
    name: str = ""
    currencies: tuple[str, str] = ("", "")


def diff(before: Composed, after: Composed) -> tuple[Change, ...]:
    """What differs, in the order of the request's fields, then the plan and what is wished of it."""
    one, other = before.request, after.request
    currencies = one.currency, other.currency
    found = [
        change._replace(currencies=currencies) if "." not in change.path[6:] or change.path.endswith(SUMS) else change
        for change in _items(one.items, other.items)
    ]
    for field in FIELDS:
        change = Change(field, getattr(one, field), getattr(other, field))
        found.append(change._replace(currencies=currencies) if field in SUMS else change)
    for channel in NOTIFICATIONS:
        asked = getattr(one.notifications, channel), getattr(other.notifications, channel)
        found.append(Change(f"notifications.{channel}", *asked))
    found += _conditions(one.conditions, other.conditions)
    found.append(Change("plan", before.plan, after.plan))
    found += _wishes(before.wishes, after.wishes)
    return tuple(change for change in found if change.before != change.after)


def _items(before: Sequence[Item], after: Sequence[Item]) -> Iterator[Change]:
    """Lines of the same name go together; a line in the place of another is that one under another name."""
    names, others = [item.name for item in before], [item.name for item in after]
    for how, start, end, other_start, other_end in SequenceMatcher(None, names, others, autojunk=False).get_opcodes():
        pairs = min(end - start, other_end - other_start) if how in ("equal", "replace") else 0
        for step in range(pairs):
            old, new, at = before[start + step], after[other_start + step], other_start + step
            for field in ("name", "quantity", "unit", "unit_price"):
                yield Change(f"items.{at}.{field}", getattr(old, field), getattr(new, field), new.name)
        for at in range(start + pairs, end):
            yield Change(f"items.{at}", before[at], None, before[at].name)
        for at in range(other_start + pairs, other_end):
            yield Change(f"items.{at}", None, after[at], after[at].name)


def _conditions(before: Sequence[Condition], after: Sequence[Condition]) -> Iterator[Change]:
    for condition in dict.fromkeys((*before, *after)):
        was, held = (condition if condition in conditions else None for conditions in (before, after))
        yield Change(f"conditions.{condition.event}.{condition.then}", was, held)


def _wishes(before: Iterable[PlanWish], after: Iterable[PlanWish]) -> Iterator[Change]:
    one, other = ({".".join(wish.place): _value(wish) for wish in wishes} for wishes in (before, after))
    for place in sorted({*one, *other}, key=lambda place: (_part_place(place), place)):
        yield Change(f"wishes.{place}", one.get(place), other.get(place))


def _value(wish: PlanWish) -> Any:
    return wish.attempts or wish.policy or wish.tell_before


def _part_place(place: str) -> int:
    part = place.partition(".")[0]
    return ALL_PARTS.index(part)


# In words


def told(changes: Iterable[Change]) -> tuple[str, ...]:
    """All changes in words; the same wish about several parts is one sentence."""
    found = []
    for _, group in groupby(changes, key=_kin):
        alike = list(group)
        parts = [_part(change.path.split(".")[1]) for change in alike] if alike[0].path.startswith("wishes.") else []
        found += [_wish_words(alike[0], parts)] if parts else [words(change) for change in alike]
    return tuple(found)


def _kin(change: Change) -> Any:
    """Changes that are told together: wishes of a kind from the same to the same."""
    if not change.path.startswith("wishes."):
        return change.path
    _, part, *kind = change.path.split(".")
    usual = part in CRITICAL_PARTS if kind == ["policy"] else None
    return "wishes", tuple(kind), change.before, change.after, usual


def words(change: Change) -> str:
    """One change in a short plain sentence, made of the change alone."""
    kind, *rest = change.path.split(".")
    if kind == "items":
        return _item_words(change, rest)
    if kind == "notifications":
        return _notice_words(change, rest[0])
    if kind == "conditions":
        verb = "" if change.after is not None else "no longer "
        return f"If {EVENTS[rest[0]]}: {verb}{ACTIONS[rest[1]]}"
    if kind == "wishes":
        return _wish_words(change, [_part(rest[0])])
    if kind == "plan":
        return f"Plan: {PLANS[change.after]}"
    if kind in VALUES:
        change = change._replace(before=VALUES[kind](change.before), after=VALUES[kind](change.after))
    if kind in SUMS:
        change = _summed(change)
    label = LABELS.get(kind, kind.replace("_", " ").capitalize())
    if change.after is None:
        return f"{label}: {_said(change.before)} taken out"
    instead = "" if change.before is None else f" instead of {_said(change.before)}"
    return f"{label}: {_said(change.after)}{instead}"


def _item_words(change: Change, rest: list[str]) -> str:
    if len(rest) == 1:
        item: Item = change.after or change.before
        price = ""
        if item.unit_price is not None and change.after:
            price = f" at {sum_words(item.unit_price, change.currencies[1])} each"
        return f"{line_words(item)}{price} {'added' if change.after else 'taken out'}"
    field, before, after = rest[1], *_summed(change)[1:3]
    if field == "name":
        return f"{after} instead of {before}"
    if field == "quantity":
        return f"{_said(after)} × {change.name} instead of {_said(before)}"
    if field == "unit_price":
        price = "at the price that is offered" if after is None else f"at {after} each"
        return f"{change.name}: {price}" + ("" if before is None else f" instead of {before}")
    return f"{change.name}: " + (f"by the {after}" if after else f"no longer by the {before}")


def _notice_words(change: Change, channel: str) -> str:
    way = WAYS[channel]
    if change.after is None:
        return f"Confirmation by {way}: as usual"
    return f"A confirmation by {way}" if change.after else f"No confirmation by {way}"


def _wish_words(change: Change, parts: list[str]) -> str:
    kind, before, after = change.path.split(".")[2], change.before, change.after
    of_order = change.path.split(".")[1] in CRITICAL_PARTS
    if kind == "attempts":
        who, now, was = _joined(parts), after or USUAL_TRIES, before or USUAL_TRIES
        return f"{who[0].upper()}{who[1:]}: tried {_times(now)}" + (f" instead of {_times(was)}" if now != was else "")
    if kind == "policy":
        usual = "ask" if of_order else "continue"
        now, was = POLICIES[after or usual], POLICIES[before or usual]
        return f"If the {_joined(parts, 'or')} fails: {now}" + (f" instead of: {was}" if now != was else "")
    way = WAYS[after or before]
    article = "an" if way[0] in "aeiou" else "a"
    return f"{'No ' + way if after is None else article.capitalize() + ' ' + way} before the {_joined(parts)}"


def _part(part: str) -> str:
    return PARTS.get(part, part)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _joined(parts: list[str], last: str = "and") -> str:
    return ", ".join(parts[:-1]) + f" {last} {parts[-1]}" if len(parts) > 1 else parts[0]


def line_words(item: Item) -> str:
    """A line of an order: '2 × laptop', '50 reams of a4 paper'."""
    unit = item.unit and (item.unit if item.quantity == 1 else plural(item.unit))
    return f"{_said(item.quantity)} {f'{unit} of ' if unit else '× '}{item.name}"


def value_words(path: str, value: Any, currency: str) -> str:
    """One value of an order as it is written for a reader: a code in words, a sum with its currency."""
    field = path.rpartition(".")[2]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field in SUMS and isinstance(value, Decimal):
        return sum_words(value, currency)
    return _said(VALUES[field](value) or value) if field in VALUES else _said(value)


def sum_words(amount: Decimal, currency: str) -> str:
    """A sum as money is written; as it stands where the currency is not known."""
    if known(currency):
        return format_money(to_minor(amount, currency), currency)
    return f"{amount.normalize():f} {currency}".rstrip()


def _summed(change: Change) -> Change:
    """The change with what it holds of money in words."""
    before, after = (
        sum_words(amount, currency) if isinstance(amount, Decimal) and change.path.endswith(SUMS) else amount
        for amount, currency in zip((change.before, change.after), change.currencies, strict=True)
    )
    return change._replace(before=before, after=after)


def _said(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = str(value)
    return text.replace("_", " ") if text.islower() else text

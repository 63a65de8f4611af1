"""Which kind of order it is, and of which domain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.composer.offline.lexicon import domain_of, is_service, knows, names_software
from core.composer.offline.lines import Line
from core.composer.offline.nouns import head_of, is_licence
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.people import read_people
from core.composer.offline.text import Draft
from core.composer.offline.travel import SHOWN

_BULK = rx(r"\b(?:in bulk|bulk|wholesale)\b")
_BOOKING_VERBS = ("schedul", "arrang", "organi", "book", "hir")


def choose(draft: Draft, lines: list[Line]) -> None:
    """The kind of order and its domain, from the heads of its lines and the verb."""
    if draft.values.get("workflow_type") == "travel_booking":
        draft.values["domain"] = "travel"
        return
    first = lines[0]
    bulk = _BULK.search(draft.text)
    if any(map(_is_licence, lines)) and not _watches(draft, lines):
        draft.values |= {"workflow_type": "software_license", "domain": "technology"}
        _seats(draft, lines)
    elif _is_service(first, lines) or _is_reservation(draft, first):
        if head_of(first.name) in ("table", "booth"):
            lines[0] = replace(first, name=f"{first.name} reservation")
        lines[1:] = [line for line in lines[1:] if head_of(line.name) not in _EXTENT]
        draft.values |= {"workflow_type": "service_appointment", "domain": "services"}
        read_people(draft, "attendees")
    else:
        draft.values["workflow_type"] = "bulk_order" if bulk else "purchase_order"
        if _watches(draft, lines):
            draft.values["domain"] = "other"
        elif domain := _domain(lines):
            draft.values["domain"] = domain
    if bulk and draft.values["workflow_type"] == "bulk_order":
        draft.note("workflow_type", *bulk.span())


def _domain(lines: list[Line]) -> str | None:
    """The domain of the first line that has one; goods are rarely of the domain of services."""
    sure = [line for line in lines if knows(line.name)]
    found = [domain for line in (*sure, *lines) if (domain := domain_of(line.name))]
    return next((domain for domain in found if domain not in ("services", "travel")), None)


def _is_service(line: Line, lines: list[Line]) -> bool:
    """Somebody's time, by its name, or because one article of it is booked and it is no known thing."""
    one = line.quantity is None or line.article
    if head_of(line.name) in ("table", "reservation", "booking") and not line.verb.startswith(
        ("buy", "order", "purchas")
    ):
        return (one or line.quantity == 1) and (
            head_of(line.name) != "table" or line.verb.startswith(("book", "reserv", "get", "make", "hold"))
        )
    if line.service:
        return True
    if is_service(line.name):
        return not any(knows(other.name) and not is_service(other.name) for other in lines)
    known = knows(line.name) and domain_of(line.name) not in ("services", "travel")
    return one and line.verb.startswith(_BOOKING_VERBS) and not known


# 'a cleaning, two bedrooms': how much there is to do, not what is ordered.
_EXTENT = set("bedroom bathroom room floor storey story flat apartment house unit desk window acre".split())
# 'a table for four', 'table for 2 people': where one eats; one that is bought is no table for a number alone.
_TABLE_FOR = rx(
    rf"\btable\s(?:[a-z]+\s)?(?:for|of)\s(?:me and|the \w{{3,5}} of us|(?:{NUMBER})(?=\s*(?:\Z|[^\w\s]"
    r"|people|persons?|guests?|adults?|at|on|in|this|next|tomorrow|tonight|today|by|around|near|please|\0|for|with)))"
)


def _is_reservation(draft: Draft, line: Line) -> bool:
    bought = line.verb.startswith(("buy", "order", "purchas")) or line.unit_price is not None
    return (
        line.name == "table"
        and (line.quantity is None or line.article)
        and not bought
        and bool(_TABLE_FOR.search(draft.text))
    )


def _is_licence(line: Line) -> bool:
    named = names_software(line.name) or names_software(line.name.partition(" of ")[2])
    return is_licence(line.name) or line.verb.startswith("subscrib") or named


def _watches(draft: Draft, lines: list[Line]) -> bool:
    """Whether the seats of an order are for a show."""
    return any(head_of(line.name) == "seat" for line in lines) and bool(SHOWN.search(draft.text))


def _seats(draft: Draft, lines: list[Line]) -> None:
    """Seats are the quantity of a licence, or the people it is for."""
    at, line = next((at, line) for at, line in enumerate(lines) if _is_licence(line))
    read_people(draft, "seats")
    if line.quantity is not None and not line.article:
        draft.values["seats"] = int(line.quantity)
    elif seats := draft.values.get("seats"):
        span = next((span for span in draft.spans if span.field == "seats"), None)
        lines[at] = replace(
            line, quantity=Decimal(seats), article=False, quantity_span=(span.start, span.end) if span else None
        )
    draft.values.setdefault("seats", 1)

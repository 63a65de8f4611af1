"""A reading in words: which words gave which field, what is a default, what a person corrected."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

import streamlit as st

from core.composer.base import Reading
from core.composer.refine import KINDS, line_words
from core.models import OrderRequest
from pages.shared import state
from pages.shared.palette import inert
from pages.shared.state import Draft
from pages.shared.ui import money, plural, rate_words, stated
from pages.shared.wishes import words

SHOWN_ITEMS, SHOWN_LEFT = 6, 8
LONG_WORD = 20  # characters that fit a column at phone width
EVENTS = {
    "payment_failed": "payment fails",
    "shipping_failed": "shipping fails",
    "out_of_stock": "it is out of stock",
    "delayed": "it is delayed",
    "over_budget": "it is over budget",
}
ACTIONS = {"call": "open a call ticket", "sms": "send a text", "email": "send an email", "cancel": "cancel"}


WHY = {  # field -> why a default is what it is
    "Kind": "no word says more",
    "Customer": "no company is named",
    "Currency": "no other is written",
    "Deliver": "no speed is written",
    "Email": "none is written, a stand-in",
    "Phone": "none is written, a stand-in",
    "Tell by": "the usual ways",
}


class Line(NamedTuple):
    """One row of the table, as plain text. source: words, default, model (it names no words), corrected or ''."""

    field: str
    value: str
    words: str
    source: str


def _items(request: OrderRequest) -> str:
    found = []
    for item in request.items[:SHOWN_ITEMS]:
        price = "" if item.unit_price is None else f" at {stated(item.unit_price, request.currency)}"
        found.append(f"{line_words(item)}{price}")
    more = len(request.items) - SHOWN_ITEMS
    return ", ".join(found) + (f" and {more} more" if more > 0 else "")


def _trip(request: OrderRequest) -> str:
    places = " to ".join(place for place in (request.origin, request.destination) if place)
    return ", ".join(
        part
        for part in (
            (request.travel_class or "").replace("_", " "),
            request.travel_mode or "",
            places,
            (request.trip_type or "").replace("_", " "),
            _count(request.passengers, "passenger"),
            _count(request.rooms, "room"),
            _count(request.nights, "night"),
        )
        if part
    )


def _count(number: int | None, word: str) -> str:
    return "" if number is None else plural(number, word)


def _when(request: OrderRequest) -> str:
    back = f"back {request.return_date}" if request.return_date else ""
    return ", ".join(part for part in (request.date, request.time and f"at {request.time}", back) if part)


def _people(request: OrderRequest) -> str:
    return ", ".join(part for part in (_count(request.attendees, "attendee"), _count(request.seats, "seat")) if part)


def _payer(request: OrderRequest) -> str:
    if not request.corporate:
        return "Private, by card"
    return f"Company, from wallet {request.wallet}" if request.wallet else "Company, from its wallet"


def _currency(request: OrderRequest) -> str:
    return f"{request.currency}, paid in {request.convert_to}" if request.convert_to else request.currency


def _limits(request: OrderRequest) -> str:
    parts = (
        ("total", request.total_price and stated(request.total_price, request.currency)),
        ("at most", request.budget and stated(request.budget, request.currency)),
        ("discount", request.discount_percent and f"{request.discount_percent.normalize():f}%"),
        ("code", request.promo_code),
    )
    return ", ".join(f"{word} {value}" for word, value in parts if value)


def _deliver(request: OrderRequest) -> str:
    if not request.ships:
        return ""
    return request.shipping_method.capitalize() + (f", to {request.address}" if request.address else "")


def _kind(request: OrderRequest) -> str:
    kind = KINDS[request.workflow_type]
    return kind if kind.lower() == request.domain else f"{kind}, {request.domain}"


def _tell(request: OrderRequest) -> str:
    asked = request.notifications
    ways = [("email", asked.email is not False), ("text", asked.sms is not False), ("call", asked.call is True)]
    chosen = [word for word, wanted in ways if wanted]
    return " and ".join([", ".join(chosen[:-1])] * (len(chosen) > 1) + chosen[-1:]).capitalize() or "Nobody"


def _conditions(request: OrderRequest) -> str:
    return "; ".join(f"if {EVENTS[c.event]}, {ACTIONS[c.then]}" for c in request.conditions).capitalize()


FIELDS: tuple[tuple[str, tuple[str, ...], Callable[[OrderRequest], str]], ...] = (
    ("Kind", ("workflow_type", "domain"), _kind),
    ("Items", ("items",), _items),
    (
        "Trip",
        ("travel_mode", "travel_class", "origin", "destination", "trip_type", "passengers", "rooms", "nights"),
        _trip,
    ),
    ("When", ("date", "time", "return_date"), _when),
    ("For", ("attendees", "seats"), _people),
    ("Customer", ("channel", "wallet", "customer_id"), _payer),
    ("Currency", ("currency", "convert_to"), _currency),
    ("Limits", ("total_price", "budget", "discount_percent", "promo_code"), _limits),
    ("Deliver", ("shipping_method", "address"), _deliver),
    ("Priority", ("priority",), lambda request: "" if request.priority == "medium" else request.priority.capitalize()),
    ("Email", ("customer_email",), lambda request: request.customer_email or ""),
    ("Phone", ("phone_number",), lambda request: request.phone_number or ""),
    ("Tell by", ("notifications",), _tell),
    ("Conditions", ("conditions",), _conditions),
)


def lines(reading: Reading, request: OrderRequest, served: OrderRequest) -> list[Line]:
    """The rows of the reading as `request` has it, with the values of `served`; a field without a value has no row."""
    found = []
    for label, fields, value in FIELDS:
        if not (text := value(served)):
            continue
        words = _words(reading, fields) or (_kind_words(reading) if label == "Kind" else "")
        if any(getattr(request, field) != getattr(reading.request, field) for field in fields):
            found.append(Line(label, text, "", "corrected"))
        elif words:
            found.append(Line(label, text, words, "words"))
        else:
            given = reading.request.model_fields_set - set(reading.request.defaulted)
            by_model = reading.parser == "groq" and not given.isdisjoint(fields)
            found.append(Line(label, text, "", "model" if by_model else "default"))
    return found


def _kind_words(reading: Reading) -> str:
    """The words that the kind follows from: how one travels, where to, or what the things are called."""
    if "domain" in reading.request.defaulted:
        return ""
    kinds = (("travel_mode",), ("origin", "destination"), tuple(f"items.{n}.name" for n in range(SHOWN_ITEMS)))
    return next((words for fields in kinds if (words := _words(reading, fields, whole=True))), "")


def _words(reading: Reading, fields: tuple[str, ...], *, whole: bool = False) -> str:
    """The words that gave these fields, or a part of them; `whole`: fields are full paths."""
    named = [(span.field if whole else span.field.split(".")[0], span) for span in reading.spans]
    spans = sorted({(span.start, span.end) for name, span in named if name in fields})
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not reading.text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return " … ".join(reading.text[start:end] for start, end in merged)


def marked(reading: Reading) -> str:
    """The sentence (markdown): words that gave something on grey, words left out struck through."""
    text, marks = reading.text, [""] * len(reading.text)
    for span in reading.spans:
        marks[span.start : span.end] = ["used"] * (span.end - span.start)
    for left in reading.ignored:
        if (start := text.find(left)) >= 0 and not any(marks[start : start + len(left)]):
            marks[start : start + len(left)] = ["ignored"] * len(left)
    parts = []
    for mark, run in groupby(range(len(text)), marks.__getitem__):
        places = list(run)
        piece = text[places[0] : places[-1] + 1]
        lead, core = piece[: len(piece) - len(piece.lstrip())], piece.strip()
        tail = piece[len(lead) + len(core) :]
        shown = inert(_breakable(core), 2000)
        wrapped = {"used": f":gray-background[{shown}]", "ignored": f"~~{shown}~~"}.get(mark, shown) if core else ""
        parts.append(" " * bool(lead) + wrapped + " " * bool(tail))
    return "".join(parts).strip()


def show(draft: Draft) -> None:
    """The sentence with its marks, the reading as a table, what it costs, and what was ignored."""
    st.markdown(marked(draft.reading))
    source = {"model": ":gray[by the model]", "corrected": ":gray[corrected by you]"}
    rows = [*lines(draft.reading, draft.request, draft.served), *_plan_lines(draft)]
    st.table(
        {
            "Field": [f"**{row.field}**" for row in rows],
            "Value": [inert(_breakable(row.value), 300) for row in rows],
            "From your words": [
                _default(row.field)
                if row.source == "default"
                else source.get(row.source) or f":gray-background[{inert(_breakable(row.words))}]"
                for row in rows
            ],
        },
        border="horizontal",
        hide_index=True,
    )
    if draft.reading.parser == "groq" and not draft.reading.spans:
        st.caption("The model did not say which words it used.")
    else:
        _left_out(draft.reading.ignored)
    if draft.quote:
        _price(draft)
    for answer in draft.reading.answers:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f":material/info: {inert(answer.text, 600)}")
            if answer.offer and answer.offer.casefold() not in draft.reading.text.casefold():
                st.button(f"Write '{inert(answer.offer, 120)}'", on_click=_add, args=(draft.reading.text, answer.offer))


def _default(field: str) -> str:
    return f":gray[default, {WHY[field]}]" if field in WHY else ":gray[default]"


def _left_out(ignored: tuple[str, ...]) -> None:
    """What gave nothing; a long list says how many more there are, and unfolds."""
    words = [f"~~{inert(left, 60)}~~" for left in ignored]
    if not words:
        st.caption("No words were left out.")
        return
    more = len(words) - SHOWN_LEFT
    tail = f" and {more} more" if more > 0 else ""
    st.caption(f"Not understood and left out: {', '.join(words[:SHOWN_LEFT])}{tail}.")
    if more > 0:
        with st.expander(f"All {len(words)} that were left out", icon=":material/format_strikethrough:"):
            st.caption(", ".join(f"~~{inert(left, 300)}~~" for left in ignored))


def _add(text: str, offer: str) -> None:
    """Write an offer behind the sentence."""
    state.compose(f"{text.rstrip().rstrip('.')}. {offer[:1].upper()}{offer[1:]}.")


def _plan_lines(draft: Draft) -> list[Line]:
    """What was wished of the plan, and what happens where nothing was."""
    reading = draft.reading
    found = [Line("Steps", "sequence: book first, then money", *_from(reading, "plan"))] * (draft.name == "sequence")
    if draft.wishes:
        value = "; ".join(words(wish) for wish in draft.wishes)
        same = draft.wishes == reading.wishes
        found.append(Line("Wishes", value, *(_from(reading, "wishes") if same else ("", "corrected"))))
    asks = any(step.policy == "ask" for step in draft.plan.steps())
    return [*found, Line("If a step fails", "Ask me" if asks else "Undo everything", "", "default")]


def _from(reading: Reading, field: str) -> tuple[str, str]:
    said = _words(reading, (field,))
    return (said, "words") if said else ("", "corrected")


def _breakable(text: str) -> str:
    """Let a long word break, so that the table keeps within a phone's width."""
    return re.sub(rf"(\S{{{LONG_WORD}}})(?=\S)", "\\1\u200b", text)


def _price(draft: Draft) -> None:
    quote = draft.quote
    if not quote:
        return
    parts = []
    for offer, rank in zip(quote.offers[:2], ("First choice", "next"), strict=False):
        parts.append(f"{rank} {inert(offer.supplier, 40)} at {money(offer.price)}")
    some = any(item.unit_price is not None for item in draft.request.items)
    why = "What the order states no price of is estimated." if some else "Prices are estimated: the order states none."
    estimated = f" {why}" if quote.offers[0].estimated else ""
    rate = "" if quote.rate.source == "same" else f" {rate_words(quote.rate)}"
    st.caption(", ".join(parts) + "." + estimated + rate)

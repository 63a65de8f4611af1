"""Reads what is to change of an order: 'make it 3', 'ship overnight instead', 'no text messages', 'undo'.

Lines, and what is taken away, have a grammar of their own here. Everything else is read as it would be beside an order
of one thing, so that a field is understood here exactly where it is understood in an order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import get_args

from core.composer.base import MAX_CHARS, Reading
from core.composer.changes import (
    FIELDS,
    AddItem,
    ChangeItem,
    ChoosePlan,
    Composed,
    Notify,
    RemoveItem,
    SetCondition,
    SetField,
    SetWish,
    find_items,
)
from core.composer.offline import answers
from core.composer.offline.corrections import corrected
from core.composer.offline.cues import skip_reminders
from core.composer.offline.notices import read_conditions
from core.composer.offline.nouns import canonical
from core.composer.offline.numbers import read_number
from core.composer.offline.refine_declines import taken_out
from core.composer.offline.refine_forms import (
    ADD,
    CARD,
    DOUBLE,
    FEWER,
    FIELD_WORDS,
    FILLERS,
    INSTEAD_OF,
    LEAD,
    MAKE_IT,
    MAKE_THING,
    MODE,
    MODES,
    MORE,
    NO_CONDITIONS,
    NOTICES_OFF,
    NOTICES_ON,
    ONE_OF,
    ONLY,
    PLAN,
    PRICE,
    QUANTITY,
    REDO,
    REMOVE,
    RENAME,
    SET_FIELD,
    SET_IT,
    SET_THING,
    SO_MANY,
    SPLIT,
    START_OVER,
    TAIL,
    TAKE_OFF,
    THING_COUNT,
    UNDO,
    UNSET,
    WAYS,
)
from core.composer.offline.refine_lines import Lines, bare, listed, read_order, short
from core.composer.offline.text import GONE, Draft, Written
from core.composer.offline.wishes import Wished, read_wishes
from core.composer.refine import AGAIN, EXAMPLES, Refinement, not_understood, refined
from core.errors import ReadingRefused
from core.models import Notice, Priority, ShippingMethod, TravelClass, WorkflowType

Match = re.Match[str]
ANCHORS: dict[WorkflowType, str] = {
    "purchase_order": "Order one gizmo",
    "bulk_order": "Order one gizmo",
    "service_appointment": "Book a consultation",
    "software_license": "Buy one gizmo license",
}
NAMES = {"convert_to": "conversion", "discount_percent": "discount", "total_price": "total"}
CHOSEN: dict[str, tuple[str, ...]] = {
    "shipping_method": get_args(ShippingMethod),
    "priority": get_args(Priority),
    "travel_class": get_args(TravelClass),
}
COUNTED = ("passengers", "rooms", "nights", "attendees", "seats")


class OfflineRefiner:
    """Reads changes by rules, without a network or a key."""

    def refine(self, draft: Composed, text: str) -> Refinement:
        """What a text would make of an order; what is not understood is said in it."""
        if not text.strip():
            return refined(draft, text, (), refused=[f"Nothing was changed: nothing was written. {EXAMPLES}"])
        if len(text) > MAX_CHARS:
            return refined(draft, text, (), refused=[f"Nothing was changed: write at most {MAX_CHARS:,} characters."])
        clean = corrected(Written(text)).text
        for move, pattern in (("undo", UNDO), ("redo", REDO)):
            if pattern.fullmatch(clean):
                return Refinement(text, draft, draft, move="undo" if move == "undo" else "redo")
        return _Refining(draft, text, clean).refinement()


class _Refining(Lines):
    """One text about one order: its clauses in turn, then the rest as one."""

    def __init__(self, draft: Composed, text: str, clean: str) -> None:
        super().__init__(draft, text, clean)
        self.left: list[str] = []  # clauses that no form took

    def refinement(self) -> Refinement:
        spoken = Draft(self.clean)
        skip_reminders(spoken)
        self.wished(read_wishes(spoken))
        self.conditions(spoken)
        taken = spoken.rest != self.clean
        rest = re.sub(f"{GONE}+", ". ", spoken.rest)
        for clause in _clauses(rest):
            if not self.read(clause):
                self.left += self.read_pieces(clause)
        if self.left:
            self.read_fields(". ".join(self.left))
        if taken and not self.left and not (self.ops or self.answers or self.options or self.refused):
            self.refused.append(AGAIN)
        if not (self.ops or self.answers or self.options or self.refused):
            self.refused.append(f"Nothing was changed: '{short(self.clean)}' was not understood. {EXAMPLES}")
        return refined(
            self.draft, self.text, self.ops, refused=self.refused, answers=self.answers, options=self.options
        )

    def conditions(self, spoken: Draft) -> None:
        """'if shipping fails, call me' before the text falls into clauses."""
        read_conditions(spoken)
        wanted = spoken.values.pop("conditions", [])
        self.ops += [SetCondition(event=one["if"], then=one["then"]) for one in wanted]
        self.take_out("conditions", spoken.declined.pop("conditions", []))

    def read_pieces(self, clause: str) -> list[str]:
        """What is left of a clause when every piece of it that is a change by itself was read."""
        pieces = re.split(r"\s?(?:,|;|\band\b|\bbut\b)\s?", clause)
        left = [piece for piece in pieces if piece.strip() and not self.read(piece.strip())]
        return left if len(left) < len(pieces) else [clause]

    def wished(self, wished: Wished) -> None:
        self.take_out("wishes", wished.unwished, quiet=bool(wished.answers))
        self.ops += [SetWish(wish=wish) for wish in wished.wishes]
        self.ops += [SetCondition(event=one.event, then=one.then) for one in wished.conditions]
        self.take_out("conditions", wished.unconditions)
        self.answers += wished.answers
        if wished.plan:
            self.ops.append(ChoosePlan(plan=wished.plan))
        for wish in wished.wishes:
            if wish.policy in ("ask", "continue") and wish.step in ("payment", "shipping"):
                self.ops += [
                    SetCondition(event=held.event, then=held.then, on=False)
                    for held in self.request.conditions
                    if (held.event, held.then) == (f"{wish.step}_failed", "cancel")
                ]

    # One clause

    def read(self, clause: str) -> bool:
        """Whether one of the forms took the clause."""
        forms: tuple[tuple[re.Pattern[str], Callable[[Match], bool]], ...] = (
            (START_OVER, self.start_over),
            (PLAN, self.choose_plan),
            (MODE, self.travel_by),
            (CARD, self.pay_by_card),
            (NO_CONDITIONS, self.drop_conditions),
            (NOTICES_OFF, self.notices_off),
            (NOTICES_ON, self.notices_on),
            (ONE_OF, self.one_of),
            (UNSET, self.unset),
            (SET_FIELD, self.set_field),
            (DOUBLE, self.double),
            (MORE, self.more),
            (FEWER, self.fewer),
            (TAKE_OFF, self.fewer),
            (SET_IT, self.set_it),
            (SET_THING, self.set_thing),
            (RENAME, self.rename),
            (INSTEAD_OF, self.instead_of),
            (THING_COUNT, self.set_thing),
            (QUANTITY, self.set_thing),
            (PRICE, self.price_of),
            (MAKE_THING, self.make_thing),
            (ONLY, self.only),
            (REMOVE, self.remove),
            (ADD, self.add),
            (MAKE_IT, self.make_it),
        )
        for pattern, take in forms:
            if (match := pattern.fullmatch(clause)) and take(match):
                return True
        return False

    def start_over(self, match: Match) -> bool:
        self.refused.append(
            "Nothing was changed: an order needs something to order, and nothing has run yet. Write a new sentence "
            "to start over, or 'undo' to take the last change back."
        )
        return True

    def travel_by(self, match: Match) -> bool:
        if self.request.workflow_type != "travel_booking":
            return False
        mode = next((mode for mode, form in MODES.items() if form.fullmatch(match["mode"])), None)
        if mode:
            self.ops.append(SetField(field="travel_mode", value=mode))
        return mode is not None

    def choose_plan(self, match: Match) -> bool:
        name = (match["plan"] or match["other"]).lower()
        self.ops.append(ChoosePlan(plan="saga" if name == "saga" else "sequence"))
        return True

    def pay_by_card(self, match: Match) -> bool:
        self.ops.append(SetField(field="channel", value="B2C"))
        return True

    def drop_conditions(self, match: Match) -> bool:
        self.ops += [SetCondition(event=one.event, then=one.then, on=False) for one in self.request.conditions]
        if not self.request.conditions:
            self.refused.append("Nothing was changed: this order has no conditions.")
        return True

    def notices_off(self, match: Match) -> bool:
        channels = _channels(match["ways"]) if match["ways"] else get_args(Notice)
        self.ops += [Notify(channel=channel, wanted=False) for channel in channels]
        return True

    def notices_on(self, match: Match) -> bool:
        self.ops += [Notify(channel=channel, wanted=True) for channel in _channels(match["ways"])]
        return True

    def unset(self, match: Match) -> bool:
        words = match["field"] or "conversion"
        field = next(field for field, form in FIELD_WORDS.items() if form.fullmatch(words))
        if getattr(self.request, field) is None:
            self.refused.append(f"Nothing was changed: this order has no {NAMES.get(field, field.replace('_', ' '))}.")
        else:
            self.ops.append(SetField(field=field, value=None))
        return True

    def set_field(self, match: Match) -> bool:
        """'change the budget to 500', 'set nights to 4': read as 'budget 500', '4 nights'."""
        field = next(field for field, form in FIELD_WORDS.items() if form.fullmatch(match["field"]))
        value = match["value"].strip(" '\"")
        number = read_number(value.lower())
        if field in COUNTED and number is not None:
            self.ops.append(SetField(field=field, value=number))
            return True
        if (chosen := value.lower().replace(" ", "_")) in CHOSEN.get(field, ()):
            self.ops.append(SetField(field=field, value=chosen))
            return True
        if field in ("promo_code", "customer_id", "address", "origin", "destination", "wallet"):
            self.ops.append(SetField(field=field, value=value))
            return True
        forms = {"budget": f"budget of {value}", "date": f"on {value}", "time": f"at {value}"}
        forms |= {"discount_percent": f"{value.removesuffix('%')}% off", "convert_to": f"pay in {value}"}
        forms |= {
            "shipping_method": f"{value} shipping",
            "priority": f"{value} priority",
            "currency": f"prices in {value}",
        }
        forms |= {"return_date": f"returning {value}", "travel_class": f"in {value} class"}
        before = len(self.ops)
        self.read_fields(forms.get(field, f"{match['field']} {value}"))
        return len(self.ops) > before or bool(self.refused)

    # Lines

    def instead_of(self, match: Match) -> bool:
        """'3 tablets instead of laptops'; 'express instead of standard' is about fields."""
        things = find_items(self.request, bare(match["old"]))
        if len(things) == 1:
            return self.replace_by(things[0], match["new"])
        return self.read(match["new"]) or self.read_fields(match["new"])

    def remove(self, match: Match) -> bool:
        """'drop the dock and the mouse', 'no monitors', 'leave out the chairs'."""
        pieces = [
            bare(piece) for piece in re.split(r"\s?(?:,|&|\band\b|\bn?or\b)\s?", match["things"]) if piece.strip()
        ]
        found = [find_items(self.request, piece) for piece in pieces]
        if not any(found):
            if match["verb"].lower() in ("remove", "delete", "take out", "leave out") and not self.readable(match[0]):
                names = listed([item.name for item in self.request.items])
                self.refused.append(f"There is no '{short(bare(match['things']))}' in this order. It has {names}.")
                return True
            return False
        for piece, places in zip(pieces, found, strict=True):
            self.ops.append(RemoveItem(item=self.request.items[places[0]].name if len(places) == 1 else piece))
        return True

    def add(self, match: Match) -> bool:
        """'add 2 docks at $80 each and a mouse'."""
        if (counted := SO_MANY.fullmatch(match["what"])) and self.counted(counted["thing"]):
            return self.shift(counted, 1)
        reading = read_order(f"Order {match['what']}")
        if not isinstance(reading, Reading):
            if reading.code in ("not_an_order", "unsupported_language"):
                return False
            self.refused.append(str(reading))
            return True
        if not reading.request.items:
            return False
        for item in reading.request.items:
            found = find_items(self.request, item.name)
            same = [at for at in found if canonical(self.request.items[at].name.split()) == item.name]
            if same:
                held = self.request.items[same[0]]
                self.ops.append(ChangeItem(item=held.name, quantity=held.quantity + item.quantity))
            else:
                self.ops.append(AddItem(**item.model_dump()))
        self.take_fields(reading)
        return True

    def make_it(self, match: Match) -> bool:
        """'make it overnight' is a field; 'make it tablets' is another thing."""
        before = len(self.ops), len(self.refused)
        if self.read_fields(match["what"], quiet=True):
            return True
        del self.ops[before[0] :], self.refused[before[1] :]
        if len(self.request.items) == 1 and re.search(r"s\Z|\A(?:an?|the)\s", match["what"], re.I):
            return self.replace_by(0, match["what"])
        return False

    # Fields

    def beside(self, words: str) -> Reading | ReadingRefused:
        """Words read beside an order of one thing of the same kind: as its next sentence, else as part of it."""
        found = read_order(f"{self.anchor()}. {words}")
        if isinstance(found, Reading) and not _gives(found):
            joined = read_order(f"{self.anchor()} {words}")
            return joined if isinstance(joined, Reading) and _gives(joined) else found
        return found

    def anchor(self) -> str:
        if self.request.workflow_type == "travel_booking":
            return f"Book a {self.request.travel_mode or 'flight'}"
        return ANCHORS[self.request.workflow_type]

    def readable(self, words: str) -> bool:
        """Whether the reader makes something of these words."""
        return _Refining(self.draft, words, words).read_fields(words, quiet=True)

    def read_fields(self, words: str, quiet: bool = False) -> bool:
        """Whatever an order would make of these words; says what was not understood unless it is to be quiet."""
        before = len(self.ops), len(self.refused)
        reading = self.beside(words)
        if not isinstance(reading, Reading):
            if not quiet:
                self.refused.append(f"Nothing was changed: {str(reading)[:1].lower()}{str(reading)[1:]}")
            return False
        if reading.request.workflow_type == "travel_booking" != self.request.workflow_type:
            if not quiet:
                self.refused.append(
                    "Nothing was changed: a trip can't be part of this order. Write it as its own order."
                )
            return False
        self.take_fields(reading, first=1, beside=True)
        unknown = [left for left in reading.ignored if not FILLERS.fullmatch(left) and not self.things(left)]
        changed = len(self.ops) > before[0]
        if unknown and not quiet:
            self.refused += not_understood(self.ops, unknown)
        return changed

    def take_fields(self, reading: Reading, first: int = 0, beside: bool = False) -> None:
        """The fields that a reading's words gave, and beside an anchor the further lines."""
        found, before = reading.request, len(self.ops)
        for name, unwanted in groupby(reading.declined, key=itemgetter(0)):
            self.take_out(name, [value for _, value in unwanted])
        taken = len(self.ops) > before
        self.answers += [one for one in reading.answers if not (taken and one == answers.no_day_ruled_out())]
        said = found.model_fields_set - set(found.defaulted)
        for field in FIELDS:
            value = getattr(found, field)
            if field in said and field != "workflow_type" and not (field == "seats" and value == 1):
                self.ops.append(SetField(field=field, value=value))
        for channel, wanted in found.notifications.model_dump(exclude_none=True).items():
            self.ops.append(Notify(channel=channel, wanted=wanted))
        self.ops += [SetCondition(event=one.event, then=one.then) for one in found.conditions]
        if beside:
            self.take_lines(reading, first)

    def take_out(self, field: str, unwanted: Sequence[object], quiet: bool = False) -> None:
        """What is not wanted goes where it is there; nothing is ever put in for it."""
        if unwanted:
            ops, why = taken_out(self.draft, field, unwanted)
            self.ops += ops
            self.refused += [why] if why and not quiet else []

    def take_lines(self, reading: Reading, first: int) -> None:
        items = reading.request.items
        if items and items[0].unit_price is not None:
            self.price(items[0].unit_price)
        for at, item in enumerate(items[first:], first):
            found = find_items(self.request, item.name)
            if len(found) == 1:
                quantity = None if f"items.{at}.quantity" in reading.request.defaulted else item.quantity
                if quantity is not None or item.unit_price is not None:
                    name = self.request.items[found[0]].name
                    self.ops.append(
                        ChangeItem(item=name, quantity=quantity, unit=item.unit, unit_price=item.unit_price)
                    )
            elif self.request.items:
                self.ops.append(AddItem(**item.model_dump()))

    def price(self, price: Decimal) -> None:
        """'at $900 each': of the line that is named, else of the only one."""
        named = [at for at, item in enumerate(self.request.items) if _names(self.clean, item.name)]
        if len(named) == 1 or len(self.request.items) == 1:
            at = named[0] if len(named) == 1 else 0
            self.ops.append(ChangeItem(item=self.request.items[at].name, unit_price=price))
        else:
            self.asked_which(f"the {{}} at {price:f} each")


def _gives(reading: Reading) -> bool:
    """Whether the words beside the anchor gave anything."""
    request = reading.request
    fields = (
        request.model_fields_set - set(request.defaulted) - {"workflow_type", "domain", "items", "defaulted", "seats"}
    )
    return bool(fields - {"travel_mode"}) or len(request.items) > 1 or bool(reading.declined or reading.answers)


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text without what is said around a change: 'please', 'instead', 'actually'."""
    for piece in SPLIT.split(text):
        while (shorter := TAIL.sub("", LEAD.sub("", piece.strip(" \n.,;:!?\"'")))) != piece:
            piece = shorter
        if piece:
            yield piece


def _names(text: str, name: str) -> bool:
    words = {canonical([word]) for word in re.findall(r"[\w'-]+", text.lower())}
    return canonical(name.split()).split()[-1] in words


def _channels(words: str) -> tuple[Notice, ...]:
    return tuple(name for name, form in WAYS.items() if form.search(words))

"""Reads what is to change of an order: 'make it 3', 'ship overnight instead', 'no text messages', 'undo'.

Lines, and what is taken away, have a grammar of their own here. Everything else is read as it would be beside an order
of one thing, so that a field is understood here exactly where it is understood in an order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import get_args

from core.composer.base import MAX_CHARS, Reading
from core.composer.changes import (
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
from core.composer.offline.asides import skip_reminders
from core.composer.offline.corrections import corrected
from core.composer.offline.instructions import skip_instructions
from core.composer.offline.notices import read_conditions
from core.composer.offline.nouns import canonical
from core.composer.offline.numbers import read_number
from core.composer.offline.refine_fields import Fields
from core.composer.offline.refine_forms import (
    ADD,
    CARD,
    COUNTS_BEHIND,
    DOUBLE,
    FEWER,
    FIELD_WORDS,
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
    PRICED,
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
from core.composer.offline.refine_lines import bare, listed, read_order, short
from core.composer.offline.text import GONE, Draft, Written
from core.composer.offline.wishes import Wished, read_wishes
from core.composer.refine import AGAIN, EXAMPLES, Refinement, refined
from core.models import Notice, Priority, ShippingMethod, TravelClass

Match = re.Match[str]
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


class _Refining(Fields):
    """One text about one order: its clauses in turn, then the rest as one."""

    def __init__(self, draft: Composed, text: str, clean: str) -> None:
        super().__init__(draft, text, clean)
        self.left: list[str] = []  # clauses that no form took

    def refinement(self) -> Refinement:
        spoken = Draft(self.clean)
        skip_instructions(spoken)
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
            (COUNTS_BEHIND, self.set_behind),
            (PRICE, self.price_of),
            (MAKE_THING, self.make_thing),
            (ONLY, self.only),
            (REMOVE, self.remove),
            (ADD, self.add),
            (PRICED, self.add_priced),
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

    def add_priced(self, match: Match) -> bool:
        return not self.things(match["thing"]) and self.add(match)

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


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text without what is said around a change: 'please', 'instead', 'actually'."""
    for piece in SPLIT.split(text):
        while (shorter := TAIL.sub("", LEAD.sub("", piece.strip(" \n.,;:!?\"'")))) != piece:
            piece = shorter
        if piece:
            yield piece


def _channels(words: str) -> tuple[Notice, ...]:
    return tuple(name for name, form in WAYS.items() if form.search(words))

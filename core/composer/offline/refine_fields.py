"""Which fields of an order change: words are read as they would be beside an order of one thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from core.composer.base import Reading
from core.composer.changes import FIELDS, AddItem, ChangeItem, Notify, SetCondition, SetField, find_items
from core.composer.offline import answers
from core.composer.offline.lexicon import is_service, knows
from core.composer.offline.nouns import canonical, singular
from core.composer.offline.refine_declines import taken_out
from core.composer.offline.refine_forms import FILLERS
from core.composer.offline.refine_lines import Lines, read_order, short
from core.composer.offline.taken_back import without_taking_back
from core.composer.refine import not_understood
from core.errors import ReadingRefused
from core.models import WorkflowType

ANCHORS: dict[WorkflowType, str] = {
    "purchase_order": "Order one gizmo",
    "bulk_order": "Order one gizmo",
    "service_appointment": "Book a consultation",
    "software_license": "Buy one gizmo license",
}


class Fields(Lines):
    """What is found in one text about one order: its fields, and the lines that stand among their words."""

    def beside(self, words: str) -> Reading | ReadingRefused:
        """Words read beside an order of one thing of the same kind: as its next sentence, else as part of it."""
        words = without_taking_back(words)
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
        return Fields(self.draft, words, words).read_fields(words, quiet=True)

    def read_fields(self, words: str, quiet: bool = False) -> bool:
        """Whatever an order would make of these words; says what was not understood unless it is to be quiet."""
        before = len(self.ops), len(self.refused)
        reading = self.beside(words)
        if not isinstance(reading, Reading):
            if not quiet:
                self.refused.append(f"Nothing was changed: {str(reading)[:1].lower()}{str(reading)[1:]}")
            return False
        kind = reading.request.workflow_type
        if kind == "travel_booking" != self.request.workflow_type:
            if not quiet:
                self.refused.append(
                    "Nothing was changed: a trip can't be part of this order. Write it as its own order."
                )
            return False
        if kind == "service_appointment" and self.request.ships:
            if not quiet:
                self.refused.append(
                    f"Nothing was changed: '{short(words)}' fits nothing in this order. A service is its own order."
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
        if "return_date" in said and self.request.trip_type == "one_way" and "trip_type" not in said:
            self.ops.append(SetField(field="trip_type", value="round_trip"))
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
            elif self.request.ships and is_service(item.name):
                self.refused.append(
                    f"'{item.name}' is a service and can't be part of this order. Write it as its own order."
                )
            elif self.request.items:
                self.ops.append(AddItem(**item.model_dump()))

    def price(self, price: Decimal) -> None:
        """'at $900 each': of the line that is named, else of the only one."""
        named = [at for at, item in enumerate(self.request.items) if _names(self.clean, item.name)]
        other = re.search(r"\bthe\s([a-z][\w-]+)\s", self.clean, re.IGNORECASE)
        if other and not named and knows(other[1]):
            self.refused.append(f"Nothing was changed: this order has no {singular(other[1].lower())}.")
        elif len(named) == 1 or len(self.request.items) == 1:
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


def _names(text: str, name: str) -> bool:
    words = {canonical([word]) for word in re.findall(r"[\w'-]+", text.lower())}
    return canonical(name.split()).split()[-1] in words

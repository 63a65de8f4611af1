"""Which lines of an order change and how: 'make it 3', 'two more docks', 'swap the laptops for tablets'."""

from __future__ import annotations

import re
from decimal import Decimal

from core.composer.base import Answer, Reading
from core.composer.changes import ChangeItem, Composed, Op, RemoveItem, SetField, find_items
from core.composer.offline.numbers import read_number
from core.composer.offline.reader import OfflineComposer
from core.composer.offline.refine_forms import COUNT_BEHIND, PEOPLE
from core.composer.refine import AGAIN, Option
from core.errors import ReadingRefused

Match = re.Match[str]
FACTORS = {"double": Decimal(2), "triple": Decimal(3), "halve": Decimal("0.5")}


class Lines:
    """What is found in one text about one order: typed changes, sentences about what can't be, options, answers.

    The methods take a match of a form; they say whether it was one.
    """

    def __init__(self, draft: Composed, text: str, clean: str) -> None:
        self.draft, self.request, self.text, self.clean = draft, draft.request, text, clean
        self.ops: list[Op] = []
        self.refused: list[str] = []
        self.options: list[Option] = []
        self.answers: list[Answer] = []

    def double(self, match: Match) -> bool:
        factor = FACTORS[match["how"].lower()]
        things = self.things(match["thing"])
        if not things and self.asked_which(f"{match['how']} the {{}}"):
            return True
        self.ops += [
            ChangeItem(item=self.request.items[at].name, quantity=self.request.items[at].quantity * factor)
            for at in things
        ]
        return bool(things)

    def set_it(self, match: Match) -> bool:
        """'make it 3', 'make that 4 monitors', 'three of them', '5'."""
        number = number_of(match["n"])
        if number is None:
            return False
        thing = match["thing"]
        return self.set_named(thing, number) if thing else self.set_unnamed(number, match["n"])

    def set_unnamed(self, number: Decimal, said: str) -> bool:
        if self.request.workflow_type == "travel_booking":
            return self.set_count_of_trip(number, said)
        if len(self.request.items) == 1:
            self.ops.append(ChangeItem(item=self.request.items[0].name, quantity=number))
            return True
        return self.asked_which(f"make the {{}} {said}")

    def set_count_of_trip(self, number: Decimal, said: str) -> bool:
        held = [field for field in ("passengers", "rooms", "nights") if getattr(self.request, field) is not None]
        if len(held) == 1:
            self.ops.append(SetField(field=held[0], value=number))
        else:
            self.options += [Option(f"{said} {field}", f"make it {said} {field}") for field in held or ["passengers"]]
            self.refused.append(f"Nothing was changed: '{short(said)}' may be {' or '.join(held or ['passengers'])}.")
        return True

    def asked_which(self, form: str) -> bool:
        """Offer a text for each line, where it could be any."""
        names = [item.name for item in self.request.items]
        if len(names) < 2:
            return False
        self.options += [Option(form.format(name).capitalize(), form.format(name)) for name in names[:6]]
        self.refused.append(f"Nothing was changed: say which of {listed(names)}.")
        return True

    def set_thing(self, match: Match) -> bool:
        number = number_of(match["n"])
        return number is not None and self.set_named(match["thing"], number)

    def set_behind(self, match: Match) -> bool:
        """'keyboards 20 mice 30', where each is a line of the order."""
        said = list(COUNT_BEHIND.finditer(match[0]))
        found = [find_items(self.request, bare(one["thing"])) for one in said]
        numbers = [number_of(one["n"]) for one in said]
        if any(len(lines) != 1 for lines in found) or None in numbers:
            return False
        self.ops += [
            ChangeItem(item=self.request.items[at].name, quantity=number)
            for (at,), number in zip(found, numbers, strict=True)
        ]
        return True

    def set_named(self, thing: str, number: Decimal) -> bool:
        """So many of a thing: of a line, of every line, or of people, rooms, nights, seats."""
        if re.fullmatch(r"each(?: of them)?|every(?:thing| item)|all(?: of them)?", thing, re.IGNORECASE):
            self.ops += [ChangeItem(item=item.name, quantity=number) for item in self.request.items]
            return bool(self.request.items)
        if (field := self.counted(thing)) is not None:
            self.ops.append(SetField(field=field, value=number))
            return True
        if thing.lower() in ("it", "them", "quantity", "the quantity"):
            return self.set_unnamed(number, f"{number:f}")
        found = find_items(self.request, bare(thing))
        if len(found) == 1:
            self.ops.append(ChangeItem(item=self.request.items[found[0]].name, quantity=number))
            return True
        if found:
            names = [self.request.items[at].name for at in found]
            self.options += [Option(f"Make the {name} {number:f}", f"make the {name} {number:f}") for name in names]
            self.refused.append(f"Nothing was changed: '{short(thing)}' may be {listed(names, 'or')}.")
            return True
        return False

    def counted(self, thing: str) -> str | None:
        """The field that people, rooms, nights or seats stand for in this kind of order."""
        for field, form in PEOPLE:
            if form.fullmatch(thing):
                kind = self.request.workflow_type
                if field != "people":
                    return field
                fields = {
                    "travel_booking": "passengers",
                    "service_appointment": "attendees",
                    "software_license": "seats",
                }
                return fields.get(kind)
        return None

    def more(self, match: Match) -> bool:
        """'two more laptops', 'another dock', 'one more'."""
        return self.shift(match, 1)

    def fewer(self, match: Match) -> bool:
        """'two fewer laptops', 'take off one of the docks'."""
        return self.shift(match, -1)

    def shift(self, match: Match, sign: int) -> bool:
        number = number_of(match["n"] or "one")
        thing = match["thing"]
        if number is None:
            return False
        if thing and (field := self.counted(thing)):
            held = getattr(self.request, field) or 1
            self.ops.append(SetField(field=field, value=held + sign * number))
            return True
        if not thing:
            if len(self.request.items) > 1:
                words = "add {} more" if sign > 0 else "take off {}"
                return self.asked_which(f"{words.format(match['n'] or 'one')} {{}}")
            things = list(range(len(self.request.items)))
        else:
            things = find_items(self.request, bare(thing))
        if len(things) != 1:
            return False
        item = self.request.items[things[0]]
        total = item.quantity + sign * number
        if total == 0:
            self.ops.append(RemoveItem(item=item.name))
        else:
            self.ops.append(ChangeItem(item=item.name, quantity=total))
        return True

    def rename(self, match: Match) -> bool:
        """'swap the laptops for tablets', 'replace the dock with two hubs'."""
        old = match["old"]
        things = self.things(old)
        if len(things) != 1:
            return len(things) > 1 and self.asked_which(f"replace the {{}} with {match['new']}")
        return self.replace_by(things[0], match["new"])

    def replace_by(self, at: int, words: str) -> bool:
        reading = read_order(f"Order {words}")
        if not isinstance(reading, Reading):
            self.refused.append(str(reading))
            return True
        if len(reading.request.items) != 1:
            return False
        new, old = reading.request.items[0], self.request.items[at]
        said = "items.0.quantity" not in reading.request.defaulted and not re.match(r"(?:an?|the)\s", words, re.I)
        self.ops.append(
            ChangeItem(
                item=old.name,
                name=new.name,
                quantity=new.quantity if said else None,
                unit=new.unit,
                unit_price=new.unit_price,
            )
        )
        return True

    def only(self, match: Match) -> bool:
        """'only the monitors': the other lines go."""
        kept = [find_items(self.request, bare(piece)) for piece in re.split(r"\s?(?:,|&|\band\b)\s?", match["things"])]
        if not kept or any(len(places) != 1 for places in kept):
            return False
        gone = set(range(len(self.request.items))) - {places[0] for places in kept}
        drops = [RemoveItem(item=self.request.items[at].name) for at in sorted(gone)]
        self.ops += [drop for drop in drops if drop not in self.ops]
        if not gone:
            self.refused.append(AGAIN)
        return True

    def one_of(self, match: Match) -> bool:
        """'make it 2 or 3': either."""
        numbers = number_of(match["n"]), number_of(match["m"])
        if None in numbers:
            return False
        texts = [f"{match['lead'] or 'make it '}{words}{match['rest']}" for words in (match["n"], match["m"])]
        self.options += [Option(text.capitalize(), text) for text in texts]
        self.refused.append(f"Nothing was changed: '{short(match[0])}' is no single number.")
        return True

    def price_of(self, match: Match) -> bool:
        """'monitors at 250', 'set the price of the laptops to 900'."""
        things = self.things(match["thing"])
        if len(things) != 1:
            return False
        price = Decimal(match["price"].replace(",", ""))
        self.ops.append(ChangeItem(item=self.request.items[things[0]].name, unit_price=price))
        return True

    def make_thing(self, match: Match) -> bool:
        """'make the laptops tablets'."""
        words = match["words"].split()
        for at in range(len(words) - 1, 0, -1):
            things = find_items(self.request, " ".join(words[:at]))
            if len(things) == 1:
                return self.replace_by(things[0], " ".join(words[at:]))
        return False

    def things(self, words: str | None) -> list[int]:
        """The lines that some words mean; 'it' is the only one, 'everything' all."""
        if not words or re.fullmatch(r"it|that|this|them|those|the (?:order|quantity)", words, re.I):
            return [0] if len(self.request.items) == 1 else []
        if re.fullmatch(r"everything|all(?: of (?:it|them))?|both", words, re.I):
            return list(range(len(self.request.items)))
        return find_items(self.request, bare(words))


def read_order(text: str) -> Reading | ReadingRefused:
    """What the offline reader makes of a text."""
    try:
        return OfflineComposer().read(text)
    except ReadingRefused as refused:
        return refused


def number_of(words: str) -> Decimal | None:
    """The number that some words say; None where they say none."""
    less = re.match(r"-|minus\s", words, re.IGNORECASE)
    sign = -1 if less else 1
    known = {
        "a": 1,
        "an": 1,
        "one": 1,
        "another": 1,
        "a single": 1,
        "none": 0,
        "a couple": 2,
        "a couple of": 2,
        "a pair": 2,
    }
    plain = words[less.end() if less else 0 :].lower().strip()
    if plain in known:
        return Decimal(known[plain])
    number = read_number(plain)
    return None if number is None else sign * number


def bare(thing: str) -> str:
    """A thing without its article."""
    return re.sub(
        r"\A(?:of\s)?(?:the|my|our|your|any|all|those|these|an?|of)\s", "", thing.strip(), flags=re.IGNORECASE
    )


def listed(names: list[str], last: str = "and") -> str:
    """Names as a list in words."""
    return ", ".join(names[:-1]) + f" {last} {names[-1]}" if len(names) > 1 else "".join(names)


def short(text: str) -> str:
    """A text as one line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"

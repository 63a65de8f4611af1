"""Saved orders: what is kept under a name, and how it is written to a file and read from one."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, ValidationError

from core.errors import ImportRefused, SavedRefused
from core.models import Item, Model, OrderRequest, PlanName, Wishes, visible

KIND, FORMAT = "sagalab.order", 1
LARGEST_BYTES = 100_000
LONGEST_NAME, LONGEST_TEXT = 60, 4000
DEEPEST = 20
MOST_FAULTS = 5
ABOUT = {
    "missing": "is missing",
    "extra_forbidden": "is not known here; take it out",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "has too many digits",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list, in square brackets",
    "model_type": "must be an object, in curly brackets",
    "string_type": "must be text, in quotes",
    "string_pattern_mismatch": "is not written as it should be",
}
WRITTEN = {  # field -> how it is written, where a pattern says no
    "currency": "must be an ISO code of three capital letters, such as USD",
    "convert_to": "must be an ISO code of three capital letters, such as USD",
    "time": "must be a time of day, such as 09:30",
}


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"must have 1 to {LONGEST_NAME} characters")
    if not name.isprintable() or visible(name) != name:
        raise ValueError("must have only characters that can be seen, and plain spaces")
    return name


def _storable(text: str) -> str:
    if not can_be_kept(text):
        raise ValueError("has a character that can't be kept")
    return text


class SavedOrder(Model):
    """An order under a name: the sentence as written ('' where there was none), the request made of it, its plan."""

    name: Annotated[str, AfterValidator(_name)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_storable)] = ""
    plan: PlanName = "saga"
    wishes: Wishes = ()
    request: OrderRequest

    @property
    def key(self) -> str:
        """The name as names are compared."""
        return key_of(self.name)

    def sentences(self) -> Iterator[str]:
        """Sentences that can stand for it where an order is written, the best first."""
        yield from (text for text in (self.text, f"Order {self.request.title()}", f"Order {self.name}") if text.strip())


def key_of(name: str) -> str:
    """A name as names are compared: neither case nor the way an accent is typed makes another one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def can_be_kept(text: str) -> bool:
    """Whether every store takes it: no NUL, no half of a character."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name with the first number behind it that makes it free. `taken` are keys."""
    held = set(taken)
    for number in range(2, len(held) + 3):
        tail = f" {number}"
        found = name[: LONGEST_NAME - len(tail)].rstrip() + tail
        if key_of(found) not in held:
            return found
    raise AssertionError("one of so many names is free")


def make_order(**fields: Any) -> SavedOrder:
    """A saved order of its fields, as a file of it would be read; of wishes about the same the last counts.

    Raises SavedRefused.
    """
    fields["wishes"] = tuple({wish.place: wish for wish in fields.get("wishes", ())}.values())
    try:
        return read_order(write_order(SavedOrder.model_validate(fields)))
    except (ValidationError, ImportRefused) as error:
        faults = _faults(error) if isinstance(error, ValidationError) else error.faults
        name = str(fields.get("name", ""))[:LONGEST_NAME]
        raise SavedRefused(name, f"The order can't be saved. {'; '.join(faults)}.") from error


def not_saved(name: str) -> SavedRefused:
    """The refusal where no order has this name."""
    return SavedRefused(name, f"There is no saved order '{name[:LONGEST_NAME]}'. Pick one from the list.")


def renamed(order: SavedOrder, name: str) -> SavedOrder:
    """The same under another name. Raises SavedRefused."""
    return make_order(**dict(order) | {"name": name})


# Files


def write_order(order: SavedOrder) -> str:
    """The order as JSON that a person can read and `read_order` takes; no ids, the same for the same order."""
    head = {"kind": KIND, "format": FORMAT}
    body = order.model_dump(mode="json", exclude_none=True)
    return json.dumps(head | body, indent=2, ensure_ascii=False) + "\n"


def read_order(data: str | bytes) -> SavedOrder:
    """Read what `write_order` wrote, or a person. Raises ImportRefused with the path of each fault."""
    faults: list[str] = []
    found = _plain(_load(data), (), faults)
    if faults:
        raise import_refused(faults)
    _check_head(found)
    try:
        return SavedOrder.model_validate(
            {name: value for name, value in found.items() if name not in ("kind", "format")}
        )
    except ValidationError as error:
        raise import_refused(_faults(error)) from error


def import_order(data: str | bytes) -> SavedOrder:
    """Read a file that somebody brings. It may hold no two wishes about the same, and no default of no field."""
    order = read_order(data)
    faults: list[str] = []
    places: dict[tuple[str, str], int] = {}
    for at, wish in enumerate(order.wishes):
        if (first := places.setdefault(wish.place, at)) != at:
            faults.append(f"wishes[{at}]: is about the same as wishes[{first}]; keep one of them")
    faults += [
        f"{path_of(('request', 'defaulted', at))}: names no field of an order"
        for at, field in enumerate(order.request.defaulted)
        if not _is_field(field)
    ]
    if faults:
        raise import_refused(faults)
    return order


def _is_field(path: str) -> bool:
    if found := re.fullmatch(r"items\.\d{1,3}\.(\w+)", path):
        return found[1] in Item.model_fields
    return path in OrderRequest.model_fields and path != "defaulted"


def import_refused(faults: list[str]) -> ImportRefused:
    """The refusal of a file with these faults, the first of them named."""
    more = len(faults) - MOST_FAULTS
    named = [fault.rstrip(".") for fault in faults[:MOST_FAULTS]]
    return ImportRefused((*named, *([f"and {more} more"] if more > 0 else [])))


def path_of(parts: Iterable[str | int]) -> str:
    """Where a value stands in a file, such as 'request.items[0].quantity'."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            shown = part if re.fullmatch(r"\w{1,40}", part) else json.dumps(part[:40])
            path += f".{shown}" if path else shown
    return path or "the file"


class _Object(NamedTuple):
    """A JSON object as it is written: its keys may come twice."""

    pairs: list[tuple[str, Any]]


def _load(data: str | bytes) -> Any:
    try:
        written = data.encode() if isinstance(data, str) else data
        if len(written) > LARGEST_BYTES:
            raise import_refused([f"the file: must have at most {LARGEST_BYTES // 1000} KB"])
        text = written.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_Object, parse_float=_number, parse_constant=Decimal)
    except UnicodeError as error:
        raise import_refused(["the file: is not text in UTF-8"]) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise import_refused([f"the file: is not JSON from {place} on ({error.msg})"]) from error
    except RecursionError as error:
        raise import_refused([f"the file: is nested deeper than {DEEPEST} levels"]) from error
    except ValueError as error:  # an integer of thousands of digits
        raise import_refused(["the file: has a number of too many digits"]) from error


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text[:40]) from error


def _plain(value: Any, at: tuple[str | int, ...], faults: list[str]) -> Any:
    """The value in plain dicts and lists. What JSON allows and an order does not, goes to `faults`."""
    if len(at) > DEEPEST:
        raise import_refused([f"{path_of(at[:3])}: is nested deeper than {DEEPEST} levels"])
    if isinstance(value, _Object):
        found: dict[str, Any] = {}
        for key, inner in value.pairs:
            if key in found:
                faults.append(f"{path_of((*at, key))}: is there twice")
            found[key] = _plain(inner, (*at, key), faults)
        return found
    if isinstance(value, list):
        return [_plain(inner, (*at, place), faults) for place, inner in enumerate(value)]
    if isinstance(value, str) and not can_be_kept(value):
        faults.append(f"{path_of(at)}: has a character that can't be kept")
    return value


def _check_head(found: Any) -> None:
    """Raises ImportRefused for what is no order at all, or one of a format that this version does not know."""
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise import_refused([f'kind: must be "{KIND}", as in a file that was exported here'])
    version = found.get("format")
    if type(version) is not int or version < 1:
        raise import_refused([f"format: must be {FORMAT}"])
    if version > FORMAT:
        raise import_refused([f"format: a newer Sagalab wrote this file; this one reads format {FORMAT}"])


def _faults(error: ValidationError) -> list[str]:
    """One line a fault: the path, and what is wrong there."""
    return [f"{path_of(fault['loc'])}: {_wrong(fault)}" for fault in error.errors(include_url=False)]


def _wrong(fault: Any) -> str:
    kind, field = fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "string_pattern_mismatch" and field in WRITTEN:
        return WRITTEN[field]
    if kind in ABOUT:
        return ABOUT[kind].format(**fault.get("ctx", {}))
    said: str = fault["msg"].removeprefix("Value error, ")
    return re.sub(r"^(Input|Value|String|Decimal input) should ", "must ", said)

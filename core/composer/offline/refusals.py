"""Every refusal of the offline reader: what is wrong, and what to write instead."""

from __future__ import annotations

from decimal import Decimal

from pydantic import ValidationError

from core.composer.base import MAX_CHARS
from core.composer.offline.nouns import plural
from core.errors import ReadingRefused
from core.models import Item

MOST = next(int(bound.le) for bound in Item.model_fields["quantity"].metadata if hasattr(bound, "le"))
EXAMPLE = "Write what to order and how many, like 'Order 2 laptops for our office team'."

_NAMES = {
    "items": "list of items",
    "unit_price": "price",
    "total_price": "total",
    "discount_percent": "discount",
    "customer_email": "email address",
    "return_date": "day of return",
}
_WHY = {  # type of the fault -> (what is wrong, what to do)
    "string_too_long": ("is too long: at most {max_length} characters", "Write a shorter one."),
    "string_too_short": ("is empty", "Write one, or leave it out."),
    "less_than_equal": ("is too large: at most {le}", "Write a smaller one."),
    "greater_than": ("is too small: it must be more than {gt}", "Write a larger one."),
    "greater_than_equal": ("is too small: at least {ge}", "Write a larger one."),
    "decimal_max_digits": ("has too many digits: at most {max_digits}", "Write a shorter number."),
    "too_long": ("is too long: at most {max_length}", "Write several orders."),
    "value_error": ("", "Write another one."),
}


def empty() -> ReadingRefused:
    """Nothing was written."""
    return ReadingRefused("empty", f"There is nothing to read. {EXAMPLE}")


def too_long(characters: int) -> ReadingRefused:
    """More than a reader takes."""
    message = f"This is {characters:,} characters long; at most {MAX_CHARS:,} can be read. Write only the order itself."
    return ReadingRefused("too_long", message)


def not_an_order(why: str = "No order was found in this text.") -> ReadingRefused:
    """A question, chat, another task, or nothing that can be read. `why` is a sentence."""
    return ReadingRefused("not_an_order", f"{why} {EXAMPLE}")


def nothing_wanted() -> ReadingRefused:
    """Only things that are not wanted."""
    return not_an_order("What is named here is not wanted, so nothing is left to order.")


def other_language() -> ReadingRefused:
    """A sentence that is not English."""
    return ReadingRefused(
        "unsupported_language", f"This does not look like English, which is all that is read here. {EXAMPLE}"
    )


def vague(words: str, name: str, options: tuple[tuple[str, str], ...] = ()) -> ReadingRefused:
    """A quantity that is no single number; `options` are what it may mean, with the text for each."""
    if options and " " in options[0][0]:
        message = f"'{words[:80]}' says one or the other. Choose one, or write only the one that is meant."
        return ReadingRefused("ambiguous_quantity", message, options)
    message = f"'{words[:40]}' does not say how many. Write one number, like '3 {plural(name[:60]) or 'laptops'}'."
    return ReadingRefused("ambiguous_quantity", message, options)


def not_positive(quantity: Decimal, name: str) -> ReadingRefused:
    """Zero or fewer."""
    message = (
        f"{_short(quantity)} × {name[:60]} can't be ordered. Write a quantity of 1 or more, or leave the item out."
    )
    return ReadingRefused("negative_or_zero_quantity", message)


def too_many(quantity: Decimal, name: str) -> ReadingRefused:
    """More than one line can hold."""
    message = (
        f"{_short(quantity)} × {name[:60]} is more than one line can hold. Write at most {MOST:,}, or several orders."
    )
    return ReadingRefused("not_an_order", message)


def negative_price(words: str) -> ReadingRefused:
    """A price below zero."""
    message = (
        f"'{words[:40]}' is a negative price. Write what one piece costs, like '$20 each', or leave the price out."
    )
    return ReadingRefused("negative_or_zero_quantity", message)


def too_dear(words: str) -> ReadingRefused:
    """An amount that no order can have."""
    return ReadingRefused(
        "not_an_order", f"'{words[:40]}' is more money than one order can hold. Write at most 1,000,000,000."
    )


def currency(words: str) -> ReadingRefused:
    """Money that no bank pays out."""
    message = f"'{words[:40]}' is not a currency that can be paid in. Write a code such as USD, EUR or GBP."
    return ReadingRefused("unsupported_currency", message)


def two_currencies(first: str, second: str) -> ReadingRefused:
    """Prices of one order in two currencies."""
    message = (
        f"This order has prices in {first} and in {second}. Write all prices in one currency; "
        f"to pay in the other one, add 'pay in {second}'."
    )
    return ReadingRefused("unsupported_currency", message)


def out_of_bounds(error: ValidationError) -> ReadingRefused:
    """A value that the request can't hold: which one, what is wrong with it, and what to write."""
    first = error.errors()[0]
    why, instead = _WHY.get(first["type"], ("can't be used", "Write another one."))
    ctx = {
        name: f"{bound:,}" for name, bound in first.get("ctx", {}).items() if isinstance(bound, int | float | Decimal)
    }
    if first["type"] == "value_error":
        why = f"can't be used: {first['msg'].removeprefix('Value error, ')}"
    return ReadingRefused("not_an_order", f"{_subject(first['loc'])} {why.format(**ctx)}. {instead}")


def _subject(path: tuple[int | str, ...]) -> str:
    """('items', 0, 'name') as 'The name of item 1'."""
    first, *rest = path or ("order",)
    of_line = (
        f"{str(first).removesuffix('s').replace('_', ' ')} {rest[0] + 1}" if rest and isinstance(rest[0], int) else ""
    )
    field = str(rest[-1] if rest and isinstance(rest[-1], str) else first)
    name = _NAMES.get(field, field.replace("_", " "))
    if of_line:
        return of_line.capitalize() if isinstance(rest[-1], int) else f"The {name} of {of_line}"
    return f"The {name}"


def _short(quantity: Decimal) -> str:
    return f"{quantity:,f}" if abs(quantity) < Decimal("1e15") else f"{quantity:.2e}"

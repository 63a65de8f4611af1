"""Every refusal of the offline reader: what is wrong, and what to write instead."""

from __future__ import annotations

from decimal import Decimal

from pydantic import ValidationError

from core.composer.base import MAX_CHARS
from core.errors import ReadingRefused
from core.models import Item

MOST = next(int(bound.le) for bound in Item.model_fields["quantity"].metadata if hasattr(bound, "le"))
EXAMPLE = "Write what to order and how many, like 'Order 2 laptops for our office team'."


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
    """A quantity that is no single number; `options` are the numbers it names, with the text for each."""
    message = f"'{words[:40]}' does not say how many. Write one number, like '3 {name[:60] or 'laptops'}'."
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
    """A value that the request can't hold; names its field."""
    first = error.errors()[0]
    field = " ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in first["loc"])
    why = first["msg"].removeprefix("Value error, ")
    return ReadingRefused("not_an_order", f"The {field} of this order can't be used: {why}. Write another value.")


def _short(quantity: Decimal) -> str:
    return f"{quantity:,f}" if abs(quantity) < Decimal("1e15") else f"{quantity:.2e}"

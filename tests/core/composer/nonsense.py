"""Texts that no order looks like: for the tests and for the benchmark."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

from core.composer.base import MAX_CHARS

WORDS = (
    "order buy book get two 3 -1 0 1e9 NaN , and \n . ; : $5 €7.50 each total for the our team my mum from "
    "Paris to London if payment fails shipping call me email no sms wait I mean laptops of boxes a half "
    "dozen hundred million wallet small not don't by friday at 10am 12 EUR XYZ pay in per user sorry "
    "address - x ( ) ' \" @ budget under flight hotel nights licenses seats schedule training with "
    "without 1/2 2-3 some a@b.co +4915155501000 50% off ship A B need to get my fixed someone appointment "
    "pizza along also change the pens 2 adults children leave arrive april the 4th quarter past { } < >"
).split(" ")
UNITS = (
    "a", "0", "1 ", "one ", "and ", "order ", "A ", "if ", "$", "a@", "-", "1,", "hi, ", "(", "[{(<", "with a ", "for ",
    "the ", "my ", "1.", "twenty ", "need to ", "so ", "get my a ", "to A ", "\n", "a-", "no, ", "'s ", "of ", "1 a, ",
    "don't ", "not a ", "neither ", "nor a ", "anything but ", "every ", "$9, no, ", "by Monday, no, ", "if it fails ",
    "call me ", "and call me ", "never charge me ", "refund me if ", "text me, no, ", "try it twice, ", "31 February ",
)  # fmt: skip


def repeated() -> Iterator[str]:
    """One piece of text again and again, with and without a verb before it."""
    for unit in UNITS:
        for lead in ("", "Order 2 laptops ", "Book a flight to Oslo "):
            yield (lead + unit * MAX_CHARS)[:MAX_CHARS]


def every_block() -> Iterator[str]:
    """Every 128th code point and its neighbours, eight to a text, as a name and as noise."""
    points = [point for point in range(0, 0x110000, 128) if unicodedata.category(chr(point)) != "Cs"]
    for at in range(0, len(points), 8):
        characters = "".join(chr(point) + chr(point + 1) for point in points[at : at + 8])
        yield f"Order 3 {characters} laptops"
        yield characters


def lists() -> Iterator[str]:
    """As many items as fit, in several shapes."""
    for line in ("2 mugs, ", "1 a and ", "Mugs: 2\n", "3x mug; ", "a cup and a pan and ", "mugs x2, "):
        yield (line * MAX_CHARS)[: MAX_CHARS - 1]
    yield "order " + "(" * 900 + "2 mugs" + ")" * 900
    yield "order 2 mugs " + "[{" * 400 + "3 pens" + "}]" * 400


def jumbled(seed: int, many: int) -> Iterator[str]:
    """Words of the trade in no order, up to the longest text that is read."""
    chance = random.Random(seed)
    for _ in range(many):
        words = chance.choices(WORDS, k=chance.randint(1, 400))
        yield chance.choice((" ", " ", "", ", ")).join(words)[:MAX_CHARS]

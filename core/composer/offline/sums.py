"""Sums as some write them, put in plain digits: '1.000' where commas are decimal, and 'two dollars fifty'."""

from __future__ import annotations

import re
from functools import cache

from core.composer.offline.currencies import currency_signs, currency_words
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.text import Written

_GROUPED = rx(r"(?<![\w.,])\d{1,3}(?:\.\d{3}){1,4}(?![\w.]|,?\d)", words="0/0")
# '€0,05', '12,50 euros', '2,5 kg': a comma for the decimals. '10,12' alone may be a list.
_COMMA = rx(
    r"(?:[€$£]|\b(?:eur|chf|pln|sek|nok|dkk|brl))\s?\d{1,9}(?:\.\d{3}){0,3},\d{1,2}(?![\d,])"
    r"|(?<![\d.,])\d{1,9}(?:\.\d{3}){0,3},\d{1,2}\s?(?:[€$£]|(?:euros?|eur|chf|pln|zloty|kronor|kroner|reais|kg|g|km|m|cm"
    r"|mm|l|lit(?:er|re)s?|met(?:er|re)s?|kilos?|each|apiece)\b)",
    words=",",
)


_DIGITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_CENTS = rf"(?:(?:{_TENS})(?:[ -](?:{_DIGITS}))?|{_TEENS})"
# What may follow a sum; behind 'two pounds fifty' there may be 'grams' else.
_ENDS = (
    r"(?=\s*(?:\Z|[,;:!?)\n]|\.(?!\d)|(?:each|apiece|a piece|a pop|per|a (?:dozen|pair|unit)|in total|total|altogether"
    r"|all in|for (?:all|both|the lot|everything)|and|plus|please|pls|delivered|or less|tops)\b))"
)
_WHOLE = 100
# 'nine ninety nine each': dollars and cents, where some money is named.
_BARE = rx(
    rf"\b(?P<whole>{_DIGITS}|{_TEENS}|(?:{_TENS})(?:-(?:{_DIGITS}))?)\s(?P<cents>{_CENTS})"
    r"(?=\s(?:each|apiece|a piece)\b)",
    words="each apiece piece",
)


@cache
def _spoken() -> re.Pattern[str]:
    """'two dollars fifty', 'a dollar twenty', '5 pounds 99', 'two dollars and fifty cents'."""
    many = rf"(?P<whole>{NUMBER}|an?)\s(?P<money>{any_of(currency_words())})"
    cents = rf"(?:\s(?P<cents>{_CENTS}|\d\d)|\sand\s(?P<coins>{NUMBER})\s(?:cents?|pence|p))"
    return re.compile(rf"(?<![\w.,-]){many}{cents}\b{_ENDS}", re.IGNORECASE)


def in_digits(written: Written) -> Written:
    """The same sentence with such numbers in plain digits."""
    if _COMMA.search(written.text):
        for match in reversed(list(_GROUPED.finditer(written.text))):
            written.replace(*match.span(), match[0].replace(".", ""))
    for match in reversed(list(_spoken().finditer(written.text))):
        whole = 1 if match["whole"].lower() in ("a", "an") else read_number(match["whole"])
        cents = read_number(match["cents"] or match["coins"])
        if whole is not None and whole == int(whole) and cents is not None and 0 < cents < _WHOLE:
            written.replace(*match.span(), f"{whole}.{int(cents):02} {match['money']}")
    if _BARE.search(written.text) and _names_money(written.text):
        for match in reversed(list(_BARE.finditer(written.text))):
            written.replace(*match.span(), f"{read_number(match['whole'])}.{read_number(match['cents']):02}")
    return written


def _names_money(text: str) -> bool:
    """Whether a sign or a word of money stands in a text."""
    words = re.findall(r"[a-z]+", text.lower())
    return any(
        sign in text for sign in currency_signs() if not sign.isalpha()
    ) or not currency_words().keys().isdisjoint(words)

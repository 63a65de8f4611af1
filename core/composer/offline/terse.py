"""Orders that are a row of fields, as 'stapler 3 office overnight gbp': they are put as one would say them."""

from __future__ import annotations

import re

from core.composer.offline.currencies import COMMON
from core.composer.offline.lexicon import domain_of, knows, names_software
from core.composer.offline.patterns import rx
from core.composer.offline.roles import ORGANISATION
from core.composer.offline.text import Written

_DELIVERY = "express|standard|overnight|pickup|urgent|asap"
_FIELD = rf"(?:{'|'.join(ORGANISATION)}|{_DELIVERY}|{'|'.join(sorted(COMMON))})"
_NAME = r"(?P<name{at}>[a-z][a-z-]+(?:\s(?!{field}\b)[a-z-]+){{0,2}}?)"
_ROW = rx(
    rf"\s*(?:{_NAME.format(at='', field=_FIELD)}\s(?P<count>[1-9]\d{{0,3}})"
    rf"|(?P<first>[1-9]\d{{0,3}})\s{_NAME.format(at='d', field=_FIELD)})"
    rf"(?P<fields>(?:[\s,;/]+{_FIELD}\b){{1,5}})[\s.]*",
    words=" ".join([*ORGANISATION, *_DELIVERY.split("|"), *map(str.lower, COMMON)]),
)
# What is followed by a number that is its name.
_NUMBERED = set("iphone ipad playstation xbox galaxy pixel kindle switch surface macbook windows".split())


def said_in_full(written: Written) -> Written:
    """The same order with commas and prepositions, where all of it is a thing, a number and bare fields."""
    row = _ROW.fullmatch(written.text)
    if row is None:
        return written
    name, count = ("name", "count") if row["name"] else ("named", "first")
    words = row[name].lower()
    known = knows(words) and domain_of(words) not in ("travel", "services") and not names_software(words)
    if not known or (row["name"] and _NUMBERED & set(words.split())):
        return written
    parts: list[tuple[int, int] | str] = [row.span(count), " ", row.span(name)]
    for field in re.finditer(r"[a-z]+", row["fields"], re.IGNORECASE):
        start = row.start("fields") + field.start()
        parts += [_lead(field[0]), (start, start + len(field[0]))]
    written.arrange(0, len(written.text), parts)
    return written


def _lead(field: str) -> str:
    """What leads to a field in a sentence."""
    if field.lower() in ORGANISATION:
        return ", for our "
    return ", prices in " if field.upper() in COMMON else ", "

"""Whether an answer is the one that a labelled case expects.

A case is one line of JSON: id, text, expect (only what the text determines; a list means any of these), perhaps
expect_alt (other whole answers) and must_not (values that may not appear). Names count where they are equal but for
number, spelling variants and words of brand, size and colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 11, 23)
CITIES = {"nyc": "new york", "new york city": "new york", "la": "los angeles", "sf": "san francisco"}
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
SPELLINGS = {"licence": "license", "tshirt": "t shirt", "litre": "liter", "metre": "meter"}
IRREGULAR = {"mice": "mouse", "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot"}
SKIPPED = {"a", "an", "the", "of", "some", "new", "our", "my"}
SEATS = {"license", "seat", "subscription"}


def failures(case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer, in words; empty where it is what the case expects."""
    tried = [_compare(expected, case, answer) for expected in (case["expect"], *case.get("expect_alt", []))]
    return min(tried, key=len)


def _compare(expected: dict[str, Any], case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    if "error" in expected:
        codes = _several(expected["error"])
        return [] if answer.get("error") in codes else [f"refused with {answer.get('error')}, not {codes}"]
    if "error" in answer:
        return [f"refused with {answer['error']}", *expected]
    config = answer["config"]
    wrong = [
        f"{field}: {config.get(field)!r}, not {value!r}"
        for field, value in expected.items()
        if field not in ("items", "notifications", "conditions")
        and not any(_same(field, one, config.get(field)) for one in _several(value))
    ]
    if "items" in expected:
        wrong += _items(expected["items"], config.get("items", []))
    for channel, asked in expected.get("notifications", {}).items():
        if config.get("notifications", {}).get(channel) is not asked:
            wrong.append(f"notifications: {channel} is not {asked}")
    if "conditions" in expected and _pairs(expected["conditions"]) != _pairs(config.get("conditions", [])):
        wrong.append(f"conditions: {config.get('conditions')}")
    return wrong + _forbidden(case.get("must_not", {}), config)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pairs(conditions: Iterable[dict[str, str]]) -> set[tuple[str, str]]:
    return {(condition["if"], condition["then"]) for condition in conditions}


def _forbidden(must_not: dict[str, list[Any]], config: dict[str, Any]) -> list[str]:
    items = config.get("items", [])
    values = {
        "quantity": [item.get("quantity") for item in items],
        "unit_price": [item.get("unit_price") for item in items],
    }
    return [
        f"{field} must not be one of {bad}"
        for field, bad in must_not.items()
        if any(value is not None and value in bad for value in values.get(field, [config.get(field)]))
    ]


def _items(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """Pair the items one to one, the best first."""
    scored = sorted(
        (
            (_likeness(wanted, item) * 2 + _fits(wanted, item), -at, -place)
            for at, wanted in enumerate(expected)
            for place, item in enumerate(found)
            if _likeness(wanted, item)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for _, at, place in scored:
        if -at not in taken and -place not in taken.values():
            taken[-at] = -place
    wrong = [f"no item '{wanted['name']}'" for at, wanted in enumerate(expected) if at not in taken]
    wrong += [f"item '{item['name']}' too much" for place, item in enumerate(found) if place not in taken.values()]
    wrong += [
        f"'{expected[at]['name']}': {found[place]}"
        for at, place in taken.items()
        if _fits(expected[at], found[place]) < 2
    ]
    return wrong


def _fits(wanted: dict[str, Any], item: dict[str, Any]) -> int:
    """2 where quantity and price are right, 1 where one of them is."""
    quantity = "quantity" not in wanted or item.get("quantity") in _several(wanted["quantity"])
    price = "unit_price" not in wanted or abs((item.get("unit_price") or -1) - wanted["unit_price"]) < 0.005
    return quantity + price


def _likeness(wanted: dict[str, Any], item: dict[str, Any]) -> int:
    """2 where the names are equal, 1 where one is the other with some words more."""
    best, found = 0, _words(item["name"])
    for name in (wanted["name"], *wanted.get("aliases", [])):
        asked = _words(name)
        short_asked, short_found = _without_seat(asked), _without_seat(found)
        if "".join(short_asked) == "".join(short_found) or (
            len(short_asked) == len(short_found) and all(map(_equal, short_asked, short_found))
        ):
            return 2
        inside = all(any(_equal(word, other) for other in found) for word in asked) and len(found) - len(asked) <= 3
        head = bool(found) and _equal(found[-1], asked[-1])
        if inside or (head and all(any(_equal(word, other) for other in asked) for word in found)):
            best = 1
    return best


def _words(name: str) -> list[str]:
    words = re.sub(r"[^\w.+#]|\.(?!\d)", " ", re.sub(r"'s\b", "", name.lower()).replace("-", " ")).split()
    return [part for word in words for part in SPELLINGS.get(word, word).split() if word not in SKIPPED]


def _without_seat(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and _forms(words[-1]) & SEATS else words


def _forms(word: str) -> set[str]:
    forms = {word, IRREGULAR.get(word, word), SPELLINGS.get(word.removesuffix("s"), word)}
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe")):
        if word.endswith(ending) and len(word) > 2:
            forms.add(word.removesuffix(ending) + instead)
    return forms


def _equal(one: str, other: str) -> bool:
    return bool(_forms(one) & _forms(other))


def _same(field: str, wanted: Any, found: Any) -> bool:
    if found is None:
        return False
    if isinstance(wanted, int | float):
        return isinstance(found, int | float) and abs(wanted - found) < 0.005
    if field in ("date", "return_date"):
        return _same_date(wanted.lower(), str(found).lower())
    if field in ("origin", "destination"):
        return _city(wanted) == _city(str(found))
    if field == "phone_number":
        one, other = (re.sub(r"\D", "", number) for number in (wanted, str(found)))
        return len(other) >= 7 and (one.endswith(other) or other.endswith(one))
    return str(wanted).lower() == str(found).lower()


def _city(name: str) -> str:
    name = re.sub(r"\W+", " ", name.lower()).strip()
    return CITIES.get(name, name)


def _same_date(wanted: str, found: str) -> bool:
    """A phrase equals itself without 'next' and the like; a day and a month equal each other however written."""
    if (day := _day(wanted)) or _day(found):
        return day == _day(found) and (wanted.startswith("--") or wanted[:4] in found or not found[:4].isdigit())
    if re.fullmatch(r"\d{4}-\d\d-\d\d", found):
        that = date.fromisoformat(found)
        return any(name in wanted and that.weekday() == place for place, name in enumerate(DAYS)) and (
            TODAY <= that <= TODAY + timedelta(days=14)
        )
    noise = r"\b(on|this|next|coming|the|by|before|morning|afternoon|evening)\b"
    return re.sub(noise, "", wanted).split() == re.sub(noise, "", found).split()


def _day(words: str) -> tuple[int, int] | None:
    """(month, day) of '--03-14', '2026-03-14', 'march 14' or '14th of march'."""
    if match := re.fullmatch(r"(?:\d{4}|-)-(\d\d)-(\d\d)", words):
        return int(match[1]), int(match[2])
    for pattern, month, day in (
        (r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3})", 2, 1),
        (r"([a-z]{3})[a-z]*\.? (\d{1,2})", 1, 2),
    ):
        match = re.search(pattern, words)
        if match and match[month] in MONTHS:
            return MONTHS.index(match[month]) + 1, int(match[day])
    return None

"""Numbers as people write them: digits, words, dozens, and the ones that say no number at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile
from typing import NamedTuple

from core.composer.offline.patterns import any_of

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SMALL = (
    {"nought": 0, "naught": 0}
    | {word: value for value, word in enumerate(_UNITS)}
    | {word: 20 + 10 * at for at, word in enumerate(_TENS)}
)
SCALE = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 10**9, "k": 1000}
# South Asian.
SCALE |= dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 10**5) | dict.fromkeys(("crore", "crores"), 10**7)
GROUP = {"dozen": 12, "dozens": 12, "score": 20, "gross": 144, "pair": 2, "pairs": 2, "couple": 2}
HALVED = set("kilo kg kilogram pound lb liter litre gallon ounce pint ton tonne gram yard".split())
# 'a quarter', 'three quarters', 'a third' of a measure.
PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "third": Decimal("0.333"), "eighth": Decimal("0.125")}
ARTICLES = {"a", "an", "one", "single", "another"}
_SUFFIX = {"": 1, "x": 1, "k": 1000, "m": 1_000_000}
VAGUE = set(
    """
    some few several many various multiple numerous plenty countless enough nan infinity infinite inf null undefined
    unlimited uncountable umpteen
    """.split()
)
VAGUE_GROUP = {
    "smattering",
    "sprinkling",
    "scattering",
    "assortment",
    "array",
    "host",
    "myriad",
    "multitude",
    "bunch",
    "handful",
    "lot",
    "lots",
    "load",
    "loads",
    "number",
    "ton",
    "tons",
    "heap",
    "heaps",
    "bit",
} | {"dozens", "hundreds", "thousands"}

# 'a bunch of kale' is one bunch, as such things are sold.
BUNCHED = set(
    """
    kale cilantro coriander parsley dill mint basil thyme rosemary sage oregano tarragon chard spinach arugula rocket
    watercress asparagus celery rhubarb broccolini lemongrass lavender
    """.split()
)

DIGITS = re.compile(
    r"([-+]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[-+]?\d{1,300})?)([kmx]?)", re.ASCII | re.IGNORECASE
)
# '2-3', '3+', and '1,5', which may be a decimal comma or a list.
_RANGE = re.compile(r"\d+-\d+|\d+\+|\d+,\d{1,2}|\d+,\d{4,}", re.ASCII)
# 'twenty-odd', '30-plus', '20 odd'.
_ABOUT = re.compile(r"-odd$|-plus$|\sodd$")
_FRACTION = re.compile(r"(\d{1,4})/([1-9]\d{0,3})", re.ASCII)
_WORD = any_of([*SMALL, *SCALE, "dozen", "couple"])
_FIRST_LETTERS = "".join(sorted({word[0] for word in (*SMALL, *SCALE, "a", "half", "dozen", "couple")}))
# A number inside a pattern: digits, or a run of number words; at most places a look at one character rules it out.
NUMBER = (
    r"(?:(?=\d)(?<!\d)(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)(?!\d|(?:st|nd|rd|th)\b))"
    r"(?:\s?k\b)?(?:\s(?:hundred|thousand|million|la(?:kh|c)s?|crores?)\b)?"
    rf"|(?=[{_FIRST_LETTERS}])\b(?:a\s|an\s|half\sa\s)?{_WORD}(?:(?:[ -]|\sand\s){_WORD}){{0,8}}\b"
)
# What may stand behind a number in letters: 'point two five'.
POINT = rf"(?:\spoint(?:\s(?:{'|'.join(_UNITS[:10])})){{1,4}}\b)?"
# Digits of a sum: '1,200.50', '1.200,50', '12.5k'.
DECIMALS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+,\d{2}|\d+,\d{2}(?!\d)|\d+(?:\.\d{1,4})?"
_SCALE = r"(?:\s?(?:k|m|grand|thousand|million|la(?:kh|c)s?|crores?)\b)?"
AMOUNT = rf"(?:{DECIMALS}){_SCALE}"

# What begins a quantity and is letters only.
_BEGINNINGS = frozenset(
    {*SMALL, *GROUP, *PARTS, *ARTICLES, *VAGUE, *VAGUE_GROUP}
    | set("the between somewhere anywhere minus negative brace full whole round".split())
)


class Quantity(NamedTuple):
    """How many, and the index of the word after it. `vague` holds the words that give no number."""

    value: Decimal
    after: int
    vague: str | None = None
    article: bool = False


def quantity_at(words: Sequence[str], at: int) -> Quantity | None:
    """The quantity that begins at words[at] (lower case); None where none begins."""
    if words[at].isalpha() and words[at] not in _BEGINNINGS:
        return None
    if vague := _vague(words, at):
        return vague
    more = 1 if words[at] == "another" else 2 if list(words[at : at + 2]) == ["a", "further"] else 0
    found = _number(words, at + more if at + more < len(words) else at)
    if found is None:
        return Quantity(Decimal(1), at + 1, article=True) if words[at] in ARTICLES else None
    value, after = found
    joined = after + 1 < len(words) and words[after] in ("or", "to", "-")
    start = after + 2 if joined and words[after + 1] in ("maybe", "perhaps", "possibly", "even") else after + 1
    if joined and start < len(words) and (second := _number(words, start)):
        return Quantity(value, second[1], " ".join(words[at : second[1]]))
    return Quantity(value, after)


def read_number(text: str) -> Decimal | None:
    """The number that a piece of text spells out in full, such as '1,200', '2.5k', 'twenty-five' or 'a dozen'."""
    words = re.sub(r"\sgrand$", " thousand", re.sub(r"\s+k$", "k", text.lower())).split()
    found = _number(words, 0) if words else None
    return found[0] if found and found[1] == len(words) else None


def numbers_in(vague: str) -> list[Decimal]:
    """The numbers that a vague quantity names: 2 and 3 of '2-3', 'two or three', 'between 2 and 3'; 1.5 of '1,5'."""
    if re.fullmatch(r"\d+,\d{1,2}", vague, re.ASCII):
        return [Decimal(vague.replace(",", "."))]
    vague = _ABOUT.sub("", vague)
    pieces = re.split(r"\s(?:or|to|and|-)\s|(?<=\d)[-+]", vague.removeprefix("between "))
    found = [read_number(piece) for piece in pieces if piece]
    return [number for number in found if number is not None and number > 0] if None not in found else []


def _vague(words: Sequence[str], at: int) -> Quantity | None:
    """'some', 'a few', 'lots of', '2-3', 'between 2 and 3', 'twenty-odd'."""
    if words[at] in ("somewhere", "anywhere") and list(words[at + 1 : at + 2]) == ["between"]:
        at += 1
    if _RANGE.fullmatch(words[at]):
        return Quantity(Decimal(0), at + 1, words[at])
    if words[at] == "between" and (low := _number(words, at + 1) if at + 1 < len(words) else None):
        high = _number(words, low[1] + 1) if words[low[1] : low[1] + 1] == ["and"] and low[1] + 1 < len(words) else None
        end = (high or low)[1]
        return Quantity(low[0], end, " ".join(words[at:end]))
    if about := _about(words, at):
        return about
    end = at + 2 if words[at] in ("a", "an", "the") and at + 1 < len(words) else at + 1
    last = words[end - 1]
    if last in VAGUE and (words[at] != "the" or last == "few"):
        return Quantity(Decimal(0), end, " ".join(words[at:end]))
    plural = last in VAGUE_GROUP and (words[at] in ("a", "an") or last.endswith("s"))
    if last == "bunch" and words[end + 1 : end + 2] and words[end + 1] in BUNCHED:
        return None
    if plural and words[end : end + 1] == ["of"]:
        return Quantity(Decimal(0), end + 1, " ".join(words[at : end + 1]))
    return None


def _about(words: Sequence[str], at: int) -> Quantity | None:
    """'twenty-odd', '30-plus', '20 odd'; two odd socks are two."""
    exact = _ABOUT.sub("", words[at])
    if exact != words[at] and (found := _number([exact], 0)):
        return Quantity(found[0], at + 1, words[at])
    counted = _number(words, at)
    if counted is None or counted[0] < 10 or list(words[counted[1] : counted[1] + 1]) != ["odd"]:
        return None
    value, after = counted
    return Quantity(value, after + 1, " ".join(words[at : after + 1]))


def _number(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """(value, index after) of digits or number words at words[at]; 'of' and 'x' that follow belong to it."""
    sign = 1
    if words[at] in ("minus", "negative") and at + 1 < len(words):
        sign, at = -1, at + 1
    found = _by_name(words, at) or _half(words, at) or _part(words, at) or _digits(words, at) or _spelled(words, at)
    if found is None:
        return None
    value, after = _pointed(words, *found)
    if after < len(words) and after == at + 1 and words[at].isdigit() and (part := _FRACTION.fullmatch(words[after])):
        value, after = value + Decimal(part[1]) / Decimal(part[2]), after + 1
    if words[after : after + 1] == ["and"] and (more := _portion(words, after + 1)) and more[0] < 1:
        value, after = value + more[0], more[1]
    while after < len(words) and words[after] in SCALE and words[after] != "k":
        value, after = value * SCALE[words[after]], after + 1
    if after < len(words) and words[after] in GROUP:
        value, after = value * GROUP[words[after]], after + 1
        while after < len(words) and words[after] in (*GROUP, "hundred", "thousand"):
            value, after = value * (GROUP | SCALE)[words[after]], after + 1
        if words[after : after + 1] == ["of"]:
            after += 1
    elif after + 1 < len(words) and words[after] == "x":
        after += 1
    return value * sign, after


def _pointed(words: Sequence[str], value: Decimal, after: int) -> tuple[Decimal, int]:
    """'twelve point two five': the number with the digits that are spoken behind its point."""
    if words[after : after + 1] != ["point"]:
        return value, after
    digits = list(
        takewhile(lambda word: SMALL.get(word, 10) < 10 or (word.isdigit() and len(word) < 3), words[after + 1 :])
    )
    said = "".join(str(SMALL.get(word, word)) for word in digits)
    return (value + Decimal(f"0.{said}"), after + 1 + len(digits)) if said else (value, after)


def _by_name(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """'a baker's dozen', 'a full dozen', 'a brace of ducks'."""
    at += words[at] in ("a", "one")
    if list(words[at + 1 : at + 2]) == ["dozen"] and words[at] in ("full", "whole", "round"):
        return Decimal(12), at + (3 if list(words[at + 2 : at + 3]) == ["of"] else 2)
    if list(words[at : at + 2]) == ["baker's", "dozen"]:
        return Decimal(13), at + (3 if list(words[at + 2 : at + 3]) == ["of"] else 2)
    return (Decimal(2), at + 2) if list(words[at : at + 2]) == ["brace", "of"] else None


def _half(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """'half a dozen', 'a half dozen', 'half a million', 'half a kilo'."""
    for lead in (["half", "a"], ["a", "half"], ["half"]):
        after = at + len(lead)
        if list(words[at:after]) != lead or after >= len(words):
            continue
        if words[after] in GROUP or words[after] in SCALE or words[after] in HALVED:
            return Decimal("0.5"), after
    return None


def _portion(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """'a half', 'three quarters', 'one third' and the index after it."""
    many = 1 if words[at : at + 1] in (["a"], ["an"]) else SMALL.get(words[at], 0) if at < len(words) else 0
    said = words[at + 1] if 0 < many < 8 and at + 1 < len(words) else ""
    part = PARTS.get(said.removesuffix("s")) if many > 1 or not said.endswith("s") else None
    return (many * part, at + 2) if part else None


def _part(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """'a quarter pound of', 'three quarters of a pound of': no 'quarter pound burger'."""
    found = (PARTS[words[at]], at + 1) if words[at] in PARTS else _portion(words, at)
    if found is None:
        return None
    value, after = found
    if after + 1 < len(words) and words[after] == "of" and words[after + 1] in ("a", "an"):
        after += 2
        if words[after : after + 1] and words[after] in SCALE:
            return value, after
    measured = after < len(words) and words[after].removesuffix("s") in HALVED
    return (value, after) if measured and words[after + 1 : after + 2] == ["of"] else None


def _digits(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    if part := _FRACTION.fullmatch(words[at]):
        return Decimal(part[1]) / Decimal(part[2]), at + 1
    match = DIGITS.fullmatch(words[at])
    if not match:
        return None
    sign, digits, suffix = match.groups()
    plain, _, exponent = digits.lower().replace(",", "").partition("e")
    value = Decimal(plain).scaleb(max(-999, min(999, int(exponent or 0)))) * _SUFFIX[suffix.lower()]
    return (-value if sign == "-" else value), at + 1


def _spelled(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """A run such as 'three hundred and fifty' or 'twenty-five'; 'a' counts as one before a scale or a group."""
    total = part = 0
    after, seen = at, False
    while after < len(words):
        word = words[after]
        pieces = word.split("-")
        if all(piece in SMALL for piece in pieces):
            if seen and not _adds(words, after, part, SMALL[pieces[0]]):
                break
            part += sum(SMALL[piece] for piece in pieces)
        elif word in SCALE and word != "k" and seen:
            total, part = _scaled(total, part, SCALE[word])
        elif not seen and word in ("a", "an") and after + 1 < len(words) and words[after + 1] in (SCALE | GROUP):
            part = 1
        elif seen and word == "and" and _continues(words, after):
            after += 1
            continue
        else:
            break
        after, seen = after + 1, True
        if after < len(words) and words[after] in GROUP:
            break
    if not seen:
        pair = words[at] == "pair" and words[at + 1 : at + 2] == ["of"]
        group = GROUP.get(words[at]) if pair or words[at] in ("dozen", "couple") else None
        return (Decimal(1), at) if group else None
    return Decimal(total + part), after


def _scaled(total: int, part: int, scale: int) -> tuple[int, int]:
    """'hundred' multiplies what is open; a greater scale closes it, and all that is smaller than itself."""
    if scale == 100:
        return total, part * scale
    return (total + part * scale if total >= scale else (total + part) * scale), 0


def _adds(words: Sequence[str], at: int, part: int, value: int) -> bool:
    """Whether a small number goes on with the one before it: twenty five, three hundred (and) fifty."""
    before = words[at - 1]
    return before in SCALE or (before == "and") or (part % 100 in range(20, 100, 10) and 0 < value < 10)


def _continues(words: Sequence[str], at: int) -> bool:
    """Whether 'and' at words[at] is inside a number: 'three hundred and fifty'."""
    return words[at - 1] in SCALE and at + 1 < len(words) and words[at + 1].split("-")[0] in SMALL

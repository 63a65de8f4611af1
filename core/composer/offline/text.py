"""What a reader sees: the sentence without anything that hides, and a draft that remembers which words were used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core.composer.base import Answer, Span
from core.composer.offline.negation import negated_at
from core.composer.offline.spelling import noise, slips

# Where to reach somebody is not taken back by "don't call me at".
_CONTACTS = ("customer_email", "phone_number", "customer_id")
GONE, CUE, FIX = "\0", "\1", "\2"

# What ends a noun phrase or a set phrase: the end, a sign, words already used, or a joining word.
JOINING = (
    "and|or|but|with|without|for|to|from|at|in|on|by|via|using|please|pls|thanks|if|when|once|because|so|is|are|as|"
    "than|before|after|until|who|which|that|not|next|this|today|tomorrow|tonight|asap|each|every|per|plus|into|of|"
    "now|soon|immediately|urgently|instead|rather"
)
END = rf"(?=\s*(?:\Z|[\n\0\1\2.,;:!?()/-]|(?:{JOINING})\b))"

_SIGNS = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-"}
    | {"−": "-", "×": "x", "™": "", "®": "", "©": "", "\r": "\n", "\t": " "}
)

# Without these no blank and no emoji is as it was written.
_KEPT = "\n\t\r\u200c\u200d"
# '2½' is 2.5; its compatible letters would be 21/2.
_FRACTION = re.compile("([0-9]{0,3})([¼½¾⅐-⅞])")
_PIECE = re.compile("[0-9]{0,3}[¼½¾⅐-⅞]|.", re.DOTALL)


def clean(text: str) -> str:
    """The text in one spelling: compatible letters, straight quotes, no control, bidi or unassigned characters."""
    return _joined(cleaned(text))


def _joined(characters: list[tuple[str, int, int]]) -> str:
    return "".join(character for character, _, _ in characters)


def cleaned(text: str) -> list[tuple[str, int, int]]:
    """The characters of the text in one spelling, each with the (start, end) of what was written for it."""
    found: list[tuple[str, int, int]] = []
    for start, end in _pieces(text):
        for character in _spelled(text[start:end]):
            if character in " \n" and (not found or found[-1][0] in " \n"):
                if found:
                    joined = "\n" if "\n" in (character, found[-1][0]) else " "
                    found[-1] = (joined, found[-1][1], end)
            else:
                found.append((character, start, end))
    return found[:-1] if found and found[-1][0] in (" ", "\n") else found


def _pieces(text: str) -> list[tuple[int, int]]:
    """(start, end) of what is one character: a letter with its marks, '2½'."""
    if text.isascii():
        return [(at, at + 1) for at in range(len(text))]
    found: list[tuple[int, int]] = []
    for match in _PIECE.finditer(text):
        first = unicodedata.normalize("NFKC", match[0][0])[0]
        if found and (unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"):
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return found


@lru_cache(maxsize=1024)
def _spelled(piece: str) -> str:
    """A character as it was written, in the one spelling; empty where nothing of it is to be seen."""
    words = _FRACTION.sub(_decimal, piece).translate(_SIGNS)
    return "".join(map(_plain, unicodedata.normalize("NFKC", words).translate(_SIGNS)))


def _decimal(match: re.Match[str]) -> str:
    return f"{int(match[1] or 0) + unicodedata.numeric(match[2]):.4g}"


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n" or category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    return "" if category.startswith("C") else character


def visible(text: str) -> str:
    """The text to the letter, but for characters that hide or turn what others show: bidi, control, unassigned ones."""
    return "".join(
        character for character in text if character in _KEPT or not unicodedata.category(character).startswith("C")
    )


class Written:
    """A sentence: `original` to the letter, `text` clean and, with `mend`, without slips and without 'uh'."""

    def __init__(self, original: str, mend: bool = True) -> None:
        self.original = visible(original)
        found = cleaned(self.original)
        for edits in (slips, noise) if mend else ():
            for start, end, word in reversed(edits(_joined(found))):
                whole = found[start][1], found[end - 1][2]
                found[start:end] = [(character, *whole) for character in word]
        self.text = _joined(found)
        self._places = [(start, end) for _, start, end in found]

    def replace(self, start: int, end: int, words: str) -> None:
        """Put words in the place of text[start:end]; they stand for all of it."""
        whole = self.place(start, end)
        self.text = f"{self.text[:start]}{words}{self.text[end:]}"
        self._places[start:end] = [whole] * len(words)

    def arrange(self, start: int, end: int, parts: Sequence[tuple[int, int] | str]) -> None:
        """Put parts of text[start:end], given as (start, end), in a new order, with words of our own between them."""
        words: list[str] = []
        places: list[tuple[int, int]] = []
        for part in parts:
            if isinstance(part, str):
                words.append(part)
                places += [places[-1] if places else self._places[start]] * len(part)
            else:
                words.append(self.text[slice(*part)])
                places += self._places[slice(*part)]
        self.text = f"{self.text[:start]}{''.join(words)}{self.text[end:]}"
        self._places[start:end] = places

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end], which is not empty, stands in `original`; a word that was put right stands whole."""
        return self._places[start][0], max(self._places[start][1], self._places[end - 1][1])


class Draft:
    """A reading in the making: values by field, the words that gave them, and the words that are left.

    `declined`: by field, the values that are not wanted, as in 'not overnight'.
    """

    def __init__(self, text: str | Written) -> None:
        self.written = text if isinstance(text, Written) else None
        self.text = text.text if isinstance(text, Written) else text
        self.values: dict[str, Any] = {}
        self.spans: list[Span] = []
        self.declined: dict[str, list[Any]] = {}
        self.answers: list[tuple[Answer, int, int]] = []
        self.unread: list[tuple[int, int]] = []
        self._mask = list(self.text)
        self._rest = self.text

    @property
    def rest(self) -> str:
        """The text with every used character replaced by a mark; same length as the text."""
        if not self._rest:
            self._rest = "".join(self._mask)
        return self._rest

    def claim(self, start: int, end: int, mark: str = GONE) -> None:
        """Use up text[start:end], so that no later reader sees it."""
        self._mask[start:end] = mark * (end - start)
        self._rest = ""

    def note(self, field: str, start: int, end: int) -> None:
        """Remember that text[start:end], without blanks around it, gave `field`."""
        words = self.text[start:end]
        start += len(words) - len(words.lstrip(" \n,;:"))
        end -= len(words) - len(words.rstrip(" \n,;:"))
        if start < end:
            self.spans.append(Span(field, start, end))

    def give(self, field: str, value: object, match: re.Match[str], group: int | str = 0) -> bool:
        """Set a field unless an earlier word did, note the words of `group`, and use up the whole match.

        Where a negation takes the words back, the field is not set, the value is declined, and False comes back.
        """
        if field not in _CONTACTS and self.declines(field, value, *match.span()):
            return False
        if field not in self.values:
            self.values[field] = value
            self.note(field, *match.span(group))
        self.claim(*match.span())
        return True

    def declines(self, field: str, value: object, start: int, end: int) -> bool:
        """Whether a negation takes back text[start:end]; both are then used up, and the value is declined."""
        negation = negated_at(self.rest, start, deeds=True)
        if negation is None:
            return False
        self.decline(field, value)
        if field in self.values and self.values[field] == value:  # it was said, and is taken back now
            del self.values[field]
            self.spans = [span for span in self.spans if span.field != field]
        self.claim(negation, end)
        return True

    def decline(self, field: str, value: object) -> None:
        """Remember that this is not wanted."""
        self.declined.setdefault(field, []).append(value)

    def tell(self, answer: Answer, start: int, end: int) -> None:
        """Answer what is said at text[start:end] and can't be had."""
        self.answers.append((answer, start, end))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end], which is not empty, stands in what was written."""
        return self.written.place(start, end) if self.written else (start, end)

    @property
    def original(self) -> str:
        """What was written, to the letter."""
        return self.written.original if self.written else self.text

    def skip(self, start: int, end: int) -> None:
        """Leave text[start:end] out of the reading; it is shown as ignored."""
        self.unread.append((start, end))
        self.claim(start, end)

"""Words, numbers, signs and marks of a sentence, with their places."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.composer.offline.text import CUE, FIX, GONE

_TOKEN = re.compile(
    rf"(?P<gone>{GONE}[{GONE} ]*)|(?P<cue>{CUE}+)|(?P<fix>{FIX}+)"
    r"|(?P<number>(?<![\w.,])[-+]?(?:\d+/\d+(?![\w/-])|\d+,(?:\d{1,2}|\d{4,})(?![\w,-])|\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|\d+(?:\.\d+)?(?:[eE][-+]?\d{1,300})?)(?:[kKmMxX](?!\w)|(?=(?:kg|g|ml|lbs?|oz|pcs)\b|[lL]\sof\b)|(?![\w/-]|\.\d)))"
    r"|(?P<word>[^\W_](?:(?:[\w+#&/'-]|\.(?=\d))*[\w+#])?)|(?P<sign>[^\s])|(?P<line>\n)"
)


class Token(NamedTuple):
    """A word, number, sign, or mark of used words. `word` is in lower case."""

    kind: str
    word: str
    start: int
    end: int


def tokens(rest: str, start: int, end: int) -> list[Token]:
    """Words, numbers and signs of rest[start:end]; a line break is a sign."""
    found = []
    for match in _TOKEN.finditer(rest, start, end):
        kind = {"number": "word", "line": "sign"}.get(match.lastgroup or "", match.lastgroup or "")
        if match[0] in "\"'":
            continue
        found.append(Token(kind, match[0].lower() if kind == "word" else match[0], *match.span()))
    return found

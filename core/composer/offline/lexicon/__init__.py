"""What things are: head nouns by domain, as data. Nothing is an item, or no item, because of these lists.

One file a domain. Entries are singular, lower case, separated by commas; '#' begins a comment. Lines that begin with
'~' hold words that only hint at the domain, used where the head is unknown; '!' those that decide over a one-word
head ('safety glove'); '%' names of software that is licensed by the seat; '&' drinks, which are things too;
'+' what goes on or into a dish.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, get_args

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.composer.offline.nouns import head_of, singular
from core.models import Domain

FOLDER = Path(__file__).parent
# A thing that is known by what is in it: 'salmon bowl', 'pen set'.
_HOLDERS = frozenset(
    "bowl plate platter box pack bundle sampler special set kit bag case tray basket cup board battery charger part "
    "cover accessory blade spare".split()
)
# What a program may be sold as.
_EDITIONS = frozenset(
    "plan suite edition tier pro premium plus ultimate enterprise business membership renewal bundle".split()
)
_SOLD_AS = frozenset(
    "student family individual personal home team teams standard annual monthly yearly licence license licences "
    "licenses subscription subscriptions seat seats user users professional artist express creative cloud all products "
    "pack lite hd max duo kids advanced basic essentials starter growth unlimited education studio server desktop "
    "online membership licensing upgrade corporate company office ads free full version 4k".split()
)
_MAKERS = frozenset("adobe microsoft google apple autodesk atlassian corel amazon the our".split())
KINDS = ("", "~", "!", "%", "&", "+")
LONGEST = 4  # words of an entry


class Lexicon(NamedTuple):
    """Entry -> domain, for things, hints and strong hints; names of software.

    `words` are the single-word things; `vocabulary` is every word of any entry, both for spelling.
    """

    things: dict[str, str]
    hints: dict[str, str]
    strong: dict[str, str]
    software: frozenset[str]
    words: list[str]
    vocabulary: frozenset[str]
    drinks: frozenset[str]
    toppings: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """All files, read once; where two name a word, the first domain of the vocabulary keeps it."""
    kinds: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for domain in get_args(Domain):
        for line in (FOLDER / f"{domain}.txt").read_text(encoding="utf-8").splitlines():
            kind = line[:1] if line[:1] in KINDS else ""
            if not line.startswith("#"):
                for entry in line.removeprefix(kind).split(","):
                    kinds[kind].setdefault(entry.strip(), domain)
    things = kinds[""] | kinds["&"]
    words = [word for word in things if " " not in word and len(word) > 3]
    vocabulary = frozenset(word for kind in kinds.values() for entry in kind for word in entry.split())
    software, drinks, toppings = (frozenset(kinds[kind]) for kind in "%&+")
    return Lexicon(things, kinds["~"], kinds["!"], software, words, vocabulary, drinks, toppings)


def domain_of(name: str) -> str | None:
    """The domain of a name; None where no word of it is known.

    By the longest entry that it ends in, then by hints, by its other words from the end, and by a spelling that is
    one or two letters off (rapidfuzz: the distance to thousands of words in microseconds, and well kept).
    """
    known = lexicon()
    whole = " ".join(_words(name))
    head = _words(name.split(" of ")[0]) or [whole]
    if whole in known.things:
        return known.things[whole]
    if " of " in name and (of := _ending(_words(name.partition(" of ")[2]))):
        return known.things[of]
    if found := _ending(head):
        if found in _HOLDERS and (
            held := next((known.things[word] for word in map(singular, head[:-1]) if word in known.things), None)
        ):
            return held
        decides = next((known.strong[word] for word in head[:-1] if word in known.strong), None)
        return decides if decides and " " not in found else known.things[found]
    words = _words(name)
    for table in (known.strong, known.hints, known.things):
        for word in reversed(words):
            if word in table:
                return table[word]
    if any(software in whole for software in known.software):
        return "technology"
    close = spelled(head[-1])
    return known.things[close] if close else None


@lru_cache(maxsize=8192)
def knows(name: str) -> bool:
    """Whether the head of a name is in the lists."""
    return _ending(_words(name.split(" of ")[0])) is not None


def lists(name: str) -> bool:
    """Whether a whole name is an entry: 'mouse pad', 'pepperoni pie' is none."""
    return " ".join(_words(name)) in lexicon().things


def lists_whole(words: list[str]) -> bool:
    """Whether these words are an entry with an 'and' in it, each as it is or in the singular."""
    things = lexicon().things
    said = " ".join(words)
    return said in things or " ".join(map(singular, words)) in things


def is_drink(name: str) -> bool:
    """Whether a name ends in a drink."""
    return _ending(_words(name.split(" of ")[0])) in lexicon().drinks


def is_topping(name: str) -> bool:
    """Whether a name, but for 'extra' or 'more', is what goes on a dish."""
    words = [word for word in _words(name) if word not in ("extra", "more", "some", "light", "double", "additional")]
    return any(" ".join(words[-many:]) in lexicon().toppings for many in (1, 2))


def is_service(name: str) -> bool:
    """Whether a name is somebody's time: 'software training', 'plumber'."""
    found = _ending(_words(name.split(" of ")[0])) or _ending(_words(name.partition(" of ")[2]))
    return found is not None and lexicon().things[found] == "services"


def is_software(name: str) -> bool:
    """Whether a name ends in a program that is licensed by the seat."""
    words = name.lower().split()
    return any(" ".join(words[at:]) in lexicon().software for at in range(max(0, len(words) - 3), len(words)))


def names_software(name: str) -> bool:
    """Whether a name is a program, perhaps with its edition: 'photoshop', 'grammarly business'; no 'slack hoodie'."""
    words = name.lower().split()
    named = [words, words[1:]] if words and words[0] in _MAKERS else [words]
    starts = any(" ".join(said[:at]) in lexicon().software for said in named for at in range(1, min(4, len(said)) + 1))
    return starts and (is_software(name) or words[-1] in _EDITIONS or not knows(name))


def is_edition(name: str) -> bool:
    """Whether a name is a program and what it is sold as, and no more: 'grammarly business', no 'zoom call'."""
    words = name.lower().split()
    words = words[1:] if len(words) > 2 and words[0] in _MAKERS else words
    for many in range(min(4, len(words)), 0, -1):
        if " ".join(words[:many]) in lexicon().software:
            return len(words) > 1 and all(word.isdigit() or word in _EDITIONS | _SOLD_AS for word in words[many:])
    return False


def spelled(word: str) -> str | None:
    """The entry that a word is a slip of the pen from, a short one by a letter too few or too many; None for none."""
    if len(word) < 4:
        return None
    found = process.extractOne(word, lexicon().words, scorer=OSA.distance, score_cutoff=1 if len(word) < 9 else 2)
    if found is None or (len(word) < 6 and (len(found[0]) == len(word) or found[0][0] != word[0])):
        return None
    return str(found[0])


def _words(name: str) -> list[str]:
    words = name.lower().split()
    return [*words[:-1], singular(words[-1])] if words else []


def _ending(words: list[str]) -> str | None:
    """The longest entry that these words end in."""
    for at in range(max(0, len(words) - LONGEST), len(words)):
        if (ending := " ".join(words[at:])) in lexicon().things:
            return ending
    return head if words and (head := head_of(words[-1])) in lexicon().things else None

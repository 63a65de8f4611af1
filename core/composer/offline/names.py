"""The noun phrase at a place in a sentence: its unit, its name, and where it ends."""

from __future__ import annotations

from decimal import Decimal

from core.composer.offline.kinds import measures
from core.composer.offline.lexicon import domain_of, is_software, is_topping, knows, lists, lists_whole
from core.composer.offline.lines import Manner
from core.composer.offline.nouns import is_licence, is_plural, singular
from core.composer.offline.numbers import DIGITS, PARTS, SMALL, Quantity, quantity_at
from core.composer.offline.tokens import Token
from core.composer.offline.words import (
    BREAK,
    EXTENTS,
    LEADING,
    LONGEST,
    MEASURES,
    MODIFIERS,
    NOT_NAMES,
    PORTIONS,
    SIZES,
    TASTES,
    TRAILING,
    UNITS,
    WHICH,
)


def said_of(name: list[Token]) -> str:
    """The words of a name."""
    return " ".join(token.word for token in name)


class NounPhrases:
    """The tokens of one sentence, read for the names in them."""

    def __init__(self, text: str, found: list[Token], manner: Manner) -> None:
        self.text, self.tokens, self.manner = text, found, manner
        self.words = [token.word if token.kind == "word" else "" for token in found]
        self._quantities: dict[int, Quantity | None] = {}

    def _quantity(self, at: int) -> Quantity | None:
        """The quantity that begins at a token, if any. It is asked for again and again."""
        if at not in self._quantities:
            self._quantities[at] = quantity_at(self.words, at)
        return self._quantities[at]

    def _counts(self, at: int) -> bool:
        """Whether a quantity stands here."""
        found = self._quantity(at) if at < len(self.words) and self.words[at] else None
        return found is not None and not found.vague

    def _ends_piece(self, at: int) -> bool:
        """Whether a piece of a list ends before a token."""
        return at >= len(self.tokens) or self.tokens[at].kind == "sign"

    def _known(self, name: list[Token]) -> bool:
        return bool(name) and knows(said_of(name))

    def _and_part(self, at: int) -> Decimal | None:
        """How much more 'a pound and a half of ham' is."""
        said = self.words[at + 1 : at + 5]
        return PARTS.get(said[2]) if said[:2] == ["and", "a"] and said[3:] == ["of"] else None

    def _phrase(self, at: int) -> tuple[Token | None, list[Token], int]:
        """(unit, tokens of the name, index after) of the noun phrase at a token."""
        at = self._after_leading(at)
        unit = self._unit(at)
        if unit:
            at = self._after_leading(at + (4 if self._and_part(at) else 1))
        if unit and self._is_pack_of(at):
            at += 1
        name: list[Token] = []
        while at < len(self.tokens) and self.tokens[at].kind == "word" and len(name) < LONGEST:
            word = self.words[at]
            if name and self._tells_size(at):
                at += 2
                break
            if self._names_software(name, at):
                name.append(self.tokens[at])
                at += 1
                continue
            if name and (self._ends_with_deed(name, at) or self._or_so_many(at)):
                break
            if name and word in BREAK and lists(f"{said_of(name[-2:])} {word}"):
                name.append(self.tokens[at])
                at += 1
                continue
            if word == "and" and (joined := self._dish_with_and(name, at)):
                name += self.tokens[at : at + joined]
                at += joined
                continue
            if word == "plus" and is_software(f"{said_of(name)} plus"):
                name.append(self.tokens[at])
                at += 1
                continue
            if word in ("and", "plus") or word in BREAK or (name and (word == "extra" or self._starts_next(name, at))):
                break
            if name and (self._after_dressing(name, at) > at or self._after_which(name, at) > at):
                break
            name.append(self.tokens[at])
            at += 1
        while name and (name[-1].word in TRAILING or name[-1].word == "of" or self._describes_before(name)):
            name.pop()
        return unit, [] if name and name[0].word in NOT_NAMES and len(name) == 1 else name, at

    def _or_so_many(self, at: int) -> int:
        """Where the number of '2 laptops or 3', '2 laptops or 3 tablets' ends; 0 where no other number follows."""
        found = self._quantity(at + 1) if self.words[at : at + 1] == ["or"] and self._counts(at + 1) else None
        return 0 if found is None or found.article else found.after

    def _is_pack_of(self, at: int) -> bool:
        """'a box of 100 gloves': how many are in the unit, which is no part of the name."""
        following = self.words[at + 1] if at + 1 < len(self.tokens) else ""
        found = self._quantity(at) if at < len(self.words) and self.words[at] else None
        counted = found is not None and not found.article and not found.vague and found.after == at + 1
        name = self._run(at + 1).split() if counted and following else []
        return bool(name) and any(map(is_plural, name)) and following not in EXTENTS | UNITS and not measures(following)

    def _dish_with_and(self, name: list[Token], at: int) -> int:
        """How many words from an 'and' still belong to one dish: 'chips and salsa'; 0 where it joins two."""
        for more in (3, 2):
            said = [token.word for token in name[-2:]] + self.words[at : at + more]
            if any(lists_whole(said[start:]) for start in range(len(said) - more)):
                return more
        return 0

    def _describes_before(self, name: list[Token]) -> bool:
        """'pizza medium', 'coffees black', 'flyers A5 glossy': a word after the noun that it describes."""
        if len(name) < 2 or quantity_at([name[-1].word], 0):
            return False
        if name[-1].word in SIZES:
            return self._known(name[:-1])
        if is_plural(name[-1].word) or self._known(name) or is_software(said_of(name)) or is_licence(name[0].word):
            return False
        return any(is_plural(name[at].word) and self._known(name[: at + 1]) for at in range(len(name) - 1))

    def _ends_with_deed(self, name: list[Token], at: int) -> bool:
        """'a croissant warmed up', 'a bagel toasted with butter': what is done to it ends a name."""
        following = self.words[at + 1] if at + 1 < len(self.words) else ""
        ends = following in BREAK | {"", "and", "plus", "up"}
        if self.words[at] in ("ordered", "delivered", "bought", "brought", "sent"):
            return self._ends_piece(at + 1)
        return len(self.words[at]) > 5 and self.words[at].endswith("ed") and ends and self._known(name)

    def _after_dressing(self, name: list[Token], at: int) -> int:
        """Where 'light cheese', 'add whole milk', 'no onions', 'dressing on the side' ends; `at` without any."""
        dish = self._known(name) and domain_of(said_of(name)) == "food"
        while dish and at < len(self.words):
            start = at + 1 if self.words[at] in MODIFIERS else at
            sides = (end for end in (start + 2, start + 1) if self._is_topping(start, end))
            end = next((end for end in sides if start > at or self._on_the_side(end)), at)
            if end == at:
                break
            at = end + 3 if self._on_the_side(end) else end
            if self.words[at : at + 1] == ["and"] and set(self.words[at + 1 : at + 2]) & MODIFIERS:
                at += 1
        return at

    def _is_topping(self, start: int, end: int) -> bool:
        words = self.words[start:end]
        if len(words) < end - start or not all(words) or MODIFIERS & set(words):
            return False
        # 'half sweet' is a taste, 'half pepperoni' a pizza.
        part = self.words[start - 1 : start] == ["half"]
        said = " ".join(words)
        left_out = (
            self.words[start - 1] in ("no", "hold", "without", "minus") and lists(said) and domain_of(said) == "food"
        )
        return left_out or (is_topping(said) and not part) or (len(words) == 1 and words[0] in TASTES)

    def _on_the_side(self, at: int) -> bool:
        return self.words[at : at + 3] == ["on", "the", "side"]

    def _after_which(self, name: list[Token], at: int) -> int:
        """Where 'the twelve pack', 'the big one' behind a known thing ends; `at` without it."""
        if self.words[at : at + 1] != ["the"] or not self._known(name):
            return at
        return next((end + 1 for end in (at + 2, at + 3) if set(self.words[end : end + 1]) & WHICH), at)

    def _tells_size(self, at: int) -> bool:
        """'shoes size 10', 'a shirt size M'."""
        following = self.words[at + 1 : at + 2]
        return (
            self.words[at] == "size"
            and bool(following)
            and (len(following[0]) < 3 or following[0] in SIZES | SMALL.keys() | {"xxl"})
        )

    def _after_leading(self, at: int) -> int:
        """Skip 'of the', 'more', 'new', and a price that stands before its noun."""
        while at < len(self.tokens):
            token = self.tokens[at]
            following = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "word"
            price = token.kind == "gone" and following and at and self.tokens[at - 1].kind == "word"
            if price and self.words[at + 1] in (*BREAK, "and"):
                break
            pointed = token.word in ("they", "them") and at and self.words[at - 1] == "of" and following
            pointed = pointed and self.words[at + 1] not in BREAK | {"and"}
            if self.words[at : at + 3] == ["half", "and", "half"]:
                break
            leading = token.word in LEADING and following and not self._is_degree(at)
            if not price and not pointed and not (token.kind == "word" and leading):
                break
            at += 1
        if self.words[at : at + 2] == ["second", "hand"] or self.words[at : at + 1] in (
            ["secondhand"],
            ["second-hand"],
        ):
            copied = at + (2 if self.words[at] == "second" else 1)
            return copied if self._unit(copied) else at
        return at

    def _is_degree(self, at: int) -> bool:
        """'extra foamy cortado', but not 'extra napkins'."""
        if self.words[at] != "extra" or at + 2 >= len(self.words):
            return False
        how, what = self.words[at + 1 : at + 3]
        return bool(how and what) and what not in BREAK | {"and"} and not is_plural(how) and not knows(how)

    def _unit(self, at: int) -> Token | None:
        """'boxes of', '20 kg (of)': the unit, in the singular."""
        if at + 1 >= len(self.tokens) or not self.words[at]:
            return None
        word, following = singular(self.words[at]), self.words[at + 1]
        if word in UNITS | PORTIONS and (following == "of" or self._and_part(at) is not None):
            return self.tokens[at]._replace(word=word)
        measured = word in MEASURES and following and following not in BREAK | {"and"}
        plural = word in UNITS and word != self.words[at]
        measured = measured or (plural and following not in BREAK | {"and", ""} and knows(self._run(at + 1)))
        return self.tokens[at]._replace(word=word) if measured else None

    def _run(self, at: int) -> str:
        """The words from here to the next mark or joining word."""
        run: list[str] = []
        while at < len(self.words) and self.words[at] and self.words[at] not in BREAK | {"and"}:
            run.append(self.words[at])
            at += 1
        return " ".join(run)

    def _names_software(self, name: list[Token], at: int) -> bool:
        """'licenses for Photoshop': the word 'for' is part of the name, which 'licenses for designers' is not."""
        if (
            not name
            or self.words[at] not in ("for", "to")
            or not is_licence(name[-1].word)
            or at + 1 >= len(self.tokens)
        ):
            return False
        following = self.tokens[at + 1]
        if following.kind != "word" or self._counts(at + 1):
            return False
        return self.text[following.start].isupper() or self.words[at] == "to" or is_software(following.word)

    def _starts_next(self, name: list[Token], at: int) -> bool:
        """'3 laptops 2 monitors': a number after a plural begins the next item; 'iPhone 15 Pro' does not."""
        if not self._counts(at) or not self.text[name[-1].start].islower():
            return False
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != "word":
            return False
        if self.words[at + 1] in BREAK | {"and", "plus"} or is_software(said_of(name)):
            return False
        if singular(self.words[at + 1]) in UNITS and self.words[at + 2 : at + 3] == ["of"]:
            return True
        return is_plural(name[-1].word) or (not DIGITS.fullmatch(self.words[at]) and self._known(name))

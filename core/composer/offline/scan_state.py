"""What a walk over a sentence has seen so far, and what may follow at the place where it stands."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from core.composer.offline.kinds import tells_kind
from core.composer.offline.lexicon import domain_of, is_drink, is_software, is_topping, knows, lists
from core.composer.offline.lines import Line, Manner, Vague
from core.composer.offline.names import NounPhrases, said_of
from core.composer.offline.nouns import canonical, comes_in_pairs, head_of, is_plural, singular
from core.composer.offline.numbers import ARTICLES, DIGITS, Quantity, quantity_at
from core.composer.offline.people import RECEIVERS
from core.composer.offline.roles import is_at_work, is_kin
from core.composer.offline.tokens import Token
from core.composer.offline.words import (
    BREAK,
    COLOURS,
    DRESSED,
    EXTENTS,
    MATERIALS,
    MEASURES,
    NO_GOODS,
    NUMBERED,
    PEOPLE,
    RATES,
    SIZES,
    TASTES,
    WITH,
)

State = Literal["start", "verb", "fix", "sep", "gone", "pp", "other", "after"]

_CLAUSES = set("is are was were will would has have can love loves want wants need needs like likes".split())
# 'medium spicy', 'medium strength': of which kind something is.
_SPICED = set(
    """
    spicy mild hot rare well heat strength size weight grade quality finish duty gauge width length fit roast thickness
    hold firmness pressure height depth volume capacity density voltage format print
    """.split()
)
# How a dish or a drink is made: no thing itself.
MADE = TASTES - {"sugar", "ice", "caff", "caf", "strength"}
# 'three days off', 'two minutes of your time'.
_LASTING = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")


def spells_number(word: str) -> bool:
    """Whether a word is a number in letters, as after 'burritos' in 'three burritos, one with no rice'."""
    return not DIGITS.fullmatch(word) and quantity_at([word], 0) is not None


def is_no_thing(name: list[Token]) -> bool:
    """People, refunds and the like, 'a new one', and the times of 'three times'."""
    if len(name) == 1 and name[0].word in ("time", "times"):
        return True
    if name[0].word in _LASTING and (len(name) == 1 or name[1].word in ("off", "more", "late", "early", "of")):
        return len(name) < 3 or name[2].word in ("your", "my", "our", "his", "her", "their")
    if len(name) == 2 and singular(name[0].word) in PEOPLE and name[1].word.endswith("ing"):
        return True
    return head_of(name[-1].word) in PEOPLE | NO_GOODS or name[0].word in ("one", "ones")


class ScanState(NounPhrases):
    """Where a walk stands: its lines, the state of the list, and the words that lead to what comes next."""

    def __init__(self, text: str, found: list[Token], manner: Manner, lines: list[Line]) -> None:
        super().__init__(text, found, manner)
        self.lines = list(lines)
        self.vague: list[Vague] = []
        self.at = 0
        self.state: State = "verb" if manner.bare else "start"
        self.first_cue = next((at for at, token in enumerate(found) if token.kind == "cue"), 0)
        self.verb = ""
        self.inside = ""
        self.pending: tuple[Decimal, tuple[int, int]] | None = None
        self.joined = ""
        self.counted_with = False
        self.split = False
        self.described = 0

    def _goes_on_with_and(self) -> bool:
        return self.state == "sep" and self.joined == "and"

    def _joint(self) -> int:
        """How many words from here join one item to the next: 'and', 'as well as', 'along with'; 0 where none do."""
        words = self.words[self.at : self.at + 3]
        if words[0] in ("and", "plus", "&"):
            return 1
        if words in (["as", "well", "as"], ["in", "addition", "to"]):
            return 3
        if words[0] in ("along", "together") and words[1:2] == ["with"]:
            return 2 if self._counts(self.at + 2) else 0
        if words[:1] == ["but"] and words[1:2] and words[1] in ("just", "only", "also") and self._counts(self.at + 2):
            return 2
        return (
            1
            if words[0] in ("also", "then", "so", "but", "because", "since")
            and self.state in ("after", "pp")
            and self._counts(self.at + 1)
            else 0
        )

    def _in_words(self, at: int) -> bool:
        return at < len(self.words) and bool(self.words[at])

    def _with_shared_noun(self, found: Quantity, name: list[Token], after: int) -> list[Token]:
        """'two adult and three child tickets': both numbers are of the noun that stands behind the last."""
        if len(name) != 1 or found.value < 2 or is_plural(name[0].word) or self._known(name):
            return name
        if self.words[after : after + 1] != ["and"] or not self._counts(after + 1):
            return name
        second = self._quantity(after + 1)
        unit, other, _ = self._phrase(second.after) if second else (None, [], 0)
        if unit or any(map(str.isdigit, name[0].word)):
            return name
        return [*name, *other[1:]] if len(other) > 1 and is_plural(other[-1].word) and self._known(other) else name

    def _is_of_next_size(self, name: list[Token]) -> bool:
        """'14 vests size L and 6 size XL' are 20; of '20 vests: 14 size L and 6 size XL' they are all."""
        if name[0].word != "size" or len(name) > 2 or not self.lines or self.state == "fix":
            return False
        between = self.text[self.lines[-1].name_span[1] : self.tokens[self.at].start]
        return (
            re.fullmatch(r"\s(?:in\s)?size\s[\w/]+\s?(?:,\s?|&\s?|and\s|plus\s)+", between, re.IGNORECASE) is not None
        )

    def _recounts(self, name: list[Token], after: int) -> bool:
        """'two cans of beans, no, four cans': how many in the unit of the line before it."""
        said = len(name) == 1 and self.state == "fix" and bool(self.lines)
        said = said and (self._ends_piece(after) or self.words[after] in BREAK | {"and", "plus"})
        return said and singular(name[0].word) == self.lines[-1].unit

    def _pairs(self, found: Quantity, name: list[Token]) -> tuple[Decimal, Token] | None:
        """'3 pairs of shoes' are 3 pairs where things come in pairs only; a pair of lamps is 2 lamps."""
        at = next((at for at in range(self.at, found.after) if self.words[at] in ("pair", "pairs")), None)
        if at is None or not comes_in_pairs(head_of(said_of(name)), domain_of(said_of(name))):
            return None
        return found.value / 2, self.tokens[at]._replace(word="pair")

    def _fits(self, found: Quantity, name: list[Token]) -> bool:
        """Whether a quantity and a name may be an item at this place."""
        drink = bool(name) and is_drink(said_of(name))
        dish = self.joined == "and" and self._is_dish(name)
        if self.lines and tells_kind(
            self.words[self.at : found.after + len(name)], found, name, self._ends_piece(found.after + len(name))
        ):
            return False
        if self.inside in WITH and (found.vague or (found.article and self.counted_with and not (drink or dish))):
            return False
        rate = bool(name) and name[0].word in RATES and not (len(name) > 1 and self._known(name))
        if found.article and (not name or (self.state != "verb" and rate)):
            return False
        if self.state == "pp" and self.words[self.at - 1] in WITH and not drink:
            return False
        if (self.state == "pp" or (self.manner.loose and not self.lines)) and not self._known(name):
            return False
        if name and self.lines and all(token.word in SIZES | MADE or spells_number(token.word) for token in name):
            return False
        if name and all(DIGITS.fullmatch(token.word) for token in name):
            return False
        if len(name) == 1 and singular(name[0].word) in MEASURES | EXTENTS:
            return False
        if self.words[found.after : found.after + 1] == ["of"] and self.at and self.words[self.at - 1] in NUMBERED:
            return False
        return not name or not is_no_thing(name)

    def _is_dish(self, name: list[Token]) -> bool:
        """Whether something to eat goes on a list of things to eat: '... with an extra shot and a cheese danish'."""
        said = said_of(name)
        eaten = bool(self.lines) and domain_of(self.lines[-1].name) == "food"
        whole = len(name) > 1 and lists(said)
        return eaten and self._known(name) and (whole or not is_topping(said)) and domain_of(said) == "food"

    def _follows_inclusion(self) -> bool:
        """'... with sausage a small pizza with ...', 'pizza with a coke': a quantity in 'with' may go on the list."""
        if (
            self.state != "pp"
            or self.inside not in ("with", "without", "no")
            or not self.lines
            or not self._counts(self.at)
        ):
            return False
        before = self.words[self.at - 1]
        return before == "with" or (not self.counted_with and before not in BREAK and not DIGITS.fullmatch(before))

    def _may_begin(self) -> bool:
        """Whether a sure quantity begins an item although no verb or separator leads to it."""
        if self.state == "other" and self.at < self.first_cue:
            return False
        return self.manner.cued or self.manner.loose or self.state == "gone"

    def _of_them(self, at: int) -> bool:
        """'of them' after a quantity, 'them' where the quantity has its 'of', or 'in all'."""
        if self.words[at : at + 2] in (["in", "all"], ["in", "total"], ["all", "told"]):
            return True
        said = self.words[at - 1 : at + 1] if self.words[at - 1] == "of" else self.words[at : at + 2]
        return len(said) == 2 and said[0] == "of" and said[1] in ("them", "those", "these")

    def _shares(self, found: Quantity) -> bool:
        """'five burritos, three with bacon and two with sausage': a part of the line before it."""
        said = bool(self.lines) and self.joined in (",", "and") and self.state == "sep"
        last = self.lines[-1].quantity if said else None
        part = self.words[found.after : found.after + 1]
        return (
            last is not None
            and found.value < last
            and part in (["with"], ["without"])
            and (self.split or self.joined == ",")
        )

    def _adds(self, after: int) -> bool:
        """Whether the phrase after a number is of the kind that the line before has: 'for Bob and 2 for Alice'."""
        return bool(self.inside and self.lines) and self.words[after : after + 1] == [self.inside]

    def _after_those_at_work(self, at: int) -> int:
        """'get the night nurses 4 lamps': where the quantity stands behind the people it is for."""
        for after in range(at, min(at + 4, len(self.words))):
            if self._counts(after) and after > at:
                people = is_at_work(self.words[after - 1]) or self.words[after - 1] in RECEIVERS
                return after if people and self.words[after] not in ARTICLES else at
        return at

    def _is_name_of_receiver(self, at: int) -> bool:
        """'get Ada a kettle': a word with a capital before 'a' or a number in letters."""
        if at + 2 >= len(self.words) or not self.words[at] or self.words[at] in BREAK or self._counts(at):
            return False
        word, following = self.text[self.tokens[at].start : self.tokens[at].end], self.words[at + 1]
        given = following in ("a", "an") or (spells_number(following) and following.isalpha())
        return given and word.istitle() and not self._known([self.tokens[at]]) and not is_software(self.words[at])

    def _is_receiver(self, at: int) -> bool:
        return self.words[at] in RECEIVERS and self.text[self.tokens[at].start].islower()

    def _more(self) -> bool:
        """'order more paper': another lot of a thing."""
        following = self.words[self.at + 1 : self.at + 2]
        return (
            self.words[self.at] == "more"
            and self.state in ("verb", "sep")
            and bool(following)
            and following[0] not in BREAK
        )

    def _is_sort(self, name: list[Token]) -> bool:
        return all(token.word in COLOURS | MATERIALS | SIZES for token in name)

    def _of_sort(self, name: list[Token]) -> str:
        """'3 red mugs, no, blue', 'ten tins of magnolia, no, white': the last line, of another sort."""
        words, said = self.lines[-1].name.split(), said_of(name)
        if any(word in COLOURS | MATERIALS | SIZES for word in words[:-1]):
            return " ".join(said if word in COLOURS | MATERIALS | SIZES else word for word in words)
        return said if self.lines[-1].unit and len(words) == 1 else f"{said} {self.lines[-1].name}"

    def _tells(self, name: list[Token], after: int) -> bool:
        """'my cousins are staying too': of whom a clause tells, which orders nothing."""
        goes_on = self.words[after : after + 1]
        return self.state == "sep" and is_kin(name[-1].word) and bool(set(goes_on) & _CLAUSES)

    def _points_back(self, name: list[Token]) -> bool:
        """'the boxes' after '20 storage boxes': of a line there is, no other."""
        if self.state != "sep" or len(name) != 1:
            return False
        the = self.text[: name[0].start].endswith("the ")
        counted = {head_of(line.name) for line in self.lines if the or line.quantity is not None}
        return head_of(name[0].word) in counted

    def _counted_last(self, name: list[Token]) -> Line | None:
        """'order laptops two', 'laptops 4': the quantity after a plural that is known and no name with a number."""
        if len(name) < 2 or self.text[name[-1].start - 1] != " ":
            return None
        found = quantity_at([name[-1].word], 0)
        said = said_of(name[:-1])
        if found is None or found.vague or not is_plural(name[-2].word) or is_software(said):
            return None
        if DIGITS.fullmatch(name[-1].word) and not (knows(said) and self.text[name[0].start].islower()):
            return None
        return self._line(name[:-1], found.value, None, (name[-1].start, name[-1].end))

    def _labels(self, after: int) -> bool:
        """Whether a phrase before a colon only announces a list: 'office supplies: 20 pens', 'restock the lab: ...'."""
        return after < len(self.tokens) - 1 and self.tokens[after].word == ":" and self._counts(after + 1)

    def _goes_on(self, name: list[Token]) -> bool:
        """Whether a bare phrase after a separator is the next item of a list: 'keyboards and mice'."""
        if not self.lines or self.joined not in ("and", "plus", "&", ","):
            return False
        last = self.lines[-1]
        if name[0].word in SIZES and len(name) > 1:
            return self._known(name) or name[-1].word not in _SPICED
        ends = last.name_span[1], (last.quantity_span or last.name_span)[1], self.described
        between = self.text[max(ends) : name[0].start]
        if (
            re.fullmatch(
                r"(?:\s*size\s\w+)?[\s,&+]*(?:(?:hold|no|without)\s(?:the\s)?\w+,\s"
                r"|(?:,?\swith)?\s(?:the\s)?(?:\w+\s){1,3}on the side,?\s)?(?:and|plus)?\s*(?:(?:the|my|our|also"
                r"|more|honestly|actually|literally|basically|maybe|perhaps|possibly)\s*)*",
                between,
            )
            is None
        ):
            return False
        if self._counted_last(name):
            return True
        if self._is_shared_adjective() or self._is_shared_head(name):
            return self.joined == "and"
        if self.joined == "," and self._is_medial(name):
            return True
        if self.joined == "," and self._is_next_of_pure_list(name):
            return True
        if self.joined in ("and", "plus") and between.lstrip().startswith(",") and self._known(name):
            return not is_topping(said_of(name))
        the = self.text[: name[0].start].endswith(" the ")
        if (self.joined in ("and", "plus", "&") or (self.joined == "," and the)) and self._is_dish(name):
            return True
        return is_plural(name[-1].word) or (self.joined == "and" and (last.article or last.quantity is None))

    def _is_priced_too(self, name: list[Token], after: int) -> bool:
        """'2 eggs at $3 each and bread at $2': a known thing with a price of its own behind that of another."""
        if self.joined not in ("and", "plus", ",") or not self.lines or after >= len(self.tokens):
            return False
        price = self.tokens[after]
        said = self.text[price.start : price.end]
        return price.kind == "gone" and any(map(str.isdigit, said)) and self._known(name)

    def _is_whole(self, name: list[Token]) -> bool:
        """Whether a name is a known thing by itself: 'garlic bread', no 'solid oak', no topping."""
        said = said_of(name)
        return self._known(name) and (len(name) > 1 or domain_of(said) == "food") and not is_topping(said)

    def _is_next_of_pure_list(self, name: list[Token]) -> bool:
        """'bread, milk, sugar': known things, one a piece, without articles; of one domain beside numbers."""
        last, said = self.lines[-1], said_of(name)
        many = len(name) > 1 or sum(token.word in ",;" for token in self.tokens if token.kind == "sign") > 1
        if last.article or not many or said in MATERIALS | COLOURS or not self._known(name):
            return False
        if is_topping(said) and any(is_drink(line.name) or head_of(line.name) in DRESSED for line in self.lines):
            return False
        after = self.at + len(name)
        ends = self._ends_piece(after) or self.words[after] in ("and", "plus", "please")
        return ends and (last.quantity is None or domain_of(said) == domain_of(last.name))

    def _is_medial(self, name: list[Token]) -> bool:
        """'a soup, plain rice and a naan': one thing of several without an article, in the midst of a list."""
        after = self.at + len(name)
        if said_of(name[-1:]) in MATERIALS | COLOURS or (is_drink(self.lines[-1].name) and is_topping(said_of(name))):
            return False
        if self.words[after : after + 1] in (["and"], ["plus"]):
            return self._is_whole(name)
        counted = self._ends_piece(after) and after + 1 < len(self.tokens) and self._quantity(after + 1)
        many = sum(token.word in ",;" for token in self.tokens if token.kind == "sign") > 2
        return (
            bool(counted) and many and self._known(name) and domain_of(said_of(name)) == domain_of(self.lines[-1].name)
        )

    def _is_shared_adjective(self) -> bool:
        """'2 black and white printers': several of what is not in the plural yet."""
        last = self.lines[-1] if self.lines else None
        if (
            last is None
            or self.state != "sep"
            or self.joined != "and"
            or last.quantity is None
            or last.quantity == 1
            or last.article
            or last.unit
        ):
            return False
        return not is_plural(self.text[slice(*last.name_span)].split()[-1])

    def _is_shared_head(self, name: list[Token]) -> bool:
        """'a bacon and pepperoni pie': two words of one domain before one head; 'a keyboard and mouse pad' is not."""
        last = self.lines[-1] if self.lines else None
        if last is None or self.state != "sep" or last.unit or len(name) < 2 or self.joined != "and":
            return False
        if is_plural(name[-1].word) and last.quantity is None:
            return False
        words = [token.word for token in name]
        if is_drink(last.name):
            return False
        first = domain_of(words[0]) if words[0] not in SIZES else None
        return first is not None and not lists(" ".join(words)) and first == domain_of(last.name)

    def _joined_end(self, name: list[Token]) -> int:
        """Where the words of a name end that stand together."""
        ends = [one.end for one, then in pairwise(name) if " and " in self.text[one.end : then.start]]
        return ends[0] if ends else name[-1].end

    def _line(self, name: list[Token], quantity: Decimal | None, unit: Token | None, span: tuple[int, int] | None,
              article: bool = False) -> Line:  # fmt: skip
        words = [token.word for token in name]
        return Line(
            canonical(words),
            quantity,
            unit and unit.word,
            (name[0].start, self._joined_end(name)),
            span,
            unit and (unit.start, unit.end),
            article,
            self.verb,
        )

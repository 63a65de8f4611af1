"""Noun phrases of a shopping list: how many, in which unit, of what, and corrections on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from core.composer.offline import refusals
from core.composer.offline.lexicon import domain_of, is_software, knows, lists
from core.composer.offline.nouns import canonical, head_of, is_licence, is_plural, singular
from core.composer.offline.numbers import DIGITS, Quantity, numbers_in, quantity_at
from core.composer.offline.people import RECEIVERS
from core.composer.offline.text import Draft, rx
from core.composer.offline.tokens import Token, tokens

State = Literal["start", "verb", "fix", "sep", "gone", "pp", "other", "after"]

_BREAK = set(
    """
    for with without to from at in on by via using because so if unless when whenever but which who whom whose that
    where while since until within over under about per including excluding as than then is are was were be been has
    have had do does did can could will would should must may might shall i we you he she they it this these those
    there here not no if ideally preferably each please thanks thank asap make keep let charge bill use pay going
    gotta gonna before after during instead excluding except apiece only into around through between cheers regards
    shipped delivered costing worth made called named labelled labeled priced go goes need needs want wants get buy
    order must come comes every hold avoid except skip minus topped loaded filled served containing inside sized
    made along together
    """.split()
)
_NOT_NAMES = set(
    """
    me us them him her everything anything something nothing back done started ready better going sure time chance
    help info information touch along away rid ones one lot mind idea advice question questions quote answer know
    thanks regards delivery shipping total today tomorrow me all both none more less it's its that's what how why
    best kind you're we're they're they've i've we've i'm don't out off up down along soon also just really very too
    well now ok okay yes hello hi
    """.split()
)
_LEADING = set(
    """
    of the more additional extra bulk wholesale new these those our my your further
    """.split()
)
_TRAILING = set(
    """
    please pls thanks now today quickly fast soon immediately urgently altogether too also only as well again though
    total weekly daily monthly yearly annually
    """.split()
)
_UNITS = set(
    """
    box pack packet case carton crate bag bottle can jar tin roll ream sheet bundle set pallet barrel drum bucket
    tray tube kg kilo kilogram g gram litre liter l ml gallon pound lb lbs ounce oz ton tonne metre meter m cm mm
    sqm ft yd inch six-pack yard foot sack loaf slice cup piece pc pcs unit copy stick bar bunch keg spool stack
    strip punnet dozen batch
    """.split()
)
# 'a month' in 'once a month' is a rate, no item.
_RATES = set(
    """
    month week day year hour minute night time head pop piece while moment
    """.split()
)
# What one asks for before saying what exactly: 'some dinner: two biryanis'.
_KINDS = set(
    """
    food dinner lunch breakfast supper meal drink takeaway takeout stuff thing item good supply equipment gear help
    info information time advice order present gift something grocery groceries people guest person option question
    detail
    """.split()
)
# What one can want without ordering it.
_NO_GOODS = set(
    """
    refund answer explanation apology update status quote receipt invoice confirmation manager representative human
    agent callback favor favour hug break nap raise job girlfriend boyfriend idea reason minute second chance hand
    word one complaint return cancellation money
    """.split()
)
_SIZES = set("large small medium big regular jumbo xl grande venti tall".split())
_PEOPLE = set(
    """
    person guest adult kid child employee user attendee student passenger friend colleague participant visitor
    member traveler traveller
    """.split()
)
_MEASURES = set(
    """
    kg kilo kilogram g gram litre liter l ml gallon lb lbs ounce oz ton tonne pcs pc
    """.split()
)
_WITH = {"with", "without", "including", "excluding"}
_LONGEST = 8

_LISTED = rx(
    r"(?:(?<=[\n,;:])|\A)[ *•-]{0,4}(?P<name>[^\W\d_][\w'/ -]{0,60}?)\s?(?:[:=]|\sx|\s-|\sqty"
    r"|\()\s?(?P<count>\d{1,3}(?:,\d{3})+|\d{1,9})(?![,.]\d)\)?(?:\s?(?:pcs|pieces|units))?(?=\s*(?:\Z|[,;.\n\0]"
    r"|and\b))"
)
# 'big mac 2', on a menu only: the number of a phone is its name.
_COUNT_LAST = rx(
    r"(?:(?<=[\n,;:\0])|\A"
    r"|\band)\s?(?P<name>[^\W\d_]+(?:\s(?!and\b)[^\W\d_]+){0,4}) (?P<count>\d{1,3})(?: (?:nos?|pcs?|pieces))?"
    r"(?=\s*(?:\Z|[,;.\n]|and\b|please\b|pls\b))"
)
_FORM = rx(
    r"\b(?:items?|products?|names?|descriptions?|articles?)\s?[:=]\s?(?P<name>[^\W\d_][\w'/ -]{0,60}?)\s?[,;\n|]\s?"
    r"(?:qty|quantity|count|amount|units?|pcs|pieces|number)\b\.?\s?[:=]?\s?(?P<count>\d{1,9})"
)
_FIELD_NAMES = set(
    """
    budget quantity qty total price date phone email amount order zip room floor po
    """.split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it was read. quantity None: unsaid. Spans are (start, end) in the text."""

    name: str
    quantity: Decimal | None
    unit: str | None
    name_span: tuple[int, int]
    quantity_span: tuple[int, int] | None
    unit_span: tuple[int, int] | None = None
    article: bool = False
    verb: str = ""
    service: bool = False
    unit_price: Decimal | None = None


class Vague(NamedTuple):
    """A quantity that is no single number: its words, their place, and the name after it."""

    words: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How sentences are read. cued: somewhere a verb orders. bare: the text is a noun phrase and no more.

    loose: nothing was found otherwise, so known things count behind 'for' and in statements too.
    """

    cued: bool
    bare: bool = False
    loose: bool = False


def read_items(draft: Draft, zones: list[tuple[int, int]], manner: Manner, scraps: list[str]) -> list[Line]:
    """The lines of an order, in the order of the text.

    Raises ReadingRefused for a quantity that is no single number, not positive, or too great.
    """
    lines: list[Line] = []
    vague: list[Vague] = []
    for start, end in zones:
        lines += _listed(draft, start, end)
        scan = Scan(draft.text, tokens(draft.rest, start, end), manner, lines)
        lines = scan.run()
        vague += scan.vague
    _refuse_vague(draft.text, vague, lines)
    if any(line.quantity is not None for line in lines):
        lines = [line for line in lines if line.quantity is not None or head_of(line.name) not in _KINDS]
    gone = {head_of(name) for name in scraps}
    kept = [line for line in lines if head_of(line.name) not in gone]
    for line in kept:
        if line.quantity is not None and line.quantity <= 0:
            raise refusals.not_positive(line.quantity, line.name)
        if line.quantity is not None and line.quantity > refusals.MOST:
            raise refusals.too_many(line.quantity, line.name)
    for line in kept:
        for span in (line.name_span, line.quantity_span, line.unit_span):
            if span:
                draft.claim(*span)
    return sorted(kept, key=lambda line: line.name_span)


def _refuse_vague(text: str, vague: list[Vague], lines: list[Line]) -> None:
    """Raise for the first quantity that is no number, unless it tells the kind of order, or a topping."""
    foods = any(domain_of(line.name) == "food" for line in lines)
    for found in vague:
        head = head_of(found.name)
        if lines and (head in _KINDS or (foods and domain_of(found.name) == "food" and found.words == "some")):
            continue
        raise refusals.vague(found.words, found.name, _options(text, found))


def _options(text: str, found: Vague) -> tuple[tuple[str, str], ...]:
    """(number, the text with it) of each number in 'between 2 and 3', '2-3', 'two or three'."""
    numbers = numbers_in(found.words)
    return tuple((f"{number:f}", f"{text[: found.start]}{number:f}{text[found.end :]}") for number in numbers)


def _listed(draft: Draft, start: int, end: int) -> list[Line]:
    """'Monitors: 6', 'keyboards x2', 'mice (3)'."""
    lines = []
    for match in _FORM.finditer(draft.rest, start, end):
        name, count = match["name"].split(), Decimal(match["count"])
        lines.append(Line(canonical(name), count, None, match.span("name"), match.span("count")))
        draft.claim(*match.span())
    for match in _COUNT_LAST.finditer(draft.rest[:end], start):
        name = match["name"].lower()
        if domain_of(name) == "food" and knows(name) and not quantity_at(name.split(), 0):
            lines.append(
                Line(canonical(name.split()), Decimal(match["count"]), None, match.span("name"), match.span("count"))
            )
            draft.claim(*match.span())
    for match in _LISTED.finditer(draft.rest[:end], start):
        words = match["name"].split()
        if words[0].lower() in _FIELD_NAMES | _BREAK or quantity_at([word.lower() for word in words], 0):
            continue
        lines.append(
            Line(
                canonical(words),
                Decimal(match["count"].replace(",", "")),
                None,
                match.span("name"),
                match.span("count"),
            )
        )
        draft.claim(*match.span())
    return lines


class Scan:
    """Walks the tokens of one sentence once and collects its lines."""

    def __init__(self, text: str, found: list[Token], manner: Manner, lines: list[Line]) -> None:
        self.text, self.tokens, self.manner, self.lines = text, found, manner, list(lines)
        self.words = [token.word if token.kind == "word" else "" for token in found]
        self.vague: list[Vague] = []
        self.at = 0
        self.state: State = "verb" if manner.bare else "start"
        self.first_cue = next((at for at, token in enumerate(found) if token.kind == "cue"), 0)
        self.verb = ""
        self.inside = ""
        self.pending: tuple[Decimal, tuple[int, int]] | None = None
        self.joined = ""

    def run(self) -> list[Line]:
        """All lines, those of earlier sentences included."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind != "word":
                self._mark(token)
            elif joint := self._joint():
                self._separate(token.word, joint)
            elif not self._item():
                self._word(token)
        return self.lines

    def _mark(self, token: Token) -> None:
        self.at += 1
        if token.kind == "cue":
            self.state, self.inside, self.joined = "verb", "", ""
            self.verb = self.text[token.start : token.end].lower().split()[0]
        elif token.kind == "fix":
            self.state, self.inside = "fix", ""
        elif token.kind == "gone":
            self.state = self.state if self.state in ("start", "verb", "fix") else "gone"
            self.inside = ""
        elif token.word in "&+":
            self.at -= 1
            self._separate("and")
        elif token.word not in "\"'*•-" or self.state in ("after", "gone"):
            self.state = (
                "start" if self.state == "start" else "verb" if token.word == ":" and self.state == "verb" else "sep"
            )
            self.inside, self.joined = "", token.word

    def _joint(self) -> int:
        """How many words from here join one item to the next: 'and', 'as well as', 'along with'; 0 where none do."""
        words = self.words[self.at : self.at + 3]
        if words[0] in ("and", "plus", "&"):
            return 1
        if words in (["as", "well", "as"], ["in", "addition", "to"]):
            return 3
        if words[0] in ("along", "together") and words[1:2] == ["with"]:
            return 2 if self._counts(self.at + 2) else 0
        return (
            1
            if words[0] in ("also", "then", "so", "but", "because", "since")
            and self.state in ("after", "pp")
            and self._counts(self.at + 1)
            else 0
        )

    def _counts(self, at: int) -> bool:
        """Whether a quantity stands here."""
        found = quantity_at(self.words, at) if at < len(self.words) and self.words[at] else None
        return found is not None and not found.vague

    def _separate(self, word: str, length: int = 1) -> None:
        self.at += length
        if length > 1:
            self.inside = ""
        self.state, self.joined = ("sep" if self.state != "start" else "start"), word if length == 1 else ","

    def _word(self, token: Token) -> None:
        """A word that begins no item: a joining word opens a phrase that holds none."""
        self.at += 1
        if token.word in ("please", "pls", "kindly", "also", "just", "maybe") and self.state in (
            "start",
            "verb",
            "sep",
        ):
            return
        if token.word in _BREAK:
            self.state, self.inside = "pp", token.word
        elif self.state != "pp":
            self.state = "other"

    def _item(self) -> bool:
        """Read an item at the present word; False where none begins."""
        if self.state == "after" or (self.state == "pp" and not self.manner.loose):
            return False
        if self.state == "verb":
            self._skip_receiver()
        found = quantity_at(self.words, self.at)
        if found is None:
            return self._bare()
        sure = not found.article and not found.vague
        if self.state in ("gone", "other", "pp") and not (sure and self._may_begin()):
            return False
        if self.inside in _WITH and not sure:
            return False
        unit, name, after = self._phrase(found.after)
        if found.vague:
            return self._vague(found, name)
        if found.article and (not name or (self.state != "verb" and name[0].word in _RATES)):
            return False
        if (self.state == "pp" or (self.manner.loose and not self.lines)) and not self._known(name):
            return False
        span = (self.tokens[self.at].start, self.tokens[found.after - 1].end)
        if not name:
            return self._number_alone(found, span)
        if head_of(name[-1].word) in _PEOPLE | _NO_GOODS or name[0].word in ("one", "ones"):
            return False
        self._take(self._line(name, found.value, unit, span, found.article), replaces=self.state == "fix")
        self.at, self.inside = after, ""
        self.state = "sep" if self._counts(after) else "after"
        return True

    def _may_begin(self) -> bool:
        """Whether a sure quantity begins an item although no verb or separator leads to it."""
        if self.state == "other" and self.at < self.first_cue:
            return False
        return self.manner.cued or self.manner.loose or self.state == "gone"

    def _known(self, name: list[Token]) -> bool:
        return bool(name) and knows(" ".join(token.word for token in name))

    def _vague(self, found: Quantity, name: list[Token]) -> bool:
        if not name and self.state not in ("verb", "fix"):
            return False
        start, end = self.tokens[self.at].start, self.tokens[found.after - 1].end
        self.vague.append(Vague(found.vague or "", start, end, canonical([token.word for token in name] or ["laptop"])))
        self.at, self.state = found.after + len(name), "after"
        return True

    def _number_alone(self, found: Quantity, span: tuple[int, int]) -> bool:
        """A number without a noun corrects the line before, adds to it ('and 2 for Alice'), or waits."""
        if self.state == "fix" and self.lines and self.pending is None:
            self.lines[-1] = replace(self.lines[-1], quantity=found.value, quantity_span=span)
        elif self._adds(found.after):
            self.lines[-1] = replace(self.lines[-1], quantity=(self.lines[-1].quantity or Decimal(1)) + found.value)
        else:
            self.pending = (found.value, span)
        self.at, self.state = found.after, "after"
        return True

    def _adds(self, after: int) -> bool:
        """Whether the phrase after a number is of the kind that the line before has: 'for Bob and 2 for Alice'."""
        return bool(self.inside and self.lines) and self.words[after : after + 1] == [self.inside]

    def _skip_receiver(self) -> None:
        """'get my mum a kettle', 'get our interns 4 chairs', 'the 3 chairs': go to the quantity."""
        after = self.at + 1
        while after < len(self.words) and after <= self.at + 2 and self._is_receiver(after):
            after += 1
        if self.words[self.at] in ("my", "our", "the") and after < len(self.words) and quantity_at(self.words, after):
            self.at = after

    def _is_receiver(self, at: int) -> bool:
        return self.words[at] in RECEIVERS and self.text[self.tokens[at].start].islower()

    def _bare(self) -> bool:
        """A noun phrase without a quantity: after a verb, as a correction, or going on with a list."""
        word = self.words[self.at]
        if self.state not in ("verb", "fix", "sep") or word in _BREAK or word in _NOT_NAMES:
            return False
        if self.inside and not (self.state == "sep" and word in _SIZES):
            return False
        if self.state == "fix" and not self.lines:
            return False
        unit, name, after = self._phrase(self.at)
        if name and (head_of(name[-1].word) in _NO_GOODS or name[0].word in ("one", "ones")):
            return False
        if not name or name[0].word in _NOT_NAMES or name[-1].word in _NOT_NAMES or len(name) >= _LONGEST:
            return False
        if (self.state == "sep" and not self._goes_on(name)) or self._labels(after):
            return False
        if self.state == "fix":
            fixed = self._line(name, None, unit, None)
            self.lines[-1] = replace(self.lines[-1], name=fixed.name, name_span=fixed.name_span)
        elif self._is_shared_adjective() or self._is_shared_head(name):
            self._extend(name)
        else:
            self._take(self._line(name, None, unit, None), replaces=False)
        self.at, self.state = after, "after"
        return True

    def _labels(self, after: int) -> bool:
        """Whether a phrase before a colon only announces a list: 'office supplies: 20 pens', 'restock the lab: ...'."""
        return after < len(self.tokens) - 1 and self.tokens[after].word == ":" and self._counts(after + 1)

    def _goes_on(self, name: list[Token]) -> bool:
        """Whether a bare phrase after a separator is the next item of a list: 'keyboards and mice'."""
        if not self.lines or self.joined not in ("and", "plus", "&", ","):
            return False
        last = self.lines[-1]
        if name[0].word in _SIZES and len(name) > 1:
            return True
        between = self.text[last.name_span[1] : name[0].start]
        if re.fullmatch(r"[\s,&+]*(?:and|plus)?\s*(?:the|my|our|also)?\s*", between) is None:
            return False
        if self._is_shared_adjective() or self._is_shared_head(name):
            return self.joined == "and"
        return is_plural(name[-1].word) or (self.joined == "and" and (last.article or last.quantity is None))

    def _is_shared_adjective(self) -> bool:
        """'2 black and white printers': several of what is not in the plural yet."""
        last = self.lines[-1] if self.lines else None
        if (
            last is None
            or self.state != "sep"
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
        first = domain_of(words[0])
        return first is not None and not lists(" ".join(words)) and first == domain_of(last.name)

    def _extend(self, name: list[Token]) -> None:
        last = self.lines[-1]
        span = (last.name_span[0], name[-1].end)
        self.lines[-1] = replace(last, name=canonical(self.text[slice(*span)].lower().split()), name_span=span)

    def _line(self, name: list[Token], quantity: Decimal | None, unit: Token | None, span: tuple[int, int] | None,
              article: bool = False) -> Line:  # fmt: skip
        words = [token.word for token in name]
        return Line(
            canonical(words),
            quantity,
            unit and unit.word,
            (name[0].start, name[-1].end),
            span,
            unit and (unit.start, unit.end),
            article,
            self.verb,
        )

    def _take(self, line: Line, replaces: bool) -> None:
        if replaces and self.lines and self.pending is None:
            self.lines.pop()
        self.pending = None
        self.lines.append(line)

    def _phrase(self, at: int) -> tuple[Token | None, list[Token], int]:
        """(unit, tokens of the name, index after) of the noun phrase at a token."""
        at = self._after_leading(at)
        unit = self._unit(at)
        if unit:
            at = self._after_leading(at + 1)
        name: list[Token] = []
        while at < len(self.tokens) and self.tokens[at].kind == "word" and len(name) < _LONGEST:
            word = self.words[at]
            if self._names_software(name, at):
                name.append(self.tokens[at])
                at += 1
                continue
            if word in ("and", "plus") or word in _BREAK or (name and self._starts_next(name, at)):
                break
            name.append(self.tokens[at])
            at += 1
        while name and (name[-1].word in _TRAILING or name[-1].word == "of"):
            name.pop()
        return unit, [] if name and name[0].word in _NOT_NAMES and len(name) == 1 else name, at

    def _after_leading(self, at: int) -> int:
        """Skip 'of the', 'more', 'new', and a price that stands before its noun."""
        while at < len(self.tokens):
            token = self.tokens[at]
            following = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "word"
            price = token.kind == "gone" and following and at and self.tokens[at - 1].kind == "word"
            if price and self.words[at + 1] in (*_BREAK, "and"):
                break
            if not price and not (token.kind == "word" and token.word in _LEADING and following):
                break
            at += 1
        return at

    def _unit(self, at: int) -> Token | None:
        """'boxes of', '20 kg (of)': the unit, in the singular."""
        if at + 1 >= len(self.tokens) or not self.words[at]:
            return None
        word, following = singular(self.words[at]), self.words[at + 1]
        if word in _UNITS and following == "of":
            return self.tokens[at]._replace(word=word)
        measured = word in _MEASURES and following and following not in _BREAK | {"and"}
        return self.tokens[at]._replace(word=word) if measured else None

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
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != "word" or self.words[at + 1] in _BREAK:
            return False
        return is_plural(name[-1].word) or (not DIGITS.fullmatch(self.words[at]) and self._known(name))

"""One walk over the words of a sentence: how many, in which unit, of what, and corrections on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from core.composer.offline.kinds import tells_size
from core.composer.offline.lexicon import knows
from core.composer.offline.lines import Line, Vague
from core.composer.offline.nouns import canonical, head_of, is_plural
from core.composer.offline.numbers import Quantity, numbers_in
from core.composer.offline.scan_state import MADE, ScanState, is_no_thing, spells_number
from core.composer.offline.tokens import Token
from core.composer.offline.words import BREAK, COLOURS, LONGEST, NOT_NAMES, SIZES

# Of 'like to reserve', the word that tells the kind of order.
_DEED = re.compile(r"\b(?:book|reserv|schedul|arrang|organi[sz]|hir|rent|buy|order|purchas|subscrib|crav)\w*")


class Scan(ScanState):
    """Walks the tokens of one sentence once and collects its lines."""

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
            said = self.text[token.start : token.end].lower()
            self.verb = found[0] if (found := _DEED.findall(said)) else said.split()[0]
        elif token.kind == "fix":
            self.state, self.inside = "fix", ""
        elif token.kind == "gone" and any(token.start <= line.name_span[0] < token.end for line in self.lines):
            self.state, self.inside = "after", ""
        elif token.kind == "gone":
            self.state = self.state if self.state in ("start", "verb", "fix") or self._goes_on_with_and() else "gone"
            self.inside = ""
        elif token.word in "&+":
            self.at -= 1
            self._separate("and")
        elif token.word not in "\"'*•-" or self.state in ("after", "gone"):
            self.state = (
                "start" if self.state == "start" else "verb" if token.word == ":" and self.state == "verb" else "sep"
            )
            self.inside, self.joined = "", token.word

    def _separate(self, word: str, length: int = 1) -> None:
        self.at += length
        if length > 1:
            self.inside = ""
        self.state, self.joined = ("sep" if self.state != "start" else "start"), word if length == 1 else ","

    def _word(self, token: Token) -> None:
        """A word that begins no item: a joining word opens a phrase that holds none."""
        self.at += 1
        if token.word in (
            "please",
            "pls",
            "kindly",
            "also",
            "just",
            "maybe",
            "then",
            "lastly",
            "finally",
        ) and self.state in ("start", "verb", "sep"):
            return
        if self.state == "verb" and token.word in ("that", "this", "those", "these") and knows(self._run(self.at)):
            return
        if token.word in BREAK:
            self.state, self.inside = "pp", token.word
            self.counted_with = self._counts(self.at)
        elif self.state != "pp":
            self.state = "other"

    def _item(self) -> bool:
        """Read an item at the present word; False where none begins."""
        if self.state == "after" or (self.state == "pp" and not self.manner.loose and not self._follows_inclusion()):
            return False
        if self.state == "verb":
            self._skip_receiver()
        if self.words[self.at] in ("qty", "quantity") and self._counts(self.at + 1):
            self.at += 1
        found = self._quantity(self.at)
        if found is None:
            return self._bare()
        if tells_size(self.words, self.at):
            self.state = "verb" if self.state == "start" else self.state
            return self._bare()
        sure = not found.article and (not found.vague or bool(numbers_in(found.vague)))
        loosely = self.state in ("gone", "other", "pp")
        if loosely and not (sure and self._may_begin()) and not self._follows_inclusion():
            return False
        unit, name, after = self._phrase(found.after)
        while len(name) > 1 and is_plural(name[-2].word) and spells_number(name[-1].word):
            name.pop()
        coloured = bool(name) and all(token.word in COLOURS | SIZES for token in name)
        if name and self.lines and (name[-1].word == "ones" or (coloured and self.words[found.after] == "of")):
            return self._ones(found, name, after)
        if name and self._is_of_next_size(name):
            return self._ones(found, name, after, self.lines[-1].name)
        name = self._with_shared_noun(found, name, after)
        if self._recounts(name, after):
            name = []
        if not self._fits(found, name):
            return False
        if name and (second := self._or_so_many(after)):
            other = self._phrase(second)
            second = other[2] if other[1] else second
            start, end = self.tokens[self.at].start, self.tokens[second - 1].end
            return self._vague(found._replace(vague=self.text[start:end], after=second - len(name)), name, end)
        if found.vague:
            return self._vague(found, name)
        span = (self.tokens[self.at].start, self.tokens[found.after - 1].end)
        if not name:
            return self._number_alone(found, span)
        value, unit = self._pairs(found, name) or (found.value, unit)
        if unit and (more := self._and_part(found.after)):
            value += more
        self._take(self._line(name, value, unit, span, found.article), replaces=self.state == "fix")
        self._go_on(name, after)
        return True

    def _go_on(self, name: list[Token], after: int) -> None:
        """Go behind a name and what only describes it; a number there begins the next item."""
        self.at = self._after_which(name, self._after_dressing(name, after)) if self._in_words(after) else after
        self.described = self.tokens[self.at - 1].end
        self.inside, self.state = "", "sep" if self._counts(self.at) else "after"

    def _ones(self, found: Quantity, name: list[Token], after: int, said: str = "") -> bool:
        """'3 green ones', 'and 6 size XL': of what the line before is about."""
        last = self.lines[-1]
        line = self._line(name, found.value, None, (self.tokens[self.at].start, self.tokens[found.after - 1].end))
        words = [*(token.word for token in name if token.word != "ones"), head_of(last.name)]
        self._take(replace(line, name=said or canonical(words)), replaces=self.state == "fix")
        self.at, self.state = after, "after"
        return True

    def _vague(self, found: Quantity, name: list[Token], end: int = 0) -> bool:
        """Remember a quantity that is no single number; its words end before the name, or at `end`."""
        counts_last = bool(self.lines) and self.lines[-1].quantity is None and self.state in ("sep", "start")
        if not name and self.state not in ("verb", "fix") and not (counts_last and self._of_them(found.after)):
            return False
        start, end = self.tokens[self.at].start, end or self.tokens[found.after - 1].end
        said = canonical([token.word for token in name]) if name else self.lines[-1].name if self.lines else "laptop"
        self.vague.append(Vague(found.vague or "", start, end, said))
        self.at, self.state = found.after + len(name), "after"
        return True

    def _number_alone(self, found: Quantity, span: tuple[int, int]) -> bool:
        """A number without a noun corrects the line before, adds to it ('and 2 for Alice'), or waits."""
        of_them = bool(self.lines) and self._of_them(found.after)
        if of_them and self.lines[-1].quantity is not None:
            self.at, self.state = found.after, "after"
            return True
        if self._shares(found):
            self.split = True
        elif self.lines and (self.state == "fix" or (of_them and self.pending is None)):
            self.pending = None
            self.lines[-1] = replace(self.lines[-1], quantity=found.value, quantity_span=span)
        elif self._adds(found.after):
            self.lines[-1] = replace(self.lines[-1], quantity=(self.lines[-1].quantity or Decimal(1)) + found.value)
        else:
            self.pending = (found.value, span)
        self.at, self.state = found.after, "after"
        return True

    def _skip_receiver(self) -> None:
        """'get my mum a kettle', 'get our interns 4 chairs', 'the 3 chairs': go to the quantity."""
        after = self.at + 1
        while after < len(self.words) and after <= self.at + 2 and self._is_receiver(after):
            after += 1
        after = self._after_those_at_work(after)
        if self._is_name_of_receiver(self.at):
            self.at += 1
            return
        if self.words[self.at] in ("my", "our", "the") and after < len(self.words) and self._quantity(after):
            self.at = after

    def _bare(self) -> bool:
        """A noun phrase without a quantity: after a verb, as a correction, or going on with a list."""
        word = self.words[self.at]
        if self.state not in ("verb", "fix", "sep") or word in BREAK or (word in NOT_NAMES and not self._more()):
            return False
        aside = self.text[: self.tokens[self.at].start].rstrip().endswith(("on the side and", "on the side,"))
        if self.inside and not (self.state == "sep" and (word in SIZES or aside)):
            return False
        if self.state == "fix" and not self.lines:
            return False
        unit, name, after = self._phrase(self.at)
        if (
            not name
            or (self.lines and self.state != "sep" and all(token.word in MADE for token in name))
            or (self.lines and self.state == "verb" and all(token.word in SIZES | {"size"} for token in name))
            or is_no_thing(name)
            or name[0].word in NOT_NAMES
            or name[-1].word in NOT_NAMES
            or self._points_back(name)
            or (name[0].word == "your" and not self._known(name))
            or name[-1].word in ("the", "my", "our", "a")
            or len(name) >= LONGEST
        ):
            return False
        goes_on = self.state != "sep" or self._goes_on(name) or self._is_priced_too(name, after)
        if not goes_on or self._labels(after) or self._tells(name, after):
            return False
        if self.state == "fix":
            fixed = self._line(name, None, unit, None)
            fixed = replace(fixed, name=self._of_sort(name)) if self._is_sort(name) else fixed
            self.lines[-1] = replace(self.lines[-1], name=fixed.name, name_span=fixed.name_span)
        elif counted := self._counted_last(name):
            self._take(counted, replaces=False)
        elif self._is_shared_adjective() or self._is_shared_head(name):
            self._extend(name)
        else:
            self._take(self._line(name, None, unit, None), replaces=False)
            self._go_on(name, after)
            return True
        self.at, self.state = after, "after"
        return True

    def _extend(self, name: list[Token]) -> None:
        last = self.lines[-1]
        span = (last.name_span[0], name[-1].end)
        self.lines[-1] = replace(last, name=canonical(self.text[slice(*span)].lower().split()), name_span=span)

    def _take(self, line: Line, replaces: bool) -> None:
        if replaces and self.lines and self.pending is None:
            self.lines.pop()
        self.pending = None
        self.lines.append(line)

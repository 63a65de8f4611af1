"""The checker: given what each commit wrote, or whole books, it says which invariants do not hold."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from core.audit.accounts import Accounts, RuleBook
from core.audit.family import Family
from core.audit.findings import Findings
from core.audit.story import Map, Story
from core.metrics import RollupRow, Tally, is_kept
from core.models import Plan, Row
from core.services.base import PaymentRule
from core.services.registry import Registry
from core.store.books import Booked, BookedRun, Books, Declined, Posting, Sent
from core.views import AuditView, Violation

FIRST_RULE = PaymentRule(0, 3, 0)
LOOK_EVERY = 2000  # positions between two looks at whether to go on
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)  # what a row of an unknown shape leads to

Watch = Callable[[int, int], bool]


class Change(NamedTuple):
    """What stands at one position: a journal row, or a ledger row that is new or was undone; and its postings."""

    position: int
    row: Row | None = None
    booked: Booked | None = None
    lines: Sequence[Posting] = ()


class Audit:
    """Checks a store commit by commit. `rule`: the payment rule before the first commit."""

    def __init__(self, registry: Registry, rule: PaymentRule = FIRST_RULE) -> None:
        self._registry, self._findings = registry, Findings()
        self._accounts, self._rules = Accounts(self._findings), RuleBook(self._findings, rule)
        self._stories: dict[str, Story] = {}
        self._families: dict[str, Family] = {}
        self._maps: dict[int, Map] = {}  # by the identity of the plan, which the map keeps
        self._tally = Tally()
        self.position = self.rows = self.effects = 0

    @property
    def violations(self) -> Sequence[Violation]:
        """All that was found so far."""
        return self._findings.found

    def commit(
        self,
        *,
        runs: Iterable[BookedRun] = (),
        rows: Iterable[Row] = (),
        ledger: Iterable[Booked] = (),
        postings: Iterable[Posting] = (),
        outbox: Iterable[Sent] = (),
        declines: Iterable[Declined] = (),
    ) -> Sequence[Violation]:
        """Take what one commit wrote; what is wrong after it, at any of its positions.

        ledger: rows that are new (an effect, a void), and rows that became undone, as they stand after the commit.
        """
        before = len(self._findings.found)
        for run in runs:
            self.accept(run)
        for decline in declines:
            self.decline(decline)
        lines: dict[int, list[Posting]] = {}
        outside: dict[int, list[Posting]] = {}
        for line in postings:
            (lines if line.key else outside).setdefault(line.position, []).append(line)
        changes = [Change(row.position, row=row) for row in rows]
        for booked in ledger:
            if booked.position > self.position:
                own = lines.pop(booked.position, ())
                changes.append(Change(booked.position, booked=_as_new(booked), lines=own))
            if booked.undone_position is not None and booked.undone_position > self.position:
                place = booked.undone_position
                changes.append(Change(place, booked=booked, lines=lines.pop(place, ())))
        for change in sorted(changes, key=_position):
            self._pay_in(outside, change.position - 1)
            self.take(change)
        self._pay_in(outside, self.position)
        for found in lines.values():
            self.orphan(found)
        for sent in outbox:
            self.send(sent)
        return self._findings.found[before:]

    def accept(self, run: BookedRun) -> None:
        """A run was accepted; its first row comes after this."""
        family = self._families.get(run.keys)
        if family is None:
            family = self._families[run.keys] = Family(run.keys, self._registry, self._findings)
        family.repairs_open += run.keys != run.id
        self._stories[run.id] = Story(run, self._map(run.plan), family, self._rules, self._findings)

    def decline(self, met: Declined) -> None:
        """A charge was declined."""
        self._rules.decline(met, met.key.partition("/")[0], self.position)

    def take(self, change: Change) -> None:
        """Take what stands at the next position: one committed prefix more."""
        position, row, booked, lines = change
        run = row.run if row else booked.run if booked else ""
        if position != self.position + 1:
            said = f"Position {position} follows {self.position}: a row of journal or ledger is missing or came twice."
            self._findings.add(1, run, position, said)
        self.position = position
        if row is not None:
            self._journal(row)
        if booked is not None:
            self._book(booked, position, lines)

    def pay_in(self, lines: Sequence[Posting]) -> None:
        """Money came from outside a run."""
        self._accounts.take(lines)

    def orphan(self, lines: Sequence[Posting]) -> None:
        """These postings stand at the position of no effect of theirs."""
        line = lines[0]
        self._accounts.take(lines)
        self._findings.add(4, line.run, line.position, f"Money was posted for '{line.key}' without an effect.")

    def send(self, sent: Sent) -> None:
        """A message came into the outbox."""
        family = self._families.get(sent.run)
        if family is None:
            self._findings.add(1, sent.run, self.position, f"The message of '{sent.key}' belongs to no run.")
        else:
            family.send(sent, sent.position or self.position)

    def finish(
        self,
        runs: Iterable[BookedRun],
        wallets: dict[str, tuple[str, int]],
        rule: PaymentRule,
        rollup: Iterable[RollupRow],
        now: float | None = None,
    ) -> Sequence[Violation]:
        """Compare what stands beside journal and ledger with them; what is wrong.

        runs: as they stand now. `now` (Unix seconds): when the rollup was read, None where it is never thinned out.
        """
        before = len(self._findings.found)
        for run in runs:
            self._stories[run.id].close(run, self.position)
        for family in self._families.values():
            family.compare_outbox(self.position)
        self._accounts.compare(wallets, self.position)
        self._rules.compare(rule, self.position)
        self._compare_rollup(rollup, now)
        return self._findings.found[before:]

    def _journal(self, row: Row) -> None:
        self.rows += 1
        story = self._stories.get(row.run)
        if story is None:
            said = "The journal holds a row of a run that was never accepted."
            self._findings.add(1, row.run, row.position, said)
            return
        try:
            story.take(row)
            self._tally.add(row)
        except UNREADABLE as error:
            said = f"Row {row.seq} can't be read by this version ({type(error).__name__}: {error})."
            self._findings.add(9, row.run, row.position, said)
            story.lose()

    def _map(self, plan: Plan | None) -> Map | None:
        """The map of a plan, which many runs share."""
        return None if plan is None else self._maps.get(id(plan)) or self._maps.setdefault(id(plan), Map(plan))

    def _book(self, booked: Booked, position: int, lines: Sequence[Posting]) -> None:
        family = self._families.get(booked.run)
        if lines:
            self._accounts.take(lines)
        if family is None:
            self._findings.add(1, booked.run, position, f"The effect of '{booked.key}' belongs to no run.")
        elif position == booked.undone_position:
            (family.undo if booked.state == "undone" else family.repeat)(booked, lines, position)
        else:
            self.effects += booked.state != "void"
            family.happen(booked, lines)
            self._rules.charge(booked)

    def _pay_in(self, outside: dict[int, list[Posting]], until: int) -> None:
        for position in sorted(place for place in outside if place <= until):
            self.pay_in(outside.pop(position))

    def _compare_rollup(self, rollup: Iterable[RollupRow], now: float | None) -> None:
        stored = {row[:-1]: row.n for row in rollup}
        for row in self._tally.rows():
            n = stored.pop(row[:-1], None)
            gone = n is None and now is not None and not is_kept(row.grain, row.at, row.bin, now)
            if n != row.n and not gone:
                self._miscounted(row, n or 0, row.n)
        for key, n in stored.items():
            self._miscounted(RollupRow(*key, n), n, 0)

    def _miscounted(self, row: RollupRow, stored: int, counted: int) -> None:
        what = " ".join(dict.fromkeys(filter(None, (row.service, row.action, row.result, row.code))))
        where = f"'{what}' of the {row.grain} {row.at}" + (f", latency bin {row.bin}" if row.bin >= 0 else "")
        said = f"The rollup counts {stored} × {where}; the journal holds {counted}."
        self._findings.add(8, "", self.position, said)


def check(
    books: Books,
    registry: Registry,
    rule: PaymentRule = FIRST_RULE,
    now: float | None = None,
    watch: Watch | None = None,
) -> AuditView:
    """Check whole books at every committed prefix. `rule` is the payment rule that they began with.

    `now`: see `Audit.finish`. `watch` is told (position, last position) every now and then, and says whether to go
    on; where it does not, what was found until then is returned as stopped.
    """
    start = time.perf_counter()
    audit = Audit(registry, rule)
    runs = list(books.runs)
    for run in runs:
        audit.accept(run)
    for decline in books.declines:
        audit.decline(decline)
    prefixes, stopped = 0, False
    for lines, change in _in_order(books):
        if change is None:
            (audit.orphan if lines[0].key else audit.pay_in)(lines)
            continue
        audit.take(change)
        prefixes += 1
        if watch and prefixes % LOOK_EVERY == 0 and not watch(change.position, books.position):
            stopped = True
            break
    if not stopped:
        for sent in books.outbox:
            audit.send(sent)
        audit.finish(runs, books.wallets, books.rule, books.rollup, now)
    seconds = time.perf_counter() - start
    return AuditView(len(runs), audit.rows, audit.effects, prefixes, seconds, tuple(audit.violations), stopped)


def _in_order(books: Books) -> Iterator[tuple[Sequence[Posting], Change | None]]:
    """Each position with its own postings; the others come between, without a change."""
    lines = iter(books.postings)
    line = next(lines, None)
    rows = (Change(row.position, row=row) for row in books.journal)
    for change in heapq.merge(rows, _changes(books.ledger), key=_position):
        own: list[Posting] = []
        others: list[Posting] = []
        while line is not None and line.position <= change.position:
            if line.position < change.position:
                others.append(line)
            elif change.booked is not None and line.key == change.booked.key:
                own.append(line)
            else:
                break
            line = next(lines, None)
        yield from _apart(others)
        yield (), change._replace(lines=own)
    if line is not None:
        yield from _apart([line, *lines])


def _changes(ledger: Iterable[Booked]) -> Iterator[Change]:
    """Ledger rows at their positions, and once more at those of their undo."""
    undone: list[tuple[int, str, str, Change]] = []
    for booked in ledger:
        while undone and undone[0][0] < booked.position:
            yield heapq.heappop(undone)[3]
        yield Change(booked.position, booked=_as_new(booked))
        if booked.undone_position is not None:
            place = booked.undone_position
            heapq.heappush(undone, (place, booked.service, booked.key, Change(place, booked=booked)))
    while undone:
        yield heapq.heappop(undone)[3]


def _as_new(booked: Booked) -> Booked:
    """A ledger row as it was before its undo."""
    return booked if booked.undone_position is None else booked._replace(state="done", undone_position=None)


def _apart(lines: Iterable[Posting]) -> Iterator[tuple[Sequence[Posting], None]]:
    """Postings by position and key."""
    for _, group in groupby(lines, key=lambda line: (line.position, line.key)):
        yield tuple(group), None


def _position(change: Change) -> int:
    return change.position

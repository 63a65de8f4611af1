"""Reading the store: for recovery, for pages and the API. Its own read-only connections; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, false, func, or_, select

from core.errors import RunNotFound
from core.metrics import COUNT, RollupRow, Window
from core.models import OUTCOMES, Row
from core.saved import key_of, not_saved
from core.services.faults import Profile
from core.store import schema
from core.store.formats import read_row

runs, journal, ledger, postings = schema.runs, schema.journal, schema.ledger, schema.postings
LIST_COLUMNS = [
    runs.c[name]
    for name in ("id", "title", "text", "status", "channel", "plan_name", "created_at", "ended_at", "parent")
]
LONGEST_SEARCH = 200  # characters that count; SQLite refuses very long patterns
SHORTEST_PREFIX = 4  # characters that can be the start of an id

Mapped = dict[str, Any]  # column -> value


class Queries:
    """All reads. Every method opens and closes a connection of its own, so any thread may call it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _all(self, statement: Any) -> list[Mapped]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def list_runs(self, statuses: Sequence[str] | None, search: str, limit: int) -> list[Mapped]:
        """Runs, newest first: id, title, text, status, channel, plan_name, created_at, ended_at, parent.

        `search` is found in titles and texts, and as an id or its first characters.
        """
        statement = select(*LIST_COLUMNS).order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit)
        if statuses is not None:
            statement = statement.where(runs.c.status.in_(statuses))
        if words := search.strip()[:LONGEST_SEARCH]:
            begins = runs.c.id.istartswith(words, autoescape=True) if len(words) >= SHORTEST_PREFIX else false()
            statement = statement.where(
                or_(
                    runs.c.title.icontains(words, autoescape=True),
                    runs.c.id == words,
                    begins,
                    runs.c.text.icontains(words, autoescape=True),
                )
            )
        return self._all(statement)

    def run(self, id: str) -> Mapped:
        """One row of `runs` with its plan's JSON as `plan_body`. Raises RunNotFound."""
        found = self._all(
            select(runs, schema.plans.c.body.label("plan_body")).join(schema.plans).where(runs.c.id == id)
        )
        if not found:
            raise RunNotFound(id)
        return found[0]

    def repairs(self, id: str) -> list[Mapped]:
        """The repairs of a run, oldest first, as in `list_runs` with plan_body."""
        columns = [*LIST_COLUMNS, schema.plans.c.body.label("plan_body")]
        return self._all(select(*columns).join(schema.plans).where(runs.c.parent == id).order_by(runs.c.created_at))

    def open_runs(self) -> list[Mapped]:
        """Rows of `runs` that have not ended, oldest first, with `plan_body`."""
        return self._all(
            select(runs, schema.plans.c.body.label("plan_body"))
            .join(schema.plans)
            .where(runs.c.status.not_in(OUTCOMES))
            .order_by(runs.c.created_at)
        )

    def journal(self, id: str) -> list[Row]:
        """A run's journal in order."""
        with self._engine.connect() as connection:
            return [
                read_row(*row)
                for row in connection.execute(_journal().where(journal.c.run == id).order_by(journal.c.seq))
            ]

    def last_seq(self, id: str) -> int:
        """The seq of a run's last journal row, 0 where there is none."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.max(journal.c.seq)).where(journal.c.run == id)).scalar() or 0

    def open_journals(self) -> dict[str, list[Row]]:
        """The journals of all open runs."""
        open_ids = select(runs.c.id).where(runs.c.status.not_in(OUTCOMES))
        found: dict[str, list[Row]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(
                _journal().where(journal.c.run.in_(open_ids)).order_by(journal.c.run, journal.c.seq)
            ):
                found.setdefault(row[0], []).append(read_row(*row))
        return found

    def whole_journal(self, chunk: int = 5000) -> Iterator[Row]:
        """Every journal row in commit order, read in chunks."""
        with self._engine.connect().execution_options(yield_per=chunk) as connection:
            for row in connection.execute(_journal().order_by(journal.c.position)):
                yield read_row(*row)

    def ledger(self, keys: str) -> list[Mapped]:
        """The effects of a run, in order. `keys` is the run id that stands in their keys."""
        return self._all(select(ledger).where(ledger.c.run == keys).order_by(ledger.c.position))

    def postings(self, keys: str) -> list[Mapped]:
        """The postings of a run, in order."""
        return self._all(select(postings).where(postings.c.run == keys).order_by(postings.c.id))

    def counts(self) -> dict[str, int]:
        """How many runs have each status."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(runs.c.status, func.count()).group_by(runs.c.status))
            return {row[0]: row[1] for row in rows}

    def wallets(self) -> list[Mapped]:
        """name, currency, minor of every wallet, by name."""
        return self._all(select(schema.wallets).order_by(schema.wallets.c.name))

    def saved_orders(self) -> list[Mapped]:
        """name, at, title, plan of every saved order, newest first."""
        table = schema.saved
        columns = (table.c.name, table.c.at, table.c.title, table.c.plan)
        return self._all(select(*columns).order_by(table.c.at.desc(), table.c.key))

    def saved_order(self, name: str) -> str:
        """The JSON of a saved order. Raises SavedRefused where there is none."""
        table = schema.saved
        found = self._all(select(table.c.body).where(table.c.key == key_of(name)))
        if not found:
            raise not_saved(name)
        body: str = found[0]["body"]
        return body

    def outbox(self, channel: str | None, run: str | None, limit: int) -> list[Mapped]:
        """Messages, newest first."""
        table = schema.outbox
        statement = select(table).order_by(table.c.id.desc()).limit(limit)
        if channel:
            statement = statement.where(table.c.channel == channel)
        if run:
            statement = statement.where(table.c.run == run)
        return self._all(statement)

    def profiles(self) -> dict[int, Profile]:
        """Every saved profile by version."""
        table = schema.profiles
        return {
            row["version"]: Profile.model_validate_json(row["body"])
            for row in self._all(select(table).order_by(table.c.version))
        }

    def rollup(self, windows: Sequence[Window]) -> list[RollupRow]:
        """The rollup rows that these windows read."""
        table = schema.rollup
        reads = [
            part
            for window in windows
            for part in (
                (table.c.grain == window.grain) & (table.c.at >= window.start) & (table.c.bin == COUNT),
                (table.c.grain == window.latency_grain) & (table.c.at >= window.latency_start) & (table.c.bin != COUNT),
            )
        ]
        with self._engine.connect() as connection:
            return [RollupRow(*row) for row in connection.execute(select(table).where(or_(*reads)))]

    def rates(self) -> list[Mapped]:
        """The last good answers of the rate source."""
        return self._all(select(schema.rates))


def _journal() -> Any:
    return select(*[journal.c[name] for name in Row._fields])

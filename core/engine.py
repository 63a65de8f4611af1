"""The engine as pages and the API see it: synchronous, thread-safe, and every answer true of what is on disk."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from core import acceptance, plans
from core.audit import check
from core.audit.checker import Watch
from core.composer.base import Comparison, Composer, Reading
from core.composer.changes import Composed
from core.composer.offline.refining import OfflineRefiner
from core.composer.readings import Readings
from core.composer.refine import Refinement, Refiner
from core.decisions import apply_edit, check_decision
from core.errors import (
    EngineBusy,
    ImportRefused,
    PlanRefused,
    ProfileRefused,
    RequestRefused,
    SagalabError,
    SavedRefused,
    WalletRefused,
)
from core.metrics import UNUSED, ServiceDay, fold, service_days, window_of
from core.models import (
    OUTCOMES,
    Choice,
    ControlName,
    Decision,
    Edit,
    Fact,
    Notice,
    OrderRequest,
    Plan,
    PlanName,
    PlanWish,
    Row,
    visible,
)
from core.money import known
from core.record import Record, parse_orders, parse_plan
from core.repairs import plan_repair
from core.saved import SavedOrder, import_order, import_refused, make_order, read_order, renamed, write_order
from core.services.base import Service
from core.services.faults import Profile, sliders_of
from core.services.rates import RateSource, StoredRates
from core.services.registry import Registry
from core.store import changes
from core.store.books import read_books
from core.store.opening import Opened
from core.store.queries import Queries
from core.store.writer import Writer
from core.summary import summarise
from core.validate import validate_plan
from core.view import build_view, run_row
from core.views import (
    AuditView,
    Health,
    Message,
    Metrics,
    Money,
    QuoteView,
    RateView,
    RunRow,
    RunView,
    SavedView,
    ServiceView,
    Violation,
    WalletView,
)
from core.wallets import paying_wallet
from core.worlds.embedded import Accepted, EmbeddedWorld
from core.worlds.live import LiveRun

log = logging.getLogger(__name__)
MOST_AT_ONCE = 1000


class Engine:
    """One store, the world that drives its runs, and everything that can be asked of them."""

    def __init__(
        self, opened: Opened, registry: Registry, rates: RateSource, composer: Composer, max_open_runs: int
    ) -> None:
        self._opened, self._registry, self._rates, self._readings = opened, registry, rates, Readings(composer)
        self._refiner: Refiner = composer if isinstance(composer, Refiner) else OfflineRefiner()
        self._queries = Queries(opened.reader)
        self._plans: set[str] = set()  # digests that are kept
        self._lock = threading.Lock()
        self._world = EmbeddedWorld(registry, max_open_runs, self._load_open, self._tidy)
        self._writer = Writer(opened.writer, registry, self._world.on_commit, self._world.on_failure)
        try:
            self._job(lambda connection: changes.prepare(connection, time.time()))
            self._profiles = self._queries.profiles()
        except BaseException:
            self._writer.stop()
            raise
        self._world.start(self._writer)

    def stop(self) -> None:
        """Let go of everything; open runs go on at the next start."""
        self._world.stop()
        self._opened.close()

    # Composing

    @property
    def by_model(self) -> bool:
        """Whether sentences are read by a language model, which takes its time."""
        return self._readings.by_model

    def read(self, text: str) -> Reading:
        """Read a sentence with the configured parser; it is asked once. Raises ReadingRefused."""
        return self._readings.read(text)

    def compare(self, text: str) -> Comparison:
        """Read a sentence with both parsers, where both are in use, and say where they differ."""
        return self._readings.compare(text)

    def refine(self, draft: Composed, text: str) -> Refinement:
        """What a text would make of an order that is being written; nothing is changed, and it raises nothing."""
        return self._refiner.refine(draft, text)

    def plan_for(
        self, request: OrderRequest, name: PlanName = "saga", ask: bool = True, wishes: Sequence[PlanWish] = ()
    ) -> Plan:
        """The built-in plan for a request, with what a person wishes of it.

        ask: a person is asked when a critical step fails for good; without it, wishes to be asked change nothing.
        """
        return (plans.saga if name == "saga" else plans.sequence)(request, ask, wishes=wishes)

    def wishes_of(self, plan: Plan) -> tuple[PlanWish, ...]:
        """What a person wished of a built-in plan, such as that of a run."""
        return plans.wishes_of(plan)

    def complete(self, request: OrderRequest) -> OrderRequest:
        """The request as it would be served, defaults filled. Raises RequestRefused."""
        return acceptance.complete(
            OrderRequest.model_validate(request.model_dump(by_alias=True)), self._wallet_currencies()
        )

    def quote(self, request: OrderRequest) -> QuoteView:
        """What an order costs now. Raises RequestRefused."""
        return acceptance.quote(self.complete(request), self._rates)

    # Saved orders

    def save_order(
        self,
        name: str,
        text: str,
        request: OrderRequest,
        plan: PlanName = "saga",
        wishes: Sequence[PlanWish] = (),
        replace: bool = False,
    ) -> SavedOrder:
        """Keep an order under a name, to compose it again as it is now.

        Raises NameTaken, unless it may replace the other; SavedRefused for a bad name, or where there are too many;
        RequestRefused and PlanRefused for an order that could not run even if its wallet were there.
        """
        order = make_order(name=name, text=text, request=request, plan=plan, wishes=tuple(wishes))
        self._check_saved(order)
        self._keep_order(order, replace)
        return order

    def saved_orders(self) -> tuple[SavedView, ...]:
        """Every saved order, newest first."""
        return tuple(SavedView(**row) for row in self._queries.saved_orders())

    def saved_order(self, name: str) -> SavedOrder:
        """One of them. Raises SavedRefused where there is none."""
        try:
            return read_order(self._queries.saved_order(name))
        except ImportRefused as error:
            raise SavedRefused(name, f"'{name}' was saved by another version. {'; '.join(error.faults)}.") from error

    def delete_saved(self, name: str) -> None:
        """Forget a saved order. Raises SavedRefused where there is none."""
        self._job(lambda connection: changes.delete_order(connection, name))

    def export_saved(self, name: str) -> str:
        """A saved order as a JSON file, contact data and all. Raises SavedRefused where there is none."""
        return write_order(self.saved_order(name))

    def import_saved(self, data: str | bytes, name: str = "", replace: bool = False) -> SavedOrder:
        """Keep the order of a file that was exported, under its own name or another.

        Raises ImportRefused with the path of each fault; NameTaken and SavedRefused as `save_order` does.
        """
        order = import_order(data)
        try:
            self._check_saved(order)
        except RequestRefused as refused:
            raise import_refused([f"request.{refused.field}: {refused}"]) from refused
        except PlanRefused as refused:
            raise import_refused([f"wishes: {refused}"]) from refused
        order = renamed(order, name) if name.strip() else order
        self._keep_order(order, replace)
        return order

    def _check_saved(self, order: SavedOrder) -> None:
        """Whether it could run here, if its wallet were there."""
        request = order.request
        wallets = self._wallet_currencies() | ({request.wallet: request.pay_currency} if request.wallet else {})
        served = acceptance.complete(request, wallets)
        acceptance.quote(served, self._rates)
        validate_plan(self.plan_for(served, order.plan, wishes=order.wishes), self._registry, served)

    def _keep_order(self, order: SavedOrder, replace: bool) -> None:
        self._job(lambda connection: changes.save_order(connection, order, time.time(), replace))

    # Running

    def start(self, request: OrderRequest, plan: Plan | None = None, text: str = "") -> str:
        """Start a run; it is durable when its id is returned. Raises RequestRefused, PlanRefused, EngineBusy."""
        return self._start(request, 1, plan, text, ask=True)[0]

    def start_many(self, request: OrderRequest, n: int, plan: Plan | None = None, text: str = "") -> list[str]:
        """Start up to 1,000 runs that ask nobody. Raises RequestRefused, PlanRefused, EngineBusy."""
        if not 1 <= n <= MOST_AT_ONCE:
            raise RequestRefused("n", f"{n} runs can't be started together; choose 1 to {MOST_AT_ONCE:,}.")
        return self._start(request, n, plan, text, ask=False)

    def _start(self, request: OrderRequest, n: int, plan: Plan | None, text: str, ask: bool) -> list[str]:
        request = self.complete(request)
        text = acceptance.check_text(text)
        acceptance.quote(request, self._rates)
        plan = Plan.model_validate(plan.model_dump()) if plan else self.plan_for(request, ask=ask)
        validate_plan(plan, self._registry, request)
        return self._accept(plan, request, n, text)

    def _accept(
        self, plan: Plan, request: OrderRequest, n: int, text: str, parent: str | None = None, keys: str | None = None
    ) -> list[str]:
        profile, digest = self.profile(), self._keep_plan(plan)
        requests = to_json([request.model_dump(mode="json", by_alias=True, exclude_defaults=True)]).decode()
        accepted = []
        for _ in range(n):
            id, now, seed = new_id(), self._world.now(), int.from_bytes(os.urandom(8))
            run = LiveRun(id, keys or id, plan, [request], profile, seed, now)
            opening = (
                id,
                run.run,
                parent,
                digest,
                plan.name,
                profile.version,
                f"{seed:016x}",
                requests,
                request.title()[:400],
                text,
                request.channel,
                "running",
                None,
                now,
                None,
            )
            accepted.append(Accepted(run, opening))
        self._world.accept(accepted)
        return [one.run.id for one in accepted]

    def _keep_plan(self, plan: Plan) -> str:
        body = plan.model_dump_json(exclude_defaults=True)
        digest = blake2b(body.encode(), digest_size=16).hexdigest()
        if digest not in self._plans:
            self._job(lambda connection: changes.keep_plan(connection, digest, body))
            self._plans.add(digest)
        return digest

    def repair(self, id: str, step: str) -> str:
        """Try a step again that failed behind the pivot; the id of the repair. Raises DecisionRefused."""
        record = self._record(id)
        with self._lock:
            repairs = [Record(row, self._queries.journal(row["id"])) for row in self._queries.repairs(id)]
            plan = plan_repair(record, step, repairs)
            return self._accept(plan, record.orders[-1], 1, f"Repair of {id}", parent=id, keys=record.row["keys"])[0]

    # Deciding

    def decide(
        self, id: str, step: str, visit: int, choice: Choice, notice: Notice | None = None, edit: Edit | None = None
    ) -> None:
        """Decide about the open question of a run; with the fault profile active now.

        Raises DecisionRefused where it is no longer open or the choice does not fit, RequestRefused for a bad edit.
        """
        record = self._record(id)
        view = self._view(record)
        check_decision(id, view.question, view.choices, step, visit, choice)
        edited, requests, facts = None, None, dict[str, Fact]()
        if choice == "edit":
            edited, facts = self._edit(record, edit or Edit(), "items" in view.editable, view.money.kept.minor > 0)
            requests = to_json(
                [
                    *from_json(record.row["requests"]),
                    edited.model_dump(mode="json", by_alias=True, exclude_defaults=True),
                ]
            ).decode()
        profile = self.profile()
        decision = Decision(step, visit, choice, tuple(facts.items()), notice, profile.version)
        self._world.decide(id, decision, profile, edited, requests)

    def _edit(self, record: Record, edit: Edit, untouched: bool, paid: bool) -> tuple[OrderRequest, dict[str, Fact]]:
        order = record.orders[-1]
        edit = Edit.model_validate(edit.model_dump())
        if edit.wallet:
            named = paying_wallet(edit.wallet, self._wallet_currencies(), order.pay_currency)
            edit = edit.model_copy(update={"wallet": named})
        edited, facts = apply_edit(record.row["id"], order, edit, len(record.orders) + 1, untouched, paid)
        if "order" in facts:
            acceptance.quote(edited, self._rates)
        return edited, facts

    def control(self, id: str, name: ControlName) -> None:
        """Pause, resume, cancel, or retry now ('hurry'). Raises DecisionRefused with the reason, RunNotFound."""
        self._queries.run(id)
        self._world.steer(id, name)

    # Looking

    def wait(self, id: str, seq: int, timeout_s: float) -> int:
        """Block until the run's committed seq is past `seq`, it is not driven any more, or time is up; the seq."""
        known = self._world.wait(id, seq, timeout_s)
        return self._queries.last_seq(id) if known is None else known

    def runs(self, status: Sequence[str] | None = None, search: str = "", limit: int = 50) -> list[RunRow]:
        """Runs, newest first."""
        return [run_row(row) for row in self._queries.list_runs(status, search, limit)]

    def run(self, id: str) -> RunView:
        """One run, whole. Raises RunNotFound."""
        return self._view(self._record(id))

    def _record(self, id: str) -> Record:
        """Read again where the run's row changed meanwhile: its status and its journal are of one moment."""
        before: dict[str, Any] = {}
        row = self._queries.run(id)
        while row != before:
            before = row
            rows, flying = self._queries.journal(id), self._world.in_flight(id)
            ledger, postings = self._queries.ledger(row["keys"]), self._queries.postings(row["keys"])
            row = self._queries.run(id)
        return Record(row, rows, flying, ledger, postings)

    def _view(self, record: Record) -> RunView:
        view = build_view(record, self._registry, self._queries.repairs(record.row["id"]))
        return view if view.row.status in ("running", "paused") else view.summed(summarise(view, self._registry))

    def outbox(self, channel: str | None = None, limit: int = 50, run: str | None = None) -> list[Message]:
        """What customers and the call centre were sent, newest first."""
        return [
            Message(
                row["key"],
                row["channel"],
                row["kind"],
                row["recipient"],
                row["subject"],
                row["body"],
                row["run"],
                row["at"],
            )
            for row in self._queries.outbox(channel, run, limit)
        ]

    def metrics(self, window_h: int) -> Metrics:
        """The last hours of the rollup; errors in words."""
        now = time.time()
        found = fold(self._queries.rollup([window_of(window_h, now)]), window_h, now)
        reasons = [(service, self._registry.reason(service, code), n) for service, code, n in found.errors]
        return replace(found, errors=tuple(reasons))

    def services(self) -> list[ServiceView]:
        """The registry, with the last 24 hours of each service."""
        now, profile = time.time(), self.profile()
        days = service_days(self._queries.rollup([window_of(24, now), window_of(1, now)]), now)
        return [
            service_view(service, profile, days.get(service.name), self._registry)
            for service in self._registry.services.values()
        ]

    def audit(self, watch: Watch | None = None) -> AuditView:
        """Check everything that must always hold, over the whole store as it stands now; some seconds for 10,000 runs.

        `watch` is told (position, last position) every now and then, and says whether to go on.
        """
        with self._opened.reader.connect() as connection:
            found = check(read_books(connection), self._registry, now=time.time(), watch=watch)
        lost = [
            Violation(1, id, 0, "The run has not ended, but nobody drives it: it would stay as it is for ever.")
            for id in self._undriven()
        ]
        return replace(found, violations=(*found.violations, *lost))

    def _undriven(self) -> list[str]:
        """Open runs that were there before the world was looked at, are not driven, and are open still."""
        before = {row["id"] for row in self._queries.open_runs() if not row["code"]}
        left = {id for id in before if id not in self._world.runs}
        if not left or self._world.halted:
            return []
        return [row["id"] for row in self._queries.open_runs() if row["id"] in left and not row["code"]]

    def health(self) -> Health:
        """Whether runs are accepted, and what waits for a person."""
        counts = self._queries.counts()
        open_runs = sum(n for status, n in counts.items() if status not in OUTCOMES)
        return Health(
            not self._world.halted,
            self._world.halted,
            open_runs,
            counts.get("needs_attention", 0),
            counts.get("compensation_stuck", 0),
            self._opened.path,
        )

    # Profiles, wallets, rates

    def profile(self) -> Profile:
        """The active fault profile: what the next start or retry uses."""
        return self._profiles[len(self._profiles)]

    def save_profile(self, profile: Profile) -> Profile:
        """Save a profile as the next version. Raises ProfileRefused."""
        try:
            checked = Profile.model_validate(profile.model_dump())
        except ValidationError as error:
            raise ProfileRefused(str(error.errors()[0]["loc"]), error.errors()[0]["msg"]) from error
        with self._lock:
            saved: Profile = self._job(lambda connection: changes.save_profile(connection, checked, time.time()))
            self._profiles[saved.version] = saved
        return saved

    def wallets(self) -> list[WalletView]:
        """Every wallet, by name."""
        return [WalletView(row["name"], Money(row["minor"], row["currency"])) for row in self._queries.wallets()]

    def top_up(self, name: str, minor: int) -> None:
        """Pay into a wallet from outside. Raises WalletRefused."""
        self._job(lambda connection: changes.top_up(connection, name, minor))

    def add_wallet(self, name: str, currency: str, minor: int) -> None:
        """Open a wallet. Raises WalletRefused."""
        name = visible(name).strip()
        if not re.fullmatch(r"[\w][\w .\-]{0,39}", name):
            raise WalletRefused(name, "Name the wallet with 1 to 40 letters, digits, spaces, dots or dashes.")
        if not known(currency):
            raise WalletRefused(
                name, f"'{currency}' is not a currency that a wallet can hold. Use an ISO code such as USD or EUR."
            )
        if not 0 <= minor <= changes.LARGEST_MINOR:
            raise WalletRefused(name, "Open the wallet with an amount of 0 or more.")
        self._job(lambda connection: changes.add_wallet(connection, name, currency, minor))

    def rate_status(self, base: str = "USD", currency: str = "EUR") -> RateView:
        """The newest rate held; no I/O. Raises RequestRefused."""
        return self._rates.held(base, currency).view()

    def check_rates(self, base: str = "USD", currency: str = "EUR") -> RateView:
        """Ask the live source now, at most 5 s; what is held afterwards. Raises RequestRefused."""
        return self._rates.live(base, currency).view()

    def keep_rates(self, stored: StoredRates) -> None:
        """Keep the last good answer of the live source over restarts."""
        self._job(lambda connection: changes.save_rates(connection, stored))

    # Inside

    def _wallet_currencies(self) -> dict[str, str]:
        return {row["name"]: row["currency"] for row in self._queries.wallets()}

    def _job(self, job: Callable[[Connection], Any]) -> Any:
        """Have a job done by the writer. Raises EngineBusy where the store can't be written."""
        if self._world.halted:
            raise EngineBusy(self._world.halted)
        try:
            return self._writer.call(job).result()
        except Exception as error:
            if not self._writer.is_of_store(error):
                raise
            self._world.halt(error)
            raise EngineBusy(
                f"The store can't be written now ({getattr(error, 'orig', None) or error}). Nothing was changed; "
                "try again when the disk has room and the file can be written."
            ) from error

    def _tidy(self) -> None:
        """Hourly upkeep; nobody waits for it."""
        self._writer.call(lambda connection: changes.prune_rollup(connection, time.time()))

    def _load_open(self) -> Iterator[tuple[LiveRun, list[Row]]]:
        """The open runs with their journals, each with the profile of its last decision."""
        journals = self._queries.open_journals()
        for row in self._queries.open_runs():
            rows = journals.get(row["id"], [])
            version = next(
                (entry.body["profile"] for entry in reversed(rows) if entry.kind == "decision"), row["profile"]
            )
            try:
                plan, orders = parse_plan(row["plan_body"]), parse_orders(row["requests"])
            except SagalabError as error:
                log.error("run %s is left alone: %s", row["id"], error)
                continue
            run = LiveRun(
                row["id"],
                row["keys"],
                plan,
                orders,
                self._profiles[version],
                int(row["fault_seed"], 16),
                row["created_at"],
            )
            run.written_status = "" if row["code"] else row["status"]  # what parked it may be gone: write it anew
            yield run, rows


def new_id() -> str:
    """A run's id: sorts by the millisecond of its start, and can't be guessed from it."""
    return f"r_{time.time_ns() // 1_000_000:011x}{os.urandom(4).hex()}"


def service_view(service: Service, profile: Profile, day: ServiceDay | None, registry: Registry) -> ServiceView:
    """A service of the registry with its last 24 hours."""
    sliders, _ = sliders_of(profile)
    day = day or UNUSED
    return ServiceView(
        service.name,
        service.title,
        (*service.actions, *service.undos),
        sliders[service.name],
        day.health,
        day.calls,
        day.failed,
        day.p95_ms,
        registry.reason(service.name, day.last_error) if day.last_error else None,
        day.refused,
    )

"""The composition root: puts an engine together, and keeps the one of this process."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from core.composer.base import Composer
from core.composer.parsers import make_parser
from core.engine import Engine
from core.errors import SagalabError
from core.services.rates import RateSource, StoredRates
from core.services.registry import Registry, default_registry
from core.settings import Settings, read_settings
from core.store.opening import Opened, open_store
from core.store.queries import Queries

log = logging.getLogger(__name__)
HOLDER = "_sagalab_engine"


def build_engine(
    settings: Settings | None = None,
    *,
    rates: RateSource | None = None,
    registry: Registry | None = None,
    composer: Composer | None = None,
) -> Engine:
    """An engine on the store that the settings name; any part may be given. Raises StoreError, SettingsRefused."""
    settings = settings or read_settings()
    composer = composer or make_parser(settings.parser, os.environ)
    opened = open_store(settings.database_url)
    try:
        keepers: list[Engine] = []
        rates = rates or stored_rates(opened, settings.live_rates, keepers)
        engine = Engine(opened, registry or default_registry(rates), rates, composer, settings.max_open_runs)
        keepers.append(engine)
        return engine
    except BaseException:
        opened.close()
        raise


def stored_rates(opened: Opened, live: bool, keepers: Sequence[Engine]) -> RateSource:
    """A rate source whose last good answers the engine keeps in the store, once it is there."""

    def load() -> Iterator[StoredRates]:
        for row in Queries(opened.reader).rates():
            yield StoredRates(row["base"], row["date"], row["fetched_at"], json.loads(row["body"]))

    def save(stored: StoredRates) -> None:
        for engine in keepers:
            engine.keep_rates(stored)

    return RateSource(live=live, load=load, save=save)


def calm_garbage_collection() -> None:
    """Collect cycles less often: the objects of many open runs made every collection long (a third of the CPU time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


# The engine of this process lives in a module without a file: a reload of the project's sources can't split it.


def _holder() -> Any:
    return sys.modules.setdefault(HOLDER, ModuleType(HOLDER))


def adopt(engine: Engine | None, error: SagalabError | None = None) -> None:
    """Make this the engine of the process; None with the error that kept it from starting."""
    holder = _holder()
    holder.engine, holder.error = engine, error


def current_engine() -> Engine:
    """The engine of this process. Raises the SagalabError that kept it from starting."""
    holder = _holder()
    engine: Engine | None = getattr(holder, "engine", None)
    if engine is not None:
        return engine
    raise getattr(holder, "error", None) or SagalabError(
        "The engine is not running. Start Sagalab with: streamlit run app.py"
    )


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[dict[str, object]]:
    """Start and stop the engine with the server; the pages show what keeps it from starting."""
    engine = None
    try:
        engine = build_engine()
        calm_garbage_collection()
        adopt(engine)
    except SagalabError as error:
        log.error("%s", error)
        adopt(None, error)
    try:
        yield {}
    finally:
        adopt(None)
        if engine:
            engine.stop()

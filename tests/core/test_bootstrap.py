"""The composition root: what an engine is built from, the one of this process, and a reload of the sources."""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import bootstrap
from core.bootstrap import HOLDER, adopt, build_engine, current_engine, lifespan
from core.composer.base import Reading
from core.errors import SagalabError, SettingsRefused, StoreLocked
from core.services.rates import RateSource, StoredRates
from core.services.registry import default_registry
from core.settings import Settings
from tests.core.composer.chat import Chat, order, says
from tests.core.scenes import BOOK, REFUSED, Lab, laptops


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab(tmp_path) as found:
        yield found


@pytest.fixture(autouse=True)
def _nobodys_engine() -> Iterator[None]:
    """No test leaves its engine, or its garbage collection, to the next."""
    thresholds = gc.get_threshold()
    sys.modules.pop(HOLDER, None)
    yield
    sys.modules.pop(HOLDER, None)
    gc.unfreeze()
    gc.set_threshold(*thresholds)


# Building


def test_an_engine_needs_a_store_and_makes_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "new" / "store.db"
    engine = build_engine(Settings(database_url=f"sqlite:///{file.as_posix()}", live_rates=False))
    try:
        assert file.exists()
        assert [wallet.name for wallet in engine.wallets()] == ["small", "team"]
        assert engine.profile().name == "the seed's rates"
        assert len(engine.services()) == 7
        assert engine.read("2 laptops for the office").request.items[0].name.startswith("laptop")
    finally:
        engine.stop()


class Echo:
    """Reads every sentence as the same order."""

    def read(self, text: str) -> Reading:
        return Reading(text, laptops(), (), (), "echo")


def test_any_part_may_be_given(tmp_path: Path) -> None:
    def fetch(url: str, timeout_s: float) -> bytes:
        raise OSError("no network here")

    rates = RateSource(live=True, fetch=fetch)
    registry = default_registry(rates)
    del registry.services["sms_notification"]
    with Lab(tmp_path, parts={"rates": rates, "registry": registry, "composer": Echo()}) as lab:
        assert lab.engine.read("anything").parser == "echo"
        assert len(lab.engine.services()) == 6
        assert lab.engine.check_rates("USD", "EUR").source == "fallback_rates"
        assert rates.last_error is not None


@pytest.fixture
def chat() -> Iterator[Chat]:
    server = Chat()
    server.answers = [says(order(("laptop", 3)))]
    yield server
    server.stop()


def test_the_parser_of_the_settings_reads_and_is_asked_once(
    tmp_path: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_BASE_URL", f"{chat.url}/v1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Lab(tmp_path, parser="groq") as lab:
        found = lab.engine.compare("Order 2 laptops")
        assert lab.engine.read("Order 2 laptops") is found.groq
    assert [(one.field, one.offline, one.groq) for one in found.differences if one.field != "domain"] == [
        ("items.0.quantity", 2, 3)
    ]
    assert len(chat.asked) == 1


def test_a_parser_that_can_not_be_made_leaves_the_store_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GROQ_API_KEY", "GROQ_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "s.db"
    with pytest.raises(SettingsRefused, match="SAGALAB_PARSER=offline"):
        build_engine(Settings(database_url=f"sqlite:///{file.as_posix()}", live_rates=False, parser="groq"))
    assert not file.exists()


def test_without_live_rates_nothing_outside_is_asked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("requests.get", refuse)
    assert lab.engine.check_rates("USD", "EUR").source == "fallback_rates"
    assert lab.run(laptops(convert_to="EUR")).row.status == "confirmed"


def test_the_last_good_rates_are_kept_over_a_restart(lab: Lab) -> None:
    today = time.strftime("%Y-%m-%d", time.gmtime())
    lab.engine.keep_rates(StoredRates("USD", today, time.time(), {"EUR": "0.5"}))
    lab.reopen()
    found = lab.engine.rate_status("USD", "EUR")
    assert (found.rate, found.source, found.date) == ("0.5", "cached_rates", today)


def test_a_second_engine_on_the_same_store_is_refused_and_the_first_goes_on(lab: Lab) -> None:
    with pytest.raises(StoreLocked, match="is in use by process"):
        build_engine(Settings(database_url=f"sqlite:///{lab.path.as_posix()}", live_rates=False))
    assert lab.run().row.status == "confirmed"


def test_an_engine_that_could_not_be_built_lets_the_store_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise SagalabError("no engine today")

    settings = Settings(database_url=f"sqlite:///{(tmp_path / 's.db').as_posix()}", live_rates=False)
    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "Engine", fail)
        with pytest.raises(SagalabError, match="no engine today"):
            build_engine(settings)
    build_engine(settings).stop()


def test_a_store_that_can_be_no_store_is_refused() -> None:
    for url in ("sqlite:///:memory:", "nonsense://x"):
        with pytest.raises(SettingsRefused):
            build_engine(Settings(database_url=url, live_rates=False))


# The engine of this process


def test_without_an_engine_the_sentence_says_how_to_start_one() -> None:
    with pytest.raises(SagalabError, match=r"streamlit run app\.py"):
        current_engine()


def test_the_adopted_engine_is_everybodys(lab: Lab) -> None:
    adopt(lab.engine)
    assert current_engine() is lab.engine
    adopt(None)
    with pytest.raises(SagalabError):
        current_engine()


def test_what_kept_the_engine_from_starting_is_raised_to_everybody() -> None:
    error = StoreLocked("s.db", "The store s.db is in use by process 7.")
    adopt(None, error)
    for _ in range(2):
        with pytest.raises(StoreLocked) as raised:
            current_engine()
        assert raised.value is error


def settings_of(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("SAGALAB_DATABASE_URL", f"sqlite:///{path.as_posix()}")
    monkeypatch.setenv("SAGALAB_LIVE_RATES", "0")


def test_the_engine_lives_as_long_as_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_of(monkeypatch, tmp_path / "s.db")

    async def serve() -> str:
        async with lifespan(None):
            return current_engine().start(laptops())

    id = asyncio.run(serve())
    with pytest.raises(SagalabError, match="not running"):
        current_engine()
    engine = build_engine()  # the store was let go
    try:
        assert [row.id for row in engine.runs()] == [id]
    finally:
        engine.stop()


def test_the_server_starts_though_the_engine_does_not(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_of(monkeypatch, lab.path)

    async def serve() -> None:
        async with lifespan(None):
            with pytest.raises(StoreLocked):
                current_engine()

    asyncio.run(serve())
    assert lab.run().row.status == "confirmed"


def test_a_bad_setting_is_told_on_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGALAB_MAX_OPEN_RUNS", "many")

    async def serve() -> None:
        async with lifespan(None):
            with pytest.raises(SettingsRefused, match="SAGALAB_MAX_OPEN_RUNS must be"):
                current_engine()

    asyncio.run(serve())


# A reload of the sources


@pytest.fixture
def reloaded() -> Iterator[None]:
    """Core's modules are evicted, as Streamlit does when a source changes, and put back after the test."""
    held = {name: module for name, module in sys.modules.items() if name == "core" or name.startswith("core.")}
    for name in held:
        del sys.modules[name]
    yield
    for name in [name for name in sys.modules if name == "core" or name.startswith("core.")]:
        del sys.modules[name]
    sys.modules.update(held)


@pytest.fixture
def adopted(lab: Lab) -> Lab:
    adopt(lab.engine)
    return lab


def test_a_reload_keeps_the_engine_and_takes_orders_of_the_new_classes(adopted: Lab, reloaded: None) -> None:
    fresh, models = importlib.import_module("core.bootstrap"), importlib.import_module("core.models")
    engine = fresh.current_engine()
    assert engine is adopted.engine
    assert fresh.Engine is not type(engine)
    wish = models.Condition(event="shipping_failed", then="call")
    order = models.OrderRequest(
        items=(models.Item(name="laptop", unit_price=900),), convert_to="EUR", conditions=(wish,)
    )
    assert engine.quote(order).offers[0].price.minor == 90_000
    id = engine.start(order, engine.plan_for(order))
    assert adopted.settled(id).row.status == "confirmed"


def test_a_reload_keeps_edits_profiles_and_plans_working(adopted: Lab, reloaded: None) -> None:
    models, faults = importlib.import_module("core.models"), importlib.import_module("core.services.faults")
    plans = importlib.import_module("core.plans")
    engine = adopted.engine
    engine.save_profile(faults.Profile(rates={BOOK: faults.Rates(refused=1)}, latency_ms=0, payment_rule=False))
    order = models.OrderRequest(items=(models.Item(name="laptop", unit_price=900),))
    plan = plans.saga(order, True, models.RetryPolicy(attempts=1))
    view = adopted.settled(engine.start(engine.complete(order), plan))
    assert view.question is not None and view.question.step == "book"
    engine.save_profile(faults.Profile(latency_ms=0, payment_rule=False))
    engine.decide(view.row.id, "book", 1, "edit", edit=models.Edit(customer_email="new@keller.example"))
    assert adopted.settled(view.row.id).row.status == "confirmed"
    assert engine.outbox("email")[0].recipient == "new@keller.example"


def test_a_run_that_is_under_way_survives_a_reload(lab: Lab, request: pytest.FixtureRequest) -> None:
    lab.faults({BOOK: REFUSED})
    view = lab.run()
    request.getfixturevalue("reloaded")
    importlib.import_module("core.bootstrap")
    lab.faults()
    assert lab.decide(view, "retry").row.status == "confirmed"

"""One order served again and again in memory, where only the outcome counts or the whole journal does."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, NoReturn

from core.interpreter import interpret
from core.models import Call, Control, OrderRequest, Plan, Question, Reply
from core.services.base import PaymentRule
from core.services.effects import is_pure
from core.services.faults import Profile
from core.services.registry import Registry
from core.store.changes import FIRST_RULE
from core.store.unit import Effect
from core.worlds.fate import fate_of
from core.worlds.memory import Memory, MemoryStore, first_wallets
from core.worlds.simulated import START, SimulatedWorld

RUN = "r"
UNTOUCHED = Control()


class Orders:
    """The same order, plan and profile, each time over a store of its own with the same beginnings.

    wallets: name -> currency, minor units. rule: the payment rule's state that each order meets.
    """

    def __init__(
        self,
        registry: Registry,
        plan: Plan,
        request: OrderRequest,
        profile: Profile,
        wallets: Mapping[str, tuple[str, int]] | None = None,
        rule: PaymentRule = FIRST_RULE,
    ) -> None:
        self._registry, self._plan, self._request, self._rule = registry, plan, request, rule
        self._profile = profile.model_copy(update={"version": 1})
        self._wallets = first_wallets() if wallets is None else dict(wallets)
        self._memory = Memory()
        self._timeless = is_timeless(request, profile)

    def outcome(self, fault_seed: int) -> str:
        """The outcome of one order, or the status in which it waits for a person; with nothing journalled."""
        if not self._timeless:
            return self.journalled(fault_seed).status(RUN)
        world = OutcomesOnly(self._store(), self._profile, (self._request,), fault_seed)
        try:
            interpret(self._plan, self._request, world).send(None)
        except StopIteration as stop:
            outcome: str = stop.value
            return outcome
        except _Parked as parked:
            return parked.status
        raise RuntimeError("the interpreter waits for something that never comes")

    def journalled(self, fault_seed: int) -> SimulatedWorld:
        """The world in which one order went as far as it goes without a person; its run is 'r'."""
        world = SimulatedWorld(self._store(), self._profile)
        world.start(RUN, self._plan, self._request, fault_seed)
        world.go()
        return world

    def _store(self) -> MemoryStore:
        return MemoryStore(self._registry, self._wallets, self._rule, self._memory)


def is_timeless(request: OrderRequest, profile: Profile) -> bool:
    """Whether no outcome can depend on when something happens: nothing is slow or down, and no day was asked for."""
    return not profile.down_until and request.date is None and not any(rates.slow for rates in profile.rates.values())


class _Parked(Exception):
    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class OutcomesOnly:
    """A world in which everything is answered at once, so nothing ever waits; a question ends the run's way.

    Where nothing depends on time the outcome is that of the simulated world under the same seed.
    """

    run = RUN

    def __init__(self, store: MemoryStore, profile: Profile, orders: tuple[OrderRequest, ...], fault_seed: int) -> None:
        self._store, self._profile, self._orders, self._seed = store, profile, orders, fault_seed

    def control(self) -> Control:
        """Nobody asks anything."""
        return UNTOUCHED

    def emit(self, kind: str, **body: Any) -> None:
        """Nothing is journalled."""

    async def together(self, coroutines: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
        """One after another, which comes to the same."""
        return [await one for one in coroutines]

    async def ask(self, question: Question) -> NoReturn:
        """Nobody decides."""
        raise _Parked(question.status)

    async def sleep(self, seconds: float) -> float:
        """No time passes."""
        return 0.0

    async def attempt(self, call: Call) -> Reply:
        """One try, under the draws of the fault seed."""
        pure = is_pure(self._store.registry, call)
        fate = fate_of(self._profile, self._seed, call, START, pure)
        if fate.code:
            return Reply(fate.code)
        if pure:
            return self._store.answer(call, self._orders) if fate.happens else Reply("timeout")
        if not fate.happens:
            return Reply("timeout", unknown=True)
        reply = self._store.apply(
            Effect(call, self._store.prepare(call), self._orders, self._profile.payment_rule, fate.refusal, START)
        )
        return reply if fate.heard else Reply("timeout", unknown=True)

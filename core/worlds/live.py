"""One open run in the embedded world."""

from __future__ import annotations

from asyncio import TimerHandle
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future

from core.interpreter import interpret
from core.models import Call, OrderRequest, Plan, Reply, Row
from core.services.faults import Profile
from core.store.unit import Effect
from core.worlds.driver import Driver


class LiveRun(Driver):
    """A run that is driven now. `id` names its journal; `run`, in keys, is another's id for a repair."""

    __slots__ = (
        *("id", "plan", "orders", "profile", "fault_seed", "skew_s", "inbox", "effects", "late", "timer", "timer_due"),
        *("committed_seq", "written_status", "waiters", "dead"),
    )

    def __init__(
        self,
        id: str,
        keys: str,
        plan: Plan,
        orders: Sequence[OrderRequest],
        profile: Profile,
        fault_seed: int,
        created_at: float,
    ) -> None:
        super().__init__(keys, created_at)
        self.id, self.plan, self.orders, self.profile, self.fault_seed = id, plan, tuple(orders), profile, fault_seed
        self.skew_s = 0.0  # by how much the clock stood behind the journal's last stamp at recovery
        self.inbox: deque[tuple[Call, Reply]] = deque()
        self.effects: list[Effect] = []
        self.late: set[Call] = set()  # attempts whose answer nobody waits for
        self.timer: TimerHandle | None = None
        self.timer_due: float | None = None
        self.committed_seq = 0
        self.written_status = "running"
        self.waiters: list[tuple[int, Future[None]]] = []  # seq that must be committed
        self.dead = False  # dropped by this process; the journal is the truth

    def launch(self) -> None:
        """Start a new run."""
        self.begin(interpret(self.plan, self.orders[0], self))

    def recover(self, rows: Sequence[Row], now: float) -> None:
        """Come to where the journal ends. Raises Diverged."""
        self.replay(interpret(self.plan, self.orders[0], self), rows)
        self.committed_seq = rows[-1].seq if rows else 0
        self.skew_s = max(self.now - now, 0.0)
        made_now = max(self.now, now)  # the time that nothing ran is no attempt's
        self.pending = {call: (task, made_now) for call, (task, _) in self.pending.items()}

    def drop(self, error: Exception | None = None) -> None:
        """Stop driving it: nothing that still arrives is taken."""
        self.dead = True
        if self.timer:
            self.timer.cancel()
        for _, future in self.waiters:
            if error and not future.done():
                future.set_exception(error)
        self.waiters.clear()

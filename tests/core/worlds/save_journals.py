"""Save journals as data: later programs must still follow them.

    python -m tests.core.worlds.save_journals [NAME ...]

Scenarios and random cases are played in the simulated world; a file holds every run of one of them. Files that are
there stay as they are unless they are named.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.models import OrderRequest, Plan, Row
from core.store.formats import upgrade
from core.worlds.memory import MemoryStore
from core.worlds.simulated import START
from tests.core.worlds.scenarios import SCENARIOS
from tests.core.worlds.stages import SimulatedStage, play
from tests.random_runs import Case

FOLDER = Path(__file__).parent / "journals"
SAVED: dict[str, str | int] = {  # file -> scenario, or the seed of a random case
    "b2c": "by card, in another currency, every channel",
    "corporate": "from a wallet",
    "alternative_dearer": "a dearer alternative",
    "alternative_cheaper_owed": "the credit of a cheaper one is owed",
    "compensated": "compensate, all the way back",
    "stuck": "it stays stuck",
    "stuck_then_freed": "two are stuck, freed by a person's retries",
    "slow_then_edited": "slow, then an edit",
    "retried_with_notices": "try again with a text and with a call",
    "less_is_bought": "a wallet is short and less is bought",
    "cancelled": "cancelled in a backoff",
    "cancel_overtaken": "a cancel is overtaken by the pivot",
    "paused_and_hurried": "paused in a backoff, then resumed and hurried",
    "repaired": "a message whose key was closed is repaired",
    "side_by_side": "one compensates, so nobody is asked about the other",
    "both_messages_ask": "both messages ask, in plan order",
    "sequence": "an alternative in a sequence",
    "declined": "a declined card is tried again",
    "wishes": "what the customer wished for when it was out of stock",
    "random_controls": 488,
    "random_visits": 352,
    "random_edits": 1325,
    "random_crashes": 469,
}


class Saved(NamedTuple):
    """A run as it was written by the program of its day."""

    id: str
    keys: str
    plan: Plan
    orders: tuple[OrderRequest, ...]
    status: str
    created_at: float
    rows: list[Row]


def save(name: str) -> None:
    """Play a scenario or a random case, and write its file."""
    source = SAVED[name]
    store, skipped = (Case(source).run().store, 0) if isinstance(source, int) else played(source)
    runs = [
        {
            "id": run.id,
            "keys": run.keys,
            "status": run.status,
            "created_at": run.created_at,
            "plan": run.plan and run.plan.model_dump(mode="json", exclude_defaults=True),
            "orders": [order.model_dump(mode="json", by_alias=True, exclude_defaults=True) for order in run.orders],
            "rows": [list(row) for row in store.rows_of(run.id)],
        }
        for run in list(store.runs.values())[skipped:]
    ]
    text = json.dumps({"source": source, "runs": runs}, separators=(",", ":"))
    text = text.replace('[["', '[\n["').replace('],["', '],\n["')  # a row a line
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def played(name: str) -> tuple[MemoryStore, int]:
    """The store in which a scenario was played, and how many of its runs only came before."""
    scenario = next(one for one in SCENARIOS if one.name == name)
    stage = SimulatedStage(START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.worlds.fate.LATEST_S", scenario.latest_s)
        play(scenario, stage)
    return stage.store, scenario.warm


def load(name: str) -> list[Saved]:
    """The runs of a file, their rows as the store would give them."""
    return [_saved(run) for run in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["runs"]]


def _saved(run: dict[str, Any]) -> Saved:
    return Saved(
        run["id"],
        run["keys"],
        Plan.model_validate(run["plan"]),
        tuple(OrderRequest.model_validate_json(json.dumps(order)) for order in run["orders"]),
        run["status"],
        run["created_at"],
        [upgrade(Row._make(row)) for row in run["rows"]],
    )


def main() -> None:
    """Save the files that are named, or those that are not there yet."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or [name for name in SAVED if not (FOLDER / f"{name}.json").exists()]:
        save(name)


if __name__ == "__main__":
    main()

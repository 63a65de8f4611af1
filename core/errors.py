"""One tree of errors; every message says what happened, to what, and what to do.

SagalabError
├── Refusal                 a person asked for something that is not possible; nothing changed
│   ├── ReadingRefused      the sentence is not an order that can be read (code)
│   ├── RequestRefused      the order can't be served as it stands (field)
│   ├── PlanRefused         the plan is not valid (step)
│   ├── DecisionRefused     the decision or control comes too late or does not fit (run)
│   ├── ProfileRefused      a slider is out of its bounds (field)
│   ├── WalletRefused       an unknown wallet, or an amount it can't take (wallet)
│   ├── SavedRefused        no order is saved under this name, or none can be (name)
│   │   └── NameTaken       another order is saved under it (free: a name that is not taken)
│   └── ImportRefused       a file that is no order that can be read (faults)
├── SettingsRefused         a setting is unknown or has a bad value (key)
├── RunNotFound             no run has this id
├── EngineBusy              the queue is full or the store can't be written; try again later
├── StoreError              the store can't be opened or written (path)
│   ├── StoreLocked         another process holds it
│   ├── StoreCorrupt        the file is damaged or is no store; it is kept
│   └── StoreTooNew         a newer Sagalab wrote it
├── Refused                 a service refuses an effect for good (code); nothing is stored
└── Diverged                a journal asks for something that the interpreter does not
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class SagalabError(Exception):
    """Anything that Sagalab raises on purpose."""


class Refusal(SagalabError):
    """What was asked is not possible; nothing changed."""


class ReadingRefused(Refusal):
    """A sentence that can't be read as an order. `code` is one of the refusal codes of the vocabulary.

    `options` are the ways to write it that a page can offer: (a quantity, the whole sentence with it).
    `note`, the end of the message, says why another parser than the one that was asked read it.
    """

    def __init__(self, code: str, message: str, options: tuple[tuple[str, str], ...] = (), note: str = "") -> None:
        super().__init__(f"{message} {note}" if note else message)
        self.code = code
        self.options = options
        self.note = note


class RequestRefused(Refusal):
    """An order that can't be served as it stands. `field` names what to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PlanRefused(Refusal):
    """A plan that is not valid. `step` names the step at fault, '' where the whole plan is."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(f"Step '{step}': {message}" if step else message)
        self.step = step


class DecisionRefused(Refusal):
    """A decision or control that comes too late or does not fit. `run` is the run's id."""

    def __init__(self, run: str, message: str) -> None:
        super().__init__(message)
        self.run = run


class ProfileRefused(Refusal):
    """A fault profile out of its bounds. `field` names the slider."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class WalletRefused(Refusal):
    """An unknown wallet, or an amount that it can't take."""

    def __init__(self, wallet: str, message: str) -> None:
        super().__init__(message)
        self.wallet = wallet


class SavedRefused(Refusal):
    """No order is saved under this name, or it can't be saved so."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class NameTaken(SavedRefused):
    """Another order is saved under this name. `free` is a name like it that is not taken."""

    def __init__(self, name: str, free: str) -> None:
        super().__init__(
            name, f"There is a saved order '{name}' already. Save this one as '{free}', or replace the other."
        )
        self.free = free


class ImportRefused(Refusal):
    """A file that is no saved order. `faults`: 'path: what is wrong there', one a line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(f"Nothing was imported. {'; '.join(faults)}.")
        self.faults = faults


class SettingsRefused(SagalabError):
    """A setting is unknown or has a bad value. `key` is its name; the value is never shown."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class RunNotFound(SagalabError):
    """No run has this id."""

    def __init__(self, run: str) -> None:
        super().__init__(f"There is no run '{run[:40]}' in this store. Pick one from the list of runs.")
        self.run = run


class EngineBusy(SagalabError):
    """The run was not accepted: the queue is full, or the store can't be written now."""


class StoreError(SagalabError):
    """The store at `path` can't be opened or written."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(message)
        self.path = path


class StoreLocked(StoreError):
    """Another process holds the store."""


class StoreCorrupt(StoreError):
    """The file is damaged or is no Sagalab store. It is kept as it is."""


class StoreTooNew(StoreError):
    """A newer Sagalab wrote this store."""


class Refused(SagalabError):
    """A service refuses an effect for good; nothing is stored.

    `code` names the reason, `details` are journalled with it (JSON scalars).
    """

    def __init__(self, code: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})


class Diverged(SagalabError):
    """The interpreter asked for something that the journal does not hold."""

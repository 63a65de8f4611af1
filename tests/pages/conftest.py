"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.bootstrap import adopt
from tests.pages.fakes import FakeEngine


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    """An engine that serves the pages and remembers what was asked of it."""
    fake = FakeEngine()
    adopt(fake)  # type: ignore[arg-type]
    yield fake
    adopt(None)

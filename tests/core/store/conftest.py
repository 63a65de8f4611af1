"""A fresh store for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.store.stores import Store


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()

"""What every test shares: which tests run where, and what a missing program means."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parent

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder. Those in a browser come last: Playwright leaves an event loop running."""
    for item in items:
        if TESTS / "e2e" in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.needs_tool("chromium", "apt-get install chromium", "CHROMIUM"))
        elif TESTS / "benchmarks" in item.path.parents:
            item.add_marker(pytest.mark.benchmark)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing and say how to get it; on CI, where nothing may be missing, fail it."""
    for mark in item.iter_markers("needs_tool"):
        name, install, *variable = mark.args
        if (os.environ.get(variable[0]) if variable else None) or shutil.which(name):
            continue
        sentence = f"{name} is not installed; get it with: {install}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)

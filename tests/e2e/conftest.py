"""The real app in a real browser: servers, and pages that are watched."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.harness import QUICK, MakeServer, Server, Watch, launch_options
from tests.e2e.screens import idle


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_options()


@pytest.fixture
def make_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeServer]:
    """Starts servers for one test; they stop after it."""
    make = MakeServer(lambda: tmp_path_factory.mktemp("store"))
    yield make
    make.stop()


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a module's tests. Its profile is the module's PROFILE: by default nothing fails or takes time."""
    make = MakeServer(lambda: tmp_path_factory.mktemp("store"))
    yield make(getattr(request.module, "PROFILE", QUICK))
    make.stop()


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Watches every page of the test and fails it at the end for what it must not have done."""
    watch = Watch(context)
    yield watch
    watch.check()


@pytest.fixture
def browse(context: BrowserContext, watch: Watch) -> Callable[[Server], Page]:
    """Makes a new tab for a server: a Page with `visit(path)`, and `open(path)` that waits until it is `idle()` too.

    A page that follows a run is not idle before the run rests.
    """

    def new(server: Server) -> Page:
        page = context.new_page()
        watch.look_at(server)

        def visit(path: str = "/") -> None:
            page.goto(server.url + path)

        def open_path(path: str = "/") -> None:
            visit(path)
            idle(page)

        page.idle, page.visit, page.open = partial(idle, page), visit, open_path  # type: ignore[attr-defined]
        return page

    return new


@pytest.fixture
def app(browse: Callable[[Server], Page], server: Server) -> Page:
    """A tab for the module's calm server."""
    return browse(server)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the servers of a failed test printed."""
    report = yield
    if report.failed:
        given = getattr(item, "funcargs", {}).values()
        servers = [value for value in given if isinstance(value, Server)]
        servers += [server for value in given if isinstance(value, MakeServer) for server in value.servers]
        report.sections += [(f"output of {server.url}", server.output()) for server in servers]
    return report

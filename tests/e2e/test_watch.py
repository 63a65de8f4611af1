"""The watch over the pages sees what it is there for, so that a clean test means something."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.e2e.harness import Watch


class Down:
    went_down = True


class Printing:
    went_down = False

    def __init__(self, text: str) -> None:
        self.text = text

    def output(self) -> str:
        return self.text


@pytest.fixture
def page_and_watch(context: BrowserContext) -> tuple[Page, Watch]:
    watch = Watch(context)
    return context.new_page(), watch


def test_a_console_error_is_seen(page_and_watch):
    page, watch = page_and_watch
    with page.expect_console_message():
        page.evaluate("console.error('broken')")
    with pytest.raises(AssertionError, match="broken"):
        watch.check()


def test_an_exception_of_the_page_is_seen(page_and_watch):
    page, watch = page_and_watch
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    with pytest.raises(AssertionError, match="thrown"):
        watch.check()


@pytest.mark.parametrize(
    "script",
    [
        "fetch('http://outside.example/x').catch(() => 0)",
        "new Promise(done => { const i = new Image(); i.onerror = done; i.src = 'https://outside.example/x' })",
        "new Promise(done => { new WebSocket('ws://outside.example/x').onerror = done })",
    ],
)
def test_a_request_to_another_host_is_seen_and_goes_nowhere(page_and_watch, script):
    page, watch = page_and_watch
    page.evaluate(script)
    watch.errors.clear()
    with pytest.raises(AssertionError, match=r"outside\.example/x"):
        watch.check()


def test_lost_connections_are_forgiven_only_when_a_server_went_down(page_and_watch):
    page, watch = page_and_watch
    with page.expect_console_message(_is_refused):
        page.evaluate("fetch('http://127.0.0.1:1/x').catch(() => 0)")
    with pytest.raises(AssertionError, match="net::ERR_"):
        watch.check()
    watch.servers.append(Down())
    watch.check()


def test_a_traceback_of_a_server_is_seen_unless_it_is_from_before(page_and_watch):
    _, watch = page_and_watch
    server = Printing("Traceback (most recent call last): of another test")
    watch.look_at(server)
    watch.check()
    server.text += "Traceback (most recent call last): of this one"
    with pytest.raises(AssertionError, match="of this one"):
        watch.check()


def test_a_quiet_page_passes(page_and_watch):
    page, watch = page_and_watch
    page.set_content("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>")
    page.evaluate("console.log('fine')")
    watch.check()


def _is_refused(message: ConsoleMessage) -> bool:
    return "net::ERR_" in message.text

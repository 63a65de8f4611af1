"""What the browser tests stand on: a server process with a store of its own, and a watch over its pages."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

from core.services.faults import PRESETS, Profile

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
START_S, STOP_S = 60, 15
QUICK = PRESETS["calm"].model_copy(update={"latency_ms": 0})
# Deep links first ask for these below the page's path, where Streamlit serves them not (its issue 7074).
HARMLESS = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
DISCONNECTED = re.compile(
    r"net::ERR_|WebSocket connection to|Failed to fetch|Unable to preload|No response received|not responding"
)

SAVE_PROFILE = """
import asyncio, sys
from core.bootstrap import current_engine, lifespan
from core.services.faults import Profile

async def main():
    async with lifespan(None):
        current_engine().save_profile(Profile.model_validate_json(sys.argv[1]))

asyncio.run(main())
"""


def launch_options() -> dict[str, Any]:
    """How Chromium is started: the one of this machine, quiet, with no way to any other host."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    return {"executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"), "args": arguments}


class Server:
    """`streamlit run app.py` on a free port of the loopback, with a store in `folder`."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.went_down = False
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.url = f"http://{HOST}:{free.getsockname()[1]}"
        self.store = folder / "sagalab.db"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SAGALAB_", "STREAMLIT_", "GROQ_"))
        }
        own = {"SAGALAB_DATABASE_URL": f"sqlite:///{self.store.as_posix()}", "SAGALAB_LIVE_RATES": "0"}
        self.environ = kept | own | {"PYTHONUNBUFFERED": "1"} | dict(environ)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def output(self) -> str:
        """All that the server has printed, over its restarts."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store answers to a query; it only reads, so the server may be running."""
        with closing(sqlite3.connect(f"{self.store.as_uri()}?mode=ro", uri=True, timeout=10)) as store:
            return store.execute(question, values).fetchall()

    def wait_until(self, question: str, *values: object) -> None:
        """Wait until a query has an answer: for what must follow at once, when a page would be too late."""
        end = time.monotonic() + START_S
        while not self.rows(question, *values):
            if self.ended_within(0.02) or time.monotonic() > end:
                pytest.fail(f"nothing came of: {question} {values}", pytrace=False)

    def save_profile(self, profile: Profile) -> None:
        """Make `profile` the active one; only while the server is down, for a store has one process."""
        command = [sys.executable, "-c", SAVE_PROFILE, profile.model_dump_json()]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=START_S)
        if done.returncode:
            pytest.fail(f"the profile could not be saved:\n{done.stderr}", pytrace=False)

    def start(self) -> None:
        """Start, and return when the server is healthy."""
        options = [f"--server.port={urlsplit(self.url).port}", f"--server.address={HOST}", "--server.headless=true"]
        options += ["--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + START_S
        while not self.healthy():
            if self.ended_within(0.05) or time.monotonic() > end:
                self.kill()
                pytest.fail(f"the server did not start:\n{self.output()}", pytrace=False)

    def healthy(self) -> bool:
        """Whether the server answers now."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def ended_within(self, seconds: float) -> bool:
        """Wait for the process to end, at most so long; True where it did, or there is none."""
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End the process at once, as a power cut would (SIGKILL)."""
        self.went_down = True
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_S)

    def restart(self) -> None:
        """Start again on the same store and port, after a kill where it still runs."""
        if not self.ended_within(0):
            self.kill()
        self.start()

    def stop(self) -> None:
        """End the process in order; fails where it does not end."""
        if self.process is None:
            return
        self.went_down = True
        self.process.terminate()
        if not self.ended_within(STOP_S):
            self.kill()
            pytest.fail(f"the server did not stop within {STOP_S} s:\n{self.output()}", pytrace=False)


class MakeServer:
    """Starts servers, each with a fresh store: `make_server(profile=PRESETS["payment outage"], SAGALAB_...="...")`."""

    def __init__(self, new_folder: Callable[[], Path]) -> None:
        self.new_folder = new_folder
        self.servers: list[Server] = []

    def __call__(self, profile: Profile | None = PRESETS["calm"], **environ: str) -> Server:
        """A running server; `profile` None leaves the store's default."""
        server = Server(self.new_folder(), environ)
        self.servers.append(server)
        if profile is not None:
            server.save_profile(profile)
        server.start()
        return server

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


class Watch:
    """What the pages of a browser context did that they must not: console errors, requests to other hosts.

    Nor may the servers that they look at print a traceback meanwhile.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.servers: list[Server] = []
        self.printed: dict[Server, int] = {}  # server -> characters of its output from before this watch
        context.on("console", self._console)
        context.on("weberror", self._weberror)
        context.on("request", lambda request: self._request(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._request(socket.url)))

    def look_at(self, server: Server) -> None:
        """Watch a server that a page is about to open."""
        self.servers.append(server)
        self.printed.setdefault(server, len(server.output()))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not HARMLESS.search(urlsplit(message.location["url"]).path):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _weberror(self, error: WebError) -> None:
        self.errors.append(str(error.error))

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != HOST:
            self.outside.append(url)

    def check(self) -> None:
        """Fail if there was anything; a server that went down explains lost connections."""
        down = any(server.went_down for server in self.servers)
        errors = [text for text in self.errors if not (down and DISCONNECTED.search(text))]
        assert not errors, "errors on the console:\n" + "\n".join(errors)
        assert not self.outside, "requests to other hosts:\n" + "\n".join(self.outside)
        for server, before in self.printed.items():
            assert "Traceback" not in (printed := server.output()[before:]), f"the server printed:\n{printed}"

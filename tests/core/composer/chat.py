"""A server on the loopback that answers in the shape of OpenAI's protocol, and as it should not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.composer.wire import WireOrder

EMPTY: dict[str, Any] = dict.fromkeys(WireOrder.model_fields) | {"items": [], "conditions": [], "words": []}


def order(*items: tuple[str, Any], **fields: Any) -> dict[str, Any]:
    """An answer in full: items as (name, quantity), and any other field."""
    lines = [{"name": name, "quantity": quantity, "unit": None, "unit_price": None} for name, quantity in items]
    words = [{"field": field, "words": words} for field, words in fields.pop("words", {}).items()]
    return EMPTY | {"workflow_type": "purchase_order", "items": lines, "words": words} | fields


def refusal(code: str, words: str = "", item: str | None = None, quantity: float | None = None) -> dict[str, Any]:
    return EMPTY | {"refusal": {"code": code, "words": words, "item": item, "quantity": quantity}}


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.body["messages"]


class Handler(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            self.server.asked.append(Asked(self.path, headers, body))
            answers = self.server.answers
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def log_message(self, *_: Any) -> None:
        pass

    def reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | dict(headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[Handler], None]


class Chat(ThreadingHTTPServer):
    """Gives its answers in turn, and the last one for ever. `released` lets go of what is held back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.lock, self.released = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone: that is what the tests are about."""


def completion(content: Any, finish: str = "stop") -> bytes:
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()


def says(content: Any, finish: str = "stop") -> Answer:
    """A completion; an object is given as JSON."""
    text = json.dumps(content) if isinstance(content, dict) else content
    return lambda handler: handler.reply(200, completion(text, finish))


def body(raw: bytes, status: int = 200, **headers: str) -> Answer:
    """Exactly these bytes; '_' in a header's name is '-'."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(status, raw, named)


def fails(status: int, **headers: str) -> Answer:
    """An error in the shape that Groq gives it, with what it was sent in the message."""

    def answer(handler: Handler) -> None:
        told = {"error": {"message": f"No. {handler.headers['authorization']} <b>", "type": "invalid_request_error"}}
        body(json.dumps(told).encode(), status, **headers)(handler)

    return answer


def held(handler: Handler) -> None:
    """No answer before the test is over."""
    handler.server.released.wait()


def trickles(handler: Handler) -> None:
    """A byte every now and then: no single read of it takes long."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    while not handler.server.released.wait(0.02):
        handler.wfile.write(b" ")


def breaks_off(handler: Handler) -> None:
    """Half a body."""
    whole = completion("{}")
    handler.send_response(200)
    handler.send_header("content-length", str(len(whole)))
    handler.end_headers()
    handler.wfile.write(whole[: len(whole) // 2])


def hangs_up(handler: Handler) -> None:
    """Not one byte."""
    handler.close_connection = True

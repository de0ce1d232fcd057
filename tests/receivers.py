"""Who hears of alerts, on loopback: HTTP receivers that answer as they are told, and a mail server."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller

from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message


@dataclass
class Said:
    """An answer; `wait_s` is how long it takes, `drip_s` how far its bytes lie apart."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0
    drip_s: float = 0


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Receiver:
    """`answers` are given one after another, the last one for ever; `answer` decides by what was heard."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[Said] = field(default_factory=lambda: [Said()])
    answer: Callable[[Heard], Said | None] = lambda _: None
    on_heard: Callable[[Heard], None] = lambda _: None

    def next_answer(self, heard: Heard) -> Said:
        found = self.answer(heard)
        if found is not None:
            return found
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def keys(self) -> list[str]:
        return [each.headers.get("webhook-id", "") for each in self.heard]

    @property
    def alerts(self) -> list[tuple[str, str]]:
        """(rule, state) of all that was told, in order."""
        return [(line["rule"], line["state"]) for each in self.heard for line in each.json["data"]["alerts"]]


@contextmanager
def receiver() -> Iterator[Receiver]:
    one = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            heard = Heard(
                self.path, {name.lower(): value for name, value in self.headers.items()}, body, time.monotonic()
            )
            one.heard.append(heard)
            one.on_heard(heard)
            said = one.next_answer(heard)
            time.sleep(said.wait_s)
            try:
                self.send_response(said.status)
                for name, value in ({"Content-Length": str(len(said.body))} | said.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                for at in range(0, len(said.body), 1 if said.drip_s else max(1, len(said.body))):
                    self.wfile.write(said.body[at : at + 1] if said.drip_s else said.body)
                    time.sleep(said.drip_s)
            except OSError:  # whoever asked has gone
                return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    one.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MailServer:
    """`answers` are what the server says to a message, the last one for ever."""

    port: int
    mails: list[Message] = field(default_factory=list)
    answers: list[str] = field(default_factory=lambda: ["250 OK"])

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        from email import message_from_bytes, policy

        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    one = MailServer(free_port())
    controller = Controller(one, hostname="127.0.0.1", port=one.port)
    controller.start()
    try:
        yield one
    finally:
        controller.stop()

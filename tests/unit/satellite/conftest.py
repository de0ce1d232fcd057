"""A loopback HTTP server that answers what a test scripts, and remembers what it was asked."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import orjson
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.body.splitlines()]


@dataclass
class Script:
    """`answers` are (status, headers, body) in order; the last one stays."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, status: int, body: Any = None, **headers: str) -> Script:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, body))
        return self


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        script = self.script
        script.asked.append(Asked(self.command, self.path, dict(self.headers), body))
        status, headers, given = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
        raw = given if isinstance(given, bytes) else b"" if given is None else orjson.dumps(given)
        self.send_response_only(status)
        for name, value in (headers | {"Content-Length": str(len(raw))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST  # noqa: N815 — the name the standard library calls

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()
    handler = type("Scripted", (Handler,), {"script": script})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        script.url = f"http://127.0.0.1:{server.server_port}"
        yield script
        server.shutdown()

"""The stand-ins as one server on loopback: /<provider>/<the provider's own path>."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from clients.simulator.providers.account import Account
from clients.simulator.providers.answers import STANDINS, Asked, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.simulator.providers.faults import Fault

_SCRAPING = {(False, "datacenter"): 1, (True, "datacenter"): 5, (False, "residential"): 10, (True, "residential"): 25}


class Standins:
    """The seven, with their customer's accounts. `latency` is (mean, spread) in seconds, `paces` the same of single
    ones; `keys`: others are refused."""

    def __init__(
        self,
        port: int = 0,
        *,
        latency: tuple[float, float] = (0.0, 0.0),
        paces: Mapping[str, tuple[float, float]] | None = None,
        keys: set[str] | None = None,
    ) -> None:
        self.accounts = {name: Account(standin.limit, trial=name == "valueserp") for name, standin in STANDINS.items()}
        self.faults: dict[str, Fault | deque[Fault]] = {}
        self.keys = keys
        self._latency, self._paces = latency, dict(paces or {})
        self._server = _Server(("127.0.0.1", port), _Handler, self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def bases(self) -> dict[str, str]:
        """Where each stands in."""
        return {name: f"{self.url}/{name}" for name in STANDINS}

    def start(self) -> None:
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.1}, name="stand-ins", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def serving(self) -> Iterator[Standins]:
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def fault(self, provider: str) -> Fault | None:
        """What goes wrong with this call; faults in a queue happen once each."""
        found = self.faults.get(provider)
        if isinstance(found, deque):
            return found.popleft() if found else None
        return found

    def take_time(self, provider: str) -> None:
        mean, spread = self._paces.get(provider, self._latency)
        if mean:
            time.sleep(max(0.005, random.gauss(mean, spread)))

    def answer(self, provider: str, asked: Asked) -> Said:
        standin, account = STANDINS[provider], self.accounts[provider]
        if self.keys is not None and standin.key(asked) not in self.keys:
            return standin.refused
        if standin.account is not None and asked.path == standin.account_path:
            account.asked += 1
            return standin.account(asked, account)
        if not account.bill(cost(provider, asked)):
            return standin.exhausted
        return standin.data(asked, account)


def cost(provider: str, asked: Asked) -> int:
    """What the provider itself takes for a call."""
    if provider != "webscraping_ai":
        return 1
    js, proxy = asked.params.get("js", "true") == "true", asked.params.get("proxy", "datacenter")
    return _SCRAPING.get((js, proxy), 50 if js else 25)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], standins: Standins) -> None:
        self.standins = standins
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 — socketserver's
        """Whoever asked has gone; that is their right."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        standins, url = self.server.standins, urlsplit(self.path)
        _, provider, rest = ([*url.path.split("/", 2), "", ""])[:3]
        if provider not in STANDINS:
            self._say(Said({"message": "no such provider"}, 404))
            return
        asked = Asked(f"/{rest}", dict(parse_qsl(url.query)), {k.lower(): v for k, v in self.headers.items()})
        standins.take_time(provider)
        fault = None if asked.path == STANDINS[provider].account_path else standins.fault(provider)
        if fault is None:
            self._say(standins.answer(provider, asked))
            return
        if fault.bills:
            standins.accounts[provider].bill(cost(provider, asked))
        fault.play(self)

    def _say(self, said: Said) -> None:
        body, content_type = said.packed()
        self.send_response(said.status)
        for name, value in {"Content-Type": content_type, **said.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 — http.server's
        """Addresses hold keys, even if these are made up: nothing is written."""

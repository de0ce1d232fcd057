"""The way out: one request to a provider, over within its time whatever happens on the other side.

All requests of a process share one event loop in a thread of its own: there the clock is the loop's, so that a server
that hangs, drips a byte a second or never ends its headers is cut off at the same moment.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from data.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.providers.client import Request

MOST_BYTES = 4 * 1024 * 1024
_GRACE_S = 1.0  # for a name that is still being looked up
_LOOPBACK = ("http://127.0.0.1:", "http://[::1]:", "http://localhost:")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class TransportError(Exception):
    """Nothing that can be read came back. `late`: because the time was up. Its words hold no address and no key."""

    def __init__(self, words: str, *, late: bool = False) -> None:
        super().__init__(words)
        self.words, self.late = words, late


class Transport:
    """Opened at the first question, in the process that asks it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid: int | None = None
        self._clients: dict[bool, httpx.AsyncClient] = {}

    def send(self, base: str, request: Request, *, seconds: float) -> Reply:
        """Raises NoReply."""
        future = asyncio.run_coroutine_threadsafe(self._send_within(base, request, seconds), self._running_loop())
        try:
            return future.result(seconds + _GRACE_S)
        except (FutureTimeout, TimeoutError):
            future.cancel()
            raise TransportError(f"no answer within {seconds:g} s", late=True) from None

    def close(self) -> None:
        loop, self._loop = self._loop, None
        if loop is None or self._pid != os.getpid():
            return
        asyncio.run_coroutine_threadsafe(self._close_clients(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():
                # What these write at INFO and below holds addresses with their keys.
                for name in ("httpx", "httpcore"):
                    logging.getLogger(name).setLevel(logging.WARNING)
                self._loop, self._pid, self._clients = asyncio.new_event_loop(), os.getpid(), {}
                threading.Thread(target=_run_loop, args=[self._loop], name="providers", daemon=True).start()
            return self._loop

    def _client(self, base: str) -> httpx.AsyncClient:
        here = base.startswith(_LOOPBACK)
        if here not in self._clients:
            self._clients[here] = httpx.AsyncClient(
                headers={"User-Agent": f"mission-control/{VERSION}"},
                follow_redirects=False,
                timeout=None,  # noqa: S113 — the loop's clock is the time-out
                trust_env=not here,
                limits=httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30),
            )
        return self._clients[here]

    async def _send_within(self, base: str, request: Request, seconds: float) -> Reply:
        try:
            async with asyncio.timeout(seconds):
                return await self._fetch(base, request)
        except TimeoutError:
            raise TransportError(f"no answer within {seconds:g} s", late=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise TransportError(_REASONS.get(type(error).__name__, "the connection failed")) from None

    async def _fetch(self, base: str, request: Request) -> Reply:
        asked = self._client(base).stream(
            "GET", f"{base}{request.path}", params=dict(request.params), headers=dict(request.headers)
        )
        async with asked as answer:
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise TransportError(f"the answer is larger than {MOST_BYTES} bytes")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status_code, headers, bytes(body))

    async def _close_clients(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients = {}
        await asyncio.sleep(0)  # transports close one turn later


_REASONS = {
    "ConnectError": "no connection",
    "ConnectTimeout": "no connection",
    "ReadError": "the connection broke off",
    "RemoteProtocolError": "the connection broke off",
    "DecodingError": "an answer that cannot be unpacked",
}


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()

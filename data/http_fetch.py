"""What is fetched from addresses that people typed: over within its time, bounded in size, never from our own network.

The address that was checked is the one that is connected to, so a name cannot mean another one meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from data.network import is_public
from data.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST_BYTES = 4 * 1024 * 1024
SECONDS = 15.0
MOST_REDIRECTS = 5
MOST_ANSWER_BYTES = 64 * 1024
CONNECT_S, POST_S = 3.0, 10.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Page:
    """`url` is where it was found, after `redirects` steps; header names are in lower case."""

    url: str
    redirects: int
    status: int
    headers: Mapping[str, str]
    body: bytes


class FetchError(Exception):
    """Nothing that can be read came back; `reason` says why, for the person who typed the address."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused  # by us: nothing was sent


async def fetch(
    url: str,
    *,
    allowed_private_hosts: Collection[str] = (),
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Page:
    """GET `url`, following redirects; `allowed_private_hosts` of our own network may be asked. Raises FetchError."""
    sent_headers = {"User-Agent": f"mission-control/{VERSION}"} | dict(headers or {})
    try:
        async with asyncio.timeout(seconds):
            client = httpx.AsyncClient(
                transport=_GuardedTransport(allowed_private_hosts),
                headers=sent_headers,
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=None,  # noqa: S113 — the loop's clock is the time-out
            )
            async with client, client.stream("GET", url) as answer:
                return await _read(answer)
    except TimeoutError:
        raise FetchError(f"no answer within {seconds:g} s") from None
    except httpx.TooManyRedirects:
        raise FetchError(f"more than {MOST_REDIRECTS} redirects") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        raise FetchError(_REASONS.get(type(error).__name__, "the connection failed")) from None


async def post(
    url: str, body: bytes, *, headers: Mapping[str, str], allow_private: bool = False, seconds: float = POST_S
) -> Page:
    """POST `body`, following no redirect; no more than 64 KB of the answer are read. Raises FetchError."""
    started = asyncio.get_running_loop().time()
    try:
        client = httpx.AsyncClient(
            transport=_GuardedTransport((), allow_private=allow_private),
            headers={"User-Agent": f"mission-control/{VERSION}"} | dict(headers),
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=CONNECT_S),
        )
        async with client:
            async with asyncio.timeout(seconds):
                request = client.build_request("POST", url, content=body)
                answer = await client.send(request, stream=True)
            try:
                rest = max(0.1, started + seconds - asyncio.get_running_loop().time())
                return await _read_start(answer, rest)
            finally:
                await answer.aclose()
    except (TimeoutError, httpx.TimeoutException):
        raise FetchError(f"no answer within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        raise FetchError(_REASONS.get(type(error).__name__, "the connection failed")) from None


async def _read_start(answer: httpx.Response, seconds: float) -> Page:
    """As much of the answer as arrives in this time: its status is known, whatever becomes of its body."""
    body = bytearray()
    with contextlib.suppress(TimeoutError, httpx.HTTPError, httpx.StreamError):
        async with asyncio.timeout(seconds):
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_ANSWER_BYTES:
                    break
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Page(str(answer.url), 0, answer.status_code, headers, bytes(body[:MOST_ANSWER_BYTES]))


async def _read(answer: httpx.Response) -> Page:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise FetchError(f"larger than {MOST_BYTES // 1024 // 1024} MB")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Page(str(answer.url), len(answer.history), answer.status_code, headers, bytes(body))


class _GuardedTransport(httpx.AsyncBaseTransport):
    """Looks a name up, refuses what is not public, and connects to the very address that it looked at."""

    def __init__(self, allowed_private_hosts: Collection[str], *, allow_private: bool = False) -> None:
        self._allowed_private_hosts = frozenset(name.lower() for name in allowed_private_hosts)
        self._allow_private = allow_private
        self._transport = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in _PORTS:
            raise FetchError(f"{url.scheme or 'nothing'}:// is not fetched", refused=True)
        allow_private = self._allow_private or url.host.lower() in self._allowed_private_hosts
        address = await resolve(url.host, url.port or _PORTS[url.scheme], allow_private=allow_private)
        checked = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._transport.handle_async_request(checked)

    async def aclose(self) -> None:
        await self._transport.aclose()


async def resolve(host: str, port: int, *, allow_private: bool = False) -> str:
    """The address to connect to: the one that was checked, so that the name cannot mean another one meanwhile. Raises
    FetchError where it has none, or a private one that is not allowed."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"{host} has no address") from None
    addresses = [str(each[4][0]) for each in found]
    if allow_private or all(is_public(each) for each in addresses):
        return addresses[0]
    raise FetchError(f"{host} is on our own network", refused=True)


_REASONS = {
    "ConnectError": "no connection",
    "ReadError": "the connection broke off",
    "RemoteProtocolError": "the connection broke off",
    "DecodingError": "an answer that cannot be unpacked",
    "UnsupportedProtocol": "only http:// and https:// are fetched",
    "InvalidURL": "no address",
}

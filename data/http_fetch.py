"""What is fetched from addresses that people typed: over within its time, bounded in size, never from our own network.

The address that was checked is the one that is connected to, so a name cannot mean another one meanwhile.
"""

from __future__ import annotations

import asyncio
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

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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

    def __init__(self, allowed_private_hosts: Collection[str]) -> None:
        self._allowed_private_hosts = frozenset(name.lower() for name in allowed_private_hosts)
        self._transport = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in _PORTS:
            raise FetchError(f"{url.scheme or 'nothing'}:// is not fetched")
        address = await self._address(url.host, url.port or _PORTS[url.scheme])
        checked = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._transport.handle_async_request(checked)

    async def _address(self, host: str, port: int) -> str:
        try:
            infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise FetchError(f"{host} has no address") from None
        addresses = [str(info[4][0]) for info in infos]
        if host.lower() in self._allowed_private_hosts:
            return addresses[0]
        if not all(map(is_public, addresses)):
            raise FetchError(f"{host} is on our own network")
        return addresses[0]

    async def aclose(self) -> None:
        await self._transport.aclose()


_REASONS = {
    "ConnectError": "no connection",
    "ReadError": "the connection broke off",
    "RemoteProtocolError": "the connection broke off",
    "DecodingError": "an answer that cannot be unpacked",
    "UnsupportedProtocol": "only http:// and https:// are fetched",
    "InvalidURL": "no address",
}

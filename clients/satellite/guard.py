"""Where this satellite may connect to: decided for the very address that is connected to, whoever named it.

Names are looked up by Twisted for each connection, and only addresses that pass reach it. So neither a redirect nor a
name that means another address the second time leads into a private network.
"""

from __future__ import annotations

import asyncio
import socket
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ada_url import URL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from clients.satellite import addresses
from clients.satellite.outcome import PrivateAddress
from data.network import is_public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


@dataclass(frozen=True, slots=True)
class Reach:
    """The private addresses that may be fetched: all of them, or those behind `sites` (host:port, from the server)."""

    everywhere: bool = False
    sites: frozenset[str] = frozenset()

    def takes(self, url: str) -> bool:
        return self.everywhere or addresses.host_and_port(url) in self.sites

    def refuses(self, url: str) -> bool:
        """True where the address itself, without any look-up, names a private host."""
        host = URL(url).hostname.strip("[]").rstrip(".")
        return not self.takes(url) and (_is_local_name(host) or (_is_literal(host) and not is_public(host)))


NOWHERE = Reach()


@dataclass(slots=True)
class _Door:
    """What one request may connect to, and which address was refused to it."""

    host: str
    is_open: bool
    refused: str | None = None

    def passes(self, address: str) -> bool:
        if self.is_open or is_public(address):
            return True
        self.refused = address
        return False


_door: ContextVar[_Door | None] = ContextVar("door", default=None)


class Handler(HTTP11DownloadHandler):
    """Scrapy's, with the guard at the door. The spider's `reach` says what of private networks it may fetch."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._spider: Any = crawler.spider

    async def download_request(self, request: Request) -> Response:
        door = _Door(URL(request.url).hostname, is_open=self._spider.reach.takes(request.url))
        if request.meta.get("proxy"):
            await _ask_before_proxy(door)
        _door.set(door)
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            if door.refused is None:
                raise
            raise PrivateAddress(door.host, door.refused) from None


async def _ask_before_proxy(door: _Door) -> None:
    """A proxy connects in our place: what the name means here is looked at, then the way to the proxy is open."""
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(door.host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []  # a name that only the proxy knows
    if not all(door.passes(str(each[4][0])) for each in found):
        raise PrivateAddress(door.host, door.refused or "")
    door.is_open = True


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's resolver, for whom only addresses that pass exist; without a request that asks, public ones."""

    def __init__(self, resolver: Any) -> None:  # noqa: ANN401 — Twisted has no types for it
        self._resolver = resolver

    def resolveHostName(  # noqa: N802 — the interface's name
        self,
        resolutionReceiver: Any,  # noqa: ANN401, N803 — Twisted's name and type
        hostName: str,  # noqa: N803 — Twisted's name and type
        portNumber: int = 0,  # noqa: N803 — Twisted's name and type
        addressTypes: Iterable[type[Any]] | None = None,  # noqa: N803 — Twisted's name and type
        transportSemantics: str = "TCP",  # noqa: N803 — Twisted's name and type
    ) -> Any:  # noqa: ANN401 — Twisted's name and type
        receiver = _Passing(resolutionReceiver, _door.get() or _Door(hostName, is_open=False))
        return self._resolver.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Passing:
    def __init__(self, receiver: Any, door: _Door) -> None:  # noqa: ANN401 — Twisted's name and type
        self._receiver = receiver
        self._door = door

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: ANN401, N802, N803 — Twisted's name and type
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: ANN401, N802 — Twisted's name and type
        if self._door.passes(address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802 — Twisted's name and type
        self._receiver.resolutionComplete()


def _is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host.partition("%")[0])
        except (OSError, ValueError):
            continue
        return True
    return False


def _is_local_name(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")

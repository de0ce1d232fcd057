"""robots.txt, as RFC 9309 has it: what cannot be had forbids everything, what is not there allows everything."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from protego import Protego
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from clients.satellite import addresses
from clients.satellite.outcome import FORBIDDEN, TOO_MANY_REDIRECTS, NoRobots, Passed, PrivateAddress
from clients.satellite.robots_directives import PRODUCT

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_BYTES = 500 * 1024  # what lies beyond is not read
KEPT = 24 * 3600.0  # s
TRIED_AGAIN = 60.0  # s until a robots.txt that could not be had is asked for again

_GROUP = re.compile(r"^([ \t]*user[- ]?agent[ \t]*:)([^#\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"\s*(\*|[a-z_-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host lets us fetch; `trouble` is why that is not known."""

    parser: Protego = field(default_factory=Protego)
    trouble: Exception | None = None

    @classmethod
    def of(cls, body: bytes) -> Self:
        text = body[:MOST_BYTES].decode("utf-8-sig", "replace")
        if len(body) > MOST_BYTES:
            text = text.rpartition("\n")[0]
        return cls(Protego.parse(_GROUP.sub(_named, "\n".join(text.splitlines()))))

    def allows(self, url: str) -> bool:
        return self.parser.can_fetch(url, PRODUCT)

    @property
    def delay(self) -> float | None:
        return self.parser.crawl_delay(PRODUCT)


def _named(group: re.Match[str]) -> str:
    """A group is ours when its whole product token is: Protego would also take one that ours begins with."""
    token = _TOKEN.match(group[2])
    name = token[1].lower() if token else ""
    return f"{group[1]} {name if name in ('*', PRODUCT.lower()) else f'other {name}'}"


class Robots:
    """Lets through what the host's robots.txt allows. The rules found behind a redirect are those of the host that was
    asked, wherever it led."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._known: dict[str, tuple[float, asyncio.Future[Rules]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        robots = cls(crawler)
        crawler.signals.connect(robots.read_no_further, signals.bytes_received)
        return robots

    async def process_request(self, request: Request) -> None:
        if is_robots(request):
            return
        rules = await self._rules(request)
        if isinstance(rules.trouble, PrivateAddress):
            raise PrivateAddress(rules.trouble.host, rules.trouble.address)
        if isinstance(rules.trouble, Passed):
            raise Passed(str(rules.trouble))
        if rules.trouble:
            raise NoRobots(rules.trouble)
        if not rules.allows(request.url):
            raise IgnoreRequest(FORBIDDEN)

    def read_no_further(self, data: bytes, request: Request) -> None:
        if is_robots(request):
            request.meta["read"] = request.meta.get("read", 0) + len(data)
            if request.meta["read"] > MOST_BYTES:
                raise StopDownload(fail=False)

    async def _rules(self, request: Request) -> Rules:
        """Asked for once by all who wait for it."""
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc}"
        at, asked = self._known.get(origin, (0.0, None))
        if asked is None or (asked.done() and monotonic() - at > (TRIED_AGAIN if asked.result().trouble else KEPT)):
            asked = asyncio.ensure_future(self._ask(origin))
            self._known[origin] = (monotonic(), asked)
        return await asyncio.shield(asked)

    async def _ask(self, origin: str) -> Rules:
        asked = {"dont_obey_robotstxt": True, "download_maxsize": 0}  # a long one is cut, not refused
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, priority=1000, meta=asked)
        engine: Any = self._crawler.engine
        try:
            response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 — whatever it was, nothing is known
            return Rules() if str(error) == TOO_MANY_REDIRECTS else Rules(trouble=error)
        if response.status >= 500:
            return Rules(trouble=RuntimeError(f"answered {response.status}"))
        rules = Rules.of(response.body) if response.status < 300 else Rules()
        run = getattr(self._crawler.spider, "run", None)
        if run and rules.delay:
            run.pace.ask(addresses.host(origin), rules.delay)
        return rules


def is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))

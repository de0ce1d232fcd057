"""Looks again at pages on which a link was missed: beside the crawl, and as politely."""

from __future__ import annotations

import asyncio
import logging
from threading import Thread
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner

from clients.satellite import addresses
from clients.satellite.crawl import SETTINGS
from clients.satellite.guard import Reach
from clients.satellite.link_verdict import LinkVerdict, judge, judge_failure
from clients.sdk import SdkError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from clients.satellite.client_state import ClientState
    from clients.sdk import MissionControl
    from clients.sdk.shapes import CheckResult, PageToCheck

EVERY = 5.0  # s between two questions for work
AT_ONCE = 10  # pages
PATIENCE = 30.0  # s: results that cannot be delivered by then are looked up again by somebody
LONGEST = 110.0  # s for all pages of one answer: the server lends them for two minutes

OWN = ("clients.satellite.middlewares.SameSite", "clients.satellite.middlewares.Pacing")
MIDDLEWARES = {name: place for name, place in SETTINGS["DOWNLOADER_MIDDLEWARES_BASE"].items() if name not in OWN}
LOOKING = SETTINGS | {
    "DOWNLOADER_MIDDLEWARES_BASE": MIDDLEWARES,
    "DOWNLOAD_TIMEOUT": 15,
    "DOWNLOAD_DELAY": 1.0,
    "RANDOMIZE_DOWNLOAD_DELAY": False,
    "CONCURRENT_REQUESTS": AT_ONCE,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "REDIRECT_MAX_TIMES": 5,
    "RETRY_TIMES": 1,
    "OUTAGE_PATIENCE": 0.0,  # s: who is away is looked for again another time
    "HTTPERROR_ALLOW_ALL": True,
}
assert "clients.satellite.robots.Robots" in MIDDLEWARES  # noqa: S101 — a look is as polite as a crawl

log = logging.getLogger(__name__)


class CheckSpider(Spider):
    name = "satellite-checks"
    reach: Reach
    pages: list[PageToCheck]
    results: list[CheckResult]

    async def start(self) -> AsyncIterator[Request]:
        for page in self.pages:
            kept: dict[str, Any] = {"page": page}
            try:
                url = addresses.page(page["url_from"])
            except ValueError:
                self._note(page, LinkVerdict("crawl_error", "no browser can open this address"))
                continue
            meta = kept | addresses.AS_IT_IS
            yield Request(url, self.look, errback=self.miss, dont_filter=True, cb_kwargs=kept, meta=meta)

    def look(self, response: Response, page: PageToCheck) -> None:
        self._note(page, judge(response, page["url_from"], page["url_to"]))

    def miss(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self._note(request.meta["page"], judge_failure(failure.value))

    def _note(self, page: PageToCheck, seen: LinkVerdict) -> None:
        result: CheckResult = {"check": page["check"], "outcome": seen.outcome, "detail": seen.detail}
        if seen.http_code:
            result["http_code"] = seen.http_code
        self.results.append(result)
        log.info("%s: %s, %s", page["url_from"], seen.outcome, seen.detail)


class Checks(Thread):
    """A thread of its own: the longest mission keeps no suspicion waiting. `loop` is where Scrapy runs."""

    def __init__(self, api: MissionControl, station: ClientState, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="checks", daemon=True)
        self._api = api.with_patience(PATIENCE, station.stopping)
        self._station = station
        self._loop = loop
        self._away = False

    def run(self) -> None:
        results: list[CheckResult] = []
        while not self._station.stopping.wait(0 if results else EVERY):
            try:
                pages = self._api.checks(self._station.id, results, limit=AT_ONCE)
                self._away, results = False, self._look(pages) if pages else []
            except SdkError as error:
                if not self._away:
                    log.warning("no page can be asked for, trying on: %s", error)
                self._away, results = True, []
            except Exception:
                log.exception("looking again at pages")
                results = []

    def _look(self, pages: list[PageToCheck]) -> list[CheckResult]:
        """What was seen of these pages; those not answered in time are left out."""
        results: list[CheckResult] = []
        future = asyncio.run_coroutine_threadsafe(_crawl(pages, results), self._loop)
        try:
            future.result(LONGEST)
        except TimeoutError:
            log.warning("some of %d pages took too long", len(pages))
        return list(results)


async def _crawl(pages: list[PageToCheck], results: list[CheckResult]) -> None:
    """Pages that may lie on private networks, and those that may not, each by a crawler of its own."""
    for allowed in (True, False):
        mine = [page for page in pages if bool(page.get("private_allowed")) is allowed]
        if mine:
            reach = Reach(everywhere=allowed)
            await AsyncCrawlerRunner(LOOKING).crawl(CheckSpider, pages=mine, results=results, reach=reach)

"""What stands between the spider and the web: which requests may go, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, cast

from clients.satellite import addresses
from clients.satellite.outcome import Circle, Passed, PrivateAddress
from clients.satellite.retries import retry_after
from clients.satellite.robots import is_robots

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from clients.satellite.run import Run
    from clients.satellite.spider import SiteSpider


class _OfRun:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def run(self) -> Run:
        return cast("SiteSpider", self._crawler.spider).run


class SameSite(_OfRun):
    """Holds redirects to the mission's sites, and to pages not fetched before. A robots.txt may lie elsewhere."""

    def process_request(self, request: Request) -> None:
        if is_robots(request):
            return
        run, url = self.run, addresses.page(request.url)
        passed = [addresses.page(before) for before in request.meta.get("redirect_urls", ())]
        if request.meta.get("admitted") == [*passed, url]:  # it is being tried again
            return
        if addresses.site(url) not in run.sites:
            self._admit(url)
        if url in passed:
            raise Circle("it redirects in a circle")
        if passed and not run.frontier.first_time(url):
            raise Passed("fetched already")
        request.meta["admitted"] = [*passed, url]

    def _admit(self, url: str) -> None:
        """Only the first page may lead from example.org to www.example.org, or back."""
        if self.run.plan.reach.refuses(url):
            raise PrivateAddress(addresses.host(url), addresses.host(url))
        first = self.run.tally.crawled == 0
        if not (first and addresses.same_but_www(addresses.site(url), addresses.site(self.run.plan.start))):
            raise Passed(f"it redirects to {url}, another site: submit that, or list it in allowed_sites")
        self.run.sites.add(addresses.site(url))


class Pacing(_OfRun):
    """Lets a request go when its host's turn has come; nothing goes while the mission is paused."""

    async def process_request(self, request: Request) -> None:
        await self.run.turn(addresses.host(request.url))

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in {429, 503}:
            self.run.pace.hold(addresses.host(request.url), retry_after(response, datetime.now(UTC)) or 0.0)
        return response

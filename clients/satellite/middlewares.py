"""What stands between the spider and the web: which requests may go, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.utils.httpobj import urlparse_cached

from clients.satellite import addresses
from clients.satellite.outcome import Circle, Passed

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from clients.satellite.run import Run
    from clients.satellite.spider import SiteSpider

EVERYTHING_FORBIDDEN = b"User-agent: *\nDisallow: /\n"


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
    """Holds redirects to the mission's sites, and to pages not fetched before."""

    def process_request(self, request: Request) -> None:
        run, url = self.run, addresses.page(request.url)
        passed = [addresses.page(before) for before in request.meta.get("redirect_urls", ())]
        if request.meta.get("admitted") == [*passed, url]:  # it is being tried again
            return
        if addresses.site(url) not in run.sites:
            self._admit(request, url)
        if url in passed:
            raise Circle("it redirects in a circle")
        if passed and not _is_robots(request) and not run.frontier.first_time(url):
            raise Passed("fetched already")
        request.meta["admitted"] = [*passed, url]

    def _admit(self, request: Request, url: str) -> None:
        """Only the first page may lead from example.org to www.example.org, or back."""
        first = self.run.tally.crawled == 0 and not _is_robots(request)
        if not (first and addresses.same_but_www(addresses.site(url), addresses.site(self.run.plan.start))):
            raise Passed(f"it redirects to {url}, another site: submit that, or list it in allowed_sites")
        self.run.sites.add(addresses.site(url))


class Robots(RobotsTxtMiddleware):
    """Of the requests that wait for a host's robots.txt, Scrapy's own tells its rules to the first alone: the others
    would go unasked."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        await super().robot_parser(request)
        return cast("RobotParser | None", self._parsers[urlparse_cached(request).netloc])


class Pacing(_OfRun):
    """Lets a request go when its host's turn has come; nothing goes while the mission is paused."""

    async def process_request(self, request: Request) -> None:
        await self.run.turn(addresses.host(request.url))

    def process_response(self, request: Request, response: Response) -> Response:
        seconds = (response.headers.get("Retry-After") or b"").decode("latin-1")
        if response.status in {429, 503} and seconds.isdigit():
            self.run.pace.hold(addresses.host(request.url), float(seconds))
        if _is_robots(request) and response.status >= 500:  # RFC 9309: then nothing may be fetched
            return response.replace(status=200, body=EVERYTHING_FORBIDDEN)
        return response


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))

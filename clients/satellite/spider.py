"""The spider: asks the run for the next address, and gives it what a page links to."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import StopDownload
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError

from clients.satellite import addresses, file_types, links
from clients.satellite.outcome import Passed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Headers, Response
    from twisted.python.failure import Failure

    from clients.satellite.guard import Reach
    from clients.satellite.run import Run

HTML = (b"text/html", b"application/xhtml+xml")
CHUNK = 500  # rows
GONE = (404, 410)
MOVED = 301

log = logging.getLogger(__name__)


class SiteSpider(Spider):
    name = "satellite"
    run: Run

    @property
    def reach(self) -> Reach:
        return self.run.plan.reach

    async def start(self) -> AsyncIterator[Request]:
        self.crawler.signals.connect(self.look_at_headers, signals.headers_received)
        while not self.run.over:
            if self.run.may_fetch():
                url, depth = self.run.next()
                kept = {"depth": depth}
                meta = dict(addresses.AS_IT_IS)
                yield Request(url, self.read, errback=self.miss, dont_filter=True, cb_kwargs=kept, meta=meta)
            else:
                await self.run.moment()

    def look_at_headers(self, headers: Headers, request: Request) -> None:
        """Only HTML is worth the transfer."""
        kind = headers.get("Content-Type")
        if request.callback == self.read and kind and not kind.lower().startswith(HTML):
            raise StopDownload(fail=False)

    async def read(self, response: Response, depth: int) -> None:
        try:
            await self._read_page(response, depth)
        except Passed as nothing:
            self.run.missed(nothing)
        except Exception as error:
            log.exception("%s could not be read", response.url)
            self.run.missed(error)
        finally:
            self.run.settle()

    def miss(self, failure: Failure) -> None:
        if isinstance(failure.value, HttpError) and failure.value.response.status in GONE:
            self._tell_pages(failure.value.response, self.run.now().isoformat())
        self.run.missed(failure.value)
        self.run.settle()

    async def _read_page(self, response: Response, depth: int) -> None:
        if not isinstance(response, HtmlResponse) or "download_stopped" in response.flags:
            raise Passed(f"{response.url} is no HTML page")
        tags = response.headers.getlist("X-Robots-Tag")
        page = links.read(response.text, response.url, tags, encoding=response.encoding)
        self.run.tally.blank = page.blank
        self._follow(page, depth)
        await self._send(self._outbound(page, response.url), response)
        self.run.landed(response.meta.get("download_latency", 0.0))

    def _follow(self, page: links.Page, depth: int) -> None:
        if page.nofollow:
            return
        for link in page.links:
            if addresses.site(link.url) in self.run.sites:
                self._queue(link.url, depth + 1)

    def _queue(self, url: str, depth: int) -> None:
        """Whether an address is HTML is found out by asking, unless it is certain without."""
        run = self.run
        ending = file_types.of_a_file(url)
        if len(url) > addresses.LONGEST:
            run.tally.left_out += run.frontier.left_out(url)
        elif ending:
            run.tally.endings[ending] += run.frontier.left_out(url)
        else:
            run.frontier.add(url, depth)

    def _outbound(self, page: links.Page, url: str) -> list[links.Link]:
        here = addresses.site(url)
        found = [link for link in page.links if addresses.site(link.url) != here]
        fitting = [link for link in found if len(link.url) <= addresses.LONGEST]
        self.run.tally.left_out += len(found) - len(fitting)
        self.run.tally.impossible += page.refused
        return fitting

    async def _send(self, found: list[links.Link], response: Response) -> None:
        now, rest = self.run.now().isoformat(), iter(found)
        while chunk := list(islice(rest, CHUNK)):
            await self.run.room()
            self.run.outbox.put(self._row(link, response, now) for link in chunk)
        self._tell_pages(response, now)

    def _tell_pages(self, response: Response, now: str) -> None:
        """The page was read whole, and so were those that only lead to it: links known from them are there or gone."""
        for url in (*response.meta.get("redirect_urls", ()), response.url):
            code = response.status if url == response.url else MOVED
            self.run.outbox.put_page({"url": url, "fetched_at": now, "http_code": code})

    def _row(self, link: links.Link, response: Response, now: str) -> dict[str, Any]:
        return {
            "url_from": response.url,
            "url_to": link.url,
            "anchor": link.anchor,
            "rel": link.rel,
            "http_code": response.status,
            "discovered_date": now,
            "last_fetched_at": now,
            "job_id": self.run.plan.job_id,
            "source": self.name,
        }

"""What is fetched again, and when: a site that restarts is waited for, one page that fails is not waited for long."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from clients.satellite import addresses
from clients.satellite.outcome import reason
from clients.satellite.throttle import LONGEST_HOLD

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PASSING = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
AWAY = frozenset({429, 502, 503, 504})  # what a site says, or a proxy before it, while it restarts
ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
LONGEST_PAUSE = 10.0  # s between two tries
TOLERANCE = 10.0  # s that two clocks may differ unnoticed


class Retries:
    """`RETRY_TIMES` more tries for anything that may pass; while a whole host is away as many as fit into
    `OUTAGE_PATIENCE` seconds from its first failure."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._times = crawler.settings.getint("RETRY_TIMES")
        self._patience = crawler.settings.getfloat("OUTAGE_PATIENCE")
        self._away_since: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        run = getattr(self._crawler.spider, "run", None)
        wait = request.meta.pop("not_before", 0.0) - monotonic()
        if run:
            await run.rest(wait)
        elif wait > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in PASSING:
            self._away_since.pop(addresses.host(request.url), None)
            return response
        asked = retry_after(response, datetime.now(UTC)) if response.status in {429, 503} else None
        error = RuntimeError(f"answered {response.status}")
        return self._again(request, error, away=response.status in AWAY, rest=asked or 0.0) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if not isinstance(exception, ERRORS):
            return None
        return self._again(request, exception, away=isinstance(exception, DownloadConnectionRefusedError))

    def _again(self, request: Request, error: Exception, *, away: bool, rest: float = 0.0) -> Request | None:
        now, tries = monotonic(), request.meta.get("retry_times", 0)
        failed_at = request.meta.setdefault("failed_at", now)
        since = min(self._away_since.setdefault(addresses.host(request.url), now), failed_at) if away else failed_at
        most = tries + 1 if away and now - since < self._patience else self._times
        spider: Any = self._crawler.spider
        again = get_retry_request(request, spider=spider, reason=reason(error), max_retry_times=most)
        if again:
            again.meta["not_before"] = now + max(pause(tries), min(rest, LONGEST_HOLD))
        return again


def pause(tries: int) -> float:
    """Seconds before the next try: twice as long each time, and never the same for all who wait."""
    return min(LONGEST_PAUSE, 2.0**tries) * random.uniform(0.6, 1.0)  # noqa: S311 — no secret


def retry_after(response: Response, now: datetime) -> float | None:
    """The seconds that an answer asks to be left alone: a number, or one of HTTP's three forms of a date. A date is
    read by the clock of who wrote it, where that differs from ours."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    try:
        return max(0.0, float(value)) if value[:1].isdigit() or value[:1] == "." else _until(value, response, now)
    except ValueError:
        return None


def _until(value: str, response: Response, now: datetime) -> float | None:
    until = _date(value)
    if until is None:
        return None
    theirs = _date((response.headers.get("Date") or b"").decode("latin-1"))
    if theirs and abs((theirs - now).total_seconds()) > TOLERANCE:
        now = theirs
    return max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)

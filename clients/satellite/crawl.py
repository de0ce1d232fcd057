"""How Scrapy is set up: the few of its parts that this satellite uses, and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner

from clients.satellite.robots_directives import PRODUCT
from clients.satellite.spider import SiteSpider
from clients.sdk import VERSION

if TYPE_CHECKING:
    from clients.satellite.run import Run

LARGEST_PAGE = 8 * 1024 * 1024  # bytes

BUILT_IN = "scrapy.downloadermiddlewares"
SETTINGS: dict[str, Any] = {
    "USER_AGENT": f"{PRODUCT}/{VERSION}",
    "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
    "DOWNLOAD_WARNSIZE": 0,
    "RETRY_TIMES": 2,
    "OUTAGE_PATIENCE": 45.0,  # s: a site that restarts fails no mission
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    "REDIRECT_MAX_TIMES": 10,
    "CONCURRENT_ITEMS": 1,  # the spider yields none, and every answer would start so many tasks to wait for them
    # Only what is used: every further part costs memory, and reads settings nobody here meant.
    "DOWNLOADER_MIDDLEWARES_BASE": {
        "clients.satellite.middlewares.SameSite": 50,
        "clients.satellite.robots.Robots": 100,
        f"{BUILT_IN}.downloadtimeout.DownloadTimeoutMiddleware": 350,
        f"{BUILT_IN}.defaultheaders.DefaultHeadersMiddleware": 400,
        f"{BUILT_IN}.useragent.UserAgentMiddleware": 500,
        "clients.satellite.retries.Retries": 550,
        "clients.satellite.unpacking.Unpacking": 590,
        "clients.satellite.redirects.Redirects": 600,
        f"{BUILT_IN}.httpproxy.HttpProxyMiddleware": 750,
        "clients.satellite.middlewares.Pacing": 900,
    },
    "SPIDER_MIDDLEWARES_BASE": {
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
        "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
    },
    "EXTENSIONS_BASE": {},
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "clients.satellite.guard.Handler")
    | dict.fromkeys(("data", "file", "s3", "ftp")),
}


async def crawl(run: Run) -> None:
    """Fetches until the run is over. Failures of single pages are in its tally; anything raised here is a defect."""
    limits = {
        "DOWNLOAD_TIMEOUT": run.plan.timeout_seconds,  # from the request to the last byte
        "CONCURRENT_REQUESTS": run.plan.concurrency + 4,  # robots.txt and retries pass beside the pages
        "CONCURRENT_REQUESTS_PER_DOMAIN": run.plan.concurrency,
    }
    await AsyncCrawlerRunner(SETTINGS | limits).crawl(SiteSpider, run=run)

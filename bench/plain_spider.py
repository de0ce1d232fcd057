"""python -m bench.plain_spider URL CONCURRENCY: a site read by Scrapy as its documentation shows it, the peer of the
satellite; prints seconds, pages and links to other sites."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response


class PlainSpider(Spider):
    name = "plain"

    def parse(self, response: Response) -> Iterator[Any]:
        here = urlsplit(response.url).netloc
        for link in LinkExtractor(unique=True).extract_links(response):
            if urlsplit(link.url).netloc == here:
                yield response.follow(link)
            else:
                yield {"url_from": response.url, "url_to": link.url, "anchor": link.text, "nofollow": link.nofollow}


def main(url: str, concurrency: int) -> None:
    settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": concurrency + 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(PlainSpider)
    begun: list[float] = []
    crawler.signals.connect(lambda: begun.append(time.perf_counter()), signals.engine_started, weak=False)
    process.crawl(crawler, start_urls=[url])
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    seconds = time.perf_counter() - begun[0]
    print(seconds, stats.get("downloader/response_status_count/200", 0), stats.get("item_scraped_count", 0))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""Whole missions on the whole product: a page of sixty thousand links among ordinary ones, read twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from tests.product import Product
from tests.sites import Site, ring, website
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

PAGES, BIG, GONE = 200, 60_000, 100
LONGEST_S = 240.0


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home")
        try:
            yield product.wait_ready()
        finally:
            product.stop()


@pytest.fixture(scope="module")
def http(product: Product) -> Iterator[httpx.Client]:
    made = product.command("key", "create", "tests", "--scopes", "operate,read")
    headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    with httpx.Client(base_url=product.url, headers=headers, timeout=30) as http:
        yield http


def crawled(http: httpx.Client, site: Site) -> dict[str, Any]:
    """The mission when it has ended."""
    order = {"job_type": "full_site_crawl", "target_url": f"{site.url}/", "config": {"delay_seconds": 0}}
    job: dict[str, Any] = http.post("/api/v1/missions", json=order).raise_for_status().json()
    deadline = time.monotonic() + LONGEST_S
    while not job["completed_time"]:
        assert time.monotonic() < deadline, job
        time.sleep(0.5)
        job = http.get(f"/api/v1/missions/{job['job_id']}").raise_for_status().json()
    return job


def states(product: Product) -> dict[str, int]:
    with psycopg.connect(product.addresses()["DATABASE_URL"]) as connection:
        return dict(connection.execute("select link_state, count(*) from backlinks group by 1").fetchall())


def big_page(site: Site, links: range) -> None:
    site.page("/big", "".join(f'<a href="https://t{n % 300}.example/{n}">{n}</a>' for n in links))


def test_a_page_of_sixty_thousand_links_ends_and_its_losses_are_suspected(product: Product, http: httpx.Client) -> None:
    with website() as site:
        ring(site, PAGES)
        site.page("/", site.pages["/"].body.decode() + '<a href="/big">big</a>')
        big_page(site, range(BIG))
        first = crawled(http, site)
        assert (first["status"], first["pages_crawled"], first["message"]) == ("completed", PAGES + 1, None)
        assert first["links_found"] == sum(states(product).values()) == 5 * PAGES + BIG
        big_page(site, range(GONE, BIG))
        assert crawled(http, site)["status"] == "completed"
        assert states(product)["live"] == 5 * PAGES + BIG - GONE

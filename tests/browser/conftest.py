from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from redis import Redis
from sqlalchemy import text

from data.db import transaction
from tests.browser import chromium, states
from tests.browser.site import Publisher, Site, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Services


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.webdriver.Chrome]:
    driver = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def site(services: Services) -> Iterator[Site]:
    """A database and a Valkey database to ourselves: the names of the live channel are fixed."""
    url = services.redis_url.rpartition("/")[0] + "/8"
    with Redis.from_url(url) as redis, open_site(services, url, redis) as site:
        yield site


@pytest.fixture
def publisher(site: Site) -> Iterator[Publisher]:
    publisher = Publisher(site.redis, states.busy)
    publisher.publish()
    thread = threading.Thread(target=publisher.follow, daemon=True)
    thread.start()
    yield publisher
    publisher.end()
    thread.join()


@pytest.fixture
def screen(driver: chromium.webdriver.Chrome, site: Site, publisher: Publisher) -> chromium.Screen:
    """A signed-in operator's desk, with a publisher that tells of a busy day."""
    assert publisher
    with transaction(site.services.engine) as connection:  # a run of tests opens more tabs than a day of people
        connection.execute(text("delete from screens"))
    return chromium.desk(driver, site)

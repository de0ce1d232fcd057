"""An unattended wall comes back by itself, whatever was away when it was opened."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from data.areas import PAGES
from tests.browser.axe import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen
    from tests.browser.site import Site
    from tests.support import Services

ENDED = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
ALLOWED = sql.SQL("alter database {} allow_connections {}")


@contextmanager
def postgres_away(services: Services, site: Site) -> Iterator[None]:
    """The site's database takes nobody, and everybody is out."""
    address = site.services.settings.database_url
    assert address
    name = address.get_secret_value().rpartition("/")[2]
    with psycopg.connect(services.admin_url, autocommit=True) as connection:
        connection.execute(ALLOWED.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute(ENDED, [name])
        try:
            yield
        finally:
            connection.execute(ALLOWED.format(sql.Identifier(name), sql.SQL("true")))


def test_a_wall_that_is_opened_while_postgresql_is_away_comes_back_by_itself(
    screen: Screen, site: Site, services: Services
) -> None:
    screen.size("wall")
    screen.go("/")  # signed in, all is well
    with postgres_away(services, site):
        screen.driver.get(f"{site.url}/?kiosk")
        screen.until(lambda: screen.all("[data-trouble=passes]"))
        first = screen.text("[data-clock]")
        screen.until(lambda: screen.text("[data-clock]") != first)
        assert "temporarily unavailable" in screen.text("main")
        assert "{" not in screen.text("body")
        ground = screen.run("return getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in ground.strip("rgba()").split(",")[:3]) < 40
        assert findings(screen) == []
    screen.until(lambda: screen.all(".page") and screen.link == "live", seconds=30)
    assert screen.driver.current_url.endswith("/?kiosk")


def test_a_page_whose_layout_cannot_be_had_asks_until_it_comes(screen: Screen, site: Site) -> None:
    screen.driver.execute_cdp_cmd("Network.enable", {})
    screen.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/_dash-layout*", "*/_dash-dependencies*"]})
    try:
        screen.driver.get(site.url + "/")
        screen.until(lambda: "comes back by itself" in screen.text("body"))
    finally:
        screen.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    screen.until(lambda: screen.all(".page") and screen.link == "live", seconds=20)


def test_an_address_of_nothing_stands_in_the_frame(screen: Screen, site: Site) -> None:
    screen.driver.get(f"{site.url}/no/such/page")
    screen.until(lambda: "page not found" in screen.text("#content").lower())
    assert screen.all(".nav")
    assert {one.text for one in screen.all(".not-found .ways a")} == {area.title for area in PAGES}
    box = screen.run("const b = document.querySelector('.not-found').getBoundingClientRect(); return [b.left, b.right]")
    whole = screen.run("const b = document.querySelector('#content').getBoundingClientRect(); return [b.left, b.right]")
    assert abs((box[0] - whole[0]) - (whole[1] - box[1])) < 3  # in the middle
    assert findings(screen) == []

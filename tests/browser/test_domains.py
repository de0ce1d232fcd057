"""The Domains page in a person's hands: the address holds what was asked, the calculator explains, a click watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import text

from data.db import transaction
from data.domains.streams import DOMAINS, DomainRow
from data.ingest.store import store
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen
    from tests.browser.site import Site

HUNTER = "#domains-hunter"
WATCH = f"{HUNTER} button[aria-label='Watch gold.com']"


@pytest.fixture
def market(site: Site) -> Iterator[Site]:
    rows = [("gold.com", 9000, 60), ("silver.net", 2000, 40), ("bronze.com", 400, 70)]
    told = [
        DomainRow(domain_name=name, estimated_value=value, domain_authority=authority, availability_status="available")
        for name, value, authority in rows
    ]
    with transaction(site.services.engine) as connection:
        store(connection, SYSTEM, DOMAINS, told)
    yield site
    with transaction(site.services.engine) as connection:
        for table in ("watched_domains", "domain_lookups", "domain_history", "domains"):
            connection.execute(text(f"delete from {table}"))


def listed(screen: Screen) -> list[str]:
    return [one.text for one in screen.all(f"{HUNTER} .domain-link")]


def test_an_address_shows_the_same_to_whoever_opens_it_and_a_filter_changes_it(screen: Screen, market: Site) -> None:
    assert market
    screen.go("/domains?var-tld=com&var-sort=authority")
    screen.until(lambda: listed(screen) == ["bronze.com", "gold.com"])
    box = screen.one(".filter-da input")
    box.send_keys("65", Keys.ENTER)
    screen.until(lambda: listed(screen) == ["bronze.com"])
    assert "var-da=65" in screen.run("return location.search")
    screen.run("history.back()")
    screen.until(lambda: listed(screen) == ["bronze.com", "gold.com"])
    assert screen.complaints() == []


def test_the_calculator_explains_any_domain_and_names_what_is_none(screen: Screen, market: Site) -> None:
    assert market
    screen.go("/domains")
    screen.until(lambda: "Which domain?" in screen.text("#domains-value"))
    screen.one(".filter-value input").send_keys("gold.com", Keys.ENTER)
    screen.until(lambda: "authority 60 of 100" in screen.text("#domains-value"))
    assert "Not known, so the band is wider" in screen.text("#domains-value")
    screen.go("/domains?var-value=nonsense")
    screen.until(lambda: "Not a valid domain name" in screen.text("#domains-value"))
    assert screen.complaints() == []


def test_watching_a_domain_is_one_click_and_its_page_knows(screen: Screen, market: Site) -> None:
    screen.go("/domains")
    screen.until(lambda: screen.all(WATCH))
    screen.one(WATCH).click()
    screen.until(lambda: "gold.com" in screen.text("#domains-watched"))
    with transaction(market.services.engine) as connection:
        assert connection.scalar(text("select added_by from watched_domains")) == "operator@example.org"
    screen.go("/domains/gold.com")
    screen.until(lambda: "Unwatch" in screen.text("#domains-own-facts"))
    screen.go("/domains/never-heard-of.com")
    screen.until(lambda: "No data on" in screen.text("#domains-own-facts"))
    screen.go("/domains/no%20name")
    screen.until(lambda: "Not a valid domain name" in screen.text("#domains-own-facts"))
    assert screen.complaints() == []

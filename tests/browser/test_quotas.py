"""The Quotas page in a person's hands: why a query goes where it goes, a drill that ends, a catalogue to edit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from sqlalchemy import text

from clients.simulator.providers.server import Standins
from components.quotas import ids
from data import partitions
from data.db import transaction
from data.permissions import Actor, Permission
from data.quotas.forecast import commands
from data.quotas.routing import calls
from data.quotas.routing.gateway import ProviderGateway
from data.quotas.routing.queries import parse_query
from tasks.refresh import bring_up_to_date
from tests.browser import states
from tests.browser.chromium import SCREENS, desk
from tests.browser.measure import NO_FAULTS, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import chromium
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

BUYER = Actor("key", "buyer", "buyer", frozenset({Permission.QUOTAS_CALL}), simulated=True)
LEFT_BEHIND = (
    "api_usage",
    "api_decisions",
    "api_cache",
    "api_reservations",
    "api_forecasts",
    "api_quota_state",
    "rollup_api_usage_hourly",
    "rollup_api_usage_daily",
)
PAST = """
insert into api_usage (provider, at, credits, simulated, query_type, outcome, latency_ms)
select 'serpstack', :now - i * interval '7 hours', 5, true, 'search', 'ok', 400 from generate_series(1, 100) i
"""


@pytest.fixture(scope="module")
def market(site: Site) -> Iterator[Site]:
    """A server whose simulated calls reach stand-ins, where some were made, and a month before them; its origin is not
    the one that the sockets allow, so it is asked."""
    with Standins().serving() as standins, site.beside(standins_url=standins.url, websocket_enabled=False) as market:
        desk = ProviderGateway(market.services)
        with transaction(market.services.engine) as connection:
            partitions.ensure_ahead(connection)
            connection.execute(text(PAST), {"now": datetime.now(UTC)})
        for number in range(3):
            calls.call(desk, BUYER, parse_query("search", {"q": f"wall screens {number}"}), "normal")
        calls.call(desk, BUYER, parse_query("contact", {"domain": "acme.io"}), "high")
        while bring_up_to_date(market.services):
            pass
        commands.make_forecasts(market.services, desk, datetime.now(UTC))
        desk.close()
        yield market
    with transaction(site.services.engine) as connection:
        for table in LEFT_BEHIND:
            connection.execute(text(f"delete from {table}"))
        connection.execute(text("update api_providers set drill_until = null"))
        connection.execute(text("update api_providers set quota = 1000 where provider = 'serpstack'"))


@pytest.fixture
def page(driver: chromium.webdriver.Chrome, market: Site, publisher: Publisher) -> Screen:
    """An operator's desk in front of that server."""
    assert publisher
    return desk(driver, market)


def stored(market: Site, sql: str) -> object:
    with transaction(market.services.engine) as connection:
        return connection.scalar(text(sql))


def pick(page: Screen, name: str, option: str) -> None:
    """Chooses from a drop-down, as a person does: opens it, clicks the words."""
    page.until(lambda: page.run("return document.getElementById(arguments[0])", name))
    page.run("const e = document.getElementById(arguments[0]); e.scrollIntoView({block: 'center'}); e.click()", name)
    words = f"//*[contains(@class,'dash-dropdown-option')][normalize-space()='{option}']"
    page.until(lambda: page.driver.find_elements(By.XPATH, words))
    page.driver.find_element(By.XPATH, words).click()


def control(var: str) -> str:
    return f'{{"type":"quotas-filter","var":"{var}"}}'


def test_before_the_first_call_every_panel_says_what_will_bring_it(screen: Screen, publisher: Publisher) -> None:
    publisher.state = states.empty
    publisher.publish()
    screen.go("/quotas")
    screen.until(lambda: "No drill is running." in screen.text(f"#{ids.DRILLS}"))
    screen.until(lambda: "No API provider yet." in screen.text("#panel-quota-bars"))
    screen.until(lambda: "Nothing was routed yet." in screen.text(f"#{ids.LOG}"))
    for size in ("wall", "phone"):
        screen.size(size)
        found = measured(screen, size)
        assert found["faults"] == NO_FAULTS, size
        assert found["wide"] <= 0, size
    assert screen.complaints() == []


def test_what_if_explains_the_choice_and_stands_in_the_address(page: Screen) -> None:
    page.go("/quotas?var-type=search", link="polling")
    page.until(lambda: "at priority normal" in page.text(f"#{ids.WHAT_IF}"))
    assert "serpstack" in page.text(f"#{ids.WHAT_IF} .why").lower()
    pick(page, control("priority"), "high")
    page.until(lambda: "at priority high" in page.text(f"#{ids.WHAT_IF}"))
    assert "var-priority=high" in page.run("return location.search")
    assert stored(page.site, "select count(*) from api_decisions") == 4  # nothing was routed by asking
    assert page.complaints() == []


def test_a_drill_is_started_with_two_clicks_changes_the_choice_and_ends_by_itself(page: Screen) -> None:
    page.go("/quotas?var-type=search", link="polling")
    pick(page, ids.DRILL_PROVIDER, "serpstack")
    page.one(f"#{ids.DRILL_START}").click()
    page.until(lambda: "serpstack has a simulated outage: ends by itself in" in page.text(f"#{ids.DRILLS}"))
    page.until(lambda: "failover drill" in page.text(f"#{ids.WHAT_IF}"))
    with transaction(page.site.services.engine) as connection:
        connection.execute(
            text("update api_providers set drill_until = :at"), {"at": datetime.now(UTC) + timedelta(seconds=2)}
        )
    page.until(lambda: "No drill is running." in page.text(f"#{ids.DRILLS}"), seconds=30)
    assert page.complaints() == []


def test_the_routing_log_unfolds_why_this_one(page: Screen) -> None:
    page.go("/quotas", link="polling")
    page.until(lambda: len(page.all(f"#{ids.LOG} .route")) == 4)
    assert "candidates" not in page.text(f"#{ids.LOG} .route-why").lower()
    page.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", f"#{ids.LOG} .route")
    page.until(lambda: page.one(f"#{ids.LOG} .route summary").click() is None)  # asked again if drawn anew meanwhile
    page.until(lambda: "hunter_io" in page.text(f"#{ids.LOG} .route-why table"))
    assert page.text(f"#{ids.LOG} .route-why p")
    assert page.complaints() == []


def test_an_administrator_edits_the_catalogue_and_a_wrong_record_is_named(page: Screen) -> None:
    page.sign_in("admin")
    page.go("/quotas", link="polling")
    box = f"#{ids.CATALOGUE}"
    page.until(lambda: "provider: serpstack" in str(page.run("return document.querySelector(arguments[0]).value", box)))
    written = str(page.run("return document.querySelector(arguments[0]).value", box))
    assert written.count("quota: 1000") >= 1
    save(page, written.replace("quota: 1000", "quota: 1234", 1))
    page.until(lambda: stored(page.site, "select quota from api_providers where provider = 'serpstack'") == 1234)
    page.until(lambda: "The catalogue is saved" in page.text("body"))
    save(page, written.replace("quota: 1000", "quota: -5", 1))
    page.until(lambda: "quota" in page.text(f"#{ids.CATALOGUE_ERROR}"))
    assert stored(page.site, "select quota from api_providers where provider = 'serpstack'") == 1234
    assert page.complaints() == []


def test_a_viewer_reads_the_catalogue_and_is_refused_if_the_button_is_pressed_all_the_same(page: Screen) -> None:
    page.sign_in("viewer")
    page.go("/quotas", link="polling")
    box, button = f"#{ids.CATALOGUE}", f"#{ids.CATALOGUE_SAVE}"
    page.until(lambda: "provider: serpstack" in str(page.run("return document.querySelector(arguments[0]).value", box)))
    before = stored(page.site, "select edited_at from api_providers where provider = 'serpstack'")
    assert not page.one(button).is_displayed()
    assert not page.one(f"#{ids.DRILL_START}").is_displayed()
    page.run("document.querySelector(arguments[0]).click()", button)
    page.until(lambda: any("403" in said for said in page.complaints()))
    assert stored(page.site, "select edited_at from api_providers where provider = 'serpstack'") == before


def save(page: Screen, document: str) -> None:
    """Writes the whole document into the box, as somebody does who pastes it, and presses the button."""
    script = """const e = document.querySelector(arguments[0]);
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(e, arguments[1]);
      e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true}));
      e.focus(); e.blur(); document.querySelector(arguments[2]).scrollIntoView({block: 'center'});"""
    page.run(script, f"#{ids.CATALOGUE}", document, f"#{ids.CATALOGUE_SAVE}")
    page.one(f"#{ids.CATALOGUE_SAVE}").click()


def test_nothing_overlaps_spills_or_is_too_small_on_any_screen(page: Screen) -> None:
    page.sign_in("admin")
    page.go("/quotas", link="polling")
    page.until(lambda: page.all(f"#{ids.CLOCKS} tbody tr") and page.all(f"#{ids.LOG} .route"))
    for size in SCREENS:
        page.size(size)
        found = measured(page, size)
        assert found["faults"] == NO_FAULTS, size
        assert found["wide"] <= 0, size
    assert page.complaints() == []

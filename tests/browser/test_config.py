"""CONFIG: what a person chooses has its effect on every page, is kept by the server, and is nobody else's."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from sqlalchemy import text

from data.db import transaction
from data.missions import commands
from tests.browser import states
from tests.browser.axe import findings
from tests.callers import commanded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

FIELD = """
return [...document.querySelectorAll('[id*=shell-config-field]')].find((e) => JSON.parse(e.id).name === arguments[0]);
"""
GROUND = "return getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()"
NIGHT, DAY = "#05080f", "#eef2f8"
CARD = "#panel-card-pages"
TIME = ".facts time"
TOKYO = {"time_zone": "Asia/Tokyo"}


@pytest.fixture(autouse=True)
def nobody_chose(site: Site, screen: Screen) -> Iterator[None]:
    yield
    screen.run("localStorage.clear()")
    with transaction(site.services.engine) as connection:
        connection.execute(text("delete from preferences"))
        connection.execute(text("delete from layout_views"))


def opened(screen: Screen) -> None:
    screen.one("#shell-config-open").click()
    screen.until(lambda: screen.all(".offcanvas.show") and screen.run(FIELD, "time_zone").get_property("value"))


def field(screen: Screen, name: str) -> WebElement:
    found: WebElement = screen.run(FIELD, name)
    return found


def write(screen: Screen, name: str, words: str) -> None:
    box = field(screen, name)
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(words, Keys.TAB)


def saved(screen: Screen) -> None:
    screen.until(lambda: screen.text(".config-said") == "Saved.")


def chosen(site: Site) -> dict[str, Any]:
    with transaction(site.services.engine) as connection:
        return dict(connection.scalar(text("select chosen from preferences")) or {})


def test_what_is_chosen_shows_at_once_is_kept_and_is_nobody_elses(screen: Screen, site: Site) -> None:
    screen.go("/")
    opened(screen)
    assert findings(screen) == []
    Select(field(screen, "theme")).select_by_value("day")
    screen.until(lambda: screen.run(GROUND) == DAY)
    assert findings(screen) == []
    write(screen, "time_zone", "Asia/Tokyo")
    screen.until(lambda: chosen(site).get("time_zone") == "Asia/Tokyo")
    write(screen, "time_zone", "Mars/Olympus")
    screen.until(lambda: "must be a time zone" in screen.text(".config-said"))
    assert chosen(site)["time_zone"] == "Asia/Tokyo"
    screen.go("/missions")
    screen.until(lambda: screen.run(GROUND) == DAY)
    assert findings(screen) == []
    screen.sign_in("viewer")
    screen.run("localStorage.clear()")
    screen.go("/")
    assert screen.run(GROUND) == NIGHT


def test_high_contrast_keeps_nobody_out(screen: Screen) -> None:
    for path in ("/", "/missions"):
        screen.go(f"{path}?theme=contrast")
        screen.until(lambda: screen.run(GROUND) == "#000000")
        assert findings(screen) == []


def test_times_stand_in_the_zone_of_display_and_the_mission_clock_in_utc(screen: Screen, site: Site) -> None:
    mission = commanded(site.services, commands.submit, job_type="domain_audit", target_url="acme.io", config={})[
        "job_id"
    ]
    screen.go(f"/missions?job={mission}")
    screen.until(lambda: screen.text(TIME).endswith(" Z"))
    screen.run(
        "const { preferences } = MissionControl; preferences.choose({ ...preferences.chosen(), ...arguments[0] })",
        TOKYO,
    )
    screen.until(lambda: screen.text(TIME).endswith(" GMT+9"))
    created = screen.one(TIME).get_attribute("datetime")
    assert screen.text(TIME).startswith(f"{datetime.fromisoformat(created) + timedelta(hours=9):%Y-%m-%d %H:%M:%S}")
    screen.go(f"/missions?job={mission}")
    screen.until(lambda: screen.text(TIME).endswith(" GMT+9"))
    assert screen.text(".clock").endswith(" Z")


def test_an_address_has_its_own_theme_and_refresh(screen: Screen) -> None:
    screen.go("/?theme=day&refresh=5s")
    assert screen.run(GROUND) == DAY
    assert screen.run("return MissionControl.preferences.refresh()") == 5
    screen.go("/?theme=pink&refresh=often")
    assert screen.run(GROUND) == NIGHT
    assert screen.run("return MissionControl.preferences.refresh()") == 1


def test_figures_change_as_often_as_a_person_wants_and_the_link_is_told_at_once(
    screen: Screen, publisher: Publisher
) -> None:
    screen.go("/?refresh=60s")
    screen.until(lambda: screen.text(".card-number") == "26")
    publisher.state = lambda now: states.busy(now) | {"summary": states.busy(now)["summary"] | {"active_jobs": 31}}
    time.sleep(2.5)
    assert screen.text(".card-number") == "26"
    assert screen.text("#panel-card-missions .freshness").startswith("LIVE")
    publisher.silent.set()
    screen.until(lambda: screen.one('[data-banner="box"]').is_displayed(), seconds=10)
    publisher.silent.clear()
    screen.run("MissionControl.address.put({refresh: '1s'})")
    screen.until(lambda: screen.text(".card-number") == "31")


def test_a_view_is_renamed_where_it_is_chosen(screen: Screen) -> None:
    screen.go("/")
    opened(screen)
    screen.one("#config-view-name").send_keys("Night shift")
    pressed(screen, "Save as view")
    screen.until(lambda: "Night shift" in screen.text("#config-view"))
    screen.one("#config-view-name").send_keys("Early shift")
    pressed(screen, "Rename this view")
    screen.until(lambda: "Early shift" in screen.text("#config-view"))
    assert "Night shift" not in screen.text("#config-view")
    assert screen.complaints() == []


def pressed(screen: Screen, words: str) -> None:
    [button] = [one for one in screen.all(".config-part button") if one.text == words]
    button.click()


def test_a_threshold_that_is_crossed_is_seen_and_heard(screen: Screen, site: Site, publisher: Publisher) -> None:
    screen.go("/missions")
    screen.go("/")
    screen.run("window.heard = 0; addEventListener('mc:sound', () => { window.heard += 1; })")
    opened(screen)
    field(screen, "sound").click()
    write(screen, "critical:pages_per_minute", "1500")
    screen.until(lambda: chosen(site).get("thresholds"))
    assert chosen(site)["sound"] is True
    assert chosen(site)["thresholds"] == {"pages_per_minute": {"caution": None, "critical": 1500.0}}
    screen.until(lambda: screen.one(CARD).get_attribute("data-tone") == "critical")
    assert screen.one(f"{CARD} .symbol").get_attribute("data-status") == "critical"
    screen.until(lambda: screen.run("return window.heard") == 1)
    screen.until(lambda: screen.one(f"{CARD} .spark-threshold").get_attribute("points"))
    write(screen, "critical:pages_per_minute", "900")
    screen.until(lambda: screen.one(CARD).get_attribute("data-tone") is None)
    write(screen, "caution:pages_per_minute", "500")
    screen.until(lambda: "must lie below" in screen.text(".config-said"))
    publisher.state = states.busy


def test_a_panel_that_is_not_wanted_goes_and_comes_back(screen: Screen) -> None:
    screen.go("/")
    opened(screen)
    row = "[...document.querySelectorAll('.config-check')].find((e) => e.innerText === 'API quota status')"
    box = f"return {row}.firstChild"
    screen.run(box).click()
    screen.until(lambda: not screen.one("[data-panel=quotas]").is_displayed())
    screen.go("/")
    screen.until(lambda: not screen.one("[data-panel=quotas]").is_displayed())
    opened(screen)
    screen.run(box).click()
    screen.until(lambda: screen.one("[data-panel=quotas]").is_displayed())

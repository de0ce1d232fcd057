"""Panels that people arrange: by mouse, touch and keyboard, kept for the person and the screen, shared as views."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from sqlalchemy import text

from data.db import transaction
from tests.browser import chromium
from tests.browser.axe import findings
from tests.browser.chromium import Screen
from tests.browser.measure import NO_FAULTS, TOUCH, measured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.site import Publisher, Site

PLACES = """
const at = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height].map(Math.round); };
return Object.fromEntries([...document.querySelectorAll('.place')].filter((e) => e.getBoundingClientRect().width)
  .map((e) => [e.dataset.panel, at(e)]));
"""
MIDDLE = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return [box.x + box.width / 3, box.y + box.height / 2];
"""
# The views of every chart are new: each is drawn again.
ASK_AGAIN = (
    "dash_clientside.set_props('live-stamps', { data: { mv_daily_job_stats: { version: 1e6 + arguments[0] } } });"
)
# How many components of a kind Dash believes to be on the page.
LISTENING = """
const paths = window.dash_stores[0].getState().paths;
return Object.values(paths.objs).flat().filter((one) => one.values.includes(arguments[0])).length;
"""
SHIFT = """
return performance.getEntriesByType('layout-shift').reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0);
"""


@pytest.fixture(autouse=True)
def nobody_arranged(site: Site) -> Iterator[None]:
    yield
    with transaction(site.services.engine) as connection:
        connection.execute(text("delete from layout_views"))
        connection.execute(text("delete from preferences"))


def places(screen: Screen) -> dict[str, list[int]]:
    found: dict[str, list[int]] = screen.run(PLACES)
    return found


def arrange(screen: Screen) -> None:
    screen.run("document.querySelector('#shell-config-open').click()")  # on the phone it stands below what still grows
    screen.until(lambda: screen.all("[data-config-page] .button-main"))
    screen.one("[data-config-page] .button-main").click()
    screen.until(lambda: screen.all(".arranging-bar") and not screen.all(".offcanvas"))


def said(screen: Screen) -> str:
    return screen.text(".arranging-said")


def save(screen: Screen) -> None:
    screen.one(".arranging-bar .button-main").click()
    screen.until(lambda: not screen.all(".arranging-bar"))


def press(screen: Screen, panel: str, *keys: str) -> str:
    screen.one(f"[data-mover={panel}]").send_keys(*keys)
    return said(screen)


def entered(screen: Screen, path: str = "/") -> dict[str, list[int]]:
    """Where panels stand on a page that is loaded anew."""
    screen.go(path)
    screen.until(lambda: screen.run("return !document.documentElement.dataset.arrangement"))
    return places(screen)


def drag(screen: Screen, grip: str, *ways: tuple[int, int], to: str | None = None) -> None:
    hand = ActionChains(screen.driver, duration=50).click_and_hold(screen.one(grip))
    for x, y in ways:
        hand.move_by_offset(x, y)
    if to:
        hand.move_to_element(screen.one(to))
    hand.pause(0.1).release().perform()


def test_an_arrangement_follows_its_person_to_another_browser_and_nobody_else(
    screen: Screen, site: Site, publisher: Publisher, tmp_path: Path
) -> None:
    assert publisher
    screen.size("desk-1440")
    usual = entered(screen)
    arrange(screen)
    drag(screen, "[data-mover=quotas]", (-300, 0), to="[data-mover=discoveries]")
    screen.until(lambda: said(screen) == "API quota status: column 1, row 5, 13 wide, 12 high")
    drag(screen, "[data-panel=discoveries] .ui-resizable-w", (-100, 0), (-90, 0))
    screen.until(lambda: said(screen) == "Real-time backlink discovery: column 12, row 5, 13 wide, 8 high")
    save(screen)
    mine = places(screen)
    assert mine["quotas"][0] == usual["discoveries"][0] < mine["discoveries"][0]
    assert mine["discoveries"][2] > usual["quotas"][2]
    found = measured(screen, "desk-1440")
    assert (found["faults"], found["wide"] <= 0, found["tall"] <= 0) == (NO_FAULTS, True, True)
    assert entered(screen) == mine
    other = chromium.start(tmp_path / "second")
    try:
        second = Screen(other, site)
        second.size("desk-1440")
        second.sign_in("operator")
        assert entered(second) == mine
        assert second.run(SHIFT) < 0.05
        second.sign_in("viewer")
        assert entered(second) == usual
    finally:
        other.quit()
    screen.size("wall")
    screen.until(
        lambda: places(screen)["quotas"][0] > places(screen)["discoveries"][0]
    )  # another screen, its own layout
    assert screen.complaints() == []


def test_a_keyboard_moves_resizes_and_takes_away_and_says_each_step(screen: Screen) -> None:
    screen.size("desk-1440")
    usual = entered(screen)
    arrange(screen)
    assert screen.run("return document.activeElement.dataset.mover") == "card-missions"
    assert press(screen, "quotas", Keys.ARROW_LEFT) == "API quota status: column 1, row 5, 13 wide, 12 high"
    assert press(screen, "quotas", Keys.SHIFT, Keys.ARROW_LEFT) == "API quota status: column 1, row 5, 12 wide, 12 high"
    assert screen.run("return document.activeElement.dataset.mover") == "quotas"
    assert "no room" in press(screen, "quotas", Keys.ARROW_LEFT)
    assert "no further" in [press(screen, "alerts", Keys.SHIFT, Keys.ARROW_LEFT) for _ in range(8)][-1]
    assert "taken away" in press(screen, "fleet", Keys.DELETE)
    assert not screen.one("[data-panel=fleet]").is_displayed()
    assert screen.one(".arranging-said").get_attribute("role") == "status"
    assert findings(screen) == []
    screen.one("[data-mover=quotas]").send_keys(Keys.ESCAPE)
    screen.until(lambda: not screen.all(".arranging-bar"))
    assert places(screen) == usual


def test_a_finger_puts_panels_of_the_phone_in_order(screen: Screen) -> None:
    screen.size("phone")
    screen.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        entered(screen)
        arrange(screen)
        small = [one.rect for one in screen.all(".take-away") if one.is_displayed() and one.rect["height"] < TOUCH]
        assert small == []
        touch_drag(screen, "[data-mover=alerts]", "[data-mover=quotas]")
        screen.until(lambda: "Alerts: " in said(screen))
        save(screen)
        order = sorted(
            (left, name)
            for name, (left, *_) in entered(screen).items()
            if name in ("discoveries", "quotas", "timeline", "fleet", "alerts")
        )
        assert [name for _, name in order].index("alerts") < 4
        found = measured(screen, "phone")
        assert (found["faults"], found["wide"] <= 0) == (NO_FAULTS, True)
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def touch_drag(screen: Screen, grip: str, to: str) -> None:
    (x, y), (_, end) = screen.run(MIDDLE, grip), screen.run(MIDDLE, to)
    steps = [y + (end - y) * step / 8 for step in range(9)]

    def touch(kind: str, *points: dict[str, Any]) -> None:
        screen.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    time.sleep(0.5)  # a finger that rests picks up, one that moves at once scrolls
    for at in steps:
        touch("touchMove", {"x": x, "y": at})
    touch("touchEnd")


def test_numbers_and_charts_are_placed_and_stay(screen: Screen) -> None:
    entered(screen)
    arrange(screen)
    for name in ("failed_24h", "jobs_by_outcome"):
        Select(screen.one("#arranging-add")).select_by_value(name)
        screen.until(lambda: "added" in said(screen))
    save(screen)
    entered(screen)
    screen.until(lambda: screen.text("[data-panel=widget-1] .card-number") == "5")
    screen.until(lambda: screen.all("[data-panel=widget-2] .main-svg"), seconds=30)
    assert "MISSIONS BY OUTCOME" in screen.text("[data-panel=widget-2]")
    for size in ("desk-1080", "phone"):
        screen.size(size)
        found = measured(screen, size)
        assert (found["faults"], found["wide"] <= 0) == (NO_FAULTS, True), size
    assert screen.complaints() == []


def test_a_chart_that_a_screen_does_not_show_is_gone_for_those_who_draw_it_too(screen: Screen) -> None:
    """Its answer comes late, or its views change after it went: nobody draws into what is no longer there."""
    entered(screen)
    arrange(screen)
    Select(screen.one("#arranging-add")).select_by_value("jobs_by_outcome")
    screen.until(lambda: "added" in said(screen))
    save(screen)
    screen.until(lambda: screen.all("[data-panel=widget-1] .main-svg"), seconds=30)
    assert screen.complaints() == []
    screen.size("phone")
    screen.until(lambda: not screen.all("[data-panel=widget-1] .panel"))
    for version in range(3):
        screen.run(ASK_AGAIN, version)
        time.sleep(0.5)
    assert screen.complaints() == []
    assert screen.run(LISTENING, "overview-figure") == 0


def test_what_is_told_to_a_component_that_is_gone_is_dropped(screen: Screen) -> None:
    entered(screen)
    gone: tuple[Any, ...] = (
        "no-such-store",
        {"type": "overview-figure", "slot": "widget-9"},
        {"type": "nothing", "at": 1},
    )
    for name in gone:
        assert screen.run("return MissionControl.setProps(arguments[0], { data: 1 })", name) is False
    shows = {"type": "overview-shows", "slot": "widget-1"}
    assert screen.run("return MissionControl.setProps(arguments[0], { data: null })", shows) is True
    for path in ("/missions", "/backlinks", "/", "/domains", "/quotas", "/"):
        screen.run("MissionControl.go(arguments[0]); MissionControl.address.tell()", path)
        time.sleep(0.3)
    screen.until(lambda: screen.all(".overview"))
    assert [words for words in screen.complaints() if "Uncaught" in words] == []  # Dash notes what it waits for no more


def test_a_pasted_link_shows_the_same_view_and_back_leads_back(screen: Screen) -> None:
    screen.size("desk-1440")
    screen.sign_in("manager")
    usual = entered(screen)
    arrange(screen)
    press(screen, "quotas", Keys.ARROW_LEFT)
    save(screen)
    mine = places(screen)
    screen.one("#shell-config-open").click()
    screen.until(lambda: screen.all("#config-view-name"))
    screen.one("#config-view-name").send_keys("The room")
    screen.run("[...document.querySelectorAll('.config-naming button')].pop().click()")
    screen.until(lambda: "view=" in screen.driver.current_url)
    link = screen.driver.current_url.removeprefix(screen.site.url)
    screen.until(lambda: "Publish for everyone" in screen.text("[data-config-page]"))
    screen.run("[...document.querySelectorAll('[data-config-page] .for-managers')].pop().click()")
    screen.until(lambda: "Unpublish" in screen.text("[data-config-page]"))
    screen.sign_in("viewer")
    assert entered(screen, link) == mine
    assert entered(screen) == usual
    screen.one("#shell-config-open").click()
    screen.until(lambda: "The room · by manager@example.org" in screen.text("#config-view"))
    Select(screen.one("#config-view")).select_by_visible_text("The room · by manager@example.org")
    screen.until(lambda: places(screen) == mine)
    screen.driver.back()
    screen.until(lambda: places(screen) == usual)
    screen.driver.forward()
    screen.until(lambda: places(screen) == mine)

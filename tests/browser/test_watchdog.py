"""Each screen says how it is; one whose renderer stands still is red on /screens, and a worn-out page renews itself."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from sqlalchemy import text

from tests.browser import chromium
from tests.browser.chromium import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.site import Publisher, Site

RED_S = 90.0
HURRIED_S = 30.0


@pytest.fixture(autouse=True)
def _no_screens(site: Site) -> None:
    with site.services.engine.begin() as connection:
        connection.execute(text("delete from screens"))


def reports(site: Site) -> list[dict[str, Any]]:
    with site.services.engine.begin() as connection:
        return [dict(row) for row in connection.execute(text("select * from screens order by name")).mappings()]


def named(site: Site, name: str) -> list[dict[str, Any]]:
    return [row for row in reports(site) if row["name"] == name]


def test_a_page_tells_its_name_frames_heap_and_the_age_of_its_data(screen: Screen, site: Site) -> None:
    screen.go("/?screen=NOC-1")
    screen.until(lambda: named(site, "NOC-1"))
    said = named(site, "NOC-1")[0]
    assert (said["link"], said["closed_at"]) == ("live", None)
    assert said["fps"] > 1
    assert 1e6 < said["heap_bytes"] < said["heap_limit_bytes"]
    assert said["data_age_s"] < 5
    assert (said["width"], said["height"]) == chromium.SCREENS["desk-1080"]
    screen.run("localStorage.clear()")
    screen.driver.get("about:blank")
    screen.until(lambda: named(site, "NOC-1")[0]["closed_at"])


def open_screens(site: Site) -> list[dict[str, Any]]:
    return [row for row in reports(site) if row["closed_at"] is None]


def test_a_page_reloaded_is_the_same_screen_and_a_copy_another(screen: Screen, site: Site) -> None:
    screen.go("/")
    screen.run("MissionControl.watchdog.report()")
    screen.until(lambda: open_screens(site))
    first = open_screens(site)
    screen.driver.refresh()
    screen.until(lambda: screen.run("return Boolean(window.MissionControl && MissionControl.watchdog)"))
    screen.run("MissionControl.watchdog.report()")
    assert screen.run("return MissionControl.watchdog.id") == first[0]["screen_id"]
    screen.until(lambda: [row["screen_id"] for row in open_screens(site)] == [first[0]["screen_id"]])
    assert screen.run("return sessionStorage.getItem('mc-screen')") is None  # what a duplicated tab would take over


def hurry(site: Site, seconds: float) -> None:
    """As if this much time had passed since the screens spoke last."""
    with site.services.engine.begin() as connection:
        moved = text("update screens set reported_at = reported_at - make_interval(secs => :s) where name = 'NOC-2'")
        connection.execute(moved, {"s": seconds})


@contextmanager
def stopped(renderer: psutil.Process) -> Iterator[None]:
    renderer.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        renderer.send_signal(signal.SIGCONT)


def renderer_of(driver: chromium.webdriver.Chrome) -> psutil.Process:
    """The process that draws the tab: of all renderers of this browser the one that has worked most."""
    children = psutil.Process(driver.service.process.pid).children(recursive=True)
    renderers = [child for child in children if "--type=renderer" in child.cmdline()]
    return max(renderers, key=lambda each: sum(each.cpu_times()[:2]))


def test_a_tab_that_is_frozen_is_red_within_90_seconds(
    screen: Screen, site: Site, publisher: Publisher, tmp_path: Path
) -> None:
    assert publisher
    other = chromium.start(tmp_path / "frozen")
    try:
        frozen = Screen(other, site)
        frozen.sign_in("viewer")
        frozen.go("/?kiosk&screen=NOC-2")
        frozen.until(lambda: named(site, "NOC-2"))
        screen.go("/screens")
        screen.until(lambda: "NOC-2" in screen.text(".screens"))
        assert not screen.all(".screen[data-status=critical]")
        with stopped(renderer_of(other)):
            hurry(site, HURRIED_S)
            took = HURRIED_S + screen.until(lambda: screen.all(".screen[data-status=critical]"), seconds=RED_S)
            assert took < RED_S
            red = screen.text(".screen[data-status=critical]")
            assert "NOC-2" in red
            assert "FROZEN · silent" in red
        screen.until(lambda: not screen.all(".screen[data-status=critical]"), seconds=30)
    finally:
        other.quit()


def test_only_a_page_that_is_old_and_full_is_worn_out(screen: Screen) -> None:
    screen.go("/")
    day, mega = 86_400_000, 1e6
    table = [(day + 1, 500 * mega, True), (day + 1, 300 * mega, False), (day - 1, 900 * mega, False)]
    for open_ms, heap, worn in table:
        assert screen.run("return MissionControl.outworn(arguments[0], arguments[1], 400e6)", open_ms, heap) == worn


def test_a_worn_out_page_renews_itself_where_it_stands_and_never_under_a_persons_hands(screen: Screen) -> None:
    screen.go("/missions?from=now-7d&to=now")
    screen.run("window.old = true")
    next(each for each in screen.all(".field input") if each.is_displayed()).click()
    screen.run("Object.assign(MissionControl.watchdog, {openedAt: Date.now() - 9e7, heapLimit: 1})")
    screen.driver.execute_async_script("MissionControl.watchdog.report().then(arguments[arguments.length - 1])")
    time.sleep(0.5)
    assert screen.run("return window.old")
    screen.run("document.activeElement.blur(); MissionControl.watchdog.report()")
    screen.until(lambda: screen.run("return !window.old"))
    screen.until(lambda: screen.link == "live")
    assert screen.run("return location.search") == "?from=now-7d&to=now"


NEVER_TOLD = """
const ask = window.fetch;
const abandoned = (signal) => new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason)));
window.fetch = (what, how) => String(what).endsWith('/screens') ? abandoned(how.signal) : ask(what, how);
"""


def test_who_signs_out_closes_the_screen_and_never_waits_long_for_it(screen: Screen, site: Site) -> None:
    screen.go("/?screen=NOC-3")
    screen.until(lambda: screen.all("[data-sign-out]"))
    screen.run("MissionControl.watchdog.report()")
    screen.until(lambda: named(site, "NOC-3"))
    screen.one("[data-sign-out]").click()
    screen.until(lambda: screen.driver.current_url.endswith("/login"))
    assert named(site, "NOC-3")[0]["closed_at"]
    assert screen.complaints() == []
    screen.sign_in("operator")
    screen.go("/")
    screen.until(lambda: screen.all("[data-sign-out]"))
    screen.run("localStorage.clear();" + NEVER_TOLD)
    screen.one("[data-sign-out]").click()
    assert screen.until(lambda: screen.driver.current_url.endswith("/login"), seconds=5) < 5

"""The wall without its frame, the keys, the palette that reaches everything, and playlists that let go again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from sqlalchemy import text

from data.access import keys
from data.db import transaction
from data.permissions import SYSTEM, Scope
from data.screens import writes
from data.screens.inputs import NewPlaylist
from tests.browser import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

FINDING = ".finding-title"


def press(screen: Screen, *keys: str) -> None:
    ActionChains(screen.driver).send_keys(*keys).perform()


def search(screen: Screen) -> str:
    return str(screen.run("return location.pathname + location.search"))


def findings(screen: Screen) -> list[str]:
    return [one.text for one in screen.all(FINDING)]


def call(screen: Screen) -> None:
    ActionChains(screen.driver).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).perform()
    screen.until(lambda: screen.all(".palette[open]"))


@pytest.mark.parametrize("size", ["wall", "desk-1080", "phone"])
def test_a_kiosk_shows_no_menu_and_esc_brings_it_back(screen: Screen, size: str) -> None:
    screen.size(size)
    screen.go("/?kiosk")
    assert not screen.one(".nav").is_displayed()
    assert not screen.one(".person").is_displayed()
    assert screen.one(".pill").is_displayed()
    press(screen, Keys.ESCAPE)
    screen.until(lambda: screen.one(".nav").is_displayed())
    assert search(screen) == "/"
    assert screen.complaints() == []


def test_two_keys_turn_the_kiosk_on_and_off_where_nobody_types(screen: Screen) -> None:
    screen.go("/missions")
    press(screen, "d", "k")
    screen.until(lambda: not screen.one(".nav").is_displayed())
    assert search(screen) == "/missions?kiosk"
    press(screen, "d", "k")
    screen.until(lambda: screen.one(".nav").is_displayed())
    next(each for each in screen.all(".field input") if each.is_displayed()).click()
    press(screen, "d", "k", "?")
    assert screen.one(".nav").is_displayed()
    assert not screen.all("dialog[open]")


def test_the_question_mark_lists_the_keys(screen: Screen) -> None:
    screen.go("/")
    press(screen, "?")
    assert "Ctrl K" in screen.text(".keys[open]")
    press(screen, Keys.ESCAPE)
    screen.until(lambda: not screen.all("dialog[open]"))


def test_the_palette_reaches_pages_and_numbers(screen: Screen) -> None:
    screen.go("/")
    screen.run("window.sameDocument = true")
    call(screen)
    press(screen, "screens")
    screen.until(lambda: findings(screen)[:1] == ["Screens"])
    press(screen, Keys.ENTER)
    screen.until(lambda: search(screen) == "/screens")
    call(screen)
    press(screen, "queue depth")
    screen.until(lambda: findings(screen)[:1] == ["Queue depth"])
    assert "1,247" in screen.text(".finding-detail")
    press(screen, Keys.ENTER)
    screen.until(lambda: screen.all(".panel[data-found]"))
    screen.until(lambda: "1,247" in screen.text(".panel[data-found]"))
    assert screen.run("return window.sameDocument")


def test_the_palette_reaches_what_only_the_server_knows(screen: Screen, site: Site) -> None:
    with transaction(site.services.engine) as connection:
        connection.execute(
            text(
                """insert into domains (domain_name, domain_authority) values ('zebra-news.example', 71)
                   on conflict do nothing"""
            )
        )
    screen.go("/")
    call(screen)
    press(screen, "zebra")
    screen.until(lambda: findings(screen) == ["zebra-news.example"])
    assert "DA 71" in screen.text(".finding-detail")
    press(screen, Keys.BACKSPACE * 5, "no such thing")
    screen.until(lambda: "No results." in screen.text(".findings"))
    press(screen, Keys.ESCAPE)
    screen.until(lambda: not screen.all("dialog[open]"))


@pytest.fixture
def playlist(site: Site) -> Iterator[str]:
    items = [{"address": "/", "dwell_seconds": 5}, {"address": "/missions?from=now-7d&to=now", "dwell_seconds": 5}]
    wanted = NewPlaylist.model_validate({"name": "Wall", "items": items, "hold_seconds": 8})
    with transaction(site.services.engine) as connection:
        made = writes.save_playlist(connection, SYSTEM, wanted)
    yield made
    with transaction(site.services.engine) as connection:
        writes.delete_playlist(connection, SYSTEM, made)


def shows(screen: Screen, start: str) -> bool:
    return search(screen).startswith(start) and "kiosk" in search(screen)


def test_a_playlist_shows_its_pages_in_turn_without_loading_any_anew(screen: Screen, playlist: str) -> None:
    screen.go(f"/?kiosk&playlist={playlist}")
    screen.run("window.sameDocument = true; window.firstSocket = MissionControl.live.link.socket")
    screen.until(lambda: shows(screen, "/missions?from=now-7d"))
    screen.until(lambda: shows(screen, "/?"))
    assert screen.run("return window.sameDocument && firstSocket === MissionControl.live.link.socket")
    press(screen, Keys.ESCAPE)
    screen.until(lambda: search(screen) == "/")
    assert screen.run("return MissionControl.playlist.now.items.length") == 0
    assert screen.complaints() == []


def failing(now: int) -> dict[str, Any]:
    failed = {"status": "failed", "severity": "critical", "target": "acme.io", "message": "403", "at": now}
    busy = states.busy(now)
    return busy | {"errors": busy["errors"] | {"LP-9999": failed}}


def test_a_critical_failure_takes_the_wall_to_its_page_and_lets_go(
    screen: Screen, publisher: Publisher, playlist: str
) -> None:
    screen.go(f"/?kiosk&playlist={playlist}")
    screen.until(lambda: screen.run("return MissionControl.playlist.now.known !== null"))
    assert "job=" not in search(screen)  # what was critical before is no news
    publisher.state = failing
    took = screen.until(lambda: shows(screen, "/missions?job=LP-9999"))
    assert took < 5
    assert "LP-9999" in screen.text(".toasts")
    took = screen.until(lambda: "job=" not in search(screen))
    assert 3 < took < 11  # of the eight seconds, drawing the page took some
    screen.until(lambda: shows(screen, "/missions?from=now-7d") or shows(screen, "/?"))


def test_a_screen_without_a_keyboard_shows_its_page_and_goes_dark_when_revoked(screen: Screen, site: Site) -> None:
    with transaction(site.services.engine) as connection:
        key_id, key = keys.create_key(connection, SYSTEM, site.services.pepper, "NOC-7", [Scope.KIOSK])
    screen.driver.delete_all_cookies()
    screen.go(f"/kiosk?key={key}&next=%2Fmissions%3Fkiosk")
    assert search(screen) == "/missions?kiosk"
    assert key not in str(screen.run("return location.href"))
    assert not screen.one(".nav").is_displayed()
    with transaction(site.services.engine) as connection:
        keys.revoke_key(connection, SYSTEM, key_id)
    screen.until(lambda: "/login" in search(screen), seconds=20)

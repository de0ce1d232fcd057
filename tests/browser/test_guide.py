"""The guide of the first visit: offered once, on real elements, to everybody in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.axe import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen

KEPT = "mission-control-guide"


@pytest.fixture
def newcomer(screen: Screen) -> Iterator[Screen]:
    screen.go("/")
    kept = screen.run("return localStorage.getItem(arguments[0])", KEPT)
    screen.run("localStorage.setItem(arguments[0], '[]')", KEPT)
    yield screen
    screen.run("localStorage.setItem(arguments[0], arguments[1])", KEPT, kept)


def press(screen: Screen, verb: str) -> None:
    screen.one(f".guide-step [data-guide-act='{verb}']").click()


@pytest.mark.parametrize(
    ("role", "title"),
    [("viewer", "Follow the links"), ("operator", "Start with the worst"), ("manager", "Start with the worst")],
)
def test_it_is_offered_once_and_leads_over_real_elements(newcomer: Screen, role: str, title: str) -> None:
    newcomer.sign_in(role)
    newcomer.go("/missions")
    newcomer.until(lambda: newcomer.all("[data-guide-offer]"))
    newcomer.one("[data-guide-offer] .button-main").click()
    newcomer.until(lambda: title in newcomer.text(".guide-step"))
    newcomer.until(lambda: newcomer.run("return document.activeElement.dataset.guideAct") == "next")
    assert findings(newcomer) == []
    for at in range(2, 6):
        press(newcomer, "next")
        newcomer.until(lambda at=at: f"{at} of 5" in newcomer.text(".guide-step"))
    press(newcomer, "next")
    newcomer.until(lambda: not newcomer.all(".guide-step"))
    newcomer.go("/")
    assert newcomer.all("[data-guide-offer]") == []


def test_it_is_skipped_by_key_and_refused_for_good(newcomer: Screen) -> None:
    newcomer.go("/")
    newcomer.until(lambda: newcomer.all("[data-guide-offer]"))
    newcomer.one("[data-guide-offer] .button-main").click()
    newcomer.until(lambda: newcomer.all(".guide-step"))
    ActionChains(newcomer.driver).send_keys(Keys.ESCAPE).perform()
    newcomer.until(lambda: not newcomer.all(".guide-step"))
    newcomer.go("/")
    assert newcomer.all("[data-guide-offer]") == []


def test_a_kiosk_is_offered_nothing(newcomer: Screen) -> None:
    newcomer.go("/?kiosk")
    assert newcomer.all("[data-guide-offer]") == []

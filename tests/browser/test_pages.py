"""Every page on every screen: nothing scrolls sideways, lies upon something else, is cut or too small; nobody is kept
out; the console is silent. Each is opened once, and its window takes the four sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import states
from tests.browser.axe import findings
from tests.browser.chromium import SCREENS
from tests.browser.measure import MEASURE, NO_FAULTS, measured
from tests.browser.pages import paths
from tests.browser.test_backlinks import OURS, links
from tests.browser.test_domains import market

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher

__all__ = ["links", "market"]  # fixtures: rows for the pages to show

KEY_FIGURE_WALL = 84
WITH_ROWS = {"/backlinks": OURS}
BUSY = "return document.querySelectorAll('[data-dash-is-loading=true], ._dash-loading').length"
BANNER = '[data-banner="box"]'
UNDER_IT = """const b = document.querySelector(arguments[0]).getBoundingClientRect();
const boxes = [...document.querySelectorAll('.brand, .pill, .card, .destination')];
return boxes.map((e) => e.getBoundingClientRect()).filter((r) => r.top < b.bottom && r.bottom > b.top).length"""


@pytest.mark.usefixtures("links", "market")
@pytest.mark.parametrize("path", [*paths(), "/missions?job=LP-0", "/?kiosk"])
def test_a_page_fits_every_screen_and_keeps_nobody_out(screen: Screen, path: str) -> None:
    screen.sign_in("admin")
    screen.go(WITH_ROWS.get(path, path))
    settle(screen)
    for size in SCREENS:
        fits(screen, "kiosk" if "kiosk" in path and size == "desk-1080" else size, overview=path == "/")
        if size in {"desk-1080", "phone"}:
            assert findings(screen) == [], size
    assert screen.complaints() == []


@pytest.mark.parametrize("path", ["/", "/missions"])
def test_a_page_without_data_fits_every_screen(screen: Screen, publisher: Publisher, path: str) -> None:
    publisher.state = states.empty
    publisher.publish()
    screen.go(path)
    screen.until(lambda: screen.text(".card-number") == "0")
    for size in SCREENS:
        fits(screen, size, overview=path == "/")
    assert screen.complaints() == []


def test_the_banner_has_a_row_of_its_own_on_every_screen(screen: Screen, publisher: Publisher) -> None:
    screen.go("/")
    screen.until(lambda: screen.text(".card-number") == "26")
    publisher.silent.set()
    screen.until(lambda: screen.one(BANNER).is_displayed())
    for size in SCREENS:
        fits(screen, size, overview=True)
        assert screen.run(UNDER_IT, BANNER) == 0, size


NAMES = """return [...document.querySelectorAll('.destination')].map((e) => {
  const [name, r] = [e.querySelector('.destination-name'), e.getBoundingClientRect()];
  return name.scrollWidth <= name.clientWidth + 1 && r.left >= 0 && r.right <= innerWidth; })"""


def test_every_area_is_named_in_the_navigation_of_every_screen(screen: Screen) -> None:
    screen.go("/")
    for size in SCREENS:
        screen.size(size)
        assert all(screen.run(NAMES)), size


def test_the_measure_sees_what_it_is_there_for(screen: Screen) -> None:
    screen.go("/")
    screen.until(lambda: screen.text(".card-number") == "26")
    for fault, style in (
        ("clash", "position: relative; top: -2.2rem"),
        ("spilt", "display: block; width: 200vw"),
        ("small", "font-size: 9px"),
        ("cut", "display: block; width: 1rem; overflow: hidden"),
    ):
        screen.run("document.querySelector('.card-number').style.cssText = arguments[0]", style)
        assert screen.run(MEASURE, 11, 0)["faults"][fault], fault
        screen.run("document.querySelector('.card-number').style.cssText = arguments[0]", style + "; opacity: 0")
        assert screen.run(MEASURE, 11, 0)["faults"] == NO_FAULTS, fault


def settle(screen: Screen) -> None:
    """Until the server has answered all that the page asked for."""
    screen.until(lambda: not screen.run(BUSY))
    screen.until(lambda: not [one for one in screen.all(".page:not(.kit) .skeleton") if one.is_displayed()], seconds=5)


def fits(screen: Screen, size: str, *, overview: bool) -> None:
    screen.size(size)
    found = measured(screen, size)
    assert found["faults"] == NO_FAULTS, size
    assert found["wide"] <= 0, size
    if size == "wall" and overview:
        assert found["tall"] <= 0
        assert found["figure"] >= KEY_FIGURE_WALL

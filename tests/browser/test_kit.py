"""The kit as a person meets it: every widget in every state, menus and zoom by keyboard, charts that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from components.gallery.state import specimens

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher

SYMBOLS = {"off", "standby", "normal", "caution", "serious", "critical"}
AGES = {"LIVE", "LATE", "STALE", "LOST", "WAITING"}


@pytest.fixture
def kit(screen: Screen) -> Screen:
    screen.go("/kit")
    screen.until(lambda: "STALLED" in screen.text(".kit .panel-timeline"))
    return screen


def test_it_shows_every_status_and_every_age_in_words_and_shape(kit: Screen) -> None:
    shown = kit.run("return [...document.querySelectorAll('.kit .symbol[data-status]')].map((e) => e.dataset.status)")
    said = kit.run("return [...document.querySelectorAll('.kit .freshness')].map((e) => e.textContent.split(' ')[0])")
    assert set(shown) >= SYMBOLS
    assert set(said) == AGES
    for words in ("No thing yet.", "This could not be told.", "EXHAUSTED", "Specimens"):
        assert words.lower() in kit.text(".kit").lower()


def test_specimens_are_never_taken_for_data(kit: Screen, publisher: Publisher) -> None:
    """The same widgets, the same paths: neither paints the other's figures."""
    publisher.publish()
    before = kit.text(".kit .panel-timeline")
    assert "specimen-a.example" in before
    assert "LP-" not in before
    kit.run("document.querySelector('.destination[href=\"/\"]').click()")
    kit.until(lambda: "LP-" in kit.text(".overview .panel-timeline"))
    assert "specimen" not in kit.text("body")


def test_a_threshold_is_drawn_where_the_curve_is_near_it(kit: Screen) -> None:
    lines = kit.run(
        "return [...document.querySelectorAll('.kit .card[data-tone=serious] .spark polyline')]"
        ".map((e) => e.getAttribute('points').split(' ').length)"
    )
    assert lines == [2, len(specimens(0)["trends"]["rising"])]


def test_a_panel_offers_four_files_that_carry_the_range(screen: Screen) -> None:
    screen.go("/missions?from=2026-10-01&to=2026-10-31")
    mark = screen.one(".panel-board .menu-mark")
    mark.send_keys(Keys.ENTER)
    hrefs = """return [...document.querySelectorAll('.panel-board .dropdown-menu.show a')]
      .map((link) => link.pathname + link.search)"""
    forms = ("csv", "json", "parquet", "xlsx")
    named = [f"/api/v1/export/missions.{form}?from=2026-10-01&to=2026-10-31" for form in forms]
    screen.until(lambda: screen.run(hrefs) == named)
    screen.one("body").send_keys(Keys.ESCAPE)
    screen.until(lambda: not screen.one(".panel-board .dropdown-menu").is_displayed())


def test_a_menu_opens_explains_zooms_and_closes_by_keyboard(screen: Screen) -> None:
    screen.go("/")
    mark = screen.one(".panel-timeline .menu-mark")
    mark.send_keys(Keys.ENTER)
    screen.until(lambda: "hatched part is the interval" in screen.text(".panel-timeline .dropdown-menu"))
    assert "From the live state · LIVE" in screen.text(".panel-timeline .dropdown-menu")
    screen.run("document.activeElement.blur()")
    screen.one("body").send_keys(Keys.ESCAPE)
    screen.until(lambda: not screen.one(".panel-timeline .dropdown-menu").is_displayed())
    assert "menu-mark" in screen.run("return document.activeElement.className")
    mark.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    screen.until(lambda: screen.run("return document.activeElement.textContent") == "Full screen")
    screen.run("return document.activeElement").send_keys(Keys.ENTER)
    width = "return document.querySelector('.panel-timeline').getBoundingClientRect().width / innerWidth"
    assert screen.run(width) > 0.97
    assert not screen.one(".panel-timeline .dropdown-menu").is_displayed()
    pill = "const r = document.querySelector('.pill').getBoundingClientRect();"
    over = (
        pill + "return document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2).closest('.pill') !== null"
    )
    assert screen.run(over), "whether the data is live is seen above the panel"
    screen.one("body").send_keys(Keys.ESCAPE)
    assert screen.run(width) < 0.95


def test_a_toast_says_its_status_and_goes_when_it_is_told_to(kit: Screen) -> None:
    kit.run("document.querySelector('[data-toast=critical]').click()")
    assert "status critical" in kit.text(".toast")
    kit.one(".toast button").click()
    assert kit.text(".toast") == ""


def test_a_chart_that_cannot_be_drawn_says_why(screen: Screen) -> None:
    refuse = """
      const ask = window.fetch;
      const refused = () => new Response(JSON.stringify({ detail: 'Too much to draw.' }), { status: 422 });
      window.fetch = async (to, how) => (how && /chart-figure/.test(how.body) ? refused() : ask(to, how));
    """
    found = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        screen.go("/missions")
        screen.until(lambda: "Too much to draw." in screen.text(".chart-cover .failed"))
    finally:
        screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", found)

"""Numbers and charts of all areas on the board: from its list, from a panel's menu; nobody else gives way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.browser.measure import NO_FAULTS, measured
from tests.browser.test_board import arrange, entered, nobody_arranged, places, press, said, save
from tests.browser.test_frames import chosen

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

__all__ = ["nobody_arranged"]  # a fixture: what a test has arranged is gone after it


def test_a_full_screen_takes_a_number_where_a_panel_went_and_shrinks_nobody(screen: Screen) -> None:
    screen.size("desk-1440")
    usual = entered(screen)
    arrange(screen)
    Select(screen.one("#arranging-add")).select_by_value("links_24h")
    screen.until(lambda: "No place is free" in said(screen))
    screen.run("document.querySelector('[data-take-away=card-domains]').click()")
    Select(screen.one("#arranging-add")).select_by_value("failed_24h")
    screen.until(lambda: "added" in said(screen))
    save(screen)
    screen.until(lambda: screen.text("[data-panel=widget-1] .card-number") == "5")
    now = places(screen)
    assert all(now[name] == place for name, place in usual.items() if name in now)
    found = measured(screen, "desk-1440")
    assert (found["faults"], found["wide"] <= 0, found["tall"] <= 0) == (NO_FAULTS, True, True)


def test_another_kind_of_screen_while_arranging_keeps_what_was_done(screen: Screen) -> None:
    screen.size("desk-1440")
    entered(screen)
    arrange(screen)
    press(screen, "card-missions", Keys.ARROW_RIGHT)
    before = said(screen)
    screen.size("desk-1080")
    screen.until(lambda: "Arranging the laptop screen" in said(screen))
    screen.size("desk-1440")
    screen.until(lambda: "Arranging the desk screen" in said(screen))
    save(screen)
    assert "column 4" in before
    screen.until(lambda: places(screen)["card-missions"] != places(screen)["card-satellites"])
    moved = places(screen)
    screen.go("/")
    screen.until(lambda: places(screen) == moved)


def test_a_panel_of_another_area_is_put_on_the_board_from_its_menu(screen: Screen) -> None:
    screen.go("/quotas")
    chosen(screen, "quotas-credits-by-day", "Add to a board")
    screen.until(lambda: "Credits by day" in said(screen))
    assert screen.run("return location.pathname") == "/"
    assert "added" in said(screen)
    save(screen)
    screen.until(lambda: "Nothing was spent in this range" in screen.text("[data-panel=widget-1]"))

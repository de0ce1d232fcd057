"""The screens between those of test_pages.py, and every theme on them: chosen so that each page meets each theme, each
theme each screen, and every page two of the screens."""

from __future__ import annotations

import pytest

from tests.browser.axe import findings
from tests.browser.chromium import MORE_SCREENS, Screen
from tests.browser.measure import NO_FAULTS, measured
from tests.browser.pages import paths
from tests.browser.test_backlinks import OURS, links
from tests.browser.test_domains import market
from tests.browser.test_pages import settle

__all__ = ["links", "market"]  # fixtures: rows for the pages to show

PAGES = [path for path in paths() if path != "/kit"]
NAMES = [*MORE_SCREENS]
PAIRS = [
    (path, NAMES[(at + turn * 2) % len(NAMES)], ("day", "contrast" if at % 2 else "night")[turn])
    for at, path in enumerate(PAGES)
    for turn in range(2)
]
LEAST_DIGITS = """return [...document.querySelectorAll('.js-plotly-plot text')]
  .filter((e) => e.getBoundingClientRect().width && parseFloat(getComputedStyle(e).fontSize) < 10.9)
  .map((e) => e.textContent)"""


@pytest.mark.usefixtures("links", "market")
@pytest.mark.parametrize(("path", "size", "theme"), PAIRS)
def test_a_page_fits_and_reads_in_every_theme(screen: Screen, path: str, size: str, theme: str) -> None:
    screen.sign_in("admin")
    screen.size(size)
    kiosk = "&kiosk" if size == "kiosk" else ""
    asked = OURS if path == "/backlinks" else path
    screen.go(f"{asked}{'&' if '?' in asked else '?'}theme={theme}{kiosk}")
    settle(screen)
    found = measured(screen, size)
    assert found["faults"] == NO_FAULTS
    assert found["wide"] <= 0
    if path == "/" and size == "kiosk":
        assert found["tall"] <= 0, "a television shows all of it without a scroll bar"
    assert findings(screen) == []
    assert screen.run(LEAST_DIGITS) == []
    assert screen.complaints() == []


PHONE_HEIGHT = 5_000


@pytest.mark.usefixtures("links", "market")
@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_a_page_is_short_and_what_is_touched_is_large(screen: Screen, path: str) -> None:
    screen.size("phone")
    screen.go(OURS if path == "/backlinks" else path)
    settle(screen)
    assert screen.run("return document.documentElement.scrollHeight") < PHONE_HEIGHT
    low = """return [...document.querySelectorAll('.table a, .table button, .grid-link')]
      .filter((e) => e.getBoundingClientRect().height && e.getBoundingClientRect().height < 43.5)
      .map((e) => e.textContent + ' ' + e.getBoundingClientRect().height)"""
    assert screen.run(low) == []

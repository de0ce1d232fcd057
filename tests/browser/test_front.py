"""How a page comes: its figures are live when it is first seen, and nothing is asked for that came with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen
    from tests.browser.site import Site

# Notes what stands in the first picture that holds a figure, what moved until now, and what is said over the socket.
EARLY = """
window.sent = [];
window.WebSocket = class extends WebSocket {
  send(words) { window.sent.push(JSON.parse(words).type); super.send(words); }
};
const said = (selector) => document.querySelector(selector).textContent;
const watch = () => {
  if (!document.querySelector('[data-live="summary.active_jobs"]')) return requestAnimationFrame(watch);
  const figure = said('[data-live="summary.active_jobs"]');
  window.first = [figure, said('.pill'), said('.clock').length, said('.person-name')];
};
requestAnimationFrame(watch);
window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.moved += one.value; }))
  .observe({ type: 'layout-shift', buffered: true });
"""
ASKED = "return performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
PICTURE = "return document.querySelector('.radar canvas').toDataURL()"
CLOCK = len("2026-11-21 18:30:00 Z")
SWEEP_S = 4.0


@pytest.fixture
def early(screen: Screen) -> Iterator[Screen]:
    made = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": EARLY})
    yield screen
    screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)


def test_the_first_picture_with_figures_is_live_and_stands_still(early: Screen) -> None:
    early.go("/")
    figure, _, clock, who = early.run("return window.first")
    assert (figure, clock) == ("26", CLOCK)
    assert who.startswith("operator@example.org")
    assert early.run("return window.moved") < 0.05
    asked = early.run(ASKED)
    assert asked.count("/_dash-layout") == asked.count("/_dash-dependencies") == 1
    assert not {"/_dash-update-component", "/api/v1/", "/api/v1/live", "/api/v1/preferences"} & set(asked)
    assert not [path for path in asked if path.startswith("/api/v1/layouts")]


def test_figures_that_came_with_the_page_do_not_hide_that_the_link_is_away(early: Screen, site: Site) -> None:
    site.sockets.end()
    try:
        early.go("/", link="lost")
        assert early.run("return window.first.slice(0, 2)") == ["26", "Waiting"]
        assert early.one('[data-banner="box"]').is_displayed()
        early.until(lambda: early.link == "polling")
    finally:
        site.sockets.start()
    early.until(lambda: early.link == "live", seconds=35)


def test_the_radar_sweeps_and_the_server_hears_nothing_of_it(early: Screen) -> None:
    early.go("/?kiosk")
    early.run("performance.clearResourceTimings(); window.sent.length = 0")
    pictures = set()
    for _ in range(8):
        pictures.add(early.run(PICTURE))
        time.sleep(SWEEP_S / 8)
    assert len(pictures) == 8
    assert set(early.run(ASKED)) <= {"/api/v1/screens"}  # the watchdog's own report
    assert set(early.run("return window.sent")) <= {"ping"}

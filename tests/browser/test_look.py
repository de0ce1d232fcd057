"""What a person sees on each screen: nothing overlaps, nothing is cut, nothing is too small to read or to touch."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import states
from tests.browser.chromium import SCREENS

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher

LEAST_TEXT = {"wall": 21, "desk-1440": 11, "desk-1080": 11, "phone": 11}
KEY_FIGURE_WALL = 84
TOUCH = 44
NO_FAULTS: dict[str, list[Any]] = {"small": [], "cut": [], "over": [], "spilt": []}

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")

TARGETS = """
const height = (e) => Math.round(e.getBoundingClientRect().height);
return [...document.querySelectorAll('a.destination, a.button, button, input')].filter((e) => e.offsetParent)
  .map((e) => [e.className || e.tagName, height(e)]).filter(([, pixels]) => pixels < arguments[0]);
"""

UNNAMED = """
const label = (e) => e.labels && e.labels.length && e.labels[0].innerText;
const named = (e) => (e.getAttribute('aria-label') || e.innerText || e.title || label(e) || '').trim();
const foreign = '[aria-hidden=true], .ag-root, .js-plotly-plot';
return [...document.querySelectorAll('button, a, input, [role=img], [role=progressbar], section')]
  .filter((e) => e.offsetParent && !e.closest(foreign) && !named(e)).map((e) => e.outerHTML.slice(0, 120));
"""


@pytest.fixture(params=["busy", "empty"])
def day(request: pytest.FixtureRequest, publisher: Publisher) -> str:
    publisher.state = {"busy": states.busy, "empty": states.empty}[request.param]
    publisher.publish()
    return str(request.param)


@pytest.mark.parametrize("path", ["/", "/missions"])
def test_nothing_overlaps_spills_or_is_too_small_on_any_screen(screen: Screen, day: str, path: str) -> None:
    screen.go(path)
    screen.until(lambda: screen.text(".card-number") == {"busy": "26", "empty": "0"}[day])
    for size in SCREENS:
        screen.size(size)
        found = settled(screen, LEAST_TEXT[size] - 0.1)
        assert found["faults"] == NO_FAULTS, size
        assert found["wide"] <= 0, size
        if size == "wall" and path == "/":
            assert found["tall"] <= 0
            assert found["figure"] >= KEY_FIGURE_WALL
    assert screen.complaints() == []


def settled(screen: Screen, least_text: float) -> dict[str, Any]:
    """What is measured once the page has taken its new size; a fault that stays for two seconds is one."""
    for _ in range(4):
        found: dict[str, Any] = screen.run(MEASURE, least_text)
        if found["faults"] == NO_FAULTS and found["wide"] <= 0:
            break
        time.sleep(0.5)
    return found


def test_every_control_on_the_phone_is_big_enough_for_a_thumb(screen: Screen) -> None:
    screen.size("phone")
    for path in ("/", "/missions", "/missions?job=LP-0"):
        screen.go(path)
        assert screen.run(TARGETS, TOUCH) == []


def test_every_control_and_picture_has_a_name(screen: Screen) -> None:
    for path in ("/", "/missions"):
        screen.go(path)
        screen.until(lambda: screen.text(".job:not([hidden]) .job-id, .grid-link"))
        assert screen.run(UNNAMED) == []


def test_an_empty_wall_says_what_to_do_next(screen: Screen, publisher: Publisher) -> None:
    publisher.state = states.empty
    publisher.publish()
    screen.go("/")
    screen.until(lambda: screen.one(".first-steps").is_displayed())
    said = screen.text(".overview").lower()
    assert "mission-control satellite" in said
    assert "post /api/v1/ingest/backlinks" in said
    assert screen.one(".first-steps a").get_attribute("href").endswith("/missions")
    assert not screen.one(".badge-simulation").is_displayed()


def test_a_busy_wall_tells_status_in_shape_colour_and_words(screen: Screen) -> None:
    screen.size("wall")
    screen.go("/")
    screen.until(lambda: "STALLED" in screen.text(".panel-timeline"))
    timeline, fleet = screen.text(".panel-timeline"), screen.text(".panel-fleet")
    assert "T-00:" in timeline
    assert "QUEUE GROWS, NO ETA" in timeline
    assert timeline.index("STALLED") < timeline.index("T-00:")
    assert "LOST · silent 2 min" in fleet
    assert "LATE · silent 2" in fleet
    assert "SPAM" in screen.text(".panel-discoveries")
    assert screen.one(".badge-simulation").is_displayed()
    shown = [one.get_attribute("data-status") for one in screen.all(".destination .symbol")]
    assert shown[:2] == ["critical", "critical"]  # Overview, Missions
    assert {"LIVE"} == {mark.text.split()[0] for mark in screen.all(".freshness")}


def test_motion_stops_where_a_person_asks_for_it(screen: Screen) -> None:
    wanted = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    moving = "return document.getAnimations().filter((a) => a.playState === 'running').length"
    screen.go("/")
    assert screen.run(moving) > 0
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wanted)
    try:
        assert screen.run(moving) == 0
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

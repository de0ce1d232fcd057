"""The live link: how it is lost, how it comes back, and what the screen says meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.browser.chromium import Screen

if TYPE_CHECKING:
    from tests.browser.site import Publisher, Site

BANNER = '[data-banner="box"]'
ROW = ".job:not([hidden]) .job-id, .grid-link"
SOON_S = 3.0
EXPECTED_S = 2.0  # of a tile that the publisher feeds every second
DEAD_SOCKET_S = 12.0
BACK_S = 15.0


def says(screen: Screen, word: str) -> bool:
    return bool(
        screen.run(
            "return [...document.querySelectorAll('.freshness')].every((e) => e.innerText.startsWith(arguments[0]))",
            word,
        )
    )


def test_a_cut_is_told_within_three_seconds_and_healed_without_a_hand(screen: Screen, site: Site) -> None:
    screen.go("/")
    screen.run("window.sameDocument = true")
    site.web.end()
    try:
        site.sockets.end()
        assert screen.until(lambda: screen.one(BANNER).is_displayed()) < SOON_S
        assert screen.text(".pill") == "LOST"
        screen.until(lambda: says(screen, "LOST"))
        before = screen.text(".banner-clock")
        screen.until(lambda: screen.text(".banner-clock") > before)
    finally:
        site.web.start()
        site.sockets.start()
    assert screen.until(lambda: screen.link == "live", seconds=BACK_S) < BACK_S
    assert not screen.one(BANNER).is_displayed()
    screen.until(lambda: says(screen, "LIVE"))
    assert screen.run("return window.sameDocument")
    assert screen.own_complaints() == []


def test_pages_go_on_by_asking_while_only_the_sockets_are_away(screen: Screen, site: Site) -> None:
    screen.go("/")
    site.sockets.end()
    try:
        screen.until(lambda: screen.link == "lost", seconds=SOON_S)
        screen.until(lambda: screen.link == "polling")
        seen = screen.run("return MissionControl.live.state().as_of")
        screen.until(lambda: screen.run("return MissionControl.live.state().as_of") > seen)
        assert not screen.one(BANNER).is_displayed()
    finally:
        site.sockets.start()
    screen.until(lambda: screen.link == "live", seconds=35)
    assert screen.own_complaints() == []


def test_a_publisher_that_falls_silent_makes_tiles_late_then_stale_in_their_time(
    screen: Screen, publisher: Publisher
) -> None:
    screen.go("/")
    screen.run("window.sameDocument = true; window.firstSocket = MissionControl.live.link.socket")
    screen.until(lambda: says(screen, "LIVE"))
    publisher.silent.set()
    began = time.monotonic()
    screen.until(lambda: says(screen, "LATE"))
    assert time.monotonic() - began < EXPECTED_S + SOON_S
    screen.until(lambda: says(screen, "STALE"))
    assert 2 * EXPECTED_S < time.monotonic() - began < 3 * EXPECTED_S + SOON_S
    assert screen.one(BANNER).is_displayed()
    assert screen.text(".pill") == "SILENT"
    assert "NO NEW DATA" in screen.text(BANNER)
    time.sleep(max(0.0, DEAD_SOCKET_S + 2 - (time.monotonic() - began)))
    assert says(screen, "STALE")  # the socket answers, so that nobody says LOST
    publisher.silent.clear()
    screen.until(lambda: screen.link == "live")
    screen.until(lambda: says(screen, "LIVE"))
    assert screen.run("return window.sameDocument && firstSocket === MissionControl.live.link.socket")


SHAPE = """
const mark = document.querySelector('.freshness'), style = getComputedStyle(mark, '::before');
mark.dataset.state = arguments[0];
return [style.borderRadius, style.clipPath].join(' ');
"""


def test_each_word_of_an_age_has_a_shape_of_its_own(screen: Screen) -> None:
    screen.go("/")
    shapes = [screen.run(SHAPE, state) for state in ("live", "late", "stale", "lost")]
    assert len(set(shapes)) == 4


ASKED = "return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/v1/live')).length"


def test_pages_live_by_asking_where_sockets_are_switched_off(screen: Screen, site: Site) -> None:
    with site.without_sockets() as quiet:
        without = Screen(screen.driver, quiet)
        without.sign_in("operator")
        without.go("/", link="polling")
        without.until(lambda: says(without, "LIVE"))
        seen = without.run("return MissionControl.live.state().as_of")
        without.until(lambda: without.run("return MissionControl.live.state().as_of") > seen, seconds=5)
        assert not without.one(BANNER).is_displayed()
        assert without.text(".pill") == "POLLING"
        without.run("MissionControl.address.put({refresh: '4s'})")  # as often as a person wants to see figures change
        time.sleep(1)
        before = without.run(ASKED)
        time.sleep(4.5)
        assert 1 <= without.run(ASKED) - before <= 2
        assert without.link == "polling"
        without.run("MissionControl.address.put({refresh: '1s'})")
        without.until(lambda: without.run(ASKED) > before + 4)
        quiet.web.end()
        assert without.until(lambda: without.one(BANNER).is_displayed()) < SOON_S
        quiet.web.start()
        without.until(lambda: without.link == "polling")
        assert without.own_complaints() == []


TWICE = """
const repeated = (xs) => new Set(xs.map(String)).size !== xs.length;
return [...document.querySelectorAll('.js-plotly-plot')].flatMap((plot) => plot.calcdata || [])
  .filter((trace) => repeated(trace.map((point) => point.x))).length;
"""
POINTS = """
return [...document.querySelectorAll('.spark .spark-line')]
  .map((line) => line.getAttribute('points').split(' ').length);
"""


def test_a_reconnect_draws_no_point_twice(screen: Screen, site: Site) -> None:
    screen.go("/")
    screen.until(lambda: screen.run(POINTS))
    before = screen.run(POINTS)
    site.sockets.end()
    try:
        screen.until(lambda: screen.link == "polling")
    finally:
        site.sockets.start()
    screen.until(lambda: screen.link == "live", seconds=35)
    screen.until(lambda: says(screen, "LIVE"))
    assert screen.run(POINTS) == before
    assert screen.run(TWICE) == 0


def test_a_frame_that_went_missing_is_fetched_again(screen: Screen) -> None:
    screen.go("/")
    screen.run("MissionControl.live.state().queue_depth = -1; MissionControl.live.link.seq -= 2")
    screen.until(lambda: screen.run("return MissionControl.live.state().queue_depth") == 1247)
    assert screen.link == "live"


def test_one_socket_serves_all_pages_and_each_page_when_entered_again(screen: Screen) -> None:
    screen.go("/")
    screen.run("window.firstSocket = MissionControl.live.link.socket")
    for path in ("/missions", "/", "/missions", "/"):
        screen.one(f".destination[href='{path}']").click()
        screen.until(lambda: screen.text(".card-number") == "26")
        screen.until(lambda: screen.text(ROW).startswith("LP-"))
        assert screen.one(".destination[aria-current]").get_attribute("href").endswith(path)
    assert screen.run("return window.firstSocket === MissionControl.live.link.socket && firstSocket.readyState === 1")
    assert screen.complaints() == []


def test_many_frames_leave_nothing_behind(screen: Screen) -> None:
    screen.go("/")
    screen.until(lambda: screen.text(ROW))
    count = "return document.querySelectorAll('*').length"
    replay = """
    const live = MissionControl.live, state = live.state();
    for (let i = 0; i < 300; i++) live.apply({ type: 'delta', seq: live.link.seq + 1, ts: Date.now(),
      payload: { active_jobs: { ['LP-' + i]: state.active_jobs['LP-4821'], ['LP-' + (i - 1)]: null } } });
    live.apply({ type: 'delta', seq: live.link.seq + 1, ts: Date.now(), payload: { active_jobs: { 'LP-299': null } } });
    """
    before = screen.run(count)
    screen.run(replay)
    screen.until(lambda: screen.link == "live")
    assert abs(screen.run(count) - before) < 10


def test_the_ladder_of_attempts_climbs_with_jitter(screen: Screen) -> None:
    screen.go("/")
    delays = "return [0, 1].map((spread) => MissionControl.delay(arguments[0], spread))"
    for attempt, step_s in enumerate((1, 5, 5, 10, 10, 30, 30, 30)):
        least, most = screen.run(delays, attempt)
        assert least < step_s * 1000 < most
        assert most - least == step_s * 200

"""The live link: how it is lost, how it comes back, and what the screen says meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

BANNER = '[data-banner="box"]'
ROW = ".job:not([hidden]) .job-id, .grid-link"
SOON_S = 3.0
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


def test_a_publisher_that_falls_silent_is_no_live_wall(screen: Screen, publisher: Publisher) -> None:
    screen.go("/")
    publisher.silent.set()
    screen.until(lambda: screen.one(BANNER).is_displayed(), seconds=SOON_S + 1)
    assert screen.text(".pill") == "SILENT"
    assert "NO NEW DATA" in screen.text(BANNER)
    publisher.silent.clear()
    screen.until(lambda: screen.link == "live")


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

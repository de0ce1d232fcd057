"""What the overview tells: names for controls, words for an empty wall, shapes for a busy one, stillness on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selenium.common.exceptions import ElementClickInterceptedException
from sqlalchemy import text

from data.db import transaction
from tests.browser import states
from tests.browser.measure import TOUCH

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

UNNAMED = """
const label = (e) => e.labels && e.labels.length && e.labels[0].innerText;
const named = (e) => (e.getAttribute('aria-label') || e.innerText || e.title || label(e) || '').trim();
const foreign = '[aria-hidden=true], .ag-root, .js-plotly-plot';
return [...document.querySelectorAll('button, a, input, [role=img], [role=progressbar], section')]
  .filter((e) => e.offsetParent && !e.closest(foreign) && !named(e)).map((e) => e.outerHTML.slice(0, 120));
"""


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
    assert states.LATE.upper() in timeline
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


FIRING = """
insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, message, started_at, fired_at,
  last_evaluated_at)
values ('Deep queue', 'f', '{}', '{}', 'Deep queue', 'critical', 'firing', 'at 1,247', now(), now(), now()) returning id
"""
ACK = ".panel-alerts .failure:not([hidden]) .ack"


def test_an_alert_is_taken_on_from_the_phone_and_everybody_sees_by_whom(
    screen: Screen, site: Site, publisher: Publisher
) -> None:
    with transaction(site.services.engine) as connection:
        number = connection.scalar(text(FIRING))

    def firing(now: int) -> states.State:
        group = {"id": number, "rule": "Deep queue", "severity": "critical", "status": "firing", "symbol": "critical"}
        group |= {"message": "at 1,247", "n": 1, "since": now - 60_000, "at": now - 60_000}
        with transaction(site.services.engine) as connection:
            who = connection.scalar(text("select acknowledged_by from alerts where id = :id"), {"id": number})
        counts = {"groups": 0 if who else 1, "alerts": 1, "critical": 1, "info": 0, "taken": 1 if who else 0}
        told = {"alerts": {"Deep queue": group | ({"ack": who} if who else {})}, "alarms": counts}
        return states.empty(now) | told

    publisher.state = firing
    screen.size("phone")
    screen.go("/")
    screen.until(lambda: screen.text("#panel-card-alerts .card-number") == "1")
    button = screen.one(ACK)
    assert button.rect["height"] >= TOUCH
    screen.run("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", button)
    screen.until(lambda: clicked(screen))
    screen.until(lambda: "ACK operator" in screen.text(".panel-alerts"))
    assert screen.text("#panel-card-alerts .card-number") == "0"
    assert not screen.one(ACK).is_displayed()
    screen.sign_in("viewer")
    with transaction(site.services.engine) as connection:
        connection.execute(text("update alerts set acknowledged_at = null, acknowledged_by = null"))
    screen.go("/")
    screen.until(lambda: screen.text("#panel-card-alerts .card-number") == "1")
    assert not screen.one(ACK).is_displayed()
    assert screen.complaints() == []


def clicked(screen: Screen) -> bool:
    """Whether the finger reached it: the row may still be on its way into sight."""
    try:
        screen.one(ACK).click()
    except ElementClickInterceptedException:
        return False
    return True

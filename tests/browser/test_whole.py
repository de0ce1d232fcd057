"""Every number on the wall is what is listed below it, or what the list says that it hides."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import states
from tests.browser.measure import NO_FAULTS, measured

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher

REST = re.compile(r"([\d,]+) of ([\d,]+) · \+([\d,]+) more")
# Rows that stand whole within their list, without those that are good to know or taken on.
SEEN = """
const list = document.querySelector(arguments[0] + ' [data-live-list]');
const box = list.getBoundingClientRect();
return [...list.querySelectorAll(':scope > :not([data-template])')].filter((row) => {
  const at = row.getBoundingClientRect();
  const open = !row.dataset.ack && !(row.classList.contains('failure') && row.dataset.status === 'standby');
  return open && at.height && at.right <= box.right + 1 && at.bottom <= box.bottom + 1;
}).length;
"""
PANELS = {"alerts": 29, "fleet": 16, "timeline": 47, "quotas": 9}


def full(now: int) -> dict[str, Any]:
    """29 groups of alerts wait, five are good to know, two are in somebody's hands."""
    state = states.busy(now)
    group = state["alerts"]["Spam influx"]
    groups = {f"G{at}": group | {"id": at, "since": now - at * 1000} for at in range(29)}
    groups |= {f"I{at}": group | {"id": 100 + at, "severity": "info", "symbol": "standby"} for at in range(5)}
    groups |= {f"T{at}": group | {"id": 200 + at, "ack": "ann@example.org"} for at in range(2)}
    error = next(iter(state["errors"].values()))
    quota = next(iter(state["api_quotas"].values()))
    satellite = next(iter(state["satellite_status"].values()))
    return state | {
        "alerts": groups,
        "errors": {f"LP-47{at:02d}": error | {"at": now - at * 60_000} for at in range(20)},
        "alarms": {"groups": 29, "alerts": 44, "critical": 0, "info": 5, "taken": 2},
        "satellite_status": {f"sat-{at:02d}": satellite | {"name": f"sat-{at:02d}"} for at in range(16)},
        "api_quotas": {f"provider_{at}": quota for at in range(9)},
    }


def number(words: str) -> int:
    return int(words.replace(",", ""))


@pytest.mark.parametrize("size", ["wall", "desk-1440", "desk-1080", "phone"])
def test_what_does_not_fit_is_said_to_the_number(screen: Screen, publisher: Publisher, size: str) -> None:
    publisher.state = full
    screen.size(size)
    screen.go("/")
    screen.until(lambda: screen.text("#panel-card-alerts .card-number") == "29")
    time.sleep(2.5)  # the lists have settled
    note = screen.run("return document.querySelector('#panel-card-alerts .card-note').textContent")
    assert note == "29 groups of 44 alerts (+5 info, 2 taken on)"
    for panel, whole in PANELS.items():
        said = screen.text(f"#panel-{panel} .rest")
        seen = screen.run(SEEN, f"#panel-{panel}")
        if found := REST.search(said):
            assert [number(part) for part in found.groups()] == [seen, whole, whole - seen], panel
        else:
            assert seen == whole, panel
    found = measured(screen, size)
    assert (found["faults"], found["wide"] <= 0) == (NO_FAULTS, True)


def test_nothing_is_said_of_rest_where_all_is_seen(screen: Screen, publisher: Publisher) -> None:
    def few(now: int) -> dict[str, Any]:
        state = states.busy(now)
        jobs = dict(list(state["active_jobs"].items())[:2])
        counts = {"active_jobs": 2, "queued_jobs": 0, "paused_jobs": 0}
        return state | {"active_jobs": jobs, "summary": state["summary"] | counts}

    publisher.state = few
    screen.size("wall")
    screen.go("/")
    screen.until(lambda: "2 missions" in screen.text("#panel-timeline .panel-note"))
    time.sleep(1.5)
    assert not screen.one("#panel-timeline .rest").is_displayed()


def test_a_rate_that_nobody_told_is_a_dash(screen: Screen, publisher: Publisher) -> None:
    def unknown(now: int) -> dict[str, Any]:
        state = states.busy(now)
        return state | {"summary": {name: one for name, one in state["summary"].items() if name != "pages_per_minute"}}

    publisher.state = unknown
    screen.go("/")
    screen.until(lambda: screen.text("#panel-card-pages .card-number") == "–")

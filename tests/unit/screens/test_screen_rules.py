"""What a screen's last report means: frozen within 45 seconds, never red because a person closed or left it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.screens.inputs import read_items, write_items
from data.screens.rules import Report, verdict

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WELL = Report(
    kiosk=True,
    visible=True,
    link="live",
    fps=60.0,
    heap_bytes=50_000_000,
    heap_limit_bytes=4_000_000_000,
    data_age_s=0.4,
    reported_at=NOW - timedelta(seconds=10),
    closed_at=None,
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        (WELL, "normal", "LIVE"),
        (WELL._replace(link="polling"), "normal", "POLLING"),
        (WELL._replace(reported_at=ago(45)), "normal", "LIVE"),
        (WELL._replace(reported_at=ago(46)), "critical", "FROZEN"),
        (WELL._replace(reported_at=ago(86_400)), "critical", "FROZEN"),
        (WELL._replace(reported_at=ago(86_400), kiosk=False), "off", "AWAY"),
        (WELL._replace(reported_at=ago(120), kiosk=False), "critical", "FROZEN"),
        (WELL._replace(reported_at=ago(120), visible=False), "standby", "IN THE BACKGROUND"),
        (WELL._replace(reported_at=ago(151), visible=False), "critical", "FROZEN"),
        (WELL._replace(closed_at=ago(200), reported_at=ago(200)), "off", "CLOSED"),
        (WELL._replace(link="lost"), "serious", "NO LIVE DATA"),
        (WELL._replace(link="silent"), "serious", "NO LIVE DATA"),
        (WELL._replace(data_age_s=62.0), "serious", "OLD DATA, 62 s"),
        (WELL._replace(heap_bytes=3_500_000_000), "caution", "HEAP NEARLY FULL"),
        (WELL._replace(fps=3.0), "caution", "SLOW, 3 fps"),
        (WELL._replace(fps=None, visible=False), "standby", "IN THE BACKGROUND"),
        (WELL._replace(fps=None, heap_bytes=None, heap_limit_bytes=None, data_age_s=None), "normal", "LIVE"),
    ],
)
def test_it_says_what_is_wrong_with_a_screen(report: Report, status: str, words: str) -> None:
    assert verdict(report, NOW) == (status, words)


@given(silent=st.floats(0, 1e7), kiosk=st.booleans(), visible=st.booleans())
def test_a_visible_screen_that_is_silent_for_90_seconds_is_never_well(
    silent: float,
    *,
    kiosk: bool,
    visible: bool,
) -> None:
    found = verdict(WELL._replace(reported_at=ago(silent), kiosk=kiosk, visible=visible), NOW)
    if silent > 90 and visible:
        assert found.status in ("critical", "off")
    if silent < 45:
        assert found.status != "critical"


def test_a_playlist_is_read_as_it_was_written() -> None:
    items = [{"dwell_seconds": 30, "address": "/"}, {"dwell_seconds": 45, "address": "/missions?from=now-7d&to=now"}]
    read = read_items(write_items(items) + "\n\n   \n")
    assert [(int(item["dwell_seconds"]), item["address"]) for item in read] == [
        (item["dwell_seconds"], item["address"]) for item in items
    ]
    assert read_items("soon") == [{"dwell_seconds": "soon", "address": ""}]

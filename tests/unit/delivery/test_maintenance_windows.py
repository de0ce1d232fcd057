"""Windows and hand-overs stand at the wall's time, also in the nights when the clocks change."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts.delivery.facts import Quiet
from data.alerts.delivery.oncall import Hours, Override, Person, Schedule, on_call, shifts, who_to_page
from data.alerts.delivery.stages import quiet_until
from data.alerts.delivery.windows import Window, parse_rule

BERLIN = ZoneInfo("Europe/Berlin")  # 29 March 2026 01:00 UTC and 25 October 2026 01:00 UTC
ADA, BO, CY = (Person(name=name, channel=name.lower()) for name in ("Ada", "Bo", "Cy"))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def nightly(hour: int = 2, minutes: int = 120) -> Window:
    return Window(datetime(2026, 1, 1, hour), minutes, "FREQ=DAILY", BERLIN)  # noqa: DTZ001 — the wall's own time


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (utc(2026, 3, 28), utc(2026, 3, 28, 1), utc(2026, 3, 28, 3)),  # 02:00 to 04:00 in winter
        (utc(2026, 3, 28, 12), utc(2026, 3, 29, 1), utc(2026, 3, 29, 2)),  # 02:00 is not there: 03:00 to 04:00
        (utc(2026, 3, 29, 12), utc(2026, 3, 30, 0), utc(2026, 3, 30, 2)),  # 02:00 to 04:00 in summer
        (utc(2026, 10, 24, 12), utc(2026, 10, 25, 0), utc(2026, 10, 25, 3)),  # 02:00 comes twice: from the first on
        (utc(2026, 10, 25, 12), utc(2026, 10, 26, 1), utc(2026, 10, 26, 3)),
    ],
)
def test_a_nightly_window_is_from_two_to_four_by_the_wall(day: datetime, start: datetime, end: datetime) -> None:
    assert nightly().coming(day, 1) == [(start, end)]
    assert nightly().open_until(start) == end
    assert nightly().open_until(end) is None
    assert nightly().open_until(start - timedelta(seconds=1)) is None


def test_windows_that_touch_are_one_quiet() -> None:
    hourly = Window(datetime(2026, 6, 1), 24 * 60, "FREQ=DAILY;COUNT=3", ZoneInfo("UTC"))  # noqa: DTZ001 — the wall's own
    assert hourly.open_until(utc(2026, 6, 1, 5)) == utc(2026, 6, 4)


@given(st.datetimes(datetime(2026, 1, 2), datetime(2027, 12, 31)), st.integers(0, 23), st.integers(1, 1400))  # noqa: DTZ001 — bounds
def test_whatever_the_clocks_do_a_daily_window_opens_each_day(moment: datetime, hour: int, minutes: int) -> None:
    now = moment.replace(tzinfo=UTC)
    spans = nightly(hour, minutes).coming(now, 3)
    assert len(spans) == 3
    days = [start.astimezone(BERLIN).date() for start, _ in spans]
    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=1)] * 2
    assert all(start < end for start, end in spans)
    until = nightly(hour, minutes).open_until(now)
    assert (until is not None) == (spans[0][0] <= now)


@pytest.mark.parametrize(
    "rule",
    [
        "nonsense",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSETPOS=366",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=999999999",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;X=" + "1" * 600,
        "",
    ],
)
def test_a_rule_that_is_none_or_never_happens_is_refused_at_once(rule: str) -> None:
    start = time.perf_counter()
    with pytest.raises(ValueError, match=r"."):
        parse_rule(rule)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "rule", ["RRULE:freq=weekly;byday=su", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY;UNTIL=20300101T000000Z"]
)
def test_usual_rules_are_taken(rule: str) -> None:
    window = Window(datetime(2026, 1, 1), 60, parse_rule(rule), BERLIN)  # noqa: DTZ001 — the wall's own time
    assert window.coming(utc(2026, 1, 2), 1)


def rota(**more: object) -> Schedule:
    usual = {"name": "primary", "zone": "Europe/Berlin", "people": [ADA, BO], "start": "2026-01-05", "fallback": CY}
    return Schedule.model_validate(usual | more)


@pytest.mark.parametrize(
    ("now", "who"),
    [
        (utc(2026, 3, 23, 7, 59), "Ada"),  # 08:59 in winter
        (utc(2026, 3, 23, 8, 0), "Bo"),  # 09:00: hand-over
        (utc(2026, 3, 30, 6, 59), "Bo"),  # 08:59 in summer
        (utc(2026, 3, 30, 7, 0), "Ada"),  # 09:00 by the wall, an hour earlier for the sun
        (utc(2026, 10, 26, 7, 59), "Bo"),
        (utc(2026, 10, 26, 8, 0), "Ada"),
    ],
)
def test_hand_overs_are_at_nine_by_the_wall_on_both_sides_of_the_changes(now: datetime, who: str) -> None:
    turn = on_call(rota(), now)
    assert turn is not None
    assert turn.name == who


def test_an_override_stands_before_the_rota_and_the_last_one_before_the_others() -> None:
    swap = [
        Override(person=CY, starts_at=utc(2026, 6, 2), ends_at=utc(2026, 6, 4)),
        Override(person=None, starts_at=utc(2026, 6, 3), ends_at=utc(2026, 6, 3, 12)),
    ]
    schedule = rota(overrides=swap)
    assert on_call(schedule, utc(2026, 6, 2, 1)) == CY
    assert on_call(schedule, utc(2026, 6, 3, 1)) is None
    assert who_to_page(schedule, utc(2026, 6, 3, 1)) == CY  # the fallback
    assert on_call(schedule, utc(2026, 6, 4)) in (ADA, BO)


def test_hours_that_nobody_covers_are_gaps_that_are_seen() -> None:
    hours = Hours(days=["mon", "tue", "wed", "thu", "fri"], start="09:00", end="17:00")  # type: ignore[arg-type]
    week = shifts(rota(hours=hours), utc(2026, 6, 1, 12))
    gaps = [each for each in week if each.person is None]
    assert len(gaps) == 5  # four nights and the week-end
    assert sum((each.end - each.start for each in week), timedelta()) == timedelta(days=7)
    night = rota(hours=Hours(days=["fri"], start="22:00", end="06:00"))  # type: ignore[arg-type]
    assert on_call(night, utc(2026, 6, 6, 3)) is not None  # Saturday, 05:00 by the wall
    assert on_call(night, utc(2026, 6, 6, 5)) is None


@given(st.datetimes(datetime(2026, 2, 1), datetime(2027, 12, 31)))  # noqa: DTZ001 — bounds
def test_the_week_ahead_agrees_with_who_has_it_at_each_moment(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    schedule = rota(hours=Hours(days=["mon", "sat"], start="20:00", end="08:00"))  # type: ignore[arg-type]
    for shift in shifts(schedule, now):
        middle = shift.start + (shift.end - shift.start) / 2
        assert on_call(schedule, shift.start) == on_call(schedule, middle) == shift.person


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (utc(2026, 6, 1, 19, 59), None),
        (utc(2026, 6, 1, 20, 0), utc(2026, 6, 2, 4)),  # 22:00 in Berlin, to 06:00 of the next day
        (utc(2026, 6, 2, 3, 59), utc(2026, 6, 2, 4)),
        (utc(2026, 6, 2, 4), None),
        (utc(2026, 3, 28, 22), utc(2026, 3, 29, 4)),  # a night that is an hour shorter
        (utc(2026, 10, 24, 21), utc(2026, 10, 25, 5)),  # and one that is longer
    ],
)
def test_quiet_hours_pass_midnight_and_end_by_the_wall(now: datetime, until: datetime | None) -> None:
    quiet = Quiet(datetime(2026, 1, 1, 22).time(), datetime(2026, 1, 1, 6).time(), BERLIN)  # noqa: DTZ001 — times of the wall
    assert quiet_until(quiet, now) == until

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from clients.satellite.retries import LONGEST_PAUSE, pause, retry_after

NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)


def asked(value: str, date: str = "") -> float | None:
    return retry_after(Response("http://e.org/", headers={"Retry-After": value, "Date": date}), NOW)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("8", 8),
        (" 8 ", 8),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("Fri, 06 Nov 2026 08:49:45 GMT", 8),
        ("Friday, 06-Nov-26 08:49:45 GMT", 8),
        ("Fri Nov  6 08:49:45 2026", 8),
        ("Fri, 06 Nov 2026 08:49:30 GMT", 0),
        ("Fri, 06 Nov 2026 09:49:45 +0100", 8),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("8 seconds", None),
        ("Fri, 99 Nov 2026 08:49:45 GMT", None),
        ("Fri, 06 Nov 99999 08:49:45 GMT", None),
    ],
)
def test_every_form_of_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert asked(value) == seconds


def test_a_date_is_read_by_the_clock_of_who_wrote_it() -> None:
    assert asked("Fri, 06 Nov 2026 09:00:08 GMT", date="Fri, 06 Nov 2026 09:00:00 GMT") == 8
    assert asked("Fri, 06 Nov 2026 08:49:45 GMT", date="Fri, 06 Nov 2026 08:49:36 GMT") == 8, "a second is no clock"


@given(st.text(max_size=60))
def test_no_text_whatever_stops_it(value: str) -> None:
    found = retry_after(Response("http://e.org/", headers={"Retry-After": value.encode("utf-8")}), NOW)
    assert found is None or found >= 0
    retry_after(Response("http://e.org/", headers={"Retry-After": "x", "Date": value.encode("utf-8")}), NOW)


@given(st.integers(0, 60))
def test_each_pause_is_longer_up_to_a_limit_and_never_the_same_for_all(tries: int) -> None:
    longest = min(LONGEST_PAUSE, 2**tries)
    drawn = {pause(tries) for _ in range(20)}
    assert all(0.6 * longest <= seconds <= longest for seconds in drawn)
    assert len(drawn) > 1


def test_a_second_is_a_second() -> None:
    assert asked((NOW + timedelta(seconds=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")) == 1

"""What a mission may become, how fast it is, and when it will be done: tables and properties of the pure rules."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.missions import rules
from data.missions.rules import Pace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

seconds = st.floats(0.5, 600, allow_nan=False)
pages = st.integers(0, 10_000)
limits = st.none() | st.integers(1, 100_000)
paces = st.builds(
    Pace,
    at=st.just(NOW.timestamp()),
    crawled=st.integers(0, 10**9),
    queued=st.integers(0, 10**9),
    fetched_s=st.floats(0, 1e6, allow_nan=False),
    found_s=st.floats(0, 1e6, allow_nan=False),
    spread=st.floats(0, 1, allow_nan=False),
)


@pytest.mark.parametrize(
    ("status", "verb", "leased", "becomes"),
    [
        ("queued", "pause", False, "paused"),
        ("running", "pause", True, "paused"),
        ("paused", "resume", True, "running"),
        ("paused", "resume", False, "queued"),
        ("paused", "cancel", True, "cancelled"),
        ("abnormal", "cancel", False, "cancelled"),
        ("abnormal", "retry", False, "queued"),
        ("failed", "retry", False, "queued"),
        ("cancelled", "retry", False, "queued"),
        ("completed", "retry", False, None),
        ("running", "resume", True, None),
        ("failed", "cancel", False, None),
    ],
)
def test_a_verb_leads_where_the_table_says(
    status: rules.Status, verb: rules.Verb, *, leased: bool, becomes: rules.Status | None
) -> None:
    assert rules.next_status(status, verb, leased=leased) == becomes


def test_every_state_but_completed_has_a_way_on_and_every_end_can_only_be_left_by_retry_or_cancel() -> None:
    for status in (*rules.ACTIVE, *rules.ENDED):
        ways = {verb for verb in rules.VERBS if rules.next_status(status, verb, leased=False)}
        assert bool(ways) == (status != "completed")
        if status in rules.ENDED:
            assert ways <= {"retry", "cancel"}


@given(st.lists(st.tuples(seconds, pages, pages), min_size=1, max_size=30))
def test_a_pace_is_never_negative_nor_faster_than_the_fastest_stretch(steps: list[tuple[float, int, int]]) -> None:
    at, crawled, pace, fastest = NOW.timestamp(), 0, None, 0.0
    for wait, fetched, queued in steps:
        at, crawled = at + wait, crawled + fetched
        last, pace = pace, rules.observe(pace, at, crawled, queued)
        if last is not None and pace is not last:
            fastest = max(fastest, (crawled - last.crawled) / (at - last.at))
        assert 0 <= pace.fetched_s <= fastest * (1 + 1e-9)
        assert 0 <= pace.found_s < math.inf
        assert 0 <= pace.spread <= 1


@given(st.floats(0.1, 1000), st.floats(0, 1000), st.lists(seconds, min_size=2, max_size=30))
def test_a_steady_crawl_is_measured_as_it_is_and_its_band_narrows(
    fetch: float, find: float, waits: list[float]
) -> None:
    at, crawled, queued = NOW.timestamp(), 0.0, 1e9
    pace = rules.observe(None, at, int(crawled), int(queued))
    spreads = [pace.spread]
    for wait in waits:
        at, crawled, queued = at + wait, crawled + fetch * wait, queued + (find - fetch) * wait
        pace = rules.observe(pace, at, crawled, queued)  # type: ignore[arg-type]  # exact numbers, no rounding
        spreads.append(pace.spread)
    assert pace.fetched_s == pytest.approx(fetch, rel=1e-3, abs=1e-3)
    assert pace.found_s == pytest.approx(find, rel=1e-3, abs=1e-3)
    assert spreads[-1] <= spreads[0]


@given(paces, st.floats(-1000, 0.499), st.integers(0, 10**9))
def test_a_report_too_soon_is_joined_and_one_from_before_starts_over(pace: Pace, wait: float, crawled: int) -> None:
    at = pace.at + wait
    seen = rules.observe(pace, at, crawled, 5)
    if at < pace.at or crawled < pace.crawled:
        assert seen == Pace(at, crawled, 5)
    else:
        assert seen is pace


@given(paces, limits)
def test_an_eta_is_a_band_in_the_future_or_says_why_there_is_none(pace: Pace, max_pages: int | None) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    if eta.estimate is None:
        assert (eta.low, eta.high) == (None, None)
        assert eta.note in (rules.QUEUE_GROWS, rules.NO_PACE, rules.PACE_UNKNOWN)
    else:
        assert eta.note is None
        assert eta.low is not None
        assert eta.high is not None
        assert NOW <= eta.low <= eta.estimate <= eta.high


@given(paces, limits, st.integers(1, 10**6))
def test_a_longer_queue_is_never_done_sooner_and_a_faster_satellite_never_later(
    pace: Pace, max_pages: int | None, more: int
) -> None:
    eta = rules.eta(pace, NOW, max_pages).estimate
    longer = rules.eta(_with(pace, queued=pace.queued + more), NOW, max_pages).estimate
    faster = rules.eta(_with(pace, fetched_s=pace.fetched_s + more), NOW, max_pages).estimate
    if eta is not None:
        assert longer is None or longer >= eta
        assert faster is not None
        assert faster <= eta


@given(paces, st.integers(1, 100_000))
def test_a_page_limit_bounds_the_eta_however_fast_the_queue_grows(pace: Pace, max_pages: int) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    left = max(0, max_pages - pace.crawled)
    if pace.fetched_s > 0 and left / pace.fetched_s < 86_400:
        assert eta.estimate is not None
        assert eta.estimate <= NOW + timedelta(seconds=left / pace.fetched_s + 1e-3)


@pytest.mark.parametrize(
    ("pace", "max_pages", "wanted"),
    [
        (Pace(0, 100, 50, fetched_s=1, found_s=0, spread=0), None, 50),
        (Pace(0, 100, 50, fetched_s=2, found_s=1, spread=0), None, 50),
        (Pace(0, 100, 5000, fetched_s=2, found_s=1, spread=0), 200, 50),
        (Pace(0, 100, 0, fetched_s=2, found_s=9, spread=0), None, 0),
        (Pace(0, 100, 50, fetched_s=1, found_s=1, spread=0), None, rules.QUEUE_GROWS),
        (Pace(0, 100, 50, fetched_s=1, found_s=9, spread=0), None, rules.QUEUE_GROWS),
        (Pace(0, 0, 50), None, rules.NO_PACE),
    ],
)
def test_the_eta_is_what_arithmetic_says(pace: Pace, max_pages: int | None, wanted: float | str) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    if isinstance(wanted, str):
        assert eta == rules.Eta(note=wanted)
    else:
        assert eta.estimate == NOW + timedelta(seconds=wanted)


@given(st.integers(0, 2**53), st.integers(0, 2**53), limits)
def test_progress_is_a_percentage_and_whole_when_nothing_is_left(crawled: int, queued: int, limit: int | None) -> None:
    share = rules.progress(crawled, queued, limit)
    assert 0 <= share <= 100
    if crawled and (queued == 0 or (limit and crawled >= limit)):
        assert share == 100
    assert rules.progress(0, queued, limit) == 0


def _job(**values: object) -> dict[str, object]:
    job = {"job_id": "LP-1", "status": "running", "held": True, "delay": None, "leased_delay": None}
    return job | {"was_paused": False} | values


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (_job(), []),
        (_job(held=False), ["cancel"]),
        (_job(held=False, status="paused"), ["cancel"]),
        (_job(status="cancelled"), ["cancel"]),
        (_job(status="queued"), ["cancel"]),
        (_job(status=None, held=False), ["cancel"]),
        (_job(status="paused", was_paused=True), ["pause"]),
        (_job(was_paused=True), ["resume"]),
        (_job(delay=2.0, leased_delay=2.0), []),
        (_job(delay=2.0, leased_delay=1.0), ["rate"]),
        (_job(delay=0.0, leased_delay=1.0), ["rate"]),
        (_job(delay=2.0), ["rate"]),
        (_job(status="paused", was_paused=True, delay=2.0), ["pause", "rate"]),
    ],
)
def test_a_satellite_is_told_what_it_must_know(job: dict[str, object], said: list[str]) -> None:
    assert [told["directive"] for told in rules.directives(job)] == said
    assert all(told["job_id"] == "LP-1" for told in rules.directives(job))


def _with(pace: Pace, **values: float) -> Pace:
    return Pace(**(pace.as_dict() | values))


def job(target: str, by: str = "ann", **config: object) -> dict[str, object]:
    return {"target_url": target, "config": config, "submitted_by": by}


@pytest.mark.parametrize(
    ("mission", "sites"),
    [
        (job("http://127.0.0.1:8080/a"), ["127.0.0.1:8080"]),
        (job("http://Intranet/"), ["intranet:80"]),
        (job("https://intranet/x?y"), ["intranet:443"]),
        (job("intranet.acme.io"), ["intranet.acme.io:443", "intranet.acme.io:80"]),
        (job("http://2130706433:81/"), ["127.0.0.1:81"]),
        (job("http://[::1]:8080/"), ["[::1]:8080"]),
        (job("http://a.io/", start_url="http://10.0.0.1:9/x"), ["10.0.0.1:9", "a.io:80"]),
        (job("http://a.io/", allowed_sites=["b.io:80", "c.io"]), ["a.io:80", "b.io:80", "c.io:443", "c.io:80"]),
        (job("http://a.io/", allowed_sites="b.io", start_url=7), ["a.io:80"]),
        (job("http://[broken/", allowed_sites=["a b", None]), []),
        (job("http://127.0.0.1:8080/", by=rules.IMPORTED), []),
    ],
)
def test_a_mission_names_the_hosts_and_ports_that_it_may_fetch(mission: dict[str, object], sites: list[str]) -> None:
    assert rules.private_sites("own", mission) == sites
    assert rules.private_sites("refuse", mission) == rules.private_sites("allow", mission) == []


def test_a_pace_that_is_not_measured_yet_is_no_missing_page() -> None:
    assert rules.eta(Pace(0, 120, 5), NOW, None).note == rules.PACE_UNKNOWN
    assert rules.eta(Pace(0, 0, 5), NOW, None).note == rules.NO_PACE

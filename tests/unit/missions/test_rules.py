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
    errors=st.integers(0, 10**9),
    settled_s=st.floats(0, 1e6, allow_nan=False),
    lately_s=st.floats(0, 1e6, allow_nan=False),
    found=st.none() | st.floats(0, 1e6, allow_nan=False),
    spread=st.floats(0, 1, allow_nan=False),
    quiet=st.integers(0, 10**9),
    lull=st.integers(0, 10**9),
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


@given(st.lists(st.tuples(seconds, pages, pages, pages), min_size=1, max_size=30))
def test_a_pace_is_never_negative_nor_faster_than_the_fastest_stretch(steps: list[tuple[float, int, int, int]]) -> None:
    began = at = NOW.timestamp()
    crawled, errors, pace, fastest = 0, 0, None, 0.0
    for wait, fetched, failed, queued in steps:
        at, crawled, errors = at + wait, crawled + fetched, errors + failed
        last, pace = pace, rules.observe(pace, at, crawled, queued, errors=errors, began=began)
        if pace is not last:
            before, since = (last.settled, last.at) if last else (0, began)
            fastest = max(fastest, (pace.settled - before) / (at - since), pace.settled / (at - began))
        assert 0 <= pace.settled_s <= fastest * (1 + 1e-9)
        assert 0 <= pace.lately_s <= fastest * (1 + 1e-9)
        assert pace.found is None or 0 <= pace.found < math.inf
        assert 0 <= pace.spread <= 1


@given(st.floats(0.1, 1000), st.floats(0, 1000), st.lists(seconds, min_size=3, max_size=30))
def test_a_steady_crawl_is_measured_as_it_is_and_its_band_narrows(
    fetch: float, find: float, waits: list[float]
) -> None:
    began = at = NOW.timestamp()
    crawled, queued, pace = 0.0, 1e9, None
    spreads = list[float]()
    for wait in waits:
        at, crawled, queued = at + wait, crawled + fetch * wait, queued + (find - fetch) * wait
        pace = rules.observe(pace, at, crawled, queued, began=began)  # type: ignore[arg-type]  # exact, no rounding
        spreads.append(pace.spread)
    assert pace
    assert pace.settled_s == pytest.approx(fetch, rel=1e-3, abs=1e-3)
    assert pace.found == pytest.approx(find / fetch, rel=1e-3, abs=1e-3)
    assert spreads[-1] <= spreads[0]


@given(paces, st.floats(-1000, 0.499), st.integers(0, 10**9))
def test_a_report_too_soon_is_joined_and_one_from_before_starts_over(pace: Pace, wait: float, crawled: int) -> None:
    at, began = pace.at + wait, pace.at - 2000
    seen = rules.observe(pace, at, crawled, 5, errors=pace.errors, began=began)
    if at < pace.at or crawled < pace.crawled or not pace.settled_s:
        settled_s = (crawled + pace.errors) / (at - began)
        assert seen == Pace(at, crawled, 5, pace.errors, settled_s, settled_s)
    else:
        assert seen is pace


@given(paces)
def test_a_pace_is_read_back_as_it_was_kept_and_one_of_another_version_begins_anew(pace: Pace) -> None:
    assert Pace.of(pace.as_dict()) == pace
    assert Pace.of({}) is None
    older = {"at": 1.0, "crawled": 7, "queued": 3, "fetched_s": 2.0, "found_s": 1.0, "spread": 0.3}
    assert Pace.of(older) == Pace(1.0, 7, 3, spread=0.3)


@given(paces, limits)
def test_an_eta_is_a_band_in_the_future_or_says_why_there_is_none(pace: Pace, max_pages: int | None) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    if eta.estimate is None:
        assert (eta.low, eta.high) == (None, None)
        assert eta.note in (rules.QUEUE_GROWS, rules.REFILLS, rules.TOO_EARLY, rules.NO_PACE)
        assert eta.note != rules.NO_PACE or not pace.settled or not pace.settled_s
    else:
        assert eta.note is None
        assert eta.low is not None
        assert eta.high is not None
        assert NOW <= eta.low <= eta.estimate <= eta.high


@given(paces, st.integers(1, 10**6))
def test_a_longer_queue_is_never_done_sooner_and_a_faster_satellite_never_later(pace: Pace, more: int) -> None:
    eta = rules.eta(pace, NOW, None).estimate
    longer = rules.eta(_with(pace, queued=pace.queued + more), NOW, None).estimate
    faster = rules.eta(_with(pace, settled_s=pace.settled_s + more), NOW, None).estimate
    if eta is not None:
        assert longer is None or longer >= eta
        assert faster is not None
        assert faster <= eta


@given(paces, st.integers(1, 100_000))
def test_a_page_limit_bounds_the_eta_and_is_sure_once_the_queue_reaches_it(pace: Pace, max_pages: int) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    if not pace.crawled or not pace.settled_s:
        return
    left = max(0, max_pages - pace.crawled) * pace.settled / pace.crawled
    if eta.estimate is not None:
        assert eta.estimate <= NOW + timedelta(seconds=left / pace.settled_s + 1e-3)
    elif left / pace.settled_s < 86_400:
        assert pace.queued < left


def _with(pace: Pace, **values: float) -> Pace:
    return Pace(**(pace.as_dict() | values))


STEADY = Pace(0, 100, 50, settled_s=2, lately_s=2, found=0, spread=0)


@pytest.mark.parametrize(
    ("pace", "max_pages", "wanted"),
    [
        (STEADY, None, 25),  # nothing is found any more: what is queued is all
        (_with(STEADY, found=0.5), None, 25 * 1.15),
        (_with(STEADY, queued=5000, found=9), 200, 50),  # the limit is in the queue
        (_with(STEADY, queued=40, found=9), 180, 40),  # more than half of the way to the limit is done
        (_with(STEADY, queued=40, found=9), 210, rules.QUEUE_GROWS),
        (_with(STEADY, crawled=50, errors=50, queued=5000, found=9), 100, 50),  # every other address is a page
        (_with(STEADY, queued=0, found=9), None, 0),
        (_with(STEADY, found=1), None, rules.QUEUE_GROWS),
        (_with(STEADY, found=9), None, rules.QUEUE_GROWS),
        (_with(STEADY, queued=1, found=1), None, rules.REFILLS),  # page by page
        (_with(STEADY, queued=20, found=0.7), None, rules.REFILLS),  # list by list
        (_with(STEADY, queued=20, found=0.1, quiet=10, lull=19), None, rules.REFILLS),  # it paused as long before
        (_with(STEADY, queued=20, found=0, quiet=30, lull=19), None, 10),
        (_with(STEADY, found=None), None, rules.TOO_EARLY),  # 100 pages with the first report
        (Pace(0, 0, 50), None, rules.NO_PACE),
    ],
)
def test_the_eta_is_what_arithmetic_says(pace: Pace, max_pages: int | None, wanted: float | str) -> None:
    eta = rules.eta(pace, NOW, max_pages)
    if isinstance(wanted, str):
        assert eta == rules.Eta(note=wanted)
    else:
        assert eta.estimate == NOW + timedelta(seconds=wanted)


def test_a_first_report_of_many_pages_does_not_say_that_there_are_none() -> None:
    began = NOW.timestamp()
    pace = rules.observe(None, began + 10, 120, 40, began=began)
    assert pace.settled_s == 12
    assert rules.eta(pace, NOW, None).note == rules.TOO_EARLY
    pace = rules.observe(pace, began + 11, 132, 28, began=began)
    eta = rules.eta(pace, NOW, None)
    assert eta.estimate is not None
    assert 2 < (eta.estimate - NOW).total_seconds() < 3


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

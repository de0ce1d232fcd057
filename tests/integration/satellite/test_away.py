"""The server goes away, the satellite goes away: nothing is lost, nothing is there twice."""

from __future__ import annotations

import re
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from clients.satellite.outbox import ROOM
from tests.sites import ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.satellite.conftest import Base
    from tests.sites import Site


def under_way(base: Base, site: Site, eventually: Callable[..., None], pages: int = 40) -> str:
    ring(site, pages)
    base.satellite("--name", "one")
    job_id = base.crawl(site, delay_seconds=0.05)
    eventually(lambda: base.crew.mission(job_id)["pages_crawled"] >= 3, seconds=20)
    return job_id


def test_it_outlives_a_server_that_restarts(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = under_way(base, site, eventually)
    base.front.stop()
    eventually(lambda: len(site.visited) == 40, seconds=20)  # it crawls on
    time.sleep(1)
    base.front.start()
    mission = finished(job_id)
    assert (mission["status"], mission["pages_crawled"], mission["links_found"]) == ("completed", 40, 200)
    rows = base.rows()
    assert len(rows) == len(set(rows)) == 200


def test_it_starts_before_the_server(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    ring(site, 3)
    base.front.stop()
    base.satellite()
    time.sleep(2)
    base.front.start()
    assert finished(base.crawl(site))["pages_crawled"] == 3


def test_it_crawls_no_faster_than_the_server_takes_rows(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    links = ROOM // 5
    ring(site, 12, links=links)
    base.front.refusing = "/ingest/"
    base.satellite()
    job_id = base.crawl(site, concurrency=2)
    eventually(lambda: base.front.asked["/api/v1/ingest/backlinks"] > 3, seconds=20)
    time.sleep(2)
    assert 5 <= len(site.visited) < 10, "it waits where the buffer is full"
    assert base.status(job_id) == "running"
    base.front.refusing = ""
    mission = finished(job_id, seconds=60)
    assert (mission["pages_crawled"], mission["links_found"]) == (12, 12 * links)
    rows = base.rows()
    assert len(rows) == len(set(rows)) == 12 * links


def test_the_end_is_told_only_after_every_row(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    ring(site, 3)
    base.front.refusing = "/ingest/"
    base.satellite()
    job_id = base.crawl(site)
    eventually(lambda: len(site.visited) == 3, seconds=20)
    time.sleep(2)
    assert base.status(job_id) == "running"
    base.front.refusing = ""
    assert finished(job_id)["links_found"] == len(base.rows()) == 15


@pytest.mark.parametrize("stream", ["backlinks", "page_visits"])
def test_a_delivery_that_hangs_keeps_no_report_waiting_and_is_said_on_the_mission(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]], stream: str
) -> None:
    ring(site, 60)
    base.front.hanging = f"/ingest/{stream}"
    base.satellite("--name", "one")
    job_id = base.crawl(site, delay_seconds=0.3)
    eventually(lambda: base.front.asked[f"/api/v1/ingest/{stream}"], seconds=30)
    before = base.crew.mission(job_id)["pages_crawled"]
    eventually(lambda: base.crew.mission(job_id)["pages_crawled"] >= before + 10, seconds=30)
    late = r"(\d+ links?( and \d+ pages?)?|\d+ pages?) waiting to be delivered for \d+ s"
    eventually(lambda: re.fullmatch(late, base.crew.mission(job_id)["message"] or ""), seconds=30)
    beats = base.front.asked["/api/v1/satellites/one/heartbeat"]
    eventually(lambda: base.front.asked["/api/v1/satellites/one/heartbeat"] > beats + 1, seconds=10)
    assert base.status(job_id) == "running"
    base.front.release()
    mission = finished(job_id, seconds=60)
    assert (mission["status"], mission["links_found"], mission["message"]) == ("completed", 300, None)
    assert len(base.rows()) == 300


def test_a_batch_that_is_refused_for_its_size_arrives_in_parts(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    ring(site, 4, links=700)
    base.front.largest = 2_500  # bytes on the wire
    base.satellite()
    mission = finished(base.crawl(site), seconds=60)
    assert (mission["status"], mission["links_found"], mission["message"]) == ("completed", 2_800, None)
    assert base.front.too_large > 0
    assert len(set(base.rows())) == 2_800


def test_another_satellite_finishes_what_a_killed_one_began(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = under_way(base, site, eventually)
    base.satellites[0].kill()
    base.crew.lose(job_id)
    base.crew.reap()
    assert base.status(job_id) == "abnormal"
    base.crew.later(job_id, 60)
    base.crew.reap()
    base.satellite("--name", "two")
    mission = finished(job_id)
    assert (mission["status"], mission["requeue_count"], mission["links_found"]) == ("completed", 1, 200)
    rows = base.rows()
    assert len(rows) == len(set(rows)) == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_soon_when_told_to_and_says_so(
    base: Base, site: Site, eventually: Callable[..., None], number: signal.Signals
) -> None:
    under_way(base, site, eventually)
    base.satellites[0].send_signal(number)
    assert base.satellites[0].wait(5) == 0
    fleet = base.crew.crawler("GET", "/api/v1/satellites").json["items"]
    assert [one["status"] for one in fleet] == ["stopping"]


def test_it_ends_soon_even_when_the_server_is_away(base: Base, site: Site, eventually: Callable[..., None]) -> None:
    under_way(base, site, eventually)
    base.front.stop()
    try:
        time.sleep(1)
        base.satellites[0].terminate()
        assert base.satellites[0].wait(5) == 0
    finally:
        base.front.start()


def test_one_mission_is_enough_when_asked_for(base: Base, site: Site) -> None:
    ring(site, 2)
    once = base.satellite("--once")
    first, second = base.crawl(site), base.crawl(site)
    assert once.wait(30) == 0
    assert base.status(first) == "completed"
    assert base.status(second) == "queued"


def test_a_wrong_key_is_said_in_one_line(base: Base) -> None:
    refused = base.satellite(MISSION_CONTROL_KEY="mc_00000000_wrong")
    assert refused.wait(20) == 1
    log = base.log.read_text()
    assert "answered 401" in log
    assert "Traceback" not in log


def test_the_key_may_stand_in_a_file(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    ring(site, 2)
    path = base.log.with_name("key")
    path.write_text(base.key + "\n")
    base.satellite(MISSION_CONTROL_KEY="", MISSION_CONTROL_KEY_FILE=str(path))
    assert finished(base.crawl(site))["pages_crawled"] == 2


def test_without_a_key_it_says_what_to_do(base: Base) -> None:
    refused = base.satellite(MISSION_CONTROL_KEY="")
    assert refused.wait(20) == 1
    assert "set MISSION_CONTROL_KEY to an API key with scope satellite" in base.log.read_text()

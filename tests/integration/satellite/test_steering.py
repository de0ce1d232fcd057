"""What the server tells a satellite, and what the satellite does then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tests.sites import ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.satellite.conftest import Base
    from tests.sites import Site


def crawling(base: Base, site: Site, eventually: Callable[..., None], **config: Any) -> str:
    """A mission of fifty pages in its middle."""
    ring(site, 50)
    base.satellite("--name", "one")
    job_id = base.crawl(site, **{"delay_seconds": 0.1} | config)
    eventually(lambda: base.crew.mission(job_id)["pages_crawled"] >= 5, seconds=20)
    return job_id


def still(site: Site, seconds: float = 1.5) -> bool:
    """Whether the site is left alone for a while."""
    before = len(site.hits)
    time.sleep(seconds)
    return len(site.hits) == before


def test_pause_stops_the_fetching_and_resume_goes_on_where_it_stopped(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = crawling(base, site, eventually)
    base.crew.act(job_id, "pause")
    eventually(lambda: still(site), seconds=10)
    beats = base.front.asked["/api/v1/satellites/one/heartbeat"]
    assert still(site, 2.5)
    assert base.front.asked["/api/v1/satellites/one/heartbeat"] > beats, "the lease is kept"
    fleet = base.crew.crawler("GET", "/api/v1/satellites").json["items"]
    assert [(one["status"], one["jobs"]) for one in fleet] == [("paused", [job_id])]
    assert base.status(job_id) == "paused"
    assert base.crew.act(job_id, "resume").json["status"] == "running"
    mission = finished(job_id, seconds=40)
    assert (mission["status"], mission["pages_crawled"], mission["links_found"]) == ("completed", 50, 250)
    assert len(site.visited) == len(set(site.visited)) == 50


def test_after_cancel_nothing_is_fetched_and_nothing_is_sent(
    base: Base, site: Site, eventually: Callable[..., None]
) -> None:
    job_id = crawling(base, site, eventually)
    base.crew.act(job_id, "cancel")
    eventually(lambda: still(site), seconds=10)
    sent = base.front.asked.copy()
    assert still(site, 2.5)
    beats = ("/heartbeat", "/lease", "/checks")  # it is alive and asks for work; it sends nothing
    new = {path: count for path, count in (base.front.asked - sent).items() if not path.endswith(beats)}
    assert new == {}
    assert base.status(job_id) == "cancelled"


def test_a_cancelled_mission_makes_way_for_the_next(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = crawling(base, site, eventually)
    base.crew.act(job_id, "cancel")
    assert finished(base.crawl(site, max_pages=2))["status"] == "completed"


def test_a_new_rate_is_obeyed_while_it_crawls(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = crawling(base, site, eventually)
    base.crew.operator("PATCH", f"/api/v1/missions/{job_id}", {"config": {"delay_seconds": 30}})
    eventually(lambda: still(site), seconds=10)
    base.crew.operator("PATCH", f"/api/v1/missions/{job_id}", {"config": {"delay_seconds": 0}})
    assert finished(job_id, seconds=20)["pages_crawled"] == 50


def test_a_mission_that_was_lost_is_dropped_and_found_again_without_a_link_twice(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    job_id = crawling(base, site, eventually)
    base.crew.lose(job_id)
    assert base.crew.reap() == ([job_id], [])
    eventually(lambda: still(site), seconds=10)
    base.crew.later(job_id, 60)
    base.crew.reap()
    mission = finished(job_id, seconds=40)
    assert (mission["status"], mission["requeue_count"], mission["links_found"]) == ("completed", 1, 250)
    rows = base.rows()
    assert len(rows) == len(set(rows)) == 250


def test_a_satellite_that_the_server_has_forgotten_registers_again(
    base: Base, site: Site, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    base.satellite("--name", "one")
    eventually(lambda: base.rows("satellite_id", "satellites"))
    with base.crew.mc.engine.begin() as connection:
        connection.execute(text("delete from satellites"))
    eventually(lambda: base.rows("satellite_id", "satellites") == [("one",)])
    ring(site, 3)
    assert finished(base.crawl(site))["pages_crawled"] == 3


def test_numbers_arrive_while_it_crawls(base: Base, site: Site, eventually: Callable[..., None]) -> None:
    job_id = crawling(base, site, eventually)
    seen = []
    for _ in range(3):
        seen.append(base.crew.mission(job_id)["pages_crawled"])
        time.sleep(1.5)
    assert len(set(seen)) == 3, seen
    assert seen == sorted(seen)


def test_a_mission_that_cannot_be_crawled_is_sent_back_with_a_reason(
    base: Base, finished: Callable[..., dict[str, Any]]
) -> None:
    base.satellite()
    mission = finished(base.crew.submit(config={"timeout_seconds": "soon"}))
    assert mission["status"] == "failed"
    assert mission["message"].startswith("This mission cannot be crawled: config.timeout_seconds: 'soon' is no number")

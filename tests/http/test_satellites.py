"""A satellite at work: leases and their renewal, directives, and what happens to the lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.callers import program
from tests.crawls import SATELLITE, Crew, crew

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from data.services import Services


@pytest.fixture
def team(mc: Services, server: Flask) -> Crew:
    return crew(mc, server)


def seconds_left(team: Crew, job: str) -> float:
    with team.mc.engine.begin() as connection:
        left: float = connection.execute(
            text("select extract(epoch from lease_expires_at - now()) from satellite_assignments where job_id = :id"),
            {"id": job},
        ).scalar_one()
        return float(left)


def shorten(team: Crew, job: str) -> None:
    with team.mc.engine.begin() as connection:
        connection.execute(
            text("update satellite_assignments set lease_expires_at = now() + interval '5 s' where job_id = :id"),
            {"id": job},
        )


def test_registering_again_is_the_same_satellite(team: Crew) -> None:
    body = {"satellite_id": "SAT-9", "name": "first"}
    first = team.crawler("POST", "/api/v1/satellites", body)
    again = team.crawler("POST", "/api/v1/satellites", body | {"name": "second"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == {"satellite_id": "SAT-9", "heartbeat_seconds": 10, "lease_seconds": 60}
    fleet = team.operator("GET", "/api/v1/satellites").json["items"]
    assert [(one["satellite_id"], one["name"]) for one in fleet] == [("SAT-9", "second")]


def test_a_satellite_without_a_name_of_its_own_gets_one(team: Crew) -> None:
    made = [team.crawler("POST", "/api/v1/satellites", {"name": "x"}).json["satellite_id"] for _ in range(2)]
    assert made[0] != made[1]
    assert team.lease(made[0]) is None


def test_a_lease_lasts_a_minute_and_a_heartbeat_or_a_report_renews_it(team: Crew) -> None:
    job = team.start()
    assert 55 < seconds_left(team, job) <= 60
    for renew in (lambda: team.beat(job), lambda: team.report(job, pages_crawled=1)):
        shorten(team, job)
        renew()
        assert 55 < seconds_left(team, job) <= 60


def test_a_heartbeat_renews_only_the_jobs_it_names(team: Crew) -> None:
    job = team.start()
    shorten(team, job)
    assert team.beat() == []
    assert seconds_left(team, job) <= 5


def test_a_heartbeat_is_seen_in_the_fleet(team: Crew) -> None:
    job = team.start()
    team.beat(job, pages_per_minute=120.5, cpu_percent=50, memory_mb=80)
    (seen,) = team.operator("GET", "/api/v1/satellites").json["items"]
    assert (seen["status"], seen["pages_per_minute"], seen["jobs"]) == ("working", 120.5, [job])
    assert team.mission(job)["satellites"] == [SATELLITE]


def test_directives_follow_what_people_do_and_may_be_heard_twice(team: Crew) -> None:
    job = team.start(config={"delay_seconds": 1})
    assert team.beat(job) == []
    team.act(job, "pause")
    for _ in range(2):
        assert team.beat(job) == [{"directive": "pause", "job_id": job}]
    team.act(job, "resume")
    assert team.beat(job) == [{"directive": "resume", "job_id": job}]
    team.operator("PATCH", f"/api/v1/missions/{job}", {"config": {"delay_seconds": 3}})
    rate = {"directive": "rate", "job_id": job, "delay_seconds": 3}
    assert rate in team.beat(job)
    assert rate in team.report(job, pages_crawled=1).json["directives"]
    team.act(job, "cancel")
    for _ in range(2):
        assert team.beat(job) == [{"directive": "cancel", "job_id": job}]
    assert team.report(job, pages_crawled=2).status_code == 409


@pytest.mark.parametrize("why", ["lost", "retried", "never held", "unknown"])
def test_a_job_that_the_satellite_does_not_hold_is_to_be_cancelled(team: Crew, why: str) -> None:
    job = team.start()
    if why in ("lost", "retried"):
        team.lose(job)
        team.reap()
    if why == "retried":
        team.act(job, "retry")
        team.register("SAT-2")
        team.lease("SAT-2")
    asked, satellite = ("LP-0" if why == "unknown" else job), ("SAT-3" if why == "never held" else SATELLITE)
    team.register(satellite)
    assert [said["directive"] for said in team.beat(asked, satellite_id=satellite)] == ["cancel"]
    if why != "unknown":
        before = team.mission(job)
        assert team.report(job, satellite, pages_crawled=99).status_code == 409
        assert team.mission(job) == before


def test_a_lost_satellites_job_is_abnormal_then_requeued_once(team: Crew) -> None:
    job = team.start()
    team.report(job, pages_crawled=5)
    team.lose(job)
    assert team.reap() == ([job], [])
    lost = team.mission(job)
    assert (lost["status"], lost["requeue_count"], lost["satellites"]) == ("abnormal", 0, [])
    assert SATELLITE in lost["message"]
    assert team.reap() == ([], [])  # it rests as ABNORMAL, for people to see
    team.later(job, 11)
    assert team.reap() == ([], [job])
    back = team.mission(job)
    assert (back["status"], back["requeue_count"], back["completed_time"]) == ("queued", 1, None)
    assert back["message"].endswith("requeued")
    assert team.queue() == [job]
    team.register("SAT-2")
    assert team.lease("SAT-2") is not None
    team.lose(job)
    team.reap()
    team.later(job, 3600)
    assert team.reap() == ([], [])
    assert team.mission(job)["status"] == "abnormal"
    assert team.act(job, "retry").json["status"] == "queued"
    team.register("SAT-3")
    assert team.lease("SAT-3") is not None
    assert team.report(job, "SAT-3", status="completed", pages_crawled=5).status_code == 200


def test_the_loss_and_the_second_try_stand_in_the_audit(mc: Services, server: Flask) -> None:
    team = crew(mc, server)
    job = team.start()
    team.lose(job)
    team.reap()
    team.later(job, 11)
    team.reap()
    rows = program(mc, server, "admin")("GET", "/api/v1/audit").json["items"]
    system = [row["action"] for row in rows if row["object_id"] == job and row["actor_kind"] == "system"]
    assert system == ["mission.requeue", "mission.abnormal"]


def test_a_paused_job_of_a_lost_satellite_stays_paused_and_waits_in_the_queue_when_resumed(team: Crew) -> None:
    job = team.start()
    team.act(job, "pause")
    team.lose(job)
    team.reap()
    assert team.mission(job)["status"] == "paused"
    assert team.act(job, "resume").json["status"] == "queued"
    assert team.queue() == [job]


def test_a_satellite_that_is_heard_in_time_loses_nothing(team: Crew) -> None:
    job = team.start()
    team.lose(job)
    team.beat(job)
    assert team.reap() == ([], [])
    assert team.mission(job)["status"] == "running"


def test_a_lost_satellite_is_shown_as_lost_until_it_is_heard_again(team: Crew) -> None:
    job = team.start()
    team.lose(job)
    team.reap()
    assert team.operator("GET", "/api/v1/satellites").json["items"][0]["status"] == "lost"
    team.beat(status="idle")
    assert team.operator("GET", "/api/v1/satellites").json["items"][0]["status"] == "idle"


def test_the_redis_list_is_rebuilt_after_redis_forgot_everything(team: Crew) -> None:
    jobs = [team.submit(priority=priority) for priority in (3, 9, 5)]
    team.mc.cache.redis.flushall()
    assert team.queue() == []
    team.reap()
    assert team.queue() == [jobs[1], jobs[2], jobs[0]]
    team.mc.cache.redis.rpush("job_queue", "LP-0")
    team.reap()
    assert team.queue() == team.queued()


def test_two_satellites_that_ask_at_once_never_get_the_same_job(
    mc: Services, server: Flask, together: Callable[..., list[object]]
) -> None:
    team = crew(mc, server)
    jobs = {team.submit() for _ in range(12)}
    names = [team.register(f"SAT-{index}") for index in range(6)]
    leased = together(*[lambda name=name: [team.lease(name), team.lease(name)] for name in names])
    found = [job["job_id"] for pair in leased for job in pair]  # type: ignore[attr-defined]
    assert sorted(found) == sorted(jobs)


def test_reaping_beside_heartbeats_reports_and_leases_never_stands_in_their_way(
    mc: Services, server: Flask, together: Callable[..., list[object]]
) -> None:
    """All of them lock satellite, job and lease; in another order they would wait for each other in a circle."""
    team = crew(mc, server)
    jobs = {team.register(f"SAT-{index}"): team.start(f"SAT-{index}") for index in range(4)}

    def work(satellite: str) -> set[int]:
        job, seen = jobs[satellite], set()
        for turn in range(25):
            if turn % 3 == 0:
                team.lose(job)
            path, body = f"/api/v1/satellites/{satellite}", {"jobs": [job]}
            seen.add(team.report(job, satellite, pages_crawled=turn).status_code)
            seen.add(team.crawler("POST", f"{path}/heartbeat", body).status_code)
            seen.add(team.crawler("POST", f"{path}/lease", {}).status_code)
        return seen

    def reap() -> set[int]:
        for _ in range(60):
            team.reap()
        return set()

    seen = together(*[lambda name=name: work(name) for name in jobs], reap, reap)
    assert set().union(*seen) <= {200, 204, 409}  # type: ignore[arg-type]


def silent_for(team: Crew, seconds: int) -> None:
    with team.mc.engine.begin() as connection:
        connection.execute(
            text("update satellites set last_heartbeat_at = now() - make_interval(secs => :seconds)"),
            {"seconds": seconds},
        )


def test_a_satellite_that_said_goodbye_is_off_and_never_lost(team: Crew) -> None:
    team.register()
    team.beat(status="stopping")

    def shown() -> str:
        status: str = team.operator("GET", "/api/v1/satellites").json["items"][0]["status"]
        return status

    assert shown() == "stopping"
    silent_for(team, 20)
    assert shown() == "off"
    silent_for(team, 600)
    team.reap()
    assert shown() == "off"
    with team.mc.engine.begin() as connection:
        assert connection.scalar(text("select status from satellites")) == "stopping"
    team.register()
    assert shown() == "idle"


def test_a_lease_says_where_the_mission_may_go_in_private_networks(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    team.register()
    for policy, allowed, sites in (("own", False, ["127.0.0.1:81"]), ("refuse", False, []), ("allow", True, [])):
        monkeypatch.setattr(team.mc.settings, "private_targets", policy)
        team.submit(target_url="http://127.0.0.1:81/")
        job = team.lease()
        assert job
        assert (job["private_allowed"], job["private_sites"]) == (allowed, sites)


def test_a_further_site_opens_the_one_port_that_it_names(team: Crew) -> None:
    """Whoever names a port of a private host has said nothing of its others."""
    team.register()
    further = ["10.0.0.1:80", "https://10.0.0.2/", "http://user:pw@10.0.0.3:81", " Intranet "]
    team.submit(target_url="http://127.0.0.1:82/", config={"allowed_sites": further})
    job = team.lease()
    assert job
    assert job["config"]["allowed_sites"] == ["10.0.0.1:80", "https://10.0.0.2/", "http://10.0.0.3:81/", "Intranet"]
    named = ["10.0.0.1:80", "10.0.0.2:443", "10.0.0.3:81", "127.0.0.1:82", "intranet:443", "intranet:80"]
    assert job["private_sites"] == named


def test_history_that_was_ingested_opens_no_private_network_when_it_is_run_again(team: Crew, server: Flask) -> None:
    row = {"job_id": "OLD-1", "job_type": "crawl", "status": "failed", "target_url": "http://127.0.0.1:81/"}
    ingest = program(team.mc, server, "ingest", name="importer")
    answer = ingest("POST", "/api/v1/ingest/missions", [row | {"created_date": "2026-01-01T00:00:00Z"}])
    assert answer.json["accepted"] == 1, answer.text
    assert team.act("OLD-1", "retry").status_code == 200
    team.register()
    job = team.lease()
    assert job
    assert (job["job_id"], job["private_sites"]) == ("OLD-1", [])

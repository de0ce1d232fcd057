"""The life of a mission over HTTP: what may be asked of it in which state, and who is served first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.db import transaction
from tests.callers import person, program
from tests.crawls import SATELLITE, Crew, crew

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

# state → what each verb makes of it; a verb that is missing is forbidden
ALLOWED: dict[str, dict[str, str]] = {
    "queued": {"pause": "paused", "cancel": "cancelled"},
    "running": {"pause": "paused", "cancel": "cancelled"},
    "paused in the queue": {"resume": "queued", "cancel": "cancelled"},
    "paused at work": {"resume": "running", "cancel": "cancelled"},
    "completed": {},
    "failed": {"retry": "queued"},
    "cancelled": {"retry": "queued"},
    "abnormal": {"retry": "queued", "cancel": "cancelled"},
}
VERBS = ("pause", "resume", "cancel", "retry")


@pytest.fixture
def team(mc: Services, server: Flask) -> Crew:
    return crew(mc, server)


def bring_to(team: Crew, state: str) -> str:
    """A mission in this state, brought there by what people and satellites do."""
    if state == "queued":
        return team.submit()
    if state in ("paused in the queue", "cancelled"):
        job = team.submit()
        team.act(job, "pause" if state != "cancelled" else "cancel")
        return job
    job = team.start()
    if state == "paused at work":
        team.act(job, "pause")
    elif state in ("completed", "failed"):
        team.report(job, status=state, pages_crawled=3)
    elif state == "abnormal":
        team.lose(job)
        team.reap()
    return job


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ALLOWED)
def test_an_action_does_what_the_state_allows_and_nothing_else(team: Crew, state: str, verb: str) -> None:
    job = bring_to(team, state)
    before = team.mission(job)
    assert before["status"] == state.split(maxsplit=1)[0]
    answer = team.act(job, verb)
    wanted = ALLOWED[state].get(verb)
    if wanted is None:
        assert answer.status_code == 409
        assert job in answer.json["detail"]
        assert team.mission(job) == before
    else:
        assert answer.status_code == 200
        assert answer.json == team.mission(job)
        assert answer.json["status"] == wanted
    assert team.queue() == team.queued()


def test_what_has_ended_starts_over_with_a_retry(team: Crew) -> None:
    job = team.start()
    team.report(job, status="failed", pages_crawled=7, links_found=9, errors_count=2, message="robots.txt forbids it")
    failed = team.mission(job)
    assert (failed["pages_crawled"], failed["message"], failed["satellites"]) == (7, "robots.txt forbids it", [])
    assert failed["completed_time"] is not None
    again = team.act(job, "retry").json
    fresh = ("pages_crawled", "links_found", "errors_count", "progress_percentage", "requeue_count")
    assert [again[name] for name in fresh] == [0] * 5
    assert (again["message"], again["start_time"], again["completed_time"]) == (None, None, None)
    leased = team.lease()
    assert leased is not None
    assert leased["job_id"] == job


def test_the_highest_priority_is_leased_first_then_who_waits_longest(team: Crew) -> None:
    jobs = {priority: [team.submit(priority=priority) for _ in range(2)] for priority in (1, 10, 5)}
    moved = jobs[1].pop()
    assert team.operator("PATCH", f"/api/v1/missions/{moved}", {"priority": 7}).json["priority"] == 7
    team.register()
    wanted = [*jobs[10], moved, *jobs[5], *jobs[1]]
    team.reap()
    assert team.queue() == wanted
    leased = [job["job_id"] for _ in wanted if (job := team.lease())]
    assert leased == wanted
    assert team.lease() is None
    assert team.queue() == []


def test_a_satellite_gets_no_more_jobs_than_it_asked_for(team: Crew) -> None:
    for _ in range(3):
        team.submit()
    team.register(max_jobs=2)
    assert [team.lease() is not None for _ in range(3)] == [True, True, False]
    assert len(team.queue()) == 1


def test_simulated_and_real_satellites_never_take_each_others_jobs(mc: Services, server: Flask) -> None:
    real, simulated = crew(mc, server), crew(mc, server, simulated=True)
    submitted = [(real, real.submit()), (simulated, simulated.submit())]
    for team, wanted in submitted:
        name = team.register(f"SAT-{wanted}")
        job = team.lease(name)
        assert job is not None
        assert (job["job_id"], job["simulated"]) == (wanted, team is simulated)
        assert team.lease(name) is None


def test_a_name_belongs_either_to_a_real_or_to_a_simulated_satellite(mc: Services, server: Flask) -> None:
    crew(mc, server).register("SAT-7")
    answer = crew(mc, server, simulated=True).crawler(
        "POST", "/api/v1/satellites", {"satellite_id": "SAT-7", "name": "x"}
    )
    assert answer.status_code == 409


def test_settings_are_merged_and_an_ended_mission_takes_none(team: Crew) -> None:
    job = team.submit(config={"max_pages": 10, "own": {"setting": 1}})
    changed = team.operator("PATCH", f"/api/v1/missions/{job}", {"config": {"delay_seconds": 2.5}}).json
    assert changed["config"] == {"max_pages": 10, "own": {"setting": 1}, "delay_seconds": 2.5}
    team.act(job, "cancel")
    assert team.operator("PATCH", f"/api/v1/missions/{job}", {"priority": 1}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"job_type": ""}, ["job_type"]),
        ({"job_type": "x" * 129}, ["job_type"]),
        ({"job_type": None}, ["job_type"]),
        ({"target_url": "ftp://example.org"}, ["target_url"]),
        ({"target_url": "javascript:alert(1)"}, ["target_url"]),
        ({"target_url": "no spaces here"}, ["target_url"]),
        ({"target_url": "https://a/" + "x" * 2048}, ["target_url"]),
        ({"target_url": "https://a/\x00"}, ["target_url"]),
        ({"priority": 0}, ["priority"]),
        ({"priority": 11}, ["priority"]),
        ({"priority": 2**70}, ["priority"]),
        ({"priority": "high"}, ["priority"]),
        ({"config": []}, ["config"]),
        ({"config": {"max_pages": 0}}, ["config", "max_pages"]),
        ({"config": {"max_pages": 100_001}}, ["config", "max_pages"]),
        ({"config": {"delay_seconds": -1}}, ["config", "delay_seconds"]),
        ({"config": {"delay_seconds": 61}}, ["config", "delay_seconds"]),
        ({"config": {"concurrency": 33}}, ["config", "concurrency"]),
        ({"config": {"allowed_sites": "example.org"}}, ["config", "allowed_sites"]),
        ({"config": {"note": "x\x00"}}, ["config"]),
        ({"config": {"note": "x" * 9000}}, ["config"]),
        ({"unknown": 1}, ["unknown"]),
    ],
)
def test_a_wrong_field_is_named(team: Crew, wrong: dict[str, Any], loc: list[str]) -> None:
    mission = {"job_type": "crawl", "target_url": "https://example.org/"} | wrong
    answer = team.operator("POST", "/api/v1/missions", mission)
    assert answer.status_code == 422
    assert loc in [error["loc"] for error in answer.json["errors"]]
    assert team.queued() == []


@pytest.mark.parametrize("target", ["https://example.org", "HTTP://EXAMPLE.org:8080/a?b#c", "acme.io", "http://[::1]/"])
def test_an_address_or_a_bare_domain_is_a_target(team: Crew, target: str) -> None:
    assert team.mission(team.submit(target_url=target))["target_url"].lower() == target.lower()


def test_new_missions_are_numbered_above_imported_ones(mc: Services, server: Flask, team: Crew) -> None:
    history = {"job_type": "crawl", "status": "completed", "target_url": "acme.io", "created_date": "2026-01-01"}
    number = int(team.submit().removeprefix("LP-"))
    rows = [history | {"job_id": job} for job in (f"LP-{number + 100}", "LP-2", "theirs-9999999")]
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/missions", rows).json
    assert (answer["accepted"], answer["rejected"]) == (3, [])
    assert [team.submit(), team.submit()] == [f"LP-{number + 101}", f"LP-{number + 102}"]
    program(mc, server, "ingest")("POST", "/api/v1/ingest/missions", [history | {"job_id": "LP-1"}])
    assert team.submit() == f"LP-{number + 103}"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/missions/LP-0", None),
        ("PATCH", "/api/v1/missions/LP-0", {"priority": 1}),
        *(("POST", f"/api/v1/missions/LP-0/{verb}", None) for verb in VERBS),
        ("POST", "/api/v1/missions/LP-0/progress", {"satellite_id": SATELLITE, "pages_crawled": 1}),
        ("POST", "/api/v1/satellites/nobody/heartbeat", {}),
        ("POST", "/api/v1/satellites/nobody/lease", {}),
    ],
)
def test_what_is_not_there_is_404(mc: Services, server: Flask, method: str, path: str, body: Any) -> None:
    answer = program(mc, server, "admin")(method, path, body)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_verb_that_is_none_is_refused(team: Crew) -> None:
    assert team.act(team.submit(), "explode").status_code == 422


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_a_list_is_read_page_by_page_without_gap_or_repetition(team: Crew, limit: int) -> None:
    jobs = [team.submit() for _ in range(7)]
    for job in jobs:
        team.register(f"SAT-{job}")
    seen: dict[str, list[str]] = {}
    for path, name in (("missions", "job_id"), ("satellites", "satellite_id")):
        cursor, pages = "", 0
        while cursor is not None:
            page = team.operator(
                "GET", f"/api/v1/{path}", query_string={"limit": limit} | ({"cursor": cursor} if cursor else {})
            ).json
            seen.setdefault(path, []).extend(item[name] for item in page["items"])
            assert len(page["items"]) <= limit
            cursor, pages = page["next_cursor"], pages + 1
        assert pages == -(-7 // limit)
    assert seen == {"missions": jobs[::-1], "satellites": sorted(f"SAT-{job}" for job in jobs)}


def test_a_list_can_be_narrowed_to_a_state(team: Crew) -> None:
    first, second = team.submit(), team.submit()
    team.act(first, "pause")
    for status, wanted in (("paused", [first]), ("queued", [second]), ("failed", [])):
        page = team.operator("GET", f"/api/v1/missions?status={status}").json
        assert [item["job_id"] for item in page["items"]] == wanted


@pytest.mark.parametrize("path", ["/api/v1/missions", "/api/v1/satellites", "/api/v1/audit"])
@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "cursor=bnVsbA==", "cursor=WzEsMl0=", "limit=0", "limit=1001", "limit=x"]
)
def test_a_cursor_or_limit_that_we_did_not_give_is_refused(mc: Services, server: Flask, path: str, query: str) -> None:
    answer = program(mc, server, "admin")("GET", f"{path}?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["loc"] == [query.partition("=")[0]]


def test_every_action_is_audited_with_what_was_and_what_is(mc: Services, server: Flask) -> None:
    team = crew(mc, server)
    job = team.submit()
    manager = person(mc, server, "manager")
    for verb in ("pause", "resume", "cancel", "retry"):
        assert manager("POST", f"/api/v1/missions/{job}/{verb}").status_code == 200
    rows = program(mc, server, "admin")("GET", "/api/v1/audit").json["items"]
    found = [(row["action"], row["detail"]["was"], row["detail"]["is"]) for row in rows if row["actor_kind"] == "user"]
    assert found == [
        ("mission.retry", "cancelled", "queued"),
        ("mission.cancel", "queued", "cancelled"),
        ("mission.resume", "paused", "queued"),
        ("mission.pause", "queued", "paused"),
    ]


def test_a_satellite_that_stops_in_good_order_gives_its_mission_back_at_no_cost(mc: Services, server: Flask) -> None:
    caller = program(mc, server, "operate", "satellite")
    job = caller("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"}).json["job_id"]
    caller("POST", "/api/v1/satellites", {"name": "S1", "satellite_id": "S1"})
    assert caller("POST", "/api/v1/satellites/S1/lease").json["job_id"] == job
    caller("POST", "/api/v1/satellites/S1/heartbeat", {"status": "stopping", "jobs": []})
    found = caller("GET", f"/api/v1/missions/{job}").json
    assert (found["status"], found["requeue_count"], found["satellites"]) == ("queued", 0, [])


def test_a_satellite_that_was_started_anew_loses_what_it_no_longer_knows_of_within_a_heartbeat(
    mc: Services, server: Flask
) -> None:
    caller = program(mc, server, "operate", "satellite")
    caller("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"})
    caller("POST", "/api/v1/satellites", {"name": "S1", "satellite_id": "S1"})
    caller("POST", "/api/v1/satellites/S1/lease")
    caller("POST", "/api/v1/satellites", {"name": "S1", "satellite_id": "S1"})
    with transaction(mc.engine) as connection:
        left = connection.scalar(text("select lease_expires_at - now() from satellite_assignments"))
    assert left.total_seconds() <= 10


def test_a_pace_that_is_set_back_is_told_again(mc: Services, server: Flask) -> None:
    caller = program(mc, server, "operate", "satellite")
    mission = {"job_type": "crawl", "target_url": "acme.io", "config": {"delay_seconds": 1}}
    job = caller("POST", "/api/v1/missions", mission).json["job_id"]
    caller("POST", "/api/v1/satellites", {"name": "S1", "satellite_id": "S1"})
    caller("POST", "/api/v1/satellites/S1/lease")
    for delay in (5, 1):
        caller("PATCH", f"/api/v1/missions/{job}", {"config": {"delay_seconds": delay}})
        told = caller("POST", "/api/v1/satellites/S1/heartbeat", {"status": "working", "jobs": [job]}).json
        assert told["directives"] == [{"directive": "rate", "job_id": job, "delay_seconds": delay}]

"""A satellite speaks for itself: what one program registered, no other one beats, leases, looks or reports for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.access import keys
from data.db import transaction
from data.permissions import SYSTEM
from deploy.embedded.initial_access import SATELLITE as EMBEDDED
from tests.callers import Caller, program

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services

NAME = "SAT-1"
MISSION = {"job_type": "full_site_crawl", "target_url": "https://example.org/"}
DEEDS = ("register", "heartbeat", "lease", "checks", "progress")


def do(caller: Caller, deed: str, job: str = "LP-0") -> TestResponse:
    numbers = {"pages_crawled": 1, "pages_queued": 0}
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        "register": ("/api/v1/satellites", {"satellite_id": NAME, "name": NAME}),
        "heartbeat": (f"/api/v1/satellites/{NAME}/heartbeat", {"status": "working", "jobs": [job]}),
        "lease": (f"/api/v1/satellites/{NAME}/lease", {}),
        "checks": (f"/api/v1/satellites/{NAME}/checks", {}),
        "progress": (f"/api/v1/missions/{job}/progress", {"satellite_id": NAME, **numbers}),
    }
    return caller("POST", *requests[deed])


@pytest.fixture
def first(mc: Services, server: Flask) -> Caller:
    caller = program(mc, server, "satellite")
    assert do(caller, "register").status_code == 201
    return caller


@pytest.mark.parametrize("deed", DEEDS)
def test_in_anothers_name_is_403_audited_and_changes_nothing(
    mc: Services, server: Flask, first: Caller, deed: str
) -> None:
    job = program(mc, server, "operate")("POST", "/api/v1/missions", MISSION).json["job_id"]
    assert do(first, "lease").json["job_id"] == job
    other = program(mc, server, "satellite")  # of the same name: it is not the name that counts
    assert do(other, deed, job).status_code == 403
    with mc.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from audit_log where action = 'request.forbidden'")) == 1
        assert connection.scalar(text("select pages_crawled from crawl_jobs")) == 0
    assert do(first, "progress", job).status_code == 200


@pytest.mark.parametrize("deed", DEEDS[1:])
def test_a_satellite_that_nobody_registered_is_404(mc: Services, server: Flask, deed: str) -> None:
    assert do(program(mc, server, "satellite"), deed).status_code == 404


def test_a_program_speaks_for_all_that_it_registered(first: Caller) -> None:
    assert first("POST", "/api/v1/satellites", {"satellite_id": "SAT-2", "name": "two"}).status_code == 201
    assert first("POST", "/api/v1/satellites/SAT-2/heartbeat", {}).status_code == 200
    assert do(first, "heartbeat").status_code == 200


def test_a_rotated_key_speaks_on_beside_the_old_one(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    old = admin("POST", "/api/v1/keys", {"name": "crawler", "scopes": ["satellite"]}).json
    new = admin("POST", f"/api/v1/keys/{old['key_id']}/rotate", {"overlap_seconds": 3600}).json
    callers = [
        Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {made['key']}"}) for made in (old, new)
    ]
    assert do(callers[0], "register").status_code == 201
    for caller in callers:
        assert do(caller, "heartbeat").status_code == 200
        assert do(caller, "register").status_code == 200


def test_the_embedded_satellite_keeps_its_name_over_restarts(mc: Services, server: Flask) -> None:
    for expected in (201, 200, 200):
        with transaction(mc.engine) as connection:
            token = keys.replace_key(connection, SYSTEM, mc.pepper, "satellite-1", EMBEDDED, simulated=False)
        caller = Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"})
        assert do(caller, "register").status_code == expected
        assert do(caller, "heartbeat").status_code == 200


def test_a_name_is_free_again_when_no_key_of_its_owner_works(mc: Services, server: Flask, first: Caller) -> None:
    other, admin = program(mc, server, "satellite"), program(mc, server, "admin")
    assert do(other, "register").status_code == 403
    owner = first.headers["Authorization"].split("_")[1]
    assert admin("DELETE", f"/api/v1/keys/{owner}").status_code == 204
    assert do(other, "heartbeat").status_code == 403  # not before it has registered
    assert do(other, "register").status_code == 200
    assert do(other, "heartbeat").status_code == 200


def test_an_administrators_key_may_help_out_and_takes_nothing(mc: Services, server: Flask, first: Caller) -> None:
    admin = program(mc, server, "admin")
    for deed in DEEDS[:4]:
        assert do(admin, deed).status_code in (200, 204)
    assert do(first, "heartbeat").status_code == 200


def test_a_satellite_from_before_there_were_owners_belongs_to_who_speaks_for_it_first(
    mc: Services, server: Flask, first: Caller
) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update satellites set owner_family = null"))
    assert do(first, "heartbeat").status_code == 200
    assert do(program(mc, server, "satellite"), "heartbeat").status_code == 403

"""Callbacks as somebody writes them by hand: the server decides, whatever the page shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from components.missions import ids
from tests.callers import DOOR, Caller, Page, person, program

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services

VERBS = ("pause", "resume", "cancel", "retry", "reprioritise")
FORM = {"job_type": "full_site_crawl", "target_url": "acme.io", "priority": 5, "max_pages": 20, "delay_seconds": 1}


def press(caller: Caller, verb: str, job: str, *, priority: Any = None, **more: Any) -> TestResponse:
    box = (ids.priority(), priority)
    return Page(caller, "missions").press(ids.action(verb), box, view={"job": job}, **more)


def send(caller: Caller, form: dict[str, Any], **more: Any) -> TestResponse:
    fields = [(ids.field(name), value) for name, value in form.items()]
    return Page(caller, "missions").press(ids.SUBMIT, *fields, **more)


def toast(answer: TestResponse) -> dict[str, Any]:
    return dict(answer.get_json()["response"][ids.TOAST]["data"])


@pytest.fixture
def operator(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "operator")


@pytest.fixture
def job(mc: Services, server: Flask) -> str:
    answer = program(mc, server, "operate")("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"})
    return str(answer.get_json()["job_id"])


@pytest.mark.parametrize("verb", VERBS)
def test_a_viewers_hand_made_callback_is_forbidden_and_audited(
    mc: Services, server: Flask, job: str, verb: str
) -> None:
    viewer = person(mc, server, "viewer")
    assert press(viewer, verb, job, priority=1).status_code == 403
    with mc.engine.begin() as connection:
        denied = connection.execute(text("select actor_name, detail from audit_log where outcome = 'denied'")).all()
        status = connection.scalar(text("select status from crawl_jobs where job_id = :id"), {"id": job})
    assert [(row.actor_name, row.detail["needs"]) for row in denied] == [("viewer@example.org", "missions:operate")]
    assert status == "queued"


def test_a_viewer_submits_nothing(mc: Services, server: Flask) -> None:
    assert send(person(mc, server, "viewer"), FORM).status_code == 403


def test_an_operator_presses_what_the_mission_allows(mc: Services, operator: Caller, job: str) -> None:
    assert toast(press(operator, "pause", job)) | {"at": 0} == {"words": f"{job}: paused", "status": "normal", "at": 0}
    assert toast(press(operator, "pause", job))["status"] == "critical"
    assert toast(press(operator, "resume", job))["status"] == "normal"
    assert toast(press(operator, "reprioritise", job, priority=9))["status"] == "normal"
    assert "less than or equal to 10" in toast(press(operator, "reprioritise", job, priority=11))["words"]
    with mc.engine.begin() as connection:
        row = connection.execute(text("select status, priority from crawl_jobs where job_id = :id"), {"id": job}).one()
        done = connection.scalars(
            text("select action from audit_log where actor_kind = 'user' order by audit_id")
        ).all()
    assert tuple(row) == ("queued", 9)
    assert list(done) == ["mission.pause", "mission.resume", "mission.reprioritise"]


def test_what_no_button_says_is_refused_in_words(operator: Caller, job: str) -> None:
    assert "must be one of" in toast(press(operator, "delete", job))["words"]
    assert "no mission" in toast(press(operator, "pause", "LP-0"))["words"]
    assert toast(press(operator, "reprioritise", job, priority="x"))["status"] == "critical"


def test_the_form_submits_and_names_the_field_that_is_wrong(mc: Services, operator: Caller) -> None:
    assert "is queued" in toast(send(operator, FORM))["words"]
    answer = send(operator, FORM | {"target_url": "not a domain", "priority": 99, "max_pages": 0}).get_json()[
        "response"
    ]
    said = {json.loads(place)["name"]: found["children"] for place, found in answer.items() if place.startswith("{")}
    assert said["target_url"].startswith("target url: must be")
    assert said["priority"].startswith("priority: ")
    assert said["max_pages"].startswith("max pages: ")
    assert said["job_type"] == said["delay_seconds"] == ""
    with mc.engine.begin() as connection:
        [row] = connection.execute(text("select target_url, config, submitted_by from crawl_jobs")).all()
    assert tuple(row) == ("acme.io", {"max_pages": 20, "delay_seconds": 1.0}, "operator@example.org")


def test_a_callback_without_the_sessions_token_or_from_elsewhere_is_forbidden(
    mc: Services, operator: Caller, job: str
) -> None:
    stranger = Caller(operator.client, {"Origin": "http://localhost"})
    assert press(stranger, "pause", job).status_code == 403
    assert press(operator, "pause", job, headers={"Origin": "https://evil.example"}).status_code == 403
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select status from crawl_jobs where job_id = :id"), {"id": job}) == "queued"


@pytest.mark.usefixtures("mc")
def test_nobody_reads_a_layout_without_signing_in(server: Flask) -> None:
    client = server.test_client()
    for path in ("/_dash-layout", "/_dash-dependencies"):
        assert client.get(path).status_code == 401
    assert client.post(DOOR, json={"output": "x"}).status_code == 401

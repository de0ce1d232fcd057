"""What a client may say: each message is decided on by itself, and nothing it sends makes us stumble."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from simple_websocket import ConnectionClosed
from sqlalchemy import text

from data.missions import writes as missions
from data.permissions import SYSTEM, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.sockets.support import Doors, Service, Viewer

ACTIONS = (
    "mission.pause",
    "mission.resume",
    "mission.cancel",
    "mission.retry",
    "mission.reprioritise",
    "mission.submit",
)


@pytest.fixture
def job_id(engine: Engine) -> str:
    with engine.begin() as connection:
        return missions.submit(connection, SYSTEM, job_type="backlinks", target_url="https://example.org/")


@pytest.fixture
def operator(service: Service, doors: Doors) -> Iterator[Viewer]:
    with service.connect(doors.token(Scope.OPERATE)) as viewer:
        yield viewer


@pytest.fixture
def watcher(service: Service, doors: Doors) -> Iterator[Viewer]:
    with service.connect(doors.token(Scope.READ)) as viewer:
        yield viewer


def mission(engine: Engine, job_id: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text("select * from crawl_jobs where job_id = :id"), {"id": job_id}).one()


def test_it_answers_a_ping_with_the_time_and_the_name_of_the_message(watcher: Viewer) -> None:
    pong = watcher.ask("ping", name="p-7")
    assert (pong["type"], pong["payload"]["re"], type(pong["ts"])) == ("pong", "p-7", int)


def test_it_does_what_an_operator_says_and_answers_with_the_mission(
    operator: Viewer, engine: Engine, job_id: str
) -> None:
    for verb, status in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")):
        said = operator.ask(f"mission.{verb}", {"job_id": job_id})
        assert (said["type"], said["payload"]["mission"]["status"]) == ("result", status)
        assert mission(engine, job_id).status == status
    said = operator.ask("mission.reprioritise", {"job_id": job_id, "priority": 9})
    assert said["payload"]["mission"]["priority"] == mission(engine, job_id).priority == 9


def test_it_submits_what_an_operator_submits(operator: Viewer, engine: Engine) -> None:
    said = operator.ask("mission.submit", {"job_type": "crawl", "target_url": "https://example.org/a", "priority": 3})
    made = mission(engine, said["payload"]["mission"]["job_id"])
    assert (made.status, made.target_url, made.priority) == ("queued", "https://example.org/a", 3)


@pytest.mark.parametrize("action", ACTIONS)
def test_it_refuses_every_action_to_whoever_may_only_watch_and_puts_it_on_record(
    watcher: Viewer, engine: Engine, job_id: str, action: str
) -> None:
    said = watcher.ask(action, {"job_id": job_id, "priority": 1})
    assert (said["type"], said["payload"]["status"]) == ("error", 403)
    assert mission(engine, job_id).status == "queued"
    with engine.connect() as connection:
        last = connection.execute(
            text("select outcome, action, object_id from audit_log order by audit_id desc limit 1")
        ).one()
    assert tuple(last) == ("denied", action, job_id)


def test_it_refuses_the_actions_of_a_viewer_with_a_session_too(service: Service, doors: Doors, job_id: str) -> None:
    _, session = doors.person(Role.VIEWER)
    with service.enter(session) as viewer:
        assert viewer.ask("mission.cancel", {"job_id": job_id})["payload"]["status"] == 403


@pytest.mark.parametrize(
    ("kind", "payload", "status"),
    [
        ("mission.retry", {"job_id": "LP-none"}, 404),
        ("mission.pause", {"job_id": 5}, 422),
        ("mission.pause", {"job_id": "a\x00b"}, 422),
        ("mission.pause", {}, 422),
        ("mission.reprioritise", {"job_id": "LP-1001", "priority": 11}, 422),
        ("mission.reprioritise", {"job_id": "LP-1001", "priority": True}, 422),
        ("mission.submit", {"job_type": "crawl", "target_url": "javascript:alert(1)"}, 422),
        ("mission.submit", {"job_type": "crawl", "target_url": "https://e.org/", "config": {"a": "\x00"}}, 422),
        ("mission.explode", {}, 400),
        ("", {}, 400),
    ],
)
def test_it_answers_an_error_where_a_command_cannot_be_obeyed(
    operator: Viewer, kind: str, payload: dict[str, Any], status: int
) -> None:
    said = operator.ask(kind, payload, name="c1")
    assert (said["type"], said["payload"]["status"], said["payload"]["re"]) == ("error", status, "c1")
    assert operator.ask("ping")["type"] == "pong"


def test_it_answers_409_where_the_state_forbids_it(operator: Viewer, job_id: str) -> None:
    assert operator.ask("mission.resume", {"job_id": job_id})["payload"]["status"] == 409


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "null",
        '"ping"',
        "[" * 60_000,
        '{"a":' * 10_000,
        '{"type": 5}',
        '{"type": ["ping"]}',
        '{"type": "mission.pause", "payload": []}',
        '{"type": "\\ud800"}',
        '{"type": "ping", "id": {}}' * 2,
        "9" * 5_000,
        "NaN",
        b"\x00\xff binary",
    ],
)
def test_it_answers_garbage_with_an_error_and_goes_on(operator: Viewer, raw: str | bytes) -> None:
    operator.socket.send(raw)
    said = operator.answer()
    assert (said["type"], said["payload"]["status"] in (400, 422)) == ("error", True)
    assert operator.ask("ping")["type"] == "pong"


def test_it_closes_on_a_flood_of_messages(operator: Viewer) -> None:
    with suppress(OSError, ConnectionClosed):
        for _ in range(2_000):
            operator.say("ping")
    assert operator.ended()[0] == 1008

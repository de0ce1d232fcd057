"""Who gets in: decided before the upgrade, and every refusal is on record."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from callbacks.sockets import handshake
from callbacks.web import guard
from data.access import keys
from data.permissions import SYSTEM, Role, Scope
from tests.sockets.support import running_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis import Redis
    from sqlalchemy import Engine

    from tests.sockets.support import Doors, Service


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"{handshake.COOKIE}={token}"}


def denials(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(text("select action, actor_id from audit_log where outcome = 'denied' order by 1"))
        return [(row.action, row.actor_id) for row in rows]


def test_it_reads_the_cookie_that_signing_in_sets() -> None:
    assert handshake.COOKIE == guard.COOKIE


@pytest.mark.parametrize("role", list(Role))
def test_it_lets_every_role_watch(service: Service, doors: Doors, role: Role) -> None:
    _, token = doors.person(role)
    assert service.knock(cookie(token) | {"Origin": service.origin})[0] == 101


@pytest.mark.parametrize("scope", [Scope.READ, Scope.OPERATE, Scope.DASHBOARD, Scope.ADMIN])
def test_it_lets_a_key_in_that_may_watch(service: Service, doors: Doors, scope: Scope) -> None:
    assert service.knock(bearer(doors.token(scope)))[0] == 101


@pytest.mark.parametrize("scope", [Scope.INGEST, Scope.SATELLITE])
def test_it_refuses_a_key_that_may_not_watch_and_says_so_in_the_audit(
    service: Service, doors: Doors, engine: Engine, scope: Scope
) -> None:
    key_id, token = doors.key(scope)
    status, problem, headers = service.knock(bearer(token))
    assert (status, problem["title"]) == (403, "Not allowed")
    assert headers["Content-Type"] == "application/problem+json"
    assert ("socket.forbidden", key_id) in denials(engine)


@pytest.mark.parametrize(
    "headers",
    [
        bearer("mc_00000000_" + "x" * 43),
        bearer("nonsense"),
        bearer(""),
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Cookie": "mc_session=unknown", "Origin": "http://127.0.0.1:8050"},
        {"Origin": "http://127.0.0.1:8050"},
    ],
)
def test_it_does_not_know_whoever_brings_no_valid_key_or_session(
    service: Service, engine: Engine, headers: dict[str, str]
) -> None:
    before = len(denials(engine))
    assert service.knock(headers)[0] == 401
    assert len(denials(engine)) == before + 1


def test_it_does_not_know_a_wrong_secret_a_revoked_key_or_an_ended_session(
    service: Service, doors: Doors, engine: Engine
) -> None:
    key_id, token = doors.key()
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    _, session = doors.person(Role.ADMIN)
    with engine.begin() as connection:
        keys.revoke_key(connection, SYSTEM, key_id)
        connection.execute(text("update user_sessions set revoked_at = now()"))
    assert service.knock(bearer(wrong))[0] == 401
    assert service.knock(bearer(token))[0] == 401
    assert service.knock(cookie(session) | {"Origin": service.origin})[0] == 401


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://evil.example:8050",
        "http://127.0.0.1:9999",
        "http://localhost:8050",
        "http://127.0.0.1.evil.example:8050",
        "http://127.0.0.1:8050@evil.example",
        "http://127.0.0.1:8050/path",
        "http://127.0.0.1:not-a-port",
        "http://[::1",
        "ftp://127.0.0.1:8050",
        "file://",
        "null",
        "",
    ],
)
def test_it_refuses_a_page_that_is_not_ours_whoever_is_signed_in_there(
    service: Service, doors: Doors, engine: Engine, origin: str
) -> None:
    _, token = doors.person(Role.ADMIN)
    before = len(denials(engine))
    assert service.knock(cookie(token) | {"Origin": origin})[0] == 403
    assert service.knock(bearer(doors.token()) | {"Origin": origin})[0] == 403
    assert len(denials(engine)) == before + 2


def test_it_refuses_a_cookie_without_an_origin(service: Service, doors: Doors) -> None:
    _, token = doors.person(Role.ADMIN)
    assert service.knock(cookie(token))[0] == 403


def test_it_knows_its_own_pages_on_either_port_and_behind_a_public_address(service: Service, doors: Doors) -> None:
    _, token = doors.person(Role.VIEWER)
    for origin in (service.origin, f"http://127.0.0.1:{service.port}", "https://mission.example.org"):
        assert service.knock(cookie(token) | {"Origin": origin})[0] == 101, origin


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-WebSocket-Version": "12"}, 400),
        ({"Sec-WebSocket-Key": "short"}, 400),
        ({"Sec-WebSocket-Key": "%%%%"}, 400),
        ({"Upgrade": "h2c"}, 400),
        ({"Connection": "close"}, 400),
    ],
)
def test_it_refuses_what_is_no_handshake(service: Service, doors: Doors, headers: dict[str, str], status: int) -> None:
    assert service.knock(bearer(doors.token()) | headers)[0] == status


def test_it_answers_404_elsewhere(service: Service, doors: Doors) -> None:
    status, problem, _ = service.knock(bearer(doors.token()), "/ws/elsewhere")
    assert (status, problem["status"]) == (404, 404)


def test_it_never_compresses(service: Service, doors: Doors) -> None:
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    status, _, headers = service.knock(bearer(doors.token()) | offer)
    assert (status, headers["Sec-WebSocket-Extensions"]) == (101, None)


def test_it_says_full_before_the_upgrade_and_takes_the_next_when_somebody_leaves(
    service: Service, doors: Doors, eventually: Callable[..., None]
) -> None:
    token = doors.token()
    with ExitStack() as stack:
        viewers = [stack.enter_context(service.connect(token)) for _ in range(service.seats)]
        status, problem, headers = service.knock(bearer(token))
        assert (status, problem["title"], headers["Retry-After"]) == (503, "Unavailable", "10")
        assert service.health()["sockets"] == service.seats
        viewers[0].close()
        eventually(lambda: service.knock(bearer(token))[0] == 101)
    eventually(lambda: service.health()["sockets"] == 0)


def test_it_lets_one_address_knock_so_often_a_minute_and_says_when_to_come_again(
    engine: Engine, redis: Redis, doors: Doors
) -> None:
    with running_service(engine, redis, seats=2, knocks=12) as strict:
        answers = [strict.knock(bearer("nonsense"))[0] for _ in range(12)]
        assert set(answers) == {401}
        status, problem, headers = strict.knock(bearer(doors.token()))
        assert (status, problem["title"], headers["Retry-After"]) == (429, "Too many requests", "5")
        assert "More than 12 handshakes a minute from 127.0.0.1" in problem["detail"]

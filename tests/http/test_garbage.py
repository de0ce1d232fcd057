"""Whatever arrives, at whatever door, by whatever method: an answer of ours, never a crash."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from data.ingest.streams import streams
from data.permissions import Scope
from tests.callers import person, program
from tests.crawls import SATELLITE, crew

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
KINDS = (
    "application/json",
    "application/x-ndjson",
    "text/plain",
    "multipart/form-data",
    "application/json; charset=utf-7",
    "",
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"1e999",
    b"\x00\xff\xfe\x80",
    b'{"a": "\\ud800"}',
    b'{"a": NaN}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"status": {"$ne": 1}, "satellite_id": ["x"], "priority": "9", "scopes": "admin", "email": {"a": 1}}',
    b'{"job_type": "\\u0000", "target_url": "\\u0000", "name": "\\u0000", "email": "a@\\u0000"}',
    json.dumps({"priority": 10**400}).encode(),
    "ÿ{".encode("utf-16"),
)
VALUES = (
    "0",
    "-1",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%ff%fe",
    "'; drop table users; --",
    "x" * 3000,
    "%F0%9F%9A%80",
    ".",
    "null",
)
QUERIES = ("", "limit=x&cursor=%00", "limit=-1", "cursor=%ff", "status=%00", "a=" + "b" * 5000, "&&==;", "since=NaN")


def paths(server: Flask, dice: random.Random, known: dict[str, list[str]]) -> list[str]:
    """Every route, its parameters filled with what is there and with what nobody should send."""
    found = []
    for rule in server.url_map.iter_rules():
        for fill in range(3):
            path = rule.rule
            for name in re.findall(r"<(?:\w+:)?(\w+)>", rule.rule):
                value = dice.choice(known.get(name, VALUES) if fill == 0 else VALUES)
                path = re.sub(rf"<(?:\w+:)?{name}>", lambda _, value=value: value, path)
            found.append(path)
    return sorted(set(found))


def assert_never_a_crash(caller: Caller, server: Flask, dice: random.Random, known: dict[str, list[str]]) -> int:
    asked = 0
    for path in paths(server, dice, known):
        for method in METHODS:
            body, kind, query = dice.choice(BODIES), dice.choice(KINDS), dice.choice(QUERIES)
            answer = caller(method, f"{path}?{query}", data=body, content_type=kind)
            allowed = answer.status_code < 500 or (answer.status_code == 503 and path == "/readyz")
            allowed |= answer.status_code == 503 and path == "/api/v1/live"
            assert allowed, (method, path, query, kind, body[:60], answer.status_code, answer.text[:300])
            if path.startswith("/api/") and answer.status_code >= 400 and method != "HEAD":
                assert answer.mimetype == "application/problem+json", (method, path)
                assert answer.json["status"] == answer.status_code
                assert "Traceback" not in answer.text
            asked += 1
    return asked


@pytest.fixture
def known(mc: Services, server: Flask) -> dict[str, list[str]]:
    team = crew(mc, server)
    jobs = [team.start(), team.submit()]
    return {"job_id": jobs, "satellite_id": [SATELLITE], "verb": ["pause", "retry"], "stream": list(streams())}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("who", ["key", "admin", "viewer", "nobody"])
def test_random_requests_to_every_door_are_answered(
    mc: Services, server: Flask, known: dict[str, list[str]], who: str, seed: int
) -> None:
    callers = {
        "key": lambda: program(mc, server, *Scope),
        "admin": lambda: person(mc, server, "admin"),
        "viewer": lambda: person(mc, server, "viewer"),
        "nobody": lambda: type(person(mc, server, "viewer"))(server.test_client(use_cookies=False)),
    }
    assert assert_never_a_crash(callers[who](), server, random.Random(seed), known) > 200


@pytest.mark.parametrize("stream", streams())
@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_into_every_stream_are_rows_or_a_4xx(mc: Services, server: Flask, stream: str, seed: int) -> None:
    dice, crawler = random.Random(seed), program(mc, server, "ingest")
    whole = json.dumps([{"url_from": "https://a/", "url_to": "https://b/", "event_id": "1", "x": [{}]}] * 5).encode()
    for _ in range(60):
        body = bytearray(whole)
        for _ in range(dice.randrange(1, 8)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        kind = dice.choice(("application/json", "application/x-ndjson"))
        answer = crawler(
            "POST", f"/api/v1/ingest/{stream}", data=bytes(body[: dice.randrange(len(body))]), content_type=kind
        )
        assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer " + "a" * 60_000},
        {"Authorization": "Bearer mc_" + "é" * 8 + "_x"},
        {"Authorization": "Bearer mc_\x7f\x01"},
        {"Cookie": "mc_session=" + "%00" * 100},
        {"Cookie": "mc_session=\xff; =; ;;mc_session"},
        {"Cookie": 'mc_session="\\000\\377"'},
        {"Content-Encoding": "gzip", "Content-Length": "0"},
        {"Accept": "\xff" * 100},
        {"Accept-Encoding": "br;q=x, gzip;q=1e999, *;q=-1"},
        {"If-None-Match": "\xff"},
        {"Range": "bytes=9999999999999999999999-"},
        {"Idempotency-Key": "x" * 1000},
        {"Idempotency-Key": "\xff"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"X-Forwarded-For": "' or 1=1, \xff", "X-Forwarded-Proto": "\xff"},
        {"Host": "evil.example:99999999"},
        {"User-Agent": "\xff\x00" * 500},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_hostile_headers_are_no_crash(mc: Services, server: Flask, headers: dict[str, str]) -> None:
    operator, program_ = person(mc, server, "operator"), program(mc, server, "operate")
    mission = {"job_type": "x", "target_url": "a.org"}
    requests: list[tuple[Caller, str, str, Any]] = [
        (operator, "GET", "/api/v1/missions", None),
        (operator, "GET", "/", None),
        (operator, "POST", "/api/v1/missions", mission),
        (program_, "POST", "/api/v1/missions", mission),
        (program_, "POST", "/login", None),
    ]
    for caller, method, path, body in requests:
        answer = caller(method, path, body, headers=headers)
        assert answer.status_code < 500, (method, path, answer.text[:300])

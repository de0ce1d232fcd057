"""The door through which pages ask: nothing that is sent there by hand crashes it, and nobody passes unasked."""

from __future__ import annotations

import json
import random
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from callbacks import shell
from callbacks.domains import domain_page
from data.areas import parts
from data.permissions import ROLE_PERMISSIONS, Role
from tests.callers import DOOR, Caller, person, program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services

BLUEPRINTS = tuple(module.blueprint for module in (shell, domain_page, *parts("callbacks")))
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**63, "", "x", "\x00", "\ud800", "now-7d", "LP-1001", "x" * 5000),
    *([], [1, None, "x"], [[]], {}, {"job": 1}, {"from": 1, "to": []}, {"job": {"a": 1}}, {"job": "x" * 5000}),
    *({"job": "LP-1001", "from": "now-7d", "to": "now"}, {"from": "now-9999y", "to": "\x00"}, {"to": "0001-01-01"}),
    *({"job": "\x00"}, {"job": "\ud800"}, {"from": "9999-12-31T23:59:59-14:00"}, {"from": "9" * 13, "to": "NaN"}),
)


def dependencies(server: Flask, mc: Services) -> list[dict[str, Any]]:
    found = person(mc, server, "admin")("GET", "/_dash-dependencies").json
    return [one for one in found if not one["clientside_function"]]


def one_wire(dependency: dict[str, Any], value: Any) -> dict[str, Any] | list[dict[str, Any]]:
    """A wire as the renderer would send it for this dependency; a pattern finds one component."""
    prop = dependency["property"]
    if not dependency["id"].startswith("{"):
        return {"id": dependency["id"], "property": prop, "value": value}
    pattern = json.loads(dependency["id"])
    many = any(part in (["ALL"], ["ALLSMALLER"]) for part in pattern.values())
    named = {key: part if isinstance(part, str) else "pause" for key, part in pattern.items()}
    wire = {"id": named, "property": prop, "value": value}
    return [wire] if many else wire


def outputs_of(callback: dict[str, Any]) -> Any:
    parts = [part.rpartition(".") for part in callback["output"].removeprefix("..").removesuffix("..").split("...")]
    wires = [one_wire({"id": name, "property": prop}, None) for name, _, prop in parts]
    return wires if callback["output"].startswith("..") else wires[0]


def spoilt_calls(callback: dict[str, Any], role: Role) -> Iterator[dict[str, Any]]:
    """Calls in which everything that the callback takes is once each value that nobody should send.

    Who may do most and who may do least meet all of them; the roles between differ in whom the door lets in alone, and
    meet every fourth."""
    dice, taken = random.Random(role + callback["output"]), len(callback["inputs"]) + len(callback["state"])
    many = len(VALUES) if role in (Role.ADMIN, Role.VIEWER) else len(VALUES) // 4
    for values in islice(zip(*(dice.sample(VALUES, len(VALUES)) for _ in range(taken)), strict=True), many):
        yield call_of(callback, values)


def call_of(callback: dict[str, Any], values: Iterable[Any] = ()) -> dict[str, Any]:
    """A call of this callback with these values, for its inputs and then for its state."""
    given = chain(values, repeat(None))
    value = given.__next__
    inputs = [one_wire(dependency, value()) for dependency in callback["inputs"]]
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    name = (
        first["id"] if isinstance(first["id"], str) else json.dumps(first["id"], sort_keys=True, separators=(",", ":"))
    )
    return {
        "output": callback["output"],
        "outputs": outputs_of(callback),
        "inputs": inputs,
        "state": [one_wire(dependency, value()) for dependency in callback["state"]],
        "changedPropIds": [f"{name}.{first['property']}"],
    }


@pytest.mark.parametrize("role", Role)
def test_every_callback_takes_any_value_and_answers_or_refuses(mc: Services, server: Flask, role: Role) -> None:
    caller = person(mc, server, role)
    for callback in dependencies(server, mc):
        for body in spoilt_calls(callback, role):
            answer = caller("POST", DOOR, body)
            assert answer.status_code in (200, 204, 400, 403, 422), (body, answer.text[:500])


def test_every_callback_answers_403_to_whom_its_blueprint_says_and_audits_it(mc: Services, server: Flask) -> None:
    needs = {name: permission for blueprint in BLUEPRINTS for name, permission in blueprint.needs.items()}
    callbacks = dependencies(server, mc)
    assert len(callbacks) >= len(needs)
    for role in Role:
        caller = person(mc, server, role)
        lacking = {permission for permission in needs.values() if permission not in ROLE_PERMISSIONS[role]}
        with mc.engine.begin() as connection:
            before = connection.scalar(text("select count(*) from audit_log where outcome = 'denied'"))
        answers = [caller("POST", DOOR, call_of(callback)).status_code for callback in callbacks]
        forbidden = sum(permission in lacking for permission in needs.values())
        assert answers.count(403) == forbidden, (role, answers)
        with mc.engine.begin() as connection:
            rows = connection.execute(text("select detail ->> 'needs' from audit_log where outcome = 'denied'")).all()
        assert len(rows) - (before or 0) == forbidden
        assert {row[0] for row in rows} <= {*(str(permission) for permission in needs.values())}
    assert any(
        person(mc, server, "viewer")("POST", DOOR, call_of(callback)).status_code == 403 for callback in callbacks
    )


def broken_calls(callback: dict[str, Any]) -> list[Any]:
    good = call_of(callback)
    wire = good["inputs"][0]
    return [
        [], None, 1, "x", {}, {"output": good["output"]}, [good],
        good | {"output": "nothing.children"}, good | {"output": None}, good | {"output": ["a"]},
        good | {"inputs": []}, good | {"inputs": None}, good | {"inputs": [None]}, good | {"inputs": [[]] * 50},
        good | {"inputs": [*good["inputs"], wire]}, good | {"inputs": [{"id": "other", "property": "data"}]},
        good | {"state": "x"}, good | {"state": [wire] * 5},
        good | {"outputs": []}, good | {"outputs": None}, good | {"outputs": {"id": "toast", "property": "data"}},
        good | {"outputs": [{"id": {"type": "x"}, "property": "y"}]},
        good | {"changedPropIds": ["other.data"]}, good | {"changedPropIds": [1]}, good | {"changedPropIds": "x"},
    ]  # fmt: skip


def test_a_call_that_no_page_sends_is_a_4xx(mc: Services, server: Flask) -> None:
    admin = person(mc, server, "admin")
    for callback in dependencies(server, mc):
        for body in broken_calls(callback):
            answer = admin("POST", DOOR, data=json.dumps(body), content_type="application/json")
            assert answer.status_code == 400, (body, answer.status_code, answer.text[:300])
            assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/x+json", ""]
)
def test_a_callback_is_json_and_nothing_that_a_foreign_form_could_send(mc: Services, server: Flask, kind: str) -> None:
    admin, callback = person(mc, server, "admin"), dependencies(server, mc)[0]
    answer = admin("POST", DOOR, data=json.dumps(call_of(callback)), content_type=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"output": NaN}', b"null"])
def test_a_body_that_is_no_json_is_a_4xx(mc: Services, server: Flask, body: bytes) -> None:
    answer = person(mc, server, "admin")("POST", DOOR, data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "a" * 64},
    ],
)
def test_a_call_from_elsewhere_or_without_the_token_is_403_and_audited(
    mc: Services, server: Flask, headers: dict[str, str]
) -> None:
    admin = person(mc, server, "admin")
    for callback in dependencies(server, mc):
        assert admin("POST", DOOR, call_of(callback), headers=headers).status_code == 403
    with mc.engine.begin() as connection:
        actions = set(connection.scalars(text("select action from audit_log where outcome = 'denied'")))
    assert actions == {"request.csrf"}


def test_the_token_of_another_session_is_none(mc: Services, server: Flask) -> None:
    admin, other = person(mc, server, "admin"), person(mc, server, "operator")
    callback = dependencies(server, mc)[0]
    stolen = Caller(admin.client, admin.headers | {"X-CSRFToken": other.headers["X-CSRFToken"]})
    assert stolen("POST", DOOR, call_of(callback)).status_code == 403


def asked_by_nobody(server: Flask, method: str, path: str) -> TestResponse:
    return server.test_client(use_cookies=False).open(path, method=method, headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/missions", "/missions?job=LP-1", "/nothing", "/deep/er"])
def test_a_page_without_a_session_leads_to_the_form(mc: Services, server: Flask, path: str) -> None:
    assert mc
    answer = asked_by_nobody(server, "GET", path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-dependencies", "/_reload-hash"])
def test_dashs_own_doors_are_closed_to_strangers_and_to_keys(mc: Services, server: Flask, path: str) -> None:
    assert asked_by_nobody(server, "GET", path).status_code == 401
    assert program(mc, server, "admin", "operate", "read")("GET", path).status_code == 403
    assert person(mc, server, "viewer")("GET", path).status_code == 200


def test_a_key_is_no_person_it_may_not_call_callbacks(mc: Services, server: Flask) -> None:
    key = program(mc, server, "admin", "operate", "read")
    for callback in dependencies(server, mc):
        assert key("POST", DOOR, call_of(callback)).status_code == 403


@pytest.mark.parametrize("path", ["/", "/missions", "/nothing"])
def test_a_page_says_what_may_run_in_it(mc: Services, server: Flask, path: str) -> None:
    policy = person(mc, server, "viewer")("GET", path, headers={"Accept": "text/html"}).headers[
        "Content-Security-Policy"
    ]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    scripts = rules["script-src"].split()
    assert scripts[0] == "'self'"
    assert all(word.startswith("'sha256-") for word in scripts[1:])
    assert rules["style-src"] == "'self' 'unsafe-inline'"
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["connect-src"].split()[0] == "'self'"
    assert rules["connect-src"].split()[1].startswith("ws://localhost")
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"


def test_a_hostile_host_writes_no_policy(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    answer = viewer("GET", "/", headers={"Host": "x; script-src *"})
    assert "script-src *" not in answer.headers["Content-Security-Policy"]


def test_every_answer_carries_the_headers_that_browsers_obey(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    for path in ("/", "/login", "/healthz", "/api/v1/missions", "/api/v1/nothing", "/_dash-layout", "/assets/nothing"):
        headers = viewer("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "same-origin", path

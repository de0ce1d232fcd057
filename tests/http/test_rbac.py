"""Every door and everybody who may knock: the answer is 401 or 403 exactly where the permissions say so."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from callbacks.web.api import PUBLIC
from data.access import rules, writes
from data.db import transaction
from data.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Permission, Role, Scope
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

# What the pages' own machinery serves: to a person with a session, and the files of the pages to everybody.
PAGES = ("/", "/<path:path>", "/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash")
FILES = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
OWN_401 = ("/login", "/kiosk")  # answer 401 for a wrong password or key, whoever asks

LEAST_ROLE = {
    ("GET", "/api/v1/missions"): Role.VIEWER,
    ("GET", "/api/v1/live"): Role.VIEWER,
    ("GET", "/api/v1/satellites"): Role.VIEWER,
    ("POST", "/api/v1/missions"): Role.OPERATOR,
    ("PATCH", "/api/v1/missions/<job_id>"): Role.OPERATOR,
    ("POST", "/api/v1/missions/<job_id>/<verb>"): Role.OPERATOR,
    ("GET", "/api/v1/keys"): Role.ADMIN,
    ("POST", "/api/v1/keys"): Role.ADMIN,
    ("GET", "/api/v1/users"): Role.ADMIN,
    ("POST", "/api/v1/users"): Role.ADMIN,
    ("GET", "/api/v1/audit"): Role.ADMIN,
    ("DELETE", "/api/v1/simulation"): Role.ADMIN,
    ("GET", "/api/v1/quotas"): Role.VIEWER,
    ("GET", "/api/v1/quotas/decisions"): Role.VIEWER,
    ("POST", "/api/v1/quotas/call"): Role.OPERATOR,
    ("POST", "/api/v1/quotas/<provider>/drill"): Role.OPERATOR,
    ("PUT", "/api/v1/quotas"): Role.ADMIN,
}
RANKS = (Role.VIEWER, Role.OPERATOR, Role.MANAGER, Role.ADMIN)


def doors(server: Flask) -> list[tuple[str, str, Permission | str]]:
    """(method, rule, need) of all that is served."""
    found = []
    for rule in server.url_map.iter_rules():
        if rule.rule.startswith((*FILES, *OWN_401)):
            continue
        needs = getattr(server.view_functions[rule.endpoint], "needs", None)
        assert needs is not None or rule.rule in PAGES, f"{rule.rule} has no policy"
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(method, rule.rule, needs or Permission.PAGES_READ) for method in methods]
    return sorted(found, key=lambda door: (door[1] == "/logout", door))


def knock(caller: Caller, method: str, rule: str) -> int:
    path = re.sub(r"<(?:\w+:)?verb>", "pause", rule)
    return caller(method, re.sub(r"<(?:\w+:)?\w+>", "nothing", path), None if method == "GET" else {}).status_code


def test_anonymous_may_nothing_but_what_is_public(mc: Services, server: Flask) -> None:
    assert mc
    stranger = Caller(server.test_client(use_cookies=False))
    for method, rule, need in doors(server):
        status = knock(stranger, method, rule)
        assert (status == 401) == (need != PUBLIC), (method, rule, status)
        assert status != 403


@pytest.mark.parametrize("scope", Scope)
def test_a_key_may_what_its_scope_grants_and_no_more(mc: Services, server: Flask, scope: Scope) -> None:
    key = program(mc, server, scope)
    for method, rule, need in doors(server):
        status = knock(key, method, rule)
        allowed = need == PUBLIC or need in SCOPE_PERMISSIONS[scope]
        assert (status == 403) == (not allowed), (method, rule, status)
        assert status != 401, (method, rule)


@pytest.mark.parametrize("role", Role)
def test_a_person_may_what_the_role_grants_and_no_more(mc: Services, server: Flask, role: Role) -> None:
    someone = person(mc, server, role)
    for method, rule, need in doors(server):
        status = knock(someone, method, rule)
        allowed = need == PUBLIC or need in ROLE_PERMISSIONS[role]
        assert (status == 403) == (not allowed), (method, rule, status)
        assert status != 401, (method, rule)


@pytest.mark.parametrize(("door", "least"), LEAST_ROLE.items(), ids=" ".join)
def test_each_role_may_what_those_below_it_may(mc: Services, server: Flask, door: tuple[str, str], least: Role) -> None:
    statuses = {role: knock(person(mc, server, role), *door) for role in RANKS}
    assert [status != 403 for status in statuses.values()] == [
        RANKS.index(role) >= RANKS.index(least) for role in RANKS
    ]


def test_only_a_kiosk_opens_the_pages_and_each_permission_is_somebodys() -> None:
    assert [scope for scope, granted in SCOPE_PERMISSIONS.items() if Permission.PAGES_READ in granted] == [Scope.KIOSK]
    assert frozenset().union(*SCOPE_PERMISSIONS.values(), *ROLE_PERMISSIONS.values()) == frozenset(Permission)
    for lower, higher in pairwise(RANKS):
        assert ROLE_PERMISSIONS[lower] <= ROLE_PERMISSIONS[higher]


def test_a_new_route_of_the_api_without_a_policy_is_not_served(
    mc: Services, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = next(
        server.view_functions[rule.endpoint] for rule in server.url_map.iter_rules() if rule.rule == "/api/v1/keys"
    )
    admin = program(mc, server, "admin")
    assert admin("GET", "/api/v1/keys").status_code == 200
    monkeypatch.delattr(view, "needs")
    assert admin("GET", "/api/v1/keys").status_code == 404
    with pytest.raises(AssertionError, match="has no policy"):
        doors(server)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/missions", "/api/", "/v1/traces", "/ws/mission-control"])
def test_below_the_programs_paths_there_are_no_pages(mc: Services, server: Flask, path: str) -> None:
    for caller in (person(mc, server, "admin"), program(mc, server, "read"), Caller(server.test_client())):
        answer = caller("GET", path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_a_disabled_user_and_a_session_that_ended_are_nobody(mc: Services, server: Flask) -> None:
    admin, viewer = person(mc, server, "admin"), person(mc, server, "viewer")
    users = {user["email"]: user["user_id"] for user in admin("GET", "/api/v1/users").json["items"]}
    assert viewer("GET", "/api/v1/missions").status_code == 200
    assert admin("PATCH", f"/api/v1/users/{users['viewer@example.org']}", {"disabled": True}).status_code == 204
    assert viewer("GET", "/api/v1/missions").status_code == 401


def test_another_role_counts_from_the_next_request_on_and_ends_what_was_open(mc: Services, server: Flask) -> None:
    admin, operator = person(mc, server, "admin"), person(mc, server, "operator")
    users = {user["email"]: user["user_id"] for user in admin("GET", "/api/v1/users").json["items"]}
    mission = {"job_type": "crawl", "target_url": "acme.io"}
    assert operator("POST", "/api/v1/missions", mission).status_code == 201
    assert admin("PATCH", f"/api/v1/users/{users['operator@example.org']}", {"role": "viewer"}).status_code == 204
    assert operator("POST", "/api/v1/missions", mission).status_code == 401
    with transaction(mc.engine) as connection:
        token = writes.start_session(connection, users["operator@example.org"], mc.pepper, address="", agent="")
    operator.client.set_cookie("mc_session", token)
    signed_in = replace(operator, headers=operator.headers | {"X-CSRFToken": rules.csrf_token(mc.pepper, token)})
    assert signed_in("POST", "/api/v1/missions", mission).status_code == 403

"""Who gets in, and who may do what, through the front door."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from data.access import keys, writes
from data.db import transaction
from data.errors import TooMany
from data.permissions import SYSTEM, Role, Scope
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

MISSION = {"job_type": "full_site_crawl", "target_url": "https://example.org/"}


def audited(mc: Services, action: str) -> list[tuple[str, str]]:
    with transaction(mc.engine) as connection:
        rows = connection.execute(
            text("select actor_name, outcome from audit_log where action = :action order by audit_id"),
            {"action": action},
        )
        return [(row.actor_name, row.outcome) for row in rows]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer mc_00000000_" + "a" * 43},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
    ],
)
def test_without_a_key_that_is_known_the_answer_is_401_and_audited(
    mc: Services, server: Flask, headers: dict[str, str]
) -> None:
    answer = Caller(server.test_client(use_cookies=False), headers)("GET", "/api/v1/missions")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert audited(mc, "request.unknown") == [("", "denied")]


def test_a_revoked_key_is_401_at_once(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    made = admin("POST", "/api/v1/keys", {"name": "crawler", "scopes": ["read"]}).json
    reader = Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {made['key']}"})
    assert reader("GET", "/api/v1/missions").status_code == 200
    assert admin("DELETE", f"/api/v1/keys/{made['key_id']}").status_code == 204
    assert reader("GET", "/api/v1/missions").status_code == 401


def test_a_rotated_key_works_beside_the_new_one_for_its_overlap(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    old = admin("POST", "/api/v1/keys", {"name": "crawler", "scopes": ["read"]}).json
    new = admin("POST", f"/api/v1/keys/{old['key_id']}/rotate", {"overlap_seconds": 3600}).json
    for key in (old, new):
        caller = Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {key['key']}"})
        assert caller("GET", "/api/v1/missions").status_code == 200
    admin("POST", f"/api/v1/keys/{new['key_id']}/rotate", {"overlap_seconds": 0})
    caller = Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {new['key']}"})
    assert caller("GET", "/api/v1/missions").status_code == 401


def test_only_digests_of_keys_and_sessions_are_stored(mc: Services, server: Flask) -> None:
    made = program(mc, server, "admin")("POST", "/api/v1/keys", {"name": "k", "scopes": ["read"]}).json
    person(mc, server, "viewer")
    with transaction(mc.engine) as connection:
        dump = "".join(
            str(row)
            for table in ("api_keys", "user_sessions", "audit_log", "login_tokens")
            for row in connection.execute(text(f"select t::text from {table} t"))
        )
    assert made["key"].rpartition("_")[2] not in dump


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "retry"])
@pytest.mark.parametrize("who", ["viewer", "read key"])
def test_who_may_only_look_gets_403_for_every_action_audited(mc: Services, server: Flask, who: str, verb: str) -> None:
    job = program(mc, server, "operate")("POST", "/api/v1/missions", MISSION).json["job_id"]
    caller = person(mc, server, "viewer") if who == "viewer" else program(mc, server, "read")
    for answer in (
        caller("POST", f"/api/v1/missions/{job}/{verb}"),
        caller("POST", "/api/v1/missions", MISSION),
        caller("PATCH", f"/api/v1/missions/{job}", {"priority": 9}),
    ):
        assert answer.status_code == 403
    assert [outcome for _, outcome in audited(mc, "request.forbidden")] == ["denied"] * 3


@pytest.mark.parametrize("role", ["operator", "manager", "admin"])
def test_an_operator_and_up_may_act_and_it_is_audited_by_name(mc: Services, server: Flask, role: str) -> None:
    assert person(mc, server, role)("POST", "/api/v1/missions", MISSION).status_code == 201
    assert audited(mc, "mission.submit") == [(f"{role}@example.org", "done")]


@pytest.mark.parametrize(
    "broken", [{"X-CSRFToken": "wrong"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_change_that_another_site_asks_for_is_403(mc: Services, server: Flask, broken: dict[str, str]) -> None:
    operator = person(mc, server, "operator")
    answer = operator("POST", "/api/v1/missions", MISSION, headers=broken)
    assert answer.status_code == 403
    assert audited(mc, "mission.submit") == []


def test_a_sign_in_link_works_once(mc: Services, server: Flask) -> None:
    with transaction(mc.engine) as connection:
        token = writes.issue_login_token(connection, SYSTEM, mc.pepper)
    first, second = server.test_client(), server.test_client()
    assert first.get(f"/login?token={token}").status_code == 302
    assert first.get("/api/v1/users").json["items"][0]["role"] == "admin"
    assert second.get(f"/login?token={token}").status_code == 401
    assert second.get("/api/v1/users").status_code == 401


def test_a_password_signs_in_and_signing_out_ends_the_session_at_the_server(mc: Services, server: Flask) -> None:
    with transaction(mc.engine) as connection:
        writes.ensure_user(connection, SYSTEM, "ann@example.org", Role.VIEWER, "correct horse battery")
    client = server.test_client()
    form = {"email": "Ann@example.org", "password": "wrong", "next": "/missions"}
    origin = {"Origin": "http://localhost"}
    assert client.post("/login", data=form, headers=origin).status_code == 401
    answer = client.post("/login", data=form | {"password": "correct horse battery"}, headers=origin)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/missions")
    cookie = client.get_cookie("mc_session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    token = client.get_cookie("_csrf_token")
    assert token is not None
    client.post("/logout", headers=origin | {"X-CSRFToken": token.value})
    client.set_cookie("mc_session", cookie.value)
    assert client.get("/api/v1/missions").status_code == 401


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(mc: Services, server: Flask, target: str) -> None:
    with transaction(mc.engine) as connection:
        token = writes.issue_login_token(connection, SYSTEM, mc.pepper)
    answer = server.test_client().get("/login", query_string={"token": token, "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "target",
    [
        "//%5B",
        "//[",
        "//[::1",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\x00",
        "/" + "x" * 9000,
    ],
    ids=repr,
)
def test_a_next_that_cannot_be_one_is_ignored(mc: Services, server: Flask, target: str) -> None:
    client = server.test_client()
    assert client.get("/login", query_string={"next": target}).status_code == 200
    assert client.get(f"/login?next={target}" if target.isprintable() else "/login").status_code == 200
    with transaction(mc.engine) as connection:
        token = writes.issue_login_token(connection, SYSTEM, mc.pepper)
        _, key = keys.create_key(connection, SYSTEM, mc.pepper, "wall", [Scope.KIOSK])
    for path, query in (("/login", {"token": token}), ("/kiosk", {"key": key})):
        answer = client.get(path, query_string=query | {"next": target})
        assert answer.status_code == 302
        assert answer.headers["Location"] in ("/", "/?kiosk")


def test_a_wrong_password_keeps_the_e_mail_and_nothing_else(mc: Services, server: Flask) -> None:
    with transaction(mc.engine) as connection:
        writes.ensure_user(connection, SYSTEM, "ann@example.org", Role.VIEWER, "a long enough password")
    typed = 'ann"><script>@example.org'
    for email, kept in (("ann@example.org", "ann@example.org"), (typed, "ann&#34;&gt;&lt;script&gt;@example.org")):
        form = {"email": email, "password": "secret-of-mine"}
        answer = server.test_client().post("/login", data=form, headers={"Origin": "http://localhost"})
        assert answer.status_code == 401
        assert f'value="{kept}"' in answer.text
        assert "secret-of-mine" not in answer.text
        assert "<script>@" not in answer.text


def test_signing_in_leads_back_to_the_page_that_was_asked_for(mc: Services, server: Flask) -> None:
    client, page = server.test_client(), "/domains/пример.рф?anchor=a%20b&x=[1]"
    asked = client.get(page, headers={"Accept": "text/html"}).headers["Location"]
    with transaction(mc.engine) as connection:
        token = writes.issue_login_token(connection, SYSTEM, mc.pepper)
    arrived = client.get(asked.replace("/login?", f"/login?token={token}&")).headers["Location"]
    assert unquote(arrived) == unquote(page)


@pytest.mark.parametrize(
    "path",
    [
        *("/_favicon.icoX", "/_favicon.ico/x", "/assets/", "/assets", "/assetsx", "/assets/nothing", "/assets/bundle/"),
        *("/_dash-component-suites/", "/_dash-component-suites/x", "/_dash-component-suites/x/y.js", "/_nothing"),
    ],
)
def test_what_looks_like_a_file_and_is_none_is_never_the_page(mc: Services, server: Flask, path: str) -> None:
    callers = (Caller(server.test_client(use_cookies=False)), person(mc, server, "viewer"))
    for caller in callers:
        answer = caller("GET", path, headers={"Accept": "text/html"})
        assert answer.status_code in (401, 404), path
        assert answer.mimetype == "application/problem+json"


def test_the_files_of_the_pages_are_for_everybody(server: Flask) -> None:
    stranger = server.test_client(use_cookies=False)
    for path in ("/_favicon.ico", "/assets/favicon.ico", "/assets/10-tokens.css"):
        assert stranger.get(path, buffered=True).status_code == 200, path


def test_a_page_sends_who_is_not_signed_in_to_the_form(mc: Services, server: Flask) -> None:  # noqa: ARG001
    answer = server.test_client().get("/missions?from=now-7d", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_every_route_has_a_policy(server: Flask) -> None:
    open_to_all = {"static"}
    without = [
        rule.rule
        for rule in server.url_map.iter_rules()
        if rule.endpoint not in open_to_all
        and rule.rule.startswith(("/api", "/login", "/logout", "/healthz", "/readyz", "/metrics"))
        and not hasattr(server.view_functions[rule.endpoint], "needs")
    ]
    assert without == []


def test_a_caller_over_its_limit_gets_429_with_the_time_to_wait(mc: Services, server: Flask) -> None:
    reader = program(mc, server, "read")
    answer = reader("GET", "/api/v1/missions")
    assert "r=" in answer.headers["RateLimit"]
    limiter = server.extensions["limiter"]
    with server.test_request_context():
        for _ in range(3):
            limiter.hit("probe", "someone", 3)
        with pytest.raises(TooMany) as refused:
            limiter.hit("probe", "someone", 3)
    assert 1 <= (refused.value.retry_after or 0) <= 60

"""People and their sessions: what an administrator does to an account ends what was open, and one stays who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.access import keys, writes
from data.db import transaction
from data.errors import Conflict
from data.permissions import SYSTEM, Role
from deploy.embedded.initial_access import create_initial_access
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from data.services import Services

PASSWORD = "correct horse battery"


def ensure(mc: Services, email: str, role: Role, password: str | None = None) -> str:
    with transaction(mc.engine) as connection:
        return writes.ensure_user(connection, SYSTEM, email, role, password)


def sign_in(server: Flask, email: str, password: str = PASSWORD) -> Caller:
    client = server.test_client()
    client.post("/login", data={"email": email, "password": password}, headers={"Origin": "http://localhost"})
    return Caller(client)


def link(mc: Services) -> str:
    with transaction(mc.engine) as connection:
        return writes.issue_login_token(connection, SYSTEM, mc.pepper)


def email_behind(mc: Services, server: Flask, path: str) -> str:
    """Who a sign-in link signs in."""
    client = server.test_client()
    assert client.get(path).status_code == 302
    with mc.engine.connect() as connection:
        return str(
            connection.scalar(
                text(
                    "select email from users join user_sessions using (user_id) order by user_sessions.created_at desc"
                )
            )
        )


def deeds(mc: Services, admin: Caller, user: str, email: str) -> dict[str, Callable[[], Any]]:
    return {
        "disabled": lambda: admin("PATCH", f"/api/v1/users/{user}", {"disabled": True}),
        "demoted": lambda: admin("PATCH", f"/api/v1/users/{user}", {"role": "viewer"}),
        "promoted": lambda: admin("PATCH", f"/api/v1/users/{user}", {"role": "admin"}),
        "given a new password": lambda: ensure(mc, email, Role.OPERATOR, "another " + PASSWORD),
        "given another role by a command": lambda: ensure(mc, email, Role.VIEWER),
    }


@pytest.mark.parametrize(
    "deed",
    ["disabled", "demoted", "promoted", "given a new password", "given another role by a command"],
)
def test_sessions_end_with_the_deed_and_nothing_brings_them_back(mc: Services, server: Flask, deed: str) -> None:
    user = ensure(mc, "ann@example.org", Role.OPERATOR, PASSWORD)
    admin, ann = program(mc, server, "admin"), sign_in(server, "ann@example.org")
    assert ann("GET", "/api/v1/missions").status_code == 200
    deeds(mc, admin, user, "ann@example.org")[deed]()
    with mc.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from user_sessions where revoked_at is null")) == 0
    assert ann("GET", "/api/v1/missions").status_code == 401
    admin("PATCH", f"/api/v1/users/{user}", {"disabled": False, "role": "operator"})
    assert ann("GET", "/api/v1/missions").status_code == 401


def test_what_changes_nothing_ends_no_session(mc: Services, server: Flask) -> None:
    user = ensure(mc, "ann@example.org", Role.OPERATOR, PASSWORD)
    admin, ann = program(mc, server, "admin"), sign_in(server, "ann@example.org")
    ensure(mc, "Ann@example.org", Role.OPERATOR, PASSWORD)  # as every start does for ADMIN_EMAIL
    assert admin("PATCH", f"/api/v1/users/{user}", {"role": "operator", "disabled": False}).status_code == 204
    assert ann("GET", "/api/v1/missions").status_code == 200


def test_a_link_made_before_an_account_was_disabled_leads_nowhere(mc: Services, server: Flask) -> None:
    token = link(mc)
    ensure(mc, "ann@example.org", Role.ADMIN)
    admin = program(mc, server, "admin")
    local = next(u["user_id"] for u in admin("GET", "/api/v1/users").json["items"] if u["email"] == writes.LOCAL_ADMIN)
    assert admin("PATCH", f"/api/v1/users/{local}", {"disabled": True}).status_code == 204
    admin("PATCH", f"/api/v1/users/{local}", {"disabled": False})
    assert server.test_client().get(f"/login?token={token}").status_code == 401


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "manager"}, {"role": "viewer", "disabled": True}])
def test_the_last_enabled_administrator_stays(mc: Services, server: Flask, change: dict[str, Any]) -> None:
    admin = person(mc, server, "admin")
    gone = ensure(mc, "gone@example.org", Role.ADMIN)
    assert admin("PATCH", f"/api/v1/users/{gone}", {"disabled": True}).status_code == 204
    (mine,) = (u["user_id"] for u in admin("GET", "/api/v1/users").json["items"] if u["email"] == "admin@example.org")
    refused = admin("PATCH", f"/api/v1/users/{mine}", change)
    assert refused.status_code == 409
    assert "last enabled administrator" in refused.json["detail"]
    assert admin("GET", "/api/v1/users").status_code == 200
    admin("PATCH", f"/api/v1/users/{gone}", {"disabled": False})
    assert admin("PATCH", f"/api/v1/users/{mine}", change).status_code == 204


def test_a_command_does_not_demote_the_last_administrator_either(mc: Services) -> None:
    ensure(mc, "ann@example.org", Role.ADMIN)
    with pytest.raises(Conflict, match="last enabled administrator"):
        ensure(mc, "ann@example.org", Role.VIEWER)


def test_two_administrators_who_disable_each_other_do_not_both_succeed(
    mc: Services, server: Flask, together: Callable[..., list[Any]]
) -> None:
    users = [ensure(mc, f"{name}@example.org", Role.ADMIN) for name in ("ann", "bob")]
    admin = program(mc, server, "admin")
    for _ in range(5):
        answers = together(
            *(lambda user=user: admin("PATCH", f"/api/v1/users/{user}", {"disabled": True}) for user in users)
        )
        assert sorted(answer.status_code for answer in answers) == [204, 409]
        for user in users:
            admin("PATCH", f"/api/v1/users/{user}", {"disabled": False})


def test_a_start_without_the_local_administrator_leads_another_one_in(mc: Services, server: Flask) -> None:
    assert email_behind(mc, server, create_initial_access(mc.settings, "SAT", simulate=False)[0]) == writes.LOCAL_ADMIN
    ensure(mc, "ann@example.org", Role.ADMIN)
    admin = program(mc, server, "admin")
    local = next(u["user_id"] for u in admin("GET", "/api/v1/users").json["items"] if u["email"] == writes.LOCAL_ADMIN)
    for change in ({"disabled": True}, {"disabled": False, "role": "viewer"}):
        assert admin("PATCH", f"/api/v1/users/{local}", change).status_code == 204
        path, _, note = create_initial_access(mc.settings, "SAT", simulate=False)
        assert (email_behind(mc, server, path), note) == ("ann@example.org", "")


def test_a_start_without_any_enabled_administrator_says_what_to_do(mc: Services) -> None:
    ensure(mc, writes.LOCAL_ADMIN, Role.ADMIN)
    with transaction(mc.engine) as connection:
        connection.execute(text("update users set disabled_at = now()"))  # as an older version let happen
    path, _, note = create_initial_access(mc.settings, "SAT", simulate=False)
    assert path == "/login"
    assert "mission-control user add EMAIL --role admin" in note
    ensure(mc, "ann@example.org", Role.ADMIN)
    assert create_initial_access(mc.settings, "SAT", simulate=False)[0].startswith("/login?token=")


@pytest.mark.parametrize("verb", ["keys", "rotate"])
def test_a_key_is_nowhere_in_the_database_and_a_repetition_says_that_it_was_shown_once(
    mc: Services, server: Flask, verb: str
) -> None:
    admin = person(mc, server, "admin")
    made = admin("POST", "/api/v1/keys", {"name": "k", "scopes": ["read"]}).json
    path, body = ("/api/v1/keys", {"name": "k", "scopes": ["read"]})
    if verb == "rotate":
        path, body = f"/api/v1/keys/{made['key_id']}/rotate", {"overlap_seconds": 60}
    once = {"Idempotency-Key": "order-1"}
    first, again = admin("POST", path, body, headers=once), admin("POST", path, body, headers=once)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.json["key_id"], again.json["key"]) == (first.json["key_id"], None)
    assert "shown once" in again.json["note"]
    secret = first.json["key"].rpartition("_")[2]
    with mc.engine.connect() as connection:
        tables = connection.scalars(
            text("""select c.oid::regclass::text from pg_class c where c.relnamespace = 'public'::regnamespace
                    and c.relkind in ('r', 'p') and not c.relispartition""")
        ).all()
        for table in tables:
            assert secret not in str(connection.execute(text(f"select t::text from {table} t")).all()), table
        kept = connection.scalars(text("select encode(body, 'escape') from idempotency_keys")).all()
    assert kept
    assert secret not in str(kept)


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u00a0", "\u200b", "\u2003 \u200d"], ids=ascii)
def test_a_blank_name_is_refused_by_name(mc: Services, server: Flask, name: str) -> None:
    admin = program(mc, server, "admin")
    for path, body, loc in (
        ("/api/v1/keys", {"name": name, "scopes": ["read"]}, ["name"]),
        ("/api/v1/satellites", {"name": name}, ["name"]),
        ("/api/v1/playlists", {"name": name, "items": [{"address": "/"}]}, ["name"]),
        ("/api/v1/missions", {"job_type": name, "target_url": "a.org"}, ["job_type"]),
    ):
        refused = admin("POST", path, body)
        assert (refused.status_code, refused.json["errors"][0]["loc"]) == (422, loc), path


def test_blanks_around_a_name_are_no_part_of_it(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    made = admin("POST", "/api/v1/keys", {"name": "  wall 7 ", "scopes": ["read"]}).json
    found = {key["key_id"]: key["name"] for key in admin("GET", "/api/v1/keys").json["items"]}
    assert found[made["key_id"]] == "wall 7"


def test_nothing_living_comes_of_an_expired_key(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    made = admin("POST", "/api/v1/keys", {"name": "k", "scopes": ["admin"]}).json
    with transaction(mc.engine) as connection:
        connection.execute(
            text("update api_keys set expires_at = now() - interval '1 s' where key_id = :id"), {"id": made["key_id"]}
        )
    refused = admin("POST", f"/api/v1/keys/{made['key_id']}/rotate", {"overlap_seconds": 3600})
    assert refused.status_code == 409
    with transaction(mc.engine) as connection, pytest.raises(Conflict, match="expired"):
        keys.rotate_key(connection, SYSTEM, mc.pepper, made["key_id"], 0)

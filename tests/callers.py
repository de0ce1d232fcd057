"""Who talks to the server in tests, and a clean table to do it on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data import views
from data.access import keys, rules, writes
from data.backlinks import sets
from data.db import transaction
from data.permissions import SYSTEM, Role, Scope

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from data.services import Services

KEPT = ("alembic_version", "view_stamps")


def empty(mc: Services, owner: Engine) -> None:
    """Forget everything but the schema. Only what holds something is emptied: most tables and partitions do not."""
    with owner.begin() as connection:
        tables = connection.scalars(
            text("""select c.oid::regclass::text from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_relation_size(c.oid) > 0
                      and c.relname <> all(:kept)"""),
            {"kept": list(KEPT)},
        ).all()
        connection.execute(text("alter table audit_log disable trigger audit_log_append_only"))
        if tables:
            connection.execute(text(f"truncate {', '.join(tables)} cascade"))
        connection.execute(text("alter table audit_log enable trigger audit_log_append_only"))
    mc.cache.redis.flushdb()


@dataclass(frozen=True)
class Caller:
    """Someone who talks to the server in its own process: a program with a key, or a person with a session."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = self.headers | more.pop("headers", {})
        if body is not None:  # as Python writes it: also what our own JSON refuses to write
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.open(path, method=method, headers=headers, **more)


def program(mc: Services, server: Flask, *scopes: str, name: str = "tests", simulated: bool = False) -> Caller:
    with transaction(mc.engine) as connection:
        token = keys.create_key(
            connection, SYSTEM, mc.pepper, name, [Scope(scope) for scope in scopes], simulated=simulated
        )[1]
    return Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"})


def person(mc: Services, server: Flask, role: str) -> Caller:
    """Signed in as the browser would be: session cookie, CSRF token, our own origin."""
    with transaction(mc.engine) as connection:
        user = writes.ensure_user(connection, SYSTEM, f"{role}@example.org", Role(role), None)
        token = writes.start_session(connection, user, mc.pepper, address="127.0.0.1", agent="tests")
    client = server.test_client()
    client.set_cookie("mc_session", token)
    return Caller(client, {"X-CSRFToken": rules.csrf_token(mc.pepper, token), "Origin": "http://localhost"})


def send(mc: Services, server: Flask, stream: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything is accepted, and counted: roll-ups and sets know it."""
    answer = program(mc, server, "ingest")("POST", f"/api/v1/ingest/{stream}", rows)
    assert answer.status_code == 200
    assert answer.json["rejected"] == []
    with mc.engine.begin() as connection:
        views.refresh_rollups(connection)
        sets.refresh_sets(connection)
    return dict(answer.json)

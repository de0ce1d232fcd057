"""Who talks to the server in tests, and a clean table to do it on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import text

from data import views
from data.access import keys, rules, writes
from data.backlinks import sets
from data.db import transaction
from data.permissions import SYSTEM, Role, Scope
from data.unit_of_work import UnitOfWork
from tests.drawn import unfolded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from data.services import Services

KEPT = ("alembic_version", "view_stamps")
DOOR = "/_dash-update-component"

Id = str | dict[str, Any]
T = TypeVar("T")


def empty(mc: Services, owner: Engine) -> None:
    """Forget everything but the schema. Only what holds something is emptied: most tables and partitions do not.

    Numbers begin anew too: what a test finds must not hang on how many rows those before it wrote."""
    with owner.begin() as connection:
        tables = connection.scalars(
            text("""select c.oid::regclass::text from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_relation_size(c.oid) > 0
                      and c.relname <> all(:kept)"""),
            {"kept": list(KEPT)},
        ).all()
        used = connection.scalars(
            text("""select format('%I.%I', schemaname, sequencename) from pg_sequences
                    where schemaname = 'public' and last_value is not null""")
        ).all()
        connection.execute(text("alter table audit_log disable trigger audit_log_append_only"))
        if tables:
            connection.execute(text(f"truncate {', '.join(tables)} cascade"))
        for sequence in used:
            connection.execute(text(f"alter sequence {sequence} restart"))
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


def _forget_views(server: Flask) -> None:
    """What the server keeps of views is of another test's rows."""
    server.extensions["mission_control"].view_cache.clear()


def program(mc: Services, server: Flask, *scopes: str, name: str = "tests", simulated: bool = False) -> Caller:
    _forget_views(server)
    with transaction(mc.engine) as connection:
        token = keys.create_key(
            connection, SYSTEM, mc.pepper, name, [Scope(scope) for scope in scopes], simulated=simulated
        )[1]
    return Caller(server.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"})


def person(mc: Services, server: Flask, role: str) -> Caller:
    """Signed in as the browser would be: session cookie, CSRF token, our own origin."""
    _forget_views(server)
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


@dataclass(frozen=True)
class Page:
    """A page as the browser works it: its panels asked for and its buttons pressed, through Dash's own door.

    What a callback listens to and reads is looked up, never counted: a value is given by id, and what is not given is
    nothing. A pattern finds every id given that matches it."""

    caller: Caller
    area: str

    def panel(
        self, place: Id, view: dict[str, Any] | None = None, *given: tuple[Id, Any], prop: str = "children"
    ) -> Any:
        """What the page shows at `place` under this address."""
        return shown(self.ask(place, view, *given, prop=prop), place, prop)

    def ask(
        self, place: Id, view: dict[str, Any] | None = None, *given: tuple[Id, Any], prop: str = "children"
    ) -> TestResponse:
        """The answer of the callback that fills `place`."""
        [found] = [one for one in self._callbacks() if f"{_written(place)}.{prop}" in _outputs(one)]
        return self._call(found, [*self._address(view), *given])

    def press(
        self, button: Id, *given: tuple[Id, Any], view: dict[str, Any] | None = None, **more: Any
    ) -> TestResponse:
        """The answer of the callback that listens to the button; `more` is what the request says besides."""
        [found] = [one for one in self._callbacks() if any(_is(wire["id"], button) for wire in one["inputs"])]
        return self._call(found, [*self._address(view), *given, (button, 1)], button, **more)

    def _address(self, view: dict[str, Any] | None) -> list[tuple[Id, Any]]:
        return [(f"{self.area}-view", view)]

    def _callbacks(self) -> Iterator[dict[str, Any]]:
        for one in self.caller("GET", "/_dash-dependencies").json:
            if not one["clientside_function"]:
                yield one

    def _call(
        self, callback: dict[str, Any], given: list[tuple[Id, Any]], changed: Id | None = None, **more: Any
    ) -> TestResponse:
        inputs, state = ([_wire(one, given) for one in callback[part]] for part in ("inputs", "state"))
        wires = [wire for one in inputs for wire in (one if isinstance(one, list) else [one])]
        first = next((wire for wire in wires if changed in (None, wire["id"])), None)
        outputs = [_output(name, given) for name in _outputs(callback)]
        body = {
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": inputs,
            "state": state,
            "changedPropIds": [f"{_written(first['id'])}.{first['property']}"] if first else [],
        }
        return self.caller("POST", DOOR, body, **more)


def shown(answer: TestResponse, place: Id, prop: str = "children") -> Any:
    """What a callback's answer puts there."""
    assert answer.status_code == 200, answer.text[:500]
    return unfolded(answer.json["response"][_written(place)][prop])


def _outputs(callback: dict[str, Any]) -> list[str]:
    return str(callback["output"]).removeprefix("..").removesuffix("..").split("...")


def _written(name: Id) -> str:
    """An id as Dash writes it."""
    return name if isinstance(name, str) else json.dumps(name, sort_keys=True, separators=(",", ":"))


def _is(known: str, name: Id) -> bool:
    """Whether a callback that was declared with `known` means this component."""
    if isinstance(name, str) or not known.startswith("{"):
        return known == name
    pattern = json.loads(known)
    return pattern.keys() == name.keys() and all(
        part == name[key] or isinstance(part, list) for key, part in pattern.items()
    )


def _wire(wanted: dict[str, Any], given: list[tuple[Id, Any]]) -> Any:
    """What is given for this dependency, in Dash's own form: one component's value, or those of all that match."""
    prop = wanted["property"]
    found = [
        {"id": name, "property": prop, "value": name if prop == "id" else value}
        for name, value in given
        if _is(wanted["id"], name)
    ]
    if '["ALL"]' in wanted["id"]:
        return found
    return found[0] if found else {"id": wanted["id"], "property": prop, "value": None}


def _output(words: str, given: list[tuple[Id, Any]]) -> Any:
    """Where an answer goes; a pattern goes to each component whose fellow is given."""
    name, _, prop = words.rpartition(".")
    if not name.startswith("{"):
        return {"id": name, "property": prop}
    pattern = json.loads(name)
    key = next((key for key, part in pattern.items() if part == ["ALL"]), None)
    if key is None:
        return {"id": pattern, "property": prop}
    values = dict.fromkeys(one[key] for one, _ in given if isinstance(one, dict) and key in one)
    return [{"id": pattern | {key: value}, "property": prop} for value in values]


def commanded(mc: Services, command: Callable[..., T], *args: Any, **values: Any) -> T:
    """What a command answers to the system, whole: committed, and what follows the commit has followed."""
    unit = UnitOfWork(mc.engine)
    with unit.transaction():
        return command(mc, unit, SYSTEM, *args, **values)

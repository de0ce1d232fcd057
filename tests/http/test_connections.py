"""What a page costs PostgreSQL: how often it takes a connection, and how much it asks. Never two at once."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from callbacks.web.api import CALLBACKS
from tests.callers import person
from tests.links import reader_of_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

LOOK = "select view, version from view_stamps"  # once a second, so it counts once however long a slow machine takes
VIEW = {"from": "now-30d", "to": "now"}


@dataclass
class Spent:
    connections: int = 0
    statements: int = 0
    held: int = 0
    at_once: int = 0


@contextmanager
def spending(server: Flask) -> Iterator[Spent]:
    """Counts what the server takes from its pool and asks of PostgreSQL meanwhile."""
    engine, spent = server.extensions["mission_control"].engine, Spent()

    def take(*_: object) -> None:
        spent.connections += 1
        spent.held += 1
        spent.at_once = max(spent.at_once, spent.held)

    def give(*_: object) -> None:
        spent.held -= 1

    looks = 0

    def ask(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal looks
        looks += statement == LOOK
        spent.statements += statement != LOOK or looks == 1

    listeners = (("checkout", take), ("checkin", give), ("before_cursor_execute", ask))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield spent
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)


def panels(caller: Caller, area: str) -> list[dict[str, Any]]:
    """The callbacks that the browser calls when it opens a page of this area."""
    return [one for one in caller("GET", "/_dash-dependencies").json if _is_asked(one, area)]


def _is_asked(one: dict[str, Any], area: str) -> bool:
    inputs = [wire["id"] for wire in one["inputs"]]
    if one["clientside_function"] or one["prevent_initial_call"] or "MATCH" in one["output"]:
        return False
    return any(name.startswith(f"{area}-") for name in inputs) and not any("own" in name for name in inputs)


def ask(caller: Caller, one: dict[str, Any], view: dict[str, Any]) -> None:
    names = [part.rpartition(".") for part in one["output"].strip(".").split("...")]
    outputs = [{"id": json.loads(name) if name.startswith("{") else name, "property": prop} for name, _, prop in names]
    body = {"output": one["output"], "outputs": outputs if one["output"].startswith("..") else outputs[0]}
    body |= {
        part: [_wire(wire, view) for wire in one[name]] for part, name in (("inputs", "inputs"), ("state", "state"))
    }
    answer = caller("POST", CALLBACKS, body | {"changedPropIds": []})
    assert answer.status_code in (200, 204), answer.text[:500]


def _wire(wire: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    value = wire["id"] if wire["property"] == "id" else view if wire["id"].endswith("-view") else None
    return {"id": wire["id"], "property": wire["property"], "value": value}


# By page, when nothing is kept and when its views were read before: connections and statements of its frame (HTML,
# layout, dependencies) and all of its panels. Before there was one unit of work a request, and one way to draw, they
# were 14, 6, 34, 29, 27, 9 connections and 14, 7, 50, 41, 70, 9 statements where nothing was kept.
COSTS = {
    "missions": ((9, 13), (9, 10)),
    "overview": ((4, 7), (4, 7)),
    "backlinks": ((22, 37), (19, 20)),  # one of them for the first steps, where no link is known yet
    "domains": ((15, 30), (15, 26)),
    "quotas": ((12, 34), (12, 34)),
    "screens": ((7, 10), (7, 10)),
}


@pytest.mark.parametrize("area", list(COSTS))
def test_a_page_takes_no_more_connections_and_asks_no_more_than_this(mc: Services, server: Flask, area: str) -> None:
    reader_of_links(mc, server)
    viewer = person(mc, server, "viewer")
    asked = panels(viewer, area)
    view = VIEW | ({"var-target": "ours.example"} if area == "backlinks" else {})
    for connections, statements in COSTS[area]:
        with spending(server) as spent:
            for path in ("/" if area == "overview" else f"/{area}", "/_dash-layout", "/_dash-dependencies"):
                assert viewer("GET", path).status_code == 200
            for one in asked:
                ask(viewer, one, view)
        assert spent.connections <= connections
        assert spent.statements <= statements
        assert (spent.at_once, spent.held) == (1, 0)

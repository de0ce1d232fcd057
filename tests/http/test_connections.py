"""What a page costs PostgreSQL: how often it takes a connection, and how much it asks."""

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


@dataclass
class Spent:
    connections: int = 0
    statements: int = 0
    at_once: int = 0
    held: int = 0


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

    def ask(*_: object) -> None:
        spent.statements += 1

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
    found = []
    for one in caller("GET", "/_dash-dependencies").json:
        inputs = [wire["id"] for wire in one["inputs"]]
        pattern = any(name.startswith("{") for name in [*inputs, *(wire["id"] for wire in one["state"])])
        own = any(name.startswith(f"{area}-") for name in inputs)
        if own and not (
            one["clientside_function"]
            or one["prevent_initial_call"]
            or pattern
            or ('{"type' in one["output"] and "MATCH" in one["output"])
        ):
            found.append(one)
    return found


def ask(caller: Caller, one: dict[str, Any], values: dict[str, Any]) -> None:
    names = [part.rpartition(".") for part in one["output"].strip(".").split("...")]
    outputs = [{"id": json.loads(name) if name.startswith("{") else name, "property": prop} for name, _, prop in names]
    wires = [
        [
            {
                "id": wire["id"],
                "property": wire["property"],
                "value": wire["id"] if wire["property"] == "id" else values.get(wire["id"]),
            }
            for wire in one[part]
        ]
        for part in ("inputs", "state")
    ]
    body = {"output": one["output"], "outputs": outputs if one["output"].startswith("..") else outputs[0]}
    body |= {"inputs": wires[0], "state": wires[1], "changedPropIds": []}
    answer = caller("POST", CALLBACKS, body)
    assert answer.status_code in (200, 204), answer.text[:500]


@pytest.mark.parametrize("area", ["missions", "overview", "backlinks", "domains", "quotas", "screens"])
def test_measure(mc: Services, server: Flask, area: str) -> None:
    reader_of_links(mc, server)
    viewer = person(mc, server, "viewer")
    page = "/" if area == "overview" else f"/{area}"
    own = [one for one in panels(viewer, area) if "domains-own" not in json.dumps(one)]
    values = {
        f"{area}-view": {"from": "now-30d", "to": "now", "var-target": "ours.example"}
        if area == "backlinks"
        else {"from": "now-30d", "to": "now"}
    }
    for _turn in ("cold", "warm"):
        with spending(server):
            assert viewer("GET", page, headers={"Accept": "text/html"}).status_code == 200
            assert viewer("GET", "/_dash-layout").status_code == 200
            assert viewer("GET", "/_dash-dependencies").status_code == 200
        with spending(server):
            for one in own:
                ask(viewer, one, values)

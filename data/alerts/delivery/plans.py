"""Policies, schedules and dependencies as people edit them: all of a kind at once, checked against one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text

from data.access.writes import audit
from data.alerts.delivery import escalation, oncall
from data.alerts.delivery.escalation import Policy
from data.alerts.delivery.oncall import Schedule
from data.alerts.delivery.silences import Matchers, release_held
from data.errors import BadInput
from data.fields import Name, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.permissions import Actor


class Plans(BaseModel):
    model_config = ConfigDict(extra="forbid")

    policies: list[Policy] = Field(default_factory=list, max_length=100)
    schedules: list[Schedule] = Field(default_factory=list, max_length=100)


class Dependency(BaseModel):
    """While a source fires, targets with the same values of the labels `equal` are held back."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: Literal["dependency", "inhibit"] = "dependency"
    source: Matchers
    target: Matchers
    equal: list[Word] = Field(default_factory=list, max_length=20)


def to_dict(connection: Connection, now: datetime) -> dict[str, Any]:
    return {
        "policies": [each.model_dump() for each in escalation.list_policies(connection).values()],
        "schedules": [oncall.to_dict(each, now) for each in oncall.list_schedules(connection).values()],
        "underway": escalation.list_active(connection),
    }


def replace(connection: Connection, actor: Actor, body: Plans) -> None:
    """Raises BadInput where a target, a person's channel or a name is wrong."""
    _once("policies", [each.name for each in body.policies])
    _once("schedules", [each.name for each in body.schedules])
    channels = set(connection.scalars(text("select name from alert_channels where kind <> 'canary'")))
    schedules = {each.name for each in body.schedules}
    for at, step, target in _targets(body.policies):
        known = channels if target.kind == "channel" else schedules
        if target.name not in known:
            where = ("body", "policies", at, "steps", step, "targets")
            raise BadInput.field(*where, msg=f"there is no {target.kind} {target.name}")
    for at, schedule in enumerate(body.schedules):
        for person in (*schedule.people, *filter(None, (schedule.fallback,))):
            if person.channel not in channels:
                words = f"{person.name}: there is no channel {person.channel}"
                raise BadInput.field("body", "schedules", at, "people", msg=words)
    escalation.replace_policies(connection, body.policies)
    oncall.replace_schedules(connection, body.schedules)
    named = {"policies": [each.name for each in body.policies], "schedules": sorted(schedules)}
    audit(connection, actor, "escalations.edit", ("escalations", "all"), detail=named)


def _targets(policies: Sequence[Policy]) -> Iterator[tuple[int, int, escalation.Target]]:
    for at, policy in enumerate(policies):
        for number, step in enumerate(policy.steps):
            for target in step.targets:
                yield at, number, target


def _once(field: str, names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInput.field("body", field, msg=f"{twice} stands there twice")


def list_dependencies(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(text("select name, kind, source, target, equal from alert_dependencies order by name"))
    return [dict(row) for row in rows.mappings()]


def replace_dependencies(connection: Connection, actor: Actor, body: Sequence[Dependency]) -> None:
    _once("items", [each.name for each in body])
    connection.execute(text("delete from alert_dependencies"))
    for each in body:
        connection.execute(
            text("""insert into alert_dependencies (name, kind, source, target, equal)
                    values (:name, :kind, cast(:source as jsonb), cast(:target as jsonb), :equal)"""),
            {
                "name": each.name,
                "kind": each.kind,
                "source": orjson.dumps([one.model_dump() for one in each.source]).decode(),
                "target": orjson.dumps([one.model_dump() for one in each.target]).decode(),
                "equal": each.equal,
            },
        )
    release_held(connection, "explained", "inhibited")
    audit(connection, actor, "dependencies.edit", ("dependencies", "all"), detail={"names": [one.name for one in body]})

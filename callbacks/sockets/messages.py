"""What a client may say over the live socket, who may say it, and what it is answered.

A message is `{v, id, type, payload}`. Each is decided on by itself: the right to watch is no right to act.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import orjson
from flask import current_app, make_response, request

from callbacks.sockets.handshake import hub, services
from data.access import writes
from data.db import transaction
from data.errors import BadInput, Forbidden, Malformed
from data.live.channel import envelope
from data.missions import commands, reads
from data.missions import writes as missions
from data.missions.rules import VERBS
from data.permissions import Permission
from data.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.permissions import Actor

ID_LENGTH = 128
Arguments = dict[str, Any]
Command = tuple[Permission, "Callable[[Actor, Arguments], dict[str, Any]]"]


def answer(actor: Actor, raw: str | bytes) -> bytes:
    """The envelope that answers a message: pong, result or error. Never raises."""
    message: Arguments = {}
    try:
        message = _parse(raw)
        if message["type"] == "ping":
            return _envelope("pong", {"re": _id_of(message)})
        return _envelope("result", {"re": _id_of(message), "status": 200} | _execute(actor, message))
    except Exception as error:  # noqa: BLE001 — every error has its answer, the same as over HTTP
        return _envelope("error", {"re": _id_of(message)} | _problem(error))


def _parse(raw: str | bytes) -> Arguments:
    if isinstance(raw, bytes):
        raise Malformed("Send text, not binary")
    try:
        message = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"This is no valid JSON: {error.msg}") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Malformed("A message is an object with a type")
    return message


def _execute(actor: Actor, message: Arguments) -> dict[str, Any]:
    kind = message["type"]
    if kind not in COMMANDS:
        raise Malformed(f"Unknown type; known are: ping, {', '.join(COMMANDS)}")
    permission, command = COMMANDS[kind]
    arguments = message.get("payload", {})
    if not isinstance(arguments, dict):
        raise BadInput.field("payload", msg="must be an object")
    if not actor.may(permission):
        _audit_denial(actor, kind, arguments, permission)
        raise Forbidden(f"{actor.name} may not do this: it needs {permission}")
    return command(actor, arguments)


def _audit_denial(actor: Actor, kind: str, arguments: Arguments, permission: Permission) -> None:
    with transaction(services().engine) as connection:
        writes.audit(
            connection,
            actor,
            kind,
            ("mission", str(arguments.get("job_id", ""))),
            outcome="denied",
            detail={"needs": permission, "route": request.path},
            address=request.remote_addr,
        )


def _act(verb: Any) -> Callable[[Actor, Arguments], dict[str, Any]]:  # noqa: ANN401 — one of VERBS
    def act(actor: Actor, arguments: Arguments) -> dict[str, Any]:
        job_id, unit = _job_id(arguments), UnitOfWork(services().engine)
        with unit.transaction():
            return {"mission": commands.act(services(), unit, actor, job_id, verb)}

    return act


def _reprioritise(actor: Actor, arguments: Arguments) -> dict[str, Any]:
    priority = arguments.get("priority")
    if type(priority) is not int or not 1 <= priority <= 10:
        raise BadInput.field("payload", "priority", msg="must be a whole number from 1 to 10")
    job_id = _job_id(arguments)
    with transaction(services().engine) as connection:
        missions.change(connection, actor, job_id, priority=priority)
        return {"mission": reads.get_mission(connection, job_id)}


def _submit(actor: Actor, arguments: Arguments) -> dict[str, Any]:
    from data.missions.inputs import (
        NewMission,
    )  # brings the list of public suffixes: 5 MB that most watchers never need

    wanted = NewMission.model_validate(arguments)
    values = wanted.model_dump(exclude={"config"}) | {"config": wanted.config_values()}
    unit = UnitOfWork(services().engine)
    with unit.transaction():
        return {"mission": commands.submit(services(), unit, actor, **values)}


def _job_id(arguments: Arguments) -> str:
    job_id = arguments.get("job_id")
    if not isinstance(job_id, str) or not 1 <= len(job_id) <= 100 or "\x00" in job_id:
        raise BadInput.field("payload", "job_id", msg="must be the id of a mission")
    return job_id


def _problem(error: Exception) -> dict[str, Any]:
    response = make_response(current_app.handle_user_exception(error))
    found: dict[str, Any] = orjson.loads(response.get_data())
    return found


def _envelope(kind: str, payload: dict[str, Any]) -> bytes:
    now = int(time.time() * 1000)
    return envelope(kind, payload, seq=hub().seq, ts=now, name=f"{kind}-{now}")


def _id_of(message: Arguments) -> str | int | None:
    """What the client called its message, so that it can tell whose answer this is."""
    name = message.get("id")
    return name[:ID_LENGTH] if isinstance(name, str) else name if type(name) is int else None


COMMANDS: dict[str, Command] = {
    **{f"mission.{verb}": (Permission.MISSIONS_OPERATE, _act(verb)) for verb in VERBS},
    "mission.submit": (Permission.MISSIONS_OPERATE, _submit),
    "mission.reprioritise": (Permission.MISSIONS_OPERATE, _reprioritise),
}

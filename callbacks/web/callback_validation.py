"""Dash behind our own door: a hand-made callback is refused before Dash trips over it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from dash.exceptions import DependencyException, InvalidCallbackReturnValue
from flask import Response, request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from callbacks.web.dash_internals import CALLBACKS, LOCATION
from callbacks.web.errors import problem
from data.errors import Malformed

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

log = logging.getLogger(__name__)

_EVERY = ("ALL", "ALLSMALLER")

Id = str | dict[str, str | int | float | bool]


class Wire(BaseModel):
    """One property of one component, as the renderer sends it."""

    id: Id
    property: str
    value: Any = None


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class Call(BaseModel):
    """One call of a callback. A pattern's wire is the list of the components that it found."""

    output: str
    outputs: Annotated[list[Wire | list[Wire]], BeforeValidator(_as_list), Field(max_length=100)]
    inputs: list[Wire | list[Wire]] = Field(max_length=100)
    state: list[Wire | list[Wire]] = Field(default=[], max_length=100)
    changedPropIds: list[str] = Field(default=[], max_length=1000)  # noqa: N815 — Dash's own name


def register(server: Flask, app: Dash) -> None:
    server.before_request(lambda: _check_call(app))
    server.register_error_handler(DependencyException, _not_there)
    server.register_error_handler(InvalidCallbackReturnValue, _does_not_fit)


def _check_call(app: Dash) -> None:
    """Raises Malformed for a call that no page of ours sends."""
    if request.path != CALLBACKS or request.method != "POST":
        return
    try:
        call = Call.model_validate_json(request.get_data())
    except ValidationError as error:
        raise Malformed(f"This is no callback: {error.errors()[0]['msg'][:200]}") from None
    known = app.callback_map.get(call.output)
    if known is None:
        raise Malformed("There is no such callback")
    wanted = [(part["id"], part["property"]) for part in known["inputs"] + known["state"]]
    sent = call.inputs + call.state
    if len(call.inputs) != len(known["inputs"]) or not _fit(sent, wanted):
        raise Malformed("The inputs are not those of this callback")
    if not _fit(
        call.outputs, [_output(part) for part in call.output.removeprefix("..").removesuffix("..").split("...")]
    ):
        raise Malformed("The outputs are not those of this callback")
    if not all(_is_address(wire) for wire in _flat(sent) if wire.id == LOCATION):  # ours say what they take
        raise Malformed("This is no address of a page")
    if not set(call.changedPropIds) <= {_name(wire) for wire in _flat(call.inputs)}:
        raise Malformed("What changed is none of the inputs")


def _is_address(wire: Wire) -> bool:
    if wire.property == "pathname":
        return isinstance(wire.value, str) and wire.value.startswith("/")
    return wire.value is None or isinstance(wire.value, str)


def _fit(sent: list[Wire | list[Wire]], wanted: list[tuple[str, str]]) -> bool:
    pairs = zip(sent, wanted, strict=False)
    return len(sent) == len(wanted) and all(_fits(wires, name, prop) for wires, (name, prop) in pairs)


def _fits(wires: Wire | list[Wire], name: str, prop: str) -> bool:
    """Whether these are components that the name or pattern of a wire stands for."""
    pattern: dict[str, Any] | None = orjson.loads(name) if name.startswith("{") else None
    many = pattern is not None and any(value in ([word] for word in _EVERY) for value in pattern.values())
    if isinstance(wires, list) != many:
        return False
    for wire in _flat([wires]):
        same = wire.id == name if pattern is None else isinstance(wire.id, dict) and wire.id.keys() == pattern.keys()
        if not same or wire.property.partition("@")[0] != prop.partition("@")[0]:
            return False
    return True


def _output(words: str) -> tuple[str, str]:
    name, _, prop = words.rpartition(".")
    return name, prop


def _flat(wires: list[Wire | list[Wire]]) -> list[Wire]:
    return [one for wire in wires for one in (wire if isinstance(wire, list) else [wire])]


def _name(wire: Wire) -> str:
    """The renderer's own words for a property: a pattern's id is JSON with sorted keys."""
    name = wire.id if isinstance(wire.id, str) else orjson.dumps(wire.id, option=orjson.OPT_SORT_KEYS).decode()
    return f"{name}.{wire.property}"


def _not_there(_: DependencyException) -> Response:
    return problem(404, "Not found", "There is no such file")


def _does_not_fit(error: InvalidCallbackReturnValue) -> Response:
    """Of a pattern's components the caller says how many there are: an answer for another number is its fault."""
    log.error("a callback's answer does not fit its outputs", exc_info=error)
    return problem(400, Malformed.title, "The outputs are not those of this callback")

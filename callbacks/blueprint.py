"""One area's callbacks, held until the application is made. At every call the server asks for the permission, and
whether the values are of the types that the function's own annotations name: a browser may send anything."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from dash import Output
from flask import g
from pydantic import TypeAdapter, ValidationError

from callbacks.web.guard import deny
from data.errors import Malformed

if TYPE_CHECKING:
    from dash import ClientsideFunction, Dash

    from data.permissions import Permission

Function = TypeVar("Function", bound=Callable[..., Any])


class CallbackBlueprint:
    """Functions stay plain: a test calls them as they stand, and only `register` wires them to an application."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._wiring: list[Callable[[Dash], object]] = []
        self.needs: dict[str, Permission] = {}  # by all that a callback is wired to, which no two have in common

    def callback(self, *wires: object, needs: Permission, **options: Any) -> Callable[[Function], Function]:  # noqa: ANN401 — Dash's own options
        def collect(function: Function) -> Function:
            name = " ".join(map(str, wires))
            if name in self.needs:
                raise ValueError(f"two callbacks of {self.name} are wired to {name}")
            self.needs[name] = needs
            guarded = _guarded(function, needs, [wire for wire in wires if isinstance(wire, Output)])
            self._wiring.append(lambda app: app.callback(*wires, **options)(guarded))
            return function

        return collect

    def clientside(self, function: ClientsideFunction, *wires: object, **options: Any) -> None:  # noqa: ANN401 — Dash's own options
        self._wiring.append(lambda app: app.clientside_callback(function, *wires, **options))

    def include(self, other: CallbackBlueprint) -> None:
        """The callbacks of another page of the same area."""
        self._wiring.append(other.register)

    def register(self, app: Dash) -> None:
        for wire in self._wiring:
            wire(app)


def _guarded(function: Callable[..., Any], needs: Permission, outputs: list[Output]) -> Callable[..., Any]:
    kinds = _kinds(function)
    open_ended = function.__code__.co_flags & inspect.CO_VARARGS != 0  # takes whatever else it is wired to

    @functools.wraps(function)
    def answer(*values: Any) -> Any:  # noqa: ANN401 — whatever the callback takes and gives
        actor = g.get("actor")
        if actor is None or not actor.may(needs):
            raise deny(needs)
        for (name, kind), value in zip(kinds, values, strict=not open_ended):
            _check(name, kind, value)
        return _emptied(outputs, function(*values))

    return answer


def _emptied(outputs: list[Output], answer: Any) -> Any:  # noqa: ANN401 — whatever the callback gives
    """No children are an empty list, never None or "": on those Dash's renderer takes away what stood there, yet keeps
    its record of it, goes on asking for it, and fails when the answer comes."""
    if len(outputs) == 1:
        return _emptied_one(outputs[0], answer)
    if not isinstance(answer, tuple | list):
        return answer
    return [_emptied_one(output, value) for output, value in zip(outputs, answer, strict=True)]


def _emptied_one(output: Output, value: Any) -> Any:  # noqa: ANN401 — the same
    if output.component_property != "children":
        return value
    return [] if value is None or (isinstance(value, str) and not value) else value


def _kinds(function: Callable[..., Any]) -> list[tuple[str, TypeAdapter[Any]]]:
    """What each parameter takes. Its types must be known when the program runs, not to the type checker alone."""
    parameters = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    hints = get_type_hints(SimpleNamespace(__annotations__=parameters), globalns=function.__globals__)
    return [(name, TypeAdapter(hint)) for name, hint in hints.items()]


def _check(name: str, kind: TypeAdapter[Any], value: object) -> None:
    try:
        kind.validate_python(value, strict=True)
    except ValidationError as error:
        raise Malformed(f"{name}: {error.errors()[0]['msg'][:200]}") from None

"""One area's callbacks, held until the application is made. The server asks for the permission at every call."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g

from callbacks.http.guard import deny

if TYPE_CHECKING:
    from dash import ClientsideFunction, Dash

    from data.permissions import Permission

Function = TypeVar("Function", bound=Callable[..., Any])


class CallbackBlueprint:
    """Functions stay plain: a test calls them as they stand, and only `register` wires them to an application."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._wiring: list[Callable[[Dash], object]] = []
        self.needs: dict[str, Permission] = {}

    def callback(self, *wires: object, needs: Permission, **options: Any) -> Callable[[Function], Function]:  # noqa: ANN401 — Dash's own options
        def collect(function: Function) -> Function:
            self.needs[function.__name__] = needs
            guarded = _guarded(function, needs)
            self._wiring.append(lambda app: app.callback(*wires, **options)(guarded))
            return function

        return collect

    def clientside(self, function: ClientsideFunction, *wires: object, **options: Any) -> None:  # noqa: ANN401 — Dash's own options
        self._wiring.append(lambda app: app.clientside_callback(function, *wires, **options))

    def register(self, app: Dash) -> None:
        for wire in self._wiring:
            wire(app)


def _guarded(function: Callable[..., Any], needs: Permission) -> Callable[..., Any]:
    @functools.wraps(function)
    def answer(*values: Any, **named: Any) -> Any:  # noqa: ANN401 — whatever the callback takes and gives
        actor = g.get("actor")
        if actor is None or not actor.may(needs):
            raise deny(needs)
        return function(*values, **named)

    return answer

"""Wiring that pages have in common, all of it in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output

from components.shell import ids as shell

if TYPE_CHECKING:
    from callbacks.blueprint import CallbackBlueprint


def toasts(blueprint: CallbackBlueprint, store: str) -> None:
    """What is put into `store` (`components.kit.toasts`) is said at the edge of the screen."""
    _into_sink(blueprint, ClientsideFunction("shell", "toast"), Input(store, "data"))


def filters(blueprint: CallbackBlueprint, fields: dict[str, Any]) -> None:
    """Every field that matches the pattern `fields` stands in the address (`components.kit.address`)."""
    _into_sink(blueprint, ClientsideFunction("address", "put"), Input(fields, "value"))


def _into_sink(blueprint: CallbackBlueprint, function: ClientsideFunction, source: Input) -> None:
    blueprint.clientside(function, Output(shell.SINK, "data", allow_duplicate=True), source, prevent_initial_call=True)

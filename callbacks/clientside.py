"""Wiring that pages have in common, all of it in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State

from components.shell import ids as shell

if TYPE_CHECKING:
    from callbacks.blueprint import CallbackBlueprint

    Pattern = dict[str, Any]


def toasts(blueprint: CallbackBlueprint, store: str) -> None:
    """What is put into `store` (`components.kit.toasts`) is said at the edge of the screen."""
    _into_sink(blueprint, ClientsideFunction("shell", "toast"), Input(store, "data"))


def filters(blueprint: CallbackBlueprint, fields: Pattern) -> None:
    """Every field that matches the pattern `fields` stands in the address (`components.kit.address`)."""
    _into_sink(blueprint, ClientsideFunction("address", "put"), Input(fields, "value"))


def stamps(blueprint: CallbackBlueprint, store: str) -> None:
    """`store` (`components.kit.view_versions`) changes when one of its views does."""
    blueprint.clientside(
        ClientsideFunction("kit", "stamp"),
        Output(store, "data"),
        Input(shell.STAMPS, "data"),
        State(store, "data"),
        prevent_initial_call=True,
    )


def changed(blueprint: CallbackBlueprint, told: str, shown: str, store: str) -> None:
    """`store` changes when what is `told` is another than what is `shown`: what a click drew is not drawn again."""
    blueprint.clientside(
        ClientsideFunction("kit", "changed"),
        Output(store, "data"),
        Input(told, "data"),
        State(shown, "data"),
        prevent_initial_call=True,
    )


def replay(blueprint: CallbackBlueprint, button: str, days: str) -> None:
    """`button` lets the range go by; the store `days` holds its `first` and `last` one, both included."""
    _into_sink(blueprint, ClientsideFunction("replay", "toggle"), Input(button, "n_clicks"), State(days, "data"))


def charts(blueprint: CallbackBlueprint, graph: Pattern, cover: Pattern, slot: Pattern) -> None:
    """What a callback answers into a slot is drawn by the browser: in the theme of the screen, and the cover falls."""
    blueprint.clientside(
        ClientsideFunction("kit", "draw"),
        Output(graph, "figure"),
        Output(cover, "hidden"),
        Input(slot, "data"),
        Input(shell.CHART_TEMPLATE, "data"),
        prevent_initial_call=True,
    )


def _into_sink(blueprint: CallbackBlueprint, function: ClientsideFunction, *sources: Input | State) -> None:
    blueprint.clientside(
        function, Output(shell.SINK, "data", allow_duplicate=True), *sources, prevent_initial_call=True
    )

"""What every page asks: who is signed in, and the polling that runs in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ALL, ClientsideFunction, Input, Output, State
from flask import g

from callbacks.blueprint import CallbackBlueprint
from components.shell import ids
from components.shell.person import person
from data.permissions import Permission

if TYPE_CHECKING:
    from dash.development.base_component import Component

blueprint = CallbackBlueprint("shell")

# Words in the shell's class, by which the style sheets hide what a person may not do.
_GRANTS = {
    "may-operate": Permission.MISSIONS_OPERATE,
    "may-manage": Permission.SCREENS_MANAGE,
    "may-administer": Permission.ACCESS_MANAGE,
}


@blueprint.callback(
    Output(ids.PERSON, "children"),
    Output(ids.SHELL, "className"),
    Input(ids.PERSON, "id"),
    needs=Permission.PAGES_READ,
)
def greet(_: str) -> tuple[list[Component], str]:
    """Hiding what a person may not do is a courtesy; the server decides again at every action."""
    granted = [word for word, permission in _GRANTS.items() if g.actor.may(permission)]
    return person(g.actor.name, g.actor.role), " ".join(["shell", *granted])


blueprint.clientside(
    ClientsideFunction("shell", "poll"),
    Output(ids.SINK, "data"),
    Input(ids.POLL, "n_intervals"),
    prevent_initial_call=True,
)
blueprint.clientside(
    ClientsideFunction("config", "open"),
    Output(ids.CONFIG, "is_open"),
    Input(ids.CONFIG_OPEN, "n_clicks"),
    prevent_initial_call=True,
)
blueprint.clientside(
    ClientsideFunction("config", "show"),
    Output(ids.config(ALL), "value"),
    Input(ids.CONFIG, "is_open"),
    State(ids.config(ALL), "id"),
    prevent_initial_call=True,
)
blueprint.clientside(
    ClientsideFunction("config", "choose"),
    Output(ids.CONFIG_SAID, "children"),
    Input(ids.config(ALL), "value"),
    prevent_initial_call=True,
)

"""The frame of every page: for whom it is drawn, and what moves in the browser alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, ClientsideFunction, Input, Output, State
from flask import g, has_request_context

from callbacks.blueprint import CallbackBlueprint
from callbacks.web.bootstrap import opened
from components.kit import time_control
from components.shell import ids
from components.shell.guide import guide
from components.shell.layout import layout
from components.shell.person import person
from data.live.sections import areas_of_sections
from data.permissions import Permission

if TYPE_CHECKING:
    from dash import html

blueprint = CallbackBlueprint("shell")

# Words in the shell's class, by which the style sheets hide what a person may not do.
_GRANTS = {
    "may-operate": Permission.MISSIONS_OPERATE,
    "may-manage": Permission.SCREENS_MANAGE,
    "may-administer": Permission.ACCESS_MANAGE,
}


def frame(*, refresh_ms: int) -> html.Div:
    """The whole product as the asking person gets it, with the page that they came for.

    Hiding what a person may not do is a courtesy; the server decides again at every action.
    """
    actor = g.get("actor") if has_request_context() else None
    granted = [word for word, permission in _GRANTS.items() if actor and actor.may(permission)]
    parts: dict[str, Any] = {}
    if actor:
        parts = {"who": person(actor.name, actor.role), "guide": guide(actor.name, actor.role)}
    return layout(refresh_ms=refresh_ms, granted=granted, opened=opened(), sections=areas_of_sections(), **parts)


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
blueprint.clientside(
    ClientsideFunction("time", "pick"),
    Output(time_control.FROM, "value"),
    Output(time_control.TO, "value"),
    Input(time_control.DAYS, "start_date"),
    Input(time_control.DAYS, "end_date"),
    Input(time_control.FROM_CLOCK, "value"),
    Input(time_control.TO_CLOCK, "value"),
    prevent_initial_call=True,
)

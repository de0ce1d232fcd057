"""The overview's slots: numbers and charts that people put on the board."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dash import MATCH, Input, Output, State, ctx

from callbacks import clientside, notices
from callbacks.blueprint import CallbackBlueprint
from callbacks.web.api import services
from components.kit import address
from components.kit.charts import nothing
from components.overview import ids
from components.overview.widgets import widget
from components.shell import ids as shell
from data import clock
from data.areas import parts
from data.db import transaction
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    import plotly.graph_objects as go
    from dash.development.base_component import Component

blueprint = CallbackBlueprint("overview")

Drawing = tuple["Callable[..., pd.DataFrame]", "Callable[..., go.Figure]"]


@cache
def drawings() -> Mapping[str, Drawing]:
    """How each chart of the catalogue is read and drawn: what the areas' callbacks say under CHARTS."""
    return {name: drawing for module in parts("callbacks") for name, drawing in getattr(module, "CHARTS", {}).items()}


@blueprint.callback(
    Output(ids.widget(MATCH), "children"),
    Input(ids.shows(MATCH), "data"),
    needs=Permission.LIVE_READ,
    prevent_initial_call=True,
)
def fill(shows: str | None) -> Component | None:
    return widget(shows, str(ctx.triggered_id["slot"])) if shows else None


@blueprint.callback(
    Output(ids.figure(MATCH), "data"),
    Input(shell.STAMPS, "data"),
    Input(ids.VIEW, "data"),
    State(ids.shows(MATCH), "data"),
    needs=Permission.MISSIONS_READ,
)
def draw(_: object, view: address.Parts, shows: str | None) -> Any:  # noqa: ANN401 — a figure, as Dash takes it
    if shows is None or shows not in drawings():
        return nothing("This chart is no longer in the catalogue")
    read, figure = drawings()[shows]
    first, last = notices.time_range(address.read(view), clock.now()).days
    with transaction(services().engine) as connection:
        frame = read(connection, first, last)
    return figure(frame, start=first, end=last)


notices.tell(blueprint, view=ids.VIEW, place=ids.NOTICE, needs=Permission.LIVE_READ)
clientside.charts(blueprint, ids.chart(MATCH), ids.cover(MATCH), ids.figure(MATCH))

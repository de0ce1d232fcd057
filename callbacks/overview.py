"""The overview's slots: numbers and charts that people put on the board."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dash import MATCH, Input, Output, State, ctx

from callbacks import clientside
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels, by_day, days
from callbacks.web.api import actor
from components.kit.charts import empty_figure
from components.overview import ids
from components.overview.layout import SHOWS
from components.overview.widgets import widget
from data.areas import CHARTS, parts
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dash.development.base_component import Component

    from callbacks.panels import Chart, Draw, Reader

blueprint = CallbackBlueprint("overview")
panels = Panels(blueprint, needs=Permission.LIVE_READ, view=ids.VIEW, question=days, stamp=ids.STAMP, views=SHOWS)


@cache
def drawings() -> Mapping[str, Chart]:
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


@panels.figure(ids.figure(MATCH), states=[State(ids.shows(MATCH), "data")])
def draw(asked: tuple[date, date], read: Reader, shows: object) -> Draw:
    if not isinstance(shows, str) or shows not in drawings():
        return lambda: empty_figure("This chart is no longer in the catalogue")
    if not actor().may(CHARTS[shows].needs):
        return lambda: empty_figure("Your role may not see this chart")
    return by_day(drawings()[shows], kept=CHARTS[shows].view is not None)(asked, read)


panels.notice(ids.NOTICE, drawn=True)
clientside.charts(blueprint, ids.chart(MATCH), ids.cover(MATCH), ids.figure(MATCH))

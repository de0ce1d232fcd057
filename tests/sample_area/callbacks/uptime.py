"""The Uptime page: its chart and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import MATCH, Input, Output

from callbacks import clientside
from callbacks.blueprint import CallbackBlueprint
from callbacks.web.api import services
from components.kit import address, charts, notices
from components.uptime import figures, ids, tables
from data import clock
from data.db import transaction
from data.permissions import Permission
from data.uptime import reads

if TYPE_CHECKING:
    import plotly.graph_objects as go

blueprint = CallbackBlueprint("uptime")

# What a board may show too, under the name of the manifest.
CHARTS = {"uptime_by_day": (reads.daily, figures.by_day)}


@blueprint.callback(
    Output(charts.slot(ids.BY_DAY), "data"),
    Input(ids.VIEW, "data"),
    Input(ids.STAMP, "data"),
    needs=Permission.UPTIME_READ,
)
def draw_by_day(view: address.Parts, _: object) -> go.Figure:
    first, last = notices.time_range(address.read(view), clock.now()).days
    with transaction(services().engine) as connection:
        frame = reads.daily(connection, first, last)
    return figures.by_day(frame, start=first, end=last)


@blueprint.callback(
    Output(ids.SITES, "children"),
    Input(ids.VIEW, "data"),
    Input(ids.STAMP, "data"),
    needs=Permission.UPTIME_READ,
)
def list_sites(_view: object, _stamp: object) -> Any:
    with transaction(services().engine) as connection:
        rows = reads.sites(connection)
    return tables.sites(rows)


notices.tell(blueprint, view=ids.VIEW, place=ids.NOTICE, needs=Permission.UPTIME_READ)
clientside.stamps(blueprint, ids.STAMP)
clientside.charts(blueprint, charts.graph(MATCH), charts.cover(MATCH), charts.slot(MATCH))

"""The Uptime page: its chart and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import MATCH

from callbacks import clientside
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels, by_day, days
from components.kit import charts
from components.uptime import figures, ids, tables
from components.uptime.layout import SHOWS
from data.permissions import Permission
from data.uptime import reads

if TYPE_CHECKING:
    from datetime import date

    from callbacks.panels import Chart, Draw, Reader

blueprint = CallbackBlueprint("uptime")
panels = Panels(blueprint, needs=Permission.UPTIME_READ, view=ids.VIEW, question=days, stamp=ids.STAMP, views=SHOWS)

# What a board may show too, under the name of the manifest.
CHARTS: dict[str, Chart] = {"uptime_by_day": (reads.daily, figures.by_day)}
panels.figure(ids.BY_DAY)(by_day(CHARTS["uptime_by_day"]))


@panels.children(ids.SITES)
def list_sites(_: tuple[date, date], read: Reader) -> Draw:
    rows = read.now(reads.sites)
    return lambda: tables.sites(rows)


panels.notice(ids.NOTICE)
clientside.charts(blueprint, charts.graph(MATCH), charts.cover(MATCH), charts.slot(MATCH))

from __future__ import annotations

from dash import html

from components.kit import address, view_versions
from components.kit.cards import kpi, panel
from components.kit.charts import chart_panel
from components.kit.exports import RANGE, Export
from components.kit.page_header import notice, page_header
from components.kit.states import skeleton
from components.kit.time_control import time_control
from components.uptime import ids

VIEW, REFRESH_S = "mv_daily_uptime", 90
SHOWS = (VIEW,)
_DAILY = [Export("uptime_daily", RANGE)]


def layout(here: address.Address = address.BARE) -> html.Div:
    """The page as its address says: `from` and `to` of the history."""
    down = kpi("Sites down", "uptime.down", of="uptime.sites", status="view.status.uptime", age="view.as_of.uptime")
    by_day = chart_panel(
        "Answered by day",
        ids.BY_DAY,
        note="% of probes",
        stamp=VIEW,
        expected_s=REFRESH_S,
        explained="The share of probes that were answered, by day.",
        exports=_DAILY,
    )
    age = f"stamps.{VIEW}.refreshed"
    body = html.Div(skeleton(5), id=ids.SITES)
    sites = panel(
        "Sites",
        body,
        name=ids.SITES,
        age=age,
        expected_s=REFRESH_S,
        explained="Each site with its last answer.",
        exports=_DAILY,
    )
    return html.Div(
        [
            address.store(ids.VIEW, here),
            view_versions.store(ids.STAMP, *SHOWS),
            page_header(html.H1("Uptime"), time_control(here, name="Range of the history")),
            notice(ids.NOTICE),
            html.Div(down, className="cards"),
            html.Div([by_day, sites], className="uptime-tiles"),
        ],
        className="page uptime",
    )

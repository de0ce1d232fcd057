"""Sites of our own, and whether they answer."""

from __future__ import annotations

from data.area import Area, Chart, Finder, Number, Table, View
from data.permissions import Permission

UPTIME = Area(
    "uptime",
    "Uptime",
    "/uptime",
    rollups=(View("uptime", "rollup_uptime_hourly", 1),),
    views=(View("uptime", "mv_daily_uptime", 1),),
    tables=(
        Table(
            "uptime_probes",
            simulated=True,
            counted=True,
            expires="at < now() - make_interval(days => :history)",
        ),
        Table("uptime_sites", simulated=True),
        Table("rollup_uptime_hourly", simulated=True),
        Table("uptime_reports", expires="made_at < now() - make_interval(days => :metrics)"),
    ),
    finders=(
        Finder(
            "site",
            Permission.UPTIME_READ,
            "/uptime",
            """select site as key, site as title, state as detail from uptime_sites
               where site ilike :like order by site limit :each""",
        ),
    ),
    numbers=(Number("sites_down", "Sites down", "uptime.down", status="uptime", href="/uptime"),),
    charts=(Chart("uptime_by_day", "Answered by day", "% of probes", "mv_daily_uptime", Permission.LIVE_READ),),
    every={"mark_silent_sites": 60},
)

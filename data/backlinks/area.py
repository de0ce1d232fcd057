"""Who links to whom, since when, and what was lost."""

from __future__ import annotations

from data.area import Area, Chart, Number, Table, View
from data.permissions import Permission

_DAILY = "mv_daily_backlink_stats"

BACKLINKS = Area(
    "backlinks",
    "Backlinks",
    "/backlinks",
    rollups=(View("backlinks", "rollup_backlinks_hourly", 1), View("backlinks", "rollup_backlinks_lost_daily", 1)),
    views=(View("backlinks", _DAILY, 1),),
    tables=(
        Table("backlinks", partitioned=True),  # its simulated rows go together with their identities
        Table("rollup_backlinks_hourly", simulated=True),
        Table("rollup_backlinks_lost_daily", simulated=True),
        Table("backlink_hour_sources", simulated=True),
        Table("backlink_target_sources", simulated=True),
        Table("rollup_backlinks_kinds_daily", simulated=True),
        Table("rollup_backlinks_states_daily", simulated=True),
        Table("backlink_target_totals", simulated=True),
        Table("backlink_link_checks", simulated=True),
        Table("backlink_signal_log", simulated=True),
        Table("competitor_sets", simulated=True),
    ),
    numbers=(Number("links_24h", "Links in 24 h", "summary.links_24h", worse="below", status="rate"),),
    charts=(
        Chart(
            "backlinks_velocity", "Link velocity", "links a day, new, lost and net", _DAILY, Permission.BACKLINKS_READ
        ),
        Chart("backlinks_authority", "Domain authority heat map", "links found", _DAILY, Permission.BACKLINKS_READ),
        Chart("backlinks_radar", "Discovery radar", "newest 200", _DAILY, Permission.BACKLINKS_READ),
        Chart("backlinks_toxic", "Toxic share", "toxic links a day and their share", _DAILY, Permission.BACKLINKS_READ),
    ),
    every={"refresh_link_sets": 15, "watch_backlinks": 10},
)

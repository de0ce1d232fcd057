"""How satellites crawl: samples of speed, success and response time."""

from __future__ import annotations

from data.area import Area, Table, View

PERFORMANCE = Area(
    "performance",
    "Performance",
    rollups=(View("performance", "rollup_satellite_hourly", 1),),
    views=(View("performance", "mv_daily_satellite_performance", 1),),
    tables=(
        Table(
            "satellite_performance_logs",
            partitioned=True,
            simulated=True,
            counted=True,
            emptied="satellite_performance",
        ),
        Table("rollup_satellite_hourly", simulated=True),
    ),
)

"""What can be exported about how satellites performed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.db import frame
from data.exports import MARK, Column, Dataset
from data.performance.frames import DAILY_SATELLITE_PERFORMANCE
from data.permissions import Permission
from data.timerange import midnight

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest

_DAILY: dict[str, Column] = {
    "day": Column("Day", "day"),
    "satellite_id": Column("Satellite"),
    "samples": Column("Samples", "integer"),
    "avg_speed": Column("Mean pages / min", "number"),
    "min_speed": Column("Slowest", "number"),
    "max_speed": Column("Fastest", "number"),
    "success_rate": Column("Answered", "share"),
    "avg_response_time": Column("Mean response, ms", "number"),
    "max_response_time": Column("Longest response, ms", "number"),
    "simulated": MARK,
}


def _daily(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(DAILY_SATELLITE_PERFORMANCE)}, s.satellite_id is not null as simulated
            from mv_daily_satellite_performance
            left join (select distinct (hour at time zone 'UTC')::date as day, satellite_id from rollup_satellite_hourly
                       where simulated and hour >= :since and hour < :close and n > 0) s using (day, satellite_id)
            where day between :start and :end order by day desc, satellite_id limit :limit""",
        start=request.span.first_day,
        end=request.span.last_day,
        since=midnight(request.span.first_day),
        close=midnight(request.span.last_day + timedelta(days=1)),
        limit=request.limit,
    )


DATASETS = (Dataset("satellites_daily", "Satellites a day", Permission.MISSIONS_READ, _DAILY, _daily, daily=True),)

"""What can be exported about our sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.db import frame
from data.exports import MARK, Column, Dataset
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest

_DAILY: dict[str, Column] = {
    "day": Column("Day", "day"),
    "site": Column("Site"),
    "probes": Column("Probes", "integer"),
    "answered": Column("Answered", "integer"),
    "mean_latency_ms": Column("Mean latency, ms", "number"),
    "simulated": MARK,
}


def _daily(connection: Connection, wanted: ExportRequest) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(_DAILY)} from mv_daily_uptime
            where day between :start and :end order by day desc, site limit :limit""",
        start=wanted.span.first_day,
        end=wanted.span.last_day,
        limit=wanted.limit,
    )


DATASETS = (Dataset("uptime_daily", "Probes a day and site", Permission.UPTIME_READ, _DAILY, _daily, daily=True),)

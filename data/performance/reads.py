"""How the satellites performed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.db import frame
from data.performance.frames import DAILY_SATELLITE_PERFORMANCE

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from sqlalchemy import Connection


def daily_satellite_performance(connection: Connection, start: date, end: date) -> pd.DataFrame:
    """One row a day (UTC, both ends included) and satellite; speed in pages a minute, times in milliseconds."""
    return frame(
        connection,
        f"""select {", ".join(DAILY_SATELLITE_PERFORMANCE)} from mv_daily_satellite_performance
            where day between :start and :end order by day, satellite_id""",
        start=start,
        end=end,
    )

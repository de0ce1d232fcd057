"""Sites as they are now, and their days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.db import frame

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from sqlalchemy import Connection


def daily(connection: Connection, start: date, end: date) -> pd.DataFrame:
    return frame(
        connection,
        """select day, sum(probes)::bigint as probes, sum(answered)::bigint as answered
           from mv_daily_uptime where day between :start and :end group by day order by day""",
        start=start,
        end=end,
    )


def sites(connection: Connection, limit: int = 100) -> list[dict[str, Any]]:
    """What is down first."""
    rows = connection.execute(
        text("""select site, state, probed_at, simulated from uptime_sites
                order by array_position(array['down', 'silent', 'up'], state), site limit :limit"""),
        {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def counts(connection: Connection) -> dict[str, int]:
    row = connection.execute(
        text("""select count(*) as sites, count(*) filter (where state = 'down') as down,
                       count(*) filter (where state = 'silent') as silent from uptime_sites""")
    ).one()
    return {"sites": row.sites, "down": row.down, "silent": row.silent}

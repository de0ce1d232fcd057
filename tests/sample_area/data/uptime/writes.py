"""What changes about our sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data import jobs
from data.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

REPORT = "make_uptime_report"  # the task's name


def mark_silent(connection: Connection, before: datetime) -> int:
    """Sites that nobody has probed since `before`; returns how many are newly so."""
    return connection.execute(
        text("update uptime_sites set state = 'silent' where probed_at < :before and state <> 'silent'"),
        {"before": before},
    ).rowcount


def ask_for_report(connection: Connection, site: str) -> str:
    """The id of the job that will make it. Raises NotFound."""
    if not connection.scalar(text("select true from uptime_sites where site = :site"), {"site": site}):
        raise NotFound(f"There is no site {site}")
    return jobs.enqueue(connection, REPORT, site=site)


def save_report(connection: Connection, job_id: str, site: str) -> None:
    """May be run more than once for the same job."""
    connection.execute(
        text("""insert into uptime_reports (job_id, site, probes, answered)
                select cast(:job_id as uuid), :site, coalesce(sum(n), 0), coalesce(sum(n_up), 0)
                from rollup_uptime_hourly where site = :site
                on conflict (job_id) do nothing"""),
        {"job_id": job_id, "site": site},
    )

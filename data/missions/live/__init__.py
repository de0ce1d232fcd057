"""Jobs and satellites as the wall shows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.clock import epoch_ms
from data.live.reads import minutes
from data.live.rules import MINUTES, series, since_known
from data.live.section import LiveSection, known
from data.live.throttled import Throttled
from data.live.writes import MINUTE_COLUMNS
from data.missions.live import reads, rules, shape
from data.permissions import Permission

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.live.section import ReadContext, State
    from data.status import Status


class Jobs:
    """Remembers since when each job stands still."""

    def __init__(self) -> None:
        self._stall_detector = rules.StallDetector()

    def __call__(self, context: ReadContext) -> State:
        rows = reads.jobs(context.connection, context.now)
        running = {row["job_id"]: row["pages_crawled"] for row in rows if row["status"] == "running"}
        stalled = self._stall_detector.stalled(running, context.now)
        return {"active_jobs": {row["job_id"]: _job(row, stalled=row["job_id"] in stalled) for row in rows}}


class Fleet:
    """Remembers the sparklines for a minute."""

    def __init__(self) -> None:
        self._sparks: Throttled[dict[str, list[float]]] = Throttled(every_s=60)

    def __call__(self, context: ReadContext) -> State:
        sparks = self._sparks.get(lambda: _sparks(context.connection, context.minute), version=context.minute)
        rows = reads.satellites(context.connection, context.now)
        fleet = {row["satellite_id"]: _satellite(row, sparks.get(row["satellite_id"]), context.now) for row in rows}
        working = sum(one["status"] == "active" for one in fleet.values())
        summary = known(
            satellites_active=working,
            satellites_total=len(fleet),
            utilisation=rules.utilisation(working, len(fleet)),
            pages_per_minute=rules.fleet_rate(fleet.values()),
        )
        return {"satellite_status": fleet, "summary": summary}


class Queue:
    """Counts as often as counting costs little."""

    def __init__(self) -> None:
        self._queue: Throttled[dict[str, Any]] = Throttled()
        self._ended: Throttled[dict[str, Any]] = Throttled()

    def __call__(self, context: ReadContext) -> State:
        queue = self._queue.get(lambda: reads.queue(context.connection, context.now))
        ended = self._ended.get(lambda: reads.ended(context.connection, context.now))
        summary = known(
            active_jobs=queue["running"],
            queued_jobs=queue["queued"],
            paused_jobs=queue["paused"],
            completed_24h=ended["completed"],
            failed_24h=ended["failed"],
            mean_completion_s=_rounded(ended["mean_s"]),
            queue_oldest_s=_rounded(queue["oldest_s"]),
            drain_s=rules.drain_seconds(queue["queued"], ended["completed_1h"]),
        )
        return {"queue_depth": context.vitals.queue_depth, "summary": summary}


class Pages:
    """Closed days come from the view, whenever it is refreshed; the open ones from the roll-up below it."""

    def __init__(self) -> None:
        self._closed: Throttled[int] = Throttled(every_s=60)
        self._open: Throttled[int] = Throttled()

    def __call__(self, context: ReadContext) -> State:
        open_since = context.now.date() - timedelta(days=1)
        version = next((stamp.version for stamp in context.stamps if stamp.view == "mv_daily_job_stats"), 0)
        closed = self._closed.get(
            lambda: reads.pages_before(context.connection, open_since), version=(version, open_since)
        )
        opened = self._open.get(lambda: reads.pages_since(context.connection, open_since), version=open_since)
        return {"summary": {"pages_total": closed + opened}}


def failures(context: ReadContext) -> State:
    rows = reads.failures(context.connection, context.now)
    taken = {row["job_id"]: ("mission", row["job_id"], epoch_ms(row["completed_time"])) for row in rows}
    return {"errors": {row["job_id"]: _failure(row, context.acknowledged_by.get(taken[row["job_id"]])) for row in rows}}


def trends(context: ReadContext) -> State:
    """The last hour, a value a minute: what was noted then, else what the records tell of it, else null."""
    connection, last = context.connection, context.minute
    first = last - timedelta(minutes=MINUTES - 1)
    noted = minutes(connection, first)
    rows = noted if len(noted) == MINUTES else [*reads.minutes_told(connection, first, last), *noted]
    columns = {name: {row["minute"]: row[name] for row in rows if row[name] is not None} for name in MINUTE_COLUMNS}
    columns["failures"] = {row["minute"]: row["n"] for row in reads.failures_by_minute(connection, first, last)}
    return {"trends": {name: since_known(series(column, last)) for name, column in columns.items()}}


def simulation(context: ReadContext) -> State:
    return {"simulation": reads.holds_simulation(context.connection, context.now)}


def jobs_status(state: State) -> Status:
    return rules.jobs_status(job["symbol"] for job in state.get("active_jobs", {}).values())


def fleet_status(state: State) -> Status:
    return rules.fleet_status(one["symbol"] for one in state.get("satellite_status", {}).values())


def queue_status(state: State) -> Status:
    return rules.queue_status(state.get("queue_depth", 0), state.get("summary", {}).get("queue_oldest_s"))


def rate_status(state: State) -> Status:
    return rules.rate_status(state.get("summary", {}).get("pages_per_minute"))


def failures_status(state: State) -> Status:
    rows = state.get("errors", {}).values()
    return rules.failures_status([row["severity"] for row in rows if "ack" not in row], taken=len(rows))


def _rounded(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, round(seconds))


def _job(row: dict[str, Any], *, stalled: bool) -> State:
    judged = {"stalled": stalled, "note": row["note"], "eta_note": row["eta_note"]}
    return known(
        job_type=row["job_type"],
        status=row["status"],
        symbol=rules.job_symbol(row["status"], **judged),
        word=rules.job_word(row["status"], has_eta=row["estimated_completion"] is not None, **judged),
        target=row["target_url"],
        priority=row["priority"],
        progress=round(row["progress_percentage"], 1),
        pages_crawled=row["pages_crawled"],
        pages_queued=row["pages_queued"],
        links_found=row["links_found"],
        errors=row["errors_count"],
        created=row["created_date"],
        started=row["start_time"],
        eta=row["estimated_completion"],
        eta_low=row["eta_low"],
        eta_high=row["eta_high"],
        eta_note=row["eta_note"],
        note=row["note"],
        satellites=row["satellites"],
        stalled=stalled,
        simulated=row["simulated"],
    )


def _satellite(row: dict[str, Any], spark: list[float] | None, now: datetime) -> State:
    heard_s = (now - row["last_heartbeat_at"]).total_seconds()
    status = rules.satellite_status(row["status"], heard_s, has_job=row["job_id"] is not None)
    silent = status in ("late", "lost", "off")
    rate = row["pages_per_minute"]
    return known(
        name=row["name"],
        status=status,
        symbol=rules.satellite_symbol(status),
        heartbeat=row["last_heartbeat_at"],
        ppm=0.0 if silent else None if rate is None else round(rate, 1),
        job_id=row["job_id"],
        spark=spark,
        simulated=row["simulated"],
    )


def _failure(row: dict[str, Any], taken_by: str | None) -> State:
    return known(
        status=row["status"],
        severity=rules.failure_severity(row["status"]),
        target=row["target_url"],
        message=row["message"],
        at=row["completed_time"],
        satellite=row["satellite_id"],
        ack=taken_by,
    )


def _sparks(connection: Connection, end: datetime) -> dict[str, list[float]]:
    """Pages a minute of each satellite in the last sixty whole minutes; one without a sample fetched nothing."""
    found: dict[str, dict[datetime, float]] = {}
    for row in reads.speeds(connection, end - timedelta(minutes=MINUTES), end):
        found.setdefault(row["satellite_id"], {})[row["minute"]] = round(row["ppm"], 1)
    last = end - timedelta(minutes=1)
    return {satellite: series(rows, last, gap=0.0) for satellite, rows in found.items()}


_READ = (Permission.MISSIONS_READ,)
SECTIONS = (
    LiveSection("jobs", 0, _READ, shape.Jobs, Jobs, jobs_status),
    LiveSection("fleet", 0, _READ, shape.Fleet, Fleet, fleet_status),
    LiveSection("queue", 0, _READ, shape.Queue, Queue, queue_status),
    LiveSection("rate", 0, _READ, shape.Pages, Pages, rate_status),
    LiveSection(
        "errors",
        0.5,
        _READ,
        shape.Failures,
        failures,
        failures_status,
        version=lambda context: context.acknowledgements,
    ),
    LiveSection("trends", 60, _READ, shape.Trends, trends, version=lambda context: context.minute, limit_s=2),
    LiveSection("simulation", 2, (Permission.LIVE_READ,), shape.Simulation, simulation),
)

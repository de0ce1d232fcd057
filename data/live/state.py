"""The live state: everything the wall shows, as one JSON object. Times are epoch milliseconds; what is not known is
left out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.backlinks.live import live_signals
from data.cache import JOB_QUEUE
from data.clock import epoch_ms
from data.live import acknowledgements, reads, rules
from data.live.channel import HEARTBEAT, NEWEST_EVENT, STARTED, State
from data.live.discovery import Discovery
from data.live.paced import Paced
from data.live.writes import MINUTE_COLUMNS
from data.quotas.forecast_reads import live_api_quotas
from data.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redis import Redis
    from sqlalchemy import Connection

BEATS = ("worker", "beat", "sockets")


@dataclass(frozen=True, slots=True)
class Vitals:
    """What Redis says: the length of the queue, the heartbeats (epoch seconds), how fast it said so; since when the
    product runs and when the newest event was accepted (epoch milliseconds)."""

    queue_depth: int
    beats: dict[str, float | None]
    latency_ms: float
    started: int | None = None
    newest_event: int | None = None


def ask_redis(redis: Redis) -> Vitals:
    start = time.perf_counter()
    with redis.pipeline(transaction=False) as pipe:
        pipe.llen(JOB_QUEUE)
        pipe.mget([HEARTBEAT.format(process) for process in BEATS])
        pipe.mget([STARTED, NEWEST_EVENT])
        depth, stamps, moments = pipe.execute()
    took = (time.perf_counter() - start) * 1000
    beats = {name: float(stamp) if stamp else None for name, stamp in zip(BEATS, stamps, strict=True)}
    return Vitals(depth, beats, took, *(int(moment) if moment else None for moment in moments))


class Builder:
    """Builds a state a second. It remembers what is read less often, so one builder serves one publisher."""

    def __init__(self, *, with_sockets: bool = True) -> None:
        self._with_sockets = with_sockets
        self._stillness = rules.Stillness()
        self._queue: Paced[dict[str, Any]] = Paced()
        self._ended: Paced[dict[str, Any]] = Paced()
        self._errors: Paced[reads.Rows] = Paced()
        self._links: Paced[int] = Paced(every_s=2)
        self._old_pages: Paced[int] = Paced(every_s=60)
        self._new_pages: Paced[int] = Paced()
        self._signals: Paced[list[dict[str, Any]]] = Paced(every_s=3)
        self._alarms: Paced[dict[str, int]] = Paced(every_s=2)
        self._acknowledged: Paced[dict[acknowledgements.Alarm, str]] = Paced()
        self._simulation: Paced[bool] = Paced(every_s=2)
        self._quotas: Paced[State] = Paced()
        self._trends: Paced[dict[str, list[Any]]] = Paced(every_s=60)
        self._discovery = Discovery()
        self._sparks: Paced[dict[str, list[float]]] = Paced(every_s=60)

    def build(self, connection: Connection, vitals: Vitals, now: datetime) -> State:
        start = time.perf_counter()
        stamps = reads.stamps(connection, now)
        took = (time.perf_counter() - start) * 1000
        taken = self._acknowledged.get(lambda: acknowledgements.known(connection, now))
        fleet = self._fleet(connection, now)
        return _known(started=vitals.started, newest_event=vitals.newest_event) | {
            "as_of": epoch_ms(now),
            "tick": epoch_ms(now),
            "version": VERSION,
            "simulation": self._simulation.get(lambda: reads.holds_simulation(connection, now)),
            "summary": self._summary(connection, fleet, stamps, now),
            "queue_depth": vitals.queue_depth,
            "active_jobs": self._jobs(connection, now),
            "satellite_status": fleet,
            "recent_discoveries": [_discovery(row) for row in reads.discoveries(connection, now)],
            **self._discovery.live(connection, now),
            "errors": {
                row["job_id"]: _error(row, taken, now)
                for row in self._errors.get(lambda: reads.errors(connection, now))
            },
            "api_quotas": self._quotas.get(lambda: live_api_quotas(connection, now)),
            "alerts": {},
            "alarms": self._alarms.get(
                lambda: acknowledgements.counted(connection, now), mark=frozenset(taken.items())
            ),
            "signals": [
                row | _known(ack=taken.get(("signal", row["id"], row["at"])))
                for row in self._signals.get(lambda: live_signals(connection, now))
            ],
            "services": self._services(vitals, stamps, took, now),
            "stamps": {row["view"]: _known(version=row["version"], refreshed=row["refreshed_at"]) for row in stamps},
            "trends": self._trends.get(lambda: _trends(connection, now), mark=_minute(now)),
        }

    def forget_trends(self) -> None:
        """A minute was noted: the next state shows it."""
        self._trends = Paced(every_s=60)

    def _summary(self, connection: Connection, fleet: State, stamps: reads.Rows, now: datetime) -> State:
        queue = self._queue.get(lambda: reads.queue(connection, now))
        ended = self._ended.get(lambda: reads.ended(connection, now))
        working = sum(one["status"] == "active" for one in fleet.values())
        return _known(
            active_jobs=queue["running"],
            queued_jobs=queue["queued"],
            paused_jobs=queue["paused"],
            completed_24h=ended["completed"],
            failed_24h=ended["failed"],
            pages_total=self._pages(connection, stamps, now),
            pages_per_minute=rules.fleet_rate(fleet.values()),
            links_24h=self._links.get(lambda: reads.links_in_a_day(connection, now)),
            mean_completion_s=_rounded(ended["mean_s"]),
            satellites_active=working,
            satellites_total=len(fleet),
            utilisation=rules.utilisation(working, len(fleet)),
            queue_oldest_s=_rounded(queue["oldest_s"]),
            drain_s=rules.drain_seconds(queue["queued"], ended["completed_1h"]),
        )

    def _pages(self, connection: Connection, stamps: reads.Rows, now: datetime) -> int:
        """Closed days from the view, whenever it is refreshed; the open ones from the roll-up below it."""
        open_since = now.date() - timedelta(days=1)
        version = next((row["version"] for row in stamps if row["view"] == "mv_daily_job_stats"), 0)
        old = self._old_pages.get(lambda: reads.pages_before(connection, open_since), mark=(version, open_since))
        return old + self._new_pages.get(lambda: reads.pages_since(connection, open_since), mark=open_since)

    def _jobs(self, connection: Connection, now: datetime) -> State:
        rows = reads.jobs(connection, now)
        running = {row["job_id"]: row["pages_crawled"] for row in rows if row["status"] == "running"}
        stalled = self._stillness.stalled(running, now)
        return {row["job_id"]: _job(row, stalled=row["job_id"] in stalled) for row in rows}

    def _fleet(self, connection: Connection, now: datetime) -> State:
        sparks = self._sparks.get(lambda: _sparks(connection, now), mark=_minute(now))
        rows = reads.satellites(connection, now)
        return {row["satellite_id"]: _satellite(row, sparks.get(row["satellite_id"]), now) for row in rows}

    def _services(self, vitals: Vitals, stamps: reads.Rows, took_ms: float, now: datetime) -> State:
        ages = [(now - row["refreshed_at"]).total_seconds() for row in stamps if row["refreshed_at"]]
        states = {name: rules.heartbeat(stamp, now.timestamp()) for name, stamp in vitals.beats.items()}
        if not self._with_sockets:
            del states["sockets"]
        return {
            "postgres": rules.answered(took_ms),
            "redis": rules.answered(vitals.latency_ms),
            **states,
            "views": rules.views([row["overdue_s"] for row in stamps], ages),
        }


def build_state(connection: Connection, redis: Redis, now: datetime) -> State:
    """One state, for whoever wants no stream of them."""
    return Builder().build(connection, ask_redis(redis), now)


def _known(**values: Any) -> State:  # noqa: ANN401 — whatever JSON holds
    """Without what is None; a moment becomes epoch milliseconds."""
    return {
        name: epoch_ms(value) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


def _rounded(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, round(seconds))


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _job(row: dict[str, Any], *, stalled: bool) -> State:
    return _known(
        job_type=row["job_type"],
        status=row["status"],
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
    unmeasured = row["status"] == "idle" and row["job_id"] is not None  # it was heard before it had work
    rate = None if unmeasured else row["pages_per_minute"]
    return _known(
        name=row["name"],
        status=status,
        heartbeat=row["last_heartbeat_at"],
        ppm=0.0 if silent else None if rate is None else round(rate, 1),
        job_id=row["job_id"],
        spark=spark,
        simulated=row["simulated"],
    )


def _discovery(row: dict[str, Any]) -> State:
    return _known(
        id=row["backlink_id"],
        at=row["discovered_date"],
        source=row["source_domain_name"],
        target=row["target_domain_name"],
        da=row["domain_authority"],
        spam=row["spam_score"],
    )


def _error(row: dict[str, Any], taken: Mapping[acknowledgements.Alarm, str], now: datetime) -> State:
    return _known(
        status=row["status"],
        severity=rules.failure_severity(row["status"], (now - row["completed_time"]).total_seconds()),
        target=row["target_url"],
        message=row["message"],
        at=row["completed_time"],
        satellite=row["satellite_id"],
        ack=taken.get(("mission", row["job_id"], epoch_ms(row["completed_time"]))),
    )


def _trends(connection: Connection, now: datetime) -> dict[str, list[Any]]:
    """The last hour, a value a minute: what was noted then, else what the records tell of it, else null."""
    last = _minute(now)
    first = last - timedelta(minutes=rules.MINUTES - 1)
    noted = reads.minutes(connection, first)
    rows = noted if len(noted) == rules.MINUTES else [*reads.minutes_told(connection, first, last), *noted]
    columns = {name: {row["minute"]: row[name] for row in rows if row[name] is not None} for name in MINUTE_COLUMNS}
    columns["failures"] = {row["minute"]: row["n"] for row in reads.failures_by_minute(connection, first, last)}
    return {name: rules.since_known(rules.series(column, last)) for name, column in columns.items()}


def _sparks(connection: Connection, now: datetime) -> dict[str, list[float]]:
    """Pages a minute of each satellite in the last sixty whole minutes; one without a sample fetched nothing."""
    end = _minute(now)
    found: dict[str, dict[datetime, float]] = {}
    for row in reads.speeds(connection, end - timedelta(minutes=rules.MINUTES), end):
        found.setdefault(row["satellite_id"], {})[row["minute"]] = round(row["ppm"], 1)
    last = end - timedelta(minutes=1)
    return {satellite: rules.series(rows, last, gap=0.0) for satellite, rows in found.items()}

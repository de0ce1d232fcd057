"""What a person may put on a board: numbers of the live state and charts of what is stored. One line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Worse = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Number:
    """`path` and `trend` lead into the live state; `worse` is the side of a threshold that is bad."""

    name: str
    title: str
    path: str
    form: Literal["int", "decimal", "percent", "age"] = "int"
    trend: str | None = None
    worse: Worse = "above"
    unit: str = ""
    status: str | None = None  # the area whose status a crossed threshold raises


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by day over the page's range. `stamp` is the view it is drawn from."""

    name: str
    title: str
    note: str
    stamp: str


_S = "summary"
NUMBERS: tuple[Number, ...] = (
    Number("active_jobs", "Active missions", f"{_S}.active_jobs", trend="trends.active_jobs", status="jobs"),
    Number("queued_jobs", "Queued missions", f"{_S}.queued_jobs", status="queue"),
    Number("paused_jobs", "Paused missions", f"{_S}.paused_jobs", status="jobs"),
    Number("queue_depth", "Queue depth", "queue_depth", trend="trends.queue_depth", status="queue"),
    Number("queue_oldest_s", "Oldest in the queue", f"{_S}.queue_oldest_s", "age", unit="s", status="queue"),
    Number("drain_s", "Queue drains in", f"{_S}.drain_s", "age", unit="s", status="queue"),
    Number("completed_24h", "Completed in 24 h", f"{_S}.completed_24h", worse="below", status="jobs"),
    Number("failed_24h", "Failed in 24 h", f"{_S}.failed_24h", status="errors"),
    Number("mean_completion_s", "Mean completion", f"{_S}.mean_completion_s", "age", unit="s", status="jobs"),
    Number(
        "satellites_active",
        "Satellites at work",
        f"{_S}.satellites_active",
        trend="trends.satellites_active",
        worse="below",
        status="fleet",
    ),
    Number("utilisation", "Fleet utilisation", f"{_S}.utilisation", "percent", worse="below", unit="%", status="fleet"),
    Number(
        "pages_per_minute",
        "Pages / min",
        f"{_S}.pages_per_minute",
        trend="trends.pages_per_minute",
        worse="below",
        status="rate",
    ),
    Number("pages_total", "Pages discovered", f"{_S}.pages_total", worse="below", status="rate"),
    Number("links_24h", "Links in 24 h", f"{_S}.links_24h", worse="below", status="rate"),
)

_JOBS, _SPEED = "mv_daily_job_stats", "mv_daily_satellite_performance"
CHARTS: tuple[Chart, ...] = (
    Chart("jobs_by_outcome", "Missions by outcome", "missions a day", _JOBS),
    Chart("pages_by_day", "Pages crawled", "pages a day", _JOBS),
    Chart("completion_time", "Mean completion time", "minutes, by day of creation", _JOBS),
    Chart("satellite_speed", "Satellite speed", "pages / min, mean and span", _SPEED),
)

NUMBER = {one.name: one for one in NUMBERS}
CHART = {one.name: one for one in CHARTS}
SHOWN = frozenset(NUMBER) | frozenset(CHART)

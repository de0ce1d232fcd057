"""What missions bring to the live state. Times are epoch milliseconds; what is not known is left out."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from data.status import Status


class Job(TypedDict):
    """`word` is left out where the browser counts: the time to `eta`, the place in the queue."""

    job_type: str
    status: str
    symbol: Status
    word: NotRequired[str]
    target: str
    priority: int
    progress: float
    pages_crawled: int
    pages_queued: int
    links_found: int
    errors: int
    created: int
    started: NotRequired[int]
    eta: NotRequired[int]
    eta_low: NotRequired[int]
    eta_high: NotRequired[int]
    eta_note: NotRequired[str]
    note: NotRequired[str]
    satellites: list[str]
    stalled: bool
    simulated: bool


class Jobs(TypedDict):
    active_jobs: dict[str, Job]


class Satellite(TypedDict):
    name: str
    status: str
    symbol: Status
    heartbeat: int
    ppm: NotRequired[float]
    job_id: NotRequired[str]
    spark: NotRequired[list[float]]
    simulated: bool


class FleetSummary(TypedDict):
    satellites_active: int
    satellites_total: int
    utilisation: float
    pages_per_minute: NotRequired[float]


class Fleet(TypedDict):
    satellite_status: dict[str, Satellite]
    summary: FleetSummary


class QueueSummary(TypedDict):
    active_jobs: int
    queued_jobs: int
    paused_jobs: int
    completed_24h: int
    failed_24h: int
    mean_completion_s: NotRequired[int]
    queue_oldest_s: NotRequired[int]
    drain_s: NotRequired[int]


class Queue(TypedDict):
    queue_depth: int
    summary: QueueSummary


class PagesSummary(TypedDict):
    pages_total: int


class Pages(TypedDict):
    summary: PagesSummary


class Failure(TypedDict):
    status: str
    severity: Status
    target: str
    message: NotRequired[str]
    at: int
    satellite: NotRequired[str]
    ack: NotRequired[str]


class Failures(TypedDict):
    errors: dict[str, Failure]


class Minutes(TypedDict):
    """The last hour, a value a minute, the oldest first; null where nobody knows."""

    active_jobs: list[float | None]
    satellites_active: list[float | None]
    queue_depth: list[float | None]
    pages_per_minute: list[float | None]
    failures: list[float | None]


class Trends(TypedDict):
    trends: Minutes


class Simulation(TypedDict):
    simulation: bool

"""What goes over the wire, by name. Times are UTC in ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

MissionStatus = Literal["queued", "running", "paused", "completed", "failed", "cancelled", "abnormal"]
Verb = Literal["pause", "resume", "cancel", "retry"]
SatelliteStatus = Literal["idle", "working", "paused", "stopping"]
RunStatus = Literal["running", "paused", "completed", "failed"]


class Info(TypedDict):
    name: str
    version: str
    sockets_url: str | None


class Mission(TypedDict):
    job_id: str
    job_type: str
    status: MissionStatus
    target_url: str
    priority: int
    config: dict[str, Any]
    progress_percentage: float
    pages_crawled: int
    pages_queued: int
    links_found: int
    errors_count: int
    created_date: str
    start_time: str | None
    completed_time: str | None
    estimated_completion: str | None
    eta_low: str | None
    eta_high: str | None
    eta_note: str | None
    requeue_count: int
    message: str | None
    simulated: bool
    satellites: list[str]


class Lease(Mission):
    """`private_sites` are the only host:port of private networks that may be fetched for this mission."""

    lease_expires_at: str
    private_allowed: NotRequired[bool]
    private_sites: NotRequired[list[str]]


class Satellite(TypedDict):
    satellite_id: str
    name: str
    hostname: str
    version: str
    status: str
    max_jobs: int
    pages_per_minute: float | None
    cpu_percent: float | None
    memory_mb: float | None
    registered_at: str
    last_heartbeat_at: str
    simulated: bool
    jobs: list[str]


class Registration(TypedDict):
    satellite_id: str
    heartbeat_seconds: float
    lease_seconds: float


class Directive(TypedDict):
    directive: Literal["rate", "pause", "resume", "cancel"]
    job_id: str
    delay_seconds: NotRequired[float]


class HeartbeatAnswer(TypedDict):
    directives: list[Directive]
    server_time: str
    heartbeat_seconds: float


class SatelliteFields(TypedDict):
    name: str
    version: str
    hostname: str
    satellite_id: NotRequired[str | None]
    max_jobs: NotRequired[int]


class HeartbeatFields(TypedDict):
    status: SatelliteStatus
    jobs: list[str]
    pages_per_minute: NotRequired[float | None]
    cpu_percent: NotRequired[float]
    memory_mb: NotRequired[float]


class ProgressFields(TypedDict):
    """Numbers of this run so far, absolute."""

    satellite_id: str
    pages_crawled: int
    pages_queued: int
    links_found: int
    errors_count: int
    status: NotRequired[RunStatus]
    message: NotRequired[str]


class PageToCheck(TypedDict):
    """A page on which a link was missed; `check` is what the server wants to hear with the result;
    `private_allowed` whether it may be fetched from a private network."""

    check: str
    url_from: str
    url_to: str
    attempt: int
    private_allowed: NotRequired[bool]


class CheckResult(TypedDict):
    check: str
    outcome: str
    http_code: NotRequired[int]
    detail: NotRequired[str]


class Quota(TypedDict):
    """A paid API: amounts in its unit; `quota` None: no limit is known."""

    provider: str
    unit: str
    quota: float | None
    state: Literal["active", "cooldown", "exhausted", "disabled", "retired"]
    used: float
    reserved: float
    unmetered: float
    remaining: float | None
    resets_at: str | None


class Called(TypedDict):
    """What a paid API answered; `found` False: it knows of nothing. `reason` says why it was this provider."""

    decision_id: str
    provider: str
    found: bool
    answer: dict[str, Any] | None
    cached: bool
    last_fetched_at: str
    credits: float
    reason: str


class Rejection(TypedDict):
    index: int
    errors: list[dict[str, Any]]


class Envelope(TypedDict):
    v: int
    id: str
    type: str
    ts: float | str
    seq: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of a batch; the index in a rejection counts from the first row given."""

    accepted: int = 0
    duplicates: int = 0
    rejected: tuple[Rejection, ...] = ()

    def followed_by(self, later: IngestResult, *, offset: int) -> IngestResult:
        moved = tuple(Rejection(index=one["index"] + offset, errors=one["errors"]) for one in later.rejected)
        return IngestResult(self.accepted + later.accepted, self.duplicates + later.duplicates, self.rejected + moved)

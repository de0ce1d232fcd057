"""How the product itself is, and the signals that the usual rules name and whose areas are still to come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.live.channel import HEARTBEAT
from data.signal import Sample, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redis import Redis

    from data.signal import Asked

PROCESSES = ("worker", "beat", "sockets")
_BEAT_LIVES_S = 30  # that long a heartbeat stands in Redis after its process ended; then there is no data of it


def heartbeat_age(asked: Asked) -> Iterator[Sample]:
    """A process that never ran here has none."""

    def ask(redis: Redis) -> Any:  # noqa: ANN401 — redis types both of its clients as one
        return redis.mget([HEARTBEAT.format(process) for process in PROCESSES])

    for process, beat in zip(PROCESSES, asked.cache.ask(ask), strict=True):
        if beat is not None:
            at = datetime.fromtimestamp(float(beat), UTC)
            yield Sample(max(0.0, (asked.now - at).total_seconds()), {"service": process})


def view_overdue(asked: Asked) -> Iterator[Sample]:
    rows = asked.connection.execute(
        text("""select view, extract(epoch from cast(:now as timestamptz) - due_at)::float8 as seconds
                from view_stamps where due_at is not null and due_at > '2000-01-01'"""),
        {"now": asked.now},
    )
    for row in rows:
        yield Sample(max(0.0, row.seconds), {"view": row.view})


SIGNALS = (
    Signal(
        "heartbeat_age_seconds",
        "Since when a service has not said that it lives",
        "s",
        labels=("service",),
        every_s=_BEAT_LIVES_S,
        read=heartbeat_age,
        complete=False,
    ),
    Signal("view_overdue_seconds", "By how much a view's refresh is overdue", "s", labels=("view",), read=view_overdue),
    # Fed by areas to come: rules may name them, and they say nothing yet.
    Signal("cpu_usage", "Processor", "%", labels=("host",), every_s=30),
    Signal("memory_usage", "Memory", "%", labels=("host",), every_s=30),
    Signal("jobs_per_minute", "Jobs scraped a minute", "jobs", labels=("site",), every_s=60),
    Signal("circuit_breaker_state", "State of a site's breaker", kind="word", labels=("site",), every_s=30),
    Signal("data_quality", "Quality of the data of a dashboard", "%", labels=("dashboard",), every_s=60),
    Signal("workflow_failed", "A workflow of a dashboard failed", labels=("dashboard", "workflow"), every_s=60),
)

"""What rules of alerts may ask about paid APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.quotas.forecast import reads
from data.signal import Sample, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.signal import Asked


def quota_state(asked: Asked) -> Iterator[Sample]:
    for row in reads.list_latest(asked.connection):
        if row["state_now"]:
            labels, why = {"provider": row["provider"]}, row["reason_now"] or ""
            yield Sample(row["state_now"], labels, why, simulated=bool(row["simulated"]))


def quota_used(asked: Asked) -> Iterator[Sample]:
    for row in reads.list_latest(asked.connection):
        if row["quota_now"] and row["state_now"]:
            used = 100 * row["used_now"] / row["quota_now"]
            yield Sample(used, {"provider": row["provider"]}, simulated=bool(row["simulated"]))


def quota_dry(asked: Asked) -> Iterator[Sample]:
    """Of those that are dry before their reset, as it is forecast."""
    for row in reads.list_latest(asked.connection):
        if row["dry_at"] and row["configured"] == "active":
            hours = (row["dry_at"] - asked.now).total_seconds() / 3600
            words = " · ".join(filter(None, (row["clock"], row["advice"])))
            yield Sample(max(0.0, hours), {"provider": row["provider"]}, words, simulated=bool(row["simulated"]))


_BY = ("provider",)
SIGNALS = (
    Signal("quota_state", "State of a provider", kind="word", labels=_BY, every_s=15, read=quota_state),
    Signal("quota_used_percent", "Share of the allowance that is used", "%", labels=_BY, every_s=30, read=quota_used),
    Signal("quota_dry_in_hours", "Until a quota is dry, before its reset", "h", labels=_BY, every_s=30, read=quota_dry),
)

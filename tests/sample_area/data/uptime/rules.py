"""What a state of our sites is worth."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.status import Status

SILENT_AFTER = timedelta(hours=1)


def status(sites: int, down: int, silent: int) -> Status:
    """A site that is down is critical; one that nobody looks at is worth a look."""
    if not sites:
        return Status.OFF
    if down:
        return Status.CRITICAL
    return Status.CAUTION if silent else Status.NORMAL


def silent_before(now: datetime) -> datetime:
    """Who was last probed before this is silent."""
    return now - SILENT_AFTER

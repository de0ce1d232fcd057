"""Our ledger against the provider's own number: drift, and when to raise an alarm about it. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

DRIFT_ALARM = 0.05
AGE_ALARM = timedelta(hours=24)
CHECK_EVERY, AGAIN_AFTER = timedelta(hours=1), timedelta(minutes=5)


def is_due(checked: datetime, well: bool, now: datetime) -> bool:  # noqa: FBT001 — read from the row itself
    """Whether to check again: an alarm, or no answer, is looked into before the hour is over."""
    return now - checked >= (CHECK_EVERY if well else AGAIN_AFTER)


def drift(ledger: float, in_flight: float, reported: float) -> float:
    """How much more (+) or less (−) the provider counts, as a share of the greater number; what is on its way to
    being metered is no drift."""
    if ledger <= reported <= ledger + in_flight:
        return 0.0
    nearest = ledger + in_flight if reported > ledger else ledger
    return (reported - nearest) / max(nearest, reported)


def alarm(drift_: float | None, checked: datetime | None, now: datetime) -> str | None:
    """Why there is an alarm: the last drift and the time of the last check that succeeded; None: all is well."""
    if checked is None:
        return "never checked"
    if now - checked > AGE_ALARM:
        return f"last check {(now - checked) / timedelta(hours=1):,.0f} h ago"
    if drift_ is not None and abs(drift_) > DRIFT_ALARM:
        return f"drift {drift_:+.0%}".replace("%", " %").replace("-", "−")
    return None

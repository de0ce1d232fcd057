"""When a quota begins and when it comes back. Pure; all in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.quotas.catalogue import Provider

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # of a trial: all that was ever spent counts
TRIAL_HORIZON = timedelta(days=90)  # how long a trial is meant to last, for its daily ration


def window(provider: Provider, now: datetime, told: datetime | None = None) -> tuple[datetime, datetime | None]:
    """The window that holds `now`: its start, and the reset or None. `told`: a reset the provider itself named."""
    if provider.window == "trial":
        return BEGINNING, None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if provider.window == "none":
        return midnight.replace(day=1), None
    if provider.window == "daily":
        return midnight, midnight + timedelta(days=1)
    if provider.reset == "unix" and told is not None:
        return _around(told, now)
    day = provider.reset_day or 1
    start = midnight.replace(day=day)
    if start > now:
        start = month_before(start)
    return start, month_after(start)


def began(provider: Provider, at: datetime, told: datetime | None = None) -> datetime:
    """When the window of a moment of the past began; `told` is the next reset that the provider named."""
    start, _ = window(provider, at, told)
    while start > at:
        start = month_before(start)
    return start


def _around(told: datetime, now: datetime) -> tuple[datetime, datetime]:
    end = told
    while end <= now:
        end = month_after(end)
    return month_before(end), end


def month_after(moment: datetime) -> datetime:
    """The same day of the next month, the 28th at the latest."""
    first = moment.replace(day=1) + timedelta(days=32)
    return first.replace(day=min(moment.day, 28))


def month_before(moment: datetime) -> datetime:
    """The same day of the month before, the 28th at the latest."""
    last = moment.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(moment.day, 28))


def days_left(end: datetime | None, now: datetime) -> float:
    """Days until the reset, at least an hour; a trial is spread over its horizon."""
    rest = (end - now) if end else TRIAL_HORIZON
    return max(rest / timedelta(days=1), 1 / 24)

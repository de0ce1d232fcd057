"""When a quota begins and when it comes back. Pure; all in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.quotas.catalogue.records import Provider

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # of a trial: all that was ever spent counts
TRIAL_HORIZON = timedelta(days=90)  # how long a trial is meant to last, for its daily ration


def window_at(
    provider: Provider, now: datetime, named_reset: datetime | None = None
) -> tuple[datetime, datetime | None]:
    """The window that holds `now`: its start, and the reset or None. `named_reset`: a reset the provider itself named,
    this one's or an earlier one's."""
    if provider.window == "trial":
        return BEGINNING, None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if provider.window == "none":
        return midnight.replace(day=1), None
    if provider.window == "daily":
        return midnight, midnight + timedelta(days=1)
    if provider.reset == "unix" and named_reset is not None:
        return _around(named_reset, now)
    anchor = midnight.replace(day=provider.reset_day or 1)
    return _around(anchor if anchor > now else month_shift(anchor, 1), now)


def window_start(provider: Provider, at: datetime, named_reset: datetime | None = None) -> datetime:
    """When the window of a moment of the past began; `named_reset` is the next reset that the provider named."""
    start, end = window_at(provider, at, named_reset)
    if end is None or start <= at:
        return start
    return month_shift(end, _months(end, at))


def _around(anchor: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The first reset of the anchor's months that is still ahead, and the one before it; never before the anchor."""
    ahead = max(0, _months(anchor, now) + 1)
    return month_shift(anchor, ahead - 1), month_shift(anchor, ahead)


def _months(anchor: datetime, at: datetime) -> int:
    """How many months from the anchor to the last of its resets that is not after `at`; below 0 for the past."""
    months = (at.year - anchor.year) * 12 + at.month - anchor.month
    return months if month_shift(anchor, months) <= at else months - 1


def month_shift(anchor: datetime, months: int) -> datetime:
    """The anchor's day so many months on, the last of a month that is too short for it.

    Always from the anchor itself: a step from 31 January over 28 February would never come back to the 31st."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))


def anchor_of(named_reset: datetime, before: datetime | None) -> datetime:
    """What the months are counted from once a provider has named a reset: the reset itself, unless it is one of those
    of the anchor before. 28 February says nothing new where 31 January was named."""
    if before is not None and month_shift(before, _months(before, named_reset)) == named_reset:
        return before
    return named_reset


def days_left(end: datetime | None, now: datetime) -> float:
    """Days until the reset, at least an hour; a trial is spread over its horizon."""
    rest = (end - now) if end else TRIAL_HORIZON
    return max(rest / timedelta(days=1), 1 / 24)

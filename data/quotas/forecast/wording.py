"""What a forecast means, in a colour and in words a person acts on."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.quantities import count
from data.quotas.forecast.projection import CERTAIN, DAY, LIKELY, POSSIBLE, Forecast, Quota
from data.status import Status

SOON, LAPSE, MONTH = timedelta(days=2), timedelta(days=10), timedelta(days=30)


def status(quota: Quota, made: Forecast | None) -> Status:
    """The worst of what the provider's state and the forecast say."""
    if quota.state in ("disabled", "retired"):
        return Status.OFF
    if quota.state == "exhausted" or quota.left == 0:
        return Status.CRITICAL
    ahead = Status.NORMAL if made is None else _ahead(quota, made)
    return Status.CAUTION if quota.state == "cooldown" and ahead in (Status.NORMAL, Status.STANDBY) else ahead


def _ahead(quota: Quota, made: Forecast) -> Status:
    risk = made.risk or 0.0
    if risk > CERTAIN:
        return Status.CRITICAL if quota.reset else Status.SERIOUS
    if risk > LIKELY:
        return Status.SERIOUS
    if risk > POSSIBLE:
        return Status.CAUTION
    return Status.STANDBY if quota.limit is not None and made.burn_week == 0 else Status.NORMAL


def note(quota: Quota, made: Forecast | None) -> str:
    """A few words beside a bar: `OK · Dec 1 reset`, `Nov 28 ± 1 d`, `risk 12 %`."""
    if quota.state in ("disabled", "retired", "cooldown"):
        return quota.state
    if quota.state == "exhausted" or quota.left == 0:
        return f"used up until {_day(quota.reset)}" if quota.reset else "used up"
    if made and made.dry and (made.risk or 0.0) > LIKELY:
        return f"{_day(made.dry)} ± {_half_width(made)} d"
    if made and (made.risk or 0.0) > POSSIBLE:
        return f"risk {made.risk or 0:.0%}".replace("%", " %")
    return f"OK · {_calm(quota, made)}"


def _calm(quota: Quota, made: Forecast | None) -> str:
    if quota.limit is None:
        return "no limit"
    if quota.reset is None:
        return "no reset"
    if made is not None and made.burn_week == 0:
        return "backup"
    return f"{_day(quota.reset)} reset"


def clock(quota: Quota, made: Forecast, now: datetime) -> str:
    """The exhaustion clock: the date with its band, against the reset."""
    if quota.limit is None:
        return "no limit known"
    if quota.left == 0:
        return (
            f"used up, renews {_day(quota.reset)}" if quota.reset else "used up for good: this allowance does not renew"
        )
    if made.dry is None:
        return _safe(quota, made)
    when = (
        f"runs out about {_day(made.dry)} (± {count(_half_width(made), 'day')})"
        if made.dry - now > SOON
        else f"runs out in {_hours(made.dry - now)}"
    )
    return f"{when}, {_days(quota.reset - made.dry)} before the reset" if quota.reset else f"{when}; does not renew"


def _safe(quota: Quota, made: Forecast) -> str:
    if quota.reset is None:
        return "lasts more than a year at this rate" if made.burn_week else "unused this week; does not renew"
    if made.dry_early:
        return f"probably enough; worst case runs out {_day(made.dry_early)}"
    per_day = made.burn_week
    spare = (quota.limit or 0.0) - made.expected
    if not per_day:
        return "safe: nothing is spent"
    return f"safe: {spare:,.0f} left at the reset, {_days(min(spare / per_day, 999) * DAY)} more than needed"


def reserve(ordinary: datetime | None, urgent: datetime | None, now: datetime) -> str:
    """Whom the last fifth is kept for: when ordinary queries end, and when urgent ones do; empty where neither does."""
    if ordinary is None:
        return ""
    begins = f"ordinary queries end {_day(ordinary)}" if ordinary > now else "only the reserve is left"
    ends = f"high priority {_day(urgent)}" if urgent else "high priority lasts"
    return f"{begins}, {ends}"


UNUSABLE = {
    "retired": "Give it a key to bring it back, or leave it retired.",
    "disabled": "Give it a key that it accepts, then enable it.",
}


def advice(quota: Quota, made: Forecast, now: datetime) -> str:
    """One thing to do, or that there is nothing to do."""
    if quota.state in UNUSABLE:
        return UNUSABLE[quota.state]
    if quota.limit is None:
        return "Set its allowance to get a forecast."
    if quota.left == 0:
        return "Others take its queries until the reset." if quota.reset else "Buy credits, or retire it."
    return _thrift(quota, made, now) or "Nothing to do."


def _thrift(quota: Quota, made: Forecast, now: datetime) -> str | None:
    if made.ration is None:
        scarce = made.dry is not None and made.dry - now < MONTH
        return "Keep it for high priority: it does not renew." if scarce else None
    if (made.risk or 0.0) > POSSIBLE:
        return f"Spend at most {made.ration:,.1f} a day until {_day(quota.reset)}; now it is {made.burn_week:,.1f}."
    if made.burn_week < made.ration / 4 and made.ends - now < LAPSE:
        spare = (quota.limit or 0.0) - made.expected
        return f"{spare:,.0f} credits expire on {_day(quota.reset)}: send low-priority queries here."
    return None


def _half_width(made: Forecast) -> int:
    """Half of the band around the date, in whole days, at least one."""
    edges = [at for at in (made.dry_early, made.dry_late or made.ends) if at and made.dry]
    return max(1, round(max((abs(at - made.dry) / DAY for at in edges if made.dry), default=1)))


def _day(at: datetime | None) -> str:
    return f"{at:%b} {at.day}" if at else "never"


def _days(span: timedelta) -> str:
    days = span / DAY
    if days < 1:
        return _hours(span)
    return "1 day" if round(days) == 1 else f"{days:,.0f} days"


def _hours(span: timedelta) -> str:
    hours = max(0, round(span.total_seconds() / 3600))
    return "1 hour" if hours == 1 else f"{hours} hours"

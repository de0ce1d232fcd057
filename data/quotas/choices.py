"""Which provider takes a query, and why. Pure: a snapshot of the purses in, an order with reasons out.

The score is a weighted mean of parts, each 0 to 1. Who asks with priority high gets the best that is available; low
gets the cheapest that is safe; normal lies between. The last fifth of every quota is kept for priority high and above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from data.quotas.queries import RANK
from data.quotas.windows import days_left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.quotas.catalogue import Provider
    from data.quotas.queries import Priority, Query
    from data.quotas.verdicts import State

KEPT_BACK = Decimal("0.2")  # of every quota, for priority high and critical
SCARCE = Decimal("0.2")
SAFE = 0.5  # share of successes below which a provider is the last choice
HALF_LIFE = timedelta(hours=1)  # of what was measured, on the way back to the benefit of the doubt
_SLOW_MS = 6000.0  # a provider that takes so long counts half
_NEW = 0.1  # weight of one more call

# quality: answers, measured success and speed · price: share of what is left · ration: of today's · health: success
WEIGHTS: dict[Priority, dict[str, float]] = {
    "low": {"quality": 0.10, "price": 0.55, "ration": 0.25, "health": 0.10},
    "normal": {"quality": 0.35, "price": 0.30, "ration": 0.20, "health": 0.15},
    "high": {"quality": 0.70, "price": 0.00, "ration": 0.05, "health": 0.25},
    "critical": {"quality": 0.75, "price": 0.00, "ration": 0.00, "health": 0.25},
}


@dataclass(frozen=True, slots=True)
class Purse:
    """A provider with what one purse of it holds, as it was read."""

    provider: Provider
    simulated: bool
    has_key: bool
    window_start: datetime
    window_end: datetime | None
    used: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    unmetered: Decimal = Decimal(0)
    in_flight: int = 0
    day: date | None = None
    used_today: Decimal = Decimal(0)
    state: State = "active"
    reason: str | None = None
    until: datetime | None = None
    success: float = 1.0
    latency_ms: float | None = None
    measured_at: datetime | None = None
    reset_anchor: datetime | None = None  # the reset whose day of the month counts, where its provider named one

    @property
    def remaining(self) -> Decimal | None:
        """Units that may still be spent in this window; None where no quota is known."""
        if self.provider.quota is None:
            return None
        return max(self.provider.quota - self.used - self.reserved - self.unmetered, Decimal(0))

    @property
    def spent(self) -> Decimal:
        """Units gone, as far as anybody knows: metered here, or counted by the provider alone."""
        return self.used + self.unmetered

    @property
    def scarce(self) -> bool:
        quota, left = self.provider.quota, self.remaining
        return quota is not None and left is not None and left <= quota * SCARCE

    def condition(self, now: datetime) -> tuple[State, str | None, datetime | None]:
        """State, reason and end, everything considered: configuration, key, drill, and what the provider answered."""
        own = self.provider
        if own.state == "retired" and not (self.has_key and not self.simulated):
            return "retired", "its free access has ended; used only where a key is set", None
        if own.state == "disabled":
            return "disabled", "switched off by an administrator", None
        if not self.has_key:
            key = f"{own.provider.upper()}_API_KEY"
            return "disabled", "no stand-ins are running" if self.simulated else f"{key} is not set", None
        if own.drill_until and own.drill_until > now:
            return "cooldown", "failover drill", own.drill_until
        if self.state != "active" and (self.until is None or self.until > now):
            return self.state, self.reason, self.until
        return "active", None, None

    def health(self, now: datetime) -> float:
        """The decaying share of successes: what was measured long ago counts less."""
        if self.measured_at is None:
            return 1.0
        faded: float = 0.5 ** ((now - self.measured_at) / HALF_LIFE)
        return 1.0 - (1.0 - self.success) * faded

    def ration(self, now: datetime) -> float | None:
        """Units a day that last until the reset; None where no quota is known."""
        if self.remaining is None:
            return None
        today = self.used_today if self.day == now.date() else Decimal(0)
        return float(self.remaining + today) / days_left(self.window_end, now)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider that could answer: with a score, or with the reason why it is passed over."""

    provider: str
    title: str
    cost: Decimal
    remaining: Decimal | None
    unit: str
    score: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    ration: float | None = None
    latency_ms: float | None = None
    refused: str | None = None
    until: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """For storage and for programs."""
        return {
            "provider": self.provider,
            "score": round(self.score, 4),
            "parts": {name: round(value, 4) for name, value in self.parts.items()},
            "cost": float(self.cost),
            "remaining": None if self.remaining is None else float(self.remaining),
            "ration": None if self.ration is None else round(self.ration, 2),
            "latency_ms": None if self.latency_ms is None else round(self.latency_ms),
            "refused": self.refused,
            "until": self.until.isoformat() if self.until else None,
        }


def candidates(purses: Sequence[Purse], query: Query, priority: Priority, now: datetime) -> list[Candidate]:
    """Everyone who knows this type of query: those who can take it, the best first; then the others with a reason."""
    found = [_weigh(purse, query, priority, now) for purse in purses if query.query_type in purse.provider.query_types]
    return sorted(found, key=lambda each: (each.refused is not None, -each.score))


def _weigh(purse: Purse, query: Query, priority: Priority, now: datetime) -> Candidate:
    own, cost = purse.provider, purse.provider.cost.of(query.params)
    known: dict[str, Any] = {
        "provider": own.provider,
        "title": own.title,
        "cost": cost,
        "remaining": purse.remaining,
        "unit": own.unit,
        "ration": purse.ration(now),
        "latency_ms": purse.latency_ms,
    }
    refused, until = refusal(purse, cost, priority, now)
    if refused:
        return Candidate(**known, refused=refused, until=until)
    parts = _parts(purse, cost, now)
    score = sum(weight * parts[name] for name, weight in WEIGHTS[priority].items())
    if parts["health"] < SAFE:
        score *= 0.25
    return Candidate(**known, score=score, parts=parts)


def refusal(purse: Purse, cost: Decimal, priority: Priority, now: datetime) -> tuple[str | None, datetime | None]:
    """Why this purse cannot pay for the call now, and until when; (None, None) where it can."""
    state, reason, until = purse.condition(now)
    if state != "active":
        end = f" until {until:%d %b %H:%M} UTC" if until else ""
        return f"{state}{end}: {reason}", until
    quota, left = purse.provider.quota, purse.remaining
    if quota is None or left is None:
        return None, None
    if left < cost:
        return (
            f"{_number(left)} of {_number(quota)} {purse.provider.unit} left, {_number(cost)} needed",
            purse.window_end,
        )
    kept = quota * KEPT_BACK
    if RANK[priority] < RANK["high"] and left - cost < kept:
        return f"the last {_number(kept)} of {_number(quota)} are kept for priority high", purse.window_end
    return None, None


def _parts(purse: Purse, cost: Decimal, now: datetime) -> dict[str, float]:
    health = purse.health(now)
    speed = 1 / (1 + (purse.latency_ms or 0.0) / _SLOW_MS)
    left, daily = purse.remaining, purse.ration(now)
    today = float(purse.used_today) if purse.day == now.date() else 0.0
    return {
        "quality": purse.provider.quality * health * (0.5 + speed / 2),
        "price": 1.0 if not left else 1 / (1 + 20 * float(cost / left)),
        "ration": 1.0 if not daily else max(0.0, min(1.0, 1 - (today + float(cost)) / daily)),
        "health": health,
    }


def measured(purse: Purse, now: datetime, *, succeeded: bool, latency_ms: float | None) -> tuple[float, float | None]:
    """The success and latency to remember after one more call."""
    success = purse.health(now) * (1 - _NEW) + (_NEW if succeeded else 0.0)
    if latency_ms is None:
        return success, purse.latency_ms
    before = purse.latency_ms
    return success, latency_ms if before is None else before * (1 - 2 * _NEW) + latency_ms * 2 * _NEW


def sentence(query_type: str, priority: Priority, found: Sequence[Candidate], tried: Mapping[str, str]) -> str:
    """Why this one, in words. `tried`: what was found out about those that were asked first."""
    takes = next((each for each in found if each.refused is None and each.provider not in tried), None)
    others = [_other(each, tried) for each in found if each is not takes]
    if takes is None:
        return (
            f"Nobody can take this {query_type} at priority {priority}: {'; '.join(others) or 'no provider knows it'}."
        )
    left = "" if takes.remaining is None else f" of {_number(takes.remaining)} left"
    ration = f", a ration of {takes.ration:.1f} a day" if takes.ration is not None else ""
    why = (
        f"{takes.title} takes this {query_type} at priority {priority}: {_number(takes.cost)} {takes.unit}{left}"
        f"{ration}, quality {takes.parts['quality']:.2f}, health {takes.parts['health']:.0%}, score {takes.score:.2f}."
    )
    return f"{why} Passed over: {'; '.join(others)}." if others else why


def _other(each: Candidate, tried: Mapping[str, str]) -> str:
    if each.provider in tried:
        return f"{each.title} was asked first: {tried[each.provider]}"
    return f"{each.title}: {each.refused}" if each.refused else f"{each.title} scores {each.score:.2f}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"

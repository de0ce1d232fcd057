"""What is left at a provider, as it was read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from data.quotas.catalogue.windows import days_left

if TYPE_CHECKING:
    from data.quotas.catalogue.records import Provider
    from data.quotas.providers.outcomes import State

SCARCE = Decimal("0.2")
HALF_LIFE = timedelta(hours=1)  # of what was measured, on the way back to the benefit of the doubt


@dataclass(frozen=True, slots=True)
class Account:
    """A provider with what one account there holds: the real one, or the simulation's."""

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

"""What a stand-in keeps of its customer: how much was used, and when it begins anew."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def _next_month() -> datetime:
    now = datetime.now(UTC)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


@dataclass
class Account:
    """`used` counts what was billed; `calls` every request for data, `asked` every one for the account. A trial never
    begins anew."""

    limit: int
    used: int = 0
    calls: int = 0
    asked: int = 0
    trial: bool = False
    resets_at: datetime = field(default_factory=_next_month)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def bill(self, cost: int) -> bool:
        """Whether there is enough left; then it is taken."""
        with self.lock:
            self.calls += 1
            self._begin_anew()
            if self.used + cost > self.limit:
                return False
            self.used += cost
            return True

    def _begin_anew(self) -> None:
        if not self.trial and datetime.now(UTC) >= self.resets_at:
            self.used, self.resets_at = 0, _next_month()

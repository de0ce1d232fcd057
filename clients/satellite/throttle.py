"""When the next request to a host may go."""

from __future__ import annotations

from time import monotonic

LONGEST_HOLD = 60.0  # s: the most that a site's own wish may stop us


class Throttle:
    """Keeps `delay` seconds between two requests to one host, or what its robots.txt asks for where that is more."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.paused = False
        self._asked: dict[str, float] = {}
        self._free: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def wait(self, host: str) -> float:
        """Seconds until this host's turn, as things stand now; more than zero while paused."""
        due = self._last.get(host, 0.0) + max(self.delay, self._asked.get(host, 0.0))
        left = max(due, self._free.get(host, 0.0)) - monotonic()
        return max(left, 1.0) if self.paused else left

    def take(self, host: str) -> None:
        self._last[host] = monotonic()

    def ask(self, host: str, delay: float) -> None:
        """The host's robots.txt asks for `delay` seconds between requests."""
        self._asked[host] = min(delay, LONGEST_HOLD)

    def hold(self, host: str, seconds: float) -> None:
        """The host asked to be left alone for a while."""
        self._free[host] = monotonic() + min(seconds, LONGEST_HOLD)

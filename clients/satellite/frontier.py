"""The addresses still to fetch, nearest to the start first; each is let in once."""

from __future__ import annotations

from collections import deque


class Frontier:
    """Holds at most `limit` addresses: a site without end costs bounded memory."""

    def __init__(self, limit: int, max_depth: int | None) -> None:
        self._limit = limit
        self._max_depth = max_depth
        self._waiting: deque[tuple[str, int]] = deque()
        self._seen: set[int] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, url: str, depth: int) -> None:
        too_deep = self._max_depth is not None and depth > self._max_depth
        if not too_deep and len(self._waiting) < self._limit and self.first_time(url):
            self._waiting.append((url, depth))

    def first_time(self, url: str) -> bool:
        """Notes the address; False where it was noted before. Keeps 8-byte hashes, not text."""
        before = len(self._seen)
        self._seen.add(hash(url))
        return len(self._seen) > before

    def left_out(self, url: str) -> bool:
        """Notes an address that is not asked for; True the first time. Beyond ten times the limit nobody counts."""
        return len(self._seen) < 10 * self._limit and self.first_time(url)

    def next(self) -> tuple[str, int]:
        return self._waiting.popleft()

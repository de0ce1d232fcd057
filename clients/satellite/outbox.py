"""Rows on their way to the server. A row leaves only when the server has accepted it."""

from __future__ import annotations

import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOM = 5_000  # rows: beyond, the crawl waits


class Outbox:
    """Filled by the crawl, emptied by the delivery: two threads."""

    def __init__(self) -> None:
        self._rows: deque[dict[str, Any]] = deque()
        self._lock = threading.Lock()

    @property
    def full(self) -> bool:
        return len(self._rows) >= ROOM

    def put(self, rows: Iterable[dict[str, Any]]) -> None:
        with self._lock:
            self._rows.extend(rows)

    def oldest(self, most: int) -> list[dict[str, Any]]:
        with self._lock:
            return list(islice(self._rows, most))

    def forget(self, count: int) -> None:
        """Drops the oldest `count` rows: they are stored."""
        with self._lock:
            for _ in range(count):
                self._rows.popleft()

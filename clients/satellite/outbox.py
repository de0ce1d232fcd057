"""Rows on their way to the server. A row leaves only when the server has taken it."""

from __future__ import annotations

import threading
from collections import deque
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOM = 5_000  # rows: beyond, the crawl waits


class Waiting(NamedTuple):
    """What is still here, and for how many seconds the oldest of it has been."""

    rows: int
    pages: int
    seconds: float


class Outbox:
    """Filled by the crawl, emptied by the delivery: two threads. A page counts as read when all its rows are stored."""

    def __init__(self) -> None:
        self._rows: deque[dict[str, Any]] = deque()
        self._pages: deque[tuple[int, dict[str, Any]]] = deque()  # with how many rows were put before
        self._moments: deque[tuple[int, float]] = deque()  # up to how many rows were put, and when
        self._page_moments: deque[float] = deque()
        self._put = self._stored = 0
        self._lock = threading.Lock()

    @property
    def full(self) -> bool:
        return len(self._rows) >= ROOM

    def put(self, rows: Iterable[dict[str, Any]]) -> None:
        with self._lock:
            before = len(self._rows)
            self._rows.extend(rows)
            self._put += len(self._rows) - before
            self._moments.append((self._put, monotonic()))

    def put_page(self, page: dict[str, Any]) -> None:
        """The page whose rows were put last: it goes out after them."""
        with self._lock:
            self._pages.append((self._put, page))
            self._page_moments.append(monotonic())

    def oldest(self, most: int) -> list[dict[str, Any]]:
        with self._lock:
            return list(islice(self._rows, most))

    def forget(self, count: int) -> None:
        """Drops the oldest `count` rows: they are stored."""
        with self._lock:
            for _ in range(count):
                self._rows.popleft()
            self._stored += count
            while self._moments and self._moments[0][0] <= self._stored:
                self._moments.popleft()

    def pages(self, most: int) -> list[dict[str, Any]]:
        """The oldest pages whose rows are all stored."""
        with self._lock:
            return [page for after, page in islice(self._pages, most) if after <= self._stored]

    def forget_pages(self, count: int) -> None:
        with self._lock:
            for _ in range(count):
                self._pages.popleft()
                self._page_moments.popleft()

    def waiting(self) -> Waiting:
        with self._lock:
            moments = [at for _, at in islice(self._moments, 1)] + list(islice(self._page_moments, 1))
            since = monotonic() - min(moments) if moments else 0.0
            return Waiting(len(self._rows), len(self._pages), since)

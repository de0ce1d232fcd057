"""Readings whose cost may grow: they keep to a share of the time, so that the tick stays cheap whatever is stored."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SHARE = 50  # a reading that takes 20 ms is repeated after a second at the earliest, one of 200 ms after ten


class Throttled(Generic[T]):
    """The last value of a reading, read again when it is due. `version` asks for an earlier reading by changing."""

    def __init__(self, *, every_s: float = 0.0) -> None:
        self._every_s = every_s
        self._value: T | None = None
        self._version: object = None
        self._due = 0.0

    def get(self, read: Callable[[], T], version: object = None) -> T:
        start = time.monotonic()
        if self._value is not None and start < self._due and version == self._version:
            return self._value
        self._value = value = read()
        end = time.monotonic()
        self._version = version
        self._due = start + max(self._every_s, SHARE * (end - start))
        return value

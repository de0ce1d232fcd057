"""What was read of a view, kept by this process until the view is refreshed: no time-out, and no stale read.

Everybody who asks the same question meanwhile gets the same answer; who asks first reads, the others wait for it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import text

from data.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection, Engine

ENTRIES = 512
LOOK_EVERY_S = 1.0

T = TypeVar("T")


class Kept:
    """Answers by (view, its version, question). What is handed out is shared: nobody changes it."""

    def __init__(self, entries: int = ENTRIES) -> None:
        self._entries = entries
        self._answers: OrderedDict[Hashable, tuple[threading.Lock, list[Any]]] = OrderedDict()
        self._versions: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def get(self, engine: Engine, view: str, question: Hashable, read: Callable[[Connection], T]) -> T:
        """The answer of `read` for this version of `view`. The version is read before the answer."""
        place = (view, self._version(engine, view), question)
        lock, answer = self._slot(place)
        with lock:
            if not answer:
                with transaction(engine) as connection:
                    answer.append(read(connection))
        found: T = answer[0]
        return found

    def _slot(self, place: Hashable) -> tuple[threading.Lock, list[Any]]:
        with self._lock:
            slot = self._answers.setdefault(place, (threading.Lock(), []))
            self._answers.move_to_end(place)
            while len(self._answers) > self._entries:
                self._answers.popitem(last=False)
            return slot

    def _version(self, engine: Engine, view: str) -> int:
        looked, version = self._versions.get(view, (-LOOK_EVERY_S, 0))
        if time.monotonic() - looked > LOOK_EVERY_S:
            with transaction(engine) as connection:
                version = connection.scalar(text("select version from view_stamps where view = :view"), {"view": view})
            self._versions[view] = (time.monotonic(), version)
        return version

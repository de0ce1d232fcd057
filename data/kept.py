"""What was read of a view, kept by this process until the view is refreshed: no time-out, and no stale read.

Everybody who asks the same question meanwhile gets the same answer, or hears of the same failure; who asks first reads,
the others wait for it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import text

from data.db import transaction
from data.deadline import reading

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
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._versions: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def get(self, engine: Engine, view: str, question: Hashable, read: Callable[[Connection], T]) -> T:
        """The answer of `read` for this version of `view`. The version is read before the answer."""
        place = (view, self._version(engine, view), question)
        answer, first = self._slot(place)
        if first:
            self._read(engine, read, place, answer)
        found: T = answer.result()
        return found

    def _slot(self, place: Hashable) -> tuple[Future[Any], bool]:
        """The answer, and whether nobody has asked for it yet."""
        with self._lock:
            first = place not in self._answers
            answer = self._answers.setdefault(place, Future())
            self._answers.move_to_end(place)
            while len(self._answers) > self._entries:
                self._answers.popitem(last=False)
            return answer, first

    def _read(self, engine: Engine, read: Callable[[Connection], T], place: Hashable, answer: Future[T]) -> None:
        try:
            with reading(engine) as connection:
                found = read(connection)
        except BaseException as error:  # noqa: BLE001 — raised where it is waited for, and read anew by who asks later
            with self._lock:
                self._answers.pop(place, None)
            answer.set_exception(error)
        else:
            answer.set_result(found)

    def _version(self, engine: Engine, view: str) -> int:
        looked, version = self._versions.get(view, (-LOOK_EVERY_S, 0))
        if time.monotonic() - looked > LOOK_EVERY_S:
            with transaction(engine) as connection:
                version = connection.scalar(text("select version from view_stamps where view = :view"), {"view": view})
            self._versions[view] = (time.monotonic(), version)
        return version

"""What was read of views, kept by this process until one of them is refreshed: no time-out, and no stale read.

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

from data.db import translated
from data.deadline import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection

    from data.unit_of_work import UnitOfWork

ENTRIES = 512
LOOK_EVERY_S = 1.0

T = TypeVar("T")


class ViewCache:
    """Answers by (views, their versions, question). What is handed out is shared: nobody changes it."""

    def __init__(self, entries: int = ENTRIES) -> None:
        self._entries = entries
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._versions: dict[str, int] = {}
        self._looked = -LOOK_EVERY_S
        self._lock = threading.Lock()

    def get(self, unit: UnitOfWork, views: tuple[str, ...], question: Hashable, read: Callable[[Connection], T]) -> T:
        """The answer of `read` for these versions of `views`. The versions are read before the answer."""
        known = self._known(unit)
        place = (views, tuple(known.get(view) for view in views), question)
        answer, first = self._slot(place)
        if first:
            self._read(unit, read, place, answer)
        elif not answer.done():
            unit.release()  # nobody holds a connection who waits for another one's answer
        found: T = answer.result()
        return found

    def clear(self) -> None:
        """Everything is read anew, and the versions too."""
        with self._lock:
            self._answers.clear()
            self._looked = -LOOK_EVERY_S

    def _slot(self, place: Hashable) -> tuple[Future[Any], bool]:
        """The answer, and whether nobody has asked for it yet."""
        with self._lock:
            first = place not in self._answers
            answer = self._answers.setdefault(place, Future())
            self._answers.move_to_end(place)
            while len(self._answers) > self._entries:
                self._answers.popitem(last=False)
            return answer, first

    def _read(self, unit: UnitOfWork, read: Callable[[Connection], T], place: Hashable, answer: Future[T]) -> None:
        try:
            with reading(unit) as connection:
                found = read(connection)
        except BaseException as error:  # noqa: BLE001 — raised where it is waited for, and read anew by who asks later
            with self._lock:
                self._answers.pop(place, None)
            answer.set_exception(error)
        else:
            answer.set_result(found)

    def _known(self, unit: UnitOfWork) -> dict[str, int]:
        if time.monotonic() - self._looked > LOOK_EVERY_S:
            with translated():
                rows = unit.connection.execute(text("select view, version from view_stamps")).all()
            self._versions = {row.view: row.version for row in rows}
            self._looked = time.monotonic()
        return self._versions

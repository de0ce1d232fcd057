"""The sign of life of a process that answers no questions: a file that it touches. It leans on nothing but the process
itself, so a worker that waits for a hung Valkey is not taken for a hung worker."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PULSE = "MISSION_CONTROL_PULSE"  # in the environment of a process: the file that it touches
EVERY_S = 0.5


def beat(environment: Mapping[str, str]) -> None:
    """From now on, where the environment asks for it. A process that is stopped, or never lets go of Python, falls
    silent."""
    if path := environment.get(PULSE):
        threading.Thread(target=_touch_for_ever, args=(Path(path),), name="pulse", daemon=True).start()


def _touch_for_ever(path: Path) -> None:
    ended = threading.Event()
    while not ended.wait(EVERY_S):
        with suppress(OSError):  # a full disk says nothing about this process; the next touch may succeed
            path.touch()


@dataclass
class Pulse:
    """Whether the file was touched since somebody asked the last time; the clock that touches it does not matter."""

    path: Path
    _seen: int = 0

    def __call__(self) -> bool:
        try:
            touched = self.path.stat().st_mtime_ns
        except OSError:
            return False
        before, self._seen = self._seen, touched
        return touched != before

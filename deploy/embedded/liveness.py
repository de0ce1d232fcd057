"""Hung is not dead: who has not answered for how long. Each program is asked by a thread of its own, so that one that
answers nothing keeps nobody from hearing the others."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from deploy.embedded.child import Program

EVERY_S = 2.0
# No question takes longer. What does was our own absence: a supervisor that was stopped itself blames nobody for it.
LONGEST_STEP_S = EVERY_S + 5
FIRST_S = 90.0  # from the start to the first answer


@dataclass
class Listener:
    """Asks one program. `silent_s` are the seconds, as far as we were there to listen, since it answered or began."""

    alive: Callable[[], bool]
    silent_s: float = 0.0
    heard: bool = False
    _asked: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """It was started anew."""
        self.silent_s, self.heard = 0.0, False

    def ask(self) -> None:
        answered = self.alive()
        now = time.monotonic()
        self.silent_s = 0.0 if answered else self.silent_s + min(now - self._asked, LONGEST_STEP_S)
        self.heard = self.heard or answered
        self._asked = now

    def run(self) -> None:
        while True:
            time.sleep(EVERY_S)
            self.ask()

    def is_hung(self, patience_s: float) -> bool:
        return self.silent_s > (patience_s if self.heard else max(patience_s, FIRST_S))


class Liveness:
    """Of all programs that can be asked. Silent ones are hung after `patience_s`."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._listeners: dict[str, Listener] = {}
        self._stopped: dict[psutil.Process, float] = {}
        self._looked = time.monotonic()

    def listen(self, programs: Iterable[Program]) -> None:
        """From now on. The threads end with this process."""
        for program in programs:
            if program.alive:
                listener = self._listeners[program.name] = Listener(program.alive)
                threading.Thread(target=listener.run, name=f"listen-{program.name}", daemon=True).start()

    def begin(self, name: str) -> None:
        if name in self._listeners:
            self._listeners[name].begin()

    def silent_s(self, name: str) -> float:
        listener = self._listeners.get(name)
        return listener.silent_s if listener else 0.0

    def is_hung(self, name: str) -> bool:
        listener = self._listeners.get(name)
        return listener is not None and listener.is_hung(self.patience_s)

    def stopped_too_long(self) -> list[psutil.Process]:
        """Processes among our offspring that a signal has stopped and nobody has let go on: a child of the worker's
        pool, say, whose parent goes on answering."""
        step = min(time.monotonic() - self._looked, LONGEST_STEP_S)
        self._looked = time.monotonic()
        found = [one for one in psutil.Process().children(recursive=True) if _is_stopped(one)]
        self._stopped = {one: self._stopped[one] + step if one in self._stopped else 0.0 for one in found}
        return [one for one, seconds in self._stopped.items() if seconds > self.patience_s]


def _is_stopped(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False

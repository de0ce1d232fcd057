"""Tells the past beside live traffic: several batches under way at once, the last one when all others are stored."""

from __future__ import annotations

import threading
import time
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.history import Batch, Span, events, foundations
from clients.simulator.session_context import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.simulator.session_context import SessionContext
    from clients.simulator.world import World

TELLERS = 2


class Chapter(NamedTuple):
    """A part of the past that the server does not have: `first` with everything the story stands on."""

    span: Span
    first: bool


class Backfill:
    """The threads are daemons: a stop does not wait for them, and a restart sends again what was not stored."""

    def __init__(self, context: SessionContext, missing: list[Chapter]) -> None:
        self._context = context
        self._batches = chain.from_iterable(batches(context.world, chapter) for chapter in missing)
        self._ahead = next(self._batches, None)
        self._lock = threading.Lock()
        self._sent: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._tell, name="past", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()

    def _tell(self) -> None:
        begun = time.monotonic()
        tellers = [threading.Thread(target=self._tell_some, daemon=True) for _ in range(TELLERS)]
        for teller in tellers:
            teller.start()
        for teller in tellers:
            teller.join()
        if self._ahead and not self._context.over.is_set():
            self._send(self._ahead)
        self._report(time.monotonic() - begun)

    def _tell_some(self) -> None:
        while not self._context.over.is_set() and (batch := self._next()):
            self._send(batch)

    def _next(self) -> Batch | None:
        """The next batch, or None when only the last is left."""
        with self._lock:
            following = next(self._batches, None)
            if following is None:
                return None
            current, self._ahead = self._ahead, following
            return current

    def _send(self, batch: Batch) -> None:
        self._context.send(batch.stream, batch.rows)
        with self._lock:
            self._sent[batch.stream] += len(batch.rows)

    def _report(self, seconds: float) -> None:
        counts = ", ".join(f"{count:,} {stream}" for stream, count in sorted(self._sent.items())) or "nothing missing"
        log.info("history: %s (%.1f s)", counts, seconds)


def batches(world: World, chapter: Chapter) -> Iterator[Batch]:
    if chapter.first:
        yield from foundations(world, chapter.span)
    yield from events(world, chapter.span)

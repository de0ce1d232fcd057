"""The callbacks of the pages: as the browser asks them, asked again at a steady rate."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self

import httpx

from bench.chromium import Chromium, session
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile

if TYPE_CHECKING:
    from bench.chromium import Asked
    from bench.stack import Stack

PAGES = ("/missions?from=now-90d&to=now",)
RATE = 20.0  # a second


@benchmark.add("callbacks")
def callbacks(stack: Stack, scale: Scale) -> list[Row]:
    with Asking(stack, recorded(stack)) as asking:
        time.sleep(scale.seconds)
    kinds = len(asking.asked)
    return [
        Row("page callback p50", percentile(asking.times, 0.5) * 1000, "ms", len(asking.times)),
        Row(
            "page callback p95",
            percentile(asking.times, 0.95) * 1000,
            "ms",
            len(asking.times),
            Reach(below=250),
            f"{kinds} callbacks, {RATE:.0f} a second",
        ),
    ]


def recorded(stack: Stack) -> list[Asked]:
    """What the pages ask the server for while they open."""
    if not stack.recorded:
        with Chromium(stack) as browser:
            stack.recorded.extend(asked for page in PAGES for asked in browser.callbacks(page))
        if not stack.recorded:
            raise RuntimeError(f"{', '.join(PAGES)} asked the server nothing")
    return stack.recorded


class Asking:
    """Asks one after another, `RATE` times a second; `times` are seconds, from when each was due."""

    def __init__(self, stack: Stack, asked: list[Asked]) -> None:
        self.asked = asked
        self.times: list[float] = []
        self._http = httpx.Client(cookies=session(stack), timeout=30)
        self._ending = threading.Event()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._http.close()
        if self._failure:
            raise RuntimeError(self._failure)

    def _ask(self) -> None:
        due, turn = time.perf_counter(), 0
        while not self._ending.is_set():
            begun = max(due, time.perf_counter() - 1 / RATE)  # who is late is not made later still by its own queue
            asked = self.asked[turn % len(self.asked)]
            answer = self._http.post(asked.url, content=asked.body, headers=asked.headers)
            self.times.append(time.perf_counter() - begun)
            if answer.status_code not in {200, 204}:
                self._failure = f"a callback answered {answer.status_code}: {answer.text[:300]}"
                return
            due, turn = max(due + 1 / RATE, time.perf_counter() - 1), turn + 1
            self._ending.wait(max(0.0, due - time.perf_counter()))

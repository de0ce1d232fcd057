"""The callbacks of the pages: as the browser asks them, asked again at a steady rate."""

from __future__ import annotations

import time
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

import httpx

from bench.chromium import Chromium, session
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    from bench.chromium import Asked
    from bench.stack import Stack

PAGES = ("/missions?from=now-90d&to=now",)
RATE = 20.0  # a second


@benchmark.add("callbacks", where="large")
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
    """Asks one after another, `RATE` times a second; `times` are seconds, from when each was due.

    In a process of its own: what else is measured here meanwhile would take the interpreter from it.
    """

    def __init__(self, stack: Stack, asked: list[Asked]) -> None:
        context = get_context("spawn")
        self.asked = asked
        self.times: list[float] = []
        self._ending = context.Event()
        self._said, child = context.Pipe(duplex=False)
        self._process = context.Process(target=ask, args=(session(stack), asked, self._ending, child), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self._said.recv()  # it is up
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self.times, failure = self._said.recv()
        self._process.join()
        if failure:
            raise RuntimeError(failure)


def ask(cookies: dict[str, str], asked: list[Asked], ending: Event, said: Connection) -> None:
    """Says None when it begins, and (times, failure) at the end."""
    times, failure, turn = list[float](), "", 0
    with httpx.Client(cookies=cookies, timeout=30) as http:
        said.send(None)
        due = time.perf_counter()
        while not ending.is_set() and not failure:
            begun = max(due, time.perf_counter() - 1 / RATE)  # who is late is not made later still by its own queue
            answer = http.post(asked[turn].url, content=asked[turn].body, headers=asked[turn].headers)
            times.append(time.perf_counter() - begun)
            if answer.status_code not in {200, 204}:
                failure = f"a callback answered {answer.status_code}: {answer.text[:300]}"
            due, turn = max(due + 1 / RATE, time.perf_counter() - 1), (turn + 1) % len(asked)
            ending.wait(max(0.0, due - time.perf_counter()))
    said.send((times, failure))

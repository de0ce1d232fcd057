"""A wall that stays open: what an hour does to its heap and its main thread, and to the programs behind it."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.chromium import Chromium
from bench.memory import parts, taken
from bench.registry import Reach, Row, Scale, benchmark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stack import Stack

MB = 1e6
EVERY_S = 60.0
WARM_S = 120.0  # what a page still loads and compiles after it was opened is no growth


@dataclass(frozen=True, slots=True)
class Sample:
    """`at`: seconds since the epoch of a clock that only climbs; `busy`: seconds of processor time that the main
    thread has taken since it began; sizes in bytes."""

    at: float
    heap: float
    nodes: float
    busy: float
    stack: float


@benchmark.add("soak", where="simulated")
def soak(stack: Stack, scale: Scale) -> list[Row]:
    with Chromium(stack) as browser:
        browser.driver.get(stack.url + "/?kiosk")
        browser.live_after()
        browser.run("window.sameDocument = true")
        browser.count_processor_time()
        time.sleep(min(WARM_S, scale.soak / 10))
        samples = list(_samples(stack, browser, scale.soak))
        if not browser.run("return window.sameDocument === true"):
            raise RuntimeError("the page loaded itself anew")
    return [*_rows(samples), *_parts(stack)]


def _samples(stack: Stack, browser: Chromium, seconds: float) -> Iterator[Sample]:
    """One a minute until `seconds` have passed, each printed as it is taken."""
    begun = time.monotonic()
    while True:
        found = _sample(stack, browser)
        told = f"{found.at - begun:.0f} s: heap {found.heap / MB:.1f} MB, {found.nodes:.0f} nodes, "
        print(told + f"busy {found.busy:.1f} s, stack {found.stack / MB:.0f} MB", file=sys.stderr, flush=True)
        yield found
        rest = seconds - (time.monotonic() - begun)
        if rest <= 0:
            return
        time.sleep(min(EVERY_S, rest))


def _sample(stack: Stack, browser: Chromium) -> Sample:
    """What is garbage is swept first, so that growth is what is really held."""
    browser.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    found = browser.metrics()
    held = 0.0 if stack.pid is None else taken(stack)[0]
    return Sample(time.monotonic(), found["JSHeapUsedSize"], found["Nodes"], found["TaskDuration"], held)


def _rows(samples: list[Sample]) -> list[Row]:
    first, last, n = samples[0], samples[-1], len(samples)
    passed = max(1.0, last.at - first.at)
    note = f"{first.heap / MB:.1f} → {last.heap / MB:.1f} MB in {passed / 60:.0f} min"
    return [
        Row("wall open: growth of its heap", 100 * (last.heap / first.heap - 1), "%", n, Reach(below=20), note),
        Row("wall open: growth of its nodes", 100 * (last.nodes / first.nodes - 1), "%", n),
        Row("wall open: main thread busy", 100 * (last.busy - first.busy) / passed, "%", n, Reach(below=25)),
        Row("wall open: growth of the whole stack, PSS", (last.stack - first.stack) / MB, "MB", n),
    ]


def _parts(stack: Stack) -> list[Row]:
    if stack.pid is None:
        return []
    return [
        Row(f"memory of {name} beside an open wall, PSS", part / MB, "MB", 1) for name, part in parts(stack).items()
    ]

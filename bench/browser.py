"""The wall in a real browser: from the click to live numbers on the screen, and what that costs on the wire."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from bench.chromium import Chromium, bytes_received
from bench.registry import Reach, Row, Scale, benchmark

if TYPE_CHECKING:
    from bench.stack import Stack


@benchmark.add("wall", where="simulated")
def wall(stack: Stack, scale: Scale) -> list[Row]:
    cold, warm, linked, wire, shift = [], [], [], [], []
    for _ in range(scale.loads):
        with Chromium(stack) as browser:
            browser.forget()
            events = browser.visit("/")
            cold.append(browser.live_after())
            wire.append(bytes_received(events) / 1e6)
            shift.append(browser.shifted())
            browser.visit("/")
            warm.append(browser.live_after())
            linked.append(browser.linked_after())
            shift.append(browser.shifted())
    n = scale.loads
    return [
        Row("wall: first load to live numbers, cold cache", statistics.median(cold) / 1000, "s", n, Reach(below=1.5)),
        Row("wall: the same, slowest", max(cold) / 1000, "s", n),
        Row("wall: load to live numbers, warm cache", statistics.median(warm) / 1000, "s", n, Reach(below=0.6)),
        Row("wall: load until the socket has taken over, warm cache", statistics.median(linked) / 1000, "s", n),
        Row("wall: over the wire, first load", statistics.median(wire), "MB", n, Reach(below=2.5)),
        Row("wall: cumulative layout shift, worst", max(shift), "", n, Reach(below=0.05)),
    ]


HIDE = "document.querySelector('.radar canvas').style.display = arguments[0]"


@benchmark.add("radar", where="simulated")
def radar(stack: Stack, scale: Scale) -> list[Row]:
    """What the radar alone takes: the page against the same page with its canvas hidden, in turn, so that both see the
    same traffic."""
    moving, still = [], []
    with Chromium(stack) as browser:
        browser.visit("/?kiosk")
        browser.live_after()
        for _ in range(scale.loads):
            moving.append(_share(browser, scale.seconds / 3))
            browser.run(HIDE, "none")
            still.append(_share(browser, scale.seconds / 3))
            browser.run(HIDE, "")
    sweep = statistics.median(moving) - statistics.median(still)
    note = f"{statistics.median(moving):.0f} % with it, {statistics.median(still):.0f} % without"
    return [Row("radar: the sweep, of a core", sweep, "%", 2 * scale.loads, Reach(below=10), note)]


def _share(browser: Chromium, seconds: float) -> float:
    """Percent of one core that all of the browser takes."""
    begun, taken = time.monotonic(), browser.processor_seconds()
    time.sleep(seconds)
    return 100 * (browser.processor_seconds() - taken) / (time.monotonic() - begun)

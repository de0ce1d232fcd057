"""The wall in a real browser: from the click to live numbers on the screen, and what that costs on the wire."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from bench.chromium import Chromium, bytes_received
from bench.registry import Reach, Row, Scale, benchmark

if TYPE_CHECKING:
    from bench.stack import Stack


@benchmark.add("wall", where="simulated")
def wall(stack: Stack, scale: Scale) -> list[Row]:
    cold, warm, wire = [], [], []
    for _ in range(scale.loads):
        with Chromium(stack) as browser:
            browser.forget()
            events = browser.visit("/")
            cold.append(browser.live_after())
            wire.append(bytes_received(events) / 1e6)
            browser.visit("/")
            warm.append(browser.live_after())
    n = scale.loads
    return [
        Row("wall: first load to live numbers, cold cache", statistics.median(cold) / 1000, "s", n, Reach(below=1.5)),
        Row("wall: the same, slowest", max(cold) / 1000, "s", n),
        Row("wall: load to live numbers, warm cache", statistics.median(warm) / 1000, "s", n, Reach(below=0.6)),
        Row("wall: over the wire, first load", statistics.median(wire), "MB", n, Reach(below=2.5)),
    ]

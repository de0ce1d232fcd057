"""Ingest: rows a second and the time of a request, in batches of 1,000 rows over HTTP, with one web process."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from clients.simulator.history import performance_row
from clients.simulator.links import link
from clients.simulator.seeded_random import seeded_random
from clients.simulator.world import TARGETS, World, build_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stack import Stack

BATCH = 1_000
SENDERS = 2


@benchmark.add("ingest")
def ingest(stack: Stack, scale: Scale) -> list[Row]:
    world = build_world(11, datetime.now(UTC))
    streams = {"satellite_performance": _samples(world), "backlinks": _links(world)}
    return [row for name, rows in streams.items() for row in _measure(stack, name, rows, scale.batches)]


@benchmark.add("ingest_large", where="large")
def ingest_large(stack: Stack, scale: Scale) -> list[Row]:
    """What is promised does not speak of what is stored already; this tells what it costs."""
    links = _links(build_world(12, datetime.now(UTC)))
    rows = _measure(stack, "backlinks", links, scale.batches // 2)
    return [replace(row, name=f"{row.name}, {scale.large:,} stored", reach=None) for row in rows]


def _measure(stack: Stack, stream: str, rows: Iterator[dict[str, object]], batches: int) -> list[Row]:
    key = stack.key("ingest")
    bodies = [b"\n".join(orjson.dumps(row) for row in islice(rows, BATCH)) for _ in range(batches)]
    with ThreadPoolExecutor(SENDERS) as pool:
        begun = time.perf_counter()
        times = [
            t
            for part in pool.map(lambda n: _send(stack, key, stream, bodies[n::SENDERS]), range(SENDERS))
            for t in part
        ]
        seconds = time.perf_counter() - begun
    return [
        Row(f"ingest {stream}", batches * BATCH / seconds, "rows/s", batches, Reach(at_least=20_000)),
        Row(f"ingest {stream}, request p50", percentile(times, 0.5) * 1000, "ms", batches),
        Row(f"ingest {stream}, request p99", percentile(times, 0.99) * 1000, "ms", batches, Reach(below=250)),
    ]


def _send(stack: Stack, key: str, stream: str, bodies: list[bytes]) -> list[float]:
    """The seconds that each request took. Every row must be accepted."""
    times = []
    with stack.client(key) as http:
        for body in bodies:
            begun = time.perf_counter()
            answer = http.post(
                f"/api/v1/ingest/{stream}", content=body, headers={"Content-Type": "application/x-ndjson"}
            )
            times.append(time.perf_counter() - begun)
            if answer.status_code != 200 or answer.json()["accepted"] != BATCH:
                raise RuntimeError(f"{stream}: {answer.status_code} {answer.text[:500]}")
    return times


def _samples(world: World) -> Iterator[dict[str, object]]:
    """Samples in the order of time, one a minute and satellite, as a fleet sends them."""
    minute = world.origin.replace(second=0, microsecond=0) - timedelta(days=25)
    while True:
        yield from (performance_row(world, number, minute, None) for number in range(len(world.satellites)))
        minute += timedelta(minutes=1)


def _links(world: World) -> Iterator[dict[str, object]]:
    """New links to eight targets, a thousand a minute, oldest first."""
    roll, at, number = seeded_random("bench"), world.origin - timedelta(days=1), 0
    while True:
        at += timedelta(milliseconds=60)
        number += 1
        yield link(world, roll.choice(TARGETS).domain, at, f"b{number}", roll, 0.05)

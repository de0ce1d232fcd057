"""How many satellites one web process can serve: heartbeats, leases and progress reports a second."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bench.registry import Row, Scale, benchmark
from bench.report import percentile

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from bench.stack import Stack

CALLERS = 4
MISSIONS = 200


@benchmark.add("fleet")
def fleet(stack: Stack, scale: Scale) -> list[Row]:
    """With a marked key, so that no real satellite takes the missions away."""
    key = stack.key("satellite", "operate", "read", simulated=True)
    with stack.client(key) as http:
        for number in range(CALLERS):
            body = {
                "satellite_id": f"bench-{number}",
                "name": f"bench-{number}",
                "version": "bench",
                "hostname": "bench",
            }
            http.post("/api/v1/satellites", json=body | {"max_jobs": MISSIONS // CALLERS}).raise_for_status()
        for _ in range(MISSIONS):
            order = {"job_type": "domain_audit", "target_url": "https://bench.example/", "priority": 1}
            http.post("/api/v1/missions", json=order).raise_for_status()
    rows = _rate(stack, key, "heartbeat", _heartbeat, until=scale.seconds / 2)
    leased: list[tuple[int, str]] = []
    rows += _rate(stack, key, "lease", _lease(leased), times=MISSIONS)
    rows += _rate(stack, key, "progress report", _progress(leased), times=len(leased))
    return rows


def _rate(
    stack: Stack,
    key: str,
    what: str,
    call: Callable[[httpx.Client, int], None],
    *,
    until: float = 600,
    times: int = 1_000_000,
) -> list[Row]:
    """Rows for what `CALLERS` get through together in `until` seconds, or for `times` calls in all."""

    def caller(number: int) -> list[float]:
        taken, end = list[float](), time.perf_counter() + until
        with stack.client(key) as http:
            while len(taken) < times // CALLERS and time.perf_counter() < end:
                begun = time.perf_counter()
                call(http, number)
                taken.append(time.perf_counter() - begun)
        return taken

    with ThreadPoolExecutor(CALLERS) as pool:
        begun = time.perf_counter()
        taken = [seconds for part in pool.map(caller, range(CALLERS)) for seconds in part]
        passed = time.perf_counter() - begun
    return [
        Row(f"{what}s", len(taken) / passed, "/s", len(taken), note=f"{CALLERS} callers"),
        Row(f"{what} p99", percentile(taken, 0.99) * 1000, "ms", len(taken)),
    ]


def _heartbeat(http: httpx.Client, number: int) -> None:
    beat: dict[str, Any] = {"status": "idle", "jobs": [], "pages_per_minute": 0.0, "cpu_percent": 1.0, "memory_mb": 1.0}
    http.post(f"/api/v1/satellites/bench-{number}/heartbeat", json=beat).raise_for_status()


def _lease(leased: list[tuple[int, str]]) -> Callable[[httpx.Client, int], None]:
    def lease(http: httpx.Client, number: int) -> None:
        answer = http.post(f"/api/v1/satellites/bench-{number}/lease", json={}).raise_for_status()
        if answer.status_code == 200:
            leased.append((number, answer.json()["job_id"]))

    return lease


def _progress(leased: list[tuple[int, str]]) -> Callable[[httpx.Client, int], None]:
    """Each caller ends the missions that it holds."""
    held = {number: [job_id for owner, job_id in leased if owner == number] for number in range(CALLERS)}

    def progress(http: httpx.Client, number: int) -> None:
        if held[number]:
            body = {"satellite_id": f"bench-{number}", "pages_crawled": 10, "pages_queued": 0, "links_found": 3}
            body |= {"errors_count": 0, "status": "completed"}
            http.post(f"/api/v1/missions/{held[number].pop()}/progress", json=body).raise_for_status()

    return progress

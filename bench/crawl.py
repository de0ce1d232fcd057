"""A whole mission, from its lease to its end with every link stored, beside a plain Scrapy spider of the same settings
on the same site in the same run; with nothing stored and with the links of `refresh`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bench.registry import Reach, Row, Scale, benchmark
from bench.site import OUT, website

if TYPE_CHECKING:
    from bench.stack import Stack

PAGES = 2_000
CONCURRENCY = 8
ROUNDS = 3
LONGEST_S = 300.0


@benchmark.add("crawl")
def crawl(stack: Stack, scale: Scale) -> list[Row]:
    return _beside_a_plain_spider(stack, scale, "0")


@benchmark.add("crawl_large", where="large")
def crawl_large(stack: Stack, scale: Scale) -> list[Row]:
    return _beside_a_plain_spider(stack, scale, f"{scale.large:,}")


def _beside_a_plain_spider(stack: Stack, scale: Scale, stored: str) -> list[Row]:
    """In turn, so that both see the same machine; each round has a site of its own, so that all its links are new."""
    pages, rounds = (PAGES, ROUNDS) if scale.loads > ROUNDS else (PAGES // 10, 1)
    plain, missions = list[float](), list[float]()
    for _ in range(rounds):
        with website(pages) as url:
            plain.append(_plain(url, pages))
            missions.append(_mission(stack, url, pages))
    what = f"{pages:,} pages, {stored} links stored"
    peer, ours = statistics.median(plain), statistics.median(missions)
    note = f"{pages * OUT:,} links, concurrency {CONCURRENCY}, no delay"
    return [
        Row(f"a plain Scrapy spider: {what}", peer, "s", rounds),
        Row(f"a mission: {what}", ours, "s", rounds, note=note),
        Row(f"a mission against a plain spider: {what}", ours / peer, "×", rounds, Reach(below=1.3)),
    ]


def _plain(url: str, pages: int) -> float:
    argv = [sys.executable, "-m", "bench.plain_spider", f"{url}/", str(CONCURRENCY)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the plain spider failed: {done.stderr[-500:]}")
    seconds, *counts = done.stdout.split()
    if counts != [str(pages), str(pages * OUT)]:
        raise RuntimeError(f"the plain spider read {counts} of {pages} pages and {pages * OUT} links")
    return float(seconds)


def _mission(stack: Stack, url: str, pages: int) -> float:
    order = {"job_type": "full_site_crawl", "target_url": f"{url}/", "priority": 10}
    order["config"] = {"delay_seconds": 0, "concurrency": CONCURRENCY}
    deadline = time.monotonic() + LONGEST_S
    with stack.client(stack.key("operate", "read")) as http:
        job_id = http.post("/api/v1/missions", json=order).raise_for_status().json()["job_id"]
        job: dict[str, Any] = {}
        while not job.get("completed_time"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{job_id} did not end within {LONGEST_S:.0f} s: {job}")
            time.sleep(0.2)
            job = http.get(f"/api/v1/missions/{job_id}").raise_for_status().json()
    if (job["status"], job["pages_crawled"], job["links_found"]) != ("completed", pages, pages * OUT):
        raise RuntimeError(f"{job_id} ended otherwise: {job}")
    return (datetime.fromisoformat(job["completed_time"]) - datetime.fromisoformat(job["start_time"])).total_seconds()

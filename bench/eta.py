"""Do ETA bands hold? Real crawls of sites of many shapes, several at a time; each estimate is held against the end."""

from __future__ import annotations

import os
import random
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psycopg

from bench import sites
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from bench.sites import Shape, Sites
from bench.stack import COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.stack import Stack

CRAWLS, QUICK_CRAWLS = 77, 12
SATELLITES = 4
LOOK_S = 0.3
LONGEST_S = 1500.0
SEED = 20_261_127
LOG = Path(__file__).parent / "eta_reports.jsonl"  # kept where BENCH_ETA_LOG is set: rules are scored on it offline
MISSIONS = """
select job_id, status, pages_crawled, pages_queued, errors_count, extract(epoch from start_time),
  extract(epoch from updated_at), extract(epoch from completed_time), extract(epoch from estimated_completion),
  extract(epoch from eta_low), extract(epoch from eta_high)
from crawl_jobs where job_id = any(%s)
"""


@dataclass
class Crawl:
    """`reports` are (seconds since the start, crawled, queued, errors, estimate, low, high) as they came in."""

    shape: Shape
    config: dict[str, Any]
    start: float = 0.0
    end: float = 0.0
    reports: list[tuple[float | None, ...]] = field(default_factory=list)

    @property
    def lasted(self) -> float:
        return self.end - self.start

    def held(self) -> float | None:
        """The share of its estimates whose band held the end; None where it was given none."""
        bands = [(low, high) for *_, low, high in self.reports if low is not None and high is not None]
        return sum(low <= self.lasted <= high for low, high in bands) / len(bands) if bands else None

    def first_ratio(self) -> float | None:
        """How many times too long (or short, below 1) the first estimate was, of what was left then."""
        found = next(((at, estimate) for at, *_, estimate, _, _ in self.reports if estimate is not None), None)
        if found is None or found[0] is None or self.lasted - found[0] < 1:
            return None
        return max(0.1, found[1] - found[0]) / (self.lasted - found[0])

    def as_dict(self) -> dict[str, Any]:
        about = {"shape": self.shape.name, "pages": self.shape.pages, **self.config}
        return about | {"lasted": round(self.lasted, 2), "reports": self.reports}


def plan(count: int, seed: int = SEED) -> list[Crawl]:
    """Crawls of every shape, size, server and pace, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 — the same crawls in every run
    return [_crawl(dice, number) for number in range(count)]


def _crawl(dice: random.Random, number: int) -> Crawl:
    shapes: list[tuple[str, Callable[[int], list[int]]]] = [
        ("wide", sites.tree(40)),
        ("deep", sites.tree(3)),
        ("binary", sites.tree(2)),
        ("chain", sites.chain),
        ("pager", sites.pager(20)),
        ("documentation", sites.documentation),
        ("web", sites.web(number)),
        ("sections", sites.sections(25)),
        ("calendar", sites.calendar),
        ("shop", sites.pager(60)),
        ("flat", sites.tree(1500)),
    ]
    name, links = shapes[number % len(shapes)]
    pages = round(50 * 40 ** dice.random())  # 50 to 2,000, as many small as large ones
    wanted_s = dice.uniform(6, 30)
    if name == "chain":
        pages = min(pages, 300)
    config = {"concurrency": dice.choice((1, 2, 4, 8)), "delay_seconds": round(wanted_s / pages, 3)}
    config["max_pages"] = pages if name == "calendar" else dice.choice((100_000, 100_000, 100_000, pages // 2 + 10))
    size = 10**9 if name == "calendar" else pages
    patience_s = wanted_s * config["concurrency"] / pages
    return Crawl(Shape(name, size, links, _latency(dice, patience_s), dice.choice((0, 0, 0.05, 0.2)), number), config)


def _latency(dice: random.Random, most: float) -> Callable[[int], float]:
    kind, base = dice.choice(("fast", "fast", "slow", "tiring", "moody")), min(most, dice.uniform(0.02, 0.15))
    latencies: dict[str, Callable[[int], float]] = {
        "fast": lambda _: 0.0,
        "slow": lambda _: base,
        "tiring": lambda asked: min(2 * most, base * asked / 200),
        "moody": lambda asked: 4 * base if (asked // 50) % 4 == 3 else base / 4,
    }
    return latencies[kind]


@benchmark.add("eta")
def eta(stack: Stack, scale: Scale) -> list[Row]:
    crawls = plan(QUICK_CRAWLS if scale.seconds < 10 else CRAWLS)
    key = stack.key("satellite", "ingest", "operate", "read")
    with sites.sites() as served, satellites(stack, key):
        follow(stack, key, served, crawls)
    if os.environ.get("BENCH_ETA_LOG"):
        LOG.write_bytes(b"".join(orjson.dumps(crawl.as_dict()) + b"\n" for crawl in crawls))
    held = [share for crawl in crawls if (share := crawl.held()) is not None]
    ratios = [ratio for crawl in crawls if (ratio := crawl.first_ratio()) is not None]
    told = sum(len(crawl.reports) for crawl in crawls)
    return [
        Row("ETA bands of 80 % that held the end", 100 * sum(held) / len(held), "%", len(held), Reach(at_least=70)),
        Row("of them not too wide", 100 * sum(held) / len(held), "%", len(held), Reach(below=90)),
        Row("first estimate against what was left, median", percentile(ratios, 0.5), "×", len(ratios), Reach(below=2)),
        Row("first estimate against what was left, p90", percentile(ratios, 0.9), "×", len(ratios)),
        Row("crawls", len(crawls), "", told, note="n is their reports"),
    ]


@contextmanager
def satellites(stack: Stack, key: str) -> Iterator[None]:
    """Beside the stack's own."""
    environment = stack.environment | {"MISSION_CONTROL_URL": stack.url, "MISSION_CONTROL_KEY": key}
    command = [str(COMMAND), "satellite", "--name"]
    running = [
        subprocess.Popen([*command, f"bench-eta-{number}"], env=environment, stderr=subprocess.DEVNULL)
        for number in range(SATELLITES)
    ]
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def follow(stack: Stack, key: str, served: Sites, crawls: list[Crawl]) -> None:
    """Submits all and notes every report until the last has ended."""
    jobs: dict[str, Crawl] = {}
    with stack.client(key) as http:
        for crawl in crawls:
            order = {"job_type": "full_site_crawl", "target_url": served.open(crawl.shape), "config": crawl.config}
            jobs[http.post("/api/v1/missions", json=order | {"priority": 5}).raise_for_status().json()["job_id"]] = (
                crawl
            )
    deadline, seen = time.monotonic() + LONGEST_S, dict[str, float]()
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        while any(not crawl.end for crawl in crawls):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{sum(not crawl.end for crawl in crawls)} crawls did not end")
            waiting = [job for job, crawl in jobs.items() if not crawl.end]
            for job, *row in connection.execute(MISSIONS, [waiting]).fetchall():
                _note(jobs[job], row, seen, job)
            time.sleep(LOOK_S)


def _note(crawl: Crawl, row: list[Any], seen: dict[str, float], job: str) -> None:
    status, crawled, queued, errors, *moments = row
    start, updated, ended, *ahead = [None if moment is None else float(moment) for moment in moments]
    if start is None or updated is None or updated <= start:  # leased, and not yet reported on
        return
    crawl.start = start
    if ended is not None:
        crawl.end = ended
    elif status == "running" and updated != seen.get(job):
        seen[job] = updated
        numbers = (round(moment - start, 2) if moment is not None else None for moment in (updated, *ahead))
        at, *bands = numbers
        crawl.reports.append((at, crawled, queued, errors, *bands))

"""The ETA's rule, held against what real satellites reported of real crawls (`BENCH_ETA_LOG=1 python -m bench eta`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import pytest

from data.missions import rules

REPORTS = Path(__file__).parents[3] / "bench" / "eta_reports.jsonl"
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)

Crawl = dict[str, Any]


@pytest.fixture(scope="module")
def crawls() -> list[Crawl]:
    return [orjson.loads(line) for line in REPORTS.read_bytes().splitlines()]


def estimates(crawl: Crawl) -> list[tuple[float, rules.Eta]]:
    """(seconds since the start, what was told then) of every report."""
    found, pace = list[tuple[float, rules.Eta]](), None
    for at, crawled, queued, errors, *_ in crawl["reports"]:
        now = BEGAN + timedelta(seconds=at)
        pace = rules.observe(pace, now.timestamp(), crawled, queued, errors=errors, began=BEGAN.timestamp())
        found.append((at, rules.eta(pace, now, crawl["max_pages"])))
    return found


def held(crawl: Crawl) -> float | None:
    """The share of the bands that held the end."""
    end = BEGAN + timedelta(seconds=crawl["lasted"])
    bands = [(eta.low, eta.high) for _, eta in estimates(crawl) if eta.low and eta.high]
    return sum(low <= end <= high for low, high in bands) / len(bands) if bands else None


def test_bands_of_80_percent_hold_the_end_of_70_to_90_in_a_hundred(crawls: list[Crawl]) -> None:
    shares = [share for crawl in crawls if (share := held(crawl)) is not None]
    assert len(crawls) >= 60
    assert 0.7 <= sum(shares) / len(shares) <= 0.9


def test_first_estimates_are_neither_many_times_too_long_nor_too_short(crawls: list[Crawl]) -> None:
    ratios = []
    for crawl in crawls:
        at, eta = next(((at, eta) for at, eta in estimates(crawl) if eta.estimate), (0, rules.Eta()))
        if eta.estimate and crawl["lasted"] - at > 1:
            ratios.append(((eta.estimate - BEGAN).total_seconds() - at) / (crawl["lasted"] - at))
    ratios.sort()
    assert ratios[len(ratios) // 10] > 0.1
    assert ratios[9 * len(ratios) // 10] < 2


def test_most_crawls_are_given_an_end_before_they_are_over(crawls: list[Crawl]) -> None:
    finite = [crawl for crawl in crawls if crawl["shape"] in ("wide", "flat", "web", "documentation", "deep")]
    given = [any(eta.estimate for at, eta in estimates(crawl) if at < 0.8 * crawl["lasted"]) for crawl in finite]
    assert sum(given) / len(given) > 0.8


def test_a_report_is_told_in_one_way_until_the_next(crawls: list[Crawl]) -> None:
    """Notes do not flicker: between two estimates few crawls say in turn that there is none."""
    changes = [sum(1 for _ in groupby(bool(eta.estimate) for _, eta in estimates(crawl))) for crawl in crawls]
    assert sum(changes) / len(changes) < 5

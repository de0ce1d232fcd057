"""The callbacks of the Backlinks and Domains pages over ninety days of many links: each asked for targets that nobody
has asked for before, so that no kept answer helps."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import orjson

from bench import links
from bench.chromium import Chromium, session
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.chromium import Asked
    from bench.stack import Stack

RECORDED = "target-0.com"
PAGES = {
    "backlinks": f"/backlinks?var-target={RECORDED}&from=now-90d&to=now",
    "backlinks, narrowed": f"/backlinks?var-target={RECORDED}&from=now-90d&to=now&var-type=follow",
    "backlinks, one band": f"/backlinks?var-target={RECORDED}&from=now-90d&to=now&var-da=40-49",
    "domains": "/domains",
    "a domain's page": f"/domains/{RECORDED}",
}
TARGETS = 40  # of each page
RATE = 20.0  # a second


@benchmark.add("analyst", where="large")
def analyst(stack: Stack, scale: Scale) -> list[Row]:
    del scale
    rows = []
    for page, path in PAGES.items():
        with Chromium(stack) as browser:
            asked = browser.callbacks(path)
        if RECORDED in path and not any(RECORDED in each.body for each in asked):
            raise RuntimeError(f"{path} did not ask about {RECORDED}: other targets cannot be asked for")
        times = timed(stack, asked)
        every = [each for kind in times.values() for each in kind]
        slowest = max(times, key=lambda kind: percentile(times[kind], 0.95))
        note = f"{len(times)} callbacks, {len(every)} asked; the slowest is {slowest}"
        rows += [
            Row(f"{page}: callback p95", percentile(every, 0.95) * 1000, "ms", len(every)),
            Row(
                f"{page}: slowest callback p95",
                percentile(times[slowest], 0.95) * 1000,
                "ms",
                len(times[slowest]),
                Reach(below=250),
                note,
            ),
        ]
    return rows


def timed(stack: Stack, asked: list[Asked]) -> dict[str, list[float]]:
    """Seconds of every callback, by what it puts out, `RATE` times a second."""
    times = defaultdict[str, list[float]](list)
    with httpx.Client(cookies=session(stack), timeout=60) as http:
        for each in _for_targets(asked):
            begun = time.perf_counter()
            answer = http.post(each.url, content=each.body, headers=each.headers)
            taken = time.perf_counter() - begun
            if answer.status_code not in {200, 204}:
                raise RuntimeError(f"a callback answered {answer.status_code}: {answer.text[:300]}")
            times[_kind(each)].append(taken)
            time.sleep(max(0.0, 1 / RATE - taken))
    return times


def _for_targets(asked: list[Asked]) -> Iterator[Asked]:
    for place in range(1, TARGETS + 1):
        name = f"target-{place * links.TARGETS // (TARGETS + 1)}.com"
        yield from (replace(each, body=each.body.replace(RECORDED, name)) for each in asked)


def _kind(asked: Asked) -> str:
    return str(orjson.loads(asked.body)["output"]).strip(".").split("...")[0]

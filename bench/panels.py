"""Every panel of the Backlinks and Domains pages in the first minute after a start, over ninety days of many links:
over REST and as the page's callback, by each of its filters, for targets that nobody has asked for before.

Each series begins with a start of its own: PostgreSQL's buffers are empty, and what the system keeps of its files is
given up as far as a program may ask for that.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import orjson
from sqlalchemy import text

from bench import links
from bench.chromium import Asked, Chromium, session
from bench.database import serving
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from bench.stack import started
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bench.stack import Stack

    Times = dict[str, list[float]]

RECORDED = "target-0.com"
PANELS = [
    *("summary", "velocity", "authority", "recent", "competition"),
    *("intersect", "anchors", "lost", "toxic", "changes"),
]
SOURCE = "site-3.net"  # links to the first target; each other target has its own
NARROWED: dict[str, dict[str, str]] = {
    "all": {},
    "source": {"source": SOURCE},
    "spam": {"spam": "60-69"},
    "state": {"state": "lost"},
    "type": {"type": "follow"},
    "da": {"da": "40-49"},
}
LISTS = {
    "hunter": "domains?limit=100",
    "hunter, q": "domains?limit=100&q={label}",
    "summary": "domains/summary",
    "opportunities": "domains/opportunities",
    "portfolios": "domains/portfolios",
    "portfolios by day": "domains/portfolios/daily",
    "watch list": "domains/watched",
    "mentions": "domains/mentions",
    "mentions by day": "domains/mentions/daily",
    "brands": "domains/brands",
    "one domain": "domains/{name}",
    "history": "domains/{name}/history",
    "referring": "domains/{name}/referring",
    "value": "domains/{name}/value",
}
DOMAIN_PAGES = {
    "domains": "/domains?from=now-90d&to=now",
    "domains, q": "/domains?from=now-90d&to=now&var-q=target-0",
    "one domain": f"/domains/{RECORDED}?from=now-90d&to=now",
}
P95, LONGEST = Reach(below=250), Reach(below=1000)


@dataclass
class Series:
    """Seconds by panel; `refused` are the answers that were none."""

    times: Times
    refused: list[str]

    def rows(self, name: str) -> Iterator[Row]:
        for panel, times in self.times.items():
            told = [percentile(times, share) * 1000 for share in (0.5, 0.95)]
            note = f"p50 {told[0]:.0f}, max {max(times) * 1000:.0f}"
            yield Row(f"{name}: {panel} p95", told[1], "ms", len(times), P95, note)
        every = [each for times in self.times.values() for each in times]
        yield Row(f"{name}: the slowest", max(every) * 1000, "ms", len(every), LONGEST)
        yield Row(
            f"{name}: not answered", len(self.refused), "", len(every), Reach(below=1), "; ".join(self.refused[:1])
        )


@benchmark.add("panels", where="stored")
def panels(home: Path, scale: Scale) -> list[Row]:
    filled(home, scale)
    asked, cookies = recorded(home)
    rows = list[Row]()
    for name, filters in NARROWED.items():
        with fresh(home) as stack:
            rows += over_rest(stack, filters, scale).rows(f"REST, {name}")
    with fresh(home) as stack:
        rows += lists_over_rest(stack, scale).rows("REST, domains")
    for name, page in asked.items():
        with fresh(home) as stack:
            stack.cookies.update(cookies)
            rows += as_callbacks(stack, page, scale).rows(f"callback, {name}")
    return rows


def filled(home: Path, scale: Scale) -> None:
    with serving(InstanceDir(home), free_port()) as engine:
        with engine.connect() as connection:
            stored = connection.scalar(text("select coalesce(sum(links), 0) from backlink_target_totals"))
        if stored < scale.large:
            links.load(engine, int(stored), scale.large)


def fresh(home: Path) -> AbstractContextManager[Stack]:
    forget(InstanceDir(home).postgres)
    return started(home, simulate=False)


def forget(folder: Path) -> None:
    """What the system keeps of these files is to be read from the disk again."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def targets(scale: Scale) -> list[int]:
    return [place * links.TARGETS // (scale.targets + 1) for place in range(1, scale.targets + 1)]


def source(target: int) -> str:
    """A site that links to the target: its fourth, as `links` makes them."""
    return f"site-{(target // 5 * 2500 + target % 5 * 600 + 3) % 100_000}.net"


def turned(names: list[str], by: int) -> list[str]:
    """Another panel comes first each time, and pays for what the others find read."""
    by %= len(names)
    return names[by:] + names[:by]


def over_rest(stack: Stack, filters: dict[str, str], scale: Scale) -> Series:
    paths = []
    for number, target in enumerate(targets(scale)):
        own = {name: source(target) if value == SOURCE else value for name, value in filters.items()}
        query = urlencode({"target": f"target-{target}.com", "from": "now-90d", "to": "now"} | own)
        paths += [(panel, f"backlinks/{panel}?{query}") for panel in turned(PANELS, number)]
    return got(stack, paths)


def lists_over_rest(stack: Stack, scale: Scale) -> Series:
    paths = []
    for number, target in enumerate(targets(scale)):
        names = turned([*LISTS], number)
        place = {"name": f"target-{target}.com", "label": f"known-{target}"}
        paths += [(panel, LISTS[panel].format(**place)) for panel in names]
    return got(stack, paths)


def got(stack: Stack, paths: list[tuple[str, str]]) -> Series:
    found = Series(defaultdict(list), [])
    with stack.client(stack.key("read")) as http:
        for panel, path in paths:
            begun = time.perf_counter()
            answer = http.get(f"/api/v1/{path}")
            found.times[panel].append(time.perf_counter() - begun)
            if answer.status_code != 200:
                found.refused.append(f"{path}: {answer.status_code} {answer.text[:200]}")
    return found


def recorded(home: Path) -> tuple[dict[str, list[Asked]], dict[str, str]]:
    """What the pages ask while they open, by page, and who asks."""
    pages = dict(DOMAIN_PAGES)
    for name, filters in NARROWED.items():
        query = urlencode({f"var-{each}": value for each, value in filters.items()})
        pages[f"backlinks, {name}"] = f"/backlinks?var-target={RECORDED}&from=now-90d&to=now&{query}"
    with started(home, simulate=False) as stack:
        found = dict[str, list[Asked]]()
        for name, path in pages.items():
            with Chromium(stack) as browser:
                found[name] = [moved(each, stack.url, "{url}") for each in browser.callbacks(path)]
        return found, session(stack)


def moved(asked: Asked, old: str, new: str) -> Asked:
    headers = {name: value.replace(old, new) for name, value in asked.headers.items()}
    return replace(asked, url=asked.url.replace(old, new), headers=headers)


def as_callbacks(stack: Stack, asked: list[Asked], scale: Scale) -> Series:
    found = Series(defaultdict(list), [])
    label = RECORDED.removesuffix(".com")
    with httpx.Client(cookies=stack.cookies, timeout=60) as http:
        for number, target in enumerate(targets(scale)):
            turn = number % len(asked)
            for each in (moved(each, "{url}", stack.url) for each in asked[turn:] + asked[:turn]):
                body = each.body.replace(label, f"target-{target}").replace(SOURCE, source(target))
                begun = time.perf_counter()
                answer = http.post(each.url, content=body, headers=each.headers)
                found.times[output(each)].append(time.perf_counter() - begun)
                if answer.status_code not in {200, 204}:
                    found.refused.append(f"{output(each)}: {answer.status_code} {answer.text[:200]}")
    return found


def output(asked: Asked) -> str:
    return str(orjson.loads(asked.body)["output"]).strip(".").split("...")[0]

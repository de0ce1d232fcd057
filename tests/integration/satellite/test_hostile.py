"""Pages that would kill a careless crawler."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import psutil

from tests.sites import HTML, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.satellite.conftest import Base
    from tests.sites import Site

MEGABYTE = 1024 * 1024


def megabytes(count: int) -> Iterator[bytes]:
    return (b"<p>" + b"x" * MEGABYTE for _ in range(count))


def zipped(body: bytes) -> Answer:
    return Answer(gzip.compress(body), headers=HTML | {"Content-Encoding": "gzip"})


def hostile(site: Site) -> int:
    """Fills the site; returns how many of its pages can be read."""
    bad = {
        "huge": lambda: Answer(chunks=megabytes(100)),
        "drip": lambda: Answer(b"<a href=/never>" * 100, drip=0.2),
        "bomb": lambda: zipped(b"<p>" * 30 * MEGABYTE),
        "no-gzip": lambda: Answer(b"this is not gzip", headers=HTML | {"Content-Encoding": "gzip"}),
        "short": lambda: Answer(b"<p>cut", headers=HTML | {"Content-Length": "1000"}),
        "nowhere": lambda: Answer(status=302, headers={"Location": "http://["}),
        "to-file": lambda: Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "endless": lambda: Answer(status=302, headers={"Location": "/endless/again"}),
    }
    good = {
        "junk": lambda: Answer(bytes(range(256)) * 100),
        "deep": lambda: Answer(b"<div><b>" * 200_000),
        "wide": lambda: Answer(b"".join(b'<a href="/endless/%d">' % number for number in range(50_000))),
        "attributes": lambda: Answer(b"<a " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">"),
        "long": lambda: Answer(b'<a href="http://other.example/' + b"x" * 3000 + b'">' + b"y" * MEGABYTE),
        "wrong-charset": lambda: Answer(b"\xff\xfe<p>x", headers={"Content-Type": "text/html; charset=no-such"}),
        "no-type": lambda: Answer(b"<html><p>typeless", headers={}),
    }
    made = bad | good
    site.page("/", "".join(f'<a href="/{name}">' for name in made))
    site.other = lambda path: (
        made[path[1:]]()
        if path[1:] in made
        else Answer(status=302, headers={"Location": f"{path}/again"})
        if path.startswith("/endless/again")
        else None
    )
    return len(good) + 1


def test_no_page_can_kill_it(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    readable = hostile(site)
    satellite = base.satellite()
    mission = finished(base.crawl(site, timeout_seconds=3, max_depth=1), seconds=120)
    assert mission["status"] == "completed", mission
    assert mission["pages_crawled"] == readable, mission
    assert mission["errors_count"] == 8, mission
    assert mission["links_found"] == 0
    assert "1 links left out, longer than 2,048 characters" in mission["message"]
    assert psutil.Process(satellite.pid).memory_info().rss < 200 * MEGABYTE
    assert "Traceback" not in base.log.read_text()
    site.page("/", "<p>calm")
    assert finished(base.crawl(site))["pages_crawled"] == 1, "it works on"

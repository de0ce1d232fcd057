"""A website on loopback, and a reader of it that shares no code with the satellite."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Answer:
    """`drip` sends the body one byte at a time, so many seconds apart; `chunks` is sent after the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(HTML))
    drip: float = 0
    chunks: Iterator[bytes] | None = None


@dataclass(frozen=True)
class Hit:
    path: str
    at: float
    agent: str


@dataclass
class Site:
    """`pages` answers by path; `other` answers the rest (404 where it answers None)."""

    url: str
    pages: dict[str, Answer] = field(default_factory=dict)
    other: Callable[[str], Answer | None] = lambda _path: None
    hits: list[Hit] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def visited(self) -> list[str]:
        """The paths asked for, in order, without robots.txt."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    def page(self, path: str, body: str, **more: Any) -> None:
        self.pages[path] = Answer(body.encode(), **more)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.pages[path] = Answer(status=status, headers={"Location": to})

    def answer(self, path: str) -> Answer:
        return self.pages.get(path) or self.other(path) or Answer(b"<p>There is no such page", 404)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        site = self.site
        site.hits.append(Hit(self.path, time.monotonic(), self.headers.get("User-Agent", "")))
        answer = site.answer(self.path)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # the satellite has read enough
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        step = 1 if answer.drip else len(answer.body) or 1
        for start in range(0, len(answer.body), step):
            self.wfile.write(answer.body[start : start + step])
            time.sleep(answer.drip)
        for chunk in answer.chunks or ():
            self.wfile.write(chunk)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def website() -> Iterator[Site]:
    site = Site("")
    with served(site):
        yield site


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[None]:
    """The site answers on this port, or on any that is free; afterwards connections are refused."""
    with ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"site": site})) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        site.url = f"http://127.0.0.1:{server.server_port}"
        yield
        server.shutdown()
        thread.join()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        href = dict(attributes).get("href")
        if tag == "base" and self.base is None:
            self.base = href
        elif tag in ("a", "area") and href is not None:
            self.hrefs.append(href)


@dataclass
class Found:
    """What there is to be found: pages, and (from, to) of every link to another site."""

    pages: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)


def explore(start: str, forbidden: tuple[str, ...] = ()) -> Found:
    """Reads the whole site as the standard library sees it. `forbidden` are the paths of its robots.txt."""
    found, site = Found(), urlsplit(start).netloc
    seen, waiting = {start}, deque([start])
    while waiting:
        page = _fetch(waiting.popleft(), site)
        if page is None or page[0] in found.pages:
            continue
        url, hrefs = page
        found.pages.add(url)
        for target in hrefs:
            if urlsplit(target).netloc != site:
                found.links.add((url, target))
            elif target not in seen and not urlsplit(target).path.startswith(forbidden or ("\0",)):
                seen.add(target)
                waiting.append(target)
    return found


def _fetch(url: str, site: str) -> tuple[str, list[str]] | None:
    """The page's address after redirects and the addresses it links to; None where it is no page of this site."""
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 — our own loopback site
            if urlsplit(answer.url).netloc != site or answer.headers.get_content_type() != "text/html":
                return None
            text = answer.read().decode("utf-8", "replace")
    except (HTTPError, OSError):
        return None
    reader = _Reader()
    reader.feed(text)
    base = urljoin(answer.url, reader.base) if reader.base else answer.url
    return urldefrag(answer.url)[0], list(filter(None, (_target(base, href) for href in reader.hrefs)))


def _target(base: str, href: str) -> str | None:
    try:
        target = urldefrag(urljoin(base, href.strip()))[0]
    except ValueError:
        return None
    return target if urlsplit(target).scheme in ("http", "https") else None


def ring(site: Site, pages: int, links: int = 5, elsewhere: str = "http://other.example") -> None:
    """Pages in a row, each with as many links of its own to another site."""
    for number in range(pages):
        out = "".join(f'<a href="{elsewhere}/{number}/{link}">' for link in range(links))
        here = "/" if number == 0 else f"/{number}"
        site.page(here, f'<a href="/{(number + 1) % pages or ""}">next</a>{out}')

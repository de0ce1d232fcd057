"""Websites on loopback in many shapes, for crawls that are to be foreseen: every one on a port of its own."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Links = list[int]
NAVIGATION = 40  # addresses that every page of a documentation leads to


@dataclass(frozen=True, slots=True)
class Shape:
    """`links(page)` are the pages that a page leads to; `latency(asked)` the seconds of an answer, which may depend on
    how many were asked for before; `broken` is the share of addresses that answer 404."""

    name: str
    pages: int
    links: Callable[[int], Links]
    latency: Callable[[int], float] = lambda _: 0.0
    broken: float = 0.0
    seed: int = 0

    def is_broken(self, page: int) -> bool:
        dice = random.Random(self.seed * 1_000_003 + page)  # noqa: S311 — the same pages are broken in every run
        return page > 0 and dice.random() < self.broken

    def answer(self, path: str) -> bytes:
        page = int(path[1:]) if path[1:].isdigit() else 0 if path == "/" else -1
        if page < 0 or page >= self.pages or self.is_broken(page):
            return _http(404, "<p>There is no such page")
        return _http(200, "".join(f'<p><a href="/{to}">page {to}</a>' for to in self.links(page) if to < self.pages))


def tree(branches: int) -> Callable[[int], Links]:
    return lambda page: [branches * page + step for step in range(1, branches + 1)]


def chain(page: int) -> Links:
    return [page + 1]


def pager(items: int) -> Callable[[int], Links]:
    """Lists one behind the other, each with its items; an item leads back to the first list."""
    return lambda page: [0] if page % items else [page + items, *range(page + 1, page + items)]


def documentation(page: int) -> Links:
    """The same navigation on every page, what comes before and next, and the chapters below it."""
    return [*range(1, NAVIGATION + 1), page + 1, max(0, page - 1), *(8 * page + step for step in range(1, 9))]


def web(seed: int) -> Callable[[int], Links]:
    """Some pages lead to few others and some to many, anywhere below and a little further on."""

    def links(page: int) -> Links:
        dice = random.Random(seed * 7919 + page)  # noqa: S311 — the same site in every run
        return [
            page + 1,
            *(int(page * dice.random() * 4) + dice.randint(1, 30) for _ in range(dice.choice((1, 3, 12)))),
        ]

    return links


def sections(size: int) -> Callable[[int], Links]:
    """A section tells of the next on its last page alone: much is found late."""
    return lambda page: [page + 1] if page % size == size - 1 else [page - page % size + step for step in range(size)]


def calendar(page: int) -> Links:
    """Days without end: before, after, and those of the month."""
    return [page + 1, page + 2, page + 30, page + 31]


def _http(status: int, body: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head + body).encode()


@dataclass
class Sites:
    """Serves shapes from one thread. `open` answers the address of a new site."""

    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def open(self, shape: Shape) -> str:
        return asyncio.run_coroutine_threadsafe(self._open(shape), self._loop).result(10)

    async def _open(self, shape: Shape) -> str:
        asked = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
                asked += 1
                await asyncio.sleep(shape.latency(asked))
                writer.write(shape.answer(head.split(b" ", 2)[1].decode()))
                await writer.drain()
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                pass  # the crawler has gone
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@contextmanager
def sites() -> Iterator[Sites]:
    served = Sites()
    thread = threading.Thread(target=served._loop.run_forever, daemon=True)  # noqa: SLF001 — its own
    thread.start()
    try:
        yield served
    finally:
        served._loop.call_soon_threadsafe(served._loop.stop)  # noqa: SLF001 — the same
        thread.join()

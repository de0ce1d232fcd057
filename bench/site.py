"""A website on loopback in a process of its own, rendered before it is asked: what is measured is who reads it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

NEXT = 10  # links of a page to further ones
OUT = 5  # links of a page to other sites
FILLING = "<p>" + "Nothing that anybody would read, but a page has text. " * 40 + "</p>"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def website(pages: int) -> Iterator[str]:
    """The address of a site of so many pages, all to be reached from its start."""
    context = get_context("spawn")
    told, child = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(pages, child), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{told.recv()}"
    finally:
        process.terminate()
        process.join()


def serve(pages: int, said: Connection) -> None:
    asyncio.run(_serve({_path(number): _answer(number, pages) for number in range(pages)}, said))


async def _serve(answers: dict[bytes, bytes], said: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(answers.get(request.split(b" ", 2)[1], MISSING))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    said.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _path(number: int) -> bytes:
    return f"/{number or ''}".encode()


def _answer(number: int, pages: int) -> bytes:
    inside = "".join(
        f'<li><a href="{_path(further).decode()}">page {further}</a></li>'
        for further in range(NEXT * number + 1, NEXT * number + NEXT + 1)
        if further < pages
    )
    outside = "".join(
        f'<li><a href="https://site-{number % 97}-{link}.example.com/{number}" rel="nofollow">site {link}</a></li>'
        for link in range(OUT)
    )
    body = f"<!doctype html><title>{number}</title><ul>{inside}{outside}</ul>{FILLING}".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

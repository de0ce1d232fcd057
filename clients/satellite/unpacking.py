"""Unpacks answers, and takes none for whole that broke off in the middle."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Self

import brotli
from backports import zstd
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError
from scrapy.responsetypes import responsetypes

from clients.satellite.outcome import Unreadable
from clients.satellite.robots import is_robots

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ACCEPTED = b"gzip, deflate, br, zstd"
_GZIP = b"\x1f\x8b"


class Unpacking:
    def __init__(self, most: int) -> None:
        self._most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises where a page is packed and is not all there; of what is no page, what is there is taken."""
        packed = [word.strip().lower() for word in b",".join(response.headers.getlist("Content-Encoding")).split(b",")]
        if not response.body or not any(word in _UNPACK for word in packed):
            return response
        body = response.body
        for encoding in reversed(packed):
            if encoding in _UNPACK:
                body = self._unpack(request, response, body, encoding)
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        unpacked = response.replace(cls=kind, body=body)
        del unpacked.headers["Content-Encoding"]
        return unpacked

    def _unpack(self, request: Request, response: Response, body: bytes, encoding: bytes) -> bytes:
        if response.status >= 300 or "download_stopped" in response.flags:
            return unpack_part(body, encoding, self._most)
        try:
            return unpack(body, encoding, self._most)
        except DownloadCancelledError:
            if is_robots(request):
                return unpack_part(body, encoding, self._most)
            raise


def unpack(body: bytes, encoding: bytes, most: int) -> bytes:
    """Raises Unreadable, DownloadCancelledError (too big) or ResponseDataLossError (it broke off)."""
    try:
        unpacked, ended = _UNPACK[encoding](body, most + 1)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        raise Unreadable("an answer that cannot be unpacked") from None
    if len(unpacked) > most:
        raise DownloadCancelledError("the page is too big")
    if not ended:
        raise ResponseDataLossError
    return unpacked


def unpack_part(body: bytes, encoding: bytes, most: int) -> bytes:
    """What there is, up to so many bytes."""
    try:
        return _UNPACK[encoding](body, most)[0][:most]
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        return b""


def _gunzip(body: bytes, most: int) -> tuple[bytes, bool]:
    """Every member; whatever follows the last one is left alone, as browsers do."""
    found, rest, ended = b"", body, False
    while len(found) < most and (rest[:2] == _GZIP or not found):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        found += unpacker.decompress(rest, most - len(found))
        rest, ended = unpacker.unused_data, unpacker.eof
        if not rest:
            break
    return found, ended


def _inflate(body: bytes, most: int) -> tuple[bytes, bool]:
    """With the header that the standard asks for, or raw, as some servers send it."""
    try:
        return _inflated(zlib.decompressobj(), body, most)
    except zlib.error:
        return _inflated(zlib.decompressobj(-zlib.MAX_WBITS), body, most)


def _inflated(unpacker: Any, body: bytes, most: int) -> tuple[bytes, bool]:  # noqa: ANN401 — zlib's own type is hidden
    return unpacker.decompress(body, most), unpacker.eof


def _unbrotli(body: bytes, most: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    found = unpacker.process(body, output_buffer_limit=most)
    while len(found) < most and not unpacker.is_finished():
        more = unpacker.process(b"", output_buffer_limit=most - len(found))
        if not more:
            break
        found += more
    return found, unpacker.is_finished()


def _unzstd(body: bytes, most: int) -> tuple[bytes, bool]:
    unpacker = zstd.ZstdDecompressor()
    return unpacker.decompress(body, most), unpacker.eof


_UNPACK = {b"gzip": _gunzip, b"x-gzip": _gunzip, b"deflate": _inflate, b"br": _unbrotli, b"zstd": _unzstd}

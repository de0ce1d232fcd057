"""An answer that is packed is all there, or it is no answer."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError

from clients.satellite.outcome import Unreadable
from clients.satellite.unpacking import unpack, unpack_part

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1_000_000


def raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACK: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "x-gzip": (b"x-gzip", gzip.compress),
    "two members": (b"gzip", lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:])),
    "zlib": (b"deflate", zlib.compress),
    "raw": (b"deflate", raw),
    "brotli": (b"br", brotli.compress),
    "zstd": (b"zstd", zstd.compress),
}
each = pytest.mark.parametrize(("encoding", "pack"), PACK.values(), ids=PACK)


@each
def test_what_is_all_there_is_unpacked(encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    for body in (b"x", b"<p>a page</p>" * 5000):
        assert unpack(pack(body), encoding, MOST) == body


@each
def test_what_is_cut_anywhere_is_an_error(encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"<p>a page</p><a href=/x>x</a>" * 3)
    first = len(gzip.compress(b"<p>a pa")) if pack is PACK["two members"][1] else -1  # itself a whole answer
    for length in {*range(1, len(packed))} - {first, first + 1}:
        with pytest.raises((ResponseDataLossError, Unreadable)):
            unpack(packed[:length], encoding, MOST)


@each
def test_a_bomb_is_too_big(encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"x" * (MOST + 1))
    with pytest.raises(DownloadCancelledError):
        unpack(packed, encoding, MOST)
    assert len(unpack_part(packed, encoding, MOST)) <= MOST


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"zstd"])
@given(body=st.binary(min_size=1, max_size=80))
def test_no_bytes_whatever_stop_it(encoding: bytes, body: bytes) -> None:
    unpack_part(body, encoding, MOST)
    with contextlib.suppress(ResponseDataLossError, Unreadable):
        unpack(body, encoding, MOST)


def test_what_follows_the_last_member_is_left_alone() -> None:
    assert unpack(gzip.compress(b"page") + b"\0\0\0", b"gzip", MOST) == b"page"

"""A body into rows. The fast way reads it whole; when anything in it is no JSON (NaN, a row nested too deep, half a
line), the slow way cuts it into rows first, so that only the bad row is refused."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

import orjson

from data.errors import FieldError, Malformed, TooLarge

ROW_LIMIT = 10_000
Rejected = dict[int, list[FieldError]]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_OPEN, _CLOSE = frozenset(b"[{"), frozenset(b"]}")


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its Content-Encoding; never more than `limit` bytes are unpacked."""
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Malformed(f"Content-Encoding {encoding[:40]!r} is not understood: send gzip or none")
    unpack = zlib.decompressobj(wbits=31)
    try:
        out = unpack.decompress(body, limit + 1)
    except zlib.error as error:
        raise Malformed(f"The body is no valid gzip: {error}") from None
    if len(out) > limit:
        raise TooLarge(f"The unpacked body is larger than {limit} bytes: send smaller batches")
    if not unpack.eof:
        raise Malformed("The gzip body is cut off")
    return out


def rows(body: bytes, *, lines: bool) -> tuple[list[Any], Rejected]:
    """The rows of a JSON array (or of NDJSON, `lines`), and the indexes of rows that are no JSON.

    A rejected row stands as None in the list. Raises Malformed when the body as a whole is neither.
    """
    parts = body.splitlines() if lines else None
    if parts is None:
        try:
            return _checked(orjson.loads(body)), {}
        except orjson.JSONDecodeError:
            parts = _cut(body)
    kept = [part for part in parts if part.strip()]
    if len(kept) > ROW_LIMIT:
        raise _too_many(len(kept))
    found: list[Any] = []
    rejected: Rejected = {}
    for index, part in enumerate(kept):
        try:
            found.append(_row(part))
        except (ValueError, RecursionError) as error:
            found.append(None)
            rejected[index] = [{"loc": [], "msg": _reason(error)}]
    return found, rejected


def _row(part: bytes) -> Any:  # noqa: ANN401 — any JSON
    """One row; NaN and Infinity are read as numbers, so that the model can name the field that holds them."""
    try:
        return orjson.loads(part)
    except orjson.JSONDecodeError:
        return json.loads(part)


def _checked(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise Malformed("The body must be a JSON array of rows, or NDJSON as application/x-ndjson")
    if len(found) > ROW_LIMIT:
        raise _too_many(len(found))
    return found


def _too_many(count: int) -> TooLarge:
    return TooLarge(f"{count} rows in one request: at most {ROW_LIMIT} are taken")


def _cut(body: bytes) -> list[bytes]:
    """The elements of the outermost array as they stand. Raises Malformed when there is no whole array."""
    text = body.strip()
    if not text.startswith(b"["):
        raise Malformed("The body must be a JSON array of rows, or NDJSON as application/x-ndjson")
    depth, start, parts = 0, 1, []
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            depth -= 1
            if depth == 0:
                parts.append(text[start : token.start()])
                if text[token.end() :].strip():
                    break
                return parts
        elif mark == ord(",") and depth == 1:
            parts.append(text[start : token.start()])
            start = token.end()
    raise Malformed("The body is no valid JSON: the array is not closed, or something follows it")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    return f"is no valid JSON: {str(error)[:200]}"

"""A body into rows. The fast way reads it whole; when anything in it is no JSON (a row nested too deep, half a line),
the slow way cuts it into rows first, so that only the bad row is refused."""

from __future__ import annotations

import re
import zlib
from gzip import GzipFile
from io import BytesIO
from typing import Any

from data.errors import FieldError, Malformed, TooLarge
from data.serialization import BYTE_ORDER_MARK, parse

ROW_LIMIT = 10_000
Rejected = dict[int, list[FieldError]]

# Possessive, and a string that never ends is one token too: a hostile body costs one pass, not one a quotation mark.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_DEEPEST = 100_000
_OPEN, _CLOSE, _COMMA = frozenset(b"[{"), frozenset(b"]}"), ord(",")


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its Content-Encoding; never more than `limit` bytes are unpacked."""
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Malformed(f"Content-Encoding {encoding[:40]!r} is not understood: send gzip or none")
    if not body:
        raise Malformed("The gzip body is empty")
    try:
        with GzipFile(fileobj=BytesIO(body)) as members:  # one or several, and nothing behind the last
            out = members.read(limit + 1)
    except EOFError:
        raise Malformed("The gzip body is cut off") from None
    except (zlib.error, OSError) as error:
        raise Malformed(f"The body is no valid gzip: {error}") from None
    if len(out) > limit:
        raise TooLarge(f"The unpacked body is larger than {limit} bytes: send smaller batches")
    return out


def rows(body: bytes, *, lines: bool) -> tuple[list[Any], Rejected]:
    """The rows of a JSON array (or of NDJSON, `lines`), and the indexes of rows that are no JSON.

    A rejected row stands as None in the list. Raises Malformed when the body as a whole is neither.
    """
    body = body.removeprefix(BYTE_ORDER_MARK)
    if lines:
        return _read_each(_lines(body))
    try:
        return _checked(parse(body)), {}
    except (ValueError, RecursionError):
        return _read_each(_cut(body))


def _read_each(parts: list[bytes]) -> tuple[list[Any], Rejected]:
    found: list[Any] = []
    rejected: Rejected = {}
    for index, part in enumerate(parts):
        try:
            found.append(parse(part))
        except (ValueError, RecursionError) as error:
            found.append(None)
            rejected[index] = [{"loc": [], "msg": _reason(error)}]
    return found, rejected


def _checked(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise Malformed("The body must be a JSON array of rows, or NDJSON as application/x-ndjson")
    if len(found) > ROW_LIMIT:
        raise _too_many()
    return found


def _too_many() -> TooLarge:
    return TooLarge(f"More than {ROW_LIMIT} rows in one request: send smaller batches")


def _lines(body: bytes) -> list[bytes]:
    """The lines that are not blank."""
    kept: list[bytes] = []
    for line in BytesIO(body):
        if line.strip():
            kept.append(line)
            if len(kept) > ROW_LIMIT:
                raise _too_many()
    return kept


def _cut(body: bytes) -> list[bytes]:
    """The elements of the outermost array as they stand. Raises Malformed when there is no whole array."""
    text = body.strip()
    if not text.startswith(b"["):
        raise Malformed("The body must be a JSON array of rows, or NDJSON as application/x-ndjson")
    depth, start = 0, 1
    parts: list[bytes] = []
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            depth -= 1
        ends = depth == 0 and mark in _CLOSE
        if ends or (mark == _COMMA and depth == 1):
            parts.append(text[start : token.start()])
            start = token.end()
        if ends:
            return _whole(parts, text[start:])
        if depth > _DEEPEST or len(parts) > ROW_LIMIT:
            break
    if len(parts) > ROW_LIMIT:
        raise _too_many()
    raise Malformed("The body is no valid JSON: the array is not closed")


def _whole(parts: list[bytes], rest: bytes) -> list[bytes]:
    if rest:
        raise Malformed("The body is no valid JSON: something follows the array")
    if len(parts) > ROW_LIMIT:
        raise _too_many()
    return parts if len(parts) > 1 or parts[0].strip() else []


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    return f"is no valid JSON: {str(error)[:200]}"

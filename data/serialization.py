"""JSON as it comes in, is stored and goes out: what may come in can be stored, and what is stored can go out.

`read` keeps every integer exactly, or refuses it by name; `dumps` always answers.
"""

from __future__ import annotations

import json
import logging
import re
from decimal import Decimal
from math import isfinite
from typing import Any

import orjson
from pydantic_core import from_json

from data.errors import BadInput

log = logging.getLogger(__name__)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_NAME_LENGTH = 60
# Without one of these a body holds nothing that `read` refuses by name.
_SUSPECT = re.compile(rb"NaN|Infinity|\\u[dD][89a-fA-F]|[0-9]{19}|[eE]\+?[0-9]{3}")

Place = tuple[str | int, ...]


def parse(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    """JSON with its integers exact; NaN, Infinity and half a surrogate pair are taken too. Raises ValueError."""
    try:
        return from_json(body, cache_strings="keys")
    except ValueError:
        return json.loads(body.decode())


def read(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    """The body of a request. Raises ValueError, and BadInput that names what could not be stored or answered.

    A NUL character is left to the field that it stands in: an address of a page may hold one.
    """
    body = body.removeprefix(BYTE_ORDER_MARK)
    found = parse(body)
    fault = unstorable(found, nul=True) if _SUSPECT.search(body) else None
    if fault:
        raise BadInput.field(*fault[0], msg=fault[1])
    return found


def loads(stored: bytes | str) -> Any:  # noqa: ANN401 — any JSON
    """What a JSON column holds: a number that is wider than 64 bits is a float, as it was when it came in."""
    try:
        return orjson.loads(stored)
    except orjson.JSONDecodeError:
        return json.loads(stored)


def dumps(value: Any) -> bytes:  # noqa: ANN401 — whatever is to be answered
    """JSON: times as UTC with Z, money as text. Never fails: what was committed has to be answered."""
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError as error:
        log.warning("an answer holds what JSON does not take, and is written piece by piece: %s", error)
        return json.dumps(_piecewise(value)).encode()


def unstorable(
    value: Any,  # noqa: ANN401 — any JSON
    deepest: int | None = None,
    *,
    nul: bool = False,
) -> tuple[Place, str] | None:
    """Where a value holds what no JSON column takes (or is nested deeper than `deepest`), and what it is.

    With `nul`, NUL characters are no fault.
    """
    rest: list[tuple[Place, Any]] = [((), value)]
    while rest:
        place, item = rest.pop()
        inner: list[tuple[str | int, Any]] = []
        if isinstance(item, dict):
            inner = [(name, each) for name, each in item.items()]
        elif isinstance(item, list):
            inner = list(enumerate(item))
        if deepest is not None and len(place) >= deepest and isinstance(item, dict | list):
            return place, f"is nested more than {deepest} levels deep"
        names = (_fault(name, nul=nul) for name, _ in inner if isinstance(name, str))
        fault = _fault(item, nul=nul) or next((found for found in names if found), None)
        if fault:
            return place, fault
        rest.extend(((*place, name[:_NAME_LENGTH] if isinstance(name, str) else name), each) for name, each in inner)
    return None


def _fault(item: object, *, nul: bool) -> str | None:
    if isinstance(item, float) and not isfinite(item):
        return "must be a number: it is NaN or Infinity"
    if isinstance(item, int) and not _SMALLEST <= item <= _LARGEST:
        return "must be an integer of at most 64 bits"
    if not nul and isinstance(item, str) and "\x00" in item:
        return "holds a NUL character"
    if isinstance(item, str) and not item.isascii() and any("\ud800" <= letter <= "\udfff" for letter in item):
        return "holds half of a surrogate pair"
    return None


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def _piecewise(value: Any) -> Any:  # noqa: ANN401 — whatever is to be answered
    if isinstance(value, dict):
        return {str(name): _piecewise(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_piecewise(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    try:
        return orjson.loads(orjson.dumps(value, default=_plain, option=_OPTIONS))
    except TypeError:
        return str(value)

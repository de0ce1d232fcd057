"""Lists in pages: `limit` rows, and a cursor that stands for the last of them."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, Field

from data.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence


class PageQuery(BaseModel):
    limit: int = Field(100, ge=1, le=1000)
    cursor: str | None = Field(None, max_length=500)


def page(items: Sequence[dict[str, Any]], limit: int, *key: str) -> dict[str, Any]:
    """`items` were read with a limit of one more; `key` are the fields that order them."""
    kept = items[:limit]
    cursor = write_cursor(*(kept[-1][name] for name in key)) if len(items) > limit else None
    return {"items": kept, "next_cursor": cursor}


def write_cursor(*key: Any) -> str:  # noqa: ANN401 — whatever orders the list
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode()


def read_cursor(cursor: str | None, *kinds: type) -> Any:  # noqa: ANN401 — the key, part by part
    """The key that a cursor stands for, a tuple of these kinds; None for no cursor.

    Raises BadInput for one that we did not write.
    """
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor))
        return tuple(_part(part, kind) for part, kind in zip(key, kinds, strict=True))
    except (TypeError, ValueError):
        raise BadInput.field("cursor", msg="is not one that this list gave out") from None


def _part(part: object, kind: type) -> object:
    """Raises TypeError, ValueError for what is none, or what no database can hold."""
    if kind is int and type(part) is int and 0 <= part < 2**63:
        return part
    if kind is not int and isinstance(part, str) and "\x00" not in part:
        return _moment(part) if kind is datetime else kind(part)
    raise TypeError(part)


def _moment(part: str) -> datetime:
    at = datetime.fromisoformat(part)
    if at.tzinfo is None:
        raise ValueError(part)
    return at

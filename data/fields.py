"""The kinds of values that rows are made of. What they refuse could be stored by nobody, or would poison a roll-up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from data.hosts import host_of

FUTURE_TOLERANCE = timedelta(minutes=5)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_EXTRA_BYTES = 8192
_EXTRA_DEPTH = 16


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


def _any_moment(value: datetime) -> datetime:
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not _EARLIEST <= moment <= _LATEST:
        raise ValueError("must be between 1990 and 2200")
    return moment


def _past(value: datetime) -> datetime:
    moment = _any_moment(value)
    if moment > datetime.now(UTC) + FUTURE_TOLERANCE:
        raise ValueError("lies in the future by more than 5 minutes")
    return moment


def _web_address(value: str) -> str:
    if host_of(value) is None:
        raise ValueError("must be an http or https address")
    return value


def _levels(value: dict[str, Any]) -> int:
    """How deep a JSON value is nested, counted up to the limit. Raises ValueError for NaN and Infinity."""
    level = 0
    layer: list[Any] = [value]
    while layer and level <= _EXTRA_DEPTH:
        level += 1
        inner: list[Any] = []
        for item in layer:
            if isinstance(item, dict | list):
                inner.extend(item.values() if isinstance(item, dict) else item)
            elif isinstance(item, float) and not isfinite(item):
                raise ValueError("holds NaN or Infinity")
        layer = inner
    return level


def check_json(value: dict[str, Any]) -> bytes:
    """The value as JSON; raises ValueError when it is too large, too deep, or holds what no JSON column takes."""
    if _levels(value) > _EXTRA_DEPTH:
        raise ValueError(f"is nested more than {_EXTRA_DEPTH} levels deep")
    try:
        packed = orjson.dumps(value)
    except TypeError as error:  # half a surrogate pair, an integer beyond 64 bits
        raise ValueError(f"cannot be stored as JSON: {error}") from None
    if len(packed) > _EXTRA_BYTES:
        raise ValueError(f"is larger than {_EXTRA_BYTES} bytes")
    if b"\\u0000" in packed:
        raise ValueError("holds a NUL character")
    return packed


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    check_json(value)
    return value


Word = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_no_nul)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_no_nul)]
Host = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_no_nul)]
Url = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_no_nul), AfterValidator(_web_address)]
Moment = Annotated[datetime, AfterValidator(_past)]
AnyMoment = Annotated[datetime, AfterValidator(_any_moment)]
Number = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Score = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Json = Annotated[dict[str, Any], AfterValidator(_storable)]


class Row(BaseModel):
    """One row of a stream. Fields that the stream does not know are kept, in `extra`."""

    model_config = ConfigDict(extra="allow")

    event_id: Word | None = None

    @model_validator(mode="after")
    def _bounded_extra(self) -> Row:
        if self.model_extra:
            check_json(self.model_extra)
        return self

    def packed_extra(self) -> str | None:
        return orjson.dumps(self.model_extra).decode() if self.model_extra else None

"""The streams that may be fed: each area's own, by name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from data.areas import parts

if TYPE_CHECKING:
    from data.ingest.stream import Stream


@cache
def streams() -> dict[str, Stream]:
    return {stream.name: stream for module in parts("data", "streams") for stream in module.STREAMS}

"""The way in for data: one endpoint for all streams. A 2xx means committed; a bad row never spoils its batch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import BaseModel, Field

from callbacks.web.api import actor, blueprint, needs, release, services, unit
from callbacks.web.errors import BODY_LIMIT
from data.errors import Clash, NotFound
from data.ingest import parse, store
from data.ingest.streams import streams
from data.live.channel import note_event
from data.permissions import Permission

if TYPE_CHECKING:
    from data.ingest.stream import Stream

api = blueprint("ingest", "Ingest")

_TRIES = 3


class StreamPath(BaseModel):
    stream: str = Field(description="One of: " + ", ".join(streams()))


class RejectedRow(BaseModel):
    index: int = Field(description="Place of the row in the request, from 0")
    errors: list[dict[str, Any]]


class IngestAnswer(BaseModel):
    accepted: int
    duplicates: int = Field(description="Rows whose event_id this source had sent before")
    rejected: list[RejectedRow]


_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "array", "items": {"type": "object"}, "maxItems": parse.ROW_LIMIT}},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One JSON object a line"}},
    },
}


@api.post(
    "/ingest/<stream>",
    summary="Send rows of a stream",
    description="A JSON array or NDJSON, gzip allowed, at most 10,000 rows and 10 MiB before and after unpacking.",
    responses={200: IngestAnswer},
    openapi_extensions={"requestBody": _BODY},
)
@needs(Permission.INGEST_WRITE)
def ingest(path: StreamPath) -> dict[str, Any]:
    stream = streams().get(path.stream)
    if stream is None:
        raise NotFound(f"There is no stream {path.stream[:60]!r}: the streams are {', '.join(streams())}")
    release()  # nobody holds a connection while ten thousand rows are read and checked
    found, rejected = _read()
    rows = store.check(stream, found, rejected)
    outcome = _store(stream, rows)
    if outcome.accepted:
        services().cache.try_to(lambda redis: note_event(redis, time.time()))
    return {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "rejected": [{"index": index, "errors": rejected[index]} for index in sorted(rejected)],
    }


def _read() -> tuple[list[Any], parse.Rejected]:
    packed = request.get_data(cache=False)
    body = parse.decompress(packed, request.headers.get("Content-Encoding", ""), BODY_LIMIT)
    return parse.rows(body, lines="ndjson" in request.mimetype)


def _store(stream: Stream, rows: list[Any]) -> store.Outcome:
    for attempt in range(1, _TRIES + 1):
        try:
            with unit().transaction() as connection:
                return store.store(connection, actor(), stream, rows)
        except Clash:
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable")

"""Rows into their tables: COPY into a stage, replays out, the rest put away; one transaction a batch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text

from data.db import driver, run_script
from data.deadline import extend_deadline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from data.errors import FieldError
    from data.ingest.parse import Rejected
    from data.ingest.stream import Stream
    from data.permissions import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    accepted: int
    duplicates: int


def check(stream: Stream, rows: list[Any], rejected: Rejected) -> list[Any]:
    """The rows that fit the stream, as its models; what is wrong with the others is added to `rejected`."""
    adapter = _adapter(stream)
    candidates = [index for index in range(len(rows)) if index not in rejected]
    try:
        return list(adapter.validate_python([rows[index] for index in candidates]))
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False, include_input=False):
            position, *loc = detail["loc"]
            found: FieldError = {"loc": list(loc), "msg": detail["msg"][:300]}
            rejected.setdefault(candidates[int(position)], []).append(found)
    good = [rows[index] for index in candidates if index not in rejected]
    return list(adapter.validate_python(good))


def store(connection: Connection, actor: Actor, stream: Stream, rows: list[Any]) -> Outcome:
    """Store checked rows; a row whose event_id this source has sent before is a duplicate and changes nothing."""
    if not rows:
        return Outcome(0, 0)
    if stream.seconds:
        extend_deadline(connection, stream.seconds)
    _stage(connection, actor, stream, rows)
    duplicates = _drop_replays(connection, actor, stream) if any(row.event_id for row in rows) else 0
    connection.execute(text("select set_config('mc.simulated', :flag, true)"), {"flag": str(actor.simulated).lower()})
    accepted = len(rows) - duplicates
    if run_script(connection, stream.insert_sql()) < accepted and (again := stream.update_sql()):
        run_script(connection, again)
    return Outcome(accepted, duplicates)


@cache
def _adapter(stream: Stream) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[stream.row])  # type: ignore[name-defined]


def _stage(connection: Connection, actor: Actor, stream: Stream, rows: Iterable[Any]) -> None:
    run_script(connection, stream.stage_sql())
    with driver(connection).cursor().copy(f"copy {stream.stage} (ord, event_hash, {stream.names}) from stdin") as copy:
        for ord_, row in enumerate(rows):
            copy.write_row((ord_, _event_hash(actor, row.event_id), *row.values()))


def _event_hash(actor: Actor, event_id: str | None) -> str | None:
    """An event_id counts per source: two crawlers may both call their first row "1"."""
    if event_id is None:
        return None
    return hashlib.blake2b(f"{actor.name}\0{event_id}".encode(), digest_size=16).hexdigest()


def _drop_replays(connection: Connection, actor: Actor, stream: Stream) -> int:
    return connection.execute(
        text(f"""
        with fresh as (
          insert into ingest_receipts (stream, event_hash, simulated)
          select distinct cast(:stream as text), event_hash, cast(:simulated as boolean)
          from {stream.stage} where event_hash is not null
          order by event_hash on conflict do nothing returning event_hash),
        kept as (
          select min(ord) as ord from {stream.stage} join fresh using (event_hash) group by event_hash)
        delete from {stream.stage} s
        where event_hash is not null and not exists (select from kept where kept.ord = s.ord)
        """),
        {"stream": stream.name, "simulated": actor.simulated},
    ).rowcount

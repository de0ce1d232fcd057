"""What rules of alerts may ask about the domains on the watch list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.signal import Sample, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.signal import Asked

WATCHED = 500


def status(asked: Asked) -> Iterator[Sample]:
    for row in _watched(asked):
        yield Sample(row.status, {"domain": row.name}, simulated=row.simulated)


def authority(asked: Asked) -> Iterator[Sample]:
    for row in _watched(asked):
        if row.authority is not None:
            yield Sample(float(row.authority), {"domain": row.name}, row.status, simulated=row.simulated)


def _watched(asked: Asked) -> Iterator[Any]:
    yield from asked.connection.execute(
        text("""select w.domain_name as name, coalesce(d.availability_status, 'unknown') as status,
                       d.domain_authority as authority, coalesce(d.simulated, false) as simulated
                from watched_domains w left join domains d using (domain_name)
                order by w.added_at desc limit :limit"""),
        {"limit": WATCHED},
    )


_BY, _EVERY_S = ("domain",), 30
SIGNALS = (
    Signal(
        "watched_domain_status",
        "Whether a watched domain can be had",
        kind="word",
        labels=_BY,
        every_s=_EVERY_S,
        read=status,
    ),
    Signal("watched_domain_authority", "Authority of a watched domain", labels=_BY, every_s=_EVERY_S, read=authority),
)

"""The links of the last hour as the overview draws them: a count a minute, and the newest as blips of a radar.

A reading looks at the newest minutes and at a few older ones in turn: it costs what is new, and still hears of rows
that came late.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.clock import epoch_ms
from data.live.throttled import Throttled

if TYPE_CHECKING:
    from sqlalchemy import Connection

MINUTES = 61  # sixty whole ones and the one that is open
TARGETS = 8
BLIPS = 200
OPEN_MINUTES = 2  # a link is told a little after it was found
AGAIN = 4  # older minutes that a reading looks at again
CHUNK = 6
FILL_S = 0.2  # what a reading may spend on minutes it has never seen

State = dict[str, Any]
Bands = list[int]  # links with an authority of 70 and more, of 35 and more, and the others


class Discovery:
    """Remembers the last hour minute by minute. One instance serves one publisher."""

    def __init__(self) -> None:
        self._bands: dict[datetime, Bands] = {}
        self._found: dict[datetime, Counter[str]] = {}
        self._turn: list[datetime] = []
        self._targets: list[str] = []
        self._chosen_in: datetime | None = None
        self._state: Throttled[State] = Throttled()

    def live(self, connection: Connection, now: datetime) -> State:
        """`radar` and `discovery` of the live state."""
        return self._state.get(lambda: self._look(connection, now), version=_minute(now))

    def _look(self, connection: Connection, now: datetime) -> State:
        current = _minute(now)
        hour = [current - timedelta(minutes=back) for back in range(MINUTES)]
        for gone in self._bands.keys() - set(hour):
            del self._bands[gone], self._found[gone]
        self._count(connection, hour[:OPEN_MINUTES] + self._again(hour))
        self._fill(connection, hour)
        self._choose(current)
        return {"radar": self._radar(connection, hour[-1], now), "discovery": self._curve(hour)}

    def _fill(self, connection: Connection, hour: list[datetime]) -> None:
        """The newest minutes that were never seen, until the time for it is spent."""
        began = time.perf_counter()
        unseen = [minute for minute in hour if minute not in self._bands]
        while unseen and time.perf_counter() - began < FILL_S:
            self._count(connection, unseen[:CHUNK])
            unseen = unseen[CHUNK:]

    def _again(self, hour: list[datetime]) -> list[datetime]:
        self._turn = [minute for minute in self._turn if minute in self._bands] or [
            minute for minute in hour[OPEN_MINUTES:] if minute in self._bands
        ]
        chosen, self._turn = self._turn[:AGAIN], self._turn[AGAIN:]
        return chosen

    def _count(self, connection: Connection, minutes: list[datetime]) -> None:
        for minute in minutes:
            self._bands[minute], self._found[minute] = [0, 0, 0], Counter()
        for minute, target, *bands in connection.execute(text(_COUNTS), {"minutes": minutes}):
            self._found[minute][target] = sum(bands)
            self._bands[minute] = [one + more for one, more in zip(self._bands[minute], bands, strict=True)]

    def _choose(self, current: datetime) -> None:
        """The targets with the most links, by name, so that a sector stays where it is; chosen once a minute."""
        if self._chosen_in == current and len(self._targets) == TARGETS:
            return
        total: Counter[str] = Counter()
        for found in self._found.values():
            total.update(found)
        self._targets = sorted(target for target, _ in total.most_common(TARGETS))
        self._chosen_in = current

    def _radar(self, connection: Connection, first: datetime, now: datetime) -> State:
        asked = {"targets": self._targets, "first": first, "now": now, "limit": BLIPS}
        return {
            "targets": self._targets,
            "blips": {str(row["id"]): _blip(dict(row)) for row in connection.execute(text(_BLIPS), asked).mappings()},
        }

    def _curve(self, hour: list[datetime]) -> dict[str, Bands]:
        return {str(epoch_ms(minute)): self._bands[minute] for minute in reversed(hour) if minute in self._bands}


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _blip(row: dict[str, Any]) -> State:
    known = {"at": epoch_ms(row["at"]), "target": row["target"], "da": row["da"], "spam": row["spam"]}
    return {name: value for name, value in known.items() if value is not None}


_COUNTS = """
select m.minute, b.* from unnest(cast(:minutes as timestamptz[])) m (minute)
cross join lateral (
  select target_domain_name,
         count(*) filter (where authority_tone(domain_authority) = 'high') as high,
         count(*) filter (where authority_tone(domain_authority) = 'middle') as middle,
         count(*) filter (where authority_tone(domain_authority) = 'low') as low
  from backlinks where discovered_date >= m.minute and discovered_date < m.minute + interval '1 minute'
  group by target_domain_name) b
"""

_BLIPS = """
select backlink_id as id, discovered_date as at, target_domain_name as target, domain_authority as da,
       spam_score as spam
from backlinks
where discovered_date >= :first and discovered_date <= cast(:now as timestamptz) + interval '1 minute'
  and target_domain_name = any(:targets)
order by discovered_date desc limit :limit
"""

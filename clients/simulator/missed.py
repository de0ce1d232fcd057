"""Links that a crawl misses, and what satellites see when they look again: gone for a reason, or there after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clients.simulator.links import Row, Watched, links_to, watched
from clients.simulator.losses import reason_of
from clients.simulator.seeded_random import seeded_random
from clients.simulator.session_context import SessionContext, tolerate

if TYPE_CHECKING:
    from clients.sdk.shapes import CheckResult, PageToCheck

FIRST = 8  # links that the first crawl misses
MISS_EVERY = timedelta(minutes=6)
LOOK_EVERY = timedelta(seconds=12)
AT_ONCE = 10
THERE = 0.2  # of the missed links are there after all: the crawl had failed
RETURNS = 0.12  # of the lost links are there again at a later look
SURE = 2  # looks that settle a suspicion
MISSING = 404


class Missed:
    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._begun = False

    def miss(self, at: datetime) -> timedelta:
        """Reports links that were not on their pages this time: a suspicion, without a reason."""
        count, self._begun = (1 if self._begun else FIRST), True
        roll = seeded_random(self._context.world.seed, "missed", int(at.timestamp()))
        chosen = roll.choices(watched(self._context.world), k=count)
        found = [self._known(each, at, roll.randint(2, 40), roll.random()) for each in chosen]
        rows = {str(row["url_from"]): row for row in found if row}
        if rows:
            self._context.send("backlinks", list(rows.values()))
        return MISS_EVERY

    def look(self, at: datetime) -> timedelta:
        """One satellite takes the pages that are due, and says what it saw."""
        del at
        satellite = self._context.world.satellites[0].satellite_id
        pages = self._ask(satellite, [], AT_ONCE)
        if pages:
            self._ask(satellite, [self._seen(page) for page in pages], 0)
        return LOOK_EVERY

    def _ask(self, satellite: str, results: list[CheckResult], limit: int) -> list[PageToCheck]:
        api = self._context.api
        return tolerate(lambda: api.checks(satellite, results, limit=limit), "checks", quiet=(MISSING,)) or []

    def _seen(self, page: PageToCheck) -> CheckResult:
        """The same page tells the same again, until it may come back."""
        seed, url = self._context.world.seed, page["url_from"]
        (reason, code), there = (
            reason_of(seeded_random(seed, "reason", url)),
            seeded_random(seed, "there", url).random() < THERE,
        )
        back = page["attempt"] > SURE and seeded_random(seed, "back", url, page["attempt"]).random() < RETURNS
        if there or back:
            return {"check": page["check"], "outcome": "found", "http_code": 200}
        return {"check": page["check"], "outcome": reason, "http_code": code}

    def _known(self, each: Watched, at: datetime, days: int, place: float) -> Row | None:
        """A link of an earlier day that was there until now."""
        world, day = self._context.world, (at - timedelta(days=days)).date()
        live = [row for row in links_to(world, each, day, world.origin) if "lost_date" not in row]
        if not live:
            return None
        row = live[int(place * len(live))]
        kept = {name: row[name] for name in ("url_from", "url_to", "anchor", "rel", "discovered_date")}
        missed = at.replace(microsecond=0).isoformat()
        return kept | {"event_id": world.event("missed", str(row["event_id"])), "lost_date": missed}

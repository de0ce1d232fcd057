"""The watch over the links: looks at the last days of all targets, and writes down what is out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.backlinks.signals import reads, rules

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

WATCHED_DAYS = 7
EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Signal:
    kind: str
    target: str
    day: date
    severity: str
    title: str
    detail: str
    evidence: dict[str, Any]
    score: float | None = None
    muted_by: str | None = None
    simulated: bool = False


@dataclass
class SignalDetector:
    """One look over everything, at one moment."""

    connection: Connection
    now: datetime
    targets: dict[str, reads.Target] = field(default_factory=dict)
    before: dict[tuple[str, str, date], Signal] = field(default_factory=dict)

    def look(self) -> list[Signal]:
        since = self.now.date() - timedelta(days=WATCHED_DAYS)
        logged = (Signal(**row) for row in reads.list_logged(self.connection, since))
        self.before = {(each.kind, each.target, each.day): each for each in logged}
        self.targets = reads.list_targets(self.connection, self.now.date())
        days = [self.now.date() - timedelta(days=back) for back in range(WATCHED_DAYS)]
        updates = [update for day in days if (update := self._update(day))]
        muted = {update.day for update in updates}
        own = reads.own_domains(self.connection)
        found = [self._surge(name, day, own=name in own, muted=day in muted) for name in self.targets for day in days]
        return updates + [each for each in found if each] + self._influxes(days)

    def _update(self, day: date) -> Signal | None:
        found = rules.index_update({name: target.links for name, target in self.targets.items()}, day)
        if found is None:
            return None
        rose = f"{found.jumped} of {found.targets} targets rose"
        return Signal(
            "index_update",
            EVERYBODY,
            day,
            "info",
            f"Source index update on {day}",
            f"{rose} at once, the median one to {found.ratio:.1f} times its ordinary day; surges of that day are muted",
            {"targets": found.targets, "jumped": found.jumped, "median_ratio": round(found.ratio, 2)},
        )

    def _surge(self, name: str, day: date, *, own: bool, muted: bool) -> Signal | None:
        found = rules.surge(self.targets[name].links, day)
        if found is None:
            return None
        kind, muted_by = "own_surge" if own else "competitor_surge", "index_update" if muted else None
        known = self.before.get((kind, name, day))
        if known and known.evidence["links"] == found.links:  # its links need not be read again
            return replace(known, muted_by=muted_by)
        seen = reads.find_causes(self.connection, name, *_whole(day))
        share = sum(each["links"] for each in seen["sources"]) / max(seen["links"], 1)
        evidence = {"links": found.links, "median": found.median, "ratio": round(found.ratio, 1)}
        evidence |= {"explained_share": round(share, 3), "domains": seen["sources"], "anchors": seen["anchors"]}
        return Signal(
            kind,
            name,
            day,
            "info" if own else "warning",
            f"{name} gained {found.links} links on {day}",
            f"{found.ratio:.1f} times its median day; {len(seen['sources'])} domains explain {share:.0%}",
            evidence | {"pages": seen["pages"], "source_domains": seen["domains"]},
            score=round(found.ratio, 2),
            muted_by=muted_by,
            simulated=seen["simulated"],
        )

    def _influxes(self, days: list[date]) -> list[Signal]:
        """Of whole days; and of the last 24 hours, under today's name, where midnight has cut a flood in two."""
        found: dict[tuple[str, date], Signal] = {}
        for name, target in self.targets.items():
            for day in days:
                counts = (target.links.get(day, 0), target.spam.get(day, 0))
                if influx := self._influx(name, day, counts, _whole(day)):
                    found[name, day] = influx
        last = (self.now - timedelta(hours=24), self.now + timedelta(minutes=10))
        for name, counts in reads.last_day(self.connection, self.now).items():
            if not {(name, days[0]), (name, days[1])} & found.keys():
                influx = self._influx(name, days[0], counts, last)
                found |= {(name, days[0]): influx} if influx else {}
        return list(found.values())

    def _influx(
        self, name: str, day: date, counts: tuple[int, int], window: tuple[datetime, datetime]
    ) -> Signal | None:
        past = self.targets[name].links if name in self.targets else {}
        if not rules.may_be_influx(past, day, *counts):
            return None
        known = self.before.get(("spam_influx", name, day))
        if known and (known.evidence["links"], known.evidence["spam"]) == counts:
            return known
        burst = rules.burst(past, day, counts[0])
        seen = reads.find_causes(self.connection, name, *window)
        links = max(seen["links"], 1)
        top = max((each["links"] for each in seen["anchors"]), default=0)
        found = rules.influx(burst, seen["spam"] / links, top / links, seen["cheap"] / links)
        if found.score < rules.SPAM_SCORE:
            return None
        kept = {key: seen[key] for key in ("links", "spam", "domains", "sources", "anchors", "endings", "pages")}
        return Signal(
            "spam_influx",
            name,
            day,
            "critical" if found.score >= rules.SPAM_CRITICAL else "warning",
            f"Spam influx on {name}: score {found.score:.0f}",
            f"{seen['spam']} of {seen['links']} new links are spam, {burst:.1f} times an ordinary day",
            rules.influx_evidence(found, kept | {"cheap_endings_share": round(seen["cheap"] / links, 3)}),
            score=found.score,
            simulated=seen["simulated"],
        )


def detect_signals(connection: Connection, now: datetime) -> int:
    """Bring the log of signals up to date; returns how many rows are new or say something new. One caller at a time.

    A signal that is no longer so on its day (links were removed) goes.
    """
    if not connection.scalar(text("select pg_try_advisory_xact_lock(hashtext('watch_links'))")):
        return 0
    found = SignalDetector(connection, now).look()
    _delete_outdated(connection, found, now)
    return sum(_save(connection, signal, now) for signal in found)


def _delete_outdated(connection: Connection, found: list[Signal], now: datetime) -> None:
    kept = [f"{each.kind} {each.target} {each.day}" for each in found]
    connection.execute(
        text("""delete from backlink_signal_log where day > :since
                and kind || ' ' || target_domain_name || ' ' || day <> all(:kept)"""),
        {"since": now.date() - timedelta(days=WATCHED_DAYS), "kept": kept},
    )


def _save(connection: Connection, signal: Signal, now: datetime) -> bool:
    return bool(
        connection.execute(
            text("""
            insert into backlink_signal_log as l (kind, target_domain_name, day, severity, score, title, detail,
              evidence, raised_at, updated_at, muted_by, simulated)
            values (:kind, :target, :day, :severity, :score, :title, :detail, cast(:evidence as jsonb), :now, :now,
              :muted, :simulated)
            on conflict (kind, target_domain_name, day) do update set severity = excluded.severity,
              score = excluded.score, title = excluded.title, detail = excluded.detail, evidence = excluded.evidence,
              updated_at = excluded.updated_at, muted_by = excluded.muted_by, simulated = excluded.simulated
            where (l.severity, l.detail, l.evidence, l.muted_by)
                  is distinct from (excluded.severity, excluded.detail, excluded.evidence, excluded.muted_by)
            """),
            {
                "kind": signal.kind,
                "target": signal.target,
                "day": signal.day,
                "severity": signal.severity,
                "score": signal.score,
                "title": signal.title,
                "detail": signal.detail,
                "evidence": orjson.dumps(signal.evidence).decode(),
                "now": now,
                "muted": signal.muted_by,
                "simulated": signal.simulated,
            },
        ).rowcount
    )


def _whole(day: date) -> tuple[datetime, datetime]:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return begin, begin + timedelta(days=1)

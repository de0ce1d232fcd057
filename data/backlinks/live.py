"""The links as the wall shows them: the newest, the last hour, the last day, and what their watch has to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from sqlalchemy import text

from data.backlinks.discovery import Discovery
from data.backlinks.signals.reads import list_signals
from data.backlinks.signals.rules import signal_symbol, signals_status
from data.clock import epoch_ms
from data.live.section import LiveSection, known
from data.permissions import Permission
from data.status import Status

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.live.section import ReadContext, State

SHOWN = 20
SHOWN_FOR = timedelta(hours=24)
ORDINARY = "high_authority_link"  # there may be hundreds a day: they leave room for the rest
ORDINARY_SHOWN = 5
DISCOVERIES = 20


class Link(TypedDict):
    id: int
    at: int
    source: str
    target: str
    da: NotRequired[float]
    spam: NotRequired[float]


class Newest(TypedDict):
    recent_discoveries: list[Link]


class Blip(TypedDict):
    at: int
    target: str
    da: NotRequired[float]
    spam: NotRequired[float]


class Radar(TypedDict):
    targets: list[str]
    blips: dict[str, Blip]


class Hour(TypedDict):
    """`discovery`: by minute the links with an authority of 70 and more, of 35 and more, and the others."""

    radar: Radar
    discovery: dict[str, list[int]]


class DaySummary(TypedDict):
    links_24h: int


class Day(TypedDict):
    summary: DaySummary


class Signal(TypedDict):
    id: str
    kind: str
    target: str
    at: int
    severity: str
    symbol: Status
    title: str
    detail: str
    ack: NotRequired[str]


class Signals(TypedDict):
    signals: list[Signal]


def live_signals(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The newest twenty of a day: {id, kind, target, at, severity, title, detail}; at in epoch milliseconds."""
    since = now - SHOWN_FOR
    rows = [row for row in list_signals(connection, since, 500) if row["kind"] != ORDINARY][: SHOWN - ORDINARY_SHOWN]
    rows += list_signals(connection, since, SHOWN - len(rows), ORDINARY)[: max(ORDINARY_SHOWN, SHOWN - len(rows))]
    rows.sort(key=lambda row: (row["at"], row["id"]), reverse=True)
    kept = ("id", "kind", "target", "severity", "title", "detail")
    return [{name: row[name] for name in kept} | {"at": epoch_ms(row["at"])} for row in rows]


def newest(context: ReadContext) -> State:
    """A date far ahead, a source's mistake, would otherwise stay on top for ever."""
    rows = context.connection.execute(
        text("""
        select backlink_id as id, discovered_date as at, source_domain_name as source, target_domain_name as target,
               domain_authority as da, spam_score as spam
        from backlinks where discovered_date <= cast(:now as timestamptz) + interval '10 minutes'
        order by discovered_date desc, backlink_id desc limit :limit"""),
        {"now": context.now, "limit": DISCOVERIES},
    )
    return {"recent_discoveries": [known(**row) for row in rows.mappings()]}


class LastHour:
    """Remembers the minutes."""

    def __init__(self) -> None:
        self._discovery = Discovery()

    def __call__(self, context: ReadContext) -> State:
        return self._discovery.live(context.connection, context.now)


def day(context: ReadContext) -> State:
    links = context.connection.scalar(
        text("""select coalesce(sum(n), 0)::bigint from rollup_backlinks_hourly
                where hour > cast(:now as timestamptz) - interval '24 hours'"""),
        {"now": context.now},
    )
    return {"summary": {"links_24h": links}}


def open_signals(context: ReadContext) -> State:
    rows = live_signals(context.connection, context.now)
    return {
        "signals": [
            row
            | known(
                symbol=signal_symbol(row["severity"]),
                ack=context.acknowledged_by.get(("signal", row["id"], row["at"])),
            )
            for row in rows
        ]
    }


def status(state: State) -> Status:
    return signals_status(row["symbol"] for row in state.get("signals", ()) if "ack" not in row)


_READ = (Permission.BACKLINKS_READ,)
SECTIONS = (
    LiveSection("links", 0, _READ, Newest, newest),
    LiveSection("discovery", 0, _READ, Hour, LastHour, limit_s=2),
    LiveSection("links_a_day", 2, _READ, Day, day),
    LiveSection("signals", 3, _READ, Signals, open_signals, status, version=lambda context: context.acknowledgements),
)

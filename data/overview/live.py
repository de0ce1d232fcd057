"""What is nobody's area: how the services are, and how many alarms wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from data.live import acknowledgements, rules
from data.live.section import LiveSection
from data.permissions import Permission
from data.status import Status, worst

if TYPE_CHECKING:
    from data.live.section import ReadContext, State


class Service(TypedDict):
    status: str
    symbol: Status
    latency_ms: NotRequired[int]
    age_s: NotRequired[int]


class Services(TypedDict):
    services: dict[str, Service]


class Counted(TypedDict):
    """All alarms of the last 24 hours, also those that no list shows; `taken` are in somebody's hands."""

    failed: int
    signals: int
    info: int
    taken: int


class Alarms(TypedDict):
    alarms: Counted
    alerts: dict[str, Any]


def services(context: ReadContext) -> State:
    ages = [(context.now - stamp.refreshed_at).total_seconds() for stamp in context.stamps if stamp.refreshed_at]
    beats = {name: rules.heartbeat(beat, context.now.timestamp()) for name, beat in context.vitals.beats.items()}
    found = {
        "postgres": rules.answered(context.postgres_ms),
        "redis": rules.answered(context.vitals.latency_ms),
        **beats,
        "views": rules.views([stamp.overdue_s for stamp in context.stamps], ages),
    }
    return {"services": {name: rules.with_symbol(service) for name, service in found.items()}}


def alarms(context: ReadContext) -> State:
    return {"alarms": acknowledgements.counted(context.connection, context.now), "alerts": {}}


def services_status(state: State) -> Status:
    return worst(one["symbol"] for one in state.get("services", {}).values())


def alarms_status(state: State) -> Status:
    """By what is listed of it and nobody has taken on; all is well where that asks for nobody."""
    failures = [row["severity"] for row in state.get("errors", {}).values() if "ack" not in row]
    signals = [row["symbol"] for row in state.get("signals", ()) if "ack" not in row]
    return max(worst(failures + signals), Status.NORMAL, key=lambda status: status.rank)


SECTIONS = (
    LiveSection("services", 0, (Permission.LIVE_READ,), Services, services, services_status),
    LiveSection(
        "alarms",
        2,
        (Permission.MISSIONS_READ, Permission.BACKLINKS_READ),
        Alarms,
        alarms,
        alarms_status,
        version=lambda context: context.acknowledgements,
    ),
)

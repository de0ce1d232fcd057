"""What is nobody's area: how the services are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from data.live import rules
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


def services_status(state: State) -> Status:
    return worst(one["symbol"] for one in state.get("services", {}).values())


SECTIONS = (LiveSection("services", 0, (Permission.LIVE_READ,), Services, services, services_status),)

"""What is left at the providers, as the wall shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from data.live.section import LiveSection
from data.permissions import Permission
from data.quotas.forecast.reads import live_api_quotas
from data.status import Status, worst

if TYPE_CHECKING:
    from data.live.section import ReadContext, State


class ApiQuota(TypedDict):
    """Credits used in this window, and what the forecast says of its end. Times are epoch milliseconds."""

    status: Status
    state: str
    used: float
    limit: NotRequired[float]
    unit: str
    window: str
    reset: NotRequired[int]
    forecast: NotRequired[float]
    forecast_low: NotRequired[float]
    forecast_high: NotRequired[float]
    exhaustion: NotRequired[int]
    note: str
    simulated: bool


class QuotaCounts(TypedDict):
    """`short`: how many providers run dry before their reset, or are dry."""

    providers: int
    short: int


class Quotas(TypedDict):
    api_quotas: dict[str, ApiQuota]
    quota_counts: QuotaCounts


def quotas(context: ReadContext) -> State:
    providers = live_api_quotas(context.connection, context.now)
    short = sum(Status(one["status"]).rank >= Status.SERIOUS.rank for one in providers.values())
    return {"api_quotas": providers, "quota_counts": {"providers": len(providers), "short": short}}


def status(state: State) -> Status:
    return worst(one["status"] for one in state.get("api_quotas", {}).values())


SECTIONS = (LiveSection("quotas", 0.5, (Permission.QUOTAS_READ,), Quotas, quotas, status),)

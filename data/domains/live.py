"""The watch list in numbers: how many domains stand on it, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import text

from data.domains.availability import AVAILABILITY
from data.live.section import LiveSection
from data.permissions import Permission
from data.status import Status, worst

if TYPE_CHECKING:
    from data.live.section import ReadContext, State


class Watched(TypedDict):
    """`by_status`: how many watched domains are `available`, `expired`, `registered` or `unknown`."""

    watched: int
    available: int
    by_status: dict[str, int]


class Domains(TypedDict):
    domains: Watched


def read(context: ReadContext) -> State:
    rows = context.connection.execute(
        text("""select coalesce(d.availability_status, 'unknown'), count(*)
                from watched_domains w left join domains d using (domain_name) group by 1 order by 1""")
    )
    by_status = {row[0]: row[1] for row in rows}
    watched, available = sum(by_status.values()), by_status.get("available", 0)
    return {"domains": {"watched": watched, "available": available, "by_status": by_status}}


def status(state: State) -> Status:
    return worst(AVAILABILITY[one] for one in state.get("domains", {}).get("by_status", ()))


SECTIONS = (LiveSection("domains", 5, (Permission.DOMAINS_READ,), Domains, read, status),)

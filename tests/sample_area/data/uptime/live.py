"""How many sites are down, as the wall shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from data.live.section import LiveSection
from data.permissions import Permission
from data.uptime import reads, rules

if TYPE_CHECKING:
    from data.live.section import ReadContext, State
    from data.status import Status


class UptimeNow(TypedDict):
    sites: int
    down: int
    silent: int


class Uptime(TypedDict):
    uptime: UptimeNow


def read(context: ReadContext) -> State:
    return {"uptime": reads.counts(context.connection)}


def status(state: State) -> Status:
    return rules.status(**state.get("uptime", {"sites": 0, "down": 0, "silent": 0}))


SECTIONS = (LiveSection("uptime", 2, (Permission.UPTIME_READ,), Uptime, read, status),)

"""What asks for a person now, in groups: the wall's list, its figure, and the light of the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from data.alerts import reads
from data.alerts.rules import group_counts, symbol
from data.live.section import LiveSection, known
from data.permissions import Permission
from data.status import Status, worst

if TYPE_CHECKING:
    from data.live.section import ReadContext, State


class Group(TypedDict):
    """Alerts that are told as one; `id`, `severity`, `state` and `message` are those of the one that stands for them.
    `ack`: by whom, where all of them are in somebody's hands."""

    id: int
    rule: str
    severity: str
    status: str
    symbol: Status
    message: str
    n: int
    since: int
    at: int
    ack: NotRequired[str]
    simulated: bool


class Counted(TypedDict):
    """`groups` that wait for a person, `alerts` in them, `critical` among those; groups that are good to know (`info`),
    and those that are in somebody's hands (`taken`)."""

    groups: int
    alerts: int
    critical: int
    info: int
    taken: int


class Alerts(TypedDict):
    alerts: dict[str, Group]
    alarms: Counted


def alerts(context: ReadContext) -> State:
    rows = reads.groups(context.connection)
    return {"alerts": {row["group"]: _group(row) for row in rows}, "alarms": group_counts(rows)}


def _group(row: dict[str, Any]) -> State:
    return known(
        id=row["id"],
        rule=row["rule"],
        severity=row["severity"],
        status=row["state"],
        symbol=symbol(row["severity"], row["state"]),
        message=row["message"],
        n=row["n"],
        since=row["started_at"],
        at=row["newest_at"],
        ack=row["acknowledged_by"] if row["n"] == row["taken"] else None,
        simulated=row["simulated"],
    )


def status(state: State) -> Status:
    """By what nobody has taken on; all is well where nothing asks for a person."""
    waiting = [group["symbol"] for group in state.get("alerts", {}).values() if "ack" not in group]
    return max(worst(waiting), Status.NORMAL, key=lambda each: each.rank)


SECTIONS = (LiveSection("alarms", 1, (Permission.ALERTS_READ,), Alerts, alerts, status),)

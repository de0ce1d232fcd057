"""How pressing an alert is, and how many of them wait. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SYMBOLS = {"critical": Status.CRITICAL, "warning": Status.SERIOUS, "info": Status.STANDBY}
_CAUTIOUS = frozenset({"pending", "nodata", "error"})


def symbol(severity: str, state: str) -> Status:
    """`info` is good to know and asks for nobody; where nothing is known for certain, caution is asked for."""
    if state in ("resolved", "inactive"):
        return Status.NORMAL
    found = _SYMBOLS.get(severity, Status.SERIOUS)
    return Status.CAUTION if state in _CAUTIOUS and found is not Status.STANDBY else found


def group_counts(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Of groups with their `severity`, their size `n` and how many of it are `taken`."""
    rows = list(groups)
    open_rows = [row for row in rows if row["taken"] < row["n"]]
    waiting = [row for row in open_rows if row["severity"] != "info"]
    return {
        "groups": len(waiting),
        "alerts": sum(row["n"] for row in waiting),
        "critical": sum(row["severity"] == "critical" for row in waiting),
        "info": len(open_rows) - len(waiting),
        "taken": len(rows) - len(open_rows),
    }

"""What can be exported about alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.alerts.rule import Severity
from data.alerts.transition import State
from data.db import frame
from data.exports import MARK, Column, Dataset, NoFilters
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest


class AlertFilters(NoFilters):
    severity: Severity | None = None
    state: State | None = None


_ALERTS: dict[str, Column] = {
    "id": Column("Alert", "integer"),
    "rule": Column("Rule"),
    "severity": Column("Severity"),
    "state": Column("State"),
    "labels": Column("Labels"),
    "message": Column("Message"),
    "value": Column("Value", "number"),
    "started_at": Column("Started", "moment"),
    "fired_at": Column("Fired", "moment"),
    "acknowledged_at": Column("Taken on", "moment"),
    "acknowledged_by": Column("Taken on by"),
    "resolved_at": Column("Over", "moment"),
    "resolved_by": Column("Resolved by"),
    "fingerprint": Column("Fingerprint"),
    "simulated": MARK,
}


def _alerts(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    columns = ", ".join("labels::text as labels" if name == "labels" else name for name in _ALERTS)
    chosen = request.filters_as(AlertFilters)
    return frame(
        connection,
        f"""select {columns} from alerts
            where started_at >= :start and started_at < :end and state <> 'inactive'
              and (cast(:severity as text) is null or severity = :severity)
              and (cast(:state as text) is null or state = :state)
            order by id desc limit :limit""",
        start=request.start,
        end=request.end,
        severity=chosen.severity,
        state=chosen.state,
        limit=request.limit,
    )


DATASETS = (Dataset("alerts", "Alerts, by their start", Permission.ALERTS_READ, _ALERTS, _alerts, AlertFilters),)

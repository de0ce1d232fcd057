"""What is asked of delivery: who was told of an alert, or why not; how the channels do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def list_notifications(connection: Connection, alert_id: int, limit: int = 500) -> list[dict[str, Any]]:
    """Of one alert, the oldest first, each with the reasons of the stages that it passed."""
    rows = connection.execute(
        text("""select n.notification_id as id, n.channel, n.kind, n.state, n.reason, n.route_reason, n.stages,
                  n.created_at, coalesce(n.ended_at, n.created_at) as at, m.attempts, m.error
                from alert_notifications n left join alert_messages m using (message_id)
                where n.alert_id = :id order by n.notification_id limit :limit"""),
        {"id": alert_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]

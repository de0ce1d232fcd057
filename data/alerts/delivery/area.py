"""Who is told of alerts: channels, silences, windows, escalations. Its panels stand on the page of alerts."""

from __future__ import annotations

from data.area import Area, Table

DELIVERY = Area(
    "delivery",
    "Delivery of alerts",
    tables=(
        Table("alert_notifications", expires="created_at < now() - make_interval(days => :metrics)"),
        Table(
            "alert_messages",
            expires="created_at < now() - make_interval(days => :metrics) and state in ('sent', 'failed')",
        ),
        Table(
            "alert_subjects",
            expires="ended_at < now() - make_interval(days => :metrics) or changed_at < now() - interval '1 day'"
            " and not exists (select from alerts a where a.id = alert_subjects.alert_id)",
        ),
        Table("alert_announcements", expires="announced_at < now() - make_interval(days => :metrics) and not open"),
        Table("alert_silences", expires="ends_at < now() - make_interval(days => :history)"),
        Table("alert_escalations", expires="ended_at < now() - make_interval(days => :history)"),
        Table("alert_links", expires="used_at < now() - interval '2 days'"),
        Table("alert_findings", expires="at < now() - make_interval(days => :history)"),
    ),
    every={
        "relay_alerts": 5,
        "escalate_alerts": 2,
        "audit_delivery": 15,
        "remind_of_silences": 30,
        "ping_heartbeat": 60,
    },
)

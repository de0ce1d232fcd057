"""What asks for a person: rules over the signals of all areas, and what became of them."""

from __future__ import annotations

from data.area import Area, Finder, Number, Table
from data.permissions import Permission

ALERTS = Area(
    "alerts",
    "Alerts",
    "/alerts",
    tables=(
        Table(
            "alerts",
            simulated=True,
            expires="resolved_at < now() - make_interval(days => :metrics) and not held",
        ),
        Table("alert_series", simulated=True, expires="at < now() - make_interval(days => :metrics)"),
        Table("alert_samples", expires="at < now() - interval '36 days'"),
        Table("alert_evaluations", expires="at < now() - make_interval(days => :history)"),
    ),
    numbers=(
        Number("alert_groups", "Alerts that wait", "alarms.groups", status="alarms", href="/alerts"),
        Number("alerts_critical", "Critical alerts", "alarms.critical", status="alarms", href="/alerts"),
    ),
    finders=(
        Finder(
            "alert",
            Permission.ALERTS_READ,
            "/alerts?var-alert={}",
            """select id::text as key, rule as title, state || ' · ' || message as detail
               from (select id, rule, state, message, started_at from alerts order by id desc limit 2000) newest
               where rule ilike :like or message ilike :like order by started_at desc limit :each""",
        ),
    ),
    every={"evaluate_alerts": 5, "thin_alert_samples": 300},
)

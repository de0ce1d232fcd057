"""The eight key figures. One whose area has no data says so, and what will bring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kit.cards import kpi, kpi_unavailable

if TYPE_CHECKING:
    from dash import html

# Nothing connects these yet; what a person can do now is to put another number into their place.
NOT_YET = "not in this version · Config offers others"


def missions() -> html.Section:
    return kpi(
        "Active missions",
        "summary.active_jobs",
        name="card-missions",
        note="view.note.jobs",
        second="view.note.mean.jobs",
        trend="trends.active_jobs",
        threshold="view.levels.active_jobs.limit",
        delta="view.delta.active_jobs",
        status="view.status.jobs",
        age="view.as_of.jobs",
        tone="view.levels.active_jobs.tone",
    )


def satellites() -> html.Section:
    return kpi(
        "Satellite fleet",
        "summary.satellites_active",
        name="card-satellites",
        of="summary.satellites_total",
        note="view.note.fleet",
        trend="trends.satellites_active",
        threshold="view.levels.satellites_active.limit",
        delta="view.delta.satellites_active",
        status="view.status.fleet",
        age="view.as_of.fleet",
        tone="view.levels.satellites_active.tone",
    )


def queue() -> html.Section:
    return kpi(
        "Queue depth",
        "queue_depth",
        name="card-queue",
        note="view.note.drain",
        second="view.note.oldest",
        trend="trends.queue_depth",
        threshold="view.levels.queue_depth.limit",
        delta="view.delta.queue_depth",
        status="view.status.queue",
        age="view.as_of.queue",
        tone="view.status.queue",
    )


def alerts() -> html.Section:
    return kpi(
        "Alerts",
        "view.alarms.open",
        name="card-alerts",
        note="view.alarms.said",
        second="view.alarms.critical",
        trend="trends.failures",
        delta="view.delta.failures",
        status="view.status.alarms",
        age="view.as_of.alarms",
        tone="view.status.alarms",
    )


def pages() -> html.Section:
    return kpi(
        "Pages / min",
        "summary.pages_per_minute",
        name="card-pages",
        note="view.note.pages",
        second="view.note.mean.pages",
        trend="trends.pages_per_minute",
        threshold="view.levels.pages_per_minute.limit",
        delta="view.delta.pages_per_minute",
        status="view.status.rate",
        age="view.as_of.rate",
        tone="view.levels.pages_per_minute.tone",
    )


def scraped() -> html.Section:
    return kpi_unavailable("Jobs scraped / h", "No job source yet", NOT_YET, name="card-scraped")


def spend() -> html.Section:
    return kpi_unavailable("AI spend today", "No AI telemetry yet", NOT_YET, name="card-spend")


def dashboards() -> html.Section:
    return kpi_unavailable("Dashboards", "No remote dashboard yet", NOT_YET, name="card-dashboards")

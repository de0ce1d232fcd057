"""The eight key figures that stand there before anybody chooses others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kit.cards import kpi

if TYPE_CHECKING:
    from dash import html


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


def links() -> html.Section:
    return kpi(
        "Links, 24 h",
        "summary.links_24h",
        name="card-links",
        note="view.discovery.said",
        status="view.status.rate",
        age="view.as_of.links_a_day",
        tone="view.levels.links_24h.tone",
    )


def providers() -> html.Section:
    return kpi(
        "APIs running short",
        "quota_counts.short",
        name="card-providers",
        of="quota_counts.providers",
        note="view.note.short",
        status="view.status.quotas",
        age="view.as_of.quotas",
        tone="view.levels.quotas_short.tone",
    )


def domains() -> html.Section:
    return kpi(
        "Watched domains free",
        "domains.available",
        name="card-domains",
        of="domains.watched",
        note="view.note.watched",
        status="view.status.domains",
        age="view.as_of.domains",
        tone="view.levels.watched_free.tone",
    )

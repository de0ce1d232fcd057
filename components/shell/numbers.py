"""The numbers that the palette reaches: their names, where they stand in the live state, which page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    title: str
    path: str
    format: str
    href: str


NUMBERS: tuple[Number, ...] = (
    Number("Active missions", "summary.active_jobs", "int", "/"),
    Number("Queue depth", "queue_depth", "int", "/"),
    Number("Queued missions", "summary.queued_jobs", "int", "/missions"),
    Number("Paused missions", "summary.paused_jobs", "int", "/missions"),
    Number("Missions completed in 24 h", "summary.completed_24h", "int", "/missions"),
    Number("Missions failed in 24 h", "summary.failed_24h", "int", "/missions"),
    Number("Mean completion time", "summary.mean_completion_s", "age", "/missions"),
    Number("Satellites at work", "summary.satellites_active", "int", "/"),
    Number("Satellites known", "summary.satellites_total", "int", "/"),
    Number("Satellite utilisation", "summary.utilisation", "percent", "/missions"),
    Number("Pages per minute", "summary.pages_per_minute", "int", "/"),
    Number("Pages crawled in all", "summary.pages_total", "int", "/missions"),
    Number("Links found in 24 h", "summary.links_24h", "int", "/"),
)

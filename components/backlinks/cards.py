"""The six key figures, each with its change against the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.kit.cards import kpi_value
from components.kit.formats import WAITING, decimal, whole
from components.kit.sparks import Spark
from data.backlinks.rules import HIGH_AUTHORITY

if TYPE_CHECKING:
    from dash import html

    from data.backlinks.analysis.summary import Summary


class Figure(NamedTuple):
    title: str
    words: str
    delta: str
    note: str
    trend: Spark

    def card(self, *, compare: bool) -> html.Section:
        return kpi_value(self.title, self.words, self.note, delta=self.delta if compare else None, trend=self.trend)


def cards(summary: Summary, *, compare: bool) -> list[html.Section]:
    now, before, day = summary.now, summary.before, summary.day
    period = f"vs prev {summary.days} d" if compare else ""
    trends = summary.trends
    figures = [
        Figure(
            "Backlinks",
            whole(now.links),
            _percent(now.links, before.links),
            f"{whole(now.live)} live · {period}" if compare else f"{whole(now.live)} live",
            Spark(trends["links"]),
        ),
        Figure(
            "Referring domains",
            whole(now.domains),
            _signed(now.domains - before.domains),
            period,
            Spark(trends["domains"]),
        ),
        Figure(
            "Avg DA",
            decimal(now.authority),
            _difference(now.authority, before.authority),
            period,
            Spark(trends["authority"]),
        ),
        Figure(
            "New 24 h",
            whole(day.new),
            _signed(day.new - day.new_before),
            f"{whole(day.high)} with DA > {HIGH_AUTHORITY}",
            Spark(trends["new"], "serious"),
        ),
        Figure(
            "Lost 24 h",
            whole(day.lost),
            _signed(day.lost - day.lost_before),
            f"{whole(day.lost_high)} with DA > {HIGH_AUTHORITY}",
            Spark(trends["lost"], "critical" if day.lost else ""),
        ),
        Figure(
            "Toxic share",
            _share(now.toxic_share),
            _difference(now.toxic_share, before.toxic_share, " pt"),
            f"{whole(now.toxic)} of {whole(now.new)} found",
            Spark(trends["toxic"]),
        ),
    ]
    return [each.card(compare=compare) for each in figures]


def _arrow(value: float) -> str:
    return "▲" if value > 0 else "▼" if value < 0 else "="


def _signed(change: int) -> str:
    return f"{_arrow(change)} {whole(abs(change))}"


def _percent(now: int, before: int) -> str:
    return f"{_arrow(now - before)} {decimal(100 * abs(now / before - 1))} %" if before else WAITING


def _difference(now: float | None, before: float | None, unit: str = "") -> str:
    if now is None or before is None:
        return WAITING
    change = round(now - before, 1)
    return f"{_arrow(change)} {decimal(abs(change))}{unit}"


def _share(value: float | None) -> str:
    return WAITING if value is None else f"{decimal(value)} %"


def unknown() -> list[html.Section]:
    """While there is nothing to count."""
    titles = ("Backlinks", "Referring domains", "Avg DA", "New 24 h", "Lost 24 h", "Toxic share")
    return [kpi_value(title, WAITING, "", trend=Spark(())) for title in titles]

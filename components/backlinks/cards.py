"""The six key figures, each with its change against the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.kit.cards import Delta, kpi_value
from components.kit.formats import WAITING, decimal, whole
from components.kit.sparks import Spark
from data.backlinks.rules import HIGH_AUTHORITY, losses_status
from data.status import Status

if TYPE_CHECKING:
    from dash import html

    from components.kit.cards import Way
    from components.kit.sparks import Tone
    from data.backlinks.analysis.summary import Summary


class Figure(NamedTuple):
    title: str
    words: str
    delta: Delta | None
    note: str
    trend: Spark

    def card(self, *, compare: bool) -> html.Section:
        return kpi_value(self.title, self.words, self.note, delta=self.delta if compare else None, trend=self.trend)


def cards(summary: Summary, *, compare: bool, is_open: bool = False) -> list[html.Section]:
    """`is_open`: the last day of the range is not over."""
    return [
        figure.card(compare=compare)
        for figure in (*_stocks(summary, compare=compare, is_open=is_open), *_flows(summary, is_open=is_open))
    ]


def _stocks(summary: Summary, *, compare: bool, is_open: bool) -> list[Figure]:
    now, before, trends = summary.now, summary.before, summary.trends
    period = f"vs previous {summary.days} d" if compare and before.links else ""
    live = f"{whole(now.live)} live"
    return [
        Figure(
            "Backlinks",
            whole(now.links),
            _change(now.links, before.links or None, percent=True),
            f"{live} · {period}" if period else live,
            Spark(trends["links"], is_open=is_open),
        ),
        Figure(
            "Referring domains",
            whole(now.domains),
            _change(now.domains, before.domains or None),
            period,
            Spark(trends["domains"], is_open=is_open),
        ),
        Figure(
            "Avg DA",
            decimal(now.authority),
            _change(now.authority, before.authority),
            period,
            Spark(trends["authority"], is_open=is_open),
        ),
    ]


def _flows(summary: Summary, *, is_open: bool) -> list[Figure]:
    now, before, day, trends = summary.now, summary.before, summary.day, summary.trends
    known = now.links > day.new  # else nothing is known of the day before
    status = losses_status(day.lost, sum(trends["lost"]) / max(1, len(trends["lost"])))
    tone: Tone = "critical" if status == Status.CRITICAL else "serious" if status == Status.SERIOUS else ""
    return [
        Figure(
            "New 24 h",
            whole(day.new),
            _change(day.new, day.new_before if known else None),
            f"{whole(day.high)} with DA > {HIGH_AUTHORITY} · vs day before",
            Spark(trends["new"], is_open=is_open),
        ),
        Figure(
            "Lost 24 h",
            whole(day.lost),
            _change(day.lost, day.lost_before if known else None, more="bad"),
            f"{whole(day.lost_high)} with DA > {HIGH_AUTHORITY} · vs day before",
            Spark(trends["lost"], tone, is_open=is_open),
        ),
        Figure(
            "Toxic share",
            _share(now.toxic_share),
            _change(now.toxic_share, before.toxic_share, more="bad", unit=" pt"),
            f"{whole(now.toxic)} of {whole(now.new)} found",
            Spark(trends["toxic"], is_open=is_open),
        ),
    ]


def _change(
    now: float | None, before: float | None, *, more: Way = "good", unit: str = "", percent: bool = False
) -> Delta | None:
    """None where nothing is known of before; `more` says what more of this figure is."""
    if now is None or before is None:
        return None
    change = 100 * (now / before - 1) if percent else now - before
    exact = whole if isinstance(now, int) and not percent else decimal
    if not round(change, 1):
        return Delta(f"= {exact(0)}{' %' if percent else unit}", "")
    way: Way = more if change > 0 else "bad" if more == "good" else "good"
    return Delta(f"{'▲' if change > 0 else '▼'} {exact(abs(change))}{' %' if percent else unit}", way)


def _share(value: float | None) -> str:
    return WAITING if value is None else f"{decimal(value)} %"


def unknown() -> list[html.Section]:
    """While there is nothing to count."""
    titles = ("Backlinks", "Referring domains", "Avg DA", "New 24 h", "Lost 24 h", "Toxic share")
    return [kpi_value(title, WAITING, "", trend=Spark(())) for title in titles]

from __future__ import annotations

from dash import dcc, html

from components.kit import address, live, view_versions
from components.kit.cards import kpi
from components.kit.charts import chart_panel
from components.kit.exports import RANGE, Export
from components.kit.page_header import notice, page_header
from components.kit.time_control import time_control
from components.missions import ids
from components.missions.board import board
from components.missions.form import submit_form
from components.missions.panels import failures, fleet

REFRESH_S = 90  # the views are refreshed every minute
JOBS, SPEED = SHOWS = ("mv_daily_job_stats", "mv_daily_satellite_performance")


def _cards() -> html.Div:
    cards = [
        kpi(
            "Active missions",
            "summary.active_jobs",
            note="view.note.jobs",
            trend="trends.active_jobs",
            delta="view.delta.active_jobs",
            status="view.status.jobs",
            age="view.as_of.jobs",
        ),
        kpi(
            "Pages discovered",
            "summary.pages_total",
            note="view.note.rate",
            trend="trends.pages_per_minute",
            status="view.status.rate",
            age="view.as_of.rate",
        ),
        kpi(
            "Queue depth",
            "queue_depth",
            note="view.note.drain",
            trend="trends.queue_depth",
            delta="view.delta.queue_depth",
            status="view.status.queue",
            tone="view.status.queue",
            age="view.as_of.queue",
        ),
        kpi(
            "Mean completion",
            "summary.mean_completion_s",
            form="age",
            note="view.note.ended",
            status="view.status.errors",
            age="view.as_of.queue",
        ),
        kpi(
            "Satellite utilisation",
            "summary.utilisation",
            form="percent",
            note="view.note.satellites",
            trend="trends.satellites_active",
            status="view.status.fleet",
            age="view.as_of.fleet",
        ),
    ]
    return html.Div(cards, className="cards")


def _charts() -> html.Div:
    daily = [Export("missions_daily", RANGE)]
    panels = [
        chart_panel(
            "Missions by outcome",
            ids.JOBS_BY_OUTCOME,
            note="missions per day",
            stamp=JOBS,
            explained="Missions by the day they were created on and how they ended.",
            board="jobs_by_outcome",
            expected_s=REFRESH_S,
            exports=daily,
        ),
        chart_panel(
            "Pages crawled",
            ids.PAGES_BY_DAY,
            note="pages per day",
            stamp=JOBS,
            explained="Pages fetched by missions, by the day these were created on.",
            board="pages_by_day",
            expected_s=REFRESH_S,
            exports=daily,
        ),
        chart_panel(
            "Mean completion time",
            ids.COMPLETION_TIME,
            note="minutes, by day of creation",
            stamp=JOBS,
            explained="Minutes from start to completion, the mean of the missions completed that were created "
            "that day.",
            board="completion_time",
            expected_s=REFRESH_S,
            exports=daily,
        ),
        chart_panel(
            "Satellite speed",
            ids.SATELLITE_SPEED,
            note="pages / min, mean and span of satellites",
            stamp=SPEED,
            explained="Pages a minute of a satellite at work: the mean of all, and the span from the slowest to "
            "the fastest.",
            board="satellite_speed",
            expected_s=REFRESH_S,
            exports=[Export("satellites_daily", RANGE)],
        ),
    ]
    return html.Div(panels, className="charts")


def layout(here: address.Address = address.BARE, *, job: str | None = None) -> html.Div:
    """The page as its address says: `?job=` opens a mission, `?from=&to=` is the range of the history."""
    drawer = html.Aside(id=ids.DETAIL, className="drawer panel", hidden=True, **live.attrs(aria_label="Mission"))
    return html.Div(
        [
            address.store(ids.VIEW, here, job=job),
            view_versions.store(ids.STAMP, *SHOWS),
            *(dcc.Store(id=name) for name in (ids.STATUS, ids.DRAWN, ids.CHANGED)),
            dcc.Store(id=ids.TOAST),
            page_header(html.H1("Missions"), time_control(here, name="Range of the history")),
            notice(ids.NOTICE),
            drawer,
            _cards(),
            html.Div([board(), submit_form(), fleet(limit=30), failures(limit=7)], className="missions-tiles"),
            _charts(),
        ],
        className="page missions",
    )

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import kpi
from components.kit.failures import failures
from components.kit.fleet import fleet
from components.kit.states import command, link, satellite_commands
from components.kit.timeline import timeline
from components.overview.discoveries import discoveries


def _cards() -> html.Div:
    cards = [
        kpi(
            "Active missions",
            "summary.active_jobs",
            note="view.note.jobs",
            second="view.note.ended",
            trend="trends.active_jobs",
            delta="view.delta.active_jobs",
            status="view.status.jobs",
        ),
        kpi(
            "Satellite fleet",
            "summary.satellites_active",
            of="summary.satellites_total",
            note="view.note.fleet",
            trend="trends.satellites_active",
            delta="view.delta.satellites_active",
            status="view.status.fleet",
        ),
        kpi(
            "Queue depth",
            "queue_depth",
            note="view.note.drain",
            second="view.note.oldest",
            trend="trends.queue_depth",
            delta="view.delta.queue_depth",
            status="view.status.queue",
            tone="view.status.queue",
        ),
        kpi(
            "Pages / min",
            "summary.pages_per_minute",
            note="view.note.links",
            trend="trends.pages_per_minute",
            delta="view.delta.pages_per_minute",
            status="view.status.rate",
        ),
    ]
    return html.Div(cards, className="cards")


def _first_steps() -> html.Section:
    steps = [
        html.Li([html.Strong("Start a satellite: "), *satellite_commands()], **_done("view.has.fleet")),
        html.Li(
            html.Span([html.Strong("Submit a mission"), " on the ", link("Missions page", "/missions"), "."]),
            **_done("view.has.jobs"),
        ),
        html.Li(
            [html.Strong("Or see it moving first: "), command("make run SIMULATE=1")],
        ),
    ]
    return html.Section(
        [html.H2("This wall has no data yet"), html.Ol(steps)],
        className="panel first-steps",
        **(live.marks(aria_label="First steps") | live.shown("view.empty.wall")),
    )


def _done(path: str) -> live.Attributes:
    return live.attributes(data_done=path)


def layout() -> html.Div:
    tiles = [timeline(limit=12), fleet(limit=15), discoveries(limit=12), failures(limit=7)]
    return html.Div(
        [
            html.H1("Overview", className="sr-only"),
            _cards(),
            _first_steps(),
            html.Div(tiles, className="tiles"),
        ],
        className="page overview",
    )

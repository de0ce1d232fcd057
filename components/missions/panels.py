"""What other pages may show of missions: the timeline, the fleet, the failures. All are drawn from the live state."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.alarms import alarm_row
from components.kit.cards import panel
from components.kit.commands import satellite_commands
from components.kit.exports import RANGE, Export
from components.kit.states import link, live_empty, live_symbol


def ring(progress: str) -> html.Div:
    """Progress in pure CSS; `progress` is the path of a percentage."""
    return html.Div(
        live.value(progress, "int"),
        className="ring",
        role="progressbar",
        **(
            live.attrs(aria_valuemin="0", aria_valuemax="100", aria_label="Progress in percent")
            | live.variables(p=progress)
        ),
    )


def _bar() -> html.Div:
    places = live.variables(start="x_start", now="x_now", end="x_end", low="x_low", high="x_high")
    parts = [html.I(className=f"bar-{part}") for part in ("rest", "done", "band")]
    return html.Div(parts, className="bar", **(live.attrs(aria_hidden="true") | places))


def _milestones() -> html.Span:
    marks = [html.I(**live.attributes(data_reached=f"reached_{step}")) for step in range(1, 5)]
    words = live.attributes(aria_label="reached_words", title="reached_words")
    return html.Span(marks, className="milestones", role="img", **words)


def _mission() -> html.Div:
    return live.row(
        [
            ring("progress"),
            html.Div(
                [
                    html.A(
                        live.value("$key"),
                        className="job-id",
                        **(live.attrs(data_nav="") | live.attributes(href="href")),
                    ),
                    live.value("job_type", className="job-type"),
                ],
                className="job-name",
            ),
            live.value("target", className="job-target"),
            _bar(),
            _milestones(),
            html.Span([live_symbol("symbol"), live.value("word")], className="job-word"),
        ],
        className="job",
        **live.attributes(data_status="symbol"),
    )


def _axis() -> html.Div:
    marks = html.Div([html.Span(words) for words in ("−30 min", "now", "+30", "+60 min")], className="bar-axis")
    return html.Div(marks, className="job job-axis", **live.attrs(aria_hidden="true"))


def timeline(*, limit: int) -> html.Section:
    """A ring, a bar from start to the expected end with its band, and a countdown."""
    listed = live.rows("view.jobs", _mission(), limit=limit, sort="order", className="jobs")
    return panel(
        "Mission timeline & job status",
        _axis(),
        listed,
        live.rest("view.whole.jobs"),
        live_empty("view.empty.jobs", "No mission yet.", "Submit one on the ", link("Missions page", "/missions"), "."),
        age="view.as_of.jobs",
        name="timeline",
        note=live.value("view.said.jobs"),
        explained="The ring is the progress, the bar runs from the start to the expected end, its hatched part is the "
        "interval of that forecast. Diamonds are passed at the start, half, two thirds and nine tenths.",
        exports=[Export("missions", RANGE)],
    )


def _satellite() -> html.Div:
    return live.row(
        [
            live_symbol("symbol"),
            live.value("name", className="satellite-name"),
            live.value("ppm", "int", className="satellite-rate"),
            html.Div(className="spark", **live.spark("spark")),
            live.value("word", className="satellite-word"),
        ],
        className="satellite",
        **live.attributes(data_status="symbol"),
    )


def fleet(*, limit: int) -> html.Section:
    listed = live.rows("view.fleet", _satellite(), limit=limit, sort="order", className="satellites")
    return panel(
        "Satellite fleet",
        listed,
        live.rest("view.whole.fleet"),
        live_empty("view.empty.fleet", "No satellite has reported.", "Start one: ", *satellite_commands()),
        age="view.as_of.fleet",
        name="fleet",
        note=["pages / min · ", live.value("view.said.fleet")],
        explained="Pages per minute of each satellite over the last hour. A satellite that "
        "misses its heartbeats is LATE, then LOST; its mission goes to another.",
        exports=[Export("satellites")],
    )


def failures(*, limit: int) -> html.Section:
    """Those that need a person, newest first."""
    listed = live.rows("view.errors", alarm_row(), limit=limit, sort="-at", className="failures")
    return panel(
        "Needs attention",
        listed,
        live.rest("view.whole.errors"),
        live_empty("view.empty.errors", "Nothing failed in 24 h.", "Failed and abnormal missions are listed here."),
        age="view.as_of.errors",
        name="failures",
        note=["last 24 h · ", live.value("view.said.errors")],
        explained="Missions that failed or ended abnormally in the last 24 hours. Each stays as pressing as it began "
        "until somebody takes it on.",
        exports=[Export("missions", RANGE)],
    )

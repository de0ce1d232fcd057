"""What a board may show of links: the charts of the page for its usual target, over the days of the board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from callbacks.backlinks import rows
from components.backlinks import figures
from data import clock
from data.backlinks.analysis.velocity import velocity
from data.backlinks.query import DatabaseTargets, build_query, parse_span
from data.backlinks.reads import alarms, competitors, daily_counts, lists

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go
    from sqlalchemy import Connection

    from callbacks.panels import Chart
    from data.backlinks.inputs import Question


def _usual(connection: Connection, start: date, end: date) -> Question:
    """Raises NotFound while no link is known."""
    now = clock.now()
    return build_query({}, parse_span(start.isoformat(), end.isoformat(), now), DatabaseTargets(connection), now)


def read_velocity(connection: Connection, start: date, end: date) -> tuple[Question, Any, Any]:
    asked = _usual(connection, start, end)
    return (
        asked,
        velocity(daily_counts.list_days(connection, asked), asked),
        rows.update_days(alarms.list_signals(connection, asked)),
    )


def read_authority(connection: Connection, start: date, end: date) -> tuple[Question, Any]:
    asked = _usual(connection, start, end)
    return asked, competitors.list_bands(connection, asked)


def read_radar(connection: Connection, start: date, end: date) -> tuple[Question, Any]:
    asked = _usual(connection, start, end)
    return asked, lists.list_recent(connection, replace(asked, rows=lists.BLIPS))


def read_toxic(connection: Connection, start: date, end: date) -> tuple[Question, Any]:
    asked = _usual(connection, start, end)
    return asked, daily_counts.list_days(connection, asked)


def draw_velocity(found: tuple[Question, Any, Any], *, start: date, end: date) -> go.Figure:
    del start, end  # they stand in the question
    asked, told, updates = found
    return figures.velocity(told, question=asked, updates=updates)


def _drawn_by(figure: Any) -> Any:  # noqa: ANN401 — figures of one frame and its question
    def draw(found: tuple[Question, Any], *, start: date, end: date) -> go.Figure:
        del start, end
        drawn: go.Figure = figure(found[1], question=found[0])
        return drawn

    return draw


CHARTS: dict[str, Chart] = {
    "backlinks_velocity": (read_velocity, draw_velocity),
    "backlinks_authority": (read_authority, _drawn_by(figures.authority)),
    "backlinks_radar": (read_radar, _drawn_by(figures.radar)),
    "backlinks_toxic": (read_toxic, _drawn_by(figures.toxic)),
}

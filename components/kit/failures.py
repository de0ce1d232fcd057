"""Failures that need a person, newest first."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import live_empty, live_symbol


def failure_row() -> html.Div:
    return live.row(
        [
            live_symbol("symbol"),
            html.Div(
                [
                    html.A(
                        live.value("title"),
                        className="failure-title",
                        **(live.marks(data_nav="") | live.attributes(href="href")),
                    ),
                    live.value("words", className="failure-words"),
                ]
            ),
            live.value("at", "ago", className="failure-age"),
        ],
        className="failure",
        **live.attributes(data_status="symbol"),
    )


def failures(*, limit: int) -> html.Section:
    listed = live.rows("view.errors", failure_row(), limit=limit, sort="-at", className="failures")
    return panel(
        "Needs a person",
        listed,
        live_empty("view.empty.errors", "Nothing failed in 24 h.", "Failed and abnormal missions are listed here."),
        name="failures",
        note=["last 24 h · ", live.value("view.said.errors")],
    )

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import command, live_empty


def _row() -> html.Div:
    return live.row(
        [
            live.value("at", "time", className="link-time"),
            live.value("source", className="link-source"),
            html.Span("→", className="link-arrow"),
            live.value("target", className="link-target"),
            html.Span(className="link-grade", **(live.text("grade") | live.attributes(data_grade="tone"))),
        ],
        className="link",
    )


def discoveries(*, limit: int) -> html.Section:
    listed = live.rows("view.links", _row(), limit=limit, sort="order", className="links")
    return panel(
        "Real-time backlink discovery",
        listed,
        live_empty(
            "view.empty.links",
            "No link found yet.",
            "Satellites report links as they crawl. Other sources send them to ",
            command("POST /api/v1/ingest/backlinks"),
        ),
        name="discoveries",
        note=[live.value("summary.links_24h", "int"), " links in 24 h · newest first"],
    )

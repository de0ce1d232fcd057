"""What other pages may show of backlinks: the last hour as a radar of the newest, a curve of all, and words."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.commands import ingest_commands
from components.kit.states import live_empty
from data.backlinks.rules import HIGH_AUTHORITY, MIDDLE_AUTHORITY

LEGEND = (
    ("high", f"DA > {HIGH_AUTHORITY}"),
    ("middle", f"DA {MIDDLE_AUTHORITY}–{HIGH_AUTHORITY}"),
    ("low", f"DA < {MIDDLE_AUTHORITY}"),
)


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


def _radar() -> html.Div:
    said = live.attributes(aria_label="view.discovery.radar")
    return html.Div(live.drawing("radar", canvas=True, **said), className="radar")


def _curve() -> html.Div:
    legend = [html.Span([html.I(className=f"area-{band}"), words]) for band, words in LEGEND]
    chart = live.drawing("areas", **live.attributes(aria_label="view.discovery.curve"))
    return html.Div([html.Div(legend, className="legend"), chart], className="discovery-curve")


def discoveries(*, limit: int) -> html.Section:
    listed = live.rows("view.links", _row(), limit=limit, sort="order", className="links")
    hour = html.Div([_radar(), _curve(), listed], className="discovery", **live.shown("view.has.links"))
    return panel(
        "Real-time backlink discovery",
        hour,
        live_empty(
            "view.empty.links",
            "No link found yet.",
            "Satellites report links as they crawl. To send links from another source:",
            *ingest_commands("backlinks"),
        ),
        age="view.as_of.links",
        name="discoveries",
        note=live.value("view.discovery.said"),
        explained="Links found in the last 60 minutes. On the radar the angle is the target, the distance from the "
        "centre 100 minus the authority of the linking domain, the size its authority; an amber ring marks more than "
        f"{HIGH_AUTHORITY}, a hollow dot likely spam. The curve counts links per minute by authority.",
    )

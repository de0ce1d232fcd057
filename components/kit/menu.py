"""A panel's menu: see it large, read what it shows. `assets/js/shell/panel-menu.js` opens and closes it."""

from __future__ import annotations

from dash import html

from components.kit import live


def menu(title: str, explained: str) -> html.Details:
    zoom = html.Button("Zoom", type="button", className="menu-item", **live.attrs(data_zoom="", aria_pressed="false"))
    return html.Details(
        [
            html.Summary("⋮", className="menu-mark", title="Menu", **live.attrs(aria_label=f"Menu of {title}")),
            html.Div([zoom, html.P(explained, className="menu-words")], className="menu-body"),
        ],
        className="menu",
        **live.attrs(data_menu=""),
    )

"""A panel's menu: see it large, take its data along, read what it shows. `assets/panel-menu.js` opens and closes it."""

from __future__ import annotations

from dash import html

from components.kit import live


def menu(title: str, explained: str | None, exports: str | None) -> html.Details:
    zoom = html.Button("Zoom", type="button", className="menu-item", **live.marks(data_zoom="", aria_pressed="false"))
    words = html.P(explained, className="menu-words") if explained else None
    return html.Details(
        [
            html.Summary("⋮", className="menu-mark", title="Menu", **live.marks(aria_label=f"Menu of {title}")),
            html.Div([zoom, *_exports(exports), words], className="menu-body"),
        ],
        className="menu",
        **live.marks(data_menu=""),
    )


def _exports(dataset: str | None) -> list[html.A]:
    """The server decides who may take it: it answers a person without the permission with words."""
    if not dataset:
        return []
    return [
        html.A(f"Export {kind.upper()}", href=f"/api/v1/export/{dataset}.{kind}", download="", className="menu-item")
        for kind in ("csv", "xlsx")
    ]

"""The head of a page: its title, the control of time beside it, and where the page says what it cannot take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

if TYPE_CHECKING:
    from dash.development.base_component import Component


def page_header(title: Component, *controls: Component) -> html.Div:
    return html.Div([title, *controls], className="page-head")


def notice(name: str, said: str = "") -> html.Div:
    """Where a page says what its address asks for in vain (`components.kit.notices`)."""
    return html.Div(said or None, id=name, className="notice", role="status")

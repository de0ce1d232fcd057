from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from data.permissions import Role


def person(name: str, role: Role | None) -> list[Component]:
    said = f"{name} · {role.value}" if role else name
    leave = html.Button("Sign out", className="button button-quiet", **live.attrs(data_sign_out=""))
    return [html.Span(said, className="person-name"), leave]

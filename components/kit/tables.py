"""Tables that the server draws: for lists that a person reads from the top, not for thousands of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import live
from components.kit.states import empty
from components.kit.static_html import StaticHtml, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dash.development.base_component import Component

    from components.kit.live import Content


@dataclass(frozen=True, slots=True)
class Column:
    """`cell` draws a row's cell; a `number` stands to the right."""

    title: str
    cell: Callable[[Mapping[str, Any]], Content]
    number: bool = False


def table(
    label: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], *, nothing: tuple[str, Content]
) -> Component:
    """`nothing` are the title and the advice of the table without rows."""
    if not rows:
        title, advice = nothing
        return empty(title, *(advice if isinstance(advice, list | tuple) else [advice or ""]))
    kinds = ["number" if column.number else None for column in columns]
    head = html.Tr(
        [html.Th(each.title, className=kind, scope="col") for each, kind in zip(columns, kinds, strict=True)]
    )
    body = [
        html.Tr(
            [
                html.Td(each.cell(row), className=kind, **live.attrs(data_label=each.title))
                for each, kind in zip(columns, kinds, strict=True)
            ]
        )
        for row in rows
    ]
    return StaticHtml(render(html.Table([html.Thead(head), html.Tbody(body)], className="table")), "table-box", label)

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live
from components.kit.states import freshness, live_symbol

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.live import Content, Format


def kpi(  # noqa: PLR0913 — a card is its parts, each named at the call
    title: str,
    figure: str,
    *,
    form: Format = "int",
    of: str | None = None,
    note: str | None = None,
    second: str | None = None,
    trend: str | None = None,
    delta: str | None = None,
    status: str,
    tone: str | None = None,
) -> html.Section:
    """A key figure. Every argument but `title` and `form` is a path in the live state or its derived `view`.

    The symbol shows `status`, the worst of what is counted; the figure itself takes a colour only with `tone`.
    """
    outof = [html.Span(["/", live.value(of, "int")], className="card-of")] if of else []
    side = [html.Span(className="card-delta", **live.text(delta))] if delta else []
    notes = [html.Span(className="card-note", **live.text(path)) for path in (note, second) if path]
    return html.Section(
        [
            html.Header([live_symbol(status), html.H2(title), freshness()]),
            html.Div(
                [html.Div([live.value(figure, form, className="card-number"), *outof], className="card-figure"), *side],
                className="card-main",
            ),
            html.Div(notes, className="card-notes"),
            html.Div(className="spark", **live.spark(trend)) if trend else None,
        ],
        className="panel card",
        **(live.marks(aria_label=title) | (live.attributes(data_tone=tone) if tone else {})),
    )


def _fold(title: str) -> html.Button:
    said = live.marks(data_fold="", aria_expanded="true", aria_label=f"Fold {title}")
    return html.Button(className="fold", type="button", **said)


def panel(
    title: str,
    *body: Component,
    name: str,
    note: Content = None,
    age: str | None = "as_of",
    expected_s: float = 2,
) -> html.Section:
    """A titled tile; `name` is its CSS class suffix and anchor, `age` the stamp its freshness is told from."""
    head = html.Header(
        [
            _fold(title),
            html.H2(title),
            html.Span(note, className="panel-note"),
            freshness(age, expected_s) if age else None,
        ],
        className="panel-head",
    )
    content = html.Div(list(body), className="panel-body")
    return html.Section(
        [head, content], className=f"panel panel-{name}", id=f"panel-{name}", **live.marks(aria_label=title)
    )

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live
from components.kit.exports import offer
from components.kit.menu import menu
from components.kit.states import freshness, live_symbol, symbol
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from components.kit.exports import Export
    from components.kit.live import Content, Format


def kpi(  # noqa: PLR0913 — a card is its parts, each named at the call
    title: str,
    figure: str,
    *,
    name: str | None = None,
    form: Format = "int",
    of: str | None = None,
    note: str | None = None,
    second: str | None = None,
    trend: str | None = None,
    threshold: str | None = None,
    delta: str | None = None,
    status: str,
    tone: str | None = None,
    age: str = "as_of",
) -> html.Section:
    """A key figure. Every argument but `title` and `form` is a path in the live state or its derived `view`.

    The symbol shows `status`, the worst of what is counted; the figure itself takes a colour only with `tone`.
    `threshold` draws a line across the trend, where there is one.
    """
    outof = [html.Span(["/", live.value(of, "int")], className="card-of")] if of else []
    side = [html.Span(className=f"card-{part}", **live.text(path)) for part, path in _given(delta=delta, second=second)]
    notes = [html.Span(className="card-note", **live.text(note))] if note else []
    return html.Section(
        [
            html.Header([live_symbol(status), html.H2(title)]),
            html.Div(
                [
                    html.Div([live.value(figure, form, className="card-number"), *outof], className="card-figure"),
                    html.Div(side, className="card-side"),
                ],
                className="card-main",
            ),
            html.Div([*notes, freshness(age)], className="card-notes"),
            html.Div(className="spark", **live.spark(trend, threshold)) if trend else None,
        ],
        className="panel card",
        **(_named(title, name) | (live.attributes(data_tone=tone) if tone else {})),
    )


def absent(title: str, words: str, what_brings_it: str, *, name: str) -> html.Section:
    """A key figure whose area has no data: it says so, and what will bring it."""
    return html.Section(
        [
            html.Header([symbol(Status.OFF), html.H2(title)]),
            html.Div(
                html.Div(html.Span(live.WAITING, className="card-number"), className="card-figure"),
                className="card-main",
            ),
            html.Div([html.Strong(words), html.Span(what_brings_it)], className="card-absent"),
        ],
        className="panel card card-off",
        **_named(title, name),
    )


def _given(**paths: str | None) -> list[tuple[str, str]]:
    return [(part, path) for part, path in paths.items() if path]


def _named(title: str, name: str | None) -> live.Attributes:
    return live.marks(aria_label=title) | ({"id": f"panel-{name}"} if name else {})


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
    explained: str | None = None,
    exports: Sequence[Export] = (),
) -> html.Section:
    """A titled tile; `name` is its CSS class suffix and anchor, `age` the stamp its freshness is told from.

    `explained` says what is seen and how it is counted, in its menu; `exports` are the datasets
    behind it, offered as files.
    """
    head = html.Header(
        [
            _fold(title),
            html.H2(title),
            html.Span(note, className="panel-note"),
            freshness(age, expected_s) if age else None,
            offer(title, *exports) if exports else None,
            menu(title, explained) if explained else None,
        ],
        className="panel-head",
    )
    content = html.Div(list(body), className="panel-body")
    return html.Section(
        [head, content], className=f"panel panel-{name}", id=f"panel-{name}", **live.marks(aria_label=title)
    )

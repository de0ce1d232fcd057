from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from dash import html

from components.kit import live
from components.kit.menu import menu
from components.kit.states import freshness, live_symbol, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from components.kit.exports import Export
    from components.kit.live import Content, Format
    from components.kit.sparks import Spark
    from data.status import Status

Way = Literal["good", "bad", ""]


class Delta(NamedTuple):
    """A change in words, and whether it is a good one for its figure."""

    words: str
    way: Way = ""


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
    return _card(
        [live_symbol(status), html.H2(title)],
        [live.value(figure, form, className="card-number"), *outof],
        html.Div(side, className="card-side"),
        notes=html.Div([*notes, freshness(age)], className="card-notes"),
        spark=html.Div(className="spark", **live.spark(trend, threshold)) if trend else None,
        attributes=_named(title, name) | (live.attributes(data_tone=tone) if tone else {}),
    )


def kpi_value(
    title: str,
    figure: str,
    note: str,
    *,
    status: Status | None = None,
    delta: Delta | None = None,
    trend: Spark | None = None,
) -> html.Section:
    """A key figure that a callback has read, in words; `trend` is its curve, whose tone the figure takes."""
    mark = [symbol(status)] if status else []
    change = [] if delta is None else [html.Span(delta.words, className="card-delta", **live.attrs(data_way=delta.way))]
    return _card(
        [*mark, html.H2(title), *change],
        [html.Span(figure, className="card-number")],
        notes=html.Div(html.Span(note, className="card-note"), className="card-notes"),
        spark=html.Div(trend.picture(), className="spark") if trend else None,
        attributes=live.attrs(aria_label=title) | (live.attrs(data_tone=trend.tone) if trend else {}),
    )


def _card(
    head: list[Component],
    figure: list[Component],
    *beside: Component,
    notes: html.Div,
    spark: html.Div | None = None,
    attributes: live.Attributes,
) -> html.Section:
    main = html.Div([html.Div(figure, className="card-figure"), *beside], className="card-main")
    return html.Section([html.Header(head), main, notes, spark], className="panel card", **attributes)


def _given(**paths: str | None) -> list[tuple[str, str]]:
    return [(part, path) for part, path in paths.items() if path]


def _named(title: str, name: str | None) -> live.Attributes:
    return live.attrs(aria_label=title) | ({"id": f"panel-{name}"} if name else {})


def _fold(title: str) -> html.Button:
    said = live.attrs(data_fold="", aria_expanded="true", aria_label=f"Fold {title}")
    return html.Button(className="fold", type="button", **said)


def _source(age: str | None) -> str | None:
    """The view, or the live state, that an age is told of."""
    if age is None:
        return None
    return age.split(".")[1] if age.startswith("stamps.") else "the live state"


def panel(  # noqa: PLR0913 — a panel is its parts, each named at the call
    title: str,
    *body: Component,
    name: str,
    note: Content = None,
    age: str | None = "as_of",
    expected_s: float = 2,
    explained: str,
    exports: Sequence[Export] = (),
    chart: bool = False,
    board: str | None = None,
) -> html.Section:
    """A titled tile; `name` is its CSS class suffix and anchor, `age` the stamp its freshness is told from.

    Its menu (`components.kit.menu`): `explained` says what is seen and how it is counted, `exports` are the datasets
    behind it, `board` is the name of its chart in the catalogue of boards; a `chart` can be saved as a picture.
    """
    head = html.Header(
        [
            _fold(title),
            html.H2(title),
            html.Span(note, className="panel-note"),
            freshness(age, expected_s) if age else None,
            menu(title, explained, source=_source(age), exports=exports, chart=chart, board=board),
        ],
        className="panel-head",
    )
    content = html.Div(list(body), className="panel-body")
    return html.Section(
        [head, content], className=f"panel panel-{name}", id=f"panel-{name}", **live.attrs(aria_label=title)
    )

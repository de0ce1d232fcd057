"""The key figures of the Domains page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import formats, live
from components.kit.states import symbol

if TYPE_CHECKING:
    from components.kit.states import Status


def cards(said: dict[str, Any]) -> list[html.Section]:
    change = said["mentions"] - said["mentions_before"]
    negative = said["negative_mentions"] / said["mentions"] if said["mentions"] else 0
    return [
        _card(
            "Domains known", formats.whole(said["domains"]), f"{formats.whole(said['available'])} available", "normal"
        ),
        _card(
            "Opportunities",
            formats.whole(said["opportunities"]),
            f"available, over $1,000 · {formats.whole(said['opportunities_passing'])} pass all checks",
            "normal",
        ),
        _card(
            "Estimated total value",
            formats.money(said["opportunities_passing_value"]),
            f"of those that pass · {formats.money(said['opportunities_value'])} with the others",
            "normal",
        ),
        _card("Ending in 30 days", formats.whole(said["dropping"]), "they expire or drop", "standby"),
        _card("Watched", formats.whole(said["watched"]), "on the list", "standby"),
        _card(
            "Mentions, 30 days",
            formats.whole(said["mentions"]),
            f"{'▲' if change >= 0 else '▼'} {formats.whole(abs(change))} against before · {negative:.0%} negative",
            "caution" if negative > 1 / 3 else "normal",
        ),
    ]


def _card(title: str, figure: str, note: str, status: Status) -> html.Section:
    return html.Section(
        [
            html.Header([symbol(status), html.H2(title)]),
            html.Div(
                html.Div(html.Span(figure, className="card-number"), className="card-figure"), className="card-main"
            ),
            html.Div(html.Span(note, className="card-note"), className="card-notes"),
        ],
        className="panel card",
        **live.marks(aria_label=title),
    )

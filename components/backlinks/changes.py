"""What changed: one line a figure, the most unusual first, each leading to its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live
from components.kit.formats import decimal, whole
from components.kit.states import symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.kit.states import Status
    from data.backlinks.summary import Change

PANELS = {
    "velocity": "panel-backlinks-velocity",
    "lost": "panel-backlinks-lost",
    "authority": "panel-backlinks-authority",
    "toxic": "panel-backlinks-toxic",
}
CLEAR, STRONG = 2.0, 4.0


def changes(found: Sequence[Change]) -> list[html.Button | html.P]:
    """One line a figure; in words, why there is none."""
    nothing = html.P(
        "Nothing is known of the periods before this range: choose a shorter one.", className="change-usual"
    )
    return [_line(change) for change in found] or [nothing]


def _line(change: Change) -> html.Button:
    exact = decimal if "share" in change.figure else whole
    rate = "" if change.change is None else f" ({'+' if change.change >= 0 else '−'}{whole(abs(change.change))} %)"
    words = [
        html.Strong(change.figure),
        html.Span(f"{exact(change.now)}{rate}", className="change-now"),
        html.Span(f"usual {exact(change.usual)}", className="change-usual"),
    ]
    marks = live.marks(data_goto=PANELS[change.panel], data_status=_status(change))
    return html.Button([symbol(_status(change)), *words], className="change", type="button", **marks)


def _status(change: Change) -> Status:
    """More links is no alarm; more losses and more spam are."""
    worse = change.score if change.panel in ("lost", "toxic") else -change.score
    if abs(change.score) < CLEAR:
        return "normal"
    if worse < 0:
        return "standby"
    return "serious" if worse < STRONG else "critical"

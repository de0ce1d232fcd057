"""What changed: one line a figure, the most unusual first, each leading to its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live
from components.kit.formats import decimal, whole
from components.kit.states import symbol
from data.backlinks.analysis.summary import BASELINE
from data.quantities import count
from data.status import Status

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from data.backlinks.analysis.summary import Change, Compared
    from data.backlinks.inputs import Question

PANELS = {
    "velocity": "panel-backlinks-velocity",
    "lost": "panel-backlinks-lost",
    "authority": "panel-backlinks-authority",
    "toxic": "panel-backlinks-toxic",
}
CLEAR, STRONG = 2.0, 4.0


def changes(found: Compared, question: Question) -> list[Component]:
    """One line a figure, and which days are compared where it is not the whole range; in words, why there is none."""
    if not found.changes:
        return [nothing()]
    lines: list[Component] = [_line(change) for change in found.changes]
    if found.start == question.start:
        return lines
    days = (question.end - found.start).days + 1
    note = (
        f"No data before this range, so its last {count(days, 'day')} are compared with the {BASELINE * days} before."
    )
    return [*lines, html.P(note, className="change-usual")]


def nothing() -> html.P:
    return html.P("No data for the periods before this range. Choose a shorter one.", className="change-usual")


def _line(change: Change) -> html.Button:
    exact, unit = (decimal, " %") if "share" in change.figure else (whole, "")
    rate = "" if change.change is None else f", {'+' if change.change >= 0 else '−'}{whole(abs(change.change))} %"
    words = [
        html.Strong(change.figure),
        html.Span(f"{exact(change.now)}{unit}", className="change-now"),
        html.Span(f"(usually {exact(change.usual)}{unit}{rate})", className="change-usual"),
    ]
    marks = live.attrs(data_goto=PANELS[change.panel], data_status=_status(change))
    return html.Button([symbol(_status(change)), *words], className="change", type="button", **marks)


def _status(change: Change) -> Status:
    """More links is no alarm; more losses and more spam are."""
    worse = change.score if change.panel in ("lost", "toxic") else -change.score
    if abs(change.score) < CLEAR:
        return Status.NORMAL
    if worse < 0:
        return Status.STANDBY
    return Status.SERIOUS if worse < STRONG else Status.CRITICAL

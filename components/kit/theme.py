"""Colours by name, and the one chart template. A figure says `var(--cyan)`; what that is stands in the style sheets of
`assets/`, for each theme its own (`10-tokens.css`, `11-themes.css`), and the browser looks it up where it draws."""

from __future__ import annotations

from typing import Any

GROUND = "var(--ground)"
PANEL = "var(--panel-bottom)"
LINE = "var(--line)"
GRID = "var(--grid)"
ZERO = "var(--line-strong)"
TEXT = "var(--text)"
TEXT_SECOND = "var(--text-second)"
TEXT_THIRD = "var(--text-third)"
BLUE = "var(--blue)"
CYAN = "var(--cyan)"
AMBER = "var(--amber)"
OFF = "var(--off)"
STANDBY = "var(--standby)"
NORMAL = "var(--normal)"
CAUTION = "var(--caution)"
SERIOUS = "var(--serious)"
CRITICAL = "var(--critical)"
HEAT_LOW = "var(--heat-low)"
HEAT_MIDDLE = "var(--heat-middle)"
HEAT_HIGH = "var(--heat-high)"
VIOLET = "var(--violet)"
ROSE = "var(--rose)"

FONT_DATA = "B612 Data, DejaVu Sans Mono, monospace"
# Kinds of one chart, told apart in every theme: no two are alike, and a chart with more of them groups the rest.
KINDS = (CYAN, AMBER, BLUE, NORMAL, VIOLET, ROSE, OFF)

Template = dict[str, Any]


def faint(colour: str, share: float) -> str:
    """That much of a colour of this module: `faint(AMBER, 0.18)`."""
    return f"{colour[:-1]}, {share:g})"


def _axis() -> dict[str, Any]:
    return {
        "gridcolor": GRID,
        "zerolinecolor": ZERO,
        "zerolinewidth": 1,
        "linecolor": LINE,
        "tickcolor": LINE,
        "automargin": True,
        "fixedrange": False,
    }


def template() -> Template:
    """The Plotly template, sent to a browser once and merged into every figure there (see `clientside.js`)."""
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT_DATA, "color": TEXT_THIRD},
            "colorway": list(KINDS),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": PANEL,
                "bordercolor": ZERO,
                "font": {"family": FONT_DATA, "color": TEXT},
                "namelength": -1,
            },
            "bargap": 0.25,
            "xaxis": _axis() | {"showgrid": False},
            "yaxis": _axis() | {"rangemode": "tozero", "nticks": 5, "separatethousands": True, "hoverformat": ",.1~f"},
            "separators": ".,",
        },
        "data": {
            "scatter": [{"type": "scatter", "mode": "lines", "line": {"width": 2}}],
            "bar": [{"type": "bar", "marker": {"line": {"width": 0}}}],
        },
    }

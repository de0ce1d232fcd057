"""Colours and the one chart template. The colours are those of `assets/10-tokens.css`; a test compares the two."""

from __future__ import annotations

from typing import Any

GROUND = "#05080f"
PANEL = "#0a1120"
LINE = "#18263f"
GRID = "#132036"
ZERO = "#2a4370"
TEXT = "#d6e4ff"
TEXT_SECOND = "#9db4dd"
TEXT_THIRD = "#7f93b8"
BLUE = "#2d7ff9"
CYAN = "#22e1ff"
AMBER = "#ffb302"
OFF = "#a4abb6"
STANDBY = "#2dccff"
NORMAL = "#56f000"
CAUTION = "#fce83a"
SERIOUS = "#ffb302"
CRITICAL = "#ff3838"

FONT_LABEL = "B612, DejaVu Sans, sans-serif"
FONT_DATA = "B612 Data, DejaVu Sans Mono, monospace"
COLOURWAY = (CYAN, AMBER, BLUE, NORMAL, OFF)

Template = dict[str, Any]


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
            "colorway": list(COLOURWAY),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": PANEL, "bordercolor": ZERO, "font": {"family": FONT_DATA, "color": TEXT}},
            "bargap": 0.25,
            "xaxis": _axis() | {"showgrid": False},
            "yaxis": _axis() | {"rangemode": "tozero", "nticks": 5, "separatethousands": True},
            "separators": ".,",
        },
        "data": {
            "scatter": [{"type": "scatter", "mode": "lines", "line": {"width": 2}}],
            "bar": [{"type": "bar", "marker": {"line": {"width": 0}}}],
        },
    }

"""The CONFIG drawer: how one person wants to see every page, and what this page shows.

`assets/js/shell/config.js` moves it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import html

from components.kit import live
from components.kit.forms import field
from components.shell import ids
from data.areas import CHARTS, NUMBERS
from data.status import SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from data.area import Number

THEMES = {"night": "Night", "day": "Day", "contrast": "High contrast"}
ZONES = "config-zones"


def opener() -> html.Button:
    return html.Button(
        [html.Span("⚙", **live.attrs(aria_hidden="true")), " Config"],
        id=ids.CONFIG_OPEN,
        className="button config",
        type="button",
        **live.attrs(data_config=""),
    )


def drawer() -> dbc.Offcanvas:
    return dbc.Offcanvas(
        [
            html.Div(**live.attrs(data_config_page="")),
            _display(),
            _thresholds(),
            html.Div(id=ids.CONFIG_SAID, className="config-said", role="status"),
        ],
        id=ids.CONFIG,
        title="Config",
        placement="end",
        is_open=False,
        scrollable=True,
        class_name="drawer-config",
    )


def catalogue(sections: Mapping[str, str]) -> html.Div:
    """What may be put on a board, the scale of status, and the area of each section of the live state: what the
    browser's scripts need to know."""
    said = {
        "numbers": {name: asdict(one) for name, one in NUMBERS.items()},
        "charts": {name: asdict(one) for name, one in CHARTS.items()},
        "scale": SCALE,
        "areas": dict(sections),
    }
    return html.Div(hidden=True, **live.attrs(data_catalogue=json.dumps(said)))


def _display() -> html.Fieldset:
    zone = dbc.Input(id=ids.config("time_zone"), type="text", debounce=True, list=ZONES, autocomplete="off")
    seconds = dbc.Input(id=ids.config("refresh_s"), type="number", min=1, max=60, step=1, debounce=True)
    options: Any = [{"label": words, "value": name} for name, words in THEMES.items()]
    return html.Fieldset(
        [
            html.Legend("Display"),
            field("Theme", dbc.Select(id=ids.config("theme"), options=options)),
            field("Refresh every … seconds (1 to 60)", seconds),
            field("Time zone of display", zone, html.Datalist(id=ZONES)),
            dbc.Switch(id=ids.config("sound"), label="Sound when something becomes critical", value=False),
            html.Button("Show the guide", className="button", type="button", **live.attrs(data_guide_start="")),
        ]
    )


def _thresholds() -> html.Fieldset:
    head = [html.Span(words, className="config-limits-head") for words in ("Number", "Caution", "Critical")]
    rows = [part for number in NUMBERS.values() for part in _limits(number)]
    return html.Fieldset([html.Legend("Thresholds"), html.Div([*head, *rows], className="config-limits field")])


def _limits(number: Number) -> list[Component]:
    """From the lower value on it is a caution, from the upper critical; the other way round where less is worse."""
    unit = f", {number.unit}" if number.unit else ""
    side = "at most" if number.worse == "below" else "at least"
    return [
        html.Span([number.title, html.Span(f" · {side}{unit}", className="field-hint")]),
        *(_limit(number, level) for level in ("caution", "critical")),
    ]


def _limit(number: Number, level: str) -> html.Label:
    box = dbc.Input(id=ids.config(f"{level}:{number.name}"), type="number", min=0, step="any", debounce=True)
    return html.Label([html.Span(f"{number.title}: {level}", className="sr-only"), box])

from __future__ import annotations

from dash import dcc, html

from components.kit import address, live
from components.kit.cards import panel
from components.kit.forms import field, field_error, submit
from components.kit.page_header import notice
from components.kit.states import freshness, skeleton
from components.screens import ids

REFRESH_S = 5
OVERVIEW = "/?kiosk"
_EXAMPLE = "30 /\n45 /missions?from=now-7d&to=now"


def _screens() -> html.Section:
    age = html.Span(freshness(), id=ids.AGE)
    return panel(
        "Screens",
        html.Div(skeleton(4), id=ids.LIST),
        name="screens",
        note=age,
        age=None,
        explained="Every open page reports its health every few seconds; one that stopped reporting is frozen "
        "or closed.",
    )


def _playlists() -> html.Section:
    lines = "one page a line: seconds, then its address with range and filters, as the address bar shows it"
    form = html.Div(
        [
            field("Name", dcc.Input(id=ids.NAME, autoComplete="off"), hint="what people call it"),
            field("Pages", dcc.Textarea(id=ids.ITEMS, placeholder=_EXAMPLE, rows=4), hint=lines),
            field(
                "Hold, seconds",
                dcc.Input(id=ids.HOLD, type="number", value=60, step="any"),
                hint="how long a critical alert keeps the wall on its page",
            ),
            field_error(ids.ERROR),
            submit("Save playlist", ids.SAVE),
        ],
        className="form for-managers",
    )
    return panel(
        "Playlists",
        *(html.Div(skeleton(2), id=ids.PLAYLISTS), form),
        name="playlists",
        age=None,
        explained="Pages that a screen shows in turn, each for its seconds.",
    )


def _kiosks() -> html.Div:
    shows = dcc.Dropdown(id=ids.KIOSK_SHOWS, options=[], value=OVERVIEW, clearable=False, searchable=False)
    form = html.Div(
        [
            field(
                "Screen",
                dcc.Input(id=ids.KIOSK_NAME, placeholder="NOC-1", autoComplete="off"),
                hint="where it hangs",
            ),
            field("Shows", shows, hint="the overview, or a playlist"),
            submit("Make a kiosk link", ids.KIOSK_MAKE),
        ],
        className="form",
    )
    link = html.Div(id=ids.KIOSK_LINK, role="status")
    kiosks = panel(
        "Kiosk links",
        *(html.Div(skeleton(2), id=ids.KIOSKS), form, link),
        name="kiosks",
        age=None,
        explained="Links that sign in a screen without a keyboard, read-only.",
    )
    return html.Div(kiosks, className="for-administrators")


def layout(here: address.Address = address.BARE) -> html.Div:
    wires = [
        address.store(ids.VIEW, here),
        dcc.Interval(id=ids.TICK, interval=REFRESH_S * 1000),
        dcc.Store(id=ids.CHANGED),
        dcc.Store(id=ids.EDITED),
        dcc.Store(id=ids.TOAST),
    ]
    head = html.Div(
        [
            html.H1("Screens"),
            html.P("Every open screen reports its health; frozen ones turn red.", className="field-hint"),
        ],
        className="page-head",
    )
    tiles = html.Div(
        [_screens(), html.Div([_playlists(), _kiosks()], className="screens-side")], className="screens-tiles"
    )
    return html.Div(
        [*wires, head, notice(ids.NOTICE), tiles], className="page screens-page", **live.attrs(aria_label="Screens")
    )

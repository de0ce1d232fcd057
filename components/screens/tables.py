"""Rows of the Screens page: screens with their health, playlists, kiosk links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html

from components.kit import formats, live
from components.kit.states import empty, link, symbol
from components.kit.timestamps import timestamp
from components.screens import ids
from data.quantities import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

Row = dict[str, Any]
MB = 1e6


def screens(rows: Sequence[Row]) -> Component:
    """`rows` as `data.screens.reads.screens` gives them, the worst first."""
    if not rows:
        return empty("No screen has reported yet.", "Every open page reports every fifteen seconds.")
    return html.Div([*_closed(rows), html.Div([_screen(row) for row in rows], className="screens", role="list")])


def _closed(rows: Sequence[Row]) -> list[html.Div]:
    """How many are closed, and the way to be rid of them at once."""
    closed = sum(row["words"] == "CLOSED" for row in rows)
    if not closed:
        return []
    forget = html.Button("Forget closed", id=ids.action("forget-closed"), className="button button-quiet")
    return [html.Div([html.Span(count(closed, "closed screen")), forget], className="screens-closed for-managers")]


def _screen(row: Row) -> Component:
    who = row["name"] if row["name"] == row["actor_name"] else f"{row['name']} · {row['actor_name']}"
    kind = "kiosk" if row["kiosk"] else "desk"
    head = html.Div(
        [html.Span(who, className="screen-name"), html.Span(f"{kind} · {row['address']}", className="screen-page")],
        className="screen-who",
    )
    return html.Div(
        [
            symbol(row["status"]),
            head,
            html.Span(_words(row), className="screen-word"),
            html.Dl([_fact(*fact) for fact in _facts(row)], className="screen-facts"),
            html.Div(
                [_button("reload", row, "Reload"), _button("forget", row, "Forget")], className="for-managers acts"
            ),
        ],
        className="screen",
        role="listitem",
        **live.attrs(data_status=row["status"]),
    )


def _words(row: Row) -> str:
    silent = row["status"] == "critical" or row["words"] in ("AWAY", "CLOSED")
    return f"{row['words']} · silent {formats.duration(row['silent_s'])}" if silent else row["words"]


def _facts(row: Row) -> list[tuple[str, str]]:
    heap, limit = row["heap_bytes"], row["heap_limit_bytes"]
    full = f"{heap / MB:,.0f} of {limit / MB:,.0f} MB" if heap and limit else live.WAITING
    opened = (row["reported_at"] - row["opened_at"]).total_seconds()
    return [
        ("size", f"{row['width']} × {row['height']}"),
        ("frames per second", live.WAITING if row["fps"] is None else formats.whole(row["fps"])),
        ("heap", full),
        ("data age", live.WAITING if row["data_age_s"] is None else formats.duration(row["data_age_s"])),
        ("open for", formats.duration(opened)),
    ]


def _fact(label: str, said: str) -> html.Div:
    return html.Div([html.Dt(label), html.Dd(said)])


def _button(verb: str, row: Row, words: str) -> html.Button:
    said = live.attrs(aria_label=f"{words} {row['name']}")
    return html.Button(words, id=ids.action(verb, row["screen_id"]), className="button button-quiet", **said)


def playlists(rows: Sequence[Row]) -> Component:
    if not rows:
        return empty("No playlist yet.", "A playlist shows pages in turn, each for its own time with its own range.")
    return html.Div([_playlist(row) for row in rows], className="playlists", role="list")


def _playlist(row: Row) -> Component:
    items = [html.Li(f"{formats.duration(item['dwell_seconds'])} · {item['address']}") for item in row["items"]]
    edit, remove = ids.action("edit", row["playlist_id"]), ids.action("delete", row["playlist_id"])
    name = row["name"]
    acts = [
        link(
            "Play",
            f"/?kiosk&playlist={row['playlist_id']}",
            className="button",
            **live.attrs(aria_label=f"Play {name}"),
        ),
        html.Span(
            [
                html.Button("Edit", id=edit, className="button button-quiet", **live.attrs(aria_label=f"Edit {name}")),
                html.Button(
                    "Delete", id=remove, className="button button-quiet", **live.attrs(aria_label=f"Delete {name}")
                ),
            ],
            className="for-managers acts",
        ),
    ]
    held = f"a critical alert holds the wall for {formats.duration(row['hold_seconds'])}"
    return html.Div(
        [
            html.Div([html.Strong(name), html.Span(held, className="field-hint"), html.Ol(items)]),
            html.Div(acts, className="acts"),
        ],
        className="playlist",
        role="listitem",
    )


def kiosks(rows: Sequence[Row]) -> Component:
    """`rows`: the API keys with the scope kiosk that still work."""
    if not rows:
        return empty("No kiosk link yet.", "A kiosk link signs in a screen without a keyboard, read-only.")
    return html.Div([_kiosk(row) for row in rows], className="playlists", role="list")


def _kiosk(row: Row) -> Component:
    used = timestamp(row["last_used_at"]) if row["last_used_at"] else "never"
    revoke = html.Button(
        "Revoke",
        id=ids.action("revoke", row["key_id"]),
        className="button button-danger",
        **live.attrs(aria_label=f"Revoke {row['name']}"),
    )
    said = [f"made by {row['created_by']} · last used ", used]
    return html.Div(
        [html.Div([html.Strong(row["name"]), html.Span(said, className="field-hint")]), revoke],
        className="playlist",
        role="listitem",
    )


def kiosk_link(origin: str, key: str, shows: str) -> Component:
    """The link itself, which is shown this once."""
    address = f"{origin}/kiosk?key={key}&next={quote(shows, safe='')}"
    return html.Div(
        [html.Strong("Copy this link now; it is not shown again."), html.Code(address, className="command")],
        className="kiosk-link",
    )

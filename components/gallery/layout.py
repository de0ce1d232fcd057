"""The kit as specimens: every widget in every state. A page for people who build; nothing on it is data."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from dash import html

from components.backlinks.panels import discoveries
from components.gallery import cards, controls, tables, tiles
from components.gallery.state import specimens
from components.kit import live
from components.kit.states import badge
from components.missions.panels import failures, fleet, timeline
from components.overview.alerts import alerts
from components.quotas.panels import quotas

if TYPE_CHECKING:
    from dash.development.base_component import Component


def _group(title: str, words: str, *body: Component) -> html.Section:
    """Its heading is a sibling of the widgets' own: a screen reader walks from group to group."""
    head = html.Header([html.H2(title), html.P(words)], className="specimens-head")
    return html.Section([head, *body], className="specimens-group", **live.attrs(aria_label=title))


def _set(*body: Component, now: int, link: str = "live") -> html.Div:
    state = json.dumps(specimens(now, link=link))
    return html.Div(list(body), className="specimens", **live.attrs(data_specimens=state, data_link=link))


def _head() -> html.Header:
    note = "Every widget in every state, drawn by the same code as on the pages. Nothing here is data."
    return html.Header(
        [html.H1("Kit"), badge("Specimens", tone="simulation"), html.P(note, className="specimens-note")],
        className="page-head",
    )


def layout() -> html.Div:
    now = int(time.time() * 1000)
    lists = (timeline(limit=8), fleet(limit=8), quotas(), alerts(limit=8), failures(limit=4), discoveries(limit=4))
    return html.Div(
        [
            _head(),
            _set(
                _group("Status", "Colour and shape together; a group shows its worst member.", *controls.statuses()),
                _group("Age of data", "In words and shape, on every tile.", controls.ages()),
                _group("Key figures", "With a trend, and a threshold where there is one.", cards.cards()),
                _group(
                    "Lists and bars", "As they stand on the overview.", html.Div(lists, className="specimens-tiles")
                ),
                now=now,
            ),
            _group("Tiles without figures", "Each has one look, used everywhere.", tiles.tiles()),
            _set(_group("Link lost", "What no longer arrives does not shine.", cards.lost()), now=now, link="lost"),
            _set(_group("Loading", "A skeleton in the tile's own shape.", tiles.loading()), now=now, link="waiting"),
            _group("Tables and charts", "One theme, one template.", tables.table(), tables.chart()),
            _group("Controls", "Buttons, fields, filters, badges, toasts.", *controls.controls()),
        ],
        className="page kit",
    )

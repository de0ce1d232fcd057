from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dash import dcc, html

from components.backlinks import ids, tables
from components.backlinks.filters import bar, intersect_bar
from components.backlinks.tables import table
from components.kit import address, live
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.files import FORMS
from components.kit.states import skeleton

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.live import Content

STAMP = "mv_daily_backlink_stats"
AGE, REFRESH_S = f"stamps.{STAMP}.refreshed", 90


def layout(here: address.Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to`, `var-` target, vs, da, type, compare, anchor, source, reason, k."""
    return html.Div(
        [
            address.store(ids.VIEW, here),
            dcc.Store(id=ids.STAMP),
            bar(here),
            html.Div(id=ids.NOTICE, className="notice", role="status"),
            html.Div(
                [html.Section(skeleton(3), className="panel card") for _ in range(6)], id=ids.CARDS, className="cards"
            ),
            _changed(),
            html.Div([*_charts(), *_tables(here)], className="backlinks-tiles"),
        ],
        className="page backlinks",
    )


def _changed() -> html.Section:
    waiting = html.Div(skeleton(1), id=ids.CHANGED, className="changes")
    note = "this range against the four of its length before"
    return panel("What changed?", waiting, name="backlinks-changed", note=note, age=None)


def _chart(title: str, chart: str, note: Content, dataset: str) -> html.Section:
    told = html.Span([*_part(note), files(dataset, title)])
    return chart_panel(title, chart, note=told, stamp=STAMP, expected_s=REFRESH_S)


def _table(
    title: str, name: str, columns: list[tables.Column], row_id: str, note: Content, dataset: str, *above: Component
) -> html.Section:
    told = html.Span([*_part(note), files(dataset, title)])
    return panel(title, *above, table(name, columns, row_id), name=name, note=told, age=AGE, expected_s=REFRESH_S)


def _part(note: Content) -> list[Component | str]:
    return [] if note is None else [note] if isinstance(note, str) or not isinstance(note, Sequence) else [*note]


def files(dataset: str, title: str) -> html.Details:
    """The panel's rows as a file. `assets/backlinks.js` adds the filters of the address to the links."""
    links = [
        html.A(said, href=f"/api/v1/export/backlinks_{dataset}.{form}", **live.marks(data_file=""))
        for form, said in FORMS.items()
    ]
    return html.Details(
        [html.Summary("⇩", **live.marks(aria_label=f"Export {title}")), html.Div(links, className="panel-files-body")],
        className="panel-files",
    )


def _told(name: str) -> html.Span:
    return html.Span(live.WAITING, id=name)


def _charts() -> list[html.Section]:
    return [
        _chart("Link velocity — new / lost / net 7-day", ids.VELOCITY, _told(ids.VELOCITY_NOTE), "velocity"),
        _chart("Domain authority heat map", ids.AUTHORITY, "links found", "authority"),
    ]


def _tables(here: address.Address) -> list[html.Section]:
    lost, anchors = _told(ids.LOST_NOTE), _told(ids.ANCHORS_NOTE)
    shared = "overlap = share of its referring domains that link to you too"
    return [
        _table("Competition board", ids.BOARD, tables.BOARD, "domain", shared, "competition"),
        _table("Lost links", ids.LOST, tables.LOST, "id", lost, "lost"),
        _chart("Discovery radar", ids.RADAR, "newest 200 · centre = DA 100 · amber above 70", "recent"),
        _table(
            *("Link intersect", ids.INTERSECT, tables.INTERSECT, "source", _told(ids.INTERSECT_NOTE), "intersect"),
            intersect_bar(here),
        ),
        _chart("Toxic share", ids.TOXIC, "spam score 60 and more · drag to zoom, all panels follow", "toxic"),
        _table("Toxic markers", ids.MARKERS, tables.MARKERS, "marker", _told(ids.MARKERS_NOTE), "toxic"),
        _table("Anchors", ids.ANCHORS, tables.ANCHORS, "anchor", anchors, "anchors"),
        _table("Signals", ids.SIGNALS, tables.SIGNALS, "id", _told(ids.SIGNALS_NOTE), "signals"),
    ]

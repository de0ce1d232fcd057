from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.backlinks import ids, tables
from components.backlinks.filters import bar, intersect_bar
from components.backlinks.tables import table
from components.kit import address, live, view_versions
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.exports import RANGE, Export, filtered
from components.kit.page_header import notice
from components.kit.states import skeleton
from data.backlinks.query import NAMES
from data.backlinks.rules import HIGH_AUTHORITY, TOXIC_SPAM

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.grids import Column
    from components.kit.live import Content

STAMP = "mv_daily_backlink_stats"
AGE, REFRESH_S = f"stamps.{STAMP}.refreshed", 90


def layout(here: address.Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to`, `var-` target, vs, da, type, compare, anchor, source, reason, k."""
    return html.Div(
        [
            address.store(ids.VIEW, here),
            view_versions.store(ids.STAMP, STAMP),
            bar(here),
            notice(ids.NOTICE),
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
    return chart_panel(title, chart, note=note, stamp=STAMP, expected_s=REFRESH_S, exports=[_export(dataset)])


def _table(
    title: str,
    name: str,
    columns: list[Column],
    row_id: str,
    note: Content,
    exports: list[Export],
    *above: Component,
) -> html.Section:
    rows = table(name, columns, row_id)
    return panel(title, *above, rows, name=name, note=note, age=AGE, expected_s=REFRESH_S, exports=exports)


def _export(dataset: str, title: str = "") -> Export:
    takes = RANGE | filtered(**{name: name for name in (*NAMES, "vs")})
    return Export(f"backlinks_{dataset}", takes, title=title)


def _told(name: str) -> html.Span:
    return html.Span(live.WAITING, id=name)


def _charts() -> list[html.Section]:
    return [
        _chart("Link velocity — new / lost / net 7-day", ids.VELOCITY, _told(ids.VELOCITY_NOTE), "velocity"),
        _chart("Domain authority heat map", ids.AUTHORITY, "links found", "authority"),
    ]


def _tables(here: address.Address) -> list[html.Section]:
    lost, anchors = _told(ids.LOST_NOTE), _told(ids.ANCHORS_NOTE)
    marked = [_export("markers", "The markers"), _export("toxic", "The links")]
    spam = f"spam score {TOXIC_SPAM} and more · drag to zoom, all panels follow"
    shared = "overlap = share of its referring domains that link to you too"
    return [
        _table("Competition board", ids.BOARD, tables.BOARD, "domain", shared, [_export("competition")]),
        _table("Lost links", ids.LOST, tables.LOST, "id", lost, [_export("lost")]),
        _chart("Discovery radar", ids.RADAR, f"newest 200 · centre = DA 100 · amber above {HIGH_AUTHORITY}", "recent"),
        _table(
            *(
                "Link intersect",
                ids.INTERSECT,
                tables.INTERSECT,
                "source",
                _told(ids.INTERSECT_NOTE),
                [_export("intersect")],
            ),
            intersect_bar(here),
        ),
        _chart("Toxic share", ids.TOXIC, spam, "toxic_share"),
        _table("Toxic markers", ids.MARKERS, tables.MARKERS, "marker", _told(ids.MARKERS_NOTE), marked),
        _table("Anchors", ids.ANCHORS, tables.ANCHORS, "anchor", anchors, [_export("anchors")]),
        _table("Signals", ids.SIGNALS, tables.SIGNALS, "id", _told(ids.SIGNALS_NOTE), [_export("signals")]),
    ]

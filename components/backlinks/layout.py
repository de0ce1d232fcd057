from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.backlinks import ids, tables
from components.backlinks.filters import bar, intersect_bar
from components.backlinks.tables import table
from components.kit import address, live, view_versions
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.commands import ingest_commands
from components.kit.exports import RANGE, Export, filtered
from components.kit.page_header import notice
from components.kit.states import link, skeleton
from data.backlinks.query import NAMES
from data.backlinks.rules import HIGH_AUTHORITY, TOXIC_SPAM

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.grids import Column
    from components.kit.live import Content

STAMP = "mv_daily_backlink_stats"
AGE, REFRESH_S = f"stamps.{STAMP}.refreshed", 90
VELOCITY = (
    "Links found above the line, links lost below it, by day; the line is the mean of found less lost over seven days, "
    "dashed where it is a forecast with its 80 % interval. Dotted uprights are days on which the pace changed, or the "
    "whole index was updated."
)
AUTHORITY = "Links found in the range, by target and the domain authority of the site they stand on."
RADAR = (
    "The newest 200 links of the range: the angle is the target, the distance from the centre 100 minus the "
    "authority of "
    "the linking domain. The brighter, the newer; red is likely spam."
)
SHARE = f"Links found whose spam score is {TOXIC_SPAM} or more: below by day, above as a share of seven days."
EXPLAINED = {
    ids.BOARD: "The target beside each of its rivals over the range, and the share of their referring domains "
    "that link "
    "to the target, too.",
    ids.LOST: "Links that were confirmed lost in the range, the newest first, each with the reason that the "
    "check found.",
    ids.INTERSECT: "Domains that link to rivals and not to the target, those of most rivals first.",
    ids.MARKERS: "What marks links as toxic, and how many bear each mark; a link can have several.",
    ids.ANCHORS: "The words that links carry, by how many were found in the range.",
    ids.SIGNALS: "What the watch over the target has noticed in the range: surges, floods of spam, updates of "
    "the index.",
}


def layout(here: address.Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to`, `var-` target, vs, da, type, compare, anchor, source, reason, k."""
    return html.Div(
        [
            address.store(ids.VIEW, here),
            view_versions.store(ids.STAMP, STAMP),
            bar(here),
            notice(ids.NOTICE),
            html.Div(id=ids.FIRST_STEPS),
            html.Div(
                [html.Section(skeleton(3), className="panel card") for _ in range(6)], id=ids.CARDS, className="cards"
            ),
            _changed(),
            html.Div([*_charts(), *_tables(here)], className="backlinks-tiles"),
        ],
        className="page backlinks",
    )


def first_steps() -> html.Section:
    """Where no link is known yet."""
    steps = [
        html.Li(html.Span([html.Strong("Submit a mission"), " on the ", link("Missions page", "/missions"), "."])),
        html.Li([html.Strong("Or send links that you have: "), *ingest_commands("backlinks")]),
    ]
    label = live.attrs(aria_label="First steps")
    return html.Section([html.H2("No links yet"), html.Ol(steps)], className="panel first-steps", **label)


def _changed() -> html.Section:
    waiting = html.Div(skeleton(1), id=ids.CHANGED, className="changes")
    return panel(
        "What changed?",
        waiting,
        name="backlinks-changed",
        note="compared with the average of the four preceding periods",
        age=AGE,
        expected_s=REFRESH_S,
        explained="Each figure of the range next to the average of the four preceding periods, the most "
        "unusual first: unusual is what lies far outside of how much these four vary.",
        exports=[_export("velocity")],
    )


def _chart(title: str, chart: str, note: Content, dataset: str, explained: str) -> html.Section:
    return chart_panel(
        title,
        chart,
        note=note,
        stamp=STAMP,
        expected_s=REFRESH_S,
        explained=explained,
        exports=[_export(dataset)],
        board=chart.replace("-", "_"),
    )


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
    return panel(
        title,
        *(*above, rows),
        name=name,
        note=note,
        age=AGE,
        expected_s=REFRESH_S,
        explained=EXPLAINED[name],
        exports=exports,
    )


def _export(dataset: str, title: str = "") -> Export:
    takes = RANGE | filtered(**{name: name for name in (*NAMES, "vs")})
    return Export(f"backlinks_{dataset}", takes, title=title)


def _told(name: str) -> html.Span:
    return html.Span(live.WAITING, id=name)


def _charts() -> list[html.Section]:
    return [
        _chart("Link velocity — new / lost / net 7-day", ids.VELOCITY, _told(ids.VELOCITY_NOTE), "velocity", VELOCITY),
        _chart("Domain authority heat map", ids.AUTHORITY, "links found", "authority", AUTHORITY),
    ]


def _tables(here: address.Address) -> list[html.Section]:
    lost, anchors = _told(ids.LOST_NOTE), _told(ids.ANCHORS_NOTE)
    marked = [_export("markers", "The markers"), _export("toxic", "The links")]
    spam = f"spam score ≥ {TOXIC_SPAM} · drag to zoom, all panels follow"
    shared = "overlap: share of a rival's referring domains that also link to you"
    return [
        _table("Competition board", ids.BOARD, tables.BOARD, "domain", shared, [_export("competition")]),
        _table("Lost links", ids.LOST, tables.LOST, "id", lost, [_export("lost")]),
        _chart(
            "Discovery radar",
            ids.RADAR,
            f"newest 200 · centre = DA 100 · amber above {HIGH_AUTHORITY}",
            "recent",
            RADAR,
        ),
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
        _chart("Toxic share", ids.TOXIC, spam, "toxic_share", SHARE),
        _table("Toxic markers", ids.MARKERS, tables.MARKERS, "marker", _told(ids.MARKERS_NOTE), marked),
        _table("Anchors", ids.ANCHORS, tables.ANCHORS, "anchor", anchors, [_export("anchors")]),
        _table("Signals", ids.SIGNALS, tables.SIGNALS, "id", _told(ids.SIGNALS_NOTE), [_export("signals")]),
    ]

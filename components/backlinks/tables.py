"""The tables of the Backlinks page. `assets/js/areas/backlinks-cells.js` draws the cells that are named here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.kit import grids

if TYPE_CHECKING:
    import dash_ag_grid

    from components.kit.grids import Column

NOTHING = "Nothing matches these filters"


def table(name: str, columns: list[Column], row_id: str) -> dash_ag_grid.AgGrid:
    """`row_id` is the column whose value a click on a row filters by."""
    return grids.grid(name, columns, row_id=row_id, nothing=NOTHING, kind="backlinks-grid")


def _text(field: str, title: str, flex: float, **options: Any) -> Column:  # noqa: ANN401 — the grid's own options
    least = options.pop("least", max(round(flex * 62), 82))  # six digits on a phone: what is beyond scrolls
    return grids.column(field, title, flex, least=least, **({"tooltipField": field} | options))


def _number(field: str, title: str, flex: float = 1, form: str = "int") -> Column:
    shown = {"function": f"MissionControlNumber(params.value, '{form}')"}
    return _text(field, title, flex, type="rightAligned", valueFormatter=shown, tooltipField=None)


def _cell(field: str, title: str, flex: float, renderer: str, **options: Any) -> Column:  # noqa: ANN401 — the grid's own
    return _text(field, title, flex, cellRenderer=renderer, **options)


BOARD = [
    _cell("domain", "Domain", 2.4, "BacklinksDomain"),
    _number("links", "Links", 1.1),
    _number("domains", "Ref. domains", 1.2),
    _number("authority", "DA", 0.7),
    _cell("delta", "Δ 7 d", 0.9, "BacklinksDelta", type="rightAligned"),
    _number("overlap", "Overlap", 1, "percent"),
    _cell("trend", "Found per day", 1.6, "BacklinksSpark", sortable=False, tooltipField=None, cellDataType=False),
]
LOST = [
    _cell("url_from", "Source", 2.6, "BacklinksLostSource"),
    _text("url_to", "Target", 1.4, valueFormatter={"function": "MissionControlPath(params.value)"}),
    _number("authority", "DA", 0.7),
    _cell("reason", "Why", 1.5, "BacklinksReason", least=148),
    _number("value", "Value", 0.8, "decimal"),
    _number("age", "Lost", 0.8, "age"),
]
SIGNALS = [
    _cell("severity", "Severity", 1, "BacklinksSeverity"),
    _text("target", "Domain", 1.5),
    _text("title", "What", 2.6),
    _text("detail", "Why", 3.2),
    _number("age", "Ago", 0.7, "age"),
]
INTERSECT = [
    _cell("source", "Referring domain", 2.2, "BacklinksSource"),
    _text("overlap", "Rivals", 0.8, type="rightAligned"),
    _number("authority", "DA", 0.7),
    _number("links", "Links", 0.8),
    _text("rivals", "Links to", 2.4),
]
ANCHORS = [
    _cell("anchor", "Anchor", 2.2, "BacklinksAnchor"),
    _number("domains", "Ref. domains", 1.1),
    _number("links", "Links", 0.8),
    _number("share", "Share", 0.8, "percent"),
    _number("authority", "Best DA", 0.8),
    _number("toxic", "Toxic domains", 1.4),
]
MARKERS = [
    _text("marker", "Marker", 2.4),
    _number("links", "Links", 0.8),
    _number("share", "Share", 0.8, "percent"),
    _cell("example", "Most often from", 1.6, "BacklinksSource"),
]

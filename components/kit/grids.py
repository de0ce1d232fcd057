"""How every grid behaves and looks; `assets/js/areas/missions-cells.js` holds the theme and draws the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

Column = dict[str, Any]

_TOOLTIP = {"function": "params.valueFormatted || params.value"}

_OPTIONS = {
    "animateRows": False,
    "enableCellTextSelection": True,
    "ensureDomOrder": True,
    "suppressMovableColumns": True,
    "enableBrowserTooltips": True,  # what a cell has no room for is read by who points at it
    "theme": {"function": "missionControlTheme(themeQuartz)"},
}


def grid(
    name: str,
    columns: Sequence[Column],
    *,
    row_id: str | None = None,
    rows: Sequence[dict[str, Any]] | None = None,
    nothing: str | None = None,
    kind: str = "",
) -> dash_ag_grid.AgGrid:
    """`row_id` is the column that tells rows apart; `nothing` is said where there is no row, else the panel says it."""
    empty = {"suppressNoRowsOverlay": True} if nothing is None else {"localeText": {"noRowsToShow": nothing}}
    identity = {"getRowId": f"params.data.{row_id}"} if row_id else {}
    return dash_ag_grid.AgGrid(
        id=name,
        columnDefs=list(columns),
        rowData=rows,
        defaultColDef={"sortable": True, "resizable": True, "tooltipValueGetter": _TOOLTIP},
        dashGridOptions=_OPTIONS | empty,
        className=f"grid {kind}".strip(),
        **identity,
    )


def column(field: str, title: str, flex: float, *, least: int | None = None, **options: Any) -> Column:  # noqa: ANN401 — the grid's own options
    """A column that takes `flex` shares of the width; what has less than `least` pixels scrolls."""
    width = round(flex * 80) if least is None else least
    return {"field": field, "headerName": title, "flex": flex, "minWidth": width, **options}

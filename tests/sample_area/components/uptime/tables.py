"""The table of the Uptime page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.kit.tables import Column, table
from components.kit.timestamps import timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

_COLUMNS = (
    Column("Site", lambda row: row["site"]),
    Column("State", lambda row: row["state"]),
    Column("Last probe", lambda row: timestamp(row["probed_at"])),
)


def sites(rows: Sequence[dict[str, Any]]) -> Component:
    nothing = ("No site is probed yet.", "Send probes to /api/v1/ingest/uptime_probes.")
    return table("Sites", _COLUMNS, rows, nothing=nothing)

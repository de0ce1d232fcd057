from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.exports import Export
from components.kit.states import live_empty, live_symbol, satellite_commands


def _card() -> html.Div:
    return live.row(
        [
            live_symbol("symbol"),
            live.value("name", className="satellite-name"),
            live.value("ppm", "int", className="satellite-rate"),
            html.Div(className="spark", **live.spark("spark")),
            live.value("word", className="satellite-word"),
        ],
        className="satellite",
        **live.attributes(data_status="symbol"),
    )


def fleet(*, limit: int) -> html.Section:
    listed = live.rows("view.fleet", _card(), limit=limit, sort="order", className="satellites")
    return panel(
        "Satellite fleet",
        listed,
        live.rest("view.whole.fleet"),
        live_empty("view.empty.fleet", "No satellite has reported.", "Start one: ", *satellite_commands()),
        age="view.as_of.fleet",
        name="fleet",
        note=["pages / min · ", live.value("view.said.fleet")],
        explained="Pages a minute of each satellite over the last hour. One that has been silent for longer than it "
        "should is LATE, then LOST; its mission goes to another.",
        exports=[Export("satellites")],
    )

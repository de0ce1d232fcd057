from __future__ import annotations

from dash import html

from components.kit.cards import kpi, panel
from components.kit.commands import command
from components.kit.exports import RANGE, Export
from components.kit.states import empty, failed, skeleton

_EXPLAINED = "What is seen here, and how it is counted: one or two sentences that a newcomer understands."


def tiles() -> html.Div:
    parts = [
        panel(
            "Title of the panel",
            html.P("Its title, one line saying what range and how many, its age, and a menu."),
            name="specimen-whole",
            note="last 60 min · 12 things",
            age=None,
            explained=_EXPLAINED,
            exports=[Export("missions", RANGE)],
        ),
        panel(
            "Empty",
            empty("No thing yet.", "What it will show, and how it comes here: ", command("a command")),
            name="specimen-empty",
            age=None,
            explained=_EXPLAINED,
        ),
        panel("Loading", skeleton(4), name="specimen-loading", age=None, explained=_EXPLAINED),
        panel(
            "Failed",
            failed("This could not be told.", "What happened, in the server's words, and what to do."),
            name="specimen-failed",
            age=None,
            explained=_EXPLAINED,
        ),
    ]
    return html.Div(parts, className="specimens-tiles")


def loading() -> html.Div:
    card = kpi("Loading", "nowhere", status="tone.nowhere")
    return html.Div([card], className="cards")

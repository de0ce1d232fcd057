"""A panel's menu, the same on every panel: full screen, files, copy, picture, link, onto the board, and what is seen in
words. `assets/js/shell/panel-menu.js` does what is chosen.

Its entries are one piece of markup: a page has a dozen of menus, and each of them a dozen of entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import html

from components.kit import live
from components.kit.exports import files
from components.kit.static_html import StaticHtml, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.kit.exports import Export


def menu(
    title: str,
    explained: str,
    *,
    source: str | None,
    exports: Sequence[Export] = (),
    chart: bool = False,
    board: str | None = None,
) -> dbc.DropdownMenu:
    """`source` is the view that is counted from, None for what is read directly; `board` the name that the panel's
    chart or number has in the catalogue of boards."""
    entries = [
        _entry("Full screen", data_zoom="", aria_pressed="false"),
        *files(title, *exports),
        _entry("Copy as data", data_copy=""),
        _entry("Save picture", data_picture="") if chart else None,
        _entry("Copy link", data_copy_link=""),
        _entry("Add to a board", data_board_add=board) if board else None,
        html.P(explained, className="menu-words"),
        html.P(
            [f"From {source or 'the tables as they are now'}", html.Span(className="menu-age")], className="menu-words"
        ),
    ]
    mark = [html.Span("⋮", **live.attrs(aria_hidden="true")), html.Span(f"Menu of {title}", className="sr-only")]
    inside = StaticHtml(render([entry for entry in entries if entry]), "menu-entries", None)
    return dbc.DropdownMenu(
        inside, label=mark, caret=False, align_end=True, className="menu", toggleClassName="menu-mark"
    )


def _entry(words: str, **marks: str) -> html.Button:
    return html.Button(words, type="button", className="dropdown-item", **live.attrs(**marks))

"""The first answer of a page: all that the screen needs to show live figures comes with it or is asked for beside it.

Dash alone asks four times in a row (scripts, layout, page, data). Here the page stands in its layout, the layout is
asked for while the scripts are still read, and the live state, the arrangement of panels and the person's preferences
are written into the HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from flask import g, has_request_context, request

from callbacks.http.v1 import layouts, live, root
from callbacks.web.api import db, unit
from callbacks.web.dash_internals import ANY_PAGE, DEPENDENCIES, LAYOUT, SparseDash, page_of, query_of, without_grids
from components.shell.layout import Opened
from data.areas import PAGES
from data.db import translated
from data.errors import MissionControlError
from data.layouts import arrangements
from data.serialization import dumps

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from callbacks.web.bundle import Bundle

_VIEW = re.compile(r"[a-z0-9]{1,40}")
# Asked for by Dash's renderer once its scripts run: on their way before that.
_EARLY = '<link rel="preload" href="%s" as="fetch" crossorigin="anonymous">'


class PrerenderedDash(SparseDash):
    """Dash, whose pages come whole."""

    bundle: Bundle

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The HTML of a page; `parts` are Dash's own."""
        parts["favicon"] = f'<link rel="icon" href="{self.bundle.icon}">'
        parts["css"] = "\n".join((*self._early(), f'<link rel="stylesheet" href="{self.bundle.style}">'))
        scripts = parts["scripts"]
        if not page_of(request.path)[0].get("grids", True):
            scripts = without_grids(scripts)
        parts["scripts"] = f'{_arrival()}<script src="{self.bundle.script}"></script>\n{scripts}'
        html: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        return html

    def _early(self) -> list[str]:
        fonts = [
            f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>' for font in self.bundle.fonts
        ]
        return [*fonts, _EARLY % LAYOUT, _EARLY % DEPENDENCIES]


def no_store(response: Response) -> Response:
    """A page carries what was true when it was asked for. The frame around no page says so to programs too."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 200 and request.endpoint == ANY_PAGE and not page_of(request.path)[0]:
            response.status_code = 404
    return response


def opened() -> Opened | None:
    """The page that the browser came for when it asks for the layout: the address that it asks from.

    None outside of a request, and for an address that is no page: Dash says so itself.
    """
    if not has_request_context() or request.referrer is None:
        return None
    try:
        came = urlsplit(request.referrer)
    except ValueError:  # a bracket that never closes
        return None
    found, variables = page_of(came.path)
    if not found or came.netloc != request.host:
        return None
    search = f"?{came.query}" if came.query else ""
    title = found["title"](**variables) if callable(found["title"]) else found["title"]
    return Opened(came.path, search, title, found["layout"](**(variables | query_of(search))))


def _arrival() -> str:
    """What comes with the page, as a block of data that no browser runs. What cannot be had now is asked for later."""
    asked: dict[str, Callable[[], Any]] = {"about": _about, "preferences": _preferences}
    if page := next((area.name for area in PAGES if area.path == request.path), None):
        asked["layout"] = lambda: _layout(page)
    asked["live"] = _live  # the last: what is not there lets the connection go
    found = dumps({name: _known(ask) for name, ask in asked.items()})
    words = found.decode().replace("<", "\\u003c")
    return f'<script id="arrival" type="application/json">{words}</script>\n'


def _known(ask: Callable[[], Any]) -> Any:  # noqa: ANN401 — whatever the browser would have been answered
    try:
        with translated():
            return ask()
    except MissionControlError:
        unit().rollback()
        return None


def _about() -> dict[str, Any]:
    return {"sockets_url": root.sockets_url()}


def _live() -> orjson.Fragment:
    return orjson.Fragment(live.newest())


def _preferences() -> dict[str, Any]:
    return arrangements.preferences(db(), g.actor).model_dump(mode="json")


def _layout(page: str) -> dict[str, Any] | None:
    if page not in layouts.BOARDS:
        return None
    view = request.args.get("view")
    wanted = view if view and _VIEW.fullmatch(view) else None
    found = arrangements.arrangement(db(), g.actor, layouts.BOARDS, page, wanted)
    return {"view": wanted, "page": page, "known": found}

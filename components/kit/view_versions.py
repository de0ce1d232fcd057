"""Which views a page shows: its callbacks listen to these alone, and are asked again when one of them has changed."""

from __future__ import annotations

from dash import dcc


def store(name: str, *views: str) -> dcc.Store:
    """Holds the views and, once the live state has told it, their versions (`callbacks.clientside.stamps`)."""
    return dcc.Store(id=name, data={"views": list(views), "versions": None})

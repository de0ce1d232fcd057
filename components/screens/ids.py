"""The ids of the Screens page; those made by functions are patterns, matched with ALL."""

from __future__ import annotations

from typing import Any

VIEW = "screens-view"
NOTICE = "screens-notice"
TICK = "screens-tick"
LIST = "screens-list"
AGE = "screens-age"
TOAST = "screens-toast"
CHANGED = "screens-changed"
PLAYLISTS = "screens-playlists"
EDITED = "screens-edited"
NAME = "screens-playlist-name"
HOLD = "screens-playlist-hold"
ITEMS = "screens-playlist-items"
SAVE = "screens-playlist-save"
ERROR = "screens-playlist-error"
KIOSKS = "screens-kiosks"
KIOSK_NAME = "screens-kiosk-name"
KIOSK_SHOWS = "screens-kiosk-shows"
KIOSK_MAKE = "screens-kiosk-make"
KIOSK_LINK = "screens-kiosk-link"


def action(verb: Any, of: Any = "") -> dict[str, Any]:  # noqa: ANN401 — a verb and a screen's, playlist's or key's id, or Dash's ALL
    return {"type": "screens-action", "verb": verb, "of": of}

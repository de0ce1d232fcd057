"""The newest live state over HTTP: for programs that want it once, and for walls while sockets are off."""

from __future__ import annotations

import time
from typing import Any, Literal

from flask import Response, current_app, g
from pydantic import BaseModel

from callbacks.web.api import blueprint, needs, services
from data.errors import Unavailable
from data.live import channel
from data.live.sections import Audience, audience, encoded_for
from data.permissions import Permission

api = blueprint("live", "Live")

KEPT_S = 0.5  # however many ask, the state is put together twice a second


class LiveEnvelope(BaseModel):
    """A whole state; `seq` continues in the socket's frames. Times are epoch milliseconds."""

    v: int
    id: str
    type: Literal["snapshot"]
    ts: int
    seq: int
    payload: dict[str, Any]


@api.get("/live", summary="The newest live state", responses={200: LiveEnvelope})
@needs(Permission.LIVE_READ)
def live() -> Response:
    """The parts of it that the asking person or program may see."""
    response = Response(newest(audience(g.actor.permissions)), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


class Newest:
    """The newest state, as each audience gets it: put together once for all who may see the same."""

    def __init__(self, raw: bytes) -> None:
        self.made = time.monotonic()
        self._raw = raw
        self._bodies: dict[Audience, bytes] = {}

    def body(self, seen_by: Audience) -> bytes:
        if seen_by not in self._bodies:
            self._bodies[seen_by] = encoded_for(self._raw, seen_by)
        return self._bodies[seen_by]


def newest(seen_by: Audience) -> bytes:
    kept: Newest | None = current_app.extensions.get("live_newest")
    if kept is None or time.monotonic() - kept.made > KEPT_S:
        frame = services().cache.ask(channel.load)
        if frame is None:
            raise Unavailable("Nothing was published yet: is `mission-control beat` running?", retry_after=1)
        kept = current_app.extensions["live_newest"] = Newest(frame.encoded())
    return kept.body(seen_by)

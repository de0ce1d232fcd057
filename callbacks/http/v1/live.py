"""The newest live state over HTTP: for programs that want it once, and for walls while sockets are off."""

from __future__ import annotations

import time
from typing import Any, Literal

from flask import Response, current_app
from pydantic import BaseModel

from callbacks.web.api import blueprint, needs, services
from data.errors import Unavailable
from data.live import channel
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
    response = Response(newest(), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def newest() -> bytes:
    made, body = current_app.extensions.get("live_newest", (0.0, b""))
    if time.monotonic() - made > KEPT_S:
        frame = services().cache.ask(channel.load)
        if frame is None:
            raise Unavailable("Nothing was published yet: is `mission-control beat` running?", retry_after=1)
        body = frame.encoded()
        current_app.extensions["live_newest"] = (time.monotonic(), body)
    return bytes(body)

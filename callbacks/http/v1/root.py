"""What a program asks first: who is this, where are the sockets, what can be called. And the end of a simulation."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from pydantic import BaseModel

from callbacks.web.api import OPEN_TO_ALL, PUBLIC, actor, blueprint, db, needs, services
from data.ingest import simulation
from data.permissions import Permission

api = blueprint("root", "About")


class About(BaseModel):
    name: str
    version: str
    sockets_url: str | None


class Removed(BaseModel):
    removed: dict[str, int]


@api.get("/", summary="Name, version and where the sockets are", responses={200: About}, openapi_extensions=OPEN_TO_ALL)
@needs(PUBLIC)
def about() -> dict[str, Any]:
    from data.version import VERSION

    return {"name": "Mission Control", "version": VERSION, "sockets_url": sockets_url()}


def sockets_url() -> str | None:
    """Where /ws/… is: our own origin behind a proxy, another port when embedded, None when sockets are off."""
    settings = services().settings
    if not settings.websocket_enabled:
        return None
    scheme = "wss" if request.is_secure else "ws"
    if settings.sockets_port is None or settings.public_url:
        return f"{scheme}://{request.host}"
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return f"{scheme}://{host}:{settings.sockets_port}"


@api.get("/openapi.json", summary="This description", doc_ui=False)
@needs(PUBLIC)
def openapi() -> dict[str, Any]:
    document: dict[str, Any] = current_app.api_doc  # type: ignore[attr-defined]
    return document


@api.get("/docs", doc_ui=False)
@needs(PUBLIC)
def docs() -> str:
    return render_template("api_docs.html", document=current_app.api_doc)  # type: ignore[attr-defined]


@api.delete("/simulation", summary="Remove everything that the simulator sent", responses={200: Removed})
@needs(Permission.ACCESS_MANAGE)
def remove_simulation() -> Response:
    removed = simulation.remove(db(), actor())
    return make_response({"removed": removed})

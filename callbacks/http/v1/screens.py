"""Screens that report their health, orders to them, and the playlists of walls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, make_response
from pydantic import BaseModel, Field

from callbacks.web.api import actor, blueprint, needs, services
from data import clock
from data.db import transaction
from data.permissions import Permission
from data.screens import reads, rules, writes
from data.screens.inputs import NewPlaylist, PlaylistItem, ScreenReport
from data.status import Status

api = blueprint("screens", "Screens")


class ScreenPath(BaseModel):
    screen_id: str = Field(min_length=1, max_length=40)


class PlaylistPath(BaseModel):
    playlist_id: str = Field(min_length=1, max_length=20)


class ReportAnswer(BaseModel):
    reload: bool = Field(description="A person asked this screen to load itself anew")
    report_seconds: int


class Screen(BaseModel):
    screen_id: str
    name: str
    actor_name: str
    address: str
    kiosk: bool
    visible: bool
    status: Status
    words: str
    link: str
    width: int
    height: int
    fps: float | None
    heap_bytes: int | None
    heap_limit_bytes: int | None
    data_age_s: float | None
    silent_s: float
    opened_at: datetime
    reported_at: datetime
    closed_at: datetime | None


class Screens(BaseModel):
    items: list[Screen]
    next_cursor: None = None


class Playlist(BaseModel):
    playlist_id: str
    name: str
    items: list[PlaylistItem]
    hold_seconds: int
    updated_by: str
    updated_at: datetime


class Playlists(BaseModel):
    items: list[Playlist]
    next_cursor: None = None


@api.post("/screens", summary="A screen says how it is", responses={200: ReportAnswer})
@needs(Permission.SCREENS_REPORT)
def report(body: ScreenReport) -> dict[str, Any]:
    with transaction(services().engine) as connection:
        reload = writes.report(connection, actor(), body, clock.now(), timedelta(seconds=body.open_s))
    return {"reload": reload, "report_seconds": rules.REPORT_EVERY_S}


@api.get("/screens", summary="Every screen, the worst first", responses={200: Screens})
@needs(Permission.SCREENS_READ)
def screens() -> dict[str, Any]:
    with transaction(services().engine) as connection:
        return {"items": reads.screens(connection, clock.now()), "next_cursor": None}


@api.post("/screens/<screen_id>/reload", summary="Ask a screen to load itself anew", responses={204: None})
@needs(Permission.SCREENS_MANAGE)
def reload(path: ScreenPath) -> Response:
    with transaction(services().engine) as connection:
        writes.ask_to_reload(connection, actor(), path.screen_id, clock.now())
    return make_response("", 204)


@api.delete("/screens/<screen_id>", summary="Take a screen off the list", responses={204: None})
@needs(Permission.SCREENS_MANAGE)
def forget(path: ScreenPath) -> Response:
    with transaction(services().engine) as connection:
        writes.forget(connection, actor(), path.screen_id)
    return make_response("", 204)


@api.get("/playlists", summary="What walls show in turn", responses={200: Playlists})
@needs(Permission.SCREENS_READ)
def playlists() -> dict[str, Any]:
    with transaction(services().engine) as connection:
        return {"items": reads.playlists(connection), "next_cursor": None}


@api.get("/playlists/<playlist_id>", summary="One playlist", responses={200: Playlist})
@needs(Permission.SCREENS_READ)
def playlist(path: PlaylistPath) -> dict[str, Any]:
    with transaction(services().engine) as connection:
        return reads.playlist(connection, path.playlist_id)


@api.post("/playlists", summary="A new playlist", responses={201: Playlist})
@needs(Permission.SCREENS_MANAGE)
def create_playlist(body: NewPlaylist) -> Response:
    with transaction(services().engine) as connection:
        made = writes.save_playlist(connection, actor(), body)
        return make_response(reads.playlist(connection, made), 201)


@api.put("/playlists/<playlist_id>", summary="Another content for a playlist", responses={200: Playlist})
@needs(Permission.SCREENS_MANAGE)
def change_playlist(path: PlaylistPath, body: NewPlaylist) -> dict[str, Any]:
    with transaction(services().engine) as connection:
        writes.save_playlist(connection, actor(), body, path.playlist_id)
        return reads.playlist(connection, path.playlist_id)


@api.delete("/playlists/<playlist_id>", summary="Remove a playlist", responses={204: None})
@needs(Permission.SCREENS_MANAGE)
def delete_playlist(path: PlaylistPath) -> Response:
    with transaction(services().engine) as connection:
        writes.delete_playlist(connection, actor(), path.playlist_id)
    return make_response("", 204)


APIS = (api,)

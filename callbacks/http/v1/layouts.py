"""How people arrange their screens over REST: layouts, named views, preferences. The browser uses the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, needs, services
from components.overview.board import BOARD
from data.db import transaction
from data.layouts import commands, reads, writes
from data.layouts.inputs import NewLayout, NewView, Placed, Preferences, ViewId, ViewName
from data.layouts.rules import Screen
from data.permissions import Permission

api = blueprint("layouts", "Layouts")

BOARDS: commands.Boards = {"overview": BOARD}


class PagePath(BaseModel):
    page: str = Field(min_length=1, max_length=40)


class ScreenPath(PagePath):
    screen: Screen


class ViewPath(BaseModel):
    view_id: ViewId


class ViewQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    view: ViewId | None = None


class View(BaseModel):
    """A named arrangement. The one without a name is what a person's page stands in by itself."""

    view_id: str
    page: str
    name: str
    owner: str
    own: bool
    published: bool
    updated_at: datetime


class Arrangement(BaseModel):
    """A screen that is not named stands as it does by itself."""

    page: str
    view: View | None
    screens: dict[Screen, list[Placed]]
    views: list[View]


class Saved(BaseModel):
    view_id: str
    page: str
    screen: Literal["wall", "desk", "laptop", "phone"]


@api.get("/layouts/<page>", summary="A page as it stands for the caller", responses={200: Arrangement})
@needs(Permission.LIVE_READ)
def arrangement(path: PagePath, query: ViewQuery) -> dict[str, Any]:
    return commands.arrangement(services(), actor(), BOARDS, path.page, query.view)


@api.put("/layouts/<page>/<screen>", summary="Where panels stand on a screen", responses={200: Saved})
@needs(Permission.LAYOUTS_EDIT)
def save(path: ScreenPath, body: NewLayout) -> dict[str, Any]:
    board = commands.board_of(BOARDS, path.page)
    view_id = commands.save(services(), actor(), board, path.page, path.screen, body)
    return {"view_id": view_id, "page": path.page, "screen": path.screen}


@api.delete("/layouts/<page>/<screen>", summary="Back to the usual places", responses={204: None})
@needs(Permission.LAYOUTS_EDIT)
def reset(path: ScreenPath, query: ViewQuery) -> Response:
    commands.board_of(BOARDS, path.page)
    commands.reset(services(), actor(), path.page, path.screen, query.view)
    return make_response("", 204)


@api.post("/views", summary="Save an arrangement under a name", responses={201: View})
@needs(Permission.LAYOUTS_EDIT)
def create_view(body: NewView) -> Response:
    person = commands.person(actor())
    commands.board_of(BOARDS, body.page)
    with transaction(services().engine) as connection:
        standing = reads.standing(connection, person, body.page)
        of = body.of or (standing["view_id"] if standing else None)
        view_id = writes.create(connection, actor(), body.page, body.name, of)
        made = reads.view(connection, view_id)
    return make_response(commands.described(made, person), 201)


@api.patch("/views/<view_id>", summary="Another name", responses={200: View})
@needs(Permission.LAYOUTS_EDIT)
def rename_view(path: ViewPath, body: ViewName) -> dict[str, Any]:
    who = actor()
    commands.changed(services(), who, lambda tx: writes.rename(tx, who, path.view_id, body.name), path.view_id)
    with transaction(services().engine) as connection:
        return commands.described(reads.view(connection, path.view_id), who.id)


@api.delete("/views/<view_id>", summary="Delete a view of one's own", responses={204: None})
@needs(Permission.LAYOUTS_EDIT)
def delete_view(path: ViewPath) -> Response:
    who = actor()
    commands.changed(services(), who, lambda tx: writes.delete(tx, who, path.view_id), path.view_id)
    return make_response("", 204)


@api.put("/views/<view_id>/published", summary="Publish a view for everyone", responses={200: View})
@needs(Permission.LAYOUTS_PUBLISH)
def publish_view(path: ViewPath) -> dict[str, Any]:
    return _published(path.view_id, published=True)


@api.delete("/views/<view_id>/published", summary="Publish it no longer", responses={200: View})
@needs(Permission.LAYOUTS_PUBLISH)
def unpublish_view(path: ViewPath) -> dict[str, Any]:
    return _published(path.view_id, published=False)


def _published(view_id: str, *, published: bool) -> dict[str, Any]:
    with transaction(services().engine) as connection:
        writes.publish(connection, actor(), view_id, published=published)
        return commands.described(reads.view(connection, view_id), actor().id)


@api.get("/preferences", summary="How the caller wants to see every page", responses={200: Preferences})
@needs(Permission.LIVE_READ)
def preferences() -> dict[str, Any]:
    return commands.preferences(services(), actor()).model_dump(mode="json")


@api.put("/preferences", summary="Choose how to see every page", responses={200: Preferences})
@needs(Permission.LAYOUTS_EDIT)
def prefer(body: Preferences) -> dict[str, Any]:
    commands.prefer(services(), actor(), body)
    return body.model_dump(mode="json")

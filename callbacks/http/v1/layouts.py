"""How people arrange their screens over REST: layouts, named views, preferences. The browser uses the same."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs, unit
from components.overview.board import BOARD
from data.access.writes import audit
from data.errors import Forbidden
from data.layouts import arrangements, reads, writes
from data.layouts.inputs import NewLayout, NewView, Placed, Preferences, ViewId, ViewName
from data.layouts.rules import Screen
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

api = blueprint("layouts", "Layouts")

BOARDS: arrangements.Boards = {"overview": BOARD}


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


@contextmanager
def _refusals_audited(view_id: str | None) -> Iterator[None]:
    """Who reaches for what is another's is audited."""
    try:
        yield
    except Forbidden:
        with unit().apart() as connection:
            audit(connection, actor(), "view.change", ("view", view_id or ""), outcome="denied")
        raise


@api.get("/layouts/<page>", summary="A page as it stands for the caller", responses={200: Arrangement})
@needs(Permission.LIVE_READ)
def arrangement(path: PagePath, query: ViewQuery) -> dict[str, Any]:
    return arrangements.arrangement(db(), actor(), BOARDS, path.page, query.view)


@api.put("/layouts/<page>/<screen>", summary="Where panels stand on a screen", responses={200: Saved})
@needs(Permission.LAYOUTS_EDIT)
def save(path: ScreenPath, body: NewLayout) -> dict[str, Any]:
    board = arrangements.board_of(BOARDS, path.page)
    with _refusals_audited(body.view):
        view_id = arrangements.save(db(), actor(), board, path.page, path.screen, body)
    return {"view_id": view_id, "page": path.page, "screen": path.screen}


@api.delete("/layouts/<page>/<screen>", summary="Back to the usual places", responses={204: None})
@needs(Permission.LAYOUTS_EDIT)
def reset(path: ScreenPath, query: ViewQuery) -> Response:
    arrangements.board_of(BOARDS, path.page)
    with _refusals_audited(query.view):
        arrangements.reset(db(), actor(), path.page, path.screen, query.view)
    return make_response("", 204)


@api.post("/views", summary="Save an arrangement under a name", responses={201: View})
@needs(Permission.LAYOUTS_EDIT)
def create_view(body: NewView) -> Response:
    person = arrangements.person(actor())
    arrangements.board_of(BOARDS, body.page)
    standing = reads.standing(db(), person, body.page)
    of = body.of or (standing["view_id"] if standing else None)
    view_id = writes.create(db(), actor(), body.page, body.name, of)
    made = reads.view(db(), view_id)
    return make_response(arrangements.described(made, person), 201)


@api.patch("/views/<view_id>", summary="Another name", responses={200: View})
@needs(Permission.LAYOUTS_EDIT)
def rename_view(path: ViewPath, body: ViewName) -> dict[str, Any]:
    with _refusals_audited(path.view_id):
        writes.rename(db(), actor(), path.view_id, body.name)
    return arrangements.described(reads.view(db(), path.view_id), actor().id)


@api.delete("/views/<view_id>", summary="Delete a view of one's own", responses={204: None})
@needs(Permission.LAYOUTS_EDIT)
def delete_view(path: ViewPath) -> Response:
    with _refusals_audited(path.view_id):
        writes.delete(db(), actor(), path.view_id)
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
    writes.publish(db(), actor(), view_id, published=published)
    return arrangements.described(reads.view(db(), view_id), actor().id)


@api.get("/preferences", summary="How the caller wants to see every page", responses={200: Preferences})
@needs(Permission.LIVE_READ)
def preferences() -> dict[str, Any]:
    return arrangements.preferences(db(), actor()).model_dump(mode="json")


@api.put("/preferences", summary="Choose how to see every page", responses={200: Preferences})
@needs(Permission.LAYOUTS_EDIT)
def prefer(body: Preferences) -> dict[str, Any]:
    arrangements.prefer(db(), actor(), body)
    return body.model_dump(mode="json")

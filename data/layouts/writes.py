"""Changes to views, layouts and preferences. Moving a panel is nobody's business; naming, publishing and deleting a
view is audited."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.access.writes import audit
from data.errors import BadInput, Conflict, Forbidden
from data.layouts import reads

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.layouts.rules import Item, Screen
    from data.permissions import Actor

MOST_VIEWS = 50
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def own(connection: Connection, actor: Actor, view_id: str) -> dict[str, Any]:
    """The view, locked, if it is this person's own. Raises NotFound, Forbidden."""
    connection.execute(text("select from layout_views where view_id = :id for update"), {"id": view_id})
    view = reads.view(connection, view_id)
    if view["user_id"] != actor.id:
        raise Forbidden(f"This view belongs to {view['owner']}: save it under a name of your own")
    return view


def standing(connection: Connection, actor: Actor, page: str) -> str:
    """The id of the person's own layout of a page, made when it is not there."""
    row = connection.execute(
        text("""insert into layout_views (view_id, page, name, user_id) values (:id, :page, '', :user)
                on conflict (user_id, page, lower(name)) do update set updated_at = now() returning view_id"""),
        {"id": _new_id(), "page": page, "user": actor.id},
    )
    return str(row.scalar_one())


def save(connection: Connection, view_id: str, screen: Screen, items: list[Item]) -> None:
    connection.execute(
        text("""insert into layouts (view_id, screen, panels) values (:id, :screen, cast(:panels as jsonb))
                on conflict (view_id, screen) do update set panels = excluded.panels"""),
        {"id": view_id, "screen": screen, "panels": orjson.dumps(items).decode()},
    )
    connection.execute(text("update layout_views set updated_at = now() where view_id = :id"), {"id": view_id})


def reset(connection: Connection, view_id: str, screen: Screen) -> None:
    connection.execute(
        text("delete from layouts where view_id = :id and screen = :screen"), {"id": view_id, "screen": screen}
    )


def create(connection: Connection, actor: Actor, page: str, name: str, of: str | None) -> str:
    """A named view of one's own, as a copy of the view `of`. Raises Conflict, NotFound."""
    if of is not None and reads.view(connection, of)["page"] != page:
        raise BadInput.field("of", msg="is a view of another page")
    if len([one for one in reads.views(connection, actor.id, page) if one["user_id"] == actor.id]) >= MOST_VIEWS:
        raise Conflict(f"You have {MOST_VIEWS} views of this page: delete one first")
    view_id = _new_id()
    made = connection.execute(
        text("""insert into layout_views (view_id, page, name, user_id) values (:id, :page, :name, :user)
                on conflict (user_id, page, lower(name)) do nothing returning view_id"""),
        {"id": view_id, "page": page, "name": name, "user": actor.id},
    )
    if made.first() is None:
        raise Conflict(f"You have a view called {name} already")
    if of is not None:
        connection.execute(
            text("""insert into layouts (view_id, screen, panels)
                    select :id, screen, panels from layouts where view_id = :of"""),
            {"id": view_id, "of": of},
        )
    audit(connection, actor, "view.create", ("view", view_id), detail={"name": name, "page": page, "of": of})
    return view_id


def rename(connection: Connection, actor: Actor, view_id: str, name: str) -> None:
    view = own(connection, actor, view_id)
    if not view["name"]:
        raise Conflict("Your own layout has no name: save it as a view")
    try:
        with connection.begin_nested():
            connection.execute(
                text("update layout_views set name = :name, updated_at = now() where view_id = :id"),
                {"id": view_id, "name": name},
            )
    except IntegrityError:
        raise Conflict(f"There is a view called {name} already") from None
    audit(connection, actor, "view.rename", ("view", view_id), detail={"was": view["name"], "is": name})


def delete(connection: Connection, actor: Actor, view_id: str) -> None:
    view = own(connection, actor, view_id)
    connection.execute(text("delete from layout_views where view_id = :id"), {"id": view_id})
    audit(connection, actor, "view.delete", ("view", view_id), detail={"name": view["name"]})


def publish(connection: Connection, actor: Actor, view_id: str, *, published: bool) -> None:
    """For everyone, or no longer. Raises NotFound, and Conflict for a layout without a name or a name that is taken."""
    view = reads.view(connection, view_id)
    if not view["name"]:
        raise Conflict("Save the layout as a view with a name first")
    try:
        with connection.begin_nested():
            connection.execute(
                text("""update layout_views set updated_at = now(),
                          published_at = case when :published then coalesce(published_at, now()) end
                        where view_id = :id"""),
                {"id": view_id, "published": published},
            )
    except IntegrityError:
        raise Conflict(f"A view called {view['name']} is published already") from None
    action = "view.publish" if published else "view.unpublish"
    audit(connection, actor, action, ("view", view_id), detail={"name": view["name"]})


def prefer(connection: Connection, actor: Actor, chosen: dict[str, Any]) -> None:
    connection.execute(
        text("""insert into preferences (user_id, chosen) values (:user, cast(:chosen as jsonb))
                on conflict (user_id) do update set chosen = excluded.chosen, updated_at = now()"""),
        {"user": actor.id, "chosen": orjson.dumps(chosen).decode()},
    )


def _new_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(10))

"""Views, their layouts, and what people prefer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.layouts.rules import Item, Screen

_VIEW = """select v.view_id, v.page, v.name, v.user_id::text as user_id, u.email as owner, v.published_at, v.updated_at
           from layout_views v join users u using (user_id)"""


def view(connection: Connection, view_id: str) -> dict[str, Any]:
    """Whoever has a view's address may look at it. Raises NotFound."""
    row = connection.execute(text(f"{_VIEW} where v.view_id = :id"), {"id": view_id}).mappings().first()
    if row is None:
        raise NotFound(f"There is no view {view_id}")
    return dict(row)


def standing(connection: Connection, user_id: str, page: str) -> dict[str, Any] | None:
    """A person's own layout of a page, which has no name; None where the person never arranged it."""
    row = connection.execute(
        text(f"{_VIEW} where v.user_id = :user and v.page = :page and v.name = ''"), {"user": user_id, "page": page}
    )
    found = row.mappings().first()
    return dict(found) if found else None


def views(connection: Connection, user_id: str | None, page: str) -> list[dict[str, Any]]:
    """One's own named views and the published ones, by name."""
    rows = connection.execute(
        text(f"""{_VIEW} where v.page = :page and v.name <> ''
                   and (v.published_at is not null or v.user_id = cast(:user as uuid))
                 order by lower(v.name), v.view_id limit 200"""),
        {"user": user_id, "page": page},
    )
    return [dict(row) for row in rows.mappings()]


def layouts(connection: Connection, view_id: str) -> dict[Screen, list[Item]]:
    rows = connection.execute(text("select screen, panels from layouts where view_id = :id"), {"id": view_id})
    return {row.screen: row.panels for row in rows}


def preferences(connection: Connection, user_id: str) -> dict[str, Any]:
    """What the person chose; what was never chosen is left out."""
    row = connection.execute(text("select chosen from preferences where user_id = :user"), {"user": user_id}).first()
    return dict(row.chosen) if row else {}

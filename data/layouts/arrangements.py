"""How people arrange their screens: REST and the pages come here, so that both do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.areas import CHARTS, NUMBERS
from data.errors import BadInput, NotFound
from data.layouts import reads, rules, writes
from data.layouts.inputs import Preferences

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.layouts.inputs import NewLayout
    from data.layouts.rules import Board, Screen
    from data.permissions import Actor

Boards = dict[str, "Board"]


def arrangement(connection: Connection, actor: Actor, boards: Boards, page: str, view_id: str | None) -> dict[str, Any]:
    """The page as it stands for this caller: the view that is asked for, else the caller's own layout, else nothing
    (each panel where it stands by itself); and the views there are to choose from."""
    board = board_of(boards, page)
    person = actor.id if actor.kind == "user" else None
    view = _asked(connection, person, page, view_id)
    saved = reads.layouts(connection, view["view_id"]) if view else {}
    views = reads.views(connection, person, page)
    screens = {screen: rules.settled(board, screen, items) for screen, items in saved.items()}
    return {
        "page": page,
        "view": described(view, person) if view else None,
        "screens": screens,
        "views": [described(one, person) for one in views],
    }


def _asked(connection: Connection, person: str | None, page: str, view_id: str | None) -> dict[str, Any] | None:
    if view_id is None:
        return reads.standing(connection, person, page) if person else None
    view = reads.view(connection, view_id)
    if view["page"] != page:
        raise NotFound(f"The view {view_id} belongs to another page")
    return view


def described(view: dict[str, Any], person: str | None) -> dict[str, Any]:
    own = person is not None and view["user_id"] == person
    known = {key: view[key] for key in ("view_id", "page", "name", "owner", "updated_at")}
    return known | {"own": own, "published": view["published_at"] is not None}


def board_of(boards: Boards, page: str) -> Board:
    if page not in boards:
        raise NotFound(f"{page[:60]} has no panels to arrange")
    return boards[page]


def save(connection: Connection, actor: Actor, board: Board, page: str, screen: Screen, layout: NewLayout) -> str:
    """Returns the id of the view it was saved to. Raises BadInput, NotFound, Forbidden."""
    person(actor)
    items = [one.item() for one in layout.panels]
    if found := rules.faults(board, screen, items, frozenset(NUMBERS) | frozenset(CHARTS)):
        where = ".".join(str(part) for part in found[0]["loc"])
        raise BadInput(f"{where}: {found[0]['msg']}", errors=found)
    view_id = _target(connection, actor, page, layout.view)
    writes.save(connection, view_id, screen, items)
    return view_id


def reset(connection: Connection, actor: Actor, page: str, screen: Screen, view_id: str | None) -> None:
    """Back to where each panel stands by itself."""
    person(actor)
    writes.reset(connection, _target(connection, actor, page, view_id), screen)


def _target(connection: Connection, actor: Actor, page: str, view_id: str | None) -> str:
    if view_id is None:
        return writes.standing(connection, actor, page)
    if writes.own(connection, actor, view_id)["page"] != page:
        raise NotFound(f"The view {view_id} belongs to another page")
    return view_id


def person(actor: Actor) -> str:
    """The user behind the call; raises NotFound for a program, which has no screens of its own."""
    if actor.kind != "user":
        raise NotFound(f"{actor.name} is no person: layouts, views and preferences belong to people who sign in")
    return actor.id


def preferences(connection: Connection, actor: Actor) -> Preferences:
    """Those of the person, the usual ones for a program. What no longer holds (a zone that is gone) is the usual."""
    if actor.kind != "user":
        return Preferences()
    try:
        return Preferences.model_validate(reads.preferences(connection, actor.id))
    except ValueError:
        return Preferences()


def prefer(connection: Connection, actor: Actor, chosen: Preferences) -> None:
    person(actor)
    writes.prefer(connection, actor, chosen.model_dump(mode="json"))

"""Whose satellite it is: the family of keys that registered it speaks for it, and no other program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.errors import Foreign, NotFound
from data.permissions import Permission

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.permissions import Actor


def check(connection: Connection, actor: Actor, satellite_id: str) -> None:
    """Raises NotFound for a satellite that is not registered, Foreign for another program's.

    One that nobody has spoken for yet, from before there were owners, becomes this program's.
    """
    known = connection.execute(
        text("select owner_family from satellites where satellite_id = :id"), {"id": satellite_id}
    ).first()
    if known is None:
        raise NotFound(f"There is no satellite {satellite_id}: register first")
    if known.owner_family is None:
        take(connection, actor, satellite_id)
    elif not _is_ours(actor, known.owner_family):
        raise _foreign(satellite_id)


def check_free(connection: Connection, actor: Actor, satellite_id: str, owner_family: str | None) -> None:
    """Whether this program may register under the name. A name is free again when no key of its owner works any more.

    Raises Foreign.
    """
    if owner_family is None or _is_ours(actor, owner_family):
        return
    lives = text("""select exists (select from api_keys where family = :family and revoked_at is null
                      and (expires_at is null or expires_at > now()))""")
    if connection.scalar(lives, {"family": owner_family}):
        raise _foreign(satellite_id)


def take(connection: Connection, actor: Actor, satellite_id: str) -> None:
    connection.execute(
        text("update satellites set owner_family = :family where satellite_id = :id"),
        {"id": satellite_id, "family": actor.family},
    )


def _is_ours(actor: Actor, owner_family: str) -> bool:
    return actor.family == owner_family or actor.may(Permission.ACCESS_MANAGE)


def _foreign(satellite_id: str) -> Foreign:
    return Foreign(f"{satellite_id} was registered with another key: only that one, and its rotations, speak for it")

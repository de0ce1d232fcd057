"""API keys: made, rotated, revoked; each with its audit row in the same transaction. Only digests are stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.access import rules
from data.access.writes import audit
from data.errors import Conflict, NotFound
from data.permissions import Scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from data.permissions import Actor


def create_key(
    connection: Connection,
    actor: Actor,
    pepper: bytes,
    name: str,
    scopes: Collection[Scope],
    *,
    simulated: bool = False,
) -> tuple[str, str]:
    """Returns (key_id, token). The token is shown this once."""
    return _add_key(connection, actor, pepper, name, scopes, simulated=simulated)


def _add_key(
    connection: Connection,
    actor: Actor,
    pepper: bytes,
    name: str,
    scopes: Collection[Scope],
    *,
    simulated: bool,
    family: str | None = None,
) -> tuple[str, str]:
    """`family` is that of the key which this one follows; what one key of a family owns, all of them speak for."""
    key_id, secret = rules.new_key_id(), rules.new_secret()
    connection.execute(
        text("""insert into api_keys (key_id, name, secret_hash, scopes, simulated, created_by, family)
                values (:id, :name, :hash, :scopes, :simulated, :by, :family)"""),
        {
            "id": key_id,
            "name": name,
            "hash": rules.digest(pepper, secret),
            "scopes": sorted(scopes),
            "simulated": simulated,
            "by": actor.name,
            "family": family or key_id,
        },
    )
    audit(connection, actor, "key.create", ("key", key_id), detail={"name": name, "scopes": sorted(scopes)})
    return key_id, rules.key_token(key_id, secret)


def rotate_key(
    connection: Connection, actor: Actor, pepper: bytes, key_id: str, overlap_seconds: int
) -> tuple[str, str]:
    """A second key of the same name and scopes; the old one works for `overlap_seconds` more."""
    old = connection.execute(
        text("""select name, scopes, simulated, family, coalesce(expires_at <= now(), false) as expired
                from api_keys where key_id = :id and revoked_at is null for update"""),
        {"id": key_id},
    ).first()
    if old is None:
        raise NotFound(f"no key {key_id}")
    if old.expired:
        raise Conflict(f"{key_id} has expired, and nothing living comes of it: make a new key")
    connection.execute(
        text("""update api_keys set expires_at = least(coalesce(expires_at, 'infinity'), now() + :overlap)
                where key_id = :id"""),
        {"id": key_id, "overlap": timedelta(seconds=overlap_seconds)},
    )
    scopes = [Scope(scope) for scope in old.scopes]
    made = _add_key(connection, actor, pepper, old.name, scopes, simulated=old.simulated, family=old.family)
    audit(connection, actor, "key.rotate", ("key", key_id), detail={"new": made[0], "overlap_seconds": overlap_seconds})
    return made


def revoke_key(connection: Connection, actor: Actor, key_id: str) -> None:
    done = connection.execute(
        text("update api_keys set revoked_at = now() where key_id = :id and revoked_at is null"), {"id": key_id}
    ).rowcount
    if not done:
        raise NotFound(f"no key {key_id}")
    audit(connection, actor, "key.revoke", ("key", key_id))


def replace_key(
    connection: Connection, actor: Actor, pepper: bytes, name: str, scopes: Collection[Scope], *, simulated: bool
) -> str:
    """The one key of this name that our own satellite or simulator runs with: every older one is revoked, and this
    one takes its place."""
    family = connection.scalar(
        text("""select family from api_keys where name = :name and simulated = :simulated and created_by = :by
                order by created_at desc, key_id limit 1"""),
        {"name": name, "simulated": simulated, "by": actor.name},
    )
    connection.execute(
        text("update api_keys set revoked_at = now() where name = :name and revoked_at is null"), {"name": name}
    )
    return _add_key(connection, actor, pepper, name, scopes, simulated=simulated, family=family)[1]

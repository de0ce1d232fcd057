"""Who is asking, and what is known of users, keys and the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.access import rules
from data.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Actor, Permission, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_LIVE_KEY = "revoked_at is null and (expires_at is null or expires_at > now())"
_LIVE_SESSION = "s.revoked_at is null and s.expires_at > now() and u.disabled_at is null"


def resolve_key(connection: Connection, token: str, pepper: bytes) -> Actor | None:
    """The program behind an API key; None for a key that is unknown, wrong, expired or revoked."""
    parts = rules.read_key(token)
    if parts is None:
        return None
    row = connection.execute(
        text(f"""select key_id, name, secret_hash, scopes, simulated, family,
                   coalesce(last_used_at < now() - interval '1 minute', true) as unseen
                 from api_keys where key_id = :id and {_LIVE_KEY}"""),
        {"id": parts[0]},
    ).first()
    if row is None or not rules.same(bytes(row.secret_hash), rules.digest(pepper, parts[1])):
        return None
    permissions = frozenset[Any]().union(*(SCOPE_PERMISSIONS[Scope(scope)] for scope in row.scopes))
    found = Actor("key", row.key_id, row.name, permissions, simulated=row.simulated, family=row.family)
    return replace(found, unseen=row.unseen)


def resolve_session(connection: Connection, token: str, pepper: bytes) -> Actor | None:
    """The person or the kiosk behind a cookie; None when it is unknown, over or revoked."""
    if rules.read_key(token):
        return _resolve_kiosk(connection, token, pepper)
    session_hash = rules.digest(pepper, token)
    row = connection.execute(
        text(f"""select u.user_id, u.email, u.role, s.seen_at < now() - interval '1 minute' as unseen
                 from user_sessions s join users u using (user_id)
                 where s.session_hash = :hash and {_LIVE_SESSION}"""),
        {"hash": session_hash},
    ).first()
    if row is None:
        return None
    role = Role(row.role)
    found = Actor("user", str(row.user_id), row.email, ROLE_PERMISSIONS[role], role, session_id=session_hash.hex())
    return replace(found, unseen=row.unseen)


def _resolve_kiosk(connection: Connection, token: str, pepper: bytes) -> Actor | None:
    """A screen without a keyboard: only a key made for one works as a cookie, and it reads, whatever else it may."""
    actor = resolve_key(connection, token, pepper)
    if actor is None or not actor.may(Permission.PAGES_READ):
        return None
    return replace(actor, permissions=actor.permissions & SCOPE_PERMISSIONS[Scope.KIOSK])


def still_valid(
    connection: Connection, sessions: Collection[str], keys: Collection[str]
) -> tuple[dict[str, Role], set[str]]:
    """Of these session ids and key ids, those that still hold: sessions with the role of their user now."""
    alive = connection.execute(
        text(f"""select encode(s.session_hash, 'hex') as id, u.role from user_sessions s join users u using (user_id)
                 where s.session_hash = any(:hashes) and {_LIVE_SESSION}"""),
        {"hashes": [bytes.fromhex(session) for session in sessions]},
    )
    known = connection.execute(
        text(f"select key_id from api_keys where key_id = any(:ids) and {_LIVE_KEY}"), {"ids": list(keys)}
    )
    return {row.id: Role(row.role) for row in alive}, {row.key_id for row in known}


def users(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("select user_id::text, email, role, created_at, disabled_at from users order by created_at, user_id")
    )
    return [dict(row) for row in rows.mappings()]


def keys(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("""select key_id, name, scopes, simulated, created_by, created_at, expires_at, revoked_at, last_used_at
                from api_keys order by created_at, key_id""")
    )
    return [dict(row) for row in rows.mappings()]


def audit(
    connection: Connection, *, before: int | None, limit: int, object_id: str | None = None
) -> list[dict[str, Any]]:
    """The newest audit rows first; `before` is the audit_id of the last row of the page above."""
    rows = connection.execute(
        text("""select audit_id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, outcome, detail,
                       address
                from audit_log
                where (cast(:before as bigint) is null or audit_id < :before)
                  and (cast(:object_id as text) is null or object_id = :object_id)
                order by audit_id desc limit :limit"""),
        {"before": before, "limit": limit, "object_id": object_id},
    )
    return [dict(row) for row in rows.mappings()]

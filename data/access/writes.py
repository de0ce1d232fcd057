"""Users, sessions, keys and the audit: every change with its audit row in the same transaction."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.access import rules
from data.errors import Conflict, NotFound, Unauthorised
from data.permissions import Role, Scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from data.permissions import Actor

Outcome = Literal["done", "denied", "refused"]

_PASSWORDS = PasswordHasher()
LOCAL_ADMIN = "admin@localhost"


def audit(
    connection: Connection,
    actor: Actor | None,
    action: str,
    subject: tuple[str, str],
    *,
    outcome: Outcome = "done",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """One row of the audit: who did (or was denied) what to which object, e.g. ("mission", "LP-1001")."""
    connection.execute(
        text("""insert into audit_log
                (actor_kind, actor_id, actor_name, action, object_kind, object_id, outcome, detail, address)
                values (:kind, :id, :name, :action, :object_kind, :object_id, :outcome, :detail, :address)"""),
        {
            "kind": actor.kind if actor else "anonymous",
            "id": actor.id if actor else "",
            "name": actor.name if actor else "",
            "action": action,
            "object_kind": subject[0],
            "object_id": subject[1][:200],
            "outcome": outcome,
            "detail": orjson.dumps(detail or {}).decode(),
            "address": address,
        },
    )


def create_user(connection: Connection, actor: Actor, email: str, role: Role, password: str | None) -> str:
    """Returns the user_id. Raises Conflict when the address is taken."""
    hashed = _PASSWORDS.hash(password) if password else None
    try:
        with connection.begin_nested():
            user_id = connection.execute(
                text("""insert into users (email, role, password_hash) values (:email, :role, :hash)
                        returning user_id::text"""),
                {"email": email, "role": role, "hash": hashed},
            ).scalar_one()
    except IntegrityError:
        raise Conflict(f"{email}: there is already a user with this address") from None
    audit(connection, actor, "user.create", ("user", user_id), detail={"email": email, "role": role})
    return str(user_id)


def ensure_user(connection: Connection, actor: Actor, email: str, role: Role, password: str | None) -> str:
    """The user with this address: made when missing, else given this role and, when there is one, this password."""
    known = connection.execute(
        text("""update users set role = :role, password_hash = coalesce(:hash, password_hash), disabled_at = null
                where lower(email) = lower(:email) returning user_id::text"""),
        {"email": email, "role": role, "hash": _PASSWORDS.hash(password) if password else None},
    ).scalar()
    if known is None:
        return create_user(connection, actor, email, role, password)
    audit(connection, actor, "user.update", ("user", known), detail={"email": email, "role": role})
    return str(known)


def update_user(
    connection: Connection, actor: Actor, user_id: str, *, role: Role | None = None, disabled: bool | None = None
) -> None:
    """Change a role, or end an account: its sessions end with it."""
    done = connection.execute(
        text("""update users set role = coalesce(:role, role),
                  disabled_at = case when cast(:disabled as boolean) is null then disabled_at
                                     when :disabled then coalesce(disabled_at, now()) end
                where user_id::text = :id"""),
        {"id": user_id, "role": role, "disabled": disabled},
    ).rowcount
    if not done:
        raise NotFound(f"no user {user_id}")
    audit(connection, actor, "user.update", ("user", user_id), detail={"role": role, "disabled": disabled})


@cache
def _nobody() -> str:
    """What an account that does not exist is checked against, so that it takes as long to refuse."""
    return _PASSWORDS.hash("nobody")


def check_password(connection: Connection, email: str, password: str) -> str:
    """The user_id behind an address and a password. Raises Unauthorised, after the same time for every reason."""
    row = connection.execute(
        text("""select user_id::text, password_hash from users
                where lower(email) = lower(:email) and disabled_at is null"""),
        {"email": email},
    ).first()
    try:
        _PASSWORDS.verify((row and row.password_hash) or _nobody(), password)
    except (VerificationError, InvalidHashError):
        row = None
    if row is None or not row.password_hash:
        raise Unauthorised("The address or the password is wrong.")
    return str(row.user_id)


def start_session(connection: Connection, user_id: str, pepper: bytes, *, address: str, agent: str) -> str:
    """Returns the token for the cookie; only its digest is kept."""
    token = rules.new_secret()
    connection.execute(
        text("""insert into user_sessions (session_hash, user_id, expires_at, address, user_agent)
                values (:hash, cast(:user_id as uuid), now() + :life, :address, :agent)"""),
        {
            "hash": rules.digest(pepper, token),
            "user_id": user_id,
            "life": rules.SESSION_LIFE,
            "address": address,
            "agent": agent[:300],
        },
    )
    return token


def end_session(connection: Connection, session_id: str) -> None:
    connection.execute(
        text("update user_sessions set revoked_at = now() where session_hash = :hash and revoked_at is null"),
        {"hash": bytes.fromhex(session_id)},
    )


def issue_login_token(connection: Connection, actor: Actor, pepper: bytes, email: str = LOCAL_ADMIN) -> str:
    """A link that signs in once, as the local administrator unless another address is given."""
    user_id = connection.execute(
        text("select user_id::text from users where lower(email) = lower(:email) and disabled_at is null"),
        {"email": email},
    ).scalar()
    if user_id is None:
        user_id = create_user(connection, actor, email, Role.ADMIN, None)
    token = rules.new_secret()
    connection.execute(
        text(
            "insert into login_tokens (token_hash, user_id, expires_at)"
            " values (:hash, cast(:id as uuid), now() + :life)"
        ),
        {"hash": rules.digest(pepper, token), "id": user_id, "life": rules.LINK_LIFE},
    )
    return token


def use_login_token(connection: Connection, token: str, pepper: bytes) -> str:
    """The user_id of a link, which works no second time. Raises Unauthorised."""
    user_id = connection.execute(
        text("""update login_tokens set used_at = now()
                where token_hash = :hash and used_at is null and expires_at > now() returning user_id::text"""),
        {"hash": rules.digest(pepper, token)},
    ).scalar()
    if user_id is None:
        raise Unauthorised("This sign-in link was used before or is too old. Start again, or sign in with a password.")
    return str(user_id)


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
    key_id, secret = rules.new_key_id(), rules.new_secret()
    connection.execute(
        text("""insert into api_keys (key_id, name, secret_hash, scopes, simulated, created_by)
                values (:id, :name, :hash, :scopes, :simulated, :by)"""),
        {
            "id": key_id,
            "name": name,
            "hash": rules.digest(pepper, secret),
            "scopes": sorted(scopes),
            "simulated": simulated,
            "by": actor.name,
        },
    )
    audit(connection, actor, "key.create", ("key", key_id), detail={"name": name, "scopes": sorted(scopes)})
    return key_id, rules.key_token(key_id, secret)


def rotate_key(
    connection: Connection, actor: Actor, pepper: bytes, key_id: str, overlap_seconds: int
) -> tuple[str, str]:
    """A second key of the same name and scopes; the old one works for `overlap_seconds` more."""
    old = connection.execute(
        text("select name, scopes, simulated from api_keys where key_id = :id and revoked_at is null for update"),
        {"id": key_id},
    ).first()
    if old is None:
        raise NotFound(f"no key {key_id}")
    connection.execute(
        text("""update api_keys set expires_at = least(coalesce(expires_at, 'infinity'), now() + :overlap)
                where key_id = :id"""),
        {"id": key_id, "overlap": timedelta(seconds=overlap_seconds)},
    )
    made = create_key(
        connection, actor, pepper, old.name, [Scope(scope) for scope in old.scopes], simulated=old.simulated
    )
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
    """The one key of this name that our own satellite or simulator runs with: every older one is revoked."""
    connection.execute(
        text("update api_keys set revoked_at = now() where name = :name and revoked_at is null"), {"name": name}
    )
    return create_key(connection, actor, pepper, name, scopes, simulated=simulated)[1]

"""Users, sessions and the audit: every change with its audit row in the same transaction."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.access import rules
from data.errors import Conflict, NotFound, Unauthorised
from data.permissions import Role
from data.serialization import dumps

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from data.permissions import Actor

Outcome = Literal["done", "denied", "refused"]

_PASSWORDS = PasswordHasher()
LOCAL_ADMIN = "admin@localhost"


def mark_seen(connection: Connection, actor: Actor) -> None:
    """Note that a key was used, that a session is alive: once a minute is enough."""
    if not actor.unseen:
        return
    if actor.session_id is None:
        connection.execute(text("update api_keys set last_used_at = now() where key_id = :id"), {"id": actor.id})
    else:
        session = bytes.fromhex(actor.session_id)
        connection.execute(text("update user_sessions set seen_at = now() where session_hash = :id"), {"id": session})


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
            "detail": dumps(detail or {}).decode(),
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


def _find_for_change(connection: Connection, condition: str, value: str) -> Row[Any] | None:
    """The user, and nobody changes users meanwhile: whoever counts administrators counts right."""
    connection.execute(text("lock table users in share row exclusive mode"))
    return connection.execute(
        text(f"""select user_id::text, email, role, password_hash, disabled_at is not null as disabled
                 from users where {condition} for update"""),
        {"value": value},
    ).first()


def _keep_an_admin(connection: Connection, user: Row[Any], *, role: str, disabled: bool) -> None:
    """Raises Conflict where nobody would be left who may manage access."""
    was, stays = user.role == Role.ADMIN and not user.disabled, role == Role.ADMIN and not disabled
    others = text("""select exists (select from users where role = 'admin' and disabled_at is null
                       and user_id::text <> :id)""")
    if was and not stays and not connection.scalar(others, {"id": user.user_id}):
        raise Conflict(f"{user.email} is the last enabled administrator: make or enable another one first")


def _end_access(connection: Connection, user_id: str) -> None:
    """Whoever is signed in as this user is signed out, and no link that was made before leads in."""
    connection.execute(
        text("update user_sessions set revoked_at = now() where user_id::text = :id and revoked_at is null"),
        {"id": user_id},
    )
    connection.execute(
        text("update login_tokens set used_at = now() where user_id::text = :id and used_at is null"), {"id": user_id}
    )


def ensure_user(connection: Connection, actor: Actor, email: str, role: Role, password: str | None) -> str:
    """The user with this address: made when missing, else enabled and given this role and, when there is one, this
    password. Where that changes anything, sessions end with it."""
    known = _find_for_change(connection, "lower(email) = lower(:value)", email)
    if known is None:
        return create_user(connection, actor, email, role, password)
    renewed = password is not None and not _is_password(known.password_hash, password)
    if renewed or known.disabled or known.role != role:
        _keep_an_admin(connection, known, role=role, disabled=False)
        _end_access(connection, known.user_id)
        connection.execute(
            text("""update users set role = :role, password_hash = coalesce(:hash, password_hash), disabled_at = null
                    where user_id::text = :id"""),
            {"id": known.user_id, "role": role, "hash": _PASSWORDS.hash(password) if renewed and password else None},
        )
        detail = {"email": email, "role": role, "password": "new" if renewed else "as before"}
        audit(connection, actor, "user.update", ("user", known.user_id), detail=detail)
    return str(known.user_id)


def update_user(
    connection: Connection, actor: Actor, user_id: str, *, role: Role | None = None, disabled: bool | None = None
) -> None:
    """Change a role, or end an account: its sessions end with it. Raises Conflict for the last administrator."""
    known = _find_for_change(connection, "user_id::text = :value", user_id)
    if known is None:
        raise NotFound(f"no user {user_id}")
    becomes, ends = role or known.role, known.disabled if disabled is None else disabled
    if (becomes, ends) != (known.role, known.disabled):
        _keep_an_admin(connection, known, role=becomes, disabled=ends)
        _end_access(connection, user_id)
        connection.execute(
            text("""update users set role = :role, disabled_at = case when :ends then coalesce(disabled_at, now()) end
                    where user_id::text = :id"""),
            {"id": user_id, "role": becomes, "ends": ends},
        )
    audit(connection, actor, "user.update", ("user", user_id), detail={"role": role, "disabled": disabled})


@cache
def _nobody() -> str:
    """What an account that does not exist is checked against, so that it takes as long to refuse."""
    return _PASSWORDS.hash("nobody")


def check_password(connection: Connection, email: str, password: str) -> str:
    """The user_id behind an address and a password. Raises Unauthorised, after the same time for every reason.

    The user stays as it is until the end of the transaction: a session is made before a change of the user, which then
    ends it, or after it.
    """
    row = connection.execute(
        text("""select user_id::text, password_hash from users
                where lower(email) = lower(:email) and disabled_at is null for share"""),
        {"email": email},
    ).first()
    right = _is_password((row and row.password_hash) or _nobody(), password)
    if row is None or not row.password_hash or not right:
        raise Unauthorised("The address or the password is wrong.")
    return str(row.user_id)


def _is_password(hashed: str | None, password: str) -> bool:
    try:
        return _PASSWORDS.verify(hashed or "", password)
    except (VerificationError, InvalidHashError):
        return False


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


def issue_login_token(connection: Connection, actor: Actor, pepper: bytes) -> str:
    """A link that signs an enabled administrator in, once: the local one, else whoever has been one the longest.

    Raises Conflict where there are users and no enabled administrator among them.
    """
    user_id = connection.execute(
        text("""select user_id::text from users where role = 'admin' and disabled_at is null
                order by lower(email) <> :local, created_at, user_id limit 1"""),
        {"local": LOCAL_ADMIN},
    ).scalar()
    if user_id is None:
        if connection.scalar(text("select exists (select from users)")):
            raise Conflict("No administrator is enabled: `mission-control user add EMAIL --role admin` makes one")
        user_id = create_user(connection, actor, LOCAL_ADMIN, Role.ADMIN, None)
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
        text("""with enabled as (
                  select u.user_id from users u join login_tokens t using (user_id)
                  where t.token_hash = :hash and u.disabled_at is null for share of u)
                update login_tokens set used_at = now()
                where token_hash = :hash and used_at is null and expires_at > now()
                  and user_id in (select user_id from enabled) returning user_id::text"""),
        {"hash": rules.digest(pepper, token)},
    ).scalar()
    if user_id is None:
        raise Unauthorised("This sign-in link was used before or is too old. Start again, or sign in with a password.")
    return str(user_id)

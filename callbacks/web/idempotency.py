"""Idempotency-Key: a POST that is repeated with the same key acts once, and is answered as it was the first time.

Only a key that was made is answered once: it is nowhere in the database, so the repetition says what it cannot show.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from typing import TYPE_CHECKING, Any

from flask import Response, g, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from callbacks.web.api import db, release, services, unit
from data.access.rules import KEY_PATTERN
from data.errors import BadInput, Conflict, Unavailable
from data.serialization import dumps, loads

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

_LONGEST = 200
SHOWN_ONCE = (
    "The key was shown once, in the first answer, and is kept nowhere: rotate it, or revoke it and make another"
)
_SECRET = re.compile(rf"{KEY_PATTERN.pattern}|whsec_[0-9A-Za-z+/=]{{32,}}")  # an API key; a webhook's secret
_SECRET_BYTES = re.compile(_SECRET.pattern.encode())
_CRASHED_AFTER = "1 minute"  # a first try that has not answered by then never will


def without_keys(body: bytes) -> bytes:
    """The answer as it may be kept: a field that shows an API key or a secret is null, and a note says why."""
    if not _SECRET_BYTES.search(body):
        return body
    try:
        answer = _without_keys(loads(body))
    except ValueError:  # no JSON: what it says besides the key is lost with it
        answer = {}
    return dumps(answer | {"note": SHOWN_ONCE} if isinstance(answer, dict) else answer)


def _without_keys(value: Any) -> Any:  # noqa: ANN401 — any JSON
    if isinstance(value, dict):
        return {name: _without_keys(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_keys(each) for each in value]
    return None if isinstance(value, str) and _SECRET.search(value) else value


def register(server: Flask) -> None:
    """Last of all, so that an answer is kept before it is compressed for one of those who ask."""
    server.before_request(_claim)
    server.after_request(_keep)


def _claim() -> ResponseReturnValue | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST" or g.get("actor") is None:
        return None
    if not 1 <= len(key) <= _LONGEST or not key.isprintable():
        raise BadInput.field("Idempotency-Key", msg=f"must be 1 to {_LONGEST} printable characters")
    content = b"\0".join((request.path.encode(), request.get_data(cache=True)))
    digest = hmac.digest(services().pepper, content, hashlib.sha256)  # keyed: a body may hold a password
    claimed = (
        db()
        .execute(
            text(f"""insert into idempotency_keys (actor_id, idem_key, request_digest) values (:actor, :key, :digest)
                     on conflict (actor_id, idem_key) do update set created_at = now()
                       where idempotency_keys.status is null
                         and idempotency_keys.created_at < now() - interval '{_CRASHED_AFTER}'
                     returning 1"""),
            {"actor": g.actor.id, "key": key, "digest": digest},
        )
        .first()
    )
    if claimed:
        release()  # before the work begins: whoever repeats it meanwhile hears of it
        g.idempotency_key = key
        return None
    before = (
        db()
        .execute(
            text("""select request_digest, status, body from idempotency_keys
                    where actor_id = :actor and idem_key = :key"""),
            {"actor": g.actor.id, "key": key},
        )
        .one()
    )
    if bytes(before.request_digest) != digest:
        raise BadInput.field("Idempotency-Key", msg="was used before for another request")
    if before.status is None:
        raise Conflict("The first request with this Idempotency-Key is still at work")
    kind = "application/json" if before.status < 400 else "application/problem+json"
    answer = Response(bytes(before.body), before.status, mimetype=kind)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _keep(response: Response) -> Response:
    """Remember the answer; one of 5xx or 429 is no answer, and the key is free again."""
    key = g.pop("idempotency_key", None)
    if key is None:
        return response
    final = response.status_code < 500 and response.status_code != 429
    statement = (
        "update idempotency_keys set status = :status, body = :body where actor_id = :actor and idem_key = :key"
        if final
        else "delete from idempotency_keys where actor_id = :actor and idem_key = :key"
    )
    values = {"actor": g.actor.id, "key": key}
    if final:
        values |= {"status": response.status_code, "body": without_keys(response.get_data())}
    try:
        with unit().transaction() as connection:
            connection.execute(text(statement), values)
    except (Unavailable, SQLAlchemyError):  # what was done is answered, whatever becomes of its memory
        log.warning("an answer was not remembered: PostgreSQL is away", extra={"path": request.path})
    return response

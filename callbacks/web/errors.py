"""Every error leaves as application/problem+json `{type, title, status, detail, errors}`; none as a stack trace."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from data.errors import BadInput, FieldError, MissionControlError
from data.serialization import dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from pydantic_core import ErrorDetails

log = logging.getLogger(__name__)

# What PostgreSQL says of a value that no column can hold: the caller's fault, not ours.
_BAD_VALUE = ("22", "54")
BODY_LIMIT = 10 * 1024 * 1024
_DRAIN_BYTES = 256 * 1024 * 1024
_DRAIN_S = 10.0


def problem(
    status: int, title: str, detail: str, errors: Sequence[FieldError] = (), retry_after: float | None = None
) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body["errors"] = list(errors)
    if retry_after is not None:
        body["retry_after"] = max(1, round(retry_after))
    response = Response(dumps(body), status, mimetype="application/problem+json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(retry_after)))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="mission-control"'
    return response


def field_errors(details: Sequence[ErrorDetails]) -> list[FieldError]:
    """Pydantic's findings as ours; a message never repeats the value it refuses."""
    return [{"loc": list(detail["loc"]), "msg": detail["msg"][:300]} for detail in details]


def from_error(error: MissionControlError) -> Response:
    return problem(error.status, error.title, error.detail, error.errors, error.retry_after)


def from_validation(error: ValidationError) -> Response:
    errors = field_errors(error.errors(include_url=False, include_context=False, include_input=False))
    where = ", ".join(sorted({".".join(str(part) for part in one["loc"]) or "body" for one in errors}))
    return problem(BadInput.status, BadInput.title, f"Wrong or missing: {where}", errors)


def _from_too_large(_: RequestEntityTooLarge) -> ResponseReturnValue:
    """The rest of the body is read and thrown away (bounded), so that the caller hears 413 instead of a reset."""
    stream, left, until = request.environ["wsgi.input"], _DRAIN_BYTES, time.monotonic() + _DRAIN_S
    while left > 0 and time.monotonic() < until:
        chunk = stream.read(min(left, 65_536))
        if not chunk:
            break
        left -= len(chunk)
    return problem(413, "Too large", f"A request may hold {BODY_LIMIT} bytes: send smaller batches")


def _from_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = problem(error.code, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _from_database(error: DBAPIError) -> ResponseReturnValue:
    state = getattr(error.orig, "sqlstate", None)
    if state is None or state.startswith(_BAD_VALUE):
        return problem(422, BadInput.title, "A value cannot be stored: it holds a NUL, or is out of range")
    log.error("database error", exc_info=error)
    return problem(500, "Internal error", "The database refused what it was asked; this is a defect in Mission Control")


def _from_anything(error: Exception) -> ResponseReturnValue:
    log.error("unhandled error", exc_info=error)
    return problem(
        500, "Internal error", "Something went wrong; this is a defect in Mission Control, and it was logged"
    )


def _from_recursion(_: RecursionError) -> ResponseReturnValue:
    return problem(400, "Malformed request", "The body is nested too deeply")


def _from_unicode(_: UnicodeError) -> ResponseReturnValue:
    return problem(422, BadInput.title, "A text holds characters that cannot be stored")


def register(server: Flask) -> None:
    handlers: dict[type[Exception], Any] = {
        MissionControlError: from_error,
        ValidationError: from_validation,
        RequestEntityTooLarge: _from_too_large,
        HTTPException: _from_http,
        DBAPIError: _from_database,
        RecursionError: _from_recursion,
        UnicodeError: _from_unicode,
        Exception: _from_anything,
    }
    for kind, handler in handlers.items():
        server.register_error_handler(kind, handler)

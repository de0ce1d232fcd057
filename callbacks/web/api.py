"""The frame of every REST endpoint: who may call it, what it answers, how lists are paged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Request, current_app, g
from flask.json.provider import JSONProvider
from flask_openapi3 import APIBlueprint, Info, OpenAPI, Tag
from pydantic import BaseModel
from werkzeug.utils import cached_property

from callbacks.web.dash_internals import CALLBACKS
from callbacks.web.errors import BODY_LIMIT, from_validation
from data import deadline, serialization
from data.db import translated
from data.errors import Malformed
from data.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Response
    from flask.typing import ResponseReturnValue
    from pydantic import ValidationError
    from sqlalchemy import Connection

    from data.permissions import Actor, Permission
    from data.services import Services

F = TypeVar("F", bound="Callable[..., Any]")

PUBLIC = "public"
_PIECE = 65_536


class Problem(BaseModel):
    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []


class AnswerJson(JSONProvider):
    """What is answered: always possible."""

    def dumps(self, obj: Any, **_: Any) -> str:  # noqa: ANN401 — Flask's own signature
        return serialization.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:  # noqa: ANN401 — Flask's own signature
        return serialization.loads(s)


class BodyJson:
    """What is sent to us: whatever could not be stored, or not be answered afterwards, is refused by its name."""

    @staticmethod
    def loads(body: bytes) -> Any:  # noqa: ANN401 — any JSON but a text: the frame would read that a second time
        found = serialization.read(body)
        if isinstance(found, str):
            raise Malformed("The body must be a JSON object")
        return found


class CallbackJson:
    """What a page sends of its own address: any word may stand there, and the page itself says what it means."""

    @staticmethod
    def loads(body: bytes) -> Any:  # noqa: ANN401 — any JSON
        return serialization.parse(body)


class WholeRequest(Request):
    """Werkzeug cuts a chunked body off at the limit and calls it whole; read piece by piece, it is too large."""

    # Flask gives every request the module that reads and writes answers; this one reads what is sent to us.
    @property  # type: ignore[override]
    def json_module(self) -> type[BodyJson | CallbackJson]:
        return CallbackJson if self.path == CALLBACKS else BodyJson

    @json_module.setter
    def json_module(self, _: object) -> None:
        pass

    @cached_property
    def _in_pieces(self) -> bytes:
        return b"".join(iter(lambda: self.stream.read(_PIECE), b""))

    def get_data(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 — bytes or text, as Flask asks for it
        if self.content_length is None and not (args or options.keys() - {"cache"}):
            return self._in_pieces
        return super().get_data(*args, **options)


def needs(permission: Permission | str) -> Callable[[F], F]:
    """Who may call this view: a permission, or PUBLIC. The guard reads it; a view without one is never served."""

    def mark(view: F) -> F:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return mark


def services() -> Services:
    return cast("Services", current_app.extensions["mission_control"])


def unit() -> UnitOfWork:
    """What this request does to PostgreSQL: committed before its answer leaves, rolled back on an error."""
    if "unit_of_work" not in g:
        g.unit_of_work = UnitOfWork(services().engine)
    found: UnitOfWork = g.unit_of_work
    return found


def db() -> Connection:
    """The request's connection, in its transaction."""
    return unit().connection


def release() -> None:
    """Commit, and hold no connection while this request waits for something else, or draws. `db()` begins anew."""
    unit().release()


def reading() -> AbstractContextManager[Connection]:
    """The request's connection for what a person waits to see (`data.deadline.reading`); let go at the end."""
    return deadline.reading(unit())


def actor() -> Actor:
    return cast("Actor", g.actor)


def _invalid(error: ValidationError) -> Response:
    return from_validation(error)


class Api(OpenAPI):
    """Commits a request's work before its answer leaves: what cannot be committed is answered as the error it is."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        with translated():
            answer = super().preprocess_request()
        return None if answer is None else self._committed(answer)

    def dispatch_request(self) -> ResponseReturnValue:
        with translated():
            answer = super().dispatch_request()
        return self._committed(answer)

    def _committed(self, answer: ResponseReturnValue) -> Response:
        response = self.make_response(answer)
        _end(UnitOfWork.release)
        return response

    def handle_user_exception(self, e: Exception) -> Any:  # noqa: ANN401 — Flask's own signature
        _end(UnitOfWork.rollback)
        return super().handle_user_exception(e)


def _end(how: Callable[[UnitOfWork], None]) -> None:
    if "unit_of_work" in g:
        how(g.unit_of_work)


def create_api(name: str, version: str) -> OpenAPI:
    server = Api(
        name,
        info=Info(title="Mission Control", version=version),
        security_schemes={
            "key": {"type": "http", "scheme": "bearer", "description": "An API key: mc_…"},
            "session": {"type": "apiKey", "in": "cookie", "name": "mc_session"},
        },
        doc_ui=False,
        validation_error_model=Problem,
        validation_error_callback=_invalid,
        static_folder=None,
    )
    server.json = AnswerJson(server)
    server.request_class = WholeRequest
    server.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    server.teardown_request(lambda _: _end(UnitOfWork.rollback))  # of what began after the answer was made
    return server


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
OPEN_TO_ALL: dict[str, Any] = {"security": []}


def blueprint(area: str, title: str) -> APIBlueprint:
    """A group of endpoints below /api/v1 that programs and people may call."""
    responses = {status: {"content": _PROBLEM} for status in (400, 401, 403, 404, 409, 413, 414, 422, 429, 431, 503)}
    return APIBlueprint(
        area,
        __name__,
        url_prefix="/api/v1",
        abp_tags=[Tag(name=title)],
        abp_security=[{"key": []}, {"session": []}],
        abp_responses=cast("Any", responses),
    )

"""Every error this product raises on purpose, as one tree. A message tells an operator what, which, and what next.

MissionControlError
├── BadInput        422  a field is wrong; `errors` names each one
├── Malformed       400  the body is no JSON, no gzip, no valid encoding
├── Unauthorised    401  who is asking is not known
├── Forbidden       403  who is asking may not
│   └── Foreign          it belongs to somebody else
├── NotFound        404
├── Conflict        409  the thing is in a state that does not allow it
├── TooLarge        413
├── TooMany         429  with `retry_after` seconds
├── Unavailable     503  something we lean on is down or hung, with `retry_after` seconds
│   ├── Clash            two writers stood in each other's way; the same again will do
│   └── TooSlow          it answers others, but not this question in its time
└── SettingsError        a setting is wrong; stops the start
"""

from __future__ import annotations

from typing import TypedDict


class FieldError(TypedDict):
    """`loc` is the path to the value, from the outside in; `msg` says what is wrong with it."""

    loc: list[str | int]
    msg: str


class MissionControlError(Exception):
    status = 500
    title = "Internal error"

    def __init__(
        self, detail: str, *, errors: list[FieldError] | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []
        self.retry_after = retry_after


class BadInput(MissionControlError):
    status, title = 422, "Invalid input"

    @classmethod
    def field(cls, *loc: str | int, msg: str) -> BadInput:
        where = ".".join(str(part) for part in loc)
        return cls(f"{where}: {msg}", errors=[{"loc": list(loc), "msg": msg}])


class Malformed(MissionControlError):
    status, title = 400, "Malformed request"


class Unauthorised(MissionControlError):
    status, title = 401, "Not signed in"


class Forbidden(MissionControlError):
    status, title = 403, "Not allowed"


class Foreign(Forbidden):
    pass


class NotFound(MissionControlError):
    status, title = 404, "Not found"


class Conflict(MissionControlError):
    status, title = 409, "Conflict"


class TooLarge(MissionControlError):
    status, title = 413, "Too large"


class TooMany(MissionControlError):
    status, title = 429, "Too many requests"


class Unavailable(MissionControlError):
    status, title = 503, "Unavailable"


class Clash(Unavailable):
    pass


class TooSlow(Unavailable):
    title = "Took too long"


class SettingsError(MissionControlError):
    title = "Wrong setting"

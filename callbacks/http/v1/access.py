"""Keys, users and the audit over REST, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import Response, make_response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs, services
from callbacks.web.paging import PageQuery, page, read_cursor
from data.access import keys as access_keys
from data.access import reads, rules, writes
from data.fields import Line, Name
from data.permissions import Permission, Role, Scope

api = blueprint("access", "Access")


def _address(value: str) -> str:
    name, at, host = value.strip().partition("@")
    if not (name and at and host) or any(letter.isspace() for letter in value.strip()):
        raise ValueError("must be an e-mail address")
    return value.strip()


class KeyPath(BaseModel):
    key_id: str = Field(min_length=1, max_length=20)


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=6)
    simulated: bool = Field(default=False, description="Mark everything sent with this key as simulated")


class Rotation(BaseModel):
    overlap_seconds: int = Field(0, ge=0, le=rules.ROTATION_OVERLAP_MAX_S)


class Key(BaseModel):
    key_id: str
    name: str
    scopes: list[Scope]
    simulated: bool
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class Keys(BaseModel):
    items: list[Key]
    next_cursor: None = None


class IssuedKey(BaseModel):
    key_id: str
    key: str | None = Field(description="The key itself, shown this once; null in a repetition")
    note: str | None = Field(None, description="In a repetition: that the key was shown before")


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Annotated[Line, Field(min_length=3, max_length=254), AfterValidator(_address)]
    role: Role
    password: Annotated[str, Field(min_length=10, max_length=1000)]


class UserChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    disabled: bool | None = None


class UserPath(BaseModel):
    user_id: str = Field(min_length=1, max_length=40)


class User(BaseModel):
    user_id: str
    email: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None


class Users(BaseModel):
    items: list[User]
    next_cursor: None = None


class AuditRow(BaseModel):
    audit_id: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    object_kind: str
    object_id: str
    outcome: str
    detail: dict[str, Any]
    address: str | None


class AuditPage(BaseModel):
    items: list[AuditRow]
    next_cursor: str | None


@api.get("/keys", summary="API keys", responses={200: Keys})
@needs(Permission.ACCESS_MANAGE)
def keys() -> dict[str, Any]:
    return {"items": reads.keys(db()), "next_cursor": None}


@api.post("/keys", summary="A new API key", responses={201: IssuedKey})
@needs(Permission.ACCESS_MANAGE)
def create_key(body: NewKey) -> Response:
    key_id, token = access_keys.create_key(
        db(), actor(), services().pepper, body.name, body.scopes, simulated=body.simulated
    )
    return make_response({"key_id": key_id, "key": token}, 201)


@api.post("/keys/<key_id>/rotate", summary="A second key of the same name", responses={201: IssuedKey})
@needs(Permission.ACCESS_MANAGE)
def rotate_key(path: KeyPath, body: Rotation) -> Response:
    key_id, token = access_keys.rotate_key(db(), actor(), services().pepper, path.key_id, body.overlap_seconds)
    return make_response({"key_id": key_id, "key": token}, 201)


@api.delete("/keys/<key_id>", summary="Revoke a key", responses={204: None})
@needs(Permission.ACCESS_MANAGE)
def revoke_key(path: KeyPath) -> Response:
    access_keys.revoke_key(db(), actor(), path.key_id)
    return make_response("", 204)


@api.get("/users", summary="Users", responses={200: Users})
@needs(Permission.ACCESS_MANAGE)
def users() -> dict[str, Any]:
    return {"items": reads.users(db()), "next_cursor": None}


@api.post("/users", summary="A new user", responses={201: User})
@needs(Permission.ACCESS_MANAGE)
def create_user(body: NewUser) -> Response:
    user_id = writes.create_user(db(), actor(), body.email, body.role, body.password)
    made = next(user for user in reads.users(db()) if user["user_id"] == user_id)
    return make_response(made, 201)


@api.patch("/users/<user_id>", summary="Another role, or an end to the account", responses={204: None})
@needs(Permission.ACCESS_MANAGE)
def update_user(path: UserPath, body: UserChange) -> Response:
    writes.update_user(db(), actor(), path.user_id, role=body.role, disabled=body.disabled)
    return make_response("", 204)


@api.get("/audit", summary="What was done and denied, the newest first", responses={200: AuditPage})
@needs(Permission.AUDIT_READ)
def audit(query: PageQuery) -> dict[str, Any]:
    key = read_cursor(query.cursor, int)
    items = reads.audit(db(), before=key[0] if key else None, limit=query.limit + 1)
    return page(items, query.limit, "audit_id")


APIS = (api,)

"""Channels as they are stored: made, changed and shown without their secrets; the first ones come from settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo, available_timezones

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from sqlalchemy import text

from data.access.writes import audit
from data.alerts.delivery.channels import CHANNELS
from data.alerts.delivery.facts import Quiet
from data.errors import BadInput, Conflict, NotFound
from data.fields import Name
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from data.alerts.delivery.channels.channel import Fields
    from data.errors import FieldError
    from data.permissions import Actor
    from data.settings import Settings

KINDS = ("slack", "email", "sms", "telegram", "webhook")
MOST = 100
HIDDEN = "•••"


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Berlin")
    return value


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]


class QuietHours(BaseModel):
    """Times of the wall between which only what is critical is told; they may pass midnight."""

    model_config = ConfigDict(extra="forbid")

    start: time
    end: time
    zone: Zone = "UTC"


class Common(BaseModel):
    """What every channel has; the kind's own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    name: Name
    kind: Literal["slack", "email", "sms", "telegram", "webhook"]
    allow_private: bool = Field(default=False, description="Private and loopback addresses too: administrators")
    usual: bool = Field(default=True, description="Tells of rules that name no channel")
    fallback: Name | None = Field(None, description="The channel that takes over where this one fails")
    quiet_hours: QuietHours | None = None
    digest_minutes: int | None = Field(None, ge=5, le=1440, description="Gathers what is mere information")
    per_minute: int = Field(5, ge=3, le=60, description="Messages a minute; more are told on one card")
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    kind: str
    fields: Any  # of the kind; None where what is stored is none any more
    allow_private: bool
    fallback: str | None
    quiet: Quiet | None
    digest_minutes: int | None
    per_minute: int


def record(row: Row[Any]) -> Record:
    hours = row.quiet
    quiet = None
    if hours:
        quiet = Quiet(time.fromisoformat(hours["start"]), time.fromisoformat(hours["end"]), ZoneInfo(hours["zone"]))
    fields = _stored(row.kind, row.fields)
    return Record(
        row.name, row.kind, fields, row.allow_private, row.fallback, quiet, row.digest_minutes, row.per_minute
    )


def _stored(kind: str, fields: dict[str, Any]) -> Fields | None:
    try:
        return CHANNELS[kind].fields.model_validate(fields) if kind in CHANNELS else None
    except ValidationError:
        return None


def _validate_fields(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The kind's own fields as they are stored, secrets included. Raises BadInput."""
    try:
        fields = CHANNELS[kind].fields.model_validate(dict(body))
    except ValidationError as error:
        faults = [
            {"loc": ["body", *each["loc"]], "msg": each["msg"].removeprefix("Value error, ")}
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        first = faults[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        words = f"{where}: {first['msg']}" if where else str(first["msg"])
        raise BadInput(words, errors=cast("list[FieldError]", faults)) from None
    plain = fields.model_dump(by_alias=True, exclude_none=True)
    return {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in plain.items()}


def masked(row: Row[Any]) -> dict[str, Any]:
    """A channel without its secrets: that there are some is all that is said."""
    secret = CHANNELS[row.kind].secrets if row.kind in CHANNELS else frozenset(row.fields)
    fields = {name: HIDDEN if name in secret else value for name, value in row.fields.items()}
    return {
        **fields,
        "id": row.channel_id,
        "name": row.name,
        "kind": row.kind,
        "allow_private": row.allow_private,
        "usual": row.usual,
        "fallback": row.fallback,
        "quiet_hours": row.quiet,
        "digest_minutes": row.digest_minutes,
        "per_minute": row.per_minute,
        "enabled": row.enabled,
        "disabled_because": row.disabled_because,
        "failures": row.failures,
        "from_settings": row.from_settings,
        "created_at": row.created_at,
    }


_ROWS = """select channel_id, name, kind, fields, usual, allow_private, fallback, quiet, digest_minutes, per_minute,
                  from_settings, enabled, disabled_because, failures, created_at
           from alert_channels where kind <> 'canary'"""


def list_channels(connection: Connection) -> list[dict[str, Any]]:
    return [masked(row) for row in connection.execute(text(f"{_ROWS} order by name"))]


def get_channel(connection: Connection, channel_id: int) -> Row[Any]:
    row = connection.execute(text(f"{_ROWS} and channel_id = :id"), {"id": channel_id}).first()
    if row is None:
        raise NotFound(f"There is no channel {channel_id}")
    return row


def last_messages(connection: Connection) -> dict[str, datetime]:
    """When each channel's newest message arrived."""
    rows = connection.execute(
        text("select channel, max(sent_at) from alert_messages where state = 'sent' group by channel")
    )
    return {row[0]: row[1] for row in rows}


def create(connection: Connection, actor: Actor, body: Common) -> dict[str, Any]:
    _check(connection, body)
    fields = _validate_fields(body.kind, body.model_extra or {})
    if connection.scalar(text("select count(*) from alert_channels")) >= MOST:
        raise Conflict(f"There are {MOST} channels already: delete one first")
    channel_id = connection.execute(
        text("""insert into alert_channels
                  (name, kind, fields, usual, allow_private, fallback, quiet, digest_minutes, per_minute, enabled)
                values (:name, :kind, cast(:fields as jsonb), :usual, :allow_private, :fallback, cast(:quiet as jsonb),
                  :digest_minutes, :per_minute, :enabled)
                on conflict (name) do nothing returning channel_id"""),
        _values(body, fields),
    ).scalar()
    if channel_id is None:
        raise Conflict(f"name: there is a channel {body.name} already")
    audit(connection, actor, "channel.create", ("channel", body.name), detail={"kind": body.kind})
    created = masked(get_channel(connection, channel_id))
    if body.kind == "webhook" and "secret" not in (body.model_extra or {}):
        created["secret"] = fields["secret"]  # made by us, for whoever checks signatures: shown this once
    return created


def edit(connection: Connection, actor: Actor, channel_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is body; a secret that comes back as it was shown stays what it was."""
    row = get_channel(connection, channel_id)
    common = {name: getattr(row, name) for name in ("name", "kind", "usual", "allow_private", "fallback", "enabled")}
    common |= {"quiet_hours": row.quiet, "digest_minutes": row.digest_minutes, "per_minute": row.per_minute}
    kept = {name: value for name, value in changes.items() if value != HIDDEN}
    kind = kept.get("kind", row.kind)
    own = row.fields if kind == row.kind else {}
    merged = {**own, **common, **kept}
    try:
        body = Common.model_validate(merged)
    except ValidationError as error:
        raise _bad(error) from None
    _check(connection, body)
    fields = _validate_fields(body.kind, body.model_extra or {})
    taken = text("select 1 from alert_channels where name = :name and channel_id <> :id")
    if connection.scalar(taken, {"name": body.name, "id": channel_id}):
        raise Conflict(f"name: there is a channel {body.name} already")
    connection.execute(
        text("""update alert_channels set name = :name, kind = :kind, fields = cast(:fields as jsonb), usual = :usual,
                  allow_private = :allow_private, fallback = :fallback, quiet = cast(:quiet as jsonb),
                  digest_minutes = :digest_minutes, per_minute = :per_minute, updated_at = now(), failures = 0,
                  from_settings = false,
                  enabled = :enabled, disabled_because = case when :enabled then null else disabled_because end
                where channel_id = :id"""),
        {**_values(body, fields), "id": channel_id},
    )
    if body.name != row.name:
        _rename(connection, row.name, body.name)
    audit(connection, actor, "channel.edit", ("channel", body.name), detail={"fields": sorted(kept)})
    return masked(get_channel(connection, channel_id))


def _rename(connection: Connection, old: str, new: str) -> None:
    """What waits, what was told and what may be changed in place goes with the channel."""
    for table in ("alert_notifications", "alert_messages", "alert_announcements", "alert_threads"):
        connection.execute(text(f"update {table} set channel = :new where channel = :old"), {"new": new, "old": old})
    follow = text("update alert_channels set fallback = :new where fallback = :old")
    connection.execute(follow, {"new": new, "old": old})


def delete(connection: Connection, actor: Actor, channel_id: int) -> None:
    """What waits for it goes over another one (`outbox.reroute`)."""
    row = get_channel(connection, channel_id)
    if row.from_settings:
        raise Conflict(f"{row.name} comes from a setting and would come again: unset that, or set enabled to false")
    connection.execute(text("delete from alert_channels where channel_id = :id"), {"id": channel_id})
    connection.execute(text("update alert_channels set fallback = null where fallback = :name"), {"name": row.name})
    audit(connection, actor, "channel.delete", ("channel", row.name))


def _check(connection: Connection, body: Common) -> None:
    if body.fallback == body.name:
        raise BadInput.field("body", "fallback", msg="must be another channel")
    known = text("select 1 from alert_channels where name = :name")
    if body.fallback and not connection.scalar(known, {"name": body.fallback}):
        raise BadInput.field("body", "fallback", msg="there is no such channel")


def _bad(error: ValidationError) -> BadInput:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return BadInput.field("body", *first["loc"], msg=first["msg"].removeprefix("Value error, "))


def _values(body: Common, fields: dict[str, Any]) -> dict[str, Any]:
    quiet = body.quiet_hours.model_dump_json() if body.quiet_hours else None
    plain = body.model_dump(include=Common.model_fields.keys() - {"quiet_hours"})
    return plain | {"fields": orjson.dumps(fields).decode(), "quiet": quiet}


def ensure_settings_channels(connection: Connection, settings: Settings) -> None:
    """The channels that settings name, `slack` and `email`, follow them until a person changes them."""
    usual = set(settings.alert_channels) or {"slack", "email"}
    wanted: dict[str, dict[str, Any]] = {}
    if settings.alert_slack_webhook:
        wanted["slack"] = {"url": settings.alert_slack_webhook.get_secret_value()}
    if settings.alert_email_recipients:
        url = {"url": settings.smtp_url.get_secret_value()} if settings.smtp_url else {}
        wanted["email"] = {"to": list(settings.alert_email_recipients), "from": settings.alert_email_from} | url
    for name, body in wanted.items():
        connection.execute(
            text("""insert into alert_channels as c (name, kind, fields, usual, allow_private, from_settings)
                    values (:name, :name, cast(:fields as jsonb), :usual, true, true)
                    on conflict (name) do update set fields = excluded.fields, enabled = true, failures = 0,
                      disabled_because = null, updated_at = now()
                    where c.from_settings and c.fields <> excluded.fields"""),
            {"name": name, "fields": orjson.dumps(_validate_fields(name, body)).decode(), "usual": name in usual},
        )


def disable_channel(connection: Connection, name: str, why: str) -> None:
    """Nothing arrives there any more: it is closed until a person opens it again."""
    connection.execute(
        text("""update alert_channels set enabled = false, disabled_because = :why, updated_at = now()
                where name = :name"""),
        {"name": name, "why": why[:500]},
    )
    audit(connection, SYSTEM, "channel.disable", ("channel", name), detail={"because": why[:500]})

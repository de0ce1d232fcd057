"""Channels over REST. What is secret of them goes in, and never comes out again."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs, release, services
from data.alerts.delivery import commands, records
from data.alerts.delivery.records import Common
from data.alerts.delivery.relay import Relay
from data.permissions import Permission

api = blueprint("channels", "Alert channels")

TEST_S = 12.0  # a receiver has ten


class ChannelPath(BaseModel):
    channel_id: int = Field(ge=1, le=2**63 - 1)


class Change(BaseModel):
    """The fields that are to change; a secret as it is shown (`•••`) stays what it is."""

    model_config = ConfigDict(extra="allow")


class Channel(BaseModel):
    """Beside these, the kind's own fields; secrets are shown as `•••`."""

    model_config = ConfigDict(extra="allow")

    id: int
    name: str
    kind: str
    allow_private: bool
    usual: bool
    fallback: str | None
    quiet_hours: dict[str, Any] | None
    digest_minutes: int | None
    per_minute: int
    enabled: bool
    disabled_because: str | None
    failures: int
    from_settings: bool
    created_at: datetime


class Channels(BaseModel):
    items: list[Channel]
    next_cursor: None = None


class ChannelTest(BaseModel):
    """`waiting`: it is still on its way; the relay goes on with it."""

    channel: str
    state: Literal["sent", "failed", "waiting"]
    error: str | None
    sent_at: datetime | None


@api.get("/channels", summary="Channels of alerts", responses={200: Channels})
@needs(Permission.ALERTS_READ)
def channels() -> dict[str, Any]:
    return {"items": records.list_channels(db()), "next_cursor": None}


@api.post("/channels", summary="Add a channel", responses={201: Channel})
@needs(Permission.CHANNELS_MANAGE)
def create(body: Common) -> Response:
    """A webhook without a `secret` gets one, which this answer shows once."""
    return make_response(records.create(db(), actor(), body), 201)


@api.patch("/channels/<channel_id>", summary="Change a channel", responses={200: Channel})
@needs(Permission.CHANNELS_MANAGE)
def edit(path: ChannelPath, body: Change) -> dict[str, Any]:
    return records.edit(db(), actor(), path.channel_id, body.model_extra or {})


@api.delete("/channels/<channel_id>", summary="Delete a channel", responses={204: None})
@needs(Permission.CHANNELS_MANAGE)
def delete(path: ChannelPath) -> Response:
    """What waits for it goes over another one."""
    records.delete(db(), actor(), path.channel_id)
    return make_response("", 204)


@api.post("/channels/<channel_id>/test", summary="Send a test message", responses={200: ChannelTest})
@needs(Permission.CHANNELS_MANAGE)
def test(path: ChannelPath) -> dict[str, Any]:
    """By the same relay as an alert; answers once it arrived or failed, or after twelve seconds."""
    return run_test(path.channel_id)


def run_test(channel_id: int) -> dict[str, Any]:
    """Waits for the relay without a connection."""
    number = commands.send_test(db(), actor(), channel_id)
    release()
    relay, until = Relay.of(services()), time.monotonic() + TEST_S
    while True:
        relay.run(stays_s=max(0.1, until - time.monotonic()))
        state = commands.get_test_result(db(), number)
        release()
        if state["state"] != "waiting" or time.monotonic() > until or state["error"]:
            return state
        time.sleep(0.2)

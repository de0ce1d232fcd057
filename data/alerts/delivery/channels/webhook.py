"""A webhook, signed as Standard Webhooks says: HMAC-SHA256 over id, time and body. A 410 closes it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Annotated

import orjson
from pydantic import AfterValidator, Field, SecretStr

from data.alerts.delivery.channels.channel import Channel, Envelope, Fields, Post, WebUrl

if TYPE_CHECKING:
    from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _key(secret: str) -> bytes:
    """Raises ValueError for what is no key of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("must be whsec_ and 24 to 64 bytes in base64")
    return key


def _readable(value: SecretStr) -> SecretStr:
    _key(value.get_secret_value())
    return value


class WebhookFields(Fields):
    url: WebUrl
    secret: Annotated[SecretStr, AfterValidator(_readable)] = Field(default_factory=lambda: SecretStr(new_secret()))


class Webhook(Channel):
    kind = "webhook"
    fields = WebhookFields
    secrets = frozenset({"secret"})

    def request(self, fields: WebhookFields, envelope: Envelope) -> Post:
        content = envelope.content
        document = {
            "type": f"alert.{content['state']}" if content["kind"] == "alert" else content["kind"],
            "timestamp": envelope.at.isoformat(),
            "data": {**content, "links": dict(envelope.links)},
        }
        body = orjson.dumps(document)
        return Post(fields.url, body, signed(fields.secret.get_secret_value(), envelope.key, envelope.at, body))


def signed(secret: str, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a body that is sent at this time."""
    seconds = str(int(at.timestamp()))
    mac = hmac.new(_key(secret), b".".join((key.encode(), seconds.encode(), body)), hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }

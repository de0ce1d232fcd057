"""Links in messages that acknowledge and silence: signed, good for a day, and for one use.

Opening one changes nothing, for mail scanners open everything; the button on the page behind it does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

import orjson
from sqlalchemy import text

from data.alerts import writes
from data.alerts.delivery import silences
from data.alerts.delivery.silences import Span
from data.errors import Conflict, NotFound
from data.permissions import Actor, Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

Verb = Literal["ack", "silence"]
WORDS: dict[Verb, str] = {"ack": "Acknowledge", "silence": "Silence for an hour"}
LIFE = timedelta(days=1)
SILENCED_MINUTES = 60.0
PATH = "/alert-links"


@dataclass(frozen=True, slots=True)
class Link:
    alert_id: int
    verb: Verb
    channel: str
    digest: bytes


def message_links(
    pepper: bytes, base: str, content: Mapping[str, Any], channel: str, at: datetime
) -> tuple[tuple[str, str], ...]:
    """(words, address) of what can be done from a message: about one alert that began."""
    begun = {line["alert_id"] for line in content["alerts"] if line["state"] != "resolved" and line["alert_id"]}
    actions: list[tuple[str, str]] = []
    if len(begun) == 1 and content["kind"] in {"alert", "notice"}:
        alert_id = next(iter(begun))
        actions = [
            (words, f"{base}{PATH}/{sign(pepper, alert_id, verb, channel, at)}") for verb, words in WORDS.items()
        ]
    return (*actions, ("Open", f"{base}/alerts"))


def sign(pepper: bytes, alert_id: int, verb: Verb, channel: str, at: datetime) -> str:
    body = orjson.dumps([alert_id, verb, channel, int((at + LIFE).timestamp())])
    return f"{_text(body)}.{_text(_mac(pepper, body))}"


def read(pepper: bytes, token: str, now: datetime) -> Link:
    """Raises NotFound for what we did not sign, or is past its day."""
    body_text, _, mac_text = token.partition(".")
    try:
        body, mac = _bytes(body_text), _bytes(mac_text)
    except (binascii.Error, ValueError):
        raise NotFound("This link is none of ours") from None
    if not hmac.compare_digest(_mac(pepper, body), mac):
        raise NotFound("This link is none of ours")
    alert_id, verb, channel, until = orjson.loads(body)
    if now.timestamp() > until:
        raise NotFound("This link was good for a day and is over: open the alerts page")
    return Link(alert_id, cast("Verb", verb), channel, hashlib.sha256(token.encode()).digest())


def describe_alert(connection: Connection, link: Link) -> str:
    """The alert's rule and message. Raises NotFound."""
    row = connection.execute(
        text("select rule, message from alert_subjects where alert_id = :id"), {"id": link.alert_id}
    ).first()
    if row is None:
        raise NotFound(f"There is no alert {link.alert_id}")
    return f"{row.rule}: {row.message}"


def use_link(connection: Connection, link: Link, now: datetime) -> str:
    """Do what the link says, once; the words that say what was done. Raises Conflict where it was used before."""
    fresh = connection.execute(
        text("""insert into alert_links (link_digest, alert_id, verb) values (:digest, :alert, :verb)
                on conflict (link_digest) do nothing"""),
        {"digest": link.digest, "alert": link.alert_id, "verb": link.verb},
    ).rowcount
    if not fresh:
        raise Conflict("This link has been used already")
    who = Actor("system", "link", f"a link in {link.channel}", frozenset({Permission.ALERTS_OPERATE}))
    if link.verb == "silence":
        span = Span(reason="silenced from a message", minutes=SILENCED_MINUTES)
        silence = silences.silence_alert(connection, who, link.alert_id, span)
        return f"Silenced until {silence['ends_at']:%H:%M} UTC"
    [handled] = writes.acknowledge(connection, who, link.alert_id, now)
    return "Acknowledged" if handled.by == who.name else f"{handled.by} had acknowledged it before"


def _mac(pepper: bytes, body: bytes) -> bytes:
    return hmac.new(pepper, b"alert-link." + body, hashlib.sha256).digest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(value: str) -> bytes:
    if not value.isascii():
        raise ValueError("not ours")
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)

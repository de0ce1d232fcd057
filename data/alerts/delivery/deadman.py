"""The dead man's switch: an address of somebody else's is asked once a minute, but only while a canary goes all the way
through the outbox and the relay. When the asking stops, that somebody raises the alarm."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.alerts.delivery import outbox
from data.db import transaction
from data.http_fetch import FetchError, post

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.services import Services

log = logging.getLogger(__name__)

CANARY = "canary"
FRESH = timedelta(minutes=3)


def ping(services: Services, now: datetime) -> bool:
    """Send the next canary, and ask the address if the last one arrived; whether it was asked and answered."""
    url = services.settings.alert_heartbeat_url
    if url is None:
        return False
    with transaction(services.engine) as connection:
        alive = _arrived(connection, now)
        _release(connection)
    if not alive:
        log.warning("no canary has arrived for %s: the heartbeat is held back", FRESH)
        return False
    try:
        page = asyncio.run(post(url.get_secret_value(), b"", headers={}, allow_private=True))
    except FetchError as error:
        log.warning("the heartbeat was not heard: %s", error.reason)
        return False
    return 200 <= page.status < 300


def _arrived(connection: Connection, now: datetime) -> bool:
    return bool(
        connection.scalar(
            text("""select exists (select from alert_messages
                    where channel = :canary and state = 'sent' and sent_at > :since)"""),
            {"canary": CANARY, "since": now - FRESH},
        )
    )


def _release(connection: Connection) -> None:
    connection.execute(
        text("""insert into alert_channels (name, kind, fields, usual) values (:canary, 'canary', '{}', false)
                on conflict (name) do nothing"""),
        {"canary": CANARY},
    )
    outbox.insert_notification(
        connection,
        kind="test",
        channel=CANARY,
        route_reason="canary",
        message="canary",
        severity="critical",
        group=CANARY,
    )

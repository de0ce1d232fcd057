"""An open socket is no right for ever: what is taken away ends it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from data.access import keys, writes
from data.permissions import SYSTEM, Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.sockets.support import Doors, Service


def test_it_ends_the_sockets_of_whoever_lost_the_right_and_only_those(
    service: Service, doors: Doors, engine: Engine
) -> None:
    key_id, token = doors.key()
    old_id, rotated = doors.key()
    leaver, leaving = doors.person(Role.OPERATOR)
    demoted, demotion = doors.person(Role.OPERATOR)
    _, signing_out = doors.person(Role.OPERATOR)
    with (
        service.connect(doors.token()) as stays,
        service.enter(doors.person(Role.VIEWER)[1]) as stays_too,
        service.connect(token) as revoked,
        service.connect(rotated) as expired,
        service.enter(leaving) as disabled,
        service.enter(demotion) as downgraded,
        service.enter(signing_out) as signed_out,
    ):
        start = time.monotonic()
        with engine.begin() as connection:
            keys.revoke_key(connection, SYSTEM, key_id)
            keys.rotate_key(connection, SYSTEM, doors.pepper, old_id, 0)
            writes.update_user(connection, SYSTEM, leaver, disabled=True)
            writes.update_user(connection, SYSTEM, demoted, role=Role.VIEWER)
            writes.end_session(connection, doors.session_id(signing_out))
        for viewer in (revoked, expired, disabled, downgraded, signed_out):
            assert viewer.ended() == (1008, "your access was revoked or changed")
        assert time.monotonic() - start < 10
        assert stays.ask("ping")["type"] == "pong"
        assert stays_too.ask("ping")["type"] == "pong"

"""What people tell the quotas: another record, a drill. Whole, with the audit in the same transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data import clock
from data.access.writes import audit
from data.db import transaction
from data.errors import NotFound
from data.quotas import catalogue
from data.quotas.purses import locked, set_state
from data.quotas.verdicts import Change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.permissions import Actor
    from data.quotas.catalogue import Provider
    from data.services import Services

DRILL_MINUTES = 10


def edit(
    services: Services, actor: Actor, *, changes: Sequence[dict[str, Any]] = (), document: str | None = None
) -> list[Provider]:
    """Change records, by fields or by a YAML document. What stopped an edited provider is forgotten: it is tried again.

    Raises BadInput that names each wrong field, and changes nothing then.
    """
    with transaction(services.engine) as connection:
        before = {each.provider: each for each in catalogue.load(connection)}
        if document is not None:
            after = catalogue.edit_yaml(connection, actor, document)
        else:
            after = catalogue.edit(connection, actor, changes)
        for each in after:
            if each != before[each.provider]:
                _try_again(connection, each.provider, actor)
    return after


def _try_again(connection: Connection, provider: str, actor: Actor) -> None:
    rows = connection.execute(
        text("select simulated from api_quota_state where provider = :provider order by simulated"),
        {"provider": provider},
    ).all()
    for row in rows:
        locked(connection, provider=provider, simulated=row.simulated)
        set_state(connection, provider, Change("active", f"edited by {actor.name}"), simulated=row.simulated)
        connection.execute(
            text("update api_quota_state set unmetered = 0 where provider = :provider and simulated = :simulated"),
            {"provider": provider, "simulated": row.simulated},
        )


def drill(services: Services, actor: Actor, provider: str, minutes: float) -> datetime | None:
    """Play a provider dead for so many minutes, 0 ends it; returns when it ends by itself. Raises NotFound."""
    until = clock.now() + timedelta(minutes=minutes) if minutes > 0 else None
    with transaction(services.engine) as connection:
        catalogue.load(connection)
        done = connection.execute(
            text("update api_providers set drill_until = :until where provider = :provider"),
            {"until": until, "provider": provider},
        ).rowcount
        if not done:
            raise NotFound(f"There is no provider {provider}")
        audit(connection, actor, "quotas.drill", ("provider", provider), detail={"minutes": minutes})
    return until

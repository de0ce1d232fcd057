"""What people tell the quotas: another record, a drill. Whole, with the audit in the same transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data import clock
from data.access.writes import audit
from data.errors import BadInput, NotFound
from data.quotas.catalogue import records
from data.quotas.ledger.accounts import lock_account, save_state
from data.quotas.providers.outcomes import StateChange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.errors import FieldError
    from data.permissions import Actor
    from data.quotas.catalogue.records import Provider

DRILL_MINUTES = 10


def edit_catalogue(
    connection: Connection, actor: Actor, *, changes: Sequence[dict[str, Any]] = (), document: str | None = None
) -> list[Provider]:
    """Change records, by fields or by a YAML document. What stopped an edited provider is forgotten: it is tried again.

    Raises BadInput that names each wrong field, and changes nothing then.
    """
    before = {each.provider: each for each in records.list_providers(connection)}
    if document is not None:
        after = records.edit_yaml(connection, actor, document)
    else:
        after = records.edit(connection, actor, changes)
    for each in after:
        if each != before[each.provider]:
            _try_again(connection, each.provider, actor)
    return after


def edit_provider(connection: Connection, actor: Actor, provider: str, fields: dict[str, Any]) -> None:
    """Change fields of one record. Raises NotFound, and BadInput that names each wrong field."""
    if provider not in {each.provider for each in records.list_providers(connection)}:
        raise NotFound(f"There is no provider {provider}")
    if fields.get("provider", provider) != provider:
        raise BadInput.field("provider", msg="is the record's name, and stays")
    try:
        edit_catalogue(connection, actor, changes=[{**fields, "provider": provider}])
    except BadInput as error:
        errors: list[FieldError] = [{"loc": one["loc"][2:], "msg": one["msg"]} for one in error.errors]
        where = ", ".join(sorted({".".join(map(str, one["loc"])) or "the record" for one in errors}))
        raise BadInput(f"Wrong: {where}: {errors[0]['msg']}", errors=errors) from None


def _try_again(connection: Connection, provider: str, actor: Actor) -> None:
    rows = connection.execute(
        text("select simulated from api_quota_state where provider = :provider order by simulated"),
        {"provider": provider},
    ).all()
    for row in rows:
        lock_account(connection, provider=provider, simulated=row.simulated)
        save_state(connection, provider, StateChange("active", f"edited by {actor.name}"), simulated=row.simulated)
        connection.execute(
            text("update api_quota_state set unmetered = 0 where provider = :provider and simulated = :simulated"),
            {"provider": provider, "simulated": row.simulated},
        )


def drill(connection: Connection, actor: Actor, provider: str, minutes: float) -> datetime | None:
    """Play a provider dead for so many minutes, 0 ends it; returns when it ends by itself. Raises NotFound."""
    until = clock.now() + timedelta(minutes=minutes) if minutes > 0 else None
    records.save_missing_providers(connection)
    done = connection.execute(
        text("update api_providers set drill_until = :until where provider = :provider"),
        {"until": until, "provider": provider},
    ).rowcount
    if not done:
        raise NotFound(f"There is no provider {provider}")
    audit(connection, actor, "quotas.drill", ("provider", provider), detail={"minutes": minutes})
    return until

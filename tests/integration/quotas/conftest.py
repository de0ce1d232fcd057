"""The choke point with keys that are set, and the seven stand-ins for it to call."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from clients.simulator.providers.answers import STANDINS
from clients.simulator.providers.server import Standins
from data.db import transaction
from data.permissions import SYSTEM
from data.quotas.catalogue import writes
from data.quotas.routing import calls
from data.quotas.routing.gateway import ProviderGateway
from data.quotas.routing.queries import parse_query
from data.settings import PROVIDER_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.services import Services

KEYS = {name: f"secret-of-{name}-9f8e7d6c5b4a" for name in STANDINS}


class Counter:
    """Where tests stand: they ask, and look into the books afterwards."""

    def __init__(self, mc: Services, standins: Standins) -> None:
        self.mc, self.standins = mc, standins
        self.gateway = ProviderGateway(mc, bases=standins.bases())

    def call(self, query_type: str = "search", priority: str = "normal", **params: Any) -> dict[str, Any]:
        return calls.call(self.gateway, SYSTEM, parse_query(query_type, params), priority)  # type: ignore[arg-type]

    def edit(self, provider: str, **fields: Any) -> None:
        with self.mc.engine.begin() as connection:
            writes.edit_catalogue(connection, SYSTEM, changes=[{"provider": provider, **fields}])
        self.gateway.current_accounts(simulated=False, fresh=True)

    def only(self, provider: str, **fields: Any) -> None:
        """Every provider of its kind but this one is switched off."""
        self.gateway.current_accounts(simulated=False, fresh=True)
        for each in self.gateway.current_accounts(simulated=False):
            name = each.provider.provider
            if name != provider:
                self.edit(name, state="disabled")
        self.edit(provider, state="active", **fields)

    def account(self, provider: str, *, simulated: bool = False) -> Any:
        return self.row(
            """select used, reserved, unmetered, in_flight, state, state_reason, until, window_end, failures, success,
                 latency_ms, remaining_reported, reported_used
               from api_quota_state where provider = :p and simulated = :s""",
            p=provider,
            s=simulated,
        )

    def row(self, sql: str, **values: Any) -> Any:
        with transaction(self.mc.engine) as connection:
            return connection.execute(text(sql), values).first()

    def value(self, sql: str, **values: Any) -> Any:
        return self.row(sql, **values)[0]

    def do(self, sql: str, **values: Any) -> None:
        with transaction(self.mc.engine) as connection:
            connection.execute(text(sql), values)


@pytest.fixture
def standins() -> Iterator[Standins]:
    with Standins(keys={*KEYS.values(), ProviderGateway.simulated_key}).serving() as found:
        yield found


@pytest.fixture
def keyed(mc: Services, standins: Standins) -> Services:
    """The product's services with all seven keys set, and the stand-ins for what is simulated."""
    given = {name: SecretStr(KEYS[name.removesuffix("_api_key")]) for name in PROVIDER_KEYS}
    settings = mc.settings.model_copy(update=given | {"standins_url": standins.url})
    return dataclasses.replace(mc, settings=settings)


@pytest.fixture
def counter(keyed: Services, standins: Standins) -> Iterator[Counter]:
    found = Counter(keyed, standins)
    yield found
    found.gateway.close()

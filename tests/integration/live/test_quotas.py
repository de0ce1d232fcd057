"""API quotas in the live state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.db import transaction
from data.quotas.catalogue import records
from data.quotas.forecast.reads import live_api_quotas

if TYPE_CHECKING:
    from data.services import Services

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
RESET = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_account_is_told_before_anything_was_forecast(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        records.save_missing_providers(connection)
        connection.execute(
            text("""insert into api_quota_state (provider, simulated, window_start, window_end, used, unmetered, day)
                    values ('hunter_io', false, :start, :end, 12, 3, :day)"""),
            {"start": NOW - timedelta(days=20), "end": RESET, "day": NOW.date()},
        )
        told = live_api_quotas(connection, NOW)
    assert list(told) == [each.provider for each in records.default_providers()]
    assert told["hunter_io"] == {
        "status": "normal",
        "state": "active",
        "used": 15.0,
        "limit": 50.0,
        "unit": "credits",
        "window": "monthly",
        "reset": int(RESET.timestamp() * 1000),
        "note": "active",
        "simulated": False,
    }
    assert told["clearbit"]["state"] == "retired"
    assert told["clearbit"]["status"] == "off"
    assert "reset" not in told["valueserp"]

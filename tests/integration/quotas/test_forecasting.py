"""Forecasts of what really was metered: stored, replaced within the hour, moved by the rate; checks of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data import partitions, views
from data.db import transaction
from data.quotas.forecast import commands, model_reads, model_writes, reads, writes
from data.quotas.forecast import model_selection as choosing
from data.quotas.forecast.ets_model import Fitted
from data.quotas.routing.gateway import ProviderGateway

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.services import Services

DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """The tenth, so that the month's reset is far; the month of the real clock, whose partitions stand."""
    return datetime.now(UTC).replace(day=10, hour=15, minute=20, second=0, microsecond=0)


@pytest.fixture
def gateway(mc: Services) -> Iterator[ProviderGateway]:
    gateway = ProviderGateway(mc)
    yield gateway
    gateway.close()


def spend(mc: Services, provider: str, metered: Sequence[tuple[datetime, float]], *, simulated: bool = False) -> None:
    """Answered calls at these times, at these costs; the roll-ups know of them."""
    rows = [{"provider": provider, "at": at, "cost": cost, "simulated": simulated} for at, cost in metered]
    with transaction(mc.engine) as connection:
        partitions.ensure_ahead(connection)
        connection.execute(
            text("""insert into api_usage (provider, at, credits, simulated, query_type, outcome)
                    values (:provider, :at, :cost, :simulated, 'contact', 'ok')"""),
            rows,
        )
        while views.refresh_rollups(connection):
            pass


def daily(now: datetime, costs: Sequence[float]) -> list[tuple[datetime, float]]:
    """One call a day, the newest now."""
    return [(now - age * DAY, cost) for age, cost in enumerate(costs)]


def forecast_of(mc: Services, provider: str) -> dict[str, Any]:
    with transaction(mc.engine) as connection:
        return next(row for row in reads.list_latest(connection) if row["provider"] == provider)


def test_five_a_day_with_twenty_left_are_dry_in_four_days_and_sooner_when_the_rate_goes_up(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    spend(mc, "securitytrails", daily(now, [5] * 30))
    gateway.current_accounts(simulated=False, fresh=True)
    with transaction(mc.engine) as connection:
        used = connection.scalar(
            text("select used from api_quota_state where provider = 'securitytrails' and not simulated")
        )
        connection.execute(
            text("update api_providers set quota = :q where provider = 'securitytrails'"), {"q": float(used) + 20}
        )
    commands.make_forecasts(mc, gateway, now)
    calm = forecast_of(mc, "securitytrails")
    assert abs(calm["dry_at"] - now - 4 * DAY) < timedelta(hours=2)
    assert calm["burn_day"] == 5
    assert calm["burn_week"] == 5
    assert calm["status"] == "critical"
    spend(mc, "securitytrails", [(now - timedelta(minutes=5), 10)])
    commands.make_forecasts(mc, gateway, now)
    hurried = forecast_of(mc, "securitytrails")
    assert hurried["burn_day"] == 15
    assert hurried["dry_at"] < calm["dry_at"] - timedelta(hours=6)


def test_the_hours_forecast_replaces_itself_and_the_next_hour_has_its_own(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    spend(mc, "hunter_io", [(now - DAY, 3)])
    for at in (now, now + timedelta(minutes=20), now + timedelta(hours=1)):
        commands.make_forecasts(mc, gateway, at)
    with transaction(mc.engine) as connection:
        rows = connection.execute(
            text("select made_at from api_forecasts where provider = 'hunter_io' and not simulated order by hour")
        ).all()
    assert [row.made_at for row in rows] == [now + timedelta(minutes=20), now + timedelta(hours=1)]


def test_a_trial_is_told_without_a_reset_and_a_retired_one_is_off(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    spend(mc, "valueserp", daily(now, [4] * 10))
    commands.make_forecasts(mc, gateway, now)
    with transaction(mc.engine) as connection:
        told = reads.live_api_quotas(connection, now)
    trial = told["valueserp"]
    assert trial["window"] == "trial"
    assert "reset" not in trial
    assert trial["used"] == 40
    assert trial["exhaustion"] > now.timestamp() * 1000
    assert told["clearbit"]["status"] == "off"


def test_the_simulators_account_is_shown_until_something_real_is_spent(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    spend(mc, "hunter_io", [(now - DAY, 3)], simulated=True)
    commands.make_forecasts(mc, gateway, now)
    with transaction(mc.engine) as connection:
        assert reads.live_api_quotas(connection, now)["hunter_io"]["simulated"] is True
    spend(mc, "hunter_io", [(now - DAY, 1)])
    commands.make_forecasts(mc, gateway, now)
    with transaction(mc.engine) as connection:
        assert reads.live_api_quotas(connection, now)["hunter_io"]["simulated"] is False


def test_a_history_has_the_credits_that_were_metered(mc: Services, now: datetime) -> None:
    spend(mc, "builtwith", [(now, 2), (now, 3), (now - DAY, 7), (now - 4 * DAY, 1)])
    with transaction(mc.engine) as connection:
        assert reads.daily_credits(connection, now) == {("builtwith", False): (0, 0, 7, 5)}


def test_the_past_is_scored_once_in_six_hours(mc: Services, gateway: ProviderGateway, now: datetime) -> None:
    gateway.current_accounts(simulated=False)
    spend(mc, "serpstack", daily(now, [10 + age % 3 for age in range(40)]))
    assert choosing.score_forecasts(mc, gateway, now) == 1
    assert choosing.score_forecasts(mc, gateway, now + timedelta(hours=5)) == 0
    assert choosing.score_forecasts(mc, gateway, now + timedelta(hours=7)) == 1
    with transaction(mc.engine) as connection:
        found = reads.list_scores(connection)["serpstack"]
    assert found["trials"] >= 6  # one every third day, but for the last days of a month
    assert 0 <= found["coverage"] <= 1
    assert found["error"] < 0.2


def seasons(now: datetime, days: int) -> list[tuple[datetime, float]]:
    """A week's rhythm on which chance plays a little, the newest day now."""
    return daily(now, [(10, 12, 12, 11, 9, 3, 2)[age % 7] + (age * 7919) % 3 for age in range(days)])


def test_with_enough_history_the_better_model_is_taken_and_said(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    gateway.current_accounts(simulated=False)
    spend(mc, "serpstack", seasons(now, 75))
    spend(mc, "builtwith", seasons(now, 30))
    assert choosing.score_forecasts(mc, gateway, now) == 2
    commands.make_forecasts(mc, gateway, now)
    with transaction(mc.engine) as connection:
        found, curves = reads.list_scores(connection), model_reads.list_curves(connection)
        told = model_reads.list_forecasts(connection)[("serpstack", False)]
    long, short = found["serpstack"], found["builtwith"]
    assert long["library_trials"] >= 6
    better = "library" if long["library_error"] <= long["simple_error"] else "simple"
    assert long["model"] == told["model"] == forecast_of(mc, "serpstack")["model"] == better
    assert (("serpstack", False) in curves) is (better == "library")
    assert told["back_test"]["library_error"] == long["library_error"]
    assert (short["model"], short["library_trials"]) == ("simple", 0)
    assert told["spent_low"] <= told["spent"] <= told["spent_high"] <= 1000


def test_a_curve_is_fitted_again_only_where_something_was_spent(
    mc: Services, gateway: ProviderGateway, now: datetime
) -> None:
    gateway.current_accounts(simulated=False)
    spend(mc, "serpstack", seasons(now - timedelta(hours=3), 50))
    choosing.score_forecasts(mc, gateway, now)
    fit = Fitted([3.0] * 7, [1.0] * 7, {})
    with transaction(mc.engine) as connection:
        model_writes.save_curve(connection, ("serpstack", False), fit, 1.0, now)
    assert made_at(mc) == now
    choosing.score_forecasts(mc, gateway, now + timedelta(hours=2))
    assert made_at(mc) == now
    spend(mc, "serpstack", [(now, 5)])
    choosing.score_forecasts(mc, gateway, now + timedelta(minutes=30))
    assert made_at(mc) == now
    choosing.score_forecasts(mc, gateway, now + timedelta(hours=2))
    assert made_at(mc) == now + timedelta(hours=2)


def made_at(mc: Services) -> datetime:
    with transaction(mc.engine) as connection:
        return model_reads.list_curves(connection)[("serpstack", False)].made_at


def test_ordinary_queries_end_before_urgent_ones(mc: Services, gateway: ProviderGateway, now: datetime) -> None:
    spend(mc, "hunter_io", daily(now, [4] * 10))
    with transaction(mc.engine) as connection:
        connection.execute(text("update api_usage set priority = 'high' where at >= :day"), {"day": now})
    choosing.score_forecasts(mc, gateway, now)
    commands.make_forecasts(mc, gateway, now)
    found = forecast_of(mc, "hunter_io")
    assert found["urgent"] == pytest.approx(0.1)
    assert found["ordinary_dry_at"] <= found["dry_at"]
    assert found["urgent_dry_at"] is None  # a tenth of four a day does not spend ten in twenty days
    assert found["spent"] < found["quota"] < found["expected"]


@pytest.mark.parametrize(
    ("account", "drift", "alarm"),
    [
        ({"used": 100, "reserved": 0, "reported": 100}, 0, False),
        ({"used": 100, "reserved": 0, "reported": 110}, 10 / 110, True),
        ({"used": 100, "reserved": 2, "reported": 102}, 0, False),  # on their way to being metered
        ({"used": 100, "reserved": 0, "reported": 96}, -0.04, False),
    ],
)
def test_the_ledger_is_held_against_the_providers_number(
    mc: Services, gateway: ProviderGateway, now: datetime, *, account: dict[str, float], drift: float, alarm: bool
) -> None:
    held = next(each for each in gateway.current_accounts(simulated=False) if each.provider.provider == "hunter_io")
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""update api_quota_state set used = :used, reserved = :reserved, reported_used = :reported,
                      reported_at = :now where provider = 'hunter_io' and not simulated"""),
            account | {"now": now},
        )
        told = reads.get_reported(connection, "hunter_io", simulated=False)
        writes.save_check(connection, held, told, now)
        [row] = [row for row in reads.list_checks(connection) if row["provider"] == "hunter_io"]
        stored = connection.scalar(text("select alarm from api_reconciliations"))
    assert row["drift"] == pytest.approx(drift)
    assert stored is alarm

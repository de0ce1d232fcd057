"""Partitions in time, and what is past its retention."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.partitions import PARTITIONED
from tasks import housekeeping
from tests.callers import person, program
from tests.tasks import recount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from data.services import Services

NOW = datetime.now(UTC)
SAMPLE = {"satellite_id": "S", "pages_per_minute": 1, "success_rate": 1, "response_time_ms": 1}


def run(mc: Services, statement: str, **values: Any) -> Any:
    with mc.engine.begin() as connection:
        return connection.execute(text(statement), values)


def count(mc: Services, table: str) -> int:
    with mc.engine.begin() as connection:
        found: int = connection.execute(text(f"select count(*) from {table}")).scalar_one()
        return found


def partitions(mc: Services, table: str) -> list[str]:
    with mc.engine.begin() as connection:
        return list(
            connection.scalars(
                text(
                    "select inhrelid::regclass::text from pg_inherits where inhparent = cast(:t as regclass) order by 1"
                ),
                {"t": table},
            )
        )


def month(ahead: int) -> str:
    return f"{NOW.year + (NOW.month - 1 + ahead) // 12:04d}{(NOW.month - 1 + ahead) % 12 + 1:02d}"


@pytest.mark.parametrize("table", PARTITIONED)
def test_three_months_lie_ahead_and_one_that_is_missing_is_made(mc: Services, table: str) -> None:
    wanted = {f"{table}_{month(ahead)}" for ahead in range(-12, 4)} | {f"{table}_older", f"{table}_default"}
    assert wanted <= set(partitions(mc, table))
    run(mc, f"drop table {table}_{month(3)}")
    housekeeping.partitions_ahead(mc)
    housekeeping.partitions_ahead(mc)
    assert wanted <= set(partitions(mc, table))


def test_every_row_that_may_be_sent_has_a_month_and_the_default_stays_empty(mc: Services, server: Flask) -> None:
    moments = [
        "1990-01-01T00:00:00Z",
        *(NOW - timedelta(days=days) for days in range(0, 500, 7)),
        NOW + timedelta(minutes=4),
    ]
    times = [str(moment) for moment in moments]
    crawler = program(mc, server, "ingest")
    rows = [SAMPLE | {"created_date": moment} for moment in times]
    assert crawler("POST", "/api/v1/ingest/satellite_performance", rows).json["accepted"] == len(times)
    links = [{"url_from": f"https://a.org/{t}", "url_to": "https://b.org/", "discovered_date": t} for t in times]
    assert crawler("POST", "/api/v1/ingest/backlinks", links).json["accepted"] == len(times)
    assert {count(mc, f"{table}_default") for table in PARTITIONED} == {0}


@pytest.fixture
def old(mc: Services, server: Flask) -> Iterator[datetime]:
    """Samples of half a year; the first moment whose month has not wholly passed the retention."""
    rows = [SAMPLE | {"created_date": (NOW - timedelta(days=days)).isoformat()} for days in range(0, 600, 3)]
    program(mc, server, "ingest")("POST", "/api/v1/ingest/satellite_performance", rows)
    recount.assert_exact(mc)
    cutoff = NOW - timedelta(days=mc.settings.metrics_retention_days)
    yield cutoff.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    run(mc, "delete from rollup_floors")


def test_samples_go_by_whole_months_and_their_statistics_stay(mc: Services, server: Flask, old: datetime) -> None:
    stats = "select day, samples from mv_daily_satellite_performance"
    before, places = recount.rows(mc, stats), partitions(mc, "satellite_performance_logs")
    housekeeping.forget(mc)
    left = run(mc, "select min(created_date), count(*) from satellite_performance_logs").one()
    assert old <= left[0] < old + timedelta(days=4)
    assert partitions(mc, "satellite_performance_logs") == places
    recount.bring_all_up_to_date(mc)
    assert recount.rows(mc, stats) == before
    late = SAMPLE | {"created_date": (old - timedelta(days=40)).isoformat()}
    assert program(mc, server, "ingest")("POST", "/api/v1/ingest/satellite_performance", [late]).json["accepted"] == 1
    recount.bring_all_up_to_date(mc)
    assert recount.rows(mc, stats) == before  # final: the other samples of that hour are gone
    assert count(mc, "satellite_performance_logs_default") == 0


def test_the_statistics_of_a_simulation_go_even_when_its_samples_are_gone(
    mc: Services, server: Flask, old: datetime
) -> None:
    simulator = program(mc, server, "ingest", name="simulator", simulated=True)
    rows = [
        SAMPLE | {"satellite_id": "SIM", "created_date": (old - timedelta(days=days)).isoformat()} for days in (5, 200)
    ]
    simulator("POST", "/api/v1/ingest/satellite_performance", rows)
    recount.assert_exact(mc)
    housekeeping.forget(mc)
    program(mc, server, "admin")("DELETE", "/api/v1/simulation")
    recount.bring_all_up_to_date(mc)
    assert recount.rows(mc, "select count(*) from mv_daily_satellite_performance where satellite_id = 'SIM'") == [
        (0.0,)
    ]


def test_what_is_past_its_retention_is_forgotten_and_nothing_else(mc: Services, server: Flask) -> None:
    person(mc, server, "viewer")
    operator = program(mc, server, "operate")
    for name in ("young", "old"):
        operator(
            "POST", "/api/v1/missions", {"job_type": "x", "target_url": "a.org"}, headers={"Idempotency-Key": name}
        )
        rows = [SAMPLE | {"event_id": f"{name} {index}"} for index in range(3)]
        program(mc, server, "ingest")("POST", "/api/v1/ingest/satellite_performance", rows)
        run(mc, "insert into live_minutes values (now() - :age, 0, 0, 0, 0)", age=timedelta(days=40 * (name == "old")))
        if name == "young":
            run(mc, "update ingest_receipts set received_at = now() - interval '89 days'")
    run(mc, "update idempotency_keys set created_at = now() - interval '25 hours' where idem_key = 'old'")
    run(
        mc,
        """update ingest_receipts set received_at = now() - interval '91 days'
           where received_at > now() - interval '1 day'""",
    )
    housekeeping.forget(mc)
    assert [count(mc, table) for table in ("idempotency_keys", "ingest_receipts", "live_minutes")] == [1, 3, 1]
    assert count(mc, "user_sessions") == 1
    run(mc, "update user_sessions set expires_at = now() - interval '8 days'")
    housekeeping.forget(mc)
    assert count(mc, "user_sessions") == 0


def test_forgetting_goes_by_portions(mc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "PORTION", 10)
    run(
        mc,
        """insert into ingest_receipts select 'backlinks', gen_random_uuid(), now() - interval '1 year'
           from generate_series(1, 25)""",
    )
    housekeeping.forget(mc)
    assert count(mc, "ingest_receipts") == 0


def test_two_beats_do_no_harm(mc: Services, old: datetime, together: Callable[..., list[Any]]) -> None:
    assert old
    together(*[lambda: housekeeping.forget(mc)] * 3, *[lambda: housekeeping.partitions_ahead(mc)] * 2)
    housekeeping.forget(mc)

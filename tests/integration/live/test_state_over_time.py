"""What the live state remembers, and what it says of the product itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data import views
from data.clock import epoch_ms
from data.live.state import Builder
from data.live.writes import note_minute
from tests.integration.live.conftest import report, start

if TYPE_CHECKING:
    from data.services import Services


def test_it_adds_up_every_page_ever_crawled(mc: Services, look: Any, now: datetime) -> None:
    job_id = start(mc)
    report(mc, job_id, 12)
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into crawl_jobs (job_type, target_url, status, pages_crawled, created_date, completed_time)
                    select 'old', 'https://example.org/', 'completed', 100, :now - make_interval(days => n),
                           :now - make_interval(days => n) from generate_series(0, 9) n"""),
            {"now": now},
        )
        views.refresh_rollups(connection)
    with mc.engine.begin() as connection:
        views.refresh_view(connection, "mv_daily_job_stats")
    assert look()["summary"]["pages_total"] == 1012
    report(mc, job_id, 20)
    with mc.engine.begin() as connection:
        views.refresh_rollups(connection)
    assert look()["summary"]["pages_total"] == 1020


def test_it_remembers_the_last_hour_a_value_a_minute(mc: Services, look: Any, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    noted = {"active_jobs": 3, "satellites_active": 2, "queue_depth": 9, "pages_per_minute": 81.5}
    with mc.engine.begin() as connection:
        for back in (70, 3, 1, 0):
            note_minute(connection, minute - timedelta(minutes=back), noted | {"queue_depth": back})
        note_minute(connection, minute, noted | {"queue_depth": 555})
    trends = look(now)["trends"]
    assert trends["queue_depth"] == [3, None, 1, 0]
    assert trends["pages_per_minute"] == [81.5, None, 81.5, 81.5]


def test_it_draws_each_satellites_speed_of_the_last_hour(mc: Services, look: Any, now: datetime) -> None:
    start(mc)
    minute = now.replace(second=0, microsecond=0)
    with mc.engine.begin() as connection:
        for back, speed in ((61, 1.0), (60, 10.0), (2, 30.0), (2, 31.0), (0, 99.0)):
            connection.execute(
                text("""insert into satellite_performance_logs
                          (satellite_id, created_date, pages_per_minute, success_rate, response_time_ms)
                        values ('sat-1', :at, :speed, 1, 5)"""),
                {"at": minute - timedelta(minutes=back), "speed": speed},
            )
    spark = look(now)["satellite_status"]["sat-1"]["spark"]
    assert (len(spark), spark[0], spark[-2:], sum(spark)) == (60, 10.0, [30.5, 0.0], 40.5)


def test_it_says_how_the_services_are(mc: Services, look: Any, now: datetime) -> None:
    mc.cache.redis.set("mc:hb:worker", now.timestamp() - 4)
    mc.cache.redis.set("mc:hb:beat", now.timestamp() - 40)
    services = look(now)["services"]
    assert services["postgres"]["status"] == services["redis"]["status"] == "ok"
    assert services["worker"] == {"status": "ok", "age_s": 4, "symbol": "normal"}
    assert services["beat"] == {"status": "degraded", "age_s": 40, "symbol": "caution"}
    assert services["sockets"] == {"status": "down", "symbol": "critical"}
    assert "sockets" not in look(now, Builder(with_sockets=False))["services"]


def test_it_carries_the_version_of_every_view(mc: Services, look: Any) -> None:
    before = look()["stamps"]["mv_daily_job_stats"]
    with mc.engine.begin() as connection:
        views.refresh_view(connection, "mv_daily_job_stats")
    assert (stamp := look()["stamps"]["mv_daily_job_stats"])["version"] == before["version"] + 1
    assert abs(stamp["refreshed"] - epoch_ms(datetime.now(UTC))) < 5_000


def test_it_says_simulation_while_anything_of_it_is_there(mc: Services, look: Any) -> None:
    with mc.engine.begin() as connection:
        connection.execute(text("insert into satellites (satellite_id, name, simulated) values ('s', 's', true)"))
    assert look()["simulation"] is True

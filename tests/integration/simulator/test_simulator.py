"""The simulator against a real server. The tests of this file follow one another: they are one story."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from clients.sdk.client import MissionControl
from clients.simulator.missed import Missed
from clients.simulator.session_context import SessionContext
from clients.simulator.world import build_world

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from tests.integration.simulator.conftest import Theatre

TABLES = ("crawl_jobs", "satellites", "satellite_performance_logs", "backlinks", "domains")
PAGES = "select sum(pages_crawled)::int from crawl_jobs where job_id like 'LP-%%'"
SEED_QUERY = """
SELECT target_domain_name, COUNT(*) as total_backlinks, COUNT(DISTINCT source_domain_name) as unique_domains,
    AVG(domain_authority) as avg_authority,
    SUM(CASE WHEN discovered_date >= NOW() - INTERVAL '24 hours' THEN 1 ELSE 0 END) as discovered_last_24h
FROM backlinks
WHERE target_domain_name IN (SELECT DISTINCT target_url FROM crawl_jobs WHERE status = 'completed')
GROUP BY target_domain_name ORDER BY discovered_last_24h DESC
"""


def counts(theatre: Theatre) -> dict[str, int]:
    return {table: theatre.ask(f"select count(*) from {table}") for table in TABLES}


@pytest.fixture
def player(theatre: Theatre) -> Iterator[subprocess.Popen[str]]:
    process = theatre.playing("--days", "2")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def stopped(process: subprocess.Popen[str]) -> float:
    """Seconds until it ends after SIGTERM."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    return time.monotonic() - begun


def test_it_tells_the_past_and_all_of_it_is_marked(theatre: Theatre) -> None:
    done = theatre.simulate("--days", "2", "--no-live")

    assert done.returncode == 0, done.stderr
    assert "rejected" not in done.stderr
    found = counts(theatre)
    assert found["satellites"] == 15
    assert found["crawl_jobs"] > 300
    assert found["satellite_performance_logs"] > 3000
    assert found["backlinks"] > 2000
    assert all(theatre.ask(f"select count(*) from {table} where not simulated") == 0 for table in TABLES)


def test_links_that_are_missed_are_suspected_looked_for_twice_and_settled(theatre: Theatre) -> None:
    url, key = (theatre.environment[f"MISSION_CONTROL_{name}"] for name in ("URL", "KEY"))
    now = datetime.now(UTC)
    suspected = "select count(*) from backlinks where link_state = 'suspected'"
    with MissionControl(url, key) as api:
        missed = Missed(SessionContext(build_world(7, now), api, now))
        missed.miss(now)
        assert theatre.ask(suspected) == 8
        missed.look(now)
        with theatre.engine.begin() as connection:
            connection.exec_driver_sql("update backlinks set next_check_at = now() where next_check_at is not null")
        missed.look(now)
    assert theatre.ask(suspected) == 0
    assert theatre.ask("select count(distinct backlink_id) from backlink_link_checks where simulated") == 8
    lost = (
        "select count(*) from backlinks where checks = 2 and link_state = 'confirmed_lost' and lost_reason is not null"
    )
    assert (
        theatre.ask(lost) + theatre.ask("select count(*) from backlinks where checks > 0 and link_state = 'live'") == 8
    )


def test_every_target_stands_in_a_competitor_set(theatre: Theatre) -> None:
    members = "select count(*) from competitor_set_members m join competitor_sets s using (set_id) where s.simulated"
    assert theatre.ask("select count(*) from competitor_sets where simulated") == 8
    assert theatre.ask(members) == 40


def test_a_second_start_adds_nothing(theatre: Theatre) -> None:
    before = counts(theatre)

    done = theatre.simulate("--days", "2", "--no-live")

    assert "nothing missing" in done.stderr
    assert counts(theatre) == before


def test_another_seed_is_refused_while_there_is_a_story(theatre: Theatre) -> None:
    before = counts(theatre)

    done = theatre.simulate("--seed", "8", "--no-live")

    assert done.returncode == 1
    assert "--remove it first" in done.stderr
    assert counts(theatre) == before


def test_the_query_of_the_seeds_finds_links_of_completed_discoveries(theatre: Theatre) -> None:
    rows = theatre.rows(SEED_QUERY)

    assert "acme.io" in {row.target_domain_name for row in rows}
    assert all(row.total_backlinks >= row.unique_domains > 0 for row in rows)


def test_an_absence_is_told_afterwards(theatre: Theatre) -> None:
    with theatre.engine.begin() as connection:
        connection.exec_driver_sql("update satellites set last_heartbeat_at = now() - interval '3 hours'")
    before = counts(theatre)

    done = theatre.simulate("--days", "2", "--no-live")

    assert "nothing missing" not in done.stderr
    assert counts(theatre)["domains"] == before["domains"]
    assert (
        theatre.ask(
            "select count(*) from satellite_performance_logs l group by satellite_id, created_date "
            "order by 1 desc limit 1"
        )
        == 1
    )


def test_live_traffic_flows_and_survives_a_restart_of_the_server(
    theatre: Theatre, player: subprocess.Popen[str], eventually: Callable[..., None]
) -> None:
    links = theatre.ask("select count(*) from backlinks")
    eventually(lambda: theatre.ask("select count(*) from crawl_jobs where status = 'running'") >= 6, seconds=30)
    eventually(lambda: (theatre.ask(PAGES) or 0) > 10, seconds=20)
    eventually(lambda: theatre.ask("select count(*) from backlinks") > links, seconds=20)
    assert theatre.ask("select count(*) from crawl_jobs where status = 'queued'") > 0

    theatre.web.stop()
    time.sleep(1)
    theatre.web.start()

    pages = theatre.ask(PAGES)
    eventually(lambda: theatre.ask(PAGES) > pages + 10, seconds=40)
    assert player.poll() is None
    assert theatre.ask("select count(*) from crawl_jobs where not simulated") == 0
    assert stopped(player) < 2


def test_a_restart_goes_on_with_the_missions_it_holds(
    theatre: Theatre, player: subprocess.Popen[str], eventually: Callable[..., None]
) -> None:
    held = "select count(*) from crawl_jobs where status = 'running' and start_time < now() - interval '5 seconds'"
    running, pages = theatre.ask(held), theatre.ask(PAGES)

    eventually(lambda: theatre.ask(PAGES) > pages + 10, seconds=30)

    assert player.poll() is None
    assert theatre.ask(held) >= running - 3
    assert theatre.ask("select count(*) from crawl_jobs where status = 'abnormal' and job_id like 'LP-%%'") == 0


def test_one_command_removes_all_of_it_even_while_it_plays(theatre: Theatre, player: subprocess.Popen[str]) -> None:
    time.sleep(3)

    done = theatre.simulate("--remove")

    assert done.returncode == 0, done.stderr
    assert "15 satellites" in done.stdout
    assert counts(theatre) == dict.fromkeys(TABLES, 0)
    time.sleep(2)
    assert counts(theatre) == dict.fromkeys(TABLES, 0)
    assert player.poll() is None
    assert stopped(player) < 2


def test_after_the_removal_the_story_can_be_told_anew(theatre: Theatre) -> None:
    done = theatre.simulate("--days", "1", "--no-live")

    assert done.returncode == 0, done.stderr
    assert counts(theatre)["satellites"] == 15
    assert counts(theatre)["backlinks"] > 1000


def test_an_unknown_key_ends_it_in_one_line(theatre: Theatre) -> None:
    theatre.environment["MISSION_CONTROL_KEY"] = "mc_00000000_nobody"

    done = theatre.simulate("--no-live")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "401" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_half_an_address_is_refused(theatre: Theatre) -> None:
    theatre.environment.pop("MISSION_CONTROL_KEY")

    assert "set both MISSION_CONTROL_URL and MISSION_CONTROL_KEY" in theatre.simulate().stderr


def test_the_instance_that_runs_here_needs_no_key(theatre: Theatre) -> None:
    theatre.environment.pop("MISSION_CONTROL_URL", None)
    before = counts(theatre)

    told = theatre.simulate("--days", "1", "--no-live")
    removed = theatre.simulate("--remove")

    assert "nothing missing" in told.stderr
    assert before["satellites"] == 15
    assert removed.stdout.startswith("removed ")
    assert counts(theatre) == dict.fromkeys(TABLES, 0)

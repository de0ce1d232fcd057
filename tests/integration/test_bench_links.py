"""What the benchmark's loader counts of its links in one go is what the refresh counts of them bucket by bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import links
from tasks import refresh
from tasks.backlinks import bring_sets_up_to_date

if TYPE_CHECKING:
    from data.services import Services


def rows(mc: Services, table: str) -> list[str]:
    with mc.engine.begin() as connection:
        return sorted(str(row) for row in connection.exec_driver_sql(f"select * from {table}"))


@pytest.fixture
def loaded(mc: Services) -> dict[str, list[str]]:
    links.load(mc.engine, 0, 3_000)
    return {table: rows(mc, table) for table in links.FILLED}


def test_it_counts_as_the_refresh_does(mc: Services, loaded: dict[str, list[str]]) -> None:
    assert all(loaded.values()), "nothing is empty"
    with mc.engine.begin() as connection:
        connection.exec_driver_sql(f"truncate {', '.join(links.FILLED)}")
        connection.exec_driver_sql(
            """insert into touched_buckets
               select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name
               from backlinks
               union select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name
               from backlinks where lost_date is not null"""
        )
    refresh.bring_up_to_date(mc)
    bring_sets_up_to_date(mc)
    assert {table: rows(mc, table) for table in links.FILLED} == loaded


def test_targets_are_200_and_share_sites_with_their_neighbours(mc: Services) -> None:
    links.load(mc.engine, 0, 6_000)
    with mc.engine.begin() as connection:
        assert connection.exec_driver_sql("select count(distinct target_domain_name) from backlinks").scalar() == 200
        shared = """
            select count(*) from competitor_sets s join competitor_set_members m using (set_id)
            join backlink_target_sources a on a.target_domain_name = s.own_domain
            join backlink_target_sources b on b.target_domain_name = m.domain_name
            where a.source_domain_name = b.source_domain_name"""
        assert connection.exec_driver_sql(shared).scalar() > 0

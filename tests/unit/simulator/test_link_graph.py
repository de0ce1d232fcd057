"""Who links to whom in the simulation, and how links are lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from clients.simulator.history import competitor_sets
from clients.simulator.links import Row, links_to, watched
from clients.simulator.losses import LOSSES, closes
from clients.simulator.seasonality import flood, surge
from clients.simulator.seeded_random import seeded_random
from clients.simulator.world import TARGETS, World, build_world

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORLD = build_world(7, NOON)
NAMES = {target.domain: {source.domain for source in WORLD.circles[target.domain].sources} for target in TARGETS}


@pytest.fixture(scope="module")
def months() -> list[Row]:
    """Every third of ninety days of every domain's links."""
    days = [(NOON - timedelta(days=back)).date() for back in range(1, 91, 3)]
    return [row for each in watched(WORLD) for day in days for row in links_to(WORLD, each, day, NOON)]


@pytest.mark.parametrize("own", [target.domain for target in TARGETS])
def test_rivals_share_some_sites_and_not_all(own: str) -> None:
    (members,) = [row["members"] for row in competitor_sets(WORLD) if row["own_domain"] == own]
    assert isinstance(members, list)
    assert len(members) == 5
    circles = [{source.domain for source in WORLD.circles[member].sources} for member in members]
    overlaps = [len(circle & NAMES[own]) / len(circle) for circle in circles]
    assert all(0.15 < overlap < 0.75 for overlap in overlaps)
    missing = Counter(name for circle in circles for name in circle - NAMES[own])
    assert sum(count >= 2 for count in missing.values()) > 50
    assert max(missing.values()) >= 4


def test_circles_of_another_trade_share_little() -> None:
    shared = len(NAMES["acme.io"] & NAMES["northwind.com"]) / len(NAMES["northwind.com"])
    assert shared < 0.4


def test_a_circle_grows_as_time_goes_by() -> None:
    def seen(days: int) -> set[str]:
        roll, at = seeded_random("growth"), NOON + timedelta(days=days)
        return {WORLD.source("acme.io", at, roll).domain for _ in range(20_000)}

    early, late = seen(-90), seen(90)
    assert early < late
    assert 1.5 < len(late) / len(early) < 2.8


def test_links_are_lost_for_all_eight_reasons_and_authority_fills_all_bands(months: list[Row]) -> None:
    reasons = Counter(str(row["lost_reason"]) for row in months if "lost_reason" in row)
    assert set(reasons) == {reason for reason, _, _ in LOSSES}
    assert 0.06 < reasons.total() / len(months) < 0.25
    assert {min(9, int(str(row["domain_authority"])) // 10) for row in months} == set(range(10))


def test_a_site_that_closes_takes_its_links_with_it_and_links_no_more(months: list[Row]) -> None:
    of_closed = [
        (closing, row)
        for row in months
        if (closing := closes(WORLD, str(row["source_domain_name"]))) and closing < NOON - timedelta(days=1)
    ]
    assert of_closed
    for closing, row in of_closed:
        assert datetime.fromisoformat(str(row["discovered_date"])) < closing
        assert datetime.fromisoformat(str(row["lost_date"])) <= closing


def test_a_day_of_talk_comes_from_five_sites_mostly() -> None:
    each = watched(WORLD)[0]
    days = [(NOON - timedelta(days=back)).date() for back in range(1, 200)]
    talk = next(day for day in days if surge(day, each.domain, 7) > 2.1 and flood(day, each.domain, 7) == 1)
    sites = Counter(str(row["source_domain_name"]) for row in links_to(WORLD, each, talk, NOON))
    assert sum(count for _, count in sites.most_common(5)) > 0.45 * sites.total()


def test_another_story_has_other_circles() -> None:
    other: World = build_world(8, NOON)
    assert {source.domain for source in other.circles["acme.io"].sources} != NAMES["acme.io"]

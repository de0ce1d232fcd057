from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from clients.simulator.history import BATCH, Span, events, foundations, last_mission
from clients.simulator.missions import KINDS
from clients.simulator.world import TARGETS, build_world

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = Span(NOON - timedelta(days=7), NOON)
Rows = dict[str, list[dict[str, object]]]


def told(seed: int, span: Span = WEEK) -> Rows:
    world = build_world(seed, NOON)
    rows: Rows = {}
    for batch in chain(foundations(world, span), events(world, span)):
        rows.setdefault(batch.stream, []).extend(batch.rows)
    return rows


@pytest.fixture(scope="module")
def week() -> Rows:
    return told(7)


def when(row: dict[str, object], field: str) -> datetime:
    return datetime.fromisoformat(str(row[field]))


def test_the_same_seed_tells_the_same_rows(week: Rows) -> None:
    build_world.cache_clear()

    assert told(7) == week


def test_another_seed_tells_another_story(week: Rows) -> None:
    assert told(8)["missions"][:5] != week["missions"][:5]


def test_every_event_has_an_id_of_its_own(week: Rows) -> None:
    ids = [row["event_id"] for rows in week.values() for row in rows]

    assert len(set(ids)) == len(ids)
    assert max(len(str(each)) for each in ids) <= 128


def test_every_link_is_a_link_of_its_own(week: Rows) -> None:
    links = [(row["url_from"], row["url_to"]) for row in week["backlinks"]]

    assert len(set(links)) == len(links)


def test_nothing_lies_outside_of_the_span(week: Rows) -> None:
    assert all(WEEK.holds(when(row, "created_date")) for row in week["satellite_performance"])
    assert all(WEEK.holds(when(row, "discovered_date")) for row in week["backlinks"])
    assert all(WEEK.holds(when(row, "completed_time")) for row in week["missions"])


def test_two_halves_tell_what_the_whole_tells() -> None:
    world, middle = build_world(7, NOON), NOON - timedelta(days=3, hours=7)
    whole = [row for batch in events(world, WEEK) for row in batch.rows if batch.stream == "missions"]
    halves = [
        row
        for span in (Span(WEEK.since, middle), Span(middle, NOON))
        for batch in events(world, span)
        for row in batch.rows
        if batch.stream == "missions"
    ]

    assert sorted(map(str, halves)) == sorted(map(str, whole))


def test_it_ends_with_the_mission_that_marks_its_end(week: Rows) -> None:
    assert week["missions"][-1]["job_id"] == last_mission(build_world(7, NOON), WEEK)


def test_batches_are_as_large_as_one_request_takes() -> None:
    sizes = [len(batch.rows) for batch in events(build_world(7, NOON), WEEK)]

    assert max(sizes) == BATCH


def test_missions_are_of_every_kind_and_most_of_them_succeed(week: Rows) -> None:
    statuses = Counter(row["status"] for row in week["missions"])

    assert {row["job_type"] for row in week["missions"]} == {kind.name for kind in KINDS}
    assert statuses["completed"] > 0.85 * len(week["missions"])
    assert statuses["failed"] > 0.02 * len(week["missions"])
    assert set(statuses) == {"completed", "failed", "cancelled", "abnormal"}


def test_what_did_not_succeed_says_why(week: Rows) -> None:
    assert all(row["message"] for row in week["missions"] if row["status"] != "completed")
    assert not any(row["message"] for row in week["missions"] if row["status"] == "completed")


def test_missions_are_made_before_they_start_and_start_before_they_end(week: Rows) -> None:
    assert all(
        when(row, "created_date") <= when(row, "start_time") < when(row, "completed_time") for row in week["missions"]
    )


def test_links_to_every_target_come_from_missions_that_look_for_them(week: Rows) -> None:
    """The seeds count links of targets whose discovery is complete: the target is written as a bare domain."""
    searched = {row["target_url"] for row in week["missions"] if row["status"] == "completed"}
    linked = {row["target_domain_name"] for row in week["backlinks"]}

    assert {target.domain for target in TARGETS} <= searched & linked
    assert sum("job_id" in row for row in week["backlinks"]) > 0.15 * len(week["backlinks"])


def test_authority_is_mixed_and_spam_is_there(week: Rows) -> None:
    authority = [int(str(row["domain_authority"])) for row in week["backlinks"]]

    assert min(authority) >= 0
    assert max(authority) <= 100
    assert 0.01 < sum(each > 70 for each in authority) / len(authority) < 0.2
    assert any(int(str(row["spam_score"])) >= 60 for row in week["backlinks"])


def test_some_links_are_lost_again_with_a_reason(week: Rows) -> None:
    lost = [row for row in week["backlinks"] if "lost_date" in row]

    assert lost
    assert all(when(row, "discovered_date") <= when(row, "lost_date") <= NOON and row["lost_reason"] for row in lost)


def test_samples_are_within_their_units(week: Rows) -> None:
    samples = week["satellite_performance"]

    assert all(0 < float(str(row["pages_per_minute"])) < 150 for row in samples)
    assert all(0.8 < float(str(row["success_rate"])) <= 1 for row in samples)
    assert all(50 < float(str(row["response_time_ms"])) < 1500 for row in samples)
    assert len({row["satellite_id"] for row in samples}) == 15


def test_the_last_two_hours_are_told_by_the_minute(week: Rows) -> None:
    recent = [row for row in week["satellite_performance"] if when(row, "created_date") > NOON - timedelta(hours=1)]

    assert len({row["created_date"] for row in recent}) == 60


def test_some_domains_are_for_sale_and_worth_it(week: Rows) -> None:
    """The seeds ask for available domains above 1,000 with the links that point to them."""
    for_sale = {
        row["domain_name"]
        for row in week["domains"]
        if row["availability_status"] == "available" and int(str(row["estimated_value"])) > 1000
    }

    assert len(for_sale) >= 5
    assert for_sale <= {row["target_domain_name"] for row in week["backlinks"]}
